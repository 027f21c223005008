#!/usr/bin/env python3
"""flips.py MUSTER SHARED - any one changed byte of a package is found.

Packages of the samples' story, as .zip and .tar.gz, signed and not: bytes at
random places, as many of the headers of all members and of the end, and bytes
cut off or put behind.  verify has to say 4 each time: nothing that was changed is taken, and
nothing ends in another way.  Then a replay in another folder, of another
user, in another time zone and locale has to agree, and one of a database in
which a verdict was changed has to find that.
FLIPS=N: how many of each of a package (250), FLIP_SEED: another choice of places.
"""
import gzip
import io
import os
import random
import shutil
import sqlite3
import struct
import subprocess
import sys
import tarfile
import zipfile

from conform import Conform, Muster

FLIPS = int(os.environ.get("FLIPS", "250"))
c = Conform()
muster = os.path.abspath(sys.argv[1])
here = os.path.dirname(os.path.abspath(__file__))
samples = os.path.join(here, "..", "..", "samples")


def verify(data, path, *args, **kwargs):
    with open(path, "wb") as f:
        f.write(data)
    return subprocess.run([muster, "verify", *args, path], check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=120, **kwargs)


def headers_of_zip(data):
    """Where local headers, the directory's entries and its end are."""
    places = []
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        for n, i in enumerate(z.infolist()):
            name = len(i.filename.encode())
            size = 30 + name if n in (0, len(z.infolist()) - 1) else 14
            places += range(i.header_offset, i.header_offset + size)
    at = data.rindex(b"PK\5\6")
    first, = struct.unpack_from("<I", data, at + 16)
    entry = 46 + struct.unpack_from("<H", data, first + 28)[0]
    places += range(first, first + entry)
    k = first
    while data[k:k + 4] == b"PK\1\2":       # attributes, offset of each
        places += range(k + 36, k + 46, 3)
        k += 46 + sum(struct.unpack_from("<HHH", data, k + 28))
    return places + list(range(at, len(data)))


def places_of(data, name, draw):
    some = headers_of_zip(data) if name.endswith(".zip") else \
        list(range(0, 24)) + list(range(len(data) - 64, len(data)))
    some = draw.sample(some, min(len(some), FLIPS))
    some += [draw.randrange(len(data)) for _ in range(FLIPS)]
    return some


def flips(name, data, path):
    draw = random.Random(int(os.environ.get("FLIP_SEED", "1")))
    bad = []
    tried = 0
    for at in places_of(data, name, draw):
        changed = bytearray(data)
        changed[at] ^= 1 << draw.randrange(8)
        p = verify(bytes(changed), path)
        tried += 1
        if p.returncode != 4:
            bad.append("byte %d: status %d %s" % (
                at, p.returncode, p.stderr[:200].decode("utf-8", "replace")))
    c.true("%s: %d flips are found" % (name, tried), not bad,
           "%d are not: %s" % (len(bad), "; ".join(bad[:6])))
    bad = []
    for cut in [0, 1, 2, 3, 21, 22, 23, len(data) - 1] + [
            draw.randrange(len(data)) for _ in range(20)]:
        for changed in (data[:cut], data + data[:cut] if cut else b""):
            p = verify(changed, path)
            if p.returncode != 4:
                bad.append("%d of %d bytes: status %d" % (
                    len(changed), len(data), p.returncode))
    c.true("%s: cut off or longer is found" % name, not bad, "; ".join(bad))


def inside_tar(name, data, path):
    """A tar of which one byte changed, packed anew: gzip's sum is right."""
    draw = random.Random(2)
    tar = gzip.decompress(data)
    places = [draw.randrange(len(tar)) for _ in range(FLIPS)]
    with tarfile.open(fileobj=io.BytesIO(tar)) as t:
        for m in t.getmembers():
            places += [m.offset + k for k in (0, 100, 108, 124, 136, 148, 156,
                                              257, 329, 345)]
    bad = []
    for at in places:
        changed = bytearray(tar)
        changed[at] ^= 1 << draw.randrange(8)
        p = verify(gzip.compress(bytes(changed), 1, mtime=0), path)
        if p.returncode != 4:
            bad.append("byte %d (%r): status %d %s" % (
                at, tar[at:at + 1], p.returncode,
                p.stderr[:200].decode("utf-8", "replace")))
    c.true("%s: %d flips below the compression" % (name, len(places)),
           not bad, "%d are not found: %s" % (len(bad), "; ".join(bad[:6])))


