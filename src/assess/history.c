/* history.c - the steps of an image's history, whoever wrote them. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "history.h"
#include "muster/mem.h"
#include "muster/str.h"

static const char *blanks(const char *s)
{
	return s + strspn(s, " \t");
}

bool history_is_shell(const char *program)
{
	return str_listed("sh bash ash dash zsh ksh mksh fish rbash", program);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* "/bin/bash -o pipefail -c ": step over it, or stay. */
static const char *skip_shell(const char *s)
{
	const char *p = s;
	char word[64];

	for (int i = 0; i < 8; i++) {
		size_t n = strcspn(p, " \t\n");

		if (n == 0 || n >= sizeof(word))
			return s;
		memcpy(word, p, n);
		word[n] = '\0';
		if (i == 0 ? !history_is_shell(base_name(word)) :
		    word[0] != '-' && !str_listed("pipefail errexit nounset "
		    "xtrace", word))
			return s;
		p = blanks(p + n);
		if (i > 0 && word[0] == '-' && word[n - 1] == 'c')
			return p;
	}
	return s;
}

/* "|2 A=b C=some words /bin/sh -c make": the values may hold anything. */
static const char *skip_vars(const char *s, char **vars)
{
	const char *start, *p;

	if (*s != '|')
		return s;
	start = p = blanks(s + 1 + strspn(s + 1, "0123456789"));
	while ((p = strchr(p, '/')) != NULL) {
		if ((p == start || p[-1] == ' ') && skip_shell(p) != p) {
			*vars = mem_dupn(start, (size_t)(p - start));
			return p;
		}
		p++;
	}
	return start;
}

static bool is_instruction(const char *s, size_t n)
{
	static const char *const names[] = { "ADD", "ARG", "CMD", "COPY",
	    "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL",
	    "MAINTAINER", "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER",
	    "VOLUME", "WORKDIR" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == n && strncmp(s, names[i], n) == 0)
			return true;
	return false;
}

/* RUN's own options: --mount=.. --network=.. */
static const char *skip_options(const char *s)
{
	while (str_starts(s, "--"))
		s = blanks(s + strcspn(s, " \t"));
	return s;
}

/* What follows is a command, or after "#(nop)" an instruction. */
static void set_step(struct history_step *step, const char *s)
{
	static const char mark[] = "# buildkit";
	const char *run = skip_shell(s);
	size_t n, len;

	if (str_starts(run, "#(nop)")) {
		step->classic = true;
		s = blanks(run + 6);
	} else if (run != s)
		step->name = mem_dup("RUN");
	n = strcspn(s, " \t\n");
	if (step->name == NULL && is_instruction(s, n)) {
		step->name = mem_dupn(s, n);
		s = blanks(s + n);
		if (str_eq(step->name, "RUN")) {
			s = skip_vars(skip_options(s), &step->vars);
			s = skip_shell(skip_options(s));
		}
	} else {
		s = step->name != NULL ? run : s;
		if (step->name == NULL)
			step->name = mem_dup("RUN");
	}
	len = strlen(s);
	while (len > 0 && isspace((unsigned char)s[len - 1]))
		len--;
	if (len >= sizeof(mark) - 1 &&
	    strncmp(s + len - (sizeof(mark) - 1), mark, sizeof(mark) - 1) == 0)
		len -= sizeof(mark) - 1;
	while (len > 0 && isspace((unsigned char)s[len - 1]))
		len--;
	step->args = mem_dupn(s, len);
}

void history_step(const char *created_by, struct history_step *step)
{
	*step = (struct history_step){ .kind = HISTORY_OTHER };
	set_step(step, skip_vars(blanks(created_by), &step->vars));
	if (str_eq(step->name, "RUN"))
		step->kind = HISTORY_RUN;
	else if (str_eq(step->name, "ADD"))
		step->kind = HISTORY_ADD;
}

void history_step_free(struct history_step *step)
{
	free(step->name);
	free(step->args);
	free(step->vars);
}

void history_cmds_free(struct history_cmds *cmds)
{
	for (size_t i = 0; i < cmds->n; i++) {
		for (size_t k = 0; k < cmds->cmd[i].n; k++)
			free(cmds->cmd[i].word[k]);
		free(cmds->cmd[i].word);
	}
	free(cmds->cmd);
	*cmds = (struct history_cmds){ NULL, 0, 0 };
}

/* NAME=value before a command */
static bool is_variable(const char *word)
{
	size_t n = 0;

	while (isalnum((unsigned char)word[n]) || word[n] == '_')
		n++;
	return n > 0 && word[n] == '=' && !isdigit((unsigned char)word[0]);
}

const char *history_program(const struct history_cmd *cmd, size_t *first)
{
	static const char before[] = "sudo env exec time nice nohup command "
	    "builtin if then else elif while until do ! { xargs eatmydata "
	    "doas setarch linux32 linux64";
	bool stepped = false;
	size_t i = 0;

	for (; i < cmd->n; i++) {
		const char *w = cmd->word[i];

		if (is_variable(w) || (stepped && w[0] == '-'))
			continue;
		if (!str_listed(before, base_name(w)))
			break;
		stepped = true;
	}
	*first = i < cmd->n ? i + 1 : i;
	return i < cmd->n ? base_name(cmd->word[i]) : "";
}
