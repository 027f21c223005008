#!/usr/bin/env python3
"""bases.py MUSTER SHARED - which image is built on which: images/fleet.oci
against the chains of images/expected.json, and 2.14, 2.15 and 2.17 under
lists made from those facts."""
import json
import os
import re
import sqlite3
import sys
import tempfile

from conform import Conform, Muster

PROGRAM, SHARED = sys.argv[1:3]
IMAGES = os.path.join(SHARED, "images")
FLEET = os.path.join(IMAGES, "fleet.oci")
NAMES = {"stock": "example.com/stock:12", "base": "example.com/base:1.4",
         "base-old": "example.com/base:1.0", "app": "example.com/app:2.0",
         "app-old": "example.com/app:1.0",
         "app-chmod": "example.com/app-chmod:1"}
BASES = ["stock", "base", "base-old"]
AS_OF = "2026-12-01"
IRON = "registry1.dso.mil/ironbank/"
c = Conform()


def approved(facts, names, **changed):
    return {"muster-approved-bases": 1, "date": "2026-11-20", "images": [
        dict({"reference": NAMES[n], "manifest": facts[n]["manifest_digest"],
              "diff_ids": facts[n]["diff_ids"],
              "date": facts[n]["created"]}, **changed) for n in names]}


def inventory(facts, names, date="2026-11-20", prefix="example.com/"):
    return {"muster-inventory": 1, "date": date, "images": [
        {"reference": NAMES[n].replace("example.com/", prefix),
         "manifest": facts[n]["manifest_digest"],
         "date": facts[n]["created"]} for n in names]}


def verdicts(m, requirement):
    return {r["subject_name"]: (r["verdict"], r["reasons"])
            for r in m.rows("show", "results")
            if r["requirement"] == requirement}


def expect(facts, what, requirement, lists, want):
    """want: name of the image -> verdict"""
    with Muster(PROGRAM) as m, tempfile.TemporaryDirectory() as folder:
        files = []
        for i, one in enumerate(lists):
            files.append(os.path.join(folder, "list%d.json" % i))
            with open(files[-1], "w") as f:
                json.dump(one, f)
        p = m.run("import", FLEET, *files)
        if not c.true(what + " is imported", p.returncode == 0,
                      p.stderr.decode("utf-8", "replace")):
            return None
        m.run("assess", "--as-of", AS_OF)
        got = verdicts(m, requirement)
        for name, verdict in want.items():
            c.same("%s %s %s" % (what, requirement, name),
                   got[NAMES[name]][0], verdict)
        return got


def chains(facts):
    """lineage's chain ids, and the longest base each image tells of"""
    with Muster(PROGRAM) as m:
        if not c.true("fleet.oci is imported",
                      m.run("import", FLEET).returncode == 0):
            return
        m.run("assess", "--as-of", AS_OF)
        db = sqlite3.connect("file:%s?mode=ro" % m.db, uri=True)
        got = dict(db.execute("SELECT s.name, l.chain FROM lineage l JOIN "
                              "subject s ON s.id = l.subject"))
        db.close()
        said = verdicts(m, "2.14")
        for name, want in facts.items():
            c.same(name + " chain id", got.get(NAMES[name]),
                   want["chain_ids"][-1])
            found = [re.search(r"layers are those of (\S+) \(", r["text"])
                     for r in said[NAMES[name]][1]]
            # the longest is the last of those that umoci's chains give
            c.same(name + " base", [x.group(1) for x in found if x],
                   [NAMES[b] for b in want["bases_here"][-1:]])


def main():
    with open(os.path.join(IMAGES, "expected.json")) as f:
        table = json.load(f)
    facts = {n: table[n] for n in NAMES if n in table}
    if len(facts) < len(NAMES) or not os.path.exists(FLEET):
        c.skip("fleet.oci", "not in the folder")
        return c.done()
    chains(facts)
    every = dict.fromkeys(NAMES, "pass")
    expect(facts, "every base approved", "2.14",
           [approved(facts, BASES)], every)
    # app's base is base:1.4; that this is built on stock approves it not
    expect(facts, "stock alone approved", "2.14",
           [approved(facts, ["stock"])],
           {"app": "fail", "app-old": "fail", "app-chmod": "pass",
            "base": "pass", "stock": "pass"})
    expect(facts, "no list", "2.14", [], dict.fromkeys(NAMES, "not_reviewed"))
    expect(facts, "digests without chains", "2.14",
           [approved(facts, BASES, diff_ids=None)], every)
    got = expect(facts, "approved names of other bytes", "2.14",
                 [approved(facts, BASES, diff_ids=["sha256:" + "0" * 64],
                           manifest="sha256:" + "1" * 64)],
                 dict.fromkeys(NAMES, "fail"))
    if got:
        for name, (_, reasons) in got.items():
            c.true(name + " says tampering first", next(
                r["text"] for r in reasons
                if r["role"] == "fail").startswith("possible tampering"))
    expect(facts, "a registry of newest versions", "2.15",
           [inventory(facts, ["stock", "base", "app", "app-chmod"])],
           {"app": "pass", "base": "pass", "stock": "pass",
            "app-chmod": "pass"})
    expect(facts, "a registry of every version", "2.15",
           [inventory(facts, NAMES)],
           {"app": "fail", "app-old": "fail", "base": "fail",
            "base-old": "fail", "stock": "pass"})
    expect(facts, "an old inventory", "2.15",
           [inventory(facts, ["app", "stock"], date="2026-01-01")],
           {"app": "not_reviewed", "stock": "not_reviewed"})
    expect(facts, "another registry's inventory", "2.15",
           [inventory(facts, NAMES, prefix="other.example/")],
           {"app": "not_reviewed", "stock": "not_reviewed"})
    expect(facts, "a base that the list replaced", "2.15",
           [approved(facts, BASES)], {"app-old": "fail",
                                      "app": "not_reviewed"})
    expect(facts, "bases that Iron Bank holds", "2.17",
           [inventory(facts, BASES, prefix=IRON)],
           {"app": "pass", "app-old": "pass", "app-chmod": "pass",
            "base": "pass", "base-old": "not_reviewed"})
    expect(facts, "labels of a registry on no list", "2.17", [],
           {"app": "fail", "app-old": "fail", "base": "fail",
            "base-old": "not_reviewed"})
    return c.done()


sys.exit(main())
