/*
 * compose_service.c - a service of a compose file as facts of a container.
 *
 * What an engine's rules make different from a pod is left to the checks;
 * here it is only spelled with a pod's facts, keyed by compose's own names.
 */
#include <string.h>

#include "muster/err.h"
#include "muster/secret.h"
#include "muster/str.h"
#include "compose_priv.h"

/* A flag: a boolean, or the same as text after interpolation. */
static int flag(struct compose *c, const struct compose_service *s,
    const char *name, const char *path, struct err *err)
{
	return compose_fact(c, s, name, path, compose_get(s, path), err);
}

/* The first of these places that says something. */
static int either(struct compose *c, const struct compose_service *s,
    const char *name, const char *key, const char *const *paths,
    struct err *err)
{
	const struct node *n = NULL;
	const char *path = NULL;

	for (; *paths != NULL && node_text(n) == NULL; paths++)
		n = compose_get(s, path = *paths);
	return compose_fact(c, s, name, key != NULL ? key : path, n, err);
}

static int resources(struct compose *c, const struct compose_service *s,
    struct err *err)
{
	static const struct {
		const char *name, *key, *paths[4];
	} from[] = {
		{ "pod.resource", "limits.cpu",
		    { "deploy.resources.limits.cpus", "cpus", "cpu_quota" } },
		{ "pod.resource", "limits.memory",
		    { "deploy.resources.limits.memory", "mem_limit" } },
		{ "pod.resource", "requests.cpu",
		    { "deploy.resources.reservations.cpus" } },
		{ "pod.resource", "requests.memory",
		    { "deploy.resources.reservations.memory",
		    "mem_reservation" } },
		{ "pod.pids", NULL,
		    { "pids_limit", "deploy.resources.limits.pids" } },
	};

	for (size_t i = 0; i < sizeof(from) / sizeof(from[0]); i++)
		if (either(c, s, from[i].name, from[i].key, from[i].paths,
		    err) < 0)
			return -1;
	return 0;
}

/* The seccomp option of all layers: one that switches the profile off is not
 * taken back by another. */
static int seccomp(struct compose *c, const struct compose_service *s,
    struct err *err)
{
	const struct node *found = NULL;
	struct str text = STR_INIT, value = STR_INIT;
	int rc = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct node *list = node_get(s->layer[i],
		    "security_opt");

		if (k8s_is(&c->k, list, NODE_LIST, err) < 0)
			return -1;
		NODE_EACH(n, list) {
			compose_text(n, &text);
			if (!str_starts(str_text(&text), "seccomp:") &&
			    !str_starts(str_text(&text), "seccomp="))
				continue;
			if (found == NULL || strcmp(text.s +
			    strlen("seccomp:"), "unconfined") == 0)
				found = n;
		}
	}
	if (found != NULL) {
		compose_text(found, &text);
		if (strcmp(text.s + strlen("seccomp:"), "unconfined") != 0)
			str_add(&value, "Localhost ");
		str_add(&value, text.s + strlen("seccomp:"));
		rc = k8s_fact(&c->k, s->target, "pod.seccomp",
		    "service's security_opt", str_text(&value), found, err);
	}
	str_free(&text);
	str_free(&value);
	return rc;
}

/* "root" and "0:0" are the uid 0 that other files would say. */
static int user(struct compose *c, const struct compose_service *s,
    struct err *err)
{
	const struct node *n = compose_get(s, "user");
	struct str text = STR_INIT;
	size_t len;
	int rc = 0;

	if (node_text(n) != NULL) {
		compose_text(n, &text);
		len = strcspn(str_text(&text), ":");
		if (len > 0 && len < text.len && text.s[0] != '$')
			text.s[text.len = len] = '\0';
		if (text.len > 0)
			rc = k8s_fact(&c->k, s->target, "pod.user", "user",
			    strcmp(text.s, "root") == 0 ? "0" : text.s, n,
			    err);
	}
	str_free(&text);
	return rc;
}

/* "none", a test, or changes to the image's own ("image"). */
static int health(struct compose *c, const struct compose_service *s,
    struct err *err)
{
	const struct node *h = compose_get(s, "healthcheck"), *test;
	const struct node *off = compose_get(s, "healthcheck.disable");
	const char *value = "healthcheck";

	if (h == NULL)
		return 0;
	if (k8s_is(&c->k, h, NODE_MAP, err) < 0)
		return -1;
	test = compose_get(s, "healthcheck.test");
	if (str_eq(node_text(off), "true"))
		value = "none";
	else if (test == NULL)
		value = "image";
	else if (test->kind == NODE_LIST ? test->child == NULL ||
	    str_eq(node_text(test->child), "NONE") ||
	    test->child->next == NULL : str_empty(node_text(test)))
		value = "none";
	if (k8s_fact(&c->k, s->target, "pod.probe", "liveness", value, h,
	    err) < 0)
		return -1;
	return k8s_fact(&c->k, s->target, "pod.probe", "readiness", value, h,
	    err);
}

/* Is this network of the file the host's own? */
static bool is_host_network(const struct compose *c, const char *name)
{
	const struct node *n = name != NULL && c->services != c->top ?
	    node_get(node_get(c->top, "networks"), name) : NULL;

	return str_eq(node_text(node_get(n, "driver")), "host") ||
	    (node_get(n, "external") != NULL &&
	    (str_eq(node_text(node_get(n, "name")), "host") ||
	    str_eq(node_text(node_at(n, "external.name")), "host")));
}

static int namespaces(struct compose *c, const struct compose_service *s,
    struct err *err)
{
	static const char *const spaces[] = {
		"network_mode", "net", "pid", "ipc", "uts", "userns_mode",
		"cgroup"
	};

