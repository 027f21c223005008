#!/usr/bin/env python3
"""browser.py MUSTER SHARED - the pages in a real browser.

Makes a report of the samples' story, with a second assessment, a waiver,
evidence that tries to be a script, and a scan of 1,200 findings, and lets
tests/browser/pages.mjs look at every page with Debian's chromium, driven by
playwright-core; axe-core judges what a reader with a screen reader, a
keyboard or weak eyes gets.  Both are fetched with npm into TMPDIR.
"""
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from conform import Conform, Muster

PACKAGES = ["playwright-core@1", "axe-core@4"]
EVIL = "<script>window.pwned=1</script><img src=x onerror=window.pwned=1>"

c = Conform()
muster = sys.argv[1]
here = os.path.dirname(os.path.abspath(__file__))
top = os.path.dirname(os.path.dirname(here))


def modules():
    """A folder with the two packages; None where npm cannot get them."""
    folder = os.path.join(tempfile.gettempdir(), "muster-browser")
    os.makedirs(folder, exist_ok=True)
    if not os.path.isdir(os.path.join(folder, "node_modules", "axe-core")):
        got = subprocess.run(
            ["npm", "install", "--prefix", folder, "--no-audit", "--no-fund",
             "--ignore-scripts", *PACKAGES], check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if got.returncode != 0:
            print(got.stdout.decode(errors="replace")[-400:])
            return None
    return folder


def scan(path):
    """A report of 1,200 findings whose words try to be markup."""
    matches = [{
        "vulnerability": {
            "id": "CVE-2026-%d" % (10000 + n),
            "severity": ["Low", "Medium", "High", "Critical"][n % 4],
            "fix": {"state": "fixed" if n % 3 else "not-fixed",
                    "versions": ["9." + str(n)] if n % 3 else []}},
        "artifact": {"name": "lib%d%s" % (n, EVIL if n % 50 == 0 else ""),
                     "version": "1.%d" % n, "type": "deb"}}
        for n in range(1200)]
    with open(path, "w", encoding="utf-8") as f:
        json.dump({"matches": matches, "source": {
            "type": "image", "target": {
                "userInput": "r.example/big/app:1",
                "imageID": "sha256:" + "a" * 64,
                "manifestDigest": "sha256:" + "b" * 64,
                "tags": ["r.example/big/app:1"], "repoDigests": [],
                "layers": []}},
            "descriptor": {"name": "grype", "version": "0.94.0",
                           "timestamp": "2026-10-01T00:00:00Z"}}, f)


def pod(path):
    with open(path, "w", encoding="utf-8") as f:
        json.dump({"apiVersion": "v1", "kind": "Pod",
                   "metadata": {"name": "evil", "labels": {"a": EVIL}},
                   "spec": {"containers": [{
                       "name": "evil", "image": EVIL,
                       "env": [{"name": "X", "value": EVIL}],
                       "volumeMounts": [{"name": "v", "mountPath": EVIL}]}],
                       "volumes": [{"name": "v", "hostPath": {
                           "path": "/etc/" + EVIL}}]}}, f)


def main():
    for program in "chromium", "node", "npm", "pdftotext":
        if shutil.which(program) is None:
            c.skip("pages in a browser", "no " + program)
            return c.done()
    folder = modules()
    if folder is None:
        c.skip("pages in a browser", "npm gave no playwright-core")
        return c.done()
    with Muster(muster) as m:
        out = os.path.join(m.dir.name, "report")
        more = [os.path.join(m.dir.name, n) for n in ("scan.json", "pod.json")]
        env = dict(os.environ, MODULES=os.path.join(folder, "node_modules"))
        if b"--marking" in m.run("help", "report").stdout:
            env["MARKING"] = "CUI//SP-TEST"
        scan(more[0])
        pod(more[1])
        done = subprocess.run(
            ["sh", os.path.join(top, "tests", "browser", "story.sh"),
             m.program, m.db, out, *more], check=False, env=env,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if not c.true("the report is made", done.returncode == 0,
                      done.stderr.decode(errors="replace")):
            return c.done()
        c.same("parts of the findings", len(glob.glob(
            os.path.join(out, "findings", "*-*.html"))), 3)
        got = subprocess.run(
            ["node", os.path.join(top, "tests", "browser", "pages.mjs"), out,
             shutil.which("chromium")], check=False, timeout=1800, env=env,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    text = got.stdout.decode(errors="replace")
    print("\n".join(line for line in text.splitlines()
                    if line.startswith("FAIL")))
    sums = re.search(r"^(\d+) passed, (\d+) failed$", text, re.M)
    if c.true("the browser came to an end", sums is not None, text[-600:]):
        c.passed += int(sums.group(1))
        c.failed += int(sums.group(2))
    return c.done()


if __name__ == "__main__":
    sys.exit(main())
