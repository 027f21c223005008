/* system.h - files of the whole system: see system.c, proof_system.c. */
#ifndef RENDER_SYSTEM_H
#define RENDER_SYSTEM_H

#include <stdint.h>

struct err;
struct making;

/* Are so many subjects in it, all their verdicts, and is every id there once
 * and every reference to one of them? */
int proof_system(const struct making *m, int fd, int64_t subjects,
    struct err *err);

#endif
