/*
 * k8s_pod.c - a pod template: one workload target per container.
 *
 * Facts are about the container as it will run: what the container says wins
 * over what the pod says, and the key or value tells which it was.
 */
#include <string.h>

#include "muster/err.h"
#include "muster/sink.h"
#include "muster/str.h"
#include "k8s_priv.h"

/* The lists of a pod and what their containers are. */
static const struct {
	const char *list, *role;
} lists[] = {
	{ "containers",		 "container" },
	{ "initContainers",	 "init" },
	{ "ephemeralContainers", "ephemeral" },
};
#define NLISTS (sizeof(lists) / sizeof(lists[0]))

/* The container's setting, else the pod's; *where says which. */
static const struct node *in_force(const struct k8s_pod *pod,
    const struct node *c, const char *path, const char **where)
{
	const struct node *n = node_at(c, path);

	*where = "container";
	if (n != NULL && n->kind != NODE_NULL)
		return n;
	n = node_at(pod->spec, path);
	*where = "pod";
	return n != NULL && n->kind != NODE_NULL ? n : NULL;
}

static int profile(struct k8s *k, int64_t t, const struct node *n,
    const char *where, struct err *err)
{
	const char *type = node_text(node_get(n, "type"));
	const char *file = node_text(node_get(n, "localhostProfile"));
	struct str value = STR_INIT;
	int rc;

	str_add(&value, type != NULL ? type : "");
	if (!str_empty(file))
		str_addf(&value, " %s", file);
	rc = k8s_fact(k, t, "pod.seccomp", where, str_text(&value), n, err);
	str_free(&value);
	return rc;
}

/* The field of the container, its old annotation, the pod's field, its old
 * annotation: the first there is. */
static int seccomp(struct k8s *k, int64_t t, const struct k8s_pod *pod,
    const struct node *c, const char *name, struct err *err)
{
	const struct node *notes = node_get(pod->meta, "annotations");
	const struct node *n = node_at(c, "securityContext.seccompProfile");
	struct str key = STR_INIT;

	if (n != NULL && n->kind == NODE_MAP)
		return profile(k, t, n, "container", err);
	str_addf(&key, "container.seccomp.security.alpha.kubernetes.io/%s",
	    name);
	n = node_get(notes, str_text(&key));
	str_free(&key);
	if (n != NULL)
		return k8s_fact(k, t, "pod.seccomp",
		    "container annotation", NULL, n, err);
	n = node_at(pod->spec, "securityContext.seccompProfile");
	if (n != NULL && n->kind == NODE_MAP)
		return profile(k, t, n, "pod", err);
	return k8s_fact(k, t, "pod.seccomp", "pod annotation", NULL,
	    node_get(notes, "seccomp.security.alpha.kubernetes.io/pod"), err);
}

static int security(struct k8s *k, int64_t t, const struct k8s_pod *pod,
    const struct node *c, struct err *err)
{
	const struct node *own = node_get(c, "securityContext");
	const struct node *n;
	const char *where;

	if (k8s_is(k, own, NODE_MAP, err) < 0 ||
	    k8s_fact(k, t, "pod.privileged", NULL, NULL,
	    node_get(own, "privileged"), err) < 0)
		return -1;
	/* A string "true" is refused by the API: only a boolean counts. */
	n = node_get(own, "readOnlyRootFilesystem");
	if (n != NULL && n->kind != NODE_NULL && k8s_fact(k, t,
	    "pod.readonly", NULL, node_is_true(n) ? "true" : "false", n,
	    err) < 0)
		return -1;
	n = in_force(pod, c, "securityContext.runAsUser", &where);
	return k8s_fact(k, t, "pod.user", where, NULL, n, err);
}

