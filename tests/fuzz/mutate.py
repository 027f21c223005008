#!/usr/bin/python3
"""mutate.py MUSTER COUNT [FOLDER...] - valid inputs, changed in their
structure and in their bytes, through the real program.

COUNT files are made from those of the folders (samples/ if none), each by one
to three changes: of JSON, XML, YAML, CSV, tar and lines what stands there is
doubled, dropped, swapped, retyped, stretched or taken from another input; of
bytes a bit, a byte, the end or a piece.  The same SEED makes the same files.
They are imported in batches, and of each batch must hold:

  the exit status is 0 or 2, and no reader died
  a message names the file and says what is wrong
  records read are stored, merged or not placed; a refused file leaves nothing
  the same files make the same evidence
  verify passes, of the database and (with a replay) of its package
  every output is well-formed and as its own list of digests says

MUSTER may be built with sanitizers: a report of theirs is a fault.

  SEED=N       another choice (1)
  BATCH=N      files in a batch (250)
  FEED=FUZZER  no program: the files go to this libFuzzer binary, which is
               faster; recognising and reading them is what it does
  KEEP=DIR     where a batch with a fault is left (build/fuzz/finds)
"""
import copy
import csv
import gzip
import hashlib
import io
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import xml.etree.ElementTree as ET
import zipfile
import zlib

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
MOST = 1 << 18          # bytes of an input that is changed
TEXTS = ("", " ", "0", "-1", "true", "null", "CVE-2026-0001", "critical",
         "9" * 400, "x" * 70000, "\u202e\u0007\ud7ff", "2026-11-01T00:00:00Z",
         "=cmd|'/c'!A1", "<script>alert(1)</script>", "../../../etc/passwd",
         "sha256:" + "0" * 64, "\U0001f600" * 50, "a\tb\nc", "%s%n", "pkg:x/y")
NUMBERS = (0, -1, 1, 2 ** 31, 2 ** 63, -2 ** 63, 10 ** 30, 0.5, 1e308)


# JSON, with keys that may be there twice: an object is Pairs.
class Pairs(list):
    pass


def json_load(data):
    return json.loads(data.decode("utf-8-sig"), object_pairs_hook=Pairs)


def json_text(v):
    if isinstance(v, Pairs):
        return "{%s}" % ",".join("%s:%s" % (json.dumps(k), json_text(w))
                                 for k, w in v)
    if isinstance(v, list):
        return "[%s]" % ",".join(json_text(w) for w in v)
    return json.dumps(v)


def containers(v, out):
    if isinstance(v, list):
        out.append(v)
        for w in v:
            containers(w[1] if isinstance(v, Pairs) else w, out)
    return out


def some_value(r, other):
    kind = r.randrange(5)
    if kind == 0:
        return r.choice(TEXTS)
    if kind == 1:
        return r.choice(NUMBERS)
    if kind == 2:
        return r.choice((None, True, False, Pairs(), []))
    if kind == 3 and other:
        return copy.deepcopy(r.choice(containers(other, [])))
    v = r.choice(TEXTS)
    for _ in range(r.choice((1, 3, 150, 250))):
        v = [v] if r.random() < 0.5 else Pairs([("a", v)])
    return v


def change_json(r, data, other):
    doc = json_load(data)
    try:
        donor = json_load(other)
    except (ValueError, RecursionError):
        donor = None
    boxes = [b for b in containers(doc, []) if b]
    if not boxes:
        return json_text(some_value(r, donor)).encode()
    box = r.choice(boxes)
    i, j = r.randrange(len(box)), r.randrange(len(box))
    op = r.randrange(8)
    if op == 0:
        box.insert(j, copy.deepcopy(box[i]))
    elif op == 1:
        del box[i]
    elif op == 2:
        box[i], box[j] = box[j], box[i]
    elif op == 3:
        box.extend(copy.deepcopy(box[i]) for _ in range(r.choice((2, 50))))
    elif op == 4 and isinstance(box, Pairs):
        k = box[i][0]
        box[i] = (r.choice((k.upper(), k + " ", "", box[j][0], k[::-1])),
                  box[i][1])
    else:
        v = some_value(r, donor)
        box[i] = (box[i][0], v) if isinstance(box, Pairs) else v
    return json_text(doc).encode("utf-8", "surrogatepass")


