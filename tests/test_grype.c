/* test_grype.c - Grype's reports, of every version; names and digests. */
#include "test.h"

#include "src/import/ident.h"

#define ONES	"1111111111111111111111111111111111111111111111111111111111111111"
#define TWOS	"2222222222222222222222222222222222222222222222222222222222222222"
#define THREES	"3333333333333333333333333333333333333333333333333333333333333333"
#define FOURS	"4444444444444444444444444444444444444444444444444444444444444444"
#define FIVES	"5555555555555555555555555555555555555555555555555555555555555555"

/* A file, how many records of each kind, counts, and lines among them. */
static const struct {
	const char *file;
	int findings, identities, warnings, read, unplaced;
	const char *lines[10];
} rows[] = {
	{ "samples/grype/small.json", 4, 5, 0, 6, 0, {
	    "META|tool|grype\n",
	    "META|tool_version|0.94.0\n",
	    "META|tool_db|2025-06-19T04:12:38Z\n",
	    "META|produced|2025-06-19T11:43:35.523947199Z\n",
	    "TARGET|1|image|-|-|json:/source\n",
	    "FINDING|1|vulnerability|CVE-2021-36159|-|apk-tools|2.10.6-r0|apk|"
	    "pkg:apk/alpine/apk-tools@2.10.6-r0?arch=x86_64|5|Critical|"
	    "2.10.7-r0|1|/lib/apk/db/installed|-|"
	    "https://security.example.org/CVE-2021-36159|-|json:/matches/0\n",
	    /* aliases once each, paths one a line, title on one line */
	    "FINDING|1|vulnerability|GHSA-jfh8-c2jp-5v3q|CVE-2021-44228\n"
	    "CVE-2021-45046|log4j-core|2.14.1|java-archive|"
	    "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1|5|Critical|"
	    "2.15.0, 2.12.2|1|/opt/app/lib/log4j-core-2.14.1.jar\n"
	    "/opt/app/app.war|-|Remote code injection in Log4j, by way of "
	    "lookups|-|json:/matches/1\n",
	    /* null lists; the state decides about fixable */
	    "FINDING|1|vulnerability|CVE-2010-4756|-|libc6|1:2.31-13|deb|-|1|"
	    "Negligible|-|0|-|-|-|-|json:/matches/2\n",
	    /* no severity is unknown, not negligible */
	    "FINDING|1|vulnerability|CVE-2022-28391|-|busybox|1.35.0|binary|-|"
	    "0|-|1.36.0|0|-|-|-|-|json:/matches/3\n",
	    "STATEMENT|1|ignore|CVE-2019-0001|-|-|-|-|ignored|-|-|"
	    "grype|-|-|-|json:/ignoredMatches/0\n" } },
	{ "samples/grype/old.json", 2, 2, 1, 2, 0, {
	    "|CVE-2019-18276|-|bash|5.0-4|deb|-|1|Negligible|-|0|",
	    "|CVE-2020-8177|-|curl|7.64.0-4+deb10u1|deb|-|3|Medium|"
	    "7.64.0-4+deb10u2|1|",
	    "IDENTITY|1|tag|old:1\n",
	    "IDENTITY|1|config|sha256:" FOURS "\n",
	    "WARNING|json:/source/target/manifestDigest|\"nothing of" } },
	{ "samples/grype/clean.json", 0, 1, 0, 0, 0, {
	    "IDENTITY|1|repodigest|docker.io/library/empty@sha256:" FIVES,
	    "META|tool_db|2023-09-01T01:26:55Z\n" } },
	{ "samples/grype/directory.json", 0, 0, 1, 0, 0, {
	    "TARGET|1|image|-|/srv/app|json:/source\n",
	    "WARNING|json:/source|the report names no image "
	    "(directory /srv/app)" } },
};

/* The package that one is built from stands beside it, and the report does not
 * say so of all. */
static void a_source_package_is_told(void **st)
{
	struct err err = ERR_INIT;
	struct memo m;

	(void)st;
	memo_init(&m);
	assert_ok(memo_import(&m, "samples/story/grype.json", NULL, &err),
	    &err);
	assert_int_equal(memo_count(&m, "|source:expat|json:/matches/"), 3);
	assert_true(memo_count(&m, "|source:") <
	    m.kinds[REC_FINDING]);
	memo_free(&m);
}

static void every_match_is_a_finding(void **st)
{
	(void)st;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err err = ERR_INIT;
		struct memo m;

		memo_init(&m);
		assert_ok(memo_import(&m, rows[i].file, NULL, &err), &err);
		assert_int_equal(m.kinds[REC_TARGET], 1);
		assert_int_equal(m.kinds[REC_FINDING], rows[i].findings);
		assert_int_equal(m.kinds[REC_IDENTITY], rows[i].identities);
		assert_int_equal(m.kinds[REC_WARNING], rows[i].warnings);
		assert_int_equal(m.sink.counts[COUNT_READ], rows[i].read);
		assert_int_equal(m.sink.counts[COUNT_UNPLACED],
		    rows[i].unplaced);
		for (int k = 0; k < 10 && rows[i].lines[k] != NULL; k++)
			if (memo_count(&m, rows[i].lines[k]) != 1)
				fail_msg("%s: not once: %s\n%s", rows[i].file,
				    rows[i].lines[k], str_text(&m.text));
		memo_free(&m);
	}
}

