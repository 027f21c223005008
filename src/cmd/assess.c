/* assess.c - "muster assess": decide every requirement. */
#include <stdio.h>

#include "muster/assess.h"
#include "muster/command.h"
#include "muster/err.h"
#include "head.h"
#include "tailor.h"

static const char *tailoring;

static const struct opt opts[] = {
	{ 0, "tailoring", "FILE", "XCCDF file that changes Values and rules",
	    &tailoring },
	{ 0, NULL, NULL, NULL, NULL }
};

static int run(struct ctx *c, struct err *err)
{
	struct query q;
	int rc;

	if (tailor_assess(c, tailoring, err) < 0)
		return -1;
	if (c->quiet)
		return 0;
	query_open(&q, c->store, SQL_VERDICT_TOTALS, NOBIND);
	if ((rc = query_next(&q, err)) > 0)
		printf("as of %s: %lld pass, %lld fail, %lld not applicable, "
		    "%lld not reviewed, %lld error\n", c->as_of,
		    (long long)query_int(&q, 0), (long long)query_int(&q, 1),
		    (long long)query_int(&q, 2), (long long)query_int(&q, 3),
		    (long long)query_int(&q, 4));
	query_close(&q);
	return rc < 0 ? -1 : head_say(c, err);
}

const struct command cmd_assess = {
	.name = "assess",
	.operands = "",
	.about = "decide every requirement for every subject",
	.least = 0, .most = 0,
	.mode = STORE_WRITE,
	.opts = opts,
	.run = run,
};
