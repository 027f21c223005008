/*
 * test_tamper.c - what somebody without muster changes in a database or a
 * package, "muster verify" names.  tests/torture/tamper.py tries far more.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "muster/assess.h"
#include "muster/derived.h"
#include "muster/mem.h"
#include "muster/state.h"
#include "muster/store.h"
#include "muster/str.h"
#include "tests/test.h"

#define FLIPS 60

static char dir[] = "/tmp/muster-tamper-XXXXXX";

/* A line for sh, in the directory, $M being muster and $S the story; what it
 * says goes into "out".  The exit status. */
static int sh(const char *line)
{
	struct str cmd = STR_INIT;
	char *top = realpath(".", NULL);
	int rc;

	str_addf(&cmd, "cd %s; M=%s; S=%s/samples/story; { %s; } > out 2>&1",
	    dir, getenv("MUSTER"), top, line);
	rc = system(cmd.s);
	free(top);
	str_free(&cmd);
	return WIFEXITED(rc) ? WEXITSTATUS(rc) : -1;
}

static char *slurp(const char *name, size_t *len)
{
	struct str path = STR_INIT, all = STR_INIT;
	char buf[65536];
	size_t n;
	FILE *f;

	str_addf(&path, "%s/%s", dir, name);
	assert_non_null(f = fopen(path.s, "re"));
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		str_addn(&all, buf, n);
	fclose(f);
	str_free(&path);
	if (len != NULL)
		*len = all.len;
	return all.s != NULL ? all.s : mem_dup("");
}

static void put(const char *name, const void *bytes, size_t len)
{
	struct str path = STR_INIT;
	FILE *f;

	str_addf(&path, "%s/%s", dir, name);
	assert_non_null(f = fopen(path.s, "we"));
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
	str_free(&path);
}

static void expect(const char *line, int status, const char *said)
{
	int rc = sh(line);
	char *out = slurp("out", NULL);

	if (rc != status || strstr(out, said) == NULL)
		fail_msg("%s: status %d, not %d; \"%s\" should be in:\n%s",
		    line, rc, status, said, out);
	free(out);
}

static int make(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(dir));
	expect("$M -d a.db import $S && cp a.db old.db &&"
	    " $M -d a.db assess --as-of 2026-10-01 &&"
	    " $M -d a.db waiver propose --requirement 2.3 --all --by alice"
	    " --until 2027-06-01 --why w --as-of 2026-10-02 &&"
	    " $M -d a.db assess --as-of 2026-11-01 &&"
	    " $M -d a.db seal seal &&"
	    " $M -d a.db package p.zip && $M -d a.db package p.tar.gz", 0, "");
	return 0;
}

static int drop(void **state)
{
	struct str cmd = STR_INIT;
	int rc;

	(void)state;
	str_addf(&cmd, "rm -rf %s", dir);
	rc = system(cmd.s);
	str_free(&cmd);
	return rc;
}

