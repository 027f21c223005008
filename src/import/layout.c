/* layout.c - images as directories: OCI layouts and skopeo's dir:. */
#include "muster/image.h"
#include "muster/import.h"

static int bid(const struct probe *p)
{
	return p->kind == PROBE_DIR && image_is_layout(p->dirfd) ? 95 : 0;
}

const struct importer importer_layout = {
	.name = "oci-layout",
	.about = "container images in a directory: OCI layout, dir:",
	.version = 2,
	.keep = false,
	.bid = bid,
	.read = image_read_layout,
};
