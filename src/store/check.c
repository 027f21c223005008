/* check.c - is the database whole, and is its schema ours? */
#include <stdio.h>
#include <string.h>

#include "muster/err.h"
#include "muster/found.h"
#include "muster/mem.h"
#include "muster/sink.h"
#include "muster/str.h"
#include "store_priv.h"

static const char *column(sqlite3_stmt *stmt, int i)
{
	const char *text = (const char *)sqlite3_column_text(stmt, i);

	return text != NULL ? text : "NULL";
}

static void whole_row(sqlite3_stmt *stmt, struct found *f)
{
	if (!str_eq(column(stmt, 0), "ok"))
		found_add(f, "the file is damaged: %s", column(stmt, 0));
}

static void key_row(sqlite3_stmt *stmt, struct found *f)
{
	found_add(f, "row %s of %s belongs to a row of %s that is not there",
	    column(stmt, 1), column(stmt, 0), column(stmt, 2));
}

/* Rows of a text of ours that a named statement cannot be. */
static int rows(struct store *st, const char *sql,
    void (*row)(sqlite3_stmt *stmt, struct found *f), struct found *f,
    struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = -1, step;

	if (sqlite3_prepare_v2(st->db, sql, -1, &stmt, NULL) != SQLITE_OK) {
		store_fail(st, sql, err);
		goto out;
	}
	while ((step = sqlite3_step(stmt)) == SQLITE_ROW)
		row(stmt, f);
	rc = step == SQLITE_DONE ? 0 : store_fail(st, sql, err);
out:
	sqlite3_finalize(stmt);
	return rc;
}

/* One thing of the schema, there and as it is made. */
static void schema_one(const struct query *is, const struct query *want,
    struct found *f)
{
	const struct query *q = is != NULL ? is : want;

	if (want == NULL)
		found_add(f, "the schema is not as muster makes it: %s %s is "
		    "none of muster's", query_text(q, 0), query_text(q, 1));
	else if (is == NULL)
		found_add(f, "the schema is not as muster makes it: %s %s is "
		    "missing", query_text(q, 0), query_text(q, 1));
	else if (strcmp(query_text(is, 2), query_text(want, 2)) != 0 ||
	    strcmp(query_text(is, 3), query_text(want, 3)) != 0)
		found_add(f, "the schema is not as muster makes it: the text "
		    "of %s %s was changed", query_text(q, 0),
		    query_text(q, 1));
}

/* Every table, index (and no trigger or view) as a fresh database has it. */
static int same_schema(struct store *st, struct found *f, struct err *err)
{
	struct store *fresh = store_open(":memory:", STORE_CREATE, err);
	struct query a, b;
	int ra, rb, c;

	if (fresh == NULL)
		return -1;
	query_open(&a, st, SQL_SCHEMA_TEXT, NOBIND);
	query_open(&b, fresh, SQL_SCHEMA_TEXT, NOBIND);
	ra = query_next(&a, err);
	rb = ra < 0 ? -1 : query_next(&b, err);
	while (ra >= 0 && rb >= 0 && (ra > 0 || rb > 0)) {
		c = ra == 0 ? 1 : rb == 0 ? -1 :
		    strcmp(query_text(&a, 0), query_text(&b, 0));
		if (c == 0)
			c = strcmp(query_text(&a, 1), query_text(&b, 1));
		schema_one(c <= 0 ? &a : NULL, c >= 0 ? &b : NULL, f);
		if (c <= 0)
			ra = query_next(&a, err);
		if (c >= 0 && ra >= 0)
			rb = query_next(&b, err);
	}
	query_close(&a);
	query_close(&b);
	store_close(fresh);
	return ra < 0 || rb < 0 ? -1 : 0;
}

/* Where the walk through a table is. */
struct place {
	struct store	*st;
	const char	*table;
	int64_t		 id, artifact;
};

static int of_another(const struct place *at, int64_t id, int64_t artifact,
    struct found *f, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, at->st, SQL_CHECK_PLAIN, BIND(V(artifact)));
	if ((rc = query_next(&q, err)) > 0)
		found_add(f, "row %lld of %s is of %s and lies behind those of "
		    "another file: it was numbered anew", (long long)id,
		    at->table, query_text(&q, 0));
	query_close(&q);
	return rc;
}

/* Evidence is only ever added, file by file: its rows are numbered without a
 * gap, and those of a file lie together, unless it holds other files.  1: one
 * that does not fit was told, which is enough of a table. */
