/* say.c - verdicts and long texts on a terminal; see say.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "muster/command.h"
#include "muster/mem.h"
#include "muster/str.h"
#include "say.h"

int say_columns(void)
{
	struct winsize ws;

	return isatty(1) && ioctl(1, TIOCGWINSZ, &ws) == 0 &&
	    ws.ws_col >= 40 ? ws.ws_col : 0;
}

/* For texts: long lines are hard to read. */
static int columns(void)
{
	int n = say_columns();

	return n == 0 ? 80 : n < 100 ? n : 100;
}

static void colored(const struct ctx *c, const char *verdict,
    const char *text, int width)
{
	static const struct {
		const char *verdict, *code;
	} colors[] = {
		{ "pass", "32" }, { "fail", "31;1" }, { "error", "31;7" },
		{ "not_reviewed", "33" }, { "not_applicable", "2" },
	};
	const char *code = NULL;

	for (size_t i = 0; i < sizeof(colors) / sizeof(colors[0]); i++)
		if (c->color && strcmp(colors[i].verdict, verdict) == 0)
			code = colors[i].code;
	if (code != NULL)
		printf("\033[%sm", code);
	printf("%-*s", width, text);
	if (code != NULL)
		fputs("\033[0m", stdout);
}

void say_count(const struct ctx *c, int64_t n, const char *verdict)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%5lld", (long long)n);
	colored(c, n > 0 ? verdict : "", digits, 5);
}

void say_verdict(const struct ctx *c, const char *verdict, int width)
{
	colored(c, verdict, verdict, width);
}

void say_text(const char *text, int indent)
{
	int room = columns() - indent, used = 0;

	for (const char *p = text; *p != '\0'; ) {
		size_t gap = strspn(p, " \t"), n;
		char *word;

		p += gap;
		if (*p == '\n') {
			if (used > 0)
				putchar('\n');
			used = 0;
			p++;
			if (*p == '\n') {
				putchar('\n');
				p++;
			}
			continue;
		}
		n = strcspn(p, " \t\n");
		if (n == 0)
			break;
		if (used > 0 && used + 1 + (int)n > room) {
			putchar('\n');
			used = 0;
		}
		printf("%*s", used > 0 ? 1 : indent, "");
		used += (used > 0) + (int)n;
		word = mem_dupn(p, n);
		str_safe(stdout, word);
		free(word);
		p += n;
	}
	if (used > 0)
		putchar('\n');
}
