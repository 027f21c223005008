/*
 * emit.c - everything said about one image, in this order: target and names,
 * config and history, layers, files, and what the files show.
 *
 * A record that is counted as read is a layer, a file or a package; a path
 * that a later layer hides is no record of the effective file system.
 */
#include <stdlib.h>
#include <string.h>

#include "image_priv.h"
#include "lang.h"
#include "muster/cap.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/node.h"
#include "muster/secret.h"
#include "muster/sink.h"
#include "muster/str.h"
#include "owned.h"

int emit_fact(struct emit *e, const char *name, const char *key,
    const char *value, const char *locator, struct err *err)
{
	struct fact f = { e->target, name, key, value, locator };

	return sink_fact(e->sink, &f, err);
}

void emit_locator(struct emit *e, uint32_t layer, const char *path,
    struct str *out)
{
	str_addf(out, "layer:%s:", layer < e->ndiff ? e->diff_ids[layer] : "");
	str_path(out, path, strlen(path));
}

int emit_file_fact(struct emit *e, const char *name, const char *key,
    const char *value, uint32_t layer, const char *path, struct err *err)
{
	struct str at = STR_INIT, safe = STR_INIT, text = STR_INIT;
	int rc;

	emit_locator(e, layer, path, &at);
	if (key == NULL) {
		str_path(&safe, path, strlen(path));
		key = str_text(&safe);
	}
	if (value != NULL) {
		str_utf8(&text, value, strlen(value));
		value = str_text(&text);
	}
	rc = emit_fact(e, name, key, value, str_text(&at), err);
	str_free(&at);
	str_free(&safe);
	str_free(&text);
	return rc;
}

int emit_line(struct emit *e, const char *name, const char *line,
    uint32_t layer, const char *path, struct err *err)
{
	struct str clean = STR_INIT, masked = STR_INIT;
	int rc;

	str_utf8(&clean, line, strlen(line));
	secret_mask(NULL, str_text(&clean), &masked);
	rc = emit_file_fact(e, name, NULL, str_text(&masked), layer, path,
	    err);
	str_free(&clean);
	str_free(&masked);
	return rc;
}

int emit_package(struct emit *e, struct package *p, struct err *err)
{
	p->target = e->target;
	sink_count(e->sink, COUNT_READ, 1);
	return sink_package(e->sink, p, err);
}

static int identity(struct emit *e, const char *kind, const char *value,
    struct err *err)
{
	struct identity i = { e->target, kind, value };

	return sink_identity(e->sink, &i, err);
}

/* A bare "1.0" names a tag of nothing in particular; it is shown, but would
 * match images it has nothing to do with. */
static bool is_reference(const char *name)
{
	return strpbrk(name, ":/@") != NULL;
}

static int target(struct emit *e, const char *file, struct err *err)
{
	struct image *im = e->image;
	struct target t = { "image", NULL, im->nnames > 0 ? im->names[0] :
	    file, im->locator };
	int rc = 0;

	if ((e->target = sink_target(e->sink, &t, err)) < 0)
		return -1;
	if (identity(e, "config", im->config_id, err) < 0 ||
	    identity(e, "manifest", im->manifest, err) < 0)
		return -1;
	for (size_t i = 0; rc == 0 && i < im->nindexes; i++)
		rc = identity(e, "index", im->indexes[i], err);
	for (size_t i = 0; rc == 0 && i < im->nnames; i++)
		if (is_reference(im->names[i]))
			rc = identity(e, strchr(im->names[i], '@') != NULL ?
			    "repodigest" : "tag", im->names[i], err);
	return rc;
}

/* The diff_ids of the config, then those of layers it does not know. */
static int diff_ids(struct emit *e, struct err *err)
{
	const struct node *list = node_at(tree_root(e->image->config),
	    "rootfs.diff_ids");
	size_t n = list != NULL && list->kind == NODE_LIST ? list->count : 0;
	size_t i = 0;

	if (tree_root(e->image->config) == NULL ||
	    tree_root(e->image->config)->kind != NODE_MAP)
		return err_set(err, ERR_INPUT, "the config is no JSON object");
	if (list == NULL && e->image->nlayers > 0)
		return err_set(err, ERR_INPUT, "the config does not name its "
		    "layers (rootfs.diff_ids)");
	if (n > (size_t)cap(CAP_IMAGE_LAYERS))
		return cap_err(err, CAP_IMAGE_LAYERS, "%zu diff_ids", n);
	e->ndiff = n > e->image->nlayers ? n : e->image->nlayers;
	e->diff_ids = mem_array(e->ndiff, sizeof(*e->diff_ids));
	NODE_EACH(d, list) {
		if (d->kind != NODE_STRING || !sha_is_digest(d->text))
			return err_set(err, ERR_INPUT, "a diff_id that is no "
			    "sha256 digest: \"%s\"", node_text(d) != NULL ?
			    node_text(d) : "");
		e->diff_ids[i++] = mem_dup(d->text);
	}
	for (; i < e->ndiff; i++)
		e->diff_ids[i] = mem_dup(e->image->layers[i].scan->diff_id);
	return 0;
}

