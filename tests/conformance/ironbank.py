#!/usr/bin/env python3
"""ironbank.py MUSTER SHARED - answers of Iron Bank's VAT and attestations
against what other people counted in them (inputs/expected.tsv), and
attestations whose predicate is a report: each is read as one, about its
statement's subject."""
import base64
import csv
import json
import os
import sqlite3
import sys
from collections import Counter

from conform import Conform, Muster

PROGRAM, SHARED = sys.argv[1:3]
INPUTS = os.path.join(SHARED, "inputs")
# One a format that muster reads; what a predicate of it is imported as.
REPORTS = {
    "https://cyclonedx.org/bom": ("cyclonedx", "cyclonedx"),
    "https://vat.dso.mil/api/p1/predicate/beta1": ("ironbank", "vat"),
    "https://openvex.dev/ns/v0.2.0": ("openvex", "openvex"),
    "https://cosign.sigstore.dev/attestation/vuln/v1": ("grype", "grype"),
}
DIGEST = "5" * 64
c = Conform()


def expected(fmt):
    """file -> {metric: its values, one an envelope}"""
    files = {}
    with open(os.path.join(INPUTS, "expected.tsv"), newline="") as f:
        for r in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE):
            if r["format"] == fmt:
                files.setdefault(r["file"], {}).setdefault(
                    r["metric"], []).append(r["value"])
    return files


def answer(m):
    """What muster read of an answer of VAT, in the terms of expected.tsv."""
    rows = m.rows("show", "statements")
    facts = [(f["name"], f["key"], f["value"])
             for f in m.rows("show", "facts")]
    one = {n: v for n, _, v in facts}
    source = {k: v for n, k, v in facts if n == "vat.source"}
    db = sqlite3.connect("file:%s?mode=ro" % m.db, uri=True)
    names = [n for n, in db.execute(
        "SELECT name FROM target WHERE kind = 'image'")]
    db.close()
    got = {
        "rows": len(rows),
        "image": ",".join(names),
        "accreditation": one.get("vat.accreditation", ""),
        "container_state": one.get("vat.state", ""),
        "distinct_ids": len({r["id"] for r in rows}),
        "distinct_triples": len({(r["id"], source.get(r["locator"]),
                                  r["product"]) for r in rows}),
        "false_positive": sum(n == "vat.false_positive" and v == "true"
                              for n, _, v in facts),
        "with_justification": sum(bool(r["text"]) for r in rows),
    }
    for prefix, values in (("source", source.values()),
                           ("findingsState", (r["status"] for r in rows)),
                           ("sev_native", (v for n, _, v in facts
                                          if n == "vat.severity"))):
        for word, n in Counter(values).items():
            got["%s:%s" % (prefix, word)] = n
    return got


def vat():
    for name, want in sorted(expected("vat").items()):
        with Muster(PROGRAM) as m:
            status, line, story = m.imported(os.path.join(INPUTS, name))
            if not c.true(name + " is imported", status == 0 and line and
                          line["format"] == "vat", story.strip()):
                continue
            got = answer(m)
            for metric, value in want.items():
                c.same("%s %s" % (name, metric),
                       [str(got.get(metric, "(none)"))], value)
            # nothing counted there that is not expected
            for metric in sorted(set(got) - set(want)):
                c.true("%s %s" % (name, metric), False, "not in expected.tsv")


def signed_bytes(payload):
    """The statement in what is signed: "DSSEv1 LEN TYPE LEN BODY"."""
    return json.loads(base64.b64decode(payload).split(b" ", 4)[4])


def builder(statement):
    p = statement["predicate"]
    if "runDetails" in p:
        return p["runDetails"]["builder"]["id"]
    return p.get("builder", {}).get("id", "")


