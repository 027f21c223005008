/*
 * decode.c - unpacking, through ISA-L or zlib, libzstd and libarchive's raw
 * filters; see decode.h.
 */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>
#include <zstd_errors.h>
#ifdef HAVE_ISAL
#include <isa-l/igzip_lib.h>
#else
#include <zlib.h>
#endif

#include "muster/cap.h"
#include "muster/decode.h"
#include "muster/err.h"
#include "muster/mem.h"

#define OUT_SIZE	(256 * 1024)

struct decode {
	enum decode_kind	 kind;
	decode_fill		*from;
	void			*ctx;
	const unsigned char	*p;		/* what is left of the input */
	size_t			 len;
	int64_t			 in, out;
	bool			 end;		/* of the input */
	bool			 open;		/* inside a member or frame */
	bool			 tail;		/* after the last: zeros only */
	unsigned char		*buf;
#ifdef HAVE_ISAL
	struct inflate_state	*gz;
#else
	z_stream		*gz;
#endif
	ZSTD_DCtx		*zstd;
	struct archive		*raw;
	struct err		 inner;		/* of a callback */
};

enum decode_kind decode_sniff(const unsigned char *p, size_t len)
{
	if (len >= 3 && p[0] == 0x1f && p[1] == 0x8b && p[2] == 8)
		return DECODE_GZIP;
	if (len >= 4 && p[1] == 0xb5 && memcmp(p, "\x28\xb5\x2f\xfd", 4) == 0)
		return DECODE_ZSTD;
	/* a skippable frame first, as zstd:chunked may have */
	if (len >= 4 && (p[0] & 0xf0) == 0x50 &&
	    memcmp(p + 1, "\x2a\x4d\x18", 3) == 0)
		return DECODE_ZSTD;
	if (len >= 4 && memcmp(p, "BZh", 3) == 0 && p[3] >= '1' && p[3] <= '9')
		return DECODE_BZIP2;
	if (len >= 6 && memcmp(p, "\xfd" "7zXZ\0", 6) == 0)
		return DECODE_XZ;
	return DECODE_NONE;
}

static const char *kind_name(enum decode_kind kind)
{
	static const char *const names[] = {
		"no", "gzip", "zstd", "bzip2", "xz"
	};

	return names[kind];
}

/* Make sure there is input unless it has ended. */
static int fill(struct decode *d, struct err *err)
{
	ssize_t n;

	if (d->len > 0 || d->end)
		return 0;
	if ((n = d->from(d->ctx, &d->p, err)) < 0)
		return -1;
	d->len = (size_t)n;
	d->in += n;
	d->end = n == 0;
	return 0;
}

static int cut(const struct decode *d, struct err *err)
{
	return err_set(err, ERR_INPUT, "the %s stream ends after %lld bytes, "
	    "before its own end", kind_name(d->kind),
	    (long long)d->in);
}

static int broken(const struct decode *d, const char *why, struct err *err)
{
	return err_set(err, ERR_INPUT, "broken %s stream near byte %lld: %s",
	    kind_name(d->kind), (long long)(d->in - (int64_t)d->len),
	    why);
}

#ifdef HAVE_ISAL
static void gzip_member(struct decode *d)
{
	isal_inflate_reset(d->gz);
	d->gz->crc_flag = ISAL_GZIP;
	d->open = true;
}

static int gzip_start(struct decode *d)
{
	if (posix_memalign((void **)&d->gz, 64, sizeof(*d->gz)) != 0)
		return -1;
	isal_inflate_init(d->gz);
	gzip_member(d);
	return 0;
}

static void gzip_stop(struct decode *d)
{
	free(d->gz);
}

static const char *gzip_why(int rc)
{
	switch (rc) {
	case ISAL_INCORRECT_CHECKSUM:
		return "the checksum is wrong";
	case ISAL_INVALID_WRAPPER:
	case ISAL_UNSUPPORTED_METHOD:
		return "no gzip header";
	default:
		return "not valid deflate data";
	}
}

