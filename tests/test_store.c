/* test_store.c - the evidence database keeps what it promised. */
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include "test.h"
#include "muster/store.h"

static char path[] = "/tmp/muster-test-XXXXXX";

/* A database with one artifact, one target, a fact and a finding. */
static int64_t fill(struct store *st, const char *sha256, struct err *err)
{
	const struct rec target = { REC_TARGET, 5, {
		{ "1", 1 }, { "image", 5 }, { NULL, 0 }, { "web", 3 },
		{ NULL, 0 } } };
	const struct rec fact = { REC_FACT, 5, {
		{ "1", 1 }, { "config.user", 11 }, { NULL, 0 }, { "app", 3 },
		{ NULL, 0 } } };
	const struct artifact a = {
		.sha256 = sha256, .name = "web.tar", .format = "oci-archive",
		.importer = "archive", .batch = "b:1", .bytes = 5
	};
	char digest[65], detail[128];
	struct evidence *ev;
	int64_t id;

	assert_ok(store_begin(st, err), err);
	assert_non_null(ev = evidence_begin(st, err));
	assert_ok(evidence_put(ev, &target, err), err);
	assert_ok(evidence_put(ev, &fact, err), err);
	assert_ok(evidence_end(ev, &a, digest, err), err);
	id = evidence_id(ev);
	evidence_free(ev);
	snprintf(detail, sizeof(detail), "%s web.tar", sha256);
	assert_ok(journal_add(st, "import", detail, digest, err), err);
	assert_ok(store_commit(st, err), err);
	return id;
}

#define SHA "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static void every_statement_prepares(void **state)
{
	struct err err = ERR_INIT;
	struct store *st = store_open(":memory:", STORE_CREATE, &err);

	(void)state;
	assert_non_null(st);
	assert_ok(store_selftest(st, &err), &err);
	store_close(st);
}

static void a_fresh_database_passes_its_own_check(void **state)
{
	struct err err = ERR_INIT;
	struct store *st = store_open(":memory:", STORE_CREATE, &err);

	(void)state;
	assert_ok(store_check(st, &err), &err);
	store_close(st);
}

static void the_evidence_digest_can_be_made_again(void **state)
{
	struct err err = ERR_INIT;
	struct store *st = store_open(":memory:", STORE_CREATE, &err);
	int64_t id = fill(st, SHA, &err);
	char digest[65];
	struct query q;

	(void)state;
	assert_ok(evidence_digest(st, id, digest, &err), &err);
	query_open(&q, st, SQL_EVIDENCE_JOURNALLED, BIND(V(SHA)));
	assert_int_equal(query_next(&q, &err), 1);
	assert_string_equal(query_text(&q, 0), digest);
	query_close(&q);
	store_close(st);
}

/* Everything that makes a database one of ours, as text. */
static void shape(const char *file, struct str *out)
{
	static const char *const asks[] = {
		"SELECT group_concat(type || ' ' || name || ' ' || tbl_name ||"
		" ' ' || coalesce(sql, ''), char(10)) FROM sqlite_schema",
		"PRAGMA application_id", "PRAGMA user_version",
		"PRAGMA page_size", "PRAGMA encoding", "PRAGMA auto_vacuum",
		"PRAGMA journal_mode", "PRAGMA integrity_check",
		"SELECT count(*) || ' ' || length(min(id)) || ' ' || min(mine)"
		" FROM chain"
	};
	sqlite3 *db;
	sqlite3_stmt *q;

	assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
	for (size_t i = 0; i < sizeof(asks) / sizeof(asks[0]); i++) {
		assert_int_equal(sqlite3_prepare_v2(db, asks[i], -1, &q,
		    NULL), SQLITE_OK);
		assert_int_equal(sqlite3_step(q), SQLITE_ROW);
		str_addf(out, "%s\n", (const char *)sqlite3_column_text(q,
		    0));
		sqlite3_finalize(q);
	}
	sqlite3_close(db);
}

static void make_new(const char *file)
{
	struct err err = ERR_INIT;
	struct store *st = store_open(file, STORE_CREATE, &err);

	assert_ok(st != NULL ? 0 : -1, &err);
	store_close(st);
}

