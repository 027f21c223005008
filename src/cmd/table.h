/*
 * table.h - the rows of a query for people, as JSON Lines or as CSV.
 *
 * Column names carry their type: see show.def.
 */
#ifndef CMD_TABLE_H
#define CMD_TABLE_H

struct err;
struct query;

enum table_form { TABLE_TEXT, TABLE_JSON, TABLE_CSV };

/* Write all rows of an opened query to standard output; returns how many. */
long long table_write(struct query *q, enum table_form form,
    struct err *err);

/* RFC 4180, and nothing that a spreadsheet would run as a formula. */
void table_csv_cell(const char *text);

#endif
