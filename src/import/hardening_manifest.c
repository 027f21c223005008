/*
 * hardening_manifest.c - Iron Bank's hardening_manifest.yaml, or the JSON the
 * pipeline makes of it.
 *
 * A tag is the text as written: 14.10 is no number here.  The image's name is
 * the manifest's with each of its tags, in Iron Bank's registry and without.
 */
#include <stdio.h>
#include <string.h>

#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/node.h"
#include "muster/secret.h"
#include "muster/sink.h"
#include "muster/str.h"
#include "muster/yaml.h"

#define REGISTRY "registry1.dso.mil/ironbank/"

struct manifest {
	struct sink	*sink;
	int64_t		 target;
	const char	*locator;	/* of the secrets at hand */
	struct err	*err;
	int		 rc;
	bool		 seen;
};

static int wrong(const struct node *n, const char *what, struct err *err)
{
	struct str at = STR_INIT;

	node_pointer(n, &at);
	err_set(err, ERR_INPUT, "no hardening manifest: expected %s", what);
	err_place(err, "%s", str_text(&at));
	str_free(&at);
	return err_at(err, NULL, n->line, -1);
}

static void hit(void *ctx, const struct secret_hit *h)
{
	struct manifest *m = ctx;
	struct str value = STR_INIT;

	if (m->rc < 0)
		return;
	str_addf(&value, "%s %s", secret_grade_name(h->grade), h->preview);
	m->rc = sink_fact(m->sink, &(struct fact){ .target = m->target,
	    .name = "secret", .key = h->rule, .value = str_text(&value),
	    .locator = m->locator }, m->err);
	str_free(&value);
}

/* A fact, key and value masked, and the secrets in both; name is the
 * variable's the value belongs to, or NULL. */
static int fact(struct manifest *m, const char *what, const char *name,
    const char *key, const char *value, const struct node *n)
{
	struct str k = STR_INIT, v = STR_INIT;
	char at[32];

	snprintf(at, sizeof(at), "yaml:1:%d", n->line);
	m->locator = at;
	secret_mask(NULL, key != NULL ? key : "", &k);
	secret_mask(name, value != NULL ? value : "", &v);
	m->rc = sink_fact(m->sink, &(struct fact){ .target = m->target,
	    .name = what, .key = key != NULL ? str_text(&k) : NULL,
	    .value = value != NULL ? str_text(&v) : NULL, .locator = at },
	    m->err);
	if (m->rc == 0 && key != NULL)
		secret_text(NULL, key, hit, m);
	if (m->rc == 0 && value != NULL)
		secret_text(name, value, hit, m);
	str_free(&k);
	str_free(&v);
	return m->rc;
}

static int pairs(struct manifest *m, const char *what,
    const struct node *map)
{
	if (map != NULL && map->kind != NODE_MAP && map->kind != NODE_NULL)
		return wrong(map, "a map", m->err);
	NODE_EACH(n, map) {
		if (n->kind == NODE_MAP || n->kind == NODE_LIST)
			return wrong(n, "a text", m->err);
		if (fact(m, what, n->key, n->key, n->text != NULL ? n->text :
		    "", n) < 0)
			return -1;
	}
	return 0;
}

static int identity(struct manifest *m, const char *registry,
    const char *name, const char *tag)
{
	struct str ref = STR_INIT;
	int rc;

	str_addf(&ref, "%s%s:%s", registry, name, tag);
	rc = sink_identity(m->sink, &(struct identity){ .target = m->target,
	    .kind = "tag", .value = ref.s }, m->err);
	str_free(&ref);
	return rc;
}

static int tags(struct manifest *m, const char *name,
    const struct node *list)
{
	if (list->kind != NODE_LIST)
		return wrong(list, "a list of tags", m->err);
	NODE_EACH(n, list) {
		if (node_text(n) == NULL)
			return wrong(n, "a tag", m->err);
		if (fact(m, "hardening.tag", NULL, n->text, NULL, n) < 0)
			return -1;
		/* "latest" is whatever was built last: it names no image. */
		if (!str_eq(n->text, "latest") && (identity(m, REGISTRY, name,
		    n->text) < 0 || identity(m, "", name, n->text) < 0))
			return -1;
	}
	return 0;
}

static int base(struct manifest *m, const struct node *args)
{
	const struct node *image = node_get(args, "BASE_IMAGE");
	const char *name = node_text(image);
	const char *tag = node_text(node_get(args, "BASE_TAG"));
	struct str ref = STR_INIT;
	int rc;

	if (str_empty(name))
		return 0;
	str_add(&ref, name);
	if (!str_empty(tag))
		str_addf(&ref, ":%s", tag);
	rc = fact(m, "hardening.base", NULL, NULL, str_text(&ref), image);
	str_free(&ref);
	return rc;
}

