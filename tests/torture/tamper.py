#!/usr/bin/env python3
"""tamper.py MUSTER [FLIPS [SEED]] - nothing that somebody changes is missed.

A database of the samples' story, with decisions and two assessments, its seal
and its package in both forms.  Then, one after the other, each from the whole
one: FLIPS (2000) single bits anywhere in the file, every column of every table
changed and emptied in one row, rows removed, added and put into another order,
tables, views, triggers and indexes added, dropped or written otherwise,
the ends of the journal cut off; FLIPS bits of each package, members changed,
added, removed, twice, in another order, bytes between and behind them.

What the rows say differs: "verify" has to end with 4 and name it.  Else, in
what no row shows: "verify --all --head SEAL" has to.  Says how many were found
by which, and each that was not; the status is 1 then.
"""
import gzip
import io
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import zipfile

muster = os.path.abspath(sys.argv[1])
FLIPS = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
draw = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
top = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
story = os.path.join(top, "samples", "story")
work = tempfile.mkdtemp(prefix="muster-tamper-")
env = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "TZ": "UTC",
       "LC_ALL": "C.UTF-8", "HOME": work, "TMPDIR": work, "MUSTER_USER": "alice"}
missed = []
# Words that name a thing; a message without one of them says nothing.
NAMES = re.compile(
    r"journal|table |page |header|schema|the file|row|verdict|reason|said|"
    r"member|manifest|signature|seal|package|records|bytes|database|missing|kept")


def run(*args, db="a.db"):
    return subprocess.run([muster, "-d", os.path.join(work, db), *args],
                          check=False, cwd=work, env=env,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=300)


def must(*args, db="a.db"):
    p = run(*args, db=db)
    if p.returncode != 0:
        sys.exit("muster %s: %d: %s" % (" ".join(args), p.returncode,
                                        p.stderr.decode("utf-8", "replace")))
    return p.stdout.decode()


def found(p, what):
    text = p.stderr.decode("utf-8", "replace")
    if p.returncode != 4:
        missed.append("%s: status %d %s" % (what, p.returncode, text[:160]))
        return False
    if not NAMES.search(text):
        missed.append("%s: nothing is named: %s" % (what, text[:160]))
        return False
    return True


def logical(path):
    """All that the tables say, and how they are made; None: unreadable."""
    try:
        c = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
        c.text_factory = bytes
        try:
            if c.execute("PRAGMA integrity_check").fetchall() != [(b"ok",)]:
                return None
            out = [repr(c.execute("SELECT type, name, tbl_name, sql FROM"
                                  " sqlite_master ORDER BY 1, 2").fetchall()),
                   repr(c.execute("PRAGMA user_version").fetchall()),
                   repr(c.execute("PRAGMA application_id").fetchall())]
            for t, in c.execute("SELECT name FROM sqlite_master"
                                " WHERE type = 'table'").fetchall():
                out.append(repr(c.execute('SELECT * FROM "%s"' %
                                          t.decode()).fetchall()))
            return "\n".join(out)
        finally:
            c.close()
    except (sqlite3.Error, UnicodeDecodeError):
        return None


def flips(base, before):
    with open(os.path.join(work, base), "rb") as f:
        data = f.read()
    by = {"verify": 0, "--all": 0, "--all --head": 0}
    path = os.path.join(work, "t.db")
    # every byte of the header, then anywhere
    places = [(at, draw.randrange(8)) for at in range(100)]
    places += [(draw.randrange(len(data)), draw.randrange(8))
               for _ in range(FLIPS)]
    for at, bit in places:
        changed = bytearray(data)
        changed[at] ^= 1 << bit

        def put():
            with open(path, "wb") as f:
                f.write(changed)
            for end in "-journal", "-wal", "-shm":
                if os.path.exists(path + end):
                    os.unlink(path + end)
        put()
        same = logical(path) == before
        what = "bit %d of byte %d" % (bit, at)
        put()
        p = run("verify", db="t.db")
        if p.returncode == 4 and found(p, what):
            by["verify"] += 1
            continue
        if not same:
            found(p, what + " (a row differs)")
            continue
        put()
        if run("verify", "--all", db="t.db").returncode == 4:
            by["--all"] += 1
            continue
        put()
        if found(run("verify", "--all", "--head", "seal", db="t.db"),
                 what + " (no row differs)"):
            by["--all --head"] += 1
    print("%s: %d flips of one bit: %s" % (
        base, len(places), ", ".join("%d by %s" % (n, k)
                                     for k, n in by.items())))


