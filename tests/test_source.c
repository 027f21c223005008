/*
 * test_source.c - 2.14, 2.15 and 2.17 decided through the real store: which
 * image an image is built on, against lists of approved bases, inventories
 * and the sources of appendix A.  A scene is a line a record:
 *
 *	image NAME|DIGIT|LAYERS|CREATED|BAD	an archive; its digest is made of
 *				the digit, each layer of its letter, and layer
 *				BAD is not what the config says
 *	label KEY|VALUE		of that archive; and
 *	fact NAME|KEY|VALUE
 *	list ROLE|DATE|PART	a file that lists
 *	entry REPOSITORY|TAG|DIGIT|LAYERS|CREATED	this
 *	run NAME|REFERENCE	a workload
 *	sign DIGIT|REPOSITORY|PREFIX	a signature over that digest, by a key
 *				that is trusted for PREFIX (or by none)
 *
 * "-" stands for nothing.  The first image is judged, as of 2026-12-01.
 */
#include <stdlib.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "test.h"
#include "muster/assess.h"
#include "muster/sha.h"
#include "muster/store.h"
#include "muster/trust.h"
#include "src/assess/source.h"
#include "source_rows.h"

struct tosink {
	struct sink	 sink;
	struct evidence	*ev;
};

/* The scene as it is put into the store. */
struct stage {
	struct store	*st;
	struct tosink	 to;
	struct artifact	 artifact;
	char		 sha256[65], batch[8];
	int		 files, batches, entries;
	bool		 open;
};

static int put(struct sink *sink, const struct rec *rec, struct err *err)
{
	return evidence_put(((struct tosink *)sink)->ev, rec, err);
}

static void end_file(struct stage *s)
{
	struct err err = ERR_INIT;
	char digest[65];

	if (!s->open)
		return;
	assert_ok(evidence_end(s->to.ev, &s->artifact, digest, &err), &err);
	evidence_free(s->to.ev);
	assert_ok(store_commit(s->st, &err), &err);
	s->open = false;
}

static void begin_file(struct stage *s, const char *name, const char *format)
{
	struct err err = ERR_INIT;

	end_file(s);
	snprintf(s->sha256, sizeof(s->sha256), "%064d", ++s->files);
	snprintf(s->batch, sizeof(s->batch), "%d", s->batches);
	s->artifact = (struct artifact){ .name = name, .format = format,
	    .importer = "test", .batch = s->batch, .importer_version = 1,
	    .sha256 = s->sha256 };
	assert_ok(store_begin(s->st, &err), &err);
	s->to.sink = (struct sink){ .put = put };
	s->to.ev = evidence_begin(s->st, &err);
	assert_non_null(s->to.ev);
	s->open = true;
}

/* A field of "a|b|c"; "-" or none is NULL.  The text is cut to pieces. */
static const char *field(char **p)
{
	char *f = *p, *bar;

	if (f == NULL)
		return NULL;
	bar = strchr(f, '|');
	*p = bar != NULL ? bar + 1 : NULL;
	if (bar != NULL)
		*bar = '\0';
	return strcmp(f, "-") == 0 ? NULL : f;
}

/* "sha256:" and 64 times a digit; not every letter is one, but all serve. */
static void digest_of(char c, char out[72])
{
	memcpy(out, "sha256:", 7);
	memset(out + 7, c, 64);
	out[71] = '\0';
}

