/* tailoring.h - an XCCDF tailoring file over the benchmark's rows. */
#ifndef TAILORING_H
#define TAILORING_H

struct err;
struct input;
struct store;

/* Change the tables requirement, value and assessment, which hold the
 * benchmark's own, as the file says; inside the caller's transaction. */
int tailoring_apply(struct store *st, struct input *in, struct err *err);

#endif
