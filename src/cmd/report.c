/* report.c - "muster report": write the outputs. */
#include <stddef.h>

#include "muster/command.h"
#include "muster/err.h"
#include "output.h"

static const char *out, *formats, *templates, *force;

static const struct opt opts[] = {
	{ 'o', "output", "DIR", "where the outputs go (made if need be)",
	    &out },
	{ 'f', "format", "LIST", "outputs, comma separated (all)", &formats },
	{ 0, "force", NULL, "overwrite outputs that are there", &force },
	{ 0, "templates", "DIR", "stylesheets from here", &templates },
	{ 0, NULL, NULL, NULL, NULL }
};

static int run(struct ctx *c, struct err *err)
{
	return output_write(c, &(struct output_opts){ out, formats, templates,
	    force != NULL }, err);
}

const struct command cmd_report = {
	.name = "report",
	.operands = "-o DIR",
	.about = "write the outputs: HTML, XCCDF, ARF, CKL, CKLB",
	.least = 0, .most = 0,
	.mode = STORE_READ,
	.opts = opts,
	.run = run,
};
