#!/usr/bin/env python3
"""outputs.py MUSTER WORK: the half of bench.sh that measures what is written.

Goals P11 to P14, P17 and P20, and one for a whole accreditation package.
Peers: SAF=COMMAND (npm's @mitre/saf), oscap.  REAL=FILE adds a result of
oscap's that is real.  A peer exits 0 on errors too: what it wrote is looked
at before a ratio counts, and so is what muster wrote."""
import json
import os
import re
import shutil
import sys

from measure import MUSTER, PAIRS, ROOT, at, fresh, over, ratios, row, run

SAF = os.environ.get("SAF")
RULES = 29      # verdicts of a workload and its image, together
DAY = ["--as-of", "2026-11-01"]
IMAGE = os.path.join(ROOT, "samples/story/debian12-base.oci.tar")
NAME = "registry.example.mil/base/debian12:12.15"    # of that image


def goal(what, got, cpu, peak=None):
    row(what + ": CPU", got[0], cpu)
    if peak is not None:
        row(what + ": peak", got[1], peak)


def gone(path):
    def away():
        shutil.rmtree(path, ignore_errors=True)
        if os.path.isfile(path):
            os.unlink(path)
    return away


def written(folder, suffix, pattern):
    """How often the pattern is in the files of a folder, or in a file."""
    n = 0
    if os.path.isfile(folder):
        with open(folder, "rb") as f:
            return sum(len(re.findall(pattern, line)) for line in f)
    for where, _, names in os.walk(folder):
        for name in names:
            if name.endswith(suffix):
                with open(os.path.join(where, name), "rb") as f:
                    n += len(re.findall(pattern, f.read()))
    return n


