/*
 * command.h - the table of commands, and option parsing from a table.
 *
 * A command is one file in src/cmd/ defining  const struct command cmd_NAME
 * and one row in src/cmd/commands.def.  Its option table is both the parser
 * and the help text, so the two cannot disagree.
 */
#ifndef MUSTER_COMMAND_H
#define MUSTER_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "muster/store.h"

struct err;

/* An argument "FILE..." says that the option may be repeated: value is then
 * an array of OPT_REPEATS + 1, filled in order and ended by NULL. */
#define OPT_REPEATS 64

struct opt {
	char		 letter;	/* 0: only the long form */
	const char	*name;		/* "as-of"; NULL ends the table */
	const char	*arg;		/* "FILE", or NULL for a switch */
	const char	*help;
	const char	**value;	/* set to the argument, or to "" */
};

/* What every command gets; filled in by main. */
struct ctx {
	const char	*db;		/* path of the database */
	struct store	*store;		/* open, unless the command says not */
	char		 as_of[32];	/* the instant everything is judged at */
	bool		 as_of_given;	/* by --as-of or SOURCE_DATE_EPOCH */
	bool		 quiet, verbose, color;
	bool		 json;
	int		 argc;		/* operands */
	char	       **argv;
};

/* What the operands of a command are: it may reach those and no other. */
enum operands {
	OPERANDS_WORDS,
	OPERANDS_READ,		/* files and directories */
	OPERANDS_DB,		/* databases, or words */
	OPERANDS_WRITE,		/* a file to be made */
	OPERANDS_PACKAGE	/* read instead of a database; unpacked for a
				 * while into $TMPDIR */
};

struct command {
	const char	*name;
	const char	*operands;	/* "IMAGE FILE..." for the usage line */
	const char	*about;
	int		 least, most;	/* operands; most < 0: any number */
	bool		 json;		/* knows --json */
	bool		 no_store;	/* does its own opening, or none */
	enum store_mode	 mode;		/* also of what it opens itself */
	bool		 settles;	/* reads what an import leaves to be
					 * worked out (assess_ready()) */
	enum operands	 are;
	const char	**writes;	/* the option that names what it makes */
	bool		 temporary;	/* SQLite may put large tables into
					 * $TMPDIR for a while */
	bool		 free;		/* of confinement: it opens nothing */
	const struct opt *opts;		/* ended by a NULL name; may be NULL */
	/* 0 and upwards is the exit status; -1 with err set is a failure. */
	int (*run)(struct ctx *c, struct err *err);
};

/* Leave this process what the command line names (confine.c, jail.h): what
 * operands and options called FILE, DIR or KEY say, and the database. */
int confine_command(const struct command *cmd, const struct ctx *c,
    struct err *err);
/* Once more, when there is no more to write to the database. */
int confine_reading(const struct command *cmd, const struct ctx *c,
    struct err *err);

const struct command *command_table(size_t i);	/* NULL past the end */
const struct opt *command_global(void);		/* options of all commands */

/* Parse argv[1..] by the tables, operands and options in any order; the
 * operands end up in argv[0..] and their number is returned, or -1. */
int opt_parse(const struct opt *const tables[], int argc, char **argv,
    struct err *err);
void opt_print(const struct opt *opts, FILE *out);

/* Progress on a terminal for anything over a second: quiet otherwise. */
struct progress;
struct progress *progress_start(const struct ctx *c, const char *what);
void progress_at(struct progress *p, long long done, long long all);
void progress_end(struct progress *p);

#endif
