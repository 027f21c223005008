/*
 * mark.c - "muster mark": the classification or control marking that stands
 * on every page and in every format with a place for one.
 */
#include <string.h>

#include "decide.h"
#include "muster/command.h"
#include "muster/err.h"
#include "muster/str.h"

#define MARK_MAX 120		/* bytes: a banner is one line */

static int check(const char *text, struct err *err)
{
	size_t n = strlen(text);

	for (size_t i = 0; i < n; i++)
		if (text[i] < 0x20 || text[i] > 0x7e)
			n = MARK_MAX + 1;
	return n <= MARK_MAX ? 0 : err_set(err, ERR_USAGE, "a marking is one "
	    "line of at most %d printable ASCII characters", MARK_MAX);
}

static int run(struct ctx *c, struct err *err)
{
	struct str body = STR_INIT;
	int rc = -1;

	if (check(c->argv[0], err) < 0 || store_begin(c->store, err) < 0)
		return -1;
	str_add(&body, "{\"text\":");
	str_json(&body, c->argv[0]);
	str_add(&body, ",\"by\":");
	str_json(&body, decide_who(NULL));
	str_addf(&body, ",\"at\":\"%s\"}", c->as_of);
	if ((rc = event_add(c->store, "marking", "package", str_text(&body),
	    err)) < 0 || (rc = store_commit(c->store, err)) < 0)
		store_rollback(c->store);
	str_free(&body);
	return rc;
}

const struct command cmd_mark = {
	.name = "mark",
	.operands = "TEXT",
	.about = "put a classification marking on everything that is written",
	.least = 1, .most = 1,
	.mode = STORE_CREATE,
	.run = run,
};
