/*
 * registries_conf.c - containers-registries.conf(5): where podman, buildah
 * and skopeo pull from, and whether they insist on TLS.
 *
 * Version 2 is a table for each registry with its mirrors; version 1 three
 * lists.  A file that holds both is an error, as it is for those programs.
 * A drop-in of registries.conf.d looks the same and is a platform too.
 */
#include "builder.h"
#include "muster/err.h"
#include "muster/node.h"
#include "muster/sink.h"
#include "muster/str.h"
#include "muster/toml.h"

static int wrong(const struct node *n, const char *what, struct err *err)
{
	err_set(err, ERR_INPUT, "\"%.80s\" of a registries.conf is not %s",
	    n->key != NULL ? n->key : "an item", what);
	return err_at(err, NULL, n->line, -1);
}

/* A member that is a boolean, or not there, which is false. */
static int flag(const struct node *map, const char *key, bool *on,
    struct err *err)
{
	const struct node *n = node_get(map, key);

	*on = node_is_true(n);
	return n == NULL || n->kind == NODE_BOOL ? 0 :
	    wrong(n, "true or false", err);
}

/* A list of names as one fact each; `also` is stated of each as well. */
static int names(struct builder *b, const struct node *list, const char *key,
    const char *also, struct err *err)
{
	if (list == NULL)
		return 0;
	if (list->kind != NODE_LIST)
		return wrong(list, "a list", err);
	NODE_EACH(n, list) {
		if (n->kind != NODE_STRING)
			return wrong(list, "a list of names", err);
		if (builder_fact(b, "builder.setting", key, n->text, n->line,
		    err) < 0)
			return -1;
		if (also != NULL && builder_also(b, also, key, n->text,
		    n->line, err) < 0)
			return -1;
	}
	return 0;
}

/* One [[registry]] or [[registry.mirror]]. */
static int registry(struct builder *b, const struct node *r,
    const char *fact, const char *prefix, struct err *err)
{
	const char *where = node_text(node_get(r, "location"));
	struct str says = STR_INIT;
	bool insecure, blocked;
	int rc;

	if (r->kind != NODE_MAP)
		return wrong(r, "a table", err);
	if (flag(r, "insecure", &insecure, err) < 0 ||
	    flag(r, "blocked", &blocked, err) < 0)
		return -1;
	if (where == NULL)
		where = prefix != NULL ? prefix : "";
	str_addf(&says, "%s%s%s", where, insecure ? " insecure" : "",
	    blocked ? " blocked" : "");
	rc = builder_fact(b, fact, prefix != NULL ? prefix : where,
	    str_text(&says), r->line, err);
	if (rc == 0 && insecure && !blocked)
		rc = builder_also(b, "tls.off", "insecure", where, r->line,
		    err);
	str_free(&says);
	return rc;
}

static int registries(struct builder *b, const struct node *list,
    struct err *err)
{
	if (list != NULL && list->kind != NODE_LIST)
		return wrong(list, "a list of tables", err);
	NODE_EACH(r, list) {
		const char *prefix = node_text(node_get(r, "prefix"));
		const struct node *mirrors = node_get(r, "mirror");

		if (prefix == NULL)
			prefix = node_text(node_get(r, "location"));
		if (registry(b, r, "builder.registry", prefix, err) < 0)
			return -1;
		if (mirrors != NULL && mirrors->kind != NODE_LIST)
			return wrong(mirrors, "a list of tables", err);
		NODE_EACH(m, mirrors)
			if (registry(b, m, "builder.mirror", prefix,
			    err) < 0)
				return -1;
	}
	return 0;
}

static int version_1(struct builder *b, const struct node *root,
    struct err *err)
{
	return names(b, node_at(root, "registries.search.registries"),
	    "registries.search", NULL, err) < 0 ||
	    names(b, node_at(root, "registries.block.registries"),
	    "registries.block", NULL, err) < 0 ||
	    names(b, node_at(root, "registries.insecure.registries"),
	    "registries.insecure", "tls.off", err) < 0 ? -1 : 0;
}

static int version_2(struct builder *b, const struct node *root,
    struct err *err)
{
	const struct node *mode = node_get(root, "short-name-mode");

	if (names(b, node_get(root, "unqualified-search-registries"),
	    "unqualified-search-registries", NULL, err) < 0)
		return -1;
	if (mode != NULL && mode->kind != NODE_STRING)
		return wrong(mode, "a word", err);
	if (mode != NULL && builder_fact(b, "builder.setting",
	    "short-name-mode", mode->text, mode->line, err) < 0)
		return -1;
	return registries(b, node_get(root, "registry"), err);
}

static int read(struct input *in, struct sink *sink, struct err *err)
{
	struct tree *t = builder_toml(in, err);
	const struct node *root, *old;
	struct builder b;
	int rc = -1;

	if (t == NULL)
		return -1;
	root = tree_root(t);
	old = node_get(root, "registries");
	if (old != NULL && (node_get(root, "registry") != NULL ||
	    node_get(root, "unqualified-search-registries") != NULL)) {
		err_set(err, ERR_INPUT, "a registries.conf of version 1 and "
		    "version 2 at once; expected [registries.*] or "
		    "[[registry]], not both");
		err_at(err, NULL, old->line, -1);
	} else if (builder_open(&b, sink, "registries.conf", NULL, err) == 0) {
		rc = old != NULL ? version_1(&b, root, err) :
		    version_2(&b, root, err);
	}
	tree_free(t);
	return rc;
}

static int bid(const struct probe *p)
{
	if (!builder_bid(p))
		return 0;
	if (probe_seen(p, "unqualified-search-registries") ||
	    probe_seen(p, "[registries.search]") ||
	    probe_seen(p, "[registries.insecure]") ||
	    probe_seen(p, "[registries.block]"))
		return 80;
	return probe_seen(p, "[[registry]]") ? 80 :
	    probe_seen(p, "short-name-mode") ? 40 : 0;
}

const struct importer importer_registries_conf = {
	.name = "registries-conf",
	.about = "registries.conf of podman, buildah and skopeo, versions 1 "
	    "and 2",
	.version = 1,
	.keep = true,
	.bid = bid,
	.read = read,
};
