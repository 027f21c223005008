/*
 * image.c - recognising and reading image archives; see image.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image_priv.h"
#include "muster/err.h"
#include "muster/image.h"
#include "muster/input.h"
#include "muster/node.h"
#include "muster/sink.h"
#include "muster/str.h"

static bool there(int dirfd, const char *name)
{
	return faccessat(dirfd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

bool image_is_layout(int dirfd)
{
	return there(dirfd, "oci-layout") || (there(dirfd, "index.json") &&
	    there(dirfd, "blobs")) || (there(dirfd, "manifest.json") &&
	    there(dirfd, "version"));
}

/* A head for the decoder: what there is, then nothing. */
static ssize_t head_fill(void *ctx, const unsigned char **p, struct err *err)
{
	struct source *s = ctx;

	return source_next(s, p, err);
}

int image_bid(const unsigned char *raw, size_t len)
{
	enum decode_kind kind = decode_sniff(raw, len);
	unsigned char block[512];
	const unsigned char *p;
	struct err ignored = ERR_INIT;
	struct decode *d;
	struct source s;
	size_t have = 0;
	ssize_t n;

	if (kind == DECODE_NONE)
		return tar_seen(raw, len) ? 90 : 0;
	source_memory(&s, raw, len);
	if ((d = decode_open(kind, head_fill, &s, &ignored)) == NULL)
		return 0;
	/* The head is cut: an error only means that this is all of it. */
	while (have < sizeof(block) &&
	    (n = decode_next(d, &p, &ignored)) > 0) {
		size_t take = (size_t)n < sizeof(block) - have ? (size_t)n :
		    sizeof(block) - have;

		memcpy(block + have, p, take);
		have += take;
	}
	decode_close(d);
	source_close(&s);
	return tar_seen(block, have) ? 90 : 0;
}

static int emit_all(struct plan *p, struct err *err)
{
	plan_scan(p);
	for (size_t i = 0; i < p->n; i++)
		if (emit_image(p, &p->images[i], err) < 0)
			return err_during(err, "reading image %zu of %zu",
			    i + 1, p->n);
	return 0;
}

/* Both forms at once are what docker 25 and later write. */
static int plan_archive(struct plan *p, const char **format, char **root,
    size_t *len, struct err *err)
{
	bool docker = box_has(p->box, "manifest.json");
	bool oci = box_has(p->box, "index.json") ||
	    box_has(p->box, "oci-layout");

	if (!docker && !oci)
		return err_set(err, ERR_INPUT, "a tar, but no image archive: "
		    "it has no manifest.json and no index.json");
	*format = docker ? "docker-archive" : "oci-archive";
	if (docker && docker_plan(p, root, len, err) < 0)
		return -1;
	if (!oci || (docker && !box_has(p->box, "oci-layout")))
		return 0;
	free(*root);
	*root = NULL;
	return oci_plan(p, root, len, err);
}

int image_read_archive(struct input *in, struct sink *sink, struct err *err)
{
	struct box *box = box_open_archive(in, err);
	const char *format = NULL;
	struct plan p;
	char *root = NULL;
	size_t len;
	int rc = -1;

	if (box == NULL)
		return -1;
	plan_init(&p, box, sink);
	p.file = input_name(in);
	if (plan_archive(&p, &format, &root, &len, err) == 0 &&
	    sink_meta(sink, "format", format, err) == 0 &&
	    emit_all(&p, err) == 0)
		rc = 0;
	free(root);
	plan_free(&p);
	box_close(box);
	return rc;
}

int image_read_layout(struct input *in, struct sink *sink, struct err *err)
{
	struct box *box = box_open_dir(input_fd(in));
	bool oci = box_has(box, "oci-layout") || box_has(box, "index.json");
	struct plan p;
	char *root = NULL;
	size_t len = 0;
	int rc = -1;

	plan_init(&p, box, sink);
	p.file = input_name(in);
	if ((oci ? oci_plan(&p, &root, &len, err) :
	    oci_plan_dir(&p, &root, &len, err)) == 0 &&
	    input_root(in, root, len, err) == 0 &&
	    sink_meta(sink, "format", oci ? "oci-layout" : "dir", err) == 0 &&
	    emit_all(&p, err) == 0)
		rc = 0;
	free(root);
	plan_free(&p);
	box_close(box);
	return rc;
}

int image_config(struct tree *config, struct sink *sink, int64_t target,
    struct err *err)
{
	const struct node *layers = node_at(tree_root(config),
	    "rootfs.diff_ids");
	struct image image = { .config = config };
	struct str start = STR_INIT;
	struct emit e = {
		.sink = sink,
		.image = &image,
		.target = target,
		.ndiff = layers != NULL ? layers->count : 0,
		.start = &start,
	};
	int rc = config_quoted(&e, err);

	str_free(&start);
	return rc;
}
