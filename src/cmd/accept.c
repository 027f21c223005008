/* accept.c - "muster accept": the Authorizing Official's word on the whole. */
#include "muster/assess.h"
#include "muster/command.h"
#include "muster/err.h"
#include "decide.h"

static const char *by, *note;

static const struct opt opts[] = {
	{ 0, "by", "NAME", "who accepts ($MUSTER_USER, else the user id)",
	    &by },
	{ 0, "note", "TEXT", "conditions, reasons", &note },
	{ 0, NULL, NULL, NULL, NULL }
};

static int run(struct ctx *c, struct err *err)
{
	if (assess_begin(c->store, err) < 0)
		return -1;
	if (decision_accept(c->store, decide_who(by), c->as_of, note,
	    err) < 0 || store_commit(c->store, err) < 0) {
		store_rollback(c->store);
		return -1;
	}
	return 0;
}

const struct command cmd_accept = {
	.name = "accept",
	.operands = "",
	.about = "record that the AO accepts what was assessed last",
	.least = 0, .most = 0,
	.mode = STORE_WRITE,
	.opts = opts,
	.run = run,
};
