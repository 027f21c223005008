/* keys.c - is this text a private key?  See keys.h. */
#include <limits.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "muster/keys.h"

/* Asked for a password: then the envelope was understood so far. */
static int no_password(char *buf, int size, int rw, void *ctx)
{
	(void)buf;
	(void)size;
	(void)rw;
	*(bool *)ctx = true;
	return -1;
}

struct wire {
	const unsigned char *p;
	size_t		 left;
};

static bool number(struct wire *w, uint32_t *n)
{
	if (w->left < 4)
		return false;
	*n = (uint32_t)w->p[0] << 24 | (uint32_t)w->p[1] << 16 |
	    (uint32_t)w->p[2] << 8 | w->p[3];
	w->p += 4;
	w->left -= 4;
	return true;
}

static bool string(struct wire *w, struct wire *out)
{
	uint32_t n;

	if (!number(w, &n) || n > w->left)
		return false;
	*out = (struct wire){ w->p, n };
	w->p += n;
	w->left -= n;
	return true;
}

/* OpenSSH's PROTOCOL.key: cipher, kdf, its options, how many, the public
 * part, and the private part, which starts with one number twice. */
static enum keys_kind openssh(const unsigned char *bytes, size_t len)
{
	static const char magic[] = "openssh-key-v1";
	struct wire w, cipher, kdf, options, pub, priv;
	uint32_t count, a, b;

	if (len < sizeof(magic) || memcmp(bytes, magic, sizeof(magic)) != 0)
		return KEYS_NONE;
	w = (struct wire){ bytes + sizeof(magic), len - sizeof(magic) };
	if (!string(&w, &cipher) || !string(&w, &kdf) ||
	    !string(&w, &options) || !number(&w, &count) || count == 0 ||
	    !string(&w, &pub) || !string(&w, &priv))
		return KEYS_NONE;
	if (cipher.left != 4 || memcmp(cipher.p, "none", 4) != 0)
		return priv.left >= 16 ? KEYS_ENCRYPTED : KEYS_NONE;
	return number(&priv, &a) && number(&priv, &b) && a == b ?
	    KEYS_PLAIN : KEYS_NONE;
}

static enum keys_kind parse(BIO *in)
{
	enum keys_kind kind = KEYS_NONE;
	unsigned char *bytes = NULL;
	char *name = NULL, *header = NULL;
	bool asked = false;
	EVP_PKEY *key;
	long len;

	if (PEM_read_bio(in, &name, &header, &bytes, &len) == 1 &&
	    strcmp(name, "OPENSSH PRIVATE KEY") == 0) {
		kind = openssh(bytes, (size_t)len);
	} else if (name != NULL) {
		(void)BIO_reset(in);
		key = PEM_read_bio_PrivateKey(in, NULL, no_password, &asked);
		kind = key != NULL ? KEYS_PLAIN : asked ? KEYS_ENCRYPTED :
		    KEYS_NONE;
		EVP_PKEY_free(key);
	}
	OPENSSL_free(name);
	OPENSSL_free(header);
	OPENSSL_free(bytes);
	return kind;
}

enum keys_kind keys_parse_pem(const char *pem, size_t len)
{
	enum keys_kind kind = KEYS_NONE;
	BIO *in;

	if (len > INT_MAX || (in = BIO_new_mem_buf(pem, (int)len)) == NULL)
		return KEYS_NONE;
	kind = parse(in);
	BIO_free(in);
	ERR_clear_error();
	return kind;
}