def replay(data, where):
    """Another folder, zone, locale and user."""
    p = verify(data, os.path.join(where, "p.zip"))
    c.same("verify: status", p.returncode, 0)
    other = os.path.join(where, "ein anderer Ort")
    os.mkdir(other)
    shutil.copy(muster, os.path.join(where, "muster"))
    for path, mode in (os.path.dirname(where), 0o755), (where, 0o755), (
            other, 0o777), (os.path.join(where, "p.zip"), 0o644), (
            os.path.join(where, "muster"), 0o755):
        os.chmod(path, mode)
    shutil.copy(os.path.join(where, "p.zip"), other)
    command = [os.path.join(where, "muster"), "verify", "--replay", "p.zip"]
    if os.geteuid() == 0 and shutil.which("setpriv"):
        os.chmod(os.path.join(other, "p.zip"), 0o644)
        command = ["setpriv", "--reuid=65534", "--regid=65534",
                   "--clear-groups"] + command
    else:
        c.skip("another user", "not root, or no setpriv")
    for zone, locale in (("Asia/Kathmandu", "tr_TR.UTF-8"),
                         ("America/St_Johns", "C"), ("UTC", "de_DE.UTF-8")):
        p = subprocess.run(command, check=False, cwd=other, env={
            "TZ": zone, "LC_ALL": locale, "LANG": locale, "PATH":
            os.environ["PATH"], "HOME": "/nowhere", "TMPDIR": other},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        c.true("replay in %s, %s" % (zone, locale), p.returncode == 0 and
               b"replayed: " in p.stdout,
               (p.stdout + p.stderr).decode("utf-8", "replace"))
    left = sorted(os.listdir(other))
    c.same("what a replay leaves behind", left, ["p.zip"])


def forged(m, path):
    """A verdict changed in the database before it was packed: all digests are
    right, but what the package says does not follow from its evidence."""
    with sqlite3.connect(m.db) as db:
        n = db.execute(
            "UPDATE result SET verdict = 'pass' WHERE id = (SELECT id FROM"
            " result WHERE verdict = 'fail' ORDER BY id LIMIT 1)").rowcount
    db.close()
    c.same("verdicts that are forged", n, 1)
    p = m.run("package", path)
    if p.returncode != 0:
        c.same("a forged database is not packed", p.returncode, 4)
        return
    p = m.run("verify", "--replay", path)
    c.same("a forged verdict: status of --replay", p.returncode, 4)
    c.true("and it names the file", b"made again" in p.stderr,
           p.stderr.decode("utf-8", "replace"))


def main():
    with Muster(muster) as m:
        where = m.dir.name
        key = os.path.join(where, "key")
        shutil.copy(os.path.join(samples, "..", "tests", "signed", "ed25519"),
                    key)
        os.chmod(key, 0o600)
        for args in (["import", os.path.join(samples, "story", "grype.json"),
                      os.path.join(samples, "story", "web.yaml")],
                     ["assess", "--as-of", "2026-11-01"],
                     ["mark", "--as-of", "2026-11-01", "CUI"],
                     ["assess", "--as-of", "2026-11-01"]):
            p = m.run(*args)
            c.true("muster " + args[0], p.returncode == 0, p.stderr.decode())
        for name, sign in (("a.zip", []), ("b.tar.gz", []),
                           ("c.zip", ["--sign", key]),
                           ("d.tar.gz", ["--sign", key])):
            path = os.path.join(where, name)
            p = m.run("package", path, *sign)
            if not c.true("muster package " + name, p.returncode == 0,
                          p.stderr.decode("utf-8", "replace")):
                continue
            with open(path, "rb") as f:
                data = f.read()
            changed = os.path.join(where, "changed-" + name)
            flips(name, data, changed)
            if name == "b.tar.gz":
                inside_tar(name, data, changed)
            if name == "a.zip":
                replay(data, where)
        forged(m, os.path.join(where, "forged.zip"))
    return c.done()


sys.exit(main())
