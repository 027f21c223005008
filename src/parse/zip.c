/* zip.c - zip through libarchive, with only its zip reader; see zip.h. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "muster/cap.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/str.h"
#include "muster/zip.h"

struct zip {
	struct archive	*a;
	size_t		 members;
	char		*piece;		/* of zip_piece() */
	int		 fd;
	int64_t		 at, size;	/* in the file */
	char		*block;
};

#define PIECE 65536

static int refuse(struct zip *z, struct err *err)
{
	const char *why = archive_error_string(z->a);

	return err_set(err, ERR_INPUT, "not a zip archive that can be read: "
	    "%s", why != NULL ? why : "no reason given");
}

struct zip *zip_open(const void *bytes, size_t len, struct err *err)
{
	struct zip *z = mem_alloc(sizeof(*z));

	z->a = mem_must(archive_read_new());
	if (archive_read_support_format_zip_seekable(z->a) == ARCHIVE_OK &&
	    archive_read_open_memory(z->a, bytes, len) == ARCHIVE_OK)
		return z;
	refuse(z, err);
	zip_close(z);
	return NULL;
}

static la_ssize_t read_block(struct archive *a, void *ctx, const void **p)
{
	struct zip *z = ctx;
	ssize_t n;

	do
		n = pread(z->fd, z->block, PIECE, z->at);
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		archive_set_error(a, errno, "it cannot be read");
		return -1;
	}
	z->at += n;
	*p = z->block;
	return (la_ssize_t)n;
}

static la_int64_t seek_to(struct archive *a, void *ctx, la_int64_t to,
    int whence)
{
	struct zip *z = ctx;
	int64_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? z->at :
	    z->size;

	(void)a;
	if (to < -from || to > z->size - from)
		return ARCHIVE_FATAL;
	return z->at = from + to;
}

struct zip *zip_open_file(int fd, int64_t size, struct err *err)
{
	struct zip *z = mem_alloc(sizeof(*z));

	z->fd = fd;
	z->size = size;
	z->block = mem_alloc(PIECE);
	z->a = mem_must(archive_read_new());
	archive_read_set_read_callback(z->a, read_block);
	archive_read_set_seek_callback(z->a, seek_to);
	archive_read_set_callback_data(z->a, z);
	if (archive_read_support_format_zip_seekable(z->a) == ARCHIVE_OK &&
	    archive_read_open1(z->a) == ARCHIVE_OK)
		return z;
	refuse(z, err);
	zip_close(z);
	return NULL;
}

void zip_close(struct zip *z)
{
	if (z == NULL)
		return;
	archive_read_free(z->a);
	free(z->piece);
	free(z->block);
	free(z);
}

int zip_next(struct zip *z, const char **name, struct err *err)
{
	struct archive_entry *e;
	int rc = archive_read_next_header(z->a, &e);

	if (rc == ARCHIVE_EOF)
		return 0;
	if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
		return refuse(z, err);
	if (++z->members > (size_t)cap(CAP_ZIP_MEMBERS))
		return cap_err(err, CAP_ZIP_MEMBERS, "a zip archive of too "
		    "many members");
	*name = archive_entry_pathname(e);
	if (*name == NULL)
		*name = "";
	return 1;
}

int zip_content(struct zip *z, size_t most, struct str *out,
    struct err *err)
{
	size_t start = out->len;
	char piece[16384];
	la_ssize_t n;

	while ((n = archive_read_data(z->a, piece, sizeof(piece))) > 0) {
		if (out->len - start + (size_t)n > most)
			return 0;
		str_addn(out, piece, (size_t)n);
	}
	return n < 0 ? refuse(z, err) : 1;
}

int zip_piece(struct zip *z, const char **p, size_t *len, struct err *err)
{
	la_ssize_t n;

	if (z->piece == NULL)
		z->piece = mem_alloc(PIECE);
	n = archive_read_data(z->a, z->piece, PIECE);
	*p = z->piece;
	*len = n > 0 ? (size_t)n : 0;
	return n < 0 ? refuse(z, err) : n > 0;
}
