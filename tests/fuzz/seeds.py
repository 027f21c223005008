#!/usr/bin/python3
"""seeds.py FUZZER MUSTER OUT [SHARED] - what each target starts from.

A folder a target, OUT/NAME, and a dictionary OUT/NAME.dict of the words that
its source compares with.  The samples go to the importer that recognises
them, and with SHARED the small real inputs do.  What is in a container comes
as pieces (fuzz.h), so that the fuzzer can put wrong things into a container
that is right.
"""
import base64
import bz2
import gzip
import hashlib
import io
import lzma
import os
import re
import sqlite3
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
MOST = 16384            # bytes of a seed
MEMBER, LAYER, KIND = 1, 2, 4


def piece(name, body=b"", flags=0):
    """A piece as fuzz_piece() takes it."""
    if isinstance(body, str):
        body = body.encode()
    return (bytes([flags]) + name.encode() + b"\0" +
            struct.pack("<H", min(len(body), 65535)) + body)


def put(out, target, name, data):
    if isinstance(data, str):
        data = data.encode()
    os.makedirs(os.path.join(out, target), exist_ok=True)
    with open(os.path.join(out, target, name), "wb") as f:
        f.write(data)


def slurp(*path):
    with open(os.path.join(TOP, *path), "rb") as f:
        return f.read()


def walk(top):
    for base, dirs, files in os.walk(top):
        dirs.sort()
        for f in sorted(files):
            yield os.path.join(base, f)


def importers(fuzzer, out, tops):
    """Each file to whoever recognises it; what nobody does (it is malformed)
    to those of its folder."""
    files = [f for t in tops for f in walk(t)
             if 0 < os.path.getsize(f) <= MOST]
    told = subprocess.run([fuzzer] + files, stdout=subprocess.PIPE,
                          check=True, env=dict(os.environ, FUZZ="who"))
    who = dict(reversed(line.split("\t", 1))
               for line in told.stdout.decode().splitlines())
    folders = {}
    for f, name in who.items():
        folders.setdefault(os.path.dirname(f), set()).add(name)
    for i, f in enumerate(files):
        names = [who[f]] if f in who else folders.get(os.path.dirname(f), [])
        with open(f, "rb") as g:
            data = g.read()
        for name in sorted(names):
            put(out, name, "%04d" % i, data)
        put(out, "recognise", "%04d" % i, data)
        kind = {b"{": "json", b"[": "json", b"<": "xml"}.get(
            data.lstrip()[:1], None)
        kind = kind or {".yaml": "yaml", ".csv": "csv", ".toml": "toml",
                        ".tar": "tar", ".zip": "zip", ".gz": "decode"}.get(
            os.path.splitext(f)[1])
        if kind:
            put(out, kind, "%04d" % i, data if kind not in ("tar", "decode")
                else b"\0" + data)
        if "cosign" in f or "attestation" in f:
            put(out, "envelope", "%04d" % i, data)


def words(text):
    found = set()
    for s in re.findall(r'"((?:[^"\\\n]|\\.)*)"', text):
        for w in [s] + re.split(r"[][.* ]+", s):
            if 2 <= len(w) <= 40 and re.fullmatch(r"[!#-\[\]-~ ]+", w) and \
                    "%" not in w and not w.endswith(".h"):
                found.add(w)
    return sorted(found)


