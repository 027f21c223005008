/*
 * zip.h - the members of a zip archive, by way of its directory.
 *
 * Members that a reader asks for are unpacked in memory, within its own
 * limit; the rest is passed over.  Names are the archive's bytes and for no
 * one to follow.
 */
#ifndef MUSTER_ZIP_H
#define MUSTER_ZIP_H

#include <stddef.h>
#include <stdint.h>

struct err;
struct str;
struct zip;

/* The bytes stay the caller's, until zip_close(). */
struct zip *zip_open(const void *bytes, size_t len, struct err *err);
/* The same of a file, read where it is needed; its position stays. */
struct zip *zip_open_file(int fd, int64_t size, struct err *err);
void zip_close(struct zip *z);		/* accepts NULL */

/* The next member's name, borrowed until the next call: 1, 0 at the end, -1. */
int zip_next(struct zip *z, const char **name, struct err *err);
/* Its content, appended to out: 1, 0 when it is longer than most, -1. */
int zip_content(struct zip *z, size_t most, struct str *out,
    struct err *err);
/* Or piece by piece, borrowed until the next call: 1, 0 at its end, -1. */
int zip_piece(struct zip *z, const char **p, size_t *len, struct err *err);

#endif
