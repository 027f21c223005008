/* gate_junit.c - a gate's conditions as JUnit tests; see gate.h. */
#include <fcntl.h>
#include <stdio.h>

#include "muster/err.h"
#include "muster/str.h"
#include "gate.h"

/* What XML cannot hold becomes U+FFFD. */
static void xml(FILE *f, const char *text)
{
	for (; *text != '\0'; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", f);
			break;
		case '<':
			fputs("&lt;", f);
			break;
		case '>':
			fputs("&gt;", f);
			break;
		case '"':
			fputs("&quot;", f);
			break;
		default:
			if ((unsigned char)*text < ' ' && *text != '\n' &&
			    *text != '\t')
				fputs("\xef\xbf\xbd", f);
			else
				putc(*text, f);
		}
	}
}

static void one(FILE *f, const struct gate_result *r)
{
	fprintf(f, "  <testcase classname=\"muster.gate\" name=\"%s\"",
	    r->name);
	if (r->met) {
		fputs("/>\n", f);
		return;
	}
	fprintf(f, ">\n    <failure message=\"%lld %s\">",
	    (long long)r->found, r->about);
	for (size_t i = 0; i < r->n; i++) {
		xml(f, r->item[i].name);
		fputs(": ", f);
		xml(f, r->item[i].text);
		putc('\n', f);
	}
	fputs("</failure>\n  </testcase>\n", f);
}

int gate_junit(const struct gate *g, const char *mark, const char *file,
    struct err *err)
{
	/* O_NONBLOCK: nobody may be reading a FIFO of that name */
	int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK |
	    O_NOCTTY | O_CLOEXEC, 0666);
	FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;
	size_t failures = 0;

	if (f == NULL)
		return err_sys(err, "cannot write %s", file);
	for (size_t i = 0; i < g->n; i++)
		failures += !g->result[i].met;
	fprintf(f, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<testsuite name=\"muster gate\" tests=\"%zu\" failures=\"%zu\" "
	    "errors=\"0\" timestamp=\"%.19s\">\n", g->n, failures, g->as_of);
	if (*mark != '\0') {
		fputs("  <properties><property name=\"marking\" value=\"", f);
		xml(f, mark);
		fputs("\"/></properties>\n", f);
	}
	for (size_t i = 0; i < g->n; i++)
		one(f, &g->result[i]);
	fputs("</testsuite>\n", f);
	if (fclose(f) != 0)
		return err_sys(err, "cannot write %s", file);
	return 0;
}
