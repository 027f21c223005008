/*
 * k8s_node.c - what stands around workloads: how a node is configured, what
 * a namespace supplies, which volume a claim gets.
 *
 * A node's configuration is a subject of its own.  The rest are facts of the
 * file; the checks join them with the workloads of every file.
 */
#include <string.h>

#include "muster/err.h"
#include "muster/input.h"
#include "muster/sink.h"
#include "muster/str.h"
#include "muster/yaml.h"
#include "k8s_priv.h"

static int platform(struct k8s *k, const struct k8s_object *o,
    const char *kind, const struct node *n, int64_t *t, struct err *err)
{
	struct str key = STR_INIT;
	bool named = strcmp(o->name, "unnamed") != 0;

	str_addf(&key, "%s/", kind);
	if (named)
		str_add(&key, o->name);
	else
		str_addf(&key, "%d", k->doc);
	*t = k8s_target(k, "platform", str_text(&key), NULL, n, err);
	str_free(&key);
	return *t < 0 ? -1 : k8s_fact(k, *t, "platform.kind", NULL, kind, n,
	    err);
}

/* The settings of a KubeletConfiguration that anyone has asked about. */
static int kubelet(struct k8s *k, const struct k8s_object *o,
    const char *kind, const struct node *n, struct err *err)
{
	int64_t t;

	if (platform(k, o, kind, n, &t, err) < 0 ||
	    k8s_fact(k, t, "platform.pids", "podPidsLimit", NULL,
	    node_get(n, "podPidsLimit"), err) < 0 ||
	    k8s_fact(k, t, "platform.seccomp", "seccompDefault", NULL,
	    node_get(n, "seccompDefault"), err) < 0 ||
	    k8s_fact(k, t, "platform.setting", "tlsMinVersion", NULL,
	    node_get(n, "tlsMinVersion"), err) < 0 ||
	    k8s_fact(k, t, "platform.setting", "readOnlyPort", NULL,
	    node_get(n, "readOnlyPort"), err) < 0)
		return -1;
	return k8s_fact(k, t, "platform.setting", "anonymous", NULL,
	    node_at(n, "authentication.anonymous.enabled"), err);
}

/* OpenShift's KubeletConfig changes single settings of the kubelet's own: one
 * that names none of ours says nothing about a platform. */
static int openshift_kubelet(struct k8s *k, const struct k8s_object *o,
    struct err *err)
{
	const struct node *n = node_at(o->node, "spec.kubeletConfig");

	if (k8s_is(k, n, NODE_MAP, err) < 0)
		return -1;
	if (node_get(n, "podPidsLimit") == NULL &&
	    node_get(n, "seccompDefault") == NULL)
		return 0;
	return kubelet(k, o, o->kind, n, err);
}

static int openshift_runtime(struct k8s *k, const struct k8s_object *o,
    struct err *err)
{
	const struct node *n = node_at(o->node, "spec.containerRuntimeConfig");
	int64_t t;

	if (k8s_is(k, n, NODE_MAP, err) < 0)
		return -1;
	if (node_get(n, "pidsLimit") == NULL)
		return 0;
	if (platform(k, o, o->kind, n, &t, err) < 0)
		return -1;
	return k8s_fact(k, t, "platform.pids", "pidsLimit", NULL,
	    node_get(n, "pidsLimit"), err);
}

struct inner {
	struct k8s	*k;
	const struct k8s_object *o;
};

static int inner_document(void *ctx, const struct tree *t, int doc,
    struct err *err)
{
	const struct inner *in = ctx;
	const struct node *n = tree_root(t);

	(void)doc;
	if (!str_eq(node_text(node_get(n, "kind")), "KubeletConfiguration"))
		return 0;
	return kubelet(in->k, in->o, "KubeletConfiguration", n, err);
}

/* kubeadm keeps the kubelets' configuration as text in a ConfigMap. */
static int config_map(struct k8s *k, const struct k8s_object *o,
    struct err *err)
{
	const struct node *n = node_at(o->node, "data.kubelet");
	const char *text = node_text(n);
	struct inner in = { k, o };
	struct input *bytes;
	int rc;

	if (!str_contains(text, "KubeletConfiguration"))
		return 0;
	/* A block scalar begins on the line after its key. */
	k->line = n->line;
	k->flat = k->json;
	k->within = n;
	bytes = input_open_mem(text, strlen(text), k->name);
	rc = yaml_read(bytes, inner_document, &in, err);
	if (rc < 0 && !k->flat && err->line > 0)
		err->line += n->line;
	input_close(bytes);
	k->line = 0;
	k->flat = false;
	k->within = NULL;
	return rc;
}

/* The default of one resource, as the API server's own defaulting has it:
 * a limit from default, else max; a request from defaultRequest, else that
 * limit, else min. */
static const struct node *supplied(const struct node *item, bool request,
    const char *resource)
{
	static const char *const limit[] = { "default", "max", NULL };
	static const char *const least[] = {
		"defaultRequest", "default", "max", "min", NULL
	};
	const struct node *n;

	for (const char *const *p = request ? least : limit; *p != NULL; p++)
		if ((n = node_get(node_get(item, *p), resource)) != NULL &&
		    n->kind != NODE_NULL)
			return n;
	return NULL;
}

static int limit_range(struct k8s *k, const struct k8s_object *o,
    struct err *err)
{
	static const char *const resources[] = { "cpu", "memory" };
	const struct node *list = node_at(o->node, "spec.limits");
	struct str key = STR_INIT;
	int rc = 0;

