/*
 * oci.c - an OCI layout (as a directory or inside an archive), and skopeo's
 * dir: form, which is one manifest beside its blobs.
 *
 * index.json names manifests and further indexes; every blob is checked
 * against the digest and size that its descriptor states.  What is no image
 * (a signature, an attestation, a chart) is counted and said.
 */
#include <stdlib.h>
#include <string.h>

#include "image_priv.h"
#include "muster/cap.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/node.h"
#include "muster/sink.h"
#include "muster/str.h"

#define REF_NAME	"org.opencontainers.image.ref.name"
#define IMAGE_NAME	"io.containerd.image.name"

/* One walk: digests met, names and indexes above where we are. */
struct walk {
	struct plan	*plan;
	char		**seen;
	size_t		 nseen, cap;
	const char	*names[4];
	size_t		 nnames;
	const char	*above[INDEX_DEEPEST + 1];
	size_t		 depth;
	struct str	 where;		/* locator of the entry in index.json */
	bool		 lenient;	/* blobs may be missing */
	const char	*saved;		/* the image "cosign save" saved */
};

static bool seen(struct walk *w, const char *digest)
{
	for (size_t i = 0; i < w->nseen; i++)
		if (str_eq(w->seen[i], digest))
			return true;
	MEM_ROOM(w->seen, w->nseen, w->cap);
	w->seen[w->nseen++] = mem_dup(digest);
	return false;
}

static int other(struct walk *w, const char *what, const char *digest,
    struct err *err)
{
	w->plan->others++;
	sink_count(w->plan->sink, COUNT_READ, 1);
	sink_count(w->plan->sink, COUNT_UNPLACED, 1);
	return sink_warn(w->plan->sink, str_text(&w->where), err,
	    "%s is %s", digest, what);
}

/* Why a manifest is none of an image; NULL if it is one. */
static const char *no_image(const struct node *desc, const struct node *m)
{
	const char *type = node_text(node_get(node_get(desc, "annotations"),
	    "vnd.docker.reference.type"));
	const char *config = node_text(node_get(node_get(m, "config"),
	    "mediaType"));
	const struct node *layers = node_get(m, "layers");
	size_t signatures = 0, statements = 0, parts = 0;

	if (str_eq(type, "attestation-manifest") ||
	    str_eq(node_text(node_at(desc, "platform.os")), "unknown"))
		return "an attestation, no image";
	NODE_EACH(l, layers) {
		const char *media = node_text(node_get(l, "mediaType"));

		signatures += str_contains(media, "simplesigning") ||
		    str_contains(media, "sigstore");
		statements += str_contains(media, "in-toto") ||
		    str_contains(media, "dsse");
		parts += str_contains(media, "spdx") ||
		    str_contains(media, "cyclonedx") ||
		    str_contains(media, "syft");
	}
	if (signatures > 0)
		return "a signature, no image";
	if (statements > 0)
		return "an attestation, no image";
	if (parts > 0)
		return "an SBOM, no image; import it as a file by itself";
	if (node_get(m, "artifactType") != NULL)
		return "an artifact, no image";
	if (config != NULL &&
	    !str_eq(config, "application/vnd.oci.image.config.v1+json") &&
	    !str_eq(config, "application/vnd.docker.container.image.v1+json"))
		return "an artifact, no image";
	return NULL;
}

static void add_name(struct image *im, const char *name)
{
	for (size_t i = 0; i < im->nnames; i++)
		if (str_eq(im->names[i], name))
			return;
	if (im->nnames < sizeof(im->names) / sizeof(*im->names))
		im->names[im->nnames++] = mem_dup(name);
}

/* The image of a docker archive's manifest.json with this config, if any. */
static struct image *known(struct plan *p, const struct node *m)
{
	const char *digest = node_text(node_at(m, "config.digest"));

	for (size_t i = 0; i < p->n; i++)
		if (p->images[i].docker && str_eq(p->images[i].config_id,
		    digest))
			return &p->images[i];
	return NULL;
}

/* What an OCI manifest adds to an image that manifest.json names too. */
static void add_digests(struct image *im, const struct node *m)
{
	size_t i = 0;

	NODE_EACH(n, node_get(m, "layers")) {
		struct layer_ref *l = &im->layers[i];

		if (i++ >= im->nlayers)
			break;
		if (l->digest == NULL)
			l->digest = mem_dup(node_text(node_get(n, "digest")));
		if (l->media == NULL)
			l->media = mem_dup(node_text(node_get(n,
			    "mediaType")));
	}
}

/* A signature or the like: its own records, or named as not read. */
static int hanging(struct walk *w, const char *what, const char *digest,
    const struct node *m, struct err *err)
{
	const struct attached a = { .names = w->names, .nnames = w->nnames,
	    .saved = w->saved, .locator = str_text(&w->where) };
	int rc = attached_read(w->plan, &a, m, err);

	return rc != 0 ? (rc < 0 ? -1 : 0) : other(w, what, digest, err);
}