def change_xml(r, data, other):
    root = ET.fromstring(data)
    nodes = list(root.iter())
    parents = [n for n in nodes if len(n)]
    n = r.choice(nodes)
    op = r.randrange(7)
    if op < 3 and parents:
        p = r.choice(parents)
        i, j = r.randrange(len(p)), r.randrange(len(p))
        if op == 0:
            p.insert(j, copy.deepcopy(p[i]))
        elif op == 1:
            del p[i]
        else:
            p[i], p[j] = p[j], p[i]
    elif op == 3:
        n.text = r.choice(TEXTS)
    elif op == 4 and n.attrib:
        k = r.choice(sorted(n.attrib))
        if r.random() < 0.5:
            del n.attrib[k]
        else:
            n.set(k, r.choice(TEXTS))
    elif op == 5:
        n.tag = r.choice(nodes).tag
    else:
        try:
            n.append(copy.deepcopy(r.choice(list(
                ET.fromstring(other).iter()))))
        except ET.ParseError:
            n.append(copy.deepcopy(n))
    # ET refuses nothing: what is no character of XML goes out as it is
    return ET.tostring(root, encoding="utf-8")


def change_lines(r, data, other):
    """YAML too: a block is a line with what is indented below it."""
    lines = data.split(b"\n")

    def block(ls, i):
        deep = len(ls[i]) - len(ls[i].lstrip())
        j = i + 1
        while j < len(ls) and (not ls[j].strip() or
                               len(ls[j]) - len(ls[j].lstrip()) > deep):
            j += 1
        return j
    i = r.randrange(len(lines))
    end = block(lines, i)
    op = r.randrange(8)
    if op == 0:
        lines[end:end] = lines[i:end]
    elif op == 1:
        del lines[i:end]
    elif op == 2:
        j = r.randrange(len(lines))
        lines[i], lines[j] = lines[j], lines[i]
    elif op == 3:
        lines[i] = b" " * r.randrange(9) + lines[i].lstrip()
    elif op == 4:
        key = re.match(rb"\s*[^:=]*[:=]", lines[i])
        lines[i] = (key.group(0) if key else b"") + b" " + r.choice(
            TEXTS).encode("utf-8", "surrogatepass")
    elif op == 5:
        more = other.split(b"\n")
        j = r.randrange(len(more))
        lines[i:i] = more[j:block(more, j)]
    elif op == 6:
        lines[i] = r.choice((b"---", b"- &a [*a]", b"<<: *b", b"? {a: b}",
                             b"!!binary aGk=", b"\t- x", b"'", b"[" * 150,
                             b"a: &x 1\nb: *x", b"\\", b"<<EOF"))
    else:
        lines[i:end] = lines[i:end] * r.choice((2, 40))
    return b"\n".join(lines)


def change_csv(r, data, other):
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    i = r.randrange(len(rows))
    row = rows[i]
    op = r.randrange(7)
    if op == 0:
        rows.insert(i, list(row))
    elif op == 1:
        del rows[i]
    elif op == 2 and row:
        row[r.randrange(len(row))] = r.choice(TEXTS)
    elif op == 3 and row:
        del row[r.randrange(len(row))]
    elif op == 4 and row:
        row.insert(0, row[-1])
    elif op == 5 and row:
        k = r.randrange(len(row))
        for one in rows:
            if k < len(one):
                one.insert(0, one.pop(k))
    else:
        rows += rows[1:] * r.choice((1, 30))
    out = io.StringIO()
    csv.writer(out, lineterminator=r.choice(("\n", "\r\n"))).writerows(rows)
    return out.getvalue().encode("utf-8", "surrogatepass")


