/* test_sift.c - credentials in the bytes of files, however they come. */
#include "test.h"

#include <stdlib.h>

#include "muster/cap.h"
#include "muster/keys.h"
#include "muster/secret.h"
#include "src/image/sift.h"
#include "src/image/token.h"

#define R24 "f8Kq2LmX0vRt5WzB7nYc3HdP"
#define TOKEN_A "gh" "p_" R24 "a1S9uJ6eG4iO"

/* One file in pieces of a size; the hits are the caller's to free. */
static struct sift_hits sift_pieces(const char *path, const void *bytes,
    size_t len, size_t piece)
{
	struct sift_hits hits = { 0 };
	struct sift *s = sift_new(&hits);
	const char *p = bytes;

	sift_begin(s, path, (int64_t)len, 7);
	for (size_t n; len > 0; p += n, len -= n) {
		n = len < piece ? len : piece;
		sift_add(s, p, n);
	}
	sift_end(s);
	sift_free(s);
	return hits;
}

static struct sift_hits sift_text(const char *path, const char *text)
{
	return sift_pieces(path, text, strlen(text), strlen(text) + 1);
}

static void must_find(const char *path, const char *text, const char *rule,
    enum secret_grade least)
{
	struct sift_hits h = sift_text(path, text);
	bool found = false;

	for (size_t i = 0; i < h.n; i++)
		found |= strcmp(h.hit[i].rule, rule) == 0 &&
		    h.hit[i].grade >= least;
	if (!found)
		fail_msg("%s: not found in its example (%zu others)", rule,
		    h.n);
	free(h.hit);
}

static void must_pass(const char *path, const char *text, const char *rule)
{
	struct sift_hits h = sift_text(path, text);

	if (h.n != 0)
		fail_msg("%s: \"%s\" gives %s", rule, text, h.hit[0].rule);
	free(h.hit);
}

static void every_rule_finds_its_example_and_not_its_counterexample(void **st)
{
	const struct secret_rule *r;
	size_t i, n = 0;

	(void)st;
	for (i = 0; (r = sift_file_rule(i)) != NULL; i++) {
		if (r->yes == NULL)
			continue;
		must_find(r->name, r->yes, r->id, r->grade);
		must_pass(r->name, r->no, r->id);
		n++;
	}
	for (i = 0; (r = sift_proof_rule(i)) != NULL; i++, n++) {
		must_find(r->name, r->yes, r->id, r->grade);
		must_pass(r->name, r->no, r->id);
	}
	assert_true(n > 14);
}

static void every_token_is_found_in_any_file(void **st)
{
	const struct secret_rule *r;
	struct sift_pattern p;
	size_t i = 0;

	(void)st;
	for (size_t k = 0; sift_find_pattern(k, &p); k++)
		if (p.sign == SIFT_TOKEN) {
			r = token_rule(i++);
			must_find("bin/x", r->yes, r->id, GRADE_TOKEN);
			must_pass("bin/x", r->no, r->id);
		}
	assert_true(i > 25);
}

/* Where files' pieces end makes no difference, nor where in it a token is. */
static void a_token_lies_over_any_edge(void **st)
{
	static const size_t places[] = { 0, 65500, 131060, SIFT_BLOCK - 20,
	    SIFT_BLOCK - SIFT_OVERLAP - 10, SIFT_BLOCK - SIFT_OVERLAP,
	    2 * SIFT_BLOCK - SIFT_OVERLAP - 5, 599900 };
	static const size_t pieces[] = { 1, 4096, 65536, 99991, 700000 };
	const size_t size = 600000;
	char *bytes = malloc(size);

	(void)st;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		for (size_t k = 0; k < sizeof(pieces) / sizeof(*pieces); k++) {
			struct sift_hits h;

			memset(bytes, k % 2 != 0 ? '\0' : ' ', size);
			memcpy(bytes + places[i], TOKEN_A,
			    strlen(TOKEN_A));
			h = sift_pieces("x", bytes, size, pieces[k]);
			assert_int_equal(h.n, 1);
			assert_int_equal(h.hit[0].at, places[i]);
			assert_int_equal(h.hit[0].entry, 7);
			assert_string_equal(h.hit[0].rule, "github-token");
			free(h.hit);
		}
	free(bytes);
}

