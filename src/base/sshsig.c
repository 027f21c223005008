/*
 * sshsig.c - OpenSSH's signatures of files (PROTOCOL.sshsig); see sign.h.
 *
 * What is signed is a short text that holds the name space and the digest of
 * the file.  RSA with SHA-1 is refused, as OpenSSH refuses it.
 */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <stdlib.h>

#include "muster/b64.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/sign.h"
#include "sign_priv.h"
#include "ssh_wire.h"

#define MAGIC	"SSHSIG"
#define BEGIN	"-----BEGIN SSH SIGNATURE-----"
#define END	"-----END SSH SIGNATURE-----"

static const struct curve {
	const char	*type, *name, *group, *md;
	size_t		 bytes;
} curves[] = {
	{ "ecdsa-sha2-nistp256", "nistp256", "P-256", "SHA256", 32 },
	{ "ecdsa-sha2-nistp384", "nistp384", "P-384", "SHA384", 48 },
	{ "ecdsa-sha2-nistp521", "nistp521", "P-521", "SHA512", 66 },
};
#define CURVES (sizeof(curves) / sizeof(curves[0]))

static const struct curve *curve_of(const struct wire *type)
{
	for (size_t i = 0; i < CURVES; i++)
		if (wire_is(type, curves[i].type))
			return &curves[i];
	return NULL;
}

EVP_PKEY *sshsig_build(const char *type, const OSSL_PARAM *params, int what)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *pkey = NULL;

	if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) <= 0 ||
	    EVP_PKEY_fromdata(ctx, &pkey, what, (OSSL_PARAM *)params) <= 0)
		pkey = NULL;
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

static EVP_PKEY *rsa(struct wire *w)
{
	OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;
	EVP_PKEY *pkey = NULL;
	BIGNUM *n = NULL, *e = NULL;
	struct wire ew, nw;

	if (wire_string(w, &ew) && wire_string(w, &nw) && ew.left <= 64 &&
	    nw.left <= 2049) {
		e = BN_bin2bn(ew.p, (int)ew.left, NULL);
		n = BN_bin2bn(nw.p, (int)nw.left, NULL);
		OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_N, n);
		OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_E, e);
		params = OSSL_PARAM_BLD_to_param(b);
		pkey = sshsig_build("RSA", params, EVP_PKEY_PUBLIC_KEY);
	}
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(b);
	BN_free(n);
	BN_free(e);
	return pkey;
}

static EVP_PKEY *ecdsa(const struct curve *c, struct wire *w)
{
	struct wire name, point;

	if (!wire_string(w, &name) || !wire_is(&name, c->name) ||
	    !wire_string(w, &point))
		return NULL;
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
		    (char *)c->group, 0),
		OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
		    (void *)point.p, point.left),
		OSSL_PARAM_construct_end()
	};
	return sshsig_build("EC", params, EVP_PKEY_PUBLIC_KEY);
}

EVP_PKEY *sshsig_pkey(const struct wire *blob)
{
	struct wire w = *blob, type, raw;
	EVP_PKEY *pkey = NULL;

	if (!wire_string(&w, &type))
		return NULL;
	if (wire_is(&type, "ssh-ed25519")) {
		if (wire_string(&w, &raw) && raw.left == 32)
			pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519,
			    NULL, raw.p, raw.left);
	} else if (wire_is(&type, "ssh-rsa")) {
		pkey = rsa(&w);
	} else if (curve_of(&type) != NULL) {
		pkey = ecdsa(curve_of(&type), &w);
	}
	if (w.left != 0) {
		EVP_PKEY_free(pkey);
		pkey = NULL;
	}
	ERR_clear_error();
	return pkey;
}

struct sign_key *sshsig_key(const char *line, size_t len, struct err *err)
{
	const char *space = memchr(line, ' ', len);
	size_t n = 0, at = space != NULL ? (size_t)(space - line) + 1 : len;
	unsigned char *blob = NULL;
	EVP_PKEY *pkey = NULL;
	struct wire w, type, whole;

