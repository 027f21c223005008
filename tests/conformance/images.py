#!/usr/bin/env python3
"""images.py MUSTER SHARED - image archives in every form: config, layers,
packages and the effective file system of each against images/expected.json
and images/trees, which umoci, find, getcap, dpkg-query and rpm found.

The tree is no part of the JSON contract; it is read from the database."""
import gzip
import json
import os
import re
import sqlite3
import sys

from conform import Conform, Muster

PROGRAM, SHARED = sys.argv[1:3]
IMAGES = os.path.join(SHARED, "images")
c = Conform()


def unescape(path):
    """muster's way to write a path's bytes (str_path), undone."""
    return re.sub(rb"\\(\\|x[0-9a-f]{2})",
                  lambda m: b"\\" if m[1] == b"\\"
                  else bytes([int(m[1][1:], 16)]), path.encode())


def expected_tree(name):
    """path -> (type, mode, uid, gid, size, sha256, link) by umoci and find"""
    tree = {}
    with gzip.open(os.path.join(IMAGES, "trees", name + ".tsv.gz"), "rt",
                   encoding="ascii") as f:
        for line in f:
            if line.startswith("#"):
                continue
            kind, mode, uid, gid, size, sha, path, link = \
                line.rstrip("\n").split("\t")
            raw = [p.encode().decode("unicode_escape").encode("latin-1")
                   if re.search(r"\\", p) else p.encode()
                   for p in (path, link)]
            if raw[0] == b".":
                continue
            tree[b"/" + raw[0]] = (
                kind, None if kind == "l" else int(mode, 8), int(uid),
                int(gid), int(size) if kind == "f" else None,
                sha if kind == "f" else None, raw[1] or None)
    return tree


KINDS = {"file": "f", "dir": "d", "link": "l", "hard": "f", "char": "c",
         "block": "b", "fifo": "p"}


def our_tree(db, target):
    rows = db.execute("SELECT path, type, mode, uid, gid, size, link, sha256 "
                      "FROM file WHERE target = ?", (target,)).fetchall()
    by_path = {r[0]: r for r in rows}
    tree = {}
    for path, kind, mode, uid, gid, size, link, sha in rows:
        if path in ("/", "/."):
            continue
        if kind == "hard" and sha is None and link in by_path:
            sha, size = by_path[link][7], by_path[link][5]
        k = KINDS[kind]
        tree[unescape(path)] = (
            k, None if k == "l" else mode, uid, gid,
            size if k == "f" else None, sha if k == "f" else None,
            unescape(link) if k == "l" else None)
    return tree


def compare_tree(name, db, target):
    want, got = expected_tree(name), our_tree(db, target)
    differ = sorted(p for p in want.keys() | got.keys()
                    if want.get(p) != got.get(p))
    c.true(name + " tree", not differ, "%d of %d paths differ, first %r: "
           "muster %r, expected %r" % (
               len(differ), len(want), differ[0], got.get(differ[0]),
               want.get(differ[0])) if differ else "")


def facts(db, target, name):
    return db.execute("SELECT key, value FROM fact WHERE target = ? AND "
                      "name = ? ORDER BY id", (target, name)).fetchall()


def one(db, target, name):
    values = facts(db, target, name)
    return values[0][1] if values else None


def compare_config(name, want, db, target):
    c.same(name + " user", one(db, target, "config.user") or "",
           want["user"] or "")
    c.same(name + " ports", sorted(k for k, _ in facts(
        db, target, "config.port")), sorted(want["exposed_ports"] or []))
    c.same(name + " env names", [k for k, _ in facts(
        db, target, "config.env")], [e.split("=")[0]
                                     for e in want["env"] or []])
    c.same(name + " labels", sorted(k for k, _ in facts(
        db, target, "config.label")), sorted(want["labels"] or {}))
    health = one(db, target, "config.health")
    test = (want["healthcheck"] or {}).get("Test")
    c.same(name + " health check", json.loads(health) if health else None,
           test)
    c.same(name + " history", [v for _, v in facts(db, target, "history")],
           want["history_created_by"])
    c.same(name + " empty history", sum(v == "true" for _, v in facts(
        db, target, "history.empty")), want["history_empty"])


def compare_packages(name, want, db, target):
    rows = db.execute("SELECT type, name, version, arch FROM package "
                      "WHERE target = ?", (target,)).fetchall()
    if "dpkg" in want:
        c.same(name + " dpkg", sorted("\t".join(r[1:]) for r in rows
                                      if r[0] == "deb"), sorted(want["dpkg"]))
    if "rpm" in want:
        # rpm lists the keys it trusts as packages; muster does not.
        c.same(name + " rpm", sorted("%s\t%s" % r[1:3] for r in rows
                                     if r[0] == "rpm"),
               sorted("\t".join(p.split("\t")[:2]) for p in want["rpm"]
                      if not p.startswith("gpg-pubkey\t")))


def compare(name, want, db):
    digest = want["manifest_digest"] or want["image_id"]
    found = db.execute("SELECT target FROM identity WHERE value = ? AND "
                       "kind IN ('manifest', 'config')", (digest,)).fetchall()
    if not c.true(name + " is there", found, digest):
        return
    target = found[0][0]
    c.same(name + " config digest", [v for v, in db.execute(
        "SELECT value FROM identity WHERE target = ? AND kind = 'config'",
        (target,))], [want["image_id"]])
    layers = db.execute("SELECT diff_id, tar_bytes, entries, state FROM "
                        "layer WHERE target = ? ORDER BY n",
                        (target,)).fetchall()
    c.same(name + " layers", layers, [
        (x["diff_id"], x["tar_size"], x["entries"],
         "ok" if x["diff_id_ok"] else "mismatch") for x in want["layers"]])
    for tag in want["repo_tags"] or []:
        c.true(name + " tag " + tag, db.execute(
            "SELECT 1 FROM identity WHERE target = ? AND value = ?",
            (target, tag)).fetchone())
    compare_config(name, want, db, target)
    compare_packages(name, want, db, target)
    if "capability_files" not in want:
        c.skip(name + " tree", want.get("umoci_error", "not found out"))
        return
    caps = sorted("%s %s" % (unescape(p).decode()[1:], caps)
                  for p, caps in db.execute(
                      "SELECT path, caps FROM file WHERE target = ? AND "
                      "caps IS NOT NULL", (target,)))
    c.same(name + " capabilities", caps, sorted(want["capability_files"]))
    if os.path.exists(os.path.join(IMAGES, "trees", name + ".tsv.gz")):
        compare_tree(name, db, target)


def main():
    with open(os.path.join(IMAGES, "expected.json")) as f:
        table = json.load(f)
    for path in sorted({e["file"] for e in table.values()}):
        mine = {k: e for k, e in table.items() if e["file"] == path}
        full = os.path.join(IMAGES, path)
        if not os.path.exists(full):
            c.skip(path, "not in the folder")
            continue
        with Muster(PROGRAM) as m:
            status, line, story = m.imported(full)
            if not c.true(path + " is imported", status == 0 and line and
                          line["status"] == "imported", story.strip()):
                continue
            db = sqlite3.connect("file:%s?mode=ro" % m.db, uri=True)
            for name, want in mine.items():
                if "user" not in want:
                    c.skip(name, want.get("umoci_error", "no facts"))
                    continue
                compare(name, want, db)
            db.close()
    return c.done()


sys.exit(main())
