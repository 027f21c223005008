/* doctor_store.c - the database, and what it is kept with; see doctor.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <time.h>

#include "doctor.h"
#include "muster/command.h"
#include "muster/date.h"
#include "muster/err.h"
#include "muster/jail.h"
#include "muster/mem.h"
#include "muster/sha.h"
#include "muster/str.h"

#define ROOM_LEAST	(INT64_C(100) << 20)

static void room(struct doctor *d, const char *what, const char *dir)
{
	struct statvfs fs;
	int64_t left;

	if (statvfs(dir, &fs) < 0) {
		doctor_say(d, DOCTOR_FAULT, what, "%s cannot be looked at",
		    dir);
		return;
	}
	left = (int64_t)fs.f_bavail * (int64_t)fs.f_frsize;
	doctor_say(d, left < ROOM_LEAST ? DOCTOR_FAULT : DOCTOR_OK, what,
	    "%lld MB are free in %s", (long long)(left >> 20), dir);
}

/* As every database of ours is opened, shown on one made for it. */
int doctor_store_settings(struct doctor *d, struct err *err)
{
	static const struct {
		const char *name, *is;
	} want[] = {
		{ "journal_mode", "delete" }, { "synchronous", "3" },
		{ "foreign_keys", "1" }, { "cell_size_check", "1" },
		{ "trusted_schema", "0" }, { "mmap_size", "0" },
		{ "temp_store", "2" },
	};
	struct str path = STR_INIT;
	struct store *st;

	str_addf(&path, "%s/trial.db", d->scratch);
	st = store_open(path.s, STORE_CREATE, err);
	str_free(&path);
	if (st == NULL)
		return -1;
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		char is[32];
		struct str what = STR_INIT;

		store_setting(st, want[i].name, is);
		str_addf(&what, "SQLite's %s", want[i].name);
		doctor_say(d, strcmp(is, want[i].is) == 0 ? DOCTOR_OK :
		    DOCTOR_FAULT, what.s, "%s", is);
		str_free(&what);
	}
	store_close(st);
	return 0;
}

/* A clock behind what it stamped already would stamp wrongly again. */
static int clock_since(struct doctor *d, struct store *st, struct err *err)
{
	struct query q;
	int64_t last;
	int rc;

	query_open(&q, st, SQL_JOURNAL_NEWEST, NOBIND);
	if ((rc = query_next(&q, err)) > 0 &&
	    date_parse(query_text(&q, 0), &last))
		doctor_say(d, last > (int64_t)time(NULL) ? DOCTOR_FAULT :
		    DOCTOR_OK, "last journal entry", "%s", query_text(&q, 0));
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

static int opened(struct doctor *d, struct err *err)
{
	struct store *st = store_open(d->ctx->db, STORE_READ, err);
	struct err bad = ERR_INIT;
	char head[SHA_HEX];
	int rc = -1;

	if (st == NULL)
		return -1;
	if (store_quick(st, &bad) < 0)
		doctor_say(d, DOCTOR_FAULT, "pages", "%s", bad.text);
	else
		doctor_say(d, DOCTOR_OK, "pages", "whole, by a quick look: "
		    "\"muster verify\" looks at everything");
	if (bad.kind != ERR_NONE)
		rc = 0;
	else if (journal_head(st, head, err) == 0) {
		doctor_say(d, DOCTOR_NOTE, "head", "%s", head);
		rc = clock_since(d, st, err);
	}
	store_close(st);
	return rc;
}

static int look(struct doctor *d, struct err *err)
{
	const struct jail_place place = { d->ctx->db, JAIL_READ };
	struct err bad = ERR_INIT;
	struct store_peek p;

	store_peek(d->ctx->db, &p);
	if (!p.there) {
		doctor_say(d, DOCTOR_NOTE, "database", "there is none at %s",
		    d->ctx->db);
		return 0;
	}
	if (!p.ours) {
		doctor_say(d, DOCTOR_FAULT, "database", "%s is none of "
		    "muster's", d->ctx->db);
		return 0;
	}
	doctor_say(d, p.schema > p.newest || p.wal ? DOCTOR_FAULT : p.schema <
	    p.newest ? DOCTOR_NOTE : DOCTOR_OK, "database",
	    "%s, schema %d of %d%s", d->ctx->db, p.schema, p.newest,
	    p.wal ? ", and somebody switched it to WAL" : "");
	if (p.journal)
		doctor_say(d, DOCTOR_NOTE, "journal file", "a write is going "
		    "on, or was killed: then the next command undoes it");
	if (p.journal || p.wal || p.schema != p.newest)
		return 0;
	/* from here on foreign bytes are read */
	if (jail_keeper(&place, 1, err) < 0)
		return -1;
	if (opened(d, &bad) < 0)
		doctor_say(d, DOCTOR_FAULT, "database", "%s", bad.text);
	return 0;
}

int doctor_store_database(struct doctor *d, struct err *err)
{
	const char *tmp = getenv("TMPDIR");
	char *dir = mem_dup(d->ctx->db), *slash = strrchr(dir, '/');

	if (slash != NULL)
		slash[slash == dir] = '\0';
	room(d, "room for the database", slash != NULL ? dir : ".");
	free(dir);
	room(d, "room for temporary files", str_empty(tmp) ? "/tmp" : tmp);
	return look(d, err);
}
