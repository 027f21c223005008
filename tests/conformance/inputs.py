#!/usr/bin/env python3
"""inputs.py MUSTER SHARED - real reports and manifests: what muster read of
each file of SHARED/inputs against inputs/expected.tsv, which other programs
counted; and the malformed ones against inputs/bad/EXPECT.tsv."""
import csv
import json
import os
import sqlite3
import sys
from collections import Counter

from conform import Conform, Muster

PROGRAM, SHARED = sys.argv[1:3]
INPUTS = os.path.join(SHARED, "inputs")
SCANNERS = ("grype", "twistcli", "anchore", "trivy", "prisma_api",
            "prisma_csv")
OURS = SCANNERS + ("anchore_gates", "xccdf", "arf", "k8s", "kubelet",
                   "compose", "docker_daemon")
# Facts muster has no use for, or that its JSON does not show.
UNUSED = {
    "locations", "distinct_purls", "ignored", "summary_total_agrees",
    "distro", "results", "root", "xccdf_version", "benchmarks", "rules",
    "groups", "testresults", "benchmark_id", "score", "scores",
    "target_facts", "overrides", "idents_in_results", "cci_in_results",
    "reports", "assets", "documents", "empty_documents", "objects", "kind",
    "end_time", "columns",
}
# The kinds that expected.tsv's counts are about; muster finds pod templates
# in others too.
COUNTED = {"Pod", "CronJob", "Deployment", "StatefulSet", "DaemonSet",
           "ReplicaSet", "ReplicationController", "Job", "DeploymentConfig"}
c = Conform()


def expected():
    """file -> (format, {metric: value})"""
    files = {}
    with open(os.path.join(INPUTS, "expected.tsv"), newline="") as f:
        for r in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE):
            if r["format"] in OURS:
                files.setdefault(r["file"], (r["format"], {}))[1][
                    r["metric"]] = r["value"]
    return files


def canonical(f):
    """The CVEs a finding stands for, else its own id."""
    if f["id"].upper().startswith("CVE-"):
        return {f["id"].upper()}
    aliases = {a.upper() for a in f.get("aliases") or []
               if a.upper().startswith("CVE-")}
    return aliases or {f["id"].upper()}


def vulnerabilities(findings):
    rows = [f for f in findings if f["kind"] == "vulnerability"]
    got = {
        "rows": len(rows),
        "distinct_ids": len({f["id"] for f in rows}),
        "distinct_triples": len({(f["id"], f["package"] or "",
                                  f["version"] or "") for f in rows}),
        "fixable": sum(bool(f["fixable"]) for f in rows),
        "distinct_canonical_ids": len({i for f in rows
                                       for i in canonical(f)}),
        "rows_with_non_cve_id": sum(
            not f["id"].upper().startswith("CVE-") for f in rows),
        "sev": Counter(f["severity"] for f in rows),
        "sev_native": Counter(f["severity_word"] or "(empty)" for f in rows),
    }
    comp = [f for f in findings if f["kind"] == "compliance"]
    got["compliance_rows"] = len(comp)
    got["compliance_sev"] = Counter(f["severity"] for f in comp)
    return got


