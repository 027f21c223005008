/*
 * feed.c - records that wait become the rows of one statement.
 *
 * An INSERT of its own for every record spends more on starting and ending
 * than on the row.  So records wait, written one behind the other as their
 * digest has them, and "evidence_feed" is the table that they are for
 * SQLite: INSERT ... SELECT takes them all.
 *
 * A record is, per field,  u8 "there is one" | u32 length | bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "feed.h"
#include "muster/mem.h"

/* As many columns as a record can have fields. */
#define COLUMNS "c0,c1,c2,c3,c4,c5,c6,c7,c8,c9,c10,c11,c12,c13,c14,c15,c16,c17"
_Static_assert(REC_MAX_FIELDS == 18, "a column for each field");

struct table {
	sqlite3_vtab	 base;
	struct store	*store;
};

struct cursor {
	sqlite3_vtab_cursor base;
	const struct feed *feed;
	size_t		 row, at;	/* the record, and where the next is */
	struct field	 f[REC_MAX_FIELDS];
};

static int connected(sqlite3 *db, void *store, int argc,
    const char *const *argv, sqlite3_vtab **out, char **why)
{
	struct table *t;
	int rc = sqlite3_declare_vtab(db, "CREATE TABLE f(" COLUMNS ")");

	(void)argc, (void)argv, (void)why;
	if (rc != SQLITE_OK)
		return rc;
	sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY);
	t = mem_alloc(sizeof(*t));
	t->store = store;
	*out = &t->base;
	return SQLITE_OK;
}

static int disconnected(sqlite3_vtab *t)
{
	free(t);
	return SQLITE_OK;
}

static int plan(sqlite3_vtab *t, sqlite3_index_info *info)
{
	(void)t, (void)info;
	return SQLITE_OK;
}

static int open_cursor(sqlite3_vtab *t, sqlite3_vtab_cursor **out)
{
	struct cursor *c = mem_alloc(sizeof(*c));

	(void)t;
	*out = &c->base;
	return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *c)
{
	free(c);
	return SQLITE_OK;
}

/* The fields of the record at c->at, if there is one more. */
static void look(struct cursor *c)
{
	const unsigned char *p = c->feed->bytes + c->at;

	if (c->row == c->feed->rows)
		return;
	for (size_t i = 0; i < c->feed->fields; i++) {
		size_t len = p[0] == 0 ? 0 : (size_t)p[1] |
		    (size_t)p[2] << 8 | (size_t)p[3] << 16 |
		    (size_t)p[4] << 24;

		c->f[i].p = p[0] != 0 ? (const char *)p + FEED_HEAD : NULL;
		c->f[i].len = len;
		p += FEED_HEAD + len;
	}
	c->at = (size_t)(p - c->feed->bytes);
}

static int filter(sqlite3_vtab_cursor *base, int plan_no, const char *text,
    int argc, sqlite3_value **argv)
{
	struct cursor *c = (struct cursor *)(void *)base;

	(void)plan_no, (void)text, (void)argc, (void)argv;
	c->feed = ((struct table *)(void *)base->pVtab)->store->feed;
	if (c->feed == NULL)
		return SQLITE_MISUSE;
	c->row = c->at = 0;
	look(c);
	return SQLITE_OK;
}

static int next(sqlite3_vtab_cursor *base)
{
	struct cursor *c = (struct cursor *)(void *)base;

	c->row++;
	look(c);
	return SQLITE_OK;
}

static int eof(sqlite3_vtab_cursor *base)
{
	const struct cursor *c = (const struct cursor *)(void *)base;

	return c->row == c->feed->rows;
}

static int column(sqlite3_vtab_cursor *base, sqlite3_context *ctx, int i)
{
	const struct cursor *c = (const struct cursor *)(void *)base;

	if (i == 0 && c->feed->targets != NULL)
		sqlite3_result_int64(ctx, c->feed->targets[c->row]);
	else if ((size_t)i < c->feed->fields && c->f[i].p != NULL)
		sqlite3_result_text64(ctx, c->f[i].p, c->f[i].len,
		    SQLITE_STATIC, SQLITE_UTF8);
	return SQLITE_OK;
}

static int rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
	*out = (sqlite3_int64)((const struct cursor *)(void *)base)->row;
	return SQLITE_OK;
}

int feed_module(struct store *st)
{
	static const sqlite3_module module = {
		.xConnect = connected, .xDisconnect = disconnected,
		.xBestIndex = plan, .xOpen = open_cursor,
		.xClose = close_cursor, .xFilter = filter, .xNext = next,
		.xEof = eof, .xColumn = column, .xRowid = rowid
	};

	return sqlite3_create_module(st->db, "evidence_feed", &module, st);
}