static void say_image(struct stage *s, char *p)
{
	const char *name = field(&p), *digit = field(&p), *layers = field(&p);
	const char *created = field(&p), *bad = field(&p);
	struct err err = ERR_INIT;
	char digest[72];

	begin_file(s, "image.tar", "docker-archive");
	assert_true(sink_target(&s->to.sink, &(struct target){
	    .kind = "image", .name = name, .locator = "json:/0" }, &err) == 1);
	digest_of(digit[0], digest);
	assert_ok(sink_identity(&s->to.sink, &(struct identity){ 1,
	    "manifest", digest }, &err), &err);
	assert_ok(sink_identity(&s->to.sink, &(struct identity){ 1, "tag",
	    name }, &err), &err);
	assert_ok(sink_fact(&s->to.sink, &(struct fact){ 1, "config.format",
	    NULL, "docker", "config:" }, &err), &err);
	if (created != NULL)
		assert_ok(sink_fact(&s->to.sink, &(struct fact){ 1,
		    "config.created", NULL, created, "config:/created" },
		    &err), &err);
	for (int i = 0; layers[i] != '\0'; i++) {
		digest_of(layers[i], digest);
		assert_ok(sink_layer(&s->to.sink, &(struct layer){
		    .target = 1, .n = i, .diff_id = digest, .state =
		    bad != NULL && bad[0] - '0' == i ? "mismatch" : "ok" },
		    &err), &err);
	}
}

static void say_fact(struct stage *s, const char *name, const char *key,
    const char *value)
{
	struct err err = ERR_INIT;

	assert_ok(sink_fact(&s->to.sink, &(struct fact){ 1, name, key, value,
	    "config:/x" }, &err), &err);
}

static void say_list(struct stage *s, char *p)
{
	const char *role = field(&p), *date = field(&p), *part = field(&p);
	struct err err = ERR_INIT;

	begin_file(s, "list", role);
	s->entries = 0;
	if (date != NULL)
		assert_ok(sink_fact(&s->to.sink, &(struct fact){ 0,
		    "inventory.date", NULL, date, "json:/date" }, &err),
		    &err);
	if (part != NULL)
		assert_ok(sink_fact(&s->to.sink, &(struct fact){ 0,
		    "inventory.part", NULL, part, "json:" }, &err), &err);
}

static void say_entry(struct stage *s, char *p)
{
	struct listing l = { .role = s->artifact.format };
	struct err err = ERR_INIT;
	struct str chain = STR_INIT;
	char digest[72], layer[72], at[32];
	const char *digit, *layers;

	l.repository = field(&p);
	l.tag = field(&p);
	digit = field(&p);
	layers = field(&p);
	l.created = field(&p);
	for (int i = 0; layers != NULL && layers[i] != '\0'; i++) {
		digest_of(layers[i], layer);
		str_addf(&chain, "%s%s", i > 0 ? "\n" : "", layer);
	}
	if (digit != NULL)
		digest_of(digit[0], digest);
	l.digest = digit != NULL ? digest : NULL;
	l.chain = chain.s;
	snprintf(at, sizeof(at), "json:/images/%d", s->entries++);
	l.locator = at;
	assert_ok(sink_listing(&s->to.sink, &l, &err), &err);
	str_free(&chain);
}

static void say_run(struct stage *s, char *p)
{
	const char *name = field(&p), *image = field(&p);
	struct err err = ERR_INIT;
	char key[64];

	begin_file(s, "pod.yaml", "kubernetes");
	snprintf(key, sizeof(key), "Pod/default/%s/c", name);
	assert_true(sink_target(&s->to.sink, &(struct target){
	    .kind = "workload", .key = key, .name = key,
	    .locator = "yaml:1:1" }, &err) == 1);
	say_fact(s, "pod.image", NULL, image);
}

static void base64(struct str *out, const void *bytes, size_t len)
{
	char *text = malloc(4 * (len / 3 + 1) + 1);

	str_addn(out, text, (size_t)EVP_EncodeBlock((unsigned char *)text,
	    bytes, (int)len));
	free(text);
}

