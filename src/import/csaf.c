/*
 * csaf.c - CSAF 2.0 advisories and VEX documents: what a vendor says of its
 * products.
 *
 * The product tree gives each product an id that means something in this
 * document only; a status names ids, thousands of them.  A record is one
 * (vulnerability, status, product), the product said by its purl or CPE, and
 * one that is part of another ("a as a component of b") by its part.
 */
#include <stdlib.h>
#include <string.h>

#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/mem.h"
#include "muster/node.h"
#include "muster/purl.h"
#include "muster/sink.h"
#include "muster/str.h"

#define MAX_PARTS 8		/* relationships followed */

/* A product id: what it is, or which product it is a relationship of. */
struct product {
	const char		*id;
	const struct node	*full;		/* full_product_name */
	const char		*part;		/* id of the component, or NULL */
};

struct csaf {
	struct sink	*sink;
	const char	*name, *author, *at;
	struct product	*product;
	size_t		 n, cap;
	struct str	 aliases, locator;
};

static int bad(const struct csaf *c, const struct node *n, struct err *err,
    const char *what)
{
	err_set(err, ERR_INPUT, "%s", what);
	return err_at(err, c->name, n->line, -1);
}

static void know(struct csaf *c, const struct node *full, const char *part)
{
	const char *id = node_text(node_get(full, "product_id"));

	if (id == NULL)
		return;
	MEM_ROOM(c->product, c->n, c->cap);
	c->product[c->n++] = (struct product){ id, full, part };
}

/* Depth first without recursion: the parent's links lead back. */
static void branches(struct csaf *c, const struct node *tree)
{
	const struct node *top = node_get(tree, "branches"), *n;

	for (n = top != NULL ? top->child : NULL; n != NULL; ) {
		const struct node *below = node_get(n, "branches");

		know(c, node_get(n, "product"), NULL);
		if (below != NULL && below->child != NULL) {
			n = below->child;
			continue;
		}
		/* a list's parent is the branch that holds it */
		while (n != NULL && n->next == NULL)
			n = n->parent == top ? NULL : n->parent->parent;
		n = n != NULL ? n->next : NULL;
	}
}

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct product *)a)->id,
	    ((const struct product *)b)->id);
}

static const struct product *find(const struct csaf *c, const char *id)
{
	struct product key = { .id = id };

	return id == NULL || c->n == 0 ? NULL : bsearch(&key, c->product,
	    c->n, sizeof(*c->product), by_id);
}

/* What identifies a product beyond this document. */
static const char *identified(const struct csaf *c, const char *id)
{
	const struct product *p = find(c, id);
	const char *found;

	for (int i = 0; p != NULL && i < MAX_PARTS; i++) {
		const struct node *h = node_get(p->full,
		    "product_identification_helper");

		if ((found = node_text(node_get(h, "purl"))) != NULL ||
		    (found = node_text(node_get(h, "cpe"))) != NULL)
			return found;
		if (p->part == NULL)
			return node_text(node_get(p->full, "name"));
		p = find(c, p->part);
	}
	return id;
}

static void learn(struct csaf *c, const struct node *tree)
{
	branches(c, tree);
	NODE_EACH(full, node_get(tree, "full_product_names"))
		know(c, full, NULL);
	NODE_EACH(r, node_get(tree, "relationships"))
		know(c, node_get(r, "full_product_name"),
		    node_text(node_get(r, "product_reference")));
	if (c->n > 1)
		qsort(c->product, c->n, sizeof(*c->product), by_id);
}

static bool names(const struct node *entry, const char *id)
{
	const struct node *ids = node_get(entry, "product_ids");

	NODE_EACH(n, ids)
		if (str_eq(node_text(n), id))
			return true;
	/* one that names none is about all of them */
	return ids == NULL && node_get(entry, "group_ids") == NULL;
}

/* A text of the first entry of a list that speaks of this product. */
static const char *said(const struct node *list, const char *id,
    const char *category, const char *key)
{
	NODE_EACH(n, list)
		if ((category == NULL || str_eq(category,
		    node_text(node_get(n, "category")))) && names(n, id))
			return node_text(node_get(n, key));
	return NULL;
}

