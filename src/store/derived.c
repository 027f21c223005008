/* derived.c - derived tables, and their shadow; see derived.h. */
#include <stdlib.h>
#include <string.h>

#include "muster/derived.h"
#include "muster/err.h"
#include "muster/found.h"
#include "muster/sha.h"
#include "muster/str.h"
#include "store_priv.h"

#define TOLD 80			/* bytes of a value in a message */

static const struct derived tables[] = {
#define DERIVED(table, part, key, name) \
	{ #table, DERIVED_##part, key, name },
#include "muster/derived.def"
#undef DERIVED
};
#define NTABLES (sizeof(tables) / sizeof(tables[0]))

const struct derived *derived_table(size_t i)
{
	return i < NTABLES ? &tables[i] : NULL;
}

static int keys(const struct derived *d)
{
	int n = 1;

	for (const char *p = d->key; *p != '\0'; p++)
		n += *p == ',';
	return n;
}

/* The key's columns and then all of them, of the table in a database. */
static sqlite3_stmt *walk(struct store *st, const struct derived *d,
    const char *in, struct err *err)
{
	struct str sql = STR_INIT;
	sqlite3_stmt *stmt = NULL;

	str_addf(&sql, "SELECT %s, * FROM %s.%s ORDER BY %s", d->key, in,
	    d->table, d->key);
	if (sqlite3_prepare_v2(st->db, sql.s, -1, &stmt, NULL) != SQLITE_OK)
		store_fail(st, sql.s, err);
	str_free(&sql);
	return stmt;
}

/* Its type, its length, its bytes: no two rows give the same. */
static void digest_value(sqlite3_stmt *stmt, int i, struct str *b)
{
	int type = sqlite3_column_type(stmt, i);
	const void *p = NULL;
	uint64_t n = 0;

	if (type == SQLITE_INTEGER) {
		n = (uint64_t)sqlite3_column_int64(stmt, i);
	} else if (type != SQLITE_NULL) {
		p = sqlite3_column_blob(stmt, i);
		n = (uint64_t)sqlite3_column_bytes(stmt, i);
	}
	str_addc(b, (char)type);
	for (int k = 0; k < 64; k += 8)
		str_addc(b, (char)(n >> k));
	if (p != NULL)
		str_addn(b, p, (size_t)n);
}

int derived_digest(struct store *st, const struct derived *d, char hex[65],
    struct err *err)
{
	sqlite3_stmt *stmt = walk(st, d, "main", err);
	struct str b = STR_INIT;
	struct sha *sha;
	int64_t rows = 0;
	int step;

	if (stmt == NULL)
		return -1;
	sha = sha_new();
	while ((step = sqlite3_step(stmt)) == SQLITE_ROW) {
		rows++;
		for (int i = 0; i < sqlite3_column_count(stmt); i++)
			digest_value(stmt, i, &b);
		if (b.len >= 32768) {
			sha_add(sha, b.s, b.len);
			str_clear(&b);
		}
	}
	sha_add(sha, str_text(&b), b.len);
	sha_end_hex(sha, hex);
	if (rows == 0)
		hex[0] = '\0';
	if (step != SQLITE_DONE)
		store_fail(st, d->table, err);
	sqlite3_finalize(stmt);
	sha_free(sha);
	str_free(&b);
	return step == SQLITE_DONE ? 0 : -1;
}

static bool is_shadowed(const char *table)
{
	for (size_t i = 0; i < NTABLES; i++)
		if (str_eq(tables[i].table, table))
			return tables[i].part != DERIVED_MEMORY;
	return false;
}

/* The text that makes a thing makes it again among temporary ones. */
static int make_temp(struct store *shadow, const struct query *q,
    struct err *err)
{
	const char *type = query_text(q, 0), *name = query_text(q, 1);
	const char *text = query_text(q, 3);
	const char *rest = strstr(text, name);
	struct str sql = STR_INIT;
	int rc;

	if (text[0] == '\0')		/* comes with its table */
		return 0;
	if (rest == NULL || !str_starts(text, "CREATE "))
		return err_set(err, ERR_BUG, "no text that makes %s", name);
	str_addf(&sql, "CREATE %s temp.%s", type, rest);
	rc = store_exec(shadow, sql.s, err);
	str_free(&sql);
	return rc;
}

static int make_all(struct store *shadow, struct err *err)
{
	static const char *const types[] = { "table", "index" };
	struct store *fresh = store_open(":memory:", STORE_CREATE, err);
	struct query q;
	int rc = 0;

	if (fresh == NULL)
		return -1;
	for (int i = 0; i < 2 && rc == 0; i++) {
		query_open(&q, fresh, SQL_SCHEMA_TEXT, NOBIND);
		while ((rc = query_next(&q, err)) > 0)
			if (str_eq(query_text(&q, 0), types[i]) &&
			    is_shadowed(query_text(&q, 2)) &&
			    (rc = make_temp(shadow, &q, err)) < 0)
				break;
		query_close(&q);
	}
	store_close(fresh);
	return rc;
}

struct store *derived_shadow(struct store *st, struct err *err)
{
	struct store *shadow = store_again(st, err);

	if (shadow == NULL)
		return NULL;
	/* keys of temporary tables cannot lead into the file */
	if (store_exec(shadow, "PRAGMA foreign_keys = OFF;"
	    "PRAGMA temp_store = FILE; PRAGMA temp.cache_size = -16384", err)
	    == 0 && make_all(shadow, err) == 0)
		return shadow;
	store_close(shadow);
	return NULL;
}

int derived_take(struct store *shadow, const struct derived *d,
    struct err *err)
{
	struct str sql = STR_INIT;
	int rc;

	str_addf(&sql, "INSERT INTO temp.%s SELECT * FROM main.%s", d->table,
	    d->table);
	rc = store_exec(shadow, sql.s, err);
	str_free(&sql);
	return rc;
}

static int order(sqlite3_stmt *a, sqlite3_stmt *b, int i)
{
	int x = sqlite3_column_type(a, i), y = sqlite3_column_type(b, i);
	int64_t m, n;
	int c;

	/* what a strict table holds is of its column's type, or nothing */
	if (x != y)
		return x == SQLITE_NULL ? -1 : y == SQLITE_NULL ? 1 : x - y;
	if (x == SQLITE_NULL)
		return 0;
	if (x == SQLITE_INTEGER) {
		m = sqlite3_column_int64(a, i);
		n = sqlite3_column_int64(b, i);
		return (m > n) - (m < n);
	}
	m = sqlite3_column_bytes(a, i);
	n = sqlite3_column_bytes(b, i);
	c = m == 0 || n == 0 ? 0 : memcmp(sqlite3_column_blob(a, i),
	    sqlite3_column_blob(b, i), (size_t)(m < n ? m : n));
	return c != 0 ? c : (m > n) - (m < n);
}

/* The row at hand, named by looking it up again. */
static void name_row(struct store *st, const struct derived *d,
    const char *in, sqlite3_stmt *row, struct str *out)
{
	struct str sql = STR_INIT;
	sqlite3_stmt *stmt = NULL;
	const char *text = NULL;

	str_addf(&sql, "SELECT %s FROM %s.%s r WHERE (%s) = (", d->name, in,
	    d->table, d->key);
	for (int i = 0; i < keys(d); i++)
		str_addf(&sql, "%s?%d", i > 0 ? ", " : "", i + 1);
	str_addc(&sql, ')');
	if (sqlite3_prepare_v2(st->db, sql.s, -1, &stmt, NULL) == SQLITE_OK) {
		for (int i = 0; i < keys(d); i++)
			sqlite3_bind_value(stmt, i + 1,
			    sqlite3_column_value(row, i));
		if (sqlite3_step(stmt) == SQLITE_ROW)
			text = (const char *)sqlite3_column_text(stmt, 0);
	}
	str_addf(out, "%s", text != NULL ? text : "a row");
	sqlite3_finalize(stmt);
	str_free(&sql);
}

static void add_value(struct str *b, sqlite3_stmt *stmt, int i)
{
	const char *text = (const char *)sqlite3_column_text(stmt, i);
	bool number = sqlite3_column_type(stmt, i) == SQLITE_INTEGER;

	if (text == NULL)
		str_add(b, "nothing");
	else
		str_addf(b, "%s%.*s%s%s", number ? "" : "\"", TOLD, text,
		    strlen(text) > TOLD ? "..." : "", number ? "" : "\"");
}

static void tell(struct store *st, const struct derived *d, sqlite3_stmt *is,
    sqlite3_stmt *want, struct found *f)
{
	struct str text = STR_INIT;
	int said = 0;

	if (f->n < FOUND_MAX) {		/* more are counted only */
		name_row(st, d, is != NULL ? "main" : "temp",
		    is != NULL ? is : want, &text);
		str_addf(&text, " (table %s) ", d->table);
	}
	if (is == NULL)
		str_add(&text, "is missing");
	else if (want == NULL)
		str_add(&text, "does not follow from the evidence");
	for (int i = keys(d); is != NULL && want != NULL &&
	    i < sqlite3_column_count(is); i++) {
		if (order(is, want, i) == 0)
			continue;
		str_addf(&text, "%s%s is ", said++ > 0 ? ", " : "",
		    sqlite3_column_name(is, i));
		add_value(&text, is, i);
		str_add(&text, ", not ");
		add_value(&text, want, i);
	}
	found_add(f, "%s", text.s);
	str_free(&text);
}

static bool differ(sqlite3_stmt *a, sqlite3_stmt *b)
{
	for (int i = 0; i < sqlite3_column_count(a); i++)
		if (order(a, b, i) != 0)
			return true;
	return false;
}

int derived_compare(struct store *shadow, const struct derived *d,
    struct found *f, struct err *err)
{
	sqlite3_stmt *a = walk(shadow, d, "main", err);
	sqlite3_stmt *b = a != NULL ? walk(shadow, d, "temp", err) : NULL;
	int ra = SQLITE_ROW, rb = SQLITE_ROW, c = 0, rc = -1;

	if (a == NULL || b == NULL)
		goto out;
	ra = sqlite3_step(a);
	rb = sqlite3_step(b);
	while (ra == SQLITE_ROW || rb == SQLITE_ROW) {
		c = ra != SQLITE_ROW ? 1 : rb != SQLITE_ROW ? -1 : 0;
		for (int i = 0; ra == rb && c == 0 && i < keys(d); i++)
			c = order(a, b, i);
		if (c != 0 || differ(a, b))
			tell(shadow, d, c <= 0 ? a : NULL, c >= 0 ? b : NULL,
			    f);
		if (c <= 0)
			ra = sqlite3_step(a);
		if (c >= 0)
			rb = sqlite3_step(b);
	}
	rc = ra == SQLITE_DONE && rb == SQLITE_DONE ? 0 :
	    store_fail(shadow, d->table, err);
out:
	sqlite3_finalize(a);
	sqlite3_finalize(b);
	return rc;
}
