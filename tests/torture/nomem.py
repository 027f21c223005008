#!/usr/bin/env python3
"""nomem.py MUSTER NOMEM.SO [N] - each allocation fails in turn.

Imports of every format, an assessment, each output, a package: the n-th
allocation of the keeper fails, then the n-th of the reader.  Where a command
makes more than N (400) of them, the first and last N/4 and every so many
between are tried.  A run must not crash, must say that memory was short or
do all of its work, and must leave what was there before or all of it.
"""
import hashlib, os, shutil, struct, subprocess, sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from content import content, scratch

MUSTER, SHIM = (os.path.abspath(p) for p in sys.argv[1:3])
MOST = int(sys.argv[3]) if len(sys.argv) > 3 else 400
ONLY = sys.argv[4:]                             # of the commands
TOP = os.path.dirname(os.path.abspath(__file__)) + "/../../samples"
DIR = scratch("nomem")
STATE = DIR + "/state"
OUTPUTS = """html xccdf arf ckl cklb hdf oscal emass poam ironbank sarif junit
csv jsonl openvex""".split()


def samples():
    """one file of each format: the name of its folder says which"""
    for d in sorted(os.listdir(TOP)):
        if d in ("make", "gate", "story") or not os.path.isdir(TOP + "/" + d):
            continue
        for f in sorted(os.listdir(TOP + "/" + d)):
            path = "%s/%s/%s" % (TOP, d, f)
            if os.path.isfile(path) and run(["import", path], fresh())[0] == 0:
                yield d, path
                break


def env():
    e = {k: v for k, v in os.environ.items() if k.startswith("ASAN_")}
    e.update(PATH=os.environ["PATH"], TMPDIR=DIR, SOURCE_DATE_EPOCH="1790000000",
             LC_ALL="C.UTF-8", MUSTER_USER="torture")
    return e


def run(args, db, plan=None):
    e = env()
    if plan is not None:
        with open(STATE, "wb") as f:
            f.write(struct.pack("5q", 0, 0, plan[0], plan[1], 0))
        e.update(LD_PRELOAD=SHIM + os.environ.get("NOMEM_BEFORE", ""),
                 NOMEM=STATE)
    p = subprocess.run([MUSTER, "-d", db] + args, env=e, cwd=DIR, timeout=300,
                       stdin=subprocess.DEVNULL, capture_output=True)
    return p.returncode, p.stderr.decode("utf-8", "replace")


def counted():
    with open(STATE, "rb") as f:
        return struct.unpack("5q", f.read())


def fresh(base=None):
    db = DIR + "/m.db"
    for end in ("", "-journal"):
        if os.path.exists(db + end):
            os.unlink(db + end)
    if base:
        shutil.copyfile(base, db)
    return db


def tree(path):
    """what lies under a name that a command makes; .part has no name yet"""
    if os.path.isfile(path):
        return hashlib.sha256(open(path, "rb").read()).hexdigest()
    out = {}
    for d, _, fs in os.walk(path):
        for f in (f for f in fs if not f.endswith(".part")):
            p = os.path.join(d, f)
            out[os.path.relpath(p, path)] = \
                hashlib.sha256(open(p, "rb").read()).hexdigest()
    return out


def is_part(some, whole):
    """every file that has its name is whole; others are temporary"""
    if isinstance(whole, dict) and isinstance(some, dict):
        return all(whole[k] == v for k, v in some.items() if k in whole)
    return not some or some == whole


def remove(path):
    if os.path.isdir(path):
        shutil.rmtree(path)
    elif os.path.exists(path):
        os.unlink(path)


def chosen(n):
    if n <= MOST:
        return range(1, n + 1)
    edge, step = MOST // 4, max(1, (n - MOST // 2) // (MOST // 2))
    return sorted(set(range(1, edge + 1)) | set(range(n - edge, n + 1)) |
                  set(range(edge, n - edge, step)))


class Bad(Exception):
    pass


def judge(rc, err, db, base, before, after, out, whole):
    if rc < 0 or rc > 4 or "signal" in err or "Sanitizer" in err:
        raise Bad("died (%d): %s" % (rc, err.strip()[:200]))
    if rc == 0 and "muster: " in err and "memory" in err:
        raise Bad("says memory, yet status 0: " + err.strip()[:200])
    if rc != 0 and "memory" not in err:
        raise Bad("status %d without the word: %s" % (rc, err.strip()[:200]))
    now = before if open(db, "rb").read() == base and \
        not os.path.exists(db + "-journal") else content(db)
    if now not in (before, after):
        raise Bad("status %d, and the database is neither before nor after"
                  % rc)
    if rc == 0 and now != after:
        raise Bad("status 0, but nothing is stored")
    if out and rc == 0 and tree(out) != whole:
        raise Bad("status 0, but the output is another")
    if out and rc != 0 and not is_part(tree(out), whole):
        raise Bad("status %d, and half an output has its name" % rc)


def job(name, args, basefile, out=None):
    """all chosen allocations of one command; returns runs, faults"""
    base = open(basefile, "rb").read()
    before = content(fresh(basefile))
    db = fresh(basefile)
    if out:
        remove(out)
    rc, err = run(args, db, (0, 0))
    if rc != 0:
        return 0, ["%s: fails anyway (%d): %s" % (name, rc, err)]
    after, whole = content(db), tree(out) if out else None
    total = counted()
    bad, runs = [], 0
    for role in (0, 1):
        for n in chosen(total[role]):
            db = fresh(basefile)
            if out:
                remove(out)
            rc, err = run(args, db, (n, 0) if role == 0 else (0, n))
            if not counted()[4]:
                continue
            runs += 1
            try:
                judge(rc, err, db, base, before, after, out, whole)
            except Bad as e:
                bad.append("%s: %s's allocation %d: %s" % (
                    name, "keeper reader".split()[role], n, e))
    print("%-24s %6d + %6d allocations, %5d failed in turn, %d faults" % (
        name, total[0], total[1], runs, len(bad)), flush=True)
    for b in bad[:3]:
        print("  " + b.replace("\n", " "), flush=True)
    return runs, bad


def jobs():
    empty, full = DIR + "/empty.db", DIR + "/full.db"
    run(["-q", "mark", "UNCLASSIFIED"], empty)
    for name, path in samples():
        yield "import " + name, ["import", path], empty, None
    for image in ("web-1.4.docker.tar.gz", "debian12-base.oci.tar"):
        yield "import " + image, ["import", TOP + "/story/" + image], empty, \
            None
    run(["-q", "import", TOP + "/story"], full)
    yield "assess", ["assess"], full, None
    run(["-q", "assess"], full)
    for f in OUTPUTS:
        out = DIR + "/out"
        yield "report " + f, ["report", "-o", out, "-f", f], full, out
    yield "package", ["package", DIR + "/p.zip"], full, DIR + "/p.zip"
    yield "verify", ["verify"], full, None
    yield "waiver", ["waiver", "list"], full, None


def main():
    runs = faults = 0
    for name, args, base, out in jobs():
        if not ONLY or any(name.startswith(o) for o in ONLY):
            n, bad = job(name, args, base, out)
            runs += n
            faults += len(bad)
    shutil.rmtree(DIR, ignore_errors=True)
    print("%d runs with one allocation failing, %d faults" % (runs, faults))
    return 1 if faults or not runs else 0


sys.exit(main())