	while (at + n < len && strchr(" \t\r\n", line[at + n]) == NULL)
		n++;
	blob = b64_decode(line + at, n, &n);
	whole = w = (struct wire){ blob, blob != NULL ? n : 0 };
	/* the name in front is the blob's own */
	if (wire_string(&w, &type) && type.left == at - 1 &&
	    memcmp(type.p, line, type.left) == 0)
		pkey = sshsig_pkey(&whole);
	free(blob);
	if (pkey == NULL) {
		err_set(err, ERR_INPUT, "an OpenSSH public key that cannot be "
		    "read: ssh-ed25519, ssh-rsa or ecdsa-sha2-nistp256, -384, "
		    "-521 with its base64 were expected");
		return NULL;
	}
	return sign_key_of(pkey, err);
}

/* A signature's parts, in the bytes that hold them. */
struct sshsig {
	unsigned char	*bytes;
	struct wire	 key, space, reserved, hash, algorithm, signature;
};

bool sshsig_is(const void *sig, size_t len)
{
	return len > strlen(BEGIN) && memcmp(sig, BEGIN, strlen(BEGIN)) == 0;
}

static bool take_apart(struct sshsig *s, const char *sig, size_t len)
{
	size_t from = strlen(BEGIN), n = 0;
	const char *end;
	struct wire w, both;
	uint32_t version;

	*s = (struct sshsig){ 0 };
	if (!sshsig_is(sig, len) || len > SIGN_MAX_DETACHED ||
	    (end = memmem(sig + from, len - from, END, strlen(END))) == NULL)
		return false;
	/* nothing but a line's end may follow */
	for (const char *p = end + strlen(END); p < sig + len; p++)
		if (*p != '\n' && *p != '\r')
			return false;
	s->bytes = b64_decode(sig + from, (size_t)(end - sig) - from, &n);
	w = (struct wire){ s->bytes, n };
	if (s->bytes == NULL || n < strlen(MAGIC) ||
	    memcmp(s->bytes, MAGIC, strlen(MAGIC)) != 0)
		return false;
	w.p += strlen(MAGIC);
	w.left -= strlen(MAGIC);
	return wire_number(&w, &version) && version == 1 &&
	    wire_string(&w, &s->key) && wire_string(&w, &s->space) &&
	    wire_string(&w, &s->reserved) && wire_string(&w, &s->hash) &&
	    wire_string(&w, &both) && w.left == 0 &&
	    wire_string(&both, &s->algorithm) &&
	    wire_string(&both, &s->signature) && both.left == 0;
}

/* The short text that is signed in the place of the bytes. */
static bool signed_text(const struct wire *space, const struct wire *hash,
    const void *bytes, size_t len, struct str *out)
{
	const char *name = wire_is(hash, "sha512") ? "SHA512" :
	    wire_is(hash, "sha256") ? "SHA256" : NULL;
	unsigned char digest[EVP_MAX_MD_SIZE];
	size_t n = 0;

	if (name == NULL || EVP_Q_digest(NULL, name, NULL, bytes, len,
	    digest, &n) != 1)
		return false;
	str_add(out, MAGIC);
	wire_put(out, space->p, space->left);
	wire_put(out, "", 0);
	wire_put(out, hash->p, hash->left);
	wire_put(out, digest, n);
	return true;
}

/* SSH's two numbers as the DER that libcrypto wants. */
static bool ecdsa_der(const struct wire *sig, unsigned char **der,
    size_t *len)
{
	struct wire w = *sig, r, s;
	ECDSA_SIG *both = ECDSA_SIG_new();
	int n = -1;

	if (wire_string(&w, &r) && wire_string(&w, &s) && w.left == 0 &&
	    r.left <= 67 && s.left <= 67 && ECDSA_SIG_set0(both,
	    BN_bin2bn(r.p, (int)r.left, NULL),
	    BN_bin2bn(s.p, (int)s.left, NULL)) == 1)
		n = i2d_ECDSA_SIG(both, der);
	ECDSA_SIG_free(both);
	*len = n > 0 ? (size_t)n : 0;
	return n > 0;
}

