/* csv.c - rows of comma-separated values; see csv.h. */
#include <string.h>

#include "muster/cap.h"
#include "muster/csv.h"
#include "muster/err.h"
#include "muster/input.h"
#include "muster/str.h"

enum state { START, PLAIN, QUOTED, CLOSED };

struct csv {
	csv_fn		*fn;
	void		*ctx;
	const char	*name;
	struct str	 text;		/* the fields, each with its NUL */
	size_t		 at[CSV_FIELDS], n;
	struct csv_row	 row;
	size_t		 most_fields, most_bytes;
	enum state	 state;
	int64_t		 line, from;	/* now; of the row's beginning */
	bool		 any;		/* the row has a character */
	bool		 cr;		/* the last one was a CR outside quotes */
};

static int bad(const struct csv *c, struct err *err, const char *what)
{
	err_set(err, ERR_INPUT, "%s; expected comma-separated values "
	    "(RFC 4180)", what);
	return err_at(err, c->name, c->line, -1);
}

static int capped(const struct csv *c, enum cap which, const char *what,
    struct err *err)
{
	cap_err(err, which, "%s", what);
	return err_at(err, c->name, c->line, -1);
}

static int begin_field(struct csv *c, struct err *err)
{
	if (c->n == c->most_fields)
		return capped(c, CAP_CSV_FIELDS, "a row of too many fields",
		    err);
	c->at[c->n++] = c->text.len;
	c->state = START;
	return 0;
}

static int end_row(struct csv *c, struct err *err)
{
	struct csv_row *row = &c->row;
	int rc = 0;

	if (c->any) {
		str_addc(&c->text, '\0');
		row->n = c->n;
		row->line = c->from;
		for (size_t i = 0; i < c->n; i++) {
			row->field[i] = c->text.s + c->at[i];
			if (!str_is_utf8(row->field[i],
			    strlen(row->field[i])))
				return bad(c, err, "bytes that are no UTF-8");
		}
		rc = c->fn(c->ctx, row, err);
	}
	str_clear(&c->text);
	c->n = 0;
	c->any = false;
	return rc;
}

static int inside(struct csv *c, char ch, struct err *err)
{
	if (c->state == CLOSED && ch == '"') {
		c->state = QUOTED;	/* it was a doubled one */
	} else if (c->state == CLOSED) {
		return bad(c, err, "text behind a closing quote");
	} else if (ch == '"' && c->state == PLAIN) {
		return bad(c, err, "a quote inside a field that has none "
		    "around it");
	} else if (ch == '"') {
		c->state = c->state == QUOTED ? CLOSED : QUOTED;
		return 0;
	} else if (c->state == START) {
		c->state = PLAIN;
	}
	if (c->text.len >= c->most_bytes)
		return capped(c, CAP_CSV_ROW, "a row that is too long", err);
	str_addc(&c->text, ch);
	return 0;
}

static int take(struct csv *c, char ch, struct err *err)
{
	if (ch == '\0')
		return bad(c, err, "a NUL byte");
	if (c->n == 0) {
		c->from = c->line;
		if (begin_field(c, err) < 0)
			return -1;
	}
	if (c->cr && ch != '\n')
		return bad(c, err, "a carriage return that ends no line");
	c->cr = ch == '\r' && c->state != QUOTED;
	if (c->cr)
		return 0;
	if (ch == '\n' && c->state != QUOTED) {
		if (end_row(c, err) < 0)
			return -1;
		c->line++;
		return 0;
	}
	c->line += ch == '\n';
	c->any = true;
	if (ch == ',' && c->state != QUOTED) {
		str_addc(&c->text, '\0');
		return begin_field(c, err);
	}
	return inside(c, ch, err);
}

int csv_read(struct input *in, csv_fn *fn, void *ctx, struct err *err)
{
	struct csv c = { .fn = fn, .ctx = ctx, .name = input_name(in),
	    .line = 1, .most_fields = (size_t)cap(CAP_CSV_FIELDS),
	    .most_bytes = (size_t)cap(CAP_CSV_ROW) };
	const char *p;
	size_t len;
	int rc = 0;

	do {
		if ((p = input_next(in, &len, err)) == NULL)
			rc = -1;
		for (size_t i = 0; rc == 0 && i < len; i++)
			rc = take(&c, p[i], err);
	} while (rc == 0 && len > 0);
	if (rc == 0 && c.state == QUOTED && c.n > 0)
		rc = bad(&c, err, "a quote that is never closed");
	if (rc == 0 && c.n > 0)
		rc = end_row(&c, err);
	str_free(&c.text);
	return rc;
}
