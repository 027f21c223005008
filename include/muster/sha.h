/*
 * sha.h - digests, through libcrypto (which uses the processor's own SHA).
 */
#ifndef MUSTER_SHA_H
#define MUSTER_SHA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHA_BYTES 32
#define SHA_HEX   65		/* 64 digits and the NUL */

struct sha;			/* one running digest */

struct sha *sha_new(void);	/* of SHA-256 */
void sha_add(struct sha *h, const void *bytes, size_t len);
/* The digest of everything added; the object starts anew afterwards. */
void sha_end(struct sha *h, unsigned char out[SHA_BYTES]);
void sha_end_hex(struct sha *h, char out[SHA_HEX]);
void sha_free(struct sha *h);	/* accepts NULL */

/* The digests that package databases record, for comparing only. */
enum sha_kind {
	SHA_NONE, SHA_MD5, SHA_1, SHA_224, SHA_256, SHA_384, SHA_512
};
#define SHA_MOST  64		/* bytes of the longest */
size_t sha_size(enum sha_kind kind);		/* in bytes; of none 0 */
/* NULL where libcrypto has none (in FIPS mode there is no MD5). */
struct sha *sha_new_of(enum sha_kind kind);
/* As sha_end(); out has room for sha_size() bytes of its kind. */
void sha_end_of(struct sha *h, unsigned char *out);

/* MD5 of many pieces of memory at once, which is several times as fast where
 * the processor computes them side by side. */
struct sha_piece {
	const void	*bytes;
	size_t		 len;
	unsigned char	 digest[16];
};
bool sha_md5_side_by_side(void);
void sha_md5_many(struct sha_piece *pieces, size_t n);

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