/* What is wrong with a layer; NULL state means that it is as described. */
static const char *state_of(struct emit *e, size_t n, size_t known,
    struct str *why)
{
	const struct layer_ref *l = &e->image->layers[n];
	const struct scan *s = l->scan;

	if (s->state != SCAN_OK) {
		str_add(why, s->why);
		return s->state == SCAN_MISSING ? "missing" : "unreadable";
	}
	if (n >= known)
		str_addf(why, "the config has no diff_id for it; it has %s",
		    s->diff_id);
	else if (!str_eq(s->diff_id, e->diff_ids[n]))
		str_addf(why, "the content has the diff_id %s, the config "
		    "says %s", s->diff_id, e->diff_ids[n]);
	else if (l->digest != NULL && str_starts(l->digest, "sha256:") &&
	    !str_eq(l->digest, s->digest))
		str_addf(why, "the blob has the digest %s, the manifest says "
		    "%s", s->digest, l->digest);
	else if (l->size >= 0 && l->size != s->bytes)
		str_addf(why, "the blob has %lld bytes, the manifest says "
		    "%lld", (long long)s->bytes, (long long)l->size);
	return why->len > 0 ? "mismatch" : "ok";
}

/* Compression other than the media type says is read all the same. */
static int mislabelled(struct emit *e, const struct layer_ref *l, size_t n,
    struct err *err)
{
	static const char *const ends[] = {
		"tar", "gzip", "zstd", "bzip2", "xz"
	};
	const char *what = ends[l->scan->kind];
	bool docker = str_ends(l->media, ".tar.gzip") &&
	    l->scan->kind == DECODE_GZIP;

	if (l->media == NULL || l->scan->state != SCAN_OK || docker ||
	    str_ends(l->media, what) ||
	    !str_starts(l->media, "application/vnd.oci."))
		return 0;
	return sink_warn(e->sink, NULL, err, "layer %zu is said to be \"%s\" "
	    "but its bytes are %s", n, l->media, l->scan->kind == DECODE_NONE ?
	    "not compressed" : what);
}

static int layer(struct emit *e, size_t n, size_t known,
    struct problems *problems, struct err *err)
{
	struct str why = STR_INIT;
	struct layer l = { .target = e->target, .n = (int64_t)n,
	    .diff_id = e->diff_ids[n], .state = "missing" };
	int rc;

	if (n < e->image->nlayers) {
		const struct layer_ref *ref = &e->image->layers[n];
		const struct scan *s = ref->scan;

		l.digest = ref->digest;
		l.media_type = ref->media;
		l.bytes = s->bytes;
		l.tar_bytes = s->tar_bytes;
		l.entries = (int64_t)s->n;
		l.whiteouts = s->whiteouts;
		l.wasted = fs_wasted(e->fs, (uint32_t)n);
		l.state = state_of(e, n, known, &why);
		if (mislabelled(e, ref, n, err) < 0)
			return -1;
	} else {
		str_add(&why, "the manifest lists no such layer");
	}
	if (!str_eq(l.state, "ok")) {
		l.detail = str_text(&why);
		problems_add(problems, "layer %zu (%s): %s: %s", n, l.diff_id,
		    l.state, l.detail);
	}
	sink_count(e->sink, COUNT_READ, 1);
	rc = sink_layer(e->sink, &l, err);
	str_free(&why);
	return rc;
}

static int layers(struct emit *e, struct problems *problems, struct err *err)
{
	const struct node *list = node_at(tree_root(e->image->config),
	    "rootfs.diff_ids");
	size_t known = list != NULL ? list->count : 0;

	for (size_t n = 0; n < e->ndiff; n++)
		if (layer(e, n, known, problems, err) < 0)
			return -1;
	return 0;
}

static int problems_emit(struct emit *e, struct problems *p, struct err *err)
{
	char more[64];

	for (size_t i = 0; i < p->n; i++)
		if (emit_fact(e, "content.problem", NULL, p->text[i], NULL,
		    err) < 0 ||
		    sink_warn(e->sink, NULL, err, "%s", p->text[i]) < 0)
			return -1;
	snprintf(more, sizeof(more), "%zu more problems", p->more);
	if (p->more > 0 && emit_fact(e, "content.problem", NULL, more, NULL,
	    err) < 0)
		return -1;
	return emit_fact(e, "content.read", NULL, p->n == 0 ? "true" :
	    "false", NULL, err);
}

static const char *type_name(enum tar_type t)
{
	static const char *const names[] = {
		"file", "dir", "link", "hard", "char", "block", "fifo"
	};

	return names[t];
}

