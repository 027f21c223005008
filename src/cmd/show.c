/* show.c - "muster show": lists of what the database holds. */
#include <stdio.h>
#include <string.h>

#include "muster/assess.h"
#include "muster/command.h"
#include "muster/err.h"
#include "subject.h"
#include "table.h"

static const char *csv;

static const struct opt opts[] = {
	{ 0, "csv", NULL, "comma separated values, for a spreadsheet", &csv },
	{ 0, NULL, NULL, NULL, NULL }
};

static const struct kind {
	const char	*name;
	enum sql	 sql;
	enum { BY_SUBJECT, BY_TEXT, ALL } by;
} kinds[] = {
	{ "artifacts",	SQL_SHOW_ARTIFACTS,	BY_TEXT },
	{ "subjects",	SQL_SHOW_SUBJECTS,	BY_SUBJECT },
	{ "findings",	SQL_SHOW_FINDINGS,	BY_SUBJECT },
	{ "issues",	SQL_SHOW_ISSUES,	BY_SUBJECT },
	{ "scanners",	SQL_SHOW_SCANNERS,	BY_SUBJECT },
	{ "alone",	SQL_SHOW_ALONE,		BY_SUBJECT },
	{ "related",	SQL_SHOW_RELATED,	BY_SUBJECT },
	{ "statements",	SQL_SHOW_STATEMENTS_ALL, BY_SUBJECT },
	{ "packages",	SQL_SHOW_PACKAGES,	BY_SUBJECT },
	{ "results",	SQL_SHOW_RESULTS,	BY_SUBJECT },
	{ "controls",	SQL_SHOW_CONTROLS,	BY_SUBJECT },
	{ "gaps",	SQL_SHOW_GAPS,		BY_SUBJECT },
	{ "layers",	SQL_SHOW_LAYERS,	BY_SUBJECT },
	{ "files",	SQL_SHOW_FILES,		BY_SUBJECT },
	{ "facts",	SQL_SHOW_FACTS,		BY_SUBJECT },
	{ "workloads",	SQL_SHOW_WORKLOADS,	BY_SUBJECT },
	{ "values",	SQL_SHOW_VALUES,	ALL },
};
#define NKINDS (sizeof(kinds) / sizeof(kinds[0]))

static const struct kind *find(const char *name)
{
	for (size_t i = 0; i < NKINDS; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

static int unknown(const char *name, struct err *err)
{
	char all[256] = "";

	for (size_t i = 0; i < NKINDS; i++)
		snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s%s",
		    i > 0 ? ", " : "", kinds[i].name);
	return err_set(err, ERR_USAGE, "there is nothing called \"%s\" to "
	    "show; there are %s", name, all);
}

/* Verdicts go with the evidence they were reached from. */
static int stale(struct ctx *c, const struct kind *k, struct err *err)
{
	int64_t subjects, assessed;

	if ((k->sql != SQL_SHOW_RESULTS && k->sql != SQL_SHOW_CONTROLS &&
	    k->sql != SQL_SHOW_WORKLOADS) ||
	    c->quiet)
		return 0;
	if (store_int(c->store, SQL_COUNT_SUBJECTS, NOBIND, &subjects, err) < 0
	    || store_int(c->store, SQL_COUNT_RESULTS, NOBIND, &assessed, err)
	    < 0)
		return -1;
	if (subjects > 0 && assessed == 0)
		fputs("muster: not assessed since the last import: run "
		    "\"muster assess\"\n", stderr);
	return 0;
}

static int run(struct ctx *c, struct err *err)
{
	const struct kind *k = find(c->argv[0]);
	struct val which = { VAL_NULL, 0, NULL };
	struct query q;
	int64_t id;
	long long n;

	if (k == NULL)
		return unknown(c->argv[0], err);
	if (c->argc > 1 && k->by == ALL)
		return err_set(err, ERR_USAGE, "\"muster show %s\" takes no "
		    "further operand", k->name);
	if (c->argc > 1 && k->by == BY_TEXT)
		which = V(c->argv[1]);
	if (assess_ready(c->store, err) < 0)
		return -1;
	if (c->argc > 1 && k->by == BY_SUBJECT) {
		if (subject_find(c->store, c->argv[1], &id, err) < 0)
			return -1;
		which = V(id);
	}
	if (stale(c, k, err) < 0)
		return -1;
	query_open(&q, c->store, k->sql, &which, k->by != ALL);
	n = table_write(&q, c->json ? TABLE_JSON : csv != NULL ? TABLE_CSV :
	    TABLE_TEXT, err);
	query_close(&q);
	return n < 0 ? -1 : 0;
}

const struct command cmd_show = {
	.name = "show",
	.operands = "KIND [SUBJECT]",
	.about = "list artifacts, subjects, findings, issues, scanners, "
	    "alone, related, statements, packages, results, controls, gaps, "
	    "workloads, layers, files, facts or values",
	.least = 1, .most = 2,
	.json = true,
	.mode = STORE_READ,
	.settles = true,
	.opts = opts,
	.run = run,
};
