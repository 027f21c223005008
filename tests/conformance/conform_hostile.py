"""conform_hostile.py - a database whose every text is hostile.

Each sample is written anew with text put behind every string that its reader
does not need as it is (which those are is found by trying), an image is made
whose configuration, packages and file names are hostile, and people decide in
words of the same kind.
"""
import csv
import io
import json
import os
import re
import tarfile
import xml.etree.ElementTree as ET
import zlib

TEXTS = [
    "\u202etxt.exe\u2066 bidi", "a\x01b\x1b[31mc\x7f\x9bd", "<script>alert(1)",
    "=cmd|' /C calc'!A0", "+1+1", "-1", "@SUM(A1)", "\t=1+1", "U+FFFE \ufffe.",
    "U+FFFF \uffff.", "]]><![CDATA[x", "<!--", "-->", "<?php x?>",
    "&lt;&amp;&#0;&bogus;", "\"", "'", "\"'\"><img src=x onerror=alert(1)>",
    "javascript:alert(1)", "data:text/html,<script>", "${jndi:ldap://x/}",
    "../../../etc/passwd", "x" * 40000, "\u0301" * 300, "line\r\nCR LF",
    "--\n--------------------------------\n--", "WAIVER :: approved by nobody",
    "failed :: TEST t :: MESSAGE m", "'; DROP TABLE result; --", "%n%s%x",
    "\u2028\u2029", "\ud7ff\ue000\U0001f4a9\U000e0041", "{{constructor}}",
    "{\"hdfSpecificData\":1}", "NULL", "None", " ", "\\", "\\u0000", "`id`",
    "$(id)", "a,b;c\td", "<VulnDiscussion></VulnDiscussion>", "AC-3 (4)",
]
# What no text may be: digests, times, addresses of a schema.
KEEP = re.compile(r"(sha256:)?[0-9a-f]{40,64}$|\d{4}-\d\d-\d\d|https?://")


class Texts:
    def __init__(self):
        self.n = 0

    def next(self):
        self.n += 1
        return TEXTS[self.n % len(TEXTS)]


def leaves(value, at=()):
    """The paths of all strings."""
    if isinstance(value, str):
        if not KEEP.match(value):
            yield at
    elif isinstance(value, list):
        for i, v in enumerate(value):
            yield from leaves(v, at + (i,))
    elif isinstance(value, dict):
        for k, v in value.items():
            yield from leaves(v, at + (k,))


def changed(value, texts, at=()):
    """A copy in which the strings of these paths have text behind them."""
    if isinstance(value, list):
        return [changed(v, texts, at + (i,)) for i, v in enumerate(value)]
    if isinstance(value, dict):
        return {k: changed(v, texts, at + (k,)) for k, v in value.items()}
    return value + texts[at] if at in texts else value


def taken(text, accepts, paths):
    """The most of the paths that the reader lets pass: by halves."""
    if not paths or accepts(text(paths)):
        return paths
    if len(paths) == 1:
        return []
    half = len(paths) // 2
    left = taken(text, accepts, paths[:half])
    right = taken(text, accepts, paths[half:])
    both = left + right
    if not left or not right or accepts(text(both)):
        return both
    return left if len(left) > len(right) else right


def json_of(data, texts, accepts):
    value = json.loads(data)
    paths = list(leaves(value))
    words = {p: texts.next() for p in paths}

    def text(some):
        return json.dumps(changed(value, {p: words[p] for p in some})).encode()

    some = taken(text, accepts, paths)
    return text(some) if some else None


def legal(text):
    """What XML 1.0 can hold of it."""
    return "".join(ch for ch in text if ch in "\t\n\r" or (
        ch >= " " and ch not in "\ufffe\uffff"))


def xml_of(data, texts, accepts):
    root = ET.fromstring(data)
    places = [(n, e, k) for n, e in enumerate(root.iter())
              for k in [None, *e.attrib]
              if (e.attrib[k] if k else (e.text or "").strip())
              and not KEEP.match(e.attrib[k] if k else e.text)]
    was = {(n, k): e.attrib[k] if k else e.text for n, e, k in places}
    words = {(n, k): legal(texts.next()) for n, _, k in places}

    def text(some):
        some = set(some)
        for n, e, k in places:
            value = was[n, k] + (words[n, k] if (n, k) in some else "")
            if k:
                e.set(k, value)
            else:
                e.text = value
        return ET.tostring(root)

    some = taken(text, accepts, list(was))
    return text(some) if some else None


