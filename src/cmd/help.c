/* help.c - "muster help": the tables of commands, options, formats, caps. */
#include <stdio.h>
#include <string.h>

#include "muster/cap.h"
#include "muster/command.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/render.h"
#include "muster/str.h"

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

static void cap_text(enum cap which)
{
	const struct cap_row *r = cap_row(which);
	struct str value = STR_INIT, usual = STR_INIT, range = STR_INIT;

	cap_spell(&value, which, cap(which));
	cap_spell(&usual, which, r->usual);
	cap_spell(&range, which, r->least);
	str_add(&range, "-");
	cap_spell(&range, which, r->most);
	printf("%-20s %-9s %-9s %-14s %s%s%s\n", r->name, value.s, usual.s,
	    range.s, str_eq(r->unit, "bytes") || str_eq(r->unit, "s") ? "" :
	    r->unit, str_eq(r->unit, "bytes") || str_eq(r->unit, "s") ? "" :
	    ": ", r->about);
	str_free(&value);
	str_free(&usual);
	str_free(&range);
}

static void cap_json(enum cap which)
{
	const struct cap_row *r = cap_row(which);
	struct str b = STR_INIT;

	str_add(&b, "{\"cap\":");
	str_json(&b, r->name);
	str_addf(&b, ",\"value\":%lld,\"default\":%lld,\"least\":%lld,"
	    "\"most\":%lld,\"unit\":", (long long)cap(which),
	    (long long)r->usual, (long long)r->least, (long long)r->most);
	str_json(&b, r->unit);
	str_add(&b, ",\"about\":");
	str_json(&b, r->about);
	printf("%s}\n", b.s);
	str_free(&b);
}

static void caps(bool json)
{
	if (!json)
		printf("%-20s %-9s %-9s %-14s %s\n", "cap", "value",
		    "default", "range", "of what");
	for (int i = 0; i < CAPS; i++) {
		if (json)
			cap_json((enum cap)i);
		else
			cap_text((enum cap)i);
	}
}

static int run(struct ctx *c, struct err *err)
{
	const struct command *cmd = NULL;

	if (c->argc > 0 && strcmp(c->argv[0], "caps") == 0) {
		caps(c->json);
		return 0;
	}
	if (c->json)
		return err_set(err, ERR_USAGE, "of \"muster help\" only "
		    "\"caps\" has --json");
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
	.operands = "[COMMAND|caps]",
	.about = "list the commands, or explain one; list the caps",
	.least = 0, .most = 1,
	.json = true,
	.no_store = true,
	.free = true,
	.run = run,
};
