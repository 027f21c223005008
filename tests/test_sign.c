/*
 * test_sign.c - keys, signatures, and every way one can be wrong.  Keys are
 * made as the tests run.
 */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include "test.h"
#include "muster/b64.h"
#include "muster/sha.h"
#include "muster/sign.h"
#include "muster/signed.h"
#include "muster/store.h"
#include "muster/trust.h"

#define AS_OF	"2026-11-01T00:00:00Z"
#define NOW	INT64_C(1793491200)	/* the same */
#define DIGEST	"sha256:6d9c9a30cf8a44fc61ba03c678461a28d3c1297e9dc477fd" \
		"c626a97fca0a595c"
#define OTHER	"sha256:0000000000000000000000000000000000000000000000000" \
		"000000000000000"
#define REPO	"registry.example.mil/base/debian"

/* ------------------------------------------------ keys of our own */

static EVP_PKEY *make(const char *kind)
{
	EVP_PKEY *k = NULL;

	if (strncmp(kind, "RSA", 3) == 0)
		k = EVP_RSA_gen((unsigned)atoi(kind + 3));
	else if (strcmp(kind, "Ed25519") == 0)
		k = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	else
		k = EVP_EC_gen(kind);
	assert_non_null(k);
	return k;
}

static char *pem_of(EVP_PKEY *k, bool private)
{
	BIO *out = BIO_new(BIO_s_mem());
	char *p, *text;
	long len;

	if (private)
		PEM_write_bio_PrivateKey(out, k, NULL, NULL, 0, NULL, NULL);
	else
		PEM_write_bio_PUBKEY(out, k);
	len = BIO_get_mem_data(out, &p);
	text = calloc(1, (size_t)len + 1);
	memcpy(text, p, (size_t)len);
	BIO_free(out);
	return text;
}

static struct sign_key *public_of(EVP_PKEY *k)
{
	struct err err = ERR_INIT;
	char *pem = pem_of(k, false);
	struct sign_key *key = sign_key_read(pem, strlen(pem), &err);

	if (key == NULL)
		err_print(&err, "test", stderr);
	assert_non_null(key);
	free(pem);
	return key;
}

static size_t sign(EVP_PKEY *k, bool pss, const void *bytes, size_t len,
    unsigned char sig[4096])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *how = NULL;
	size_t n = 4096;
	bool ed = EVP_PKEY_get_base_id(k) == EVP_PKEY_ED25519;

	assert_true(EVP_DigestSignInit(ctx, &how, ed ? NULL : EVP_sha256(),
	    NULL, k) > 0);
	if (pss)
		EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING);
	assert_true(EVP_DigestSign(ctx, sig, &n, bytes, len) > 0);
	EVP_MD_CTX_free(ctx);
	return n;
}

static struct sign_bytes bytes_of(const char *text)
{
	struct sign_bytes b = { .p = text, .len = strlen(text) };
	struct sha *h = sha_new();

	sha_add(h, text, b.len);
	sha_end(h, b.sha256);
	sha_free(h);
	return b;
}

static const struct algorithm {
	const char	*kind, *name;
	bool		 pss, digest;	/* digest: it alone is enough */
} algorithms[] = {
	{ "P-256",   "ECDSA P-256", false, true },
	{ "P-384",   "ECDSA P-384", false, true },
	{ "P-521",   "ECDSA P-521", false, true },
	{ "RSA2048", "RSA 2048",    false, true },
	{ "RSA2048", "RSA 2048",    true,  true },
	{ "Ed25519", "Ed25519",     false, false },
};

static void a_signature_is_its_keys_over_its_bytes_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(algorithms) / sizeof(*algorithms);
	    i++) {
		const struct algorithm *a = &algorithms[i];
		EVP_PKEY *k = make(a->kind), *foe = make(a->kind);
		struct sign_key *pub = public_of(k), *other = public_of(foe);
		struct sign_bytes what = bytes_of("what is signed");
		struct sign_bytes wrong = bytes_of("what is Signed");
		struct sign_bytes bare = what;
		unsigned char sig[4096];
		size_t n = sign(k, a->pss, what.p, what.len, sig);

		bare.p = NULL;
		assert_string_equal(sign_key_name(pub), a->name);
		assert_int_equal(strlen(sign_key_id(pub)), 64);
		assert_true(sign_verify(pub, &what, sig, n));
		assert_int_equal(sign_verify(pub, &bare, sig, n), a->digest);
		assert_false(sign_verify(pub, &wrong, sig, n));
		assert_false(sign_verify(other, &what, sig, n));
		assert_false(sign_verify(pub, &what, sig, n - 1));
		assert_false(sign_verify(pub, &what, sig, 0));
		sig[n / 2] ^= 1;
		assert_false(sign_verify(pub, &what, sig, n));
		sign_key_free(pub);
		sign_key_free(other);
		EVP_PKEY_free(k);
		EVP_PKEY_free(foe);
	}
}