static int gzip_step(struct decode *d, size_t *got, struct err *err)
{
	int rc;

	d->gz->next_in = (uint8_t *)(uintptr_t)d->p;
	d->gz->avail_in = (uint32_t)d->len;
	d->gz->next_out = d->buf;
	d->gz->avail_out = OUT_SIZE;
	rc = isal_inflate(d->gz);
	d->p = d->gz->next_in;
	d->len = d->gz->avail_in;
	*got = OUT_SIZE - d->gz->avail_out;
	if (rc < 0 || rc == ISAL_NEED_DICT)
		return broken(d, gzip_why(rc), err);
	if (d->gz->block_state == ISAL_BLOCK_FINISH)
		d->open = false;
	else if (d->end && *got == 0)
		return cut(d, err);
	return 0;
}
#else
static void gzip_member(struct decode *d)
{
	inflateReset(d->gz);
	d->open = true;
}

static int gzip_start(struct decode *d)
{
	d->gz = mem_alloc(sizeof(*d->gz));
	if (inflateInit2(d->gz, 15 + 16) != Z_OK)
		return -1;
	d->open = true;
	return 0;
}

static void gzip_stop(struct decode *d)
{
	if (d->gz != NULL)
		inflateEnd(d->gz);
	free(d->gz);
}

static int gzip_step(struct decode *d, size_t *got, struct err *err)
{
	int rc;

	d->gz->next_in = (Bytef *)(uintptr_t)d->p;
	d->gz->avail_in = (uInt)d->len;
	d->gz->next_out = d->buf;
	d->gz->avail_out = OUT_SIZE;
	rc = inflate(d->gz, Z_NO_FLUSH);
	d->p = d->gz->next_in;
	d->len = d->gz->avail_in;
	*got = OUT_SIZE - d->gz->avail_out;
	if (rc == Z_STREAM_END)
		d->open = false;
	else if (rc == Z_BUF_ERROR && d->end)
		return cut(d, err);
	else if (rc != Z_OK && rc != Z_BUF_ERROR)
		return broken(d, d->gz->msg != NULL ? d->gz->msg :
		    "not valid", err);
	return 0;
}
#endif

static int zstd_step(struct decode *d, size_t *got, struct err *err)
{
	ZSTD_inBuffer in = { d->p, d->len, 0 };
	ZSTD_outBuffer out = { d->buf, OUT_SIZE, 0 };
	size_t rc = ZSTD_decompressStream(d->zstd, &out, &in);

	d->p += in.pos;
	d->len -= in.pos;
	*got = out.pos;
	if (ZSTD_getErrorCode(rc) ==
	    ZSTD_error_frameParameter_windowTooLarge)
		return cap_err(err, CAP_ZSTD_WINDOW, "a zstd frame near byte "
		    "%lld wants to look back too far", (long long)(d->in -
		    (int64_t)d->len));
	if (ZSTD_isError(rc))
		return broken(d, ZSTD_getErrorName(rc), err);
	d->open = rc != 0;
	if (d->open && d->end && *got == 0)
		return cut(d, err);
	return 0;
}

/* Between members: another one, zero padding, or the end.  A gzip header is
 * known by its first two bytes; a zstd frame is known to the library. */
static int between(struct decode *d, bool *more, struct err *err)
{
	*more = false;
	for (;;) {
		if (fill(d, err) < 0)
			return -1;
		if (d->len == 0)
			return 0;
		if (d->p[0] != 0)
			break;
		d->tail = true;
		d->p++;
		d->len--;
	}
	if (d->tail || (d->kind == DECODE_GZIP && d->p[0] != 0x1f))
		return broken(d, "bytes that do not belong to it after its "
		    "end", err);
	if (d->kind == DECODE_GZIP)
		gzip_member(d);
	d->open = *more = true;
	return 0;
}

static int member_next(struct decode *d, size_t *got, struct err *err)
{
	bool more;

	*got = 0;
	while (*got == 0) {
		if (!d->open) {
			if (between(d, &more, err) < 0)
				return -1;
			if (!more)
				return 0;
		}
		if (fill(d, err) < 0 || (d->kind == DECODE_GZIP ?
		    gzip_step(d, got, err) : zstd_step(d, got, err)) < 0)
			return -1;
	}
	return 0;
}

static la_ssize_t raw_read(struct archive *a, void *ctx, const void **p)
{
	struct decode *d = ctx;
	size_t n;

	if (fill(d, &d->inner) < 0) {
		archive_set_error(a, EIO, "cannot be read");
		return -1;
	}
	n = d->len;
	*p = d->p;
	d->p += n;
	d->len = 0;
	return (la_ssize_t)n;
}