def attestation(name, want):
    with Muster(PROGRAM) as m:
        m.run("import", os.path.join(INPUTS, name))
        db = sqlite3.connect("file:%s?mode=ro" % m.db, uri=True)
        rows = db.execute("SELECT digest, type, claim, signature, payload "
                          "FROM signature ORDER BY id").fetchall()
        documents = db.execute("SELECT count(*) FROM artifact "
                               "WHERE format = 'cosign'").fetchone()[0]
        db.close()
    kinds = {}      # what was signed, or one statement that nobody signed
    for digest, *row in rows:
        kinds.setdefault(digest, []).append(row)
    got = {
        "documents": [str(documents)],
        "envelopes": [str(sum(d is not None for d in kinds))],
        "signatures": [str(len({(r[0], r[3]) for r in rows if r[3]}))],
        "predicate_type": [k[0][0] for k in kinds.values()],
        "subjects": [str(len(k) // len({r[2] for r in k}))
                     for k in kinds.values()],
        "first_subject_sha256": [k[0][1].removeprefix("sha256:")
                                 for k in kinds.values()],
    }
    if all(k[0][3] for k in kinds.values()):
        said = [signed_bytes(k[0][3]) for k in kinds.values()]
        got["statement_type"] = [s["_type"] for s in said]
        got["builder"] = [builder(s) for s in said]
    for metric, value in want.items():
        what = "%s %s" % (name, metric)
        if metric in got:
            c.same(what, got[metric], value)
        else:
            c.skip(what, "of a statement that nobody signed nothing is kept")


def first(folder):
    path = os.path.join(INPUTS, folder)
    return [os.path.join(path, n) for n in sorted(os.listdir(path))
            if n.endswith(".json")]


def attested(kind, report):
    """An envelope around a real report."""
    statement = {"_type": "https://in-toto.io/Statement/v0.1",
                 "predicateType": kind,
                 "subject": [{"name": "registry.example.mil/app",
                              "digest": {"sha256": DIGEST}}],
                 "predicate": report}
    if kind.endswith("/vuln/v1"):
        statement["predicate"] = {"scanner": {"result": report}}
    text = json.dumps(statement).encode()
    return {"payloadType": "application/vnd.in-toto+json",
            "payload": base64.b64encode(text).decode(),
            "signatures": [{"sig": base64.b64encode(b"unread").decode()}]}


def predicate(kind, path, fmt):
    """A report that is attested says as much as the report alone."""
    what = "attested " + os.path.relpath(path, INPUTS)
    with open(path, encoding="utf-8-sig") as f:
        report = json.load(f)
    with Muster(PROGRAM) as alone:
        if alone.imported(path)[0] != 0:
            c.skip(what, "the report alone is refused")
            return
        want = [len(alone.rows("show", t)) for t in
                ("findings", "packages", "statements")]
    with Muster(PROGRAM) as m:
        envelope = os.path.join(m.dir.name, "envelope.json")
        with open(envelope, "w", encoding="utf-8") as f:
            json.dump(attested(kind, report), f)
        p = m.run("import", "--json", envelope)
        lines = [json.loads(line) for line in p.stdout.splitlines()]
        c.same(what + " is read as", [x.get("format") for x in lines],
               ["cosign", fmt])
        c.same(what + " holds", [len(m.rows("show", t)) for t in
                                 ("findings", "packages", "statements")],
               want)
        db = sqlite3.connect("file:%s?mode=ro" % m.db, uri=True)
        images, named = db.execute(
            "SELECT (SELECT count(*) FROM target WHERE kind = 'image'),"
            " (SELECT count(*) FROM identity WHERE value = ?)",
            ("registry.example.mil/app@sha256:" + DIGEST,)).fetchone()
        signed = db.execute("SELECT claim, state FROM signature").fetchall()
        db.close()
        c.same(what + " is about its subject", named, min(images, 1))
        c.same(what + " keeps the signature", signed,
               [("sha256:" + DIGEST, "ok")])


vat()
for attestation_file, metrics in sorted(expected("attestation").items()):
    attestation(attestation_file, metrics)
for predicate_type, (folder, importer) in sorted(REPORTS.items()):
    for report_path in first(folder):
        predicate(predicate_type, report_path, importer)
sys.exit(c.done())