/* A resource's checksum: its validation, or the digest its address holds. */
static int resource(struct manifest *m, const struct node *r)
{
	const struct node *check = node_get(r, "validation");
	const char *type = node_text(node_get(check, "type"));
	const char *value = node_text(node_get(check, "value"));
	const char *url = node_text(node_get(r, "url"));
	const char *digest = url != NULL ? strstr(url, "@sha256:") : NULL;
	struct str sum = STR_INIT;
	int rc;

	if (r->kind != NODE_MAP)
		return wrong(r, "a resource with its url", m->err);
	if (url == NULL)
		url = node_text(node_get(r, "filename"));
	if (!str_empty(type) && !str_empty(value))
		str_addf(&sum, "%s:%s", type, value);
	else if (digest != NULL && strlen(digest) == 8 + 64)
		str_add(&sum, digest + 1);
	else
		str_add(&sum, "none");
	rc = fact(m, "hardening.resource", NULL, url != NULL ? url :
	    "a resource without url", str_text(&sum), r);
	str_free(&sum);
	sink_count(m->sink, COUNT_READ, 1);
	sink_count(m->sink, COUNT_STORED, 1);
	return rc;
}

static int people(struct manifest *m, const struct node *list)
{
	NODE_EACH(n, list) {
		const char *user = node_text(node_get(n, "username"));
		const char *name = node_text(node_get(n, "name"));
		struct str text = STR_INIT;
		int rc;

		str_addf(&text, "%s %s", user != NULL ? user : "-",
		    name != NULL ? name : "");
		rc = fact(m, "hardening.maintainer", NULL, NULL,
		    str_text(&text), n);
		str_free(&text);
		if (rc < 0)
			return -1;
	}
	return 0;
}

static int document(void *ctx, const struct tree *t, int doc,
    struct err *err)
{
	struct manifest *m = ctx;
	const struct node *root = tree_root(t);
	const struct node *name = node_get(root, "name");
	const struct node *list = node_get(root, "resources");
	char at[32];

	if (root == NULL && !m->seen)
		return 0;
	if (m->seen) {
		err_set(err, ERR_INPUT, "a second document in a hardening "
		    "manifest");
		return err_at(err, NULL, root != NULL ? root->line : 1, -1);
	}
	m->seen = true;
	if (str_empty(node_text(name)) ||
	    node_get(root, "tags") == NULL)
		return wrong(root, "a name and tags", err);
	snprintf(at, sizeof(at), "yaml:%d:%d", doc, root->line);
	m->target = sink_target(m->sink, &(struct target){ .kind = "image",
	    .name = name->text, .locator = at }, err);
	if (m->target < 0 ||
	    fact(m, "hardening.name", NULL, NULL, name->text, name) < 0 ||
	    tags(m, name->text, node_get(root, "tags")) < 0 ||
	    base(m, node_get(root, "args")) < 0 ||
	    pairs(m, "hardening.arg", node_get(root, "args")) < 0 ||
	    pairs(m, "hardening.label", node_get(root, "labels")) < 0 ||
	    people(m, node_get(root, "maintainers")) < 0)
		return -1;
	if (list != NULL && list->kind != NODE_LIST &&
	    list->kind != NODE_NULL)
		return wrong(list, "a list of resources", err);
	NODE_EACH(r, list)
		if (resource(m, r) < 0)
			return -1;
	return 0;
}

static int read(struct input *in, struct sink *sink, struct err *err)
{
	struct manifest m = { .sink = sink, .err = err };

	if (yaml_read(in, document, &m, err) < 0)
		return -1;
	return m.seen ? 0 : err_set(err, ERR_INPUT, "an empty hardening "
	    "manifest");
}

static int bid(const struct probe *p)
{
	if (p->kind == PROBE_JSON)
		return probe_has(p, "apiVersion") && probe_has(p, "name") &&
		    !probe_has(p, "kind") && (probe_has(p, "maintainers") ||
		    probe_has(p, "maintainers[].username")) ? 92 : 0;
	if (p->kind != PROBE_TEXT || !probe_seen(p, "\ntags:") ||
	    probe_seen(p, "\nkind:"))
		return 0;
	if (probe_seen(p, "BASE_IMAGE") || probe_seen(p, "mil.dso.ironbank"))
		return 92;
	return probe_seen(p, "maintainers:") && probe_seen(p, "resources:") ?
	    60 : 0;
}

const struct importer importer_hardening_manifest = {
	.name = "hardening-manifest",
	.about = "Iron Bank's hardening_manifest.yaml",
	.version = 1,
	.keep = false,		/* it may hold secrets */
	.bid = bid,
	.read = read,
};
