/*
 * test_stig.c - 2.16 decided from XCCDF results of an image.  Each row is
 * one or more scans, told in the outcomes of their rules.
 */
#include <stdlib.h>
#include <unistd.h>

#include "test.h"
#include "muster/assess.h"
#include "muster/import.h"
#include "muster/store.h"
#include "src/assess/values.h"

#define D64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define IMAGE "registry.example.mil/web@sha256:" D64
#define TWELVE " fail fail fail fail fail fail fail fail fail fail fail fail"
#define WEB "x_benchmark_Web_STIG"

static const struct row {
	const char *says, *required, *verdict;
	/* benchmark, a space, the outcomes of its rules; "+": another of the
	 * same rule; ">" and what an override says; "!" before it: about a
	 * host of another import, "^" of a machine of the same; "@": a sample
	 * instead */
	const char *scans[5];
	/* "ROLE: how a reason begins", or any part of them */
	const char *parts[6];
} rows[] = {
	{ "no_results", "", "not_reviewed", { "@samples/grype/small.json" },
	    { "missing: there are no XCCDF results for this image" } },
	{ "results_without_rules", "", "not_reviewed", { WEB },
	    { "missing: the scanner could not assess 0 of 0 rules of " WEB } },
	{ "passes_only_what_was_declared", "", "not_reviewed",
	    { WEB " pass pass" }, { "missing: nobody has declared",
	    "note: " WEB ", by openscap: 2 pass" } },
	{ "what_was_declared_passes", WEB, "pass", { WEB " pass fixed" },
	    { "pass: 2 of 2 rules of " WEB " were evaluated and none failed" }
	},
	{ "the_name_in_an_id_will_do", "Web_STIG", "pass", { WEB " pass" },
	    { "pass: 1 of 1 rules" } },
	{ "a_pattern_will_do", "*_Web_*", "pass", { WEB " pass" },
	    { "pass: 1 of 1 rules" } },
	{ "a_part_of_a_name_will_not", "Web", "not_reviewed", { WEB " pass" },
	    { "missing: there are no results of Web, which" } },
	{ "a_failed_rule_fails", WEB, "fail", { WEB " pass fail pass" },
	    { "fail: 1 of 3 rules of " WEB " failed (1 CAT II)",
	    "fail: rule r1 (V-1) failed: Title 1", "note: " } },
	{ "it_fails_undeclared_too", "", "fail", { WEB " fail" },
	    { "fail: rule r0 (V-0) failed" } },
	{ "a_failure_elsewhere_fails", WEB, "fail",
	    { WEB " pass", "x_benchmark_OS fail" },
	    { "fail: 1 of 1 rules of x_benchmark_OS", "pass: 1 of 1" } },
	{ "every_declared_one_is_needed", WEB "\nx_benchmark_OS",
	    "not_reviewed", { WEB " pass" },
	    { "missing: there are no results of x_benchmark_OS, which",
	    "pass: 1 of 1 rules of " WEB } },
	{ "all_declared_are_there", WEB "\n  x_benchmark_OS \n", "pass",
	    { WEB " pass", "x_benchmark_OS pass" }, { "pass: 1 of 1" } },
	{ "not_checked_is_no_pass", WEB, "not_reviewed",
	    { WEB " pass notchecked" }, { "missing: the scanner could not "
	    "assess 1 of 2 rules of " WEB } },
	{ "neither_is_error", WEB, "not_reviewed", { WEB " pass error" },
	    { "could not assess 1 of 2" } },
	{ "neither_is_unknown", WEB, "not_reviewed", { WEB " pass unknown" },
	    { "could not assess 1 of 2" } },
	{ "neither_is_anything_else", WEB, "not_reviewed",
	    { WEB " pass passed" }, { "could not assess 1 of 2" } },
	{ "not_applicable_alone_is_no_pass", WEB, "not_reviewed",
	    { WEB " notapplicable notapplicable informational" },
	    { "missing: the scanner could not assess 3 of 3 rules" } },
	{ "not_selected_is_no_evidence", WEB, "not_reviewed",
	    { WEB " notselected notselected" },
	    { "missing: the scanner could not assess 0 of 0 rules",
	    "2 notselected" } },
	{ "not_applicable_besides_is_fine", WEB, "pass",
	    { WEB " pass notapplicable notselected" },
	    { "pass: 1 of 2 rules of " WEB } },
	{ "two_scans_of_one_count_together", WEB, "not_reviewed",
	    { WEB " pass", WEB " notchecked" },
	    { "missing: the scanner could not assess 1 of 2" } },
	{ "an_override_to_fail_fails", WEB, "fail", { WEB " pass>fail" },
	    { "contradiction: 1 results of " WEB, "fail: 1 overrides in "
	    WEB " say that the rule failed" } },
	{ "an_override_of_a_failure_does_not_help", WEB, "fail",
	    { WEB " fail>pass" }, { "contradiction: ", "fail: 1 of 1",
	    "missing: it is not settled" } },
	{ "any_other_override_is_settled_first", WEB, "not_reviewed",
	    { WEB " pass>notchecked" }, { "contradiction: ",
	    "missing: it is not settled which of 1 results" } },
	{ "an_override_that_agrees_is_none", WEB, "pass",
	    { WEB " pass>pass" }, { "pass: 1 of 1" } },
	{ "a_host_is_no_image", WEB, "not_reviewed",
	    { "x_benchmark_OS pass", "!" WEB " fail" },
	    { "missing: there are no results of " WEB } },
	{ "a_machine_in_the_same_import_is_none", WEB, "not_reviewed",
	    { "x_benchmark_OS pass", "^" WEB " fail" },
	    { "missing: there are no results of " WEB, "note: results of " WEB
	    " do not count: they are of \\\"buildhost\\\"" } },
	{ "the_worst_of_several_results_of_a_rule_counts", WEB, "fail",
	    { WEB " pass +fail pass" }, { "fail: 1 of 2 rules of " WEB,
	    "note: " WEB ", by openscap: 1 fail, 1 pass; of several results of "
	    "one rule the worst counts (3 results); default score 50.00" } },
	{ "pass_and_not_checked_is_not_checked", WEB, "not_reviewed",
	    { WEB " pass +notchecked pass" }, { "could not assess 1 of 2" } },
	{ "what_was_not_evaluated_is_a_gap", WEB, "pass",
	    { WEB " pass notapplicable notapplicable" }, { "; 2 of 3 rules "
	    "were not evaluated (2 of them said not to apply), which is a gap" }
	},
	{ "a_rule_has_the_ccis_of_its_guidance", "", "fail",
	    { "@samples/xccdf/manual.xml", WEB " fail" },
	    { "fail: rule r0 (V-0) failed: Title 0 [CCI-000366, CCI-000381]" } },
	{ "a_checklist_counts_alike", "Web_STIG", "pass",
	    { "x_benchmark_OS pass", "@samples/cklb/host.cklb" },
	    { "pass: 1 of 2 rules of Web_STIG were evaluated",
	    "note: Web_STIG (Web Server Guide), version 1, Release: 3" } },
	{ "a_changed_severity_is_said", "", "not_reviewed",
	    { "x_benchmark_OS pass", "@samples/cklb/changed.cklb" },
	    { "note: Other_STIG: 1 pass; default score 100.00 of 100, worked "
	    "out; its assessor changed the severity of 1 rules" } },
	{ "hdf_counts_alike", "web-stig", "pass",
	    { "x_benchmark_OS pass", "@samples/hdf/nameless.json" },
	    { "pass: 1 of 2 rules of web-stig were evaluated",
	    "note: web-stig (Web Server Guide), version 1.3, by hdf: 1 pass" }
	},
	{ "what_we_wrote_ourselves_shows_nothing", "", "not_reviewed",
	    { "xccdf_org.muster_benchmark_CIDG fail", "CIDG fail" },
	    { "missing: there are no XCCDF results for this image" } },
	{ "many_failures_are_counted", WEB, "fail", { WEB TWELVE },
	    { "fail: 12 of 12 rules of " WEB " failed (12 CAT II); the "
	    "worst are named", "fail: rule r11 (V-11)" } },
	{ "more_scans_that_fail_are_counted", WEB, "fail", { WEB TWELVE,
	    WEB TWELVE, WEB TWELVE, WEB TWELVE, WEB TWELVE },
	    { "fail: 24 more rules failed in 2 more scans" } },
};

