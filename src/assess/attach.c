/*
 * attach.c - subjects, and which evidence speaks about which.
 *
 * Derived from the targets' identities alone, so that the order of imports
 * does not matter and a replay gives the same.  Images are worked out in
 * three rounds: archives (their digests are computed from bytes), then
 * reports that name one of their digests, then reports about images we have
 * no archive of.  What names no digest is attached by name or as the only
 * image of its import, with the reason recorded; what fits nothing is a gap.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "muster/assess.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/ref.h"
#include "muster/store.h"
#include "muster/str.h"
#include "attach_priv.h"

struct ident {
	char	*kind, *value;
};

/* A target as read from the database; the group it belongs to is the index of
 * the group's first member, or -1. */
struct about {
	int64_t		 id, artifact;
	char		*kind, *key, *name, *batch, *file;
	bool		 bytes;		/* an image archive */
	struct ident	*idents;
	size_t		 nidents, cap;
	int64_t		 group;
	const char	*reason;
	bool		 exact;
	int64_t		 subject;	/* of a group's first member */
};

struct known {
	const char	*value;		/* a digest */
	size_t		 at;		/* the target that states it */
};

struct attach {
	struct store	*store;
	struct about	*t;
	size_t		 n, cap;
	struct known	*known;		/* sorted by value */
	size_t		 nknown, known_cap;
};

int attach_gap(struct store *st, const char *kind, int64_t subject,
    int64_t artifact, struct err *err, const char *fmt, ...)
{
	const struct val none = { VAL_NULL, 0, NULL };
	struct str clean = STR_INIT;
	char line[1024];
	va_list ap;
	int rc;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	str_utf8(&clean, line, strlen(line));
	rc = store_run(st, SQL_ADD_GAP, BIND(V(kind),
	    subject > 0 ? V(subject) : none,
	    artifact > 0 ? V(artifact) : none, V(str_text(&clean))), err);
	str_free(&clean);
	return rc;
}

static int drop_derived(struct store *st, struct err *err)
{
	static const enum sql drops[] = {
		SQL_DROP_REASONS, SQL_DROP_RESULTS, SQL_DROP_ISSUE_SOURCES,
		SQL_DROP_ISSUES, SQL_DROP_GAPS, SQL_DROP_DEPLOYS,
		SQL_DROP_ALIASES, SQL_DROP_ATTACHMENTS, SQL_DROP_SUBJECTS
	};

	for (size_t i = 0; i < sizeof(drops) / sizeof(drops[0]); i++)
		if (store_run(st, drops[i], NOBIND, err) < 0)
			return -1;
	return 0;
}

static int load_idents(struct attach *at, struct about *t, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, at->store, SQL_ATTACH_IDENTITIES, BIND(V(t->id)));
	while ((rc = query_next(&q, err)) > 0) {
		MEM_ROOM(t->idents, t->nidents, t->cap);
		t->idents[t->nidents++] = (struct ident){
			mem_dup(query_text(&q, 0)), mem_dup(query_text(&q, 1))
		};
	}
	query_close(&q);
	return rc;
}

static int load(struct attach *at, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, at->store, SQL_ATTACH_TARGETS, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		struct about *t;

		MEM_ROOM(at->t, at->n, at->cap);
		t = &at->t[at->n++];
		*t = (struct about){
			.id = query_int(&q, 0),
			.kind = mem_dup(query_text(&q, 1)),
			.key = mem_dup(query_text(&q, 2)),
			.name = mem_dup(query_text(&q, 3)),
			.artifact = query_int(&q, 4),
			.batch = mem_dup(query_text(&q, 6)),
			.file = mem_dup(query_text(&q, 7)),
			.bytes = query_int(&q, 8) != 0, .group = -1,
		};
		t->bytes = t->bytes && strcmp(t->kind, "image") == 0;
		if ((rc = load_idents(at, t, err)) < 0)
			break;
	}
	query_close(&q);
	return rc;
}

static void unload(struct attach *at)
{
	for (size_t i = 0; i < at->n; i++) {
		struct about *t = &at->t[i];

		for (size_t j = 0; j < t->nidents; j++) {
			free(t->idents[j].kind);
			free(t->idents[j].value);
		}
		free(t->idents);
		free(t->kind);
		free(t->key);
		free(t->name);
		free(t->batch);
		free(t->file);
	}
	free(at->t);
	free(at->known);
}

/* A digest that stands for exactly one image (an index's may not). */
static bool is_own_digest(const struct ident *i)
{
	return strcmp(i->kind, "manifest") == 0 ||
	    strcmp(i->kind, "config") == 0;
}

