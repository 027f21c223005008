/*
 * compose.c - compose files: recognition, and the walk over the services.
 *
 * Version 2 and 3 and the Compose Specification, which knows neither; and
 * version 1, where the services are the document, if every one of them looks
 * like a service.  Every service is decided, whatever its profiles: a profile
 * says when it runs, not how.  Other files that this one names (include,
 * extends with a file) are not read, and a warning says so.
 */
#include <stdlib.h>
#include <string.h>

#include "muster/cap.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/sink.h"
#include "muster/str.h"
#include "muster/yaml.h"
#include "compose_priv.h"

#define MAX_DEFAULTS 32		/* ${NAME:-default} in one value */

const struct node *compose_get(const struct compose_service *s,
    const char *path)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct node *n = node_at(s->layer[i], path);

		if (n != NULL && n->kind != NODE_NULL)
			return n;
	}
	return NULL;
}

/* From "${" on: where the default begins, and in *end where the closing brace
 * is; NULL for a variable without a default. */
static const char *default_of(const char *p, const char **end)
{
	const char *from = NULL;
	int open = 0;

	for (p += 2 + strspn(p + 2, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"), from = p; *p != '\0';
	    p++) {
		if (p[0] == '$' && p[1] == '{')
			open++;
		else if (*p == '}' && open-- == 0)
			break;
	}
	*end = p;
	if (*p == '\0')
		return NULL;
	from += from[0] == ':' && from[1] == '-';
	return *from == '-' ? from + 1 : NULL;
}

void compose_text(const struct node *n, struct str *out)
{
	struct str from = STR_INIT;
	const char *text = node_text(n), *end, *value;
	size_t at = 0;

	str_clear(out);
	str_add(out, text != NULL ? text : "");
	for (int i = 0; i < MAX_DEFAULTS && out->len > 0; i++) {
		char *p = strchr(out->s + at, '$');

		if (p == NULL)
			break;
		at = (size_t)(p - out->s);
		str_clear(&from);
		str_add(&from, p);
		if (p[1] == '$') {
			out->len = ++at;
			str_add(out, from.s + 2);
			continue;
		}
		if (p[1] != '{' || (value = default_of(from.s, &end)) ==
		    NULL) {
			at++;
			continue;
		}
		out->len = at;
		str_addn(out, value, (size_t)(end - value));
		str_add(out, end + 1);
	}
	str_free(&from);
}

int compose_fact(struct compose *c, const struct compose_service *s,
    const char *name, const char *key, const struct node *n,
    struct err *err)
{
	struct str text = STR_INIT;
	int rc = 0;

	if (node_text(n) != NULL) {
		compose_text(n, &text);
		rc = k8s_fact(&c->k, s->target, name, key, str_text(&text),
		    n, err);
	}
	str_free(&text);
	return rc;
}

/* What a service extends in this file; NULL for nothing (*rc: an error). */
static const struct node *extended(struct compose *c, const struct node *own,
    int *rc, struct err *err)
{
	const struct node *e = node_get(own, "extends"), *next;
	const struct node *file = node_get(e, "file");
	const char *name = e != NULL && e->kind == NODE_MAP ?
	    node_text(node_get(e, "service")) : node_text(e);
	struct str at = STR_INIT;

	if (e == NULL || e->kind == NODE_NULL)
		return NULL;
	if (node_text(file) != NULL) {
		k8s_locator(&c->k, file, &at);
		*rc = sink_warn(c->k.sink, str_text(&at), err, "service "
		    "\"%s\" extends one of %s, which is another file and is "
		    "not read; what \"docker compose config\" prints is the "
		    "whole", own->key, node_text(file));
		str_free(&at);
		return NULL;
	}
	next = name != NULL ? node_get(c->services, name) : NULL;
	if (next == NULL || next->kind != NODE_MAP) {
		*rc = k8s_bad(&c->k, e, err, "service \"%s\" extends \"%s\", "
		    "which is no service of this file", own->key,
		    name != NULL ? name : "");
		return NULL;
	}
	return next;
}

int compose_layers(struct compose *c, const struct node *service,
    struct compose_service *s, struct err *err)
{
	int rc = 0;

	s->n = 0;
	for (const struct node *n = service; n != NULL && rc == 0;
	    n = extended(c, n, &rc, err)) {
		for (size_t i = 0; i < s->n; i++)
			if (s->layer[i] == n)
				return k8s_bad(&c->k, n, err, "service "
				    "\"%s\" extends itself", n->key);
		if (s->n == (size_t)cap(CAP_COMPOSE_EXTENDS))
			return k8s_bad(&c->k, service, err, "services "
			    "extending services too deep: %s",
			    cap_hint(CAP_COMPOSE_EXTENDS));
		s->layer[s->n++] = n;
	}
	return rc;
}

static int service(struct compose *c, const struct node *n, struct err *err)
{
	struct compose_service s = { .n = 0 };
	struct str key = STR_INIT;

	if (n->kind != NODE_MAP)
		return k8s_bad(&c->k, n, err, "service \"%s\" is no map; "
		    "expected one with image or build", n->key);
	if (compose_layers(c, n, &s, err) < 0)
		return -1;
	str_addf(&key, "Compose/%s/%s/%s", c->project, n->key, n->key);
	s.target = k8s_target(&c->k, "workload", str_text(&key), NULL, n,
	    err);
	str_free(&key);
	sink_count(c->k.sink, COUNT_READ, 1);
	sink_count(c->k.sink, COUNT_STORED, 1);
	return s.target < 0 ? -1 : compose_service_read(c, &s, err);
}

/* Everything a service of version 1 could say: a file whose maps say other
 * things is of another kind. */
static const char old_keys[] =
    "build cap_add cap_drop cgroup_parent command container_name cpu_quota "
    "cpu_shares cpuset devices dns dns_search dockerfile domainname "
    "entrypoint env_file environment expose extends external_links "
    "extra_hosts hostname image ipc labels links log_driver log_opt "
    "mac_address mem_limit mem_swappiness memswap_limit net pid ports "
    "privileged read_only restart security_opt shm_size stdin_open "
    "stop_signal tty ulimits user volume_driver volumes volumes_from "
    "working_dir";

static bool is_old(const struct node *top)
{
	NODE_EACH(n, top) {
		if (n->kind != NODE_MAP || (node_get(n, "image") == NULL &&
		    node_get(n, "build") == NULL &&
		    node_get(n, "extends") == NULL))
			return false;
		NODE_EACH(k, n)
			if (!str_listed(old_keys, k->key))
				return false;
	}
	return top->child != NULL;
}

/* One entry of "include": a path, or a map with one or several. */
static int include(struct compose *c, const struct node *n, struct err *err)
{
	const struct node *path = n->kind == NODE_MAP ?
	    node_get(n, "path") : n;
	struct str at = STR_INIT;
	int rc = 0;

	if (path != NULL && path->kind == NODE_LIST) {
		NODE_EACH(p, path)
			if (rc == 0 && node_text(p) != NULL)
				rc = include(c, p, err);
		return rc;
	}
	k8s_locator(&c->k, n, &at);
	rc = sink_warn(c->k.sink, str_text(&at), err, "%s is included, which "
	    "is another file and is not read; what \"docker compose config\" "
	    "prints is the whole", node_text(path) != NULL ?
	    node_text(path) : "a file");
	str_free(&at);
	return rc;
}

static int included(struct compose *c, struct err *err)
{
	const struct node *n = node_get(c->top, "include");
	int rc = 0;

	if (n == NULL || n->kind == NODE_NULL)
		return 0;
	if (n->kind != NODE_LIST)
		return include(c, n, err);
	NODE_EACH(i, n)
		if (rc == 0)
			rc = include(c, i, err);
	return rc;
}

static int document(void *ctx, const struct tree *t, int doc,
    struct err *err)
{
	struct compose *c = ctx;
	struct str name = STR_INIT;
	int rc = 0;

	c->k.doc = doc;
	c->top = tree_root(t);
	if (c->top == NULL || c->top->kind == NODE_NULL)
		return 0;
	c->services = node_get(c->top, "services");
	if (c->services == NULL && c->top->kind == NODE_MAP &&
	    is_old(c->top))
		c->services = c->top;
	if (c->services == NULL || node_get(c->top, "apiVersion") != NULL)
		return k8s_bad(&c->k, c->top, err, "no compose file: "
		    "expected a map with services");
	if (k8s_is(&c->k, c->services, NODE_MAP, err) < 0 ||
	    k8s_is(&c->k, node_get(c->top, "volumes"), NODE_MAP, err) < 0)
		return -1;
	if (c->services != c->top)
		compose_text(node_get(c->top, "name"), &name);
	c->project = name.len > 0 ? name.s : "default";
	rc = included(c, err);
	NODE_EACH(n, c->services)
		if (rc == 0)
			rc = service(c, n, err);
	str_free(&name);
	return rc;
}

static int read(struct input *in, struct sink *sink, struct err *err)
{
	struct compose c = { .k = { .sink = sink, .name = input_name(in) } };
	int rc = yaml_read(in, document, &c, err);

	k8s_index_free(&c.k.seen);
	return rc;
}

/* The next line after p, or NULL. */
static const char *line_after(const char *p, const char *end)
{
	const char *eol = memchr(p, '\n', (size_t)(end - p));

	return eol != NULL && eol + 1 < end ? eol + 1 : NULL;
}

static bool begins(const char *p, const char *end, const char *word)
{
	size_t n = strlen(word);

	return (size_t)(end - p) >= n && memcmp(p, word, n) == 0;
}

/*
 * What lines of the head look like: a "services" that is no list, a key of a
 * service under it, and what other kinds of file begin a line with.
 */
static int bid_text(const char *p, const char *end)
{
	static const char *const others[] = {
		"apiVersion:", "kind:", "stages:", "- "
	};
	static const char *const ours[] = {
		"image:", "build:", "extends:", "<<:"
	};
	bool services = false, key = false, top = false;

	for (; p != NULL; p = line_after(p, end)) {
		const char *word = p;

		while (word < end && *word == ' ')
			word++;
		for (size_t i = 0; word == p && i < 4; i++)
			if (begins(p, end, others[i]))
				return 0;
		if (word == p && begins(p, end, "services:"))
			services = true;
		else if (word == p && word < end && *word != '#')
			top = true;
		for (size_t i = 0; word > p && i < 4; i++)
			key |= begins(word, end, ours[i]);
	}
	return services ? key ? 85 : 40 : top && key ? 15 : 0;
}

static int bid(const struct probe *p)
{
	if (p->kind == PROBE_JSON) {
		bool services = false;

		if (probe_has(p, "apiVersion"))
			return 0;
		for (size_t i = 0; i < p->nkeys; i++)
			services |= str_starts(p->keys[i], "services.") &&
			    (str_ends(p->keys[i], ".image") ||
			    str_ends(p->keys[i], ".build"));
		return services ? 80 : 0;
	}
	if (p->kind != PROBE_TEXT || p->head_len == 0)
		return 0;
	return bid_text(p->head, p->head + p->head_len);
}

const struct importer importer_compose = {
	.name = "compose",
	.about = "compose files: version 1 to 3 and the Compose "
	    "Specification",
	.version = 3,
	.keep = true,
	.bid = bid,
	.read = read,
};
