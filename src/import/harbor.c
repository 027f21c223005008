/*
 * harbor.c - what a Harbor registry holds of one repository: the answer to
 * GET /api/v2.0/projects/P/repositories/R/artifacts.
 *
 * The answer names project and repository only in the links of each artifact
 * (newer ones in repository_name), and never the registry's host: such an
 * image is listed under "*", which the checks join by digest.  It has no date
 * either, but is no older than its newest push or pull.
 */
#include <stdlib.h>
#include <string.h>

#include "listing.h"
#include "muster/cap.h"
#include "muster/date.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/json.h"
#include "muster/mem.h"
#include "muster/sink.h"
#include "row.h"

enum {
	ARTIFACT = 1, DIGEST, PUSHED, PULLED, CREATED, REPOSITORY, LINK, TAGS,
	TAG, TYPE
};


static const struct json_want wants[] = {
	{ "[]",				ARTIFACT },
	{ "[].digest",			DIGEST },
	{ "[].push_time",		PUSHED },
	{ "[].pull_time",		PULLED },
	{ "[].extra_attrs.created",	CREATED },
	{ "[].repository_name",		REPOSITORY },
	{ "[].addition_links.*.href",	LINK },
	{ "[].tags",			TAGS },
	{ "[].tags[].name",		TAG },
	{ "[].type",			TYPE },
	{ NULL, 0 }
};

struct answer {
	struct sink	*sink;
	int64_t		 artifacts, newest;
	struct str	 newest_text, newest_at;
	/* The artifact being read. */
	struct str	 digest, pushed, pulled, created, repository, type;
	struct str	 value, locator;
	char	       **tags;
	size_t		 ntags, cap;
	struct listing_row row;
};

static void clear(struct answer *a)
{
	str_clear(&a->digest);
	str_clear(&a->pushed);
	str_clear(&a->pulled);
	str_clear(&a->created);
	str_clear(&a->repository);
	str_clear(&a->type);
	while (a->ntags > 0)
		free(a->tags[--a->ntags]);
}

/* ".../projects/library/repositories/team%252Fweb/artifacts/..." is
 * library/team/web; names are encoded twice. */
static void from_link(struct answer *a, const char *href)
{
	const char *p = strstr(href, "/projects/"), *r, *end;

	if (a->repository.len > 0 || p == NULL)
		return;
	p += strlen("/projects/");
	if ((r = strstr(p, "/repositories/")) == NULL ||
	    (end = strstr(r, "/artifacts/")) == NULL)
		return;
	str_addn(&a->repository, p, (size_t)(r - p));
	str_addc(&a->repository, '/');
	for (p = r + strlen("/repositories/"); p < end; ) {
		size_t n = str_starts(p, "%252F") || str_starts(p, "%252f") ?
		    5 : str_starts(p, "%2F") || str_starts(p, "%2f") ? 3 : 1;

		str_addc(&a->repository, n > 1 ? '/' : *p);
		p += n;
	}
}

static void newer(struct answer *a, const struct str *text, const char *what)
{
	int64_t t;

	if (text->len == 0 || row_time(text->s) == NULL ||
	    !date_parse(text->s, &t) || t <= a->newest)
		return;
	a->newest = t;
	str_clear(&a->newest_text);
	str_add(&a->newest_text, text->s);
	str_clear(&a->newest_at);
	str_addf(&a->newest_at, "%s/%s", a->locator.s, what);
}

static int send_row(struct answer *a, const char *tag, struct err *err)
{
	listing_clear(&a->row);
	a->row.hostless = true;
	str_addf(&a->row.reference, "%s%s%s", str_text(&a->repository),
	    tag != NULL ? ":" : "", tag != NULL ? tag : "");
	str_add(&a->row.digest, str_text(&a->digest));
	str_add(&a->row.created, str_text(a->created.len > 0 &&
	    row_time(a->created.s) != NULL ? &a->created : &a->pushed));
	return listing_send(a->sink, "inventory", &a->row, a->locator.s, err);
}

static int unplaced(struct answer *a, const char *why, struct err *err)
{
	sink_count(a->sink, COUNT_READ, 1);
	sink_count(a->sink, COUNT_UNPLACED, 1);
	return sink_warn(a->sink, a->locator.s, err, "%s %.80s is left out: "
	    "%s", a->type.len > 0 ? a->type.s : "artifact",
	    str_text(&a->digest), why);
}

