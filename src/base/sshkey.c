/*
 * sshkey.c - a private key as OpenSSH keeps it (PROTOCOL.key); see sign.h.
 *
 * Under a passphrase its numbers are encrypted with AES by a key that
 * bcrypt_pbkdf makes of it; the two other ciphers of OpenSSH that check what
 * they decrypt are refused by name.
 */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <stdlib.h>

#include "muster/cap.h"
#include "muster/err.h"
#include "muster/keys.h"
#include "muster/mem.h"
#include "muster/sign.h"
#include "ssh_wire.h"
#include "sshkey_pbkdf.h"


void sshkey_free(struct sign_secret *s)
{
	if (s == NULL)
		return;
	EVP_PKEY_free(s->pkey);
	X509_free(s->cert);
	str_free(&s->blob);
	free(s);
}

struct file {
	struct wire cipher, kdf, options, pub, priv;
};

static bool take_apart(const unsigned char *bytes, size_t len, struct file *f)
{
	static const char magic[] = "openssh-key-v1";
	struct wire w;
	uint32_t n;

	if (len < sizeof(magic) || memcmp(bytes, magic, sizeof(magic)) != 0)
		return false;
	w = (struct wire){ bytes + sizeof(magic), len - sizeof(magic) };
	return wire_string(&w, &f->cipher) && wire_string(&w, &f->kdf) &&
	    wire_string(&w, &f->options) && wire_number(&w, &n) && n == 1 &&
	    wire_string(&w, &f->pub) && wire_string(&w, &f->priv) &&
	    f->priv.left <= SIGN_MAX_KEY;
}

static const struct cipher {
	const char *name, *evp;
} ciphers[] = {
	{ "aes256-ctr", "AES-256-CTR" }, { "aes192-ctr", "AES-192-CTR" },
	{ "aes128-ctr", "AES-128-CTR" }, { "aes256-cbc", "AES-256-CBC" },
	{ "aes192-cbc", "AES-192-CBC" }, { "aes128-cbc", "AES-128-CBC" },
};

static int unlock_with(const EVP_CIPHER *cipher, const struct file *f,
    const char *passphrase, unsigned char *out, struct err *err)
{
	size_t key = (size_t)EVP_CIPHER_get_key_length(cipher);
	unsigned char made[32 + 16];
	struct wire options = f->options, salt;
	EVP_CIPHER_CTX *ctx;
	uint32_t rounds;
	int n = 0, rc;

	if (!wire_is(&f->kdf, "bcrypt") || !wire_string(&options, &salt) ||
	    !wire_number(&options, &rounds) || rounds == 0 ||
	    f->priv.left % 16 != 0)
		return err_set(err, ERR_INPUT, "the key's passphrase is used "
		    "in a way that is not known (bcrypt was expected)");
	if (rounds > cap(CAP_KEY_ROUNDS))
		return cap_err(err, CAP_KEY_ROUNDS, "the key's passphrase is "
		    "to be hashed %u times", rounds);
	sshkey_pbkdf(passphrase, strlen(passphrase), salt.p, salt.left,
	    rounds, made, key + 16);
	ctx = EVP_CIPHER_CTX_new();
	rc = EVP_DecryptInit_ex2(ctx, cipher, made, made + key, NULL) == 1 &&
	    EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 &&
	    EVP_DecryptUpdate(ctx, out, &n, f->priv.p, (int)f->priv.left)
	    == 1 && (size_t)n == f->priv.left ? 0 :
	    err_set(err, ERR_SYSTEM, "libcrypto does not decrypt the key");
	EVP_CIPHER_CTX_free(ctx);
	OPENSSL_cleanse(made, sizeof(made));
	return rc;
}

static int unlock(const struct file *f, const char *passphrase,
    unsigned char *out, struct err *err)
{
	struct str name = STR_INIT;
	EVP_CIPHER *cipher;
	int rc;

	if (wire_is(&f->cipher, "none")) {
		memcpy(out, f->priv.p, f->priv.left);
		return 0;
	}
	if (passphrase == NULL)
		return err_set(err, ERR_USAGE, "the private key is under a "
		    "passphrase: say where it is with --passphrase FILE");
	for (size_t i = 0; i < sizeof(ciphers) / sizeof(ciphers[0]); i++) {
		if (!wire_is(&f->cipher, ciphers[i].name))
			continue;
		if ((cipher = EVP_CIPHER_fetch(NULL, ciphers[i].evp, NULL))
		    == NULL)
			return err_set(err, ERR_SYSTEM, "libcrypto has no %s",
			    ciphers[i].evp);
		rc = unlock_with(cipher, f, passphrase, out, err);
		EVP_CIPHER_free(cipher);
		return rc;
	}
	str_utf8(&name, f->cipher.p, f->cipher.left);
	rc = err_set(err, ERR_INPUT, "the private key is encrypted with %s, "
	    "which muster does not read: \"ssh-keygen -p -Z aes256-ctr\" "
	    "changes that", str_text(&name));
	str_free(&name);
	return rc;
}

static EVP_PKEY *ed25519(struct wire *w)
{
	struct wire pub, both;

	if (!wire_string(w, &pub) || !wire_string(w, &both) ||
	    pub.left != 32 || both.left != 64 ||
	    memcmp(both.p + 32, pub.p, 32) != 0)
		return NULL;
	return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, both.p,
	    32);
}