static int number_row(struct place *at, sqlite3_stmt *stmt, struct found *f,
    struct err *err)
{
	int64_t id = sqlite3_column_int64(stmt, 0);
	int64_t artifact = sqlite3_column_int64(stmt, 1);
	int rc = 0;

	if (id != at->id + 1) {
		found_add(f, "row %lld of %s lies behind row %lld: one was "
		    "numbered anew, removed or added", (long long)id,
		    at->table, (long long)at->id);
		rc = 1;
	} else if (artifact < at->artifact) {
		rc = of_another(at, id, artifact, f, err);
	}
	at->id = id;
	at->artifact = artifact;
	return rc;
}

static int numbers_of(struct store *st, const char *table,
    const char *artifact, const char *more, struct found *f, struct err *err)
{
	struct place at = { st, table, 0, 0 };
	sqlite3_stmt *stmt = NULL;
	struct str sql = STR_INIT;
	int rc = -1, step;

	str_addf(&sql, "SELECT r.id, %s FROM main.%s r%s ORDER BY r.id",
	    artifact, table, more);
	if (sqlite3_prepare_v2(st->db, sql.s, -1, &stmt, NULL) != SQLITE_OK) {
		store_fail(st, sql.s, err);
		goto out;
	}
	while ((step = sqlite3_step(stmt)) == SQLITE_ROW)
		if ((rc = number_row(&at, stmt, f, err)) != 0)
			goto out;
	rc = step == SQLITE_DONE ? 0 : store_fail(st, sql.s, err);
out:
	sqlite3_finalize(stmt);
	str_free(&sql);
	return rc < 0 ? -1 : 0;
}

static int numbers(struct store *st, struct found *f, struct err *err)
{
	for (int k = 0; k < REC_KINDS; k++) {
		const char *table = evidence_table(k);

		bool own = k == REC_TARGET || k == REC_WARNING;

		if (table != NULL && numbers_of(st, table, own ? "r.artifact" :
		    "t.artifact", own ? "" : " CROSS JOIN main.target t"
		    " ON t.id = r.target", f, err) < 0)
			return -1;
	}
	if (numbers_of(st, "artifact", "0", "", f, err) < 0)
		return -1;
	return numbers_of(st, "event", "0", "", f, err);
}

/* What rows of the schema say that no constraint can. */
static const struct {
	enum sql	 sql;
	const char	*says;
} rules[] = {
	{ SQL_CHECK_CHUNKS, "the kept pieces of %s are not in order" },
	{ SQL_CHECK_UNKEPT, "there are kept pieces of %s, which is not kept" },
	{ SQL_CHECK_CHAINS, "the database has %s journals of its own, not "
	    "one" },
	{ SQL_CHECK_EMPTY_CHAINS, "the journal %.8s has no entry" },
	{ SQL_CHECK_EVENTS, "what was said by entries of the journal %.8s is "
	    "not in their order" },
};

static int holds(struct store *st, struct found *f, struct err *err)
{
	struct query q;
	int rc = 0;

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]) && rc == 0;
	    i++) {
		query_open(&q, st, rules[i].sql, NOBIND);
		while ((rc = query_next(&q, err)) > 0)
			found_add(f, rules[i].says, query_text(&q, 0));
		query_close(&q);
	}
	return rc;
}

int store_check_all(struct store *st, struct found *f, struct err *err)
{
	if ((rows(st, "PRAGMA integrity_check(100)", whole_row, f, err) < 0 &&
	    found_err(f, err) < 0) ||
	    (rows(st, "PRAGMA foreign_key_check", key_row, f, err) < 0 &&
	    found_err(f, err) < 0) ||
	    (same_schema(st, f, err) < 0 && found_err(f, err) < 0) ||
	    (numbers(st, f, err) < 0 && found_err(f, err) < 0) ||
	    (holds(st, f, err) < 0 && found_err(f, err) < 0))
		return -1;
	return 0;
}

int store_quick(struct store *st, struct err *err)
{
	struct found f = { .tell = NULL };

	if (rows(st, "PRAGMA quick_check(1)", whole_row, &f, err) < 0)
		return -1;
	return found_end(&f, err);
}

int store_check(struct store *st, struct err *err)
{
	struct found f = { .tell = NULL };

	if (store_check_all(st, &f, err) < 0)
		return -1;
	return found_end(&f, err);
}
