#!/usr/bin/env python3
"""build.py MUSTER SHARED - Dockerfiles, hardening manifests and registries'
configurations: what muster read of each file of SHARED/inputs against
inputs/expected.tsv, which other programs counted."""
import csv
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter

from conform import Conform

PROGRAM, SHARED = sys.argv[1:3]
INPUTS = os.path.join(SHARED, "inputs")
OURS = ("dockerfile", "hardening_manifest", "registries")
c = Conform()


def expected():
    files = {}
    with open(os.path.join(INPUTS, "expected.tsv"), newline="") as f:
        for r in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE):
            if r["format"] in OURS:
                files.setdefault(r["file"], {})[r["metric"]] = r["value"]
    return files


def facts(path):
    """[(name, key, value)] of one file, and what went wrong."""
    with tempfile.TemporaryDirectory() as d:
        db = os.path.join(d, "m.db")
        p = subprocess.run([PROGRAM, "-d", db, "import", path],
                           capture_output=True, text=True)
        if p.returncode != 0:
            return None, p.stderr.strip()
        with sqlite3.connect(db) as con:
            return con.execute("SELECT name, coalesce(key, ''), "
                               "coalesce(value, '') FROM fact "
                               "ORDER BY id").fetchall(), ""


def dockerfile(rows):
    ops = [v for n, _, v in rows if n == "dockerfile.instruction"]
    pairs = [(re.split(r"\s+", v, maxsplit=1) + [""])[:2] for v in ops]
    last = max(i for i, (op, _) in enumerate(pairs) if op == "FROM")
    final = pairs[last:]
    users = [a for op, a in final if op == "USER"]
    health = [a for op, a in final if op == "HEALTHCHECK"]
    got = {
        "instructions": len(ops),
        "stages": sum(op == "FROM" for op, _ in pairs),
        "final_from": pairs[last][1],
        "final_user": users[-1] if users else "(none)",
        "final_expose": " ".join(w for op, a in final if op == "EXPOSE"
                                 for w in a.split()),
        "final_healthcheck": bool(health) and
        health[-1].strip().upper() != "NONE",
        "add_url": sum(op == "ADD" and bool(re.search(
            r"(^|\s)(https?|ftp)://", a)) for op, a in pairs),
    }
    got.update({"op:" + k: n for k, n in Counter(
        op for op, _ in pairs).items()})
    return got


def hardening(rows):
    def of(name):
        return [(k, v) for n, k, v in rows if n == "hardening." + name]
    resources = of("resource")
    return {
        "name": of("name")[0][1],
        "tags": ",".join(k for k, _ in of("tag")),
        "base": of("base")[0][1],
        "labels": len(of("label")),
        "resources": len(resources),
        "maintainers": len(of("maintainer")),
        "resources_with_sha256": sum(v.startswith("sha256:")
                                     for _, v in resources),
    }


def registries(rows):
    def of(name):
        return [(k, v) for n, k, v in rows if n == "builder." + name]

    def setting(key):
        return ",".join(v for k, v in of("setting") if k == key)
    tables = [v for _, v in of("registry") + of("mirror")]
    policies = of("policy")
    default = [v for k, v in policies if k == "default"]
    return {
        "v2_registries": len(of("registry")),
        "v2_mirrors": len(of("mirror")),
        "insecure": sum(" insecure" in v for v in tables),
        "blocked": sum(v.endswith(" blocked") for v in tables),
        "unqualified_search": setting("unqualified-search-registries"),
        "v1": any(k.startswith("registries.") for k, _ in of("setting")),
        "v1_search": setting("registries.search"),
        "v1_insecure": setting("registries.insecure"),
        "v1_block": setting("registries.block"),
        "policy_default": default[0] if default else "",
        "policy_scopes": len({k for k, _ in policies if k != "default"}),
        "policy_insecureAcceptAnything": sum(
            v == "insecureAcceptAnything" for _, v in policies),
    }


READ = {"dockerfile": dockerfile, "ironbank": hardening,
        "registries": registries}
for name, metrics in sorted(expected().items()):
    rows, why = facts(os.path.join(INPUTS, name))
    if rows is None:
        c.same(name, "refused: " + why, "imported")
        continue
    got = READ[name.split("/")[0]](rows)
    for metric, value in sorted(metrics.items()):
        c.same(name + " " + metric, str(got.get(metric)), value)
sys.exit(c.done())