static int raw_fail(struct decode *d, struct err *err)
{
	const char *why = archive_error_string(d->raw);

	if (d->inner.kind != ERR_NONE) {
		*err = d->inner;
		return -1;
	}
	return broken(d, why != NULL ? why : "not valid", err);
}

static int raw_start(struct decode *d, struct err *err)
{
	struct archive_entry *e;

	d->raw = mem_must(archive_read_new());
	archive_read_support_format_raw(d->raw);
	if (d->kind == DECODE_XZ)
		archive_read_support_filter_xz(d->raw);
	else
		archive_read_support_filter_bzip2(d->raw);
	if (archive_read_open(d->raw, d, NULL, raw_read, NULL) != ARCHIVE_OK ||
	    archive_read_next_header(d->raw, &e) != ARCHIVE_OK)
		return raw_fail(d, err);
	return 0;
}

static int raw_next(struct decode *d, const unsigned char **p, size_t *len,
    struct err *err)
{
	la_ssize_t n = archive_read_data(d->raw, d->buf, OUT_SIZE);

	if (n < 0)
		return raw_fail(d, err);
	*p = d->buf;
	*len = (size_t)n;
	return 0;
}

static int log2_of(int64_t n)
{
	int log = 0;

	while (n >>= 1)
		log++;
	return log;
}

static int start(struct decode *d, struct err *err)
{
	switch (d->kind) {
	case DECODE_GZIP:
		if (gzip_start(d) < 0)
			return err_set(err, ERR_SYSTEM,
			    "the gzip reader does not start");
		return 0;
	case DECODE_ZSTD:
		d->zstd = mem_must(ZSTD_createDCtx());
		if (ZSTD_isError(ZSTD_DCtx_setParameter(d->zstd,
		    ZSTD_d_windowLogMax, log2_of(cap(CAP_ZSTD_WINDOW)))))
			return err_set(err, ERR_SYSTEM,
			    "the zstd reader does not start");
		d->open = true;
		return 0;
	case DECODE_BZIP2:
	case DECODE_XZ:
		return raw_start(d, err);
	case DECODE_NONE:
		break;
	}
	return 0;
}

struct decode *decode_open(enum decode_kind kind, decode_fill *from,
    void *ctx, struct err *err)
{
	struct decode *d = mem_alloc(sizeof(*d));

	d->from = from;
	d->ctx = ctx;
	d->inner = (struct err)ERR_INIT;
	d->kind = kind;
	if (kind != DECODE_NONE)
		d->buf = mem_alloc(OUT_SIZE);
	if (start(d, err) < 0) {
		decode_close(d);
		return NULL;
	}
	return d;
}

void decode_close(struct decode *d)
{
	if (d == NULL)
		return;
	gzip_stop(d);
	ZSTD_freeDCtx(d->zstd);
	if (d->raw != NULL)
		archive_read_free(d->raw);
	free(d->buf);
	free(d);
}

static int capped(struct decode *d, struct err *err)
{
	if (d->out > cap(CAP_UNPACKED_BYTES))
		return cap_err(err, CAP_UNPACKED_BYTES, "it unpacks to more "
		    "than is read");
	if (d->kind != DECODE_NONE && d->out > cap(CAP_UNPACK_FREE) &&
	    d->out > d->in * cap(CAP_UNPACK_RATIO))
		return cap_err(err, CAP_UNPACK_RATIO, "%lld bytes of %s "
		    "unpack to %lld and more; whatever the ratio %s, else",
		    (long long)d->in, kind_name(d->kind), (long long)d->out,
		    cap_hint(CAP_UNPACK_FREE));
	return 0;
}

/* The next bytes of whatever kind it is. */
static int any_next(struct decode *d, const unsigned char **p, size_t *len,
    struct err *err)
{
	if (d->kind == DECODE_NONE) {
		if (fill(d, err) < 0)
			return -1;
		*p = d->p;
		*len = d->len;
		d->len = 0;
		return 0;
	}
	if (d->raw != NULL)
		return raw_next(d, p, len, err);
	*p = d->buf;
	return member_next(d, len, err);
}

ssize_t decode_next(struct decode *d, const unsigned char **p,
    struct err *err)
{
	size_t len = 0;

	if (any_next(d, p, &len, err) < 0)
		return -1;
	d->out += (int64_t)len;
	return capped(d, err) < 0 ? -1 : (ssize_t)len;
}
