/*
 * docker.c - what "docker save" and its relatives write: a manifest.json
 * that names configs and layers among the archive's members.
 */
#include <stdlib.h>
#include <string.h>

#include "image_priv.h"
#include "muster/cap.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/node.h"
#include "muster/str.h"

/* The digest a member's name promises ("HEX.json", "blobs/sha256/HEX",
 * "sha256:HEX"), or NULL. */
static char *promised(const char *name)
{
	const char *slash = strrchr(name, '/');
	const char *hex = slash != NULL ? slash + 1 : name;
	struct str s = STR_INIT;
	char *digest = NULL;

	if (str_starts(hex, "sha256:"))
		hex += 7;
	if (strspn(hex, "0123456789abcdef") == 64 &&
	    (hex[64] == '\0' || str_eq(hex + 64, ".json"))) {
		str_addf(&s, "sha256:%.64s", hex);
		digest = mem_dup(str_text(&s));
	}
	str_free(&s);
	return digest;
}

/* A name as the box knows it; NULL when it leads out of the archive. */
static char *member_name(const char *written)
{
	char *name = mem_dup(written);
	size_t len = strlen(name);

	if (tar_clean(name, &len) && len > 0)
		return name;
	free(name);
	return NULL;
}

static int add_layer(struct image *im, const struct node *n, struct err *err)
{
	struct layer_ref *l = &im->layers[im->nlayers++];
	const char *written = n->kind == NODE_STRING ? node_text(n) : NULL;

	l->size = -1;
	if (written == NULL || (l->name = member_name(written)) == NULL)
		return err_set(err, ERR_INPUT, "manifest.json names the layer "
		    "\"%s\"; the name of a member was expected",
		    written != NULL ? written : "");
	if (str_starts(l->name, "blobs/"))
		l->digest = promised(l->name);
	return 0;
}

static int add_tags(struct image *im, const struct node *tags,
    struct err *err)
{
	if (tags == NULL || tags->kind == NODE_NULL)
		return 0;
	if (tags->kind != NODE_LIST)
		return err_set(err, ERR_INPUT, "RepoTags is no list");
	NODE_EACH(n, tags)
		if (n->kind == NODE_STRING && im->nnames <
		    sizeof(im->names) / sizeof(*im->names))
			im->names[im->nnames++] = mem_dup(node_text(n));
	return 0;
}

static int add_image(struct plan *p, const struct node *n, struct err *err)
{
	const char *written = node_text(node_get(n, "Config"));
	const struct node *layers = node_get(n, "Layers");
	struct image *im = plan_add(p);
	struct str where = STR_INIT;
	char *name, *digest;
	int rc;

	im->docker = true;
	str_addf(&where, "json:/%zu", n->index);
	im->locator = mem_dup(str_text(&where));
	str_free(&where);
	if (written == NULL || (name = member_name(written)) == NULL)
		return err_set(err, ERR_INPUT, "manifest.json names the "
		    "config \"%s\"; the name of a member was expected",
		    written != NULL ? written : "");
	digest = promised(name);
	rc = plan_config(p, im, name, digest, -1, err);
	free(digest);
	free(name);
	if (rc < 0 || add_tags(im, node_get(n, "RepoTags"), err) < 0)
		return -1;
	if (layers == NULL || layers->kind == NODE_NULL)
		return 0;
	if (layers->kind != NODE_LIST)
		return err_set(err, ERR_INPUT, "Layers is no list");
	if (layers->count > (size_t)cap(CAP_IMAGE_LAYERS))
		return cap_err(err, CAP_IMAGE_LAYERS, "%zu layers",
		    layers->count);
	im->layers = mem_array(layers->count, sizeof(*im->layers));
	NODE_EACH(l, layers)
		if (add_layer(im, l, err) < 0)
			return -1;
	return 0;
}

int docker_plan(struct plan *p, char **root, size_t *len, struct err *err)
{
	struct tree *t = NULL;
	int rc = -1;

	if ((*root = box_read(p->box, "manifest.json", len, err)) == NULL ||
	    (t = tree_json(*root, *len, "manifest.json", err)) == NULL)
		goto out;
	if (tree_root(t) == NULL || tree_root(t)->kind != NODE_LIST ||
	    tree_root(t)->count == 0) {
		err_set(err, ERR_INPUT, "manifest.json is no list of images");
		goto out;
	}
	if (tree_root(t)->count > (size_t)cap(CAP_IMAGE_MANIFESTS)) {
		cap_err(err, CAP_IMAGE_MANIFESTS, "manifest.json lists %zu "
		    "images", tree_root(t)->count);
		goto out;
	}
	rc = 0;
	NODE_EACH(n, tree_root(t))
		if (rc == 0 && (rc = add_image(p, n, err)) < 0)
			err_place(err, "/%zu", n->index);
out:
	tree_free(t);
	return rc;
}