static void chain_of(const char *file, struct str *out)
{
	struct err err = ERR_INIT;
	struct store *st = store_open(file, STORE_READ, &err);
	struct query q;

	assert_non_null(st);
	query_open(&q, st, SQL_CHAIN_MINE, NOBIND);
	assert_int_equal(query_next(&q, &err), 1);
	str_add(out, query_text(&q, 0));
	query_close(&q);
	store_close(st);
}

/* Where there is a file, if an empty one, SQLite takes the steps. */
static void a_new_database_is_what_the_steps_make(void **state)
{
	char made[] = "/tmp/muster-test-XXXXXX", other[64];
	struct str steps = STR_INIT, carried = STR_INIT;
	struct str one = STR_INIT, two = STR_INIT;

	(void)state;
	close(mkstemp(made));
	snprintf(other, sizeof(other), "%s.new", made);
	make_new(made);
	make_new(other);
	shape(made, &steps);
	shape(other, &carried);
	assert_string_equal(carried.s, steps.s);
	chain_of(other, &one);
	unlink(other);
	make_new(other);
	chain_of(other, &two);
	assert_string_not_equal(one.s, two.s);
	unlink(made);
	unlink(other);
	str_free(&steps);
	str_free(&carried);
	str_free(&one);
	str_free(&two);
}

static void copy(const char *from, const char *to)
{
	char buf[4096];
	FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
	size_t n;

	assert_true(in != NULL && out != NULL);
	while ((n = fread(buf, 1, sizeof(buf), in)) > 0)
		assert_int_equal(fwrite(buf, 1, n, out), n);
	fclose(in);
	assert_int_equal(fclose(out), 0);
}

/* The journal that a crash left, of a database that somebody took away. */
static void a_journal_left_alone_is_not_rolled_back(void **state)
{
	char name[] = "/tmp/muster-test-XXXXXX", journal[64], left[64];
	struct str whole = STR_INIT, after = STR_INIT;
	sqlite3 *db;

	(void)state;
	close(mkstemp(name));
	snprintf(journal, sizeof(journal), "%s-journal", name);
	snprintf(left, sizeof(left), "%s.left", name);
	make_new(name);
	shape(name, &whole);
	/* another program's database, in the middle of a change */
	unlink(name);
	assert_int_equal(sqlite3_open(name, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA synchronous = OFF;"
	    "CREATE TABLE t(a); INSERT INTO t VALUES(randomblob(99));"
	    "BEGIN; UPDATE t SET a = 1", NULL, NULL, NULL), SQLITE_OK);
	copy(journal, left);
	sqlite3_close(db);
	unlink(name);
	assert_int_equal(rename(left, journal), 0);
	make_new(name);
	shape(name, &after);
	assert_string_equal(after.s, whole.s);
	unlink(name);
	unlink(journal);
	str_free(&whole);
	str_free(&after);
}

static void a_missing_database_is_not_made_by_reading(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	unlink(path);
	assert_null(store_open(path, STORE_READ, &err));
	assert_int_equal(err.kind, ERR_STORE);
	assert_int_not_equal(access(path, F_OK), 0);
}