def change_tar(r, data, other):
    packed = data[:2] == b"\x1f\x8b"
    members = []
    with tarfile.open(fileobj=io.BytesIO(data)) as t:
        for m in t:
            members.append((m, t.extractfile(m).read() if m.isreg() else b""))
    i, j = r.randrange(len(members)), r.randrange(len(members))
    m, body = members[i]
    op = r.randrange(7)
    if op == 0:
        members.insert(j, members[i])
    elif op == 1:
        del members[i]
    elif op == 2:
        members[i], members[j] = members[j], members[i]
    elif op == 3:
        m.name = r.choice((members[j][0].name, "../" + m.name, "/" + m.name,
                           m.name * 30, "manifest.json", "index.json"))
    elif op == 4:
        m.type = r.choice((tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE,
                           tarfile.FIFOTYPE, tarfile.CHRTYPE))
        m.linkname = members[j][0].name
    else:
        members[i] = (m, change(r, m.name, body, other, 1))
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w",
                      format=tarfile.PAX_FORMAT) as t:
        for m, body in members:
            m.size = len(body) if m.isreg() else 0
            t.addfile(m, io.BytesIO(body))
    return gzip.compress(out.getvalue(), 1, mtime=0) if packed else \
        out.getvalue()


def change_bytes(r, data, other):
    b = bytearray(data)
    if not b:
        return bytes(other[:r.randrange(64)])
    i, j = r.randrange(len(b)), r.randrange(len(b))
    op = r.randrange(6)
    if op == 0:
        b[i] ^= 1 << r.randrange(8)
    elif op == 1:
        b[i] = r.choice((0, 0xff, 0x80, ord("\n"), ord('"'), r.randrange(256)))
    elif op == 2:
        del b[i:]
    elif op == 3:
        k = r.randrange(len(other) + 1)
        b[i:i + r.randrange(200)] = other[k:k + r.randrange(400)]
    elif op == 4:
        b[i:i] = b[j:j + r.randrange(1, 300)]
    else:
        del b[min(i, j):min(max(i, j), min(i, j) + 200)]
    return bytes(b)


def shape(name, data):
    head = data.lstrip()[:1]
    if head in (b"{", b"["):
        return change_json
    if head == b"<":
        return change_xml
    if name.endswith(".csv"):
        return change_csv
    if data[257:262] == b"ustar" or name.endswith(".tar.gz"):
        return change_tar
    return change_lines


def change(r, name, data, other, times):
    for _ in range(times):
        how = shape(name, data) if r.random() < 0.6 else change_bytes
        try:
            data = how(r, data, other)
        except (ValueError, SyntaxError, RecursionError, IndexError,
                EOFError, OSError, tarfile.TarError, csv.Error, zlib.error,
                LookupError):
            # it was no valid one any more: its bytes are
            data = change_bytes(r, data, other)
        if len(data) > 4 * MOST:
            data = data[:MOST]
    return data


def inputs(tops):
    out = []
    for top in tops:
        for base, dirs, files in os.walk(top):
            dirs.sort()
            if os.path.basename(base) == "make":
                del dirs[:]
                continue
            for f in sorted(files):
                path = os.path.join(base, f)
                if 0 < os.path.getsize(path) <= MOST:
                    with open(path, "rb") as g:
                        out.append((f, g.read()))
    return out


