/*
 * attached.c - what hangs on an image inside a layout: signatures,
 * attestations and bundles, as cosign and OCI 1.1 attach them.
 *
 * They are no images.  Which image one hangs on is said by its "subject", by
 * its tag (sha256-HEX.sig, .att), or, in what "cosign save" writes, by being
 * in the same layout as the one image.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image_priv.h"
#include "muster/cap.h"
#include "muster/err.h"
#include "muster/node.h"
#include "muster/signed.h"
#include "muster/sink.h"
#include "muster/str.h"


enum what { NOTHING, SIMPLE, ENVELOPE, BUNDLE };

static enum what what_is(const char *media)
{
	if (str_eq(media,
	    "application/vnd.dev.cosign.simplesigning.v1+json"))
		return SIMPLE;
	if (str_eq(media, "application/vnd.dsse.envelope.v1+json"))
		return ENVELOPE;
	return media != NULL && str_starts(media,
	    "application/vnd.dev.sigstore.bundle") ? BUNDLE : NOTHING;
}

/* "repo:sha256-HEX.sig", with the repository or without. */
static bool tag_digest(const char *name, char digest[DIGEST_SIZE])
{
	const char *tag = strrchr(name, ':');

	tag = tag != NULL ? tag + 1 : name;
	if (!str_starts(tag, "sha256-") || strlen(tag) < 71 ||
	    (tag[71] != '\0' && tag[71] != '.'))
		return false;
	snprintf(digest, DIGEST_SIZE, "sha256:%.64s", tag + 7);
	return sha_is_digest(digest);
}

static const char *hangs_on(const struct attached *a, const struct node *m,
    char digest[DIGEST_SIZE])
{
	const char *subject = node_text(node_at(m, "subject.digest"));

	if (subject != NULL)
		return sha_is_digest(subject) ? subject : NULL;
	for (size_t i = 0; i < a->nnames; i++)
		if (tag_digest(a->names[i], digest))
			return digest;
	return a->saved;
}

/* A record of something that cannot be read. */
static int broken(const struct signed_from *from, bool simple,
    const char *why, struct err *err)
{
	sink_count(from->sink, COUNT_READ, 1);
	return sink_signature(from->sink, &(struct signature){
	    .kind = simple ? "cosign" : "dsse", .image = from->image,
	    .certificate = from->certificate, .chain = from->chain,
	    .state = why, .locator = from->locator }, err);
}

static int document(const struct signed_from *from, enum what what,
    const char *text, size_t len, struct err *err)
{
	struct err bad = ERR_INIT;
	struct tree *t = tree_json(text, len, "envelope", &bad);
	int rc;

	if (t == NULL)
		return broken(from, false, bad.text, err);
	rc = what == BUNDLE ? signed_dsse_bundle(from, tree_root(t), &bad) :
	    signed_dsse(from, tree_root(t), &bad);
	tree_free(t);
	if (rc < 0 && bad.kind == ERR_INPUT)
		return broken(from, false, bad.text, err);
	if (rc < 0)
		*err = bad;
	return rc;
}

static int layer(struct plan *p, struct signed_from *from,
    const struct node *l, enum what what, struct err *err)
{
	const char *digest = node_text(node_get(l, "digest"));
	const struct node *notes = node_get(l, "annotations");
	char *name = plan_blob(digest), *text = NULL;
	struct err bad = ERR_INIT;
	size_t len = 0;
	int rc;

	from->certificate = node_text(node_get(notes,
	    "dev.sigstore.cosign/certificate"));
	from->chain = node_text(node_get(notes, "dev.sigstore.cosign/chain"));
	from->wrong = NULL;
	if (name == NULL)
		err_set(&bad, ERR_INPUT, "what is signed has no digest");
	else if ((text = box_read(p->box, name, &len, &bad)) != NULL)
		plan_digest("blob that is signed", digest, text, len, &bad);
	if (bad.kind != ERR_NONE)
		from->wrong = bad.text;
	if (text == NULL)
		rc = broken(from, what == SIMPLE, bad.text, err);
	else if (what == SIMPLE)
		rc = signed_simple(from, text, len, node_text(node_get(notes,
		    "dev.cosignproject.cosign/signature")), err);
	else
		rc = document(from, what, text, len, err);
	from->wrong = NULL;		/* it was bad's */
	free(text);
	free(name);
	return rc;
}

int attached_read(struct plan *p, const struct attached *a,
    const struct node *m, struct err *err)
{
	char digest[DIGEST_SIZE];
	struct signed_from from = { .sink = p->sink, .locator = a->locator,
	    .image = hangs_on(a, m, digest) };
	size_t n = 0;

	NODE_EACH(l, node_get(m, "layers")) {
		enum what what = what_is(node_text(node_get(l, "mediaType")));

		if (what == NOTHING)
			continue;
		if (n++ == (size_t)cap(CAP_IMAGE_SIGNATURES))
			return sink_warn(p->sink, a->locator, err, "too many "
			    "signatures in one manifest; the others were not "
			    "read: %s", cap_hint(CAP_IMAGE_SIGNATURES)) < 0 ?
			    -1 : 1;
		if (layer(p, &from, l, what, err) < 0)
			return -1;
	}
	p->attached += n;
	return n > 0;
}

const char *attached_saved(const struct node *list)
{
	const char *found = NULL;

	NODE_EACH(n, list) {
		const char *kind = node_text(node_at(n, "annotations.kind"));

		if (!str_eq(kind, "dev.cosignproject.cosign/image") &&
		    !str_eq(kind, "dev.cosignproject.cosign/imageIndex"))
			continue;
		if (found != NULL)
			return NULL;
		found = node_text(node_get(n, "digest"));
	}
	return found != NULL && sha_is_digest(found) ? found : NULL;
}

int attached_files(struct plan *p, const char *manifest, struct str *root,
    struct err *err)
{
	struct signed_from from = { .sink = p->sink, .image = manifest };
	char name[40];

	for (int i = 1; i <= cap(CAP_IMAGE_SIGNATURES) + 1; i++) {
		struct err bad = ERR_INIT;
		char *bytes;
		size_t len;
		int rc;

		snprintf(name, sizeof(name), "signature-%d", i);
		if (!box_has(p->box, name))
			continue;
		if (i > cap(CAP_IMAGE_SIGNATURES))
			return sink_warn(p->sink, name, err, "too many "
			    "signatures beside the image; the others were not "
			    "read: %s", cap_hint(CAP_IMAGE_SIGNATURES));
		if ((bytes = box_read(p->box, name, &len, err)) == NULL)
			return -1;
		from.locator = name;
		if ((rc = signed_file(&from, bytes, len, &bad)) < 0)
			rc = broken(&from, true, bad.text, err);
		str_addn(root, bytes, len);
		free(bytes);
		if (rc < 0)
			return -1;
	}
	return 0;
}
