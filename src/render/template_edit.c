/*
 * template_edit.c - rows put into a sheet's XML, and nothing else of it
 * touched; see template.h.
 *
 * The XML was read by the parser before, so it is known to be well-formed and
 * its rows and cells to be in order.  Here only its tags are told apart, by
 * their bytes, to learn where rows and cells begin and end: what is kept is
 * copied as it is.
 */
#include <stdlib.h>
#include <string.h>

#include "muster/err.h"
#include "muster/mem.h"
#include "template.h"

/* A tag: "<name ...>", "</name>" or "<name .../>". */
struct tag {
	size_t		 start, end;	/* of its bytes */
	const char	*name;		/* without a prefix */
	size_t		 len, prefix;	/* of the name; with the colon */
	bool		 closes, empty;
};

struct bytes {
	const char	*s;
	size_t		 len, at;
};

static size_t skip_to(const struct bytes *b, size_t at, const char *what)
{
	const char *p = memmem(b->s + at, b->len - at, what, strlen(what));

	return p == NULL ? b->len : (size_t)(p - b->s) + strlen(what);
}

/* Behind the tag that begins at a "<". */
static size_t tag_end(const struct bytes *b, size_t at)
{
	char quote = '\0';

	for (; at < b->len; at++) {
		char c = b->s[at];

		if (quote != '\0')
			quote = c == quote ? '\0' : quote;
		else if (c == '"' || c == '\'')
			quote = c;
		else if (c == '>')
			return at + 1;
	}
	return at;
}

/* The next tag; comments and the like are passed over. */
static bool next_tag(struct bytes *b, struct tag *t)
{
	const char *p;

	for (;;) {
		p = memchr(b->s + b->at, '<', b->len - b->at);
		if (p == NULL)
			return false;
		b->at = (size_t)(p - b->s);
		if (strncmp(p, "<!--", 4) == 0)
			b->at = skip_to(b, b->at, "-->");
		else if (strncmp(p, "<![CDATA[", 9) == 0)
			b->at = skip_to(b, b->at, "]]>");
		else if (strncmp(p, "<?", 2) == 0)
			b->at = skip_to(b, b->at, "?>");
		else
			break;
	}
	t->start = b->at;
	t->end = b->at = tag_end(b, b->at);
	t->closes = p[1] == '/';
	t->empty = t->end >= 2 && b->s[t->end - 2] == '/';
	t->name = p + 1 + t->closes;
	t->len = strcspn(t->name, " \t\r\n/>");
	p = memchr(t->name, ':', t->len);
	t->prefix = p != NULL ? (size_t)(p + 1 - t->name) : 0;
	t->name += t->prefix;
	t->len -= t->prefix;
	return true;
}

static bool is(const struct tag *t, const char *name)
{
	return t->len == strlen(name) && memcmp(t->name, name, t->len) == 0;
}

/* Where the value of an attribute stands in a tag; NULL: it has none. */
static const char *value_of(const struct bytes *b, const struct tag *t,
    const char *name, size_t *len)
{
	const char *p = t->name + t->len, *end = b->s + t->end;

	while (p < end) {
		size_t n;
		const char *key, *v;

		p += strspn(p, " \t\r\n");
		key = p;
		n = strcspn(p, " \t\r\n=/>");
		p += n;
		p += strspn(p, " \t\r\n");
		if (*p != '=')
			return NULL;
		p++;
		p += strspn(p, " \t\r\n");
		v = p + 1;
		p = memchr(v, *p, (size_t)(end - v));
		if (p == NULL)
			return NULL;
		if (n == strlen(name) && memcmp(key, name, n) == 0) {
			*len = (size_t)(p - v);
			return v;
		}
		p++;
	}
	return NULL;
}

/* A number; 0 where there is none. */
static uint32_t number_of(const struct bytes *b, const struct tag *t,
    const char *name)
{
	size_t len = 0;
	const char *v = value_of(b, t, name, &len);
	char digits[12] = "";
	int64_t n;

	if (v == NULL || len >= sizeof(digits))
		return 0;
	memcpy(digits, v, len);
	return str_int(digits, 0, 1 << 30, &n) ? (uint32_t)n : 0;
}

