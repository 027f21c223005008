#!/usr/bin/env python3
"""cross.py MUSTER SHARED - several scanners of one image, merged.

Each folder of SHARED/inputs/cross holds reports about one image; expected.tsv
says how many issues they come to under the rule of inputs.md, which scanners
share them and how severe they are.  The last line counts; the exit status is
1 when anything failed.
"""
import itertools
import json
import os
import subprocess
import sys
import tempfile

muster, shared = sys.argv[1], sys.argv[2]
inputs = os.path.join(shared, "inputs")
IMAGE = "sha256:" + "c" * 64
passed = failed = 0


def run(db, *args):
    r = subprocess.run([muster, "-d", db, *args], capture_output=True,
                       text=True)
    if r.returncode != 0:
        raise RuntimeError("%s: %s" % (" ".join(args), r.stderr.strip()))
    return r.stdout


def rows(db, what):
    return [json.loads(line) for line in
            run(db, "show", what, "--json").splitlines()]


def metrics(folder):
    """metric -> number, as expected.tsv names them."""
    with tempfile.TemporaryDirectory() as tmp:
        db = os.path.join(tmp, "cross.db")
        for name in sorted(os.listdir(folder)):
            run(db, "import", "--subject", IMAGE, os.path.join(folder, name))
        run(db, "assess")
        stems = {}
        for a in rows(db, "artifacts"):
            tool = a["tool"] or a["format"]
            if tool in stems:
                raise RuntimeError("two reports of " + tool)
            stems[tool] = os.path.splitext(a["file"])[0]
        issues = rows(db, "issues")
    tools = sorted(stems.values())
    seen = [sorted({stems[s["tool"]] for s in i["sources"]}) for i in issues]
    worst = [i["severity"] for i in issues]
    m = {"merged_union": len(issues),
         "merged_in_all": sum(s == tools for s in seen),
         "merged_fixable_in_any": sum(i["fixable"] for i in issues),
         "merged_distinct_ids": len({i["id"] for i in issues}),
         "merged_severity_disagreements": sum(
             len({s["severity"] for s in i["sources"]}) > 1 for i in issues)}
    for t in tools:
        m["merged_only:" + t] = sum(s == [t] for s in seen)
    for a, b in itertools.combinations(tools, 2):
        m["merged_both:%s+%s" % (a, b)] = sum(
            a in s and b in s for s in seen)
    for n in range(1, len(tools) + 1):
        m["merged_seen_by_exactly:%d" % n] = sum(len(s) == n for s in seen)
    for sev in ("critical", "high", "medium", "low", "negligible", "unknown"):
        m["merged_worst_sev:" + sev] = worst.count(sev)
    return m


with open(os.path.join(inputs, "expected.tsv")) as f:
    table = [line.rstrip("\n").split("\t") for line in f
             if line.startswith("cross/")]
for folder in sorted({r[0] for r in table if r[2] == "merged_union"}):
    try:
        got = metrics(os.path.join(inputs, folder))
    except RuntimeError as e:
        print("%s: %s" % (folder, e))
        got = {}
    for _, _, metric, want in (r for r in table if r[0] == folder):
        if not metric.startswith("merged_"):
            continue
        ok = str(got.get(metric)) == want
        passed += ok
        failed += not ok
        if not ok:
            print("%s: %s is %s, not %s" % (folder, metric, got.get(metric),
                                            want))
print("%d passed, %d failed" % (passed, failed))
sys.exit(failed != 0)
