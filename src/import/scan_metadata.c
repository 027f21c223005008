/*
 * scan_metadata.c - what Iron Bank's pipeline notes of a build:
 * scan-metadata.json and documentation.json, which image was scanned by
 * which versions, from which commit, and what it was accredited as.
 */
#include <stdlib.h>
#include <string.h>

#include "ident.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/node.h"
#include "muster/sink.h"
#include "muster/str.h"
#include "vat.h"

struct note {
	struct sink	*sink;
	int64_t		 target;
	struct str	 at;
};

/* A key of the root or a path below it; the pipeline wrote keys with dots. */
static const struct node *find(const struct node *root, const char *path)
{
	const struct node *n = node_get(root, path);

	return n != NULL ? n : node_at(root, path);
}

static int fact(struct note *n, const struct node *root, const char *fact,
    const char *key, const char *path, struct err *err)
{
	const struct node *v = find(root, path);

	return v == NULL ? 0 : vat_fact(n->sink, n->target, fact, key,
	    node_text(v), vat_place(&n->at, v), err);
}

/* "tools": {"anchore": {"version": "1"}}, or the version alone. */
static int tools(struct note *n, const struct node *list, struct err *err)
{
	NODE_EACH(t, list) {
		const struct node *v = t->kind == NODE_MAP ?
		    node_get(t, "version") : t;

		if (v != NULL && t->key != NULL && vat_fact(n->sink,
		    n->target, "pipeline.tool", t->key, node_text(v),
		    vat_place(&n->at, v), err) < 0)
			return -1;
	}
	return 0;
}

static int names(struct note *n, const struct node *root, struct err *err)
{
	const struct node *image = node_get(root, "image");
	const struct node *digest = find(root, "image.digest");

	if (digest != NULL && ident_digest(n->sink, n->target, "manifest",
	    node_text(digest), vat_place(&n->at, digest), err) < 0)
		return -1;
	if (image != NULL && node_text(image) != NULL &&
	    ident_reference(n->sink, n->target, image->text, err) < 0)
		return -1;
	return vat_names(n->sink, n->target, node_text(node_get(root,
	    "imageName")), node_text(node_get(root, "buildTag")), err);
}

static int note(struct note *n, const struct node *root, struct err *err)
{
	static const struct {
		const char *fact, *key, *path;
	} facts[] = {
		{ "vat.accreditation", NULL, "approval" },
		{ "pipeline.build", "tag", "buildTag" },
		{ "pipeline.build", "number", "buildNumber" },
		{ "pipeline.build", "time", "timestamp" },
		{ "pipeline.build", "commit", "git.commit" },
		{ "pipeline.build", "commit", "git.hash" },
		{ "pipeline.build", "branch", "git.branch" },
	};

	n->target = sink_target(n->sink, &(struct target){ .kind = "image",
	    .name = node_text(node_get(root, "image")), .locator = "json:" },
	    err);
	if (n->target < 0 || names(n, root, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		if (fact(n, root, facts[i].fact, facts[i].key, facts[i].path,
		    err) < 0)
			return -1;
	if (tools(n, node_get(root, "reports"), err) < 0 ||
	    tools(n, node_get(root, "tools"), err) < 0)
		return -1;
	sink_count(n->sink, COUNT_READ, 1);
	sink_count(n->sink, COUNT_STORED, 1);
	return sink_meta(n->sink, "produced", node_text(node_get(root,
	    "timestamp")), err);
}

static int read_note(struct input *in, struct sink *sink, struct err *err)
{
	struct note n = { .sink = sink };
	struct tree *t = tree_json_input(in, err);
	int rc = -1;

	if (t != NULL &&
	    sink_meta(sink, "tool", "Iron Bank pipeline", err) == 0)
		rc = note(&n, tree_root(t), err);
	tree_free(t);
	str_free(&n.at);
	return rc;
}

static int bid(const struct probe *p)
{
	if (p->kind != PROBE_JSON)
		return 0;
	if (probe_has(p, "buildTag") && probe_has(p, "approval") &&
	    (probe_has(p, "reports") || probe_has(p, "git")))
		return 85;
	return probe_has(p, "image") && probe_has(p, "tools") &&
	    probe_has(p, "git.hash") ? 80 : 0;
}

const struct importer importer_scan_metadata = {
	.name = "scan-metadata",
	.about = "Iron Bank's notes of a build: scan-metadata.json, "
	    "documentation.json",
	.version = 1,
	.keep = true,
	.bid = bid,
	.read = read_note,
};