def scanner(findings, subjects, m):
    """What one format counts and the others do not."""
    rows = [f for f in findings if f["kind"] == "vulnerability"]
    comp = [f for f in findings if f["kind"] == "compliance"]
    db = sqlite3.connect("file:%s?mode=ro" % m.db, uri=True)
    targets = dict(db.execute("SELECT kind, count(*) FROM target "
                              "GROUP BY kind"))
    ids = db.execute("SELECT count(DISTINCT value) FROM identity "
                     "WHERE kind = 'config'").fetchone()[0]
    quads = db.execute(
        "SELECT count(*) FROM (SELECT DISTINCT target, vuln_id, package, "
        "version FROM finding WHERE kind = 'vulnerability')").fetchone()[0]
    unnamed = db.execute("SELECT count(*) FROM warning WHERE text LIKE "
                         "'%without an id'").fetchone()[0]
    licences = db.execute("SELECT coalesce(sum(CAST(text AS INTEGER)), 0) "
                          "FROM warning WHERE text LIKE '%licences are%'"
                          ).fetchone()[0]
    merged = db.execute("SELECT coalesce(sum(count_merged), 0) "
                        "FROM artifact").fetchone()[0]
    db.close()
    binaries = [[i for i in f.get("idents") or [] if i.startswith("binary:")]
                for f in rows]
    inherited = [f["value"] for f in facts_of(m, "scan.inherited")]
    return {
        "inherited_from_base": int(inherited[0]) if inherited else 0,
        "will_not_fix": sum(f["result"] == "will_not_fix" for f in rows),
        "status": Counter(f["result"] for f in rows),
        "rows_without_id": unnamed,
        "misconfigurations": len(comp) + merged,
        "misconfigurations_fail": sum(f["result"] == "fail" for f in comp),
        "misconf_fail_sev": Counter(f["severity"] for f in comp
                                    if f["result"] == "fail"),
        "secrets": sum(f["kind"] == "secret" for f in findings),
        "licenses": licences,
        "images": targets.get("image", 0),
        "distinct_image_ids": ids,
        "distinct_images": targets.get("image", 0),
        "distinct_hosts": targets.get("host", 0),
        "distinct_image_quadruples": quads,
        "all_rows": len(rows) + len(comp),
        "rows_with_binaryPkgs": sum(bool(b) for b in binaries),
        "binary_packages_named": len({b for bs in binaries for b in bs}),
    }


def gates(name, want, m):
    """A policy evaluation: rows of the gate "vulnerabilities" are counted
    and not stored, so its own numbers are seen as the difference."""
    rows = [f for f in m.rows("show", "findings")
            if f["kind"] in ("compliance", "secret")]
    db = sqlite3.connect("file:%s?mode=ro" % m.db, uri=True)
    merged, read = db.execute(
        "SELECT sum(count_merged), sum(count_read) FROM artifact").fetchone()
    listed = db.execute("SELECT count(*) FROM statement").fetchone()[0]
    db.close()
    got = {
        "rows": read - listed,
        "rows_not_vulnerabilities_gate": len(rows),
        "whitelisted": listed,
        "gate:vulnerabilities": merged,
        "final_action": (facts_of(m, "scan.action") or [{"value": ""}])[0][
            "value"],
    }
    for gate in {f["type"] for f in rows}:
        got["gate:" + gate] = sum(f["type"] == gate for f in rows)
    for metric, value in want.items():
        what = "%s %s" % (name, metric)
        if metric in got:
            c.same(what, str(got[metric]), value)
        elif metric.startswith("action:"):
            have = sum(f["severity_word"] == metric[7:] for f in rows)
            c.true(what, have <= int(value) and
                   int(value) - have <= merged, "%d of %s" % (have, value))
        elif metric == "distinct_trigger_ids":
            have = len({f["id"] for f in rows})
            c.true(what, have <= int(value) <= have + merged,
                   "%d of %s" % (have, value))
        else:
            c.skip(what, "muster does not show it")


def rules(findings):
    rows = [f for f in findings if f["kind"] == "rule"]
    return {
        "rule_results": len(rows),
        "distinct_idrefs": len({f["id"] for f in rows}),
        "result": Counter(f["result"] or "(none)" for f in rows),
        "fail_sev": Counter(f["severity"] for f in rows
                            if f["result"] == "fail"),
    }


def workloads(subjects, results):
    """What the manifests' counters say in the terms of verdicts."""
    keys = [s["subject"] for s in subjects
            if s["subject_kind"] == "workload" and
            s["subject"].split("/")[0] in COUNTED and
            not s["subject"].endswith("/-")]  # without a container
    verdict = {(r["subject"], r["requirement"]): r["verdict"]
               for r in results}
    return {"containers": len(keys),
            "read_only": sum(verdict[k, "3.7"] == "pass" for k in keys)}


def facts_of(m, *names):
    return [f for f in m.rows("show", "facts") if f["name"] in names]