/* The digest inside an identity of any kind, or NULL. */
static const char *digest_of(const struct ident *i)
{
	const char *at;

	if (is_own_digest(i) || strcmp(i->kind, "index") == 0)
		return i->value;
	if (strcmp(i->kind, "repodigest") != 0)
		return NULL;
	at = strrchr(i->value, '@');
	return at != NULL ? at + 1 : NULL;
}

static int by_value(const void *a, const void *b)
{
	const struct known *x = a, *y = b;
	int c = strcmp(x->value, y->value);

	return c != 0 ? c : x->at < y->at ? -1 : x->at > y->at;
}

static void know(struct attach *at, size_t i, bool index_too)
{
	const struct about *t = &at->t[i];

	for (size_t j = 0; j < t->nidents; j++) {
		const struct ident *d = &t->idents[j];

		if (!is_own_digest(d) && !(index_too &&
		    digest_of(d) != NULL))
			continue;
		MEM_ROOM(at->known, at->nknown, at->known_cap);
		at->known[at->nknown++] = (struct known){ digest_of(d), i };
	}
}

static void sort_known(struct attach *at)
{
	if (at->nknown > 0)
		qsort(at->known, at->nknown, sizeof(*at->known), by_value);
}

static size_t root(struct attach *at, size_t i)
{
	while (at->t[i].group >= 0 && (size_t)at->t[i].group != i)
		i = (size_t)at->t[i].group;
	return i;
}

/* Targets that state the same digest of their own are one image. */
static void unite_known(struct attach *at)
{
	for (size_t i = 0; i < at->nknown; i++) {
		size_t at_i = at->known[i].at, a, b;

		if (at->t[at_i].group < 0)
			at->t[at_i].group = (int64_t)at_i;
		if (i == 0 || strcmp(at->known[i].value,
		    at->known[i - 1].value) != 0)
			continue;
		a = root(at, at->known[i - 1].at);
		b = root(at, at_i);
		if (a < b)
			at->t[b].group = (int64_t)a;
		else
			at->t[a].group = (int64_t)b;
	}
}

/* The groups that state a digest: *group is the only one; 0, 1 or 2 (many). */
static int groups_of(struct attach *at, const char *digest, size_t *group)
{
	size_t lo = 0, hi = at->nknown;
	int n = 0;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (strcmp(at->known[mid].value, digest) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < at->nknown && strcmp(at->known[lo].value, digest) == 0;
	    lo++) {
		size_t g = root(at, at->known[lo].at);

		if (n > 0 && g != *group)
			return 2;
		*group = g;
		n = 1;
	}
	return n;
}

static bool is_image_report(const struct about *t)
{
	return strcmp(t->kind, "image") == 0 && !t->bytes;
}

static const char *kind_words(const char *kind)
{
	return strcmp(kind, "manifest") == 0 ? "manifest digest matches" :
	    strcmp(kind, "config") == 0 ? "config digest (image ID) matches" :
	    strcmp(kind, "index") == 0 ? "index digest matches" :
	    "repository digest matches";
}

/* A report joins the archive whose digest it names; own digests first, since
 * a repository digest may be the index's. */
static int join_archive(struct attach *at, size_t i, struct err *err)
{
	struct about *t = &at->t[i];
	int64_t found = -1;
	bool many = false;

	for (int own = 1; own >= 0 && found < 0; own--) {
		for (size_t j = 0; j < t->nidents; j++) {
			const char *d = digest_of(&t->idents[j]);
			size_t g = 0;
			int n;

			if (d == NULL || is_own_digest(&t->idents[j]) != own)
				continue;
			if ((n = groups_of(at, d, &g)) == 0)
				continue;
			if (n > 1) {
				many = true;
				continue;
			}
			if (found >= 0 && (size_t)found != g)
				return attach_gap(at->store, "mismatch", 0,
				    t->artifact, err, "%s names digests of "
				    "two different images; it is attached to "
				    "neither", t->file);
			found = (int64_t)g;
			t->reason = kind_words(t->idents[j].kind);
		}
	}
	if (found < 0 && many)
		return attach_gap(at->store, "gap", 0, t->artifact, err,
		    "%s names the index of several platforms' images and "
		    "does not say which of them it is about", t->file);
	if (found >= 0) {
		t->group = found;
		t->exact = true;
	}
	return 0;
}

static bool has_digest(const struct about *t)
{
	for (size_t j = 0; j < t->nidents; j++)
		if (digest_of(&t->idents[j]) != NULL)
			return true;
	return false;
}