/* ---------------------------------------------------- the rows there are */

struct old_cell {
	uint32_t	 column, style;
	size_t		 start, end;
	bool		 holds, formula;
};
struct old_row {
	uint32_t	 row;
	struct tag	 tag;
	size_t		 end;
	struct old_cell	*cell;
	size_t		 n, cap;
};

struct template_edit {
	struct bytes	 b;
	uint32_t	 titles, last;	/* row of the titles, last one put */
	const uint32_t	*cols;
	size_t		 ncols;
	struct str	 rows;		/* put so far */
	char		 prefix[64];	/* of all tags of ours: "x:" */
	struct old_row	*row;		/* below the titles */
	size_t		 n, cap, next;
	size_t		 ref, ref_len;	/* of the dimension; 0: none */
	size_t		 from, to;	/* where rows below the titles are */
	uint32_t	 styled;	/* columns up to this are known */
	uint32_t	 style[TEMPLATE_COLUMNS + 1];	/* of a new row */
};

/* Behind a cell's last tag; does it hold anything? */
static void read_cell(struct template_edit *e, struct old_cell *c,
    const struct tag *open)
{
	struct tag t;

	c->style = number_of(&e->b, open, "s");
	c->start = open->start;
	c->end = open->end;
	if (open->empty)
		return;
	while (next_tag(&e->b, &t) && !(t.closes && is(&t, "c"))) {
		c->formula |= is(&t, "f");
		c->holds |= is(&t, "v") || is(&t, "is");
	}
	c->end = t.end;
}

static void read_row(struct template_edit *e, struct old_row *row,
    const struct tag *open)
{
	uint32_t column = 0, ignored;
	struct tag t = *open;

	row->tag = *open;
	row->end = open->end;
	if (open->empty)
		return;
	while (next_tag(&e->b, &t) && !(t.closes && is(&t, "row"))) {
		size_t len = 0;
		const char *v;
		char ref[16] = "";

		if (!is(&t, "c"))
			continue;
		v = value_of(&e->b, &t, "r", &len);
		if (v != NULL && len < sizeof(ref))
			memcpy(ref, v, len);
		if (v == NULL || !template_grid_reference(ref, &column,
		    &ignored))
			column++;
		MEM_ROOM(row->cell, row->n, row->cap);
		row->cell[row->n] = (struct old_cell){ .column = column };
		read_cell(e, &row->cell[row->n++], &t);
	}
	row->end = t.end;
}

/* Rows below the titles; what is above stays where it is. */
static void read_rows(struct template_edit *e)
{
	uint32_t last = 0;
	struct tag t = { 0 };

	while (next_tag(&e->b, &t) && !(t.closes && is(&t, "sheetData"))) {
		uint32_t n = is(&t, "row") ? number_of(&e->b, &t, "r") : 0;
		struct old_row row = { .row = n != 0 ? n : last + 1 };

		if (!is(&t, "row"))
			continue;
		last = row.row;
		read_row(e, &row, &t);
		if (row.row <= e->titles) {
			e->from = row.end;
			free(row.cell);
			continue;
		}
		MEM_ROOM(e->row, e->n, e->cap);
		e->row[e->n++] = row;
	}
	e->to = t.start;
}

/* <col min="3" max="5" style="2"/>: in their order, or not at all. */
static void read_column(struct template_edit *e, const struct tag *t)
{
	uint32_t from = number_of(&e->b, t, "min");
	uint32_t to = number_of(&e->b, t, "max");

	if (from <= e->styled)
		return;
	for (; from <= to && from <= TEMPLATE_COLUMNS; from++)
		e->style[e->styled = from] = number_of(&e->b, t, "style");
}

static const struct old_row *first_row(const struct template_edit *e)
{
	return e->n > 0 && e->row[0].row == e->titles + 1 ? &e->row[0] : NULL;
}

/* New rows look as the first one does, and that as its columns do. */
static void read_styles(struct template_edit *e)
{
	const struct old_row *first = first_row(e);
	uint32_t style = first != NULL ? number_of(&e->b, &first->tag, "s") :
	    0;

	for (uint32_t i = 0; style != 0 && i <= TEMPLATE_COLUMNS; i++)
		e->style[i] = style;
	for (size_t i = 0; first != NULL && i < first->n; i++)
		e->style[first->cell[i].column] = first->cell[i].style;
}

