/*
 * history_split.c - a shell command as the simple commands it runs.
 *
 * Not a shell: nothing is expanded, and what is no proper command still gives
 * some words.  Nesting is capped; below that it is taken as plain text.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "history.h"
#include "muster/mem.h"
#include "muster/str.h"

#define MAX_DEPTH	16
#define MAX_COMMANDS	50000
#define MAX_MISSES	16	/* each may have read to the end */

/* What all nested parsers of one text share. */
struct shared {
	unsigned	 pipes;		/* numbers given out */
	unsigned	 misses;	/* here documents without an end */
};

struct parser {
	const char	*p;
	int		 depth;
	struct shared	*all;
	unsigned	 pipe;		/* of the command at hand */
	bool		 bar;		/* a | was read, its command comes */
	long		 inside, cmd;	/* -1: none (yet) */
	struct history_cmds *out;
};

static void list(struct parser *ps, char stop);

/* The command at hand; made when its first word comes. */
static long command(struct parser *ps)
{
	struct history_cmds *o = ps->out;

	if (ps->cmd >= 0 || o->n >= MAX_COMMANDS)
		return ps->cmd;
	MEM_ROOM(o->cmd, o->n, o->cap);
	o->cmd[o->n] = (struct history_cmd){ .pipe = ps->pipe,
	    .inside = ps->inside };
	return ps->cmd = (long)o->n++;
}

static void add_word(struct parser *ps, const char *text)
{
	struct history_cmd *c;

	if (command(ps) < 0)
		return;
	ps->bar = false;
	c = &ps->out->cmd[ps->cmd];
	MEM_ROOM(c->word, c->n, c->cap);
	c->word[c->n++] = mem_dup(text);
}

/* Parse text on its own: the commands of a substitution or of sh -c. */
static const char *nested(struct parser *ps, const char *p, char stop,
    long inside)
{
	struct parser in = { .p = p, .depth = ps->depth + 1,
	    .all = ps->all, .inside = inside, .cmd = -1, .out = ps->out };

	/* A group goes on in the pipe it stands in. */
	in.pipe = ps->cmd < 0 ? ps->pipe : ++ps->all->pipes;
	list(&in, stop);
	return in.p;
}

/* At "$(", "`", "<(": the commands in it belong to the command at hand. */
static void substitution(struct parser *ps, size_t open, char stop,
    struct str *word)
{
	str_add(word, "$()");
	ps->p += open;
	if (ps->depth >= MAX_DEPTH)
		return;
	ps->p = nested(ps, ps->p, stop, command(ps));
	if (*ps->p == stop)
		ps->p++;
}

static void single_quoted(struct parser *ps, struct str *word)
{
	const char *end = strchr(++ps->p, '\'');
	size_t n = end != NULL ? (size_t)(end - ps->p) : strlen(ps->p);

	str_addn(word, ps->p, n);
	ps->p += n + (end != NULL);
}

/* The length of a $((sum)), 0 for none. */
static size_t arithmetic(const char *p)
{
	const char *end;

	if (strncmp(p, "$((", 3) != 0)
		return 0;
	end = memmem(p, strnlen(p, 256), "))", 2);
	return end != NULL ? (size_t)(end + 2 - p) : 0;
}

/* A "$", a quote's inside or plain: one piece of a word. */
static void piece(struct parser *ps, bool quoted, struct str *word)
{
	const char *p = ps->p;

	if (p[0] == '\\' && p[1] != '\0') {
		if (p[1] == '\n')
			ps->p += 2;
		else {
			if (quoted && strchr("$`\"\\", p[1]) == NULL)
				str_addc(word, '\\');
			str_addc(word, p[1]);
			ps->p += 2;
		}
	} else if (p[0] == '$' && arithmetic(p) > 0) {
		str_addn(word, p, arithmetic(p));
		ps->p += arithmetic(p);
	} else if (p[0] == '$' && p[1] == '(')
		substitution(ps, 2, ')', word);
	else if (p[0] == '`')
		substitution(ps, 1, '`', word);
	else if (p[0] == '$' && p[1] == '{') {
		size_t n = strcspn(p, "}\n");

		str_addn(word, p, n + (p[n] == '}'));
		ps->p += n + (p[n] == '}');
	} else {
		str_addc(word, *p);
		ps->p++;
	}
}

static void double_quoted(struct parser *ps, struct str *word)
{
	ps->p++;
	while (*ps->p != '\0' && *ps->p != '"')
		piece(ps, true, word);
	ps->p += *ps->p == '"';
}

/* A word; *quoted tells "" from nothing.  The inner list of `..` ends at its
 * closing sign, so that one ends a word there. */
static bool read_word(struct parser *ps, char stop, struct str *word)
{
	bool quoted = false;

	str_clear(word);
	for (;;) {
		char c = *ps->p;

		if (c == '\0' || strchr(" \t\n;&|()<>", c) != NULL ||
		    (c == '`' && stop == '`'))
			break;
		if (c == '\'' || c == '"') {
			quoted = true;
			if (c == '\'')
				single_quoted(ps, word);
			else
				double_quoted(ps, word);
		} else
			piece(ps, false, word);
	}
	return quoted || word->len > 0;
}

static bool runs_text(const struct history_cmd *c, size_t *text)
{
	size_t first;
	const char *prog = history_program(c, &first);

	if (strcmp(prog, "eval") == 0) {
		*text = first;
		return first < c->n;
	}
	if (!history_is_shell(prog) && strcmp(prog, "su") != 0)
		return false;
	for (size_t i = first; i + 1 < c->n; i++)
		if (c->word[i][0] == '-' && c->word[i][1] != '-' &&
		    str_ends(c->word[i], "c")) {
			*text = i + 1;
			return true;
		}
	return false;
}

