/*
 * listing.h - an image that a list names, put together field by field.
 *
 * What the importers of lists do alike: spell the reference one way, refuse a
 * digest that is none, count, and say what could not be placed.
 */
#ifndef LISTING_H
#define LISTING_H

#include <stdbool.h>
#include <stdint.h>

#include "muster/str.h"

struct err;
struct input;
struct probe;
struct sink;

struct listing_row {
	struct str	 reference, digest, config, created, source;
	struct str	 chain;		/* diff_ids, one a line */
	bool		 hostless;	/* the reference names no registry and
					 * means none: it is of "*" */
};

void listing_clear(struct listing_row *r);
void listing_free(struct listing_row *r);

/* One more diff_id of the chain; false when the list is too long. */
bool listing_layer(struct listing_row *r, const char *diff_id);

/* Send it: it counts as read, and as stored or (with a warning) unplaced.
 * role is "approved" or "inventory". */
int listing_send(struct sink *s, const char *role,
    const struct listing_row *r, const char *locator, struct err *err);

/* When the list was made: a date, or a warning where the text is none. */
int listing_date(struct sink *s, const char *key, const char *date,
    const char *locator, struct err *err);

/* Muster's own layouts (docs/lists.md): listing_json.c, listing_csv.c.  The
 * keys and headings that tell them from other files stand there. */
int listing_json_read(struct input *in, struct sink *s, const char *role,
    struct err *err);
int listing_csv_read(struct input *in, struct sink *s, const char *role,
    struct err *err);
const char *listing_json_key(const char *role);
const char *listing_csv_heading(const char *role);

/* Either of them, for the importer of that role. */
int listing_bid(const struct probe *p, const char *role);
int listing_read(struct input *in, struct sink *s, const char *role,
    struct err *err);

#endif
