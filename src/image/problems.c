/* problems.c - a short list of what is wrong; see image_priv.h. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image_priv.h"
#include "muster/mem.h"
#include "muster/str.h"

void problems_add(struct problems *p, const char *fmt, ...)
{
	struct str clean = STR_INIT;
	char text[1024];
	va_list ap;

	if (p->n == MAX_PROBLEMS) {
		p->more++;
		return;
	}
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	/* cutting may have split a character */
	str_utf8(&clean, text, strlen(text));
	p->text[p->n++] = mem_dup(str_text(&clean));
	str_free(&clean);
}

void problems_free(struct problems *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->text[i]);
	p->n = p->more = 0;
}
