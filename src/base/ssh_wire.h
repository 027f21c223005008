/* ssh_wire.h - how SSH writes things down, for sshsig.c and sshkey.c. */
#ifndef SSH_WIRE_H
#define SSH_WIRE_H

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "muster/str.h"

struct sign_secret {
	EVP_PKEY	*pkey;
	X509		*cert;		/* for CMS */
	struct str	 blob;		/* the public key as SSH writes it */
};

struct wire {
	const unsigned char *p;
	size_t		 left;
};

static inline bool wire_number(struct wire *w, uint32_t *n)
{
	if (w->left < 4)
		return false;
	*n = (uint32_t)w->p[0] << 24 | (uint32_t)w->p[1] << 16 |
	    (uint32_t)w->p[2] << 8 | w->p[3];
	w->p += 4;
	w->left -= 4;
	return true;
}

static inline bool wire_string(struct wire *w, struct wire *out)
{
	uint32_t n;

	if (!wire_number(w, &n) || n > w->left)
		return false;
	*out = (struct wire){ w->p, n };
	w->p += n;
	w->left -= n;
	return true;
}

static inline bool wire_is(const struct wire *w, const char *text)
{
	return w->left == strlen(text) && memcmp(w->p, text, w->left) == 0;
}

static inline void wire_put(struct str *out, const void *p, size_t len)
{
	const unsigned char n[4] = {
		(unsigned char)(len >> 24), (unsigned char)(len >> 16),
		(unsigned char)(len >> 8), (unsigned char)len
	};

	str_addn(out, n, sizeof(n));
	str_addn(out, p, len);
}

static inline void wire_text(struct str *out, const char *text)
{
	wire_put(out, text, strlen(text));
}

/* A number without leading zeros, and one before a set highest bit. */
static inline void wire_mpint(struct str *out, const unsigned char *p,
    size_t len)
{
	struct str n = STR_INIT;

	for (; len > 0 && p[0] == 0; p++, len--)
		;
	if (len > 0 && (p[0] & 0x80) != 0)
		str_addc(&n, '\0');
	str_addn(&n, p, len);
	wire_put(out, str_text(&n), n.len);
	str_free(&n);
}

/* The public key of a blob, or one of its numbers; NULL: not one we take. */
EVP_PKEY *sshsig_pkey(const struct wire *blob);
EVP_PKEY *sshsig_build(const char *type, const OSSL_PARAM *params, int what);

#endif
