/* cell.h - text as a cell of a spreadsheet may hold it; see cell.c. */
#ifndef RENDER_CELL_H
#define RENDER_CELL_H

#include <stdbool.h>
#include <stddef.h>

struct str;

#define CELL_MAX 32767		/* characters, as spreadsheets count them */

/* Characters as spreadsheets count them: of UTF-16. */
size_t cell_length(const char *s);

/* Add text that spreadsheets show as it is, most characters of it: what is
 * longer ends with an ellipsis, and the answer is true. */
bool cell_add(struct str *out, const char *text, size_t most);

#endif
