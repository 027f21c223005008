/* pages.c - the bytes of the file that no table shows; see pages.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "muster/err.h"
#include "muster/found.h"
#include "muster/mem.h"
#include "muster/pages.h"
#include "muster/sha.h"
#include "muster/str.h"
#include "store_priv.h"

#define HEAD 100			/* bytes of the file's header */
#define MAX_DEPTH 64			/* of a tree of pages */

static uint32_t get(const unsigned char *p, int bytes)
{
	uint32_t n = 0;

	for (int i = 0; i < bytes; i++)
		n = n << 8 | p[i];
	return n;
}

/* What every database of muster has there, whatever is in it. */
static const struct {
	int		 at, bytes;
	uint32_t	 is;
	const char	*what;
} fixed[] = {
	{ 18, 1, 1, "its write version" },
	{ 19, 1, 1, "its read version" },
	{ 20, 1, 0, "what is reserved in each page" },
	{ 21, 1, 64, "the largest payload fraction" },
	{ 22, 1, 32, "the smallest payload fraction" },
	{ 23, 1, 32, "the leaf payload fraction" },
	{ 44, 4, 4, "its schema format" },
	{ 48, 4, 0, "its cache size" },
	{ 52, 4, 0, "its largest root page" },
	{ 56, 4, 1, "its text encoding" },
	{ 64, 4, 0, "its vacuum mode" },
	{ 68, 4, STORE_APPLICATION, "its application id" },
	{ 72, 4, 0, "a reserved byte" }, { 76, 4, 0, "a reserved byte" },
	{ 80, 4, 0, "a reserved byte" }, { 84, 4, 0, "a reserved byte" },
	{ 88, 4, 0, "a reserved byte" },
};

static int header(const unsigned char h[HEAD], int64_t size,
    struct found *f)
{
	uint32_t page = get(h + 16, 2) == 1 ? 65536 : get(h + 16, 2);

	if (memcmp(h, "SQLite format 3", 16) != 0) {
		found_add(f, "the file's header is none of a database");
		return 1;
	}
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (get(h + fixed[i].at, fixed[i].bytes) != fixed[i].is)
			found_add(f, "the file's header: %s (byte %d) is %u, "
			    "not %u", fixed[i].what, fixed[i].at,
			    get(h + fixed[i].at, fixed[i].bytes),
			    fixed[i].is);
	if (page < 512 || (page & (page - 1)) != 0)
		found_add(f, "the file's header: its page size is %u", page);
	else if (size != (int64_t)page * get(h + 28, 4))
		found_add(f, "the file's header: it has %u pages of %u bytes, "
		    "but the file %lld bytes", get(h + 28, 4), page,
		    (long long)size);
	if (get(h + 24, 4) != get(h + 92, 4))
		found_add(f, "the file's header: its change counter is %u, and "
		    "%u where it is said again", get(h + 24, 4),
		    get(h + 92, 4));
	if (get(h + 60, 4) < 1 || get(h + 60, 4) > (uint32_t)store_steps())
		found_add(f, "the file's header: its schema has the number %u, "
		    "and this muster knows 1 to %d", get(h + 60, 4),
		    store_steps());
	/* 3.7.0, which began to write it, to any that is to come */
	if (get(h + 96, 4) < 3007000 || get(h + 96, 4) > 3999999)
		found_add(f, "the file's header: no SQLite has the version %u",
		    get(h + 96, 4));
	return 0;
}

/* Something that SQLite will roll back when it opens the file? */
static bool is_hot(const char *path)
{
	struct str journal = STR_INIT;
	struct stat sb;
	bool is;

	str_addf(&journal, "%s-journal", path);
	is = stat(journal.s, &sb) == 0 && sb.st_size > 0;
	str_free(&journal);
	return is;
}