/* ----------------------------------------------------- certificates */

static X509 *certify(EVP_PKEY *key, EVP_PKEY *by, const char *name,
    const char *issuer, const char *san, int64_t from, int64_t to, bool ca)
{
	X509 *x = X509_new();
	X509_NAME *n = X509_NAME_new(), *is = X509_NAME_new();
	X509V3_CTX ctx;
	X509_EXTENSION *e;

	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), from % 10007 + ca);
	ASN1_TIME_set(X509_getm_notBefore(x), (time_t)from);
	ASN1_TIME_set(X509_getm_notAfter(x), (time_t)to);
	X509_NAME_add_entry_by_txt(n, "CN", MBSTRING_ASC,
	    (const unsigned char *)name, -1, -1, 0);
	X509_NAME_add_entry_by_txt(is, "CN", MBSTRING_ASC,
	    (const unsigned char *)issuer, -1, -1, 0);
	X509_set_subject_name(x, n);
	X509_set_issuer_name(x, is);
	X509_set_pubkey(x, key);
	X509V3_set_ctx(&ctx, x, x, NULL, NULL, 0);
	e = X509V3_EXT_conf_nid(NULL, &ctx, NID_basic_constraints,
	    ca ? "critical,CA:TRUE" : "CA:FALSE");
	X509_add_ext(x, e, -1);
	X509_EXTENSION_free(e);
	if (san != NULL) {
		e = X509V3_EXT_conf_nid(NULL, &ctx, NID_subject_alt_name,
		    san);
		X509_add_ext(x, e, -1);
		X509_EXTENSION_free(e);
	}
	assert_true(X509_sign(x, by, EVP_sha256()) > 0);
	X509_NAME_free(n);
	X509_NAME_free(is);
	return x;
}

static char *cert_pem(X509 *x)
{
	unsigned char *der = NULL;
	int len = i2d_X509(x, &der);
	struct str pem = STR_INIT;

	sign_cert_pem(der, (size_t)len, &pem);
	OPENSSL_free(der);
	X509_free(x);
	assert_non_null(pem.s);
	return pem.s;
}

static const struct leaf {
	int64_t		 from, to, at;
	const char	*identity;
	bool		 strange;	/* issued by somebody else */
	const char	*why;		/* NULL: good */
} leaves[] = {
	{ NOW - 60, NOW + 540, NOW, NULL, false, NULL },
	{ NOW - 60, NOW + 540, NOW, "*@example.mil", false, NULL },
	{ NOW - 60, NOW + 540, NOW, "*@example.com", false,
	    "for ci@example.mil, not for *@example.com" },
	{ NOW - 900, NOW - 300, NOW, NULL, false, "expired" },
	{ NOW + 300, NOW + 900, NOW, NULL, false, "not yet valid" },
	{ NOW - 900, NOW - 300, SIGN_ANY_TIME, NULL, false, NULL },
	{ NOW - 60, NOW + 540, NOW, NULL, true, "signature" },
};

static void a_certificate_counts_below_its_root_in_its_time(void **state)
{
	EVP_PKEY *ca = make("P-256"), *key = make("P-256");
	EVP_PKEY *foe = make("P-256");
	char *root_pem = cert_pem(certify(ca, ca, "Root", "Root", NULL,
	    NOW - 86400 * 365, NOW + 86400 * 365, true));
	struct err err = ERR_INIT;
	struct sign_key *root = sign_key_read(root_pem, strlen(root_pem),
	    &err);

	(void)state;
	assert_non_null(root);
	assert_int_equal(sign_key_kind(root), SIGN_ROOT);
	for (size_t i = 0; i < sizeof(leaves) / sizeof(*leaves); i++) {
		const struct leaf *l = &leaves[i];
		char *pem = cert_pem(certify(key, l->strange ? foe : ca,
		    "Signer", "Root", "email:ci@example.mil", l->from, l->to,
		    false));
		struct str why = STR_INIT;
		struct sign_key *k = sign_cert_check(root, pem, NULL, l->at,
		    l->identity, &why);

		if (l->why == NULL)
			assert_non_null(k);
		else
			assert_null(k);
		if (l->why != NULL && !str_contains(why.s, l->why))
			fail_msg("row %zu: %s", i, str_text(&why));
		sign_key_free(k);
		str_free(&why);
		free(pem);
	}
	sign_key_free(root);
	free(root_pem);
	EVP_PKEY_free(ca);
	EVP_PKEY_free(key);
	EVP_PKEY_free(foe);
}

