/* b64.c - base64, read in all its spellings; see b64.h. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "muster/b64.h"
#include "muster/mem.h"
#include "muster/str.h"

enum { FOREIGN = -1, PLAIN = 1, URL = 2 };

/* A character's value; seen collects which alphabet it is of. */
static int sextet(char c, int *seen)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '/')
		*seen |= PLAIN;
	else if (c == '-' || c == '_')
		*seen |= URL;
	else
		return FOREIGN;
	return c == '+' || c == '-' ? 62 : 63;
}

static bool space(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

unsigned char *b64_decode(const char *text, size_t len, size_t *out)
{
	unsigned char *bytes = mem_alloc(len / 4 * 3 + 4);
	size_t n = 0, digits = 0, pads = 0;
	uint32_t bits = 0;
	int have = 0, seen = 0;

	for (size_t i = 0; i < len; i++) {
		int v;

		if (space(text[i]))
			continue;
		if (text[i] == '=') {
			pads++;
			continue;
		}
		if (pads > 0 || (v = sextet(text[i], &seen)) < 0)
			goto bad;
		digits++;
		bits = bits << 6 | (uint32_t)v;
		if ((have += 6) >= 8) {
			have -= 8;
			bytes[n++] = (unsigned char)(bits >> have);
		}
		bits &= 0xffff;
	}
	/* one digit alone is no byte; padding, if any, fills up to four */
	if (seen == (PLAIN | URL) || digits % 4 == 1 ||
	    (pads > 0 && (pads > 2 || (digits + pads) % 4 != 0)) ||
	    (bits & ((1u << have) - 1)) != 0)
		goto bad;
	*out = n;
	return bytes;
bad:
	free(bytes);
	return NULL;
}

void b64_encode(struct str *out, const void *bytes, size_t len)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *p = bytes;

	for (size_t i = 0; i < len; i += 3) {
		size_t left = len - i;
		uint32_t v = (uint32_t)p[i] << 16 |
		    (left > 1 ? (uint32_t)p[i + 1] << 8 : 0) |
		    (left > 2 ? p[i + 2] : 0);

		str_addc(out, digit[v >> 18]);
		str_addc(out, digit[v >> 12 & 63]);
		str_addc(out, left > 1 ? digit[v >> 6 & 63] : '=');
		str_addc(out, left > 2 ? digit[v & 63] : '=');
	}
}
