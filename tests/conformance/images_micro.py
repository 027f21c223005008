#!/usr/bin/env python3
"""images_micro.py MUSTER SHARED - images with one fact each, and its verdict.

Every image of SHARED/images/micro goes into a database of its own; the
verdict of the requirement that expected.tsv names must be the expected one.
The reference image (requirement 2.0) must fail nothing.  The last line
counts; the exit status is 1 when anything failed.
"""
import json
import os
import subprocess
import sys
import tempfile

muster, shared = sys.argv[1], sys.argv[2]
micro = os.path.join(shared, "images", "micro")
passed = failed = skipped = 0


def run(db, *args):
    r = subprocess.run([muster, "-d", db, "--as-of", "2026-01-01", *args],
                       capture_output=True, text=True, timeout=120)
    if r.returncode != 0:
        raise RuntimeError("%s: status %d: %s" %
                           (args[0], r.returncode, r.stderr.strip()))
    return r.stdout


def results(file):
    """requirement -> (verdict, reasons) of the one image of a file."""
    with tempfile.TemporaryDirectory() as tmp:
        db = os.path.join(tmp, "one.db")
        run(db, "import", os.path.join(micro, file))
        run(db, "assess")
        rows = [json.loads(line) for line in
                run(db, "show", "results", "--json").splitlines()]
    subjects = {r["subject"] for r in rows}
    if len(subjects) != 1:
        raise RuntimeError("%d subjects" % len(subjects))
    return {r["requirement"]: (r["verdict"],
                               [x["text"] for x in r["reasons"]])
            for r in rows}


def judge(file, requirement, want):
    """None when all is as it should be, else what is not."""
    got = results(file)
    if requirement == "2.0":
        bad = {k: v for k, v in got.items() if v[0] in ("fail", "error")}
        return "fails %s" % bad if bad else None
    verdict, reasons = got[requirement]
    if verdict == want:
        return None
    return "%s instead of %s: %s" % (verdict, want, "; ".join(reasons))


with open(os.path.join(micro, "expected.tsv")) as f:
    table = [line.rstrip("\n").split("\t") for line in f
             if line.strip() and not line.startswith("#")]
for name, requirement, want, _, why in table:
    try:
        wrong = judge(name, requirement, want)
    except (RuntimeError, KeyError, ValueError,
            subprocess.TimeoutExpired) as e:
        wrong = "could not be judged: %s" % e
    if wrong is None:
        passed += 1
    else:
        failed += 1
        print("FAILED", name, "(%s):" % why, wrong)
print("%d passed, %d failed, %d skipped" % (passed, failed, skipped))
sys.exit(1 if failed or not passed else 0)
