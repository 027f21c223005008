/* test_base.c - text, dates, digests, references: the first floor. */
#include <stdlib.h>

#include <fnmatch.h>

#include "test.h"
#include "muster/date.h"
#include "muster/ref.h"
#include "muster/sha.h"

static void dates_are_read_as_instants(void **state)
{
	static const struct {
		const char *text, *utc;		/* NULL: refused */
	} rows[] = {
		{ "2026-11-23", "2026-11-23T00:00:00Z" },
		{ "2026-11-23T21:36:23Z", "2026-11-23T21:36:23Z" },
		{ "2026-11-23 21:36:23.5 +0100", "2026-11-23T20:36:23Z" },
		{ "2021-11-30T14:34:55+01:00", "2021-11-30T13:34:55Z" },
		{ "2014-10-17T09:07:55", "2014-10-17T09:07:55Z" },
		{ "2024-02-29", "2024-02-29T00:00:00Z" },
		{ "2023-02-29", NULL },
		{ "2026-13-01", NULL },
		{ "23.11.2026", NULL },
		{ "2026-11-23T25:00:00Z", NULL },
		{ "2026-11-23T21:36:23Q", NULL },
		{ "0007-01-01", "0007-01-01T00:00:00Z" },
		{ "0000-01-01T00:00:00+01:00", NULL },
		{ "9999-12-31T23:59:00-01:00", NULL },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char out[DATE_SIZE];
		int64_t t;
		bool ok = date_parse(rows[i].text, &t);

		assert_int_equal(ok, rows[i].utc != NULL);
		if (!ok)
			continue;
		date_format(t, out);
		assert_string_equal(out, rows[i].utc);
	}
}

static void source_date_epoch_stands_in_for_as_of(void **state)
{
	char out[DATE_SIZE];

	(void)state;
	setenv("SOURCE_DATE_EPOCH", "86400", 1);
	assert_true(date_as_of(NULL, out));
	assert_string_equal(out, "1970-01-02T00:00:00Z");
	assert_true(date_as_of("2026-01-01", out));
	assert_string_equal(out, "2026-01-01T00:00:00Z");
	setenv("SOURCE_DATE_EPOCH", "soon", 1);
	assert_false(date_as_of(NULL, out));
	unsetenv("SOURCE_DATE_EPOCH");
}

static void a_uuid_depends_on_its_name_alone(void **state)
{
	char a[37], b[37], c[37];

	(void)state;
	sha_uuid5("one", a);
	sha_uuid5("one", b);
	sha_uuid5("two", c);
	assert_string_equal(a, b);
	assert_string_not_equal(a, c);
	assert_int_equal(a[14], '5');
	assert_non_null(strchr("89ab", a[19]));
}

static void digests_are_those_of_fips_180(void **state)
{
	char hex[SHA_HEX];

	(void)state;
	sha_of("abc", 3, hex);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a3"
	    "96177a9cb410ff61f20015ad");
	assert_true(sha_is_digest("sha256:ba7816bf8f01cfea414140de5dae2223b003"
	    "61a396177a9cb410ff61f20015ad"));
	assert_false(sha_is_digest("sha256:BA78"));
	assert_false(sha_is_digest("sha256:../../../etc/passwd"));
}

static void references_are_spelled_one_way(void **state)
{
	static const struct {
		const char *text, *repo, *tag;	/* repo NULL: no reference */
	} rows[] = {
		{ "debian", "docker.io/library/debian", "" },
		{ "debian:12", "docker.io/library/debian", "12" },
		{ "bitnami/nginx", "docker.io/bitnami/nginx", "" },
		{ "index.docker.io/library/a:1", "docker.io/library/a", "1" },
		{ "docker.io/debian:12", "docker.io/library/debian", "12" },
		{ "Registry-1.Docker.io/a/b", "docker.io/a/b", "" },
		{ "REG.example/a/b", "reg.example/a/b", "" },
		{ "localhost:5000/a/b:c", "localhost:5000/a/b", "c" },
		{ "localhost/a", "localhost/a", "" },
		{ "registry.example.mil/x/y", "registry.example.mil/x/y", "" },
		{ "docker://debian:12", "docker.io/library/debian", "12" },
		{ "", NULL, NULL },
		{ "a b", NULL, NULL },
		{ "debian@sha256:12", NULL, NULL },
		{ "debian:", NULL, NULL },
	};
	struct ref r;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool ok = ref_parse(rows[i].text, &r);

		assert_int_equal(ok, rows[i].repo != NULL);
		if (!ok)
			continue;
		assert_string_equal(r.repo, rows[i].repo);
		assert_string_equal(r.tag, rows[i].tag);
	}
}

static void a_reference_without_a_tag_means_latest(void **state)
{
	struct ref a, b, c;

	(void)state;
	assert_true(ref_parse("debian", &a));
	assert_true(ref_parse("docker.io/library/debian:latest", &b));
	assert_true(ref_parse("debian:12", &c));
	assert_true(ref_same_tag(&a, &b));
	assert_false(ref_same_tag(&a, &c));
}

static void json_text_survives_every_byte(void **state)
{
	struct str b = STR_INIT;

	(void)state;
	str_json(&b, "a\"b\\c\n\x01\x7f\xc3\xa4");
	assert_string_equal(b.s, "\"a\\\"b\\\\c\\n\\u0001\\u007f\xc3\xa4\"");
	str_free(&b);
}

