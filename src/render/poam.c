/*
 * poam.c - the POA&M spreadsheet as eMASS takes it, in two layouts: its older
 * template (22 columns, titles in row 7) and the newer one (26, in row 1).
 *
 * A second sheet says what was shortened to eMASS's limits, and what is left
 * to people.
 */
#include <stdio.h>
#include <string.h>

#include "book.h"
#include "muster/err.h"
#include "muster/str.h"
#include "poam.h"
#include "poam_text.h"
#include "render_priv.h"

const struct poam_column poam_columns[POAM_FIELDS] = {
#define COLUMN(field, most, width, old, new)				\
	[POAM_##field] = { most, width, { old, new } },
#include "poam_columns.def"
#undef COLUMN
};

enum { ITEMS, NOTES };		/* sheets */

struct out {
	struct book	*b;
	int		 layout, columns;
	struct str	 field[POAM_FIELDS];
	int64_t		 cut, rows, items;
	char		 text[64];
};

static const char *number(struct out *o, int64_t n)
{
	snprintf(o->text, sizeof(o->text), "%lld", (long long)n);
	return o->text;
}

static int pair(struct out *o, const char *what, const char *value,
    struct err *err)
{
	book_cell(o->b, NOTES, 0, what, BOOK_HEAD);
	book_cell(o->b, NOTES, 1, value, BOOK_PLAIN);
	return book_next(o->b, NOTES, err);
}

/* The first column of the older template is a hidden copy. */
static int sheets(struct out *o, struct err *err)
{
	static const int notes[] = { 28, 40, 14 };
	int widths[POAM_FIELDS + 1], n = 0;

	if (o->layout == POAM_22)
		widths[n++] = 0;
	for (int i = 0; i < POAM_FIELDS; i++)
		if (poam_columns[i].title[o->layout] != NULL)
			widths[n++] = poam_columns[i].width;
	o->columns = n;
	if (book_sheet(o->b, "POA&M", widths, (size_t)n, err) < 0)
		return -1;
	return book_sheet(o->b, "muster", notes, 3, err);
}

/* What stands above the titles of the older template. */
static int head(struct out *o, const struct book_about *a, struct err *err)
{
	static const char *const label[][2] = {
		{ "Date Exported:", "System Type:" },
		{ "Exported By:", "OMB Project ID:" },
		{ "DoD Component:", "POC Name:" },
		{ "System/Project Name:", "POC Phone:" },
		{ "DoD IT Registration No:", "POC E-Mail:" },
	};
	struct str date = STR_INIT;
	int rc = 0;

	poam_text_date(&date, a->as_of);
	book_wide(o->b, ITEMS, o->columns - 1,
	    a->marking != NULL ? a->marking : "", BOOK_BANNER);
	for (int i = 0; i < 5 && rc == 0; i++) {
		if ((rc = book_next(o->b, ITEMS, err)) < 0)
			break;
		book_cell(o->b, ITEMS, 2, label[i][0], BOOK_HEAD);
		book_cell(o->b, ITEMS, 3, i == 0 ? str_text(&date) : i == 1 ?
		    "muster " MUSTER_VERSION : "", BOOK_PLAIN);
		book_cell(o->b, ITEMS, 8, label[i][1], BOOK_HEAD);
	}
	str_free(&date);
	return rc < 0 ? -1 : book_next(o->b, ITEMS, err);
}

static int titles(struct out *o, struct err *err)
{
	int n = 0, rc;

	if (o->layout == POAM_22)
		book_cell(o->b, ITEMS, n++,
		    poam_columns[POAM_DESCRIPTION].title[0], BOOK_HEAD);
	for (int i = 0; i < POAM_FIELDS; i++)
		if (poam_columns[i].title[o->layout] != NULL)
			book_cell(o->b, ITEMS, n++,
			    poam_columns[i].title[o->layout], BOOK_HEAD);
	if ((rc = book_next(o->b, ITEMS, err)) == 0)
		book_freeze(o->b, ITEMS);
	return rc;
}

static int notes(struct out *o, const struct book_about *a, struct err *err)
{
	if (pair(o, "As of", a->as_of, err) < 0 ||
	    pair(o, "Written by", "muster " MUSTER_VERSION, err) < 0 ||
	    (a->marking != NULL &&
	    pair(o, "Marking", a->marking, err) < 0) ||
	    pair(o, "Benchmark", a->benchmark, err) < 0 ||
	    pair(o, "Left to people", "Resources, threat, likelihood, impact, "
	    "residual risk", err) < 0 || book_next(o->b, NOTES, err) < 0)
		return -1;
	book_cell(o->b, NOTES, 0, "Shortened: row", BOOK_HEAD);
	book_cell(o->b, NOTES, 1, "Column", BOOK_HEAD);
	book_cell(o->b, NOTES, 2, "Characters", BOOK_HEAD);
	return book_next(o->b, NOTES, err);
}

/* One field was too long: which, and how long. */
static int shortened(struct out *o, const struct poam_item *item, int field,
    struct err *err)
{
	o->cut++;
	book_cell(o->b, NOTES, 0, number(o, book_row(o->b, ITEMS) + 1),
	    BOOK_PLAIN);
	book_cell(o->b, NOTES, 1, poam_columns[field].title[o->layout],
	    BOOK_PLAIN);
	book_cell(o->b, NOTES, 2, number(o, (int64_t)cell_length(
	    str_text(&item->field[field]))), BOOK_PLAIN);
	return book_next(o->b, NOTES, err);
}

static int row(struct out *o, const struct poam_item *item, uint64_t cut,
    struct err *err)
{
	int n = 0;

	if (o->layout == POAM_22)
		book_cell(o->b, ITEMS, n++,
		    str_text(&o->field[POAM_DESCRIPTION]), BOOK_PLAIN);
	for (int i = 0; i < POAM_FIELDS; i++) {
		if (poam_columns[i].title[o->layout] == NULL)
			continue;
		book_cell(o->b, ITEMS, n++, str_text(&o->field[i]),
		    BOOK_PLAIN);
		if ((cut & UINT64_C(1) << i) != 0 &&
		    shortened(o, item, i, err) < 0)
			return -1;
	}
	o->rows++;
	o->items += o->field[POAM_DESCRIPTION].len > 0;
	return book_next(o->b, ITEMS, err);
}

static int add(void *ctx, const struct poam_item *item, struct err *err)
{
	struct out *o = ctx;
	uint64_t cut;

	for (size_t n = 0; poam_item_row(item, n, o->field, &cut); n++)
		if (row(o, item, cut, err) < 0)
			return -1;
	return 0;
}

static int sums(struct out *o, const struct poam_walk *w, struct err *err)
{
	if (o->items != w->items)
		return err_set(err, ERR_BUG, "it has %lld items, the database "
		    "%lld", (long long)o->items, (long long)w->items);
	if (o->cut == 0 && pair(o, "nothing", "", err) < 0)
		return -1;
	if (book_next(o->b, NOTES, err) < 0 ||
	    pair(o, "Items", number(o, w->items), err) < 0 ||
	    pair(o, "of these accepted", number(o, w->risks), err) < 0 ||
	    pair(o, "Ongoing without a date", number(o, w->dateless), err) < 0)
		return -1;
	return pair(o, "Rows with milestones", number(o, o->rows), err);
}

static int fill(struct out *o, const struct making *m,
    const struct book_about *a, struct err *err)
{
	struct poam_walk w = { .store = m->r->store, .layout = o->layout };

	if (sheets(o, err) < 0 ||
	    (o->layout == POAM_22 && head(o, a, err) < 0) ||
	    titles(o, err) < 0 || notes(o, a, err) < 0 ||
	    poam_item_walk(&w, add, o, err) < 0 || sums(o, &w, err) < 0)
		return -1;
	return book_write(o->b, err);
}

static int write_layout(const struct making *m, int layout, struct err *err)
{
	struct out o = { .layout = layout };
	struct book_about a;
	int rc = book_about(m, &a, err);

	if (rc == 0 && (o.b = book_open(m, &a,
	    "Plan of action and milestones", err)) != NULL)
		rc = fill(&o, m, &a, err);
	else
		rc = -1;
	book_close(o.b);
	book_about_free(&a);
	for (int i = 0; i < POAM_FIELDS; i++)
		str_free(&o.field[i]);
	return rc;
}

static int write_22(const struct making *m, struct err *err)
{
	return write_layout(m, POAM_22, err);
}

static int write_26(const struct making *m, struct err *err)
{
	return write_layout(m, POAM_26, err);
}

const struct writer poam_writer_22 = { NULL, write_22, false };
const struct writer poam_writer_26 = { NULL, write_26, false };
