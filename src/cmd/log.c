/* log.c - "muster log": the journal. */
#include "muster/command.h"
#include "muster/err.h"
#include "table.h"

static int run(struct ctx *c, struct err *err)
{
	struct query q;
	long long n;

	query_open(&q, c->store, c->json ? SQL_SHOW_JOURNAL :
	    SQL_SHOW_JOURNAL_SHORT, NOBIND);
	n = table_write(&q, c->json ? TABLE_JSON : TABLE_TEXT, err);
	query_close(&q);
	return n < 0 ? -1 : 0;
}

const struct command cmd_log = {
	.name = "log",
	.operands = "",
	.about = "list what changed the database: who, when, what",
	.least = 0, .most = 0,
	.json = true,
	.mode = STORE_READ,
	.run = run,
};
