#!/usr/bin/env python3
"""stigs.py MUSTER SHARED - STIGs, their results, checklists and the CCI list:
what muster read against inputs/expected.tsv (what inputs.py does not look at)
and against a reading of our own here; and checklists that muster wrote, valid
by DISA's schema, edited like STIG Viewer would and read back cell by cell."""
import csv
import glob
import json
import os
import sqlite3
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter

from conform import Conform, Muster

PROGRAM, SHARED = sys.argv[1:3]
INPUTS = os.path.join(SHARED, "inputs")
FORMATS = os.path.join(SHARED, "formats")
STORY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..",
                     "samples", "story")
XSD = os.path.join(FORMATS, "schemas", "ckl", "U_Checklist_Schema_V2.xsd")
EXCLUDED = {"notselected", "informational", "notapplicable", "notchecked"}
WORST = ["fail", "error", "unknown", "notchecked", "fixed", "pass",
         "notapplicable", "informational", "notselected"]
c = Conform()


def expected():
    """file -> (format, {metric: value})"""
    files = {}
    with open(os.path.join(INPUTS, "expected.tsv"), newline="") as f:
        for r in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE):
            if r["format"] in ("stig_manual", "arf", "xccdf"):
                files.setdefault(r["file"], (r["format"], {}))[1][
                    r["metric"]] = r["value"]
    return files


def select(m, sql):
    db = sqlite3.connect("file:%s?mode=ro" % m.db, uri=True)
    rows = db.execute(sql).fetchall()
    db.close()
    return rows


def facts(m):
    got = {}
    for name, value in select(m, "SELECT name, value FROM fact ORDER BY id"):
        got.setdefault(name, []).append(value)
    return got


def lines(text):
    return text.split("\n") if text else []


def manual(name, want, m):
    rules = select(m, "SELECT name, grp, version, severity, idents, text "
                      "FROM guidance WHERE kind = 'rule' ORDER BY id")
    said = facts(m)
    idents = [i for r in rules for i in lines(r[4])]
    got = {
        "benchmark_id": said["guidance.benchmark"][0],
        "title": said["guidance.title"][0],
        "version": said["guidance.version"][0],
        "release_info": said["guidance.release"][0],
        "groups": len({r[1] for r in rules}),
        "rules": len(rules),
        "idents": len(idents),
        "distinct_cci": len({i for i in idents if i.startswith("CCI-")}),
        "rules_with_check_content": sum(bool(r[5]) for r in rules),
        "first_rule_id": rules[0][0],
        "first_stig_id": rules[0][2],
    }
    native = Counter(r[3] for r in rules)
    for metric, value in want.items():
        what = "%s %s" % (name, metric)
        if metric.startswith("sev_native:"):
            c.same(what, str(native[metric[11:]]), value)
        elif metric in got:
            c.same(what, str(got[metric]), value)
        else:
            c.skip(what, "muster has no use for it")
    c.same(name + " gives no results",
           select(m, "SELECT count(*) FROM finding"), [(0,)])


def local(element):
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) \
        else ""


def children(element, *names):
    return [e for e in element if local(e) in names]


def weight(element, other=None):
    text = (other or {}).get("weight") or element.get("weight")
    return float(text) if text else 1.0


def node_score(element, results):
    """(score, weight) of a rule or group; None: it does not count."""
    if local(element) == "Rule":
        own = results.get(element.get("id"))
        if not own:
            return None
        result = min((r for r, _ in own), key=WORST.index)
        if result in EXCLUDED:
            return None
        return (100.0 if result in ("pass", "fixed") else 0.0,
                weight(element, {"weight": own[0][1]}))
    parts = [p for p in (node_score(e, results)
                         for e in children(element, "Group", "Rule")) if p]
    total = sum(w for _, w in parts)
    if not total:
        return None
    return sum(s * w for s, w in parts) / total, weight(element)


