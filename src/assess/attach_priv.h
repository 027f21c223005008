/* attach_priv.h - what attach.c and deploys.c share. */
#ifndef ATTACH_PRIV_H
#define ATTACH_PRIV_H

#include <stdint.h>

struct err;
struct store;

/* Record what is missing ("gap", "mismatch", "contradiction", "note");
 * subject and artifact may be 0. */
int attach_gap(struct store *st, const char *kind, int64_t subject,
    int64_t artifact, struct err *err, const char *fmt, ...)
    __attribute__((format(printf, 6, 7)));

/* Which workload runs which image, and the gaps that shows. */
int deploys_find(struct store *st, struct err *err);

#endif