static int put(struct csaf *c, const struct node *vuln,
    struct statement *t, const struct node *id, struct err *err)
{
	const char *product = node_text(id);
	struct purl p;
	bool is_purl;
	int rc;

	t->product = identified(c, product);
	t->justification = said(node_get(vuln, "flags"), product, NULL,
	    "label");
	t->severity = said(node_get(vuln, "threats"), product, "impact",
	    "details");
	t->text = said(node_get(vuln, "remediations"), product, NULL,
	    "details");
	if ((is_purl = purl_parse(t->product, &p))) {
		t->package = p.name;
		t->version = *p.version != '\0' ? p.version : NULL;
	} else {
		t->package = t->version = NULL;
	}
	str_clear(&c->locator);
	str_add(&c->locator, "json:");
	node_pointer(id, &c->locator);
	t->locator = c->locator.s;
	sink_count(c->sink, COUNT_READ, 1);
	rc = sink_statement(c->sink, t, err);
	if (is_purl)
		purl_free(&p);
	return rc;
}

static int add(struct csaf *c, const struct node *vuln, struct err *err)
{
	struct statement t = { .kind = "csaf", .author = c->author,
	    .at = c->at, .id = node_text(node_get(vuln, "cve")) };
	int rc = 0;

	str_clear(&c->aliases);
	NODE_EACH(n, node_get(vuln, "ids")) {
		const char *id = node_text(node_get(n, "text"));

		if (id == NULL)
			continue;
		if (t.id == NULL)
			t.id = id;
		else
			str_addf(&c->aliases, "%s%s", c->aliases.len > 0 ?
			    "\n" : "", id);
	}
	if (vuln->kind != NODE_MAP || str_empty(t.id))
		return bad(c, vuln, err, "a vulnerability without cve and "
		    "ids");
	t.aliases = c->aliases.len > 0 ? c->aliases.s : NULL;
	NODE_EACH(status, node_get(vuln, "product_status")) {
		t.status = status->key;
		NODE_EACH(id, status)
			if (node_text(id) != NULL &&
			    (rc = put(c, vuln, &t, id, err)) < 0)
				return rc;
	}
	return rc;
}

static int read_document(struct input *in, struct sink *sink, struct err *err)
{
	struct csaf c = { .sink = sink, .name = input_name(in) };
	const struct node *root, *list;
	struct tree *tree = tree_json_input(in, err);
	int rc = -1;

	if (tree == NULL)
		goto out;
	root = tree_root(tree);
	c.author = node_text(node_at(root, "document.publisher.name"));
	c.at = node_text(node_at(root,
	    "document.tracking.current_release_date"));
	list = node_get(root, "vulnerabilities");
	if (list != NULL && list->kind != NODE_LIST) {
		bad(&c, list, err, "\"vulnerabilities\" should be a list");
		goto out;
	}
	learn(&c, node_get(root, "product_tree"));
	rc = sink_meta(sink, "tool", c.author, err);
	if (rc == 0)
		rc = sink_meta(sink, "tool_version", node_text(node_at(root,
		    "document.tracking.id")), err);
	if (rc == 0)
		rc = sink_meta(sink, "produced", c.at, err);
	NODE_EACH(v, list)
		if (rc < 0 || (rc = add(&c, v, err)) < 0)
			break;
out:
	tree_free(tree);
	free(c.product);
	str_free(&c.aliases);
	str_free(&c.locator);
	return rc;
}

static int bid(const struct probe *p)
{
	return p->kind == PROBE_JSON && (probe_has(p,
	    "document.csaf_version") || (probe_has(p, "document") &&
	    probe_seen(p, "\"csaf_version\""))) ? 95 : 0;
}

const struct importer importer_csaf = {
	.name = "csaf",
	.about = "CSAF 2.0: advisories and VEX",
	.version = 1,
	.keep = true,
	.bid = bid,
	.read = read_document,
};