int pages_header(const char *path, struct found *f, struct err *err)
{
	unsigned char h[HEAD];
	struct stat sb = { 0 };
	int fd, rc = 0;

	if (is_hot(path))
		return 0;
	if ((fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)) < 0 ||
	    fstat(fd, &sb) < 0)
		rc = err_sys(err, "cannot open the evidence database");
	else if (!S_ISREG(sb.st_mode))
		rc = err_set(err, ERR_STORE, "the evidence database is no "
		    "regular file");
	else if (sb.st_size < HEAD || pread(fd, h, HEAD, 0) != HEAD)
		found_add(f, "the file has %lld bytes: it was cut off",
		    (long long)sb.st_size);
	else
		rc = header(h, sb.st_size, f);
	if (fd >= 0)
		close(fd);
	if (rc < 0)
		return err_at(err, path, 0, -1);
	return rc > 0 || sb.st_size < HEAD;
}

/* The file through SQLite's own hands: another descriptor, closed, would take
 * away the locks of the first. */
struct walk {
	struct store	*st;
	sqlite3_file	*file;
	struct found	*f;
	unsigned char	*page;
	uint32_t	 size, pages;	/* bytes of one, how many */
	unsigned char	*seen;		/* a bit each */
};

static int begin(struct walk *w, struct store *st, struct found *f,
    struct err *err)
{
	unsigned char h[HEAD];
	sqlite3_int64 bytes;

	*w = (struct walk){ .st = st, .f = f };
	/* the header is read only within a transaction that reads */
	if (store_exec(st, "SELECT 1 FROM main.sqlite_schema LIMIT 1", err)
	    < 0)
		return -1;
	if (sqlite3_file_control(st->db, "main", SQLITE_FCNTL_FILE_POINTER,
	    &w->file) != SQLITE_OK || w->file == NULL ||
	    w->file->pMethods == NULL)
		return err_set(err, ERR_STORE, "the database has no file");
	if (w->file->pMethods->xFileSize(w->file, &bytes) != SQLITE_OK ||
	    w->file->pMethods->xRead(w->file, h, HEAD, 0) != SQLITE_OK)
		return err_set(err, ERR_DAMAGED, "the file cannot be read");
	w->size = get(h + 16, 2) == 1 ? 65536 : get(h + 16, 2);
	if (w->size < 512 || bytes % w->size != 0 ||
	    bytes / w->size > UINT32_MAX - 1)
		return err_set(err, ERR_DAMAGED, "the file has %lld bytes in "
		    "pages of %u", (long long)bytes, w->size);
	w->pages = (uint32_t)(bytes / w->size);
	w->page = mem_alloc(w->size);
	w->seen = mem_alloc(w->pages / 8 + 1);
	return 0;
}

static void end(struct walk *w)
{
	free(w->page);
	free(w->seen);
}

/* A page that was not read yet: 1, 0 where it was, or is none. */
static int turn_to(struct walk *w, uint32_t n, struct err *err)
{
	if (n == 0 || n > w->pages || (w->seen[n / 8] & 1 << n % 8) != 0)
		return 0;
	w->seen[n / 8] |= (unsigned char)(1 << n % 8);
	if (w->file->pMethods->xRead(w->file, w->page, (int)w->size,
	    (sqlite3_int64)(n - 1) * w->size) != SQLITE_OK)
		return err_set(err, ERR_DAMAGED, "page %u cannot be read", n);
	return 1;
}

static bool is_zero(const unsigned char *p, uint32_t n)
{
	return n == 0 || (p[0] == 0 && memcmp(p, p + 1, n - 1) == 0);
}

