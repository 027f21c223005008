/* help.c - "muster help": the tables of commands, options and formats. */
#include <stdio.h>
#include <string.h>

#include "muster/command.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/render.h"

static void overview(void)
{
	const struct command *cmd;

	puts("usage: muster COMMAND [OPTION...] [OPERAND...]\n");
	for (size_t i = 0; (cmd = command_table(i)) != NULL; i++)
		printf("  %-10s %s\n", cmd->name, cmd->about);
	puts("\nOptions of every command:");
	opt_print(command_global(), stdout);
	puts("\n\"muster help COMMAND\" says more; so does muster(1).");
}

static void formats(void)
{
	const struct importer *imp;
	const struct output *out;

	puts("\nFormats read:");
	for (size_t i = 0; (imp = import_table(i)) != NULL; i++)
		printf("  %-16s %s\n", imp->name, imp->about);
	puts("\nOutputs written by \"muster report\":");
	for (size_t i = 0; (out = render_table(i)) != NULL; i++)
		printf("  %-16s %s\n", out->name, out->about);
}

static int run(struct ctx *c, struct err *err)
{
	const struct command *cmd = NULL;

	if (c->argc == 0) {
		overview();
		return 0;
	}
	for (size_t i = 0; (cmd = command_table(i)) != NULL; i++)
		if (strcmp(cmd->name, c->argv[0]) == 0)
			break;
	if (cmd == NULL)
		return err_set(err, ERR_USAGE, "no command is called \"%s\"",
		    c->argv[0]);
	printf("usage: muster %s %s\n%s\n", cmd->name, cmd->operands,
	    cmd->about);
	if (cmd->opts != NULL) {
		puts("\nOptions:");
		opt_print(cmd->opts, stdout);
	}
	if (strcmp(cmd->name, "import") == 0 || strcmp(cmd->name, "run") == 0)
		formats();
	return 0;
}

const struct command cmd_help = {
	.name = "help",
	.operands = "[COMMAND]",
	.about = "list the commands, or explain one",
	.least = 0, .most = 1,
	.no_store = true,
	.run = run,
};
