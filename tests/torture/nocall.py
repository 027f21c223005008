#!/usr/bin/env python3
"""nocall.py MUSTER NOCALL.SO N - each call that writes an output fails.

Of a report, a package and a workbook that is filled: the n-th write, sync,
rename, link, mkdir or creation fails for want of space or by an I/O error, or
the process is killed at it; where there are more than N, N of them.  What has
its final name must be whole, the message must name the cause, and the same
command must then do all of its work.
"""
import errno, hashlib, os, shutil, struct, subprocess, sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from content import scratch

MUSTER, SHIM = (os.path.abspath(p) for p in sys.argv[1:3])
MOST = int(sys.argv[3])
TOP = os.path.dirname(os.path.abspath(__file__)) + "/../../samples"
DIR = scratch("nocall")
OUT, STATE, DB = DIR + "/out", DIR + "/state", DIR + "/m.db"
KINDS = "write sync rename link mkdir create".split()
HOW = [(errno.ENOSPC, "No space left"), (errno.EIO, "Input/output error"),
       (0, "")]


def run(args, plan=None):
    e = {"PATH": os.environ["PATH"], "TMPDIR": DIR, "LC_ALL": "C.UTF-8",
         "SOURCE_DATE_EPOCH": "1790000000", "MUSTER_USER": "torture"}
    if plan:
        with open(STATE, "wb") as f:
            f.write(struct.pack("10q", *([0] * 6 + list(plan) + [0])))
        e.update(LD_PRELOAD=SHIM, NOCALL=STATE)
    p = subprocess.run([MUSTER, "-d", DB] + args, env=e, cwd=DIR, timeout=300,
                       stdin=subprocess.DEVNULL, capture_output=True)
    return p.returncode, p.stderr.decode("utf-8", "replace")


def counted():
    with open(STATE, "rb") as f:
        return struct.unpack("10q", f.read())


def tree():
    """what has its final name"""
    out = {}
    for d, _, fs in os.walk(OUT):
        for f in fs:
            p = os.path.join(d, f)
            out[os.path.relpath(p, OUT)] = \
                hashlib.sha256(open(p, "rb").read()).hexdigest()
    return out


def wrong(args, whole, how, rc, err):
    some = {k: v for k, v in tree().items() if k in whole}
    left = set(tree()) - set(whole)
    if how[0] == 0 and rc != 128 + 9:
        return "it was not killed"
    if how[0] and rc not in (0, 1):
        return "status %d: %s" % (rc, err.strip()[:200])
    if any(whole[k] != v for k, v in some.items()):
        return "half an output has its name"
    if rc == 0 and some != whole:
        return "status 0, and the output is another"
    if rc == 1 and how[1] not in err:
        return "the cause is not told: " + err.strip()[:200]
    if rc in (0, 1) and left:
        return "left behind: " + " ".join(left)[:200]
    rc, err = run(args + ["--force"])
    if rc != 0 or {k: v for k, v in tree().items() if k in whole} != whole:
        return "run again it does not do its work: " + err.strip()[:200]
    return None


def chosen(n):
    step = max(1, -(-n // MOST))
    return sorted(set(range(1, n + 1, step)) | ({n} if n else set()))


def job(name, args):
    shutil.rmtree(OUT, ignore_errors=True)
    os.mkdir(OUT)
    rc, err = run(args, (0, 0, 0))
    if rc != 0:
        sys.exit("nocall: %s fails anyway: %s" % (name, err))
    whole, total, bad, runs = tree(), counted(), [], 0
    for kind, word in enumerate(KINDS):
        for n in chosen(total[kind]):
            for how in HOW:
                shutil.rmtree(OUT)
                os.mkdir(OUT)
                rc, err = run(args, (kind, n, how[0]))
                if not counted()[9]:
                    continue
                runs += 1
                what = wrong(args, whole, how, rc, err)
                if what:
                    bad.append("%s number %d, %s: %s" % (
                        word, n, how[1] or "killed", what))
    print("%-12s %s: %d failed in turn, %d faults" % (name, ", ".join(
        "%d %ss" % (total[k], w) for k, w in enumerate(KINDS)), runs,
        len(bad)), flush=True)
    for b in bad[:5]:
        print("  " + b.replace("\n", " "), flush=True)
    return runs, len(bad)


def main():
    run(["-q", "import", TOP + "/story"])
    run(["-q", "assess"])
    done = [job(*j) for j in (
        ("report", ["report", "-o", OUT]),
        ("package", ["package", OUT + "/p.zip"]),
    )]
    shutil.rmtree(DIR, ignore_errors=True)
    runs, faults = (sum(c) for c in zip(*done))
    print("nocall: %d runs with one call failing, %d faults" % (runs, faults))
    return 1 if faults or not runs else 0


sys.exit(main())
