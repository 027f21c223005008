#!/usr/bin/env python3
"""signatures.py MUSTER SHARED - signatures as other programs judged them: the
layouts of SHARED/images/sign (openssl, skopeo), the real ones in sign/real
(github.com/containers/image), GPG simple signing, and the cosign rows of
inputs/expected.tsv."""
import csv
import json
import os
import sys

from conform import Conform, Muster

PROGRAM, SHARED = sys.argv[1:3]
SIGN = os.path.join(SHARED, "images", "sign")
REAL = os.path.join(SIGN, "real")
INPUTS = os.path.join(SHARED, "inputs")
c = Conform()


def judged(paths, keys):
    """What "trust check" says of the signatures in some files."""
    with Muster(PROGRAM) as m:
        for p in paths:
            if m.run("import", p).returncode != 0:
                return None
        for k in keys:
            if m.run("trust", "add", k, "--for", "*").returncode != 0:
                return None
        return m.rows("trust", "check")


def images(m):
    return [s["subject"] for s in m.rows("show", "subjects")
            if s["subject_kind"] == "image"]


def over(rows, digest):
    """The verdict on one image: one valid signature is enough."""
    words = [r["verdict"] for r in rows
             if (r["image"] or r["claim"]) == digest]
    for w in ("valid", "invalid", "untrusted"):
        if w in words:
            return w
    return "unsigned"


def layouts():
    with open(os.path.join(SIGN, "expected.json")) as f:
        expected = json.load(f)
    digest = expected["image_manifest_digest"]
    rows = dict(expected["layouts"])
    for name in ("good.oci", "wrong-key.oci"):
        rows[name + ".tar"] = rows[name]
    for name, want in sorted(rows.items()):
        path = os.path.join(SIGN, name)
        got = judged([path], [os.path.join(SIGN, want["key"])])
        if not c.true("%s is read" % name, got is not None):
            continue
        c.same(name, over(got, digest), want["verdict"])
        c.same(name + " with another key", over(judged([path], [os.path.join(
            SIGN, "keys", "good.pub" if want["key"] != "keys/good.pub" else
            "p384.pub")]), digest) == "valid", False)
        with Muster(PROGRAM) as m:
            m.run("import", path)
            c.same(name + ", images", images(m), [digest])


def gpg():
    there = os.path.join(SIGN, "gpg")
    files = ["standalone.signature", "wrongkey.signature", "image.dir"]
    look = os.path.join(there, "lookaside")
    for folder in os.listdir(look):
        files.append(os.path.join("lookaside", folder, "signature-1"))
    for name in files:
        for key in ("vendor.gpg", "other.gpg"):
            got = judged([os.path.join(there, name)],
                         [os.path.join(there, key)])
            want = (key == "other.gpg") == (name == "wrongkey.signature")
            c.same("gpg/%s with %s" % (name, key),
                   got and [r["verdict"] for r in got],
                   ["valid" if want else "invalid"])


def real():
    keys = ("cosign.pub", "cosign2.pub")
    with open(os.path.join(REAL, "expected.tsv"), newline="") as f:
        rows = [r for r in csv.reader(f, delimiter="\t")
                if not r[0].startswith("#")]
    for name, manifest, named, *verdicts in rows:
        for key, want in zip(keys, verdicts):
            got = judged([os.path.join(REAL, name)],
                         [os.path.join(REAL, key)])
            what = "real/%s with %s" % (name, key)
            if named == "no simple-signing payload":
                c.same(what, got, [])
                continue
            c.same(what, got and [r["verdict"] for r in got],
                   ["valid" if want == "ok" else "invalid"])
            if manifest != "-":
                c.same(what + ", payload names it",
                       got[0]["claim"] == manifest, named == "True")
    for name, key in (("dir-img-valid/signature-1", "public-key.gpg"),
                      ("dir-img-valid-2/signature-1", "public-key.gpg"),
                      ("image.signature", "public-key.gpg")):
        got = judged([os.path.join(REAL, name)], [os.path.join(REAL, key)])
        c.same("real/%s with %s" % (name, key),
               got and [r["verdict"] for r in got], ["valid"])


def counted(folder, want):
    path = os.path.join(INPUTS, folder)
    got = judged([path], [os.path.join(path, "cosign.pub")])
    if not c.true("%s is read" % folder, got is not None):
        return
    found = {"corrupt_blobs": str(sum("digest" in r["why"] for r in got))}
    for kind, layers, valid in (
            ("cosign", "signature_layers", "valid_signatures"),
            ("dsse", "attestation_layers", "valid_attestations")):
        rows = [r for r in got if r["kind"] == kind]
        found[layers] = str(len(rows))
        found[valid] = str(sum(r["verdict"] == "valid" for r in rows))
    with Muster(PROGRAM) as m:
        m.run("import", path)
        found["images"] = str(len(images(m)))
        found["image_digest"] = ",".join(images(m))
    for metric, value in sorted(want.items()):
        if metric in found:
            c.same("%s %s" % (folder, metric), found[metric], value)
        else:
            c.skip("%s %s" % (folder, metric), "muster counts no such thing")


def attestation(name, want):
    got = judged([os.path.join(INPUTS, name)], [])
    if not c.true("%s is read" % name, got is not None):
        return
    if "builder" in want:
        c.skip(name + " builder", "what a provenance says is not read")
    c.same(name + " predicate types", {r["type"] for r in got},
           set(want["predicate_type"]))
    c.same(name + " first subject", got[0]["claim"],
           "sha256:" + want["first_subject_sha256"][0])
    c.same(name + " signed", any(r["verdict"] != "unsigned" for r in got),
           want["signatures"] != ["0"])


def inputs():
    cosign, attestations = {}, {}
    with open(os.path.join(INPUTS, "expected.tsv"), newline="") as f:
        for r in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE):
            if r["format"] == "cosign":
                cosign.setdefault(r["file"], {})[r["metric"]] = r["value"]
            elif r["format"] == "attestation":
                attestations.setdefault(r["file"], {}).setdefault(
                    r["metric"], []).append(r["value"])
    for name, want in sorted(cosign.items()):
        counted(name, want)
    for name, want in sorted(attestations.items()):
        attestation(name, want)


layouts()
gpg()
real()
inputs()
sys.exit(c.done())