def dictionaries(out):
    """What an importer's own source compares with: its wanted paths."""
    by_name, room = {}, os.path.join(TOP, "src", "import")
    for f in sorted(os.listdir(room)):
        text = slurp("src", "import", f).decode()
        m = re.search(r'^\t\.name = "([a-z0-9-]*)"', text, re.M)
        if m:
            by_name[m.group(1)] = [f]
    for name, files in by_name.items():
        stem = files[0][:-2].split("_")[0]
        files += [f for f in sorted(os.listdir(room)) if
                  f.startswith(stem) and f.endswith(".c") and f != files[0]]
    others = {
        "image": ["src/image/watch.c", "src/image/config.c",
                  "src/image/oci.c", "src/image/docker.c",
                  "src/image/manifest.c", "src/image/dpkg.c",
                  "src/image/apk.c", "src/image/start.c",
                  "src/image/verify.c"],
        "secret": ["src/image/secret_scan.c", "src/image/secret_name.c",
                   "src/image/token.c"],
        "sift": ["src/image/sift_find.c", "src/image/sift_file.c",
                 "src/image/sift_proof.c", "src/image/token.c"],
        "gate": ["src/cmd/gate.c"], "policy": ["src/assess/decision_policy.c"],
        "tailoring": ["src/assess/tailoring.c", "xccdf/" +
                      sorted(os.listdir(os.path.join(TOP, "xccdf")))[0]],
        "waivers": ["src/cmd/waiver_file.c",
                    "include/muster/decision_fields.def"],
        "workbook": ["src/render/template.c", "src/render/template_grid.c",
                     "src/render/poam_columns.def"],
        "envelope": ["src/parse/signed_dsse.c", "src/parse/dsse.c",
                     "src/parse/signed_predicate.c"],
        "package": ["src/cmd/package_read.c"],
        "language": ["src/image/lang_text.c", "src/image/lang_jar.c",
                     "src/image/lang_go.c"],
        "key": ["src/base/sign.c", "src/base/sshkey.c", "src/base/keys.c"],
    }
    lists = {n: ["src/import/" + f for f in fs] for n, fs in by_name.items()}
    lists.update(others)
    for name, files in lists.items():
        found = words("\n".join(slurp(f).decode() for f in files))
        with open(os.path.join(out, name + ".dict"), "w") as f:
            f.writelines('"%s"\n' % w.replace('"', "") for w in found[:1500])


def rpm_header():
    index, data = b"", b""
    n = 0
    for tag, kind, count, value in (
            (1000, 6, 1, b"bash\0"), (1001, 6, 1, b"5.1\0"),
            (1002, 6, 1, b"2.el9\0"), (1022, 6, 1, b"x86_64\0"),
            (1044, 6, 1, b"bash-5.1-2.el9.src.rpm\0"),
            (1116, 4, 1, bytes(4)), (1029, 1, 1, b"\0"),
            (1117, 8, 1, b"bash\0"), (1118, 8, 1, b"/usr/bin/\0"),
            (1035, 8, 1, b"ab" * 32 + b"\0"), (5011, 4, 1, b"\0\0\0\x08"),
            (268, 7, 8, b"\x89\x02\x33\x04\x00\x01\x08\x00")):
        index += struct.pack(">IIII", tag, kind, len(data), count)
        data += value
        n += 1
    return struct.pack(">II", n, len(data)) + index + data


