/*
 * cms.c - detached CMS signatures, as smart cards and "openssl cms" make
 * them; see sign.h.
 */
#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "muster/err.h"
#include "muster/mem.h"
#include "muster/sign.h"
#include "sign_priv.h"
#include "ssh_wire.h"

#define BEGIN "-----BEGIN CMS-----"
#define OLDER "-----BEGIN PKCS7-----"

static bool is_pem(const void *sig, size_t len)
{
	return (len > strlen(BEGIN) && memcmp(sig, BEGIN, strlen(BEGIN)) == 0)
	    || (len > strlen(OLDER) && memcmp(sig, OLDER, strlen(OLDER)) == 0);
}

static CMS_ContentInfo *parse_pem(BIO *in)
{
	unsigned char *der = NULL;
	const unsigned char *p;
	char *name = NULL, *header = NULL;
	CMS_ContentInfo *cms = NULL;
	long n;

	if (PEM_read_bio(in, &name, &header, &der, &n) == 1) {
		p = der;
		cms = d2i_CMS_ContentInfo(NULL, &p, n);
		if (cms != NULL && p != der + n) {
			CMS_ContentInfo_free(cms);
			cms = NULL;
		}
	}
	OPENSSL_free(name);
	OPENSSL_free(header);
	OPENSSL_free(der);
	return cms;
}

static CMS_ContentInfo *parse(const void *sig, size_t len)
{
	CMS_ContentInfo *cms = NULL;
	BIO *in;

	if (len == 0 || len > SIGN_MAX_DETACHED)
		return NULL;
	in = BIO_new_mem_buf(sig, (int)len);
	cms = is_pem(sig, len) ? parse_pem(in) :
	    d2i_CMS_bio(in, NULL);
	/* what follows it is not signed */
	while (cms != NULL && !BIO_eof(in)) {
		char c;

		if (BIO_read(in, &c, 1) != 1 || (c != '\n' && c != '\r')) {
			CMS_ContentInfo_free(cms);
			cms = NULL;
		}
	}
	BIO_free(in);
	ERR_clear_error();
	if (cms != NULL && OBJ_obj2nid(CMS_get0_type(cms)) !=
	    NID_pkcs7_signed) {
		CMS_ContentInfo_free(cms);
		cms = NULL;
	}
	return cms;
}

bool cms_is(const void *sig, size_t len)
{
	CMS_ContentInfo *cms;

	if (is_pem(sig, len))
		return true;
	cms = parse(sig, len);
	CMS_ContentInfo_free(cms);
	return cms != NULL;
}

static void pem_of(X509 *x, struct str *out)
{
	unsigned char *der = NULL;
	int n = i2d_X509(x, &der);

	if (n > 0)
		sign_cert_pem(der, (size_t)n, out);
	OPENSSL_free(der);
}

/* Is the signer the one he has to be? */
static bool is_signer(const struct sign_key *k, int64_t at, X509 *signer,
    STACK_OF(X509) *all, struct str *who)
{
	struct str leaf = STR_INIT, chain = STR_INIT, why = STR_INIT;
	struct err err = ERR_INIT;
	struct sign_key *own;
	EVP_PKEY *pkey;
	bool is = true;

	if (k != NULL && sign_key_kind(k) == SIGN_ROOT) {
		pem_of(signer, &leaf);
		for (int i = 0; i < sk_X509_num(all) && i < SIGN_MAX_CHAIN;
		    i++)
			pem_of(sk_X509_value(all, i), &chain);
		own = sign_cert_check(k, leaf.s, chain.s, at, NULL, &why);
		if ((is = own != NULL) == false)
			str_addf(who, "its certificate does not count: %s",
			    str_text(&why));
		sign_key_free(own);
	} else if (k != NULL) {
		pkey = X509_get_pubkey(signer);
		own = pkey != NULL ? sign_key_of(pkey, &err) : NULL;
		is = own != NULL && str_eq(sign_key_id(own), sign_key_id(k));
		if (!is)
			str_add(who, "made by another key");
		sign_key_free(own);
	}
	str_free(&leaf);
	str_free(&chain);
	str_free(&why);
	return is;
}

static void name_of(X509 *signer, struct str *who)
{
	char name[256] = "";

	X509_NAME_oneline(X509_get_subject_name(signer), name, sizeof(name));
	str_add(who, "X.509 ");
	str_utf8(who, name, strlen(name));
}

/* Exactly one signer: of two, one could be anybody. */
static bool good(const struct sign_key *k, int64_t at, CMS_ContentInfo *cms,
    struct str *who)
{
	STACK_OF(X509) *signers = CMS_get0_signers(cms);
	STACK_OF(X509) *all = CMS_get1_certs(cms);
	bool is = sk_X509_num(signers) == 1;

