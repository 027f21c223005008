/*
 * row.h - a record put together from the members of a JSON object.
 *
 * What the importers of scanner reports do alike: collect texts, join lists,
 * cut a title.  Emptied, not freed, between rows.
 */
#ifndef ROW_H
#define ROW_H

#include <stdbool.h>
#include <stddef.h>

#include "muster/json.h"
#include "muster/str.h"

#define ROW_TITLE	300		/* bytes of a title */

/* Take a member's value: text or a number; null is nothing.  Anything else is
 * not what the format says, and refused. */
int row_take(struct str *s, struct json *js, enum json_event ev,
    const char *text, struct err *err);

/* Add an item to a list; a line break inside it becomes U+2424, so that lists
 * of lines stay what they are.  False: clipped, past list-bytes. */
bool row_join(struct str *list, const char *sep, const char *item);

/* Is item in a list of lines? */
bool row_listed(const struct str *list, const char *item);

/* The beginning of a text as one line, cut between characters. */
void row_title(struct str *out, const char *text);

/* The same, with every credential in it masked; name as in secret_mask(). */
void row_masked(struct str *out, const char *name, const char *text);

/* Prisma's status "fixed in 1.2, 1.3": the versions; else NULL. */
const char *row_fixed_in(const char *status);

/* The text, or NULL where there is none. */
const char *row_text(const struct str *s);

/* A member that must be a list of objects, or null, which is an empty one:
 * for the events of the list itself and of its elements. */
int row_is_list(struct json *js, enum json_event ev, struct err *err);
int row_is_object(struct json *js, enum json_event ev, struct err *err);

/* A member that must be an object, or null. */
int row_is_part(struct json *js, enum json_event ev, struct err *err);

/* "json:" and where we are, for a record's locator. */
const char *row_locator(struct str *out, const struct json *js);

/* A time that stands for "none" in Go and JavaScript is none. */
const char *row_time(const char *text);

#endif
