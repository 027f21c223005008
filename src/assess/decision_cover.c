/* decision_cover.c - what decisions cover today; see decision.h. */
#include <string.h>

#include "decision_priv.h"
#include "lineage.h"
#include "muster/err.h"
#include "muster/store.h"

static int hashes(struct store *st, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, st, SQL_DECISION_EVIDENCE, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		struct str hash = STR_INIT;

		decision_hash(query_text(&q, 1), query_text(&q, 2), &hash);
		rc = store_run(st, SQL_DECISION_SET_HASH, BIND(
		    V(query_int(&q, 0)), V(str_text(&hash))), err);
		str_free(&hash);
		if (rc < 0)
			break;
	}
	query_close(&q);
	return rc;
}

/* The image whose layers are the lowest of this target's: the one with most
 * of them.  0: none is in evidence. */
static int parent_of(struct store *st, int64_t subject, int64_t target,
    int64_t *parent, struct err *err)
{
	char chain[72] = { 0 };
	struct query q;
	int rc;

	*parent = 0;
	query_open(&q, st, SQL_DECISION_LAYERS, BIND(V(target)));
	while ((rc = query_next(&q, err)) > 0) {
		int64_t one = 0;

		lineage_chain(chain, query_text(&q, 0));
		if ((rc = store_int(st, SQL_DECISION_PARENT,
		    BIND(V((const char *)chain), V(subject)), &one, err)) < 0)
			break;
		if (one != 0)
			*parent = one;
	}
	query_close(&q);
	return rc;
}

static int each_child(struct store *st, enum sql what, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, st, SQL_DECISION_CHILDREN, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		int64_t child = query_int(&q, 0), parent;

		if ((rc = parent_of(st, child, query_int(&q, 1), &parent,
		    err)) < 0 || (parent != 0 && (rc = store_run(st, what,
		    BIND(V(child), V(parent)), err)) < 0))
			break;
	}
	query_close(&q);
	return rc;
}

/* Grandparents first would need an order; instead until nothing is new: a
 * chain of images is short.  Then what a child has of its own is said. */
#define GENERATIONS 16

static int inherit(struct store *st, struct err *err)
{
	int64_t before, after = 0;

	for (int i = 0; i < GENERATIONS; i++) {
		before = after;
		if (each_child(st, SQL_DECISION_INHERIT, err) < 0 ||
		    store_int(st, SQL_DECISION_INHERITED, NOBIND, &after,
		    err) < 0)
			return -1;
		if (after == before)
			break;
	}
	return each_child(st, SQL_DECISION_NOT_INHERIT, err) < 0 ? -1 : 0;
}

int decision_cover(struct store *st, struct err *err)
{
	int64_t findings = 0;

	if (store_run(st, SQL_DECISION_COVER_RESULTS, NOBIND, err) < 0 ||
	    store_int(st, SQL_DECISION_RULE_IDS, NOBIND, &findings, err) < 0)
		return -1;
	if (findings &&
	    (store_run(st, SQL_DECISION_COVER_ISSUES, NOBIND, err) < 0 ||
	    store_run(st, SQL_DECISION_COVER_RULES, NOBIND, err) < 0))
		return -1;
	if (hashes(st, err) < 0 ||
	    store_run(st, SQL_DECISION_SET_FORCE, NOBIND, err) < 0 ||
	    (findings &&
	    store_run(st, SQL_DECISION_COVER_STIG, NOBIND, err) < 0))
		return -1;
	return inherit(st, err);
}
