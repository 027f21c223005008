/*
 * rpm_bdb.c - RPM's container until 4.16: a hash of Berkeley DB, Packages.
 *
 * Pages of one size; the first says what the file is and in which order of
 * bytes.  A hash page lists its items from the end of the page backwards, in
 * pairs of key and value; a value that is too long for its page is a chain
 * of overflow pages.  The pages are gone through one by one instead of bucket
 * by bucket, which finds the same pairs and cannot go round in circles; a
 * page belongs to one chain at most, so the chains together are no longer
 * than the file.  A key is the number of a package; number 0 is RPM's own.
 */
#include <stdlib.h>
#include <string.h>

#include "muster/cap.h"
#include "muster/err.h"
#include "muster/str.h"
#include "rpm.h"

#define HEAD	26		/* of a page */
#define MAGIC	0x061561u

enum {
	PAGE_FREE = 0, PAGE_HASH_UNSORTED = 2, PAGE_OVERFLOW = 7,
	PAGE_HASH_META = 8, PAGE_HASH = 13
};
enum { ITEM_DATA = 1, ITEM_OFF_PAGE = 3 };

struct bdb {
	const unsigned char	*p;
	uint32_t		 size;		/* of a page */
	uint32_t		 last;		/* page */
	bool			 big;		/* big-endian */
	size_t			 len, used;	/* of the chains so far */
	struct str		 value;
};

static uint32_t u32(const struct bdb *db, const unsigned char *p)
{
	return db->big ? rpm_header_u32(p) : (uint32_t)p[3] << 24 |
	    (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static uint32_t u16(const struct bdb *db, const unsigned char *p)
{
	return db->big ? (uint32_t)p[0] << 8 | p[1] :
	    (uint32_t)p[1] << 8 | p[0];
}

static int unsound(struct err *err, uint32_t page, const char *what)
{
	return err_set(err, ERR_INPUT, "an RPM database in Berkeley DB form "
	    "that is not sound: %s, page %u", what, page);
}

static int open_db(struct bdb *db, const void *bytes, size_t len,
    struct err *err)
{
	db->p = bytes;
	db->len = len;
	if (len < 512)
		return unsound(err, 0, "it is too short");
	if (u32(db, db->p + 12) != MAGIC) {
		db->big = true;
		if (u32(db, db->p + 12) != MAGIC)
			return unsound(err, 0, "no hash");
	}
	if (u32(db, db->p + 16) < 7 || u32(db, db->p + 16) > 10)
		return unsound(err, 0, "a version that is not known");
	if (db->p[24] != 0)
		return unsound(err, 0, "it is encrypted");
	db->size = u32(db, db->p + 20);
	db->last = u32(db, db->p + 32);
	if (db->size < 512 || db->size > 65536 ||
	    (db->size & (db->size - 1)) != 0)
		return unsound(err, 0, "a page size that cannot be");
	if (db->last >= len / db->size)
		return unsound(err, 0, "pages are missing at its end");
	return 0;
}

/* A page that says of itself that it is this one; NULL: none. */
static const unsigned char *page(const struct bdb *db, uint32_t n)
{
	const unsigned char *p;

	if (n == 0 || n > db->last)
		return NULL;
	p = db->p + (size_t)n * db->size;
	return u32(db, p + 8) == n ? p : NULL;
}

/* A value that is spread over pages, into db->value. */
static int chain(struct bdb *db, uint32_t n, uint32_t len, struct err *err)
{
	str_clear(&db->value);
	if (len > (size_t)cap(CAP_RPM_VALUE))
		return cap_err(err, CAP_RPM_VALUE, "an RPM database with a "
		    "value that is too long, of %u bytes", len);
	while (db->value.len < len) {
		const unsigned char *p = page(db, n);
		uint32_t here;

		if (p == NULL || p[25] != PAGE_OVERFLOW)
			return unsound(err, n, "a value that does not go on");
		here = u16(db, p + 22);
		db->used += db->size;
		if (here == 0 || here > db->size - HEAD ||
		    here > len - db->value.len || db->used > db->len)
			return unsound(err, n, "a value that goes astray");
		str_addn(&db->value, p + HEAD, here);
		n = u32(db, p + 16);
	}
	return 0;
}

/* Where item i of a page is; false when it cannot be. */
static bool item(const struct bdb *db, const unsigned char *p, uint32_t i,
    const unsigned char **at, uint32_t *len)
{
	uint32_t count = u16(db, p + 20);
	uint32_t from = u16(db, p + HEAD + 2 * i);
	uint32_t to = i == 0 ? db->size : u16(db, p + HEAD + 2 * (i - 1));

	if (from < HEAD + 2 * count || from >= to || to > db->size)
		return false;
	*at = p + from;
	*len = to - from;
	return true;
}

/* A value's bytes. */
static int value(struct bdb *db, const unsigned char *at, uint32_t len,
    uint32_t n, const void **bytes, size_t *size, struct err *err)
{
	if (at[0] == ITEM_DATA) {
		*bytes = at + 1;
		*size = len - 1;
		return 0;
	}
	if (at[0] != ITEM_OFF_PAGE || len != 12)
		return unsound(err, n, "an item of a kind that is not known");
	if (chain(db, u32(db, at + 4), u32(db, at + 8), err) < 0)
		return -1;
	*bytes = str_text(&db->value);
	*size = db->value.len;
	return 0;
}

static int pairs(struct bdb *db, const unsigned char *p, uint32_t n,
    rpm_fn *fn, void *ctx, struct err *err)
{
	static const unsigned char zero[4];
	uint32_t count = u16(db, p + 20), klen, vlen;
	const unsigned char *key, *val;
	const void *bytes = NULL;
	size_t size = 0;

	if (count % 2 != 0 || count > (db->size - HEAD) / 2)
		return unsound(err, n, "a count of items that cannot be");
	for (uint32_t i = 0; i < count; i += 2) {
		if (!item(db, p, i, &key, &klen) ||
		    !item(db, p, i + 1, &val, &vlen))
			return unsound(err, n, "an item outside its page");
		if (key[0] == ITEM_DATA && klen == 5 &&
		    memcmp(key + 1, zero, 4) == 0)
			continue;
		if (value(db, val, vlen, n, &bytes, &size, err) < 0 ||
		    fn(ctx, bytes, size, err) < 0)
			return -1;
	}
	return 0;
}

int rpm_bdb_read(const void *bytes, size_t len, rpm_fn *fn, void *ctx,
    struct err *err)
{
	struct bdb db = { .value = STR_INIT };
	int rc = open_db(&db, bytes, len, err);

	for (uint32_t n = 1; rc == 0 && n <= db.last; n++) {
		const unsigned char *p = db.p + (size_t)n * db.size;

		if (p[25] == PAGE_FREE || p[25] == PAGE_OVERFLOW ||
		    p[25] == PAGE_HASH_META)
			continue;
		if (p[25] != PAGE_HASH && p[25] != PAGE_HASH_UNSORTED)
			rc = unsound(err, n, "a page of a kind that is not "
			    "known");
		else if (page(&db, n) == NULL)
			rc = unsound(err, n, "a hash page with another "
			    "number");
		else
			rc = pairs(&db, p, n, fn, ctx, err);
	}
	str_free(&db.value);
	return rc;
}
