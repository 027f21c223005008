/*
 * k8s_mount.c - what of the host a container mounts.
 *
 * A volume counts only where a container mounts it.  A path of the host is
 * kept as written (with the subPath it is narrowed to); a claim by name,
 * because the volume behind it may be described in another file.
 */
#include "muster/err.h"
#include "muster/str.h"
#include "k8s_priv.h"

int k8s_mount_volumes(const struct k8s *k, const struct node *spec,
    struct k8s_index *volumes, struct err *err)
{
	const struct node *list = node_get(spec, "volumes");
	const char *name;

	if (k8s_is(k, list, NODE_LIST, err) < 0)
		return -1;
	NODE_EACH(v, list) {
		if (v->kind != NODE_MAP)
			return k8s_bad(k, v, err, "a volume that is no map");
		if ((name = node_text(node_get(v, "name"))) != NULL)
			*k8s_index_slot(volumes, name) =
			    (void *)(uintptr_t)v;
	}
	return 0;
}

/* The path of the host behind a volume or a mount of it. */
static int host(const struct k8s *k, int64_t target, const struct node *m,
    const char *at, const struct node *path, struct err *err)
{
	const char *sub = node_text(node_get(m, "subPath"));
	const char *text = node_text(path);
	struct str whole = STR_INIT;
	int rc;

	/* No path at all: the API refuses it, and the worst is meant. */
	str_add(&whole, text != NULL ? text : "/");
	if (!str_empty(sub))
		str_addf(&whole, "/%s", sub);
	rc = k8s_fact(k, target, "pod.hostpath", at, str_text(&whole), m,
	    err);
	str_free(&whole);
	return rc;
}

/* One entry of volumeMounts (path: "mountPath") or volumeDevices. */
static int mount(const struct k8s *k, int64_t target,
    const struct k8s_index *volumes, const struct node *m, const char *path,
    struct err *err)
{
	const char *at = node_text(node_get(m, path));
	const char *name = node_text(node_get(m, "name"));
	const struct node *v, *n;

	if (m->kind != NODE_MAP)
		return k8s_bad(k, m, err, "a mount that is no map");
	v = name != NULL ? k8s_index_get(volumes, name) : NULL;
	at = at != NULL ? at : "";
	if (k8s_fact(k, target, "pod.mount", at, name != NULL ? name : "", m,
	    err) < 0)
		return -1;
	n = node_get(v, "hostPath");
	if (n != NULL && n->kind != NODE_NULL) {
		if (k8s_is(k, n, NODE_MAP, err) < 0)
			return -1;
		return host(k, target, m, at, node_get(n, "path"), err);
	}
	if ((n = node_get(v, "persistentVolumeClaim")) != NULL) {
		const char *claim = node_text(node_get(n, "claimName"));

		return claim == NULL ? 0 : k8s_fact(k, target, "pod.claim",
		    at, claim, m, err);
	}
	return 0;
}

int k8s_mount_read(const struct k8s *k, int64_t target,
    const struct k8s_index *volumes, const struct node *container,
    struct err *err)
{
	static const char *const lists[][2] = {
		{ "volumeMounts",  "mountPath" },
		{ "volumeDevices", "devicePath" },
	};

	for (size_t i = 0; i < 2; i++) {
		const struct node *list = node_get(container, lists[i][0]);

		if (k8s_is(k, list, NODE_LIST, err) < 0)
			return -1;
		NODE_EACH(m, list)
			if (mount(k, target, volumes, m, lists[i][1],
			    err) < 0)
				return -1;
	}
	return 0;
}