static void utf_16_is_text_in_both_orders(void **st)
{
	static const char text[] = "password = \"" TOKEN_A "\"\r\n";
	char wide[2 * sizeof(text) + 4];

	(void)st;
	for (int big = 0; big < 2; big++) {
		struct sift_hits h;
		size_t n = 0;

		for (size_t i = 0; i < sizeof(text) - 1; i++) {
			wide[n++] = big ? '\0' : text[i];
			wide[n++] = big ? text[i] : '\0';
		}
		h = sift_pieces("x.ps1", wide, n, n);
		assert_int_equal(h.n, 1);
		assert_int_equal(h.hit[0].at, 24 + big);
		assert_string_equal(h.hit[0].rule, "github-token");
		free(h.hit);
	}
}

/* Keys made for this test with openssl, and one in OpenSSH's form; they guard
 * nothing. */
static const char ec_key[] =
    "-----BEGIN PRIV" "ATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgRJ1PmG3nsks+w0C+\n"
    "Pmv147qvys6BCjN4CbwXWExL4DKhRANCAASdX0iGyl73hN67e7B+vib5TVLpqZpR\n"
    "CvsSRXRBGgVx9NnaU4hAVQmPAMYhA4wggdShZpOI9D21ra9h2o1cvS+Z\n"
    "-----END PRIVATE KEY-----\n";
static const char ssh_key[] =
    "-----BEGIN OPENSSH PRIV" "ATE KEY-----\n"
    "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n"
    "QyNTUxOQAAACDHekyz508KKKYVjsiy6k0Zoy5ixkFX0aw55Tx/tvDT2wAAAIi9/ylDvf8p\n"
    "QwAAAAtzc2gtZWQyNTUxOQAAACDHekyz508KKKYVjsiy6k0Zoy5ixkFX0aw55Tx/tvDT2w\n"
    "AAAEChsqmM5qJpUUk0v+5UBDZ55k4fdFQ6zBV4CRH6Cv9om7X7nVHXOfyEzgVyUmiHvmAn\n"
    "+7rBqtuhFScCrch5+jxrAAAABHRlc3QB\n"
    "-----END OPENSSH PRIVATE KEY-----\n";
static const char locked_key[] =
    "-----BEGIN ENCRYPTED PRIV" "ATE KEY-----\n"
    "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhzO9i571Vu2gICCAAw\n"
    "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEBxwD4alcWTQketVILOSR6AEgZCW\n"
    "MUg7RxOqylvi3GUDUjBWXDK1javONF5Ds9m1k2E0E0BCjXJT3HthOQDkGaQdviBS\n"
    "2d8UzbYB9FcoU0M2wmsBuUUmOJ+n9Df8/QYGaBTYcko5HVRAXc2hBBYmvQJOwRZD\n"
    "3rN1wzuMFznjiX/PAlOq0YCTlnYDVw4f7LjBFfZOeLZUXrQHarkZk1BgxMKifKw=\n"
    "-----END ENCRYPTED PRIVATE KEY-----\n";

static void keys_are_parsed(void **st)
{
	(void)st;
	assert_int_equal(keys_parse_pem(ec_key, strlen(ec_key)), KEYS_PLAIN);
	assert_int_equal(keys_parse_pem(ssh_key, strlen(ssh_key)),
	    KEYS_PLAIN);
	assert_int_equal(keys_parse_pem(locked_key, strlen(locked_key)),
	    KEYS_ENCRYPTED);
	assert_int_equal(keys_parse_pem(ec_key, strlen(ec_key) / 2),
	    KEYS_NONE);
	must_find("k", ec_key, "private-key", GRADE_KEY);
	must_find("k", ssh_key, "private-key", GRADE_KEY);
	must_find("k", locked_key, "private-key", GRADE_KEY);
}

/* Line ends as JSON writes them, lines in quotes, indented in YAML. */
static void a_key_is_one_however_it_is_written(void **st)
{
	static const char *const around[][2] = {
		{ "", "\\n" }, { "  \"", "\\n\"\n" }, { "\t'", "' +\n" },
		{ "    ", "\r\n" },
	};

	(void)st;
	for (size_t i = 0; i < 4; i++) {
		struct str text = STR_INIT;

		for (const char *p = ec_key; *p != '\0';
		    p += strcspn(p, "\n") + 1) {
			str_add(&text, around[i][0]);
			str_addn(&text, p, strcspn(p, "\n"));
			str_add(&text, around[i][1]);
		}
		must_find("x", text.s, "private-key", GRADE_KEY);
		str_free(&text);
	}
}

