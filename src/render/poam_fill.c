/*
 * poam_fill.c - a plan of action in somebody's own workbook: which sheet and
 * row has the titles, which column is what, and whether all of it arrived; see
 * poam_fill.h.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "muster/err.h"
#include "muster/mem.h"
#include "muster/poam_fill.h"
#include "muster/store.h"
#include "muster/zip.h"
#include "muster/zip_write.h"
#include "poam.h"
#include "template.h"

#define TITLES_LEAST	8	/* of ours, to know a row of titles by */
#define TITLE_LONGEST	200	/* bytes */
#define OURS_MOST	128	/* columns of ours */

struct fill {
	struct poam_fill *f;
	struct template	 t;
	struct template_strings strings;
	struct template_part *sheet;
	uint32_t	 titles;		/* row of them; 0: not found */
	uint32_t	 col[OURS_MOST];	/* ours, ascending, */
	enum poam_field	 is[OURS_MOST];		/* and what each is */
	size_t		 n;
	bool		 has[POAM_FIELDS];
	int		 layout;
	struct template_edit *edit;
	struct str	 field[POAM_FIELDS];
	char		 digits[24];
};

static void note(struct fill *k, const char *fmt, const char *what)
{
	struct str line = STR_INIT;

	str_addf(&line, fmt, what);
	k->f->note(k->f->ctx, str_text(&line));
	str_free(&line);
}

static const char *number(struct fill *k, int64_t n)
{
	snprintf(k->digits, sizeof(k->digits), "%lld", (long long)n);
	return k->digits;
}

/* Letters and digits of a title, without what is in parentheses. */
static void plain(struct str *out, const char *title)
{
	str_clear(out);
	str_add(out, "");
	for (; *title != '\0' && *title != '('; title++)
		if (isalnum((unsigned char)*title))
			str_addc(out, (char)tolower((unsigned char)*title));
}

static bool same_title(const char *a, const char *b)
{
	struct str x = STR_INIT, y = STR_INIT;
	bool same;

	if (b == NULL)
		return false;
	plain(&x, a);
	plain(&y, b);
	same = x.len > 0 && strcmp(str_text(&x), str_text(&y)) == 0;
	str_free(&x);
	str_free(&y);
	return same;
}

/* Which of ours a title is; POAM_FIELDS: none. */
static int field_of(const char *title)
{
	int i = 0;

	if (strlen(title) > TITLE_LONGEST)
		return POAM_FIELDS;
	while (i < POAM_FIELDS && !same_title(title, poam_columns[i].title[0])
	    && !same_title(title, poam_columns[i].title[1]))
		i++;
	return i;
}

/* Are the cells from i on, all of one row, its titles? */
static bool is_titles(struct fill *k, const struct grid *g, size_t i)
{
	bool has[POAM_FIELDS] = { false };
	uint32_t row = g->cell[i].row;
	int n = 0;

	k->n = 0;
	for (; i < g->n && g->cell[i].row == row && k->n < OURS_MOST; i++) {
		int f = field_of(g->cell[i].text);

		if (f == POAM_FIELDS)
			continue;
		n += !has[f];
		has[f] = true;
		k->col[k->n] = g->cell[i].column;
		k->is[k->n++] = (enum poam_field)f;
	}
	memcpy(k->has, has, sizeof(has));
	return n >= TITLES_LEAST && has[POAM_DESCRIPTION] && has[POAM_STATUS];
}

static bool find_titles(struct fill *k, const struct grid *g)
{
	uint32_t row = 0;

	for (size_t i = 0; i < g->n && g->cell[i].row <= TEMPLATE_TITLES;
	    i++) {
		if (g->cell[i].row == row)
			continue;
		row = g->cell[i].row;
		if (is_titles(k, g, i)) {
			k->titles = row;
			return true;
		}
	}
	return false;
}

/* Below the titles of a blank template nothing stands. */
static int is_blank(const struct fill *k, const struct grid *g,
    const char *name, struct err *err)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->cell[i].row > k->titles && !g->cell[i].formula &&
		    !template_grid_placeholder(g->cell[i].text))
			return err_set(err, ERR_INPUT, "row %u of its sheet "
			    "\"%.60s\" holds \"%.60s\" below the titles in "
			    "row %u; a blank template is expected",
			    g->cell[i].row, name, g->cell[i].text, k->titles);
	if (g->merged > k->titles)
		return err_set(err, ERR_INPUT, "its sheet \"%.60s\" has merged "
		    "cells below the titles in row %u; a blank template is "
		    "expected", name, k->titles);
	return 0;
}