def edits(base):
    """SQL by which somebody without muster changes things."""
    c = sqlite3.connect(os.path.join(work, base))
    tables = [r[0] for r in c.execute("SELECT name FROM sqlite_master"
                                      " WHERE type = 'table'")]
    for t in tables:
        n = c.execute("SELECT count(*) FROM %s" % t).fetchone()[0]
        info = c.execute("PRAGMA table_info(%s)" % t).fetchall()
        keys = ", ".join(r[1] for r in sorted(info, key=lambda r: r[5])
                         if r[5]) or "rowid"
        yield "DROP TABLE %s" % t
        yield ("CREATE TRIGGER evil AFTER INSERT ON %s BEGIN DELETE FROM %s;"
               " END" % (t, t))
        yield "CREATE INDEX evil ON %s(%s)" % (t, info[0][1])
        yield "ALTER TABLE %s ADD COLUMN evil TEXT" % t
        if n == 0:
            continue
        k = draw.randrange(n)
        one = "(%s) IN (SELECT %s FROM %s ORDER BY %s LIMIT 1 OFFSET %d)" % (
            keys, keys, t, keys, k)
        for r in info:
            col = '"%s"' % r[1]
            yield ("UPDATE %s SET %s = CASE typeof(%s) WHEN 'integer' THEN %s"
                   " + 1000000 WHEN 'blob' THEN %s || x'00' ELSE"
                   " coalesce(%s, '') || 'x' END WHERE %s" % (
                       t, col, col, col, col, col, one))
            yield "UPDATE %s SET %s = NULL WHERE %s" % (t, col, one)
            yield ("UPDATE OR IGNORE %s SET %s = (SELECT %s FROM %s o WHERE"
                   " o.%s IS NOT %s.%s LIMIT 1) WHERE %s" % (
                       t, col, col, t, col, t, col, one))
        yield "DELETE FROM %s WHERE %s" % (t, one)
        yield ("DELETE FROM %s WHERE (%s) IN (SELECT %s FROM %s ORDER BY"
               " rowid DESC LIMIT 1)" % (t, keys, keys, t)
               if "rowid" in keys or not c.execute(
                   "SELECT sql LIKE '%%WITHOUT ROWID%%' FROM sqlite_master"
                   " WHERE name = '%s'" % t).fetchone()[0] else
               "DELETE FROM %s WHERE %s" % (t, one))
        yield "DELETE FROM %s" % t
        rest = [r[1] for r in info if not (r[1] == "id" and r[5])]
        names = ", ".join('"%s"' % r for r in rest)
        if rest != [r[1] for r in info]:
            yield "INSERT OR IGNORE INTO %s(%s) SELECT %s FROM %s WHERE %s" % (
                t, names, names, t, one)
            if n > 1:       # two rows change places
                yield ("UPDATE {0} SET id = -1 WHERE id = (SELECT min(id) FROM"
                       " {0}); UPDATE {0} SET id = (SELECT min(id) FROM {0}"
                       " WHERE id > 0) - 1 WHERE id = (SELECT min(id) FROM {0}"
                       " WHERE id > 0); UPDATE {0} SET id = (SELECT min(id)"
                       " FROM {0} WHERE id > 0) + 1 WHERE id = -1".format(t)
                       if t not in ("requirement", "decision") else
                       "DELETE FROM %s" % t)
    yield "CREATE VIEW evil AS SELECT 1"
    yield "CREATE TABLE evil(a)"
    yield "CREATE TABLE sqlitexevil(a)"
    yield "CREATE TABLE e(a INTEGER PRIMARY KEY AUTOINCREMENT); DROP TABLE e"
    yield "ANALYZE"
    yield "DROP INDEX fact_by_target"
    yield ("DROP INDEX gap_by_subject;"
           " CREATE INDEX gap_by_subject ON gap(artifact)")
    yield ("PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql ="
           " replace(sql, 'NOT NULL', '        ') WHERE name = 'gap'")
    yield "PRAGMA user_version = 3"
    yield "PRAGMA user_version = 0"
    yield "PRAGMA application_id = 1"
    yield "INSERT INTO chain VALUES('00', 0)"
    yield ("INSERT INTO chain VALUES('00', 0); INSERT INTO journal VALUES('00',"
           " 1, '2026-01-01T00:00:00Z', 'x', 'import', 'x', '', '', 'x')")
    for n in range(1, 6):
        yield ("DELETE FROM event WHERE seq > (SELECT max(seq) FROM journal)"
               " - %d; DELETE FROM journal WHERE seq > (SELECT max(seq)"
               " FROM journal) - %d" % (n, n))
    yield ("UPDATE journal SET seq = -1 WHERE seq = 2; UPDATE journal SET seq"
           " = 2 WHERE seq = 3; UPDATE journal SET seq = 3 WHERE seq = -1")
    yield ("UPDATE event SET seq = -seq; UPDATE event SET seq = (SELECT"
           " max(-seq) FROM event) WHERE id = 1")
    c.close()


