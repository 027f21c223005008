#!/usr/bin/env python3
"""boms.py MUSTER SHARED - bills of materials, statements about vulnerabilities
and how urgent they are: what muster read of each such file of SHARED/inputs
against inputs/expected.tsv, which another program counted."""
import csv
import os
import re
import sqlite3
import sys
from collections import Counter

from conform import Conform, Muster

PROGRAM, SHARED = sys.argv[1:3]
INPUTS = os.path.join(SHARED, "inputs")
WORDS = ["unknown", "negligible", "low", "medium", "high", "critical"]
# Counts of what muster has no use for, and what only names the format.
UNUSED = {
    "spec_version", "dependencies", "component_type", "serial",
    "vulnerability_ns", "components_top", "relationships", "cpes",
    "elements", "spdx_version", "schema_version", "type", "csaf_version",
    "category", "products_in_tree", "remediations", "flags", "context",
    "count_field_agrees",
}
c = Conform()


def expected():
    """file -> (format, {metric: value})"""
    files = {}
    with open(os.path.join(INPUTS, "expected.tsv"), newline="",
              encoding="utf-8") as f:
        for r in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE):
            if r["format"] in FORMATS:
                files.setdefault(r["file"], (r["format"], {}))[1][
                    r["metric"]] = r["value"]
    return files


def said(db, what):
    """The number that begins the warning about it."""
    for text, in db.execute("SELECT text FROM warning"):
        m = re.match(r"(?:of SPDX 3 .*: )?(\d+) (.*)", text)
        if m and m[2].startswith(what):
            return int(m[1])
    return 0


def packages(db):
    rows = db.execute("SELECT name, version, purl FROM package").fetchall()
    purls = [p for _, _, p in rows if p]
    return rows, {"with_purl": len(purls), "purls": len(purls),
                  "distinct_purls": len(set(purls))}


def entry(locator):
    """The vulnerability's own place, of that of one it affects."""
    return re.sub(r"/affects.*", "", locator)


def canonical(name, aliases):
    if name.upper().startswith("CVE-"):
        return {name.upper()}
    return {a.upper() for a in (aliases or "").split("\n")
            if a.upper().startswith("CVE-")} or {name.upper()}


def severities(db, got):
    """Of a scan.  A row whose ratings differ is muster's choice; there are as
    many of these as it says."""
    rows = db.execute("SELECT severity, coalesce(severity_word, '(empty)'),"
                      " locator FROM finding").fetchall()
    if not rows:
        return
    got["sev"] = Counter(WORDS[s] for s, _, _ in rows)
    got["sev_native"] = Counter(w for _, w, _ in rows)
    once = {entry(at): WORDS[s] for s, _, at in rows}
    for key in ("vuln_sev", "vuln_first_rating_sev", "vuln_worst_rating_sev"):
        got[key] = Counter(once.values())


def cyclonedx(db, name):
    rows, got = packages(db)
    got["components_all"] = len(rows) + said(db, "components of type")
    finds = db.execute("SELECT vuln_id, aliases, package, version, locator "
                       "FROM finding").fetchall()
    states = db.execute("SELECT vuln_id, aliases, package, version, locator, "
                        "status FROM statement").fetchall()
    all_rows = finds or [s[:5] for s in states]
    places = {entry(r[4]) for r in finds} | {entry(s[4]) for s in states}
    got.update({
        "vulnerabilities": len(places), "rows": len(all_rows),
        "distinct_ids": len({r[0] for r in all_rows}),
        "distinct_triples": len({(r[0], r[2] or "", r[3] or "")
                                 for r in all_rows}),
        "fixable": db.execute("SELECT coalesce(sum(fixable), 0) FROM finding"
                              ).fetchone()[0],
        "distinct_canonical_ids": len(
            set().union(*[canonical(r[0], r[1]) for r in all_rows])),
        "rows_with_non_cve_id": sum(not r[0].upper().startswith("CVE-")
                                    for r in all_rows),
        "analysis": Counter({entry(s[4]): s[5] for s in states}.values()),
    })
    got["analysis"]["(none)"] = len(
        places - {entry(s[4]) for s in states})
    severities(db, got)
    got["subject_name"] = db.execute(
        "SELECT coalesce(max(name), '') FROM target WHERE n = 1"
        ).fetchone()[0]
    return got


