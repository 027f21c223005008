/*
 * token.h - credentials that are recognised by their own shape.
 *
 * Private to the image room: secret.c asks at every place of a text whether
 * a token starts there.  What a name or an option says about the text behind
 * it is secret.c's own business.
 */
#ifndef IMAGE_TOKEN_H
#define IMAGE_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "muster/secret.h"

/* Does a token start at text[at]?  Fills in rule, grade, at and len. */
bool token_at(const char *text, size_t n, size_t at, struct secret_hit *hit);

/* One of the documented examples that vendors print, which open nothing? */
bool token_is_example(const char *s, size_t n);

/* What the i-th kind starts with, and how many characters of which set (in
 * the form of a regular expression's) follow at least; false past the end. */
bool token_anchor(size_t i, const char **prefix, const char **set,
    size_t *min);

const struct secret_rule *token_rule(size_t i);	/* NULL past the end */

#endif
