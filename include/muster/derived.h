/*
 * derived.h - tables that follow from others: what is in them, and what would
 * be if they were worked out again.
 *
 * A shadow is the database opened once more with every derived table (but
 * those of part MEMORY, which only grow) a second time, empty and temporary,
 * in front of the one in the file: whatever works them out fills these, and
 * the file is only read.
 */
#ifndef MUSTER_DERIVED_H
#define MUSTER_DERIVED_H

#include <stddef.h>
#include <stdint.h>

struct err;
struct found;
struct store;

enum derived_part {
	DERIVED_SETTLE, DERIVED_MERGE, DERIVED_ASSESS, DERIVED_MEMORY
};

struct derived {
	const char		*table;
	enum derived_part	 part;
	const char		*key;	/* what rows are matched by */
	const char		*name;	/* SQL: row r, in the words of people */
};

const struct derived *derived_table(size_t i);	/* NULL past the end */

/* Of all rows in the file, by key; "" for none. */
int derived_digest(struct store *st, const struct derived *d, char hex[65],
    struct err *err);

/* NULL without err: the database is in memory.  Temporary files hold what is
 * too large for a few megabytes. */
struct store *derived_shadow(struct store *st, struct err *err);
/* Every row that differs between the file and the shadow is told. */
int derived_compare(struct store *shadow, const struct derived *d,
    struct found *f, struct err *err);
/* What the file holds becomes what the shadow holds. */
int derived_take(struct store *shadow, const struct derived *d,
    struct err *err);

#endif
