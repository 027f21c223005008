/* test_benchmark.c - the benchmark, its rows, and that code and it agree. */
#include <glob.h>
#include <regex.h>
#include <stdlib.h>
#include <unistd.h>

#include "test.h"
#include "muster/assess.h"
#include "muster/input.h"
#include "muster/sha.h"
#include "muster/store.h"
#include "muster/xml.h"
#include "src/assess/values.h"

#define AS_OF "2026-11-23T00:00:00Z"

/* What the guide says, in its order. */
static const struct {
	const char *id, *level, *title, *cci, *r4, *r5;
} guide[] = {
	{ "2.1", "must",
	  "The Container Image Must Be Built with the SSH Server "
	  "Daemon Disabled",
	  "CCI-000381", "CM-7 a", "CM-7 a" },
	{ "2.2", "must",
	  "The Container Image Must Be Created to Execute as a Non-"
	  "Privileged User",
	  "CCI-002235", "AC-6 (10)", "AC-6 (10)" },
	{ "2.3", "must",
	  "The Container Image Must Have Permissions Removed from "
	  "Executables that Allow a User to Execute Software at "
	  "Higher Privileges",
	  "CCI-002235", "AC-6 (10)", "AC-6 (10)" },
	{ "2.4", "must",
	  "The Container Image Must Be Built Using Commands that "
	  "Result in Known Outcomes",
	  "CCI-000381", "CM-7 a", "CM-7 a" },
	{ "2.5", "must",
	  "The Container Image Must Only Expose Non-Privileged Ports",
	  "CCI-001762", "CM-7 (1) (b)", "CM-7 (1) (b)" },
	{ "2.6", "must",
	  "The Container Image Must Be Built With a Process Health "
	  "Check",
	  "CCI-002385", "SC-5", "SC-5 a" },
	{ "2.7", "must",
	  "Container Image Creation Must Use TLS 1.2 or Higher for "
	  "Secure Container Image Registry Pulls",
	  "CCI-002418", "SC-8", "SC-8" },
	{ "2.8", "should",
	  "The Container Image Should Be Built with Minimal Cached "
	  "Layers",
	  "CCI-002617", "SI-2 (6)", "SI-2 (6)" },
	{ "2.9", "must",
	  "The Container Image Must Be Created Without Confidential "
	  "Data in the Build Files",
	  "CCI-000366", "CM-6 b", "CM-6 b" },
	{ "2.10", "must",
	  "The Container Images Must Be Created from Signed Base "
	  "Images",
	  "CCI-001749", "CM-5 (3)", "CM-14" },
	{ "2.11", "must",
	  "The Container Image Must Be Created with Verified Packages",
	  "CCI-001749", "CM-5 (3)", "CM-14" },
	{ "2.12", "must",
	  "The Container Image Must Be Created with Only Essential "
	  "Capabilities",
	  "CCI-000381", "CM-7 a", "CM-7 a" },
	{ "2.13", "must",
	  "The Container Image Must Only Enable Ports Used for the "
	  "Service Being Implemented",
	  "CCI-001762", "CM-7 (1) (b)", "CM-7 (1) (b)" },
	{ "2.14", "must",
	  "The Container Image Must Be Built from a DoD Approved Base "
	  "Image",
	  "CCI-002422", "SC-8 (2)", "SC-8 (2)" },
	{ "2.15", "must",
	  "Container Images No Longer in Use Due to Updated Versions "
	  "Must Be Removed",
	  "CCI-002617", "SI-2 (6)", "SI-2 (6)" },
	{ "2.16", "must",
	  "The Container Image Must Implement Any STIG or SRG "
	  "Guidance Relevant to the Container Service",
	  "CCI-000366", "CM-6 b", "CM-6 b" },
	{ "2.17", "must",
	  "The Container Image Must Be Created from a Trusted and "
	  "Approved Source",
	  "CCI-000185", "IA-5 (2) (a)", "IA-5 (2) (b) (1)" },
	{ "2.18", "must",
	  "The Container Image Must Be Clear of Embedded Credentials",
	  "CCI-002367", "IA-5 (7)", "IA-5 (7)" },
	{ "3.1", "must",
	  "A Container Must Not Mount the Container Platform's "
	  "Registry Endpoint",
	  "CCI-001090", "SC-4", "SC-4" },
	{ "3.2", "must",
	  "A Container Must Be Limited in Available System Calls",
	  "CCI-001090", "SC-4", "SC-4" },
	{ "3.3", "must",
	  "Enable PIDs Control Groups to Limit and Account for "
	  "Container Resource Usage",
	  "CCI-001090", "SC-4", "SC-4" },
	{ "3.4", "must",
	  "Sensitive Directories on the Host System Must Not Be "
	  "Mounted by Containers",
	  "CCI-001090", "SC-4", "SC-4" },
	{ "3.5", "should",
	  "The Container Should Have Resource Limits Set",
	  "CCI-001094", "SC-5 (1)", "SC-5 (1)" },
	{ "3.6", "should",
	  "The Container Should Have Resource Request Set",
	  "CCI-001095", "SC-5 (2)", "SC-5 (2)" },
	{ "3.7", "must",
	  "The Container root filesystem Must Be Mounted as Read-Only",
	  "CCI-001813", "CM-5 (1)", "CM-5 (1) (a)" },
	{ "3.8", "must",
	  "The Container Must Have a Liveness Probe",
	  "CCI-002385", "SC-5", "SC-5 a" },
	{ "3.9", "must",
	  "The Container Must Have a Readiness Probe",
	  "CCI-002385", "SC-5", "SC-5 a" },
	{ "3.10", "must",
	  "A Container Must Not Have Access to Operating System "
	  "Kernel Namespaces",
	  "CCI-001090", "SC-4", "SC-4" },
	{ "3.11", "should",
	  "The Container Should Be Given Label Selectors to Help "
	  "Define Container Execution Location and Type",
	  "CCI-002530", "SC-39", "SC-39" },
};

