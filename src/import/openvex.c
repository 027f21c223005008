/*
 * openvex.c - OpenVEX documents, 0.0.1 and 0.2.0: what an author says of a
 * vulnerability in a product.
 *
 * One statement about three products is three records, so that each can be
 * agreed with by itself.  In 0.0.1 vulnerability and products are strings.
 * A later statement about the same pair overrules an earlier one: all are
 * stored with their time, and whoever reads them decides.
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

struct vex {
	struct sink	*sink;
	const char	*name, *author, *at;
	struct str	 aliases, text, locator;
};

static int bad(const struct vex *v, const struct node *n, struct err *err,
    const char *what)
{
	err_set(err, ERR_INPUT, "%s", what);
	return err_at(err, v->name, n->line, -1);
}

/* The product a statement is about: what identifies it best. */
static const char *product_of(const struct node *p)
{
	const char *id;

	if (p == NULL || p->kind == NODE_STRING)
		return node_text(p);
	if ((id = node_text(node_at(p, "identifiers.purl"))) != NULL ||
	    (id = node_text(node_at(p, "identifiers.cpe23"))) != NULL)
		return id;
	return node_text(node_get(p, "@id"));
}

static int put(struct vex *v, struct statement *t, const struct node *at,
    const char *product, struct err *err)
{
	struct purl p;
	bool is_purl = purl_parse(product, &p);
	int rc;

	/* a container image is where the package lies, not the package */
	if (is_purl && !str_listed("oci docker", p.type)) {
		t->package = p.name;
		t->version = *p.version != '\0' ? p.version : NULL;
	} else {
		t->package = t->version = NULL;
	}
	t->product = product;
	str_clear(&v->locator);
	str_add(&v->locator, "json:");
	node_pointer(at, &v->locator);
	t->locator = v->locator.s;
	sink_count(v->sink, COUNT_READ, 1);
	rc = sink_statement(v->sink, t, err);
	if (is_purl)
		purl_free(&p);
	return rc;
}

/* A product stands for itself, or for those of its parts that are named. */
static int put_product(struct vex *v, struct statement *t,
    const struct node *product, struct err *err)
{
	const struct node *parts = node_get(product, "subcomponents");
	int rc = 0;

	if (parts == NULL || parts->child == NULL)
		return put(v, t, product, product_of(product), err);
	NODE_EACH(part, parts)
		if ((rc = put(v, t, part, product_of(part), err)) < 0)
			break;
	return rc;
}

static const char *first(const char *a, const char *b)
{
	return a != NULL ? a : b;
}

static int add(struct vex *v, const struct node *s, struct err *err)
{
	const struct node *vuln = node_get(s, "vulnerability");
	const struct node *products = node_get(s, "products");
	struct statement t = { .kind = "vex", .author = v->author,
	    .status = node_text(node_get(s, "status")),
	    .justification = node_text(node_get(s, "justification")),
	    .at = first(node_text(node_get(s, "timestamp")), v->at) };
	int rc = 0;

	if (s->kind != NODE_MAP)
		return bad(v, s, err, "a statement should be an object");
	t.id = vuln != NULL && vuln->kind == NODE_STRING ? node_text(vuln) :
	    first(node_text(node_get(vuln, "name")),
	    node_text(node_get(vuln, "@id")));
	if (str_empty(t.id))
		return bad(v, s, err, "a statement without a vulnerability");
	if (str_empty(t.status))
		return bad(v, s, err, "a statement without a status");
	str_clear(&v->aliases);
	NODE_EACH(a, node_get(vuln, "aliases"))
		if (node_text(a) != NULL)
			str_addf(&v->aliases, "%s%s", v->aliases.len > 0 ?
			    "\n" : "", node_text(a));
	t.aliases = v->aliases.len > 0 ? v->aliases.s : NULL;
	str_clear(&v->text);
	str_add(&v->text, first(first(node_text(node_get(s,
	    "impact_statement")), node_text(node_get(s, "action_statement"))),
	    first(node_text(node_get(s, "status_notes")), "")));
	t.text = v->text.len > 0 ? v->text.s : NULL;
	if (products == NULL || products->child == NULL)
		return put(v, &t, s, NULL, err);
	NODE_EACH(p, products)
		if ((rc = put_product(v, &t, p, err)) < 0)
			break;
	return rc;
}

static int read_document(struct input *in, struct sink *sink, struct err *err)
{
	struct vex v = { .sink = sink, .name = input_name(in) };
	const struct node *root, *list;
	struct tree *tree = tree_json_input(in, err);
	int rc = -1;

	if (tree == NULL)
		goto out;
	root = tree_root(tree);
	v.author = node_text(node_get(root, "author"));
	v.at = node_text(node_get(root, "timestamp"));
	list = node_get(root, "statements");
	if (list == NULL || list->kind != NODE_LIST) {
		bad(&v, root, err, "an OpenVEX document without its list "
		    "\"statements\"");
		goto out;
	}
	rc = sink_meta(sink, "tool", v.author, err);
	if (rc == 0)
		rc = sink_meta(sink, "produced", v.at, err);
	NODE_EACH(s, list)
		if (rc < 0 || (rc = add(&v, s, err)) < 0)
			break;
out:
	tree_free(tree);
	str_free(&v.aliases);
	str_free(&v.text);
	str_free(&v.locator);
	return rc;
}

static int bid(const struct probe *p)
{
	return p->kind == PROBE_JSON && probe_has(p, "@context") &&
	    probe_seen(p, "https://openvex.dev/ns") ? 95 : 0;
}

const struct importer importer_openvex = {
	.name = "openvex",
	.about = "OpenVEX statements, 0.0.1 and 0.2.0",
	.version = 1,
	.keep = true,
	.bid = bid,
	.read = read_document,
};
