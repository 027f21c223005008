/* trust_priv.h - the keys that are trusted, for trust.c and trust_judge.c. */
#ifndef TRUST_PRIV_H
#define TRUST_PRIV_H

#include <stdint.h>

#include "muster/sign.h"
#include "muster/trust.h"

struct query;

/* A key and what it is trusted for. */
struct trust_key {
	struct sign_key	*key;
	char		*prefix, *identity;
	bool		 any_time;
};

struct trust_keys {
	struct trust_key *k;
	size_t		 n, cap;
	int64_t		 at;		/* everything is judged at */
	const char	*as_of;		/* the same as text */
};

/* Columns of TRUST_COLUMNS. */
enum {
	SIG_KIND, SIG_IMAGE, SIG_CLAIM, SIG_REFERENCE, SIG_TYPE, SIG_PAYLOAD,
	SIG_DIGEST, SIG_SIGNATURE, SIG_CERTIFICATE, SIG_CHAIN, SIG_STATE,
	SIG_LOCATOR, SIG_ARTIFACT, SIG_FILE, SIG_OVER
};

/* One signature as a signature over digest, of an image from repo ("": not
 * known). */
void trust_judge(const struct trust_keys *keys, const struct query *q,
    const char *digest, const char *repo, struct trust_word *w);

#endif
