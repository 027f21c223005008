/*
 * dockerfile_parse.c - the lines of a Dockerfile as instructions, by the
 * rules of BuildKit's own reader.
 */
#include <stdlib.h>
#include <string.h>

#include "dockerfile_parse.h"
#include "muster/err.h"
#include "muster/mem.h"

#define MAX_HERE	64	/* here documents of one instruction */

struct lines {
	const char	*p, *name;
	int		 n;		/* of the line last read */
	char		 escape;
	struct str	 line;
	struct err	*err;
};

static int bad(struct lines *l, int line, const char *what, const char *more)
{
	err_set(l->err, ERR_INPUT, "no Dockerfile: %s%.80s", what, more);
	return err_at(l->err, l->name, line, -1);
}

static const char *blanks(const char *s)
{
	return s + strspn(s, " \t");
}

/* The next line without its end; false when there is none. */
static bool next(struct lines *l)
{
	size_t len = strcspn(l->p, "\n");

	if (*l->p == '\0')
		return false;
	str_clear(&l->line);
	str_add(&l->line, "");
	str_addn(&l->line, l->p, len > 0 && l->p[len - 1] == '\r' ?
	    len - 1 : len);
	l->p += len + (l->p[len] == '\n');
	l->n++;
	return true;
}

/* "# escape=`" and its like, which only count before anything else. */
static int directives(struct lines *l)
{
	for (;;) {
		const char *from = l->p, *p, *value;
		size_t key;

		if (!next(l))
			return 0;
		p = blanks(l->line.s);
		key = *p == '#' ? strspn(blanks(p + 1), "abcdefghijklmnop"
		    "qrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") : 0;
		value = key > 0 ? blanks(blanks(p + 1) + key) : "";
		if (*value != '=') {
			l->p = from;
			l->n--;
			return 0;
		}
		p = blanks(p + 1);
		value = blanks(value + 1);
		if (key != 6 || strncasecmp(p, "escape", 6) != 0)
			continue;
		if ((*value != '\\' && *value != '`') ||
		    *blanks(value + 1) != '\0')
			return bad(l, l->n, "escape is \\ or `, not ", value);
		l->escape = *value;
	}
}

/* Does the text go on in the next line?  Then it ends before the escape. */
static bool goes_on(struct lines *l, struct str *text)
{
	size_t n = text->len;

	while (n > 0 && strchr(" \t", text->s[n - 1]) != NULL)
		n--;
	if (n == 0 || text->s[n - 1] != l->escape)
		return false;
	text->len = n - 1;
	text->s[text->len] = '\0';
	return true;
}

/* An instruction from its first line on; blank lines and comments between
 * its lines are dropped. */
static void whole(struct lines *l, struct str *text)
{
	str_clear(text);
	str_add(text, l->line.s);
	while (goes_on(l, text)) {
		const char *p;

		do {
			if (!next(l))
				return;
			p = blanks(l->line.s);
		} while (*p == '\0' || *p == '#');
		str_add(text, l->line.s);
	}
}

static bool is_name(const char *name)
{
	return str_listed("ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM "
	    "HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER "
	    "VOLUME WORKDIR", name);
}

/* --------------------------------------------------------- here documents */

struct here {
	char	 end[128];
	bool	 tabs;		/* <<-: leading tabs are dropped */
};

/* A word "<<EOF", "3<<-'EOF'": is it one? */
static bool is_here(const char *word, size_t len, struct here *h)
{
	size_t i = 0, n = 0;

	while (i < len && word[i] >= '0' && word[i] <= '9')
		i++;
	if (len - i < 3 || word[i] != '<' || word[i + 1] != '<')
		return false;
	i += 2;
	h->tabs = word[i] == '-';
	for (i += h->tabs; i < len; i++) {
		if (strchr("<\\", word[i]) != NULL)
			return false;
		if (strchr("'\"", word[i]) != NULL)
			continue;
		if (n + 1 == sizeof(h->end))
			return false;
		h->end[n++] = word[i];
	}
	h->end[n] = '\0';
	return n > 0;
}

/* One word of a shell's line, quotes included; its length. */
static size_t word_length(const char *p, char escape)
{
	char quote = '\0';
	size_t n = 0;

	for (; p[n] != '\0'; n++) {
		if (p[n] == escape && quote != '\'' && p[n + 1] != '\0')
			n++;
		else if (quote != '\0')
			quote = p[n] == quote ? '\0' : quote;
		else if (p[n] == '\'' || p[n] == '"')
			quote = p[n];
		else if (p[n] == ' ' || p[n] == '\t')
			break;
	}
	return n;
}