static EVP_PKEY *rsa(struct wire *w)
{
	static const char *const names[] = {
		OSSL_PKEY_PARAM_RSA_N, OSSL_PKEY_PARAM_RSA_E,
		OSSL_PKEY_PARAM_RSA_D, OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
		OSSL_PKEY_PARAM_RSA_FACTOR1, OSSL_PKEY_PARAM_RSA_FACTOR2
	};
	enum { N, E, D, IQMP, P, Q, DP, DQ, ALL };
	BIGNUM *n[ALL] = { NULL };
	BN_CTX *ctx = BN_CTX_new();
	OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;
	BIGNUM *less = BN_new();
	EVP_PKEY *pkey = NULL;
	struct wire one;

	for (int i = 0; i < DP; i++) {
		if (!wire_string(w, &one) || one.left > 2049)
			goto out;
		n[i] = BN_bin2bn(one.p, (int)one.left, NULL);
		OSSL_PARAM_BLD_push_BN(b, names[i], n[i]);
	}
	/* what OpenSSH leaves out */
	n[DP] = BN_new();
	n[DQ] = BN_new();
	if (BN_sub(less, n[P], BN_value_one()) != 1 ||
	    BN_mod(n[DP], n[D], less, ctx) != 1 ||
	    BN_sub(less, n[Q], BN_value_one()) != 1 ||
	    BN_mod(n[DQ], n[D], less, ctx) != 1)
		goto out;
	OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_EXPONENT1, n[DP]);
	OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_EXPONENT2, n[DQ]);
	params = OSSL_PARAM_BLD_to_param(b);
	pkey = sshsig_build("RSA", params, EVP_PKEY_KEYPAIR);
out:
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(b);
	BN_clear_free(less);
	for (int i = 0; i < ALL; i++)
		BN_clear_free(n[i]);
	BN_CTX_free(ctx);
	return pkey;
}

static EVP_PKEY *ecdsa(struct wire *w)
{
	OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;
	BIGNUM *n = NULL;
	EVP_PKEY *pkey = NULL;
	struct wire curve, point, secret;

	if (wire_string(w, &curve) && wire_string(w, &point) &&
	    wire_string(w, &secret) && secret.left <= 67) {
		n = BN_bin2bn(secret.p, (int)secret.left, NULL);
		OSSL_PARAM_BLD_push_utf8_string(b, OSSL_PKEY_PARAM_GROUP_NAME,
		    wire_is(&curve, "nistp256") ? "P-256" :
		    wire_is(&curve, "nistp384") ? "P-384" : "P-521", 0);
		OSSL_PARAM_BLD_push_octet_string(b, OSSL_PKEY_PARAM_PUB_KEY,
		    point.p, point.left);
		OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_PRIV_KEY, n);
		params = OSSL_PARAM_BLD_to_param(b);
		pkey = sshsig_build("EC", params, EVP_PKEY_KEYPAIR);
	}
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(b);
	BN_clear_free(n);
	return pkey;
}

/* The same number twice comes first: the passphrase was right. */
static EVP_PKEY *private_part(struct wire w, struct err *err)
{
	EVP_PKEY *pkey = NULL;
	struct wire type;
	uint32_t a, b;

	if (!wire_number(&w, &a) || !wire_number(&w, &b) || a != b) {
		err_set(err, ERR_USAGE, "the passphrase does not open the "
		    "private key");
		return NULL;
	}
	if (wire_string(&w, &type)) {
		if (wire_is(&type, "ssh-ed25519"))
			pkey = ed25519(&w);
		else if (wire_is(&type, "ssh-rsa"))
			pkey = rsa(&w);
		else if (type.left > 11 && memcmp(type.p, "ecdsa-sha2-", 11)
		    == 0)
			pkey = ecdsa(&w);
	}
	if (pkey == NULL)
		err_set(err, ERR_INPUT, "a private key of a kind that is not "
		    "taken: Ed25519, RSA or ECDSA were expected");
	return pkey;
}

static struct sign_secret *open_file(const unsigned char *bytes, size_t len,
    const char *passphrase, struct err *err)
{
	struct sign_secret *s = NULL;
	struct wire plain;
	struct file f;
	EVP_PKEY *pkey, *public;
	unsigned char *out;

	if (!take_apart(bytes, len, &f)) {
		err_set(err, ERR_INPUT, "no OpenSSH private key that can be "
		    "read");
		return NULL;
	}
	out = mem_alloc(f.priv.left + 1);
	plain = (struct wire){ out, f.priv.left };
	if (unlock(&f, passphrase, out, err) == 0 &&
	    (pkey = private_part(plain, err)) != NULL) {
		public = sshsig_pkey(&f.pub);
		if (public == NULL || EVP_PKEY_eq(public, pkey) != 1) {
			err_set(err, ERR_INPUT, "the private key is not that "
			    "of the public key beside it");
			EVP_PKEY_free(pkey);
		} else {
			s = mem_alloc(sizeof(*s));
			s->pkey = pkey;
			str_addn(&s->blob, f.pub.p, f.pub.left);
		}
		EVP_PKEY_free(public);
	}
	OPENSSL_cleanse(out, f.priv.left);
	free(out);
	return s;
}

struct sign_secret *sshkey_read(const char *bytes, size_t len,
    const char *passphrase, struct err *err)
{
	struct sign_secret *s = NULL;
	unsigned char *der = NULL;
	char *name = NULL, *header = NULL;
	BIO *in = len <= SIGN_MAX_KEY ? BIO_new_mem_buf(bytes, (int)len) :
	    NULL;
	long n;

	if (in != NULL && PEM_read_bio(in, &name, &header, &der, &n) == 1 &&
	    strcmp(name, "OPENSSH PRIVATE KEY") == 0)
		s = open_file(der, (size_t)n, passphrase, err);
	else
		err_set(err, ERR_INPUT, "no OpenSSH private key "
		    "(\"-----BEGIN OPENSSH PRIVATE KEY-----\")");
	OPENSSL_free(name);
	OPENSSL_free(header);
	OPENSSL_free(der);
	BIO_free(in);
	ERR_clear_error();
	return s;
}
