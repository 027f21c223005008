/*
 * source_obsolete.c - 2.15: are replaced versions gone?
 *
 * From the registry (by its inventory), from the workloads, from under this
 * image: an approved base that has a newer version.  Only a fresh inventory
 * shows that they are.
 */
#include <string.h>

#include "muster/err.h"
#include "source_versions.h"

#define DAY	(24 * 3600)

static const char *by_what(enum source_how how)
{
	return how == HOW_DATE ? "by the dates they were made" :
	    "by their tags";
}

/* ------------------------------------------------------ running workloads */

static int floating(struct assess *as, struct err *err)
{
	struct query q;
	size_t n = 0;
	int rc;

	look_pods(&q, as, "pod.image");
	while ((rc = query_next(&q, err)) > 0) {
		struct ref ref;

		if (!ref_parse(query_text(&q, FACT_VALUE), &ref) ||
		    ref.digest[0] != '\0' || !look_tell(&n))
			continue;
		if ((rc = assess_say(as, ROLE_FAIL, look_cite(&q), err,
		    "%s runs it by %s without a digest (%s): it will run "
		    "whatever that names next",
		    query_text(&q, FACT_WORKLOAD),
		    ref.tag[0] == '\0' || str_eq(ref.tag, "latest") ?
		    "the floating tag latest" : "a tag",
		    query_text(&q, FACT_VALUE))) < 0)
			break;
	}
	query_close(&q);
	if (rc < 0)
		return -1;
	return look_more(as, ROLE_FAIL, n, "workloads", err);
}