def workloads(n, findings):
    """Half workloads, half images; some findings on each image."""
    where = at("subjects-%d-%d" % (n, findings))
    if os.path.exists(where):
        return where
    os.makedirs(where + ".part")
    with open(os.path.join(where + ".part", "pods.yaml"), "w",
              encoding="utf-8") as f:
        for i in range(n // 2):
            f.write(json.dumps({
                "apiVersion": "v1", "kind": "Pod", "metadata": {
                    "name": "p%d" % i, "namespace": "n%d" % (i % 7)},
                "spec": {"containers": [{
                    "name": "c", "image": "registry.example.mil/a/i%d@sha256:"
                    "%064x" % (i, i + 1), "securityContext": {
                        "runAsNonRoot": i % 2 == 0,
                        "privileged": i % 5 == 0}}]}}) + "\n---\n")
    for i in range(n // 2):
        matches = [{
            "vulnerability": {
                "id": "CVE-2024-%d" % (1000 + (i * 7 + k) % 5000),
                "severity": ["Low", "High", "Critical"][k % 3],
                "fix": {"state": "fixed", "versions": ["2"]}},
            "artifact": {"name": "lib%d" % k, "version": "1", "type": "deb"}}
            for k in range(findings * 2 // n)]
        with open(os.path.join(where + ".part", "g%d.json" % i), "w",
                  encoding="utf-8") as f:
            json.dump({"source": {"type": "image", "target": {
                "userInput": "registry.example.mil/a/i%d:1" % i,
                "manifestDigest": "sha256:%064x" % (i + 1)}},
                "descriptor": {"name": "grype", "version": "0.80.0"},
                "matches": matches}, f)
    os.rename(where + ".part", where)
    return where


def assessed(name, *paths):
    db = at(name)
    fresh(db)
    run([MUSTER, "-q", "-d", db, "import", *paths])
    run([MUSTER, "-q", "-d", db, "assess", *DAY])
    return db


def report(db, out, formats):
    return [MUSTER, "-q", "-d", db, "report", "-o", out, "-f", formats]


def checklists(x3):
    """P11: a STIG's results as a checklist, beside the guide's."""
    hdf, ckl, out = at("x3.hdf.json"), at("x3.ckl"), at("ckl")
    assessed("many.db", workloads(208, 0))
    db = at("x3.db")
    fresh(db)
    run([MUSTER, "-q", "-d", db, "import", IMAGE])
    run([MUSTER, "-q", "-d", db, "import", "--subject", NAME, x3])
    run([MUSTER, "-q", "-d", db, "assess", *DAY])
    run([SAF, "convert", "xccdf_results2hdf", "-i", x3, "-o", hdf])

    def away():
        gone(out)()
        gone(ckl)()
    got = ratios(report(db, out, "ckl"),
                 [SAF, "convert", "hdf2ckl", "-i", hdf, "-o", ckl], away)
    ours, theirs = (written(out, ".ckl", b"<VULN>"),
                    written(ckl, ".ckl", b"<VULN>"))
    if ours < 3000 or theirs != 3000:
        sys.exit("checklists of %d and %d rules" % (ours, theirs))
    goal("P11 ckl of %d results / saf hdf2ckl of 3000" % ours, got, 0.08,
         0.12)


def converted(p, what, f, kind, limits, pairs):
    """Import and a checklist against two conversions."""
    db, out, hdf, ckl = (at("c.db"), at("c"), at("c.hdf.json"),
                         at("c.ckl"))

    def away():
        fresh(db)
        for path in out, hdf, ckl:
            gone(path)()
    stig = kind == "xccdf_results2hdf"
    ours = " && ".join(" ".join(a) for a in [
        [MUSTER, "-q", "-d", db, "import", *of, ">/dev/null"] for of in (
            [[IMAGE], ["--subject", NAME, f]] if stig else [[f]])] + [
        [MUSTER, "-q", "-d", db, "assess", *DAY], report(db, out, "ckl")])
    theirs = "%s convert %s -i %s -o %s && %s convert hdf2ckl -i %s -o %s" % (
        SAF, kind, f, hdf, SAF, hdf, ckl)
    got = ratios(["sh", "-c", ours], ["sh", "-c", theirs], away, pairs)
    n, m = (written(out, ".ckl", b"<VULN>"),
            written(ckl, ".ckl", b"<VULN>"))
    if n < (3000 if stig else RULES - 11) or m == 0:
        sys.exit("%s: checklists of %d and %d rules" % (f, n, m))
    goal("%s %s: import, ckl (%d rules) / saf's two (%d)" % (p, what, n, m),
         got, *limits)


def pages(what, f, limits):
    """P14: import and pages against oscap's report."""
    db, out, theirs = at("h.db"), at("h"), at("oscap.html")

    def away():
        fresh(db)
        gone(out)()
        gone(theirs)()
    ours = " && ".join(" ".join(a) for a in (
        [MUSTER, "-q", "-d", db, "import", IMAGE, f, ">/dev/null"],
        [MUSTER, "-q", "-d", db, "assess", *DAY], report(db, out, "html")))
    got = ratios(["sh", "-c", ours],
                 ["oscap", "xccdf", "generate", "report", "--output", theirs,
                  f], away)
    if not os.path.getsize(theirs) or written(
            os.path.join(out, "rules"), ".html", b'data-row="1"') == 0:
        sys.exit("%s: a page is missing" % f)
    goal("P14 %s: import, image and pages / oscap's report" % what, got,
         *limits)


def gate():
    """P17."""
    policy = at("policy.toml")
    with open(policy, "w", encoding="utf-8") as f:
        f.write("min_pass_percent = 0\n")
    got = ratios([MUSTER, "-q", "-d", at("many.db"), "gate", "-p", policy],
                 [SAF, "validate", "threshold", "-i", at("x3.hdf.json"), "-I",
                  "{compliance.min: 0}"])
    goal("P17 gate / saf validate threshold", got, 0.005, 0.03)


def growth():
    """P20: every output of ten times as many subjects."""
    small = assessed("s104.db", workloads(104, 1040))
    big = assessed("s1040.db", workloads(1040, 10400))
    out = at("grown")
    formats = [line.split()[0] for line in os.popen(
        MUSTER + " help import").read().split("Outputs written by")[1]
        .splitlines()[1:] if line.startswith("  ")]
    for name in sorted(set(formats)):
        got = ratios(report(big, out, name), report(small, out + "-s", name),
                     lambda: (gone(out)(), gone(out + "-s")()),
                     min(PAIRS, 3))
        row("P20 %s: CPU of 1040 subjects / of 104" % name, got[0], 12)


def whole():
    """1,000 subjects, 100,000 findings, all outputs."""
    db = assessed("whole.db", workloads(1000, 100000))
    out = at("whole")
    gone(out)()
    _, wall, peak = run([MUSTER, "-q", "-d", db, "report", "-o", out])
    for name in "xccdf", "ckl", "subjects":
        if len(os.listdir(os.path.join(out, name))) != 1000:
            sys.exit("not 1000 files of " + name)
    gone(out)()
    row("1000 subjects, 100000 findings: all outputs, wall", wall, 60, " s")
    row("1000 subjects, 100000 findings: all outputs, peak", peak, 500,
        " MB")


X3 = at("xccdf-3000.xml")
if SAF:
    checklists(X3)
    converted("P12", "xccdf 3000", X3, "xccdf_results2hdf", (0.03, 0.12),
              PAIRS)
    # minutes of theirs, at a hundredth of a second of ours: once is enough
    converted("P13", "grype 400", at("grype-400.json"), "anchoregrype2hdf",
              (0.003, 0.04), 1)
    gate()
else:
    print("skipped: P11 to P13, P17 (SAF=COMMAND, npm's @mitre/saf)")
if shutil.which("oscap"):
    pages("xccdf 3000", X3, (0.06, 0.6))
    if os.environ.get("REAL"):
        pages("a real result", os.environ["REAL"], (0.15, 0.6))
    else:
        print("skipped: P14 of a real result (REAL=FILE, by oscap)")
else:
    print("skipped: P14 (oscap)")
print("skipped: P15, P16: there is no validator")
growth()
whole()
print(json.dumps({"over": len(over), "pairs": PAIRS}))
sys.exit(1 if over else 0)