static void give(struct store *st, const char *scan, int n)
{
	const char *p = scan + (*scan == '!' || *scan == '^');
	const char *image = "docker-image://" IMAGE;
	char path[] = "/tmp/muster-stig-XXXXXX";
	struct import_opts opts = { .batch = *scan == '!' ? "other" : "this" };
	struct str doc = STR_INIT;
	struct import_result res;
	struct err err = ERR_INIT;
	size_t len = strcspn(p, " ");
	int fd, rule = 0;

	if (*scan == '@') {
		assert_ok(import_file(st, scan + 1, &opts, &res, &err), &err);
		return;
	}
	fd = mkstemp(path);
	str_addf(&doc, "<Benchmark xmlns='http://checklists.nist.gov/xccdf/"
	    "1.2' id='%.*s'>", (int)len, p);
	for (int i = 0; i < 100; i++)
		str_addf(&doc, "<Rule id='r%d' severity='medium'><version>"
		    "V-%d</version><title>Title %d</title></Rule>", i, i, i);
	str_addf(&doc, "<TestResult id='t%d' test-system='cpe:/a:redhat:"
	    "openscap:1'><target>%s</target>%s", n, p != scan ? "buildhost" :
	    image, *scan == '^' ? "<target-facts><fact name='urn:xccdf:fact:"
	    "asset:identifier:ipv4'>192.0.2.1</fact></target-facts>" : "");
	for (p += len; *p == ' '; p += len) {
		size_t word;

		len = strcspn(++p, " ");
		if (*p == '+')
			rule--, p++, len--;
		word = strcspn(p, " >");
		str_addf(&doc, "<rule-result idref='r%d'><result>%.*s"
		    "</result>", rule++, (int)word, p);
		if (p[word] == '>')
			str_addf(&doc, "<override><new-result>%.*s"
			    "</new-result></override>", (int)(len - word - 1),
			    p + word + 1);
		str_add(&doc, "</rule-result>");
	}
	str_add(&doc, "</TestResult></Benchmark>");
	assert_true(fd >= 0);
	assert_int_equal(write(fd, doc.s, doc.len), doc.len);
	close(fd);
	assert_ok(import_file(st, path, &opts, &res, &err), &err);
	unlink(path);
	str_free(&doc);
}

