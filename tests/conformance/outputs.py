#!/usr/bin/env python3
"""outputs.py MUSTER SHARED [OUTDIR DB] - outputs read by other people's tools.

XCCDF and ARF files go through their schemas and, some of them, through oscap
(Schematron, its own HTML report), every CKL through DISA's schema, every CKLB
through its JSON schema, and all three checklists through STIG Manager's
reader; what that counts as pass, fail, notapplicable and the rest must be what
the database holds for the subject, in every format.  Scores are computed once
more from the specification.  Without OUTDIR and DB four databases are made and
rendered first: the samples' story, an empty one, one in which every text is
hostile, and one of 200 subjects.  A checklist's other STIGs are counted from
the rows; bills of materials go through CycloneDX's schema and are read back.  The last line counts; the exit status is 1
when anything failed.
"""
import collections
import glob
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import xml.etree.ElementTree as ET

import conform_hostile
import conform_texts
from conform import Conform, Muster

X = "{http://checklists.nist.gov/xccdf/1.2}"
FACT = "urn:muster:fact:subject:"
FORMATS = {"xccdf": "*.xml", "ckl": "*.ckl", "cklb": "*.cklb"}
SCAP = "/usr/share/openscap/schemas"
# Schematron takes seconds a file: so many of the XCCDF and ARF files.
OSCAP_MOST = 8
MANY = 200      # subjects
MARKING = "<b>\"CUI'&]]>=1+1"

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
    """{(kind, key): the counts of the subjects of that key}; two artifacts
    may hold a workload of one name."""
    per = collections.defaultdict(collections.Counter)
    for row in m.rows("show", "results"):
        word = row["verdict"].replace("_", "") if \
            row["verdict"] == "not_applicable" else row["verdict"]
        per[row["subject_kind"], row["subject"]][word] += 1
    return {key: fold(counts) for key, counts in per.items()}


def subject_said(path):
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


def subject_of(path, slugs):
    """(kind, key) by the file's name; the file itself must say the same,
    where it could write the key as it is."""
    slug = os.path.splitext(os.path.basename(path))[0]
    kind, key = slugs.get(slug, ("no", slug))
    if len(key) < 200 and key.isascii() and key.isprintable():
        c.same("who %s is about" % path, subject_said(path), (kind, key))
    return kind, key


