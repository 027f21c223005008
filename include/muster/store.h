/*
 * store.h - the evidence database.
 *
 * The only header through which the program talks to SQLite.  Statements are
 * named, never spelled, at the call site: their text lives in the .def files
 * of include/muster/sql/, so one test prepares every one of them against a
 * fresh database.
 *
 *	if (store_run(st, SQL_ADD_REASON, BIND(V(result), V(text)), err) < 0)
 *		return -1;
 *
 *	struct query q;
 *
 *	query_open(&q, st, SQL_SUBJECTS, NOBIND);
 *	while ((rc = query_next(&q, err)) > 0)
 *		puts(query_text(&q, 0));
 *	query_close(&q);
 *	return rc;
 *
 * A statement may be walked inside itself (a second copy is prepared).
 * Three kinds of tables, never mixed: evidence (append only), decisions
 * (append only), derived (dropped and rebuilt by "muster assess").
 */
#ifndef MUSTER_STORE_H
#define MUSTER_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct found;
struct rec;
struct store;
struct sqlite3_stmt;

enum sql {
#define SQL(name, text) SQL_##name,
#include "muster/sql/all.def"
#undef SQL
	SQL_COUNT
};

/* A typed value for a statement parameter; V() picks the type by itself.
 * V((const char *)NULL) is SQL's NULL. */
struct val {
	enum { VAL_NULL, VAL_INT, VAL_TEXT, VAL_BLOB } type;
	int64_t		 i;		/* the length of a blob */
	const void	*p;		/* borrowed until the query is closed */
};

static inline struct val val_int(int64_t i)
{
	return (struct val){ VAL_INT, i, NULL };
}

static inline struct val val_text(const char *s)
{
	return (struct val){ s != NULL ? VAL_TEXT : VAL_NULL, 0, s };
}

static inline struct val val_blob(const void *p, size_t len)
{
	return (struct val){ VAL_BLOB, (int64_t)len, p };
}

#define V(x) _Generic((x),						\
	bool: val_int, int: val_int, long: val_int, long long: val_int,	\
	unsigned: val_int, unsigned long: val_int,			\
	char *: val_text, const char *: val_text)(x)
#define VALS_MAX 18
#ifdef __cppcheck__	/* which cannot read it */
struct val store_bound(const void *first, ...);
#define BIND(...) store_bound(__VA_ARGS__), 1
#else
#define BIND(...)							\
	(const struct val[]){ __VA_ARGS__ },				\
	sizeof((const struct val[]){ __VA_ARGS__ }) / sizeof(struct val)
#endif
#define NOBIND NULL, 0

enum store_mode {
	STORE_CREATE,		/* make it if it is not there */
	STORE_WRITE,		/* must exist */
	STORE_READ		/* must exist; read-only media will do */
};

/* Open the database at path and bring its schema up to date.  A database of
 * another program, of a newer muster, or damaged is refused. */
struct store *store_open(const char *path, enum store_mode mode,
    struct err *err);
void store_close(struct store *st);	/* accepts NULL */
/* What its file says before it is opened (peek.c). */
struct store_peek {
	bool	there;			/* a file that can be read */
	bool	ours;			/* a database of muster's */
	bool	wal;			/* somebody changed how it is written */
	int	schema, newest;		/* steps it has taken, steps we know */
	bool	journal;		/* a write was killed, or is going on */
};
void store_peek(const char *path, struct store_peek *p);
/* Has reading it to begin with writing: is an older schema to be brought up
 * to date, or a write that was killed to be undone? */
bool store_unsettled(const char *path);
/* One of SQLite's settings as it stands; "" when there is none. */
void store_setting(struct store *st, const char *name, char value[32]);
/* Is every page as it should be?  Faster than store_check(). */
int store_quick(struct store *st, struct err *err);
/* The same database once more, for another thread to read.  NULL without err:
 * it cannot be had (it is in memory). */
struct store *store_again(const struct store *st, struct err *err);

/* Transactions do not nest.  A busy database is waited for (STORE_BUSY_MS),
 * then a clear error.  Who only reads joins a transaction that is open. */
#define STORE_BUSY_MS 30000
int store_begin(struct store *st, struct err *err);
int store_begin_read(struct store *st, struct err *err);
bool store_is_open(const struct store *st);	/* in a transaction? */
bool store_is_readonly(const struct store *st);
int store_commit(struct store *st, struct err *err);
void store_rollback(struct store *st);

/* Inside a transaction: a place to go back to.  They nest; each is ended by
 * store_release() or, undoing what came after it, by store_back(). */
int store_save(struct store *st, struct err *err);
int store_release(struct store *st, struct err *err);
int store_back(struct store *st, struct err *err);

/* Run a statement that returns no rows. */
int store_run(struct store *st, enum sql name,
    const struct val *vals, size_t nvals, struct err *err);
int64_t store_last_id(const struct store *st);

/* The first column of the first row as a number; 0 when there is none. */
int store_int(struct store *st, enum sql name, const struct val *vals,
    size_t nvals, int64_t *out, struct err *err);

/* Prepare every statement; for the tests. */
int store_selftest(struct store *st, struct err *err);
const char *store_sql_name(enum sql name);

/* A walk over the rows of one statement. */
struct query {
	struct store		*store;
	struct sqlite3_stmt	*stmt;
	enum sql		 name;
	size_t			 nvals;
	struct val		 vals[VALS_MAX];
	bool			 own;		/* not the cached copy */
};

void query_open(struct query *q, struct store *st, enum sql name,
    const struct val *vals, size_t nvals);