/* Decide 2.16 once more, with another list of benchmarks. */
static void decide(struct store *st, const char *required,
    struct assess *as)
{
	struct err err = ERR_INIT;
	const struct check *c = NULL;

	assert_ok(assess_run(st, "2026-11-23T00:00:00Z", &err), &err);
	assert_ok(store_run(st, SQL_DROP_VALUES, NOBIND, &err), &err);
	assert_ok(store_run(st, SQL_BENCH_VALUE, BIND(V("required_stigs"),
	    V("string"), V("t"), V(required)), &err), &err);
	assert_ok(values_load(st, &err), &err);
	assert_ok(store_run(st, SQL_DROP_REASONS, NOBIND, &err), &err);
	assert_ok(store_run(st, SQL_DROP_RESULTS, NOBIND, &err), &err);
	for (size_t i = 0; (c = assess_check(i)) != NULL; i++)
		if (str_eq(c->id, "2.16"))
			break;
	assert_non_null(c);
	assert_ok(store_run(st, SQL_ADD_RESULT, BIND(V(as->subject),
	    V("2.16")), &err), &err);
	as->result = store_last_id(st);
	assert_ok(c->decide(as, &err), &err);
}

static void reasons(struct store *st, struct str *out)
{
	struct err err = ERR_INIT;
	struct query q;
	int rc;

	query_open(&q, st, SQL_SHOW_RESULTS, BIND(V((const char *)NULL)));
	while ((rc = query_next(&q, &err)) > 0)
		str_add(out, query_text(&q, 8));
	query_close(&q);
	assert_ok(rc, &err);
}

static const char *verdict(const struct assess *as)
{
	static const struct { enum role role; const char *verdict; } all[] = {
		{ ROLE_FAIL, "fail" }, { ROLE_ERROR, "error" },
		{ ROLE_MISSING, "not_reviewed" }, { ROLE_PASS, "pass" }
	};

	for (int i = 0; i < 4; i++)
		if (assess_said(as, all[i].role))
			return all[i].verdict;
	return "none";
}

static void decided(void **state)
{
	const struct row *r = *state;
	struct err err = ERR_INIT;
	struct store *st = store_open(":memory:", STORE_CREATE, &err);
	struct assess as = {
		.store = st, .kind = "image", .requirement = "2.16",
		.subject = 1
	};
	struct str said = STR_INIT, part = STR_INIT;

	assert_non_null(st);
	for (int i = 0; i < 5 && r->scans[i] != NULL; i++)
		give(st, r->scans[i], i);
	decide(st, r->required, &as);
	reasons(st, &said);
	assert_string_equal(verdict(&as), r->verdict);
	for (int i = 0; i < 6 && r->parts[i] != NULL; i++) {
		size_t role = strcspn(r->parts[i], ":");

		str_clear(&part);
		if (strncmp(r->parts[i] + role, ": ", 2) == 0)
			str_addf(&part, "{\"role\":\"%.*s\",\"text\":\"%s",
			    (int)role, r->parts[i], r->parts[i] + role + 2);
		else
			str_add(&part, r->parts[i]);
		if (strstr(str_text(&said), part.s) == NULL)
			fail_msg("no %s in %s", part.s, str_text(&said));
	}
	str_free(&part);
	str_free(&said);
	values_free();
	store_close(st);
}

int main(void)
{
	enum { N = sizeof(rows) / sizeof(rows[0]) };
	struct CMUnitTest tests[N];

	for (int i = 0; i < N; i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].says, .test_func = decided,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	return cmocka_run_group_tests_name("stig", tests, NULL, NULL);
}
