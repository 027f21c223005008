#!/usr/bin/env python3
"""reports.py PUSHED ROOTFS REFERENCE OUT: what Grype 0.94 and twistcli would
write about the sample image.

Debian ships neither scanner, so the reports are constructed: the digests and
the package list are read from the image, the CVEs from cves.tsv (real ones),
the shape is the scanners'.  A CVE is reported where the installed version is
lower than the one that fixes it, as dpkg compares."""
import base64
import hashlib
import json
import os
import subprocess
import sys
from urllib.parse import quote

pushed, rootfs, ref, out = sys.argv[1:]
repo = ref.rsplit(":", 1)[0]
manifest_bytes = open(os.path.join(pushed, "manifest.json"), "rb").read()
manifest = json.loads(manifest_bytes)
manifest_digest = "sha256:" + hashlib.sha256(manifest_bytes).hexdigest()
config_digest = manifest["config"]["digest"]
config_bytes = open(os.path.join(pushed, config_digest[7:]), "rb").read()
config = json.loads(config_bytes)
diff_ids = config["rootfs"]["diff_ids"]
STATUS = "/var/lib/dpkg/status"


def packages():
    """The stanzas of the image's dpkg database, folded lines left out."""
    text = open(rootfs + STATUS).read()
    for stanza in text.strip().split("\n\n"):
        p = dict(line.split(": ", 1) for line in stanza.splitlines()
                 if ": " in line and not line.startswith(" "))
        p["source"] = p.get("Source", p["Package"]).split(" ")[0]
        yield p


def cves():
    with open(os.path.join(os.path.dirname(__file__), "cves.tsv")) as f:
        for line in f:
            if not line.startswith("#"):
                yield line.rstrip("\n").split("\t")


def lower(a, b):
    return subprocess.run(["dpkg", "--compare-versions", a, "lt", b],
                          check=False).returncode == 0


def hits():
    for p in sorted(packages(), key=lambda p: p["Package"]):
        for cve in cves():
            fixed = cve[5]
            if cve[1] == p["source"] and (fixed == "-" or
                                          lower(p["Version"], fixed)):
                yield p, cve


def grype_match(p, cve):
    cid, source, word, score, vector, fixed, state, _, text = cve
    name, version = p["Package"], p["Version"]
    tracker = "https://security-tracker.debian.org/tracker/" + cid
    purl = "pkg:deb/debian/%s@%s?arch=%s&distro=debian-12" % (
        name, quote(version, safe=""), p["Architecture"])
    if source != name:
        purl += "&upstream=" + source
    found = "< %s (deb)" % fixed if state == "fixed" else "none (deb)"
    return {
        "vulnerability": {
            "id": cid, "dataSource": tracker,
            "namespace": "debian:distro:debian:12", "severity": word,
            "urls": [], "description": text, "cvss": [],
            "fix": {"versions": [fixed] if state == "fixed" else [],
                    "state": state},
            "advisories": [], "risk": round(float(score) / 100, 4)},
        "relatedVulnerabilities": [{
            "id": cid, "dataSource": "https://nvd.nist.gov/vuln/detail/" + cid,
            "namespace": "nvd:cpe",
            "severity": "Critical" if float(score) >= 9 else
            "High" if float(score) >= 7 else
            "Medium" if float(score) >= 4 else "Low",
            "urls": [tracker], "description": text,
            "cvss": [{"source": "nvd@nist.gov", "type": "Primary",
                      "version": "3.1", "vector": vector,
                      "metrics": {"baseScore": float(score)},
                      "vendorMetadata": {}}]}],
        "matchDetails": [{
            "type": "exact-direct-match" if source == name
            else "exact-indirect-match", "matcher": "dpkg-matcher",
            "searchedBy": {"distro": {"type": "debian", "version": "12"},
                           "namespace": "debian:distro:debian:12",
                           "package": {"name": source, "version": version}},
            "found": {"versionConstraint": found, "vulnerabilityID": cid}}],
        "artifact": {
            "id": hashlib.sha256(purl.encode()).hexdigest()[:16],
            "name": name, "version": version, "type": "deb",
            "locations": [{"path": STATUS, "layerID": diff_ids[2],
                           "accessPath": STATUS,
                           "annotations": {"evidence": "primary"}}],
            "language": "", "licenses": [],
            "cpes": ["cpe:2.3:a:%s:%s:%s:*:*:*:*:*:*:*"
                     % (name, name, version.replace(":", "\\:"))],
            "purl": purl,
            "upstreams": [{"name": source}] if source != name else [],
            "metadataType": "DpkgMetadata", "metadata": None}}