/* The version of a digest: as listed, or as an image in evidence has it. */
static int find_digest(struct assess *as, const struct source_versions *v,
    const char *digest, const struct source_one **one, struct err *err)
{
	struct query q;
	int rc = 0;

	*one = NULL;
	for (size_t i = 0; i < v->n && *one == NULL; i++)
		if (str_eq(str_text(&v->one[i].digest), digest))
			*one = &v->one[i];
	if (*one != NULL)
		return 0;
	query_open(&q, as->store, SQL_ALIAS_BY_DIGEST, BIND(V(digest)));
	while (*one == NULL && (rc = query_next(&q, err)) > 0)
		for (size_t i = 0; i < v->n && *one == NULL; i++)
			if (v->one[i].subject == query_int(&q, 0))
				*one = &v->one[i];
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

static int running(struct assess *as, const char *repository,
    const struct source_versions *v, struct err *err)
{
	struct query q;
	size_t n = 0;
	int rc;

	query_open(&q, as->store, SQL_RUNS_OF, BIND(V(repository),
	    V(as->subject)));
	while ((rc = query_next(&q, err)) > 0) {
		struct cite cite = { query_int(&q, 2), query_null(&q, 3) };
		const struct source_one *one, *newer;
		enum source_how how;

		if ((rc = find_digest(as, v, query_text(&q, 1), &one,
		    err)) < 0)
			break;
		if (one == NULL || (newer = source_versions_newer(v, one,
		    &how)) == NULL || !look_tell(&n))
			continue;
		if ((rc = assess_say(as, ROLE_FAIL, cite, err, "%s runs an "
		    "older version of %s: %s, though %s is newer %s",
		    query_text(&q, 0), repository, str_text(&one->name),
		    str_text(&newer->name), by_what(how))) < 0)
			break;
	}
	query_close(&q);
	return rc < 0 ? -1 : look_more(as, ROLE_FAIL, n, "workloads", err);
}

/* ------------------------------------------------------------ the registry */

static int held(struct assess *as, const char *repository,
    const struct source_versions *v, struct err *err)
{
	size_t n = 0;

	for (size_t i = 0; i < v->n; i++) {
		const struct source_one *one = &v->one[i], *newer;
		enum source_how how;

		if (!one->held || (newer = source_versions_newer(v, one,
		    &how)) == NULL || !look_tell(&n))
			continue;
		if (assess_say(as, ROLE_FAIL, (struct cite){ one->artifact,
		    str_text(&one->locator) }, err, "the registry still holds "
		    "%s of %s, though %s is newer %s", str_text(&one->name),
		    repository, str_text(&newer->name), by_what(how)) < 0)
			return -1;
	}
	return look_more(as, ROLE_FAIL, n, "versions", err);
}

/* What keeps an inventory from showing that nothing old is left; 1: said. */
static int doubts(struct assess *as, const char *repository,
    const struct source_versions *v, struct err *err)
{
	const struct source_inventory *inv = &v->inventory;
	const int64_t days = assess_value_int(as, "max_inventory_age_days");
	const int64_t now = source_order_date(as->as_of);
	struct cite cite = { inv->artifact, inv->locator.len > 0 ?
	    inv->locator.s : NULL };

	if (!inv->any)
		return assess_say(as, ROLE_MISSING, NO_CITE, err, "no "
		    "inventory in evidence lists what the registry holds of "
		    "%s: an inventory (JSON or CSV with tags, digests, dates) "
		    "or Harbor's list of artifacts, no older than %lld days, "
		    "would decide this", repository, (long long)days) < 0 ?
		    -1 : 1;
	if (inv->when == INT64_MIN)
		return assess_say(as, ROLE_MISSING, cite, err, "the inventory "
		    "%s of %s does not say when it was made, so its age is "
		    "not known; an inventory (JSON or CSV) with a date would "
		    "decide this", str_text(&inv->file), repository) < 0 ?
		    -1 : 1;
	if (inv->when > now)
		return assess_say(as, ROLE_MISSING, cite, err, "the inventory "
		    "%s of %s is of %s, which is after the time of this "
		    "assessment, %s", str_text(&inv->file), repository,
		    str_text(&inv->date), as->as_of) < 0 ? -1 : 1;
	/* days may be anything: it must not be multiplied */
	if ((now - inv->when + DAY - 1) / DAY > days)
		return assess_say(as, ROLE_MISSING, cite, err, "the inventory "
		    "%s of %s is of %s, %lld days old: more than the %lld "
		    "that max_inventory_age_days allows; a newer one would "
		    "decide this", str_text(&inv->file), repository,
		    str_text(&inv->date), (long long)((now - inv->when) / DAY),
		    (long long)days) < 0 ? -1 : 1;
	if (inv->part || v->left_out > 0)
		return assess_say(as, ROLE_MISSING, cite, err, "the inventory "
		    "%s of %s may not be the whole: %s", str_text(&inv->file),
		    repository, inv->part ? str_text(&inv->why_part) :
		    "there are more versions than are compared") < 0 ? -1 : 1;
	return 0;
}

/* Those that cannot be told older from newer leave it open; 1: said. */
static int unplaced(struct assess *as, const char *repository,
    const struct source_versions *v, struct err *err)
{
	size_t n = 0;

	for (size_t i = 0; i < v->n; i++) {
		const struct source_one *one = &v->one[i];

		if (!one->held || source_versions_placed(v, one) ||
		    !look_tell(&n))
			continue;
		if (assess_say(as, ROLE_MISSING, (struct cite){ one->artifact,
		    str_text(&one->locator) }, err, "the registry holds %s of "
		    "%s, which neither a date nor its tag tells older or "
		    "newer than the others", str_text(&one->name),
		    repository) < 0)
			return -1;
	}
	if (look_more(as, ROLE_MISSING, n, "versions", err) < 0)
		return -1;
	return n > 0;
}

static int judge(struct assess *as, const char *repository, struct err *err)
{
	const struct source_inventory *inv;
	struct source_versions v;
	size_t n = 0;
	int rc = -1;

	if (source_versions_load(as, repository, &v, err) < 0 ||
	    running(as, repository, &v, err) < 0 ||
	    held(as, repository, &v, err) < 0)
		goto out;
	inv = &v.inventory;
	for (size_t i = 0; i < v.n; i++)
		n += v.one[i].held;
	rc = 0;
	if (assess_said(as, ROLE_FAIL) ||
	    (rc = doubts(as, repository, &v, err)) != 0 ||
	    (rc = unplaced(as, repository, &v, err)) != 0)
		goto out;
	rc = assess_say(as, ROLE_PASS, (struct cite){ inv->artifact,
	    inv->locator.s }, err, "the inventory %s of %s%s%s%s lists %zu "
	    "version%s of %s and none that another one replaces",
	    str_text(&inv->file), str_text(&inv->date),
	    inv->how.len > 0 ? " (" : "", str_text(&inv->how),
	    inv->how.len > 0 ? ")" : "", n, n == 1 ? "" : "s", repository);
out:
	source_versions_free(&v);
	return rc < 0 ? -1 : 0;
}

/* ------------------------------------------------------ what it is built on */

/* The same image, maybe in two lists? */
static bool same_entry(const struct query *a, const struct query *b)
{
	const char *chain = query_null(a, LIST_CHAIN);
	const char *digest = query_null(a, LIST_DIGEST);

	return (chain != NULL && str_eq(chain, query_null(b, LIST_CHAIN))) ||
	    (digest != NULL && str_eq(digest, query_null(b, LIST_DIGEST)));
}

/* A newer entry of the approved repository that the base is an entry of. */
static int newer_entry(struct assess *as, const struct query *base,
    struct err *err)
{
	struct source_version mine = { query_null(base, LIST_TAG),
	    query_null(base, LIST_CREATED) };
	struct query q;
	int rc, told = 0;

	query_open(&q, as->store, SQL_LISTED_REPOSITORY, BIND(V("approved"),
	    V(query_text(base, LIST_REPOSITORY))));
	while (!told && (rc = query_next(&q, err)) > 0) {
		struct source_version its = { query_null(&q, LIST_TAG),
		    query_null(&q, LIST_CREATED) };
		enum source_how how;

		if (same_entry(&q, base) ||
		    source_order(&mine, &its, &how) != ORDER_OLDER)
			continue;
		told = 1;
		rc = assess_say(as, ROLE_FAIL, source_base_list_cite(&q), err,
		    "of its base %s:%s %s lists a newer version, %s (%s)",
		    query_text(base, LIST_REPOSITORY),
		    query_text(base, LIST_TAG), query_text(&q, LIST_FILE),
		    query_text(&q, LIST_TAG), by_what(how));
	}
	query_close(&q);
	return rc < 0 ? -1 : told;
}

/* The entries of approved lists that the base is: by its layers, by digest. */
static int entries(struct assess *as, enum sql statement,
    const struct val *vals, size_t nvals, struct err *err)
{
	struct query q;
	int rc, told = 0;

	query_open(&q, as->store, statement, vals, nvals);
	while (told == 0 && (rc = query_next(&q, err)) > 0)
		if ((told = newer_entry(as, &q, err)) < 0)
			break;
	query_close(&q);
	return told < 0 || (told == 0 && rc < 0) ? -1 : told;
}

static int base_replaced(struct assess *as, struct err *err)
{
	struct look_self self;
	struct source_base base = { 0 };
	int rc = -1;

	if (look_self(as, &self, err) < 0)
		return -1;
	if (source_base(as, &self, &base, err) < 0)
		goto out;
	rc = 0;
	if (base.scratch)
		goto out;
	if (base.listing != 0)
		rc = entries(as, SQL_LISTED_ID, BIND(V(base.listing)), err);
	else if (base.digest.len > 0)
		rc = entries(as, SQL_LISTED_DIGEST, BIND(V("approved"),
		    V(str_text(&base.digest))), err);
out:
	source_base_free(&base);
	look_self_free(&self);
	return rc < 0 ? -1 : 0;
}

/* Every repository that the image goes by with a registry; where it has no
 * such name, every name there is. */
static int repositories(struct assess *as, size_t *n, struct err *err)
{
	struct str last = STR_INIT;
	bool registry = false;
	struct query q;
	int rc;

	query_open(&q, as->store, SQL_NAMES_OF, BIND(V(as->subject)));
	while ((rc = query_next(&q, err)) > 0) {
		const char *repository = query_text(&q, 0);

		registry = registry || query_int(&q, 3) != 0;
		if ((registry && query_int(&q, 3) == 0) ||
		    (*n > 0 && str_eq(str_text(&last), repository)))
			continue;
		str_clear(&last);
		str_add(&last, repository);
		++*n;
		if ((rc = judge(as, repository, err)) < 0)
			break;
	}
	query_close(&q);
	str_free(&last);
	return rc;
}

int source_obsolete(struct assess *as, struct err *err)
{
	size_t n = 0;

	if (floating(as, err) < 0 || base_replaced(as, err) < 0 ||
	    repositories(as, &n, err) < 0)
		return -1;
	if (n > 0 || assess_said(as, ROLE_FAIL))
		return 0;
	return assess_say(as, ROLE_MISSING, NO_CITE, err, "no evidence names "
	    "this image's repository, so no inventory can be looked up; an "
	    "archive with its name, and an inventory of its registry (tags, "
	    "digests, dates) no older than %lld days, would decide this",
	    (long long)assess_value_int(as, "max_inventory_age_days"));
}
