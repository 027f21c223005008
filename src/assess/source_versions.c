/* source_versions.c - the versions of one repository; see source_versions.h. */
#include <stdlib.h>
#include <string.h>

#include "muster/err.h"
#include "muster/mem.h"
#include "source_versions.h"

/* A list without a host is of any registry that holds this very image. */
static int inventory_name(struct assess *as, const char *repository,
    struct str *name, struct err *err)
{
	const char *path = strchr(repository, '/');
	struct query q;
	int64_t n = 0;
	int rc;

	str_add(name, repository);
	query_open(&q, as->store, SQL_INVENTORIES, BIND(V(repository)));
	rc = query_next(&q, err);
	query_close(&q);
	if (rc != 0 || path == NULL)
		return rc < 0 ? -1 : 0;
	str_clear(name);
	str_addf(name, "*%s", path);
	if (store_int(as->store, SQL_INVENTORY_HOLDS, BIND(
	    V((const char *)name->s), V(as->subject)), &n, err) < 0)
		return -1;
	if (n == 0) {
		str_clear(name);
		str_add(name, repository);
	}
	return 0;
}

static void take_inventory(struct source_inventory *v, const struct query *q)
{
	v->any = true;
	v->part = query_null(q, 6) != NULL;
	v->artifact = query_int(q, 0);
	v->when = source_order_date(query_null(q, 3));
	str_clear(&v->file);
	str_clear(&v->batch);
	str_clear(&v->date);
	str_clear(&v->how);
	str_clear(&v->locator);
	str_clear(&v->why_part);
	str_add(&v->file, query_text(q, 1));
	str_add(&v->batch, query_text(q, 2));
	str_add(&v->date, query_text(q, 3));
	str_add(&v->how, query_text(q, 4));
	str_add(&v->locator, query_text(q, 5));
	str_add(&v->why_part, query_text(q, 6));
}

/* The newest one; of pages that were imported together one that is not full
 * shows that these are all. */
static int find_inventory(struct assess *as, const char *name,
    struct source_inventory *v, struct err *err)
{
	struct query q;
	int rc;

	v->when = INT64_MIN;
	query_open(&q, as->store, SQL_INVENTORIES, BIND(V(name)));
	while ((rc = query_next(&q, err)) > 0)
		if (!v->any || source_order_date(query_null(&q, 3)) > v->when)
			take_inventory(v, &q);
	query_close(&q);
	if (rc < 0 || !v->part)
		return rc;
	query_open(&q, as->store, SQL_INVENTORIES, BIND(V(name)));
	while ((rc = query_next(&q, err)) > 0)
		if (query_null(&q, 6) == NULL &&
		    str_eq(query_text(&q, 2), str_text(&v->batch)))
			v->part = false;
	query_close(&q);
	return rc;
}

static struct source_one *by_digest(struct source_versions *v,
    const char *digest)
{
	for (size_t i = v->n; i-- > 0; )
		if (v->one[i].digest.len > 0 &&
		    strcmp(v->one[i].digest.s, digest) == 0)
			return &v->one[i];
	return NULL;
}

static struct source_one *by_subject(struct source_versions *v, int64_t id)
{
	for (size_t i = 0; i < v->n; i++)
		if (v->one[i].subject == id)
			return &v->one[i];
	return NULL;
}

static struct source_one *add(struct source_versions *v)
{
	if (v->n == SOURCE_VERSIONS) {
		v->left_out++;
		return NULL;
	}
	MEM_ROOM(v->one, v->n, v->cap);
	v->one[v->n] = (struct source_one){ 0 };
	return &v->one[v->n++];
}

/* Of several tags the one that says most about the version. */
static void add_tag(struct source_one *one, const char *tag)
{
	bool version = source_order_is_version(tag);

	if (*tag == '\0')
		return;
	if (one->name.len < 200)
		str_addf(&one->name, "%s%s", one->name.len > 0 ? ", " : "",
		    tag);
	if (one->tag.len > 0 && (source_order_is_version(one->tag.s) >
	    version || (source_order_is_version(one->tag.s) == version &&
	    one->tag.len >= strlen(tag))))
		return;
	str_clear(&one->tag);
	str_add(&one->tag, tag);
}

/* Signatures and the like hang on tags of their own. */
static bool is_image(const char *tag)
{
	return !str_starts(tag, "sha256-");
}

static int add_held(struct assess *as, const char *name,
    struct source_versions *v, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, as->store, SQL_LISTED_REPOSITORY,
	    BIND(V("inventory"), V(name)));
	while ((rc = query_next(&q, err)) > 0) {
		const char *digest = query_null(&q, LIST_DIGEST);
		struct source_one *one = digest != NULL && v->n > 0 &&
		    str_eq(str_text(&v->one[v->n - 1].digest), digest) ?
		    &v->one[v->n - 1] : NULL;

		if (v->inventory.when != INT64_MIN && !str_eq(
		    query_text(&q, LIST_BATCH), str_text(&v->inventory.batch)))
			continue;
		if (!is_image(query_text(&q, LIST_TAG)))
			continue;
		if (one == NULL) {
			if ((one = add(v)) == NULL)
				continue;
			one->held = true;
			one->artifact = query_int(&q, LIST_ARTIFACT);
			str_add(&one->locator, query_text(&q, LIST_LOCATOR));
			str_add(&one->digest, query_text(&q, LIST_DIGEST));
			str_add(&one->created, query_text(&q, LIST_CREATED));
		}
		add_tag(one, query_text(&q, LIST_TAG));
	}
	query_close(&q);
	return rc;
}

static void drop(struct source_versions *v, size_t i)
{
	struct source_one *one = &v->one[i];

	str_free(&one->name);
	str_free(&one->tag);
	str_free(&one->created);
	str_free(&one->digest);
	str_free(&one->locator);
	memmove(one, one + 1, (--v->n - i) * sizeof(*one));
}

