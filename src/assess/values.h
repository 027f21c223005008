/* values.h - the benchmark's Values while checks are decided. */
#ifndef VALUES_H
#define VALUES_H

struct err;
struct store;

/* Read the table value of this store; what was read before is dropped.  The
 * texts assess_value() hands out stay until the next load or values_free().
 * Asking in another store than the one loaded loads that one first. */
int values_load(struct store *st, struct err *err);
void values_free(void);

/* The name of the first Value asked for since values_load() that is not in
 * the benchmark, is of another type, or could not be read; NULL when there was
 * none.  The runner makes it an ERR_BUG: a check cannot, as assess_value() has
 * no error to give. */
const char *values_bug(void);

#endif
