/*
 * signed_dsse.c - attestations as records: DSSE envelopes, sigstore bundles,
 * and statements that nobody signed; see signed.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "muster/b64.h"
#include "muster/cap.h"
#include "muster/dsse.h"
#include "muster/err.h"
#include "muster/node.h"
#include "muster/sha.h"
#include "muster/sign.h"
#include "muster/signed.h"
#include "muster/sink.h"
#include "muster/str.h"

#define IN_TOTO	"application/vnd.in-toto+json"

/* The digest of an image that a statement's subject is. */
static bool subject(const struct node *n, char digest[72])
{
	const char *hex = node_text(node_at(n, "digest.sha256"));

	snprintf(digest, 72, "sha256:%.64s", hex != NULL ? hex : "");
	return hex != NULL && strlen(hex) == 64 && sha_is_digest(digest);
}

/* One record a subject; the payload goes with the first. */
static int each_subject(const struct signed_from *from,
    const struct node *statement, struct signature *g, struct err *err)
{
	const struct node *subjects = node_get(statement, "subject");
	char digest[72];
	size_t n = 0;

	g->kind = "dsse";
	g->image = from->image;
	g->type = node_text(node_get(statement, "predicateType"));
	g->certificate = from->certificate;
	g->chain = from->chain;
	g->locator = from->locator;
	NODE_EACH(s, subjects) {
		const char *name = node_text(node_get(s, "name"));

		if (!subject(s, digest))
			continue;
		if (n++ == (size_t)cap(CAP_STATEMENT_SUBJECTS))
			return sink_warn(from->sink, from->locator, err,
			    "a statement about %zu subjects, the first were "
			    "read: %s", subjects->count,
			    cap_hint(CAP_STATEMENT_SUBJECTS));
		g->claim = digest;
		g->reference = str_empty(name) ? NULL : name;
		if (sink_signature(from->sink, g, err) < 0)
			return -1;
		sink_count(from->sink, COUNT_READ, 1);
		g->payload = NULL;
	}
	if (n > 0)
		return 0;
	g->state = str_eq(g->state, "ok") ? "its statement names no subject "
	    "by a sha256 digest" : g->state;
	sink_count(from->sink, COUNT_READ, 1);
	return sink_signature(from->sink, g, err);
}

int signed_dsse_statement(const struct signed_from *from,
    const struct node *statement, const char *text, size_t len,
    struct err *err)
{
	struct signature g = { .state = "it is a statement that nobody "
	    "signed" };

	return each_subject(from, statement, &g, err) < 0 ? -1 :
	    signed_predicate(from, statement, text, len, err);
}

/* What is wrong with one signature, or NULL. */
static const char *wrong_with(const char *sig)
{
	unsigned char *bytes;
	size_t n = 0;

	if (sig == NULL)
		return "its envelope holds no signature";
	if ((bytes = b64_decode(sig, strlen(sig), &n)) == NULL)
		return "its signature is no base64";
	free(bytes);
	return n > 0 ? NULL : "its signature is empty";
}

static int each_signature(const struct signed_from *from,
    const struct dsse *d, const struct node *statement, const char *wrong,
    struct err *err)
{
	struct str what = STR_INIT, base64 = STR_INIT;
	struct signature g = { 0 };
	char hex[SHA_HEX];
	int rc = 0;

	dsse_signed(d, &what);
	sha_of(what.s, what.len, hex);
	if (what.len <= SIGNED_MAX_PAYLOAD)
		b64_encode(&base64, what.s, what.len);
	g.digest = hex;
	if (d->signatures == NULL || d->signatures->child == NULL) {
		g.state = wrong_with(NULL);
		rc = each_subject(from, statement, &g, err);
	}
	NODE_EACH(s, d->signatures) {
		const char *sig = node_text(node_get(s, "sig"));
		const char *bad = wrong != NULL ? wrong : wrong_with(sig);

		g.payload = base64.s;
		g.signature = sig;
		g.state = bad != NULL ? bad : "ok";
		if ((rc = each_subject(from, statement, &g, err)) < 0)
			break;
	}
	str_free(&what);
	str_free(&base64);
	return rc;
}

int signed_dsse(const struct signed_from *from, const struct node *envelope,
    struct err *err)
{
	struct str wrong = STR_INIT;
	struct err bad = ERR_INIT;
	struct tree *t = NULL;
	struct dsse d;
	int rc;

	if (dsse_open(envelope, &d, err) < 0)
		return -1;
	if (from->wrong != NULL)
		str_add(&wrong, from->wrong);
	else if (!str_eq(d.type, IN_TOTO))
		str_addf(&wrong, "its payload is of type \"%s\"; \"%s\" was "
		    "expected", d.type, IN_TOTO);
	else if ((t = dsse_tree(&d, "payload", &bad)) == NULL)
		str_addf(&wrong, "its payload cannot be read: %s", bad.text);
	rc = each_signature(from, &d, t != NULL ? tree_root(t) : NULL,
	    wrong.len > 0 ? wrong.s : NULL, err);
	if (rc == 0 && t != NULL)
		rc = signed_predicate(from, tree_root(t), d.payload, d.len,
		    err);
	tree_free(t);
	dsse_free(&d);
	str_free(&wrong);
	return rc;
}

bool signed_dsse_is_bundle(const struct node *root)
{
	return node_get(root, "verificationMaterial") != NULL &&
	    (node_get(root, "dsseEnvelope") != NULL ||
	    node_get(root, "messageSignature") != NULL);
}

static void add_cert(const struct node *cert, struct str *pem)
{
	const char *raw = node_text(node_get(cert, "rawBytes"));
	unsigned char *der;
	size_t len;

	if (raw == NULL || (der = b64_decode(raw, strlen(raw), &len)) ==
	    NULL)
		return;
	sign_cert_pem(der, len, pem);
	free(der);
}

int signed_dsse_bundle(const struct signed_from *from, const struct node *root,
    struct err *err)
{
	const struct node *material = node_get(root, "verificationMaterial");
	const struct node *envelope = node_get(root, "dsseEnvelope");
	struct str leaf = STR_INIT, chain = STR_INIT;
	struct signed_from own = *from;
	int rc;

	add_cert(node_get(material, "certificate"), &leaf);
	NODE_EACH(c, node_at(material, "x509CertificateChain.certificates"))
		add_cert(c, leaf.len == 0 ? &leaf : &chain);
	own.certificate = leaf.s;
	own.chain = chain.s;
	if (envelope != NULL) {
		rc = signed_dsse(&own, envelope, err);
	} else {
		sink_count(from->sink, COUNT_READ, 1);
		sink_count(from->sink, COUNT_UNPLACED, 1);
		rc = sink_warn(from->sink, from->locator, err, "a bundle "
		    "whose signature is over a file that is not in it");
	}
	str_free(&leaf);
	str_free(&chain);
	return rc;
}