static void keys_that_prove_nothing_are_refused(void **state)
{
	EVP_PKEY *p = make("P-256"), *small = make("RSA1024");
	EVP_PKEY *odd = make("secp256k1");
	struct { char *text; const char *says; } rows[] = {
		{ pem_of(p, true), "private key" },
		{ pem_of(small, false), "1024 bits" },
		{ pem_of(odd, false), "secp256k1" },
		{ cert_pem(certify(p, p, "Leaf", "Leaf", NULL, NOW, NOW + 1,
		    false)), "no authority" },
		{ strdup("-----BEGIN PUBLIC KEY-----\nAAAA\n"), "no public" },
		{ strdup("hello"), "no public key" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct err err = ERR_INIT;

		assert_null(sign_key_read(rows[i].text, strlen(rows[i].text),
		    &err));
		if (!str_contains(err.text, rows[i].says))
			fail_msg("row %zu: %s", i, err.text);
		free(rows[i].text);
	}
	EVP_PKEY_free(p);
	EVP_PKEY_free(small);
	EVP_PKEY_free(odd);
}

/* ------------------------------------------- signatures in evidence */

struct keeper {
	struct sink	 sink;
	struct evidence	*ev;
};

static int keep(struct sink *sink, const struct rec *rec, struct err *err)
{
	return evidence_put(((struct keeper *)sink)->ev, rec, err);
}

/* One file with one signature (or index identity) in it. */
static void evidence(struct store *st, const char *sha,
    void (*fill)(struct sink *, void *), void *ctx)
{
	struct err err = ERR_INIT;
	struct keeper k = { .sink = { .put = keep } };
	struct artifact a = { .sha256 = sha, .name = sha, .format = "f",
	    .importer = "cosign", .batch = "b", .importer_version = 1 };
	char digest[65];

	assert_ok(store_begin(st, &err), &err);
	k.ev = evidence_begin(st, &err);
	assert_non_null(k.ev);
	fill(&k.sink, ctx);
	assert_ok(evidence_end(k.ev, &a, digest, &err), &err);
	evidence_free(k.ev);
	assert_ok(store_commit(st, &err), &err);
}

enum wrong {
	RIGHT, NO_SIGNATURE, NOT_BASE64, EMPTY, FLIPPED, BY_ANOTHER,
	PAYLOAD_CHANGED, TWO_DIGESTS, BLOB_WRONG
};

static const struct way {
	const char	*what;
	enum wrong	 wrong;
	const char	*type, *claim, *reference;
	const char	*image;		/* it hangs on */
	const char	*from;		/* where the image is said to be from */
	const char	*prefix;	/* the key is trusted for */
	enum trust_verdict verdict;
	const char	*says;
} ways[] = {
#define COSIGN "cosign container image signature"
	{ "right", RIGHT, COSIGN, DIGEST, REPO, DIGEST, REPO,
	    "registry.example.mil", TRUST_VALID, "signed by ECDSA P-256" },
	{ "by digest alone", RIGHT, COSIGN, DIGEST, REPO, NULL, "",
	    "registry.example.mil/base", TRUST_VALID, "trusted for" },
	{ "no name in it", RIGHT, COSIGN, DIGEST, "", DIGEST, REPO, REPO,
	    TRUST_VALID, "signed by" },
	{ "a tag in its name", RIGHT, COSIGN, DIGEST, REPO ":12", DIGEST,
	    REPO ":12", REPO, TRUST_VALID, "signed by" },
	{ "a mirror's copy", RIGHT, COSIGN, DIGEST, REPO, DIGEST,
	    "mirror.example/base/debian", "mirror.example", TRUST_VALID,
	    "mirror.example" },
	{ "for all images", RIGHT, COSIGN, DIGEST, "", DIGEST, "", "*",
	    TRUST_VALID, "signed by" },
	{ "no signature", NO_SIGNATURE, COSIGN, DIGEST, REPO, DIGEST, REPO,
	    REPO, TRUST_NONE, "" },
	{ "no base64", NOT_BASE64, COSIGN, DIGEST, REPO, DIGEST, REPO, REPO,
	    TRUST_INVALID, "no base64" },
	{ "empty", EMPTY, COSIGN, DIGEST, REPO, DIGEST, REPO, REPO,
	    TRUST_INVALID, "empty" },
	{ "one bit", FLIPPED, COSIGN, DIGEST, REPO, DIGEST, REPO, REPO,
	    TRUST_INVALID, "does not verify" },
	{ "another key", BY_ANOTHER, COSIGN, DIGEST, REPO, DIGEST, REPO,
	    REPO, TRUST_INVALID, "does not verify" },
	{ "payload changed", PAYLOAD_CHANGED, COSIGN, DIGEST, REPO, DIGEST,
	    REPO, REPO, TRUST_INVALID, "does not verify" },
	{ "two digests", TWO_DIGESTS, COSIGN, DIGEST, REPO, DIGEST, REPO,
	    REPO, TRUST_INVALID, "twice" },
	{ "another blob", BLOB_WRONG, COSIGN, DIGEST, REPO, DIGEST, REPO,
	    REPO, TRUST_INVALID, "the blob differs" },
	{ "another type", RIGHT, "atomic container signature", DIGEST, REPO,
	    DIGEST, REPO, REPO, TRUST_INVALID, "of type" },
	{ "another image", RIGHT, COSIGN, OTHER, REPO, DIGEST, REPO, REPO,
	    TRUST_INVALID, "another image, " OTHER },
	{ "no digest", RIGHT, COSIGN, "sha256:12", REPO, DIGEST, REPO, REPO,
	    TRUST_INVALID, "no manifest digest" },
	{ "another repository", RIGHT, COSIGN, DIGEST,
	    "registry.example.mil/base/evil", DIGEST, REPO,
	    "registry.example.mil", TRUST_INVALID, "another repository" },
	{ "hangs on another", RIGHT, COSIGN, DIGEST, REPO, OTHER, REPO, REPO,
	    TRUST_NONE, "" },
	{ "trusted elsewhere", RIGHT, COSIGN, DIGEST, REPO, DIGEST, REPO,
	    "registry.example.mil/bas", TRUST_UNKNOWN, "no key is trusted" },
	{ "name not known", RIGHT, COSIGN, DIGEST, "", DIGEST, "", REPO,
	    TRUST_UNKNOWN, "without a name" },
};

struct made {
	const struct way *way;
	EVP_PKEY	*key, *foe;
};

static void seal(struct sink *sink, void *ctx)
{
	const struct made *m = ctx;
	const struct way *w = m->way;
	struct signed_from from = { .sink = sink, .image = w->image,
	    .locator = "json:", .wrong = w->wrong == BLOB_WRONG ?
	    "the blob differs" : NULL };
	struct str payload = STR_INIT, sig = STR_INIT;
	struct err err = ERR_INIT;
	unsigned char bytes[4096];
	size_t n;

	str_addf(&payload, "{\"critical\":{\"identity\":{\"docker-reference\""
	    ":\"%s\"},\"image\":{\"docker-manifest-digest\":\"%s\"%s},"
	    "\"type\":\"%s\"}}", w->reference, w->claim,
	    w->wrong == TWO_DIGESTS ? ",\"docker-manifest-digest\":\"\"" :
	    "", w->type);
	n = sign(w->wrong == BY_ANOTHER ? m->foe : m->key, false, payload.s,
	    payload.len, bytes);
	if (w->wrong == FLIPPED)
		bytes[n - 1] ^= 1;
	if (w->wrong == PAYLOAD_CHANGED)
		str_addc(&payload, ' ');
	if (w->wrong == NOT_BASE64)
		str_add(&sig, "!");
	else if (w->wrong != EMPTY)
		b64_encode(&sig, bytes, n);
	assert_ok(signed_simple(&from, payload.s, payload.len,
	    w->wrong == NO_SIGNATURE ? NULL : str_text(&sig), &err), &err);
	str_free(&payload);
	str_free(&sig);
}

static void trust(struct store *st, EVP_PKEY *k, const char *prefix,
    struct str *id)
{
	struct err err = ERR_INIT;
	char *pem = pem_of(k, false);
	struct trust_new t = { .key = pem, .len = strlen(pem),
	    .prefix = prefix };

	assert_ok(store_begin(st, &err), &err);
	assert_ok(trust_add(st, &t, id, &err), &err);
	assert_ok(store_commit(st, &err), &err);
	free(pem);
}

static void expect(struct store *st, const char *digest, const char *from,
    enum trust_verdict verdict, const char *says, const char *what)
{
	struct err err = ERR_INIT;
	struct trust_word w;

	assert_ok(trust_image(st, digest, from, AS_OF, &w, &err), &err);
	if (w.verdict != verdict || !str_contains(str_text(&w.text), says))
		fail_msg("%s: %s, \"%s\"", what,
		    trust_verdict_name(w.verdict), str_text(&w.text));
	trust_word_free(&w);
}

static void one_way(void **state)
{
	struct err err = ERR_INIT;
	struct made m = { *state, make("P-256"), make("P-256") };
	struct store *st = store_open(":memory:", STORE_CREATE, &err);
	struct str id = STR_INIT;

	assert_non_null(st);
	evidence(st, "1", seal, &m);
	trust(st, m.key, m.way->prefix, &id);
	expect(st, DIGEST, m.way->from, m.way->verdict, m.way->says,
	    m.way->what);
	store_close(st);
	str_free(&id);
	EVP_PKEY_free(m.key);
	EVP_PKEY_free(m.foe);
}

static void one_valid_signature_is_enough(void **state)
{
	struct err err = ERR_INIT;
	struct way bad = ways[0], good = ways[0];
	struct made m = { &bad, make("P-256"), make("P-256") };
	struct store *st = store_open(":memory:", STORE_CREATE, &err);
	struct str id = STR_INIT;

	(void)state;
	bad.wrong = FLIPPED;
	evidence(st, "1", seal, &m);
	trust(st, m.key, REPO, &id);
	expect(st, DIGEST, REPO, TRUST_INVALID, "does not verify", "bad");
	m.way = &good;
	evidence(st, "2", seal, &m);
	expect(st, DIGEST, REPO, TRUST_VALID, "signed by", "good");
	store_close(st);
	str_free(&id);
	EVP_PKEY_free(m.key);
	EVP_PKEY_free(m.foe);
}

/* An archive that holds a manifest below an index. */
static void below_index(struct sink *sink, void *ctx)
{
	struct err err = ERR_INIT;
	int64_t t = sink_target(sink, &(struct target){ .kind = "image" },
	    &err);

	(void)ctx;
	assert_ok(sink_identity(sink, &(struct identity){ t, "manifest",
	    DIGEST }, &err), &err);
	assert_ok(sink_identity(sink, &(struct identity){ t, "index",
	    OTHER }, &err), &err);
	assert_ok(sink_layer(sink, &(struct layer){ .target = t,
	    .diff_id = OTHER, .state = "ok" }, &err), &err);
}

static void an_index_vouches_for_the_manifests_it_names(void **state)
{
	struct err err = ERR_INIT;
	struct way over = ways[0];
	struct made m = { &over, make("P-256"), make("P-256") };
	struct store *st = store_open(":memory:", STORE_CREATE, &err);
	struct str id = STR_INIT;

	(void)state;
	over.image = over.claim = OTHER;
	evidence(st, "1", seal, &m);
	trust(st, m.key, REPO, &id);
	expect(st, DIGEST, REPO, TRUST_NONE, "", "index not in evidence");
	evidence(st, "2", below_index, NULL);
	expect(st, DIGEST, REPO, TRUST_VALID, "signed by", "index there");
	store_close(st);
	str_free(&id);
	EVP_PKEY_free(m.key);
	EVP_PKEY_free(m.foe);
}

static void what_is_taken_back_counts_no_longer(void **state)
{
	struct err err = ERR_INIT;
	struct made m = { &ways[0], make("P-256"), make("P-256") };
	struct store *st = store_open(":memory:", STORE_CREATE, &err);
	struct str id = STR_INIT, whole = STR_INIT;
	int64_t events;

	(void)state;
	evidence(st, "1", seal, &m);
	trust(st, m.key, REPO, &id);
	assert_ok(store_begin(st, &err), &err);
	assert_int_equal(trust_remove(st, "12345678", &whole, &err), -1);
	assert_int_equal(err.kind, ERR_USAGE);
	err = (struct err)ERR_INIT;
	id.s[12] = '\0';
	assert_ok(trust_remove(st, id.s, &whole, &err), &err);
	assert_int_equal(strlen(str_text(&whole)), 64);
	assert_ok(store_commit(st, &err), &err);
	expect(st, DIGEST, REPO, TRUST_UNKNOWN, "no key", "removed");
	str_clear(&id);
	trust(st, m.key, REPO, &id);
	expect(st, DIGEST, REPO, TRUST_VALID, "signed by", "added again");
	assert_ok(event_verify(st, &events, &err), &err);
	assert_int_equal(events, 3);
	store_close(st);
	str_free(&id);
	str_free(&whole);
	EVP_PKEY_free(m.key);
	EVP_PKEY_free(m.foe);
}

/* ----------------------------------------------------------- OpenPGP */

static struct str slurp(const char *path)
{
	struct str all = STR_INIT;
	char buf[4096];
	size_t n;
	FILE *f = fopen(path, "rb");

	assert_non_null(f);
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		str_addn(&all, buf, n);
	fclose(f);
	return all;
}

/* Made on 2026-09-02 by a key of the day before. */
static void an_openpgp_message_is_its_keys_alone(void **state)
{
	static const struct {
		const char *key;
		int64_t at;
		bool flip, good;
	} rows[] = {
		{ "samples/cosign/gpg-signer.asc", NOW, false, true },
		{ "samples/cosign/gpg-other.gpg", NOW, false, false },
		{ "samples/cosign/gpg-signer.asc", NOW, true, false },
		/* a year earlier there was neither */
		{ "samples/cosign/gpg-signer.asc", NOW - 365 * 86400, false,
		    false },
	};

	(void)state;
	if (!sign_gpg_here())
		skip();
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str key = slurp(rows[i].key), payload = STR_INIT;
		struct str message = slurp("samples/cosign/gpg.signature");
		struct err err = ERR_INIT;
		struct sign_key *k = sign_key_read(key.s, key.len, &err);

		assert_non_null(k);
		assert_int_equal(sign_key_kind(k), SIGN_GPG);
		assert_int_equal(strlen(sign_key_id(k)), 40);
		if (rows[i].flip)
			message.s[message.len - 9] ^= 1;
		if ((sign_gpg_verify(k, message.s, message.len, rows[i].at,
		    &payload, &err) == 0) != rows[i].good)
			fail_msg("row %zu: %s", i, err.text);
		if (rows[i].good)
			assert_true(str_contains(payload.s, DIGEST));
		sign_key_free(k);
		str_free(&key);
		str_free(&payload);
		str_free(&message);
	}
}