static const struct {
	const char *file, *says, *place;
	int line;
} refused[] = {
	{ "samples/grype/malformed.json", "ends early",
	    "/matches/1/vulnerability/id", 5 },
	{ "samples/grype/no-id.json", "without an identifier", "/matches/1",
	    3 },
	{ "samples/grype/no-array.json", "no array", "/matches", 1 },
	{ "samples/grype/no-object.json", "no object", "/matches/0/artifact",
	    2 },
	{ "samples/twistcli/small.json", "no \"matches\"", "", 0 },
};

static void what_is_no_report_is_refused_with_its_place(void **st)
{
	(void)st;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct err err = ERR_INIT;
		struct memo m;

		memo_init(&m);
		assert_int_equal(memo_import(&m, refused[i].file, "grype",
		    &err), -1);
		assert_int_equal(err.kind, ERR_INPUT);
		if (!str_contains(err.text, refused[i].says))
			fail_msg("%s: %s", refused[i].file, err.text);
		assert_string_equal(err.place, refused[i].place);
		assert_int_equal(err.line, refused[i].line);
		assert_string_equal(err.file, refused[i].file);
		memo_free(&m);
	}
}

/* What a scanner was asked for, and the identities it gives. */
static const struct {
	const char *text, *lines;
} references[] = {
	{ "golang:1.12-alpine", "IDENTITY|1|tag|golang:1.12-alpine\n" },
	{ "localhost:5000/a/b:1", "IDENTITY|1|tag|localhost:5000/a/b:1\n" },
	{ "Reg.example.mil/a:V1", "IDENTITY|1|tag|Reg.example.mil/a:V1\n" },
	{ "a/b:1@sha256:" ONES, "IDENTITY|1|tag|a/b:1\n"
	    "IDENTITY|1|repodigest|a/b@sha256:" ONES "\n" },
	{ "h:80/b@sha256:" ONES, "IDENTITY|1|repodigest|h:80/b@sha256:" ONES
	    "\n" },
	{ "registry:example.mil/a:1", "IDENTITY|1|tag|example.mil/a:1\n" },
	{ "docker:alpine:3.19", "IDENTITY|1|tag|alpine:3.19\n" },
	{ "docker:24", "IDENTITY|1|tag|docker:24\n" },
	/* no tag, no digest, no image */
	{ "golang", "" }, { "h:80/golang", "" }, { "", "" },
	{ "./image.tar", "" }, { "/srv/a:b", "" }, { "a b:1", "" },
	{ "docker-archive:image.tar", "" }, { "dir:build", "" },
	{ "sbom:bom.json", "" }, { "a/b@sha256:12", "" }, { "a:", "" },
	{ "A/B:1", "" }, { "pkg:apk/a@1", "" }, { ":1", "" },
	{ "a/:1", "" }, { "x:y/z:1", "" },
};

static void references_give_tags_and_digests(void **st)
{
	(void)st;
	for (size_t i = 0; i < sizeof(references) / sizeof(references[0]);
	    i++) {
		struct err err = ERR_INIT;
		struct memo m;
		int n;

		memo_init(&m);
		n = ident_reference(&m.sink, 1, references[i].text, &err);
		if (strcmp(str_text(&m.text), references[i].lines) != 0)
			fail_msg("%s gives %s", references[i].text,
			    str_text(&m.text));
		assert_int_equal(n, m.kinds[REC_IDENTITY]);
		memo_free(&m);
	}
}

static void bare_digests_get_their_algorithm(void **st)
{
	struct err err = ERR_INIT;
	struct memo m;

	(void)st;
	memo_init(&m);
	assert_int_equal(ident_digest(&m.sink, 1, "config", TWOS, "json:/a",
	    &err), 1);
	assert_int_equal(ident_digest(&m.sink, 1, "manifest", "sha256:" THREES,
	    "json:/b", &err), 1);
	assert_int_equal(ident_digest(&m.sink, 1, "config", "latest",
	    "json:/c", &err), 0);
	assert_int_equal(ident_digest(&m.sink, 1, "config", "", "json:/d",
	    &err), 0);
	assert_string_equal(str_text(&m.text),
	    "IDENTITY|1|config|sha256:" TWOS "\n"
	    "IDENTITY|1|manifest|sha256:" THREES "\n"
	    "WARNING|json:/c|\"latest\" is no digest: not taken as the image's "
	    "config\n");
	memo_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_match_is_a_finding),
		cmocka_unit_test(a_source_package_is_told),
		cmocka_unit_test(what_is_no_report_is_refused_with_its_place),
		cmocka_unit_test(references_give_tags_and_digests),
		cmocka_unit_test(bare_digests_get_their_algorithm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
