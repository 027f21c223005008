/* inventory.c - what a registry holds: muster's own layout. */
#include <string.h>

#include "listing.h"
#include "muster/import.h"
#include "muster/input.h"

static const char role[] = "inventory";

static int bid(const struct probe *p)
{
	if (p->kind == PROBE_JSON)
		return probe_has(p, listing_json_key(role)) ? 98 : 0;
	return p->kind == PROBE_TEXT &&
	    probe_seen(p, listing_csv_heading(role)) ? 90 : 0;
}

static int read(struct input *in, struct sink *sink, struct err *err)
{
	size_t len;
	const char *head = input_head(in, &len, err);

	if (head == NULL)
		return -1;
	while (len > 0 && strchr(" \t\r\n", *head) != NULL)
		head++, len--;
	return len > 0 && *head == '{' ?
	    listing_json_read(in, sink, role, err) :
	    listing_csv_read(in, sink, role, err);
}

const struct importer importer_inventory = {
	.name = "inventory",
	.about = "what a registry holds, in muster's own JSON or CSV",
	.version = 1,
	.keep = true,
	.bid = bid,
	.read = read,
};
