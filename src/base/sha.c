/* sha.c - digests, through libcrypto; see sha.h. */
#include <openssl/evp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "muster/mem.h"
#include "muster/sha.h"

struct sha {
	EVP_MD_CTX *ctx;
};

/* libcrypto fails here only without memory or without SHA-256 itself. */
static void must(int ok)
{
	if (ok != 1) {
		fputs("muster: libcrypto cannot compute SHA-256\n", stderr);
		exit(1);
	}
}

/* EVP_sha256() is looked up by name whenever a digest starts; this is kept
 * to the end of the process. */
static EVP_MD *sha256;

static void fetch(void)
{
	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	must(sha256 != NULL);
}

static const EVP_MD *md_256(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, fetch);
	return sha256;
}

struct sha *sha_new(void)
{
	struct sha *h = mem_alloc(sizeof(*h));

	h->ctx = EVP_MD_CTX_new();
	must(h->ctx != NULL && EVP_DigestInit_ex(h->ctx, md_256(), NULL));
	return h;
}

static const EVP_MD *kind_of(enum sha_kind kind)
{
	switch (kind) {
	case SHA_MD5: return EVP_md5();
	case SHA_1: return EVP_sha1();
	case SHA_224: return EVP_sha224();
	case SHA_256: return md_256();
	case SHA_384: return EVP_sha384();
	case SHA_512: return EVP_sha512();
	case SHA_NONE: break;
	}
	return NULL;
}

size_t sha_size(enum sha_kind kind)
{
	static const size_t sizes[] = { 0, 16, 20, 28, 32, 48, 64 };

	return sizes[kind];
}

struct sha *sha_new_of(enum sha_kind kind)
{
	struct sha *h = mem_alloc(sizeof(*h));

	h->ctx = EVP_MD_CTX_new();
	must(h->ctx != NULL);
	if (kind != SHA_NONE &&
	    EVP_DigestInit_ex(h->ctx, kind_of(kind), NULL) == 1)
		return h;
	sha_free(h);
	return NULL;
}

void sha_end_of(struct sha *h, unsigned char *out)
{
	sha_end(h, out);
}

void sha_add(struct sha *h, const void *bytes, size_t len)
{
	must(EVP_DigestUpdate(h->ctx, bytes, len));
}

void sha_end(struct sha *h, unsigned char out[SHA_BYTES])
{
	must(EVP_DigestFinal_ex(h->ctx, out, NULL));
	must(EVP_DigestInit_ex(h->ctx, NULL, NULL));
}

void sha_hex(const unsigned char digest[SHA_BYTES], char out[SHA_HEX])
{
	static const char hex[] = "0123456789abcdef";

	for (int i = 0; i < SHA_BYTES; i++) {
		out[2 * i] = hex[digest[i] >> 4];
		out[2 * i + 1] = hex[digest[i] & 15];
	}
	out[SHA_HEX - 1] = '\0';
}

void sha_end_hex(struct sha *h, char out[SHA_HEX])
{
	unsigned char d[SHA_BYTES];

	sha_end(h, d);
	sha_hex(d, out);
}

void sha_free(struct sha *h)
{
	if (h == NULL)
		return;
	EVP_MD_CTX_free(h->ctx);
	free(h);
}

void sha_of(const void *bytes, size_t len, char out[SHA_HEX])
{
	unsigned char d[SHA_BYTES];

	must(EVP_Digest(bytes, len, d, NULL, md_256(), NULL));
	sha_hex(d, out);
}

void sha_512_of(const void *bytes, size_t len, char out[129])
{
	unsigned char d[64];
	char half[SHA_HEX];

	must(EVP_Digest(bytes, len, d, NULL, EVP_sha512(), NULL));
	sha_hex(d, half);
	memcpy(out, half, 64);
	sha_hex(d + 32, out + 64);
}

bool sha_is_digest(const char *s)
{
	return s != NULL && strncmp(s, "sha256:", 7) == 0 &&
	    strlen(s) == 71 && strspn(s + 7, "0123456789abcdef") == 64;
}

void sha_uuid5(const char *name, char out[37])
{
	/* drawn once, fixed for ever */
	static const unsigned char space[16] = {
		0x0e, 0x5d, 0x7b, 0x6e, 0x3a, 0x52, 0x5c, 0x1f,
		0x9d, 0x84, 0x2b, 0x61, 0xc7, 0x0a, 0x9e, 0x13
	};
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned char d[20];

	must(ctx != NULL && EVP_DigestInit_ex(ctx, EVP_sha1(), NULL));
	must(EVP_DigestUpdate(ctx, space, sizeof(space)));
	must(EVP_DigestUpdate(ctx, name, strlen(name)));
	must(EVP_DigestFinal_ex(ctx, d, NULL));
	EVP_MD_CTX_free(ctx);
	d[6] = (unsigned char)((d[6] & 0x0f) | 0x50);
	d[8] = (unsigned char)((d[8] & 0x3f) | 0x80);
	snprintf(out, 37, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-"
	    "%02x%02x%02x%02x%02x%02x", d[0], d[1], d[2], d[3], d[4], d[5],
	    d[6], d[7], d[8], d[9], d[10], d[11], d[12], d[13], d[14], d[15]);
}
