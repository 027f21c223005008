#!/usr/bin/env python3
"""spreadsheets.py MUSTER SHARED - spreadsheets read back by another program.

The POA&M in both layouts, the findings of each image, and a POA&M in blank
workbooks (eMASS's own, and one made here with titles in another order) are
read with openpyxl, and by LibreOffice where it is installed; what they hold is
what the database holds, worked out here a second time.
"""
import collections
import glob
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile

SYSTEM = "/usr/bin/python3"     # where Debian's packages are
try:
    import openpyxl
    from openpyxl.worksheet.datavalidation import DataValidation
except ImportError:
    if sys.executable != SYSTEM and os.access(SYSTEM, os.X_OK):
        os.execv(SYSTEM, [SYSTEM] + sys.argv)
    print("SKIP spreadsheets: python3-openpyxl not installed\n"
          "0 passed, 0 failed, 1 skipped")
    sys.exit(0)

import conform_hostile
from conform import Conform, Muster

c = Conform()
muster, shared = sys.argv[1], sys.argv[2]
here = os.path.dirname(os.path.abspath(__file__))
samples = os.path.join(here, "..", "..", "samples")

MARKING = "CUI//SP-TEST & more"
ACCEPTED = ("waiver", "inherited")
NOT_SO = ("false_positive", "not_applicable")
LIMIT = {"Comments": 2000, "Recommendations": 2000, "Mitigations": 2000,
         "Control Vulnerability Description": 2000, "Resources Required": 250,
         "Source Identifying Vulnerability": 2000}
ALLOWED = {"Status": {"Ongoing", "Risk Accepted", "Not Applicable"},
           "Raw Severity": {None, "I", "II", "III"},
           "Severity": {None, "Very Low", "Low", "Moderate", "High",
                        "Very High"}}


def said(p):
    return p.stderr.decode("utf-8", "replace")


def items_of(db):
    """{(what, what of): (status, set of subjects)}, counted"""
    decided = collections.defaultdict(list)
    for result, issue, kind, ident, at in db.execute(
            "SELECT c.result, c.issue, d.kind, d.id, d.approved_at"
            " FROM decided c JOIN decision d ON d.id = c.decision"
            " WHERE c.in_force = 1"):
        decided[("r", result) if result else ("i", issue)].append(
            (at or "", kind, ident))

    def last(what, kinds):
        """By day of approval, then by id: what an item is told apart by."""
        found = [d for d in decided.get(what, ()) if d[1] in kinds]
        if not found:
            return None
        newest = max(d[0] for d in found)
        return min(d[2] for d in found if d[0] == newest)

    kind_of = dict(db.execute("SELECT id, kind FROM decision"))
    items = collections.defaultdict(set)
    rows = [(("r", r), q, s) for r, q, s in db.execute(
        "SELECT id, requirement, subject FROM result"
        " WHERE verdict = 'fail'")]
    rows += [(("i", i), (v, p), s) for i, v, p, s in db.execute(
        "SELECT id, vuln_id, package, subject FROM issue")]
    for what, of, subject in rows:
        waive = last(what, ACCEPTED + NOT_SO)
        plan = last(what, ("poam",))
        adjust = last(what, ("risk_adjustment",))
        items[(of, waive, plan, adjust)].add(subject)
    return [("Ongoing" if waive is None else
             "Risk Accepted" if kind_of[waive] in ACCEPTED else
             "Not Applicable", len(subjects))
            for (_, waive, _, _), subjects in items.items()]


def table(what, sheet, row):
    """The rows below row as {title: text}; the first of two columns of one
    title counts, the second must be the same."""
    titles = [cell.value for cell in sheet[row]]
    out = []
    for cells in sheet.iter_rows(min_row=row + 1):
        line = {}
        for title, cell in zip(titles, cells):
            if cell.value is not None and cell.data_type not in "s":
                c.true("%s %s is text" % (what, cell.coordinate), False,
                       cell.data_type)
            if title in line and line[title] != cell.value:
                c.true("%s %s is a copy" % (what, cell.coordinate), False)
            line.setdefault(title, cell.value)
        out.append(line)
    return titles, out