/* --------------------------------------------------------- the rows to be */

static void column_name(struct str *out, uint32_t column)
{
	char name[4];
	int n = 0;

	for (; column > 0; column = (column - 1) / 26)
		name[n++] = (char)('A' + (column - 1) % 26);
	while (n > 0)
		str_addc(out, name[--n]);
}

/* "_x0041_" would be read as the character it stands for. */
static bool is_escape(const char *s)
{
	return s[0] == '_' && s[1] == 'x' &&
	    strspn(s + 2, "0123456789abcdefABCDEF") >= 4 && s[6] == '_';
}

static void add_text(struct str *out, const char *s)
{
	for (; *s != '\0'; s++)
		if (*s == '&')
			str_add(out, "&amp;");
		else if (*s == '<')
			str_add(out, "&lt;");
		else if (*s == '>')
			str_add(out, "&gt;");
		else if (is_escape(s))
			str_add(out, "_x005F_");
		else
			str_addc(out, *s);
}

static void put_cell(struct template_edit *e, uint32_t column, uint32_t row,
    uint32_t style, const char *text)
{
	struct str *o = &e->rows;
	const char *x = e->prefix;

	if (text == NULL)
		text = "";
	if (text[0] == '\0' && style == 0)
		return;
	str_addf(o, "<%sc r=\"", x);
	column_name(o, column);
	str_addf(o, "%u\"", row);
	if (style != 0)
		str_addf(o, " s=\"%u\"", style);
	if (text[0] == '\0') {
		str_add(o, "/>");
		return;
	}
	str_addf(o, " t=\"inlineStr\"><%sis><%st xml:space=\"preserve\">", x,
	    x);
	add_text(o, text);
	str_addf(o, "</%st></%sis></%sc>", x, x, x);
}

/* The tag of a row: as it is, or like the first one. */
static void put_row_tag(struct template_edit *e, const struct old_row *row,
    uint32_t n)
{
	static const char *const kept[] = { "s", "customFormat", "ht",
		"customHeight" };
	const struct old_row *first = first_row(e);

	if (row != NULL) {
		size_t len = row->tag.end - row->tag.start -
		    (row->tag.empty ? 2 : 1);

		str_addn(&e->rows, e->b.s + row->tag.start, len);
		str_addc(&e->rows, '>');
		return;
	}
	str_addf(&e->rows, "<%srow r=\"%u\"", e->prefix, n);
	for (size_t i = 0; first != NULL && i < 4; i++) {
		size_t len = 0;
		const char *v = value_of(&e->b, &first->tag, kept[i], &len);

		if (v != NULL && memchr(v, '"', len) == NULL)
			str_addf(&e->rows, " %s=\"%.*s\"", kept[i], (int)len,
			    v);
	}
	str_addc(&e->rows, '>');
}

/* A row: our texts, and what else was in it. */
static void put_row(struct template_edit *e, const struct old_row *old,
    uint32_t n, const char *const *text)
{
	size_t i = 0, k = 0, ours = e->ncols;

	put_row_tag(e, old, n);
	while (i < ours || (old != NULL && k < old->n)) {
		const struct old_cell *c = old != NULL && k < old->n ?
		    &old->cell[k] : NULL;
		uint32_t column = i < ours ? e->cols[i] : UINT32_MAX;

		if (c != NULL && (c->column < column ||
		    (c->column == column && c->formula))) {
			if (c->formula || !c->holds)
				str_addn(&e->rows, e->b.s + c->start,
				    c->end - c->start);
			else
				put_cell(e, c->column, n, c->style, "");
			i += c->column == column;
			k++;
			continue;
		}
		if (c != NULL && c->column != column)
			c = NULL;
		put_cell(e, column, n, c != NULL ? c->style :
		    e->style[column], text[i]);
		k += c != NULL;
		i++;
	}
	str_addf(&e->rows, "</%srow>", e->prefix);
}

int template_edit_row(struct template_edit *e, const char *const *text,
    struct err *err)
{
	const struct old_row *old = NULL;

