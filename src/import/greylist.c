/*
 * greylist.c - Iron Bank's approvals of 2020: one "greylist" an image, which
 * lists the findings that were accepted.  Later ones are read by vat.c.
 */
#include <stdlib.h>
#include <string.h>

#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/node.h"
#include "muster/sink.h"
#include "muster/str.h"
#include "vat.h"

#define LIST	"whitelisted_vulnerabilities"

struct greylist {
	struct sink	*sink;
	int64_t		 target;
	struct str	 at, package, version;
};

static int item(struct greylist *g, const struct node *n, struct err *err)
{
	const char *what = node_text(node_get(n, "vuln_description"));
	struct statement t = {
		.target = g->target, .kind = "greylist",
		.id = node_text(node_get(n, "vulnerability")),
		.status = node_text(node_get(n, "status")),
		.text = node_text(node_get(n, "justification")),
		.author = node_text(node_get(n, "approved_by")),
		.at = node_text(node_get(n, "approved_date")),
		.until = node_text(node_get(n, "expires")),
		.locator = vat_place(&g->at, n),
	};

	sink_count(g->sink, COUNT_READ, 1);
	if (str_empty(t.id) || str_empty(t.status)) {
		sink_count(g->sink, COUNT_UNPLACED, 1);
		return sink_warn(g->sink, t.locator, err, "an item without its "
		    "%s", str_empty(t.id) ? "vulnerability" : "status");
	}
	/* of OpenSCAP's it is a sentence, of the others a package */
	if (!str_empty(what) && strchr(what, ' ') == NULL) {
		vat_package(what, &g->package, &g->version);
		t.product = what;
		t.package = g->package.s;
		t.version = g->version.len > 0 ? g->version.s : NULL;
	}
	if (sink_statement(g->sink, &t, err) < 0)
		return -1;
	return vat_fact(g->sink, g->target, "vat.source", t.locator,
	    node_text(node_get(n, "vuln_source")), t.locator, err);
}

static int parent(struct greylist *g, const struct node *root,
    struct err *err)
{
	const struct node *name = node_get(root, "image_parent_name");
	const char *tag = node_text(node_get(root, "image_parent_tag"));
	struct str ref = STR_INIT;
	int rc;

	if (str_empty(node_text(name)))
		return 0;
	str_addf(&ref, "%s%s%s", name->text, str_empty(tag) ? "" : ":",
	    str_empty(tag) ? "" : tag);
	rc = vat_fact(g->sink, g->target, "vat.parent", "0", ref.s,
	    vat_place(&g->at, name), err);
	str_free(&ref);
	return rc;
}

static int image(struct greylist *g, const struct node *root, struct err *err)
{
	const struct node *status = node_get(root, "approval_status");
	const char *name = node_text(node_get(root, "image_name"));

	g->target = sink_target(g->sink, &(struct target){ .kind = "image",
	    .name = name, .locator = "json:" }, err);
	if (g->target < 0 || vat_names(g->sink, g->target, name,
	    node_text(node_get(root, "image_tag")), err) < 0)
		return -1;
	if (status != NULL && vat_fact(g->sink, g->target,
	    "vat.accreditation", NULL, node_text(status),
	    vat_place(&g->at, status), err) < 0)
		return -1;
	return parent(g, root, err);
}

static int read_greylist(struct input *in, struct sink *sink, struct err *err)
{
	struct greylist g = { .sink = sink };
	const char *name = input_name(in);
	const struct node *root, *list;
	struct tree *t = tree_json_input(in, err);
	int rc = -1;

	if (t == NULL)
		goto out;
	root = tree_root(t);
	list = node_get(root, LIST);
	if (list == NULL || list->kind != NODE_LIST ||
	    str_empty(node_text(node_get(root, "image_name")))) {
		err_set(err, ERR_INPUT, "no greylist: expected \"image_name\" "
		    "and an array \"" LIST "\"");
		err_at(err, name, list != NULL ? list->line : 1, -1);
		goto out;
	}
	rc = sink_meta(sink, "tool", "greylist", err) < 0 ? -1 :
	    image(&g, root, err);
	NODE_EACH(n, list)
		if (rc < 0 || (rc = item(&g, n, err)) < 0)
			break;
out:
	tree_free(t);
	str_free(&g.at);
	str_free(&g.package);
	str_free(&g.version);
	return rc;
}

static int bid(const struct probe *p)
{
	return p->kind == PROBE_JSON && probe_has(p, LIST) ? 90 : 0;
}

const struct importer importer_greylist = {
	.name = "greylist",
	.about = "Iron Bank's approvals of 2020",
	.version = 1,
	.keep = true,
	.bid = bid,
	.read = read_greylist,
};
