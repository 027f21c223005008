/*
 * skopeo.c - what a registry holds of one repository, from skopeo.
 *
 * "skopeo list-tags" names tags only, "skopeo inspect" one image by digest and
 * all tags.  Neither says when it was asked: the age of such a list is not
 * known.  Layers of inspect are blobs, not diff_ids, and prove no chain.
 */
#include <string.h>

#include "listing.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/json.h"
#include "muster/sink.h"
#include "row.h"

enum { REPOSITORY = 1, TAGS, TAG, DIGEST, CREATED, ITS_TAG };

static const struct json_want wants[] = {
	{ "Repository",	REPOSITORY },
	{ "Name",	REPOSITORY },
	{ "Tags",	TAGS },
	{ "RepoTags",	TAGS },
	{ "Tags[]",	TAG },
	{ "RepoTags[]",	TAG },
	{ "Digest",	DIGEST },
	{ "Created",	CREATED },
	{ "Tag",	ITS_TAG },
	{ NULL, 0 }
};

struct answer {
	struct sink	*sink;
	bool		 tags;		/* the list was there */
	struct str	 repository, digest, created, tag, value, locator;
	struct listing_row row;
};

static int send_tag(struct answer *a, struct json *js, struct err *err)
{
	if (a->repository.len == 0)
		return json_bad(js, err, "tags without the repository they "
		    "are of; expected \"Repository\" (or \"Name\") before "
		    "them");
	listing_clear(&a->row);
	str_addf(&a->row.reference, "%s:%s", a->repository.s,
	    str_text(&a->value));
	str_clear(&a->locator);
	str_add(&a->locator, "json:");
	json_pointer(js, &a->locator);
	return listing_send(a->sink, "inventory", &a->row, a->locator.s, err);
}

static int on_value(void *ctx, struct json *js, int id, enum json_event ev,
    const char *text, size_t len, struct err *err)
{
	struct answer *a = ctx;

	(void)len;
	switch (id) {
	case REPOSITORY:
		return row_take(&a->repository, js, ev, text, err);
	case DIGEST:
		return row_take(&a->digest, js, ev, text, err);
	case CREATED:
		return row_take(&a->created, js, ev, text, err);
	case ITS_TAG:
		return row_take(&a->tag, js, ev, text, err);
	case TAGS:
		a->tags = true;
		return row_is_list(js, ev, err);
	}
	if (row_take(&a->value, js, ev, text, err) < 0)
		return -1;
	return send_tag(a, js, err);
}

/* The image that inspect was asked about. */
static int send_digest(struct answer *a, struct err *err)
{
	if (a->digest.len == 0)
		return 0;
	listing_clear(&a->row);
	str_add(&a->row.reference, str_text(&a->repository));
	if (a->tag.len > 0)
		str_addf(&a->row.reference, ":%s", a->tag.s);
	str_add(&a->row.digest, a->digest.s);
	str_add(&a->row.created, str_text(&a->created));
	return listing_send(a->sink, "inventory", &a->row, "json:/Digest",
	    err);
}

static int read(struct input *in, struct sink *sink, struct err *err)
{
	struct answer a = { .sink = sink };
	int rc = -1;

	if (sink_meta(sink, "tool", "skopeo", err) == 0 &&
	    json_read(in, wants, on_value, &a, err) == 0) {
		if (a.tags || a.digest.len > 0)
			rc = send_digest(&a, err);
		else
			err_set(err, ERR_INPUT, "neither \"Tags\" nor "
			    "\"RepoTags\" and \"Digest\"; expected the "
			    "answer of skopeo list-tags or skopeo inspect");
	}
	listing_free(&a.row);
	str_free(&a.repository);
	str_free(&a.digest);
	str_free(&a.created);
	str_free(&a.tag);
	str_free(&a.value);
	str_free(&a.locator);
	return rc;
}

static int bid(const struct probe *p)
{
	if (p->kind != PROBE_JSON)
		return 0;
	if (probe_has(p, "Repository") && probe_has(p, "Tags"))
		return 85;
	return probe_has(p, "Digest") && probe_has(p, "RepoTags") &&
	    probe_has(p, "Layers") ? 85 : 0;
}

const struct importer importer_skopeo = {
	.name = "skopeo",
	.about = "what a registry holds, from skopeo list-tags or inspect",
	.version = 1,
	.keep = true,
	.bid = bid,
	.read = read,
};