	if (++e->last > 1048576)
		return err_set(err, ERR_USAGE, "more rows than a sheet holds");
	if (e->next < e->n && e->row[e->next].row == e->last)
		old = &e->row[e->next++];
	put_row(e, old, e->last, text);
	return 0;
}

/* ------------------------------------------------------------ the sheet */

/* Which cells there are, "A1:Z9": rows are more now. */
static void put_dimension(const struct template_edit *e, struct str *out)
{
	const char *ref = e->b.s + e->ref;
	const char *colon = memchr(ref, ':', e->ref_len);
	const char *end = colon != NULL ? colon + 1 : ref;
	size_t len = e->ref_len - (size_t)(end - ref);
	char to[16] = "";
	uint32_t column, row;

	if (len < sizeof(to))
		memcpy(to, end, len);
	if (!template_grid_reference(to, &column, &row) || row >= e->last) {
		str_addn(out, ref, e->ref_len);
		return;
	}
	if (e->ncols > 0 && column < e->cols[e->ncols - 1])
		column = e->cols[e->ncols - 1];
	str_addn(out, ref, colon != NULL ? (size_t)(colon - ref) :
	    e->ref_len);
	str_addc(out, ':');
	column_name(out, column);
	str_addf(out, "%u", e->last);
}

void template_edit_end(struct template_edit *e, struct str *out)
{
	size_t at = 0;

	for (; e->next < e->n; e->next++)
		str_addn(&e->rows, e->b.s + e->row[e->next].tag.start,
		    e->row[e->next].end - e->row[e->next].tag.start);
	if (e->ref != 0) {
		str_addn(out, e->b.s, e->ref);
		put_dimension(e, out);
		at = e->ref + e->ref_len;
	}
	str_addn(out, e->b.s + at, e->from - at);
	str_addn(out, str_text(&e->rows), e->rows.len);
	str_addn(out, e->b.s + e->to, e->b.len - e->to);
}

static bool is_utf8(const struct str *s)
{
	static const char *const others[] = { "encoding=\"UTF-8\"",
		"encoding='UTF-8'", "encoding=\"utf-8\"",
		"encoding='utf-8'" };
	char head[128];
	bool said = false;

	snprintf(head, sizeof(head), "%s", str_text(s));
	for (size_t i = 0; i < 4; i++)
		said |= strstr(head, others[i]) != NULL;
	return str_is_utf8(s->s, s->len) &&
	    (said || strstr(head, "encoding") == NULL);
}

static void read_sheet(struct template_edit *e)
{
	struct tag t;

	while (e->to == 0 && next_tag(&e->b, &t)) {
		const char *v;

		if (is(&t, "col") && !t.closes)
			read_column(e, &t);
		if (is(&t, "dimension") && e->ref == 0 &&
		    (v = value_of(&e->b, &t, "ref", &e->ref_len)) != NULL)
			e->ref = (size_t)(v - e->b.s);
		if (!is(&t, "sheetData") || t.empty || t.prefix >=
		    sizeof(e->prefix))
			continue;
		memcpy(e->prefix, t.name - t.prefix, t.prefix);
		e->from = t.end;
		read_rows(e);
	}
	read_styles(e);
}

struct template_edit *template_edit_open(const struct str *sheet,
    uint32_t titles, const uint32_t *cols, size_t ncols, struct err *err)
{
	struct template_edit *e;

	if (!is_utf8(sheet)) {
		err_set(err, ERR_INPUT, "the sheet is not UTF-8");
		return NULL;
	}
	e = mem_alloc(sizeof(*e));
	e->b = (struct bytes){ sheet->s, sheet->len, 0 };
	e->titles = e->last = titles;
	e->cols = cols;
	e->ncols = ncols;
	read_sheet(e);
	if (e->to != 0)
		return e;
	err_set(err, ERR_INPUT, "the sheet has no rows");
	template_edit_close(e);
	return NULL;
}

void template_edit_close(struct template_edit *e)
{
	if (e == NULL)
		return;
	for (size_t i = 0; i < e->n; i++)
		free(e->row[i].cell);
	free(e->row);
	str_free(&e->rows);
	free(e);
}
