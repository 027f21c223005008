/* found.c - things that are not as they should be; see found.h. */
#include <stdarg.h>
#include <stdio.h>

#include "muster/err.h"
#include "muster/found.h"

void found_add(struct found *f, const char *fmt, ...)
{
	char line[sizeof(f->first)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (f->n++ == 0)
		snprintf(f->first, sizeof(f->first), "%s", line);
	if (f->tell != NULL && f->n <= FOUND_MAX)
		f->tell(f->ctx, line);
}

int found_err(struct found *f, struct err *err)
{
	if (err->kind != ERR_DAMAGED && err->kind != ERR_VERIFY)
		return -1;
	found_add(f, "%s", err->text);
	*err = (struct err)ERR_INIT;
	return 0;
}

int found_end(const struct found *f, struct err *err)
{
	if (f->n == 0)
		return 0;
	if (f->n == 1)
		return err_set(err, ERR_VERIFY, "%s", f->first);
	return err_set(err, ERR_VERIFY, "%.400s (and %lld more)", f->first,
	    (long long)f->n - 1);
}
