/* test_env.c - secrets written into manifests are found, and stored nowhere. */
#include "test.h"

static void found(const char *path, const char *const *facts)
{
	struct err err = ERR_INIT;
	struct memo memo;

	memo_init(&memo);
	assert_ok(memo_import(&memo, path, NULL, &err), &err);
	for (; *facts != NULL; facts++)
		if (memo_count(&memo, *facts) != 1)
			fail_msg("%s is not among\n%s", *facts,
			    str_text(&memo.text));
	assert_int_equal(memo_count(&memo, "|secret|"), 2 - (strstr(path,
	    "k8s") != NULL));
	assert_int_equal(memo_count(&memo, "hunter2"), 0);
	memo_free(&memo);
}

static void a_compose_file_says_its_variables_and_commands(void **state)
{
	static const char *const facts[] = {
		"FACT|1|secret|named-secret|name ********|"
		"yaml:1:5:/services/web/environment/DB_PASSWORD",
		"FACT|1|secret|user-password-option|token ********|"
		"yaml:1:8:/services/web/command/2", NULL
	};

	(void)state;
	found("samples/compose/secrets.yaml", facts);
}

static void a_pod_says_literal_values_only(void **state)
{
	static const char *const facts[] = {
		"FACT|1|secret|named-secret|name ********|"
		"yaml:1:10:/spec/containers/0/env/0/value", NULL
	};

	(void)state;
	found("samples/k8s/secrets.yaml", facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_compose_file_says_its_variables_and_commands),
		cmocka_unit_test(a_pod_says_literal_values_only),
	};

	return cmocka_run_group_tests_name("env", tests, NULL, NULL);
}
