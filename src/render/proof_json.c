/*
 * proof_json.c - reading JSON outputs back: their verdicts, and their ids.
 */
#include <stdlib.h>
#include <string.h>

#include "muster/err.h"
#include "muster/mem.h"
#include "muster/node.h"
#include "muster/str.h"
#include "render_priv.h"

#define ALL ((1u << FOLDS) - 1)

static const char *text(const struct node *n, const char *key)
{
	const char *s = node_text(node_get(n, key));

	return s != NULL ? s : "";
}

static void id(struct proof *p, const struct node *n, const char *key)
{
	p->empty_id |= text(n, key)[0] == '\0';
}

static void cklb(struct proof *p, const struct node *root)
{
	NODE_EACH(stig, node_get(root, "stigs"))
		NODE_EACH(rule, node_get(stig, "rules")) {
			id(p, rule, "rule_id_src");
			proof_count(p, text(rule, "status"));
		}
}

/* Heimdall's own way to a status: skipped counts by its impact. */
static void hdf(struct proof *p, const struct node *root)
{
	NODE_EACH(profile, node_get(root, "profiles"))
		NODE_EACH(control, node_get(profile, "controls")) {
			const struct node *results =
			    node_get(control, "results");
			const char *status = text(results != NULL ?
			    results->child : NULL, "status");
			bool none = strcmp(text(control, "impact"),
			    "0.0") == 0;

			id(p, control, "id");
			proof_count(p, none ? "not_applicable" :
			    strcmp(status, "passed") == 0 ? "pass" :
			    strcmp(status, "failed") == 0 ? "fail" : status);
		}
}

static void oscal_ar(struct proof *p, const struct node *root)
{
	NODE_EACH(result, node_at(root, "assessment-results.results"))
		NODE_EACH(seen, node_get(result, "observations"))
			NODE_EACH(prop, node_get(seen, "props"))
				if (strcmp(text(prop, "name"), "verdict") == 0)
					proof_count(p, text(prop, "value"));
}

static void oscal_poam(struct proof *p, const struct node *root)
{
	NODE_EACH(item, node_at(root,
	    "plan-of-action-and-milestones.poam-items")) {
		id(p, item, "uuid");
		proof_count(p, "fail");
	}
}

static void emass(struct proof *p, const struct node *root)
{
	NODE_EACH(container, root)
		NODE_EACH(benchmark, node_get(container, "benchmarks"))
			NODE_EACH(result, node_get(benchmark, "results")) {
				id(p, result, "ruleId");
				proof_count(p, text(result, "status"));
			}
}

/* "open" is SARIF's word for what could not be told, not a checklist's. */
static void sarif(struct proof *p, const struct node *root)
{
	NODE_EACH(run, node_get(root, "runs"))
		NODE_EACH(result, node_get(run, "results")) {
			const char *kind = text(result, "kind");

			id(p, result, "ruleId");
			proof_count(p, strcmp(kind, "open") == 0 ? "error" :
			    kind);
		}
}

static void openvex(struct proof *p, const struct node *root)
{
	id(p, root, "@id");
	NODE_EACH(said, node_get(root, "statements"))
		id(p, node_get(said, "vulnerability"), "name");
}

/* By its stylesheet; folds: which verdicts the format tells of. */
static const struct reading {
	const char	*sheet;
	void	       (*count)(struct proof *p, const struct node *root);
	unsigned	 folds;
	bool		 uuids;
} readings[] = {
	{ "cklb.xsl",		cklb,		ALL, false },
	{ "hdf.xsl",		hdf,		ALL, false },
	{ "oscal-ar.xsl",	oscal_ar,	ALL, true },
	{ "oscal-poam.xsl",	oscal_poam,	1u << FOLD_FAIL, true },
	{ "emass.xsl",		emass,		ALL, false },
	{ "sarif.xsl",		sarif,		ALL, false },
	{ "openvex.xsl",	openvex,	0, false },
};

/* The document's ids. */
struct ids {
	const char	**id;
	size_t		 n, cap;
};

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Every node below root, in document order, without recursion. */
static const struct node *after(const struct node *n, const struct node *root)
{
	if (n->child != NULL)
		return n->child;
	while (n != root && n->next == NULL)
		n = n->parent;
	return n == root ? NULL : n->next;
}

static int check_ids(const struct node *root, struct err *err)
{
	struct ids ids = { NULL, 0, 0 };
	int rc = 0;

	for (const struct node *n = root; n != NULL; n = after(n, root))
		if (n->key != NULL && strcmp(n->key, "uuid") == 0 &&
		    node_text(n) != NULL) {
			MEM_ROOM(ids.id, ids.n, ids.cap);
			ids.id[ids.n++] = node_text(n);
		}
	if (ids.n > 0)
		qsort(ids.id, ids.n, sizeof(*ids.id), by_text);
	for (size_t i = 1; i < ids.n && rc == 0; i++)
		if (strcmp(ids.id[i - 1], ids.id[i]) == 0)
			rc = err_set(err, ERR_BUG, "two things in it have the "
			    "id %s", ids.id[i]);
	for (const struct node *n = root; n != NULL && rc == 0;
	    n = after(n, root)) {
		const char *s = node_text(n);

		if (n->key != NULL && str_ends(n->key, "-uuid") &&
		    (s == NULL || ids.n == 0 || bsearch(&s, ids.id, ids.n,
		    sizeof(*ids.id), by_text) == NULL))
			rc = err_set(err, ERR_BUG, "its %s refers to %s, "
			    "which is not there", n->key, s != NULL ? s : "-");
	}
	free(ids.id);
	return rc;
}

int proof_json(struct proof *p, const struct output *o, const char *bytes,
    size_t len, struct err *err)
{
	const struct reading *r = NULL;
	struct err why = ERR_INIT;
	struct tree *t;
	int rc = 0;

	for (size_t i = 0; i < sizeof(readings) / sizeof(*readings); i++)
		if (strcmp(readings[i].sheet, o->sheet) == 0)
			r = &readings[i];
	if (r == NULL)
		return err_set(err, ERR_BUG, "nobody reads it back");
	p->folds = r->folds;
	if (len == 0 && o->maybe)
		return 0;
	if ((t = tree_json(bytes, len, "output", &why)) == NULL)
		return err_set(err, ERR_BUG, "it is not JSON: %.200s",
		    why.text);
	r->count(p, tree_root(t));
	if (r->uuids)
		rc = check_ids(tree_root(t), err);
	tree_free(t);
	return rc;
}
