/* main.c - find the command, open the database, tell what went wrong. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "muster/assess.h"
#include "muster/cap.h"
#include "muster/command.h"
#include "muster/date.h"
#include "muster/err.h"
#include "muster/str.h"

static const char *db, *as_of, *quiet, *verbose, *color, *json;
static const char *caps[OPT_REPEATS + 1];

static const struct opt global[] = {
	{ 'd', "db", "FILE", "the evidence database (else $MUSTER_DB, else "
	    "./muster.db)", &db },
	{ 0, "as-of", "DATE", "judge as of this date (else "
	    "$SOURCE_DATE_EPOCH, else now)", &as_of },
	{ 0, "json", NULL, "one JSON object a line on standard output",
	    &json },
	{ 0, "color", "WHEN", "always, never or auto", &color },
	{ 0, "cap", "NAME=VALUE...", "another limit on inputs (\"muster help "
	    "caps\")", caps },
	{ 'q', "quiet", NULL, "errors only", &quiet },
	{ 'v', "verbose", NULL, "say more", &verbose },
	{ 0, NULL, NULL, NULL, NULL }
};

#define COMMAND(name) extern const struct command cmd_##name;
#include "src/cmd/commands.def"
#undef COMMAND

static const struct command *const commands[] = {
#define COMMAND(name) &cmd_##name,
#include "src/cmd/commands.def"
#undef COMMAND
};
#define NCOMMANDS (sizeof(commands) / sizeof(commands[0]))

static const struct command *find(const char *name)
{
	for (size_t i = 0; i < NCOMMANDS; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static int fill(struct ctx *c, struct err *err)
{
	const char *from_env = getenv("MUSTER_DB");

	c->db = db != NULL ? db : !str_empty(from_env) ? from_env :
	    "muster.db";
	c->quiet = quiet != NULL;
	c->verbose = verbose != NULL;
	c->json = json != NULL;
	c->as_of_given = as_of != NULL || !str_empty(
	    getenv("SOURCE_DATE_EPOCH"));
	if (color != NULL && !str_listed("always never auto", color))
		return err_set(err, ERR_USAGE,
		    "--color takes always, never or auto");
	c->color = str_eq(color, "always") || (!str_eq(color, "never") &&
	    isatty(1) && getenv("NO_COLOR") == NULL);
	for (size_t i = 0; caps[i] != NULL; i++)
		if (cap_flag(caps[i], err) < 0)
			return -1;
	if (!date_as_of(as_of, c->as_of))
		return err_set(err, ERR_USAGE, "%s is no date: write "
		    "2026-11-23 or 2026-11-23T12:00:00Z", as_of != NULL ?
		    "--as-of" : "SOURCE_DATE_EPOCH");
	return 0;
}

/* The verb may stand behind global options: muster -d x.db import ... */
static int verb_at(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (argv[i][0] != '-')
			return i;
		if (strcmp(argv[i], "-d") == 0 ||
		    strcmp(argv[i], "--db") == 0 ||
		    strcmp(argv[i], "--as-of") == 0 ||
		    strcmp(argv[i], "--cap") == 0 ||
		    strcmp(argv[i], "--color") == 0)
			i++;
	}
	return 0;
}

static int run(const struct command *cmd, struct ctx *c, struct err *err)
{
	int rc;

	if (c->json && !cmd->json)
		return err_set(err, ERR_USAGE, "\"muster %s\" has no --json",
		    cmd->name);
	if (!cmd->free && confine_command(cmd, c, err) < 0)
		return -1;
	if (!cmd->no_store &&
	    (c->store = store_open(c->db, cmd->mode, err)) == NULL)
		return -1;
	if (cmd->settles && (assess_ready(c->store, err) < 0 ||
	    confine_reading(cmd, c, err) < 0)) {
		store_close(c->store);
		return -1;
	}
	rc = cmd->run(c, err);
	store_close(c->store);
	if (fflush(stdout) != 0 || ferror(stdout))
		return err_sys(err, "cannot write to standard output");
	return rc;
}

static int dispatch(int argc, char **argv, struct err *err)
{
	const struct command *cmd;
	struct ctx c = { 0 };
	int at = verb_at(argc, argv), n;
	const char *verb;

	if (at == 0 && argc > 1 && strcmp(argv[1], "--version") == 0)
		verb = "version";
	else if (at == 0 && argc > 1 && strcmp(argv[1], "--help") == 0)
		verb = "help";
	else if (at == 0)
		return err_set(err, ERR_USAGE, "which command?");
	else
		verb = argv[at];
	if ((cmd = find(verb)) == NULL)
		return err_set(err, ERR_USAGE, "no command is called \"%s\"",
		    verb);
	if (at == 0)
		argc = 1;
	/* Take the verb out; options stand on both sides of it. */
	for (int i = at; at > 0 && i + 1 < argc; i++)
		argv[i] = argv[i + 1];
	argc -= at > 0;
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "--help") != 0)
			continue;
		c.argc = at > 0;
		c.argv = (char *[]){ (char *)cmd->name, NULL };
		return find("help")->run(&c, err);
	}
	n = opt_parse((const struct opt *const[]){
	    global, cmd->opts != NULL ? cmd->opts : global, NULL },
	    argc, argv, err);
	if (n < 0 || fill(&c, err) < 0)
		return -1;
	c.argc = n;
	c.argv = argv;
	if (n < cmd->least || (cmd->most >= 0 && n > cmd->most))
		return err_set(err, ERR_USAGE, "usage: muster %s %s",
		    cmd->name, cmd->operands);
	return run(cmd, &c, err);
}

const struct command *command_table(size_t i)
{
	return i < NCOMMANDS ? commands[i] : NULL;
}

const struct opt *command_global(void)
{
	return global;
}

int main(int argc, char **argv)
{
	struct err err = ERR_INIT;
	int rc;

	signal(SIGPIPE, SIG_IGN);	/* a closed pipe is an error to tell */
	signal(SIGXFSZ, SIG_IGN);	/* so is a file size limit */
	if ((rc = dispatch(argc, argv, &err)) >= 0)
		return rc;
	err_print(&err, "muster", stderr);
	if (err.kind == ERR_USAGE)
		fputs("muster: try \"muster help\"\n", stderr);
	return err_exit(err.kind);
}
