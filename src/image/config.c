/*
 * config.c - an image's config and history as facts.
 *
 * Keys are matched as Go matches them, without regard to case and the last
 * one winning, because that is how the engines read the same document.  A
 * member of the wrong type refuses the archive.  No value leaves unmasked.
 */
#include <stdlib.h>
#include <string.h>

#include "image_priv.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/node.h"
#include "muster/secret.h"
#include "muster/sink.h"
#include "muster/str.h"

static const struct node *get(const struct node *map, const char *key)
{
	const struct node *found = NULL;

	if (map == NULL || map->kind != NODE_MAP)
		return NULL;
	NODE_EACH(n, map)
		if (str_ieq(n->key, key))
			found = n;
	return found == NULL || found->kind == NODE_NULL ? NULL : found;
}

static int wrong(const struct node *n, const char *what, struct err *err)
{
	struct str at = STR_INIT;

	node_pointer(n, &at);
	err_set(err, ERR_INPUT, "%s was expected in the image's config",
	    what);
	err_at(err, NULL, n->line, -1);
	err_place(err, "%s", str_text(&at));
	str_free(&at);
	return -1;
}

/* A member of one kind, or none: *n is NULL then. */
static int member(const struct node *map, const char *key,
    enum node_kind kind, const struct node **n, struct err *err)
{
	static const char *const words[] = {
		"null", "a boolean", "a number", "a string", "an object",
		"a list"
	};

	*n = get(map, key);
	if (*n != NULL && (*n)->kind != kind)
		return wrong(*n, words[kind], err);
	return 0;
}

/* Secrets of one text become facts of their own. */
struct hits {
	struct emit	*emit;
	const char	*locator;
	struct err	*err;
	int		 rc;
};

static void hit(void *ctx, const struct secret_hit *h)
{
	struct hits *to = ctx;
	struct str value = STR_INIT;

	if (to->rc < 0)
		return;
	str_addf(&value, "%s %s", secret_grade_name(h->grade), h->preview);
	to->rc = emit_fact(to->emit, "secret", h->rule, str_text(&value),
	    to->locator, to->err);
	str_free(&value);
}

static int secrets(struct emit *e, const char *name, const char *text,
    const char *locator, struct err *err)
{
	struct hits to = { e, locator, err, 0 };

	secret_text(name, text, hit, &to);
	return to.rc;
}

/* A fact whose value is masked, and its secrets; `name` is the variable's. */
static int masked(struct emit *e, const char *fact, const char *key,
    const char *name, const char *text, const char *locator, struct err *err)
{
	struct str clean = STR_INIT;
	int rc;

	secret_mask(name, text, &clean);
	rc = emit_fact(e, fact, key, str_text(&clean), locator, err);
	str_free(&clean);
	return rc < 0 ? -1 : secrets(e, name, text, locator, err);
}

/* "config:" and where a node is. */
static void where(const struct node *n, struct str *out)
{
	str_clear(out);
	str_add(out, "config:");
	node_pointer(n, out);
}

static int plain(struct emit *e, const char *fact, const struct node *map,
    const char *key, struct err *err)
{
	const struct node *n;
	struct str at = STR_INIT;
	int rc;

	if (member(map, key, NODE_STRING, &n, err) < 0)
		return -1;
	if (n == NULL)
		return 0;
	where(n, &at);
	rc = emit_fact(e, fact, NULL, node_text(n), str_text(&at), err);
	str_free(&at);
	return rc;
}

/* The keys of an object as facts: ExposedPorts, Volumes. */
static int keys(struct emit *e, const char *fact, const struct node *map,
    const char *key, struct err *err)
{
	const struct node *list;
	struct str at = STR_INIT;
	int rc = 0;

	if (member(map, key, NODE_MAP, &list, err) < 0)
		return -1;
	NODE_EACH(n, list) {
		where(n, &at);
		if ((rc = emit_fact(e, fact, n->key, NULL, str_text(&at),
		    err)) < 0)
			break;
	}
	str_free(&at);
	return rc;
}

