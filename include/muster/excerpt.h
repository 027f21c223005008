/*
 * excerpt.h - the lines of a kept text file around a place in it.
 *
 * For a terminal and for pages alike.  Files are unpacked once and a few of
 * them are held, because reasons come in no order of their files.
 */
#ifndef MUSTER_EXCERPT_H
#define MUSTER_EXCERPT_H

#include <stdbool.h>
#include <stdint.h>

struct err;
struct store;
struct excerpts;

struct excerpts *excerpt_open(struct store *st);
void excerpt_close(struct excerpts *x);		/* accepts NULL */

/* The line that a locator yaml:DOC:LINE:... or line:N names. */
bool excerpt_line(const char *locator, int64_t *line);

/* Hand over the lines around such a locator of an artifact whose bytes are
 * kept as plain text, credentials masked (here: the line it names); none for
 * any other. */
typedef void excerpt_fn(void *ctx, int64_t n, bool here, const char *text);
int excerpt_read(struct excerpts *x, int64_t artifact, const char *locator,
    excerpt_fn *fn, void *ctx, struct err *err);

#endif
