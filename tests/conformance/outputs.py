#!/usr/bin/env python3
"""outputs.py MUSTER SHARED [OUTDIR DB] - outputs read by other people's tools.

Every XCCDF and ARF file goes through oscap (schema, Schematron, its own HTML
report), every CKL through DISA's schema, every CKLB through its JSON schema,
and all three checklists through STIG Manager's reader; what that counts as
pass, fail, notapplicable and the rest must be what the database holds for the
subject, in every format.  Scores are computed once more from the
specification.  Without OUTDIR and DB the samples' story is rendered first.
The last line counts; the exit status is 1 when anything failed.
"""
import collections
import glob
import json
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET

from conform import Conform, Muster

X = "{http://checklists.nist.gov/xccdf/1.2}"
FACT = "urn:muster:fact:subject:"
FORMATS = {"xccdf": "*.xml", "ckl": "*.ckl", "cklb": "*.cklb"}
# Schematron takes seconds a file: so many of the XCCDF and ARF files.
OSCAP_MOST = 12

c = Conform()
muster, shared = sys.argv[1], sys.argv[2]
validators = os.path.join(shared, "formats", "validators")


def fold(counts):
    """pass, fail, notapplicable, and whatever else there is."""
    other = sum(counts.values())
    known = []
    for word in "pass", "fail", "notapplicable":
        known.append(counts.get(word, 0))
        other -= known[-1]
    return tuple(known + [other])


def of_database(m):
    """{(kind, key): the counts of each subject of that key, sorted}; two
    artifacts may hold a workload of one name."""
    per = collections.defaultdict(collections.Counter)
    for row in m.rows("show", "results"):
        word = row["verdict"].replace("_", "") if \
            row["verdict"] == "not_applicable" else row["verdict"]
        per[row["subject_kind"], row["subject"]][word] += 1
    return {key: fold(counts) for key, counts in per.items()}


def subject_of(path):
    """(kind, key) as the file itself says."""
    if path.endswith(".cklb"):
        with open(path, encoding="utf-8") as f:
            text = json.load(f)["target_data"]["comments"]
    elif path.endswith(".ckl"):
        text = ET.parse(path).findtext("ASSET/TARGET_COMMENT")
    else:
        facts = {f.get("name"): f.text
                 for f in ET.parse(path).iter(X + "fact")}
        text = facts[FACT + "kind"] + " " + facts[FACT + "key"]
    return tuple(text.split(" ", 1))