def rpm_ndb(blob):
    blocks = (16 + len(blob) + 12 + 15) // 16
    db = b"RpmP" + struct.pack("<IIII", 0, 1, 1, 2)
    db = db.ljust(32, b"\0")
    for i in range((4096 - 32) // 16):
        db += b"Slot" + struct.pack("<III", *((1, 256, blocks) if i == 0
                                              else (0, 0, 0)))
    body = b"BlbS" + struct.pack("<III", 1, 7, len(blob)) + blob
    body = body.ljust(blocks * 16 - 12, b"\0")
    return db + body + struct.pack("<II", 0, len(blob)) + b"BlbE"


def rpm_bdb(blob, long):
    size = 1024
    meta = bytearray(size)
    struct.pack_into("<IIII", meta, 8, 0, 0x061561, 9, size)
    meta[25] = 8
    struct.pack_into("<I", meta, 32, 2)
    page = bytearray(size)
    struct.pack_into("<I", page, 8, 1)
    page[25] = 13
    value = b"\1" + blob
    if long:
        value = struct.pack("<BBHII", 3, 0, 0, 2, len(blob))
    key = b"\1\1\0\0\0"
    struct.pack_into("<H", page, 20, 2)
    at = size
    for i, item in enumerate((key, value)):
        at -= len(item)
        page[at:at + len(item)] = item
        struct.pack_into("<H", page, 26 + 2 * i, at)
    over = bytearray(size)
    struct.pack_into("<I", over, 8, 2)
    over[25] = 7
    struct.pack_into("<H", over, 22, len(blob))
    over[26:26 + len(blob)] = blob
    return bytes(meta + page + over)


def rpm_sqlite(blob):
    with tempfile.TemporaryDirectory() as d:
        db = sqlite3.connect(os.path.join(d, "db"))
        db.execute("PRAGMA page_size = 512")
        db.execute("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY "
                   "AUTOINCREMENT, blob BLOB NOT NULL)")
        db.execute("INSERT INTO Packages(blob) VALUES(?)", (blob,))
        db.commit()
        db.close()
        with open(os.path.join(d, "db"), "rb") as f:
            return f.read()


FILES = (
    ("etc/passwd", "root:x:0:0:root:/root:/bin/sh\napp:x:100:100::/:/bin/sh\n"),
    ("etc/group", "root:x:0:\napp:x:100:app\n"),
    ("etc/os-release", 'ID=debian\nVERSION_ID="12"\n'),
    ("var/lib/dpkg/status", "Package: bash\nStatus: install ok installed\n"
     "Architecture: amd64\nSource: bash (5.2)\nVersion: 5.2.15-2\n"
     "Conffiles:\n /etc/bash.bashrc 89269e1298235f1b12b4c16e4065ad0d\n\n"),
    ("var/lib/dpkg/info/bash.md5sums",
     "0123456789abcdef0123456789abcdef  bin/bash\n"),
    ("var/lib/dpkg/info/bash.list", "/.\n/bin\n/bin/bash\n"),
    ("var/lib/dpkg/diversions", "/bin/sh\n/bin/sh.distrib\ndash\n"),
    ("lib/apk/db/installed", "P:musl\nV:1.2.4-r2\nA:x86_64\no:musl\n"
     "S:383152\nF:lib\nR:ld-musl-x86_64.so.1\na:0:0:755\n"
     "Z:Q1UnbDShVLPRcTJkCZSNvcbFGr32k=\nM:0:0:755\n\n"),
    ("etc/apt/sources.list", "deb [trusted=yes] http://deb.example/ stable"
     " main\n"),
    ("etc/apt/sources.list.d/a.sources", "Types: deb\nURIs: http://x/\n"
     "Suites: s\nSigned-By: /etc/apt/keyrings/k.gpg\nTrusted: yes\n"),
    ("etc/apt/apt.conf.d/1", 'APT::Get::AllowUnauthenticated "true";\n'
     '#clear a;\nAPT { Get { x "1"; }; };\n'),
    ("etc/yum.repos.d/a.repo", "[a]\nname=a\nenabled=1\ngpgcheck = 0\n"
     "baseurl=http://x/\n"),
    ("etc/pip.conf", "[global]\ntrusted-host = a\nindex-url = http://u:p@x/"),
    ("etc/npmrc", "strict-ssl=false\nregistry=http://x/\n"
     "//r/:_authToken=npm_0123456789abcdefghijklmnopqrstuvwxyzAB\n"),
    ("etc/containers/registries.conf", '[[registry]]\nlocation = "a"\n'
     "insecure = true\n"),
    ("etc/docker/daemon.json", '{"insecure-registries":["a"]}'),
    ("etc/supervisord.conf", "[program:sshd]\ncommand=/usr/sbin/sshd -D\n"),
    ("etc/init.d/ssh", "#!/bin/sh\nstart-stop-daemon --exec /usr/sbin/sshd\n"),
    ("app/node_modules/a/package.json", '{"name":"a","version":"1.0.0"}'),
    ("usr/lib/python3/dist-packages/a-1.dist-info/METADATA",
     "Metadata-Version: 2.1\nName: a\nVersion: 1\n"),
    ("root/.aws/credentials", "[default]\naws_access_key_id = "
     "AKIAABCDEFGHIJKLMNOP\naws_secret_access_key = "
     "abcdefghijklmnopqrstuvwxyz0123456789ABCD\n"),
)

CONFIG = ('{"architecture":"amd64","os":"linux","created":'
          '"2026-01-01T00:00:00Z","config":{"User":"app","Env":["PATH=/bin",'
          '"DB_PASSWORD=hunter2hunter2"],"Entrypoint":["/start.sh"],"Cmd":'
          '["-x"],"ExposedPorts":{"8080/tcp":{}},"Labels":{"a":"b"},'
          '"Healthcheck":{"Test":["CMD-SHELL","curl -f x"],"Interval":1}},'
          '"history":[{"created_by":"/bin/sh -c apt-get install -y gcc"},'
          '{"created_by":"CMD","empty_layer":true}],"rootfs":{"type":'
          '"layers","diff_ids":["sha256:@0"%s]}}')


def docker(*layers):
    """A docker archive of layers of (name, body, flags)."""
    data = b""
    for i, files in enumerate(layers):
        for name, body, flags in files:
            data += piece(name, body, flags)
        data += piece("l%d/layer.tar" % i, b"", LAYER)
    more = "".join(',"sha256:@%d"' % i for i in range(1, len(layers)))
    data += piece("c.json", CONFIG % more, MEMBER)
    return data + piece("manifest.json", '[{"Config":"c.json","RepoTags":'
                        '["shop/web:1"],"Layers":[%s]}]' % ",".join(
                            '"l%d/layer.tar"' % i for i in
                            range(len(layers))), MEMBER)


def oci(files):
    data = b""
    for name, body, flags in files:
        data += piece(name, body, flags)
    data += piece("@", b"", LAYER) + piece("@", CONFIG % "", MEMBER)
    data += piece("@", '{"schemaVersion":2,"mediaType":"application/vnd.oci.'
                  'image.manifest.v1+json","config":{"mediaType":'
                  '"application/vnd.oci.image.config.v1+json","digest":'
                  '"sha256:@1","size":$1},"layers":[{"mediaType":"application'
                  '/vnd.oci.image.layer.v1.tar","digest":"sha256:@0","size":'
                  '$0}]}', MEMBER)
    data += piece("oci-layout", '{"imageLayoutVersion":"1.0.0"}', MEMBER)
    return data + piece("index.json", '{"schemaVersion":2,"manifests":[{'
                        '"mediaType":"application/vnd.oci.image.manifest.v1+'
                        'json","digest":"sha256:@2","size":$2,"annotations":'
                        '{"org.opencontainers.image.ref.name":"w:1"},'
                        '"platform":{"os":"linux","architecture":"amd64"}}]}',
                        MEMBER)


def tar_of(files):
    """As small as a tar gets: one block of zeros ends it."""
    f = io.BytesIO()
    for name, body in files:
        i = tarfile.TarInfo(name)
        i.size = len(body)
        f.write(i.tobuf(tarfile.USTAR_FORMAT) + body +
                bytes(-len(body) % 512))
    return f.getvalue() + bytes(1024)


def images(out):
    blob = rpm_header()
    for i, (name, body) in enumerate(FILES):
        put(out, "image", "file%02d" % i, docker([(name, body, 0)]))
    some = [(n, b, 0) for n, b in FILES[:8]]
    put(out, "image", "oci", oci(some))
    put(out, "layout", "oci", oci(some))
    put(out, "image", "two", docker(
        some, [("etc/.wh.passwd", "", 0), ("bin/.wh..wh..opq", "", 0),
               ("bin/su", "x", 64), ("bin/sh", "/bin/su", 2 * KIND),
               ("bin/ln", "bin/su", 1 * KIND), ("dev", "", 5 * KIND)]))
    for name, db in (("var/lib/rpm/Packages", rpm_bdb(blob, False)),
                     ("usr/lib/sysimage/rpm/Packages.db", rpm_ndb(blob)),
                     ("var/lib/rpm/rpmdb.sqlite", rpm_sqlite(blob))):
        put(out, "image", os.path.basename(name), docker([(name, db, 0)]))
    layer = tar_of((("etc/passwd", FILES[0][1].encode()),))
    digest = hashlib.sha256(layer).hexdigest()
    archive = tar_of((
        ("l", layer), ("c.json", (CONFIG % "").replace(
            "@0", digest).encode()),
        ("manifest.json", b'[{"Config":"c.json","RepoTags":["w:1"],'
                          b'"Layers":["l"]}]')))
    put(out, "image-archive", "tar", archive)
    put(out, "image-archive", "gzip", gzip.compress(archive, mtime=0))
    put(out, "rpm_bdb", "page", rpm_bdb(blob, False))
    put(out, "rpm_bdb", "chain", rpm_bdb(blob, True))
    put(out, "rpm_ndb", "one", rpm_ndb(blob))
    put(out, "rpm_sqlite", "one", rpm_sqlite(blob))


def jar():
    f = io.BytesIO()
    with zipfile.ZipFile(f, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n"
                   "Implementation-Title: a\nImplementation-Version: 1\n")
        z.writestr("META-INF/maven/g/a/pom.properties",
                   "groupId=g\nartifactId=a\nversion=1.0\n")
    return f.getvalue()


def containers(out):
    body = b"Name: a\nVersion: 1\n" * 20
    f = io.BytesIO()
    with tarfile.open(fileobj=f, mode="w", format=tarfile.PAX_FORMAT) as t:
        i = tarfile.TarInfo("d/" + "x" * 120)
        i.size, i.pax_headers = 4, {"SCHILY.xattr.security.capability":
                                    "\1\0\0\2\0\4\0\0"}
        t.addfile(i, io.BytesIO(b"body"))
        i = tarfile.TarInfo("l")
        i.type, i.linkname = tarfile.SYMTYPE, "d"
        t.addfile(i)
    put(out, "tar", "pax", b"\0" + f.getvalue())
    put(out, "decode", "gzip", b"\0" + gzip.compress(body, mtime=0) * 2)
    put(out, "decode", "bytes", b"\1" + gzip.compress(body, mtime=0))
    put(out, "decode", "bzip2", b"\0" + bz2.compress(body))
    put(out, "decode", "xz", b"\0" + lzma.compress(body))
    # a frame of one raw block: magic, sizes, block head, bytes
    put(out, "decode", "zstd", b"\0\x28\xb5\x2f\xfd\x20" + bytes([20]) +
        struct.pack("<I", 1 | 20 << 3)[:3] + body[:20])
    put(out, "zip", "jar", jar())
    put(out, "pack", "zip", jar())
    for i, data in enumerate((b"Name: a\nVersion: 1\n\nText\n",
                              b"Name: b\nVersion: 2\n",
                              b'{"name":"@s/a","version":"1.0.0"}', jar(),
                              jar(), b"\x7fELF" + bytes(60) +
                              b"\xff Go buildinf:\x08\x02" + bytes(16) +
                              b"\x08go1.21.0\x20" + b"0w\xaf\x0c\x92t\x08\x02"
                              b"A\xe1\xc1\x07\xe6\xd6\x18\xe6path\tx\nmod\tx\t"
                              b"v1.0.0\th1:x=\n\xf92C1\x86\x18 r\x00\x82B\x10"
                              b"A\x16\xd8\xf2")):
        put(out, "language", str(i), bytes([i]) + data)


def workbook(out):
    sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    doc = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    pack = "http://schemas.openxmlformats.org/package/2006/"
    titles = re.findall(r'"([A-Z][^"]*)"', slurp(
        "src", "render", "poam_columns.def").decode())
    cells = "".join('<c r="%s2" t="inlineStr"><is><t>%s</t></is></c>' % (
        chr(65 + i % 26) if i < 26 else "A" + chr(65 + i - 26),
        t.replace("&", "&amp;")) for i, t in enumerate(titles[:40]))
    put(out, "workbook", "small", piece(
        "[Content_Types].xml", '<Types xmlns="%scontent-types"><Override '
        'PartName="/xl/b.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.sheet.main+xml"/></Types>' % pack) +
        piece("_rels/.rels", '<Relationships xmlns="%srelationships">'
              '<Relationship Id="a" Type="%s/officeDocument" Target="xl/b.xml"'
              "/></Relationships>" % (pack, doc)) +
        piece("xl/b.xml", '<workbook xmlns="%s" xmlns:r="%s"><sheets><sheet '
              'name="POA&amp;M" sheetId="1" r:id="x"/></sheets></workbook>' %
              (sheet, doc)) +
        piece("xl/_rels/b.xml.rels", '<Relationships xmlns="%srelationships">'
              '<Relationship Id="x" Type="%s/worksheet" Target="s.xml"/>'
              '<Relationship Id="t" Type="%s/sharedStrings" Target="t.xml"/>'
              "</Relationships>" % (pack, doc, doc)) +
        piece("xl/t.xml", '<sst xmlns="%s"><si><t>CUI</t></si></sst>' %
              sheet) +
        piece("xl/s.xml", '<worksheet xmlns="%s"><sheetData><row r="1"><c r='
              '"A1" t="s"><v>0</v></c></row><row r="2">%s</row><row r="3"><c '
              'r="A3" s="1"/></row></sheetData><mergeCells count="1">'
              '<mergeCell ref="A1:C1"/></mergeCells></worksheet>' %
              (sheet, cells)))


def package(out, muster):
    with tempfile.TemporaryDirectory() as d:
        def m(*args):
            subprocess.run([muster, "-q", "-d", os.path.join(d, "db")] +
                           list(args), check=True,
                           stdout=subprocess.DEVNULL,
                           env=dict(os.environ, MUSTER_USER="fuzz"))
        m("import", os.path.join(TOP, "samples/epss/scores.csv"))
        m("assess", "--as-of", "2026-11-01")
        m("package", "-f", "csv", os.path.join(d, "p.zip"))
        with zipfile.ZipFile(os.path.join(d, "p.zip")) as z:
            manifest = z.read("manifest.json").decode()
            parts = [(n, z.read(n)) for n in ("artifacts.jsonl",
                                              "journal.jsonl")]
        with open(os.path.join(d, "p.zip"), "rb") as f:
            put(out, "pack", "package", f.read()[:MOST])
    members = ",".join('{"name":"%s","bytes":$%d,"sha256":"@%d"}' %
                       (n, i, i) for i, (n, _) in enumerate(parts, 1))
    manifest = re.sub(r'"members":\s*\[.*\]', '"members":[%s]' % members,
                      manifest, flags=re.S)
    put(out, "package", "small", piece("manifest.json", manifest) +
        b"".join(piece(n, b) for n, b in parts))


def wire(out):
    kinds = re.findall(r'^REC\((\w+),\s*(\S+),\s*((?:"[^"]*"\s*)+)\)',
                       slurp("include/muster/sink_rec.def").decode(), re.M)
    everything = b""
    for i, (name, table, columns) in enumerate(kinds):
        n = columns.count(",") + 1
        body = bytes([i, n])
        for k in range(n):
            v = b"1" if name == "TARGET" or k else b"0"
            body += struct.pack("<I", len(v)) + v + b"\0"
        rec = struct.pack("<I", len(body)) + body
        put(out, "wire", name, rec)
        if table != "NULL":
            everything += rec
    put(out, "wire", "all", everything)


def keys(out):
    folder = os.path.join(TOP, "tests", "signed")
    ssh = "ed25519", "rsa", "ecdsa"
    for name in sorted(os.listdir(folder)):
        data = slurp("tests", "signed", name)
        if name.endswith((".sig", ".p7s")):
            put(out, "signature", name, data)
        elif not name.endswith(".json"):
            put(out, "key", name, data)
            put(out, "sift", name, b"root/k\0" + data)
    for name in ("x509.key", "x509.pem", "x509.pub") + ssh:
        text = slurp("tests", "signed", name).decode()
        body = "".join(text.split("-----")[2].split()) if "-----" in text \
            else ""
        if body:
            put(out, "der", name, base64.b64decode(body))
    pem = slurp("tests", "signed", "x509.pem")
    put(out, "certificate", "self", piece("r", pem) + piece("l", pem) +
        piece("c", pem))
    for name in ("gpg.signature", "gpg-signer.asc", "gpg-other.gpg"):
        put(out, "openpgp", name, slurp("samples", "cosign", name))
    put(out, "key", "gpg", slurp("samples", "cosign", "gpg-signer.asc"))
    put(out, "key", "pub", slurp("samples", "cosign", "signer.pub"))


def small(out):
    for i, s in enumerate((
            "registry1.dso.mil/ironbank/a/b:1.2@sha256:" + "ab" * 32,
            "localhost:5000/x", "docker://debian:12", "pkg:deb/debian/"
            "bash@5.2?arch=amd64&epoch=1#sub", "pkg:npm/%40s/a@1.0",
            "pkg:maven/org.a/b@1?type=jar", "[a-c]*?x\0abcx")):
        put(out, "names", str(i), s)
    for i, s in enumerate((
            "2026-11-23T21:36:23.123456789+01:00", "2026-11-23", "P1Y2M3W4D",
            "2024-02-29 00:00:00", "P90D", "0000-01-01T00:00:00Z")):
        put(out, "dates", str(i), s)
    put(out, "text", "0", "Gr\u00fc\u00dfe \u202e\x1b[1m\t\u2028 aGVsbG8=")
    put(out, "toml", "1", slurp("samples/gate/policy.toml"))
    put(out, "gate", "0", slurp("samples/gate/policy.toml"))
    put(out, "policy", "0", 'require_review = true\nself_approval = false\n'
        '[[person]]\nname = "carol"\nroles = ["cve_approver"]\nkeys = ["' +
        slurp("tests/signed/ed25519.pub").decode().strip() + '"]\n[may]\n'
        'propose = ["contributor", "ao"]\n')
    put(out, "tailoring", "0", slurp("samples/tailoring/strict.xml"))
    put(out, "waivers", "csv", "kind,requirement,until,why,by,all\nwaiver,"
        "2.3,2027-06-01,\"a reason\",alice,yes\n")
    put(out, "waivers", "json", '{"kind":"waiver","finding":"CVE-2026-1",'
        '"package":"a","until":"P90D","why":"w","by":"alice","all":"yes"}\n')
    put(out, "waivers", "list", '[{"id":"00000000","act":"approve",'
        '"note":"n"}]')
    for i, s in enumerate(("DB_PASSWORD\0hunter2hunter2", "\0curl -u a:b "
                           "https://u:p@h/ --password x", "\0AKIAABCDEFGHI"
                           "JKLMNOP", "x\0export TOKEN=ghp_" + "a" * 36)):
        put(out, "secret", str(i), s)
    for name, body in FILES[-8:]:
        put(out, "sift", name.replace("/", "_"), name + "\0" + body)
    put(out, "sift", "wide", b"a\0" + "AKIAABCDEFGHIJKLMNOP".encode("utf-16"))


def main():
    fuzzer, muster, out = sys.argv[1:4]
    tops = [os.path.join(TOP, "samples")]
    tops += [os.path.join(s, "inputs") for s in sys.argv[4:5]]
    os.makedirs(out, exist_ok=True)
    importers(fuzzer, out, tops)
    dictionaries(out)
    images(out)
    containers(out)
    workbook(out)
    package(out, muster)
    wire(out)
    keys(out)
    small(out)


main()
