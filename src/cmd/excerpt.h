/* excerpt.h - the lines of a kept text file around a place in it. */
#ifndef EXCERPT_H
#define EXCERPT_H

#include <stdbool.h>
#include <stdint.h>

struct err;
struct store;

/* The line that a locator yaml:DOC:LINE:... or line:N names. */
bool excerpt_line(const char *locator, int64_t *line);

/* Print the lines around such a locator of an artifact
 * whose bytes are kept as plain text, credentials masked; nothing for any
 * other. */
int excerpt_print(struct store *st, int64_t artifact, const char *locator,
    struct err *err);

#endif
