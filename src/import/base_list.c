/* base_list.c - which base images somebody approved: muster's own layout. */
#include "listing.h"
#include "muster/import.h"

static const char role[] = "approved";

static int bid(const struct probe *p)
{
	return listing_bid(p, role);
}

static int read(struct input *in, struct sink *sink, struct err *err)
{
	return listing_read(in, sink, role, err);
}

const struct importer importer_base_list = {
	.name = "base-list",
	.about = "approved base images, in muster's own JSON or CSV",
	.version = 1,
	.keep = true,
	.bid = bid,
	.read = read,
};
