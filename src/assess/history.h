/*
 * history.h - what a step of an image's history did.
 *
 * Builders write steps in their own ways: "/bin/sh -c #(nop) ADD file:..",
 * "|1 A=b /bin/sh -c make", "RUN /bin/sh -c make # buildkit".  A step is
 * read into its instruction and what follows; a command into the simple
 * commands a shell would run.
 */
#ifndef HISTORY_H
#define HISTORY_H

#include <stdbool.h>
#include <stddef.h>

enum history_kind { HISTORY_RUN, HISTORY_ADD, HISTORY_OTHER };

struct history_step {
	enum history_kind kind;
	bool	 classic;	/* the classic builder's form of it */
	char	*name;		/* "RUN" "ADD" "ENV" ... */
	char	*args;		/* the command, or what follows the name */
	char	*vars;		/* build arguments "A=b C=d", or NULL */
};

void history_step(const char *created_by, struct history_step *step);
void history_step_free(struct history_step *step);

/* One simple command: its words without their quotes.  An operator of a
 * redirection is a word of its own (">", "<"); $(..), `..` and <(..) read
 * "$()" and their commands come later in the list. */
struct history_cmd {
	char	**word;
	size_t	 n, cap;
	unsigned pipe;		/* commands joined by | share a number */
	long	 inside;	/* the command whose $(..) holds it, or -1 */
};

struct history_cmds {
	struct history_cmd *cmd;
	size_t	 n, cap;
};

/* Cut a shell command apart, also what "sh -c '..'" and eval are given. */
void history_split_text(const char *text, struct history_cmds *out);
void history_cmds_free(struct history_cmds *cmds);

/* The program a command runs, without folder, "" for none; *first is the
 * word behind it.  sudo, env and variables before it are stepped over. */
const char *history_program(const struct history_cmd *cmd, size_t *first);

bool history_is_shell(const char *program);

#endif
