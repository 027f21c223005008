/*
 * posture_compare.c - two assessments side by side.
 *
 * Both sides come sorted from the database and are joined in one walk; what
 * differs is kept as rows, what does not is counted (verdicts that do not
 * fail) or kept as carried (failures, issues).
 */
#include <stdlib.h>
#include <string.h>

#include "muster/err.h"
#include "muster/mem.h"
#include "muster/posture.h"
#include "muster/store.h"
#include "muster/str.h"

/* One side of the walk. */
struct walk {
	const struct posture_side *side;
	struct query	 q;
	int		 at;		/* 1: on a row */
};

static void open_walk(struct walk *w, const struct posture_side *side,
    enum sql sql)
{
	struct val one = { VAL_NULL, 0, NULL };

	*w = (struct walk){ .side = side };
	if (side->subject != 0)
		one = V(side->subject);
	query_open(&w->q, side->store, sql, BIND(V(side->id), one));
}

/* Texts outlive the walks; the last one is often the next one. */
static const char *keep(struct posture_diff *d, const char *text)
{
	if (*text == '\0')
		return "";
	for (size_t i = d->ntexts; i > 0 && i + 12 > d->ntexts; i--)
		if (strcmp(d->texts[i - 1], text) == 0)
			return d->texts[i - 1];
	MEM_ROOM(d->texts, d->ntexts, d->texts_cap);
	return d->texts[d->ntexts++] = mem_dup(text);
}

/* Order of two rows by their first columns; a walk at its end comes last. */
static int order(const struct walk *a, const struct walk *b, int columns)
{
	if (a->at <= 0 || b->at <= 0)
		return a->at <= 0 ? 1 : -1;
	for (int i = 0; i < columns; i++) {
		int c = strcmp(query_text(&a->q, i), query_text(&b->q, i));

		if (c != 0)
			return c;
	}
	return 0;
}

static bool bad(const char *verdict)
{
	return str_listed("fail error", verdict);
}

static struct posture_row *add(struct posture_diff *d,
    enum posture_change change, bool issue)
{
	struct posture_row *r;

	d->count[issue][change]++;
	MEM_ROOM(d->rows, d->n, d->cap);
	r = &d->rows[d->n++];
	*r = (struct posture_row){ .change = change, .issue = issue,
		.control = "", .package = "", .from = "", .to = "",
		.tools = "", .file = "" };
	return r;
}

/* "image registry/web" is registry/web. */
static const char *family(const char *line)
{
	const char *p = strchr(line, ' ');

	return p != NULL ? p + 1 : line;
}

/* How a verdict turned; what needs no row is -1. */
static int turn(const struct walk *a, const struct walk *b)
{
	const char *was = a != NULL ? query_text(&a->q, 2) : "";
	const char *is = b != NULL ? query_text(&b->q, 2) : "";

	if (b == NULL)
		return POSTURE_VANISHED;
	if (a == NULL)
		return bad(is) || str_eq(is, "not_reviewed") ?
		    POSTURE_NEW : -1;
	if (bad(is) && !bad(was))
		return POSTURE_NEW;
	if (bad(was) && str_listed("pass not_applicable", is))
		return POSTURE_FIXED;
	if (strcmp(was, is) != 0 ||
	    query_int(&a->q, 3) != query_int(&b->q, 3))
		return POSTURE_CHANGED;
	return bad(is) ? POSTURE_CARRIED : -1;
}

static int verdict(struct posture_diff *d, const struct walk *a,
    const struct walk *b, struct err *err)
{
	const struct query *q = b != NULL ? &b->q : &a->q;
	int change = turn(a, b);
	struct posture_row *r;

	(void)err;
	if (change < 0)
		return 0;
	r = add(d, (enum posture_change)change, false);
	r->family = keep(d, family(query_text(q, 0)));
	r->item = keep(d, query_text(q, 1));
	r->slug = keep(d, query_text(q, 4));
	r->name = keep(d, query_text(q, 5));
	r->control = keep(d, query_text(q, 6));
	r->from = a != NULL ? keep(d, query_text(&a->q, 2)) : "";
	r->to = b != NULL ? keep(d, query_text(&b->q, 2)) : "";
	r->waived = b != NULL && query_int(&b->q, 3) != 0;
	return 0;
}

