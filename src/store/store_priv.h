/* store_priv.h - what the files of this room share and nobody else sees. */
#ifndef STORE_PRIV_H
#define STORE_PRIV_H

#include <sqlite3.h>

#include "muster/store.h"

/* "must" read as four bytes; lets file(1) and us recognise our own files. */
#define STORE_APPLICATION 0x6d757374
/* How many steps of the schema there are. */
int store_steps(void);

struct feed;

struct store {
	sqlite3		*db;
	char		*path;
	bool		 readonly;
	sqlite3_stmt	*cache[SQL_COUNT];	/* prepared on first use */
	bool		 fed;			/* it knows evidence_feed */
	const struct feed *feed;		/* what that holds now */
};

/* Prepare a statement; *own says that the caller must finalize it (the cached
 * copy is being walked already).  NULL with err set on failure. */
sqlite3_stmt *store_stmt(struct store *st, enum sql name, bool *own,
    struct err *err);

/* Turn SQLite's complaint about the last call into an err; returns -1. */
int store_fail(struct store *st, const char *what, struct err *err);

/* May files be made where the database lies?  A database that cannot have a
 * journal beside it is one to read. */
bool store_may_write(const struct store *st);

/* blank.c: make the database, if nothing has this name and it can be done. */
void blank_database(const char *path);

/* Run SQL text of our own making. */
int store_exec(struct store *st, const char *sql, struct err *err);

#endif
