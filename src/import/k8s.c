/*
 * k8s.c - Kubernetes manifests, YAML or JSON: recognition and the walk.
 *
 * A file holds documents, a document an object or a list of them.  Objects
 * with a pod template become workload targets, node configurations platform
 * targets; every object is also a fact of the file, so that what is counted
 * in is what can be looked up.
 */
#include <search.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "muster/cap.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/mem.h"
#include "muster/sink.h"
#include "muster/str.h"
#include "muster/yaml.h"
#include "k8s_priv.h"

#define MAX_LOCATOR	512		/* longer: the line alone */

struct named {
	char	*name;
	void	*value;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct named *)a)->name,
	    ((const struct named *)b)->name);
}

static void named_free(void *p)
{
	struct named *e = p;

	free(e->name);
	free(e);
}

void **k8s_index_slot(struct k8s_index *ix, const char *name)
{
	struct named *e = mem_alloc(sizeof(*e)), **at;

	e->name = mem_dup(name);
	at = mem_must(tsearch(e, &ix->root, by_name));
	if (*at != e)
		named_free(e);
	return &(*at)->value;
}

void *k8s_index_get(const struct k8s_index *ix, const char *name)
{
	struct named want = { (char *)(uintptr_t)name, NULL };
	struct named *const *at = tfind(&want, &ix->root, by_name);

	return at != NULL ? (*at)->value : NULL;
}

void k8s_index_free(struct k8s_index *ix)
{
	tdestroy(ix->root, named_free);
	ix->root = NULL;
}

static int line_of(const struct k8s *k, const struct node *at)
{
	return k->flat ? k->line : k->line + at->line;
}

int k8s_bad(const struct k8s *k, const struct node *at, struct err *err,
    const char *fmt, ...)
{
	struct str where = STR_INIT;
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	err_set(err, ERR_INPUT, "%s", text);
	node_pointer(at, &where);
	err_place(err, "document %d %s", k->doc, str_text(&where));
	str_free(&where);
	return err_at(err, k->name, line_of(k, at), -1);
}

int k8s_is(const struct k8s *k, const struct node *n, enum node_kind kind,
    struct err *err)
{
	static const char *const kinds[] = {
		"null", "a boolean", "a number", "a string", "a map", "a list"
	};

	if (n == NULL || n->kind == NODE_NULL || n->kind == kind)
		return 0;
	return k8s_bad(k, n, err, "\"%s\" is %s; expected %s",
	    n->key != NULL ? n->key : "this entry", kinds[n->kind],
	    kinds[kind]);
}

void k8s_locator(const struct k8s *k, const struct node *at, struct str *out)
{
	size_t len;

	str_addf(out, "yaml:%d:%d", k->doc, line_of(k, at));
	len = out->len;
	str_addc(out, ':');
	/* a document inside a text is where the text is */
	node_pointer(k->within != NULL ? k->within : at, out);
	if (out->len == len + 1 || out->len > MAX_LOCATOR) {
		out->len = len;
		out->s[len] = '\0';
	}
}

int k8s_fact(const struct k8s *k, int64_t target, const char *name,
    const char *key, const char *value, const struct node *at,
    struct err *err)
{
	struct str where = STR_INIT;
	int rc;

	if (at == NULL || (value == NULL && (value = node_text(at)) == NULL))
		return 0;
	k8s_locator(k, at, &where);
	rc = sink_fact(k->sink, &(struct fact){ .target = target,
	    .name = name, .key = key, .value = value,
	    .locator = str_text(&where) }, err);
	str_free(&where);
	return rc;
}

/* Is this name new?  It is not from now on; the value counts. */
static bool is_new(struct k8s *k, const char *name)
{
	void **slot = k8s_index_slot(&k->seen, name);
	bool is = *slot == NULL;

	if (is)
		*slot = (void *)(intptr_t)1;
	return is;
}

/* A key that was given out gets the document's number behind it, and within
 * one document a number more. */
static void unique(struct k8s *k, struct str *key)
{
	struct str base = STR_INIT;
	intptr_t n;
	void **slot;

	if (is_new(k, str_text(key)))
		return;
	str_addf(key, "#%d", k->doc);
	if (is_new(k, str_text(key)))
		return;
	str_add(&base, str_text(key));
	do {
		slot = k8s_index_slot(&k->seen, str_text(&base));
		n = (intptr_t)*slot + 1;
		*slot = (void *)n;
		str_clear(key);
		str_addf(key, "%s.%lld", str_text(&base), (long long)n);
	} while (!is_new(k, str_text(key)));
	str_free(&base);
}