/* The database with what the SQL does to it. */
static void meddle(const char *sql)
{
	struct str path = STR_INIT;
	sqlite3 *db;
	char *why = NULL;

	expect("cp a.db t.db", 0, "");
	str_addf(&path, "%s/t.db", dir);
	assert_int_equal(sqlite3_open(path.s, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
	sqlite3_close(db);
	str_free(&path);
}

static void what_is_changed_is_named(void **state)
{
	static const struct {
		const char *sql, *said;
	} rows[] = {
		{ "UPDATE issue SET severity = 9 WHERE vuln_id ="
		    " 'CVE-2023-45853'", "the issue CVE-2023-45853 of package "
		    "zlib1g 1.2.13.dfsg-1 of image registry.example.mil/shop/"
		    "web:1.4 (table issue) severity is 9, not 5" },
		{ "DELETE FROM issue_source WHERE issue = 1",
		    "(table issue_source) is missing" },
		{ "INSERT INTO issue SELECT 999, subject, 'CVE-1', 'x', '1', 5,"
		    " 1 FROM issue WHERE id = 1", "the issue CVE-1 of package "
		    "x 1 of image" },
		{ "UPDATE attachment SET reason = 'x' WHERE exact = 1",
		    "reason is \"x\", not" },
		{ "UPDATE result SET verdict = 'pass' WHERE id = (SELECT"
		    " min(id) FROM result WHERE verdict = 'fail')",
		    "(table result) verdict is \"pass\", not" },
		{ "UPDATE reason SET text = 'x' WHERE id = 3",
		    "(table reason) text is \"x\", not" },
		{ "DELETE FROM gap WHERE id = 2", "(table gap) is missing" },
		{ "UPDATE requirement SET severity = 'low' WHERE id = '2.3'",
		    "the requirement 2.3 (table requirement) severity" },
		{ "UPDATE decision SET state = 'approved'",
		    "(table decision) state is \"approved\", not" },
		{ "UPDATE assessment SET as_of = '2020-01-01T00:00:00Z'",
		    "how it was assessed" },
		{ "UPDATE settled SET artifacts = 99",
		    "how many files are settled" },
		{ "UPDATE posture SET fail = 0", "the table posture is not" },
		{ "UPDATE posture_turn SET severity = 1 WHERE issue = 1",
		    "the table posture_turn is not" },
		{ "UPDATE finding SET severity = 2 WHERE id = 4",
		    "its records are not as imported" },
		{ "UPDATE finding SET id = 99999 WHERE id ="
		    " (SELECT max(id) FROM finding)", "row 99999 of finding" },
		{ "UPDATE layer SET id = -1 WHERE id = 1; UPDATE layer SET"
		    " id = 1 WHERE id = 2; UPDATE layer SET id = 2 WHERE"
		    " id = -1", "behind those of another file" },
		{ "UPDATE chunk SET seq = 7 WHERE artifact = 2",
		    "the kept pieces of" },
		/* how a zstd frame says its size: what it unpacks to is the
		 * same */
		{ "UPDATE chunk SET data = CAST(substr(data, 1, 4) ||"
		    " CASE substr(data, 5, 1) WHEN x'60' THEN x'70' WHEN x'20'"
		    " THEN x'30' ELSE x'b0' END || substr(data, 6) AS BLOB)"
		    " WHERE artifact = 2", "not packed as they were" },
		{ "UPDATE chain SET mine = 0", "0 journals of its own" },
		{ "INSERT INTO chain VALUES('00', 0)",
		    "journal 00 has no entry" },
		{ "DELETE FROM journal WHERE seq = 3", "entry 3 is missing" },
		{ "DELETE FROM journal WHERE seq = (SELECT max(seq) FROM"
		    " journal)", "entries are missing at its end" },
		{ "UPDATE event SET body = '{}'", "was changed" },
		{ "DELETE FROM event", "is missing" },
		{ "CREATE TABLE sqlitexevil(a)",
		    "table sqlitexevil is none of muster's" },
		{ "ANALYZE", "sqlite_stat1 is none of muster's" },
		{ "DROP INDEX gap_by_subject; CREATE INDEX gap_by_subject"
		    " ON gap(artifact)", "index gap_by_subject was changed" },
		{ "DROP TABLE posture_scan", "table posture_scan is missing" },
		{ "CREATE TRIGGER evil AFTER INSERT ON gap BEGIN SELECT 1;"
		    " END", "trigger evil is none of muster's" },
		{ "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET"
		    " tbl_name = 'khain' WHERE name ="
		    " 'sqlite_autoindex_chain_1'",
		    "index sqlite_autoindex_chain_1 was changed" },
		{ "PRAGMA user_version = 3", "taking schema step 4" },
		{ "PRAGMA application_id = 7", "its application id" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		meddle(rows[i].sql);
		expect("$M -d t.db verify", 4, rows[i].said);
	}
}

static void everything_found_is_told(void **state)
{
	(void)state;
	meddle("UPDATE gap SET text = 'x' WHERE id = 1; DELETE FROM event;"
	    " UPDATE journal SET who = 'x' WHERE seq = 1;"
	    " UPDATE fact SET value = 'x' WHERE id = 1");
	expect("$M -d t.db verify", 4, "entry 1 (import");
	expect("$M -d t.db verify", 4, "what was said on ");
	expect("$M -d t.db verify", 4, "its records are not as imported");
	expect("$M -d t.db verify", 4, "(table gap) text is \"x\"");
	expect("$M -d t.db verify", 4, "things are not as recorded");
}

/* Somebody who knows muster well: the journal tells of what was forged, and
 * nothing contradicts it but the evidence. */
static void a_forged_journal_is_found_by_all(void **state)
{
	struct err err = ERR_INIT;
	struct str path = STR_INIT;
	struct store *st;
	char hex[65];

	(void)state;
	meddle("UPDATE result SET verdict = 'pass' WHERE id = (SELECT"
	    " min(id) FROM result WHERE verdict = 'fail')");
	str_addf(&path, "%s/t.db", dir);
	assert_non_null(st = store_open(path.s, STORE_WRITE, &err));
	assert_ok(store_begin(st, &err), &err);
	assert_ok(assess_digest(st, hex, &err), &err);
	assert_ok(journal_add(st, "assess", "as of 2026-11-01T00:00:00Z", hex,
	    &err), &err);
	assert_ok(state_add(st, true, &err), &err);
	assert_ok(store_commit(st, &err), &err);
	store_close(st);
	str_free(&path);
	expect("$M -d t.db verify", 0, "verified");
	expect("$M -d t.db verify --all", 4, "(table result) verdict is "
	    "\"pass\", not \"fail\"");
}

static void flip(const char *from, const char *to, const char *line)
{
	unsigned long long seed = 20261129;
	size_t len;
	char *bytes = slurp(from, &len);

	for (int i = 0; i < FLIPS; i++) {
		size_t at;
		int bit;

		seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
		at = (size_t)(seed >> 20) % len;
		bit = 1 << (seed >> 61);
		bytes[at] = (char)(bytes[at] ^ bit);
		put(to, bytes, len);
		if (sh(line) != 4)
			fail_msg("%s: bit %#x of byte %zu is not found", from,
			    bit, at);
		bytes[at] = (char)(bytes[at] ^ bit);
	}
	free(bytes);
}

static void a_single_bit_is_found(void **state)
{
	(void)state;
	flip("a.db", "t.db", "rm -f t.db-*; $M -d t.db verify --all"
	    " --head seal");
	flip("p.zip", "t.zip", "$M verify t.zip");
	flip("p.tar.gz", "t.tar.gz", "$M verify t.tar.gz");
}

/* A free page, of which no table tells. */
static void what_is_free_is_empty(void **state)
{
	size_t len;
	char *bytes;

	(void)state;
	meddle("CREATE TABLE t(a); INSERT INTO t VALUES(zeroblob(30000));"
	    "DROP TABLE t");
	expect("$M -d t.db verify --all", 0, "verified");
	bytes = slurp("t.db", &len);
	bytes[len - 100] = 1;
	put("t.db", bytes, len);
	expect("$M -d t.db verify", 0, "verified");
	expect("$M -d t.db verify --all", 4, "is free, and not empty");
	put("t.db", bytes, len - 4096);
	expect("$M -d t.db verify", 4, "pages of 4096 bytes, but the file");
	put("t.db", bytes, 0);
	expect("$M -d t.db verify", 4, "cut off");
	free(bytes);
}

static void an_older_copy_is_found(void **state)
{
	(void)state;
	expect("$M -d old.db verify", 0, "verified");
	expect("$M -d old.db verify --head seal", 4, "older copy");
	expect("$M -d old.db verify --head $($M -d a.db seal x | cut -c6-)", 4,
	    "older copy");
	expect("$M -d a.db verify --head $($M -d old.db seal y | cut -c6-)", 0,
	    "since that head: 5 journal entries more");
	expect("cp old.db t.db && $M -d t.db -q import"
	    " $S/../gate/policy.toml; $M -d t.db -q assess; $M -d t.db verify"
	    " --head seal", 4, "older copy");
}

static void a_seal_is_signed(void **state)
{
	(void)state;
	expect("cp $S/../../tests/signed/ed25519 k && chmod 600 k &&"
	    " $M -d a.db seal --sign k s && test -s s.sig", 0, "head ");
	expect("$M -d a.db verify --all --head s", 0, "whoever that is");
	expect("$M -d a.db verify --head seal --key $S/../../tests/signed/"
	    "ed25519.pub", 4, "is not signed");
	expect("$M -d a.db verify --all --head s --key $S/../../tests/signed/"
	    "ed25519.pub", 0, "sealed by");
	expect("sed -i s/entries/entriez/ s; $M -d a.db verify --head s", 2,
	    "no seal");
	expect("$M -d a.db seal --force --sign k s && sed -i 's/\"bytes\":/"
	    "\"bytes\":1/' s; $M -d a.db verify --head s", 4,
	    "signature of the seal s does not count");
	expect("$M -d a.db seal seal", 1, "cannot make seal");
}

/* Heads of a database from before it was merged, and since. */
static void heads_before_a_merge_are_known(void **state)
{
	(void)state;
	expect("$M -d o.db import $S/twistcli.json && $M -d o.db seal so &&"
	    " cp a.db m.db && $M -d m.db merge o.db && $M -d m.db seal sm &&"
	    " $M -d m.db -q assess && $M -d m.db verify --head sm &&"
	    " $M -d m.db verify --head so && $M -d m.db verify --head seal",
	    0, "since that head: ");
	expect("for s in so sm seal; do $M -d m.db verify --head $(sed -n"
	    " 's/^\"head\":\"\\(.*\\)\",/\\1/p' $s) || exit; done", 0,
	    "since that head: ");
	expect("$M -d m.db -q assess; $M -d m.db seal now; cp m.db t.db;"
	    " $M -d o.db -q import $S/grype.json; $M -d t.db -q merge o.db;"
	    " $M -d m.db verify --head $($M -d t.db seal --force now |"
	    " cut -c6-)", 4, "older copy");
}

static void nothing_is_written(void **state)
{
	(void)state;
	expect("cp a.db t.db && chmod 444 t.db && sha256sum t.db > sum &&"
	    " $M -v -d t.db verify --all && sha256sum -c sum", 0, "t.db: OK");
	expect("mkdir ro && cp a.db ro/t.db && chmod 555 ro &&"
	    " $M -v -d ro/t.db verify --all && ls ro; chmod 755 ro", 0,
	    "every page");
}

static bool is_covered(const char *table)
{
	const struct derived *d;

	for (size_t i = 0; (d = derived_table(i)) != NULL; i++)
		if (str_eq(d->table, table))
			return true;
	for (int k = 0; k < REC_KINDS; k++)
		if (str_eq(evidence_table(k), table))
			return true;
	return str_listed("chain journal event artifact chunk", table);
}

/* A table that nobody put into derived.def would be one that anybody can
 * change. */
static void every_table_is_covered(void **state)
{
	struct err err = ERR_INIT;
	struct store *st = store_open(":memory:", STORE_CREATE, &err);
	struct query q;
	int rc;

	(void)state;
	query_open(&q, st, SQL_SCHEMA_TEXT, NOBIND);
	while ((rc = query_next(&q, &err)) > 0)
		if (str_eq(query_text(&q, 0), "table") &&
		    !is_covered(query_text(&q, 1)))
			fail_msg("%s is covered by nothing",
			    query_text(&q, 1));
	assert_int_equal(rc, 0);
	query_close(&q);
	store_close(st);
}

static void every_member_that_differs_is_named(void **state)
{
	(void)state;
	expect("mkdir in && cd in && tar xzf ../p.tar.gz && echo x >>"
	    " README.txt && echo x >> benchmark.xml && rm SHA256SUMS &&"
	    " echo x > evil && tar czf ../t.tar.gz manifest.json $(sed -n"
	    " 's/^{\"name\":\"\\([^\"]*\\)\".*/\\1/p' manifest.json |"
	    " grep -v SHA256SUMS) evil && cd .. && $M verify t.tar.gz", 4,
	    "README.txt is not as the manifest says");
	expect("$M verify t.tar.gz", 4, "benchmark.xml is not as");
	expect("$M verify t.tar.gz", 4, "evil is not in the manifest");
	expect("$M verify t.tar.gz", 4, "the member SHA256SUMS is missing");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_changed_is_named),
		cmocka_unit_test(everything_found_is_told),
		cmocka_unit_test(a_forged_journal_is_found_by_all),
		cmocka_unit_test(a_single_bit_is_found),
		cmocka_unit_test(what_is_free_is_empty),
		cmocka_unit_test(an_older_copy_is_found),
		cmocka_unit_test(a_seal_is_signed),
		cmocka_unit_test(heads_before_a_merge_are_known),
		cmocka_unit_test(nothing_is_written),
		cmocka_unit_test(every_table_is_covered),
		cmocka_unit_test(every_member_that_differs_is_named),
	};

	if (getenv("MUSTER") == NULL)
		setenv("MUSTER", "build/muster", 0);
	return cmocka_run_group_tests(tests, make, drop);
}