/* A tag alone (skopeo names all) that another row gives a digest. */
static void drop_bare_tags(struct source_versions *v)
{
	for (size_t i = v->n; i-- > 0; ) {
		bool twice = false;

		if (v->one[i].digest.len > 0)
			continue;
		for (size_t j = 0; j < v->n && !twice; j++)
			twice = j != i && (v->one[j].digest.len > 0 || j < i) &&
			    str_eq(v->one[j].tag.s, v->one[i].tag.s);
		if (twice)
			drop(v, i);
	}
}

/* The version that an image in evidence is, by any of its digests. */
static int join_subject(struct assess *as, struct source_versions *v,
    int64_t subject, struct source_one **one, struct err *err)
{
	struct query q;
	int rc = 0;

	*one = by_subject(v, subject);
	if (*one != NULL)
		return 0;
	query_open(&q, as->store, SQL_DIGESTS_OF, BIND(V(subject)));
	while (*one == NULL && (rc = query_next(&q, err)) > 0)
		*one = by_digest(v, query_text(&q, 0));
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

static int add_evidence(struct assess *as, const char *repository,
    struct source_versions *v, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, as->store, SQL_SIBLINGS, BIND(V(repository)));
	while ((rc = query_next(&q, err)) > 0) {
		struct source_one *one;

		if ((rc = join_subject(as, v, query_int(&q, 0), &one,
		    err)) < 0)
			break;
		if (one == NULL && (one = add(v)) == NULL)
			continue;
		if (!one->held)
			add_tag(one, query_text(&q, 3));
		one->subject = query_int(&q, 0);
		if (one->created.len == 0)
			str_add(&one->created, query_text(&q, 4));
		if (one->digest.len == 0)
			str_add(&one->digest, query_text(&q, 2));
		if (one->artifact == 0) {
			one->artifact = query_int(&q, 5);
			str_add(&one->locator, query_text(&q, 6));
		}
	}
	query_close(&q);
	return rc;
}

static struct source_version version_of(const struct source_one *one)
{
	return (struct source_version){ one->tag.len > 0 ? one->tag.s : NULL,
	    one->created.len > 0 ? one->created.s : NULL };
}

/* A tag names one image: what a registry lists twice under it are the images
 * of several platforms. */
static enum source_order compare(const struct source_one *a,
    const struct source_one *b, enum source_how *how)
{
	struct source_version va = version_of(a), vb = version_of(b);

	*how = HOW_NOT;
	if (a->held && b->held && va.tag != NULL && str_eq(va.tag, vb.tag))
		return ORDER_SAME;
	return source_order(&va, &vb, how);
}

static void find_newest(struct source_versions *v)
{
	enum source_how how;

	v->by_date = v->by_tag = v->n;
	for (size_t i = 0; i < v->n; i++) {
		struct source_version me = version_of(&v->one[i]);
		struct source_version best = { NULL, NULL };

		if (me.created != NULL && (v->by_date == v->n ||
		    source_order_date(me.created) > source_order_date(
		    str_text(&v->one[v->by_date].created))))
			v->by_date = i;
		if (!source_order_is_version(me.tag))
			continue;
		if (v->by_tag < v->n)
			best = version_of(&v->one[v->by_tag]);
		best.created = me.created = NULL;
		if (v->by_tag == v->n ||
		    source_order(&me, &best, &how) == ORDER_NEWER)
			v->by_tag = i;
	}
	/* Equally new by date: the newer one by its tag. */
	if (v->by_date < v->n && v->by_tag < v->n &&
	    str_eq(v->one[v->by_tag].created.s, v->one[v->by_date].created.s))
		v->by_date = v->by_tag;
}

int source_versions_load(struct assess *as, const char *repository,
    struct source_versions *v, struct err *err)
{
	struct str name = STR_INIT;
	int rc = -1;

	*v = (struct source_versions){ 0 };
	if (inventory_name(as, repository, &name, err) == 0 &&
	    find_inventory(as, name.s, &v->inventory, err) == 0 &&
	    add_held(as, name.s, v, err) == 0) {
		drop_bare_tags(v);
		rc = add_evidence(as, repository, v, err);
	}
	for (size_t i = 0; i < v->n; i++)
		if (v->one[i].name.len == 0)
			str_add(&v->one[i].name, str_text(&v->one[i].digest));
	find_newest(v);
	str_free(&name);
	return rc;
}

void source_versions_free(struct source_versions *v)
{
	while (v->n > 0)
		drop(v, v->n - 1);
	free(v->one);
	str_free(&v->inventory.date);
	str_free(&v->inventory.how);
	str_free(&v->inventory.file);
	str_free(&v->inventory.batch);
	str_free(&v->inventory.why_part);
	str_free(&v->inventory.locator);
}

const struct source_one *source_versions_newer(
    const struct source_versions *v, const struct source_one *one,
    enum source_how *how)
{
	const size_t best[] = { v->by_date, v->by_tag };

	for (size_t i = 0; i < 2; i++)
		if (best[i] < v->n && &v->one[best[i]] != one &&
		    compare(one, &v->one[best[i]], how) == ORDER_OLDER)
			return &v->one[best[i]];
	return NULL;
}

bool source_versions_placed(const struct source_versions *v,
    const struct source_one *one)
{
	const size_t best[] = { v->by_date, v->by_tag };
	enum source_how how;

	if (v->n < 2)
		return true;
	for (size_t i = 0; i < 2; i++)
		if (best[i] < v->n && (&v->one[best[i]] == one ||
		    compare(one, &v->one[best[i]], &how) != ORDER_UNKNOWN))
			return true;
	return false;
}
