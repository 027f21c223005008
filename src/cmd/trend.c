/* trend.c - "muster trend": every assessment that is remembered. */
#include <stdint.h>

#include "muster/command.h"
#include "muster/err.h"
#include "table.h"

static const char *csv;

static const struct opt opts[] = {
	{ 0, "csv", NULL, "comma separated values, for a spreadsheet", &csv },
	{ 0, NULL, NULL, NULL, NULL }
};

static int run(struct ctx *c, struct err *err)
{
	struct query q;
	long long n;

	query_open(&q, c->store, SQL_POSTURE_TREND,
	    BIND(V(INT32_MAX), V((const char *)NULL)));
	n = table_write(&q, c->json ? TABLE_JSON : csv != NULL ? TABLE_CSV :
	    TABLE_TEXT, err);
	query_close(&q);
	if (n == 0)
		return err_set(err, ERR_USAGE, "no assessment is remembered: run "
		    "\"muster assess\" first");
	return n < 0 ? -1 : 0;
}

const struct command cmd_trend = {
	.name = "trend",
	.operands = "",
	.about = "verdicts and issues of every assessment, in order of dates",
	.least = 0, .most = 0,
	.json = true,
	.mode = STORE_READ,
	.opts = opts,
	.run = run,
};