class Batch:
    """Some files in a folder, and what the program makes of them."""

    def __init__(self, muster, folder, faults):
        self.muster, self.folder, self.faults = muster, folder, faults
        self.env = dict(os.environ, MUSTER_USER="fuzz", TMPDIR=folder,
                        ASAN_OPTIONS="detect_leaks=0:allocator_may_return_"
                        "null=1", UBSAN_OPTIONS="print_stacktrace=1")

    def fault(self, fmt, *args):
        self.faults.append(fmt % args)

    def run(self, db, *args):
        try:
            p = subprocess.run(
                [self.muster, "-d", os.path.join(self.folder, db)] +
                list(args), cwd=self.folder, env=self.env, check=False,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, timeout=600)
        except subprocess.TimeoutExpired:
            self.fault("%s does not end", args[0])
            return 1, b"", ""
        said = p.stderr.decode("utf-8", "backslashreplace")
        for bad in ("AddressSanitizer", "runtime error:", "reader died",
                    "reader stopped", "reader gave up", "sent a broken",
                    "please report", "processor time"):
            if bad in said:
                at = said.index(bad)
                self.fault("%s: %s", args[0], said[max(0, at - 300):at + 300])
        return p.returncode, p.stdout, said

    def imported(self, db):
        rc, out, said = self.run(db, "import", "--json", "in")
        if rc not in (0, 2):
            self.fault("import: status %d: %s", rc, said[-400:])
            return []
        rows = [json.loads(line) for line in out.decode().splitlines()]
        for row in rows:
            n = row["records"]
            if n["read"] != n["stored"] + n["merged"] + n["unplaced"]:
                self.fault("%s: %s", row["file"], n)
            if (row["status"] in ("refused", "no_evidence")) == \
                    (row["error"] is None) and row["status"] != "no_evidence":
                self.fault("%s: %s without a reason", row["file"],
                           row["status"])
            if row["error"] and (len(row["error"]["message"]) < 8 or
                                 row["file"][:200] not in said):
                self.fault("%s: nobody says what is wrong with it",
                           row["file"])
        if (rc == 2) != any(row["status"] == "refused" for row in rows
                            if "!" not in row["file"]):
            self.fault("import: status %d", rc)
        return rows

    def tables(self, db):
        """Evidence as text; a batch's name is another each time."""
        con = sqlite3.connect(os.path.join(self.folder, db))
        out = []
        for t in ("artifact", "target", "identity", "fact", "layer", "file",
                  "package", "finding", "listing", "signature", "statement",
                  "priority", "guidance", "warning"):
            cur = con.execute("SELECT * FROM %s ORDER BY id" % t)
            names = [d[0] for d in cur.description]
            out.append((t, [tuple(v for k, v in zip(names, row)
                                  if k != "batch") for row in cur]))
        con.close()
        return out

    def same(self, rows):
        first, again = self.tables("a.db"), self.tables("b.db")
        for (t, x), (_, y) in zip(first, again):
            if x != y:
                self.fault("%s is another when imported again", t)
        held = len(first[0][1])
        if held != sum(r["status"] == "imported" for r in rows):
            self.fault("%d artifacts are held of %d that were imported", held,
                       sum(r["status"] == "imported" for r in rows))

    def outputs(self):
        top = os.path.join(self.folder, "out")
        for base, _, files in os.walk(top):
            for f in files:
                path = os.path.join(base, f)
                with open(path, "rb") as g:
                    data = g.read()
                try:
                    well_formed(f, data)
                except (ValueError, SyntaxError, zipfile.BadZipFile,
                        csv.Error) as e:
                    self.fault("%s is not well-formed: %s", path, e)
        with open(os.path.join(top, ".muster.sha256"), encoding="utf-8") as f:
            for line in f:
                if line.startswith("#"):
                    continue
                digest, name = line.rstrip("\n").split("  ", 1)
                with open(os.path.join(top, name), "rb") as g:
                    if hashlib.sha256(g.read()).hexdigest() != digest:
                        self.fault("%s is not as its digest says", name)

    def check(self, whole):
        rows = self.imported("a.db")
        self.imported("b.db")
        if self.faults:
            return rows
        self.same(rows)
        if not any(r["status"] == "imported" for r in rows):
            return rows
        steps = [("assess", "--as-of", "2026-11-01"), ("verify",)]
        if whole:
            steps[1:1] = [("report", "-o", "out")]
            steps += [("package", "p.zip"), ("verify", "--replay", "p.zip")]
        for args in steps:
            rc, _, said = self.run("a.db", *args)
            if rc != 0:
                self.fault("%s: status %d: %s", args[0], rc, said[-400:])
                return rows
        if whole:
            self.outputs()
        return rows