def poam(what, path, row, db):
    """A POA&M against the database; its items."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    titles, lines = table(what, sheet, row)
    items = [line for line in lines
             if line["Control Vulnerability Description"]]
    want = items_of(db)
    c.same(what + ": items", len(items), len(want))
    c.same(what + ": what they are", collections.Counter(
        line["Status"].split(" 0")[0].split(" 1")[0] for line in items),
        collections.Counter(status for status, _ in want))
    wrong = [(t, line[t]) for line in items for t, words in ALLOWED.items()
             if line[t] not in words and
             not (t == "Status" and row == 7)]
    c.same(what + ": values that eMASS does not know", wrong, [])
    long = [t for line in lines for t, text in line.items() if t and text and
            len(text.encode("utf-16-le")) // 2 > LIMIT.get(
                t.split(" (")[0], 32767)]
    c.same(what + ": texts that are too long", long, [])
    bad = [line for line in items if line["Status"] != "Ongoing" and
           (line["Scheduled Completion Date"] or
            line["Milestone with Completion Dates"] or not line["Comments"])]
    c.same(what + ": accepted, with a plan or without a word", bad, [])
    if "Devices Affected" in titles:
        few = [n for line, n in zip(
            sorted(x["Devices Affected"].count("\n") + 1 for x in items),
            sorted(n for _, n in want)) if line != n]
        c.true(what + ": who is affected", not few or len(want) > 5000 or
               HOSTILE[0], few[:9])
    return [line["Control Vulnerability Description"] for line in items]


HOSTILE = [False]


def report(m, db, marking):
    out = os.path.join(m.dir.name, "out")
    again = os.path.join(m.dir.name, "again")
    for where, more in ((out, {}), (again, {
            "TZ": "Asia/Tokyo", "LC_ALL": "C", "HOME": "/nonexistent"})):
        p = m.run("report", "-f", "poam,ironbank", "-o", where,
                  env={**os.environ, **more})
        if not c.true("report", p.returncode == 0,
                      said(p)):
            return
    files = sorted(glob.glob(os.path.join(out, "**", "*.xlsx"),
                             recursive=True))
    differ = [f for f in files if open(f, "rb").read() != open(
        f.replace(out, again, 1), "rb").read()]
    c.same("written twice, the same bytes", differ, [])
    c.same("items of both layouts",
           len(poam("poam.xlsx", os.path.join(out, "poam.xlsx"), 7, db)),
           len(poam("poam-26.xlsx", os.path.join(out, "poam-26.xlsx"), 1,
                    db)))
    ironbank(out, db, marking)
    for path in files:
        book = openpyxl.load_workbook(path)
        for sheet in book:
            c.same("page header of %s of %s" % (
                sheet.title, os.path.basename(path)),
                sheet.oddHeader.center.text,
                marking.replace("&", "&&") if marking else None)
    libreoffice(m, os.path.join(out, "poam-26.xlsx"))
    filled(m, db, marking)


def ironbank(out, db, marking):
    images = db.execute("SELECT id, slug FROM subject WHERE kind = 'image'")
    sheets = {"OpenSCAP - DISA Compliance": "f.kind = 'rule'",
              "Twistlock Vulnerability Results":
              "f.kind = 'vulnerability' AND a.importer IN"
              " ('twistcli', 'prisma', 'prisma-csv')",
              "Anchore CVE Results":
              "f.kind = 'vulnerability' AND a.importer = 'anchore'",
              "Anchore Compliance Results":
              "f.kind IN ('compliance', 'secret') AND"
              " a.importer = 'anchore-gates'"}
    names = []
    for subject, slug in images.fetchall():
        path = os.path.join(out, "ironbank", slug + ".xlsx")
        names.append(slug + ".xlsx")
        if not c.true("findings of " + slug, os.path.exists(path)):
            continue
        book = openpyxl.load_workbook(path)
        total = 0
        for sheet in book.worksheets[1:]:
            _, lines = table(slug, sheet, 2 if marking else 1)
            total += len(lines)
            if sheet.title not in sheets:
                continue
            want, = db.execute(
                "SELECT count(*) FROM attachment x JOIN target t"
                " ON t.id = x.target JOIN artifact a ON a.id = t.artifact"
                " JOIN finding f ON f.target = t.id WHERE x.subject = ? AND "
                + sheets[sheet.title], (subject,)).fetchone()
            c.same("%s: %s" % (slug, sheet.title), len(lines), want)
        want, = db.execute(
            "SELECT count(*) FROM attachment x JOIN finding f"
            " ON f.target = x.target WHERE x.subject = ?",
            (subject,)).fetchone()
        c.same("%s: all findings" % slug, total, want)
        if marking:
            c.same("%s: banners" % slug,
                   {s["A1"].value for s in book.worksheets}, {marking})
    c.same("spreadsheets of images", sorted(os.listdir(
        os.path.join(out, "ironbank"))) if names else [], sorted(names))


def libreoffice(m, path):
    if shutil.which("soffice") is None:
        c.skip("LibreOffice reads a POA&M", "not installed")
        return
    p = subprocess.run(
        ["soffice", "-env:UserInstallation=file://%s/lo" % m.dir.name,
         "--headless", "--convert-to", "csv", "--outdir", m.dir.name, path],
        check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    c.true("LibreOffice reads a POA&M", p.returncode == 0 and os.path.exists(
        os.path.join(m.dir.name, "poam-26.csv")), repr(p.stdout))


def own(path):
    """A workbook of somebody's: titles from right to left in row 9, one that
    nobody knows, a banner, lists to choose from, another sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Our items"
    sheet["A1"] = MARKING
    sheet.merge_cells("A1:F1")
    titles = ["Comments", "Status", "Ticket", "Severity", "Raw Severity",
              "Security Checks", "Devices Affected", "Resources Required",
              "Milestone with  Completion Dates", "Recommendations",
              "SCHEDULED COMPLETION DATE", "Office / Org",
              "Source Identifying Vulnerability ",
              "Control Vulnerability Description (required)"]
    for n, title in enumerate(titles, 2):
        cell = sheet.cell(9, n, title)
        cell.font = openpyxl.styles.Font(bold=True)
        sheet.cell(10, n).fill = openpyxl.styles.PatternFill(
            "solid", "FFFF00")
    choice = DataValidation(type="list",
                            formula1='"Ongoing,Risk Accepted,Completed"')
    sheet.add_data_validation(choice)
    choice.add("C10:C9999")
    book.create_sheet("Notes")["B2"] = "=1+1"
    book.save(path)


