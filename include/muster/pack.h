/*
 * pack.h - a package: files in a zip or a tar.gz, written the same each time
 * and closed by a seal.
 *
 * The seal is the SHA-256 of every byte before it, in a place that other
 * programs pass over (a zip's comment; an empty gzip member behind the tar).
 * It tells that a byte of the container changed which belongs to no member;
 * it proves nothing, since anybody can make one.
 */
#ifndef MUSTER_PACK_H
#define MUSTER_PACK_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct err;
struct pack;

enum pack_kind { PACK_ZIP, PACK_TAR_GZ };

#define PACK_MAX_NAME	1024

/* fd is an empty file, open for reading and writing, and stays the
 * caller's. */
struct pack *pack_create(int fd, enum pack_kind kind, struct err *err);
int pack_begin(struct pack *p, const char *name, int64_t size,
    struct err *err);
int pack_data(struct pack *p, const void *bytes, size_t len,
    struct err *err);
/* Everything is there: close it and put the seal on. */
int pack_finish(struct pack *p, int fd, struct err *err);

/* Read one from the start of fd.  Members are regular files with plain
 * names; anything else is refused.  1, 0 at the end, -1. */
struct pack *pack_open(int fd, struct err *err);
int pack_next(struct pack *p, const char **name, int64_t *size,
    struct err *err);
ssize_t pack_read(struct pack *p, const void **bytes, struct err *err);
/* Is the seal there and right?  0; ERR_VERIFY says what is wrong. */
int pack_sealed(int fd, struct err *err);
void pack_close(struct pack *p);	/* either kind; accepts NULL */

#endif