def well_formed(name, data):
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(data)) as z:
            for part in z.namelist():
                ET.fromstring(z.read(part))
        return
    text = data.decode("utf-8")
    if name.endswith((".json", ".cklb")):
        json.loads(text)
    elif name.endswith(".jsonl"):
        for line in text.splitlines():
            json.loads(line)
    elif name.endswith((".xml", ".ckl")):
        ET.fromstring(data)
    elif name.endswith(".csv"):
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        if len({len(r) for r in rows}) > 1:
            raise ValueError("rows of several lengths")
    elif name.endswith(".html") and not text.startswith("<!DOCTYPE html>"):
        raise ValueError("no page")


def feed(fuzzer, folder, faults):
    for target in ("recognise",):
        p = subprocess.run([fuzzer, "-timeout=10", "-rss_limit_mb=2048",
                            "-artifact_prefix=" + folder + "/"] +
                           [os.path.join(folder, "in", f) for f in
                            sorted(os.listdir(os.path.join(folder, "in")))],
                           cwd=TOP, env=dict(os.environ, FUZZ=target),
                           check=False, stdout=subprocess.DEVNULL,
                           stderr=subprocess.PIPE)
        if p.returncode != 0:
            faults.append(p.stderr.decode("utf-8", "replace")[-3000:])


def main():
    muster, count = os.path.abspath(sys.argv[1]), int(sys.argv[2])
    tops = sys.argv[3:] or [os.path.join(TOP, "samples")]
    seed, size = os.environ.get("SEED", "1"), int(os.environ.get("BATCH",
                                                                 "250"))
    fuzzer = os.environ.get("FEED")
    all_inputs = inputs(tops)
    done, stored, bad = 0, 0, 0
    while done < count:
        folder = tempfile.mkdtemp()
        os.mkdir(os.path.join(folder, "in"))
        for i in range(done, min(done + size, count)):
            r = random.Random("%s:%d" % (seed, i))
            name, data = r.choice(all_inputs)
            other = r.choice(all_inputs)[1]
            data = change(r, name, data, other, r.choice((1, 1, 2, 3)))
            ext = re.search(r"(\.tar\.gz|\.[a-z0-9]*|)$", name).group(0)
            with open(os.path.join(folder, "in", "%07d%s" % (i, ext)),
                      "wb") as f:
                f.write(data)
        faults = []
        if fuzzer:
            feed(os.path.abspath(fuzzer), folder, faults)
        else:
            # the whole of it of every fourth batch: it takes longest
            rows = Batch(muster, folder, faults).check(
                done // size % 4 == 0)
            stored += sum(r["status"] == "imported" for r in rows)
        done = min(done + size, count)
        if faults:
            bad += 1
            keep = os.environ.get("KEEP", os.path.join(TOP, "build", "fuzz",
                                                       "finds"))
            keep = os.path.join(keep, "batch-%s-%d" % (seed, done))
            shutil.rmtree(keep, ignore_errors=True)
            shutil.copytree(os.path.join(folder, "in"), keep)
            for f in faults[:10]:
                print("mutate.py: batch of %s: %s" % (keep, f),
                      file=sys.stderr)
        shutil.rmtree(folder)
        if os.environ.get("TELL"):
            print("%d files, %d batches with a fault" % (done, bad),
                  file=sys.stderr, flush=True)
    print("%d changed files%s: %d batches with a fault" % (
        done, "" if fuzzer else ", %d of them evidence" % stored, bad))
    return 1 if bad else 0


sys.exit(main())