def grype():
    layers = [{"mediaType": layer["mediaType"], "digest": diff_ids[i],
               "size": layer["size"]}
              for i, layer in enumerate(manifest["layers"])]
    return {
        "matches": [grype_match(p, c) for p, c in hits()],
        "source": {"type": "image", "target": {
            "userInput": ref, "imageID": config_digest,
            "manifestDigest": manifest_digest,
            "mediaType": manifest["mediaType"], "tags": [ref],
            "imageSize": sum(layer["size"] for layer in layers),
            "layers": layers,
            "manifest": base64.b64encode(manifest_bytes).decode(),
            "config": base64.b64encode(config_bytes).decode(),
            "repoDigests": [repo + "@" + manifest_digest],
            "architecture": "amd64", "os": "linux"}},
        "distro": {"name": "debian", "version": "12", "idLike": []},
        "descriptor": {
            "name": "grype", "version": "0.94.0",
            "configuration": {"output": ["json"]},
            "db": {"status": {"schemaVersion": "v6.0.2",
                              "built": "2026-10-21T04:12:38Z",
                              "valid": True}},
            "timestamp": "2026-10-21T09:30:00Z"}}


# twistcli's own words, and what it grades otherwise than Debian's tracker.
WORDS = {"Negligible": "unimportant", "Medium": "moderate"}
OTHER = {"CVE-2018-6952": "low", "CVE-2023-45853": "important"}


def twistcli():
    rows = [{
        "id": c[0], "status": "fixed in " + c[5] if c[6] == "fixed"
        else "will not fix" if c[6] == "wont-fix" else "open",
        "cvss": float(c[3]), "vector": c[4], "description": c[8],
        "severity": OTHER.get(c[0], WORDS.get(c[2], c[2].lower())),
        "packageName": p["Package"], "packageVersion": p["Version"],
        "link": "https://security-tracker.debian.org/tracker/" + c[0],
        "riskFactors": ["Has fix"] if c[6] == "fixed" else [],
        "impactedVersions": ["<" + c[5]] if c[6] == "fixed" else ["*"],
        "publishedDate": c[7] + "T00:00:00Z",
        "discoveredDate": "2026-10-21T10:00:00Z",
        "layerTime": config["created"]} for p, c in hits()]
    compliances = [{
        "id": 448, "severity": "high", "category": "Docker",
        "title": "Package binaries should not be altered",
        "layerTime": "1970-01-01T00:00:00Z",
        "cause": "1 setuid binary outside of the package database: "
                 "/usr/local/bin/su"}, {
        "id": 425, "severity": "high", "category": "Twistlock Labs",
        "title": "Private keys and passwords should not be stored in the "
                 "image",
        "layerTime": "1970-01-01T00:00:00Z",
        "cause": "The environment variables DB_PASSWORD contain sensitive "
                 "data"}]
    common = {"critical": "critical", "important": "high", "high": "high",
              "moderate": "medium", "low": "low", "unimportant": "low"}

    def distribution(items):
        d = {k: 0 for k in ("critical", "high", "medium", "low")}
        for i in items:
            d[common[i["severity"]]] += 1
        return {**d, "total": len(items)}

    return {"results": [{
        "id": config_digest, "name": ref, "digest": manifest_digest,
        "distro": "Debian GNU/Linux 12 (bookworm)",
        "distroRelease": "bookworm", "collections": ["All"],
        "packages": [{"type": "os", "name": p["Package"],
                      "version": p["Version"]} for p in packages()],
        "applications": [], "compliances": compliances,
        "complianceDistribution": distribution(compliances),
        "complianceScanPassed": False, "vulnerabilities": rows,
        "vulnerabilityDistribution": distribution(rows),
        "vulnerabilityScanPassed": False,
        "history": [{"created": h["created"], "instruction": h["created_by"]}
                    for h in config["history"]],
        "scanTime": "2026-10-21T10:00:00Z",
        "scanID": "68f75a2c0d1e4f0001a2b3c4"}],
        "consoleURL": "https://prisma.example.mil/#!/monitor/vulnerabilities"}


for name, doc in (("grype.json", grype()), ("twistcli.json", twistcli())):
    with open(os.path.join(out, name), "w") as f:
        json.dump(doc, f, indent=1)
        f.write("\n")