static int send_artifact(struct answer *a, struct err *err)
{
	newer(a, &a->pushed, "push_time");
	newer(a, &a->pulled, "pull_time");
	if (a->type.len > 0 && !str_eq(a->type.s, "IMAGE"))
		return unplaced(a, "it is no image", err);
	if (a->repository.len == 0)
		return unplaced(a, "nothing says which repository it is of "
		    "(neither repository_name nor addition_links); as "
		    "muster's own inventory (CSV or JSON) the list can say "
		    "so", err);
	if (a->ntags == 0)
		return send_row(a, NULL, err);
	for (size_t i = 0; i < a->ntags; i++)
		if (send_row(a, a->tags[i], err) < 0)
			return -1;
	return 0;
}

static int on_artifact(struct answer *a, struct json *js, enum json_event ev,
    struct err *err)
{
	if (row_is_object(js, ev, err) < 0)
		return -1;
	if (ev == JSON_BEGIN) {
		clear(a);
		return 0;
	}
	a->artifacts++;
	str_clear(&a->locator);
	str_add(&a->locator, "json:");
	json_pointer(js, &a->locator);
	return send_artifact(a, err);
}

static int on_tag(struct answer *a, struct json *js, enum json_event ev,
    const char *text, struct err *err)
{
	if (row_take(&a->value, js, ev, text, err) < 0)
		return -1;
	if (a->ntags == (size_t)cap(CAP_HARBOR_TAGS))
		return json_bad(js, err, "too many tags of one artifact: %s",
		    cap_hint(CAP_HARBOR_TAGS));
	MEM_ROOM(a->tags, a->ntags, a->cap);
	a->tags[a->ntags++] = mem_dup(str_text(&a->value));
	return 0;
}

static int on_value(void *ctx, struct json *js, int id, enum json_event ev,
    const char *text, size_t len, struct err *err)
{
	struct answer *a = ctx;

	(void)len;
	switch (id) {
	case ARTIFACT:
		return on_artifact(a, js, ev, err);
	case DIGEST:
		return row_take(&a->digest, js, ev, text, err);
	case PUSHED:
		return row_take(&a->pushed, js, ev, text, err);
	case PULLED:
		return row_take(&a->pulled, js, ev, text, err);
	case CREATED:
		return row_take(&a->created, js, ev, text, err);
	case REPOSITORY:
		return row_take(&a->repository, js, ev, text, err);
	case TYPE:
		return row_take(&a->type, js, ev, text, err);
	case TAGS:
		return row_is_list(js, ev, err);
	case TAG:
		return on_tag(a, js, ev, text, err);
	}
	if (row_take(&a->value, js, ev, text, err) < 0)
		return -1;
	from_link(a, str_text(&a->value));
	return 0;
}

/* Harbor answers in pages of 10, at most 100. */
static int conclude(struct answer *a, struct err *err)
{
	if (a->newest_text.len > 0 && listing_date(a->sink,
	    "its newest push or pull", a->newest_text.s, a->newest_at.s,
	    err) < 0)
		return -1;
	if (a->artifacts == 0 || (a->artifacts != 10 &&
	    a->artifacts % 100 != 0))
		return 0;
	str_clear(&a->value);
	str_addf(&a->value, "it has %lld artifacts: a full page, so there may "
	    "be more", (long long)a->artifacts);
	if (sink_warn(a->sink, "json:", err, "%s (ask for every page)",
	    a->value.s) < 0)
		return -1;
	return sink_fact(a->sink, &(struct fact){ 0, "inventory.part", NULL,
	    a->value.s, "json:" }, err);
}

static int read(struct input *in, struct sink *sink, struct err *err)
{
	struct answer a = { .sink = sink, .newest = INT64_MIN };
	int rc = -1;

	if (sink_meta(sink, "tool", "Harbor", err) == 0 &&
	    json_read(in, wants, on_value, &a, err) == 0)
		rc = conclude(&a, err);
	clear(&a);
	free(a.tags);
	str_free(&a.digest);
	str_free(&a.pushed);
	str_free(&a.pulled);
	str_free(&a.created);
	str_free(&a.repository);
	str_free(&a.type);
	str_free(&a.value);
	str_free(&a.locator);
	str_free(&a.newest_text);
	str_free(&a.newest_at);
	listing_free(&a.row);
	return rc;
}

static int bid(const struct probe *p)
{
	if (p->kind != PROBE_JSON || !probe_has(p, "[].digest") ||
	    !probe_has(p, "[].push_time"))
		return 0;
	return probe_has(p, "[].repository_id") ||
	    probe_has(p, "[].project_id") ||
	    probe_has(p, "[].tags[].push_time") ? 90 : 60;
}

const struct importer importer_harbor = {
	.name = "harbor",
	.about = "what a Harbor registry holds: its list of artifacts",
	.version = 1,
	.keep = true,
	.bid = bid,
	.read = read,
};