static int resources(struct k8s *k, int64_t t, const struct node *from,
    const char *prefix, struct err *err)
{
	static const char *const paths[] = {
		"limits.cpu", "limits.memory", "requests.cpu",
		"requests.memory"
	};
	const struct node *r = node_get(from, "resources");
	char key[32];

	if (k8s_is(k, r, NODE_MAP, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		snprintf(key, sizeof(key), "%s%s", prefix, paths[i]);
		if (k8s_fact(k, t, "pod.resource", key, NULL,
		    node_at(r, paths[i]), err) < 0)
			return -1;
	}
	return 0;
}

static const struct node *named_port(const struct node *c, const char *name)
{
	NODE_EACH(p, node_get(c, "ports"))
		if (name != NULL && str_eq(node_text(node_get(p, "name")),
		    name))
			return node_get(p, "containerPort");
	return NULL;
}

static int probe(struct k8s *k, int64_t t, const struct node *c,
    const char *which, struct err *err)
{
	static const char *const handlers[] = {
		"exec", "httpGet", "tcpSocket", "grpc"
	};
	const struct node *p, *h = NULL, *port;
	const char *handler = "none";
	char key[32];

	snprintf(key, sizeof(key), "%sProbe", which);
	p = node_get(c, key);
	if (p == NULL || p->kind == NODE_NULL)
		return 0;
	if (k8s_is(k, p, NODE_MAP, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++)
		if (h == NULL && (h = node_get(p, handlers[i])) != NULL) {
			if (h->kind == NODE_MAP)
				handler = handlers[i];
			else
				h = NULL;
		}
	if (k8s_fact(k, t, "pod.probe", which, handler, p, err) < 0)
		return -1;
	port = node_get(h, "port");
	if (named_port(c, node_text(port)) != NULL)
		port = named_port(c, node_text(port));
	return node_text(port) == NULL ? 0 : k8s_fact(k, t, "pod.probe_port",
	    node_text(port), which, port, err);
}

static int ports(struct k8s *k, int64_t t, const struct node *c,
    struct err *err)
{
	const struct node *list = node_get(c, "ports"), *port;
	const char *protocol;

	if (k8s_is(k, list, NODE_LIST, err) < 0)
		return -1;
	NODE_EACH(p, list) {
		port = node_get(p, "containerPort");
		protocol = node_text(node_get(p, "protocol"));
		if (node_text(port) != NULL && k8s_fact(k, t, "pod.port_name",
		    node_text(port), NULL, node_get(p, "name"), err) < 0)
			return -1;
		if (node_text(port) != NULL && k8s_fact(k, t, "pod.port",
		    node_text(port), protocol != NULL ? protocol : "TCP",
		    port, err) < 0)
			return -1;
	}
	return 0;
}

static bool is_windows(const struct node *spec)
{
	const struct node *where = node_get(spec, "nodeSelector");

	return str_eq(node_text(node_at(spec, "os.name")), "windows") ||
	    str_eq(node_text(node_get(where, "kubernetes.io/os")),
	    "windows") ||
	    str_eq(node_text(node_get(where, "beta.kubernetes.io/os")),
	    "windows");
}

/* A rule of required or preferred node affinity that says something. */
static const struct node *affinity(const struct node *spec)
{
	static const char *const kinds[] = {
		"requiredDuringSchedulingIgnoredDuringExecution."
		    "nodeSelectorTerms",
		"preferredDuringSchedulingIgnoredDuringExecution"
	};
	const struct node *a = node_at(spec, "affinity.nodeAffinity");

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		NODE_EACH(term, node_at(a, kinds[i])) {
			const struct node *t = node_get(term, "preference");

			t = t != NULL ? t : term;
			NODE_EACH(e, node_get(t, "matchExpressions"))
				return e;
			NODE_EACH(f, node_get(t, "matchFields"))
				return f;
		}
	return NULL;
}

/* Where the pod may run, and the labels that say what it is. */
static int placement(struct k8s *k, int64_t t, const struct k8s_pod *pod,
    struct err *err)
{
	const struct node *where = node_get(pod->spec, "nodeSelector");
	const struct node *labels = node_get(pod->meta, "labels"), *a;
	struct str value = STR_INIT;
	int rc;

	if (k8s_is(k, where, NODE_MAP, err) < 0 ||
	    k8s_is(k, labels, NODE_MAP, err) < 0)
		return -1;
	if (where != NULL && where->child != NULL) {
		const char *v = node_text(where->child);

		str_addf(&value, "%s=%s", where->child->key,
		    v != NULL ? v : "");
		rc = k8s_fact(k, t, "pod.selector", "nodeSelector",
		    str_text(&value), where->child, err);
		str_free(&value);
		if (rc < 0)
			return -1;
	}
	if ((a = affinity(pod->spec)) != NULL) {
		const char *v = node_text(node_get(a, "key"));

		if (k8s_fact(k, t, "pod.selector", "nodeAffinity",
		    v != NULL ? v : "", a, err) < 0)
			return -1;
	}
	NODE_EACH(l, labels)
		if (k8s_fact(k, t, "pod.label", l->key,
		    node_text(l) != NULL ? node_text(l) : "", l, err) < 0)
			return -1;
	return 0;
}

/* What the pod as a whole says; the same for each of its containers. */
static int whole(struct k8s *k, int64_t t, const struct k8s_pod *pod,
    struct err *err)
{
	static const char *const spaces[] = {
		"hostNetwork", "hostPID", "hostIPC"
	};
	const struct node *head = pod->of->node, *n;

	if (k8s_fact(k, t, "pod.kind", NULL, pod->of->kind, head, err) < 0 ||
	    k8s_fact(k, t, "pod.namespace", NULL, pod->of->ns, head,
	    err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++)
		if (k8s_fact(k, t, "pod.hostns", spaces[i], NULL,
		    node_get(pod->spec, spaces[i]), err) < 0)
			return -1;
	n = node_get(pod->spec, "os");
	n = n != NULL ? n : node_get(pod->spec, "nodeSelector");
	if (is_windows(pod->spec) &&
	    k8s_fact(k, t, "pod.os", NULL, "windows", n, err) < 0)
		return -1;
	if (k8s_fact(k, t, "pod.share", NULL, NULL, node_get(pod->spec,
	    "shareProcessNamespace"), err) < 0 ||
	    k8s_fact(k, t, "pod.user_ns", NULL, NULL,
	    node_get(pod->spec, "hostUsers"), err) < 0)
		return -1;
	return placement(k, t, pod, err);
}

static int64_t target(struct k8s *k, const struct k8s_pod *pod,
    const char *name, const struct node *at, struct err *err)
{
	struct str key = STR_INIT;
	int64_t t;

	str_addf(&key, "%s/%s/%s/%s", pod->of->kind, pod->of->ns,
	    pod->of->name, name);
	t = k8s_target(k, "workload", str_text(&key), NULL, at, err);
	str_free(&key);
	return t;
}

static int container(struct k8s *k, const struct k8s_pod *pod,
    const struct k8s_index *volumes, const struct node *c, const char *role,
    struct err *err)
{
	const char *name = node_text(node_get(c, "name"));
	char nameless[32];
	int64_t t;

	if (c->kind != NODE_MAP)
		return k8s_bad(k, c, err, "a container that is no map");
	snprintf(nameless, sizeof(nameless), "unnamed-%zu", c->index);
	name = !str_empty(name) ? name : nameless;
	if (strcmp(role, "init") == 0 && str_eq(node_text(node_get(c,
	    "restartPolicy")), "Always"))
		role = "sidecar";
	if ((t = target(k, pod, name, c, err)) < 0 ||
	    k8s_fact(k, t, "pod.container", NULL, role, c, err) < 0 ||
	    k8s_fact(k, t, "pod.image", NULL, NULL, node_get(c, "image"),
	    err) < 0 ||
	    whole(k, t, pod, err) < 0 ||
	    security(k, t, pod, c, err) < 0 ||
	    seccomp(k, t, pod, c, name, err) < 0 ||
	    resources(k, t, c, "", err) < 0 ||
	    resources(k, t, pod->spec, "pod.", err) < 0 ||
	    probe(k, t, c, "liveness", err) < 0 ||
	    probe(k, t, c, "readiness", err) < 0 ||
	    ports(k, t, c, err) < 0 ||
	    k8s_mount_read(k, t, volumes, c, err) < 0 ||
	    k8s_env_read(k, t, c, err) < 0)
		return -1;
	return k8s_service_pod(k, pod, t, c, err);
}

int k8s_pod_read(struct k8s *k, const struct k8s_pod *pod, struct err *err)
{
	struct k8s_index volumes = { NULL };
	const struct node *list;
	int64_t found = 0, t;
	int rc = -1;

	if (k8s_is(k, pod->spec, NODE_MAP, err) < 0 ||
	    k8s_is(k, pod->meta, NODE_MAP, err) < 0 ||
	    k8s_is(k, node_get(pod->meta, "annotations"), NODE_MAP,
	    err) < 0 ||
	    k8s_is(k, node_get(pod->spec, "securityContext"), NODE_MAP,
	    err) < 0 ||
	    k8s_mount_volumes(k, pod->spec, &volumes, err) < 0)
		goto out;
	for (size_t i = 0; i < NLISTS; i++) {
		list = node_get(pod->spec, lists[i].list);
		if (k8s_is(k, list, NODE_LIST, err) < 0)
			goto out;
		NODE_EACH(c, list) {
			if (container(k, pod, &volumes, c, lists[i].role,
			    err) < 0)
				goto out;
			found++;
		}
	}
	if (found == 0 &&
	    ((t = target(k, pod, "-", pod->of->node, err)) < 0 ||
	    k8s_fact(k, t, "pod.container", NULL, "none", pod->of->node,
	    err) < 0 ||
	    whole(k, t, pod, err) < 0))
		goto out;
	rc = 0;
out:
	k8s_index_free(&volumes);
	return rc;
}

/* A list of maps that all name an image, under "containers". */
static bool is_spec(const struct node *n)
{
	const struct node *list = node_get(n, "containers");

	if (list == NULL || list->kind != NODE_LIST || list->child == NULL)
		return false;
	NODE_EACH(c, list)
		if (node_text(node_get(c, "image")) == NULL)
			return false;
	return true;
}

/* As deep as a document may be (yaml-depth, json-depth). */
static int search(struct k8s *k, const struct k8s_object *o,
    const struct node *n, struct err *err)
{
	struct k8s_pod pod = { .of = o, .spec = n };

	if (is_spec(n)) {
		if (str_eq(n->key, "spec"))
			pod.meta = node_get(n->parent, "metadata");
		return k8s_pod_read(k, &pod, err);
	}
	NODE_EACH(c, n)
		if (c->child != NULL && search(k, o, c, err) < 0)
			return -1;
	return 0;
}

int k8s_pod_search(struct k8s *k, const struct k8s_object *o,
    struct err *err)
{
	return search(k, o, o->node, err);
}
