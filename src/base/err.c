/* err.c - the error story; see err.h. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "muster/err.h"
#include "muster/str.h"

/* Text of ours with bytes of an input in it, which may have been cut inside a
 * character: it goes into evidence as well as to a terminal.  Bytes that are
 * no UTF-8 become \xNN, as str_safe() shows them. */
static void whole(char *text, size_t size)
{
	char out[sizeof(((struct err *)0)->text)];
	size_t len = strlen(text), used = 0, n;

	if (str_is_utf8(text, len))
		return;
	for (const char *p = text; *p != '\0' && used + 5 < size; p += n) {
		for (n = 1; n < 4 && !str_is_utf8(p, n); n++)
			if (p[n] == '\0')
				break;
		if (str_is_utf8(p, n)) {
			memcpy(out + used, p, n);
			used += n;
		} else {
			used += (size_t)snprintf(out + used, size - used,
			    "\\x%02x", (unsigned)(unsigned char)*p);
			n = 1;
		}
	}
	memcpy(text, out, used);
	text[used] = '\0';
}

int err_set(struct err *err, enum err_kind kind, const char *fmt, ...)
{
	va_list ap;

	*err = (struct err)ERR_INIT;
	err->kind = kind;
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	whole(err->text, sizeof(err->text));
	return -1;
}

int err_sys(struct err *err, const char *fmt, ...)
{
	int	saved = errno;
	size_t	used;
	va_list	ap;

	*err = (struct err)ERR_INIT;
	err->kind = ERR_SYSTEM;
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	used = strlen(err->text);
	snprintf(err->text + used, sizeof(err->text) - used, ": %s",
	    strerror(saved));
	whole(err->text, sizeof(err->text));
	return -1;
}

int err_at(struct err *err, const char *file, int64_t line, int64_t byte)
{
	if (file != NULL && err->file[0] == '\0')
		snprintf(err->file, sizeof(err->file), "%s", file);
	if (err->line == 0)
		err->line = line;
	if (err->byte < 0)
		err->byte = byte;
	return -1;
}

int err_place(struct err *err, const char *fmt, ...)
{
	va_list ap;

	if (err->place[0] != '\0')
		return -1;
	va_start(ap, fmt);
	vsnprintf(err->place, sizeof(err->place), fmt, ap);
	va_end(ap);
	whole(err->place, sizeof(err->place));
	return -1;
}

int err_during(struct err *err, const char *fmt, ...)
{
	size_t	used = strlen(err->during);
	va_list	ap;

	if (used > 0 && used + 2 < sizeof(err->during)) {
		memcpy(err->during + used, ", ", 3);
		used += 2;
	}
	va_start(ap, fmt);
	vsnprintf(err->during + used, sizeof(err->during) - used, fmt, ap);
	va_end(ap);
	whole(err->during, sizeof(err->during));
	return -1;
}

void err_print(const struct err *err, const char *prog, FILE *out)
{
	fprintf(out, "%s: ", prog);
	if (err->file[0] != '\0') {
		str_safe(out, err->file);
		fputc(':', out);
	}
	if (err->line > 0)
		fprintf(out, "%lld:", (long long)err->line);
	if (err->byte >= 0)
		fprintf(out, " byte %lld:", (long long)err->byte);
	if (err->place[0] != '\0') {
		fputc(' ', out);
		str_safe(out, err->place);
		fputc(':', out);
	}
	if (err->file[0] != '\0')
		fputc(' ', out);
	str_safe(out, err->text);
	fputc('\n', out);
	if (err->during[0] != '\0') {
		fprintf(out, "%s:   while ", prog);
		str_safe(out, err->during);
		fputc('\n', out);
	}
}

int err_exit(enum err_kind kind)
{
	switch (kind) {
	case ERR_NONE:
		return 0;
	case ERR_INPUT:
		return 2;
	case ERR_GATE:
		return 3;
	case ERR_VERIFY:
		return 4;
	case ERR_USAGE:
	case ERR_SYSTEM:
	case ERR_STORE:
	case ERR_DAMAGED:
	case ERR_BUG:
		break;
	}
	return 1;
}
