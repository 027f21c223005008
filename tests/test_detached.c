/*
 * test_detached.c - detached signatures: those that ssh-keygen and openssl
 * made (tests/signed/), our own, and every way one can be wrong.
 */
#include <stdlib.h>

#include "test.h"
#include "muster/sign.h"

#define TEXT "{\"what\":\"a manifest\"}\n"
#define NOW INT64_C(1798761600)

static char *slurp(const char *name, const char *suffix, size_t *len)
{
	struct str path = STR_INIT;
	char *bytes = calloc(1, 65536);
	FILE *f;

	str_addf(&path, "tests/signed/%s%s", name, suffix);
	f = fopen(path.s, "rb");
	assert_non_null(f);
	*len = fread(bytes, 1, 65535, f);
	fclose(f);
	str_free(&path);
	return bytes;
}

static struct sign_key *public_key(const char *name, const char *suffix)
{
	struct err err = ERR_INIT;
	size_t len;
	char *text = slurp(name, suffix, &len);
	struct sign_key *k = sign_key_read(text, len, &err);

	if (k == NULL)
		err_print(&err, "test", stderr);
	assert_non_null(k);
	free(text);
	return k;
}

static const struct row {
	const char *name, *passphrase;
} rows[] = {
	{ "ed25519", NULL }, { "ed25519-locked", "open sesame" },
	{ "rsa", NULL }, { "ecdsa", NULL }, { "ecdsa256", NULL },
	{ "ecdsa384", "open sesame" },
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

static bool accepts(const struct sign_key *k, const char *space,
    const char *text, const char *sig, size_t len)
{
	struct str who = STR_INIT;
	bool is = sshsig_verify(k, space, text, strlen(text), sig, len, &who);

	assert_true(who.len > 0);
	str_free(&who);
	return is;
}

static void what_ssh_keygen_signed_is_verified(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		struct sign_key *k = public_key(rows[i].name, ".pub");
		struct sign_key *other = public_key(rows[(i + 1) % ROWS].name,
		    ".pub");
		size_t len;
		char *sig = slurp(rows[i].name, ".sig", &len);

		assert_true(sshsig_is(sig, len));
		assert_true(accepts(k, "file", TEXT, sig, len));
		assert_true(accepts(NULL, NULL, TEXT, sig, len));
		assert_false(accepts(other, "file", TEXT, sig, len));
		assert_false(accepts(k, "git", TEXT, sig, len));
		assert_false(accepts(k, "file", TEXT " ", sig, len));
		assert_false(accepts(k, "file", TEXT, sig, len - 40));
		for (size_t at = 40; at + 40 < len; at += 7) {
			char was = sig[at];

			if (was == '\n')
				continue;
			sig[at] = was == 'A' ? 'B' : 'A';
			assert_false(accepts(k, "file", TEXT, sig, len));
			sig[at] = was;
		}
		free(sig);
		sign_key_free(k);
		sign_key_free(other);
	}
}

static void what_we_sign_is_verified(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		struct sign_key *k = public_key(rows[i].name, ".pub");
		struct err err = ERR_INIT;
		struct str sig = STR_INIT;
		struct sign_secret *s;
		size_t len;
		char *text = slurp(rows[i].name, "", &len);

		s = sshkey_read(text, len, rows[i].passphrase, &err);
		assert_ok(s != NULL ? 0 : -1, &err);
		assert_ok(sshsig_sign(s, "file", TEXT, strlen(TEXT), &sig,
		    &err), &err);
		assert_true(accepts(k, "file", TEXT, sig.s, sig.len));
		sshkey_free(s);
		if (rows[i].passphrase != NULL) {
			assert_null(sshkey_read(text, len, NULL, &err));
			assert_int_equal(err.kind, ERR_USAGE);
			assert_null(sshkey_read(text, len, "wrong", &err));
			assert_int_equal(err.kind, ERR_USAGE);
		}
		str_free(&sig);
		free(text);
		sign_key_free(k);
	}
}

static bool cms_accepts(const struct sign_key *k, int64_t at,
    const char *text, const char *sig, size_t len)
{
	struct str who = STR_INIT;
	bool is = cms_verify(k, at, text, strlen(text), sig, len, &who);

	assert_true(who.len > 0);
	str_free(&who);
	return is;
}

static void what_openssl_signed_is_verified(void **state)
{
	static const char *const names[] = { ".p7s", "-pem.p7s" };
	struct sign_key *root = public_key("x509", ".pem");
	struct sign_key *other = public_key("rsa", ".pub");
	struct sign_key *own = public_key("x509", ".pub");

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		size_t len;
		char *sig = slurp("x509", names[i], &len);

		assert_true(cms_is(sig, len));
		assert_true(cms_accepts(root, NOW, TEXT, sig, len));
		assert_true(cms_accepts(own, NOW, TEXT, sig, len));
		assert_true(cms_accepts(NULL, NOW, TEXT, sig, len));
		assert_false(cms_accepts(other, NOW, TEXT, sig, len));
		assert_false(cms_accepts(root, 0, TEXT, sig, len));
		assert_false(cms_accepts(root, NOW, TEXT " ", sig, len));
		assert_false(cms_accepts(root, NOW, TEXT, sig, len - 1 -
		    (i > 0 ? 25 : 0)));
		free(sig);
	}
	sign_key_free(root);
	sign_key_free(other);
	sign_key_free(own);
}

static void our_cms_is_verified_and_the_same_each_time(void **state)
{
	struct sign_key *root = public_key("x509", ".pem");
	struct err err = ERR_INIT;
	struct str a = STR_INIT, b = STR_INIT;
	struct sign_secret *s;
	size_t klen, clen;
	char *key = slurp("x509", ".key", &klen);
	char *cert = slurp("x509", ".pem", &clen);

	(void)state;
	s = cms_secret(key, klen, cert, clen, NULL, &err);
	assert_ok(s != NULL ? 0 : -1, &err);
	assert_ok(cms_sign(s, TEXT, strlen(TEXT), &a, &err), &err);
	assert_ok(cms_sign(s, TEXT, strlen(TEXT), &b, &err), &err);
	assert_string_equal(a.s, b.s);
	assert_true(cms_accepts(root, NOW, TEXT, a.s, a.len));
	assert_false(cms_accepts(root, NOW, "x", a.s, a.len));
	sshkey_free(s);
	str_free(&a);
	str_free(&b);
	free(key);
	free(cert);
	sign_key_free(root);
}

static void what_is_no_key_is_refused(void **state)
{
	static const char *const bad[] = {
		"", "ssh-ed25519", "ssh-ed25519 AAAA", "ssh-ed25519 !!!!",
		"ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIH",
		"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"
		"-----END OPENSSH PRIVATE KEY-----\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err err = ERR_INIT;

		assert_null(sign_key_read(bad[i], strlen(bad[i]), &err));
		assert_int_equal(err.kind, ERR_INPUT);
		err = (struct err)ERR_INIT;
		assert_null(sshkey_read(bad[i], strlen(bad[i]), NULL, &err));
		assert_int_equal(err.kind, ERR_INPUT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_ssh_keygen_signed_is_verified),
		cmocka_unit_test(what_we_sign_is_verified),
		cmocka_unit_test(what_openssl_signed_is_verified),
		cmocka_unit_test(our_cms_is_verified_and_the_same_each_time),
		cmocka_unit_test(what_is_no_key_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
