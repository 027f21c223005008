/* import.c - "muster import": read files into the evidence database. */
#include <stddef.h>

#include "muster/err.h"
#include "head.h"
#include "load.h"

static const char *format, *subject, *platform, *on;

static const struct opt opts[] = {
	{ 't', "type", "FORMAT", "do not guess what the files are", &format },
	LOAD_SAID(subject, platform, on),
	{ 0, NULL, NULL, NULL, NULL }
};

static int run(struct ctx *c, struct err *err)
{
	struct load l = { .ctx = c, .format = format, .subject = subject,
		.platform = platform, .on = on };

	if (load_all(&l, c->argc, c->argv, err) < 0)
		return -1;
	load_summary(&l);
	if (head_say(c, err) < 0)
		return -1;
	return l.refused > 0 ? err_exit(ERR_INPUT) : 0;
}

const struct command cmd_import = {
	.name = "import",
	.operands = "FILE...",
	.about = "recognise, hash and read files into the evidence database",
	.least = 1, .most = -1,
	.are = OPERANDS_READ,
	.json = true,
	.mode = STORE_CREATE,
	.opts = opts,
	.run = run,
};
