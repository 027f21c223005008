#!/usr/bin/env python3
"""images_dirty.py MUSTER SHARED - the image with everything wrong with it.

It is not in SHARED: SHARED/images/build makes it (00_deps.sh, 10_rootfs.sh,
20_images.sh) in a folder that $MUSTER_IMAGES names; without one this is
skipped.  Every planted secret must be found at its place, no decoy be one,
no secret be in the database, and what the build did must be told.  The last
line counts; the exit status is 1 when anything failed.
"""
import json
import os
import subprocess
import sys
import tempfile

muster = sys.argv[1]
made = os.environ.get("MUSTER_IMAGES", "")
image = os.path.join(made, "out", "dirty.docker.tar.gz")
TOLD = (            # requirement, what its reasons must name
    ("2.1", "/usr/sbin/sshd"), ("2.2", "root"),
    ("2.3", "/usr/local/bin/rootcat"), ("2.3", "/usr/local/bin/grpcat"),
    ("2.3", "/usr/local/bin/pinger"),
    ("2.4", "ADD fetched something remote"), ("2.4", "is run by sh at once"),
    ("2.4", "git clone"),
    ("2.5", "22"), ("2.5", "80"), ("2.5", "514/udp"),
    ("2.11", "trusted=yes"), ("2.11", "AllowInsecureRepositories"),
    ("2.11", "--allow-unauthenticated"), ("2.11", "gpgcheck=0"),
    ("2.11", "--trusted-host"),
    ("2.12", "openssh"), ("2.12", "netcat"),
)
NOT_TOLD = (("2.3", "/var/setgid-dir"),)
LOW = "name "
passed = failed = 0

if not os.path.exists(image):
    print("dirty: skipped, $MUSTER_IMAGES holds no out/dirty.docker.tar.gz")
    print("0 passed, 0 failed, 1 skipped")
    sys.exit(0)


def check(ok, what):
    global passed, failed
    passed += bool(ok)
    failed += not ok
    if not ok:
        print(what)


def rows(db, what):
    out = subprocess.run([muster, "-d", db, "show", what, "--json"],
                         check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def at(plant, locator):
    """Is the locator the place where it was planted?"""
    where, path = plant["where"], plant["path"]
    if where == "file":
        return ":/" + path + "@" in locator
    if where == "env":
        return locator.startswith("config:/config/Env/")
    if where == "label":
        return locator == "config:/config/Labels/" + path
    return locator.startswith("history:")


with tempfile.TemporaryDirectory() as tmp:
    db = os.path.join(tmp, "dirty.db")
    for args in (["import", image], ["assess"]):
        subprocess.run([muster, "-q", "-d", db, *args], check=True,
                       stdout=subprocess.DEVNULL)
    found = [f for f in rows(db, "facts") if f["name"] == "secret"]
    reasons = {}
    for r in rows(db, "results"):
        reasons[r["requirement"]] = " ".join(
            x["text"] for x in r["reasons"] if x["role"] == "fail")
    with open(os.path.join(made, "work", "planted.jsonl")) as f:
        plants = [json.loads(line) for line in f]
    raw = open(db, "rb").read()
    for p in plants:
        if p["image"] != "dirty":
            continue
        here = [f for f in found if at(p, f["locator"])]
        what = "%s in %s" % (p["kind"], p["path"])
        if p["kind"] == "decoy":
            check(all(f["value"].startswith(LOW) for f in here),
                  what + ": a decoy, reported")
            continue
        check(here, what + ": not found")
        check(p["text"].encode() not in raw, what + ": stored")
for requirement, word in TOLD:
    check(word in reasons.get(requirement, ""),
          "%s does not tell of %s" % (requirement, word))
for requirement, word in NOT_TOLD:
    check(word not in reasons.get(requirement, ""),
          "%s tells of %s" % (requirement, word))
print("%d passed, %d failed" % (passed, failed))
sys.exit(failed != 0)