/* Change the file behind muster's back. */
static void meddle(const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void meddling_is_found(void **state)
{
	static const struct {
		const char *sql;
		enum { CHECK, JOURNAL, DIGEST } found_by;
	} rows[] = {
		{ "UPDATE fact SET value = 'root'", DIGEST },
		{ "UPDATE target SET name = 'db'", DIGEST },
		{ "UPDATE artifact SET tool = 'x'", DIGEST },
		{ "DELETE FROM fact", DIGEST },
		{ "UPDATE journal SET who = 'x' WHERE seq = 1", JOURNAL },
		{ "DELETE FROM journal WHERE seq = 1", JOURNAL },
		{ "CREATE VIEW v AS SELECT 1", CHECK },
		{ "CREATE TRIGGER t AFTER INSERT ON fact BEGIN SELECT 1; END",
		    CHECK },
		{ "DROP INDEX fact_by_target", CHECK },
		{ "PRAGMA foreign_keys=OFF; DELETE FROM target WHERE n = 1",
		    CHECK },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err err = ERR_INIT;
		struct store *st;
		char before[65], after[65];
		int64_t id, n;

		unlink(path);
		assert_non_null(st = store_open(path, STORE_CREATE, &err));
		id = fill(st, SHA, &err);
		fill(st, "aa7816bf8f01cfea414140de5dae2223b00361a396177a9cb41"
		    "0ff61f20015ad", &err);
		assert_ok(evidence_digest(st, id, before, &err), &err);
		store_close(st);
		meddle(rows[i].sql);
		assert_non_null(st = store_open(path, STORE_READ, &err));
		switch (rows[i].found_by) {
		case CHECK:
			assert_int_equal(store_check(st, &err), -1);
			break;
		case JOURNAL:
			assert_ok(store_check(st, &err), &err);
			assert_int_equal(journal_verify(st, &n, &err), -1);
			break;
		case DIGEST:
			assert_ok(store_check(st, &err), &err);
			assert_ok(evidence_digest(st, id, after, &err), &err);
			assert_string_not_equal(before, after);
			break;
		}
		store_close(st);
	}
	unlink(path);
}

static void a_foreign_database_is_refused(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	unlink(path);
	meddle("CREATE TABLE diary(day TEXT)");
	assert_null(store_open(path, STORE_CREATE, &err));
	assert_non_null(strstr(err.text, "another program"));
	unlink(path);
}

static void a_newer_database_is_refused(void **state)
{
	struct err err = ERR_INIT;
	struct store *st;

	(void)state;
	unlink(path);
	assert_non_null(st = store_open(path, STORE_CREATE, &err));
	store_close(st);
	meddle("PRAGMA user_version = 99");
	assert_null(store_open(path, STORE_CREATE, &err));
	assert_non_null(strstr(err.text, "newer muster"));
	unlink(path);
}

static void what_was_rolled_back_leaves_no_row(void **state)
{
	struct err err = ERR_INIT;
	struct store *st = store_open(":memory:", STORE_CREATE, &err);
	struct evidence *ev;
	int64_t n;

	(void)state;
	assert_ok(store_begin(st, &err), &err);
	assert_non_null(ev = evidence_begin(st, &err));
	evidence_free(ev);
	store_rollback(st);
	assert_ok(store_int(st, SQL_ARTIFACT_OF_SIZE, BIND(V(0)), &n, &err),
	    &err);
	assert_int_equal(n, 0);
	store_close(st);
}

static void a_statement_can_be_walked_inside_itself(void **state)
{
	struct err err = ERR_INIT;
	struct store *st = store_open(":memory:", STORE_CREATE, &err);
	struct query a, b;

	(void)state;
	query_open(&a, st, SQL_CHAINS, NOBIND);
	query_open(&b, st, SQL_CHAINS, NOBIND);
	assert_int_equal(query_next(&a, &err), 1);
	assert_int_equal(query_next(&b, &err), 1);
	assert_string_equal(query_text(&a, 0), query_text(&b, 0));
	query_close(&b);
	assert_int_equal(query_next(&a, &err), 0);
	query_close(&a);
	store_close(st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_statement_prepares),
		cmocka_unit_test(a_fresh_database_passes_its_own_check),
		cmocka_unit_test(the_evidence_digest_can_be_made_again),
		cmocka_unit_test(a_new_database_is_what_the_steps_make),
		cmocka_unit_test(a_journal_left_alone_is_not_rolled_back),
		cmocka_unit_test(a_missing_database_is_not_made_by_reading),
		cmocka_unit_test(meddling_is_found),
		cmocka_unit_test(a_foreign_database_is_refused),
		cmocka_unit_test(a_newer_database_is_refused),
		cmocka_unit_test(what_was_rolled_back_leaves_no_row),
		cmocka_unit_test(a_statement_can_be_walked_inside_itself),
	};
	int fd = mkstemp(path);

	if (fd >= 0)
		close(fd);
	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
