/*
 * buildkitd.c - BuildKit's configuration (buildkitd.toml): the registries it
 * pulls from, and whether it insists on TLS.
 */
#include "builder.h"
#include "muster/err.h"
#include "muster/node.h"
#include "muster/sink.h"
#include "muster/str.h"
#include "muster/toml.h"

/* What [registry."HOST"] may hold that matters. */
static int registry(struct builder *b, const struct node *r, struct err *err)
{
	static const char *const switches[] = { "http", "insecure" };

	if (r->kind != NODE_MAP) {
		err_set(err, ERR_INPUT, "[registry] of a buildkitd.toml holds "
		    "\"%.80s\"; expected a table for each host", r->key);
		return err_at(err, NULL, r->line, -1);
	}
	if (builder_fact(b, "builder.registry", r->key, r->key, r->line,
	    err) < 0)
		return -1;
	for (size_t i = 0; i < 2; i++) {
		const struct node *n = node_get(r, switches[i]);

		if (n == NULL)
			continue;
		if (n->kind != NODE_BOOL) {
			err_set(err, ERR_INPUT, "\"%s\" of a buildkitd.toml "
			    "is not true or false", n->key);
			return err_at(err, NULL, n->line, -1);
		}
		if (node_is_true(n) && builder_also(b, "tls.off", n->key,
		    r->key, n->line, err) < 0)
			return -1;
	}
	NODE_EACH(m, node_get(r, "mirrors")) {
		if (node_text(m) == NULL)
			continue;
		if (builder_fact(b, "builder.mirror", r->key, m->text,
		    m->line, err) < 0)
			return -1;
		if (str_starts(m->text, "http://") && builder_also(b,
		    "tls.off", "mirrors", m->text, m->line, err) < 0)
			return -1;
	}
	return 0;
}

static int read(struct input *in, struct sink *sink, struct err *err)
{
	struct tree *t = builder_toml(in, err);
	struct builder b;
	int rc;

	if (t == NULL)
		return -1;
	rc = builder_open(&b, sink, "buildkitd.toml", NULL, err);
	NODE_EACH(r, node_get(tree_root(t), "registry"))
		if (rc == 0)
			rc = registry(&b, r, err);
	tree_free(t);
	return rc;
}

static int bid(const struct probe *p)
{
	if (!builder_bid(p))
		return 0;
	if (probe_seen(p, "[worker.oci]") ||
	    probe_seen(p, "[worker.containerd]") ||
	    probe_seen(p, "insecure-entitlements"))
		return 75;
	return probe_seen(p, "[registry.\"") || probe_seen(p, "[registry.'") ?
	    75 : 0;
}

const struct importer importer_buildkitd = {
	.name = "buildkitd",
	.about = "BuildKit's configuration (buildkitd.toml)",
	.version = 1,
	.keep = true,
	.bid = bid,
	.read = read,
};
