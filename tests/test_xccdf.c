/* test_xccdf.c - what XCCDF results and ARF say, as records. */
#include <stdlib.h>

#include "test.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/mem.h"

#define SAMPLES "samples/xccdf/"
#define D64A "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define D64B "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
#define SCC "xpath:/Benchmark/TestResult[1]"
#define OLD "xpath:/Benchmark/TestResult[2]"

/* Lines a sample must give; the numbers are how many of a kind in all. */
static const struct row {
	const char	*file;
	int64_t		 targets, identities, findings, warnings;
	int64_t		 read, unplaced;
	const char	*lines[24];
} rows[] = {
	{ "scc.xml", 1, 2, 3, 0, 3, 0, {
	    "META|format|xccdf\n",
	    "META|tool|scc\n", "META|tool_version|5.8\n",
	    "META|produced|2026-02-01T10:05:00\n",
	    "TARGET|1|host|-|WEB01|" SCC "\n",
	    "IDENTITY|1|host|WEB01\n", "IDENTITY|1|host|web01.example.mil\n",
	    /* the result's own words win ... */
	    "FINDING|1|rule|xccdf_mil.example_rule_SV-1r1_rule|-|-|"
	    "WEB-00-000001|-|-|4|high|-|0|-|fail|The server must use TLS.|"
	    "CCI-001453\nCCE-26970-4|" SCC "/rule-result[1]\n",
	    /* ... and the rule's stand in for those it leaves out */
	    "FINDING|1|rule|xccdf_mil.example_rule_SV-3r1_rule|-|-|"
	    "WEB-00-000003|-|-|2|low|-|0|-|notchecked|A banner must be "
	    "shown.|-|" SCC "/rule-result[2]\n",
	    "FINDING|1|rule|xccdf_mil.example_rule_SV-2r1_rule|-|-|"
	    "WEB-00-000002|-|-|3|medium|-|0|-|pass|Log files must be "
	    "private.|-|" SCC "/rule-result[3]\n",
	    "|stig.benchmark|-|xccdf_mil.example_benchmark_Web_STIG|",
	    "|stig.title|-|Web Server Security Guide|",
	    "|stig.version|-|002.001|",
	    "|stig.release|-|Release: 2 Benchmark Date: 05 Jan 2026|",
	    "|stig.profile|-|xccdf_mil.example_profile_MAC-1_Classified|",
	    "|stig.start|-|2026-02-01T10:00:00|",
	    "|stig.end|-|2026-02-01T10:05:00|", "|stig.identity|-|root|",
	    /* not the first score */
	    "|stig.score|urn:xccdf:scoring:default|50.25|",
	    "|stig.score_maximum|urn:xccdf:scoring:default|100|",
	    "|stig.target_fact|urn:scap:fact:asset:identifier:os_version|7.7|",
	} },
	{ "xccdf11.xml", 2, 1, 5, 4, 6, 1, {
	    "META|tool|evaluate-stig\n", "META|tool_version|1.2407.1\n",
	    "META|produced|2012-12-01T20:47:54\n",
	    "TARGET|1|host|-|-|" OLD "\n",
	    /* two rules of one id: the more severe */
	    "|kept_by_both|-|-|-|-|-|4|high|-|0|-|fixed|The same id, more "
	    "severe|-|" OLD "/rule-result[1]\n",
	    "|no_severity|-|-|-|-|-|0|-|-|0|-|informational|No severity at "
	    "all|-|" OLD "/rule-result[2]\n",
	    "|not_in_the_benchmark|-|-|-|-|-|1|info|-|0|-|notapplicable|-|-|",
	    "|no_severity|-|-|-|-|-|0|-|-|0|-|unknown|No severity at all|-|"
	    OLD "/rule-result[4]\n",
	    "|no_severity|-|-|-|-|-|0|-|-|0|-|unknown|No severity at all|-|"
	    OLD "/rule-result[5]\n",
	    "taken as unknown: \"PASS!\"\n", "without a result, taken as",
	    "several rules of this id", "names no rule (idref) and is dropped",
	    "|1|stig.benchmark|-|OLD-1|", "|1|stig.score|urn:xccdf:scoring:"
	    "default|100.000000|",
	    "TARGET|2|host|-|mars|xpath:/Benchmark/TestResult[3]\n",
	    "|2|stig.benchmark|-|OLD-1|",
	} },
	/* A TestResult alone, of an image: its names, and not a host's. */
	{ "image.xml", 1, 3, 1, 0, 1, 0, {
	    "META|tool|OpenSCAP\n", "META|tool_version|1.3.7\n",
	    "TARGET|1|image|-|docker-image://registry.example.mil/shop/web",
	    "IDENTITY|1|tag|registry.example.mil/shop/web:1.4\n",
	    "IDENTITY|1|repodigest|registry.example.mil/shop/web@sha256:"
	    D64A "\n",
	    "IDENTITY|1|config|sha256:" D64B "\n",
	    "|stig.benchmark|-|xccdf_org.example_benchmark_BASE|",
	    "|stig.version|-|1.3|",
	    "|3|medium|-|0|-|pass|-|-|xpath:/TestResult/rule-result[1]\n",
	} },
	{ "arf.xml", 1, 1, 1, 0, 1, 0, {
	    "META|format|arf\n", "META|tool|openscap\n",
	    "META|tool_version|1.3.5\n", "IDENTITY|1|host|db01\n",
	    /* both benchmarks have the rule: the one named counts */
	    "FINDING|1|rule|xccdf_org.example_rule_a|-|-|-|-|-|4|high|-|0|-|"
	    "fail|A of two|-|xpath:/asset-report-collection/reports[1]/"
	    "report[1]/content[1]/TestResult[1]/rule-result[1]\n",
	    "|stig.benchmark|-|xccdf_org.example_benchmark_TWO|",
	    "|stig.title|-|Two|", "|stig.version|-|2|",
	} },
	/* The result is kept, and so is what contradicts it. */
	{ "override.xml", 1, 1, 3, 2, 3, 0, {
	    "|xccdf_mil.example_rule_1|-|-|-|-|-|0|-|-|0|-|pass|",
	    "|stig.override|xccdf_mil.example_rule_1|pass, overridden to "
	    "fail|", "|xccdf_mil.example_rule_2|-|-|-|-|-|0|-|-|0|-|fail|",
	    "|stig.override|xccdf_mil.example_rule_2|fail, overridden to "
	    "pass|", "|stig.overrides|-|2|",
	    "rule_1: an override disagrees with the result, which is kept: "
	    "\"pass, overridden to fail\"",
	    "|-|notselected|",
	} },
	/* Rules nobody evaluated: what is to be done. */
	{ "manual.xml", 0, 0, 0, 0, 2, 0, {
	    "GUIDANCE|0|rule|SV-1r1_rule|V-1|V-0|high|Do it|"
	    "CCI-000366\nCCI-000381|Look at it.\n\nIf it is not done, this "
	    "is a finding.|xpath:/Benchmark/Group[1]/Rule[1]\n",
	    "GUIDANCE|0|rule|SV-2r3_rule|V-2|WEB-00-000020|medium|-|"
	    "CCI-000366\nCCI-001499|-|"
	    "xpath:/Benchmark/Group[2]/Rule[1]\n",
	    "FACT|0|guidance.benchmark|-|Manual_STIG|",
	    "FACT|0|guidance.version|-|1|",
	    "FACT|0|guidance.release|-|Release: 2 Benchmark Date: 05 Jan "
	    "2026|",
	} },
	/* Nobody's rules: still a scan that was made. */
	{ "latin1.xml", 1, 1, 0, 0, 0, 0, {
	    "IDENTITY|1|host|B\xc3\xbcro & Caf\xc3\xa9\n",
	} },
};

