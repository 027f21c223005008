/* subject.h - the subject a user means. */
#ifndef CMD_SUBJECT_H
#define CMD_SUBJECT_H

#include <stdint.h>

struct err;
struct store;

/* By key, digest (or its first 6 digits), name, tag or slug, else by a part
 * of the name; an error when none or several fit. */
int subject_find(struct store *st, const char *word, int64_t *id,
    struct err *err);

#endif
