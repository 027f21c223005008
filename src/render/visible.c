/* visible.c - text as an XML document may carry it, and not too much. */
#include "muster/str.h"
#include "render_priv.h"

void visible_add(struct str *out, const char *s, size_t max)
{
	while (*s != '\0' && out->len < max)
		s += str_visible(out, s);
	for (; (*s & 0xc0) == 0x80; s++)	/* a character is not cut */
		str_addc(out, *s);
	if (*s != '\0')
		str_add(out, " \xe2\x80\xa6");
}
