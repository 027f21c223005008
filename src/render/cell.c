/*
 * cell.c - text as a cell of a spreadsheet may hold it: controls are visible,
 * and it is not longer than what reads it takes.
 */
#include "cell.h"
#include "muster/str.h"

/* How many characters of UTF-16 the bytes of one character are. */
static size_t units(const char *s, size_t n)
{
	size_t sum = 0;

	for (size_t i = 0; i < n; i++)
		if (((unsigned char)s[i] & 0xc0) != 0x80)
			sum += (unsigned char)s[i] >= 0xf0 ? 2 : 1;
	return sum;
}

size_t cell_length(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += units(s, 1);
	return n;
}

bool cell_add(struct str *out, const char *text, size_t most)
{
	size_t used = 0, cut = out->len;

	if (most > CELL_MAX)
		most = CELL_MAX;
	while (*text != '\0') {
		size_t start = out->len, n = str_visible(out, text);

		if (*text == '\r') {	/* spreadsheets know one line end */
			out->len = start;
			out->s[start] = '\0';
			if (text[n] != '\n')
				str_addc(out, '\n');
		}
		text += n;
		used += units(out->s + start, out->len - start);
		/* An escape stands whole or not at all. */
		if (used > most) {
			out->len = cut;
			out->s[cut] = '\0';
			str_add(out, "\xe2\x80\xa6");
			return true;
		}
		if (used < most)
			cut = out->len;		/* the ellipsis fits behind */
	}
	return false;
}
