/*
 * signed_predicate.c - what an attestation says of an image, as a file in the
 * file: an SBOM, a scanner's report, an answer of VAT; see signed.h.
 *
 * The predicate's own bytes are cut out of the statement, so that it is read
 * by the importer that recognises it, with locators of its own.  It is about
 * the statement's subject.  What SLSA and in-toto define says how an image
 * was built; that is part of the signature's record, and no report.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "muster/err.h"
#include "muster/node.h"
#include "muster/ref.h"
#include "muster/sha.h"
#include "muster/signed.h"
#include "muster/sink.h"
#include "muster/str.h"

/* JSON that was read to its end already; the text from p to end. */
struct span {
	const char *p, *end;
};

static const char *blank(const char *p, const char *end)
{
	while (p < end && strchr(" \t\r\n", *p) != NULL)
		p++;
	return p;
}

/* Past the string that begins at p. */
static const char *string_end(const char *p, const char *end)
{
	for (p++; p < end && *p != '"'; p++)
		if (*p == '\\' && p + 1 < end)
			p++;
	return p < end ? p + 1 : end;
}

/* Past the value that begins at p. */
static const char *value_end(const char *p, const char *end)
{
	size_t depth = 0;

	if (p < end && strchr("{[\"", *p) == NULL) {
		while (p < end && strchr(",]} \t\r\n", *p) == NULL)
			p++;
		return p;
	}
	do {
		if (p < end && *p == '"') {
			p = string_end(p, end);
			continue;
		}
		if (p < end && (*p == '{' || *p == '['))
			depth++;
		else if (p < end && (*p == '}' || *p == ']'))
			depth--;
		p++;
	} while (p < end && depth > 0);
	return p < end ? p : end;
}

/* The member of the object that s is; its key written without escapes. */
static bool member(struct span *s, const char *key)
{
	const size_t len = strlen(key);
	const char *p = blank(s->p, s->end), *end = s->end;

	if (p == end || *p != '{')
		return false;
	for (p = blank(p + 1, end); p < end && *p == '"';
	    p = blank(p + 1, end)) {
		const char *name = p + 1, *value;

		p = string_end(p, end);
		value = blank(blank(p, end) + 1, end);
		if (value >= end)
			return false;
		if ((size_t)(p - name) == len + 1 &&
		    memcmp(name, key, len) == 0) {
			*s = (struct span){ value, value_end(value, end) };
			return true;
		}
		p = blank(value_end(value, end), end);
		if (p == end || *p != ',')
			return false;
	}
	return false;
}

/* The one image that the statement is about: an identity of it.  False:
 * there are several or none. */
static bool subject(const struct node *statement, struct str *value,
    const char **kind)
{
	const char *digest = NULL, *name = NULL;
	struct ref ref;

	NODE_EACH(s, node_get(statement, "subject")) {
		const char *hex = node_text(node_at(s, "digest.sha256"));

		if (hex == NULL || strlen(hex) != 64 ||
		    strspn(hex, "0123456789abcdef") != 64)
			continue;
		if (digest != NULL && strcmp(digest, hex) != 0)
			return false;
		digest = hex;
		name = node_text(node_get(s, "name"));
	}
	if (digest == NULL)
		return false;
	/* what is signed in a repository may be an index */
	*kind = "manifest";
	if (!str_empty(name) && ref_parse(name, &ref)) {
		*kind = "repodigest";
		str_addf(value, "%s@", ref.repo);
	}
	str_addf(value, "sha256:%s", digest);
	return true;
}

static int send(const struct signed_from *from, const struct node *statement,
    const char *bytes, size_t len, struct err *err)
{
	const char *at = from->locator;
	struct str name = STR_INIT, value = STR_INIT;
	struct member m = { .name = NULL };
	int rc = 0;

	/* of several envelopes: "line:2/predicate", "manifests/1/predicate" */
	if (at != NULL && !str_eq(at, "json:"))
		str_addf(&name, "%s/", str_starts(at, "json:/") ?
		    at + strlen("json:/") : at);
	str_add(&name, "predicate");
	m.name = name.s;
	if (subject(statement, &value, &m.kind))
		m.value = value.s;
	else
		rc = sink_warn(from->sink, at, err, "a predicate about no "
		    "image or several: what it says is attached to none by "
		    "this");
	if (rc == 0 && (rc = sink_member_start(from->sink, &m, err)) == 0 &&
	    (rc = sink_member_data(from->sink, bytes, len, err)) == 0)
		rc = sink_member_end(from->sink, err);
	str_free(&name);
	str_free(&value);
	return rc;
}

/* How the image was built, not what is in it. */
static bool is_of_build(const char *type)
{
	return str_starts(type, "https://slsa.dev/") ||
	    str_starts(type, "https://in-toto.io/Provenance") ||
	    str_starts(type, "https://in-toto.io/attestation/link") ||
	    str_starts(type, "https://in-toto.io/attestation/release");
}

int signed_predicate(const struct signed_from *from,
    const struct node *statement, const char *text, size_t len,
    struct err *err)
{
	const struct node *predicate = node_get(statement, "predicate");
	const struct node *data = node_get(predicate, "Data");
	const char *type = node_text(node_get(statement, "predicateType"));
	struct span s = { text, text + len };

	if (type == NULL || predicate == NULL || is_of_build(type) ||
	    predicate->kind == NODE_NULL)
		return 0;
	/* cosign's own kind wraps whatever it was given */
	if (predicate->kind != NODE_MAP)
		data = predicate;
	if (data != NULL && data->kind == NODE_STRING)
		return send(from, statement, data->text, strlen(data->text),
		    err);
	if (!member(&s, "predicate"))
		return sink_warn(from->sink, from->locator, err, "its "
		    "predicate is not where it should be: not read");
	if (data != NULL)
		member(&s, "Data");
	else if (node_at(predicate, "scanner.result") != NULL &&
	    member(&s, "scanner"))
		member(&s, "result");
	return send(from, statement, s.p, (size_t)(s.end - s.p), err);
}
