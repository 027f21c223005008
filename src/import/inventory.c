/* inventory.c - what a registry holds: muster's own layout. */
#include "listing.h"
#include "muster/import.h"

static const char role[] = "inventory";

static int bid(const struct probe *p)
{
	return listing_bid(p, role);
}

static int read(struct input *in, struct sink *sink, struct err *err)
{
	return listing_read(in, sink, role, err);
}

const struct importer importer_inventory = {
	.name = "inventory",
	.about = "what a registry holds, in muster's own JSON or CSV",
	.version = 1,
	.keep = true,
	.bid = bid,
	.read = read,
};
