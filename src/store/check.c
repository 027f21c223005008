/* check.c - is the database whole, and is its schema ours? */
#include <string.h>

#include "muster/err.h"
#include "muster/mem.h"
#include "muster/str.h"
#include "store_priv.h"

/* The first row of a checking pragma, if it is not what it should be. */
static int clean(struct store *st, const char *pragma, const char *good,
    struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = -1, step;

	if (sqlite3_prepare_v2(st->db, pragma, -1, &stmt, NULL) != SQLITE_OK) {
		store_fail(st, pragma, err);
		goto out;
	}
	step = sqlite3_step(stmt);
	if (step == SQLITE_ROW) {
		const char *said = (const char *)sqlite3_column_text(stmt, 0);

		if (good != NULL && str_eq(said, good))
			rc = 0;
		else
			err_set(err, ERR_VERIFY, "%s: %s", pragma,
			    said != NULL ? said : "");
	} else if (step == SQLITE_DONE && good == NULL) {
		rc = 0;
	} else {
		store_fail(st, pragma, err);
	}
out:
	sqlite3_finalize(stmt);
	return rc;
}

/* Every table, index (and no trigger or view) as a fresh database has it. */
static int same_schema(struct store *st, struct err *err)
{
	struct store *fresh = store_open(":memory:", STORE_CREATE, err);
	struct query a, b;
	int ra, rb, rc = 0;

	if (fresh == NULL)
		return -1;
	query_open(&a, st, SQL_SCHEMA_TEXT, NOBIND);
	query_open(&b, fresh, SQL_SCHEMA_TEXT, NOBIND);
	do {
		ra = query_next(&a, err);
		rb = query_next(&b, err);
		if (ra < 0 || rb < 0) {
			rc = -1;
			break;
		}
		if (ra != rb) {
			rc = err_set(err, ERR_VERIFY, "the schema is not as "
			    "muster makes it: %s %s is %s",
			    query_text(ra > 0 ? &a : &b, 0),
			    query_text(ra > 0 ? &a : &b, 1),
			    ra > 0 ? "too many" : "missing");
			break;
		}
		for (int i = 0; ra > 0 && i < 4 && rc == 0; i++)
			if (strcmp(query_text(&a, i), query_text(&b, i)) != 0)
				rc = err_set(err, ERR_VERIFY, "the schema is "
				    "not as muster makes it: %s %s",
				    query_text(&a, 0), query_text(&a, 1));
	} while (ra > 0 && rc == 0);
	query_close(&a);
	query_close(&b);
	store_close(fresh);
	return rc;
}

int store_quick(struct store *st, struct err *err)
{
	return clean(st, "PRAGMA quick_check(1)", "ok", err);
}

int store_check(struct store *st, struct err *err)
{
	if (clean(st, "PRAGMA integrity_check(1)", "ok", err) < 0 ||
	    clean(st, "PRAGMA foreign_key_check", NULL, err) < 0 ||
	    same_schema(st, err) < 0)
		return -1;
	return 0;
}