int64_t k8s_target(struct k8s *k, const char *kind, const char *key,
    const char *name, const struct node *at, struct err *err)
{
	struct str own = STR_INIT, where = STR_INIT;
	int64_t n;

	str_add(&own, key);
	unique(k, &own);
	k8s_locator(k, at, &where);
	n = sink_target(k->sink, &(struct target){ .kind = kind,
	    .key = str_text(&own),
	    .name = name != NULL ? name : str_text(&own),
	    .locator = str_text(&where) }, err);
	str_free(&own);
	str_free(&where);
	return n;
}

/* The kinds whose pod template is at a known place. */
static const struct {
	const char *kind, *template;
} places[] = {
	{ "Pod",		   "" },
	{ "PodTemplate",	   "template" },
	{ "Deployment",		   "spec.template" },
	{ "StatefulSet",	   "spec.template" },
	{ "DaemonSet",		   "spec.template" },
	{ "ReplicaSet",		   "spec.template" },
	{ "ReplicationController", "spec.template" },
	{ "DeploymentConfig",	   "spec.template" },
	{ "Job",		   "spec.template" },
	{ "CronJob",		   "spec.jobTemplate.spec.template" },
};

static int workload(struct k8s *k, const struct k8s_object *o,
    const char *template, struct err *err)
{
	const struct node *t = *template != '\0' ?
	    node_at(o->node, template) : o->node;
	struct k8s_pod pod = { .of = o };

	if (k8s_is(k, node_get(o->node, "spec"), NODE_MAP, err) < 0 ||
	    k8s_is(k, t, NODE_MAP, err) < 0)
		return -1;
	pod.meta = node_get(t, "metadata");
	pod.spec = node_get(t, "spec");
	return k8s_pod_read(k, &pod, err);
}

static int object(struct k8s *k, const struct k8s_object *o, struct err *err)
{
	int rc;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (strcmp(places[i].kind, o->kind) == 0)
			return workload(k, o, places[i].template, err);
	if (strcmp(o->kind, "Service") == 0)
		return k8s_service_read(k, o, err);
	if ((rc = k8s_node_read(k, o, err)) != 0)
		return rc < 0 ? -1 : 0;
	return k8s_pod_search(k, o, err);
}

/* The object's own record, which is what the counts count. */
static int note(struct k8s *k, const struct k8s_object *o, struct err *err)
{
	const char *version = node_text(node_get(o->node, "apiVersion"));
	struct str key = STR_INIT;
	int rc;

	str_addf(&key, "%s/%s/%s", o->kind, o->ns, o->name);
	rc = k8s_fact(k, 0, "k8s.object", str_text(&key),
	    version != NULL ? version : "", o->node, err);
	str_free(&key);
	sink_count(k->sink, COUNT_READ, 1);
	sink_count(k->sink, COUNT_STORED, 1);
	return rc;
}

/* kustomize itself lets kind and apiVersion away. */
static bool is_kustomization(const struct node *n)
{
	return node_get(n, "apiVersion") == NULL &&
	    (node_get(n, "resources") != NULL || node_get(n, "bases") != NULL);
}

int k8s_walk(struct k8s *k, const struct node *n, const char *kind,
    int depth, struct err *err)
{
	struct k8s_object o = { .node = n };
	const struct node *meta, *items, *own;
	char item[128] = "";
	size_t len;

	if (n->kind != NODE_MAP)
		return k8s_bad(k, n, err, "no Kubernetes object: expected a "
		    "map with apiVersion and kind");
	own = node_get(n, "kind");
	o.kind = node_text(own) != NULL ? node_text(own) : kind;
	if (o.kind == NULL && is_kustomization(n))
		o.kind = "Kustomization";
	if (str_empty(o.kind))
		return k8s_bad(k, n, err, "no Kubernetes object: it has no "
		    "kind");
	items = node_get(n, "items");
	if (str_ends(o.kind, "List") && items != NULL) {
		len = strlen(o.kind) - strlen("List");
		if (depth == cap(CAP_KUBERNETES_LISTS))
			return k8s_bad(k, n, err, "lists inside lists too "
			    "deep: %s", cap_hint(CAP_KUBERNETES_LISTS));
		if (k8s_is(k, items, NODE_LIST, err) < 0)
			return -1;
		if (len > 0 && len < sizeof(item))
			memcpy(item, o.kind, len);
		NODE_EACH(i, items)
			if (k8s_walk(k, i, len > 0 ? item : NULL, depth + 1,
			    err) < 0)
				return -1;
		return 0;
	}
	meta = node_get(n, "metadata");
	if (k8s_is(k, meta, NODE_MAP, err) < 0)
		return -1;
	o.ns = node_text(node_get(meta, "namespace"));
	o.name = node_text(node_get(meta, "name"));
	if (o.name == NULL)
		o.name = node_text(node_get(meta, "generateName"));
	o.ns = str_empty(o.ns) ? "default" : o.ns;
	o.name = str_empty(o.name) ? "unnamed" : o.name;
	return note(k, &o, err) < 0 ? -1 : object(k, &o, err);
}

