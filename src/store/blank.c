/*
 * blank.c - a new database comes into being whole.
 *
 * The steps of the schema cost more than a small report does.  So the program
 * carries the database that they make (make/blank.c): it is written without a
 * name, with an id of its own for its chain, and gets its name when it is on
 * the disk.  Whoever is faster has made it: a name that is there is left
 * alone.  Where there are no files without a name nothing is done, and SQLite
 * takes the steps; it also tells what is wrong with the place.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "muster/mem.h"
#include "muster/sha.h"
#include "muster/str.h"
#include "store_priv.h"

#include "blank.inc"

#define ID_LETTERS 34

/* The database's bytes, with an id of its own. */
static unsigned char *draw(void)
{
	unsigned char drawn[SHA_BYTES], *db = mem_alloc(BLANK_BYTES);
	char hex[SHA_HEX];

	sqlite3_randomness(sizeof(drawn), drawn);
	sha_hex(drawn, hex);
	if (ZSTD_decompress(db, BLANK_BYTES, blank, sizeof(blank)) !=
	    BLANK_BYTES) {
		free(db);
		return NULL;
	}
	for (size_t i = 0; i < sizeof(blank_ids) / sizeof(*blank_ids); i++)
		memcpy(db + blank_ids[i], hex, ID_LETTERS);
	return db;
}

/* The directory a path is in, open to make and to sync files in. */
static int open_dir(const char *path)
{
	char *dir = mem_dup(path), *slash = strrchr(dir, '/');
	int fd;

	if (slash != NULL)
		slash[slash == dir] = '\0';
	fd = open(slash != NULL ? dir : ".", O_RDONLY | O_DIRECTORY |
	    O_CLOEXEC);
	free(dir);
	return fd;
}

static bool give_name(int fd, const char *path)
{
	char here[40];

	snprintf(here, sizeof(here), "/proc/self/fd/%d", fd);
	return linkat(AT_FDCWD, here, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0;
}

/* Nor is there a journal of one that is gone: it would be rolled back into
 * the new one. */
static bool nothing_there(const char *path)
{
	static const char *const tails[] = { "", "-journal", "-wal" };
	struct stat sb;
	bool none = true;

	for (size_t i = 0; none && i < sizeof(tails) / sizeof(*tails); i++) {
		struct str name = STR_INIT;

		str_addf(&name, "%s%s", path, tails[i]);
		none = lstat(name.s, &sb) < 0 && errno == ENOENT;
		str_free(&name);
	}
	return none;
}

void blank_database(const char *path)
{
	unsigned char *db = NULL;
	int dir = -1, fd = -1;

	if (!nothing_there(path) || (dir = open_dir(path)) < 0 ||
	    (fd = openat(dir, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC,
	    0644)) < 0 || (db = draw()) == NULL)
		goto out;
	if (write(fd, db, BLANK_BYTES) == BLANK_BYTES && fdatasync(fd) == 0 &&
	    give_name(fd, path))
		fsync(dir);
out:
	free(db);
	if (fd >= 0)
		close(fd);
	if (dir >= 0)
		close(dir);
}