def validate(what, needs, command, files, good="OK"):
    """A validator that prints a line for each file."""
    missing = [n for n in needs if shutil.which(n) is None]
    if missing:
        c.skip(what, "%s not installed" % ", ".join(missing))
        return
    if not files:
        c.true(what, False, "there is no file")
        return
    p = subprocess.run(command + files, check=False, text=True,
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    fine = [line for line in p.stdout.splitlines() if line.startswith(good)]
    for line in p.stdout.splitlines():
        if not line.startswith(good):
            print(line)
    c.same(what + " accepts", len(fine), len(files))


def stig_manager(out, want):
    """Its counts by subject, in each format, against the database's."""
    node = os.environ.get("SM_NODE")
    if shutil.which("node") is None or not node or not os.path.isdir(
            os.path.join(node, "node_modules")):
        c.skip("STIG Manager's reader", "not installed (SM_NODE)")
        return
    for name, pattern in FORMATS.items():
        files = sorted(glob.glob(os.path.join(out, name, pattern)))
        p = subprocess.run(
            ["node", os.path.join(validators, "sm_read.mjs")] + files,
            check=False, stdout=subprocess.PIPE, text=True)
        got = collections.defaultdict(collections.Counter)
        for line in p.stdout.splitlines():
            o = json.loads(line)
            if not c.true("STIG Manager reads %s" % o["file"],
                          "refused" not in o, o.get("refused")):
                continue
            c.same("checklists in %s" % o["file"], len(o["checklists"]), 1)
            one = o["checklists"][0]
            c.same("rules told apart in %s" % o["file"],
                   one["ruleIds"], one["reviews"])
            c.same("rules with details in %s" % o["file"],
                   one["withDetail"], one["reviews"])
            got[subject_of(o["file"])].update(one["stats"])
        got = {key: fold(counts) for key, counts in got.items()}
        c.same("subjects in %s" % name, sorted(got), sorted(want))
        for key in sorted(set(got) & set(want)):
            c.same("%s: pass, fail, notapplicable, rest of %s" %
                   (name, " ".join(key)), got[key], want[key])


def json_schemas(out):
    try:
        import jsonschema  # noqa: F401 (the script needs it)
    except ImportError:
        c.skip("schemas of OSCAL and HDF", "python3-jsonschema not installed")
        return
    for name in "oscal-ar", "oscal-poam", "hdf":
        validate("schema: " + name, [],
                 ["python3", os.path.join(validators, "json_check.py")],
                 files(out, name, "*.json"))


def heimdall(out, want):
    """Its own counts of each HDF file, against the database's."""
    node = os.environ.get("HDF_NODE")
    if shutil.which("node") is None or not node or not os.path.isdir(
            os.path.join(node, "node_modules")):
        c.skip("Heimdall's reader", "not installed (HDF_NODE)")
        return
    p = subprocess.run(
        ["node", os.path.join(validators, "hdf_read.cjs")] +
        files(out, "hdf", "*.json"), check=False, stdout=subprocess.PIPE,
        text=True)
    total = collections.Counter()
    for line in p.stdout.splitlines():
        if line.startswith("{"):
            total.update(json.loads(line).get("status", {}))
    sums = [sum(counts[i] for counts in want.values()) for i in range(4)]
    c.same("Heimdall counts HDF: passed, failed, not applicable",
           [total["Passed"], total["Failed"], total["Not Applicable"]],
           sums[:3])


def pipelines(out, want):
    """SARIF, JUnit and eMASS, counted here."""
    words = {"pass": 0, "Pass": 0, "fail": 1, "Fail": 1,
             "notApplicable": 2, "Not Applicable": 2}
    sums = tuple(sum(counts[i] for counts in want.values())
                 for i in range(4))

    def told(statuses):
        counts = [0, 0, 0, 0]
        for word in statuses:
            counts[words.get(word, 3)] += 1
        return tuple(counts)

    def load(path):
        with open(path, encoding="utf-8") as f:
            return json.load(f)

    c.same("SARIF's kinds", told(
        r["kind"] for f in files(out, "sarif", "*.sarif")
        for run in load(f)["runs"] for r in run["results"]), sums)
    emass = [r for f in files(out, "emass", "*.json") for one in load(f)
             for b in one["benchmarks"] for r in b["results"]]
    c.same("eMASS's statuses", told(r["status"] for r in emass), sums)
    c.true("eMASS's limits", all(len(r["message"]) <= 1000 for r in emass))
    cases = [case for f in files(out, "junit", "*.xml")
             for case in ET.parse(f).getroot().iter("testcase")]
    c.same("JUnit's cases", told(
        "fail" if case.find("failure") is not None else
        "error" if case.find("error") is not None else
        "pass" if case.find("skipped") is None else
        "notApplicable" if case.find("skipped").get("message") ==
        "not applicable" else "review" for case in cases), sums)


def lists(out, m):
    """CSV and JSON Lines against the database, row by row."""
    import csv
    for name in "results", "issues", "findings", "packages", "artifacts":
        rows = list(m.rows("show", name))
        with open(os.path.join(out, "lists", name + ".jsonl"),
                  encoding="utf-8") as f:
            c.same("lists/%s.jsonl" % name,
                   [json.loads(line) for line in f], rows)
        with open(os.path.join(out, "lists", name + ".csv"), newline="",
                  encoding="utf-8") as f:
            read = list(csv.DictReader(f))
        c.same("rows of lists/%s.csv" % name, len(read), len(rows))
        c.true("no formula in lists/%s.csv" % name,
               not any(v[:1] in "=+-@" for row in read
                       for v in row.values() if v))


def score(node, results):
    """XCCDF 1.2's default model: (score, does it count)."""
    if node.tag == X + "Rule":
        result = results.get(node.get("id"), "notselected")
        if result in ("notapplicable", "notchecked", "informational",
                      "notselected"):
            return 0.0, False
        return (100.0 if result in ("pass", "fixed") else 0.0), True
    total = weights = 0.0
    for child in node:
        if child.tag in (X + "Group", X + "Rule"):
            value, counts = score(child, results)
            weight = float(child.get("weight", "1.0"))
            if counts:
                total += weight * value
                weights += weight
    return (total / weights, True) if weights else (0.0, False)


def scores(out):
    for path in sorted(glob.glob(os.path.join(out, "xccdf", "*.xml"))):
        root = ET.parse(path).getroot()
        test = root.findall(X + "TestResult")
        if not c.same("TestResults in %s" % path, len(test), 1):
            continue
        results = {r.get("idref"): r.findtext(X + "result")
                   for r in test[0].findall(X + "rule-result")}
        for s in test[0].findall(X + "score"):
            if s.get("system") == "urn:xccdf:scoring:default":
                c.same("default score in %s" % path,
                       "%.6f" % float(s.text),
                       "%.6f" % score(root, results)[0])


def files(out, name, pattern):
    return sorted(glob.glob(os.path.join(out, name, pattern)))


def check(out, m):
    want = of_database(m)
    c.true("the database holds results", len(want) > 0)
    sh = ["sh", os.path.join(validators, "oscap_check.sh")]
    for name in "xccdf", "arf":
        validate("oscap: " + name, ["oscap", "xmllint"], sh,
                 files(out, name, "*.xml")[:OSCAP_MOST])
    validate("DISA's CKL schema", ["xmllint"],
             ["sh", os.path.join(validators, "ckl_check.sh")],
             files(out, "ckl", "*.ckl"))
    try:
        import jsonschema  # noqa: F401 (the script needs it)
        validate("DISA's CKLB schema", [],
                 ["python3", os.path.join(validators, "json_check.py")],
                 files(out, "cklb", "*.cklb"))
    except ImportError:
        c.skip("DISA's CKLB schema", "python3-jsonschema not installed")
    json_schemas(out)
    heimdall(out, want)
    pipelines(out, want)
    lists(out, m)
    stig_manager(out, want)
    scores(out)


def main():
    with Muster(muster) as m:
        if len(sys.argv) > 4:
            m.db = os.path.abspath(sys.argv[4])
            check(sys.argv[3], m)
            return c.done()
        here = os.path.dirname(os.path.abspath(__file__))
        out = os.path.join(m.dir.name, "out")
        p = m.run("run", "--as-of", "2026-11-23", "-o", out,
                  os.path.join(here, "..", "..", "samples", "story"),
                  os.path.join(here, "..", "..", "samples", "k8s",
                               "hardened.yaml"))
        if c.true("muster run", p.returncode == 0,
                  p.stderr.decode("utf-8", "replace")):
            check(out, m)
    return c.done()


sys.exit(main())