def parts(path):
    with zipfile.ZipFile(path) as z:
        c.same("a whole archive: " + os.path.basename(path), z.testzip(),
               None)
        return [(i.filename, z.read(i)) for i in z.infolist()]


def fill(m, what, blank, row, db):
    out = os.path.join(m.dir.name, what + ".xlsx")
    p = m.run("poam", blank, "-o", out, "--office", "Org, Ann, 1, a@b")
    if not c.true(what, p.returncode == 0, said(p)):
        return None
    before, after = parts(blank), parts(out)
    c.same(what + ": parts", [n for n, _ in after], [n for n, _ in before])
    c.same(what + ": parts that changed", len(
        [n for (n, a), (_, b) in zip(before, after) if a != b]),
        1 if items_of(db) else 0)
    book = openpyxl.load_workbook(out)
    sheet = book.worksheets[0]
    # its own spelling of titles
    spelt = {"SCHEDULED COMPLETION DATE": "Scheduled Completion Date",
             "Milestone with  Completion Dates":
             "Milestone with Completion Dates",
             "Control Vulnerability Description (required)":
             "Control Vulnerability Description"}
    for cell in sheet[row]:
        cell.value = spelt.get(cell.value, cell.value)
    copy = os.path.join(m.dir.name, "copy.xlsx")
    book.save(copy)
    if items_of(db):
        poam(what, copy, row, db)
    return out, said(p)


