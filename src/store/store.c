/* store.c - opening, migrating and committing the evidence database. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "muster/err.h"
#include "muster/mem.h"
#include "steps.h"
#include "store_priv.h"

/* Memory for pages; the rest stays in the file until it is needed. */
#define CACHE_KIB 16384

int store_steps(void)
{
	return NSTEPS;
}

static const char *const sql_text[SQL_COUNT] = {
#define SQL(name, text) [SQL_##name] = text,
#include "muster/sql/all.def"
#undef SQL
};

static const char *const sql_name[SQL_COUNT] = {
#define SQL(name, text) [SQL_##name] = #name,
#include "muster/sql/all.def"
#undef SQL
};

const char *store_sql_name(enum sql name)
{
	return sql_name[name];
}

int store_exec(struct store *st, const char *sql, struct err *err)
{
	if (sqlite3_exec(st->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return store_fail(st, "the evidence database", err);
	return 0;
}

/* Read one of SQLite's integer pragmas. */
static int pragma_int(struct store *st, const char *sql, int *value,
    struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = -1;

	if (sqlite3_prepare_v2(st->db, sql, -1, &stmt, NULL) != SQLITE_OK ||
	    sqlite3_step(stmt) != SQLITE_ROW) {
		store_fail(st, sql, err);
		goto out;
	}
	*value = sqlite3_column_int(stmt, 0);
	rc = 0;
out:
	sqlite3_finalize(stmt);
	return rc;
}

/* Is the file an SQLite database without a single table? */
static int is_blank(struct store *st, struct err *err)
{
	int n = 0;

	if (pragma_int(st, "SELECT count(*) FROM sqlite_schema", &n, err) < 0)
		return -1;
	return n == 0;
}

static int check_owner(struct store *st, int *version, struct err *err)
{
	int app, blank;

	if (pragma_int(st, "PRAGMA application_id", &app, err) < 0 ||
	    pragma_int(st, "PRAGMA user_version", version, err) < 0 ||
	    (blank = is_blank(st, err)) < 0)
		return -1;
	if (app != STORE_APPLICATION && !(blank && app == 0 && *version == 0)) {
		err_set(err, ERR_DAMAGED,
		    "this SQLite file belongs to another program");
		return err_at(err, st->path, 0, -1);
	}
	if (*version > NSTEPS) {
		err_set(err, ERR_STORE, "written by a newer muster (schema "
		    "%d, this one knows %d): use that one", *version, NSTEPS);
		return err_at(err, st->path, 0, -1);
	}
	return 0;
}

/* A new database draws the id of its own journal chain.  It had 32 digits when
 * imports did not journal what follows from them yet. */
static int found_chain(struct store *st, struct err *err)
{
	return store_exec(st, "INSERT INTO chain(id, mine) SELECT "
	    "lower(hex(randomblob(17))), 1 "
	    "WHERE NOT EXISTS (SELECT 1 FROM chain)", err);
}

/* Take the steps this database has not taken yet, all or none of them. */
static int migrate(struct store *st, struct err *err)
{
	int version;
	char *mark;

	if (check_owner(st, &version, err) < 0)
		return -1;
	if (version == NSTEPS)
		return 0;
	if (st->readonly) {
		err_set(err, ERR_STORE, "written by an older muster (schema "
		    "%d of %d) and cannot be brought up to date here: copy it "
		    "to a place that can be written to", version, NSTEPS);
		return err_at(err, st->path, 0, -1);
	}
	/* Another process may have migrated while we waited for the lock. */
	if (store_begin(st, err) < 0)
		return -1;
	if (check_owner(st, &version, err) < 0)
		goto undo;
	for (; version < NSTEPS; version++) {
		if (store_exec(st, steps[version], err) < 0) {
			/* what a step makes is there already? */
			if ((sqlite3_errcode(st->db) & 0xff) == SQLITE_ERROR)
				err->kind = ERR_DAMAGED;
			err_during(err, "taking schema step %d", version + 1);
			goto undo;
		}
	}
	mark = sqlite3_mprintf(
	    "PRAGMA application_id = %d; PRAGMA user_version = %d",
	    STORE_APPLICATION, NSTEPS);
	if (mark == NULL || store_exec(st, mark, err) < 0 ||
	    found_chain(st, err) < 0) {
		sqlite3_free(mark);
		goto undo;
	}
	sqlite3_free(mark);
	return store_commit(st, err);
undo:
	store_rollback(st);
	return -1;
}

/* What no evidence database needs must not be possible in a hostile one. */
static int harden(struct store *st, struct err *err)
{
	char pragmas[512];

	sqlite3_db_config(st->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(st->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_db_config(st->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(st->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(st->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(st->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	sqlite3_busy_timeout(st->db, STORE_BUSY_MS);
	sqlite3_snprintf(sizeof(pragmas), pragmas,
	    "PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON;"
	    "PRAGMA cache_size = -%d; PRAGMA temp_store = MEMORY;"
	    /* what is removed leaves no trace that a check could not tell
	     * from one that somebody put there */
	    "PRAGMA mmap_size = 0; PRAGMA secure_delete = ON;"
	    /* DELETE with EXTRA survives power loss and opens from read-only
	     * media; the default loses commits, WAL does not open there */
	    "%s PRAGMA synchronous = EXTRA;", CACHE_KIB,
	    st->readonly ? "" : "PRAGMA journal_mode = DELETE;");
	return store_exec(st, pragmas, err);
}

/* Open read-write first, so that SQLite can roll back a hot journal; fall
 * back to read-only for media that cannot be written to. */
static int open_file(struct store *st, const char *path, enum store_mode mode,
    struct err *err)
{
	/* one thread at a time has it: no lock around each call */
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW |
	    SQLITE_OPEN_NOMUTEX;
	int rc;

	/* Counting its memory would be a lock around every allocation, which
	 * threads that render wait for.  Once SQLite runs this is refused. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	if (mode == STORE_CREATE)
		flags |= SQLITE_OPEN_CREATE;
	if (mode == STORE_READ && strcmp(path, ":memory:") != 0 &&
	    access(path, W_OK) < 0)
		flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOFOLLOW |
		    SQLITE_OPEN_NOMUTEX;
	rc = sqlite3_open_v2(path, &st->db, flags, NULL);
	if (rc != SQLITE_OK && mode == STORE_READ) {
		sqlite3_close(st->db);
		rc = sqlite3_open_v2(path, &st->db,
		    SQLITE_OPEN_READONLY | SQLITE_OPEN_NOFOLLOW |
		    SQLITE_OPEN_NOMUTEX, NULL);
	}
	if (rc != SQLITE_OK) {
		return store_fail(st, "cannot open the evidence database",
		    err);
	}
	sqlite3_extended_result_codes(st->db, 1);
	st->readonly = sqlite3_db_readonly(st->db, "main") == 1;
	return 0;
}

struct store *store_open(const char *path, enum store_mode mode,
    struct err *err)
{
	struct store *st;
	struct stat sb;

	if (mode != STORE_CREATE && strcmp(path, ":memory:") != 0 &&
	    stat(path, &sb) < 0) {
		err_set(err, ERR_STORE, errno == ENOENT ?
		    "there is no evidence database here; \"muster import\" "
		    "makes one, -d names another" : "%s", strerror(errno));
		err_at(err, path, 0, -1);
		return NULL;
	}
	/* SQLite would wait for a FIFO, and calls a directory a failing disk;
	 * links it refuses itself */
	if (strcmp(path, ":memory:") != 0 && lstat(path, &sb) == 0 &&
	    !S_ISREG(sb.st_mode) && !S_ISLNK(sb.st_mode)) {
		err_set(err, ERR_STORE, "not a regular file: a database of "
		    "muster was expected");
		err_at(err, path, 0, -1);
		return NULL;
	}
	if (mode == STORE_CREATE && strcmp(path, ":memory:") != 0)
		blank_database(path);
	st = mem_alloc(sizeof(*st));
	st->path = mem_dup(path);
	if (open_file(st, path, mode, err) < 0 || harden(st, err) < 0 ||
	    migrate(st, err) < 0) {
		store_close(st);
		return NULL;
	}
	return st;
}

struct store *store_again(const struct store *st, struct err *err)
{
	const char *file = sqlite3_db_filename(st->db, "main");

	/* what is in memory only has no second way to it */
	return file == NULL || file[0] == '\0' ? NULL :
	    store_open(st->path, STORE_READ, err);
}

void store_close(struct store *st)
{
	if (st == NULL)
		return;
	for (int i = 0; i < SQL_COUNT; i++)
		sqlite3_finalize(st->cache[i]);
	sqlite3_close(st->db);
	free(st->path);
	free(st);
}

int store_begin(struct store *st, struct err *err)
{
	return store_exec(st, "BEGIN IMMEDIATE", err);
}

int store_begin_read(struct store *st, struct err *err)
{
	return store_is_open(st) ? 0 : store_exec(st, "BEGIN", err);
}

bool store_is_open(const struct store *st)
{
	return !sqlite3_get_autocommit(st->db);
}

bool store_may_write(const struct store *st)
{
	char *dir = mem_dup(st->path), *slash = strrchr(dir, '/');
	bool yes;

	if (slash != NULL)
		slash[slash == dir] = '\0';
	yes = access(slash != NULL ? dir : ".", W_OK) == 0 || errno == ENOENT;
	free(dir);
	return yes;
}

bool store_is_readonly(const struct store *st)
{
	return st->readonly || !store_may_write(st);
}

int store_commit(struct store *st, struct err *err)
{
	return store_exec(st, "COMMIT", err);
}

void store_rollback(struct store *st)
{
	/* Fails only where SQLite has rolled back by itself already. */
	sqlite3_exec(st->db, "ROLLBACK", NULL, NULL, NULL);
}

int store_save(struct store *st, struct err *err)
{
	return store_exec(st, "SAVEPOINT place", err);
}

int store_release(struct store *st, struct err *err)
{
	return store_exec(st, "RELEASE place", err);
}

int store_back(struct store *st, struct err *err)
{
	return store_exec(st, "ROLLBACK TO place; RELEASE place", err);
}

sqlite3_stmt *store_stmt(struct store *st, enum sql name, bool *own,
    struct err *err)
{
	sqlite3_stmt *again = NULL;

	*own = false;
	if (st->cache[name] == NULL &&
	    sqlite3_prepare_v3(st->db, sql_text[name], -1,
	    SQLITE_PREPARE_PERSISTENT, &st->cache[name], NULL) != SQLITE_OK) {
		store_fail(st, sql_name[name], err);
		return NULL;
	}
	if (!sqlite3_stmt_busy(st->cache[name]))
		return st->cache[name];
	if (sqlite3_prepare_v2(st->db, sql_text[name], -1, &again, NULL) !=
	    SQLITE_OK) {
		store_fail(st, sql_name[name], err);
		return NULL;
	}
	*own = true;
	return again;
}

int store_selftest(struct store *st, struct err *err)
{
	bool own;

	for (int i = 0; i < SQL_COUNT; i++)
		if (store_stmt(st, (enum sql)i, &own, err) == NULL)
			return err_during(err, "preparing SQL_%s",
			    sql_name[i]);
	return 0;
}

int64_t store_last_id(const struct store *st)
{
	return sqlite3_last_insert_rowid(st->db);
}
