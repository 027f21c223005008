/*
 * str.h - text: growing buffers, and one way out per destination.
 *
 * Everything an importer hands on is valid UTF-8 without NUL (the readers in
 * src/parse see to that), so a C string is enough from there on.
 */
#ifndef MUSTER_STR_H
#define MUSTER_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* A growing byte buffer; always NUL-terminated once something was added.
 * Start with STR_INIT, end with str_free(). */
struct str {
	char	*s;
	size_t	 len, cap;
};

#define STR_INIT { NULL, 0, 0 }

void str_add(struct str *b, const char *text);
void str_addc(struct str *b, char c);
void str_room(struct str *b, size_t more);	/* for so many bytes, and a NUL */
void str_addf(struct str *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void str_free(struct str *b);
const char *str_text(const struct str *b);	/* "" when empty */

/* Here, because readers do little else. */
static inline void str_addn(struct str *b, const void *bytes, size_t len)
{
	if (b->cap <= b->len || b->cap - b->len <= len)
		str_room(b, len);
	if (len > 0)
		memcpy(b->s + b->len, bytes, len);
	b->len += len;
	b->s[b->len] = '\0';
}

/* Keeps the memory. */
static inline void str_clear(struct str *b)
{
	b->len = 0;
	if (b->s != NULL)
		b->s[0] = '\0';
}

/* Text as one JSON string, quotes included. */
void str_json(struct str *b, const char *text);

/* Bytes (a path, say) as valid UTF-8: invalid bytes and control characters
 * become \xNN, a backslash is doubled.  Reversible. */
void str_path(struct str *b, const void *bytes, size_t len);

/* Bytes as valid UTF-8 text: invalid sequences become U+FFFD, NUL U+2400. */
void str_utf8(struct str *b, const void *bytes, size_t len);
bool str_is_utf8(const void *bytes, size_t len);

/* Write text to a terminal or a pipe: control, bidi and invalid bytes as
 * visible escapes.  The only way untrusted text reaches a human's terminal. */
void str_safe(FILE *out, const char *text);
/* Add the first character of a text that is not empty as documents show it:
 * controls, and what turns the direction of text, as an escape.  How many
 * bytes it had. */
size_t str_visible(struct str *b, const char *text);

/* Comparison helpers. */
bool str_eq(const char *a, const char *b);	/* NULL equals NULL only */
bool str_ieq(const char *a, const char *b);	/* ASCII case folded */
bool str_starts(const char *s, const char *prefix);
bool str_ends(const char *s, const char *suffix);
bool str_contains(const char *s, const char *part);	/* NULL s: no */
bool str_empty(const char *s);			/* NULL or "" */

/* Whole-string decimal number within [lo, hi]; false otherwise. */
bool str_int(const char *s, int64_t lo, int64_t hi, int64_t *out);

/* Is word one of the white-space separated words of list? */
bool str_listed(const char *list, const char *word);

/* Shell-style match: * ? and [sets], '/' is an ordinary character. */
bool str_glob(const char *pattern, const char *s);

#endif
