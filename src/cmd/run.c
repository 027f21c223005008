/* run.c - "muster run": import, assess and report, the shortest way. */
#include <stddef.h>

#include "muster/err.h"
#include "head.h"
#include "load.h"
#include "output.h"
#include "tailor.h"

static const char *out, *formats, *templates, *force, *format, *tailoring;
static const char *subject, *platform, *on;

static const struct opt opts[] = {
	{ 'o', "output", "DIR", "where the outputs go (made if need be)",
	    &out },
	{ 'f', "format", "LIST", "outputs, comma separated (all)", &formats },
	{ 't', "type", "FORMAT", "do not guess what the files are", &format },
	LOAD_SAID(subject, platform, on),
	{ 0, "tailoring", "FILE", "XCCDF file that changes Values and rules",
	    &tailoring },
	{ 0, "force", NULL, "overwrite outputs that are there", &force },
	{ 0, "templates", "DIR", "stylesheets from here", &templates },
	{ 0, NULL, NULL, NULL, NULL }
};

static int run(struct ctx *c, struct err *err)
{
	struct load l = { .ctx = c, .format = format, .leave_out = out,
		.subject = subject, .platform = platform, .on = on };

	/* a wrong command line must not leave a database behind */
	if (out == NULL)
		return err_set(err, ERR_USAGE, "-o DIR says where the "
		    "outputs go");
	if ((c->store = store_open(c->db, STORE_CREATE, err)) == NULL)
		return -1;
	if (load_all(&l, c->argc, c->argv, err) < 0)
		return -1;
	load_summary(&l);
	if (tailor_assess(c, tailoring, err) < 0 ||
	    output_write(c, &(struct output_opts){ out, formats, templates,
	    force != NULL, NULL }, err) < 0)
		return -1;
	if (head_say(c, err) < 0)
		return -1;
	return l.refused > 0 ? err_exit(ERR_INPUT) : 0;
}

const struct command cmd_run = {
	.name = "run",
	.operands = "FILE... -o DIR",
	.about = "everything: import, assess, report",
	.least = 1, .most = -1,
	.are = OPERANDS_READ,
	.writes = &out,
	.json = true,
	.no_store = true,
	.opts = opts,
	.run = run,
};
