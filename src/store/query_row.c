/*
 * query_row.c - the row of a query as JSON or CSV.
 *
 * A column named "x[]" holds one item a line and is a list, "x{}" is JSON
 * already, "x?" a truth value; the rest are text, number or null.
 */
#include <stdlib.h>
#include <string.h>

#include "muster/mem.h"
#include "muster/store.h"
#include "muster/str.h"

/* "aliases[]" is aliases, a list. */
static size_t name_len(const char *name)
{
	return strcspn(name, "[{?");
}

static char type_of(const char *name)
{
	return name[name_len(name)];
}

static void json_value(struct str *b, const struct query *q, int col)
{
	const char *text = query_null(q, col);
	bool first = true;

	switch (type_of(query_column(q, col))) {
	case '[':
		str_addc(b, '[');
		for (const char *p = text; p != NULL && *p != '\0'; ) {
			size_t n = strcspn(p, "\n");
			char *item = mem_dupn(p, n);

			if (!first)
				str_addc(b, ',');
			first = false;
			str_json(b, item);
			free(item);
			p += n + (p[n] == '\n');
		}
		str_addc(b, ']');
		return;
	case '{':
		str_add(b, text != NULL ? text : "null");
		return;
	case '?':
		str_add(b, query_int(q, col) != 0 ? "true" : "false");
		return;
	default:
		break;
	}
	if (text == NULL)
		str_add(b, "null");
	else if (query_is_number(q, col))
		str_add(b, text);
	else
		str_json(b, text);
}

void query_row_json(struct str *b, const struct query *q)
{
	str_addc(b, '{');
	for (int i = 0; i < query_columns(q); i++) {
		const char *name = query_column(q, i);

		str_addf(b, "%s\"%.*s\":", i > 0 ? "," : "",
		    (int)name_len(name), name);
		json_value(b, q, i);
	}
	str_add(b, "}\n");
}

/* Spreadsheets pass over blanks before a formula. */
static bool is_formula(const char *text)
{
	const char *p = text + strspn(text, " \n");

	return *p != '\0' && strchr("=+-@\t\r", *p) != NULL;
}

void query_row_cell(struct str *b, const char *text)
{
	bool formula = is_formula(text);
	bool quoted = formula || strpbrk(text, ",\"\r\n") != NULL;

	if (quoted)
		str_addc(b, '"');
	if (formula)
		str_addc(b, '\'');
	for (const char *p = text; *p != '\0'; p += str_visible(b, p))
		if (*p == '"')
			str_addc(b, '"');
	if (quoted)
		str_addc(b, '"');
}

void query_row_head(struct str *b, const struct query *q)
{
	for (int i = 0; i < query_columns(q); i++) {
		const char *name = query_column(q, i);

		str_addf(b, "%s%.*s", i > 0 ? "," : "", (int)name_len(name),
		    name);
	}
	str_add(b, "\r\n");
}

void query_row_csv(struct str *b, const struct query *q)
{
	for (int i = 0; i < query_columns(q); i++) {
		if (i > 0)
			str_addc(b, ',');
		if (type_of(query_column(q, i)) == '?')
			str_add(b, query_int(q, i) != 0 ? "true" : "false");
		else
			query_row_cell(b, query_text(q, i));
	}
	str_add(b, "\r\n");
}
