#!/usr/bin/env python3
"""packages.py MUSTER SHARED - files against what their packages record.

Counted here a second time, with Python's own tar and MD5, over the Debian
images of SHARED/images/fleet.oci; for RPM with what `rpm --dump` says.  Then
a layer goes on top of one of them that changes a program, a configuration
file and a library, deletes a program and brings one of its own: muster must
name each, with both layers."""
import gzip
import hashlib
import io
import json
import os
import posixpath
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile

from conform import Conform, Muster

PROGRAM, SHARED = sys.argv[1:3]
IMAGES = os.path.join(SHARED, "images")
FLEET = os.path.join(IMAGES, "fleet.oci")
c = Conform()


def blob(digest):
    with open(os.path.join(FLEET, "blobs", *digest.split(":")), "rb") as f:
        data = f.read()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def images():
    """name -> (manifest digest, [layer tar, lowest first], config)"""
    index = json.load(open(os.path.join(FLEET, "index.json")))
    for m in index["manifests"]:
        manifest = json.loads(blob(m["digest"]))
        yield (m["annotations"]["org.opencontainers.image.ref.name"],
               m["digest"], [blob(x["digest"]) for x in manifest["layers"]],
               json.loads(blob(manifest["config"]["digest"])))


def merged(layers):
    """path -> bytes of a file, or str of a link"""
    tree = {}
    for data in layers:
        new = {}
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            for m in tar:
                path = posixpath.normpath(m.name).lstrip("/")
                folder, base = posixpath.split(path)
                if base == ".wh..wh..opq":
                    gone = folder + "/"
                elif base.startswith(".wh."):
                    gone = posixpath.join(folder, base[4:])
                elif m.isfile():
                    new[path] = tar.extractfile(m).read()
                    continue
                elif m.issym():
                    new[path] = m.linkname
                    continue
                elif m.islnk():
                    to = posixpath.normpath(m.linkname).lstrip("/")
                    new[path] = new.get(to, tree.get(to))
                    continue
                else:
                    continue
                for p in [p for p in tree if p == gone or
                          p.startswith(gone.rstrip("/") + "/")]:
                    del tree[p]
        tree.update(new)
    return tree


def follow(tree, path, hops=40):
    """The file a path means, or None."""
    parts, done = path.split("/"), ""
    while parts:
        done = posixpath.normpath(posixpath.join(done, parts.pop(0)))
        to = tree.get(done)
        if isinstance(to, str):
            if hops == 0:
                return None
            hops -= 1
            parts = to.lstrip("/").split("/") + parts
            done = "" if to.startswith("/") else posixpath.dirname(done)
    return tree.get(done)


def dpkg(tree):
    """(compared, changed paths, how many are missing) by MD5"""
    listed, config = {}, {}
    for path, data in tree.items():
        if path.startswith("var/lib/dpkg/info/") and \
                path.endswith(".md5sums"):
            for line in data.decode().splitlines():
                listed.setdefault(line[34:], []).append(line[:32])
    inside = False
    for line in tree["var/lib/dpkg/status"].decode().splitlines():
        if inside and line.startswith(" /"):
            words = line.split()
            if len(words[1]) == 32:
                config[words[0].lstrip("/")] = words[1]
        else:
            inside = line.startswith("Conffiles:")
    compared = missing = 0
    changed = set()
    for path, sums in list(listed.items()) + [
            (p, [s]) for p, s in config.items()]:
        data = follow(tree, path)
        if data is None:
            missing += len(sums) if path not in config else 0
            continue
        compared += len(sums)
        if path not in config and hashlib.md5(data).hexdigest() not in sums:
            changed.add("/" + path)
    return compared, changed, missing


def facts(db, target, name):
    return dict(db.execute("SELECT key, value FROM fact WHERE target = ? "
                           "AND name = ?", (target, name)).fetchall())


def imported(m, path):
    status, line, story = m.imported(path)
    return c.true(path + " is imported", status == 0 and line and
                  line["status"] == "imported", story.strip())


def debian():
    with Muster(PROGRAM) as m:
        if not imported(m, FLEET):
            return
        db = sqlite3.connect("file:%s?mode=ro" % m.db, uri=True)
        for name, digest, layers, _ in images():
            target, = db.execute("SELECT target FROM identity WHERE value = "
                                 "?", (digest,)).fetchone()
            compared, changed, missing = dpkg(merged(layers))
            c.same(name + " compared", facts(
                db, target, "package.compared"), {"deb": str(compared)})
            c.same(name + " changed", set(facts(
                db, target, "package.changed")), changed)
            gone = [facts(db, target, n).get("deb", "0")
                    for n in ("package.left_out", "package.gone")]
            c.same(name + " missing", sum(map(int, gone)), missing)
        db.close()


