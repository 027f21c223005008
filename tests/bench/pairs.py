#!/usr/bin/env python3
"""pairs.py MUSTER WORK: the measuring half of bench.sh.

A row is ok or over; the status is 1 when one is over.  What muster wrote is
checked before a ratio counts."""
import glob
import json
import os
import random
import shutil
import sys

from measure import MUSTER, PAIRS, ROOT, at, count, fresh, over, pair, row, \
    run

def grype():
    times = {}
    for n in (10000, 100000):
        f, db = at("grype-%d.json" % n), at("g.db")
        ratio, times[n], peak = pair(
            [MUSTER, "-d", db, "import", f],
            ["sh", "-c", "openssl dgst -sha256 %s; json_verify < %s"
             % (f, f)], lambda db=db: fresh(db))
        if count(db, "findings") != n:
            sys.exit("%s: not %d findings" % (f, n))
        row("grype %d: import CPU / (openssl + json_verify)" % n, ratio, 3)
        row("grype %d: import peak" % n, peak, 64, " MB")
    row("grype: CPU of 100000 / of 10000", times[100000] / times[10000], 12)


def other(name, f, what, n, yardstick):
    """An import of another format, n rows of `show what`."""
    db = at("o.db")
    ratio, _, peak = pair([MUSTER, "-d", db, "import", f],
                          ["sh", "-c", yardstick.replace("FILE", f)],
                          lambda: fresh(db))
    if count(db, what) != n:
        sys.exit("%s: not %d %s" % (f, n, what))
    row("%s %d: import CPU / reading and hashing" % (name, n), ratio, 3)
    row("%s %d: import peak" % (name, n), peak, 64, " MB")


JSON = "openssl dgst -sha256 FILE; json_verify < FILE"
XML = "xmllint --stream --noout FILE"


def trivy(n):
    """A report with the members that Trivy writes of an OS package."""
    f = at("trivy-%d.json" % n)
    if not os.path.exists(f):
        head, foot = SHELLS["trivy"]
        with open(f, "w", encoding="utf-8") as out:
            out.write(head.replace("%s", DIGEST))
            for i in range(n):
                v = finding("trivy", i, i)
                v["Description"] = "An attacker may read past an end. " * 12
                v["CVSS"] = {s: {"V3Score": 7.5, "V3Vector":
                                 "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"}
                             for s in ("nvd", "redhat")}
                v["References"] = ["https://example.mil/%s/%d" % (
                    v["VulnerabilityID"], k) for k in range(8)]
                out.write("," if i else "")
                json.dump(v, out, indent=2)
            out.write(foot)
    other("trivy", f, "findings", n, JSON)