/* The group whose tags include one of t's: 0, 1 or 2 (several). */
static int group_by_tag(struct attach *at, const struct about *t,
    size_t *group, const char **tag)
{
	int n = 0;

	for (size_t j = 0; j < t->nidents; j++) {
		struct ref mine;

		if (strcmp(t->idents[j].kind, "tag") != 0 ||
		    !ref_parse(t->idents[j].value, &mine))
			continue;
		for (size_t i = 0; i < at->n; i++) {
			const struct about *o = &at->t[i];

			if (!o->bytes || o->group < 0)
				continue;
			for (size_t k = 0; k < o->nidents; k++) {
				struct ref its;

				if (strcmp(o->idents[k].kind, "tag") != 0 ||
				    !ref_parse(o->idents[k].value, &its) ||
				    !ref_same_tag(&mine, &its))
					continue;
				if (n > 0 && *group != root(at, i))
					return 2;
				*group = root(at, i);
				*tag = t->idents[j].value;
				n = 1;
			}
		}
	}
	return n;
}

static int group_images(struct attach *at, struct err *err)
{
	for (size_t i = 0; i < at->n; i++)
		if (at->t[i].bytes)
			know(at, i, false);
	sort_known(at);
	unite_known(at);
	for (size_t i = 0; i < at->n; i++) {
		if (!at->t[i].bytes)
			continue;
		at->t[i].reason = "the image itself";
		at->t[i].exact = true;
		know(at, i, true);
	}
	sort_known(at);
	for (size_t i = 0; i < at->n; i++)
		if (is_image_report(&at->t[i]) &&
		    join_archive(at, i, err) < 0)
			return -1;
	/* What is left names images that we have no bytes of. */
	at->nknown = 0;
	for (size_t i = 0; i < at->n; i++)
		if (is_image_report(&at->t[i]) && at->t[i].group < 0 &&
		    has_digest(&at->t[i])) {
			know(at, i, true);
			at->t[i].reason = "names its digest";
			at->t[i].exact = true;
		}
	sort_known(at);
	unite_known(at);
	return 0;
}

/* The one image of an import, or -1: archives count before reports. */
static int64_t only_image(struct attach *at, const char *batch)
{
	for (int bytes = 1; bytes >= 0; bytes--) {
		int64_t found = -1;
		bool many = false;

		for (size_t i = 0; i < at->n; i++) {
			const struct about *t = &at->t[i];

			if (t->group < 0 || t->bytes != bytes ||
			    strcmp(t->kind, "image") != 0 ||
			    strcmp(t->batch, batch) != 0)
				continue;
			if (found >= 0 && (size_t)found != root(at, i))
				many = true;
			found = (int64_t)root(at, i);
		}
		if (found >= 0)
			return many ? -1 : found;
	}
	return -1;
}

/* Reports that name no digest: by tag, or as the only image around. */
static int place_nameless(struct attach *at, struct err *err)
{
	for (size_t i = 0; i < at->n; i++) {
		struct about *t = &at->t[i];
		const char *tag = NULL;
		size_t g = 0;
		int64_t only;
		int n;

		if (t->group >= 0 || (strcmp(t->kind, "host") != 0 &&
		    !is_image_report(t)) || has_digest(t))
			continue;
		n = group_by_tag(at, t, &g, &tag);
		if (n == 1) {
			t->group = (int64_t)g;
			t->reason = "by name, which may have moved since";
			continue;
		}
		/* a name that fits several, or another image than the one
		 * at hand, must not be settled by "there was only one" */
		only = n == 0 && (strcmp(t->kind, "host") == 0 ||
		    t->nidents == 0) ? only_image(at, t->batch) : -1;
		if (only >= 0) {
			t->group = only;
			t->reason = "only image";
			continue;
		}
		if (attach_gap(at->store, "gap", 0, t->artifact, err,
		    n > 1 ? "%s names an image by a tag that several archives "
		    "carry; it is attached to none" : "%s does not say which "
		    "image it is about (it names %s); it is attached to none",
		    t->file, t->nidents > 0 ? t->idents[0].value :
		    t->name[0] != '\0' ? t->name : "nothing") < 0)
			return -1;
	}
	return 0;
}

/* a before b as the key or the name of an image? */
static bool better(const char *a, const char *b)
{
	return b == NULL || strcmp(a, b) < 0;
}

/* The image's key: its manifest's digest, else its config's; what an archive
 * proves before what a report claims. */