def validate(what, needs, command, files, good="OK"):
    """A validator that prints a line for each file."""
    missing = [n for n in needs if shutil.which(n) is None]
    if missing:
        c.skip(what, "%s not installed" % ", ".join(missing))
        return
    if not files:
        return          # how many there are is counted elsewhere
    p = subprocess.run(command + files, check=False, text=True,
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    fine = [line for line in p.stdout.splitlines() if line.startswith(good)]
    for line in p.stdout.splitlines():
        if not line.startswith(good):
            print(line)
    c.same(what + " accepts", len(fine), len(files))


def schemas_of_xml(out):
    """All files, whatever their number: the schema is read once."""
    for name, schema in (
            ("xccdf", "xccdf/1.2/xccdf_1.2.xsd"),
            ("arf", "arf/1.1/asset-reporting-format_1.1.0.xsd")):
        some = files(out, name, "*.xml")
        if not some:
            continue
        if not os.path.exists(os.path.join(SCAP, schema)):
            c.skip("schema: " + name, "openscap-common not installed")
            continue
        p = subprocess.run(
            ["xmllint", "--noout", "--huge", "--schema",
             os.path.join(SCAP, schema)] + some, check=False, text=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        c.same("schema accepts " + name, [line for line in
               p.stderr.splitlines() if line.endswith(" validates")],
               [path + " validates" for path in some])


def there(out, want):
    """A file for each subject in every format that leaves none out."""
    for name in ("xccdf", "arf", "ckl", "cklb", "hdf", "oscal-ar", "emass",
                 "sarif", "junit", "subjects"):
        c.same("files of " + name, len(files(out, name, "*")), want)


def stig_manager(out, want, slugs, stigs):
    """Its counts by subject, in each format, against the database's."""
    node = os.environ.get("SM_NODE")
    if shutil.which("node") is None or not node or not os.path.isdir(
            os.path.join(node, "node_modules")):
        c.skip("STIG Manager's reader", "not installed (SM_NODE)")
        return
    for name, pattern in FORMATS.items():
        some = files(out, name, pattern)
        if not some:
            continue
        p = subprocess.run(
            ["node", os.path.join(validators, "sm_read.mjs")] + some,
            check=False, stdout=subprocess.PIPE, text=True)
        got = collections.defaultdict(collections.Counter)
        for line in p.stdout.splitlines():
            o = json.loads(line)
            if not c.true("STIG Manager reads %s" % o["file"],
                          "refused" not in o, o.get("refused")):
                continue
            who = subject_of(o["file"], slugs)
            rest = stigs.get(who, []) if name != "xccdf" else []
            c.same("STIGs in %s" % o["file"], sorted(
                fold(collections.Counter(one["stats"]))
                for one in o["checklists"][1:]), rest)
            for one in o["checklists"]:
                c.same("rules told apart in %s" % o["file"],
                       one["ruleIds"], one["reviews"])
                c.same("rules with details in %s" % o["file"],
                       one["withDetail"], one["reviews"])
            got[who].update(o["checklists"][0]["stats"])
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


def system(out, subjects, want):
    """The files of all subjects: one result, or container, each."""
    paths = [os.path.join(out, n) for n in (
        "oscal-ar.json", "oscal-poam.json", "emass.json")]
    if not subjects:
        c.same("files of no system", [p for p in paths
                                      if os.path.exists(p)], [])
        return
    fails = sum(counts[1] for counts in want.values())
    some = [p for p in paths[:2] if os.path.exists(p)]
    c.same("a plan where something fails", len(some), 2 if fails else 1)
    validate("schema: OSCAL of the system", [],
             ["python3", os.path.join(validators, "json_check.py")], some)
    for path in some:
        with open(path, encoding="utf-8") as f:
            text = f.read()
        ids = re.findall(r'^ *"uuid": "([0-9a-f-]+)"', text, re.M)
        refs = set(re.findall(r'^ *"[a-z-]+-uuid": "([0-9a-f-]+)"', text,
                              re.M))
        c.same("ids of %s" % path, len(set(ids)), len(ids))
        c.same("references of %s" % path, refs - set(ids), set())
        doc = json.loads(text)
        if path == paths[0]:
            c.same("results of %s" % path, len(doc["assessment-results"][
                "results"]), subjects)
        else:
            c.same("items of %s" % path, len(doc[
                "plan-of-action-and-milestones"]["poam-items"]), fails)
    with open(paths[2], encoding="utf-8") as f:
        c.same("containers of %s" % paths[2], len(json.load(f)), subjects)


def heimdall(out, want):
    """Its own counts of each HDF file, against the database's."""
    node = os.environ.get("HDF_NODE")
    if shutil.which("node") is None or not node or not os.path.isdir(
            os.path.join(node, "node_modules")):
        c.skip("Heimdall's reader", "not installed (HDF_NODE)")
        return
    if not want:
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


def ranks(results):
    """The worst of several results of one rule."""
    order = ["fail", "error", None, "notchecked", "pass", "fixed",
             "notapplicable", "informational"]
    return min(results, key=lambda r: order.index(r) if r in order else 2)


def stigs_of_database(m):
    """{(kind, key): {STIG: counts}}, as 2.16 counts: from the rows."""
    db = sqlite3.connect("file:%s?mode=ro" % m.db, uri=True)
    said = collections.defaultdict(lambda: collections.defaultdict(list))
    own = db.execute("SELECT benchmark FROM assessment").fetchone()[0]
    for kind, key, reason, target, stig in db.execute(
            "SELECT s.kind, s.key, x.reason, x.target, (SELECT f.value FROM"
            " fact f WHERE f.target = x.target AND f.name ="
            " 'stig.benchmark' ORDER BY f.id LIMIT 1) FROM attachment x"
            " JOIN subject s ON s.id = x.subject"):
        stig = stig or ""
        stig = stig.split("_benchmark_", 1)[-1] or stig
        facts = db.execute("SELECT key FROM fact WHERE target = ? AND name ="
                           " 'stig.target_fact' AND value NOT IN"
                           " ('127.0.0.1', '::1')", (target,)).fetchall()
        host = reason == "only image" and any(
            k in ("HOST_IP", "HOST_MAC", "target-address") or
            k.lower().endswith((":mac", ":ipv4", ":ipv6"))
            for (k,) in facts if k)
        if not stig or host or stig == own.split("_benchmark_", 1)[-1]:
            continue
        for rule, result in db.execute(
                "SELECT vuln_id, result FROM finding WHERE target = ? AND"
                " kind = 'rule' AND coalesce(result, '') <> 'notselected'",
                (target,)):
            short = rule.split("_rule_", 1)[-1] or rule
            said[kind, key][stig, short].append(result)
    db.close()
    counts = {}
    for who, rules in said.items():
        per = collections.defaultdict(collections.Counter)
        for (stig, _), results in rules.items():
            word = ranks(results)
            per[stig]["pass" if word == "fixed" else word] += 1
        counts[who] = sorted((fold(n) for n in per.values()))
    return counts


def bills(out, m):
    """CycloneDX: its schema, the database's counts, and read back."""
    some = files(out, "cyclonedx", "*.cdx.json")
    images = {s["subject"]: s["slug"] for s in m.rows("show", "subjects")
              if s["subject_kind"] == "image"}
    issues = collections.Counter(i["subject"] for i in m.rows(
        "show", "issues"))
    packages = collections.defaultdict(set)
    for p in m.rows("show", "packages"):
        packages[p["subject"]].add((p["name"], p["version"]))
    for subject, slug in images.items():
        path = os.path.join(out, "cyclonedx", slug + ".cdx.json")
        if not issues[subject] and not packages[subject]:
            c.true("%s says nothing" % path, path not in some)
            continue
        with open(path, encoding="utf-8") as f:
            bom = json.load(f)
        c.same("vulnerabilities of %s" % path, len(bom["vulnerabilities"]),
               issues[subject])
        listed = {(p["name"], p.get("version")) for p in bom["components"]
                  if p["properties"][0]["value"] != "by scanners alone"}
        c.same("packages of %s" % path, len(listed), len(packages[subject]))
        refs = {p["bom-ref"] for p in bom["components"]}
        c.same("refs of %s" % path, len(refs), len(bom["components"]))
        c.true("what %s says is affected" % path, all(
            a["ref"] in refs for v in bom["vulnerabilities"]
            for a in v.get("affects", [])))
    with Muster(muster) as back:
        if not some:
            return
        p = back.run("import", "--json", *some)
        c.true("muster reads its bills of materials", p.returncode == 0,
               p.stderr.decode("utf-8", "replace"))
        rows = [json.loads(line) for line in p.stdout.splitlines()]
        for path, row in zip(some, rows):
            with open(path, encoding="utf-8") as f:
                bom = json.load(f)
            want = len(bom["components"]) + sum(
                max(1, len(v.get("affects", []))) + ("analysis" in v) *
                max(1, len(v.get("affects", [])))
                for v in bom["vulnerabilities"])
            c.same("records read of %s" % path, row["records"]["read"], want)
            c.same("records stored of %s" % path, row["records"]["stored"], want)
    schema = os.path.join(os.environ.get("CDX_NODE", "") or "/nowhere",
                          "node_modules/@cyclonedx/cyclonedx-library/res/"
                          "schema")
    try:
        import jsonschema
    except ImportError:
        schema = "/nowhere"
    if not os.path.isdir(schema):
        c.skip("CycloneDX's schema", "not installed (CDX_NODE)")
        return
    store = {}
    for name in "bom-1.6", "spdx", "jsf-0.82":
        with open(os.path.join(schema, name + ".SNAPSHOT.schema.json"),
                  encoding="utf-8") as f:
            one = json.load(f)
        store[one["$id"]] = one
        store[name] = one
    checker = jsonschema.Draft7Validator(
        store["bom-1.6"], resolver=jsonschema.RefResolver(
            store["bom-1.6"]["$id"], store["bom-1.6"], store=store))
    for path in some:
        with open(path, encoding="utf-8") as f:
            errors = list(checker.iter_errors(json.load(f)))
        c.true("CycloneDX's schema accepts %s" % path, not errors,
               "; ".join("%s: %.200s" % (list(e.path), e.message)
                         for e in errors[:5]))


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


def lists(out, m, hostile):
    """CSV and JSON Lines against the database, row by row."""
    import csv
    for name in "results", "issues", "findings", "packages", "artifacts":
        rows = list(m.rows("show", name))
        with open(os.path.join(out, "lists", name + ".jsonl"),
                  encoding="utf-8") as f:
            read = [json.loads(line) for line in f]
        marks = {row.pop("marking", "none") for row in read}
        c.true("markings of lists/%s.jsonl" % name,
               not rows or marks == {MARKING if hostile else None}, marks)
        c.same("lists/%s.jsonl" % name, read, rows)
        with open(os.path.join(out, "lists", name + ".csv"), newline="",
                  encoding="utf-8") as f:
            read = list(csv.DictReader(f))
        c.same("rows of lists/%s.csv" % name, len(read), len(rows))
        c.true("no formula in lists/%s.csv" % name,
               not any(v.lstrip(" \n")[:1] in "=+-@\t\r" for row in read
                       for v in row.values() if v.strip(" \n")))


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


def check(out, m, hostile=False):
    want = of_database(m)
    subjects = m.rows("show", "subjects")
    slugs = {s["slug"]: (s["subject_kind"], s["subject"]) for s in subjects}
    there(out, len(subjects))
    schemas_of_xml(out)
    sh = ["sh", os.path.join(validators, "oscap_check.sh")]
    for name in "xccdf", "arf":
        some = files(out, name, "*.xml")
        step = max(1, len(some) // OSCAP_MOST)
        validate("oscap: " + name, ["oscap", "xmllint"], sh,
                 some[::step][:OSCAP_MOST])
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
    system(out, len(subjects), want)
    heimdall(out, want)
    pipelines(out, want)
    lists(out, m, hostile)
    stig_manager(out, want, slugs, stigs_of_database(m))
    bills(out, m)
    scores(out)
    conform_texts.check(c, out, hostile)


def many(path):
    """Workloads with an image each: half of the subjects are images."""
    with open(path, "w", encoding="utf-8") as f:
        for i in range(MANY // 2):
            f.write(json.dumps({
                "apiVersion": "v1", "kind": "Pod", "metadata": {
                    "name": "p%d" % i, "namespace": "n%d" % (i % 7)},
                "spec": {"containers": [{
                    "name": "c", "image": "registry.example.mil/a/i%d@sha256:"
                    "%064x" % (i, i + 1), "securityContext": {
                        "runAsNonRoot": i % 2 == 0, "privileged":
                        i % 5 == 0}}]}}) + "\n---\n")


def reports(where):
    """One scan of each of those images."""
    for i in range(MANY // 2):
        with open(os.path.join(where, "g%d.json" % i), "w",
                  encoding="utf-8") as f:
            json.dump({"source": {"type": "image", "target": {
                "userInput": "registry.example.mil/a/i%d:1" % i,
                "manifestDigest": "sha256:%064x" % (i + 1)}},
                "descriptor": {"name": "grype", "version": "0.80.0"},
                "matches": [{
                    "vulnerability": {
                        "id": "CVE-2024-%04d" % (1000 + i * 3 + k),
                        "severity": ["Low", "High", "Critical"][k % 3],
                        "fix": {"state": "fixed", "versions": ["2"]}},
                    "artifact": {"name": "lib%d" % k, "version": "1",
                                 "type": "deb"}} for k in range(i % 9)]}, f)


def story(name, fill, hostile=False):
    """A database of its own, rendered and checked."""
    before = c.failed
    with Muster(muster) as m:
        out = os.path.join(m.dir.name, "out")
        fill(m)
        for args in (["assess", "--as-of", "2026-11-23"],
                     ["report", "-o", out]):
            p = m.run(*args)
            if not c.true("%s: muster %s" % (name, args[0]),
                          p.returncode == 0,
                          p.stderr.decode("utf-8", "replace")):
                return
        check(out, m, hostile)
        package = os.path.join(m.dir.name, "p.zip")
        for args in ["package", package], ["verify", "--replay", package]:
            p = m.run(*args)
            c.true("%s: muster %s" % (name, " ".join(args[:-1])),
                   p.returncode == 0, p.stderr.decode("utf-8", "replace"))
    if c.failed != before:
        print("... in the story: " + name)


def main():
    if len(sys.argv) > 4:
        with Muster(muster) as m:
            m.db = os.path.abspath(sys.argv[4])
            check(sys.argv[3], m)
        return c.done()
    here = os.path.dirname(os.path.abspath(__file__))
    samples = os.path.join(here, "..", "..", "samples")

    def imported(m, *paths):
        p = m.run("import", *paths)
        c.true("import", p.returncode == 0,
               p.stderr.decode("utf-8", "replace"))

    def hostile(m):
        conform_hostile.build(m, c, samples)
        p = m.run("assess", "--as-of", "2026-11-01")
        if c.true("assessing hostile texts", p.returncode == 0,
                  p.stderr.decode("utf-8", "replace")):
            conform_hostile.decide(m, c)
        p = m.run("mark", "--as-of", "2026-11-01", MARKING)
        c.true("a hostile marking", p.returncode == 0)

    def two_hundred(m):
        pods = os.path.join(m.dir.name, "pods.yaml")
        many(pods)
        scans = os.path.join(m.dir.name, "scans")
        os.mkdir(scans)
        reports(scans)
        imported(m, pods, scans)

    story("the demo", lambda m: imported(
        m, os.path.join(samples, "story"),
        os.path.join(samples, "k8s", "hardened.yaml")))
    # A catalogue is about no image.
    story("nothing", lambda m: imported(
        m, os.path.join(samples, "cci_list", "list.xml")))
    story("hostile texts", hostile, True)
    story("%d subjects" % MANY, two_hundred)
    return c.done()


sys.exit(main())