static size_t heres(const char *args, char escape, struct here *list)
{
	size_t n = 0;

	for (const char *p = blanks(args); *p != '\0' && n < MAX_HERE; ) {
		size_t len = word_length(p, escape);

		n += is_here(p, len, &list[n]);
		p = blanks(p + len);
	}
	return n;
}

static int read_here(struct lines *l, struct dockerfile_op *op,
    struct str *out)
{
	struct here list[MAX_HERE];
	size_t n = heres(op->args, l->escape, list);
	struct here only;
	const char *rest = dockerfile_parse_rest(op);

	op->script = n == 1 && is_here(rest, strlen(rest), &only);
	for (size_t i = 0; i < n; i++) {
		const char *p;

		do {
			if (!next(l))
				return bad(l, op->line, "a here document that "
				    "does not end: ", list[i].end);
			p = l->line.s;
			if (list[i].tabs)
				p += strspn(p, "\t");
			str_add(out, p);
			str_addc(out, '\n');
		} while (strcmp(p, list[i].end) != 0);
	}
	return 0;
}

/* ----------------------------------------------------------- instructions */

static int add(struct lines *l, struct dockerfile *d, const char *text,
    int line)
{
	const char *p = blanks(text);
	size_t n = strcspn(p, " \t");
	struct str here = STR_INIT;
	struct dockerfile_op *op;
	int rc = 0;

	MEM_ROOM(d->op, d->n, d->cap);
	op = &d->op[d->n++];
	*op = (struct dockerfile_op){ .name = mem_dupn(p, n), .line = line };
	p = blanks(p + n);
	for (n = strlen(p); n > 0 && strchr(" \t", p[n - 1]) != NULL; n--)
		;
	op->args = mem_dupn(p, n);
	for (char *c = op->name; *c != '\0'; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	if (!is_name(op->name))
		return bad(l, line, "an unknown instruction ", op->name);
	if (op->args[0] == '\0')
		return bad(l, line, "nothing behind ", op->name);
	if (str_listed("RUN COPY ADD", op->name) && op->args[0] != '[')
		rc = read_here(l, op, &here);
	if (here.len > 0)
		op->here = mem_dup(here.s);
	str_free(&here);
	return rc;
}

int dockerfile_parse(const char *text, const char *name,
    struct dockerfile *d, struct err *err)
{
	struct lines l = { .p = text, .name = name, .escape = '\\',
	    .err = err };
	struct str one = STR_INIT;
	int rc;

	*d = (struct dockerfile){ .op = NULL };
	rc = directives(&l);
	while (rc == 0 && next(&l)) {
		int line = l.n;
		const char *p = blanks(l.line.s);

		if (*p == '\0' || *p == '#')
			continue;
		whole(&l, &one);
		rc = add(&l, d, str_text(&one), line);
	}
	str_free(&one);
	str_free(&l.line);
	return rc < 0 ? -1 : dockerfile_stages(d, name, err);
}

void dockerfile_parse_free(struct dockerfile *d)
{
	for (size_t i = 0; i < d->n; i++) {
		free(d->op[i].name);
		free(d->op[i].args);
		free(d->op[i].here);
	}
	for (size_t i = 0; i < d->nstages; i++) {
		free(d->stage[i].from);
		free(d->stage[i].name);
	}
	free(d->op);
	free(d->stage);
	*d = (struct dockerfile){ .op = NULL };
}

bool dockerfile_parse_option(const struct dockerfile_op *op,
    const char *option, struct str *value)
{
	size_t n = strlen(option);

	for (const char *p = op->args; str_starts(p, "--"); ) {
		size_t len = strcspn(p, " \t");

		if (len > n && strncmp(p, option, n) == 0 && p[n] == '=') {
			str_addn(value, p + n + 1, len - n - 1);
			return true;
		}
		p = blanks(p + len);
	}
	return false;
}

const char *dockerfile_parse_rest(const struct dockerfile_op *op)
{
	const char *p = op->args;

	while (str_starts(p, "--"))
		p = blanks(p + strcspn(p, " \t"));
	return p;
}
