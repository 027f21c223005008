/* proof_book.h - reading a spreadsheet back; see proof_book.c. */
#ifndef RENDER_PROOF_BOOK_H
#define RENDER_PROOF_BOOK_H

#include <stdint.h>

struct err;

/* Does the workbook behind fd have these sheets, each with so many cells of
 * text (cells[i] of sheet i + 1), well-formed and without a formula? */
int proof_book(int fd, const int64_t *cells, int sheets, struct err *err);

#endif
