/*
 * deploys.c - which workload runs which image, and the gaps that shows.
 *
 * By digest, else by tag with a note: a tag may have moved since.
 */
#include <stdlib.h>
#include <string.h>

#include "muster/err.h"
#include "muster/mem.h"
#include "muster/ref.h"
#include "muster/store.h"
#include "muster/str.h"
#include "attach_priv.h"

struct tag {
	int64_t		 subject;
	struct ref	 ref;
};

struct tags {
	struct tag	*tag;
	size_t		 n, cap;
};

/* By repository, so that a look-up among thousands is a search. */
static int by_repo(const void *a, const void *b)
{
	const struct tag *x = a, *y = b;
	int c = strcmp(x->ref.repo, y->ref.repo);

	return c != 0 ? c : x->subject < y->subject ? -1 :
	    x->subject > y->subject;
}

static int load_tags(struct store *st, struct tags *t, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, st, SQL_ALIAS_TAGS, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		struct tag one = { .subject = query_int(&q, 0) };

		if (!ref_parse(query_text(&q, 1), &one.ref))
			continue;
		MEM_ROOM(t->tag, t->n, t->cap);
		t->tag[t->n++] = one;
	}
	query_close(&q);
	if (t->n > 0)
		qsort(t->tag, t->n, sizeof(*t->tag), by_repo);
	return rc;
}

/* The first tag of a repository, or t->n. */
static size_t first_of(const struct tags *t, const char *repo)
{
	size_t lo = 0, hi = t->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (strcmp(t->tag[mid].ref.repo, repo) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

struct workload {
	int64_t		 id, artifact;
	const char	*name, *image;
};

/* The images of this digest: how many, or -1. */
static int match_digest(struct store *st, const struct workload *w,
    const struct ref *ref, struct err *err)
{
	struct query q;
	int rc, n = 0;

	query_open(&q, st, SQL_ALIAS_BY_DIGEST,
	    BIND(V((const char *)ref->digest)));
	while ((rc = query_next(&q, err)) > 0) {
		n++;
		if ((rc = store_run(st, SQL_ADD_DEPLOYS, BIND(V(w->id),
		    V(query_int(&q, 0)), V("by digest"), V(1)), err)) < 0)
			break;
	}
	query_close(&q);
	return rc < 0 ? -1 : n;
}

static int match_tag(struct store *st, const struct workload *w,
    const struct ref *ref, const struct tags *t, struct err *err)
{
	int n = 0;

	for (size_t i = first_of(t, ref->repo); i < t->n &&
	    strcmp(t->tag[i].ref.repo, ref->repo) == 0; i++) {
		if (!ref_same_tag(&t->tag[i].ref, ref))
			continue;
		n++;
		if (store_run(st, SQL_ADD_DEPLOYS, BIND(V(w->id),
		    V(t->tag[i].subject), V("by tag, which may have moved "
		    "since"), V(0)), err) < 0)
			return -1;
	}
	return n;
}

static int match(struct store *st, const struct workload *w,
    const struct tags *t, struct err *err)
{
	struct ref ref;
	int n;

	if (!ref_parse(w->image, &ref))
		return attach_gap(st, "gap", w->id, w->artifact, err,
		    "%s: \"%s\" is no image reference", w->name, w->image);
	n = ref.digest[0] != '\0' ? match_digest(st, w, &ref, err) :
	    match_tag(st, w, &ref, t, err);
	if (n < 0)
		return -1;
	if (n == 0)
		return attach_gap(st, "gap", w->id, w->artifact, err,
		    "%s deploys %s, of which there is no evidence", w->name,
		    w->image);
	if (ref.digest[0] == '\0')
		return attach_gap(st, "gap", w->id, w->artifact, err,
		    "%s names its image by tag only (%s): which bytes run "
		    "is not fixed", w->name, w->image);
	return 0;
}

static int undeployed(struct store *st, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, st, SQL_IMAGES_UNDEPLOYED, NOBIND);
	while ((rc = query_next(&q, err)) > 0)
		if ((rc = attach_gap(st, "gap", query_int(&q, 0), 0, err,
		    "%s: no imported workload deploys it, so 3.1 to 3.11 are "
		    "not reviewed for it", query_text(&q, 1))) < 0)
			break;
	query_close(&q);
	return rc;
}

int deploys_find(struct store *st, struct err *err)
{
	struct tags t = { NULL, 0, 0 };
	struct query q;
	int rc;

	if ((rc = load_tags(st, &t, err)) < 0)
		goto out;
	query_open(&q, st, SQL_WORKLOAD_IMAGES, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		struct workload w = { query_int(&q, 0), query_int(&q, 3),
		    query_text(&q, 1), query_text(&q, 2) };

		if ((rc = match(st, &w, &t, err)) < 0)
			break;
	}
	query_close(&q);
	if (rc == 0)
		rc = undeployed(st, err);
out:
	free(t.tag);
	return rc;
}
