/*
 * peek.c - a database looked at from outside: what the first bytes of its
 * file say, and what is beside it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "muster/about.h"
#include "muster/str.h"
#include "store_priv.h"

/* The header of SQLite's files: 18 and 19 the ways to write and read it,
 * 60 user_version, 68 application_id, most significant byte first. */
#define HEADER		100
#define AT_WRITE	18
#define AT_READ		19
#define WAL		2
#define AT_VERSION	60
#define AT_APPLICATION	68

static uint32_t number(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

void store_peek(const char *path, struct store_peek *p)
{
	unsigned char head[HEADER] = { 0 };
	struct str journal = STR_INIT;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, head, sizeof(head)) : -1;

	str_addf(&journal, "%s-journal", path);
	*p = (struct store_peek){
		.there = n >= 0,
		.ours = n == HEADER && number(head + AT_APPLICATION) ==
		    STORE_APPLICATION,
		.wal = head[AT_WRITE] == WAL || head[AT_READ] == WAL,
		.schema = (int)(number(head + AT_VERSION) & INT32_MAX),
		.newest = store_steps(),
		.journal = access(journal.s, F_OK) == 0,
	};
	str_free(&journal);
	if (fd >= 0)
		close(fd);
}

bool store_unsettled(const char *path)
{
	struct store_peek p;

	store_peek(path, &p);
	return !p.ours || p.wal || p.journal || p.schema != p.newest;
}

void store_setting(struct store *st, const char *name, char value[32])
{
	char *sql = sqlite3_mprintf("PRAGMA %s", name);
	sqlite3_stmt *stmt = NULL;

	value[0] = '\0';
	if (sql != NULL && sqlite3_prepare_v2(st->db, sql, -1, &stmt, NULL) ==
	    SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
		snprintf(value, 32, "%s", (const char *)sqlite3_column_text(
		    stmt, 0));
	sqlite3_finalize(stmt);
	sqlite3_free(sql);
}

void store_about(about_fn *say, void *ctx)
{
	say(ctx, "SQLite", sqlite3_libversion(), NULL);
}
