"""measure.py - what the scripts of this folder share: running two programs in
turn, and a row for each figure, which is ok or over."""
import os
import shutil
import statistics
import subprocess
import sys
import time

MUSTER, WORK = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
PAIRS = int(os.environ.get("PAIRS", "5"))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
over = []


def at(name):
    return os.path.join(WORK, name)


def run(argv, out=subprocess.DEVNULL):
    """(cpu seconds, wall seconds, peak RSS in MB) of a command that must
    succeed.  What a process forks from is the floor of its peak, and this one
    is large: GNU time, where it is there, stands between."""
    begin = time.monotonic()
    if shutil.which("time"):
        argv = [shutil.which("time"), "-q", "-o", at("peak"), "-f", "%M",
                *argv]
    p = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out,
                         stderr=subprocess.PIPE)
    story = p.stderr.read()
    _, status, usage = os.wait4(p.pid, 0)
    p.returncode = os.waitstatus_to_exitcode(status)
    if p.returncode != 0:
        sys.exit("%s: status %d\n%s" % (" ".join(argv), p.returncode,
                                        story.decode("utf-8", "replace")))
    peak = usage.ru_maxrss
    if argv[0] == shutil.which("time"):
        with open(at("peak"), encoding="ascii") as f:
            peak = int(f.read())
    return (usage.ru_utime + usage.ru_stime, time.monotonic() - begin,
            peak / 1024)


def row(what, got, limit, unit=""):
    ok = got <= limit
    if not ok:
        over.append(what)
    print("%-58s %9.3f%-3s  limit %g%-3s %s" % (
        what, got, unit, limit, unit, "ok" if ok else "OVER"), flush=True)


def rounds(a, b, before, pairs):
    """a and b in turn; the first of each, with cold caches, does not count."""
    found = []
    for i in range(pairs + 1):
        before()
        one = run(a), run(b)
        if i > 0:
            found.append(one)
    return found


def pair(a, b, before=lambda: None, which=0):
    """Median ratio a/b, median of a, highest peak of a."""
    found = rounds(a, b, before, PAIRS)
    return (statistics.median(ra[which] / max(rb[which], 0.001)
                              for ra, rb in found),
            statistics.median(ra[which] for ra, _ in found),
            max(ra[2] for ra, _ in found))


def ratios(a, b, before=lambda: None, pairs=PAIRS):
    """Medians: CPU a/b, peak a/b."""
    found = rounds(a, b, before, pairs)
    return [statistics.median(ra[i] / max(rb[i], 0.001) for ra, rb in found)
            for i in (0, 2)]


def fresh(db):
    for suffix in ("", "-journal", "-wal", "-shm"):
        if os.path.exists(db + suffix):
            os.unlink(db + suffix)


def count(db, *what):
    # Line by line: this process's own size is the floor of what it measures.
    with subprocess.Popen([MUSTER, "-d", db, "show", *what, "--json"],
                          stdout=subprocess.PIPE) as p:
        n = sum(1 for _ in p.stdout)
    if p.returncode != 0:
        sys.exit("muster show: status %d" % p.returncode)
    return n
