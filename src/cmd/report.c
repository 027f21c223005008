/* report.c - "muster report": write the outputs. */
#include <stddef.h>

#include "changes.h"
#include "muster/assess.h"
#include "muster/command.h"
#include "muster/err.h"
#include "muster/posture.h"
#include "muster/str.h"
#include "head.h"
#include "mark.h"
#include "output.h"

static const char *out, *formats, *templates, *force;
static const char *since, *csv;

static const struct opt opts[] = {
	{ 'o', "output", "DIR", "where the outputs go (made if need be)",
	    &out },
	{ 'f', "format", "LIST", "outputs, comma separated (all)", &formats },
	{ 0, "force", NULL, "overwrite outputs that are there", &force },
	{ 0, "templates", "DIR", "stylesheets from here", &templates },
	{ 0, "since", "WHEN", "what changed since that assessment (its "
	    "number, or a date); without -o on standard output", &since },
	{ 0, "csv", NULL, "the changes as comma separated values", &csv },
	{ 0, NULL, NULL, NULL, NULL }
};

/* What changed, as a text that can be sent. */
static int changes(struct ctx *c, struct err *err)
{
	struct posture_side then, now;
	struct posture_diff *d;
	struct mark_list marks = MARK_LIST_INIT;
	struct str mark = STR_INIT;
	int rc;

	if (assess_ready(c->store, err) < 0 ||
	    posture_find(c->store, since, &then, err) < 0 ||
	    posture_current(c->store, &now, err) < 0 ||
	    posture_compare(&then, &now, &d, err) < 0)
		return -1;
	if ((rc = mark_load(c->store, &marks, err)) == 0)
		rc = mark_text(c->store, &mark, err);
	if (rc == 0 && (c->json || csv != NULL))
		changes_rows(c, d, &marks, c->json ? TABLE_JSON : TABLE_CSV,
		    true);
	else if (rc == 0)
		changes_report(c, d, str_text(&mark));
	mark_free(&marks);
	str_free(&mark);
	posture_free(d);
	return rc;
}

static int run(struct ctx *c, struct err *err)
{
	if (since != NULL && out == NULL)
		return changes(c, err);
	if (csv != NULL || c->json)
		return err_set(err, ERR_USAGE, "--csv and --json go with "
		    "--since, without -o");
	if (output_write(c, &(struct output_opts){ out, formats, templates,
	    force != NULL, since }, err) < 0)
		return -1;
	return head_say(c, err);
}

const struct command cmd_report = {
	.name = "report",
	.operands = "-o DIR | --since WHEN",
	.about = "write the outputs: HTML, XCCDF, ARF, CKL, CKLB",
	.least = 0, .most = 0,
	.writes = &out,
	.json = true,
	.mode = STORE_READ,
	.settles = true,
	.opts = opts,
	.run = run,
};