static void a_sample_says(void **state)
{
	const struct row *r = *state;
	struct err err = ERR_INIT;
	char path[64];
	struct memo m;

	memo_init(&m);
	snprintf(path, sizeof(path), SAMPLES "%s", r->file);
	assert_ok(memo_import(&m, path, NULL, &err), &err);
	for (int i = 0; i < 24 && r->lines[i] != NULL; i++)
		if (memo_count(&m, r->lines[i]) != 1)
			fail_msg("%d times \"%s\" in\n%s",
			    memo_count(&m, r->lines[i]), r->lines[i],
			    str_text(&m.text));
	assert_int_equal(m.kinds[REC_TARGET], r->targets);
	assert_int_equal(m.kinds[REC_IDENTITY], r->identities);
	assert_int_equal(m.kinds[REC_FINDING], r->findings);
	assert_int_equal(m.kinds[REC_WARNING], r->warnings);
	assert_int_equal(m.sink.counts[COUNT_READ], r->read);
	assert_int_equal(m.sink.counts[COUNT_UNPLACED], r->unplaced);
	memo_free(&m);
}

static const struct refused {
	const char	*file, *says, *place;
	int64_t		 line;
} refusals[] = {
	{ "no-results.xml", "a benchmark without results and without rules",
	    "/Benchmark", 5 },
	{ "no-namespace.xml", "Benchmark in the namespace \"\"", "/Benchmark",
	    2 },
	{ "doctype.xml", "a DOCTYPE is not accepted", "", 2 },
	{ "malformed.xml", "ends early",
	    "/Benchmark/TestResult[1]/rule-result[1]", 49 },
};