	if (!is)
		str_addf(who, "%d signers; one was expected",
		    sk_X509_num(signers));
	else if ((is = is_signer(k, at, sk_X509_value(signers, 0), all, who)))
		name_of(sk_X509_value(signers, 0), who);
	sk_X509_free(signers);
	sk_X509_pop_free(all, X509_free);
	return is;
}

bool cms_verify(const struct sign_key *k, int64_t at, const void *bytes,
    size_t len, const void *sig, size_t sig_len, struct str *who)
{
	CMS_ContentInfo *cms = parse(sig, sig_len);
	/* behind a filter: of plain memory CMS_verify() makes a copy that it
	 * forgets where a digest is not known */
	BIO *in = BIO_push(BIO_new(BIO_f_null()),
	    BIO_new_mem_buf(bytes, (int)len));
	bool is = false;

	if (cms == NULL || len > INT32_MAX)
		str_add(who, "no CMS signature that can be read");
	else if (CMS_is_detached(cms) != 1)
		str_add(who, "it holds its own text: a detached signature was "
		    "expected");
	else if (CMS_verify(cms, NULL, NULL, in, NULL, CMS_BINARY |
	    CMS_NO_SIGNER_CERT_VERIFY) != 1)
		str_add(who, "not a signature of these bytes");
	else
		is = good(k, at, cms, who);
	BIO_free_all(in);
	CMS_ContentInfo_free(cms);
	ERR_clear_error();
	return is;
}

/* The passphrase, if there is one; nobody is asked. */
static int passphrase_of(char *buf, int size, int rw, void *ctx)
{
	const char *pass = ctx;
	size_t n = pass != NULL ? strlen(pass) : 0;

	(void)rw;
	if (n == 0 || n > (size_t)size)
		return -1;
	memcpy(buf, pass, n);
	return (int)n;
}

struct sign_secret *cms_secret(const char *key, size_t key_len,
    const char *cert, size_t cert_len, const char *passphrase,
    struct err *err)
{
	struct sign_secret *s = mem_alloc(sizeof(*s));
	BIO *k = BIO_new_mem_buf(key, key_len <= SIGN_MAX_KEY ?
	    (int)key_len : 0);
	BIO *c = BIO_new_mem_buf(cert, cert_len <= SIGN_MAX_KEY ?
	    (int)cert_len : 0);

	s->pkey = PEM_read_bio_PrivateKey(k, NULL, passphrase_of,
	    (void *)passphrase);
	s->cert = PEM_read_bio_X509(c, NULL, passphrase_of, NULL);
	BIO_free(k);
	BIO_free(c);
	if (s->pkey == NULL)
		err_set(err, ERR_INPUT, "no private key that can be read: PEM "
		    "was expected, with --passphrase FILE if it is under one");
	else if (s->cert == NULL)
		err_set(err, ERR_INPUT, "no certificate that can be read: PEM "
		    "was expected");
	else if (X509_check_private_key(s->cert, s->pkey) != 1)
		err_set(err, ERR_INPUT, "the certificate is for another key");
	ERR_clear_error();
	if (err->kind == ERR_NONE)
		return s;
	sshkey_free(s);
	return NULL;
}

int cms_sign(const struct sign_secret *s, const void *bytes, size_t len,
    struct str *pem, struct err *err)
{
	/* no attributes: one of them would be the time of day */
	const unsigned flags = CMS_DETACHED | CMS_BINARY | CMS_NOATTR;
	BIO *in = BIO_new_mem_buf(bytes, (int)len);
	BIO *out = BIO_new(BIO_s_mem());
	CMS_ContentInfo *cms = NULL;
	unsigned char *der = NULL;
	char *p;
	long n;
	int rc = -1;

	if (s->cert != NULL && len <= INT32_MAX)
		cms = CMS_sign(s->cert, s->pkey, NULL, in, flags);
	if (cms != NULL && (n = i2d_CMS_ContentInfo(cms, &der)) > 0 &&
	    PEM_write_bio(out, PEM_STRING_CMS, "", der, n) > 0 &&
	    (n = BIO_get_mem_data(out, &p)) > 0) {
		str_addn(pem, p, (size_t)n);
		rc = 0;
	} else {
		err_set(err, ERR_SYSTEM, "libcrypto does not sign with this "
		    "key (%s)", ERR_reason_error_string(ERR_peek_error()));
	}
	OPENSSL_free(der);
	CMS_ContentInfo_free(cms);
	BIO_free(in);
	BIO_free(out);
	ERR_clear_error();
	return rc;
}
