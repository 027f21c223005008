/* lines.c - the lines of a small text file as valid text; image_priv.h. */
#include <string.h>

#include "image_priv.h"
#include "muster/str.h"

bool lines_next(struct lines *l, const char **line)
{
	const char *end;
	size_t len;

	if (l->p == NULL || l->p >= l->end)
		return false;
	end = memchr(l->p, '\n', (size_t)(l->end - l->p));
	if (end == NULL)
		end = l->end;
	len = (size_t)(end - l->p);
	if (len > 0 && l->p[len - 1] == '\r')
		len--;
	str_clear(l->buf);
	str_utf8(l->buf, l->p, len);
	*line = str_text(l->buf);
	l->p = end + 1;
	l->n++;
	return true;
}
