/*
 * source.h - which image an image is built on, as far as evidence says.
 *
 * Claims (labels, a Dockerfile, a hardening manifest) name a base; layers
 * prove one: the longest run of lowest layers that is an image in evidence or
 * an entry of a list.  A build proven to start from nothing has none.
 */
#ifndef SOURCE_H
#define SOURCE_H

#include <stdbool.h>

#include "look.h"
#include "muster/ref.h"
#include "muster/trust.h"

/* Somebody says what the base is. */
struct source_claim {
	const char	*what;		/* "the label ...", "the Dockerfile" */
	struct str	 text;		/* as written, a registry in front */
	struct ref	 ref;		/* normalised; repo "": a digest only */
	bool		 by_build;	/* not a label of the image itself */
	int64_t		 artifact;
	struct str	 locator;
};

#define SOURCE_CLAIMS 8

struct source_base {
	struct source_claim claim[SOURCE_CLAIMS];
	size_t		 nclaims;

	/* An image in evidence whose layers are the lowest ones. */
	int64_t		 subject, subject_layers;	/* 0: none */
	struct str	 layers;	/* its name */
	struct str	 key;		/* its digest */
	bool		 subject_said;	/* a claim names it, too */

	/* An approved base whose chain they are. */
	int64_t		 listing, listing_layers;	/* 0: none */
	struct str	 listing_name;	/* repository:tag */
	bool		 listing_said;

	bool		 scratch;	/* proven: it is built on none */
	struct cite	 scratch_cite;
	struct str	 scratch_locator;

	int64_t		 own_layers;	/* of the image itself */

	/* Which it is, all in all; "" where not known. */
	struct str	 name;		/* a reference */
	struct str	 digest;	/* of its manifest */
	bool		 proven;	/* by layers, not by words alone */
	struct str	 locator;	/* what says so */
	int64_t		 artifact;
};

/* Find out, and say so in notes and contradictions. */
int source_base(struct assess *as, const struct look_self *self,
    struct source_base *base, struct err *err);
void source_base_free(struct source_base *base);
bool source_base_known(const struct source_base *base);

/* Do these two references name one version of one image?  A registry that
 * differs is a mirror's; a tag that is part of the other moves along. */
bool source_claim_agrees(const struct ref *a, const struct ref *b);

/* source_signed.c: what is known of the signatures over an image; digest may
 * be empty (then there are none), and so may reference. */
int source_signed_word(struct assess *as, const char *digest,
    const char *reference, struct trust_word *w, struct err *err);

/* source_tls.c: what a build fetched, or is told to fetch, without TLS;
 * "proxy.url" or "hardening.resource". */
int source_tls_in(struct assess *as, const char *fact, struct err *err);

/* Columns of the statements about lists (LISTING_COLUMNS). */
enum {
	LIST_ID, LIST_REPOSITORY, LIST_TAG, LIST_DIGEST, LIST_CONFIG,
	LIST_CHAIN, LIST_CREATED, LIST_SOURCE, LIST_LOCATOR, LIST_ARTIFACT,
	LIST_FILE, LIST_BATCH
};
struct cite source_base_list_cite(const struct query *q);

/* source_claim.c: what labels, build files and manifests say. */
int source_claim_all(struct assess *as, struct source_base *base,
    struct err *err);

/* source_order.c: which of two versions is newer. */
struct source_version {
	const char	*tag, *created;	/* NULL where not known */
};
enum source_order { ORDER_UNKNOWN, ORDER_SAME, ORDER_OLDER, ORDER_NEWER };
enum source_how { HOW_NOT, HOW_DATE, HOW_TAG };
/* Is a older or newer than b, and by what? */
enum source_order source_order(const struct source_version *a,
    const struct source_version *b, enum source_how *how);
bool source_order_is_version(const char *tag);
int64_t source_order_date(const char *created);	/* INT64_MIN: none */

#endif