def csv_of(data, texts, accepts):
    rows = list(csv.reader(io.StringIO(data.decode("utf-8"))))
    paths = list(leaves(rows[1:]))
    words = {p: texts.next() for p in paths}

    def text(some):
        out = io.StringIO()
        csv.writer(out).writerows(rows[:1] + changed(
            rows[1:], {p: words[p] for p in some}))
        return out.getvalue().encode("utf-8")

    some = taken(text, accepts, paths)
    return text(some) if some else None


def yaml_of(data, texts, accepts):
    import yaml
    docs = [d for d in yaml.safe_load_all(data) if d is not None]
    paths = list(leaves(docs))
    words = {p: texts.next() for p in paths}

    def text(some):
        return "---\n".join(json.dumps(d, default=str) + "\n" for d in changed(
            docs, {p: words[p] for p in some})).encode()

    some = taken(text, accepts, paths)
    return text(some) if some else None


HOW = {".json": json_of, ".cklb": json_of, ".xml": xml_of, ".ckl": xml_of,
       ".csv": csv_of, ".yaml": yaml_of}


def image(path):
    """docker save's archive of one image."""
    import hashlib

    def name_of(i):
        t = "".join(ch for ch in TEXTS[i] if ch not in "/\0")[:60]
        return t.encode("utf-8", "surrogatepass").decode("utf-8", "replace")

    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as tar:
        def put(name, data, mode=0o644):
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(data), mode
            tar.addfile(info, io.BytesIO(data))
        put("etc/os-release", "ID=debian\nVERSION_ID=12\nPRETTY_NAME=\"{}\"\n"
            .format(TEXTS[3]).encode())
        put("var/lib/dpkg/status", "".join(
            "Package: p%d%s\nStatus: install ok installed\nVersion: 1.%d%s\n"
            "Architecture: amd64\nMaintainer: x\n\n" % (
                i, name_of(i).split("\n")[0], i, t.split("\n")[0][:200])
            for i, t in enumerate(TEXTS)).encode("utf-8", "replace"))
        for i in range(len(TEXTS)):
            put("opt/%d%s" % (i, name_of(i)), b"#!/bin/sh\n", 0o4755)
            put("root/.ssh/%d%s/id_rsa" % (i, name_of(i)),
                b"-----BEGIN RSA PRIVATE KEY-----\n")
    data = layer.getvalue()
    config = json.dumps({
        "architecture": "amd64", "os": "linux", "created":
        "2026-10-01T00:00:00Z", "author": TEXTS[2],
        "config": {"User": TEXTS[4], "Env": ["V%d=%s" % (i, t) for i, t in
                                             enumerate(TEXTS)],
                   "Labels": {"l%d%s" % (i, t[:50]): t for i, t in
                              enumerate(TEXTS)},
                   "Cmd": TEXTS[:20], "Entrypoint": TEXTS[20:],
                   "WorkingDir": TEXTS[17], "ExposedPorts":
                   {"22/tcp": {}, "%s/tcp" % TEXTS[2]: {}}},
        "history": [{"created_by": t, "comment": t} for t in TEXTS[:22]] +
        [{"created_by": "ADD " + TEXTS[3]}],
        "rootfs": {"type": "layers", "diff_ids": [
            "sha256:" + hashlib.sha256(data).hexdigest()]}}).encode()
    with tarfile.open(path, "w") as tar:
        for name, content in (
                ("c.json", config), ("l.tar", data),
                ("manifest.json", json.dumps([{
                    "Config": "c.json", "Layers": ["l.tar"], "RepoTags":
                    ["registry.example.mil/x/%s:1" % t[:80] for t in
                     TEXTS]}]).encode())):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))


def argument(text):
    """What a command line can hold of it."""
    return text.replace("\0", "").encode("utf-8", "replace")[:30000]


