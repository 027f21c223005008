/*
 * foreign.c - a SQLite database somebody else wrote, read in memory.
 *
 * It came out of an image and may have been made to do harm: it is opened
 * read-only and in defensive mode, its schema is not trusted (no functions,
 * no virtual tables), its values and the query's work are limited.
 */
#include <stdlib.h>
#include <string.h>

#include "muster/cap.h"
#include "muster/err.h"
#include "store_priv.h"

#define MANY		10000	/* instructions of one step of rpm-steps */

static int enough(void *ctx)
{
	int64_t *left = ctx;

	return --*left < 0;
}

static void confine(sqlite3 *db, int64_t *left)
{
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	sqlite3_limit(db, SQLITE_LIMIT_LENGTH,
	    (int)cap(CAP_RPM_VALUE));
	sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, 100000);
	sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_limit(db, SQLITE_LIMIT_WORKER_THREADS, 0);
	sqlite3_progress_handler(db, MANY, enough, left);
}

static int refuse(sqlite3 *db, const char *what, struct err *err)
{
	return err_set(err, ERR_INPUT, "%s: %s", what, sqlite3_errmsg(db));
}

static int rows(sqlite3 *db, const char *sql,
    int (*row)(void *ctx, const void *blob, size_t len, struct err *err),
    void *ctx, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc, ret = 0;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return refuse(db, "not the SQLite database that was "
		    "expected", err);
	while (ret == 0 && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
		ret = row(ctx, sqlite3_column_blob(stmt, 0),
		    (size_t)sqlite3_column_bytes(stmt, 0), err);
	if (ret == 0 && rc == SQLITE_INTERRUPT)
		ret = cap_err(err, CAP_RPM_STEPS, "the SQLite database takes "
		    "too long to read");
	else if (ret == 0 && rc == SQLITE_TOOBIG)
		ret = cap_err(err, CAP_RPM_VALUE, "the SQLite database holds "
		    "a value that is too long");
	else if (ret == 0 && rc != SQLITE_DONE)
		ret = refuse(db, "the SQLite database cannot be read to its "
		    "end", err);
	sqlite3_finalize(stmt);
	return ret;
}

/* In the file's header: a write-ahead log that is not here would make SQLite
 * look for one; the main file alone is a complete, if older, database. */
static void forget_wal(unsigned char *bytes, size_t len)
{
	if (len > 19 && bytes[18] == 2)
		bytes[18] = 1;
	if (len > 19 && bytes[19] == 2)
		bytes[19] = 1;
}

int store_foreign(const void *bytes, size_t len, const char *sql,
    int (*row)(void *ctx, const void *blob, size_t len, struct err *err),
    void *ctx, struct err *err)
{
	unsigned char *copy = NULL;
	sqlite3 *db = NULL;
	int64_t left = cap(CAP_RPM_STEPS);
	int rc = -1;

	if (len == 0)
		return err_set(err, ERR_INPUT, "an empty SQLite database");
	if (sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_CREATE, NULL) != SQLITE_OK ||
	    (copy = sqlite3_malloc64(len)) == NULL) {
		err_set(err, ERR_SYSTEM, "SQLite does not start");
		goto out;
	}
	memcpy(copy, bytes, len);
	forget_wal(copy, len);
	confine(db, &left);
	if (sqlite3_deserialize(db, "main", copy, (sqlite3_int64)len,
	    (sqlite3_int64)len, SQLITE_DESERIALIZE_READONLY |
	    SQLITE_DESERIALIZE_FREEONCLOSE) != SQLITE_OK)
		refuse(db, "not a SQLite database", err);
	else
		rc = rows(db, sql, row, ctx, err);
out:
	sqlite3_close(db);
	return rc;
}
