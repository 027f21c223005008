/* query.c - binding values and walking rows; see store.h. */
#include <string.h>

#include "muster/err.h"
#include "store_priv.h"

static int bind_one(sqlite3_stmt *stmt, int at, const struct val *v)
{
	switch (v->type) {
	case VAL_NULL:
		return sqlite3_bind_null(stmt, at);
	case VAL_INT:
		return sqlite3_bind_int64(stmt, at, v->i);
	case VAL_TEXT:
		return sqlite3_bind_text(stmt, at, v->p, -1, SQLITE_TRANSIENT);
	case VAL_BLOB:
		return sqlite3_bind_blob64(stmt, at, v->p,
		    (sqlite3_uint64)v->i, SQLITE_TRANSIENT);
	}
	return SQLITE_MISUSE;
}

static int bind_all(struct store *st, sqlite3_stmt *stmt,
    const struct val *vals, size_t nvals, struct err *err)
{
	if ((size_t)sqlite3_bind_parameter_count(stmt) != nvals)
		return err_set(err, ERR_BUG, "%zu values for: %s",
		    nvals, sqlite3_sql(stmt));
	for (size_t i = 0; i < nvals; i++)
		if (bind_one(stmt, (int)i + 1, &vals[i]) != SQLITE_OK)
			return store_fail(st, sqlite3_sql(stmt), err);
	return 0;
}

void query_open(struct query *q, struct store *st, enum sql name,
    const struct val *vals, size_t nvals)
{
	*q = (struct query){ .store = st, .name = name, .nvals = nvals };
	for (size_t i = 0; i < nvals && i < VALS_MAX; i++)
		q->vals[i] = vals[i];
}

/* The first call prepares and binds, so query_open() itself cannot fail. */
int query_next(struct query *q, struct err *err)
{
	if (q->stmt == NULL) {
		if (q->nvals > VALS_MAX)
			return err_set(err, ERR_BUG, "%zu values for SQL_%s",
			    q->nvals, store_sql_name(q->name));
		q->stmt = store_stmt(q->store, q->name, &q->own, err);
		if (q->stmt == NULL)
			return -1;
		if (bind_all(q->store, q->stmt, q->vals, q->nvals, err) < 0)
			return -1;
	}
	switch (sqlite3_step(q->stmt)) {
	case SQLITE_ROW:
		return 1;
	case SQLITE_DONE:
		return 0;
	default:
		return store_fail(q->store, store_sql_name(q->name), err);
	}
}

const char *query_null(const struct query *q, int col)
{
	return (const char *)sqlite3_column_text(q->stmt, col);
}

const char *query_text(const struct query *q, int col)
{
	const char *s = query_null(q, col);

	return s != NULL ? s : "";
}

int64_t query_int(const struct query *q, int col)
{
	return sqlite3_column_int64(q->stmt, col);
}

bool query_is_number(const struct query *q, int col)
{
	return sqlite3_column_type(q->stmt, col) == SQLITE_INTEGER;
}

const void *query_blob(const struct query *q, int col, size_t *len)
{
	const void *p = sqlite3_column_blob(q->stmt, col);

	*len = (size_t)sqlite3_column_bytes(q->stmt, col);
	return p;
}

int query_columns(const struct query *q)
{
	return sqlite3_column_count(q->stmt);
}

const char *query_column(const struct query *q, int col)
{
	return sqlite3_column_name(q->stmt, col);
}

void query_close(struct query *q)
{
	if (q->stmt == NULL)
		return;
	if (q->own) {
		sqlite3_finalize(q->stmt);
	} else {
		sqlite3_reset(q->stmt);
		sqlite3_clear_bindings(q->stmt);
	}
	q->stmt = NULL;
}

int store_run(struct store *st, enum sql name,
    const struct val *vals, size_t nvals, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, st, name, vals, nvals);
	rc = query_next(&q, err);
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

int store_int(struct store *st, enum sql name, const struct val *vals,
    size_t nvals, int64_t *out, struct err *err)
{
	struct query q;
	int rc;

	*out = 0;
	query_open(&q, st, name, vals, nvals);
	if ((rc = query_next(&q, err)) > 0)
		*out = query_int(&q, 0);
	query_close(&q);
	return rc < 0 ? -1 : 0;
}