def edited(base, before):
    n = refused = 0
    path = os.path.join(work, "t.db")
    for sql in edits(base):
        shutil.copy(os.path.join(work, base), path)
        c = sqlite3.connect(path, isolation_level=None)
        try:
            c.execute("PRAGMA foreign_keys = OFF")
            c.execute("PRAGMA ignore_check_constraints = ON")
            c.executescript(sql)
        except sqlite3.Error:
            refused += 1
            continue
        finally:
            c.close()
        if logical(path) != before:
            n += 1
            found(run("verify", db="t.db"), sql)
    print("%s: %d edits by SQL (%d refused by the schema)" % (base, n,
                                                              refused))


def verify_bytes(data, name, what):
    with open(os.path.join(work, name), "wb") as f:
        f.write(data)
    found(run("verify", name), what)


def zip_of(members, comment=b""):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in members:
            z.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
        z.comment = comment
    return out.getvalue()


def tar_of(members, kind=None):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as t:
        for name, data in members:
            i = tarfile.TarInfo(name)
            i.size = len(data)
            i.mtime = 315532800
            if kind and name == members[-1][0]:
                i.type, i.size, i.linkname = kind, 0, "/etc/passwd"
            t.addfile(i, io.BytesIO(data))
    return gzip.compress(out.getvalue(), 6, mtime=0)


