/* decision_carry.c - decisions and images that came later; see decision.h. */
#include <stdlib.h>
#include <string.h>

#include "decision_priv.h"
#include "muster/err.h"
#include "muster/node.h"
#include "muster/store.h"

/* The evidence for one thing, today, in the new image; "" when it is gone. */
static int find(struct store *st, int64_t image, const char *item,
    struct str *hash, struct err *err)
{
	struct query q;
	int rc;

	str_clear(hash);
	query_open(&q, st, SQL_DECISION_CARRY_NOW, BIND(V(image), V(item)));
	if ((rc = query_next(&q, err)) > 0 && query_null(&q, 0) != NULL)
		decision_hash(item, query_text(&q, 0), hash);
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

static int compare(struct store *st, const char *id, int64_t image,
    struct decision_carry *c, struct str *why, struct err *err)
{
	struct str hash = STR_INIT;
	struct query q;
	int rc;

	query_open(&q, st, SQL_DECISION_CARRY_ITEMS, BIND(V(id)));
	while ((rc = query_next(&q, err)) > 0) {
		const char *word = NULL;

		if ((rc = find(st, image, query_text(&q, 0), &hash, err)) < 0)
			break;
		if (hash.len == 0 && ++c->gone > 0)
			word = "is gone";
		else if (strcmp(str_text(&hash), query_text(&q, 1)) == 0)
			c->same++;
		else if (++c->changed > 0)
			word = "has other evidence";
		if (word != NULL && c->gone + c->changed <= 3)
			str_addf(why, "%s%s %s", why->len > 0 ? "; " : "",
			    query_text(&q, 0), word);
	}
	query_close(&q);
	str_free(&hash);
	return rc;
}

static int one(struct store *st, const struct query *d, const struct query *t,
    decision_carry_fn *fn, void *ctx, struct err *err)
{
	struct decision_carry c = {
		.id = query_text(d, 0), .image = query_text(t, 1),
		.name = query_text(t, 2), .body = query_text(d, 2)
	};
	struct str why = STR_INIT;
	int64_t followers = 0;
	int rc = -1;

	if (compare(st, c.id, query_int(t, 0), &c, &why, err) < 0 ||
	    store_int(st, SQL_DECISION_FOLLOWED, BIND(V(c.id), V(c.image)),
	    &followers, err) < 0)
		goto out;
	if (c.changed == 0 && c.gone == 0)
		str_add(&why, "the same evidence as the approver saw");
	c.word = c.same == 0 ? "void" : c.changed + c.gone > 0 ? "partly" :
	    "valid";
	c.why = str_text(&why);
	c.followed = followers > 0;
	rc = fn(ctx, &c, err);
out:
	str_free(&why);
	return rc;
}

int decision_carry(struct store *st, int64_t image, decision_carry_fn *fn,
    void *ctx, struct err *err)
{
	const struct val any = { VAL_NULL, 0, NULL };
	struct query d, t;
	int rc;

	query_open(&d, st, SQL_DECISION_CARRY_FROM, NOBIND);
	while ((rc = query_next(&d, err)) > 0) {
		query_open(&t, st, SQL_DECISION_CARRY_TO, BIND(
		    V(query_text(&d, 0)), V(query_null(&d, 3)),
		    image != 0 ? V(image) : any));
		while ((rc = query_next(&t, err)) > 0)
			if ((rc = one(st, &d, &t, fn, ctx, err)) < 0)
				break;
		query_close(&t);
		if (rc < 0)
			break;
	}
	query_close(&d);
	return rc;
}

int decision_carry_propose(struct store *st, const struct decision_carry *c,
    const char *by, const char *role, const char *at, struct str *id,
    struct err *err)
{
	struct tree *t = tree_json(c->body, strlen(c->body), "a decision",
	    err);
	struct decision_new d = { .at = at };
	int rc = -1;

	if (t == NULL)
		return -1;
	for (size_t i = 0; i < DECISION_FIELDS; i++)
		d.field[i] = node_text(node_get(tree_root(t),
		    decision_field_name(i)));
	d.evidence_sha256 = node_text(node_get(tree_root(t),
	    "evidence_sha256"));
	d.field[DECISION_image] = c->image;
	d.field[DECISION_repository] = NULL;
	d.field[DECISION_supersedes] = c->id;
	d.field[DECISION_by] = by;
	d.field[DECISION_role] = role;
	rc = decision_propose(st, &d, id, err);
	tree_free(t);
	return rc;
}
