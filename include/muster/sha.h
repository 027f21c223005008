/*
 * sha.h - digests, through libcrypto (which uses the processor's own SHA).
 */
#ifndef MUSTER_SHA_H
#define MUSTER_SHA_H

#include <stdbool.h>
#include <stddef.h>

#define SHA_BYTES 32
#define SHA_HEX   65		/* 64 digits and the NUL */

struct sha;			/* one running SHA-256 */

struct sha *sha_new(void);
void sha_add(struct sha *h, const void *bytes, size_t len);
/* The digest of everything added; the object starts anew afterwards. */
void sha_end(struct sha *h, unsigned char out[SHA_BYTES]);
void sha_end_hex(struct sha *h, char out[SHA_HEX]);
void sha_free(struct sha *h);	/* accepts NULL */

void sha_hex(const unsigned char digest[SHA_BYTES], char out[SHA_HEX]);
void sha_of(const void *bytes, size_t len, char out[SHA_HEX]);
/* SHA-512 in hex, which OCI descriptors may use too. */
void sha_512_of(const void *bytes, size_t len, char out[129]);

/* "sha256:" and 64 lower-case hex digits? */
bool sha_is_digest(const char *s);

/*
 * A name-based UUID (RFC 4122 version 5) in muster's own namespace: the same
 * name gives the same UUID on every machine.  out has room for 37 bytes.
 */
void sha_uuid5(const char *name, char out[37]);

#endif
