/*
 * test_keystore.c - private keys that are no text: DER, PKCS #12 and Java's
 * stores, made here by libcrypto, in files whose names say nothing.
 */
#include "test.h"

#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include "mkimage.h"
#include "muster/image.h"
#include "muster/input.h"
#include "muster/keys.h"

static EVP_PKEY *key;
static X509 *cert;

static int make_key(void **state)
{
	(void)state;
	key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	cert = X509_new();
	assert_non_null(key);
	X509_set_version(cert, 2);
	X509_gmtime_adj(X509_getm_notBefore(cert), 0);
	X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
	X509_set_pubkey(cert, key);
	assert_true(X509_sign(cert, key, EVP_sha256()) > 0);
	return 0;
}

static int free_key(void **state)
{
	(void)state;
	EVP_PKEY_free(key);
	X509_free(cert);
	return 0;
}

/* What a writer of libcrypto's leaves behind. */
#define DER(out, writer, object) do {					\
		unsigned char *p_ = NULL;				\
		int n_ = writer(object, &p_);				\
		assert_true(n_ > 0);					\
		str_addn(out, p_, (size_t)n_);				\
		OPENSSL_free(p_);					\
	} while (0)

static void plain(struct str *out)
{
	DER(out, i2d_PrivateKey, key);
}

static void pkcs8(struct str *out)
{
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);

	DER(out, i2d_PKCS8_PRIV_KEY_INFO, info);
	PKCS8_PRIV_KEY_INFO_free(info);
}

static void locked(struct str *out)
{
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
	X509_SIG *sig = PKCS8_encrypt(-1, EVP_aes_256_cbc(), "x", 1, NULL, 0,
	    2048, info);

	DER(out, i2d_X509_SIG, sig);
	X509_SIG_free(sig);
	PKCS8_PRIV_KEY_INFO_free(info);
}

static void pkcs12(struct str *out, EVP_PKEY *with, int how)
{
	PKCS12 *store = PKCS12_create("changeit", "x", with, cert, NULL, how,
	    how, 2048, 1, 0);

	assert_non_null(store);
	DER(out, i2d_PKCS12, store);
	PKCS12_free(store);
}

static void store(struct str *out)
{
	pkcs12(out, key, 0);
}

static void open_store(struct str *out)
{
	pkcs12(out, key, -1);
}

static void trust(struct str *out)
{
	pkcs12(out, NULL, 0);
}

static void open_trust(struct str *out)
{
	pkcs12(out, NULL, -1);
}

static void certificate(struct str *out)
{
	DER(out, i2d_X509, cert);
}

static void public_key(struct str *out)
{
	DER(out, i2d_PUBKEY, key);
}

static void java(struct str *out, char kind)
{
	str_addn(out, "\xfe\xed\xfe\xed\0\0\0\2\0\0\0\1\0\0\0", 15);
	str_addc(out, kind);
	str_addn(out, "\0\1a\0\0\0\0\0\0\0\0", 11);
	if (kind == 2)
		str_addn(out, "\0\5X.509\0\0\0\1c", 12);
	else
		str_addn(out, "\0\0\0\1k\0\0\0\0", 9);
	for (int i = 0; i < 20; i++)
		str_addc(out, 'h');
}

static void java_key(struct str *out)
{
	java(out, 1);
}

static void java_trust(struct str *out)
{
	java(out, 2);
}

static const struct {
	const char *why;
	void (*make)(struct str *out);
	const char *found;		/* NULL: none */
} cases[] = {
	{ "a key", plain, "secret|private-key|key ********|" },
	{ "a key in PKCS #8", pkcs8, "secret|private-key|key ********|" },
	{ "a key under a password", locked,
	  "secret|private-key|key ********|" },
	{ "a store with a key", store,
	  "secret|pkcs12-key-store|key ********|" },
	{ "a store with a key under no password", open_store,
	  "secret|pkcs12-key-store|key ********|" },
	{ "a store of certificates under a password", trust, NULL },
	{ "a store of certificates", open_trust, NULL },
	{ "a certificate", certificate, NULL },
	{ "a public key", public_key, NULL },
	{ "a Java store with a key", java_key, "secret|java-key-store|token" },
	{ "a Java store of certificates", java_trust, NULL },
};

static int found(const struct str *body, const char *line)
{
	struct str tar = STR_INIT, archive = STR_INIT;
	struct err err = ERR_INIT;
	struct input *in;
	struct memo m;
	int n;

	mk_raw(&tar, "opt/data", '0', 0644, "", body->s, body->len);
	mk_end(&tar);
	mk_docker(&archive, "", &tar, 1);
	in = input_open_mem(archive.s, archive.len, "t.tar");
	memo_init(&m);
	assert_ok(image_read_archive(in, &m.sink, &err), &err);
	n = memo_count(&m, line);
	input_close(in);
	memo_free(&m);
	str_free(&tar);
	str_free(&archive);
	return n;
}

static void keys_that_are_no_text_are_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str body = STR_INIT;

		cases[i].make(&body);
		if (cases[i].found == NULL && found(&body, "|secret|") != 0)
			fail_msg("%s: one was found", cases[i].why);
		if (cases[i].found != NULL &&
		    found(&body, cases[i].found) != 1)
			fail_msg("%s: none was found", cases[i].why);
		str_free(&body);
	}
}

static void what_is_cut_short_is_no_key(void **state)
{
	bool is_store;

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		struct str body = STR_INIT;

		cases[i].make(&body);
		for (size_t n = 0; n < body.len; n += 13)
			assert_int_equal(keys_der(body.s, n, &is_store),
			    KEYS_NONE);
		assert_int_not_equal(keys_der(body.s, body.len, &is_store),
		    KEYS_NONE);
		str_free(&body);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_that_are_no_text_are_found),
		cmocka_unit_test(what_is_cut_short_is_no_key),
	};

	return cmocka_run_group_tests(tests, make_key, free_key);
}