def packages(name):
    with open(os.path.join(work, name), "rb") as f:
        data = f.read()
    end = ".zip" if name.endswith(".zip") else ".tar.gz"
    for _ in range(FLIPS):
        at, bit = draw.randrange(len(data)), draw.randrange(8)
        changed = bytearray(data)
        changed[at] ^= 1 << bit
        verify_bytes(changed, "t" + end, "%s: bit %d of byte %d" % (name, bit,
                                                                    at))
    print("%s: %d flips of one bit" % (name, FLIPS))
    if end == ".zip":
        with zipfile.ZipFile(io.BytesIO(data)) as z:
            members = [(i.filename, z.read(i)) for i in z.infolist()]
        make = zip_of
        more = [("a comment", zip_of(members, b"hello")),
                ("bytes in front", b"\0" * 512 + data)]
    else:
        tar = gzip.decompress(data)
        with tarfile.open(fileobj=io.BytesIO(tar)) as t:
            members = [(m.name, t.extractfile(m).read()) for m in t]
        make = tar_of
        more = [("packed anew", gzip.compress(tar, 9, mtime=0)),
                ("another time", data[:4] + b"\1\0\0\0" + data[8:]),
                ("a symlink", tar_of(members, tarfile.SYMTYPE)),
                ("a hard link", tar_of(members, tarfile.LNKTYPE)),
                ("a device", tar_of(members, tarfile.CHRTYPE)),
                ("a member more in a second stream", data +
                 tar_of([("outputs/evil", b"x")]))]
    k = draw.randrange(1, len(members))
    changes = [
        ("the same members by another program", members),
        ("a member changed", members[:k] + [(members[k][0], members[k][1] +
                                             b"x")] + members[k + 1:]),
        ("a member emptied", members[:k] + [(members[k][0], b"")] +
         members[k + 1:]),
        ("a member renamed", members[:k] + [("evil", members[k][1])] +
         members[k + 1:]),
        ("a member removed", members[:k] + members[k + 1:]),
        ("the last one removed", members[:-1]),
        ("a member added", members + [("outputs/evil", b"x")]),
        ("one outside", members + [("../evil", b"x")]),
        ("one at the root", members + [("/tmp/evil", b"x")]),
        ("a member twice", members + [members[k]]),
        ("two in the other's place", members[:-2] + [members[-1],
                                                     members[-2]]),
        ("the manifest last", members[1:] + members[:1]),
        ("the manifest alone", members[:1]),
        ("no manifest", members[1:]),
        ("nothing", []),
    ]
    more += [(what, make(m)) for what, m in changes]
    more += [("cut off at %d" % n, data[:n]) for n in (
        0, 1, 3, 10, 100, len(data) // 2, len(data) - 100, len(data) - 1)]
    more += [("a byte behind", data + b"\0"), ("itself behind", data + data),
             ("a byte between", data[:len(data) // 2] + b"\0" +
              data[len(data) // 2:])]
    for what, changed in more:
        verify_bytes(changed, "t" + end, "%s: %s" % (name, what))
    print("%s: %d other changes" % (name, len(more)))


def other_key(name):
    """Whole, and signed by somebody else."""
    found(run("verify", "--key", "bob.pub", name), name + ": another's key")
    found(run("verify", "--key", "bob.pub", "--head", "seal"),
          "a seal with another's key")


def keys():
    for who in "alice", "bob":
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C",
                        who, "-f", os.path.join(work, who)], check=True,
                       stdin=subprocess.DEVNULL)


def main():
    keys()
    must("import", story, "--as-of", "2026-10-01")
    shutil.copy(os.path.join(work, "a.db"), os.path.join(work, "old.db"))
    must("assess", "--as-of", "2026-10-01")
    for req in "2.3", "2.5":
        must("waiver", "propose", "--requirement", req, "--all", "--until",
             "2027-06-01", "--why", "w", "--as-of", "2026-10-02")
    env["MUSTER_USER"] = "bob"
    ident = must("waiver", "list", "--json", "--as-of", "2026-10-02")
    must("waiver", "approve", re.search(r'"id":"([0-9a-f-]+)"',
                                        ident).group(1),
         "--as-of", "2026-10-03")
    must("assess", "--as-of", "2026-11-01")
    head = must("seal", "seal", "--sign", "alice").split()[-1]
    for name in "p.zip", "p.tar.gz":
        must("package", name, "--sign", "alice")
        must("verify", "--key", "alice.pub", name)
    must("verify", "--all", "--head", "seal", "--key", "alice.pub")
    must("verify", "--head", head)
    before = logical(os.path.join(work, "a.db"))
    flips("a.db", before)
    edited("a.db", before)
    for name in "p.zip", "p.tar.gz":
        packages(name)
        other_key(name)
    must("verify", db="old.db")
    found(run("verify", "--head", head, db="old.db"), "an older copy: a head")
    found(run("verify", "--head", "seal", db="old.db"),
          "an older copy: a seal")
    for line in missed:
        print("MISSED " + line)
    print("%d missed" % len(missed))
    return 1 if missed else 0


sys.stdout.reconfigure(line_buffering=True)
try:
    sys.exit(main())
finally:
    shutil.rmtree(work, ignore_errors=True)
