/*
 * manifest.c - one image manifest, OCI's or Docker's schema 2.
 */
#include <stdlib.h>
#include <string.h>

#include "image_priv.h"
#include "muster/b64.h"
#include "muster/cap.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/node.h"
#include "muster/str.h"

/* Is a media type a layer's?  Compression is told by the bytes. */
static const char *refuse(const char *media)
{
	if (media == NULL)
		return "its descriptor has no media type";
	if (str_ends(media, "+encrypted"))
		return "it is encrypted";
	if (str_starts(media, "application/vnd.oci.image.layer.") ||
	    str_starts(media, "application/vnd.docker.image.rootfs."))
		return NULL;
	return "its media type is not that of a layer";
}

static int layer(struct layer_ref *l, const struct node *n,
    char *(*blob_name)(const char *), struct err *err)
{
	const char *digest = node_text(node_get(n, "digest"));
	const char *data = node_text(node_get(n, "data"));

	l->size = -1;
	if (digest == NULL || (l->name = blob_name(digest)) == NULL) {
		err_set(err, ERR_INPUT, "a layer with the digest \"%s\"; "
		    "sha256: and 64 lower-case digits were expected",
		    digest != NULL ? digest : "");
		return err_at(err, NULL, n->line, -1);
	}
	l->digest = mem_dup(digest);
	l->media = mem_dup(node_text(node_get(n, "mediaType")));
	l->refused = refuse(l->media);
	node_int(node_get(n, "size"), &l->size);
	if (data != NULL && (l->data = b64_decode(data, strlen(data),
	    &l->data_len)) == NULL)
		return err_set(err, ERR_INPUT, "the data in the descriptor "
		    "of %s is no base64", digest);
	return 0;
}

int manifest_read(struct plan *p, struct image *im, const struct node *root,
    char *(*blob_name)(const char *digest), struct err *err)
{
	const struct node *config = node_get(root, "config");
	const struct node *layers = node_get(root, "layers");
	const char *digest = node_text(node_get(config, "digest"));
	const char *media = node_text(node_get(config, "mediaType"));
	int64_t size = -1;
	char *name;
	int rc;

	if (layers == NULL || layers->kind != NODE_LIST)
		return err_set(err, ERR_INPUT, "a manifest without layers");
	if (layers->count > (size_t)cap(CAP_IMAGE_LAYERS))
		return cap_err(err, CAP_IMAGE_LAYERS, "%zu layers",
		    layers->count);
	if (digest == NULL || (name = blob_name(digest)) == NULL)
		return err_set(err, ERR_INPUT, "a config with the digest "
		    "\"%s\"; sha256: and 64 lower-case digits were expected",
		    digest != NULL ? digest : "");
	im->docker = str_starts(media, "application/vnd.docker.");
	node_int(node_get(config, "size"), &size);
	rc = plan_config(p, im, name, digest, size, err);
	free(name);
	if (rc < 0)
		return -1;
	im->layers = mem_array(layers->count, sizeof(*im->layers));
	NODE_EACH(n, layers)
		if (layer(&im->layers[im->nlayers++], n, blob_name, err) < 0)
			return -1;
	return 0;
}
