/*
 * verify.h - checking a database, for "muster verify" and "muster merge".
 *
 * verify_store() looks at everything the file says and tells all that is not
 * as it was recorded; its parts are in the files named after them.
 */
#ifndef CMD_VERIFY_H
#define CMD_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "muster/sha.h"

struct ctx;
struct err;
struct found;
struct store;

struct verified {
	int64_t	 artifacts, entries, events;
	int64_t	 derived;	/* tables compared with what follows */
	char	 head[SHA_HEX];
};

/* With all also every page of the file, and the derived tables are worked out
 * again whatever the journal says of them.  What is wrong is told to f; -1 is
 * a failure to look. */
int verify_store(const struct ctx *c, struct store *st, bool all,
    struct verified *v, struct found *f, struct err *err);
/* The same where one thing wrong is enough: an error. */
int verify_store_whole(const struct ctx *c, struct store *st, struct err *err);
/* Are the derived tables what follows from the rest?  (verify_derived.c) */
int verify_derived(const struct ctx *c, struct store *st, bool all,
    struct verified *v, struct found *f, struct err *err);

/* For struct found: a line on standard error, of the file ctx names; and, when
 * all was told, how much it was as an error. */
void verify_tell(void *file, const char *text);
int verify_told(const struct found *f, struct err *err);

/* A head noted elsewhere, or the file that "muster seal" made (verify_head.c);
 * key: the file of whose signature it has to bear, or NULL. */
int verify_head(const struct ctx *c, struct store *st, const char *noted,
    const char *key, bool all, const struct verified *v, struct found *f,
    struct err *err);

#endif