static int document(void *ctx, const struct tree *t, int doc,
    struct err *err)
{
	const struct node *root = tree_root(t);
	struct k8s *k = ctx;

	k->doc = doc;
	if (root == NULL || root->kind == NODE_NULL)
		return 0;
	return k8s_walk(k, root, NULL, 0, err);
}

/* "{" and then a quoted key or nothing: strict JSON, one document.  YAML can
 * look so too, but only where a second document follows. */
static bool is_json(struct input *in, struct err *err)
{
	size_t len;
	const char *p = input_head(in, &len, err), *end;

	if (p == NULL)
		return false;
	end = p + len;
	if (memmem(p, len, "\n---", 4) != NULL)
		return false;
	while (p < end && strchr(" \t\r\n", *p) != NULL)
		p++;
	if (p == end || *p++ != '{')
		return false;
	while (p < end && strchr(" \t\r\n", *p) != NULL)
		p++;
	return p < end && (*p == '"' || *p == '}');
}

static int read_json(struct k8s *k, struct input *in, struct err *err)
{
	struct tree *t = tree_json_input(in, err);
	int rc = t != NULL ? document(k, t, 1, err) : -1;

	tree_free(t);
	return rc;
}

static int read(struct input *in, struct sink *sink, struct err *err)
{
	struct k8s k = { .sink = sink, .name = input_name(in) };
	int rc;

	k.services = k8s_service_new();
	k.json = is_json(in, err);
	rc = k.json ? read_json(&k, in, err) :
	    yaml_read(in, document, &k, err);
	if (rc == 0)
		rc = k8s_service_join(&k, err);
	k8s_service_free(k.services);
	k8s_index_free(&k.seen);
	return rc;
}

/* Does a line of the first document with content start with this key? */
static bool has_key(const struct probe *p, const char *key)
{
	const char *s = p->head, *end = s + p->head_len, *eol;
	size_t len = strlen(key);
	bool content = false;

	for (; s < end; s = eol + 1) {
		size_t left = (size_t)(end - s);

		if ((eol = memchr(s, '\n', left)) == NULL)
			eol = end;
		if (left > len && memcmp(s, key, len) == 0 && s[len] == ':')
			return true;
		if (left >= 3 && memcmp(s, "---", 3) == 0 && content)
			return false;
		if (strchr("#-%\r\n", *s) == NULL)
			content = true;
	}
	return false;
}

static int bid(const struct probe *p)
{
	if (p->kind == PROBE_JSON && probe_has(p, "apiVersion") &&
	    (probe_has(p, "kind") || probe_has(p, "items[].kind") ||
	    probe_has(p, "items[].metadata")))
		return 90;
	if (p->kind == PROBE_JSON && probe_has(p, "kind") &&
	    probe_has(p, "items[].apiVersion"))
		return 90;
	if (p->kind != PROBE_JSON && p->kind != PROBE_TEXT)
		return 0;
	if (has_key(p, "apiVersion") &&
	    (has_key(p, "kind") || has_key(p, "items")))
		return 90;
	/* A map in braces with bare keys. */
	if (p->nkeys == 0 && p->head_len > 0 && p->head[0] == '{' &&
	    probe_seen(p, "apiVersion:") && probe_seen(p, "kind:"))
		return 60;
	/* An overlay of kustomize, which needs neither. */
	if (!has_key(p, "apiVersion") && has_key(p, "resources") &&
	    probe_seen(p, ".yaml") && !has_key(p, "name"))
		return 20;
	return 0;
}

const struct importer importer_k8s = {
	.name = "kubernetes",
	.about = "Kubernetes manifests and node configurations, YAML or JSON",
	.version = 5,
	.keep = true,
	.bid = bid,
	.read = read,
};
