/* sign.c - public keys and signatures, through libcrypto; see sign.h. */
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "muster/err.h"
#include "muster/mem.h"
#include "muster/sha.h"
#include "muster/sign.h"
#include "muster/str.h"
#include "sign_priv.h"

/* What kind of key it is, in words; false: one that we do not take. */
static bool describe(EVP_PKEY *pkey, struct str *name, struct err *err)
{
	char curve[64] = "";
	int bits = EVP_PKEY_get_bits(pkey);

	switch (EVP_PKEY_get_base_id(pkey)) {
	case EVP_PKEY_ED25519:
		str_add(name, "Ed25519");
		return true;
	case EVP_PKEY_RSA:
	case EVP_PKEY_RSA_PSS:
		str_addf(name, "RSA %d", bits);
		if (bits >= 2048 && bits <= 16384)
			return true;
		err_set(err, ERR_INPUT, "an RSA key of %d bits; 2048 to "
		    "16384 were expected", bits);
		return false;
	case EVP_PKEY_EC:
		EVP_PKEY_get_group_name(pkey, curve, sizeof(curve), NULL);
		if (str_eq(curve, "prime256v1") || str_eq(curve,
		    "secp384r1") || str_eq(curve, "secp521r1")) {
			str_addf(name, "ECDSA P-%d", bits);
			return true;
		}
		err_set(err, ERR_INPUT, "a key on the curve %s; P-256, P-384 "
		    "or P-521 were expected", curve);
		return false;
	}
	err_set(err, ERR_INPUT, "a public key of a kind that signs no images "
	    "(%s); ECDSA, RSA or Ed25519 were expected",
	    OBJ_nid2sn(EVP_PKEY_get_base_id(pkey)));
	return false;
}

/* SHA-256 of the DER SubjectPublicKeyInfo. */
static bool identify(EVP_PKEY *pkey, struct str *id)
{
	unsigned char *der = NULL;
	int len = i2d_PUBKEY(pkey, &der);
	char hex[SHA_HEX];

	if (len <= 0)
		return false;
	sha_of(der, (size_t)len, hex);
	OPENSSL_free(der);
	str_add(id, hex);
	return true;
}

struct sign_key *sign_key_of(EVP_PKEY *pkey, struct err *err)
{
	struct sign_key *k = mem_alloc(sizeof(*k));

	k->kind = SIGN_KEY;
	k->pkey = pkey;
	if (!describe(pkey, &k->name, err)) {
		sign_key_free(k);
		return NULL;
	}
	if (!identify(pkey, &k->id)) {
		err_set(err, ERR_INPUT, "a public key that cannot be written "
		    "down again");
		sign_key_free(k);
		return NULL;
	}
	return k;
}

static void text_of(struct sign_key *k)
{
	BIO *out = BIO_new(BIO_s_mem());
	char *p;
	long len;

	if (k->cert != NULL)
		PEM_write_bio_X509(out, k->cert);
	else
		PEM_write_bio_PUBKEY(out, k->pkey);
	len = BIO_get_mem_data(out, &p);
	if (len > 0)
		str_addn(&k->text, p, (size_t)len);
	BIO_free(out);
}

static struct sign_key *root_of(X509 *cert, struct err *err)
{
	EVP_PKEY *pkey = X509_get_pubkey(cert);
	struct sign_key *k;
	char name[256] = "";

	if (pkey == NULL) {
		X509_free(cert);
		err_set(err, ERR_INPUT, "a certificate whose key cannot be "
		    "read");
		return NULL;
	}
	if ((k = sign_key_of(pkey, err)) == NULL) {
		X509_free(cert);
		return NULL;
	}
	k->kind = SIGN_ROOT;
	k->cert = cert;
	X509_NAME_oneline(X509_get_subject_name(cert), name, sizeof(name));
	str_clear(&k->name);
	str_add(&k->name, "X.509 ");
	str_utf8(&k->name, name, strlen(name));
	if (X509_check_ca(cert) == 0) {
		err_set(err, ERR_INPUT, "the certificate of %s, which is no "
		    "authority; give its public key, or the root that it "
		    "comes from", str_text(&k->name));
		sign_key_free(k);
		return NULL;
	}
	return k;
}

/* No password is ever asked for. */
static int no_password(char *buf, int size, int rw, void *ctx)
{
	(void)buf;
	(void)size;
	(void)rw;
	(void)ctx;
	return -1;
}

static struct sign_key *read_pem(const char *bytes, size_t len,
    struct err *err)
{
	BIO *in = BIO_new_mem_buf(bytes, (int)len);
	struct sign_key *k = NULL;
	EVP_PKEY *pkey;
	X509 *cert;