/* Its key, so that it can be trusted. */
static void sign(const struct str *payload, struct str *signature,
    struct str *pem)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	BIO *bio = BIO_new(BIO_s_mem());
	unsigned char bytes[256];
	size_t len = sizeof(bytes);
	char *text;
	long n;

	assert_non_null(key);
	assert_int_equal(EVP_DigestSignInit(md, NULL, EVP_sha256(), NULL,
	    key), 1);
	assert_int_equal(EVP_DigestSign(md, bytes, &len,
	    (const unsigned char *)payload->s, payload->len), 1);
	base64(signature, bytes, len);
	assert_int_equal(PEM_write_bio_PUBKEY(bio, key), 1);
	n = BIO_get_mem_data(bio, &text);
	str_addn(pem, text, (size_t)n);
	BIO_free(bio);
	EVP_MD_CTX_free(md);
	EVP_PKEY_free(key);
}

static void say_sign(struct stage *s, char *p)
{
	const char *digit = field(&p), *repository = field(&p);
	const char *prefix = field(&p);
	struct str payload = STR_INIT, packed = STR_INIT, pem = STR_INIT;
	struct str signature = STR_INIT, id = STR_INIT;
	struct err err = ERR_INIT;
	char digest[72], hex[SHA_HEX];

	digest_of(digit[0], digest);
	str_addf(&payload, "{\"critical\":{\"identity\":{\"docker-reference\":"
	    "\"%s\"},\"image\":{\"docker-manifest-digest\":\"%s\"},\"type\":"
	    "\"cosign container image signature\"},\"optional\":null}",
	    repository, digest);
	sign(&payload, &signature, &pem);
	base64(&packed, payload.s, payload.len);
	sha_of(payload.s, payload.len, hex);
	begin_file(s, "signatures", "cosign");
	assert_ok(sink_signature(&s->to.sink, &(struct signature){ 0,
	    "cosign", digest, digest, repository, NULL, packed.s, hex,
	    signature.s, NULL, NULL, "ok", "json:" }, &err), &err);
	end_file(s);
	if (prefix != NULL) {
		assert_ok(store_begin(s->st, &err), &err);
		assert_ok(trust_add(s->st, &(struct trust_new){
		    .key = pem.s, .len = pem.len, .prefix = prefix }, &id,
		    &err), &err);
		assert_ok(store_commit(s->st, &err), &err);
	}
	str_free(&payload);
	str_free(&packed);
	str_free(&pem);
	str_free(&signature);
	str_free(&id);
}

static void say_line(struct stage *s, char *line)
{
	char *p = strchr(line, ' ');
	const char *a, *b;

	if (p == NULL) {
		assert_string_equal(line, "new");
		s->batches++;
		return;
	}
	*p++ = '\0';
	if (strcmp(line, "image") == 0) {
		say_image(s, p);
	} else if (strcmp(line, "label") == 0) {
		a = field(&p);
		say_fact(s, "config.label", a, p);
	} else if (strcmp(line, "fact") == 0) {
		a = field(&p);
		b = field(&p);
		say_fact(s, a, b, p);
	} else if (strcmp(line, "list") == 0) {
		say_list(s, p);
	} else if (strcmp(line, "entry") == 0) {
		say_entry(s, p);
	} else if (strcmp(line, "sign") == 0) {
		say_sign(s, p);
	} else {
		assert_string_equal(line, "run");
		say_run(s, p);
	}
}

static void set_stage(struct stage *s, const char *scene)
{
	char *copy = strdup(scene), *save, *line;

	for (line = strtok_r(copy, "\n", &save); line != NULL;
	    line = strtok_r(NULL, "\n", &save))
		say_line(s, line);
	end_file(s);
	free(copy);
}

/* Of the image whose digest is all ones, or the first there is. */
static void find(struct store *st, const struct row *r, struct str *verdict,
    struct str *reasons)
{
	const char *digit = strchr(r->scene, '|') + 1;
	struct err err = ERR_INIT;
	struct query q;
	char key[72];
	int rc;