def services(name, want, m):
    """A compose file's counters, from facts and verdicts."""
    m.run("assess", "--as-of", "2026-11-01")
    results = m.rows("show", "results")
    verdict = {(r["subject"], r["requirement"]): r["verdict"]
               for r in results}
    texts = {(r["subject"], r["requirement"]):
             " ".join(x["text"] for x in r["reasons"]) for r in results}
    keys = {r["subject"] for r in results}
    got = {
        "services": len(keys),
        "with_image": len(facts_of(m, "pod.image")),
        "privileged": sum(f["value"] == "true"
                          for f in facts_of(m, "pod.privileged")),
        "read_only": sum(verdict[k, "3.7"] == "pass" for k in keys),
        "pid_host": sum("pid is host" in texts[k, "3.10"] for k in keys),
        "network_host": sum("network_mode is host" in texts[k, "3.10"]
                            for k in keys),
        "docker_sock": sum("docker.sock" in texts[k, "3.1"] for k in keys),
        "user_set": len(facts_of(m, "pod.user")),
        "memory_limit": sum(f["key"] == "limits.memory"
                            for f in facts_of(m, "pod.resource")),
        "pids_limit": sum(verdict[k, "3.3"] == "pass" for k in keys),
        # A disabled check counts there and fails here.
        "healthcheck": sum(f["key"] == "liveness"
                           for f in facts_of(m, "pod.probe")),
    }
    for metric, value in want.items():
        if metric in got:
            c.same("%s %s" % (name, metric), str(got[metric]), value)
        else:
            c.skip("%s %s" % (name, metric), "muster counts otherwise")
    c.true(name + " volumes", len(facts_of(m, "pod.hostpath")) <=
           int(want["volume_entries"]), "more than there are")


def engine(name, want, m):
    """A daemon.json's settings, each as its own fact."""
    m.run("assess", "--as-of", "2026-11-01")
    verdict = {r["requirement"]: r["verdict"]
               for r in m.rows("show", "results")}
    limit = want["default-pids-limit"]
    c.same(name + " 3.3", verdict.get("3.3"),
           "pass" if limit.isdigit() and int(limit) > 0 else "fail")
    for metric, value in want.items():
        have = [f["value"] for f in facts_of(
            m, "platform.pids", "tls.off", "platform.seccomp",
            "platform.setting") if f["key"] == metric]
        expect = [] if value == "(absent)" else json.loads(value)
        if not isinstance(expect, list):
            expect = [value.strip('"')]
        c.same("%s %s" % (name, metric), have, expect)


def text_of(objects, database):
    """Everything said about the file, to look for names and digests in; what
    a target calls itself is kept even where no subject comes of it."""
    db = sqlite3.connect("file:%s?mode=ro" % database, uri=True)
    names = db.execute("SELECT name FROM target UNION SELECT value FROM "
                       "identity").fetchall()
    db.close()
    return "\n".join([str(v) for o in objects for v in o.values()] +
                     [str(n) for n, in names])