static int manifest(struct walk *w, const struct node *desc,
    const char *digest, const struct node *m, struct err *err)
{
	const char *why = no_image(desc, m);
	struct image *im;

	if (why != NULL)
		return hanging(w, why, digest, m, err);
	im = known(w->plan, m);
	if (im != NULL && im->manifest == NULL) {
		add_digests(im, m);
	} else if (im == NULL) {
		im = plan_add(w->plan);
		im->locator = mem_dup(str_text(&w->where));
		if (manifest_read(w->plan, im, m, plan_blob, err) < 0)
			return -1;
	}
	if (im->manifest == NULL)
		im->manifest = mem_dup(digest);
	for (size_t i = 0; i < w->nnames; i++)
		add_name(im, w->names[i]);
	for (size_t i = 0; i < w->depth && im->nindexes <= INDEX_DEEPEST;
	    i++)
		im->indexes[im->nindexes++] = mem_dup(w->above[i]);
	return 0;
}

/* A second name for a manifest that was met before. */
static void name_again(struct walk *w, const char *digest)
{
	for (size_t i = 0; i < w->plan->n; i++)
		if (str_eq(w->plan->images[i].manifest, digest))
			for (size_t k = 0; k < w->nnames; k++)
				add_name(&w->plan->images[i], w->names[k]);
}

static bool is_index_type(const char *media)
{
	return str_eq(media, "application/vnd.oci.image.index.v1+json") ||
	    str_eq(media,
	    "application/vnd.docker.distribution.manifest.list.v2+json");
}

static bool is_manifest_type(const char *media)
{
	return str_eq(media, "application/vnd.oci.image.manifest.v1+json") ||
	    str_eq(media,
	    "application/vnd.docker.distribution.manifest.v2+json");
}

/* A blob that is to be a manifest or index: exactly what is described. */
static struct tree *document(struct walk *w, const struct node *desc,
    const char *digest, struct err *err)
{
	char *name = plan_blob(digest), *text = NULL;
	struct tree *t = NULL;
	size_t len;
	int64_t size;

	if (name == NULL)
		err_set(err, ERR_INPUT, "the digest \"%s\"; sha256: and 64 "
		    "lower-case digits were expected", digest);
	else if ((text = box_read(w->plan->box, name, &len, err)) == NULL)
		;
	else if (node_int(node_get(desc, "size"), &size) &&
	    size != (int64_t)len)
		err_set(err, ERR_INPUT, "\"%s\" has %zu bytes; its "
		    "descriptor says %lld", name, len, (long long)size);
	else if (plan_digest("manifest", digest, text, len, err) == 0)
		t = tree_json(text, len, name, err);
	free(text);
	free(name);
	return t;
}

/* A document has to be what its descriptor, its own mediaType and its
 * members say, all of them alike. */
static int agree(const struct node *desc, const struct node *root,
    bool *index, struct err *err)
{
	const char *media = node_text(node_get(desc, "mediaType"));
	const char *own = node_text(node_get(root, "mediaType"));
	bool lists = node_get(root, "manifests") != NULL;
	bool image = node_get(root, "layers") != NULL ||
	    node_get(root, "config") != NULL;

	if (str_contains(media, "manifest.v1+prettyjws") ||
	    node_get(root, "fsLayers") != NULL)
		return err_set(err, ERR_INPUT, "a schema 1 manifest, which "
		    "does not name its config; convert the image");
	if (lists && image)
		return err_set(err, ERR_INPUT, "a document that is both a "
		    "manifest and an index");
	*index = lists;
	if (media != NULL && is_index_type(media) != lists &&
	    (is_index_type(media) || is_manifest_type(media)))
		return err_set(err, ERR_INPUT, "the descriptor says \"%s\", "
		    "the document is %s", media, lists ? "an index" :
		    "no index");
	if (own != NULL && media != NULL && !str_eq(own, media))
		return err_set(err, ERR_INPUT, "the descriptor says \"%s\", "
		    "the document \"%s\"", media, own);
	if (!lists && !image)
		return err_set(err, ERR_INPUT, "neither a manifest nor an "
		    "index");
	return 0;
}

static bool there(struct walk *w, const char *digest)
{
	char *name = plan_blob(digest);
	bool is = name == NULL || box_has(w->plan->box, name);

	free(name);
	return is;
}

static int entries(struct walk *w, const struct node *list, struct err *err);