CHANGED = {"usr/bin/env": b"#!/bin/sh\n", "etc/bash.bashrc": b"# mine\n",
           "usr/lib/x86_64-linux-gnu/libz.so.1.2.13": b"\x7fELF",
           "usr/bin/.wh.tr": b"", "opt/tool": b"\x7fELF"}


def tampered(out):
    """stock:12 with a layer on top; the digests of its layers"""
    _, _, layers, config = next(i for i in images() if "stock" in i[0])
    top = io.BytesIO()
    with tarfile.open(fileobj=top, mode="w") as tar:
        for path, data in CHANGED.items():
            t = tarfile.TarInfo(path)
            t.size, t.mode = len(data), 0o755
            tar.addfile(t, io.BytesIO(data))
    layers = layers + [top.getvalue()]
    ids = ["sha256:" + hashlib.sha256(x).hexdigest() for x in layers]
    config["rootfs"]["diff_ids"] = ids
    config["history"].append({"created_by": "COPY . /"})
    names = ["%d/layer.tar" % i for i in range(len(layers))]
    members = {"c.json": json.dumps(config).encode(), "manifest.json":
               json.dumps([{"Config": "c.json", "RepoTags": ["tampered:1"],
                            "Layers": names}]).encode()}
    members.update(zip(names, layers))
    with tarfile.open(out, "w") as tar:
        for name, data in members.items():
            t = tarfile.TarInfo(name)
            t.size = len(data)
            tar.addfile(t, io.BytesIO(data))
    return ids


def harmed():
    with tempfile.TemporaryDirectory() as folder, Muster(PROGRAM) as m:
        path = os.path.join(folder, "tampered.tar")
        ids = tampered(path)
        if not imported(m, path):
            return
        db = sqlite3.connect("file:%s?mode=ro" % m.db, uri=True)
        target, = db.execute("SELECT target FROM identity WHERE kind = "
                             "'config'").fetchone()
        changed = facts(db, target, "package.changed")
        c.same("tampered: changed", set(changed), {
            "/usr/bin/env", "/usr/lib/x86_64-linux-gnu/libz.so.1.2.13"})
        for path, text in changed.items():
            c.true("tampered: both layers of " + path,
                   ids[0] in text and ids[-1] in text, text)
            c.true("tampered: the package of " + path, text.startswith(
                "coreutils " if path.endswith("env") else "zlib1g "), text)
        c.same("tampered: configuration", facts(
            db, target, "package.config"), {"deb": "1"})
        c.same("tampered: missing", facts(db, target, "package.missing"),
               {"/usr/bin/tr": "coreutils"})
        c.true("tampered: what no package owns", "/opt/tool" in facts(
            db, target, "package.unowned"))
        db.close()
        m.run("assess", "--as-of", "2026-11-24")
        c.same("tampered: 2.11", [
            r["verdict"] for r in m.rows("show", "results")
            if r["requirement"] == "2.11"], ["fail"])


def rpm():
    path = os.path.join(IMAGES, "rpm-sqlite.docker.tar")
    if shutil.which("rpm") is None:
        c.skip("rpm", "there is no rpm to ask")
        return
    with tarfile.open(path) as tar:
        names = json.load(tar.extractfile("manifest.json"))[0]["Layers"]
        tree = merged([tar.extractfile(n).read() for n in names])
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "rpmdb.sqlite"), "wb") as f:
            f.write(tree["var/lib/rpm/rpmdb.sqlite"])
        dump = subprocess.run(["rpm", "--dbpath", folder, "-qa", "--dump"],
                              capture_output=True, text=True).stdout
    compared, changed = 0, set()
    for line in dump.splitlines():
        words = line.split()
        digest = words[3].lstrip("0") if len(words) > 4 else ""
        data = follow(tree, words[0].lstrip("/"))
        if digest == "" or data is None:
            continue
        compared += 1
        if hashlib.sha256(data).hexdigest() != words[3] and words[7] == "0":
            changed.add(words[0])
    with Muster(PROGRAM) as m:
        if not imported(m, path):
            return
        db = sqlite3.connect("file:%s?mode=ro" % m.db, uri=True)
        target, = db.execute("SELECT target FROM identity WHERE kind = "
                             "'config'").fetchone()
        c.same("rpm: compared", facts(db, target, "package.compared"),
               {"rpm": str(compared)})
        c.same("rpm: changed", set(facts(db, target, "package.changed")),
               changed)
        db.close()


debian()
harmed()
rpm()
sys.exit(c.done())