/* The command at hand is complete. */
static void end_command(struct parser *ps)
{
	struct str text = STR_INIT;
	size_t at;

	if (ps->cmd >= 0 && ps->depth < MAX_DEPTH &&
	    runs_text(&ps->out->cmd[ps->cmd], &at)) {
		const struct history_cmd *c = &ps->out->cmd[ps->cmd];

		for (bool all = strcmp(c->word[at - 1], "eval") == 0;
		    at < c->n; at++) {
			str_addf(&text, "%s ", c->word[at]);
			if (!all)
				break;
		}
		nested(ps, str_text(&text), '\0', ps->inside);
	}
	ps->cmd = -1;
	str_free(&text);
}

/* Behind the end of a line; NULL: it is the last. */
static const char *next_line(const char *p)
{
	p = strchr(p, '\n');
	return p != NULL ? p + 1 : NULL;
}

/* << WORD: the lines up to WORD are text, or commands where a shell reads
 * them.  Histories without line ends keep the body on the line: left alone. */
static void here_document(struct parser *ps, struct str *word)
{
	const char *body, *end;
	bool strip = *ps->p == '-';
	size_t first;

	ps->p += strip;
	ps->p += strspn(ps->p, " \t");
	if (!read_word(ps, '\0', word) || ps->cmd < 0)
		return;
	if (ps->all->misses >= MAX_MISSES ||
	    (body = strchr(ps->p, '\n')) == NULL)
		return;
	for (end = body + 1; end != NULL; end = next_line(end)) {
		const char *line = end + (strip ? strspn(end, "\t") : 0);

		if (strncmp(line, word->s, word->len) == 0 &&
		    (line[word->len] == '\n' || line[word->len] == '\0')) {
			char *text = mem_dupn(body + 1,
			    (size_t)(end - body - 1));

			/* What follows << on its line is rarely more than a
			 * redirection: the file is worth keeping. */
			while (ps->p < body) {
				ps->p += strspn(ps->p, " \t>");
				if (!read_word(ps, '\0', word))
					break;
				add_word(ps, ">");
				add_word(ps, str_text(word));
			}
			if (ps->depth < MAX_DEPTH && history_is_shell(
			    history_program(&ps->out->cmd[ps->cmd], &first)))
				nested(ps, text, '\0', ps->inside);
			free(text);
			ps->p = line + strcspn(line, "\n");
			return;
		}
	}
	ps->all->misses++;
}

static void redirection(struct parser *ps, struct str *word)
{
	char sign[2] = { *ps->p, '\0' };

	if (ps->p[1] == '(') {
		str_clear(word);
		substitution(ps, 2, ')', word);
		add_word(ps, str_text(word));
		return;
	}
	if (ps->p[0] == '<' && ps->p[1] == '<' && ps->p[2] != '<') {
		ps->p += 2;
		here_document(ps, word);
		return;
	}
	add_word(ps, sign);
	while (*ps->p == sign[0] || *ps->p == '&' || *ps->p == '|')
		ps->p++;
}

/* ( .. ): its commands are part of the list; what follows it follows them. */
static void group(struct parser *ps)
{
	size_t before = ps->out->n;

	ps->p++;
	if (ps->depth >= MAX_DEPTH)
		return;
	ps->p = nested(ps, ps->p, ')', ps->inside);
	ps->p += *ps->p == ')';
	if (ps->out->n > before)
		ps->pipe = ps->out->cmd[ps->out->n - 1].pipe;
}

/* An operator between commands. */
static void between(struct parser *ps)
{
	bool bar = ps->p[0] == '|' && ps->p[1] != '|';

	end_command(ps);
	/* A line may end behind a bar. */
	if (!bar && !(ps->bar && ps->p[0] == '\n'))
		ps->pipe = ++ps->all->pipes;
	ps->bar = bar || (ps->bar && ps->p[0] == '\n');
	ps->p += 1 + (ps->p[0] == ps->p[1] || (bar && ps->p[1] == '&'));
}

/* A closing brace is no command: the one before it goes on in the pipe. */
static bool is_closing(struct parser *ps, const char *word)
{
	if (ps->cmd >= 0 || strcmp(word, "}") != 0 || ps->out->n == 0)
		return false;
	ps->pipe = ps->out->cmd[ps->out->n - 1].pipe;
	return true;
}

static void list(struct parser *ps, char stop)
{
	struct str word = STR_INIT;

	for (;;) {
		char c = *ps->p;

		if (c == '\0' || (c == stop && stop != '\0'))
			break;
		if (c == ' ' || c == '\t' || c == '\r')
			ps->p++;
		else if (c == '\\' && ps->p[1] == '\n')
			ps->p += 2;
		else if (c == '#')
			ps->p += strcspn(ps->p, "\n");
		else if (strchr("\n;|", c) != NULL ||
		    (c == '&' && ps->p[1] != '>'))
			between(ps);
		else if (c == '(' && ps->cmd < 0)
			group(ps);
		else if (c == '&' || c == '(' || c == ')')
			ps->p++;
		else if (c == '<' || c == '>')
			redirection(ps, &word);
		else if (read_word(ps, stop, &word) &&
		    !is_closing(ps, str_text(&word)) &&
		    /* a descriptor: 2>/dev/null */
		    !((*ps->p == '>' || *ps->p == '<') && word.len == 1 &&
		    isdigit((unsigned char)word.s[0])))
			add_word(ps, str_text(&word));
	}
	end_command(ps);
	str_free(&word);
}

void history_split_text(const char *text, struct history_cmds *out)
{
	struct shared all = { 0, 0 };
	struct parser ps = { .p = text, .all = &all, .inside = -1,
	    .cmd = -1, .out = out };

	*out = (struct history_cmds){ NULL, 0, 0 };
	list(&ps, '\0');
}