/* What a person should know before it is handed on. */
static void tell_columns(struct fill *k, const struct grid *g)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->cell[i].row == k->titles &&
		    field_of(g->cell[i].text) == POAM_FIELDS)
			note(k, "the column \"%s\" is not known and is left "
			    "blank", g->cell[i].text);
	for (int i = 0; i < POAM_FIELDS; i++)
		if (!k->has[i] && poam_columns[i].title[k->layout] != NULL)
			note(k, "there is no column \"%s\"",
			    poam_columns[i].title[k->layout]);
}

/* A marked database in a workbook that does not show it. */
static int tell_marking(struct fill *k, const struct grid *g,
    struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, k->f->store, SQL_SHEETS_MARKING, NOBIND);
	if ((rc = query_next(&q, err)) > 0 && query_null(&q, 0) != NULL) {
		bool shown = false;

		for (size_t i = 0; i < g->n; i++)
			shown |= g->cell[i].row < k->titles &&
			    str_contains(g->cell[i].text, query_text(&q, 0));
		if (!shown)
			note(k, "the template does not show the marking "
			    "\"%s\"", query_text(&q, 0));
	}
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

static int try_sheet(struct fill *k, const char *path, const char *name,
    struct err *err)
{
	struct template_part *p = template_part(&k->t, path);
	struct grid g;
	int rc;

	if (p == NULL)
		return err_set(err, ERR_INPUT, "the workbook lacks its part "
		    "%.200s", path);
	rc = template_grid(&g, p, &k->strings, err);
	if (rc == 0 && find_titles(k, &g) &&
	    (rc = is_blank(k, &g, name, err)) == 0) {
		k->sheet = p;
		k->layout = k->has[POAM_DEVICES] ? POAM_26 : POAM_22;
		tell_columns(k, &g);
		rc = tell_marking(k, &g, err);
	}
	template_grid_free(&g);
	return rc;
}

/* The first sheet with a row of titles. */
static int find_sheet(struct fill *k, struct err *err)
{
	struct str list = STR_INIT;
	char *p, *path, *name;
	int rc = template_strings(&k->t, &k->strings, err);

	if (rc == 0)
		rc = template_sheets(&k->t, &list, err);
	p = list.s;
	while (rc == 0 && k->sheet == NULL && p != NULL &&
	    (path = strsep(&p, "\n")) != NULL &&
	    (name = strsep(&p, "\n")) != NULL)
		rc = try_sheet(k, path, name, err);
	if (rc == 0 && k->sheet == NULL)
		rc = err_set(err, ERR_INPUT, "no sheet of the workbook has a "
		    "row of eMASS's POA&M titles in its first %d rows "
		    "(\"Control Vulnerability Description\", \"Status\" and "
		    "%d more)", TEMPLATE_TITLES, TITLES_LEAST - 2);
	str_free(&list);
	return rc;
}

static void tell_shortened(struct fill *k, const struct poam_item *item,
    uint64_t cut)
{
	for (int i = 0; i < POAM_FIELDS; i++) {
		struct str line = STR_INIT;

		if ((cut & UINT64_C(1) << i) == 0 || !k->has[i])
			continue;
		str_addf(&line, "row %lld: %s is shortened, it has %zu "
		    "characters", (long long)(k->titles + k->f->rows + 1),
		    poam_columns[i].title[1],
		    cell_length(str_text(&item->field[i])));
		note(k, "%s", str_text(&line));
		str_free(&line);
	}
}

static int add(void *ctx, const struct poam_item *item, struct err *err)
{
	const char *text[OURS_MOST];
	struct fill *k = ctx;
	uint64_t cut;

	for (size_t n = 0; poam_item_row(item, n, k->field, &cut); n++) {
		for (size_t i = 0; i < k->n; i++)
			text[i] = str_text(&k->field[k->is[i]]);
		tell_shortened(k, item, cut);
		if (template_edit_row(k->edit, text, err) < 0)
			return -1;
		k->f->rows++;
	}
	return 0;
}