static const char *image_key(struct attach *at, size_t group)
{
	static const char *const kinds[] = {
		"manifest", "config", "repodigest", "index"
	};

	for (int k = 0; k < 8; k++) {
		const char *best = NULL;
		bool bytes = k < 4;

		for (size_t i = 0; i < at->n; i++) {
			const struct about *t = &at->t[i];

			if (t->group < 0 || root(at, i) != group ||
			    t->bytes != bytes || !t->exact)
				continue;
			for (size_t j = 0; j < t->nidents; j++)
				if (strcmp(t->idents[j].kind,
				    kinds[k % 4]) == 0 &&
				    digest_of(&t->idents[j]) != NULL &&
				    better(digest_of(&t->idents[j]), best))
					best = digest_of(&t->idents[j]);
		}
		if (best != NULL)
			return best;
	}
	return NULL;
}

static const char *image_name(struct attach *at, size_t group)
{
	for (int bytes = 1; bytes >= 0; bytes--) {
		const char *best = NULL;

		for (size_t i = 0; i < at->n; i++) {
			const struct about *t = &at->t[i];

			if (t->group < 0 || root(at, i) != group ||
			    t->bytes != bytes || !t->exact)
				continue;
			for (size_t j = 0; j < t->nidents; j++)
				if (strcmp(t->idents[j].kind, "tag") == 0 &&
				    better(t->idents[j].value, best))
					best = t->idents[j].value;
		}
		if (best != NULL)
			return best;
	}
	return NULL;
}

/* Letters, digits, '.' and '-' of a name, for file names and XML ids. */
static void slug_of(const char *name, struct str *out)
{
	for (const char *p = name; *p != '\0' && out->len < 80; p++) {
		char c = *p;

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			str_addc(out, c);
		else if (out->len > 0 && out->s[out->len - 1] != '-')
			str_addc(out, c == '.' ? '.' : '-');
	}
	while (out->len > 0 && strchr("-.", out->s[out->len - 1]) != NULL)
		out->s[--out->len] = '\0';
	if (out->len == 0)
		str_add(out, "subject");
}

static int add_subject(struct attach *at, const char *kind, const char *key,
    const char *name, bool bytes, int64_t *id, struct err *err)
{
	struct str slug = STR_INIT;
	size_t	base;
	int64_t	taken = 0;
	int	rc = -1;

	slug_of(name, &slug);
	if (strcmp(kind, "image") == 0)
		str_addf(&slug, "-%.12s", key + strlen("sha256:"));
	base = slug.len;
	for (int n = 2; ; n++) {
		if (store_int(at->store, SQL_SLUG_TAKEN,
		    BIND(V((const char *)slug.s)), &taken, err) < 0)
			goto out;
		if (taken == 0)
			break;
		slug.len = base;
		str_addf(&slug, "-%d", n);
	}
	if (store_run(at->store, SQL_ADD_SUBJECT, BIND(V(kind), V(key),
	    V(name), V((const char *)slug.s), V(bytes)), err) < 0)
		goto out;
	*id = store_last_id(at->store);
	rc = 0;
out:
	str_free(&slug);
	return rc;
}

struct image {
	const char	*key, *name;
	size_t		 group;
	bool		 bytes;
};

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct image *)a)->key,
	    ((const struct image *)b)->key);
}

static bool group_has_bytes(struct attach *at, size_t group)
{
	for (size_t i = 0; i < at->n; i++)
		if (at->t[i].bytes && root(at, i) == group)
			return true;
	return false;
}

static int add_images(struct attach *at, struct err *err)
{
	struct image *images = mem_array(at->n + 1, sizeof(*images));
	size_t n = 0;
	int rc = 0;

	for (size_t i = 0; i < at->n; i++) {
		struct image *m = &images[n];

		if (at->t[i].group < 0 || root(at, i) != i ||
		    strcmp(at->t[i].kind, "image") != 0)
			continue;
		m->key = image_key(at, i);
		m->name = image_name(at, i);
		m->bytes = group_has_bytes(at, i);
		m->group = i;
		n += m->key != NULL;
	}
	qsort(images, n, sizeof(*images), by_key);
	for (size_t i = 0; i < n && rc == 0; i++) {
		char shown[40];

		snprintf(shown, sizeof(shown), "%.19s", images[i].key);
		rc = add_subject(at, "image", images[i].key,
		    images[i].name != NULL ? images[i].name : shown,
		    images[i].bytes, &at->t[images[i].group].subject, err);
	}
	free(images);
	return rc;
}