def decide(m, c):
    """People's words, on everything that failed and on findings."""
    n = 0
    said = Texts()
    results = m.rows("show", "results")
    failed = [r for r in results if r["verdict"] == "fail"]
    issues = m.rows("show", "issues")
    todo = [["--requirement", r["requirement"], "--image", r["subject"]]
            for r in failed if r["subject"].startswith("sha256:")][:12]
    todo += [["--requirement", r, "--all"] for r in sorted(
        {r["requirement"] for r in failed})[:6]]
    todo += [["--finding", i["id"], "--all"] for i in issues[:20]
             if i["id"].isascii() and i["id"].isprintable()]
    for i, what in enumerate(todo):
        kind = ("waiver", "false_positive", "poam", "risk_adjustment",
                "comment")[i % 5]
        words = [b for key in ("--why", "--gap", "--risk", "--compensating",
                               "--plan", "--owner", "--authority",
                               "--designator", "--details")
                 for b in (key, argument(said.next()))]
        if kind != "comment":
            del words[-2:]
        if kind != "risk_adjustment":
            del words[12:14]
        else:
            words += ["--severity", "low"]
        p = m.run("waiver", "propose", "--kind", kind, *what, *words,
                  "--until", "2027-06-01", "--by", argument("x" + TEXTS[i]),
                  "--as-of", "2026-10-01")
        if p.returncode != 0:
            continue
        n += 1
        ident = re.search(rb"[0-9a-f]{8}-[0-9a-f-]{27}", p.stdout + p.stderr)
        if ident is None or i % 3 == 0:
            continue
        for step, role in (("review", "cve_approver"), ("approve", "ao")):
            m.run("waiver", step, ident.group().decode(), "--by",
                  argument(step + TEXTS[-i % len(TEXTS)]), "--role", role,
                  "--note", argument(said.next()), "--as-of", "2026-10-02")
    open_ones = [r for r in results if r["verdict"] == "not_reviewed"][:40]
    shown = os.path.join(m.dir.name, "hostile", "image.tar")
    attested = sum(m.run(
        "attest", r["requirement"], argument(r["subject"]), "--verdict",
        "pass", "--evidence", shown, "--until", "P90D", "--why",
        argument(said.next()), "--by", argument(said.next()), "--as-of",
        "2026-10-03").returncode == 0 for r in open_ones)
    c.true("attestations in hostile words", attested >= 10, "%d of %d" % (
        attested, len(open_ones)))
    c.true("decisions in hostile words", n >= 10, "%d of %d" % (n, len(todo)))


def build(m, c, samples):
    """Fill m's database; which kinds of files it took."""
    scratch = os.path.join(m.dir.name, "hostile")
    os.mkdir(scratch)
    kinds = set()
    trial = os.path.join(scratch, "trial.db")

    def accepts(data):
        path = os.path.join(scratch, "trial")
        with open(path, "wb") as f:
            f.write(data)
        for suffix in "", "-journal":
            if os.path.exists(trial + suffix):
                os.unlink(trial + suffix)
        db, m.db = m.db, trial
        try:
            return m.run("import", path).returncode == 0
        finally:
            m.db = db

    out = []
    for where, _, names in sorted(os.walk(samples)):
        for name in sorted(names):
            how = HOW.get(os.path.splitext(name)[1])
            path = os.path.join(where, name)
            with open(path, "rb") as f:
                data = f.read()
            if how is None or os.path.basename(where) in (
                    "make", "tailoring") or not accepts(data):
                continue
            texts = Texts()
            texts.n = zlib.crc32(name.encode()) % len(TEXTS)
            try:
                made = how(data, texts, accepts)
            except (ValueError, ET.ParseError):
                continue
            if made is None:
                continue
            kinds.add(os.path.basename(where))
            out.append(os.path.join(scratch, "%s-%s" % (
                os.path.basename(where), name)))
            with open(out[-1], "wb") as f:
                f.write(made)
    out.append(os.path.join(scratch, "image.tar"))
    image(out[-1])
    for path in out:
        p = m.run("import", path)
        c.true("import of %s" % os.path.basename(path), p.returncode == 0,
               p.stderr.decode("utf-8", "replace"))
    return kinds
