/* table.c - the rows of a query on standard output; see table.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "muster/err.h"
#include "muster/mem.h"
#include "muster/store.h"
#include "muster/str.h"
#include "say.h"
#include "table.h"

#define COLUMNS_MAX 32
#define BUFFERED 200		/* rows that decide how wide columns are */

/* Characters, near enough: bytes that do not continue a sequence. */
static size_t width(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

/* "aliases[]" is aliases, a list. */
static size_t name_len(const char *name)
{
	return strcspn(name, "[{?");
}

static char type_of(const char *name)
{
	return name[name_len(name)];
}

/* RFC 4180, and nothing that a spreadsheet would run as a formula. */
void table_csv_cell(const char *text)
{
	struct str b = STR_INIT;

	query_row_cell(&b, text);
	fputs(str_text(&b), stdout);
	str_free(&b);
}

struct text {
	char	*cells[BUFFERED][COLUMNS_MAX];
	size_t	 rows, wide[COLUMNS_MAX];
	int	 columns;
	bool	 started;
	bool	 fit;			/* cells are cut to their columns */
};

/* A cell for people: one line, lists joined, JSON left out. */
static char *cell(const struct query *q, int col)
{
	const char *text = query_text(q, col);
	struct str b = STR_INIT;

	switch (type_of(query_column(q, col))) {
	case '?':
		str_add(&b, query_int(q, col) != 0 ? "yes" : "no");
		break;
	case '[':
		for (const char *p = text; *p != '\0'; p++)
			str_addc(&b, *p == '\n' ? ' ' : *p);
		break;
	default:
		str_add(&b, text);
	}
	for (size_t i = 0; i < b.len; i++)
		if (b.s[i] == '\n')
			b.s[i] = ' ';
	if (b.len == 0)
		str_addc(&b, '-');
	return b.s;
}

/* The first n characters, the last of them an ellipsis. */
static char *clip(const char *text, size_t n)
{
	const char *p = text;
	struct str b = STR_INIT;

	for (size_t i = 0; *p != '\0' && i + 1 < n; i++)
		for (p++; ((unsigned char)*p & 0xc0) == 0x80; p++)
			;
	str_addn(&b, text, (size_t)(p - text));
	str_add(&b, "\xe2\x80\xa6");
	return b.s;
}

static void put_cell(const struct text *t, int col, const char *text)
{
	size_t pad = t->wide[col] > width(text) ?
	    t->wide[col] - width(text) : 0;
	char *cut = t->fit && width(text) > t->wide[col] ?
	    clip(text, t->wide[col]) : NULL;

	str_safe(stdout, cut != NULL ? cut : text);
	free(cut);
	if (col + 1 < t->columns)
		printf("%*s", (int)pad + 2, "");
}

#define NARROWEST 8

/* Keys and digests are told apart by their first digits. */
static bool gives_way(const struct text *t, const char *name, int col)
{
	return t->wide[col] > NARROWEST + 8 && (str_eq(name, "subject") ||
	    str_eq(name, "artifact") || str_eq(name, "sha256") ||
	    str_eq(name, "locator"));
}

/* On a terminal the widest columns give way until a row is a line. */
static void fit(struct text *t, const struct query *q)
{
	size_t room = (size_t)say_columns(), all = 0;
	int widest;

	t->fit = room > 0;
	for (int i = 0; i < t->columns; i++)
		all += type_of(query_column(q, i)) != '{' ?
		    t->wide[i] + 2 : 0;
	for (; t->fit && all > room + 2; all--) {
		widest = -1;
		for (int i = 0; i < t->columns; i++)
			if (type_of(query_column(q, i)) != '{' &&
			    (widest < 0 || t->wide[i] > t->wide[widest]))
				widest = i;
		for (int i = 0; i < t->columns; i++)
			if (gives_way(t, query_column(q, i), i))
				widest = i;
		if (widest < 0 || t->wide[widest] <= NARROWEST)
			break;
		t->wide[widest]--;
	}
}

static void flush(struct text *t, const struct query *q)
{
	if (!t->started) {
		fit(t, q);
		for (int i = 0; i < t->columns; i++) {
			const char *name = query_column(q, i);
			char *head = mem_dupn(name, name_len(name));

			if (type_of(name) != '{')
				put_cell(t, i, head);
			free(head);
		}
		putchar('\n');
	}
	t->started = true;
	for (size_t r = 0; r < t->rows; r++) {
		for (int i = 0; i < t->columns; i++) {
			if (type_of(query_column(q, i)) != '{')
				put_cell(t, i, t->cells[r][i]);
			free(t->cells[r][i]);
		}
		putchar('\n');
	}
	t->rows = 0;
}

static void text_row(struct text *t, const struct query *q)
{
	t->columns = query_columns(q);
	if (t->columns > COLUMNS_MAX)
		t->columns = COLUMNS_MAX;
	for (int i = 0; i < t->columns; i++) {
		char *c = cell(q, i);
		size_t head = name_len(query_column(q, i));

		t->cells[t->rows][i] = c;
		if (t->started)
			continue;
		if (head > t->wide[i])
			t->wide[i] = head;
		if (width(c) > t->wide[i])
			t->wide[i] = width(c) < 60 ? width(c) : 60;
	}
	if (++t->rows == BUFFERED)
		flush(t, q);
}

long long table_write(struct query *q, enum table_form form, struct err *err)
{
	struct text *t = mem_alloc(sizeof(*t));
	struct str b = STR_INIT;
	long long n = 0;
	int rc;

	while ((rc = query_next(q, err)) > 0) {
		str_clear(&b);
		if (form == TABLE_CSV && n == 0)
			query_row_head(&b, q);
		if (form == TABLE_CSV)
			query_row_csv(&b, q);
		else if (form == TABLE_JSON)
			query_row_json(&b, q);
		else
			text_row(t, q);
		fwrite(str_text(&b), 1, b.len, stdout);
		n++;
	}
	if (rc == 0 && t->rows > 0)
		flush(t, q);
	str_free(&b);
	free(t);
	return rc < 0 ? -1 : n;
}
