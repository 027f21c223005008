#!/usr/bin/env python3
"""kill.py MUSTER N - N imports are killed, each at a moment of its own.

What had been called imported must be there, whatever else wholly there or
not at all; the database verifies, and the same import then goes through.
"""
import os, random, re, shutil, signal, subprocess, sys, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from content import content, scratch

MUSTER, N = os.path.abspath(sys.argv[1]), int(sys.argv[2])
SAMPLES = os.path.dirname(os.path.abspath(__file__)) + "/../../samples"
FILES = [SAMPLES + "/" + f for f in (
    "story/grype.json", "story/twistcli.json", "story/web-1.4.docker.tar.gz",
    "story/openscap-xccdf.xml", "story/web.yaml", "cyclonedx", "grype")]
DIR = scratch("kill")
DB = DIR + "/m.db"
RANDOM = random.Random(20260102)
ENV = {"PATH": os.environ["PATH"], "TMPDIR": DIR, "MUSTER_USER": "torture",
       "LC_ALL": "C.UTF-8"}


def muster(*args):
    return subprocess.run([MUSTER, "-d", DB] + list(args), env=ENV,
                          stdin=subprocess.DEVNULL, capture_output=True)


def base(i):
    return "%s/base-%d" % (DIR, i)


def reset(i):
    for end in ("", "-journal"):
        if os.path.exists(DB + end):
            os.unlink(DB + end)
    if os.path.exists(base(i)):
        shutil.copyfile(base(i), DB)


def prepare():
    """what stands before and after each import, and how long it takes"""
    reset(0)
    muster("mark", "UNCLASSIFIED")
    shutil.copyfile(DB, base(0))
    states, took = [content(DB)], []
    for i, f in enumerate(FILES):
        reset(i)
        t = time.time()
        muster("import", f)
        took.append(time.time() - t)
        shutil.copyfile(DB, base(i + 1))
        states.append(content(DB))
        if states[i] == states[i + 1]:
            sys.exit("kill: importing %s changes nothing" % f)
    return states, took


def killed(f, after):
    p = subprocess.Popen([MUSTER, "-d", DB, "import", f], env=ENV,
                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        p.wait(after)
    except subprocess.TimeoutExpired:
        os.killpg(p.pid, signal.SIGKILL)
    said = p.stdout.read().decode("utf-8", "replace")
    p.stdout.close()
    return p.wait() == -signal.SIGKILL, re.search("^imported ", said, re.M)


def one(i, states, took):
    """what is wrong afterwards, or None; and whether it was killed"""
    reset(i)
    delay = RANDOM.uniform(0, took[i] * 0.9)
    was, said = killed(FILES[i], delay)
    state = content(DB)
    if said and os.path.isfile(FILES[i]) and state != states[i + 1]:
        return "called imported and gone", was
    if state not in (states[i], states[i + 1]):
        return "neither before nor after", was
    if muster("verify").returncode != 0:
        return "verify fails", was
    muster("import", FILES[i])
    if content(DB) != states[i + 1]:
        return "importing again gives something else", was
    return None, was


def main():
    states, took = prepare()
    hit = faults = 0
    for k in range(N):
        i = RANDOM.randrange(len(FILES))
        what, was = one(i, states, took)
        hit += was
        if what:
            faults += 1
            print("  %s, killed while it was imported: %s" % (
                os.path.basename(FILES[i]), what), flush=True)
    shutil.rmtree(DIR, ignore_errors=True)
    print("kill: %d imports, %d of them killed, %d faults" % (N, hit, faults))
    return 1 if faults or not hit else 0


sys.exit(main())