/* ------------------------------------------------------ small things */

static void prefixes_end_at_a_slash(void **state)
{
	static const struct { const char *text, *is; } rows[] = {
		{ "registry1.dso.mil/ironbank", "registry1.dso.mil/ironbank" },
		{ "Registry1.dso.mil/ironbank/",
		    "registry1.dso.mil/ironbank" },
		{ "quay.io", "quay.io" },
		{ "localhost:5000", "localhost:5000" },
		{ "docker.io", "docker.io" },
		{ "docker.io/bitnami", "docker.io/bitnami" },
		{ "bitnami/redis", "docker.io/bitnami/redis" },
		{ "debian", "docker.io/library/debian" },
		{ "*", "*" },
		{ "debian:12", NULL }, { "quay.io/a:1", NULL },
		{ "", NULL }, { "/", NULL }, { "a b", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str out = STR_INIT;
		bool is = trust_prefix(rows[i].text, &out);

		if (is != (rows[i].is != NULL) ||
		    (is && strcmp(out.s, rows[i].is) != 0))
			fail_msg("%s: %s", rows[i].text, str_text(&out));
		str_free(&out);
	}
	assert_true(trust_covers("r.mil/ib", "r.mil/ib"));
	assert_true(trust_covers("r.mil/ib", "r.mil/ib/ubi9"));
	assert_false(trust_covers("r.mil/ib", "r.mil/ib-evil/ubi9"));
	assert_false(trust_covers("r.mil/ib/ubi9", "r.mil/ib"));
	assert_false(trust_covers("", "r.mil/ib"));
	assert_true(trust_covers("*", ""));
}

static void base64_is_read_in_every_spelling(void **state)
{
	static const struct { const char *text, *is; } rows[] = {
		{ "", "" }, { "Zg==", "f" }, { "Zg", "f" }, { "Zm8=", "fo" },
		{ "Zm9v", "foo" }, { "Zm9\nv", "foo" },
		{ "Pz8/fn4+", "??\?~~>" },
		{ "Pz8_fn4-", "??\?~~>" }, { "Pz8/fn4-", NULL },
		{ "Z", NULL }, { "Zg=", NULL }, { "Zg===", NULL },
		{ "Zh==", NULL }, { "Zg==Zg==", NULL }, { "Zm9v!", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t n = 0;
		unsigned char *out = b64_decode(rows[i].text,
		    strlen(rows[i].text), &n);

		if ((out != NULL) != (rows[i].is != NULL) || (out != NULL &&
		    strcmp((char *)out, rows[i].is) != 0))
			fail_msg("\"%s\"", rows[i].text);
		free(out);
	}
}

static void files_of_every_form_are_read(void **state)
{
	static const struct {
		const char *path;
		int records;
		const char *says;
	} rows[] = {
		{ "signature-1", 1, "SIGNATURE|0|cosign|-|" DIGEST "|" REPO },
		{ "payload.json", 1, "a payload, but no signature" },
		{ "provenance.dsse.json", 1, "https://slsa.dev/provenance/v1" },
		{ "two.intoto.jsonl", 2, "line:2" },
		{ "bundle.sigstore.json", 1, "cosign/sign/v1" },
		{ "gcb.json", 1, "provenance without an envelope" },
		{ "statement.json", 1, "that nobody signed" },
		{ "gpg.signature", 1, "SIGNATURE|0|gpg|-|" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str path = STR_INIT;
		struct err err = ERR_INIT;
		struct memo m;

		memo_init(&m);
		str_addf(&path, "samples/cosign/%s", rows[i].path);
		assert_ok(memo_import(&m, path.s, NULL, &err), &err);
		assert_int_equal(m.kinds[REC_SIGNATURE], rows[i].records);
		if (memo_count(&m, rows[i].says) == 0)
			fail_msg("%s: %s", path.s, str_text(&m.text));
		memo_free(&m);
		str_free(&path);
	}
}

static void other_files_are_no_openpgp(void **state)
{
	static const struct {
		const char *head;
		bool is;
	} rows[] = {
		{ "\x89PNG\r\n\x1a\n________________", false },
		{ "\x89LZO\x01\r\n\x1a\n______________", false },
		{ "\x90\x0d\x03\x01\x08________________", true },
		{ "\xa3\x02________________________", true },
		{ "\x89\x01\x33\x04\x01________________", true },
		{ "\xc2\x33\x04\x01________________", true },
		{ "{\"critical\":{}}            ", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(signed_is_file(
		    (const unsigned char *)rows[i].head,
		    strlen(rows[i].head)), rows[i].is);
}

int main(void)
{
	enum { N = sizeof(ways) / sizeof(*ways), M = 10 };
	struct CMUnitTest tests[N + M] = {
		cmocka_unit_test(other_files_are_no_openpgp),
		cmocka_unit_test(a_signature_is_its_keys_over_its_bytes_alone),
		cmocka_unit_test(
		    a_certificate_counts_below_its_root_in_its_time),
		cmocka_unit_test(keys_that_prove_nothing_are_refused),
		cmocka_unit_test(one_valid_signature_is_enough),
		cmocka_unit_test(an_index_vouches_for_the_manifests_it_names),
		cmocka_unit_test(what_is_taken_back_counts_no_longer),
		cmocka_unit_test(an_openpgp_message_is_its_keys_alone),
		cmocka_unit_test(prefixes_end_at_a_slash),
		cmocka_unit_test(base64_is_read_in_every_spelling),
		cmocka_unit_test(files_of_every_form_are_read),
	};

	for (int i = 0; i < N; i++)
		tests[i + M] = (struct CMUnitTest){
			.name = ways[i].what, .test_func = one_way,
			.initial_state = (void *)(uintptr_t)&ways[i],
		};
	return cmocka_run_group_tests_name("sign", tests, NULL, NULL);
}