static bool check(EVP_PKEY *pkey, const char *md, const struct str *text,
    const void *sig, size_t len)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool is = EVP_DigestVerifyInit_ex(ctx, NULL, md, NULL, NULL, pkey,
	    NULL) == 1 && EVP_DigestVerify(ctx, sig, len,
	    (const unsigned char *)text->s, text->len) == 1;

	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return is;
}

static bool verify(const struct sshsig *s, EVP_PKEY *pkey,
    const struct str *text)
{
	struct wire key = s->key, type;
	const struct curve *c;
	unsigned char *der = NULL;
	size_t len;
	bool is;

	if (!wire_string(&key, &type))
		return false;
	if (wire_is(&type, "ssh-rsa"))
		return wire_is(&s->algorithm, "rsa-sha2-512") ?
		    check(pkey, "SHA512", text, s->signature.p,
		    s->signature.left) :
		    wire_is(&s->algorithm, "rsa-sha2-256") &&
		    check(pkey, "SHA256", text, s->signature.p,
		    s->signature.left);
	if (s->algorithm.left != type.left ||
	    memcmp(s->algorithm.p, type.p, type.left) != 0)
		return false;
	if ((c = curve_of(&type)) == NULL)
		return check(pkey, NULL, text, s->signature.p,
		    s->signature.left);
	if (!ecdsa_der(&s->signature, &der, &len))
		return false;
	is = check(pkey, c->md, text, der, len);
	OPENSSL_free(der);
	return is;
}

/* As ssh-keygen -l writes it. */
static void fingerprint(const struct wire *blob, struct str *out)
{
	unsigned char digest[32];

	EVP_Q_digest(NULL, "SHA256", NULL, blob->p, blob->left, digest, NULL);
	str_add(out, "SHA256:");
	b64_encode(out, digest, sizeof(digest));
	while (out->len > 0 && out->s[out->len - 1] == '=')
		out->s[--out->len] = '\0';
}

static bool good(const struct sshsig *s, const struct sign_key *k,
    const char *name_space, const void *bytes, size_t len, struct str *who)
{
	struct wire blob = s->key;
	struct str text = STR_INIT;
	struct err err = ERR_INIT;
	struct sign_key *own = NULL;
	EVP_PKEY *pkey = sshsig_pkey(&blob);
	bool is = false;

	if (pkey == NULL || (own = sign_key_of(pkey, &err)) == NULL)
		str_add(who, "made by a key of a kind that is not taken");
	else if (k != NULL && !str_eq(sign_key_id(k), sign_key_id(own)))
		str_add(who, "made by another key");
	else if (name_space != NULL && !wire_is(&s->space, name_space))
		str_addf(who, "made for another purpose than \"%s\"",
		    name_space);
	else if (!signed_text(&s->space, &s->hash, bytes, len, &text) ||
	    !verify(s, pkey, &text))
		str_add(who, "not a signature of these bytes");
	else
		is = true;
	if (is) {
		str_addf(who, "%s ", sign_key_name(own));
		fingerprint(&s->key, who);
	}
	sign_key_free(own);
	str_free(&text);
	return is;
}

bool sshsig_verify(const struct sign_key *k, const char *name_space,
    const void *bytes, size_t len, const void *sig, size_t sig_len,
    struct str *who)
{
	struct sshsig s;
	bool is = take_apart(&s, sig, sig_len);

	if (!is)
		str_add(who, "no SSH signature that can be read");
	else
		is = good(&s, k, name_space, bytes, len, who);
	free(s.bytes);
	return is;
}

