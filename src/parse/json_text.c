/* json_text.c - raw JSON bytes, mended before parsing; see json_priv.h. */
#include <string.h>

#include "json_priv.h"

/* Bytes that look like neither a backslash nor a part of a long character
 * are skipped a word at a time: the common case by far. */
static size_t plain(const char *p, size_t i, size_t n)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	const uint64_t tops = ones << 7;

	for (; n - i >= 8; i += 8) {
		uint64_t w, slash;

		memcpy(&w, p + i, 8);
		slash = w ^ (ones * '\\');
		if (((w | ((slash - ones) & ~slash)) & tops) != 0)
			break;
	}
	while (i < n && (unsigned char)p[i] < 0x80 && p[i] != '\\')
		i++;
	return i;
}

enum { BAD = 0, CUT = 99 };	/* else a length */

/* The character at p, its first byte being no ASCII: how long it is. */
static size_t character(const unsigned char *p, size_t left)
{
	unsigned char lo = 0x80, hi = 0xbf;
	size_t n;

	if (p[0] >= 0xc2 && p[0] <= 0xdf) {
		n = 2;
	} else if ((p[0] & 0xf0) == 0xe0) {
		n = 3;
		lo = p[0] == 0xe0 ? 0xa0 : lo;
		hi = p[0] == 0xed ? 0x9f : hi;	/* no surrogates */
	} else if (p[0] >= 0xf0 && p[0] <= 0xf4) {
		n = 4;
		lo = p[0] == 0xf0 ? 0x90 : lo;
		hi = p[0] == 0xf4 ? 0x8f : hi;
	} else {
		return BAD;
	}
	for (size_t i = 1; i < n; i++) {
		if (i == left)
			return CUT;
		if (p[i] < lo || p[i] > hi)
			return BAD;
		lo = 0x80;
		hi = 0xbf;
	}
	return n;
}

/* "\uXXXX" at p: its code unit; -1 if it is something else, -2 if it is cut
 * off by the end. */
static int unit(const char *p, size_t left)
{
	int v = 0;

	for (size_t i = 0; i < 6; i++) {
		int c;

		if (i == left)
			return -2;
		c = (unsigned char)p[i];
		if (i < 2) {
			if (c != "\\u"[i])
				return -1;
		} else if (c >= '0' && c <= '9') {
			v = v << 4 | (c - '0');
		} else if ((c | 32) >= 'a' && (c | 32) <= 'f') {
			v = v << 4 | ((c | 32) - 'a' + 10);
		} else {
			return -1;
		}
	}
	return v;
}

/* The escape at p: its length, and in *with what must stand there instead of
 * its first six bytes, if anything. */
static size_t escape(const char *p, size_t left, const char **with)
{
	int u = unit(p, left), next;

	if (left < 2 || u == -2)
		return CUT;
	if (u == -1)
		return 2;	/* \n, \\ ...; or wrong, and yajl will say so */
	if (u == 0)
		*with = "\\u2400";
	if (u < 0xd800 || u > 0xdfff)
		return 6;
	next = u < 0xdc00 ? unit(p + 6, left - 6) : -1;
	if (next == -2)
		return CUT;
	if (next >= 0xdc00 && next <= 0xdfff)
		return 12;
	*with = "\\ufffd";
	return 6;
}

/* The text to work on: what was held back, then the new chunk. */
static void join(struct json_text *t, const char **p, size_t *n)
{
	if (t->carried == 0)
		return;
	str_clear(&t->copy);
	str_addn(&t->copy, t->carry, t->carried);
	str_addn(&t->copy, *p, *n);
	t->carried = 0;
	*p = t->copy.s;
	*n = t->copy.len;
}

/* yajl takes vertical tabs and form feeds for white space.  They are allowed
 * nowhere in JSON: the bytes before the first one. */
static size_t before_tabs(const char *p, size_t n)
{
	const char *at = memchr(p, '\v', n);

	n = at != NULL ? (size_t)(at - p) : n;
	at = memchr(p, '\f', n);
	return at != NULL ? (size_t)(at - p) : n;
}

bool json_text_mend(struct json_text *t, const char **p, size_t *n, bool last)
{
	size_t i = 0, len, all;

	join(t, p, n);
	all = *n;
	*n = before_tabs(*p, all);
	last = last || *n < all;
	while ((i = plain(*p, i, *n)) < *n) {
		const char *with = NULL;

		if ((*p)[i] == '\\')
			len = escape(*p + i, *n - i, &with);
		else
			len = character((const unsigned char *)*p + i, *n - i);
		if (len == CUT && !last) {
			t->carried = *n - i;
			memcpy(t->carry, *p + i, t->carried);
			*n = i;
			return true;
		}
		if (len == CUT && (*p)[i] == '\\')
			break;		/* yajl will say what is missing */
		if (len == BAD || len == CUT) {
			*n = i;
			return false;
		}
		if (with != NULL) {
			if (*p != t->copy.s) {
				str_clear(&t->copy);
				str_addn(&t->copy, *p, *n);
				*p = t->copy.s;
			}
			memcpy(t->copy.s + i, with, 6);
		}
		i += len;
	}
	return *n == all;
}

void json_text_free(struct json_text *t)
{
	str_free(&t->copy);
}
