/*
 * attach_checklist.c - a checklist goes back to the subject it was exported
 * for.
 *
 * Its comment says "image sha256:...", and that decides alone: the same name
 * may by now mean other bytes.  Only a checklist that says no such thing is
 * attached by a digest or a name in its other data.
 */
#include <string.h>

#include "attach_priv.h"
#include "muster/err.h"
#include "muster/store.h"
#include "muster/str.h"

/* The only subject that a statement gives: 1; 0 none, 2 several, -1. */
static int only(struct attach *at, enum sql sql, const struct val *vals,
    size_t n, int64_t *subject, struct err *err)
{
	int64_t id = 0;
	struct query q;
	int found = 0, rc;

	query_open(&q, at->store, sql, vals, n);
	while ((rc = query_next(&q, err)) > 0) {
		if (found == 0)
			id = query_int(&q, 0);
		found = found == 0 || id == query_int(&q, 0) ? 1 : 2;
	}
	query_close(&q);
	if (rc < 0)
		return -1;
	if (found == 1)
		*subject = id;
	return found;
}

/* By "KIND KEY"; of several subjects of one key, the one named so. */
static int by_key(struct attach *at, struct about *t, int64_t *subject,
    struct err *err)
{
	const char *key = strchr(t->key, ' ');
	struct str kind = STR_INIT;
	int n;

	if (key++ == NULL)
		return 0;
	t->reason = "the checklist says so";
	t->exact = true;
	str_addn(&kind, t->key, (size_t)(key - 1 - t->key));
	n = only(at, SQL_ATTACH_BY_KEY, BIND(V((const char *)kind.s), V(key)),
	    subject, err);
	if (n == 2)
		n = only(at, SQL_ATTACH_BY_KEY_AND_ASSET,
		    BIND(V((const char *)kind.s), V(key), V(t->name)),
		    subject, err);
	/* the digest it had then may be another of its digests now */
	if (n == 0 && str_eq(kind.s, "image"))
		n = only(at, SQL_ALIAS_BY_DIGEST, BIND(V(key)), subject, err);
	str_free(&kind);
	return n;
}

static int by_name(struct attach *at, struct about *t, int64_t *subject,
    struct err *err)
{
	int n = 0;

	t->reason = "the checklist names its digest";
	t->exact = true;
	for (size_t j = 0; j < t->nidents; j++) {
		const char *digest = attach_load_digest(&t->idents[j]);

		if (digest == NULL)
			continue;
		n = only(at, SQL_ALIAS_BY_DIGEST, BIND(V(digest)), subject,
		    err);
		return n;
	}
	t->reason = "by the checklist's name for it";
	t->exact = false;
	return only(at, SQL_ATTACH_BY_ASSET, BIND(V(t->name)), subject, err);
}

int attach_checklist(struct attach *at, struct err *err)
{
	for (size_t i = 0; i < at->n; i++) {
		struct about *t = &at->t[i];
		int64_t subject = 0;
		int n;

		if (strcmp(t->kind, "file") != 0 || t->place != NULL)
			continue;
		n = t->key[0] != '\0' ? by_key(at, t, &subject, err) :
		    by_name(at, t, &subject, err);
		if (n == 1)
			n = store_run(at->store, SQL_ADD_ATTACHMENT,
			    BIND(V(t->id), V(subject), V(t->reason),
			    V(t->exact)), err) < 0 ? -1 : 1;
		else if (n >= 0)
			n = attach_gap(at->store, "gap", 0, t->artifact, err,
			    "%s is a checklist of %s, which is %s in evidence; "
			    "it is attached to none", t->file,
			    t->key[0] != '\0' ? t->key : t->name[0] != '\0' ?
			    t->name : "nothing it names", n == 0 ?
			    "no subject" : "several subjects");
		if (n < 0)
			return -1;
	}
	return 0;
}
