/*
 * mark.c - "muster mark": the classification or control marking that stands
 * on every page and in every format with a place for one; and that of one
 * requirement or finding, where it differs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decide.h"
#include "mark.h"
#include "muster/assess.h"
#include "muster/command.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/str.h"
#include "subject.h"

#define MARK_MAX 120		/* bytes: a banner is one line */

static const char *requirement, *finding, *subject;

static const struct opt opts[] = {
	{ 0, "requirement", "ID", "only the verdicts on this requirement: 2.3",
	    &requirement },
	{ 0, "finding", "ID", "or only this finding: a vulnerability",
	    &finding },
	{ 0, "subject", "NAME", "of these, only those of this image or "
	    "workload", &subject },
	{ 0, NULL, NULL, NULL, NULL }
};

int mark_text(struct store *st, struct str *text, struct err *err)
{
	struct query q;
	int rc;

	str_clear(text);
	query_open(&q, st, SQL_MARKS_STANDING, NOBIND);
	while ((rc = query_next(&q, err)) > 0)
		if (str_eq(query_text(&q, 0), "package"))
			str_add(text, query_text(&q, 2));
	query_close(&q);
	return rc;
}

struct mark_row {
	char	*about, *slug, *text;	/* slug "": everywhere */
};

int mark_load(struct store *st, struct mark_list *list, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, st, SQL_MARKS_BY_SLUG, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		MEM_ROOM(list->row, list->n, list->cap);
		list->row[list->n++] = (struct mark_row){
			mem_dup(query_text(&q, 0)), mem_dup(query_text(&q, 1)),
			mem_dup(query_text(&q, 2)) };
	}
	query_close(&q);
	return rc;
}

const char *mark_of(const struct mark_list *list, const char *kind,
    const char *id, const char *slug)
{
	const char *text = "";
	size_t n = strlen(kind);
	int best = 0;

	for (size_t i = 0; i < list->n; i++) {
		const struct mark_row *r = &list->row[i];
		int worth = strcmp(r->about, "package") == 0 ? 1 :
		    strncmp(r->about, kind, n) != 0 ||
		    !str_ieq(r->about + n + 1, id) ? 0 :
		    r->slug[0] == '\0' ? 2 : str_eq(r->slug, slug) ? 3 : 0;

		if (worth > best) {
			best = worth;
			text = r->text;
		}
	}
	return text;
}

void mark_free(struct mark_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		free(list->row[i].about);
		free(list->row[i].slug);
		free(list->row[i].text);
	}
	free(list->row);
}

static int check(const char *text, struct err *err)
{
	size_t n = strlen(text);
	bool ok = n <= MARK_MAX && (n == 0 || text[strspn(text, " ")] != '\0');

	for (size_t i = 0; i < n; i++)
		ok &= text[i] >= 0x20 && text[i] <= 0x7e;
	return ok ? 0 : err_set(err, ERR_USAGE, "a marking is one line of at "
	    "most %d printable ASCII characters, not of blanks only; an empty "
	    "one takes it back", MARK_MAX);
}