def scores(path):
    """Per TestResult the default score, or None where it has none."""
    top = ET.parse(path).getroot()
    benchmarks = [e for e in top.iter() if local(e) == "Benchmark"]
    for test in (e for e in top.iter() if local(e) == "TestResult"):
        results = {}
        for rr in children(test, "rule-result"):
            word = "".join(children(rr, "result")[0].itertext()).strip()
            results.setdefault(rr.get("idref"), []).append(
                (word, rr.get("weight")))
        if len(benchmarks) != 1:
            yield None
            continue
        known = {e.get("id") for e in benchmarks[0].iter()
                 if local(e) == "Rule"}
        if not set(results) <= known:
            yield None
            continue
        score = node_score(benchmarks[0], results)
        yield score[0] if score else None


def results(name, want, m):
    said = facts(m)
    found = select(m, "SELECT idents FROM finding WHERE kind = 'rule'")
    idents = [i for (f,) in found for i in lines(f)]
    got = {
        "benchmark_id": (said.get("stig.benchmark") or [""])[0],
        "testresults": select(m, "SELECT count(*) FROM target "
                                 "WHERE n > 0")[0][0],
        "end_time": (said.get("stig.end") or [""])[0],
        "target_facts": select(m, "SELECT count(*) FROM fact WHERE name = "
                               "'stig.target_fact' AND key <> "
                               "'target-address'")[0][0],
    }
    for metric, value in want.items():
        what = "%s %s" % (name, metric)
        if metric in got:
            c.same(what, str(got[metric]), value)
        elif metric == "score":
            have = (said.get("stig.score") or [""])[0]
            c.same(what, have and float(have), value and float(value))
        elif metric in ("idents_in_results", "cci_in_results"):
            # What a result leaves out is taken from its rule.
            have = len({i for i in idents if i.startswith("CCI-")}) \
                if metric == "cci_in_results" else len(idents)
            c.true(what, have >= int(value), "%d of %s" % (have, value))
        elif metric == "overrides":
            have = int((said.get("stig.overrides") or ["0"])[0])
            c.true(what, have <= int(value), "%d of %s" % (have, value))
    path = os.path.join(INPUTS, name)
    c.same(name + " default score worked out",
           said.get("stig.computed", []),
           ["%.2f" % s for s in scores(path) if s is not None])


def real():
    for name, (kind, want) in sorted(expected().items()):
        with Muster(PROGRAM) as m:
            status, line, story = m.imported(os.path.join(INPUTS, name))
            if not c.true(name + " is imported", status == 0 and line and
                          line["status"] == "imported", story.strip()):
                continue
            (manual if kind == "stig_manual" else results)(name, want, m)


def scored():
    """Where a scanner worked its score out, ours is the same."""
    for name in ("xccdf/openscap-rhel8.xml", "xccdf/scc-5.4-rhel7.xml",
                 "arf/xccdf_overrides.arf.xml",
                 "arf/rule_and_cpe_check.arf.xml",
                 "xccdf/xccdf11-sample_results.xml"):
        with Muster(PROGRAM) as m:
            m.imported(os.path.join(INPUTS, name))
            said = facts(m)
            given = float(said["stig.score"][0]) * 100 / float(
                said.get("stig.score_maximum", ["100"])[0])
            c.same(name + " scores as its scanner says",
                   said["stig.computed"], ["%.2f" % given])


def ckl_rules(top):
    """The guide's rules; other STIGs of the subject stand behind them."""
    for vuln in top.iter("VULN"):
        rule = [d.findtext("ATTRIBUTE_DATA") for d in vuln.iter("STIG_DATA")
                if d.findtext("VULN_ATTRIBUTE") == "Rule_ID"][0]
        if "CIDG-" in rule:
            yield rule, vuln


def cklb_rules(top):
    for rule in (r for s in top["stigs"] for r in s["rules"]):
        if "CIDG-" in rule["rule_id_src"]:
            yield rule["rule_id_src"], rule