static int file(void *ctx, const char *path, uint32_t layer_n,
    struct inode *in, struct err *err)
{
	struct emit *e = ctx;
	const struct entry *en = in->entry;
	bool hard = in->first != NULL;
	struct str name = STR_INIT, link = STR_INIT;
	char hex[SHA_HEX];
	struct file f = { .target = e->target, .mode = en->mode,
	    .uid = en->uid, .gid = en->gid, .size = en->size,
	    .layer = layer_n, .caps = en->caps };
	int rc;

	str_path(&name, path, strlen(path));
	f.path = str_text(&name);
	f.type = hard ? "hard" : type_name(en->type);
	if (hard)
		str_path(&link, in->first, strlen(in->first));
	else if (en->link != NULL)
		str_path(&link, en->link, strlen(en->link));
	if (hard || en->type == TAR_LINK)
		f.link = str_text(&link);
	if (en->type == TAR_FILE) {
		sha_hex(en->sha, hex);
		f.sha256 = hex;
	}
	sink_count(e->sink, COUNT_READ, 1);
	rc = sink_file(e->sink, &f, err);
	str_free(&name);
	str_free(&link);
	return rc;
}

/* A file by any of its names; a link is what it leads to. */
static int observe(void *ctx, const char *path, uint32_t layer_n,
    struct inode *in, struct err *err)
{
	struct emit *e = ctx;
	const struct inode *to = in;
	struct seen f = { .path = path, .layer = layer_n };

	if (in->entry->lang != NULL && in->first == NULL &&
	    lang_emit(e, path, in->layer, in->entry->lang, err) < 0)
		return -1;
	if (in->entry->type == TAR_DIR ||
	    watch_wants(path + 1, in->entry->mode) == 0)
		return 0;
	if (in->entry->type == TAR_LINK && (to = fs_find(e->fs, path)) == NULL)
		return 0;
	if (to->entry->type != TAR_FILE)
		return 0;
	if (to != in)
		f.layer = to->layer;
	f.body = to->entry->body;
	f.len = to->entry->body_len;
	return watch_file(e, &f, err);
}

static int cleaned(struct emit *e, struct err *err)
{
	const struct cleaned *c;

	for (size_t i = 0; (c = fs_cleaned(e->fs, i)) != NULL; i++) {
		const struct inode *now = fs_find(e->fs, c->path);
		struct str text = STR_INIT;
		int rc;

		if (fs_lives(e->fs, c->inode) || (now != NULL &&
		    now->entry->type == TAR_FILE &&
		    (now->entry->mode & 06000) != 0 &&
		    (now->entry->mode & 0111) != 0))
			continue;
		str_addf(&text, "set-id in layer %u (%s), %s by layer %u (%s)",
		    c->from, e->diff_ids[c->from], c->removed ? "removed" :
		    "replaced without the bit", c->by, e->diff_ids[c->by]);
		rc = emit_file_fact(e, "setid.cleaned", NULL, str_text(&text),
		    c->by, c->path, err);
		str_free(&text);
		if (rc < 0)
			return -1;
	}
	return 0;
}

static int content(struct emit *e, struct err *err)
{
	if (fs_walk(e->fs, file, e, err) < 0 ||
	    fs_walk(e->fs, observe, e, err) < 0)
		return -1;
	if (e->owned->npackages > 0)
		dpkg_old(e);
	owned_compare(e);
	if (owned_emit(e, err) < 0)
		return -1;
	return cleaned(e, err) < 0 ? -1 : start_config(e, err);
}

static void merge(struct emit *e, struct problems *problems)
{
	e->fs = fs_new(e->ndiff);
	for (size_t i = 0; i < e->image->nlayers; i++) {
		const struct scan *s = e->image->layers[i].scan;

		for (size_t k = 0; k < s->problems.n; k++)
			problems_add(problems, "layer %zu: %s", i,
			    s->problems.text[k]);
		fs_apply(e->fs, s, (uint32_t)i, problems);
	}
}

int emit_image(struct plan *p, struct image *im, struct err *err)
{
	struct str start = STR_INIT;
	struct emit e = { .sink = p->sink, .image = im, .start = &start,
	    .plan = p, .owned = owned_new() };
	struct problems problems = { .n = 0 };
	int rc = -1;

	if (diff_ids(&e, err) < 0)
		goto out;
	merge(&e, &problems);
	if (target(&e, p->file, err) < 0 || config_emit(&e, err) < 0 ||
	    layers(&e, &problems, err) < 0 ||
	    problems_emit(&e, &problems, err) < 0 ||
	    content(&e, err) < 0 || sift_emit(&e, err) < 0)
		goto out;
	rc = 0;
out:
	for (size_t i = 0; e.diff_ids != NULL && i < e.ndiff; i++)
		free(e.diff_ids[i]);
	free(e.diff_ids);
	fs_free(e.fs);
	owned_free(e.owned);
	problems_free(&problems);
	str_free(&start);
	return rc;
}
