/*
 * containers_policy.c - containers-policy.json(5): which signatures podman,
 * buildah and skopeo ask for before they take an image.
 */
#include <stdlib.h>
#include <string.h>

#include "builder.h"
#include "muster/err.h"
#include "muster/input.h"
#include "muster/node.h"
#include "muster/str.h"

static int wrong(const struct node *n, const char *what, struct err *err)
{
	struct str at = STR_INIT;

	node_pointer(n, &at);
	err_set(err, ERR_INPUT, "no policy.json: expected %s", what);
	err_place(err, "%s", str_text(&at));
	str_free(&at);
	return err_at(err, NULL, n->line, -1);
}

/* The requirements of one scope: a list of objects with a type. */
static int scope(struct builder *b, const struct node *list,
    const char *name, struct err *err)
{
	struct str at = STR_INIT;
	int rc = 0;

	if (list->kind != NODE_LIST)
		return wrong(list, "a list of requirements", err);
	NODE_EACH(n, list) {
		const char *type = node_text(node_get(n, "type"));

		if (type == NULL) {
			rc = wrong(n, "a requirement with its type", err);
			break;
		}
		str_clear(&at);
		str_add(&at, "json:");
		node_pointer(n, &at);
		if ((rc = builder_fact_at(b, "builder.policy", name, type,
		    str_text(&at), err)) < 0)
			break;
	}
	str_free(&at);
	return rc;
}

static int transports(struct builder *b, const struct node *map,
    struct err *err)
{
	struct str name = STR_INIT;
	int rc = 0;

	NODE_EACH(t, map) {
		if (t->kind != NODE_MAP) {
			rc = wrong(t, "the scopes of a transport", err);
			break;
		}
		NODE_EACH(s, t) {
			str_clear(&name);
			str_addf(&name, "%s %s", t->key, s->key);
			if (rc == 0)
				rc = scope(b, s, str_text(&name), err);
		}
		if (rc < 0)
			break;
	}
	str_free(&name);
	return rc;
}

static int policy(struct sink *sink, const struct node *root,
    struct err *err)
{
	const struct node *first = node_get(root, "default");
	struct builder b;

	if (first == NULL)
		return err_set(err, ERR_INPUT, "no policy.json: expected an "
		    "object with \"default\"");
	if (builder_open(&b, sink, "policy.json", NULL, err) < 0 ||
	    scope(&b, first, "default", err) < 0)
		return -1;
	return transports(&b, node_get(root, "transports"), err);
}

static int read(struct input *in, struct sink *sink, struct err *err)
{
	size_t len;
	char *text = input_slurp(in, CAP_SETTINGS_BYTES, &len, err);
	struct tree *t = text == NULL ? NULL :
	    tree_json(text, len, input_name(in), err);
	int rc = t != NULL ? policy(sink, tree_root(t), err) : -1;

	tree_free(t);
	free(text);
	return rc;
}

static int bid(const struct probe *p)
{
	return p->kind == PROBE_JSON && probe_has(p, "default") &&
	    (probe_has(p, "default[].type") || probe_has(p, "transports")) ?
	    75 : 0;
}

const struct importer importer_containers_policy = {
	.name = "containers-policy",
	.about = "policy.json of podman, buildah and skopeo",
	.version = 1,
	.keep = true,
	.bid = bid,
	.read = read,
};