static void paths_are_escaped_reversibly(void **state)
{
	struct str b = STR_INIT;

	(void)state;
	str_path(&b, "/a\xff\\\n\xc3\xa4", 7);
	assert_string_equal(b.s, "/a\\xff\\\\\\x0a\xc3\xa4");
	str_free(&b);
}

static void invalid_text_becomes_visible(void **state)
{
	struct str b = STR_INIT;

	(void)state;
	str_utf8(&b, "a\0b\xff\xed\xa0\x80", 7);
	assert_string_equal(b.s, "a\xe2\x90\x80" "b\xef\xbf\xbd\xef\xbf\xbd"
	    "\xef\xbf\xbd\xef\xbf\xbd");
	assert_true(str_is_utf8(b.s, b.len));
	assert_false(str_is_utf8("\xc0\x80", 2));
	str_free(&b);
}

static void terminals_are_not_steered_by_evidence(void **state)
{
	char buf[128] = "";
	FILE *f = fmemopen(buf, sizeof(buf), "w");

	(void)state;
	assert_non_null(f);
	str_safe(f, "a\033[31m\xe2\x80\xae\xc2\x9b" "b");
	fclose(f);
	assert_string_equal(buf, "a\\x1b[31m\\u{202e}\\x9bb");
}

static void severities_have_one_scale(void **state)
{
	(void)state;
	assert_int_equal(severity_of("Important"), SEV_HIGH);
	assert_int_equal(severity_of("moderate"), SEV_MEDIUM);
	assert_int_equal(severity_of("UNIMPORTANT"), SEV_NEGLIGIBLE);
	assert_int_equal(severity_of(NULL), SEV_UNKNOWN);
	assert_int_equal(severity_of("dire"), SEV_UNKNOWN);
	assert_string_equal(severity_name(SEV_CRITICAL), "critical");
}

/* A message may quote an input, and cut it anywhere. */
static void errors_are_text(void **state)
{
	static const struct { const char *quoted, *text; } rows[] = {
		{ "plain", "plain" },
		{ "Gr\xc3\xbc\xc3\x9f" "e", "Gr\xc3\xbc\xc3\x9f" "e" },
		{ "cut \xe2\x82", "cut \\xe2\\x82" },
		{ "\xff in it", "\\xff in it" },
	};
	struct err err;
	char big[600];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		err_set(&err, ERR_INPUT, "%s", rows[i].quoted);
		assert_string_equal(err.text, rows[i].text);
		err_place(&err, "%s", rows[i].quoted);
		assert_string_equal(err.place, rows[i].text);
		err_during(&err, "%s", rows[i].quoted);
		assert_string_equal(err.during, rows[i].text);
	}
	memset(big, 0xff, sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	err_set(&err, ERR_INPUT, "%s", big);
	assert_true(str_is_utf8(err.text, strlen(err.text)));
	assert_true(strlen(err.text) > 500);
}

static void numbers_are_whole_or_refused(void **state)
{
	int64_t v;

	(void)state;
	assert_true(str_int("42", 0, 100, &v));
	assert_int_equal(v, 42);
	assert_false(str_int("42x", 0, 100, &v));
	assert_false(str_int("101", 0, 100, &v));
	assert_false(str_int(" 1", 0, 100, &v));
	assert_false(str_int("", 0, 100, &v));
	assert_false(str_int("99999999999999999999", 0, INT64_MAX, &v));
}

/* A pattern rejected early must be one that fnmatch() rejects. */
static void globs_agree_with_fnmatch(void **state)
{
	static const char *const patterns[] = {
		"", "*", "a", "a*", "*a", "a*b", "*ab*", "?", "a?b", "[ab]c",
		"*[ab]", "x[*]", "\\*", "*\\?", "a\\", "[", "*]", "a*[", "**b",
		"*/.netrc", "etc/*/run",
	};
	static const char *const texts[] = {
		"", "a", "b", "ab", "acb", "aab", "bc", "x*", "*", "a?", "]",
		"a[", "a\\", "root/.netrc", "etc/sv/x/run", "etc/run", "c]",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++)
		for (size_t k = 0; k < sizeof(texts) / sizeof(*texts); k++)
			if (str_glob(patterns[i], texts[k]) !=
			    (fnmatch(patterns[i], texts[k], 0) == 0))
				fail_msg("\"%s\" and \"%s\"", patterns[i],
				    texts[k]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(globs_agree_with_fnmatch),
		cmocka_unit_test(dates_are_read_as_instants),
		cmocka_unit_test(source_date_epoch_stands_in_for_as_of),
		cmocka_unit_test(a_uuid_depends_on_its_name_alone),
		cmocka_unit_test(digests_are_those_of_fips_180),
		cmocka_unit_test(references_are_spelled_one_way),
		cmocka_unit_test(a_reference_without_a_tag_means_latest),
		cmocka_unit_test(json_text_survives_every_byte),
		cmocka_unit_test(paths_are_escaped_reversibly),
		cmocka_unit_test(invalid_text_becomes_visible),
		cmocka_unit_test(terminals_are_not_steered_by_evidence),
		cmocka_unit_test(severities_have_one_scale),
		cmocka_unit_test(numbers_are_whole_or_refused),
		cmocka_unit_test(errors_are_text),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
