/* req.c - "muster req": the requirements, from the benchmark. */
#include <stdio.h>

#include "muster/assess.h"
#include "muster/command.h"
#include "muster/err.h"
#include "say.h"
#include "table.h"

static int one(struct ctx *c, const char *id, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, c->store, SQL_WHY_REQUIREMENT, BIND(V(id)));
	if ((rc = query_next(&q, err)) > 0) {
		printf("%s  %s\n\n", id, query_text(&q, 0));
		printf("  %s, severity %s, %s, NIST SP 800-53 r4 %s%s%s\n\n",
		    query_text(&q, 1), query_text(&q, 2), query_text(&q, 3),
		    query_text(&q, 4), *query_text(&q, 5) ? ", r5 " : "",
		    query_text(&q, 5));
		puts("What the guide says");
		say_text(query_text(&q, 6), 2);
		puts("\nWhat muster looks at");
		say_text(query_text(&q, 7), 2);
		puts("\nHow to fix it");
		say_text(query_text(&q, 8), 2);
	}
	query_close(&q);
	if (rc == 0)
		return err_set(err, ERR_USAGE, "there is no requirement "
		    "\"%s\"; \"muster req\" lists them", id);
	return rc < 0 ? -1 : 0;
}

/* The benchmark is compiled in: no evidence database is needed. */
static int run(struct ctx *c, struct err *err)
{
	struct query q;
	long long n;

	if ((c->store = store_open(":memory:", STORE_CREATE, err)) == NULL ||
	    benchmark_load(c->store, c->as_of, err) < 0)
		return -1;
	if (c->argc > 0 && !c->json)
		return one(c, c->argv[0], err);
	query_open(&q, c->store, SQL_REQ_LIST,
	    BIND(V(c->argc > 0 ? (const char *)c->argv[0] : NULL)));
	n = table_write(&q, c->json ? TABLE_JSON : TABLE_TEXT, err);
	query_close(&q);
	return n < 0 ? -1 : 0;
}

const struct command cmd_req = {
	.name = "req",
	.operands = "[REQUIREMENT]",
	.about = "list the requirements, or show one with its texts",
	.least = 0, .most = 1,
	.json = true,
	.no_store = true,
	.free = true,
	.run = run,
};
