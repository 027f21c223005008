#!/usr/bin/env python3
"""k8s.py MUSTER SHARED - Kubernetes manifests against known verdicts.

Every file of SHARED/k8s named in expected.tsv goes into a database of its
own; the verdicts of 3.1 to 3.11 must be the expected ones, compared as a
multiset of (workload, container, requirement, verdict).  "na" stands for
not_applicable and not_reviewed.  Then the malformed files of k8s/bad, and the
counts of inputs/k8s and inputs/kubelet.  The last line counts; the exit
status is 1 when anything failed.
"""
import collections
import csv
import json
import os
import subprocess
import sys
import tempfile

muster, shared = sys.argv[1], sys.argv[2]
passed = failed = 0


def check(ok, what):
    global passed, failed
    if ok:
        passed += 1
    else:
        failed += 1
        print("FAILED", what)


def rows(path):
    with open(os.path.join(shared, path), newline="") as f:
        for row in csv.reader(f, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row and not row[0].startswith("#"):
                yield row


def run(db, *args):
    return subprocess.run([muster, "-d", db, *args], capture_output=True,
                          text=True, errors="replace", timeout=60)


def lines(out):
    return [json.loads(line) for line in out.splitlines() if line.strip()]


def show(db, kind):
    r = run(db, "show", kind, "--json")
    if r.returncode != 0:
        raise RuntimeError("show %s: %s" % (kind, r.stderr))
    return lines(r.stdout)


def verdicts(file, tmp):
    """What muster says about a file: a list of rows, or None (refused)."""
    db = os.path.join(tmp, "one.db")
    for path in (db, db + "-journal"):
        if os.path.exists(path):
            os.unlink(path)
    r = run(db, "import", os.path.join(shared, file))
    if r.returncode not in (0, 2):
        raise RuntimeError("import %s: %s" % (file, r.stderr))
    if r.returncode == 2:
        return None, r.stderr
    r = run(db, "assess")
    if r.returncode != 0:
        raise RuntimeError("assess %s: %s" % (file, r.stderr))
    return show(db, "results"), ""


def short(row):
    """A result as the table spells it; None for what it leaves out."""
    words = {"not_applicable": "na", "not_reviewed": "na"}
    verdict = words.get(row["verdict"], row["verdict"])
    if row["subject_kind"] == "platform":
        # The table knows a platform's PIDs only.
        if row["requirement"] != "3.3":
            return None
        return (row["subject"].split("/")[0], "-", "3.3", verdict)
    kind, _, name, container = row["subject"].split("#")[0].split("/", 3)
    # A pod without containers: what its namespaces are, and nothing else.
    if container == "-" and row["requirement"] != "3.10":
        return None if verdict == "na" else ("bad", "-", "-", verdict)
    return (kind + "/" + name, container, row["requirement"], verdict)


def manifests(tmp):
    expected = collections.defaultdict(collections.Counter)
    for file, workload, container, requirement, verdict, *_ in rows(
            "k8s/expected.tsv"):
        if file.startswith("compose/"):
            continue
        want = expected[file]
        if requirement != "3.x":
            if workload.startswith("KubeletConfiguration/"):
                workload = "KubeletConfiguration"
            want[(workload, container, requirement, verdict)] += 1
    for file, want in expected.items():
        found, why = verdicts("k8s/" + file, tmp)
        if found is None:
            check(False, "%s was refused: %s" % (file, why.strip()))
            continue
        got = collections.Counter(
            s for s in map(short, found) if s is not None)
        if not want:
            check(not got, "%s: a workload was found" % file)
        for row in sorted(want.keys() | got.keys()):
            for _ in range(min(want[row], got[row])):
                check(True, "")
            if want[row] > got[row]:
                check(False, "%s: expected %s" % (file, " ".join(row)))
            elif want[row] < got[row]:
                check(False, "%s: got %s" % (file, " ".join(row)))


def bad(tmp):
    says = {
        "tab.yaml": ":4", "helm-template.yaml": "unrendered template",
        "containers-map.yaml": "expected a list",
        "dup-key.yaml": "appears twice",
    }
    refused = {"tab.yaml", "helm-template.yaml", "unclosed.yaml", "deep.yaml",
               "dup-key.yaml", "containers-map.yaml", "binary.yaml",
               "billion-laughs.yaml", "alias-loop.yaml", "no-kind.yaml"}
    for file, must in rows("k8s/bad/expected.tsv"):
        found, why = verdicts("k8s/bad/" + file, tmp)
        name = "bad/%s (%s)" % (file, must)
        if file in refused:
            check(found is None and bool(why), name + ": not refused")
        else:
            check(found is None or not any(
                r["verdict"] == "pass" and r["requirement"] != "3.10"
                for r in found), name + ": something passed")
        if file in says:
            check(says[file] in why, name + ": says " + why.strip())


def counts(tmp):
    """Containers and objects of inputs/k8s, settings of inputs/kubelet."""
    want = collections.defaultdict(dict)
    for file, form, metric, value in rows("inputs/expected.tsv"):
        if form in ("k8s", "kubelet"):
            want[file][metric] = value
    for file, metrics in sorted(want.items()):
        db = os.path.join(tmp, "counts.db")
        if os.path.exists(db):
            os.unlink(db)
        r = run(db, "import", "--json", os.path.join(shared, "inputs", file))
        if r.returncode != 0:
            check(False, "inputs/%s: %s" % (file, r.stderr.strip()))
            continue
        one = lines(r.stdout)[0]
        run(db, "assess")
        results = show(db, "results")
        if "objects" in metrics:
            check(one["records"]["read"] == int(metrics["objects"]),
                  "inputs/%s: %s objects, expected %s" % (
                      file, one["records"]["read"], metrics["objects"]))
            containers = {r["subject"] for r in results
                          if r["subject_kind"] == "workload" and
                          not r["subject"].endswith("/-")}
            n = int(metrics["containers"]) + int(metrics["init_containers"])
            check(len(containers) == n, "inputs/%s: %d containers, expected "
                  "%d" % (file, len(containers), n))
            readonly = sum(r["requirement"] == "3.7" and r["verdict"] ==
                           "pass" for r in results)
            check(readonly >= int(metrics["containers_readonly_root"]),
                  "inputs/%s: %d read-only" % (file, readonly))
        else:
            limit = int(metrics["podPidsLimit"])
            verdict = [r["verdict"] for r in results
                       if r["subject_kind"] == "platform" and
                       r["requirement"] == "3.3"]
            check(verdict == ["pass" if limit > 0 else "fail"],
                  "inputs/%s: 3.3 is %s" % (file, verdict))
            default = metrics["seccompDefault"] == "True"
            verdict = [r["verdict"] for r in results
                       if r["subject_kind"] == "platform" and
                       r["requirement"] == "3.2"]
            check(verdict == ["pass" if default else "fail"],
                  "inputs/%s: 3.2 is %s" % (file, verdict))


with tempfile.TemporaryDirectory() as tmp:
    manifests(tmp)
    bad(tmp)
    counts(tmp)
print("%d passed, %d failed" % (passed, failed))
sys.exit(failed > 0)