	digest_of(digit[0], key);
	query_open(&q, st, SQL_SHOW_RESULTS, BIND(V((const char *)NULL)));
	while ((rc = query_next(&q, &err)) > 0)
		if (strcmp(query_text(&q, 0), key) == 0 &&
		    strcmp(query_text(&q, 3), r->requirement) == 0) {
			str_add(verdict, query_text(&q, 4));
			str_add(reasons, query_text(&q, 8));
		}
	query_close(&q);
	assert_ok(rc, &err);
}

static void decided(void **state)
{
	const struct row *r = *state;
	struct str verdict = STR_INIT, reasons = STR_INIT;
	struct err err = ERR_INIT;
	struct stage s = { .st = store_open(":memory:", STORE_CREATE, &err) };

	assert_non_null(s.st);
	set_stage(&s, r->scene);
	assert_ok(assess_run(s.st, "2026-12-01T00:00:00Z", &err), &err);
	find(s.st, r, &verdict, &reasons);
	if (strstr(str_text(&reasons), r->part) == NULL ||
	    strcmp(str_text(&verdict), r->verdict) != 0)
		print_error("%s: %s\n", str_text(&verdict),
		    str_text(&reasons));
	assert_string_equal(str_text(&verdict), r->verdict);
	assert_non_null(strstr(str_text(&reasons), r->part));
	str_free(&verdict);
	str_free(&reasons);
	store_close(s.st);
}

static void versions_are_compared(void **state)
{
	static const struct {
		const char *a, *at, *b, *bt;
		enum source_order order;
		enum source_how how;
	} pairs[] = {
		{ "1.9", NULL, "1.10", NULL, ORDER_OLDER, HOW_TAG },
		{ "v1.2.10", NULL, "1.2.9", NULL, ORDER_NEWER, HOW_TAG },
		{ "1.2", NULL, "1.2.3", NULL, ORDER_SAME, HOW_NOT },
		{ "1.2-slim", "2026-01-01", "1.2", "2026-01-02", ORDER_SAME,
		    HOW_NOT },
		{ "9.4-1214", NULL, "9.4-900", NULL, ORDER_NEWER, HOW_TAG },
		{ "2.0-rc1", NULL, "2.0", NULL, ORDER_OLDER, HOW_TAG },
		{ "20261101", NULL, "20260901", NULL, ORDER_NEWER, HOW_TAG },
		{ "3.0", "2026-01-01", "2.9", "2026-02-01", ORDER_OLDER,
		    HOW_DATE },
		{ "1.0", "2026-01-01", "1.0", "2026-02-01", ORDER_OLDER,
		    HOW_DATE },
		{ "1.1", "2026-01-01", "1.0", "2026-01-01T00:00:00Z",
		    ORDER_NEWER, HOW_TAG },
		{ "latest", NULL, "1.0", NULL, ORDER_UNKNOWN, HOW_NOT },
		{ "1a2b3c4", NULL, "1.0", NULL, ORDER_UNKNOWN, HOW_NOT },
		{ NULL, "2026-01-01", NULL, "2026-01-02", ORDER_OLDER,
		    HOW_DATE },
		{ "12345678901234567890", NULL, "1", NULL, ORDER_UNKNOWN,
		    HOW_NOT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct source_version a = { pairs[i].a, pairs[i].at };
		struct source_version b = { pairs[i].b, pairs[i].bt };
		enum source_how how;
		enum source_order order = source_order(&a, &b, &how);

		if (order != pairs[i].order || how != pairs[i].how)
			fail_msg("%s, %s: %d by %d", a.tag, b.tag, order, how);
	}
}

int main(void)
{
	struct CMUnitTest tests[1 + sizeof(rows) / sizeof(rows[0])] = {
		cmocka_unit_test(versions_are_compared),
	};
	size_t n = 1;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		tests[n++] = (struct CMUnitTest){ .name = rows[i].says,
		    .test_func = decided,
		    .initial_state = (void *)(uintptr_t)&rows[i] };
	return _cmocka_run_group_tests("source", tests, n, NULL, NULL);
}