int query_next(struct query *q, struct err *err);	/* 1 row, 0 end, -1 */
const char *query_text(const struct query *q, int col);	/* never NULL */
const char *query_null(const struct query *q, int col);	/* NULL for NULL */
int64_t query_int(const struct query *q, int col);
bool query_is_number(const struct query *q, int col);
const void *query_blob(const struct query *q, int col, size_t *len);
int query_columns(const struct query *q);
const char *query_column(const struct query *q, int col);	/* its name */
void query_close(struct query *q);

/* The current row behind what is in b: a JSON object on a line of its own, or
 * CSV (RFC 4180), in which nothing is a formula to a spreadsheet.  Names of
 * columns say their types; see src/store/query_row.c. */
struct str;
void query_row_json(struct str *b, const struct query *q);
void query_row_head(struct str *b, const struct query *q);
void query_row_csv(struct str *b, const struct query *q);
void query_row_cell(struct str *b, const char *text);

/*
 * Evidence (src/store/evidence.c): the records of one file, inside the
 * caller's transaction.  Records wait until there are some; evidence_flush()
 * makes rows of them now, which comes before a savepoint that may be taken
 * back.  evidence_end() fixes the artifact's row and computes the digest of
 * its records, which goes into the journal.
 */
struct evidence;

struct artifact {
	const char	*sha256, *name, *format, *importer, *batch;
	const char	*tool, *tool_version, *tool_db, *produced;
	int64_t		 bytes, importer_version, kept;
	int64_t		 read, stored, merged, unplaced;
};

struct evidence *evidence_begin(struct store *st, struct err *err);
int evidence_put(struct evidence *ev, const struct rec *rec, struct err *err);
int evidence_flush(struct evidence *ev, struct err *err);
int64_t evidence_stored(const struct evidence *ev);	/* findings + facts.. */
int64_t evidence_id(const struct evidence *ev);		/* artifact's id */
int evidence_end(struct evidence *ev, const struct artifact *a,
    char digest[65], struct err *err);
void evidence_free(struct evidence *ev);	/* accepts NULL */

/* Recompute the digest of an artifact's records from the tables. */
int evidence_digest(struct store *st, int64_t artifact, char digest[65],
    struct err *err);

/* Its records again, as they were put (first the one that evidence_begin()
 * puts itself): for a package, or for another database. */
typedef int evidence_fn(void *ctx, const struct rec *rec, struct err *err);
int evidence_walk(struct store *st, int64_t artifact, evidence_fn *fn,
    void *ctx, struct err *err);
const char *evidence_table(int kind);	/* NULL: the kind has none */
/* The artifact's own row; its texts are borrowed from the query that the
 * caller opened with SQL_ARTIFACT_ROW. */
struct query;
void evidence_row(const struct query *q, struct artifact *a);

/* The kept bytes of an artifact, unpacked, piece by piece; 1 while there is
 * more, 0 at the end. */
struct kept;
struct kept *kept_open(struct store *st, int64_t artifact);
int kept_next(struct kept *k, const void **p, size_t *len, struct err *err);
void kept_close(struct kept *k);

/*
 * The journal (src/store/journal.c): what changed the database, who, when.
 * Call inside the transaction of the change.  object is a sha256 (hex) of
 * what was changed, or "".
 */
int journal_add(struct store *st, const char *what, const char *detail,
    const char *object, struct err *err);
/* The head: the hash of the sorted heads of all chains. */
int journal_head(struct store *st, char hex[65], struct err *err);
/* Every chain with its last entry, sorted by id; *chains is to be freed. */
struct journal_chain {
	char	 id[65], hash[65];
	int64_t	 entries;
};
int journal_chains(struct store *st, struct journal_chain **chains, size_t *n,
    struct err *err);
/* Was this the head once?  Known are those of each chain when it was alone,
 * and those since the last merge.  1: *since entries came later; 0: no. */
int journal_had(struct store *st, const char *noted, int64_t *since,
    struct err *err);
/* Check every chain, and tell all that is found or make an error of it;
 * *entries counts. */
int journal_check(struct store *st, int64_t *entries, struct found *f,
    struct err *err);
int journal_verify(struct store *st, int64_t *entries, struct err *err);

/*
 * An event (src/store/event.c): what a person told this database, kept for
 * ever and in the journal, whose entry holds its hash.  Call inside a
 * transaction of the caller's.  body is a JSON object; statements read it
 * with SQLite's json_extract().  event_check() tells all that are not what
 * the journal says, event_verify() makes an error of it; *events counts.
 */
int event_add(struct store *st, const char *kind, const char *about,
    const char *body, struct err *err);
int event_check(struct store *st, int64_t *events, struct found *f,
    struct err *err);
int event_verify(struct store *st, int64_t *events, struct err *err);

/*
 * Is the file whole, its schema the one built in, and nothing numbered anew?
 * SQLite's own integrity and foreign key checks, every table and index, no
 * trigger, view or further table, rows of evidence without a gap.  The first
 * tells all that it finds, the second is an error.
 */
int store_check_all(struct store *st, struct found *f, struct err *err);
int store_check(struct store *st, struct err *err);

/*
 * A foreign SQLite database in memory (an rpm database inside an image):
 * walk the blobs of one column.  Untrusted: opened read-only, immutable, no
 * triggers, with limits.
 */
int store_foreign(const void *bytes, size_t len, const char *sql,
    int (*row)(void *ctx, const void *blob, size_t len, struct err *err),
    void *ctx, struct err *err);

#endif