/* An issue that is not there any more is fixed where another image took the
 * place and one of those that saw it looked at that; else it vanished. */
static int ended(const struct posture_diff *d, const struct walk *a,
    struct err *err)
{
	struct val one = { VAL_NULL, 0, NULL };
	const char *line = query_text(&a->q, 0);
	struct store *st = d->b.store;
	bool other = false;
	int64_t scanned;
	struct query q;
	int rc;

	if (d->b.subject != 0)
		one = V(d->b.subject);
	query_open(&q, st, SQL_POSTURE_LINE_SUBJECT,
	    BIND(V(d->b.id), one, V(line)));
	if ((rc = query_next(&q, err)) > 0)
		other = !str_eq(query_text(&q, 0), query_text(&a->q, 7));
	query_close(&q);
	if (rc < 0 || store_int(st, SQL_POSTURE_LINE_SCANNED,
	    BIND(V(d->b.id), one, V(line), V(query_text(&a->q, 9))),
	    &scanned, err) < 0)
		return -1;
	return other && scanned > 0 ? POSTURE_FIXED : POSTURE_VANISHED;
}

static int issue(struct posture_diff *d, const struct walk *a,
    const struct walk *b, struct err *err)
{
	const struct query *q = b != NULL ? &b->q : &a->q;
	struct posture_row *r;
	int change;

	if (b == NULL)
		change = ended(d, a, err);
	else if (a == NULL)
		change = POSTURE_NEW;
	else
		change = str_eq(query_text(&a->q, 3), query_text(&b->q, 3)) &&
		    query_int(&a->q, 4) == query_int(&b->q, 4) &&
		    query_int(&a->q, 5) == query_int(&b->q, 5) &&
		    query_int(&a->q, 6) == query_int(&b->q, 6) ?
		    POSTURE_CARRIED : POSTURE_CHANGED;
	if (change < 0)
		return -1;
	r = add(d, (enum posture_change)change, true);
	r->family = keep(d, family(query_text(q, 0)));
	r->item = keep(d, query_text(q, 1));
	r->package = keep(d, query_text(q, 2));
	r->from = a != NULL ? keep(d, query_text(&a->q, 3)) : "";
	r->to = b != NULL ? keep(d, query_text(&b->q, 3)) : "";
	r->severity = (int)query_int(q, 4);
	r->waived = b != NULL && query_int(&b->q, 6) != 0;
	r->slug = keep(d, query_text(q, 7));
	r->name = keep(d, query_text(q, 8));
	r->tools = keep(d, query_text(q, 9));
	r->file = keep(d, query_text(q, 10));
	return 0;
}

typedef int join_fn(struct posture_diff *d, const struct walk *a,
    const struct walk *b, struct err *err);

static int join(struct posture_diff *d, enum sql sql, int columns,
    join_fn *fn, struct err *err)
{
	struct walk a, b;
	int rc = 0;

	open_walk(&a, &d->a, sql);
	open_walk(&b, &d->b, sql);
	a.at = query_next(&a.q, err);
	b.at = a.at < 0 ? -1 : query_next(&b.q, err);
	while (rc == 0 && a.at >= 0 && b.at >= 0 && (a.at > 0 || b.at > 0)) {
		int c = order(&a, &b, columns);

		rc = fn(d, c <= 0 ? &a : NULL, c >= 0 ? &b : NULL, err);
		if (rc == 0 && c <= 0)
			a.at = query_next(&a.q, err);
		if (rc == 0 && c >= 0 && a.at >= 0)
			b.at = query_next(&b.q, err);
	}
	query_close(&a.q);
	query_close(&b.q);
	return rc < 0 || a.at < 0 || b.at < 0 ? -1 : 0;
}

int posture_compare(const struct posture_side *a,
    const struct posture_side *b, struct posture_diff **out, struct err *err)
{
	struct posture_diff *d = mem_alloc(sizeof(*d));

	d->a = *a;
	d->b = *b;
	if (join(d, SQL_POSTURE_VERDICTS, 2, verdict, err) < 0 ||
	    join(d, SQL_POSTURE_ISSUES, 3, issue, err) < 0) {
		posture_free(d);
		return err_during(err, "comparing two assessments");
	}
	*out = d;
	return 0;
}
