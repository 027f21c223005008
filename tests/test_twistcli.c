/* test_twistcli.c - twistcli's reports: images and code repositories. */
#include "test.h"

#define ONES	"1111111111111111111111111111111111111111111111111111111111111111"
#define THREES	"3333333333333333333333333333333333333333333333333333333333333333"
#define FOURS	"4444444444444444444444444444444444444444444444444444444444444444"

static const struct {
	const char *file;
	int targets, findings, identities, warnings;
	const char *lines[12];
} rows[] = {
	{ "samples/twistcli/small.json", 1, 3, 3, 1, {
	    "META|tool|twistcli\n",
	    "META|produced|2022-05-18T12:24:32.855444532Z\n",
	    "TARGET|1|image|-|registry.example.mil:5000/shop/api:2.0|"
	    "json:/results/0\n",
	    "IDENTITY|1|config|sha256:" ONES "\n",
	    "IDENTITY|1|repodigest|registry.example.mil:5000/shop/api@sha256:"
	    THREES "\n",
	    "IDENTITY|1|tag|registry.example.mil:5000/shop/api:2.0\n",
	    "FINDING|1|compliance|41|-|-|-|-|-|4|high|-|0|-|-|(CIS_Docker_"
	    "v1.5.0 - 4.1) Image should be created with a non-root user|-|"
	    "json:/results/0/compliances/0\n",
	    /* "important" is high, "moderate" medium */
	    "FINDING|1|vulnerability|CVE-2021-43529|-|nss-util|"
	    "3.67.0-7.el8_5|-|-|4|important|-|0|-|-|A flaw in the verification "
	    "of signatures|-|json:/results/0/vulnerabilities/0\n",
	    "FINDING|1|vulnerability|PRISMA-2022-0168|-|pip|21.0|-|-|3|"
	    "moderate|2.15.0, 2.12.2|1|/usr/lib/python3/site-packages/pip|-|"
	    "https://security.example.org/PRISMA-2022-0168|-|"
	    "json:/results/0/vulnerabilities/1\n",
	    "PACKAGE|1|os|nss-util|3.67.0-7.el8_5|-|-|-|-|0|"
	    "json:/results/0/packages/0\n",
	    "WARNING|json:/results/0/vulnerabilityDistribution|the summary "
	    "says 3, the file holds 2 rows" } },
	/* no id, no name, a bare digest; a second result about nothing */
	{ "samples/twistcli/old.json", 2, 2, 1, 1, {
	    "|compliance|sensitive-information-provided-in-environment-"
	    "variables|",
	    "|CVE-2013-7459|-|pycrypto|2.6.1|-|-|1|unimportant|",
	    "IDENTITY|1|config|sha256:" FOURS "\n",
	    "TARGET|2|image|-|-|json:/results/1\n",
	    "WARNING|json:/results|a result names no image" } },
	{ "samples/twistcli/clean.json", 1, 0, 1, 0, {
	    "TARGET|1|image|-|-|json:/results/0\n" } },
	{ "samples/twistcli/coderepo.json", 1, 1, 0, 1, {
	    "TARGET|1|image|-|shop/api|json:\n",
	    "|CVE-2021-44228|-|log4j-core|2.14.1|-|-|5|critical|2.15.0|1|",
	    "json:/vulnerabilities/0\n",
	    "WARNING|json:/repository|a code repository (shop/api)" } },
};

static void every_row_is_a_finding_of_its_image(void **st)
{
	(void)st;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err err = ERR_INIT;
		struct memo m;

		memo_init(&m);
		assert_ok(memo_import(&m, rows[i].file, NULL, &err), &err);
		assert_int_equal(m.kinds[REC_TARGET], rows[i].targets);
		assert_int_equal(m.kinds[REC_FINDING], rows[i].findings);
		assert_int_equal(m.kinds[REC_IDENTITY], rows[i].identities);
		assert_int_equal(m.kinds[REC_WARNING], rows[i].warnings);
		assert_int_equal(m.sink.counts[COUNT_READ],
		    m.kinds[REC_FINDING] + m.kinds[REC_PACKAGE]);
		for (int k = 0; k < 12 && rows[i].lines[k] != NULL; k++)
			if (memo_count(&m, rows[i].lines[k]) != 1)
				fail_msg("%s: not once: %s\n%s", rows[i].file,
				    rows[i].lines[k], str_text(&m.text));
		memo_free(&m);
	}
}

static void times_that_mean_none_are_none(void **st)
{
	struct err err = ERR_INIT;
	struct memo m;

	(void)st;
	memo_init(&m);
	assert_ok(memo_import(&m, "samples/twistcli/clean.json", NULL, &err),
	    &err);
	assert_int_equal(memo_count(&m, "META|produced"), 0);
	memo_free(&m);
}

static const struct {
	const char *file, *says, *place;
	int line;
} refused[] = {
	{ "samples/twistcli/malformed.json", "\"id\" is there twice",
	    "/results/0/vulnerabilities/0/id", 3 },
	{ "samples/twistcli/both.json", "one or the other", "", 2 },
	{ "samples/grype/clean.json", "neither \"results\"", "", 13 },
};

static void what_is_no_report_is_refused_with_its_place(void **st)
{
	(void)st;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct err err = ERR_INIT;
		struct memo m;

		memo_init(&m);
		assert_int_equal(memo_import(&m, refused[i].file, "twistcli",
		    &err), -1);
		assert_int_equal(err.kind, ERR_INPUT);
		if (!str_contains(err.text, refused[i].says))
			fail_msg("%s: %s", refused[i].file, err.text);
		assert_string_equal(err.place, refused[i].place);
		assert_int_equal(err.line, refused[i].line);
		memo_free(&m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_a_finding_of_its_image),
		cmocka_unit_test(times_that_mean_none_are_none),
		cmocka_unit_test(what_is_no_report_is_refused_with_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
