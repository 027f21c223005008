/*
 * poam.h - the items of a plan of action and milestones.
 *
 * An item is a requirement that is not met, or a vulnerability of a package,
 * with everything that it affects and that the same decisions cover: what is
 * waived is an item of its own beside what is not.  Fields are eMASS's
 * columns; what only people can judge (likelihood, impact ...) is left empty.
 */
#ifndef RENDER_POAM_H
#define RENDER_POAM_H

#include <stdbool.h>
#include <stdint.h>

#include "cell.h"
#include "muster/str.h"

struct err;
struct store;

enum poam_field {
#define COLUMN(field, most, width, old, new) POAM_##field,
#include "poam_columns.def"
#undef COLUMN
	POAM_FIELDS
};

struct poam_column {
	size_t		 most;		/* characters */
	int		 width;
	const char	*title[2];	/* of 22 columns, of 26; or NULL */
};
extern const struct poam_column poam_columns[POAM_FIELDS];

/* Layouts, by the index of title. */
enum { POAM_22, POAM_26 };

/* Texts are as long as they are; several milestones stand one a line. */
struct poam_item {
	struct str	 field[POAM_FIELDS];
};

struct poam_walk {
	struct store	*store;
	const char	*office;	/* who is responsible, or NULL */
	int		 layout;
	/* from here on: what poam_item_walk() counts */
	int64_t		 items, risks, dateless;
};

/* Every item in a total order; the walk adds up to what the database holds,
 * or it is our bug. */
int poam_item_walk(struct poam_walk *w,
    int (*fn)(void *ctx, const struct poam_item *item, struct err *err),
    void *ctx, struct err *err);

/* The next row of an item: its fields within their limits.  n counts rows
 * (milestones behind the first have one each); false: there is none.
 * cut gets a bit per field that was shortened. */
bool poam_item_row(const struct poam_item *item, size_t n,
    struct str field[POAM_FIELDS], uint64_t *cut);

#endif