	for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++)
		if (compose_fact(c, s, "pod.hostns", spaces[i],
		    compose_get(s, spaces[i]), err) < 0)
			return -1;
	for (size_t i = 0; i < s->n; i++)
		NODE_EACH(n, node_get(s->layer[i], "networks"))
			if (is_host_network(c, n->key != NULL ? n->key :
			    node_text(n)) && k8s_fact(&c->k, s->target,
			    "pod.hostns", "networks", "host", n, err) < 0)
				return -1;
	return 0;
}

/* "[[ADDRESS:]PUBLISHED:]TARGET[/PROTOCOL]", also with ranges. */
static int port(struct compose *c, const struct compose_service *s,
    const struct node *n, struct err *err)
{
	const char *protocol = node_text(node_get(n, "protocol"));
	const struct node *target = n->kind == NODE_MAP ?
	    node_get(n, "target") : n;
	struct str text = STR_INIT;
	char *p, *slash;
	int rc = 0;

	compose_text(target, &text);
	if (text.len > 0 && text.s[0] != '\0') {
		p = strrchr(text.s, ':');
		p = p != NULL ? p + 1 : text.s;
		if ((slash = strchr(p, '/')) != NULL) {
			*slash = '\0';
			protocol = slash + 1;
		}
		rc = k8s_fact(&c->k, s->target, "pod.port", p,
		    protocol != NULL ? protocol : "TCP", target, err);
	}
	str_free(&text);
	return rc;
}

static int ports(struct compose *c, const struct compose_service *s,
    struct err *err)
{
	static const char *const lists[] = { "ports", "expose" };

	for (size_t i = 0; i < 2 * s->n; i++) {
		const struct node *list = node_get(s->layer[i / 2],
		    lists[i % 2]);

		if (k8s_is(&c->k, list, NODE_LIST, err) < 0)
			return -1;
		NODE_EACH(n, list)
			if (port(c, s, n, err) < 0)
				return -1;
	}
	return 0;
}

/* A map of labels, or a list of "KEY=VALUE". */
static int label(struct compose *c, const struct compose_service *s,
    const struct node *n, struct err *err)
{
	struct str text = STR_INIT, masked = STR_INIT;
	const char *key = n->key, *value;
	char *equals;
	int rc = 0;

	compose_text(n, &text);
	str_add(&text, "");
	value = str_text(&text);
	if (key == NULL && text.len > 0) {
		key = text.s;
		if ((equals = strchr(text.s, '=')) != NULL)
			*equals = '\0';
		value = equals != NULL ? equals + 1 : "";
	}
	if (!str_empty(key)) {
		secret_mask(key, value, &masked);
		rc = k8s_fact(&c->k, s->target, "pod.label", key,
		    str_text(&masked), n, err);
	}
	str_free(&text);
	str_free(&masked);
	return rc;
}

static int placement(struct compose *c, const struct compose_service *s,
    struct err *err)
{
	static const char *const labels[] = { "labels", "deploy.labels" };
	const struct node *where = compose_get(s,
	    "deploy.placement.constraints");

	if (k8s_is(&c->k, where, NODE_LIST, err) < 0)
		return -1;
	if (where != NULL && where->child != NULL && compose_fact(c, s,
	    "pod.selector", "the placement constraint", where->child,
	    err) < 0)
		return -1;
	for (size_t i = 0; i < 2 * s->n; i++)
		NODE_EACH(n, node_at(s->layer[i / 2], labels[i % 2]))
			if (label(c, s, n, err) < 0)
				return -1;
	return 0;
}

/* environment is a map or a list of NAME=value; build.args too.  What an
 * extended service sets holds, too, unless it is set again. */
static int secrets(struct compose *c, const struct compose_service *s,
    struct err *err)
{
	static const char *const maps[] = {
		"environment", "build.args", "labels"
	};
	static const char *const texts[] = { "command", "entrypoint" };

	for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]); i++)
		NODE_EACH(n, compose_get(s, maps[i]))
			if (k8s_env_text(&c->k, s->target, n->key, n, err)
			    < 0)
				return -1;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (k8s_env_texts(&c->k, s->target, compose_get(s, texts[i]),
		    err) < 0)
			return -1;
	return 0;
}

int compose_service_read(struct compose *c, struct compose_service *s,
    struct err *err)
{
	const struct node *own = s->layer[0];
	const struct node *os = compose_get(s, "platform");

	if (k8s_fact(&c->k, s->target, "pod.container", NULL, "container",
	    own, err) < 0 ||
	    k8s_fact(&c->k, s->target, "pod.kind", NULL, "Compose", own,
	    err) < 0 ||
	    k8s_fact(&c->k, s->target, "pod.namespace", NULL, c->project,
	    own, err) < 0 ||
	    compose_fact(c, s, "pod.image", NULL, compose_get(s, "image"),
	    err) < 0 ||
	    (str_starts(node_text(os) != NULL ? node_text(os) : "",
	    "windows") && k8s_fact(&c->k, s->target, "pod.os", NULL,
	    "windows", os, err) < 0))
		return -1;
	if (flag(c, s, "pod.privileged", "privileged", err) < 0 ||
	    flag(c, s, "pod.readonly", "read_only", err) < 0 ||
	    user(c, s, err) < 0 || seccomp(c, s, err) < 0 ||
	    resources(c, s, err) < 0 || health(c, s, err) < 0 ||
	    namespaces(c, s, err) < 0 || ports(c, s, err) < 0 ||
	    placement(c, s, err) < 0 || secrets(c, s, err) < 0)
		return -1;
	return compose_mount_read(c, s, err);
}