def spdx(db, name):
    rows, got = packages(db)
    read, merged = db.execute("SELECT count_read, count_merged FROM artifact"
                              ).fetchone()
    got["files"] = said(db, "files are no packages")
    got["packages"] = read - got["files"]
    c.same(name + " packages and subjects", len(rows) + merged,
           got["packages"])
    got["security_refs_not_cpe"] = said(db, "references to advisories")
    if merged:  # what names the subject is no package's
        for key in ("purls", "distinct_purls"):
            del got[key]
    else:
        got["name"] = db.execute("SELECT name FROM target WHERE n = 1"
                                 ).fetchone()[0]
    return got


def syft(db, name):
    rows, got = packages(db)
    ids = db.execute("SELECT count(*) FROM identity WHERE kind = 'config'"
                     ).fetchone()[0]
    got.update({"artifacts": len(rows),
                "distinct_name_version": len({r[:2] for r in rows}),
                "source_type": "image" if ids else ""})
    return got


def csaf(db, name):
    rows = db.execute("SELECT vuln_id, status, locator FROM statement"
                      ).fetchall()
    return {
        "vulnerabilities": len({at.split("/")[2] for _, _, at in rows}),
        "distinct_cves": len({v for v, _, _ in rows if v[:4] == "CVE-"}),
        "product_status": Counter(s for _, s, _ in rows),
        "tracking_id": db.execute("SELECT tool_version FROM artifact"
                                  ).fetchone()[0],
    }


def openvex(db, name):
    rows = {}
    products = set()
    for at, v, status, why in db.execute(
            "SELECT locator, vuln_id, status, justification FROM statement"):
        rows["/".join(at.split("/")[:3])] = v, status, why
        products.add("/".join(at.split("/")[:5]))
    return {
        "statements": len(rows), "products": len(products),
        "distinct_vulnerabilities": len({v for v, _, _ in rows.values()}),
        "status": Counter(s for _, s, _ in rows.values()),
        "with_justification": sum(bool(w) for _, _, w in rows.values()),
    }


def priorities(db, name):
    rows = db.execute("SELECT vuln_id, score, at, coalesce(text, '') FROM "
                      "priority").fetchall()
    base, version = db.execute("SELECT tool_db, tool_version FROM artifact"
                               ).fetchone()
    ids = {r[0] for r in rows}
    scores = [float(r[1] or 0) for r in rows]
    return {
        "rows": len(rows), "distinct_ids": len(ids), "catalog_version": base,
        "ransomware_known": sum("used in ransomware" in r[3] for r in rows),
        "latest_date_added": max(r[2] for r in rows),
        "has_CVE-2021-44228": "CVE-2021-44228" in ids,
        "model_version": version, "score_date": base,
        "epss_ge_0.5": sum(s >= .5 for s in scores),
        "sum_epss_5dp": "%.5f" % (sum(round(s * 100000) for s in scores)
                                  / 100000),
    }


FORMATS = {"cyclonedx": cyclonedx, "cyclonedx_vex": cyclonedx, "spdx": spdx,
           "syft": syft, "csaf": csaf, "openvex": openvex, "kev": priorities,
           "epss": priorities}


def compare(name, fmt, want, m):
    status, line, story = m.imported(os.path.join(INPUTS, name))
    if not c.true(name + " is imported", status == 0 and line and
                  line["status"] == "imported", story.strip()):
        return
    db = sqlite3.connect("file:%s?mode=ro" % m.db, uri=True)
    got = FORMATS[fmt](db, name)
    differ = said(db, "rows carry ratings that differ")
    subject = "\n".join(t for t, in db.execute(
        "SELECT value FROM identity UNION SELECT name FROM target "
        "WHERE name IS NOT NULL"))
    db.close()
    missing = set()
    for metric, value in want.items():
        key, _, part = metric.partition(":")
        what = "%s %s" % (name, metric)
        if key in UNUSED:
            continue
        if key == "subject_version":  # shown where it is a digest
            if value.startswith("sha256:"):
                c.true(what, value in subject, "shown nowhere")
            continue
        if key not in got:
            missing.add(key)
            continue
        have = got[key][part] if isinstance(got[key], Counter) else got[key]
        if "sev" in key and differ:
            c.true(what, abs(have - int(value)) <= differ,
                   "%d, expected %s; %d rows have ratings that differ"
                   % (have, value, differ))
        else:
            c.same(what, str(have), value)
    if missing:
        c.skip(name, "a statement has no severity, a subject is no package: "
               + ", ".join(sorted(missing)))


for path, (kind, facts) in sorted(expected().items()):
    with Muster(PROGRAM) as one:
        compare(path, kind, facts, one)
sys.exit(c.done())