def filled(m, db, marking):
    eMASS = os.path.join(shared, "formats", "reference-data",
                         "poam-template.xlsx")
    if os.path.exists(eMASS):
        fill(m, "eMASS's own template", eMASS, 1, db)
    else:
        c.skip("eMASS's own template", "not there")
    blank = os.path.join(m.dir.name, "own.xlsx")
    own(blank)
    made = fill(m, "a template of one's own", blank, 9, db)
    if made is None:
        return
    book = openpyxl.load_workbook(made[0])
    sheet = book.worksheets[0]
    c.true("an unknown column is named", '"Ticket" is not known' in made[1],
           made[1])
    c.true("nobody says that the marking is missing",
           "does not show the marking" not in made[1], made[1])
    c.same("the banner", sheet["A1"].value, MARKING)
    c.same("lists to choose from",
           [str(v.sqref) for v in sheet.data_validations.dataValidation],
           ["C10:C9999"])
    c.same("the other sheet", book["Notes"]["B2"].value, "=1+1")
    if items_of(db):
        c.same("the look of the rows",
               {sheet.cell(r, 3).fill.fgColor.rgb
                for r in range(10, sheet.max_row + 1)}, {"00FFFF00"})
    if marking:
        p = m.run("poam", os.path.join(shared, "formats", "reference-data",
                                       "poam-template.xlsx"), "-o",
                  os.path.join(m.dir.name, "unmarked.xlsx"))
        c.true("a template without the marking is told of",
               b"does not show the marking" in p.stderr or
               p.returncode != 0, said(p))
    for name in "poam-template-mccast.xlsx",:
        path = os.path.join(shared, "formats", "reference-data", name)
        if os.path.exists(path):
            p = m.run("poam", path, "-o", os.path.join(m.dir.name, "no.xlsx"))
            c.same("another system's template is refused", p.returncode, 2)


def story(name, build, marking=None):
    before = c.failed
    HOSTILE[0] = name == "hostile texts"
    with Muster(muster) as m:
        build(m)
        if marking:
            p = m.run("mark", "--as-of", "2026-11-01", marking)
            c.true("mark", p.returncode == 0, said(p))
        p = m.run("assess", "--as-of", "2026-11-23")
        c.true("%s: assess" % name, p.returncode == 0, said(p))
        db = sqlite3.connect("file:%s?mode=ro" % m.db, uri=True)
        report(m, db, marking)
        db.close()
    if c.failed != before:
        print("... in the story: " + name)


def demo(m):
    p = m.run("import", os.path.join(samples, "story"))
    c.true("import", p.returncode == 0, said(p))
    p = m.run("assess", "--as-of", "2026-11-01")
    c.true("assess", p.returncode == 0, said(p))
    for what in (
            ["--requirement", "2.3", "--why", "=1+1"],
            ["--requirement", "2.2", "--kind", "poam", "--plan",
             "rebuild\ntest by 2026-12-20", "--owner", "Org, Ann",
             "--why", "later"],
            ["--finding", "CVE-2022-27943", "--kind", "false_positive",
             "--why", "not built in"],
            ["--finding", "CVE-2023-45853", "--kind", "risk_adjustment",
             "--severity", "low", "--authority", "the AO", "--why", "far"]):
        p = m.run("waiver", "propose", "--by", "ann", "--all", "--until",
                  "2027-01-31", "--as-of", "2026-11-02", *what)
        ident = p.stdout.decode().split()
        if c.true("propose " + what[1], p.returncode == 0, said(p)):
            p = m.run("waiver", "approve", ident[0], "--by", "ben", "--role",
                      "ao", "--as-of", "2026-11-03")
            c.true("approve " + what[1], p.returncode == 0, said(p))


def nothing(m):
    m.run("import", os.path.join(samples, "cci_list", "list.xml"))


def hostile(m):
    conform_hostile.build(m, c, samples)
    p = m.run("assess", "--as-of", "2026-11-01")
    if c.true("assessing hostile texts", p.returncode == 0, said(p)):
        conform_hostile.decide(m, c)


story("the demo", demo, MARKING)
story("nothing", nothing)
story("hostile texts", hostile)
sys.exit(c.done())
