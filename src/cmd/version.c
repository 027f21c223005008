/* version.c - "muster version". */
#include <stdio.h>

#include "muster/command.h"

static int run(struct ctx *c, struct err *err)
{
	(void)c;
	(void)err;
	puts("muster " MUSTER_VERSION);
	return 0;
}

const struct command cmd_version = {
	.name = "version",
	.operands = "",
	.about = "print the version",
	.least = 0, .most = 0,
	.no_store = true,
	.free = true,
	.run = run,
};