	if (strstr(bytes, "-----BEGIN CERTIFICATE-----") != NULL) {
		cert = PEM_read_bio_X509(in, NULL, no_password, NULL);
		if (cert != NULL)
			k = root_of(cert, err);
		else
			err_set(err, ERR_INPUT, "the certificate cannot be "
			    "read");
	} else {
		pkey = PEM_read_bio_PUBKEY(in, NULL, no_password, NULL);
		if (pkey != NULL)
			k = sign_key_of(pkey, err);
		else
			err_set(err, ERR_INPUT, "no public key: expected PEM "
			    "(\"-----BEGIN PUBLIC KEY-----\"), a certificate "
			    "or an OpenPGP key");
	}
	BIO_free(in);
	ERR_clear_error();
	if (k != NULL)
		text_of(k);
	return k;
}

static struct sign_key *read_gpg(const char *bytes, size_t len,
    struct err *err)
{
	struct sign_key *k = mem_alloc(sizeof(*k));

	k->kind = SIGN_GPG;
	if (sign_gpg_key(bytes, len, &k->text, &k->id, &k->name, err) == 0)
		return k;
	sign_key_free(k);
	return NULL;
}

struct sign_key *sign_key_read(const char *bytes, size_t len,
    struct err *err)
{
	static const char *const armour = "-----BEGIN PGP PUBLIC KEY BLOCK";
	struct sign_key *k;
	char *text;

	if (len == 0 || len > SIGN_MAX_KEY) {
		err_set(err, ERR_INPUT, "%zu bytes: a key was expected, at "
		    "most %d long", len, SIGN_MAX_KEY);
		return NULL;
	}
	text = mem_dupn(bytes, len);
	if (strstr(text, "PRIVATE KEY") != NULL) {
		err_set(err, ERR_INPUT, "a private key: it belongs to the "
		    "signer alone; the public key was expected");
		k = NULL;
	} else if (str_starts(text, "ssh-") || str_starts(text, "ecdsa-sha2-")) {
		k = sshsig_key(text, len, err);
		if (k != NULL)
			text_of(k);
	} else if (((unsigned char)text[0] & 0x80) != 0 ||
	    strstr(text, armour) != NULL) {
		k = read_gpg(bytes, len, err);
	} else {
		k = read_pem(text, len, err);
	}
	free(text);
	return k;
}

void sign_key_free(struct sign_key *k)
{
	if (k == NULL)
		return;
	EVP_PKEY_free(k->pkey);
	X509_free(k->cert);
	str_free(&k->id);
	str_free(&k->name);
	str_free(&k->text);
	free(k);
}

enum sign_kind sign_key_kind(const struct sign_key *k)
{
	return k->kind;
}

const char *sign_key_id(const struct sign_key *k)
{
	return str_text(&k->id);
}

const char *sign_key_name(const struct sign_key *k)
{
	return str_text(&k->name);
}

const char *sign_key_text(const struct sign_key *k)
{
	return str_text(&k->text);
}

static bool by_digest(EVP_PKEY *pkey, int padding,
    const unsigned char sha256[32], const void *sig, size_t len)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
	bool is = ctx != NULL && EVP_PKEY_verify_init(ctx) > 0 &&
	    (padding == 0 || EVP_PKEY_CTX_set_rsa_padding(ctx, padding) > 0)
	    && EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) > 0 &&
	    EVP_PKEY_verify(ctx, sig, len, sha256, 32) == 1;

	EVP_PKEY_CTX_free(ctx);
	ERR_clear_error();
	return is;
}

static bool by_message(EVP_PKEY *pkey, const struct sign_bytes *what,
    const void *sig, size_t len)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool is = what->p != NULL && ctx != NULL &&
	    EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, pkey) > 0 &&
	    EVP_DigestVerify(ctx, sig, len, what->p, what->len) == 1;

	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return is;
}

bool sign_verify(const struct sign_key *k, const struct sign_bytes *what,
    const void *sig, size_t len)
{
	if (k->kind == SIGN_GPG || len == 0)
		return false;
	switch (EVP_PKEY_get_base_id(k->pkey)) {
	case EVP_PKEY_ED25519:
		return by_message(k->pkey, what, sig, len);
	case EVP_PKEY_EC:
		return by_digest(k->pkey, 0, what->sha256, sig, len);
	case EVP_PKEY_RSA_PSS:
		return by_digest(k->pkey, RSA_PKCS1_PSS_PADDING,
		    what->sha256, sig, len);
	}
	return by_digest(k->pkey, RSA_PKCS1_PADDING, what->sha256, sig, len)
	    || by_digest(k->pkey, RSA_PKCS1_PSS_PADDING, what->sha256, sig,
	    len);
}
