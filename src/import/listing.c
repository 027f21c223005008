/* listing.c - an image that a list names; see listing.h. */
#include <string.h>

#include "listing.h"
#include "muster/date.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/ref.h"
#include "muster/sha.h"
#include "muster/sink.h"
#include "row.h"

void listing_clear(struct listing_row *r)
{
	str_clear(&r->reference);
	str_clear(&r->digest);
	str_clear(&r->config);
	str_clear(&r->created);
	str_clear(&r->source);
	str_clear(&r->chain);
	r->hostless = false;
}

void listing_free(struct listing_row *r)
{
	str_free(&r->reference);
	str_free(&r->digest);
	str_free(&r->config);
	str_free(&r->created);
	str_free(&r->source);
	str_free(&r->chain);
}

bool listing_layer(struct listing_row *r, const char *diff_id)
{
	/* An empty one must not make the chain a shorter one. */
	return row_join(&r->chain, "\n", *diff_id != '\0' ? diff_id : "?");
}

static bool is_chain(const char *chain)
{
	char one[72];

	for (const char *p = chain; *p != '\0'; ) {
		size_t len = strcspn(p, "\n");

		if (len >= sizeof(one))
			return false;
		memcpy(one, p, len);
		one[len] = '\0';
		if (!sha_is_digest(one))
			return false;
		p += len + (p[len] == '\n');
	}
	return true;
}

#define NOWHERE "localhost"

/* A reference of an unknown registry is read as if it had one. */
static bool parse(const struct listing_row *r, struct ref *ref)
{
	struct str at = STR_INIT;
	bool ok;

	if (!r->hostless)
		return ref_parse(r->reference.s, ref);
	str_addf(&at, NOWHERE "/%s", r->reference.s);
	if ((ok = ref_parse(at.s, ref))) {
		size_t from = strlen(NOWHERE) - 1;

		ref->repo[from] = '*';
		memmove(ref->repo, ref->repo + from,
		    strlen(ref->repo + from) + 1);
	}
	str_free(&at);
	return ok;
}

/* What keeps a row from being one, or NULL; the parts of its reference. */
static const char *fault(const struct listing_row *r, struct ref *ref)
{
	if (r->reference.len == 0)
		return "no reference";
	if (!parse(r, ref))
		return "what stands for its reference is none";
	if (r->digest.len > 0 && !sha_is_digest(r->digest.s))
		return "its manifest digest is no sha256 digest";
	if (r->config.len > 0 && !sha_is_digest(r->config.s))
		return "its config digest is no sha256 digest";
	if (!is_chain(str_text(&r->chain)))
		return "a diff_id of it is no sha256 digest";
	if (r->digest.len > 0 && ref->digest[0] != '\0' &&
	    !str_eq(r->digest.s, ref->digest))
		return "its reference names another digest than its row";
	return NULL;
}

/* A date muster can compare, or none. */
static int date_of(struct sink *s, const struct listing_row *r,
    const char *locator, const char **date, struct err *err)
{
	int64_t seconds;

	*date = row_time(row_text(&r->created));
	if (*date == NULL || date_parse(*date, &seconds))
		return 0;
	if (sink_warn(s, locator, err, "\"%.60s\" is no date: left out",
	    *date) < 0)
		return -1;
	*date = NULL;
	return 0;
}

int listing_send(struct sink *s, const char *role,
    const struct listing_row *r, const char *locator, struct err *err)
{
	struct listing l = { .role = role, .locator = locator };
	struct ref ref;
	const char *why = fault(r, &ref);

	sink_count(s, COUNT_READ, 1);
	if (why != NULL) {
		sink_count(s, COUNT_UNPLACED, 1);
		return sink_warn(s, locator, err, "an entry is left out, %s: "
		    "%.200s", why, str_text(&r->reference));
	}
	if (date_of(s, r, locator, &l.created, err) < 0)
		return -1;
	l.repository = ref.repo;
	l.tag = ref.tag[0] != '\0' ? ref.tag : NULL;
	l.digest = ref.digest[0] != '\0' ? ref.digest : row_text(&r->digest);
	l.config = row_text(&r->config);
	l.chain = row_text(&r->chain);
	l.source = row_text(&r->source);
	return sink_listing(s, &l, err);
}

int listing_date(struct sink *s, const char *key, const char *date,
    const char *locator, struct err *err)
{
	int64_t seconds;

	if (date == NULL)
		return 0;
	if (!date_parse(date, &seconds))
		return sink_warn(s, locator, err, "\"%.60s\" is no date: the "
		    "age of this list is not known", date);
	if (sink_meta(s, "produced", date, err) < 0)
		return -1;
	return sink_fact(s, &(struct fact){ 0, "inventory.date", key, date,
	    locator }, err);
}

int listing_bid(const struct probe *p, const char *role)
{
	if (p->kind == PROBE_JSON)
		return probe_has(p, listing_json_key(role)) ? 98 : 0;
	return p->kind == PROBE_TEXT &&
	    probe_seen(p, listing_csv_heading(role)) ? 90 : 0;
}

int listing_read(struct input *in, struct sink *s, const char *role,
    struct err *err)
{
	size_t len;
	const char *head = input_head(in, &len, err);

	if (head == NULL)
		return -1;
	while (len > 0 && strchr(" \t\r\n", *head) != NULL)
		head++, len--;
	return len > 0 && *head == '{' ?
	    listing_json_read(in, s, role, err) :
	    listing_csv_read(in, s, role, err);
}
