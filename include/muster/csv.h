/*
 * csv.h - the rows of a CSV file (RFC 4180), one at a time.
 *
 * Fields may be quoted, a quoted one may hold commas, line breaks and doubled
 * quotes; rows end with LF or CRLF.  Empty lines are no rows.  Refused, with
 * the line: a quote inside an unquoted field, text behind a closing quote, a
 * quote that is never closed, NUL, invalid UTF-8, more than the caps allow.
 */
#ifndef MUSTER_CSV_H
#define MUSTER_CSV_H

#include <stddef.h>
#include <stdint.h>

struct err;
struct input;

#define CSV_FIELDS	4096	/* no row has more: csv-fields, at most */

struct csv_row {
	const char	*field[CSV_FIELDS];	/* borrowed */
	size_t		 n;
	int64_t		 line;		/* where it begins, from 1 */
};

typedef int csv_fn(void *ctx, const struct csv_row *row, struct err *err);

int csv_read(struct input *in, csv_fn *fn, void *ctx, struct err *err);

#endif
