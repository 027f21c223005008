/*
 * b64.h - base64 (RFC 4648): the standard alphabet or the one for URLs, with
 * or without padding.
 */
#ifndef MUSTER_B64_H
#define MUSTER_B64_H

#include <stddef.h>

struct str;

/* The bytes of len characters, with a NUL after them; NULL where the text is
 * no base64 (a foreign character, both alphabets at once, bits left over).
 * White space between characters is allowed.  The caller frees. */
unsigned char *b64_decode(const char *text, size_t len, size_t *out);

/* Appends the standard form, padded. */
void b64_encode(struct str *out, const void *bytes, size_t len);

#endif