static int by_workload(const void *a, const void *b)
{
	const struct about *x = *(const struct about *const *)a;
	const struct about *y = *(const struct about *const *)b;
	int c = strcmp(x->kind, y->kind);

	/* platforms after workloads; the load order breaks ties */
	if (c != 0)
		return -c;
	c = strcmp(x->key, y->key);
	return c != 0 ? c : x < y ? -1 : x > y;
}

static int add_workloads(struct attach *at, struct err *err)
{
	struct about **list = mem_array(at->n + 1, sizeof(*list));
	size_t n = 0;
	int rc = 0;

	for (size_t i = 0; i < at->n; i++)
		if (strcmp(at->t[i].kind, "workload") == 0 ||
		    strcmp(at->t[i].kind, "platform") == 0)
			list[n++] = &at->t[i];
	qsort(list, n, sizeof(*list), by_workload);
	for (size_t i = 0; i < n && rc == 0; i++) {
		struct about *t = list[i];

		t->group = (int64_t)(t - at->t);
		t->reason = "the workload itself";
		if (strcmp(t->kind, "platform") == 0)
			t->reason = "the platform itself";
		t->exact = true;
		rc = add_subject(at, t->kind, t->key,
		    t->name[0] != '\0' ? t->name : t->key, false,
		    &t->subject, err);
	}
	free(list);
	return rc;
}

static int add_attachments(struct attach *at, struct err *err)
{
	for (size_t i = 0; i < at->n; i++) {
		struct about *t = &at->t[i];
		int64_t subject;

		if (t->group < 0)
			continue;
		subject = at->t[root(at, i)].subject;
		if (subject == 0)
			continue;
		if (store_run(at->store, SQL_ADD_ATTACHMENT, BIND(V(t->id),
		    V(subject), V(t->reason), V(t->exact)), err) < 0 ||
		    (t->exact && store_run(at->store, SQL_ADD_ALIASES,
		    BIND(V(t->id), V(subject)), err) < 0))
			return -1;
	}
	return 0;
}

/* A report about another digest than the archive of the same name. */
static int find_mismatches(struct attach *at, struct err *err)
{
	for (size_t i = 0; i < at->n; i++) {
		const struct about *t = &at->t[i];
		const char *tag = NULL;
		size_t g = 0;

		if (!is_image_report(t) || t->group < 0 || !t->exact ||
		    group_by_tag(at, t, &g, &tag) == 0 ||
		    root(at, i) == g || group_has_bytes(at, root(at, i)))
			continue;
		if (attach_gap(at->store, "mismatch",
		    at->t[root(at, i)].subject, t->artifact, err,
		    "%s is about another image of the name %s than the "
		    "archive at hand: %s, not %s", t->file, tag,
		    image_key(at, root(at, i)), image_key(at, g)) < 0)
			return -1;
	}
	return 0;
}

static int find_gaps(struct attach *at, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, at->store, SQL_IMAGES_BYTELESS, NOBIND);
	while ((rc = query_next(&q, err)) > 0)
		if ((rc = attach_gap(at->store, "gap", query_int(&q, 0), 0,
		    err, "%s: no image archive was imported; its content is "
		    "known from reports only", query_text(&q, 1))) < 0)
			break;
	query_close(&q);
	if (rc < 0)
		return -1;
	query_open(&q, at->store, SQL_CONTENT_PROBLEMS, NOBIND);
	while ((rc = query_next(&q, err)) > 0)
		if ((rc = attach_gap(at->store, "gap", query_int(&q, 0),
		    query_int(&q, 1), err, "%s", query_text(&q, 2))) < 0)
			break;
	query_close(&q);
	if (rc < 0)
		return -1;
	query_open(&q, at->store, SQL_SAME_NAMED_WORKLOADS, NOBIND);
	while ((rc = query_next(&q, err)) > 0)
		if ((rc = attach_gap(at->store, "note", 0, 0, err,
		    "%s stands in %lld files; each is a subject of its own",
		    query_text(&q, 0), (long long)query_int(&q, 1))) < 0)
			break;
	query_close(&q);
	return rc;
}

int assess_attach(struct store *st, struct err *err)
{
	struct attach at = { .store = st };
	int rc = -1;

	if (drop_derived(st, err) < 0 || load(&at, err) < 0 ||
	    group_images(&at, err) < 0 || place_nameless(&at, err) < 0 ||
	    add_images(&at, err) < 0 || add_workloads(&at, err) < 0 ||
	    add_attachments(&at, err) < 0 || find_mismatches(&at, err) < 0 ||
	    find_gaps(&at, err) < 0 || deploys_find(st, err) < 0) {
		err_during(err, "working out what the evidence is about");
		goto out;
	}
	rc = 0;
out:
	unload(&at);
	return rc;
}
