/* json_text.c - what stands between two quotes of JSON; see json_priv.h. */
#include <string.h>

#include "json_priv.h"

/* Sixteen bytes at once; signed, so that parts of long characters are below
 * the blank as well. */
typedef signed char bytes16 __attribute__((vector_size(16)));
typedef uint64_t words2 __attribute__((vector_size(16)));

/* Which of the bytes of a word, in their order in memory, is set first. */
static size_t first(uint64_t word)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return (size_t)__builtin_ctzll(word) / 8;
#else
	return (size_t)__builtin_clzll(word) / 8;
#endif
}

/* Bytes that mean themselves are passed over: the common case by far.  From
 * i on to the first quote, backslash, control character or part of a long
 * character, or to n. */
static size_t plain(const unsigned char *p, size_t i, size_t n)
{
	for (; n - i >= sizeof(bytes16); i += sizeof(bytes16)) {
		bytes16 b;
		words2 special;

		memcpy(&b, p + i, sizeof(b));
		special = (words2)(b < 0x20) | (words2)(b == '"') |
		    (words2)(b == '\\');
		if (special[0] != 0)
			return i + first(special[0]);
		if (special[1] != 0)
			return i + 8 + first(special[1]);
	}
	while (i < n && p[i] >= 0x20 && p[i] < 0x80 && p[i] != '"' &&
	    p[i] != '\\')
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

static int digit(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The escape at *i; on a fault *i is the byte that is wrong. */
static enum json_text escape(const unsigned char *p, size_t *i, size_t n)
{
	size_t at = *i + 1;

	if (at == n)
		return TEXT_CUT;
	if (p[at] != 'u') {
		*i = at;
		if (p[at] == '\0' || strchr("\"\\/bfnrt", p[at]) == NULL)
			return TEXT_ESCAPE;
		++*i;
		return TEXT_WHOLE;
	}
	for (int k = 0; k < 4; k++) {
		if (++at == n)
			return TEXT_CUT;
		if (digit(p[at]) < 0) {
			*i = at;
			return TEXT_ESCAPE;
		}
	}
	*i = at + 1;
	return TEXT_WHOLE;
}

enum json_text json_text_end(const char *text, size_t *i, size_t n,
    bool *escapes)
{
	const unsigned char *p = (const unsigned char *)text;

	for (;;) {
		enum json_text found;
		size_t len;

		*i = plain(p, *i, n);
		if (*i == n)
			return TEXT_CUT;
		if (p[*i] == '"')
			return TEXT_WHOLE;
		if (p[*i] == '\\') {
			*escapes = true;
			if ((found = escape(p, i, n)) != TEXT_WHOLE)
				return found;
			continue;
		}
		if (p[*i] < 0x20)
			return TEXT_CONTROL;
		len = character(p + *i, n - *i);
		if (len == BAD)
			return TEXT_UTF8;
		if (len == CUT)
			return TEXT_UTF8_CUT;
		*i += len;
	}
}

/* The code unit of "\uXXXX" at p; -1 if something else stands there. */
static long unit(const char *p, size_t left)
{
	long v = 0;

	if (left < 6 || p[0] != '\\' || p[1] != 'u')
		return -1;
	for (int k = 2; k < 6; k++) {
		int d = digit((unsigned char)p[k]);

		if (d < 0)
			return -1;
		v = v << 4 | d;
	}
	return v;
}

static void put(struct str *out, long c)
{
	char b[4];
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned char first[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	for (size_t i = n; i-- > 1; c >>= 6)
		b[i] = (char)(0x80 | (c & 0x3f));
	b[0] = (char)(first[n] | c);
	str_addn(out, b, n);
}

/* The "\u..." at p, one or both of a pair; how long it is. */
static size_t put_unit(struct str *out, const char *p, size_t left)
{
	long c = unit(p, left), low;

	if (c == 0) {
		put(out, 0x2400);
	} else if (c < 0xd800 || c > 0xdfff) {
		put(out, c);
	} else {
		low = c < 0xdc00 ? unit(p + 6, left - 6) : -1;
		if (low >= 0xdc00 && low <= 0xdfff) {
			put(out, 0x10000 + ((c - 0xd800) << 10) +
			    (low - 0xdc00));
			return 12;
		}
		put(out, 0xfffd);
	}
	return 6;
}

void json_text_decode(struct str *out, const char *p, size_t len)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";

	while (len > 0) {
		const char *slash = memchr(p, '\\', len), *known;
		size_t n = slash != NULL ? (size_t)(slash - p) : len;

		str_addn(out, p, n);
		p += n;
		len -= n;
		if (len == 0)
			break;
		if (p[1] == 'u') {
			n = put_unit(out, p, len);
		} else {
			known = strchr(from, p[1]);
			str_addc(out, known != NULL ? to[known - from] : p[1]);
			n = 2;
		}
		p += n;
		len -= n;
	}
}
