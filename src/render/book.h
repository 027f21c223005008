/*
 * book.h - a workbook being written: rows of text, from the top down.
 *
 * The one user of libxlsxwriter.  Cells hold text and nothing else, so no text
 * of a file can become a formula; rows go to temporary files beside the
 * output, so a sheet of any length takes little memory.  The same calls give
 * the same bytes.
 */
#ifndef RENDER_BOOK_H
#define RENDER_BOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct book;
struct err;
struct making;

#define BOOK_SHEETS	8
#define BOOK_ROWS	1048576		/* of a sheet: what the format holds */

enum book_look {
	BOOK_PLAIN, BOOK_HEAD, BOOK_BANNER, BOOK_MISSING, BOOK_INHERITED,
	BOOK_OWN, BOOK_ELSEWHERE, BOOK_LOOKS
};

/* What every sheet is headed and dated with. */
struct book_about {
	char		 as_of[32];
	char		*marking;	/* NULL: none */
	char		*benchmark;
};
int book_about(const struct making *m, struct book_about *a, struct err *err);
void book_about_free(struct book_about *a);

/* The output of m; name is that of its file. */
struct book *book_open(const struct making *m, const struct book_about *a,
    const char *title, struct err *err);
/* A further sheet; widths are those of its columns, in characters
 * (0: hidden). */
int book_sheet(struct book *b, const char *name, const int *widths,
    size_t columns, struct err *err);
/* A cell of the current row of a sheet (0: the first); "" is no cell. */
void book_cell(struct book *b, int sheet, int column, const char *text,
    enum book_look look);
/* An empty one that is seen. */
void book_fill(struct book *b, int sheet, int column, enum book_look look);
/* One over several columns. */
void book_wide(struct book *b, int sheet, int last, const char *text,
    enum book_look look);
void book_freeze(struct book *b, int sheet);	/* what is above the row */
int book_next(struct book *b, int sheet, struct err *err);
int64_t book_row(const struct book *b, int sheet);	/* from 0 */

/* Write the file, and read it back: as many cells a sheet as were written,
 * all of them text, and no formula.  0 or -1; then close. */
int book_write(struct book *b, struct err *err);
void book_close(struct book *b);		/* accepts NULL */

#endif