	if (k8s_is(k, list, NODE_LIST, err) < 0)
		return -1;
	NODE_EACH(item, list) {
		if (!str_eq(node_text(node_get(item, "type")), "Container"))
			continue;
		for (int i = 0; i < 4 && rc == 0; i++) {
			str_clear(&key);
			str_addf(&key, "%s/%s.%s", o->ns,
			    i < 2 ? "limits" : "requests", resources[i % 2]);
			rc = k8s_fact(k, 0, "k8s.default", str_text(&key),
			    NULL, supplied(item, i >= 2, resources[i % 2]),
			    err);
		}
	}
	str_free(&key);
	return rc;
}

/* What a namespace's quota counts, every container has to state. */
static int quota(struct k8s *k, const struct k8s_object *o, struct err *err)
{
	/* "cpu" alone is the requests' */
	static const char *const names[][2] = {
		{ "limits.cpu", "limits.cpu" },
		{ "limits.memory", "limits.memory" },
		{ "requests.cpu", "requests.cpu" }, { "cpu", "requests.cpu" },
		{ "requests.memory", "requests.memory" },
		{ "memory", "requests.memory" },
	};
	const struct node *hard = node_at(o->node, "spec.hard");
	struct str key = STR_INIT;
	int rc = k8s_is(k, hard, NODE_MAP, err);

	for (size_t i = 0; rc == 0 && i < sizeof(names) / sizeof(names[0]);
	    i++) {
		str_clear(&key);
		str_addf(&key, "%s/%s", o->ns, names[i][1]);
		rc = k8s_fact(k, 0, "k8s.quota", str_text(&key), NULL,
		    node_get(hard, names[i][0]), err);
	}
	str_free(&key);
	return rc;
}

/* The pod security standard that a namespace enforces. */
static int namespace(struct k8s *k, const struct k8s_object *o,
    struct err *err)
{
	const struct node *labels = node_at(o->node, "metadata.labels");

	return k8s_is(k, labels, NODE_MAP, err) < 0 ? -1 :
	    k8s_fact(k, 0, "k8s.security", o->name, NULL, node_get(labels,
	    "pod-security.kubernetes.io/enforce"), err);
}

/* Listed: no requirement asks for one. */
static int policy(struct k8s *k, const struct k8s_object *o, struct err *err)
{
	const struct node *spec = node_get(o->node, "spec");
	struct str key = STR_INIT, types = STR_INIT;
	int rc;

	NODE_EACH(t, node_get(spec, "policyTypes"))
		if (node_text(t) != NULL)
			str_addf(&types, "%s%s", types.len > 0 ? " " : "",
			    node_text(t));
	if (types.len == 0)	/* the API's default */
		str_addf(&types, "Ingress%s", node_get(spec, "egress") !=
		    NULL ? " Egress" : "");
	str_addf(&key, "%s/%s", o->ns, o->name);
	rc = k8s_fact(k, 0, "k8s.policy", str_text(&key), str_text(&types),
	    o->node, err);
	str_free(&key);
	str_free(&types);
	return rc;
}

static int volume(struct k8s *k, const struct k8s_object *o, struct err *err)
{
	const struct node *spec = node_get(o->node, "spec");
	const struct node *path = node_at(spec, "hostPath.path");
	const struct node *claim = node_get(spec, "claimRef");
	const char *name = node_text(node_get(claim, "name"));
	const char *ns = node_text(node_get(claim, "namespace"));
	struct str key = STR_INIT;
	int rc;

	if (path == NULL)
		path = node_at(spec, "local.path");
	if (k8s_fact(k, 0, "k8s.volume", o->name,
	    path == NULL ? "" : NULL, path != NULL ? path : o->node, err) < 0)
		return -1;
	if (name == NULL)
		return k8s_fact(k, 0, "k8s.volume_class",
		    node_text(node_get(spec, "storageClassName")), o->name,
		    node_get(spec, "storageClassName"), err);
	str_addf(&key, "%s/%s", ns != NULL ? ns : "default", name);
	rc = k8s_fact(k, 0, "k8s.volume_claim", str_text(&key), o->name,
	    claim, err);
	str_free(&key);
	return rc;
}

static int claim(struct k8s *k, const struct k8s_object *o, struct err *err)
{
	const struct node *spec = node_get(o->node, "spec");
	const struct node *to = node_get(spec, "volumeName");
	struct str key = STR_INIT;
	int rc;

	str_addf(&key, "%s/%s", o->ns, o->name);
	rc = k8s_fact(k, 0, node_text(to) != NULL ? "k8s.claim" :
	    "k8s.claim_class", str_text(&key), NULL,
	    node_text(to) != NULL ? to : node_get(spec, "storageClassName"),
	    err);
	str_free(&key);
	return rc;
}

static int configuration(struct k8s *k, const struct k8s_object *o,
    struct err *err)
{
	return kubelet(k, o, o->kind, o->node, err);
}

int k8s_node_read(struct k8s *k, const struct k8s_object *o, struct err *err)
{
	static const struct {
		const char *kind;
		int (*read)(struct k8s *k, const struct k8s_object *o,
		    struct err *err);
	} kinds[] = {
		{ "KubeletConfiguration",   configuration },
		{ "KubeletConfig",	    openshift_kubelet },
		{ "ContainerRuntimeConfig", openshift_runtime },
		{ "ConfigMap",		    config_map },
		{ "LimitRange",		    limit_range },
		{ "ResourceQuota",	    quota },
		{ "Namespace",		    namespace },
		{ "NetworkPolicy",	    policy },
		{ "PersistentVolume",	    volume },
		{ "PersistentVolumeClaim",  claim },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].kind, o->kind) == 0)
			return kinds[i].read(k, o, err) < 0 ? -1 : 1;
	return 0;
}
