/* test_archive.c - files inside files: each is accounted for. */
#include <stdlib.h>

#include "test.h"
#include "muster/import.h"
#include "muster/store.h"

/* What is told of the members, a line each. */
static void tell(void *ctx, const char *name, const struct import_result *res,
    const struct err *err)
{
	static const char *const words[] = {
		[IMPORT_DONE] = "done", [IMPORT_DUPLICATE] = "duplicate",
		[IMPORT_REFUSED] = "refused",
		[IMPORT_NO_EVIDENCE] = "no evidence"
	};

	str_addf(ctx, "%s %s%s\n", name, words[res->status],
	    err->kind == ERR_INPUT && res->status == IMPORT_REFUSED ?
	    " for its content" : "");
}

static int64_t artifacts(struct store *st)
{
	struct err err = ERR_INIT;
	struct query q;
	int64_t n = 0;

	query_open(&q, st, SQL_ARTIFACT_IDS, NOBIND);
	while (query_next(&q, &err) > 0)
		n++;
	query_close(&q);
	assert_int_equal(err.kind, ERR_NONE);
	return n;
}

static const struct row {
	const char *path, *members;
	int64_t artifacts, read, stored, merged, unplaced;
} rows[] = {
	/* the symbolic link is counted and not followed */
	{ "samples/archive/reports.tar.gz",
	    "!README.md no evidence\n"
	    "!scan-results/grype.json done\n"
	    "!scan-results/again.json duplicate\n"
	    "!scan-results/cut.json refused for its content\n",
	    2, 5, 1, 1, 3 },
	{ "samples/archive/reports.zip",
	    "!README.md no evidence\n!scan-results/grype.json done\n",
	    2, 2, 1, 0, 1 },
};

static void every_member_is_accounted_for(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err err = ERR_INIT;
		struct store *st = store_open(":memory:", STORE_CREATE, &err);
		struct str told = STR_INIT;
		const struct import_opts opts = {
			.member = tell, .ctx = &told
		};
		struct import_result res;

		assert_ok(import_file(st, rows[i].path, &opts, &res, &err),
		    &err);
		assert_string_equal(str_text(&told), rows[i].members);
		assert_int_equal(artifacts(st), rows[i].artifacts);
		assert_int_equal(res.read, rows[i].read);
		assert_int_equal(res.stored, rows[i].stored);
		assert_int_equal(res.merged, rows[i].merged);
		assert_int_equal(res.unplaced, rows[i].unplaced);
		str_free(&told);
		store_close(st);
	}
}

static void a_member_known_already_is_the_same_file(void **state)
{
	struct err err = ERR_INIT;
	struct store *st = store_open(":memory:", STORE_CREATE, &err);
	struct str told = STR_INIT;
	const struct import_opts opts = { .member = tell, .ctx = &told };
	struct import_result res;

	(void)state;
	assert_ok(import_file(st, "samples/grype/small.json", &opts, &res,
	    &err), &err);
	assert_ok(import_file(st, "samples/archive/reports.zip", &opts, &res,
	    &err), &err);
	assert_non_null(strstr(str_text(&told), "grype.json duplicate"));
	assert_int_equal(artifacts(st), 2);
	str_free(&told);
	store_close(st);
}

static void an_archive_without_evidence_leaves_nothing(void **state)
{
	struct err err = ERR_INIT;
	struct store *st = store_open(":memory:", STORE_CREATE, &err);
	struct import_opts opts = { .batch = "test:1" };
	struct import_result res;

	(void)state;
	assert_int_equal(import_file(st, "samples/archive/nothing.zip", &opts,
	    &res, &err), -1);
	assert_int_equal(res.status, IMPORT_REFUSED);
	assert_int_equal(artifacts(st), 0);
	store_close(st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_member_is_accounted_for),
		cmocka_unit_test(a_member_known_already_is_the_same_file),
		cmocka_unit_test(an_archive_without_evidence_leaves_nothing),
	};

	return cmocka_run_group_tests_name("archive", tests, NULL, NULL);
}