static int put_rows(struct fill *k, struct err *err)
{
	struct poam_walk w = { .store = k->f->store, .office = k->f->office,
	    .layout = k->layout };
	struct str done = STR_INIT;

	k->edit = template_edit_open(&k->sheet->bytes, k->titles, k->col,
	    k->n, err);
	if (k->edit == NULL || poam_item_walk(&w, add, k, err) < 0)
		return -1;
	template_edit_end(k->edit, &done);
	str_free(&k->sheet->bytes);
	k->sheet->bytes = done;
	k->f->items = w.items;
	if (w.dateless > 0)
		note(k, "%s ongoing items have no approved plan, so no "
		    "completion date, which eMASS wants",
		    number(k, w.dateless));
	return 0;
}

/* Are all items in the sheet, as its own reader sees it? */
static int check_sheet(struct fill *k, struct err *err)
{
	uint32_t column = 0;
	int64_t items = 0;
	struct grid g;
	int rc;

	for (size_t i = 0; i < k->n; i++)
		if (k->is[i] == POAM_STATUS)
			column = k->col[i];
	if ((rc = template_grid(&g, k->sheet, &k->strings, err)) == 0) {
		for (size_t i = 0; i < g.n; i++)
			items += g.cell[i].row > k->titles &&
			    g.cell[i].column == column &&
			    !template_grid_placeholder(g.cell[i].text);
		if (items != k->f->items)
			rc = err_set(err, ERR_BUG, "the sheet has %lld items, "
			    "the database %lld", (long long)items,
			    (long long)k->f->items);
	}
	template_grid_free(&g);
	return rc;
}

static int write_parts(struct fill *k, struct err *err)
{
	struct zip_write *z = zip_write_open(k->f->fd);
	int rc = 0;

	for (size_t i = 0; i < k->t.n && rc == 0; i++)
		rc = zip_write_add(z, k->t.part[i].name,
		    str_text(&k->t.part[i].bytes), k->t.part[i].bytes.len,
		    err);
	if (rc == 0)
		rc = zip_write_end(z, err);
	zip_write_close(z);
	return rc;
}

/* Every part again, and as it should be. */
static int same_parts(struct fill *k, struct zip *z, struct err *err)
{
	struct str bytes = STR_INIT;
	const char *name;
	size_t i = 0;
	int rc;

	while ((rc = zip_next(z, &name, err)) > 0) {
		const struct template_part *p = i < k->t.n ?
		    &k->t.part[i++] : NULL;

		str_clear(&bytes);
		if (p == NULL || strcmp(p->name, name) != 0 ||
		    (rc = zip_content(z, p->bytes.len, &bytes, err)) <= 0 ||
		    bytes.len != p->bytes.len || (bytes.len > 0 &&
		    memcmp(bytes.s, p->bytes.s, bytes.len) != 0)) {
			rc = rc < 0 ? -1 : err_set(err, ERR_BUG, "a part of "
			    "the workbook is not as it was written");
			break;
		}
	}
	if (rc == 0 && i != k->t.n)
		rc = err_set(err, ERR_BUG, "the workbook lacks parts");
	str_free(&bytes);
	return rc;
}

static int check_parts(struct fill *k, struct err *err)
{
	struct stat sb;
	struct zip *z;
	void *p;
	int rc = -1;

	if (fstat(k->f->fd, &sb) < 0 || (p = mmap(NULL, (size_t)sb.st_size,
	    PROT_READ, MAP_PRIVATE, k->f->fd, 0)) == MAP_FAILED)
		return err_sys(err, "cannot read the workbook back");
	if ((z = zip_open(p, (size_t)sb.st_size, err)) != NULL)
		rc = same_parts(k, z, err);
	zip_close(z);
	munmap(p, (size_t)sb.st_size);
	return rc;
}

int poam_fill_run(struct poam_fill *f, struct err *err)
{
	struct fill *k = mem_alloc(sizeof(*k));
	int rc = -1;

	k->f = f;
	f->items = f->rows = 0;
	if (template_open(&k->t, f->workbook, f->len, err) < 0)
		goto out;
	f->macros = k->t.macros;
	if (find_sheet(k, err) < 0 || put_rows(k, err) < 0 ||
	    check_sheet(k, err) < 0 || write_parts(k, err) < 0 ||
	    check_parts(k, err) < 0)
		goto out;
	rc = 0;
out:
	template_edit_close(k->edit);
	template_strings_free(&k->strings);
	template_close(&k->t);
	for (int i = 0; i < POAM_FIELDS; i++)
		str_free(&k->field[i]);
	free(k);
	return rc;
}
