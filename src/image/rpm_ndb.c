/*
 * rpm_ndb.c - RPM's container "ndb" (SUSE, openSUSE): Packages.db.
 *
 * Little-endian throughout.  A head of 32 bytes, then pages of slots of 16
 * bytes, then blobs in blocks of 16 bytes; a slot says where a package's blob
 * is.  A blob has a head and a tail, which repeat its length.  The blobs of a
 * sound database do not overlap, so together they are no longer than it.
 */
#include <string.h>

#include "muster/err.h"
#include "rpm.h"

#define PAGE	4096
#define UNIT	16		/* a slot, a block */
#define TAIL	12
#define MAX_PAGES 4096

static uint32_t le32(const unsigned char *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[1] << 8 | p[0];
}

static int unsound(struct err *err, size_t at, const char *what)
{
	return err_set(err, ERR_INPUT, "an RPM database in ndb form that is "
	    "not sound: %s at byte %zu", what, at);
}

/* The blob a slot leads to: its header and length, or NULL. */
static const unsigned char *blob(const unsigned char *db, size_t len,
    const unsigned char *slot, size_t first, size_t *size)
{
	uint64_t at = (uint64_t)le32(slot + 8) * UNIT;
	uint64_t room = (uint64_t)le32(slot + 12) * UNIT;
	const unsigned char *p = db + at, *tail;

	if (at < first || room < UNIT + TAIL || at > len || room > len - at)
		return NULL;
	tail = p + room - TAIL;
	*size = le32(p + 12);
	if (memcmp(p, "BlbS", 4) != 0 || memcmp(tail + 8, "BlbE", 4) != 0 ||
	    le32(p + 4) != le32(slot + 4) || le32(tail + 4) != *size ||
	    *size > room - UNIT - TAIL)
		return NULL;
	return p + UNIT;
}

int rpm_ndb_read(const void *bytes, size_t len, rpm_fn *fn, void *ctx,
    struct err *err)
{
	const unsigned char *db = bytes, *p;
	size_t end, total = 0, size;
	int rc;

	if (len < PAGE || memcmp(db, "RpmP", 4) != 0 || le32(db + 4) != 0)
		return unsound(err, 0, "no head of version 0");
	if (le32(db + 12) > MAX_PAGES ||
	    (end = (size_t)le32(db + 12) * PAGE) > len)
		return unsound(err, 12, "more pages of slots than there are");
	for (size_t at = 2 * UNIT; at < end; at += UNIT) {
		if (memcmp(db + at, "Slot", 4) != 0)
			return unsound(err, at, "no slot");
		if (le32(db + at + 8) == 0)
			continue;
		p = blob(db, len, db + at, end, &size);
		if (p == NULL)
			return unsound(err, at, "a slot that leads to no "
			    "package");
		total += (size_t)le32(db + at + 12) * UNIT;
		if (total > len)
			return unsound(err, at, "packages that overlap");
		if ((rc = fn(ctx, p, size, err)) < 0)
			return rc;
	}
	return 0;
}
