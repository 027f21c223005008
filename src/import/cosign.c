/*
 * cosign.c - signatures and attestations as files: payloads of simple
 * signing, DSSE envelopes (one, or one a line), sigstore bundles, the answer
 * of "gcloud artifacts docker images describe --show-provenance", in-toto
 * statements, and the signature-N files of skopeo and of lookaside servers.
 *
 * They are kept as they were found; whether one is valid is decided when an
 * image is judged, by the keys that are trusted then.
 */
#include <stdlib.h>
#include <string.h>

#include "muster/cap.h"
#include "muster/dsse.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/node.h"
#include "muster/signed.h"
#include "muster/sink.h"
#include "muster/str.h"

#define COSIGN_TYPE	"cosign container image signature"

static bool is_statement(const struct node *root)
{
	const char *type = node_text(node_get(root, "_type"));

	return str_contains(type, "in-toto.io/Statement");
}

static int read_node(struct signed_from *from, const struct node *root,
    const char *text, size_t len, struct err *err);

/* Google's answer: {"provenance_summary": {"provenance": [{envelope}]}} */
static int read_wrapper(struct signed_from *from, const struct node *list,
    struct err *err)
{
	const char *where = from->locator;
	struct str at = STR_INIT;
	int rc = 0;

	NODE_EACH(n, list) {
		const struct node *envelope = node_get(n, "envelope");

		str_clear(&at);
		str_add(&at, "json:");
		node_pointer(n, &at);
		from->locator = str_text(&at);
		if (dsse_is(envelope)) {
			rc = signed_dsse(from, envelope, err);
		} else {
			sink_count(from->sink, COUNT_READ, 1);
			sink_count(from->sink, COUNT_UNPLACED, 1);
			rc = sink_warn(from->sink, from->locator, err,
			    "a provenance without an envelope");
		}
		if (rc < 0)
			break;
	}
	from->locator = where;
	str_free(&at);
	return rc;
}

static int read_node(struct signed_from *from, const struct node *root,
    const char *text, size_t len, struct err *err)
{
	const struct node *wrapped = node_at(root,
	    "provenance_summary.provenance");

	if (dsse_is(root))
		return signed_dsse(from, root, err);
	if (signed_dsse_is_bundle(root))
		return signed_dsse_bundle(from, root, err);
	if (wrapped != NULL)
		return read_wrapper(from, wrapped, err);
	if (is_statement(root))
		return signed_dsse_statement(from, root, text, len, err);
	if (str_eq(node_text(node_at(root, "critical.type")), COSIGN_TYPE))
		return signed_simple(from, text, len, NULL, err);
	return err_set(err, ERR_INPUT, "neither a DSSE envelope, a sigstore "
	    "bundle, an in-toto statement nor a payload of simple signing");
}

/* One document a line; a line's number is its place. */
static int read_lines(struct signed_from *from, const char *text, size_t len,
    struct err *err)
{
	struct str at = STR_INIT;
	int64_t line = 0;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < len; ) {
		const char *end = memchr(text + i, '\n', len - i);
		size_t n = end != NULL ? (size_t)(end - (text + i)) : len - i;
		struct tree *t;

		line++;
		if (strspn(text + i, " \t\r") < n) {
			str_clear(&at);
			str_addf(&at, "line:%lld", (long long)line);
			from->locator = str_text(&at);
			t = tree_json(text + i, n, "envelope", err);
			rc = t == NULL ? -1 : read_node(from, tree_root(t),
			    text + i, n, err);
			tree_free(t);
			if (rc < 0)
				err_place(err, "line %lld", (long long)line);
		}
		i += n + 1;
	}
	str_free(&at);
	return rc;
}

/* Several documents: each on a line of its own, which ends it. */
static bool is_lines(const char *text, size_t len)
{
	const char *end = memchr(text, '\n', len);
	size_t rest;

	if (text[0] != '{' || end == NULL || end == text)
		return false;
	while (end[-1] == '\r' || end[-1] == ' ')
		end--;
	rest = strspn(end, " \t\r\n");
	return end[-1] == '}' && end[rest] == '{';
}

static int read_text(struct input *in, struct signed_from *from,
    struct err *err)
{
	size_t len;
	char *text = input_slurp(in, CAP_DOCUMENT_BYTES, &len, err);
	struct tree *t = NULL;
	int rc = -1;

	if (text != NULL && is_lines(text, len)) {
		rc = read_lines(from, text, len, err);
	} else if (text != NULL &&
	    (t = tree_json(text, len, input_name(in), err)) != NULL) {
		rc = read_node(from, tree_root(t), text, len, err);
	}
	tree_free(t);
	free(text);
	return rc;
}

static int read_raw(struct input *in, struct signed_from *from,
    struct err *err)
{
	struct str all = STR_INIT;
	const unsigned char *p;
	size_t len;
	int rc = -1;

	while ((p = input_next_raw(in, &len, err)) != NULL && len > 0) {
		if (all.len + len > (size_t)cap(CAP_DOCUMENT_BYTES)) {
			cap_err(err, CAP_DOCUMENT_BYTES, "a signature that "
			    "is too long");
			goto out;
		}
		str_addn(&all, p, len);
	}
	if (p != NULL)
		rc = signed_file(from, str_text(&all), all.len, err);
out:
	str_free(&all);
	return rc;
}

static int read(struct input *in, struct sink *sink, struct err *err)
{
	struct signed_from from = { .sink = sink, .locator = "json:" };
	size_t len;
	const unsigned char *head = input_raw_head(in, &len, err);

	if (head == NULL)
		return -1;
	if (signed_is_file(head, len)) {
		from.locator = "line:1";
		return read_raw(in, &from, err);
	}
	return read_text(in, &from, err);
}

static int bid(const struct probe *p)
{
	if (p->kind == PROBE_BINARY)
		return signed_is_file(p->raw, p->raw_len) ?
		    p->raw[0] == '\0' ? 95 : 30 : 0;
	if (p->kind != PROBE_JSON)
		return 0;
	if (probe_has(p, "payloadType") && probe_has(p, "payload"))
		return 80;
	if (probe_has(p, "verificationMaterial") ||
	    probe_has(p, "dsseEnvelope") ||
	    probe_has(p, "image_summary.fully_qualified_digest"))
		return 80;
	if (probe_has(p, "critical.type") && probe_has(p, "critical.image"))
		return 80;
	return probe_has(p, "_type") &&
	    probe_seen(p, "in-toto.io/Statement") ? 70 : 0;
}

const struct importer importer_cosign = {
	.name = "cosign",
	.about = "signatures and attestations: cosign, DSSE, in-toto, GPG",
	.version = 3,
	.keep = true,
	.bid = bid,
	.read = read,
};
