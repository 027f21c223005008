/* store_fail.c - SQLite's complaint, and what to do about it. */
#include <errno.h>
#include <string.h>

#include "muster/err.h"
#include "store_priv.h"

/* Told in these words whatever else is known. */
static const struct {
	int		 code;
	enum err_kind	 kind;
	const char	*text;
} words[] = {
	{ SQLITE_FULL, ERR_STORE, "the disk is full: nothing of this step was stored; "
	    "free some space and run it again" },
	{ SQLITE_READONLY, ERR_STORE, "the database cannot be written to: its file or "
	    "directory is read-only, or not yours" },
	{ SQLITE_NOTADB, ERR_DAMAGED, "this is not a muster database; -d names "
	    "another" },
	{ SQLITE_NOMEM, ERR_STORE, "out of memory: nothing of this step was "
	    "stored" },
};

/* What the system said to a write that SQLite calls an I/O error. */
static const struct {
	int		 error;
	const char	*text;
} system_words[] = {
	{ ENOSPC, "the disk is full: nothing of this step was stored; free "
	    "some space and run it again" },
	{ EDQUOT, "your quota of disk space is used up: nothing of this step "
	    "was stored; free some space and run it again" },
	{ EFBIG, "it would grow beyond the limit on the size of a file "
	    "(ulimit -f): nothing of this step was stored; raise the limit "
	    "and run it again" },
};

static int io_error(const struct store *st, struct err *err)
{
	int error = sqlite3_system_errno(st->db);

	if (error == 0)		/* a commit does not say, the file does */
		sqlite3_file_control(st->db, "main",
		    SQLITE_FCNTL_LAST_ERRNO, &error);
	for (size_t i = 0; i < sizeof(system_words) / sizeof(*system_words);
	    i++)
		if (system_words[i].error == error)
			return err_set(err, ERR_STORE, "%s",
			    system_words[i].text);
	return err_set(err, ERR_STORE, "the disk failed (%s%s%s): nothing of "
	    "this step was stored; look at the disk and its space, then run it "
	    "again", sqlite3_errmsg(st->db), error != 0 ? ", " : "",
	    error != 0 ? strerror(error) : "");
}

/* A file that does not open: of the database itself, or its journal. */
static int cannot_open(const struct store *st, const char *what,
    struct err *err)
{
	int error = sqlite3_system_errno(st->db);

	/* having failed to make it, SQLite looks for one to read */
	if (error == ENOENT && !store_may_write(st))
		error = EACCES;
	if (sqlite3_extended_errcode(st->db) == SQLITE_CANTOPEN_SYMLINK)
		return err_set(err, ERR_STORE, "%s: it is a symbolic link; -d "
		    "takes the file itself", what);
	if (error == EACCES || error == EROFS)
		return err_set(err, ERR_STORE, "%s: its file or directory is "
		    "read-only, or not yours (%s)", what, strerror(error));
	return err_set(err, ERR_STORE, "%s: %s%s%s", what,
	    sqlite3_errmsg(st->db), error != 0 ? ": " : "",
	    error != 0 ? strerror(error) : "");
}

/* A journal was left by a muster that was killed, and cannot be played back
 * where nothing can be written. */
static bool is_cut(const struct store *st)
{
	int code = sqlite3_extended_errcode(st->db);

	return code == SQLITE_READONLY_ROLLBACK ||
	    (code == SQLITE_IOERR_DELETE && !store_may_write(st));
}

int store_fail(struct store *st, const char *what, struct err *err)
{
	int code = st->db != NULL ? sqlite3_errcode(st->db) & 0xff :
	    SQLITE_NOMEM;

	if (st->db != NULL && is_cut(st)) {
		err_set(err, ERR_STORE, "a step of it was cut short, which is "
		    "to be undone where it can be written: copy it and its "
		    "-journal there and run \"muster verify\"");
		return err_at(err, st->path, 0, -1);
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (words[i].code == code) {
			err_set(err, words[i].kind, "%s", words[i].text);
			return err_at(err, st->path, 0, -1);
		}
	}
	switch (code) {
	case SQLITE_BUSY:
		err_set(err, ERR_STORE, "the database is in use by another "
		    "muster; waited %d seconds: try again when it is done",
		    STORE_BUSY_MS / 1000);
		break;
	case SQLITE_IOERR:
		io_error(st, err);
		break;
	case SQLITE_CANTOPEN:
		cannot_open(st, what, err);
		break;
	case SQLITE_CORRUPT:
		err_set(err, ERR_DAMAGED, "the database is damaged (%s): put a "
		    "copy back, or import the files into a new one",
		    sqlite3_errmsg(st->db));
		break;
	default:
		/* every statement prepares against a schema that is ours */
		err_set(err, code == SQLITE_ERROR ? ERR_DAMAGED : ERR_STORE,
		    "%s: %s", what,
		    sqlite3_errmsg(st->db));
	}
	return err_at(err, st->path, 0, -1);
}