static int env(struct emit *e, const struct node *map, struct err *err)
{
	const struct node *list;
	struct str at = STR_INIT;
	int rc = 0;

	if (member(map, "Env", NODE_LIST, &list, err) < 0)
		return -1;
	NODE_EACH(n, list) {
		const char *eq;
		char *name;

		if (n->kind != NODE_STRING) {
			rc = wrong(n, "a string", err);
			break;
		}
		eq = strchr(n->text, '=');
		name = eq != NULL ? mem_dupn(n->text, (size_t)(eq - n->text)) :
		    mem_dup(n->text);
		where(n, &at);
		rc = masked(e, "config.env", name, name, eq != NULL ? eq + 1 :
		    "", str_text(&at), err);
		free(name);
		if (rc < 0)
			break;
	}
	str_free(&at);
	return rc;
}

static int labels(struct emit *e, const struct node *map, struct err *err)
{
	const struct node *list;
	struct str at = STR_INIT;
	int rc = 0;

	if (member(map, "Labels", NODE_MAP, &list, err) < 0)
		return -1;
	NODE_EACH(n, list) {
		if (n->kind != NODE_STRING && n->kind != NODE_NULL) {
			rc = wrong(n, "a string", err);
			break;
		}
		where(n, &at);
		if ((rc = masked(e, "config.label", n->key, n->key,
		    n->text != NULL ? n->text : "", str_text(&at), err)) < 0)
			break;
	}
	str_free(&at);
	return rc;
}

/* A list of strings as a JSON array; a single string is a list of one.
 * `also` gets each word on a line of its own, where it is not NULL. */
static int words(const struct node *n, struct str *json, struct str *also,
    struct err *err)
{
	bool first = true;

	if (n->kind == NODE_STRING) {
		str_addc(json, '[');
		str_json(json, n->text);
		str_addc(json, ']');
		if (also != NULL)
			str_addf(also, "%s\n", n->text);
		return 0;
	}
	if (n->kind != NODE_LIST)
		return wrong(n, "a list", err);
	str_addc(json, '[');
	NODE_EACH(w, n) {
		if (w->kind != NODE_STRING)
			return wrong(w, "a string", err);
		if (!first)
			str_addc(json, ',');
		first = false;
		str_json(json, w->text);
		if (also != NULL)
			str_addf(also, "%s\n", w->text);
	}
	str_addc(json, ']');
	return 0;
}

static int command(struct emit *e, const char *fact, const struct node *map,
    const char *key, struct str *also, struct err *err)
{
	const struct node *n = get(map, key);
	struct str json = STR_INIT, at = STR_INIT;
	int rc = 0;

	if (n == NULL)
		return 0;
	where(n, &at);
	if (words(n, &json, also, err) < 0)
		rc = -1;
	else if (fact != NULL)
		rc = masked(e, fact, NULL, NULL, str_text(&json),
		    str_text(&at), err);
	else
		rc = secrets(e, NULL, str_text(&json), str_text(&at), err);
	str_free(&json);
	str_free(&at);
	return rc;
}

static int inner(struct emit *e, const struct node *c, struct err *err)
{
	const struct node *health;

	if (plain(e, "config.user", c, "User", err) < 0 ||
	    plain(e, "config.workdir", c, "WorkingDir", err) < 0 ||
	    keys(e, "config.port", c, "ExposedPorts", err) < 0 ||
	    keys(e, "config.volume", c, "Volumes", err) < 0 ||
	    env(e, c, err) < 0 || labels(e, c, err) < 0 ||
	    command(e, "config.entrypoint", c, "Entrypoint", e->start,
	    err) < 0 ||
	    command(e, "config.cmd", c, "Cmd", e->start, err) < 0 ||
	    command(e, NULL, c, "OnBuild", NULL, err) < 0 ||
	    member(c, "Healthcheck", NODE_MAP, &health, err) < 0)
		return -1;
	return command(e, "config.health", health, "Test", NULL, err);
}

