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
#include "muster/decision.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/ref.h"
#include "muster/state.h"
#include "muster/store.h"
#include "muster/str.h"
#include "attach_priv.h"
#include "lineage.h"

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
		SQL_DROP_REASONS, SQL_DROP_RESULTS, SQL_DROP_ASSESSMENT,
		SQL_AGREE_DROP_ALONE,
		SQL_AGREE_DROP_SEEN, SQL_AGREE_DROP_COVERED,
		SQL_AGREE_DROP_SCANS, SQL_DROP_ISSUE_SOURCES,
		SQL_DROP_ISSUES, SQL_DROP_GAPS, SQL_DROP_DEPLOYS,
		SQL_DROP_ALIASES, SQL_DROP_ATTACHMENTS, SQL_DROP_SUBJECTS
	};

	if (decision_drop(st, err) < 0 || lineage_drop(st, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(drops) / sizeof(drops[0]); i++)
		if (store_run(st, drops[i], NOBIND, err) < 0)
			return -1;
	return 0;
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

		if (!attach_load_own(d) && !(index_too &&
		    attach_load_digest(d) != NULL))
			continue;
		MEM_ROOM(at->known, at->nknown, at->known_cap);
		at->known[at->nknown++] = (struct known){ attach_load_digest(d), i };
	}
}

static void sort_known(struct attach *at)
{
	if (at->nknown > 0)
		qsort(at->known, at->nknown, sizeof(*at->known), by_value);
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
		a = attach_load_root(at, at->known[i - 1].at);
		b = attach_load_root(at, at_i);
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
		size_t g = attach_load_root(at, at->known[lo].at);

		if (n > 0 && g != *group)
			return 2;
		*group = g;
		n = 1;
	}
	return n;
}

/* ... that is to be attached by what it says itself? */
static bool is_image_report(const struct about *t)
{
	return strcmp(t->kind, "image") == 0 && !t->bytes && t->place == NULL;
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
			const char *d = attach_load_digest(&t->idents[j]);
			size_t g = 0;
			int n;

			if (d == NULL || attach_load_own(&t->idents[j]) != own)
				continue;
			if ((n = groups_of(at, d, &g)) == 0)
				continue;
			if (n > 1) {
				many = true;
				continue;
			}
			if (found >= 0 && (size_t)found != g) {
				t->apart = true;
				return attach_gap(at->store, "mismatch", 0,
				    t->artifact, err, "%s names digests of "
				    "two different images; it is attached to "
				    "neither", t->file);
			}
			found = (int64_t)g;
			t->reason = kind_words(t->idents[j].kind);
		}
	}
	if (found < 0 && many) {
		t->apart = true;
		return attach_gap(at->store, "gap", 0, t->artifact, err,
		    "%s names the index of several platforms' images and "
		    "does not say which of them it is about", t->file);
	}
	if (found >= 0) {
		t->group = found;
		t->exact = true;
	}
	return 0;
}

static bool has_digest(const struct about *t)
{
	for (size_t j = 0; j < t->nidents; j++)
		if (attach_load_digest(&t->idents[j]) != NULL)
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
				if (n > 0 && *group != attach_load_root(at, i))
					return 2;
				*group = attach_load_root(at, i);
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
		    !at->t[i].apart && has_digest(&at->t[i])) {
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
			if (found >= 0 && (size_t)found != attach_load_root(at, i))
				many = true;
			found = (int64_t)attach_load_root(at, i);
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

		if (t->group >= 0 || t->place != NULL ||
		    (strcmp(t->kind, "host") != 0 &&
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

static int add_attachments(struct attach *at, struct err *err)
{
	for (size_t i = 0; i < at->n; i++) {
		struct about *t = &at->t[i];
		int64_t subject;

		if (t->group < 0)
			continue;
		subject = at->t[attach_load_root(at, i)].subject;
		if (subject == 0)
			continue;
		if (store_run(at->store, SQL_ADD_ATTACHMENT, BIND(V(t->id),
		    V(subject), V(t->reason), V(t->exact)), err) < 0 ||
		    (t->exact && store_run(at->store, SQL_ADD_ALIASES,
		    BIND(V(t->id), V(subject)), err) < 0) ||
		    (t->founds != NULL && store_run(at->store,
		    SQL_ADD_ALIAS, BIND(V(subject), V(t->founds)), err) < 0))
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
		size_t g = 0, own;

		if (!is_image_report(t) || t->group < 0 || !t->exact)
			continue;
		own = attach_load_root(at, i);
		if (attach_load_bytes(at, own) ||
		    group_by_tag(at, t, &g, &tag) == 0)
			continue;
		if (attach_gap(at->store, "mismatch", at->t[own].subject,
		    t->artifact, err, "%s is about another image of the name "
		    "%s than the archive at hand: %s, not %s", t->file, tag,
		    attach_subject_key(at, own),
		    attach_subject_key(at, g)) < 0)
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
	query_open(&q, at->store, SQL_NAMELESS_BUILDS, NOBIND);
	while ((rc = query_next(&q, err)) > 0)
		if ((rc = attach_gap(at->store, "gap", 0, query_int(&q, 0),
		    err, "%s does not say which image it built: \"muster "
		    "import --subject IMAGE\" says so", query_text(&q, 1)))
		    < 0)
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

int assess_unsettle(struct store *st, struct err *err)
{
	int64_t settled;

	if (store_int(st, SQL_SETTLED, NOBIND, &settled, err) < 0)
		return -1;
	if (!settled)
		return 0;
	return drop_derived(st, err) < 0 ? -1 :
	    store_run(st, SQL_DROP_SETTLED, NOBIND, err);
}

int attach_derive(struct store *st, struct err *err)
{
	struct attach at = { .store = st };
	int rc = -1;

	if (drop_derived(st, err) < 0 || attach_load(&at, err) < 0 ||
	    group_images(&at, err) < 0 || place_nameless(&at, err) < 0 ||
	    attach_place(&at, err) < 0 || attach_subject_images(&at, err) < 0 ||
	    attach_subject_workloads(&at, err) < 0 ||
	    add_attachments(&at, err) < 0 || attach_checklist(&at, err) < 0 ||
	    attach_echo(at.store, err) < 0 ||
	    find_mismatches(&at, err) < 0 ||
	    attach_place_differ(&at, err) < 0 ||
	    find_gaps(&at, err) < 0 || deploys_find(st, err) < 0 ||
	    lineage_fill(st, err) < 0 ||
	    store_run(st, SQL_DROP_SETTLED, NOBIND, err) < 0 ||
	    store_run(st, SQL_SET_SETTLED, NOBIND, err) < 0) {
		err_during(err, "working out what the evidence is about");
		goto out;
	}
	rc = 0;
out:
	attach_load_free(&at);
	return rc;
}

int assess_attach(struct store *st, struct err *err)
{
	return attach_derive(st, err) < 0 ? -1 : state_add(st, false, err);
}
