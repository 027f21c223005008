/* archive.c - image archives: docker save, skopeo, podman, buildx. */
#include "muster/image.h"
#include "muster/import.h"

static int bid(const struct probe *p)
{
	return p->kind == PROBE_DIR ? 0 : image_bid(p->raw, p->raw_len);
}

const struct importer importer_archive = {
	.name = "image-archive",
	.about = "container images, as docker save or skopeo write them",
	.version = 2,
	.keep = false,
	.bid = bid,
	.read = image_read_archive,
};
