/*
 * cap.h - how much of anything an input may hold, as one table.
 *
 * cap.def has a row a cap: the name a user knows it by, its default, the
 * range it can be set to, its unit and what it bounds.  "--cap NAME=VALUE"
 * sets one, "muster help caps" prints the table, and tests/test_caps.c has a
 * case for every row: at the cap all is well, one more is refused with the
 * cap's name.
 *
 * What belongs there: a bound on what bytes from outside may nest, repeat,
 * measure, unpack to, or cost in memory and time.  Its `most` is what the code
 * can take at all: a depth whose work recurses, an array, what a library would
 * refuse by itself.
 *
 * What does not, and stays a constant beside its code: a size that is part of
 * a format (a digest's, a header's), a buffer's, how many of a kind are told
 * one by one before they are counted, and whatever decides a verdict or the
 * bytes of an output: with the same evidence those are the same for everybody.
 * What may be read does not depend on who reads it either, so a cap that was
 * changed is recorded with each file that is imported under it (the fact
 * "import.caps"), and a replay reads that file under the same.
 */
#ifndef MUSTER_CAP_H
#define MUSTER_CAP_H

#include <stdint.h>

struct err;
struct str;

enum cap {
#define CAP(id, name, usual, least, most, unit, scope, about) CAP_##id,
#include "muster/cap.def"
#undef CAP
	CAPS
};

/* FILE: what is read of a file depends on it, so it is recorded with it.
 * RUN: it bounds what a command does otherwise. */
enum cap_scope { CAP_OF_FILE, CAP_OF_RUN };

struct cap_row {
	const char	*name;		/* "json-depth" */
	int64_t		 usual, least, most;
	const char	*unit;		/* "bytes", "s", or what is counted */
	enum cap_scope	 scope;
	const char	*about;
};

/* The value in force.  Set once, before anything is read, and inherited by
 * the readers; only a replay changes it later, between two files. */
int64_t cap(enum cap which);
const struct cap_row *cap_row(enum cap which);

/* ERR_USAGE, naming the range, where the value is outside of it. */
int cap_set(enum cap which, int64_t value, struct err *err);
/* "NAME=VALUE": bytes take K, M, G or T behind the number, seconds an s. */
int cap_flag(const char *text, struct err *err);
void cap_reset(void);			/* the defaults */

/* The caps of files that are not at their defaults, as "a=1 b=2", in the
 * table's order; nothing is added where all are. */
void cap_changed(struct str *out);

/*
 * For a replay: put in force what cap_changed() said of a file, and for all
 * other caps of files their defaults.  Nobody's package raises a cap on its
 * own: ERR_USAGE names one that is above what is in force.  ERR_INPUT is for
 * what cap_changed() could not have said.
 */
int cap_restore(const char *changed, struct err *err);
void cap_save(int64_t to[CAPS]);
void cap_load(const int64_t from[CAPS]);

/* As people write it: "16M", "200", "1800s". */
void cap_spell(struct str *out, enum cap which, int64_t value);
/* "the limit is 200 levels (--cap json-depth=N allows more)", for messages;
 * good until the cap is set anew. */
const char *cap_hint(enum cap which);
/* ERR_INPUT: what went beyond it, and the hint. */
int cap_err(struct err *err, enum cap which, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
