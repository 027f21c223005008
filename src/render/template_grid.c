/* template_grid.c - what stands in the cells of a sheet; see template.h. */
#include <stdlib.h>
#include <string.h>

#include "muster/cap.h"
#include "muster/err.h"
#include "muster/input.h"
#include "muster/mem.h"
#include "muster/xml.h"
#include "template.h"

bool template_grid_reference(const char *ref, uint32_t *column, uint32_t *row)
{
	int64_t n;

	*column = 0;
	for (; *ref >= 'A' && *ref <= 'Z' && *column <= TEMPLATE_COLUMNS;
	    ref++)
		*column = *column * 26 + (uint32_t)(*ref - 'A' + 1);
	if (*column == 0 || *column > TEMPLATE_COLUMNS ||
	    !str_int(ref, 1, 1048576, &n))
		return false;
	*row = (uint32_t)n;
	return true;
}

bool template_grid_placeholder(const char *text)
{
	return str_starts(text, "${") && str_ends(text, "}");
}

struct reading {
	struct grid	*g;
	const struct template_strings *strings;
	uint32_t	 row, column;		/* of the cell */
	char		 type[16];
	struct str	 text;
	bool		 formula, in_cell;
};

static int start_row(struct reading *r, struct xml *x, struct err *err)
{
	const char *ref = xml_attr(x, "r");
	int64_t n = (int64_t)r->row + 1;

	if ((ref != NULL && !str_int(ref, 1, 1048576, &n)) ||
	    n <= (int64_t)r->row)
		return xml_bad(x, err, "rows are not in their order");
	r->row = (uint32_t)n;
	r->column = 0;
	return 0;
}

static int start_cell(struct reading *r, struct xml *x, struct err *err)
{
	const char *ref = xml_attr(x, "r"), *type = xml_attr(x, "t");
	uint32_t column = r->column + 1, row = r->row;

	if ((ref != NULL && !template_grid_reference(ref, &column, &row)) ||
	    row != r->row || column <= r->column ||
	    column > TEMPLATE_COLUMNS)
		return xml_bad(x, err, "cells are not in their order");
	r->column = column;
	snprintf(r->type, sizeof(r->type), "%s", type != NULL ? type : "n");
	str_clear(&r->text);
	r->formula = false;
	r->in_cell = true;
	return 0;
}

/* "B500:D501": rows from 500 on. */
static void merged(struct reading *r, const char *ref)
{
	const char *colon = ref != NULL ? strchr(ref, ':') : NULL;
	uint32_t column, row;

	if (colon != NULL &&
	    template_grid_reference(colon + 1, &column, &row) &&
	    row > r->g->merged)
		r->g->merged = row;
}

static int start(void *ctx, struct xml *x, const char *ns, const char *name,
    struct err *err)
{
	struct reading *r = ctx;

	(void)ns;
	if (strcmp(name, "row") == 0)
		return start_row(r, x, err);
	if (strcmp(name, "c") == 0)
		return start_cell(r, x, err);
	if (strcmp(name, "mergeCell") == 0)
		merged(r, xml_attr(x, "ref"));
	if (r->in_cell && strcmp(name, "f") == 0)
		r->formula = true;
	if (r->in_cell && (strcmp(name, "v") == 0 || strcmp(name, "t") == 0))
		xml_want_text(x);
	return 0;
}

static int end_cell(struct reading *r, struct xml *x, struct err *err)
{
	const char *text = str_text(&r->text);
	int64_t n;

	r->in_cell = false;
	if (strcmp(r->type, "s") == 0 && r->text.len > 0) {
		if (!str_int(text, 0, (int64_t)r->strings->n - 1, &n))
			return xml_bad(x, err, "there is no shared string %s",
			    text);
		text = r->strings->s[n];
	}
	if (text[strspn(text, " \t\r\n")] == '\0' && !r->formula)
		return 0;
	if (r->g->n == (size_t)cap(CAP_TEMPLATE_CELLS))
		return xml_bad(x, err, "too many cells hold something, it is "
		    "no blank template: %s", cap_hint(CAP_TEMPLATE_CELLS));
	MEM_ROOM(r->g->cell, r->g->n, r->g->cap);
	r->g->cell[r->g->n++] = (struct grid_cell){ r->row, r->column,
	    r->formula, mem_dup(text) };
	return 0;
}

static int end(void *ctx, struct xml *x, const char *ns, const char *name,
    const char *text, size_t len, struct err *err)
{
	struct reading *r = ctx;

	(void)ns;
	if (r->in_cell && (strcmp(name, "v") == 0 || strcmp(name, "t") == 0))
		str_addn(&r->text, text, len);
	if (r->in_cell && strcmp(name, "c") == 0)
		return end_cell(r, x, err);
	return 0;
}

int template_grid(struct grid *g, const struct template_part *sheet,
    const struct template_strings *strings, struct err *err)
{
	static const struct xml_handler h = { start, end };
	struct reading r = { .g = g, .strings = strings };
	struct input *in;
	int rc;

	*g = (struct grid){ .n = 0 };
	in = input_open_mem(sheet->bytes.s, sheet->bytes.len, sheet->name);
	rc = xml_read(in, &h, &r, err);
	input_close(in);
	str_free(&r.text);
	return rc;
}

void template_grid_free(struct grid *g)
{
	for (size_t i = 0; i < g->n; i++)
		free(g->cell[i].text);
	free(g->cell);
}
