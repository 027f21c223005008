#!/usr/bin/env python3
"""images_hostile.py MUSTER SHARED - images made to hurt their reader.

SHARED/images/build/55_hostile.py makes them; SHARED/images/hostile/
expected.tsv says what each must come to.  "error" is a refusal with one
message that names the file, or an error (or an already proven failure)
of the rules about content and no pass of them.  Whatever the file, no run may
crash, hang, write outside its folder, or take more than 256 MB.  The last
line counts; the exit status is 1 when anything failed.
"""
import json
import os
import subprocess
import sys
import tempfile

muster, shared = sys.argv[1], sys.argv[2]
images = os.path.join(shared, "images")
CONTENT = ("2.1", "2.3", "2.12", "2.18")
MEMORY = 256 << 20
PWNED = "/tmp/muster-pwned"
passed = failed = 0


class Bad(Exception):
    pass


def run(db, *args):
    """status, output, errors of one run that stayed inside its bounds."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = subprocess.Popen([muster, "-d", db, "--as-of", "2026-01-01",
                                  *args], stdout=out, stderr=err,
                                 stdin=subprocess.DEVNULL)
        try:
            child.wait(timeout=300)
        except subprocess.TimeoutExpired:
            child.kill()
            raise Bad("%s did not end" % args[0]) from None
        out.seek(0)
        err.seek(0)
        errors = err.read()
        for line in (out.read(), errors):
            if any(c < 32 and c not in b"\n\t" for c in line):
                raise Bad("%s prints control characters" % args[0])
        out.seek(0)
        if child.returncode not in (0, 2):
            raise Bad("%s: status %d: %s" % (args[0], child.returncode,
                                             errors[:300]))
        return child.returncode, out.read().decode(), errors.decode()


def peak(path, db):
    """Peak memory of an import: its own and its readers'."""
    r = subprocess.run(["/usr/bin/time", "-f", "%M", muster, "-d", db,
                        "import", path], capture_output=True, timeout=300)
    return int(r.stderr.split()[-1]) << 10


def rows(db, what):
    return [json.loads(line) for line in
            run(db, "show", what, "--json")[1].splitlines()]


def judge(name, must, path, tmp):
    db = os.path.join(tmp, "one.db")
    status, out, errors = run(db, "import", path)
    if os.path.exists(PWNED):
        raise Bad("wrote outside its folder")
    if status == 2:
        if name not in errors:
            raise Bad("the refusal does not name the file: " + errors)
        if must in ("error", "finding-or-error", "ok-or-error", "limit"):
            return
        raise Bad("refused: " + errors.strip()[:300])
    run(db, "assess")
    verdicts = {}
    for r in rows(db, "results"):
        if r["requirement"] in CONTENT:
            verdicts.setdefault(r["requirement"], set()).add(r["verdict"])
    seen = set().union(*verdicts.values())
    if must == "error" and ("pass" in seen or "error" not in seen):
        raise Bad("accepted, content verdicts: %s" % sorted(seen))
    if must == "finding-or-error" and not seen & {"fail", "error"}:
        raise Bad("accepted, content verdicts: %s" % sorted(seen))
    if must.startswith("ok") and must != "ok-or-error" and "error" in seen:
        raise Bad("content rules: error")
    if must == "ok-last-wins" and verdicts["2.3"] != {"pass"}:
        raise Bad("2.3 is %s" % verdicts["2.3"])
    if must == "escaped" and verdicts["2.3"] != {"fail"}:
        raise Bad("2.3 is %s" % verdicts["2.3"])


def one(name, must, folder):
    path = os.path.join(folder, name)
    if not os.path.lexists(path):
        raise Bad("the generator did not make it")
    with tempfile.TemporaryDirectory() as tmp:
        judge(name, must, path, tmp)
        if must in ("limit", "ok-or-error", "error"):
            took = peak(path, os.path.join(tmp, "two.db"))
            if took > MEMORY:
                raise Bad("%d MB" % (took >> 20))


with open(os.path.join(images, "hostile", "expected.tsv")) as f:
    table = [line.rstrip("\n").split("\t")[:2] for line in f
             if line.strip() and line[0] != "#"]
table = [row for row in table if row[0] != "file"]
with tempfile.TemporaryDirectory() as folder:
    folder = os.path.join(folder, "hostile")
    subprocess.run([sys.executable,
                    os.path.join(images, "build", "55_hostile.py"), folder],
                   check=True, capture_output=True)
    for name, must in table:
        try:
            one(name, must, folder)
            passed += 1
        except Bad as e:
            failed += 1
            print("%s (%s): %s" % (name, must, e))
print("%d passed, %d failed" % (passed, failed))
sys.exit(failed != 0)