def shortest(tool, i):
    """A row as the tool writes one that has no description and hardly any
    particulars: the shortest of real reports.  Little is hashed and parsed
    for it, and as much is stored as for a long one."""
    cve = "CVE-20%02d-%d" % (10 + i % 15, 1000 + i // 15)
    name = "lib%d" % (i % 3000)
    version = "1.%d.%d-%d.el8" % (i % 30, i % 20, i % 60)
    purl = "pkg:rpm/redhat/%s@%s?arch=x86_64&distro=redhat-8.8" % (
        name, version)
    if tool == "anchore":
        return {"feed": "vulnerabilities", "feed_group": "rhel:8",
                "fix": "None", "nvd_data": [{
                    "cvss_v2": {"base_score": 7.2, "impact_score": 10.0,
                                "exploitability_score": 3.9},
                    "cvss_v3": {"base_score": 7.8, "impact_score": 5.9,
                                "exploitability_score": 1.8}, "id": cve}],
                "package": name + "-" + version, "package_cpe": "None",
                "package_cpe23": "None", "package_name": name,
                "package_path": "pkgdb", "package_type": "rpm",
                "package_version": version, "severity": "Low",
                "url": "https://access.redhat.com/security/cve/" + cve,
                "vendor_data": [], "vuln": cve}
    if tool == "trivy":
        return {"VulnerabilityID": cve, "PkgName": name,
                "PkgID": "%s@%s.x86_64" % (name, version),
                "PkgIdentifier": {"PURL": purl, "UID": "%016x" % i},
                "InstalledVersion": version, "Status": "affected",
                "Layer": {"DiffID": DIGEST}, "SeveritySource": "redhat",
                "PrimaryURL": "https://avd.aquasec.com/nvd/" + cve.lower(),
                "Severity": "LOW", "CweIDs": ["CWE-%d" % (i % 900)]}
    if tool == "spdx":
        return {"name": name,
                "SPDXID": "SPDXRef-Package-rpm-%s-%x" % (name, i),
                "versionInfo": version, "supplier": "Organization: Red Hat",
                "downloadLocation": "NOASSERTION", "filesAnalyzed": False,
                "sourceInfo": "acquired package info from RPM DB: "
                "/var/lib/rpm/rpmdb.sqlite",
                "licenseConcluded": "NOASSERTION", "licenseDeclared": "MIT",
                "copyrightText": "NOASSERTION", "externalRefs": [
                    {"referenceCategory": "PACKAGE-MANAGER",
                     "referenceType": "purl", "referenceLocator": purl}]}
    return {"id": "%016x" % i, "name": name, "version": version,
            "type": "rpm", "foundBy": "rpm-db-cataloger", "locations": [
                {"path": "/var/lib/rpm/rpmdb.sqlite", "layerID": DIGEST,
                 "accessPath": "/var/lib/rpm/rpmdb.sqlite"}],
            "licenses": [{"value": "MIT", "type": "declared"}],
            "language": "", "cpes": [], "purl": purl}


def short(n):
    """As these tools write by default: no white space."""
    for tool, what in (("anchore", "findings"), ("trivy", "findings"),
                       ("spdx", "packages"), ("syft", "packages")):
        f = at("short-%s-%d.json" % (tool, n))
        head, foot = SHELLS[tool]
        if not os.path.exists(f):
            with open(f, "w", encoding="utf-8") as out:
                out.write(head.replace("%s", DIGEST))
                for i in range(n):
                    out.write(",\n" if i else "\n")
                    json.dump(shortest(tool, i), out, separators=(",", ":"))
                out.write(foot.replace("%s", DIGEST))
        other("%s, rows of %d bytes," % (tool, os.path.getsize(f) // n), f,
              what, n, JSON)


def boms(n):
    """CycloneDX of components, in JSON and in XML."""
    f, x = at("cyclonedx-%d.json" % n), at("cyclonedx-%d.xml" % n)
    if not os.path.exists(x):
        with open(x, "w", encoding="utf-8") as out:
            out.write('<bom xmlns="http://cyclonedx.org/schema/bom/1.5">'
                      "<components>\n")
            for i in range(n):
                purl = "pkg:deb/debian/lib%d@1.%d" % (i, i % 30)
                out.write('<component type="library" bom-ref="%s">\n'
                          "<name>lib%d</name>\n<version>1.%d</version>\n"
                          '<hashes><hash alg="SHA-256">%064d</hash></hashes>\n'
                          "<licenses><license><id>MIT</id></license>"
                          "</licenses>\n<purl>%s</purl>\n</component>\n"
                          % (purl, i, i % 30, i, purl))
            out.write("</components></bom>\n")
    other("cyclonedx", f, "packages", n, JSON)
    other("cyclonedx-xml", x, "packages", n, XML)


def xccdf():
    f, db = at("xccdf-3000.xml"), at("x.db")
    ratio, _, peak = pair([MUSTER, "-d", db, "import", f],
                          ["xmllint", "--stream", "--noout", f],
                          lambda: fresh(db))
    if count(db, "findings") != 3000:
        sys.exit("%s: not 3000 rule results" % f)
    row("xccdf 3000: import CPU / xmllint --stream", ratio, 3)
    row("xccdf 3000: import peak", peak, 64, " MB")

    # A report needs a subject: one image in the same import takes it.
    image = os.path.join(ROOT, "samples/story/debian12-base.oci.tar")
    fresh(db)
    run([MUSTER, "-d", db, "import", image, f])
    run([MUSTER, "-d", db, "assess", "--as-of", "2026-11-01"])
    out = at("html")
    ratio, _, peak = pair(
        [MUSTER, "-d", db, "report", "-o", out, "-f", "html", "--as-of",
         "2026-11-01"],
        ["oscap", "xccdf", "generate", "report", "--output", at("oscap.html"),
         f], lambda: shutil.rmtree(out, ignore_errors=True))
    if not os.path.getsize(os.path.join(out, "index.html")):
        sys.exit("no page")
    pages = b"".join(open(os.path.join(d, p), "rb").read()
                     for d, _, ps in os.walk(out) for p in ps)
    if b"r02999" not in pages and b"APP-02999" not in pages:
        print("note: the page does not list all 3000 rules (it quotes some "
              "and counts all)")
    row("xccdf 3000: HTML CPU / oscap's report", ratio, 0.1)


def large():
    f = os.environ.get("LARGE")
    if not f:
        print("skipped: the large image (LARGE=DIR, an OCI layout)")
        return
    # Layers as gzip in an OCI layout directory: what muster does with them,
    # without what it finds in them.
    blobs = " ".join(p for p in glob.glob(f + "/blobs/sha256/*")
                     if open(p, "rb").read(2) == b"\x1f\x8b")
    unpack = "for b in %s; do gzip -dc $b | sha256sum; done" % blobs
    db = at("l.db")
    ratio, _, peak = pair([MUSTER, "-d", db, "import", f],
                          ["sh", "-c", unpack], lambda: fresh(db), 1)
    row("large image: import wall / gzip -dc | sha256sum", ratio, 0.5)
    row("large image: import peak", peak, 200, " MB")


def finding(tool, j, i):
    """One row of a scanner's report, and the n-th of its kind."""
    cve = "CVE-20%02d-%d" % (j % 25, 10000 + j // 25)
    sev = "Low Medium High Critical".split()[j % 4]
    name, version = "pkg%d" % (j % 3000), "%d.2-3" % (j % 7)
    if tool == "grype":
        return {"vulnerability": {"id": cve, "severity": sev},
                "artifact": {"name": name, "type": "rpm",
                             "version": "1:" + version,
                             "locations": [{"path": "/x%d" % i}]}}
    if tool == "twistcli":
        return {"id": cve, "severity": sev.lower(), "packageName": name,
                "packageVersion": version}
    if tool == "anchore":
        return {"vuln": cve, "severity": sev, "package_name": name,
                "package": name + "-" + version, "package_version": version,
                "package_type": "rpm", "fix": "None"}
    return {"VulnerabilityID": cve, "Severity": sev.upper(),
            "PkgName": name, "InstalledVersion": version}


DIGEST = "sha256:" + "b" * 64
SHELLS = {
    "grype": ('{"source":{"type":"image","target":{"manifestDigest":"%s"}},'
              '"descriptor":{"name":"grype","version":"1"},"matches":[',
              "]}"),
    "twistcli": ('{"results":[{"id":"%s","digest":"%s","name":"x",'
                 '"vulnerabilities":[', '],"vulnerabilityDistribution":{}}]}'),
    "anchore": ('{"imageDigest":"%s","vulnerability_type":"all",'
                '"vulnerabilities":[', "]}"),
    "spdx": ('{"spdxVersion":"SPDX-2.3","dataLicense":"CC0-1.0","SPDXID":'
             '"SPDXRef-DOCUMENT","name":"x","documentNamespace":'
             '"https://example.mil/x","creationInfo":{"creators":'
             '["Tool: syft-1.0"],"created":"2026-01-01T00:00:00Z"},'
             '"packages":[', "]}"),
    "syft": ('{"artifacts":[',
             '],"artifactRelationships":[],"source":{"type":"image","target":'
             '{"manifestDigest":"%s"}},"distro":{},"descriptor":{"name":'
             '"syft","version":"1.0"},"schema":{"version":"16.0.0","url":'
             '"x"}}'),
    "trivy": ('{"SchemaVersion":2,"ArtifactName":"x","ArtifactType":'
              '"container_image","Metadata":{"RepoDigests":["x@%s"]},'
              '"Results":[{"Target":"x","Class":"os-pkgs","Type":"redhat",'
              '"Vulnerabilities":[', "]}]}"),
}


def reports(n):
    """Reports of four scanners, n findings each, about one image; written
    once, as short as the importers accept."""
    names = []
    for k, tool in enumerate(("grype", "twistcli", "anchore", "trivy")):
        head, foot = SHELLS[tool]
        f = at("merge-%d-%s.json" % (n, tool))
        names.append(f)
        if os.path.exists(f):
            continue
        draw = random.Random(k)
        with open(f, "w") as out:
            out.write(head.replace("%s", DIGEST))
            for i in range(n):
                out.write("," if i else "")
                json.dump(finding(tool, draw.randrange(n * 8 // 5), i), out)
            out.write(foot)
    return names


def merge():
    cpu = {}
    for n in (62500, 250000):
        db = at("m.db")
        fresh(db)
        run([MUSTER, "-d", db, "import", *reports(n)])
        cpu[n], wall, peak = run([MUSTER, "-d", db, "assess"])
    row("merging 1,000,000 findings of 4 scanners: wall", wall, 60, " s")
    row("merging 1,000,000 findings of 4 scanners: peak", peak, 200, " MB")
    row("merging: CPU of 1,000,000 / of 250,000", cpu[250000] / cpu[62500],
        5)


def huge(n):
    """Half a gigabyte: what cannot be read at all elsewhere."""
    f, db = at("grype-%d.json" % n), at("g.db")
    fresh(db)
    _, _, peak = run([MUSTER, "-d", db, "import", f])
    if count(db, "findings") != n:
        sys.exit("%s: not %d findings" % (f, n))
    row("grype %d, %d MB: import peak" % (n, os.path.getsize(f) >> 20), peak,
        64, " MB")


def converter():
    """SAF=COMMAND: MITRE's own, from npm."""
    saf = os.environ.get("SAF")
    if not saf:
        print("skipped: MITRE's converter (SAF=COMMAND, npm's @mitre/saf)")
        return
    for name, limit, convert in (
            ("grype-1000.json", 0.01, "anchoregrype2hdf"),
            ("grype-10000.json", 0.05, "anchoregrype2hdf"),
            ("grype-100000.json", 0.09, "anchoregrype2hdf"),
            ("twistcli-100000.json", 0.1, "twistlock2hdf"),
            ("xccdf-3000.xml", 0.01, "xccdf_results2hdf"),
            ("ckl-3000.ckl", 0.025, "ckl2hdf")):
        f, db, hdf = at(name), at("s.db"), at("saf.json")
        ratio, _, _ = pair(
            [MUSTER, "-d", db, "import", f],
            [saf, "convert", convert, "-i", f, "-o", hdf],
            lambda db=db, hdf=hdf: (fresh(db), fresh(hdf)))
        # it succeeds whatever it could not read
        if not os.path.exists(hdf) or os.path.getsize(hdf) < 1000:
            sys.exit("%s: the converter wrote nothing" % name)
        row("%s: import CPU / saf convert" % name, ratio, limit)


grype()
trivy(100000)
short(100000)
other("anchore", at("anchore-100000.json"), "findings", 100000, JSON)
boms(100000)
xccdf()
merge()
huge(150000)
converter()
large()
print(json.dumps({"over": len(over), "pairs": PAIRS}))
sys.exit(1 if over else 0)
