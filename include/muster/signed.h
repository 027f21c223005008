/*
 * signed.h - what is found of signatures, as records: cosign's simple
 * signing, DSSE envelopes, sigstore bundles, GPG simple signing.
 *
 * Nothing is verified here.  What cannot be a signature of what it claims is
 * a record all the same, whose state says why: a signature that is broken
 * says more than none.
 */
#ifndef MUSTER_SIGNED_H
#define MUSTER_SIGNED_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct node;
struct sink;

#define SIGNED_MAX_PAYLOAD (64 << 10)	/* bytes of it that are kept */

/* Where it was found. */
struct signed_from {
	struct sink	*sink;
	const char	*image;		/* digest it hangs on, or NULL */
	const char	*locator;
	const char	*certificate, *chain;	/* PEM, or NULL */
	const char	*wrong;		/* what is wrong already, or NULL */
};

/* Simple signing: the payload's bytes, and base64 of its signature (NULL:
 * there is none). */
int signed_simple(const struct signed_from *from, const char *payload,
    size_t len, const char *signature, struct err *err);

/* A DSSE envelope with an in-toto statement: a record for each signature and
 * subject. */
int signed_dsse(const struct signed_from *from, const struct node *envelope,
    struct err *err);

/* A statement that nobody signed; text is its own. */
int signed_dsse_statement(const struct signed_from *from,
    const struct node *statement, const char *text, size_t len,
    struct err *err);

/* The statement's predicate as a file in the file (struct member), if it is
 * about what the image holds; text is the statement's own. */
int signed_predicate(const struct signed_from *from,
    const struct node *statement, const char *text, size_t len,
    struct err *err);

/* A sigstore bundle (v0.1 to v0.3). */
bool signed_dsse_is_bundle(const struct node *root);
int signed_dsse_bundle(const struct signed_from *from, const struct node *root,
    struct err *err);

/* A file of skopeo's dir: form or of a lookaside server: an OpenPGP message,
 * or NUL, "sigstore-json" and a document. */
bool signed_is_file(const unsigned char *head, size_t len);
int signed_file(const struct signed_from *from, const char *bytes,
    size_t len, struct err *err);

/* What is wrong with a payload of simple signing; see signed_simple.c. */
struct str;
struct signed_claim {
	char		 digest[72];
	char		 reference[512];
};
bool signed_simple_claim(const char *payload, size_t len, bool gpg,
    struct signed_claim *claim, struct str *wrong);

#endif
