/*
 * template.h - somebody's blank workbook, of which one sheet gets rows.
 *
 * The workbook is input like any other: bounded, read by the readers of
 * src/parse, refused with a reason.  Nothing of it is interpreted beyond what
 * is needed to find a row of titles; every part but the sheet that gets the
 * rows is kept byte for byte, and of that sheet everything but the rows.
 */
#ifndef RENDER_TEMPLATE_H
#define RENDER_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "muster/str.h"

struct err;

#define TEMPLATE_TITLES	100		/* rows searched for the titles */
#define TEMPLATE_COLUMNS 16384

struct template_part {
	char		*name;
	struct str	 bytes;
};

struct template {
	struct template_part *part;
	size_t		 n, cap;
	bool		 macros;
};

/* Unpack a workbook. */
int template_open(struct template *t, const void *bytes, size_t len,
    struct err *err);
void template_close(struct template *t);
/* NULL: there is none of that name. */
struct template_part *template_part(struct template *t, const char *name);
/* The paths of its sheets in their order, and their names: two lines each. */
int template_sheets(struct template *t, struct str *out, struct err *err);
/* The text of shared string number n, of all of them. */
struct template_strings {
	char		**s;
	size_t		 n, cap;
};
int template_strings(struct template *t, struct template_strings *s,
    struct err *err);
void template_strings_free(struct template_strings *s);

/* A cell with something in it. */
struct grid_cell {
	uint32_t	 row, column;	/* from 1 */
	bool		 formula;
	char		*text;
};
struct grid {
	struct grid_cell *cell;
	size_t		 n, cap;
	uint32_t	 merged;	/* the lowest row of a merged range */
};
int template_grid(struct grid *g, const struct template_part *sheet,
    const struct template_strings *strings, struct err *err);
void template_grid_free(struct grid *g);
/* "AB12" -> 28, 12; false: no reference. */
bool template_grid_reference(const char *ref, uint32_t *column, uint32_t *row);
/* A text that a program of the template's maker would replace: "${...}". */
bool template_grid_placeholder(const char *text);

/*
 * Put rows below row titles of a sheet's XML.  cols: the columns of a row's
 * texts, from 1, ascending; they and the sheet stay the caller's.  A text may
 * be NULL or "".  Cells with a formula are left as they are.
 */
struct template_edit;
struct template_edit *template_edit_open(const struct str *sheet,
    uint32_t titles, const uint32_t *cols, size_t ncols, struct err *err);
int template_edit_row(struct template_edit *e, const char *const *text,
    struct err *err);
/* Everything: the sheet as it is now. */
void template_edit_end(struct template_edit *e, struct str *out);
void template_edit_close(struct template_edit *e);	/* accepts NULL */

#endif
