/*
 * date.h - points in time as text: "2026-11-23T21:36:23Z".
 *
 * Nothing but the journal asks the clock: a command's "as of" comes from
 * --as-of, else from SOURCE_DATE_EPOCH, else from the clock once, in main.
 */
#ifndef MUSTER_DATE_H
#define MUSTER_DATE_H

#include <stdbool.h>
#include <stdint.h>

#define DATE_SIZE 32

/* Seconds since 1970 as UTC text, and back.  date_parse() reads RFC 3339 and
 * its relatives ("2026-11-23", "...T21:36:23.123456789+01:00", a space for
 * the T, no zone = UTC); a bare date means its first second. */
void date_format(int64_t seconds, char out[DATE_SIZE]);
bool date_parse(const char *text, int64_t *seconds);

/* The end of something that begins at from: a date, or an ISO 8601 duration
 * of years, months, weeks and days ("P1Y6M", "P90D"); the last day of a month
 * stands for days it does not have.  false: neither, or beyond year 9999. */
bool date_until(const char *text, const char *from, char out[DATE_SIZE]);

/* Now, by the machine's clock: for the journal only. */
void date_now(char out[DATE_SIZE]);

/* The instant everything is judged at; as_of may be NULL (see above).
 * Returns false when as_of or SOURCE_DATE_EPOCH cannot be read. */
bool date_as_of(const char *as_of, char out[DATE_SIZE]);

#endif
