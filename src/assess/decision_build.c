/* decision_build.c - decisions as of an instant; see decision.h. */
#include <string.h>

#include "decision_priv.h"
#include "muster/err.h"
#include "muster/store.h"

/* Columns of DECISION_ACTS. */
enum { ABOUT, VERB, BY, ROLE, AT, UNTIL, SIGNATURE, TEXT, EVENT, DESIGNATOR };

/* Is the signed text that of this act, and not of another one? */
static bool is_of(const struct query *q)
{
	struct str head = STR_INIT;
	bool is;

	str_addf(&head, "muster decision 1\nact: %s\nid: %s\nby: %s\nrole: ",
	    query_text(q, VERB), query_text(q, ABOUT), query_text(q, BY));
	is = str_starts(query_text(q, TEXT), str_text(&head));
	str_free(&head);
	return is;
}

static int approved(struct store *st, const struct query *q, struct err *err)
{
	struct str signer = STR_INIT;
	struct policy p;
	int rc = -1;

	if (decision_policy_load(st, query_text(q, AT), &p, err) < 0)
		goto out;
	if (query_null(q, SIGNATURE) != NULL && !is_of(q))
		str_add(&signer, "bad");
	else
		decision_sign(&p, query_text(q, BY), query_text(q, TEXT),
		    query_null(q, SIGNATURE), query_text(q, AT), &signer);
	if (store_run(st, SQL_DECISION_APPROVED, BIND(V(query_text(q, ABOUT)),
	    V(query_text(q, BY)), V(query_null(q, ROLE)),
	    V(query_text(q, AT)), V(query_null(q, UNTIL)),
	    V(str_text(&signer))), err) < 0)
		goto out;
	rc = store_run(st, SQL_DECISION_SAW, BIND(V(query_text(q, ABOUT)),
	    V(query_int(q, EVENT))), err);
out:
	decision_policy_free(&p);
	str_free(&signer);
	return rc;
}

static int act(struct store *st, const struct query *q, struct err *err)
{
	const char *verb = query_text(q, VERB), *id = query_text(q, ABOUT);

	if (str_eq(verb, "approve"))
		return approved(st, q, err);
	if (str_eq(verb, "review"))
		return store_run(st, SQL_DECISION_REVIEWED, BIND(V(id),
		    V(query_text(q, BY)), V(query_text(q, AT)),
		    V(query_null(q, DESIGNATOR))), err);
	if (str_eq(verb, "reject") || str_eq(verb, "revoke"))
		return store_run(st, SQL_DECISION_CLOSED, BIND(V(id),
		    V(str_eq(verb, "reject") ? "rejected" : "revoked"),
		    V(query_text(q, BY)), V(query_text(q, AT))), err);
	return 0;		/* of the package as a whole */
}

static int acts(struct store *st, const char *as_of, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, st, SQL_DECISION_ACTS, BIND(V(as_of)));
	while ((rc = query_next(&q, err)) > 0)
		if ((rc = act(st, &q, err)) < 0)
			break;
	query_close(&q);
	return rc;
}

int decision_build(struct store *st, const char *as_of, struct err *err)
{
	if (decision_drop(st, err) < 0 ||
	    store_run(st, SQL_DECISION_PROPOSED, BIND(V(as_of)), err) < 0 ||
	    acts(st, as_of, err) < 0 ||
	    store_run(st, SQL_DECISION_EXPIRE, BIND(V(as_of)), err) < 0 ||
	    decision_statement(st, as_of, err) < 0 ||
	    store_run(st, SQL_DECISION_HEARD, BIND(V(as_of)), err) < 0 ||
	    decision_cover(st, err) < 0)
		return err_during(err, "working out what was decided");
	return 0;
}
