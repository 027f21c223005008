/*
 * state.h - the journal's word on the derived tables.
 *
 * Whoever works them out ends with state_add(): an entry "derived" that names
 * the build of muster which did, the tailoring in force, and the digest of
 * every table that is not empty.  The issues that commands work out between an
 * import and the next assessment are not in it: they have to be what follows
 * from the evidence.
 *
 * It also has a digest of the kept bytes of the files imported since the entry
 * before, as they lie there: packed, they have bits that unpack to nothing.
 */
#ifndef MUSTER_STATE_H
#define MUSTER_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "muster/sha.h"
#include "muster/str.h"

struct err;
struct found;
struct store;

/* Inside the caller's transaction.  With memory also the assessments that are
 * remembered. */
int state_add(struct store *st, bool memory, struct err *err);

/* Are kept bytes, as they are packed, what the journal says? */
int state_kept_check(struct store *st, struct found *f, struct err *err);

struct state {
	struct str	 detail;	/* of the last entry; empty: none */
	struct str	 memory;	/* of the last one that tells of memory */
	char		 at[32];
	bool		 mine;		/* by this very build */
	bool		 stale;		/* evidence came since, or no entry */
	bool		 cut;		/* ... and there has to be one, unless
					 * the tables are empty */
	char		 as_of[32];	/* of the last assessment; "": none */
};

int state_last(struct store *st, struct state *s, struct err *err);
void state_free(struct state *s);
/* What an entry says of a table: its digest, or "". */
void state_digest(const struct str *detail, const char *table,
    char hex[SHA_HEX]);
void state_tailoring(const struct state *s, char hex[SHA_HEX]);

#endif