static int descend(struct walk *w, const struct node *desc, struct err *err)
{
	const char *digest = node_text(node_get(desc, "digest"));
	struct tree *t;
	bool index = false;
	int rc = -1;

	if (digest == NULL)
		return err_set(err, ERR_INPUT, "a descriptor without digest");
	if (seen(w, digest)) {
		name_again(w, digest);
		return 0;
	}
	if (w->nseen > (size_t)cap(CAP_IMAGE_MANIFESTS))
		return cap_err(err, CAP_IMAGE_MANIFESTS, "too many "
		    "manifests");
	/* An index may name more platforms than were copied. */
	if ((w->depth > 0 || w->lenient) && !there(w, digest))
		return other(w, "not in this layout", digest, err);
	if ((t = document(w, desc, digest, err)) == NULL)
		return -1;
	if (agree(desc, tree_root(t), &index, err) < 0) {
		rc = -1;
	} else if (!index) {
		rc = manifest(w, desc, digest, tree_root(t), err);
	} else if (w->depth == (size_t)cap(CAP_IMAGE_INDEX_DEPTH)) {
		rc = cap_err(err, CAP_IMAGE_INDEX_DEPTH, "indexes inside "
		    "indexes, too deep");
	} else {
		w->above[w->depth++] = digest;
		rc = entries(w, node_get(tree_root(t), "manifests"), err);
		w->depth--;
	}
	tree_free(t);
	return rc;
}

static int entries(struct walk *w, const struct node *list, struct err *err)
{
	if (list == NULL || list->kind != NODE_LIST)
		return err_set(err, ERR_INPUT, "an index without a list of "
		    "manifests");
	NODE_EACH(n, list) {
		const struct node *notes = node_get(n, "annotations");
		const char *name = node_text(node_get(notes, IMAGE_NAME));
		const char *ref = node_text(node_get(notes, REF_NAME));
		size_t before = w->nnames;
		int rc;

		if (w->depth == 0) {
			str_clear(&w->where);
			str_addf(&w->where, "json:/manifests/%zu", n->index);
			w->nnames = 0;
			if (name != NULL)
				w->names[w->nnames++] = name;
			if (ref != NULL)
				w->names[w->nnames++] = ref;
			before = w->nnames;
		}
		rc = descend(w, n, err);
		w->nnames = before;
		if (rc < 0)
			return err_place(err, "%s", str_text(&w->where));
	}
	return 0;
}

static int version(struct plan *p, struct err *err)
{
	size_t len;
	char *text = box_read(p->box, "oci-layout", &len, err);
	struct tree *t;
	const char *v;
	int rc = 0;

	if (text == NULL)
		return -1;
	if ((t = tree_json(text, len, "oci-layout", err)) == NULL) {
		rc = -1;
	} else {
		v = node_text(node_get(tree_root(t), "imageLayoutVersion"));
		if (v == NULL || !str_starts(v, "1."))
			rc = err_set(err, ERR_INPUT, "an OCI layout of "
			    "version \"%s\"; 1.0.0 was expected",
			    v != NULL ? v : "");
	}
	tree_free(t);
	free(text);
	return rc;
}

int oci_plan(struct plan *p, char **root, size_t *len, struct err *err)
{
	struct walk w = { .plan = p, .where = STR_INIT };
	struct tree *t = NULL;
	int rc = -1;

	*root = NULL;
	w.lenient = p->n > 0;
	if (version(p, err) < 0 ||
	    (*root = box_read(p->box, "index.json", len, err)) == NULL ||
	    (t = tree_json(*root, *len, "index.json", err)) == NULL)
		goto out;
	w.saved = attached_saved(node_get(tree_root(t), "manifests"));
	rc = entries(&w, node_get(tree_root(t), "manifests"), err);
	if (rc == 0 && p->n == 0 && p->attached == 0)
		rc = err_set(err, ERR_INPUT, p->others > 0 ? "no image: what "
		    "index.json names is something else" : "index.json names "
		    "no image");
out:
	tree_free(t);
	for (size_t i = 0; i < w.nseen; i++)
		free(w.seen[i]);
	free(w.seen);
	str_free(&w.where);
	return rc;
}

/* skopeo's dir: keeps blobs under their bare hex digits. */
static char *bare_name(const char *digest)
{
	return sha_is_digest(digest) ? mem_dup(digest + 7) : NULL;
}

int oci_plan_dir(struct plan *p, char **root, size_t *len, struct err *err)
{
	struct str all = STR_INIT;
	struct tree *t = NULL;
	struct image *im;
	bool index = false;
	int rc = -1;

	if ((*root = box_read(p->box, "manifest.json", len, err)) == NULL ||
	    (t = tree_json(*root, *len, "manifest.json", err)) == NULL ||
	    agree(NULL, tree_root(t), &index, err) < 0)
		goto out;
	if (index) {
		err_set(err, ERR_INPUT, "a dir: image whose manifest.json is "
		    "an index; copy one platform, or to an OCI layout");
		goto out;
	}
	im = plan_add(p);
	im->locator = mem_dup("json:");
	im->manifest = mem_alloc(DIGEST_SIZE);
	memcpy(im->manifest, "sha256:", 7);
	sha_of(*root, *len, im->manifest + 7);
	str_addn(&all, *root, *len);
	if (manifest_read(p, im, tree_root(t), bare_name, err) < 0 ||
	    attached_files(p, im->manifest, &all, err) < 0)
		goto out;
	/* a signature that comes later makes it another file */
	free(*root);
	*len = all.len;
	*root = mem_dupn(all.s, all.len);
	rc = 0;
out:
	str_free(&all);
	tree_free(t);
	return rc;
}
