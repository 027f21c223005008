/* test_tailoring.c - what an XCCDF tailoring file changes, and what refuses
 * it. */
#include <stdlib.h>

#include "test.h"
#include "muster/assess.h"
#include "muster/input.h"
#include "muster/store.h"

#define AS_OF "2026-11-23T00:00:00Z"
#define HEAD \
	"<Tailoring xmlns='http://checklists.nist.gov/xccdf/1.2'" \
	" id='xccdf_t_tailoring_t'><version time='2026-11-01T00:00:00Z'>1" \
	"</version><Profile id='xccdf_t_profile_p'><title>Strict</title>"
#define FOOT "</Profile></Tailoring>"
#define ID(kind, name) "idref='xccdf_org.muster_" kind "_" name "'"

static struct store *st;

static int setup(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	st = store_open(":memory:", STORE_CREATE, &err);
	return st == NULL;
}

static int teardown(void **state)
{
	(void)state;
	store_close(st);
	return 0;
}

static int tailor(const char *text, struct err *err)
{
	struct input *in = input_open_mem(text, strlen(text), "t.xml");
	int rc = assess_run_tailored(st, AS_OF, in, err);

	input_close(in);
	return rc;
}

/* The first column of the first row whose column `key` is `name`. */
static char *column(enum sql sql, int key, const char *name, int col)
{
	struct err err = ERR_INIT;
	struct query q;
	char *text = NULL;

	query_open(&q, st, sql, NOBIND);
	while (query_next(&q, &err) > 0)
		if (strcmp(query_text(&q, key), name) == 0)
			text = strdup(query_text(&q, col));
	query_close(&q);
	assert_non_null(text);
	return text;
}

static void expect(enum sql sql, const char *name, int col, const char *want)
{
	char *got = column(sql, 0, name, col);

	assert_string_equal(got, want);
	free(got);
}

static void values_and_rules_change_for_one_run(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(tailor(HEAD
	    "<set-value " ID("value", "max_layers") ">3</set-value>"
	    "<refine-rule " ID("rule", "CIDG-02-180") " severity='high'/>"
	    FOOT, &err), 0);
	expect(SQL_BENCH_VALUES, "max_layers", 2, "3");
	expect(SQL_BENCH_RULES, "2.18", 6, "high");
	expect(SQL_BENCH_RULES, "2.17", 6, "medium");
	assert_int_equal(assess_run(st, AS_OF, &err), 0);
	expect(SQL_BENCH_VALUES, "max_layers", 2, "25");
	expect(SQL_BENCH_RULES, "2.18", 6, "medium");
}

static void the_file_is_kept_once_and_in_the_journal(void **state)
{
	static const char file[] = HEAD
	    "<set-value " ID("value", "max_layers") ">3</set-value>" FOOT;
	struct err err = ERR_INIT;
	int64_t n = 0;

	(void)state;
	assert_int_equal(tailor(file, &err), 0);
	assert_int_equal(tailor(file, &err), 0);
	assert_int_equal(event_verify(st, &n, &err), 0);
	assert_int_equal(n, 1);
}

/* A group stands for its rules. */
static void a_group_is_not_selected_with_its_rules(void **state)
{
	struct err err = ERR_INIT;
	int64_t on = -1;

	(void)state;
	assert_int_equal(tailor(HEAD "<select " ID("group", "CIDG-03")
	    " selected='false'/>" FOOT, &err), 0);
	assert_int_equal(store_int(st, SQL_TAILOR_SELECTED, BIND(V("3.7")),
	    &on, &err), 0);
	assert_int_equal(on, 0);
	assert_int_equal(store_int(st, SQL_TAILOR_SELECTED, BIND(V("2.7")),
	    &on, &err), 0);
	assert_int_equal(on, 1);
}

static void a_file_that_cannot_be_obeyed_changes_nothing(void **state)
{
	static const struct {
		const char *body, *says;
	} rows[] = {
		{ "<set-value " ID("value", "max_layer") ">3</set-value>",
		  "no Value" },
		{ "<set-value " ID("value", "max_layers") ">few</set-value>",
		  "whole number" },
		{ "<set-value " ID("value", "jobs_need_probes")
		  ">yes</set-value>", "true or false" },
		{ "<select " ID("rule", "CIDG-02-190") " selected='false'/>",
		  "no rule or group" },
		{ "<select " ID("rule", "CIDG-02-180") " selected='no'/>",
		  "neither true nor false" },
		{ "<select selected='false'/>", "without idref" },
		{ "<refine-rule " ID("rule", "CIDG-02-180")
		  " severity='dire'/>", "none of" },
		{ "<refine-rule " ID("rule", "CIDG-02-180")
		  " weight='heavy'/>", "no number" },
		{ "<refine-rule " ID("rule", "CIDG-02-180")
		  " selector='s'/>", "selector" },
		{ "<refine-value " ID("value", "max_layers")
		  " selector='s'/>", "not read" },
		{ "</Profile><Profile id='xccdf_t_profile_q'>",
		  "second Profile" },
	};
	struct err err = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[1024];

		assert_int_equal(assess_run(st, AS_OF, &err), 0);
		snprintf(text, sizeof(text), "%s<set-value "
		    ID("value", "max_wasted_percent") ">1</set-value>%s%s",
		    HEAD, rows[i].body, FOOT);
		assert_int_equal(tailor(text, &err), -1);
		assert_int_equal(err.kind, ERR_INPUT);
		if (strstr(err.text, rows[i].says) == NULL)
			fail_msg("row %zu says \"%s\"", i, err.text);
		assert_true(err.line > 0);
		expect(SQL_BENCH_VALUES, "max_wasted_percent", 2, "10");
		err = (struct err)ERR_INIT;
	}
}

static void another_document_is_no_tailoring(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(tailor("<Benchmark xmlns='http://checklists.nist."
	    "gov/xccdf/1.2'/>", &err), -1);
	assert_non_null(strstr(err.text, "Tailoring was expected"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(values_and_rules_change_for_one_run),
		T(the_file_is_kept_once_and_in_the_journal),
		T(a_group_is_not_selected_with_its_rules),
		T(a_file_that_cannot_be_obeyed_changes_nothing),
		T(another_document_is_no_tailoring),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
