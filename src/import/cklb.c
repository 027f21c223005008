/*
 * cklb.c - checklists of STIG Viewer 3 and STIG Manager, JSON.
 *
 * What the checklist is about stands behind its STIGs, so the document is a
 * tree.
 */
#include <stdlib.h>

#include "checklist.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/node.h"
#include "muster/sink.h"
#include "row.h"

struct cklb {
	struct checklist c;
	const char	*name;
	struct str	 locator, ccis;
};

static int bad(const struct cklb *k, const struct node *n, struct err *err,
    const char *what)
{
	err_set(err, ERR_INPUT, "%s", what);
	return err_at(err, k->name, n->line, -1);
}

static const char *locate(struct cklb *k, const struct node *n)
{
	str_clear(&k->locator);
	str_add(&k->locator, "json:");
	node_pointer(n, &k->locator);
	return k->locator.s;
}

/* The first of two members that says anything. */
static const char *either(const struct node *n, const char *a, const char *b)
{
	const char *text = node_text(node_get(n, a));

	return str_empty(text) ? node_text(node_get(n, b)) : text;
}

static int add_rule(struct cklb *k, const struct node *r, struct err *err)
{
	const struct node *severity = node_at(r, "overrides.severity");
	struct checklist_cell cell = {
		.rule = either(r, "rule_id_src", "rule_id"),
		.version = node_text(node_get(r, "rule_version")),
		.title = either(r, "rule_title", "group_title"),
		.severity = node_text(node_get(r, "severity")),
		.status = node_text(node_get(r, "status")),
		.details = node_text(node_get(r, "finding_details")),
		.comments = node_text(node_get(r, "comments")),
		.override = node_text(node_get(severity, "severity")),
		.reason = node_text(node_get(severity, "reason")),
		.at = node_text(node_get(r, "updatedAt"))
	};

	if (r->kind != NODE_MAP)
		return bad(k, r, err, "a rule of a checklist should be an "
		    "object");
	str_clear(&k->ccis);
	NODE_EACH(cci, node_get(r, "ccis"))
		if (node_text(cci) != NULL &&
		    !row_join(&k->ccis, "\n", node_text(cci)))
			return bad(k, cci, err, "a rule with more CCIs than "
			    "can be");
	cell.ccis = row_text(&k->ccis);
	cell.locator = locate(k, r);
	return checklist_cell(&k->c, &cell, err);
}

static int add_stig(struct cklb *k, const struct node *root,
    const struct node *s, struct err *err)
{
	const struct node *target = node_get(root, "target_data");
	const struct node *rules = node_get(s, "rules");
	const struct checklist_asset asset = {
		node_text(node_get(target, "host_name")),
		node_text(node_get(target, "comments")),
		node_text(node_get(target, "ip_address")),
		node_text(node_get(target, "mac_address"))
	};
	struct checklist_stig stig = {
		node_text(node_get(s, "stig_id")),
		node_text(node_get(s, "stig_name")),
		node_text(node_get(s, "version")),
		node_text(node_get(s, "release_info")), NULL
	};

	if (s->kind != NODE_MAP)
		return bad(k, s, err, "a STIG of a checklist should be an "
		    "object");
	if (rules != NULL && rules->kind != NODE_LIST)
		return bad(k, rules, err, "\"rules\" should be a list");
	stig.locator = locate(k, s);
	if (checklist_stig(&k->c, &asset, &stig, err) < 0)
		return -1;
	NODE_EACH(r, rules)
		if (add_rule(k, r, err) < 0)
			return -1;
	return 0;
}

static int read_checklist(struct input *in, struct sink *sink,
    struct err *err)
{
	struct cklb k = { .c.sink = sink, .name = input_name(in) };
	const struct node *root, *stigs;
	struct tree *tree = tree_json_input(in, err);
	int rc = -1;

	if (tree == NULL)
		goto out;
	root = tree_root(tree);
	stigs = node_get(root, "stigs");
	if (stigs == NULL || stigs->kind != NODE_LIST) {
		bad(&k, root, err, "a checklist without its list \"stigs\"");
		goto out;
	}
	rc = 0;
	NODE_EACH(s, stigs)
		if ((rc = add_stig(&k, root, s, err)) < 0)
			break;
out:
	tree_free(tree);
	checklist_free(&k.c);
	str_free(&k.locator);
	str_free(&k.ccis);
	return rc;
}

static int bid(const struct probe *p)
{
	if (p->kind != PROBE_JSON || !probe_has(p, "stigs"))
		return 0;
	return probe_has(p, "stigs[].stig_id") ||
	    probe_has(p, "stigs[].rules") || probe_has(p, "cklb_version") ||
	    probe_has(p, "target_data") ? 95 : 0;
}

const struct importer importer_cklb = {
	.name = "cklb",
	.about = "checklists of STIG Viewer 3: ours come back as proposals, "
	    "others are results",
	.version = 1,
	.keep = true,
	.bid = bid,
	.read = read_checklist,
};
