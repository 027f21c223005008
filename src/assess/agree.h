/* agree.h - how far the scanners of an image agree. */
#ifndef AGREE_H
#define AGREE_H

#include <stdint.h>

struct err;
struct store;

/* The derived tables scan, covered, seen and alone, from the merged issues;
 * inside the caller's transaction. */
int agree_build(struct store *st, struct err *err);

/* The severity of the scanners that the Value severity_from names, instead of
 * the worst; behind the merge too. */
int agree_prefer(struct store *st, struct err *err);

/* Images that fewer scanners than this reported on, as gaps. */
int agree_gaps(struct store *st, int64_t least, struct err *err);

#endif