/* Not used by any engine, but there, with what the build was given. */
static int leftovers(struct emit *e, const struct node *root,
    struct err *err)
{
	const struct node *old = get(root, "container_config");
	const struct node *list = get(old, "Env");
	struct str at = STR_INIT;
	int rc = 0;

	if (list != NULL && list->kind == NODE_LIST)
		NODE_EACH(n, list) {
			const char *eq = n->kind == NODE_STRING ?
			    strchr(n->text, '=') : NULL;
			char *name;

			if (eq == NULL)
				continue;
			name = mem_dupn(n->text, (size_t)(eq - n->text));
			where(n, &at);
			rc = secrets(e, name, eq + 1, str_text(&at), err);
			free(name);
			if (rc < 0)
				break;
		}
	str_free(&at);
	return rc < 0 ? -1 : command(e, NULL, old, "Cmd", NULL, err);
}

/* One entry; *layer counts those that made a layer. */
static int history_one(struct emit *e, const struct node *n, size_t *layer,
    struct err *err)
{
	const struct node *by, *created, *comment, *empty;
	char key[24], number[24], at[48];

	if (n->kind != NODE_MAP)
		return wrong(n, "an object", err);
	if (member(n, "created_by", NODE_STRING, &by, err) < 0 ||
	    member(n, "created", NODE_STRING, &created, err) < 0 ||
	    member(n, "comment", NODE_STRING, &comment, err) < 0 ||
	    member(n, "empty_layer", NODE_BOOL, &empty, err) < 0)
		return -1;
	snprintf(key, sizeof(key), "%zu", n->index);
	snprintf(at, sizeof(at), "history:%zu", n->index);
	if (masked(e, "history", key, NULL, by != NULL ? by->text : "", at,
	    err) < 0)
		return -1;
	if (comment != NULL && secrets(e, NULL, comment->text, at, err) < 0)
		return -1;
	if (created != NULL && emit_fact(e, "history.created", key,
	    created->text, at, err) < 0)
		return -1;
	if (node_is_true(empty))
		return emit_fact(e, "history.empty", key, "true", at, err);
	snprintf(number, sizeof(number), "%zu", (*layer)++);
	if (emit_fact(e, "history.empty", key, "false", at, err) < 0)
		return -1;
	return *layer > e->ndiff ? 0 : emit_fact(e, "history.layer", key,
	    number, at, err);
}

static int history(struct emit *e, const struct node *root, struct err *err)
{
	const struct node *list;
	size_t layer = 0;

	if (member(root, "history", NODE_LIST, &list, err) < 0)
		return -1;
	NODE_EACH(n, list)
		if (history_one(e, n, &layer, err) < 0)
			return -1;
	if (list != NULL && list->count > 0 && layer != e->ndiff)
		return sink_warn(e->sink, "config:/history", err, "the history "
		    "tells of %zu layers, the image has %zu", layer,
		    e->ndiff);
	return 0;
}

int config_emit(struct emit *e, struct err *err)
{
	if (emit_fact(e, "config.format", NULL, e->image->docker ? "docker" :
	    "oci", NULL, err) < 0)
		return -1;
	return config_quoted(e, err);
}

int config_quoted(struct emit *e, struct err *err)
{
	const struct node *root = tree_root(e->image->config), *c;

	if (member(root, "config", NODE_MAP, &c, err) < 0)
		return -1;
	if (plain(e, "config.os", root, "os", err) < 0 ||
	    plain(e, "config.arch", root, "architecture", err) < 0 ||
	    plain(e, "config.created", root, "created", err) < 0)
		return -1;
	if (inner(e, c, err) < 0 || leftovers(e, root, err) < 0)
		return -1;
	return history(e, root, err);
}
