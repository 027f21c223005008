/*
 * decode.h - packed bytes in, unpacked bytes out, pulled piece by piece.
 *
 * Chosen by magic number, never by name.  gzip with any number of members,
 * zstd with any number of frames, bzip2, xz.  A stream that unpacks to more
 * than the caps allow (unpack-ratio, unpacked-bytes) is refused; so is one
 * that ends early.
 */
#ifndef MUSTER_DECODE_H
#define MUSTER_DECODE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct err;
struct decode;

enum decode_kind {
	DECODE_NONE, DECODE_GZIP, DECODE_ZSTD, DECODE_BZIP2, DECODE_XZ
};

enum decode_kind decode_sniff(const unsigned char *head, size_t len);

/* The next packed bytes (borrowed until the next call): how many, 0 at the
 * end, -1 with err. */
typedef ssize_t decode_fill(void *ctx, const unsigned char **p,
    struct err *err);

struct decode *decode_open(enum decode_kind kind, decode_fill *fill,
    void *ctx, struct err *err);
/* The next unpacked bytes (borrowed until the next call), 0 at the end. */
ssize_t decode_next(struct decode *d, const unsigned char **p,
    struct err *err);
void decode_close(struct decode *d);	/* accepts NULL */

#endif
