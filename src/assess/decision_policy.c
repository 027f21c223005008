/* decision_policy.c - who may decide what; see decision.h. */
#include <string.h>

#include "decision_priv.h"
#include "muster/err.h"
#include "muster/node.h"
#include "muster/sha.h"
#include "muster/store.h"
#include "muster/toml.h"

#define POLICY_MAX (1 << 20)		/* bytes of its text */

/* Roles that may do it unless the policy says otherwise. */
static const struct {
	const char	*verb, *roles;
} usual[] = {
	{ "propose",	"contributor assessor cve_approver ao" },
	{ "review",	"cve_approver ao" },
	{ "approve",	"cve_approver ao" },
	{ "reject",	"cve_approver ao" },
	{ "revoke",	"cve_approver ao" },
	{ "accept",	"ao" },
};

static const char *usual_roles(const char *verb)
{
	for (size_t i = 0; i < sizeof(usual) / sizeof(*usual); i++)
		if (str_eq(usual[i].verb, verb))
			return usual[i].roles;
	return NULL;
}

/* Only what we know, of the kind we expect: a misspelt switch must not be
 * taken for one that is off. */
static int only(const struct node *n, const char *known, enum node_kind kind,
    struct err *err)
{
	NODE_EACH(x, n) {
		bool is = kind == NODE_NULL || x->kind == kind;

		if (!str_listed(known, x->key) || !is) {
			err_set(err, ERR_INPUT, "\"%s\" is %s; expected %s",
			    x->key, is ? "not known here" : "of another type",
			    known);
			return err_at(err, NULL, x->line, -1);
		}
	}
	return 0;
}

static int check_person(const struct node *p, struct err *err)
{
	if (only(p, "name roles keys", NODE_NULL, err) < 0)
		return -1;
	if (str_empty(node_text(node_get(p, "name"))) ||
	    node_get(p, "roles") == NULL || node_get(p, "roles")->kind !=
	    NODE_LIST) {
		err_set(err, ERR_INPUT, "a person has a name and a list of "
		    "roles");
		return err_at(err, NULL, p->line, -1);
	}
	return 0;
}

static int check(const struct tree *t, struct err *err)
{
	const struct node *root = tree_root(t), *may = node_get(root, "may");

	if (only(root, "require_review require_signature self_approval "
	    "approver_accepts person may", NODE_NULL, err) < 0)
		return -1;
	NODE_EACH(x, root)
		if (x->kind != NODE_BOOL && !str_listed("person may",
		    x->key)) {
			err_set(err, ERR_INPUT, "\"%s\" is true or false",
			    x->key);
			return err_at(err, NULL, x->line, -1);
		}
	if (only(may, "propose review approve reject revoke accept",
	    NODE_LIST, err) < 0)
		return -1;
	NODE_EACH(p, node_get(root, "person"))
		if (check_person(p, err) < 0)
			return -1;
	return 0;
}

int decision_policy_set(struct store *st, const char *text, size_t len,
    const char *name, const char *at, struct err *err)
{
	struct str body = STR_INIT;
	struct tree *t = NULL;
	char hex[SHA_HEX];
	int rc = -1;

	if (len > POLICY_MAX || !str_is_utf8(text, len)) {
		err_set(err, ERR_INPUT, "no policy: expected TOML text of at "
		    "most %d bytes", POLICY_MAX);
		goto out;
	}
	if ((t = toml_tree(text, len, name, err)) == NULL || check(t, err) < 0)
		goto out;
	sha_of(text, len, hex);
	decision_put(&body, "at", at);
	decision_put(&body, "text", text);
	str_addc(&body, '}');
	rc = event_add(st, "decision.policy", hex, str_text(&body), err);
out:
	tree_free(t);
	str_free(&body);
	return rc;
}

int decision_policy_load(struct store *st, const char *at, struct policy *p,
    struct err *err)
{
	const struct node *root;
	struct query q;
	int rc;

	*p = (struct policy){ 0 };
	query_open(&q, st, SQL_DECISION_POLICY, BIND(V(at)));
	if ((rc = query_next(&q, err)) > 0) {
		const char *text = query_text(&q, 0);

		p->tree = toml_tree(text, strlen(text), "the policy", err);
		rc = p->tree != NULL ? 0 : -1;
	}
	query_close(&q);
	if (p->tree == NULL)
		return rc;
	root = tree_root(p->tree);
	p->require_review = node_is_true(node_get(root, "require_review"));
	p->require_signature =
	    node_is_true(node_get(root, "require_signature"));
	p->self_approval = node_is_true(node_get(root, "self_approval"));
	p->approver_accepts =
	    node_is_true(node_get(root, "approver_accepts"));
	return 0;
}

void decision_policy_free(struct policy *p)
{
	tree_free(p->tree);
	p->tree = NULL;
}

static const struct node *person(const struct policy *p, const char *who)
{
	NODE_EACH(x, node_get(tree_root(p->tree), "person"))
		if (str_eq(node_text(node_get(x, "name")), who))
			return x;
	return NULL;
}

static bool role_may(const struct policy *p, const char *verb,
    const char *role)
{
	const struct node *list = node_at(tree_root(p->tree), "may");

	if ((list = node_get(list, verb)) == NULL)
		return str_listed(usual_roles(verb), role);
	NODE_EACH(x, list)
		if (str_eq(node_text(x), role))
			return true;
	return false;
}

int decision_policy_may(const struct policy *p, const char *verb,
    const char *who, const char **role, struct err *err)
{
	const struct node *one;

	if (p->tree == NULL)
		return 0;
	if ((one = person(p, who)) == NULL)
		return err_set(err, ERR_USAGE, "the policy knows no \"%s\"",
		    who);
	NODE_EACH(x, node_get(one, "roles")) {
		const char *r = node_text(x);

		if (r == NULL || (!str_empty(*role) && !str_eq(*role, r)) ||
		    !role_may(p, verb, r))
			continue;
		*role = r;
		return 0;
	}
	if (!str_empty(*role))
		return err_set(err, ERR_USAGE, "the policy does not let \"%s\" "
		    "%s as %s", who, verb, *role);
	return err_set(err, ERR_USAGE, "the policy gives \"%s\" no role that "
	    "may %s", who, verb);
}

const char *decision_policy_key(const struct policy *p, const char *who,
    size_t i)
{
	const struct node *one = p->tree != NULL ? person(p, who) : NULL;

	NODE_EACH(x, node_get(one, "keys"))
		if (x->index == i)
			return node_text(x);
	return NULL;
}
