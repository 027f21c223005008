/*
 * dsse.h - a DSSE envelope: what is signed, of which type, by which
 * signatures.  Opening it proves nothing: see sign.h.
 *
 *	{"payloadType": "application/vnd.in-toto+json",
 *	 "payload": BASE64, "signatures": [{"keyid": "", "sig": BASE64}]}
 */
#ifndef MUSTER_DSSE_H
#define MUSTER_DSSE_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct node;
struct str;
struct tree;

struct dsse {
	const char	*type;		/* payloadType, borrowed */
	char		*payload;	/* decoded, a NUL after it */
	size_t		 len;
	const struct node *signatures;	/* its list, or NULL */
};

/* Is this an envelope at all? */
bool dsse_is(const struct node *n);

/* The envelope's own text is borrowed from the tree that n is in. */
int dsse_open(const struct node *n, struct dsse *d, struct err *err);
void dsse_free(struct dsse *d);

/* The payload as JSON, name for messages. */
struct tree *dsse_tree(const struct dsse *d, const char *name,
    struct err *err);

/* The bytes that are signed: "DSSEv1 LEN TYPE LEN BODY". */
void dsse_signed(const struct dsse *d, struct str *out);

#endif
