/* tailor.h - assessing under a tailoring file, for assess and run. */
#ifndef TAILOR_H
#define TAILOR_H

struct ctx;
struct err;

/* file may be NULL: the benchmark as it is. */
int tailor_assess(struct ctx *c, const char *file, struct err *err);

#endif