/* The raw signature by a key, and what SSH calls the way it was made. */
static bool make(const struct sign_secret *s, const struct str *text,
    const char **algorithm, unsigned char **sig, size_t *len)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	struct wire blob = { (const void *)s->blob.s, s->blob.len }, type;
	const struct curve *c;
	const char *md = NULL;
	bool is;

	if (!wire_string(&blob, &type)) {
		EVP_MD_CTX_free(ctx);
		return false;
	}
	*algorithm = "ssh-ed25519";
	if ((c = curve_of(&type)) != NULL) {
		*algorithm = c->type;
		md = c->md;
	} else if (wire_is(&type, "ssh-rsa")) {
		*algorithm = "rsa-sha2-512";
		md = "SHA512";
	}
	is = EVP_DigestSignInit_ex(ctx, NULL, md, NULL, NULL, s->pkey, NULL)
	    == 1 && EVP_DigestSign(ctx, NULL, len,
	    (const unsigned char *)text->s, text->len) == 1;
	if (is) {
		*sig = mem_alloc(*len);
		is = EVP_DigestSign(ctx, *sig, len,
		    (const unsigned char *)text->s, text->len) == 1;
	}
	EVP_MD_CTX_free(ctx);
	return is;
}

/* libcrypto's DER as SSH's two numbers. */
static bool ecdsa_wire(const unsigned char *der, size_t len, struct str *out)
{
	ECDSA_SIG *both = d2i_ECDSA_SIG(NULL, &der, (long)len);
	const BIGNUM *n[2];
	unsigned char bytes[80];
	int got;

	if (both == NULL)
		return false;
	ECDSA_SIG_get0(both, &n[0], &n[1]);
	for (int i = 0; i < 2; i++) {
		got = BN_bn2binpad(n[i], bytes, sizeof(bytes));
		wire_mpint(out, bytes, got > 0 ? (size_t)got : 0);
	}
	ECDSA_SIG_free(both);
	return true;
}

static void armour(const struct str *bytes, struct str *out)
{
	struct str text = STR_INIT;

	b64_encode(&text, bytes->s, bytes->len);
	str_add(out, BEGIN "\n");
	for (size_t at = 0; at < text.len; at += 70)
		str_addf(out, "%.70s\n", text.s + at);
	str_add(out, END "\n");
	str_free(&text);
}

int sshsig_sign(const struct sign_secret *s, const char *name_space,
    const void *bytes, size_t len, struct str *sig, struct err *err)
{
	const struct wire hash = { (const void *)"sha512", 6 };
	const struct wire space = { (const void *)name_space,
	    strlen(name_space) };
	struct str text = STR_INIT, raw = STR_INIT, both = STR_INIT;
	struct str all = STR_INIT;
	unsigned char *made = NULL;
	const char *algorithm = "";
	size_t n = 0;
	int rc = -1;

	if (s->blob.len == 0 || !signed_text(&space, &hash, bytes, len, &text)
	    || !make(s, &text, &algorithm, &made, &n) ||
	    (str_starts(algorithm, "ecdsa") && !ecdsa_wire(made, n, &raw))) {
		err_set(err, ERR_SYSTEM, "libcrypto does not sign with this "
		    "key");
		goto out;
	}
	wire_text(&both, algorithm);
	if (raw.len > 0)
		wire_put(&both, raw.s, raw.len);
	else
		wire_put(&both, made, n);
	str_add(&all, MAGIC);
	str_addn(&all, "\0\0\0\1", 4);
	wire_put(&all, s->blob.s, s->blob.len);
	wire_text(&all, name_space);
	wire_put(&all, "", 0);
	wire_text(&all, "sha512");
	wire_put(&all, both.s, both.len);
	armour(&all, sig);
	rc = 0;
out:
	ERR_clear_error();
	free(made);
	str_free(&text);
	str_free(&raw);
	str_free(&both);
	str_free(&all);
	return rc;
}