def ckl_cells(path):
    """rule -> (status, details, comments, override, reason) by a reading of
    our own."""
    cells = {}
    for rule, vuln in ckl_rules(ET.parse(path).getroot()):
        cells[rule] = tuple((vuln.findtext(t) or "").strip() for t in (
            "STATUS", "FINDING_DETAILS", "COMMENTS", "SEVERITY_OVERRIDE",
            "SEVERITY_JUSTIFICATION"))
    return cells


def cklb_cells(path):
    with open(path, encoding="utf-8") as f:
        top = json.load(f)
    cells = {}
    for name, rule in cklb_rules(top):
        over = rule.get("overrides", {}).get("severity", {})
        cells[name] = tuple((t or "").strip() for t in (
            rule["status"], rule["finding_details"], rule["comments"],
            over.get("severity"), over.get("reason")))
    return cells


def requirement(rule):
    section, number = rule[rule.index("CIDG-") + 5:][:6].split("-")
    return "%d.%d" % (int(section), int(number) // 10)


def read_back(m, sha256):
    """requirement -> the same of what muster stored."""
    rows = select(m, """SELECT m.vuln_id, m.status, (SELECT value FROM fact f
        WHERE f.target = m.target AND f.name = 'checklist.details'
        AND f.key = m.vuln_id), m.text, m.severity, m.justification
        FROM statement m JOIN target t ON t.id = m.target JOIN artifact a
        ON a.id = t.artifact WHERE m.kind = 'checklist' AND a.sha256 = '%s'
        """ % sha256)
    return {r[0]: tuple((v or "").strip() for v in r[1:]) for r in rows}


def checklist(path, m):
    """Import one; every cell must be as it stands in the file."""
    name = os.path.basename(path)
    status, line, story = m.imported(path)
    if not c.true(name + " is imported", status == 0 and line and
                  line["status"] == "imported", story.strip()):
        return
    cells = (ckl_cells if path.endswith(".ckl") else cklb_cells)(path)
    c.same(name + " cell by cell", read_back(m, line["sha256"]),
           {requirement(r): cell for r, cell in cells.items()})
    c.same(name + " has no unplaced cell", line["records"]["unplaced"], 0)


def examples():
    found = sorted(glob.glob(os.path.join(FORMATS, "examples", "*.ckl*")))
    c.true("there are examples", len(found) >= 3, FORMATS)
    for path in found:
        with Muster(PROGRAM) as m:
            checklist(path, m)
            c.same(os.path.basename(path) + " is of nobody's image here",
                   select(m, "SELECT count(*) FROM attachment"), [(0,)])


def valid(path):
    p = subprocess.run(["xmllint", "--noout", "--schema", XSD, path],
                       check=False, stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE)
    c.true(os.path.basename(path) + " is valid by DISA's schema",
           p.returncode == 0, p.stderr.decode("utf-8", "replace")[:300])


def edit_ckl(path, to):
    tree = ET.parse(path)
    for i, (_, vuln) in enumerate(ckl_rules(tree.getroot())):
        vuln.find("STATUS").text = ("Open", "Not_Applicable", "NotAFinding",
                                    "Not_Reviewed")[i % 4]
        vuln.find("COMMENTS").text = "WAIVER :: <&> \"%d\"\nand more é" % i
        if i % 2:
            vuln.find("SEVERITY_OVERRIDE").text = "low"
            vuln.find("SEVERITY_JUSTIFICATION").text = "because %d" % i
        else:
            vuln.find("FINDING_DETAILS").text = "seen %d" % i
    tree.write(to, encoding="UTF-8", xml_declaration=True)


def edit_cklb(path, to):
    with open(path, encoding="utf-8") as f:
        top = json.load(f)
    for i, (_, rule) in enumerate(cklb_rules(top)):
        rule["status"] = ("open", "not_applicable", "not_a_finding",
                          "not_reviewed")[i % 4]
        rule["comments"] = "<&> \"%d\"\nand more é" % i
        if i % 2:
            rule["overrides"] = {"severity": {"severity": "low",
                                              "reason": "because %d" % i}}
        else:
            rule["finding_details"] = "seen %d" % i
    with open(to, "w", encoding="utf-8") as f:
        json.dump(top, f, ensure_ascii=False)


def round_trip():
    with Muster(PROGRAM) as m:
        out = os.path.join(m.dir.name, "out")
        p = m.run("run", "--as-of", "2026-11-01", STORY, "-o", out,
                  "--format", "ckl,cklb")
        c.same("the story is assessed", p.returncode, 0)
        slugs = [s["slug"] for s in m.rows("show", "subjects")]
        before = [(r["subject"], r["requirement"], r["verdict"])
                  for r in m.rows("show", "results")]
        for kind, edit in (("ckl", edit_ckl), ("cklb", edit_cklb)):
            paths = sorted(glob.glob(os.path.join(out, kind, "*")))
            c.same(kind + " of every subject", len(paths), len(slugs))
            for path in paths:
                edited = os.path.join(m.dir.name, os.path.basename(path))
                edit(path, edited)
                for one in (path, edited):
                    if kind == "ckl":
                        valid(one)
                    checklist(one, m)
        astray = select(m, """SELECT a.name, s.slug FROM target t
            JOIN artifact a ON a.id = t.artifact
            LEFT JOIN attachment x ON x.target = t.id
            LEFT JOIN subject s ON s.id = x.subject
            WHERE a.format IN ('ckl', 'cklb') AND EXISTS
            (SELECT 1 FROM statement m WHERE m.target = t.id)
            AND (s.id IS NULL OR a.name NOT IN (s.slug || '.ckl',
            s.slug || '.cklb'))""")
        c.same("every checklist is back at its subject", astray, [])
        c.same("what they repeat of other STIGs is nobody's", select(m, """
            SELECT count(*) FROM attachment x JOIN target t
            ON t.id = x.target JOIN artifact a ON a.id = t.artifact
            WHERE a.format IN ('ckl', 'cklb') AND NOT EXISTS
            (SELECT 1 FROM statement m WHERE m.target = t.id)"""), [(0,)])
        m.run("assess", "--as-of", "2026-11-01")
        c.same("no verdict follows from a checklist",
               [(r["subject"], r["requirement"], r["verdict"])
                for r in m.rows("show", "results")], before)


def ccis():
    path = glob.glob(os.path.join(FORMATS, "reference-data",
                                  "U_CCI_List*.xml"))[0]
    want = {}
    for item in (e for e in ET.parse(path).getroot().iter()
                 if local(e) == "cci_item"):
        want[item.get("id")] = sorted(
            "%s: %s" % (e.get("title"), e.get("index"))
            for e in item.iter() if local(e) == "reference")
    with Muster(PROGRAM) as m:
        status, _, story = m.imported(path)
        c.same("the CCI list is imported", (status, story.count("warning")),
               (0, 0))
        got = {n: sorted(lines(i)) for n, i in select(
            m, "SELECT name, idents FROM guidance WHERE kind = 'cci'")}
        c.same("CCIs", len(got), len(want))
        c.same("references of every CCI", [n for n in want
                                           if got.get(n) != want[n]], [])


def bad():
    with open(os.path.join(INPUTS, "bad", "EXPECT.tsv"), newline="") as f:
        rows = [r for r in csv.DictReader(f, delimiter="\t")
                if r["file"].endswith(".xml")]
    c.true("there are bad ones", len(rows) >= 3)
    for r in rows:
        with Muster(PROGRAM) as m:
            status, line, story = m.imported(
                os.path.join(INPUTS, "bad", r["file"]))
            if r["expectation"] == "accept":
                c.same(r["file"] + " rules", (status, len(
                    [f for f in m.rows("show", "findings")
                     if f["kind"] == "rule"])), (0, int(r["rows"])))
                continue
            c.true(r["file"] + " is refused with a word", status == 2 and
                   line and line["error"]["message"], story)
            c.true(r["file"] + " reads no other file",
                   "root:" not in story + json.dumps(line))
            c.same(r["file"] + " leaves nothing",
                   m.rows("show", "artifacts"), [])


real()
scored()
examples()
round_trip()
ccis()
bad()
sys.exit(c.done())