static void a_key_store_counts_when_it_holds_a_key(void **st)
{
	static const char head[] = "\xfe\xed\xfe\xed\0\0\0\2\0\0\0\1";
	static const char body[] = "\0\1x\1\2\3\4\5\6\7\10\0\0\0\4abcd";
	char bytes[64];

	(void)st;
	for (char kind = 1; kind <= 2; kind++) {
		struct sift_hits h;

		memcpy(bytes, head, 12);
		memcpy(bytes + 12, "\0\0\0", 3);
		bytes[15] = kind;
		memcpy(bytes + 16, body, sizeof(body));
		h = sift_pieces("app/a.jks", bytes, 16 + sizeof(body), 64);
		assert_int_equal(h.n, kind == 1 ? 1 : 0);
		free(h.hit);
	}
}

static void hits_are_counted_beyond_the_cap(void **st)
{
	struct str text = STR_INIT;
	struct sift_hits h;

	(void)st;
	for (int i = 0; i < cap(CAP_IMAGE_CREDENTIALS) + 5; i++)
		str_add(&text, TOKEN_A "\n");
	h = sift_pieces("x", text.s, text.len, text.len);
	assert_int_equal(h.n, cap(CAP_IMAGE_CREDENTIALS));
	assert_true(h.more > 0);
	free(h.hit);
	str_free(&text);
}

static void a_large_file_made_for_credentials_is_not_called_read(void **st)
{
	char *bytes = malloc(SIFT_WHOLE + 1);
	struct sift_hits h;

	(void)st;
	memset(bytes, '\n', SIFT_WHOLE + 1);
	h = sift_pieces("root/.netrc", bytes, SIFT_WHOLE + 1, 65536);
	assert_int_equal(h.unread, 1);
	free(h.hit);
	free(bytes);
}

/* The secret itself is in no part of what is kept. */
static void what_is_kept_shows_no_secret(void **st)
{
	struct sift_hits h = sift_text("x", "t=" TOKEN_A);

	(void)st;
	assert_int_equal(h.n, 1);
	assert_string_equal(h.hit[0].preview, "ghp_************");
	free(h.hit);
}

/* Text made of nothing but signs is read to its end, and a sign is no hit. */
static void a_file_full_of_signs_is_read_to_its_end(void **st)
{
	static const char *const signs[] = {
		"\"auths\"", "secret_access_key=", "eyJabcdefghijkl.",
		"PuTTY-User-Key-File-2: ", "x://u:p", "client-key-data: LS0t",
		"-----BEGIN PRIVATE KEY-----Proc-Type:", "xox" "b-",
		"e\0y\0J\0a\0b\0c\0d\0e\0f\0g\0h\0i\0j\0k\0l\0",
	};
	const size_t size = 4 << 20;
	char *bytes = malloc(size);

	(void)st;
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		size_t n = i == 8 ? 30 : strlen(signs[i]);
		struct sift_hits h;

		for (size_t at = 0; at < size; at++)
			bytes[at] = signs[i][at % n];
		h = sift_pieces("x", bytes, size, 65536);
		assert_in_range(h.n, 0, size / n);
		free(h.hit);
	}
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    every_rule_finds_its_example_and_not_its_counterexample),
		cmocka_unit_test(every_token_is_found_in_any_file),
		cmocka_unit_test(a_token_lies_over_any_edge),
		cmocka_unit_test(utf_16_is_text_in_both_orders),
		cmocka_unit_test(keys_are_parsed),
		cmocka_unit_test(a_key_is_one_however_it_is_written),
		cmocka_unit_test(a_key_store_counts_when_it_holds_a_key),
		cmocka_unit_test(hits_are_counted_beyond_the_cap),
		cmocka_unit_test(
		    a_large_file_made_for_credentials_is_not_called_read),
		cmocka_unit_test(what_is_kept_shows_no_secret),
		cmocka_unit_test(a_file_full_of_signs_is_read_to_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