static const char *const checks[] = {
#define CHECK(id, kinds, function) id,
#include "src/assess/checks.def"
#undef CHECK
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Columns of SQL_BENCH_RULES. */
enum { ID, FAMILY, LEVEL, RULE, GRP, TITLE, SEVERITY, WEIGHT, CCI, R4, R5,
	DISCUSSION, CHECK_TEXT, FIX_TEXT, COLUMNS };

static struct store *st;
static char path[] = "/tmp/test_benchmark.XXXXXX";
static struct err err = ERR_INIT;

static int setup(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	unlink(path);
	st = store_open(path, STORE_CREATE, &err);
	assert_ok(st == NULL ? -1 : 0, &err);
	assert_ok(store_begin(st, &err), &err);
	assert_ok(benchmark_load(st, AS_OF, &err), &err);
	assert_ok(store_commit(st, &err), &err);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	values_free();
	store_close(st);
	unlink(path);
	return 0;
}

static void the_rules_are_the_guides(void **state)
{
	struct query q;
	size_t n = 0;

	(void)state;
	query_open(&q, st, SQL_BENCH_RULES, NOBIND);
	for (; query_next(&q, &err) > 0; n++) {
		assert_true(n < COUNT(guide));
		assert_string_equal(query_text(&q, ID), guide[n].id);
		assert_string_equal(query_text(&q, LEVEL), guide[n].level);
		assert_string_equal(query_text(&q, TITLE), guide[n].title);
		assert_string_equal(query_text(&q, CCI), guide[n].cci);
		assert_string_equal(query_text(&q, R4), guide[n].r4);
		assert_string_equal(query_text(&q, R5), guide[n].r5);
		assert_string_equal(query_text(&q, FAMILY),
		    guide[n].id[0] == '2' ? "image" : "deployment");
		assert_string_equal(query_text(&q, SEVERITY),
		    str_eq(guide[n].level, "must") ? "medium" : "low");
		assert_string_equal(query_text(&q, WEIGHT), "10.0");
	}
	query_close(&q);
	assert_int_equal(n, 29);
}

static void every_check_has_a_rule_and_every_rule_a_check(void **state)
{
	(void)state;
	assert_int_equal(COUNT(checks), COUNT(guide));
	for (size_t i = 0; i < COUNT(guide); i++)
		assert_string_equal(checks[i], guide[i].id);
}

/* Readers cut ids at 45 characters and sort groups by the number that begins
 * at the third: the number must rise, and ids must fit the schema's form. */
static void ids_are_short_and_sort_as_the_guide(void **state)
{
	long last = 0;
	struct query q;
	regex_t re;

	(void)state;
	assert_int_equal(regcomp(&re, "^xccdf_[^_]+_rule_CIDG-0[23]-[0-9]{3}$",
	    REG_EXTENDED | REG_NOSUB), 0);
	query_open(&q, st, SQL_BENCH_RULES, NOBIND);
	while (query_next(&q, &err) > 0) {
		const char *rule = query_text(&q, RULE);
		const char *grp = query_text(&q, GRP);
		const char *number = strrchr(rule, '-') + 1;
		char want[16];
		int section, minor;

		assert_int_equal(regexec(&re, rule, 0, NULL, 0), 0);
		assert_true(strlen(rule) <= 45 && strlen(grp) <= 45);
		assert_true(strtol(grp + 2, NULL, 10) > last);
		last = strtol(grp + 2, NULL, 10);
		assert_int_equal(sscanf(query_text(&q, ID), "%d.%d", &section,
		    &minor), 2);
		snprintf(want, sizeof(want), "%03d", minor * 10);
		assert_string_equal(number, want);
		assert_int_equal(number[-2] - '0', section);
		snprintf(want, sizeof(want), "G-%02d%03d", section, minor * 10);
		assert_string_equal(grp, want);
	}
	query_close(&q);
	regfree(&re);
}

/* Does one of the text's paragraphs begin so? */
static bool has_paragraph(const char *text, const char *label)
{
	const char *p = strstr(text, label);

	return p != NULL && (p == text || p[-1] == '\n') &&
	    p[strlen(label)] == ':';
}

static void every_text_says_what_decides(void **state)
{
	static const char *const labels[] = {
		"Looked at", "Fails", "Passes", "Not reviewed"
	};
	struct query q;

	(void)state;
	query_open(&q, st, SQL_BENCH_RULES, NOBIND);
	while (query_next(&q, &err) > 0) {
		for (size_t i = 0; i < COUNT(labels); i++)
			if (!has_paragraph(query_text(&q, CHECK_TEXT),
			    labels[i]))
				fail_msg("%s does not say \"%s:\"",
				    query_text(&q, ID), labels[i]);
		assert_true(strlen(query_text(&q, FIX_TEXT)) > 40);
		assert_true(strlen(query_text(&q, DISCUSSION)) > 40);
		assert_null(strchr(query_text(&q, DISCUSSION), '<'));
	}
	query_close(&q);
}

static void the_assessment_names_the_benchmark(void **state)
{
	char digest[SHA_HEX];
	struct query q;
	size_t len;
	const char *text = benchmark_text(&len);

	(void)state;
	sha_of(text, len, digest);
	query_open(&q, st, SQL_BENCH_ASSESSED, NOBIND);
	assert_int_equal(query_next(&q, &err), 1);
	assert_string_equal(query_text(&q, 0), AS_OF);
	assert_string_equal(query_text(&q, 1),
	    "xccdf_org.muster_benchmark_CIDG");
	assert_string_equal(query_text(&q, 2), "2");
	assert_string_equal(query_text(&q, 3), digest);
	assert_string_equal(query_text(&q, 4),
	    "Container Image Creation and Deployment Guide");
	assert_string_equal(query_text(&q, 5),
	    "Release: 0.6 Benchmark Date: 02 Nov 2020");
	assert_int_equal(query_next(&q, &err), 0);
	query_close(&q);
}

/* The text, read again without benchmark.c. */
struct shape {
	char	 rule[16];		/* m:requirement/@number */
	int	 rules, groups, values, described, refs, exports;
	int	 selected;		/* groups that profiles select */
	struct str value_ids, exported;	/* one a line */
};

static int shape_start(void *ctx, struct xml *x, const char *ns,
    const char *name, struct err *e)
{
	struct shape *s = ctx;
	const char *v;

	(void)e;
	if (str_eq(ns, "urn:muster:benchmark")) {
		snprintf(s->rule, sizeof(s->rule), "%s", xml_attr(x, "number"));
		return 0;
	}
	s->rules += str_eq(name, "Rule");
	s->groups += str_eq(name, "Group");
	s->selected += str_eq(name, "select") &&
	    str_eq(xml_attr(x, "selected"), "true");
	if (str_eq(name, "Value")) {
		v = xml_attr(x, "id");
		assert_false(str_listed(str_text(&s->value_ids), v));
		str_addf(&s->value_ids, "%s\n", v);
		s->values++;
	} else if (str_eq(name, "description") && xml_depth(x) == 3) {
		xml_want_text(x);
	} else if (str_eq(name, "check-content-ref")) {
		assert_string_equal(xml_attr(x, "name"), s->rule);
		s->refs++;
	} else if (str_eq(name, "check-export")) {
		str_addf(&s->exported, "%s\n", xml_attr(x, "value-id"));
		assert_true(str_ends(xml_attr(x, "value-id"),
		    xml_attr(x, "export-name")));
	}
	return 0;
}

static int shape_end(void *ctx, struct xml *x, const char *ns,
    const char *name, const char *text, size_t len, struct err *e)
{
	struct shape *s = ctx;

	(void)x, (void)ns, (void)name, (void)e, (void)text;
	s->described += len > 20;	/* of Profile, Value and Group */
	return 0;
}

static void the_xml_is_of_one_piece(void **state)
{
	static const struct xml_handler h = { shape_start, shape_end };
	struct shape s = { .rules = 0 };
	size_t len;
	const char *text = benchmark_text(&len);
	struct input *in = input_open_mem(text, len, "benchmark");
	char *line, *rest;

	(void)state;
	assert_ok(xml_read(in, &h, &s, &err), &err);
	input_close(in);
	assert_int_equal(s.rules, 29);
	assert_int_equal(s.refs, 29);
	assert_int_equal(s.groups, 2);
	assert_int_equal(s.selected, 1 + 1 + 2);
	assert_true(s.values > 20);
	assert_int_equal(s.described, s.values + 3 + s.groups);
	rest = s.exported.s;
	while ((line = strsep(&rest, "\n")) != NULL && *line != '\0')
		if (!str_listed(str_text(&s.value_ids), line))
			fail_msg("%s is exported and not defined", line);
	str_free(&s.value_ids);
	str_free(&s.exported);
}

/* "max_layers (default 25)" in a text is the Value max_layers. */
static void defaults_in_texts_are_the_values(void **state)
{
	int seen = 0;
	struct query q;

	(void)state;
	query_open(&q, st, SQL_BENCH_RULES, NOBIND);
	while (query_next(&q, &err) > 0) {
		const char *p = query_text(&q, CHECK_TEXT);

		while ((p = strstr(p, " (default ")) != NULL) {
			const char *from = p;
			char name[64], want[64];
			struct assess as = { .store = st };

			while (from > query_text(&q, CHECK_TEXT) &&
			    (from[-1] == '_' || (from[-1] >= 'a' &&
			    from[-1] <= 'z')))
				from--;
			snprintf(name, sizeof(name), "%.*s", (int)(p - from),
			    from);
			p += strlen(" (default ");
			snprintf(want, sizeof(want), "%.*s",
			    (int)strcspn(p, ")"), p);
			assert_string_equal(assess_value(&as, name), want);
			assert_null(values_bug());
			seen++;
		}
	}
	query_close(&q);
	assert_true(seen >= 8);
}

static void values_are_read_by_name_and_type(void **state)
{
	struct assess as = { .store = st };

	(void)state;
	assert_ok(values_load(st, &err), &err);
	assert_int_equal(assess_value_int(&as, "max_layers"), 25);
	assert_false(assess_value_bool(&as, "jobs_need_probes"));
	assert_true(str_listed(assess_value(&as, "sshd_programs"),
	    "dropbear"));
	assert_true(str_listed(assess_value(&as, "sensitive_directories"),
	    "/etc"));
	assert_string_equal(assess_value(&as, "required_stigs"), "");
	assert_null(values_bug());
}

static void an_unknown_value_is_our_bug(void **state)
{
	struct assess as = { .store = st };

	(void)state;
	assert_ok(values_load(st, &err), &err);
	assert_string_equal(assess_value(&as, "max_lairs"), "");
	assert_string_equal(values_bug(), "max_lairs");
	assert_ok(values_load(st, &err), &err);
	assert_null(values_bug());
	assert_int_equal(assess_value_int(&as, "min_secret_grade"), 0);
	assert_string_equal(values_bug(), "min_secret_grade");
	assert_ok(values_load(st, &err), &err);
	assert_false(assess_value_bool(&as, "max_layers"));
	assert_string_equal(values_bug(), "max_layers");
	values_free();
}

static void each_store_has_its_own_values(void **state)
{
	char other_path[] = "/tmp/test_benchmark.XXXXXX";
	int fd = mkstemp(other_path);
	struct store *other;
	struct assess as = { .store = st }, bs;

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	unlink(other_path);
	other = store_open(other_path, STORE_CREATE, &err);
	assert_non_null(other);
	bs = (struct assess){ .store = other };
	assert_ok(store_run(other, SQL_BENCH_VALUE, BIND(V("max_layers"),
	    V("number"), V("t"), V("7")), &err), &err);
	assert_int_equal(assess_value_int(&as, "max_layers"), 25);
	assert_int_equal(assess_value_int(&bs, "max_layers"), 7);
	assert_int_equal(assess_value_int(&as, "max_layers"), 25);
	assert_null(values_bug());
	values_free();
	store_close(other);
	unlink(other_path);
}

/* Ask for every Value that one source file asks for, as it does. */
static int ask_as(const char *file)
{
	static const char call[] = "assess_value";
	struct assess as = { .store = st };
	struct str text = STR_INIT;
	char piece[4096], name[64];
	FILE *f = fopen(file, "r");
	int asked = 0;
	size_t n;

	assert_non_null(f);
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		str_addn(&text, piece, n);
	fclose(f);
	for (const char *p = str_text(&text); (p = strstr(p, call)) != NULL; ) {
		const char *end = strchr(p, ')'), *quote = strchr(p, '"');

		p += strlen(call);
		if (end == NULL || quote == NULL || quote > end)
			continue;	/* a definition, or a comment */
		snprintf(name, sizeof(name), "%.*s",
		    (int)strcspn(quote + 1, "\""), quote + 1);
		if (str_starts(p, "_int("))
			assess_value_int(&as, name);
		else if (str_starts(p, "_bool("))
			assess_value_bool(&as, name);
		else
			assess_value(&as, name);
		if (values_bug() != NULL)
			fail_msg("%s: no Value \"%s\" of that type", file,
			    values_bug());
		asked++;
	}
	str_free(&text);
	return asked;
}

static void every_value_asked_for_is_in_the_benchmark(void **state)
{
	int asked = 0;
	glob_t g;

	(void)state;
	values_free();
	assert_int_equal(glob("src/assess/*.c", 0, NULL, &g), 0);
	for (size_t i = 0; i < g.gl_pathc; i++)
		asked += ask_as(g.gl_pathv[i]);
	globfree(&g);
	assert_true(asked > 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_rules_are_the_guides),
		cmocka_unit_test(every_check_has_a_rule_and_every_rule_a_check),
		cmocka_unit_test(ids_are_short_and_sort_as_the_guide),
		cmocka_unit_test(every_text_says_what_decides),
		cmocka_unit_test(the_assessment_names_the_benchmark),
		cmocka_unit_test(the_xml_is_of_one_piece),
		cmocka_unit_test(defaults_in_texts_are_the_values),
		cmocka_unit_test(values_are_read_by_name_and_type),
		cmocka_unit_test(an_unknown_value_is_our_bug),
		cmocka_unit_test(each_store_has_its_own_values),
		cmocka_unit_test(every_value_asked_for_is_in_the_benchmark),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
