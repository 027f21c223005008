"""conform.py - what the comparisons share: running muster, counting."""
import json
import os
import subprocess
import tempfile


class Conform:
    """Counts what was compared; done() prints the sum and gives the status."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def same(self, what, got, want):
        if got == want:
            self.passed += 1
            return True
        self.failed += 1
        print("FAIL %s: muster says %r, expected %r" % (what, got, want))
        return False

    def true(self, what, ok, why=""):
        if ok:
            self.passed += 1
        else:
            self.failed += 1
            print("FAIL %s%s" % (what, ": " + why if why else ""))
        return ok

    def skip(self, what, why):
        self.skipped += 1
        print("SKIP %s: %s" % (what, why))

    def done(self):
        print("%d passed, %d failed, %d skipped"
              % (self.passed, self.failed, self.skipped))
        return 1 if self.failed else 0


class Muster:
    """One evidence database in a folder of its own."""

    def __init__(self, program):
        self.program = os.path.abspath(program)
        self.dir = tempfile.TemporaryDirectory(prefix="conform-")
        self.db = os.path.join(self.dir.name, "muster.db")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.dir.cleanup()

    def run(self, *args, **kwargs):
        return subprocess.run(
            [self.program, "-d", self.db, *args], check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, timeout=300, **kwargs)

    def rows(self, *args):
        """The JSON lines of a command that must succeed."""
        p = self.run(*args, "--json")
        if p.returncode != 0:
            raise RuntimeError("muster %s: status %d: %s" % (
                " ".join(args), p.returncode, p.stderr.decode("utf-8",
                                                              "replace")))
        return [json.loads(line) for line in p.stdout.splitlines()]

    def imported(self, path):
        """(status of the process, the object of the one file, stderr)"""
        p = self.run("import", "--json", path)
        lines = [json.loads(line) for line in p.stdout.splitlines()]
        return p.returncode, lines[0] if lines else None, \
            p.stderr.decode("utf-8", "replace")