static void a_sample_is_refused(void **state)
{
	const struct refused *r = *state;
	struct err err = ERR_INIT;
	char path[64];
	struct memo m;

	memo_init(&m);
	snprintf(path, sizeof(path), SAMPLES "%s", r->file);
	assert_int_equal(memo_import(&m, path, NULL, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	if (strstr(err.text, r->says) == NULL)
		err_print(&err, "test", stderr);
	assert_non_null(strstr(err.text, r->says));
	assert_int_equal(err.line, r->line);
	assert_string_equal(err.place, r->place);
	memo_free(&m);
}

/* A document of our own through the importer. */
static int import_text(struct memo *m, const struct str *doc, struct err *err)
{
	const struct importer *imp;
	struct input *in = input_open_mem(doc->s, doc->len, "test.xml");
	int rc = -1;

	memo_init(m);
	if ((imp = import_choose(in, NULL, err)) != NULL)
		rc = import_run(imp, in, &m->sink, err);
	input_close(in);
	return rc;
}

#define HEAD "<Benchmark xmlns='http://checklists.nist.gov/xccdf/1.2' id='b'>"
#define TAIL "</TestResult></Benchmark>"

/* Rules are found whatever their order is, and results that come in another
 * order find theirs. */
static void rules_are_found_in_any_order(void **state)
{
	struct str doc = STR_INIT, wanted = STR_INIT;
	struct err err = ERR_INIT;
	struct memo m;

	(void)state;
	str_add(&doc, HEAD);
	for (int i = 0; i < 500; i++)
		str_addf(&doc, "<Rule id='r%d' severity='low'><title>T%d"
		    "</title></Rule>", (i * 7) % 500, (i * 7) % 500);
	str_add(&doc, "<TestResult>");
	for (int i = 0; i < 500; i++)
		str_addf(&doc, "<rule-result idref='r%d'><result>pass"
		    "</result></rule-result>", (i * 3) % 500);
	str_add(&doc, TAIL);
	assert_ok(import_text(&m, &doc, &err), &err);
	assert_int_equal(m.kinds[REC_FINDING], 500);
	for (int i = 0; i < 500; i++) {
		str_clear(&wanted);
		str_addf(&wanted, "|r%d|-|-|-|-|-|2|low|-|0|-|pass|T%d|", i,
		    i);
		assert_int_equal(memo_count(&m, wanted.s), 1);
	}
	memo_free(&m);
	str_free(&doc);
	str_free(&wanted);
}

/*
 * The default score: in group A 1 of 4 weights passes (of two results of one
 * rule the worst), in group B all of what counts; A weighs 3, B 1.
 */
static const struct score {
	const char *name, *results, *computed;
} scores[] = {
	{ "the_weighted_mean_of_groups",
	    "a1 pass a2 fail b1 pass b2 notapplicable", "43.75" },
	{ "the_worst_of_several_results_counts",
	    "a1 pass a1 fail a2 pass b1 fixed", "81.25" },
	{ "a_group_without_results_is_left_out", "a1 pass a2 fail", "25.00" },
	{ "errors_are_no_passes", "a1 error a2 unknown b1 pass", "25.00" },
	{ "nothing_evaluated_is_no_score", "a1 notchecked b1 notselected",
	    NULL },
	{ "a_rule_of_no_group_known_is_no_score", "a1 pass other fail", NULL },
};

static void a_score_is(void **state)
{
	const struct score *s = *state;
	struct str doc = STR_INIT, line = STR_INIT;
	char rule[16], result[24];
	struct err err = ERR_INIT;
	struct memo m;
	int n;

	str_add(&doc, HEAD "<Group id='A' weight='3'><Rule id='a1'/><Group "
	    "id='C' weight='3'><Rule id='a2'/></Group></Group><Group id='B'>"
	    "<Rule id='b1' weight='7'/><Rule id='b2'/></Group><TestResult>");
	for (const char *p = s->results; sscanf(p, "%15s %23s%n", rule,
	    result, &n) == 2; p += n)
		str_addf(&doc, "<rule-result idref='%s'><result>%s</result>"
		    "</rule-result>", rule, result);
	str_add(&doc, TAIL);
	assert_ok(import_text(&m, &doc, &err), &err);
	str_addf(&line, "|stig.computed|-|%s|", s->computed != NULL ?
	    s->computed : "");
	assert_int_equal(memo_count(&m, s->computed != NULL ? line.s :
	    "|stig.computed|"), s->computed != NULL);
	memo_free(&m);
	str_free(&doc);
	str_free(&line);
}

static void a_result_has_the_ccis_of_its_rule_too(void **state)
{
	struct str doc = STR_INIT;
	struct err err = ERR_INIT;
	struct memo m;

	(void)state;
	str_add(&doc, HEAD "<Rule id='r'><reference href='https://public."
	    "cyber.mil/stigs/cci/'>CCI-000366</reference><ident system='x'>"
	    "CCE-1</ident></Rule><TestResult><target-address>192.0.2.1"
	    "</target-address><rule-result idref='r'><result>fail</result>"
	    "<ident system='x'>CCE-1</ident></rule-result><rule-result "
	    "idref='r'><result>fail</result><ident system='x'>CCI-000001"
	    "</ident></rule-result>" TAIL);
	assert_ok(import_text(&m, &doc, &err), &err);
	assert_int_equal(memo_count(&m, "|CCE-1\nCCI-000366|xpath:"), 1);
	assert_int_equal(memo_count(&m, "|CCI-000001|xpath:"), 1);
	assert_int_equal(memo_count(&m, "|stig.target_fact|target-address|"
	    "192.0.2.1|"), 1);
	memo_free(&m);
	str_free(&doc);
}

static void rules_after_results_are_not_used_silently(void **state)
{
	struct str doc = STR_INIT;
	struct err err = ERR_INIT;
	struct memo m;

	(void)state;
	str_add(&doc, HEAD "<TestResult><rule-result idref='r'><result>fail"
	    "</result></rule-result></TestResult><Rule id='r' severity='high'"
	    "/><Rule id='s'/><TestResult><rule-result idref='r'><result>fail"
	    "</result></rule-result>" TAIL);
	assert_ok(import_text(&m, &doc, &err), &err);
	assert_int_equal(memo_count(&m, "|r|-|-|-|-|-|0|-|"), 2);
	assert_int_equal(memo_count(&m, "rules that follow results"), 1);
	memo_free(&m);
	str_free(&doc);
}

/* What a hostile document can make us say is bounded, and says so. */
static void lists_are_capped_with_a_word(void **state)
{
	struct str doc = STR_INIT;
	struct err err = ERR_INIT;
	struct memo m;

	(void)state;
	str_add(&doc, HEAD "<TestResult>");
	for (int i = 0; i < 70; i++)
		str_addf(&doc, "<target>h%d</target>", i);
	str_add(&doc, "<target-facts>");
	for (int i = 0; i < 70; i++)
		str_addf(&doc, "<fact name='f%d'>v</fact>", i);
	str_add(&doc, "<fact name='long'></fact></target-facts>");
	for (int i = 0; i < 80; i++)
		str_addf(&doc, "<rule-result idref='r%d'><result>pass</result>"
		    "<override><new-result>fail</new-result></override>"
		    "</rule-result>", i);
	str_add(&doc, TAIL);
	assert_ok(import_text(&m, &doc, &err), &err);
	assert_int_equal(m.kinds[REC_IDENTITY], 64);
	assert_int_equal(memo_count(&m, "|stig.target_fact|"), 64);
	assert_int_equal(memo_count(&m, "too many targets, the rest is dropped: the limit is 64"), 1);
	assert_int_equal(memo_count(&m, "too many target facts, the rest is dropped"), 1);
	assert_int_equal(memo_count(&m, "|stig.override|"), 64);
	assert_int_equal(memo_count(&m, "|stig.overrides|-|80|"), 1);
	assert_int_equal(memo_count(&m, "disagrees with the result"), 50);
	assert_int_equal(memo_count(&m, "14 more remarks"), 1);
	assert_int_equal(m.kinds[REC_FINDING], 80);
	memo_free(&m);
	str_free(&doc);
}

static void a_long_text_is_clipped_between_characters(void **state)
{
	struct str doc = STR_INIT;
	struct err err = ERR_INIT;
	struct memo m;

	(void)state;
	str_add(&doc, HEAD "<TestResult><target>x");
	for (int i = 0; i < 4000; i++)
		str_add(&doc, "\xc3\xa9");
	str_add(&doc, "</target>" TAIL);
	assert_ok(import_text(&m, &doc, &err), &err);
	assert_int_equal(memo_count(&m, "is clipped"), 1);
	assert_true(str_is_utf8(m.text.s, m.text.len));
	memo_free(&m);
	str_free(&doc);
}

static void more_rules_than_are_remembered_are_refused(void **state)
{
	char *title = mem_alloc(60001);
	struct str doc = STR_INIT;
	struct err err = ERR_INIT;
	struct memo m;

	(void)state;
	memset(title, 'v', 60000);
	str_add(&doc, HEAD);
	for (int i = 0; i < 900; i++)
		str_addf(&doc, "<Rule id='r%d'><version>%s</version></Rule>",
		    i, title);
	str_add(&doc, "<TestResult>" TAIL);
	assert_int_equal(import_text(&m, &doc, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_non_null(strstr(err.text, "the rules of the benchmark take"));
	assert_non_null(strstr(err.place, "/Benchmark/Rule["));
	memo_free(&m);
	str_free(&doc);
	free(title);
}

/* Names that must not make an image of a host. */
static void a_host_stays_a_host(void **state)
{
	static const char *const names[] = {
		"web01", "docker-container://sha256:" D64A, "container://x",
		"podman-container://" D64A, "sha256:1234", "a sha256:" D64A,
		D64A, "registry.example.mil/shop/web:1.4",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct str doc = STR_INIT;
		struct err err = ERR_INIT;
		struct memo m;

		str_addf(&doc, HEAD "<TestResult><target>%s</target>" TAIL,
		    names[i]);
		assert_ok(import_text(&m, &doc, &err), &err);
		assert_int_equal(memo_count(&m, "TARGET|1|host|"), 1);
		assert_int_equal(memo_count(&m, "IDENTITY|1|host|"), 1);
		assert_int_equal(m.kinds[REC_IDENTITY], 1);
		memo_free(&m);
		str_free(&doc);
	}
}

int main(void)
{
	enum {
		R = sizeof(rows) / sizeof(rows[0]),
		F = sizeof(refusals) / sizeof(refusals[0]),
		S = sizeof(scores) / sizeof(scores[0])
	};
	static const struct CMUnitTest plain[] = {
		cmocka_unit_test(rules_are_found_in_any_order),
		cmocka_unit_test(a_result_has_the_ccis_of_its_rule_too),
		cmocka_unit_test(rules_after_results_are_not_used_silently),
		cmocka_unit_test(lists_are_capped_with_a_word),
		cmocka_unit_test(a_long_text_is_clipped_between_characters),
		cmocka_unit_test(more_rules_than_are_remembered_are_refused),
		cmocka_unit_test(a_host_stays_a_host),
	};
	enum { P = sizeof(plain) / sizeof(plain[0]) };
	struct CMUnitTest tests[R + F + S + P];

	for (int i = 0; i < R; i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].file,
			.test_func = a_sample_says,
			.initial_state = (void *)(uintptr_t)&rows[i] };
	for (int i = 0; i < F; i++)
		tests[R + i] = (struct CMUnitTest){ .name = refusals[i].file,
			.test_func = a_sample_is_refused,
			.initial_state = (void *)(uintptr_t)&refusals[i] };
	for (int i = 0; i < S; i++)
		tests[R + F + i] = (struct CMUnitTest){
			.name = scores[i].name, .test_func = a_score_is,
			.initial_state = (void *)(uintptr_t)&scores[i] };
	memcpy(tests + R + F + S, plain, sizeof(plain));
	return cmocka_run_group_tests_name("xccdf", tests, NULL, NULL);
}
