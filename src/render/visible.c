/*
 * visible.c - text as an XML document may carry it.
 *
 * Characters that XML 1.0 cannot carry, controls, and those that turn the
 * direction of what follows around, become visible.
 */
#include "muster/str.h"
#include "render_priv.h"

/* How many bytes the unwelcome character at p has; 0: it is harmless. */
static size_t unwelcome(const unsigned char *p)
{
	if (*p < 0x20)
		return *p != '\t' && *p != '\n' && *p != '\r';
	if (*p == 0x7f)
		return 1;
	if (p[0] == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f)
		return 2;	/* U+0080-009F: controls of old terminals */
	if (p[0] == 0xe2 && p[1] == 0x80 && p[2] >= 0xaa && p[2] <= 0xae)
		return 3;	/* U+202A-202E */
	if (p[0] == 0xe2 && p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9)
		return 3;	/* U+2066-2069 */
	if (p[0] == 0xef && p[1] == 0xbf && (p[2] == 0xbe || p[2] == 0xbf))
		return 3;	/* U+FFFE, U+FFFF */
	return 0;
}

void visible_add(struct str *out, const char *s, size_t max)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t n;

	for (; *p != '\0' && out->len < max; p += n != 0 ? n : 1) {
		if ((n = unwelcome(p)) == 1)
			str_addf(out, "\\x%02x", *p);
		else if (n == 2)
			str_addf(out, "\\u%04x", (p[0] & 31) << 6 |
			    (p[1] & 63));
		else if (n == 3)
			str_addf(out, "\\u%04x", (p[0] & 15) << 12 |
			    (p[1] & 63) << 6 | (p[2] & 63));
		else
			str_addc(out, (char)*p);
	}
	for (; (*p & 0xc0) == 0x80; p++)	/* a character is not cut */
		str_addc(out, (char)*p);
	if (*p != '\0')
		str_add(out, " \xe2\x80\xa6");
}
