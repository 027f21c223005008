/*
 * compose_mount.c - what of the host a service mounts.
 *
 * Bind mounts in their short and long forms, named volumes that are a
 * directory of the host by their driver's options, files behind configs and
 * secrets, and the volumes of another service (volumes_from).  A path is kept
 * as written: a relative one is below the directory of the compose file,
 * wherever that will be.
 */
#include <stdlib.h>
#include <string.h>

#include "muster/err.h"
#include "muster/mem.h"
#include "muster/str.h"
#include "compose_priv.h"

static int host(struct compose *c, const struct compose_service *s,
    const char *at, const char *path, const struct node *n, struct err *err)
{
	return k8s_fact(&c->k, s->target, "pod.hostpath", at, path, n, err);
}

static bool is_path(const char *text)
{
	return *text == '/' || *text == '.' || *text == '~' ||
	    *text == '$' || *text == '\\' ||
	    (text[0] != '\0' && text[1] == ':' &&
	    (text[2] == '\\' || text[2] == '/'));
}

/* A named volume: a path of the host where its options bind one. */
static int named(struct compose *c, const struct compose_service *s,
    const char *name, const char *at, const struct node *n, struct err *err)
{
	const struct node *v = node_get(node_get(c->top, "volumes"), name);
	const struct node *opts = node_get(v, "driver_opts");
	const struct node *device = node_get(opts, "device");
	struct str path = STR_INIT;
	int rc = 0;

	if (c->services != c->top && node_text(device) != NULL &&
	    str_contains(node_text(node_get(opts, "o")), "bind")) {
		compose_text(device, &path);
		rc = host(c, s, at, str_text(&path), n, err);
	}
	str_free(&path);
	return rc;
}

/* "SOURCE:TARGET[:MODE]", or a target alone. */
static int short_form(struct compose *c, const struct compose_service *s,
    const struct node *n, struct k8s_index *seen, struct err *err)
{
	struct str text = STR_INIT;
	char *p, *to = NULL;
	void **slot;
	int rc = 0;

	compose_text(n, &text);
	str_add(&text, "");
	if (text.len == 0)
		goto out;
	/* A drive's colon and a variable's are none of these. */
	p = text.s + (text.len > 2 && text.s[1] == ':' &&
	    (text.s[2] == '\\' || text.s[2] == '/') ? 2 : 0);
	if (*p == '$' && strchr(p, '}') != NULL)
		p = strchr(p, '}');
	if ((to = strchr(p, ':')) == NULL)
		goto out;
	*to++ = '\0';
	to[strcspn(to, ":")] = '\0';
	slot = k8s_index_slot(seen, to);
	if (*slot != NULL && *slot != (void *)(uintptr_t)n->parent)
		goto out;
	*slot = n->parent;
	rc = k8s_fact(&c->k, s->target, "pod.mount", to, text.s, n, err);
	if (rc == 0)
		rc = is_path(text.s) ? host(c, s, to, text.s, n, err) :
		    named(c, s, text.s, to, n, err);
out:
	str_free(&text);
	return rc;
}

static int long_form(struct compose *c, const struct compose_service *s,
    const struct node *n, struct k8s_index *seen, struct err *err)
{
	const char *type = node_text(node_get(n, "type"));
	struct str to = STR_INIT, from = STR_INIT;
	void **slot;
	int rc = 0;

	compose_text(node_get(n, "target"), &to);
	compose_text(node_get(n, "source"), &from);
	slot = k8s_index_slot(seen, str_text(&to));
	if (*slot == NULL || *slot == (void *)n->parent) {
		*slot = n->parent;
		rc = k8s_fact(&c->k, s->target, "pod.mount", str_text(&to),
		    str_text(&from), n, err);
		if (rc < 0)
			;
		else if (str_eq(type, "bind") || str_eq(type, "npipe") ||
		    (type == NULL && is_path(str_text(&from))))
			rc = host(c, s, str_text(&to), from.len > 0 ?
			    from.s : "/", n, err);
		else if (from.len > 0)
			rc = named(c, s, from.s, str_text(&to), n, err);
	}
	str_free(&to);
	str_free(&from);
	return rc;
}

/* The volumes of one layer; a target that a layer before it mounts (seen
 * holds that layer's list) is replaced by that. */
static int volumes(struct compose *c, const struct compose_service *s,
    const struct node *layer, struct k8s_index *seen, struct err *err)
{
	const struct node *list = node_get(layer, "volumes");

	if (k8s_is(&c->k, list, NODE_LIST, err) < 0)
		return -1;
	NODE_EACH(n, list) {
		if (n->kind == NODE_LIST)
			return k8s_bad(&c->k, n, err, "a volume that is a "
			    "list; expected a string or a map");
		if ((n->kind == NODE_MAP ? long_form(c, s, n, seen, err) :
		    short_form(c, s, n, seen, err)) < 0)
			return -1;
	}
	return 0;
}

/* A config or secret from a file, by a reference to it. */
static int file(struct compose *c, const struct compose_service *s,
    const char *what, const struct node *n, struct err *err)
{
	const char *name = n->kind == NODE_MAP ?
	    node_text(node_get(n, "source")) : node_text(n);
	const struct node *from = name == NULL ? NULL :
	    node_get(node_get(node_get(c->top, what), name), "file");
	struct str path = STR_INIT, at = STR_INIT;
	int rc = 0;

	if (node_text(from) != NULL) {
		compose_text(from, &path);
		str_addf(&at, "/run/%s/%s", what, name);
		rc = host(c, s, str_text(&at), str_text(&path), n, err);
	}
	str_free(&path);
	str_free(&at);
	return rc;
}

/* "SERVICE[:ro]": its volumes too, one step deep. */
static int from_service(struct compose *c, const struct compose_service *s,
    const struct node *n, struct k8s_index *seen, struct err *err)
{
	const char *text = node_text(n);
	size_t len = text != NULL ? strcspn(text, ":") : 0;
	struct compose_service other = { .target = s->target };
	const struct node *from;
	char *name;

	if (len == 0)
		return 0;
	name = mem_dupn(text, len);
	from = node_get(c->services, name);
	free(name);
	if (from == NULL || from->kind != NODE_MAP)
		return 0;	/* a container outside of this file */
	if (compose_layers(c, from, &other, err) < 0)
		return -1;
	for (size_t i = 0; i < other.n; i++)
		if (volumes(c, s, other.layer[i], seen, err) < 0)
			return -1;
	return 0;
}

int compose_mount_read(struct compose *c, const struct compose_service *s,
    struct err *err)
{
	struct k8s_index seen = { NULL };
	int rc = 0;

	for (size_t i = 0; i < s->n && rc == 0; i++)
		rc = volumes(c, s, s->layer[i], &seen, err);
	for (size_t i = 0; i < s->n; i++) {
		NODE_EACH(n, node_get(s->layer[i], "configs"))
			if (rc == 0)
				rc = file(c, s, "configs", n, err);
		NODE_EACH(n, node_get(s->layer[i], "secrets"))
			if (rc == 0)
				rc = file(c, s, "secrets", n, err);
		NODE_EACH(n, node_get(s->layer[i], "volumes_from"))
			if (rc == 0)
				rc = from_service(c, s, n, &seen, err);
	}
	k8s_index_free(&seen);
	return rc;
}