/* Trunk after trunk, each with the numbers of free pages: those are empty. */
static int free_pages(struct walk *w, struct err *err)
{
	uint32_t *list = mem_array(w->size / 4, sizeof(*list)), n, next;
	int rc = turn_to(w, 1, err);

	w->seen[0] = 0;			/* the tree of page 1 comes later */
	next = rc > 0 ? get(w->page + 32, 4) : 0;
	while (rc >= 0 && next != 0 && (rc = turn_to(w, next, err)) > 0) {
		n = get(w->page + 4, 4);
		n = n > w->size / 4 - 2 ? w->size / 4 - 2 : n;
		for (uint32_t i = 0; i < n; i++)
			list[i] = get(w->page + 8 + (size_t)i * 4, 4);
		next = get(w->page, 4);
		for (uint32_t i = 0; i < n && rc >= 0; i++)
			if ((rc = turn_to(w, list[i], err)) > 0 &&
			    !is_zero(w->page, w->size))
				found_add(w->f, "page %u is free, and not "
				    "empty", list[i]);
	}
	free(list);
	return rc < 0 ? -1 : 0;
}

/* Places in a page whose rows are gone hold their own length and the next
 * one's place, else nothing. */
static void free_places(const struct walk *w, uint32_t n, uint32_t at)
{
	uint32_t place = get(w->page + at + 1, 2), size;
	int most = (int)w->size / 4;

	for (; place != 0 && place + 4 <= w->size && most-- > 0;
	    place = get(w->page + place, 2)) {
		size = get(w->page + place + 2, 2);
		if (size < 4 || place + size > w->size)
			return;		/* the integrity check tells */
		if (!is_zero(w->page + place + 4, size - 4))
			found_add(w->f, "page %u: what was removed at byte %u "
			    "of it is not empty", n, place);
	}
}

static int tree(struct walk *w, uint32_t n, int depth, struct err *err)
{
	const uint32_t at = n == 1 ? HEAD : 0;
	uint32_t *child, cells;
	int rc = depth < MAX_DEPTH ? turn_to(w, n, err) : 0;

	if (rc <= 0)
		return rc;
	if (strchr("\2\5\12\15", w->page[at]) == NULL || w->page[at] == 0)
		return 0;
	free_places(w, n, at);
	if (w->page[at] > 5)		/* a leaf */
		return 0;
	cells = get(w->page + at + 3, 2);
	if (cells > (w->size - at - 12) / 2)
		return 0;
	child = mem_array(cells + 1, sizeof(*child));
	child[cells] = get(w->page + at + 8, 4);
	for (uint32_t i = 0; i < cells; i++) {
		uint32_t cell = get(w->page + at + 12 + (size_t)i * 2, 2);

		child[i] = cell + 4 <= w->size ? get(w->page + cell, 4) : 0;
	}
	for (uint32_t i = 0; i <= cells && rc >= 0; i++)
		rc = tree(w, child[i], depth + 1, err);
	free(child);
	return rc < 0 ? -1 : 0;
}

int pages_walk(struct store *st, struct found *f, struct err *err)
{
	struct query q;
	struct walk w;
	int rc = begin(&w, st, f, err);

	if (rc == 0 && (rc = free_pages(&w, err)) == 0)
		rc = tree(&w, 1, 0, err);
	if (rc == 0) {
		query_open(&q, st, SQL_PAGES_ROOTS, NOBIND);
		while ((rc = query_next(&q, err)) > 0)
			if ((rc = tree(&w, (uint32_t)query_int(&q, 0), 0,
			    err)) < 0)
				break;
		query_close(&q);
	}
	end(&w);
	return rc;
}

int pages_digest(struct store *st, char hex[SHA_HEX], int64_t *bytes,
    struct err *err)
{
	struct found none = { .tell = NULL };
	struct sha *sha = sha_new();
	struct walk w;
	int rc = begin(&w, st, &none, err);

	*bytes = rc == 0 ? (int64_t)w.pages * w.size : 0;
	for (uint32_t n = 1; rc == 0 && n <= w.pages; n++) {
		if ((rc = turn_to(&w, n, err)) > 0) {
			sha_add(sha, w.page, w.size);
			rc = 0;
		}
	}
	sha_end_hex(sha, hex);
	sha_free(sha);
	end(&w);
	return rc;
}