/* The subject's key. */
static int key_of(struct store *st, struct str *key, struct err *err)
{
	struct query q;
	int64_t id;
	int rc;

	if (subject == NULL)
		return 0;
	if (requirement == NULL && finding == NULL)
		return err_set(err, ERR_USAGE, "--subject goes with "
		    "--requirement or --finding");
	if (subject_find(st, subject, &id, err) < 0)
		return -1;
	query_open(&q, st, SQL_RENDER_ONE_SUBJECT, BIND(V(id)));
	if ((rc = query_next(&q, err)) > 0)
		str_add(key, query_text(&q, 2));
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

/* What is marked, as the event says it. */
static int about(struct ctx *c, struct str *what, struct err *err)
{
	int64_t n = 0;

	if (requirement != NULL && finding != NULL)
		return err_set(err, ERR_USAGE, "either --requirement or "
		    "--finding");
	if (requirement != NULL && (store_int(c->store,
	    SQL_DECISION_REQUIREMENT, BIND(V(requirement)), &n, err) < 0))
		return -1;
	if (requirement != NULL && n == 0)
		return err_set(err, ERR_USAGE, "nothing was assessed by a "
		    "requirement \"%s\"; \"muster req\" lists them",
		    requirement);
	if (requirement != NULL)
		str_addf(what, "requirement %s", requirement);
	else if (finding != NULL)
		str_addf(what, "finding %s", finding);
	else
		str_add(what, "package");
	return 0;
}

/* Those that stand until now give way, whoever made them. */
static int settles(struct ctx *c, const char *what, const char *key,
    struct str *body, struct err *err)
{
	const char *comma = "";
	struct query q;
	int rc;

	str_add(body, ",\"settles\":[");
	query_open(&q, c->store, SQL_MARKS_TO_SETTLE,
	    BIND(V(what), V(key), V(&c->as_of[0])));
	while ((rc = query_next(&q, err)) > 0) {
		str_add(body, comma);
		str_json(body, query_text(&q, 0));
		comma = ",";
	}
	query_close(&q);
	str_addc(body, ']');
	return rc;
}

static int record(struct ctx *c, const char *text, const char *what,
    const char *key, struct err *err)
{
	struct str body = STR_INIT;
	int rc;

	str_add(&body, "{\"text\":");
	str_json(&body, text);
	str_add(&body, ",\"by\":");
	str_json(&body, decide_who(NULL));
	str_addf(&body, ",\"at\":\"%s\"", c->as_of);
	if (key[0] != '\0') {
		str_add(&body, ",\"subject\":");
		str_json(&body, key);
	}
	if ((rc = settles(c, what, key, &body, err)) == 0) {
		str_addc(&body, '}');
		rc = event_add(c->store, "marking", what, str_text(&body),
		    err);
	}
	str_free(&body);
	return rc;
}

/* Those that stand. */
static int list(struct ctx *c, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, c->store, SQL_MARKS_STANDING, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		for (int i = 0; i < 3; i++) {
			str_safe(stdout, query_text(&q, i));
			if (i != 2 && query_text(&q, i)[0] != '\0')
				fputs(i == 0 && query_text(&q, 1)[0] != '\0' ?
				    " of " : ": ", stdout);
		}
		putchar('\n');
	}
	query_close(&q);
	return rc;
}

/* A marking has a date, as verdicts have; nothing is written of a later day
 * than theirs. */
static int say_later(struct ctx *c, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, c->store, SQL_RENDER_ASSESSMENT, NOBIND);
	rc = query_next(&q, err);
	if (rc > 0 && strcmp(c->as_of, query_text(&q, 0)) > 0)
		fprintf(stderr, "muster: it holds from %.10s on, and the "
		    "verdicts are as of %.10s: what is written of them is not "
		    "marked so; --as-of sets an earlier date\n", c->as_of,
		    query_text(&q, 0));
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

static int run(struct ctx *c, struct err *err)
{
	struct str what = STR_INIT, key = STR_INIT;
	int rc = -1;

	if (c->argc == 0)
		return list(c, err);
	if (check(c->argv[0], err) < 0 || assess_begin(c->store, err) < 0)
		goto out;
	if (about(c, &what, err) < 0 || key_of(c->store, &key, err) < 0 ||
	    record(c, c->argv[0], str_text(&what), str_text(&key), err) < 0 ||
	    store_commit(c->store, err) < 0)
		store_rollback(c->store);
	else
		rc = say_later(c, err);
out:
	str_free(&what);
	str_free(&key);
	return rc;
}

const struct command cmd_mark = {
	.name = "mark",
	.operands = "[TEXT]",
	.about = "put a classification marking on everything that is written, "
	    "or on a finding",
	.least = 0, .most = 1,
	.mode = STORE_CREATE,
	.opts = opts,
	.run = run,
};
