/* zip_write.c - writing a zip through zlib; see zip_write.h. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "muster/err.h"
#include "muster/mem.h"
#include "muster/str.h"
#include "muster/zip_write.h"

#define LOCAL_HEAD	0x04034b50u
#define ENTRY_HEAD	0x02014b50u
#define END_HEAD	0x06054b50u
#define VERSION		20
#define UTF8_NAME	0x0800
#define DEFLATE		8
#define DAY_ONE		0x21		/* 1980-01-01 */

struct zip_write {
	int		 fd;
	uint64_t	 at;
	unsigned	 members;
	struct str	 directory;
};

struct zip_write *zip_write_open(int fd)
{
	struct zip_write *z = mem_alloc(sizeof(*z));

	z->fd = fd;
	return z;
}

void zip_write_close(struct zip_write *z)
{
	if (z == NULL)
		return;
	str_free(&z->directory);
	free(z);
}

static void put(struct str *s, uint32_t v, int bytes)
{
	for (; bytes-- > 0; v >>= 8)
		str_addc(s, (char)(v & 0xff));
}

static int out(struct zip_write *z, const char *p, size_t len,
    struct err *err)
{
	ssize_t n;

	if (z->at + len > ZIP_WRITE_MAX)
		return err_set(err, ERR_INPUT, "a zip archive of more than "
		    "4 GB");
	z->at += len;
	for (; len > 0; p += n, len -= (size_t)n)
		if ((n = write(z->fd, p, len)) < 0) {
			if (errno != EINTR)
				return err_sys(err, "cannot write the zip "
				    "archive");
			n = 0;
		}
	return 0;
}

static int squeeze(struct str *to, const void *bytes, size_t len,
    struct err *err)
{
	z_stream s = { .next_in = (Bytef *)(uintptr_t)bytes };
	int rc;

	if (len > UINT32_MAX - 1 || deflateInit2(&s, 6, Z_DEFLATED, -15, 8,
	    Z_DEFAULT_STRATEGY) != Z_OK)
		return err_set(err, ERR_SYSTEM, "zlib does not start");
	s.avail_in = (uInt)len;
	do {
		unsigned char piece[65536];

		s.next_out = piece;
		s.avail_out = sizeof(piece);
		rc = deflate(&s, Z_FINISH);
		str_addn(to, piece, sizeof(piece) - s.avail_out);
	} while (rc == Z_OK);
	deflateEnd(&s);
	return rc == Z_STREAM_END ? 0 :
	    err_set(err, ERR_SYSTEM, "zlib does not end");
}

/* What a member's head and its entry in the directory have in common. */
static void describe(struct str *s, uint32_t crc, size_t packed, size_t len,
    size_t name)
{
	put(s, VERSION, 2);
	put(s, UTF8_NAME, 2);
	put(s, DEFLATE, 2);
	put(s, 0, 2);
	put(s, DAY_ONE, 2);
	put(s, crc, 4);
	put(s, (uint32_t)packed, 4);
	put(s, (uint32_t)len, 4);
	put(s, (uint32_t)name, 2);
	put(s, 0, 2);
}

int zip_write_add(struct zip_write *z, const char *name, const void *bytes,
    size_t len, struct err *err)
{
	struct str head = STR_INIT, packed = STR_INIT;
	uint32_t crc = (uint32_t)crc32_z(0, bytes, len);
	uint32_t at = (uint32_t)z->at;
	size_t n = strlen(name);
	int rc = -1;

	if (n > UINT16_MAX || z->members == UINT16_MAX) {
		err_set(err, ERR_INPUT, "more members, or a longer name, than "
		    "a zip archive holds");
		goto done;
	}
	if (squeeze(&packed, bytes, len, err) < 0)
		goto done;
	put(&head, LOCAL_HEAD, 4);
	describe(&head, crc, packed.len, len, n);
	str_addn(&head, name, n);
	put(&z->directory, ENTRY_HEAD, 4);
	put(&z->directory, VERSION, 2);
	describe(&z->directory, crc, packed.len, len, n);
	put(&z->directory, 0, 2);	/* comment */
	put(&z->directory, 0, 2);	/* disk */
	put(&z->directory, 0, 2);	/* attributes */
	put(&z->directory, 0, 4);
	put(&z->directory, at, 4);
	str_addn(&z->directory, name, n);
	z->members++;
	if (out(z, head.s, head.len, err) == 0 &&
	    out(z, packed.s, packed.len, err) == 0)
		rc = 0;
done:
	str_free(&head);
	str_free(&packed);
	return rc;
}

int zip_write_end(struct zip_write *z, struct err *err)
{
	uint32_t at = (uint32_t)z->at, len = (uint32_t)z->directory.len;
	struct str *s = &z->directory;

	put(s, END_HEAD, 4);
	put(s, 0, 2);
	put(s, 0, 2);
	put(s, z->members, 2);
	put(s, z->members, 2);
	put(s, len, 4);
	put(s, at, 4);
	put(s, 0, 2);
	return out(z, s->s, s->len, err);
}
