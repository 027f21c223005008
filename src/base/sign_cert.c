/* sign_cert.c - certificates that come with a signature; see sign.h. */
#include <limits.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "muster/err.h"
#include "sign_priv.h"

void sign_cert_pem(const void *der, size_t len, struct str *pem)
{
	const unsigned char *p = der;
	X509 *x = len <= SIGN_MAX_KEY ? d2i_X509(NULL, &p, (long)len) : NULL;
	BIO *out;
	char *text;
	long n;

	if (x != NULL) {
		out = BIO_new(BIO_s_mem());
		PEM_write_bio_X509(out, x);
		if ((n = BIO_get_mem_data(out, &text)) > 0)
			str_addn(pem, text, (size_t)n);
		BIO_free(out);
		X509_free(x);
	}
	ERR_clear_error();
}

/* Every certificate of a PEM text, up to a limit. */
static STACK_OF(X509) *certs(const char *pem)
{
	STACK_OF(X509) *all = sk_X509_new_null();
	size_t len = pem != NULL ? strlen(pem) : 0;
	BIO *in;
	X509 *x;

	if (len == 0 || len > SIGN_MAX_KEY)
		return all;
	in = BIO_new_mem_buf(pem, (int)len);
	while (sk_X509_num(all) < SIGN_MAX_CHAIN &&
	    (x = PEM_read_bio_X509(in, NULL, NULL, NULL)) != NULL)
		sk_X509_push(all, x);
	BIO_free(in);
	ERR_clear_error();
	return all;
}

/* Is one of the leaf's names as the glob wants it?  names tells them. */
static bool named(X509 *leaf, const char *identity, struct str *names)
{
	GENERAL_NAMES *all = X509_get_ext_d2i(leaf, NID_subject_alt_name,
	    NULL, NULL);
	bool is = identity == NULL;

	for (int i = 0; i < sk_GENERAL_NAME_num(all); i++) {
		const GENERAL_NAME *n = sk_GENERAL_NAME_value(all, i);
		const ASN1_STRING *s;
		struct str text = STR_INIT;

		if (n->type != GEN_EMAIL && n->type != GEN_URI &&
		    n->type != GEN_DNS)
			continue;
		s = n->d.ia5;
		str_utf8(&text, ASN1_STRING_get0_data(s),
		    (size_t)ASN1_STRING_length(s));
		is = is || str_glob(identity, str_text(&text));
		str_addf(names, "%s%s", names->len > 0 ? ", " : "",
		    str_text(&text));
		str_free(&text);
	}
	GENERAL_NAMES_free(all);
	return is;
}

static bool chained(X509 *root, X509 *leaf, STACK_OF(X509) *between,
    int64_t at, struct str *why)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	bool is = false;

	/* a root may be an intermediate that somebody chose to trust */
	X509_STORE_add_cert(store, root);
	if (X509_STORE_CTX_init(ctx, store, leaf, between) == 1) {
		unsigned long flags = X509_V_FLAG_PARTIAL_CHAIN |
		    (at == SIGN_ANY_TIME ? X509_V_FLAG_NO_CHECK_TIME : 0);

		X509_STORE_CTX_set_purpose(ctx, X509_PURPOSE_ANY);
		X509_VERIFY_PARAM_set_depth(X509_STORE_CTX_get0_param(ctx),
		    SIGN_MAX_CHAIN);
		X509_STORE_CTX_set_flags(ctx, flags);
		if (at != SIGN_ANY_TIME)
			X509_STORE_CTX_set_time(ctx, 0, (time_t)at);
		is = X509_verify_cert(ctx) == 1;
		if (!is)
			str_add(why, X509_verify_cert_error_string(
			    X509_STORE_CTX_get_error(ctx)));
	}
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	ERR_clear_error();
	return is;
}

struct sign_key *sign_cert_check(const struct sign_key *root,
    const char *leaf_pem, const char *chain_pem, int64_t at,
    const char *identity, struct str *why)
{
	STACK_OF(X509) *leafs = certs(leaf_pem), *between = certs(chain_pem);
	X509 *leaf = sk_X509_value(leafs, 0);
	struct sign_key *k = NULL;
	struct str names = STR_INIT;
	struct err err = ERR_INIT;
	EVP_PKEY *pkey;

	/* cosign may write the whole chain into the certificate's place */
	for (int i = 1; i < sk_X509_num(leafs); i++) {
		X509_up_ref(sk_X509_value(leafs, i));
		sk_X509_push(between, sk_X509_value(leafs, i));
	}
	if (root->kind != SIGN_ROOT || leaf == NULL)
		str_add(why, "the certificate cannot be read");
	else if (!named(leaf, identity, &names))
		str_addf(why, "the certificate is for %s, not for %s",
		    names.len > 0 ? names.s : "nobody by name", identity);
	else if (chained(root->cert, leaf, between, at, why)) {
		if ((pkey = X509_get_pubkey(leaf)) == NULL)
			str_add(why, "the certificate's key cannot be read");
		else if ((k = sign_key_of(pkey, &err)) == NULL)
			str_add(why, err.text);
		else
			str_addf(why, "%s", str_text(&names));
	}
	str_free(&names);
	sk_X509_pop_free(leafs, X509_free);
	sk_X509_pop_free(between, X509_free);
	return k;
}
