/*
 * trust.h - whose signatures the users of a database trust, and what that
 * makes of the signatures in evidence.
 *
 * A key is trusted for a part of the name space of images: a registry, a
 * folder or a repository.  That is an event; nothing is changed in place.
 */
#ifndef MUSTER_TRUST_H
#define MUSTER_TRUST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "muster/str.h"

struct err;
struct store;

#define TRUST_ANY "*"			/* prefix: every image */

struct trust_new {
	const char	*key;		/* the file's bytes */
	size_t		 len;
	const char	*prefix;	/* as the user wrote it */
	const char	*identity;	/* of certificates; NULL: any */
	bool		 any_time;	/* certificates past their dates, too */
};

/* Record it; id gets the key's.  Inside the caller's transaction. */
int trust_add(struct store *st, const struct trust_new *t, struct str *id,
    struct err *err);
/* Take it back for everything; id may be cut to 8 digits or more. */
int trust_remove(struct store *st, const char *id, struct str *whole,
    struct err *err);

/* "registry1.dso.mil/ironbank" as ref.h spells it; false: it is none. */
bool trust_prefix(const char *text, struct str *out);
/* Is the repository below the prefix?  Whole parts of the path only. */
bool trust_covers(const char *prefix, const char *repo);

/* The best of the signatures counts: one valid one is enough. */
enum trust_verdict {
	TRUST_NONE,			/* no signature is in evidence */
	TRUST_UNKNOWN,			/* none by a key that is trusted here */
	TRUST_INVALID,			/* broken, or of something else */
	TRUST_VALID
};

struct trust_word {
	enum trust_verdict verdict;
	struct str	 text;		/* why, one sentence; "" of NONE */
	int64_t		 artifact;	/* where the signature was found */
	struct str	 locator;
};

/*
 * What is known of the signatures over an image: digest is its manifest's,
 * reference where it comes from (NULL or "": not known; then what the payload
 * says counts).  A signature over an index covers the image only if an index
 * in evidence names it.
 */
int trust_image(struct store *st, const char *digest, const char *reference,
    const char *as_of, struct trust_word *w, struct err *err);
void trust_word_free(struct trust_word *w);
const char *trust_verdict_name(enum trust_verdict v);

/* Every signature in evidence, judged by itself. */
struct trust_row {
	const char	*kind, *image, *claim, *reference, *type, *file;
	const struct trust_word *word;
};
typedef int trust_fn(void *ctx, const struct trust_row *row,
    struct err *err);
int trust_each(struct store *st, const char *as_of, trust_fn *fn, void *ctx,
    struct err *err);

#endif
