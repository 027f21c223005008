/* diff.c - "muster diff": two assessments, databases or images compared. */
#include <stdio.h>
#include <sys/stat.h>

#include "changes.h"
#include "mark.h"
#include "muster/assess.h"
#include "muster/command.h"
#include "muster/date.h"
#include "muster/err.h"
#include "muster/posture.h"
#include "muster/str.h"
#include "subject.h"

#define DIFFERS 3		/* exit status under --exit-code */

static const char *csv, *all, *exit_code;

static const struct opt opts[] = {
	{ 0, "csv", NULL, "comma separated values, for a spreadsheet", &csv },
	{ 0, "all", NULL, "also what is as it was", &all },
	{ 0, "exit-code", NULL, "exit with 3 where something differs",
	    &exit_code },
	{ 0, NULL, NULL, NULL, NULL }
};

static bool is_assessment(const char *word)
{
	int64_t n;

	return str_eq(word, "now") || date_parse(word, &n) ||
	    str_int(word + (*word == '#'), 1, INT32_MAX, &n);
}

/* A database is opened here, and closed by the caller. */
static int side_of(struct ctx *c, const char *word,
    struct posture_side *side, struct err *err)
{
	struct store *st;
	struct stat sb;
	int64_t id;

	if (is_assessment(word))
		return posture_find(c->store, word, side, err);
	if (stat(word, &sb) == 0 && S_ISREG(sb.st_mode)) {
		if ((st = store_open(word, STORE_READ, err)) == NULL)
			return -1;
		if (assess_ready(st, err) == 0 &&
		    posture_current(st, side, err) == 0)
			return 0;
		store_close(st);
		return err_during(err, "comparing with %s", word);
	}
	if (posture_current(c->store, side, err) < 0 ||
	    subject_find(c->store, word, &id, err) < 0)
		return -1;
	return store_int(c->store, SQL_POSTURE_OF_SUBJECT, BIND(V(id)),
	    &side->subject, err);
}

static int compare(struct ctx *c, const struct posture_side *a,
    const struct posture_side *b, struct err *err)
{
	struct mark_list marks = MARK_LIST_INIT;
	struct posture_diff *d;
	bool same = true;

	if ((a->subject == 0) != (b->subject == 0))
		return err_set(err, ERR_USAGE, "an image is compared with an "
		    "image, an assessment with an assessment");
	if (mark_load(c->store, &marks, err) < 0 ||
	    posture_compare(a, b, &d, err) < 0) {
		mark_free(&marks);
		return -1;
	}
	changes_rows(c, d, &marks, c->json ? TABLE_JSON : csv != NULL ?
	    TABLE_CSV : TABLE_TEXT, all != NULL);
	for (int k = 0; k < 2; k++)
		for (int i = 0; i < POSTURE_CHANGES; i++)
			same &= i == POSTURE_CARRIED || d->count[k][i] == 0;
	posture_free(d);
	mark_free(&marks);
	return exit_code != NULL && !same ? DIFFERS : 0;
}

static int run(struct ctx *c, struct err *err)
{
	struct posture_side a = { .store = NULL }, b = { .store = NULL };
	int rc = -1;

	if (assess_ready(c->store, err) < 0)
		return -1;
	if (side_of(c, c->argv[0], &a, err) == 0 &&
	    side_of(c, c->argc > 1 ? c->argv[1] : "now", &b, err) == 0)
		rc = compare(c, &a, &b, err);
	if (a.store != c->store)
		store_close(a.store);
	if (b.store != c->store)
		store_close(b.store);
	return rc;
}

const struct command cmd_diff = {
	.name = "diff",
	.operands = "A [B]",
	.about = "what is new, fixed, changed, carried or vanished between two "
	    "assessments, databases or images",
	.least = 1, .most = 2,
	.are = OPERANDS_DB,
	.json = true,
	.mode = STORE_READ,
	.settles = true,
	.opts = opts,
	.run = run,
};
