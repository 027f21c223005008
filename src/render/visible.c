/* visible.c - text as an XML document may carry it, and not too much. */
#include "muster/str.h"
#include "render_priv.h"

/* How many bytes from here are printable ASCII, of at most max. */
static size_t plain(const char *s, size_t max)
{
	size_t n = 0;

	while (n < max && s[n] >= ' ' && s[n] < 0x7f)
		n++;
	return n;
}

void visible_add(struct str *out, const char *s, size_t max)
{
	while (*s != '\0' && out->len < max) {
		size_t n = plain(s, max - out->len);

		if (n > 0)
			str_addn(out, s, n);
		s += n > 0 ? n : str_visible(out, s);
	}
	for (; (*s & 0xc0) == 0x80; s++)	/* a character is not cut */
		str_addc(out, *s);
	if (*s != '\0')
		str_add(out, " \xe2\x80\xa6");
}