def compare(name, fmt, want, m):
    status, line, story = m.imported(os.path.join(INPUTS, name))
    if not c.true(name + " is imported", status == 0 and line and
                  line["status"] == "imported", story.strip()):
        return
    got = {"tool_version": line.get("tool_version") or ""}
    findings = m.rows("show", "findings")
    subjects = m.rows("show", "subjects")
    artifacts = m.rows("show", "artifacts")
    if fmt in SCANNERS:
        got.update(vulnerabilities(findings))
        got.update(scanner(findings, subjects, m))
        got["packages"] = len(m.rows("show", "packages"))
    elif fmt == "anchore_gates":
        gates(name, want, m)
        return
    elif fmt in ("xccdf", "arf"):
        got.update(rules(findings))
    elif fmt == "k8s":
        m.run("assess", "--as-of", "2026-11-01")
        found = workloads(subjects, m.rows("show", "results"))
        inits = int(want["init_containers"])
        c.same(name + " containers", found["containers"],
               int(want["containers"]) + inits)
        c.true(name + " read-only roots",
               int(want["containers_readonly_root"]) <= found["read_only"]
               <= int(want["containers_readonly_root"]) + inits,
               "%d" % found["read_only"])
        return
    elif fmt == "compose":
        services(name, want, m)
        return
    elif fmt == "docker_daemon":
        engine(name, want, m)
        return
    elif fmt == "kubelet":
        m.run("assess", "--as-of", "2026-11-01")
        verdict = {r["requirement"]: r["verdict"]
                   for r in m.rows("show", "results")
                   if r["subject_kind"] == "platform"}
        limit = want["podPidsLimit"]
        c.same(name + " 3.3", verdict.get("3.3"),
               "pass" if limit.isdigit() and int(limit) > 0 else "fail")
        c.same(name + " 3.2", verdict.get("3.2"),
               "pass" if want["seccompDefault"] == "True" else "fail")
        return
    said = text_of([line] + subjects + artifacts +
                   m.rows("show", "facts"), m.db)
    for metric, value in want.items():
        key, _, part = metric.partition(":")
        if value == "[not provided]":  # a build of grype without a version
            value = ""
        what = "%s %s" % (name, metric)
        if key in UNUSED:
            continue
        if key == "targets" and fmt == "trivy":
            continue  # results of a report, not what it is about
        if key.startswith("target") or key in (
                "test_system", "artifact_name", "image_id", "repo_digest"):
            # Shown where the file names it; a placeholder is no name.
            # A CPE is taken apart: product and version.
            for part in value.split(":")[3:] if value.startswith("cpe:/") \
                    else value.split("@") if value else ():
                c.true(what, part.removeprefix("sha256:") in said,
                       "%r is shown nowhere" % part)
            continue
        if key not in got:
            c.skip(what, "muster does not show it")
            continue
        have = got[key][part] if isinstance(got[key], Counter) else got[key]
        c.same(what, str(have), value)


def whole(path):
    """Does another reader find this JSON complete?"""
    try:
        with open(path, encoding="utf-8") as f:
            json.load(f)
        return True
    except ValueError:
        return False


def cut(path):
    """A report that ends early anywhere is refused and leaves nothing."""
    with open(path, "rb") as f:
        text = f.read().rstrip()
    for length in (len(text) - 1, len(text) // 2, 100):
        with Muster(PROGRAM) as m:
            short = os.path.join(m.dir.name, "cut.json")
            with open(short, "wb") as f:
                f.write(text[:length])
            status, line, _ = m.imported(short)
            what = "%s cut at byte %d" % (os.path.basename(path), length)
            c.same(what + " is refused", (status, line and line["status"]),
                   (2, "refused"))
            c.same(what + " leaves nothing behind",
                   m.rows("show", "artifacts"), [])


def bad():
    """Malformed and awkward files: nothing of a refused one may stay."""
    with open(os.path.join(INPUTS, "bad", "EXPECT.tsv"), newline="") as f:
        table = list(csv.DictReader(f, delimiter="\t"))
    for r in table:
        name = "bad/" + r["file"]
        path = os.path.join(INPUTS, name)
        if r["file"].startswith("truncated") and whole(path):
            c.skip(name, "it is whole: cut off here instead")
            cut(path)
            continue
        with Muster(PROGRAM) as m:
            status, line, story = m.imported(path)
            if not c.true(name + " is answered for",
                          status in (0, 2) and line is not None,
                          "status %d: %s" % (status, story)):
                continue
            refused = line["status"] == "refused"
            c.same(name + " status agrees", status, 2 if refused else 0)
            allowed = r["expectation"]
            if refused:
                c.true(name + " may be refused", "reject" in allowed or
                       "error" in allowed, story)
                c.true(name + " says why", bool(line["error"] and
                                                line["error"]["message"]))
                c.same(name + " leaves nothing behind", (
                    m.rows("show", "findings"), m.rows("show", "artifacts")),
                    ([], []))
                continue
            c.true(name + " may be accepted", allowed != "reject",
                   "imported as " + str(line["format"]))
            if r["rows"].isdigit():
                c.same(name + " rows", len(
                    [f for f in m.rows("show", "findings")
                     if f["kind"] in ("vulnerability", "rule")]),
                    int(r["rows"]))


for path, (kind, facts) in sorted(expected().items()):
    with Muster(PROGRAM) as one:
        compare(path, kind, facts, one)
bad()
sys.exit(c.done())
