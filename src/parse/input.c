/*
 * input.c - the bytes of one file, read once; see input.h.
 *
 *	file ─> raw: hash, keep ─> unpack (gzip ...) ─> UTF-8 ─> the reader
 *
 * Each arrow is one function below; a piece of the file passes them all
 * before the next is read, so memory does not grow with the file.
 */
#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "muster/cap.h"
#include "muster/decode.h"
#include "muster/err.h"
#include "muster/input.h"
#include "muster/mem.h"
#include "muster/sink.h"
#include "muster/str.h"
#include "newlines.h"

#define RAW_PIECE	(256 * 1024)
#define KEEP_PIECE	(1 << 20)	/* what one kept chunk holds */
#define KEEP_LEVEL	1		/* zstd: as fast as the hash */

enum charset { CHARSET_ASIS, CHARSET_UTF16LE, CHARSET_UTF16BE };

struct input {
	char		*name;
	int		 fd;		/* -1: memory */
	bool		 dir;
	const unsigned char *mem;	/* input_open_mem() */
	int64_t		 size, read;	/* raw bytes */
	struct timespec	 changed;	/* when it was opened */
	struct sha	*sha;
	unsigned char	*buf;		/* of RAW_PIECE, while nothing is kept */
	const unsigned char *raw;	/* the current raw piece */
	size_t		 raw_len, raw_at;
	bool		 probing;	/* nothing was read in earnest yet */
	struct str	 probed;	/* the raw bytes that probing took */

	struct sink	*keeper;	/* NULL: do not keep */
	struct str	 keep;		/* not yet sent; raw lies in it */
	struct str	 packed;	/* the same, compressed */
	ZSTD_CCtx	*zstd;

	struct decode	*unpack;	/* NULL: as it is */
	bool		 unpack_known;
	enum charset	 charset;
	iconv_t		 iconv;
	bool		 charset_known;
	bool		 unmarked;	/* UTF-16 that nothing says is that */
	bool		 utf8;		/* by its byte order mark */
	unsigned char	 half[4];	/* a character cut by a piece's end */
	size_t		 nhalf;
	struct str	 text;		/* converted */

	/* The head, looked at before reading: handed out again first. */
	struct str	 head;
	size_t		 head_at;
	bool		 head_done;
	int64_t		 offset, line;	/* before the last text returned */
	const char	*last;
	size_t		 last_len;
	bool		 finished;
	char		 hex[SHA_HEX];
};

static struct input *new_input(const char *name)
{
	struct input *in = mem_alloc(sizeof(*in));

	in->name = mem_dup(name);
	in->fd = -1;
	in->sha = sha_new();
	in->iconv = (iconv_t)-1;
	in->probing = true;
	return in;
}

struct input *input_open(int fd, const char *name, struct err *err)
{
	struct input *in;
	struct stat sb;

	if (fstat(fd, &sb) < 0) {
		err_sys(err, "cannot look at it");
		return NULL;
	}
	if (!S_ISREG(sb.st_mode) && !S_ISDIR(sb.st_mode)) {
		err_set(err, ERR_INPUT, "not a regular file");
		return NULL;
	}
	if (S_ISREG(sb.st_mode) && sb.st_size > cap(CAP_FILE_BYTES)) {
		cap_err(err, CAP_FILE_BYTES, "%lld bytes",
		    (long long)sb.st_size);
		return NULL;
	}
	in = new_input(name);
	in->fd = fd;
	in->dir = S_ISDIR(sb.st_mode);
	in->size = in->dir ? 0 : sb.st_size;
	in->changed = sb.st_mtim;
	if (!in->dir)
		in->buf = mem_alloc(RAW_PIECE);
	return in;
}

struct input *input_open_mem(const void *bytes, size_t len, const char *name)
{
	struct input *in = new_input(name);

	in->mem = bytes;
	in->size = (int64_t)len;
	in->buf = mem_alloc(RAW_PIECE);
	return in;
}

void input_close(struct input *in)
{
	if (in == NULL)
		return;
	if (in->iconv != (iconv_t)-1)
		iconv_close(in->iconv);
	decode_close(in->unpack);
	ZSTD_freeCCtx(in->zstd);
	sha_free(in->sha);
	str_free(&in->keep);
	str_free(&in->packed);
	str_free(&in->probed);
	str_free(&in->text);
	str_free(&in->head);
	free(in->buf);
	free(in->name);
	free(in);
}

const char *input_name(const struct input *in)
{
	return in->name;
}

int input_fd(const struct input *in)
{
	return in->fd;
}

int64_t input_size(const struct input *in)
{
	return in->size;
}

bool input_is_dir(const struct input *in)
{
	return in->dir;
}

void input_keep(struct input *in, struct sink *sink)
{
	in->keeper = sink;
	in->zstd = mem_must(ZSTD_createCCtx());
	str_addn(&in->keep, str_text(&in->probed), in->probed.len);
}

static void stop_probing(struct input *in)
{
	in->probing = false;
	str_free(&in->probed);
}

/* Send what was gathered, compressed, as one chunk. */
static int send_chunk(struct input *in, struct err *err)
{
	size_t	most = ZSTD_compressBound(in->keep.len), n;
	char	raw_bytes[24];
	int	rc;

	if (in->packed.cap < most) {
		in->packed.s = mem_grow(in->packed.s, most, 1);
		in->packed.cap = most;
	}
	n = ZSTD_compressCCtx(in->zstd, in->packed.s, most,
	    str_text(&in->keep), in->keep.len, KEEP_LEVEL);
	snprintf(raw_bytes, sizeof(raw_bytes), "%zu", in->keep.len);
	if (ZSTD_isError(n)) {
		rc = err_set(err, ERR_BUG, "zstd: %s", ZSTD_getErrorName(n));
	} else {
		struct rec rec = { REC_CHUNK, 2, {
			{ raw_bytes, strlen(raw_bytes) },
			{ in->packed.s, n }
		} };

		rc = in->keeper->put(in->keeper, &rec, err);
	}
	in->keep.len = 0;
	return rc;
}

/* Where the next piece goes: what is kept is read into its place. */
static unsigned char *room(struct input *in)
{
	if (in->keeper == NULL)
		return in->buf;
	if (in->keep.cap < KEEP_PIECE + RAW_PIECE) {
		in->keep.cap = KEEP_PIECE + RAW_PIECE;
		in->keep.s = mem_grow(in->keep.s, in->keep.cap, 1);
	}
	return (unsigned char *)in->keep.s + in->keep.len;
}

static ssize_t read_some(struct input *in, unsigned char *to, struct err *err)
{
	ssize_t n;

	if (in->mem != NULL || in->fd < 0) {
		n = in->size - in->read < RAW_PIECE ?
		    (ssize_t)(in->size - in->read) : RAW_PIECE;
		if (n > 0)
			memcpy(to, in->mem + in->read, (size_t)n);
		return n;
	}
	/* pread: the descriptor's own position is shared with the keeper */
	do
		n = pread(in->fd, to, RAW_PIECE, in->read);
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		/* this file is refused; the others may be read */
		err_sys(err, "cannot read");
		err->kind = ERR_INPUT;
		return -1;
	}
	return n;
}

/* The next raw piece: hashed and kept.  1, 0 at the end, -1.  What is kept is
 * sent before it is written over: the last piece is still being read. */
static int raw_piece(struct input *in, struct err *err)
{
	unsigned char *to;
	ssize_t n;

	if (in->dir)
		return 0;
	if (in->keep.len >= KEEP_PIECE && send_chunk(in, err) < 0)
		return -1;
	to = room(in);
	if ((n = read_some(in, to, err)) < 0)
		return -1;
	in->raw = to;
	in->raw_len = (size_t)n;
	in->raw_at = 0;
	if (n == 0)
		return 0;
	if ((in->read += n) > cap(CAP_FILE_BYTES))
		return cap_err(err, CAP_FILE_BYTES, "it is too long");
	sha_add(in->sha, in->raw, (size_t)n);
	if (in->probing)
		str_addn(&in->probed, in->raw, (size_t)n);
	if (in->keeper != NULL)
		in->keep.len += (size_t)n;
	return 1;
}

const unsigned char *input_raw_head(struct input *in, size_t *len,
    struct err *err)
{
	if (in->read == 0 && raw_piece(in, err) < 0)
		return NULL;
	*len = in->probed.len;
	return (const unsigned char *)str_text(&in->probed);
}

/* Probing may have unpacked a good piece: its raw bytes come again. */
const unsigned char *input_next_raw(struct input *in, size_t *len,
    struct err *err)
{
	if (in->probing && in->probed.len > 0) {
		in->probing = false;
		*len = in->probed.len;
		return (const unsigned char *)in->probed.s;
	}
	stop_probing(in);
	if (raw_piece(in, err) < 0)
		return NULL;
	*len = in->raw_len;
	return in->raw;
}

/* For the unpacker: the raw bytes it has not had yet. */
static ssize_t fill(void *ctx, const unsigned char **p, struct err *err)
{
	struct input *in = ctx;
	ssize_t n;

	if (in->raw_at == in->raw_len) {
		int rc = raw_piece(in, err);

		if (rc <= 0)
			return rc;
	}
	*p = in->raw + in->raw_at;
	n = (ssize_t)(in->raw_len - in->raw_at);
	in->raw_at = in->raw_len;
	return n;
}

static int know_packing(struct input *in, struct err *err)
{
	enum decode_kind kind;

	if (in->read == 0 && raw_piece(in, err) < 0)
		return -1;
	in->unpack_known = true;
	kind = decode_sniff(in->raw, in->raw_len);
	if (kind == DECODE_NONE)
		return 0;
	in->unpack = decode_open(kind, fill, in, err);
	return in->unpack != NULL ? 0 : -1;
}

/* The next unpacked bytes.  1, 0 at the end, -1. */
static int unpacked(struct input *in, const unsigned char **p, size_t *len,
    struct err *err)
{
	ssize_t n;

	if (!in->unpack_known && know_packing(in, err) < 0)
		return -1;
	if (in->unpack != NULL)
		n = decode_next(in->unpack, p, err);
	else
		n = fill(in, p, err);
	if (n < 0)
		return -1;
	*len = (size_t)n;
	return n > 0;
}

/* A byte order mark decides.  UTF-16 without one shows by its NULs; XML may
 * leave it out (appendix F of its specification), JSON and others may not. */
static size_t know_charset(struct input *in, const unsigned char *p,
    size_t len)
{
	in->charset_known = true;
	if (len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
		in->utf8 = true;
		return 3;
	}
	if (len >= 2 && p[0] == 0xff && p[1] == 0xfe)
		in->charset = CHARSET_UTF16LE;
	else if (len >= 2 && p[0] == 0xfe && p[1] == 0xff)
		in->charset = CHARSET_UTF16BE;
	else if (len >= 4 && p[0] != 0 && p[1] == 0 && p[2] != 0 && p[3] == 0)
		in->charset = CHARSET_UTF16LE;
	else if (len >= 4 && p[0] == 0 && p[1] != 0 && p[2] == 0 && p[3] != 0)
		in->charset = CHARSET_UTF16BE;
	if (in->charset == CHARSET_ASIS)
		return 0;
	in->unmarked = p[0] < 0xfe && p[0] != '<' && p[1] != '<';
	in->iconv = iconv_open("UTF-8", in->charset == CHARSET_UTF16LE ?
	    "UTF-16LE" : "UTF-16BE");
	return p[0] >= 0xfe ? 2 : 0;
}

/* UTF-16 to UTF-8 into in->text; what is cut at the end waits in in->half. */
static int convert(struct input *in, const unsigned char *p, size_t len,
    struct err *err)
{
	struct str src = STR_INIT;
	char out[4096], *to, *from;
	size_t left, room;
	int rc = 0;

	if (in->iconv == (iconv_t)-1)
		return err_set(err, ERR_SYSTEM, "this system's iconv cannot "
		    "convert UTF-16");
	str_clear(&in->text);
	str_addn(&src, in->half, in->nhalf);
	str_addn(&src, p, len);
	from = src.s;
	left = src.len;
	in->nhalf = 0;
	while (left > 0) {
		to = out;
		room = sizeof(out);
		if (iconv(in->iconv, &from, &left, &to, &room) == (size_t)-1 &&
		    errno == EILSEQ) {
			rc = err_set(err, ERR_INPUT, "invalid UTF-16");
			break;
		}
		str_addn(&in->text, out, sizeof(out) - room);
		if (errno == EINVAL && left < sizeof(in->half) && left > 0 &&
		    room == sizeof(out)) {
			memcpy(in->half, from, left);
			in->nhalf = left;
			break;
		}
	}
	str_free(&src);
	return rc;
}

/* The next text, whatever was looked at before.  1, 0 at the end, -1. */
static int next_text(struct input *in, const char **text, size_t *len,
    struct err *err)
{
	const unsigned char *p;
	size_t n, skip;
	int rc;

	do {
		if ((rc = unpacked(in, &p, &n, err)) <= 0) {
			if (rc == 0 && in->nhalf > 0)
				return err_set(err, ERR_INPUT,
				    "the file ends inside a UTF-16 character");
			*len = 0;
			return rc;
		}
		skip = in->charset_known ? 0 : know_charset(in, p, n);
		if (in->unmarked)
			return err_set(err, ERR_INPUT, "UTF-16 without a byte "
			    "order mark; expected UTF-8, or UTF-16 with one");
		p += skip;
		n -= skip;
		if (in->charset == CHARSET_ASIS) {
			*text = (const char *)p;
			*len = n;
		} else {
			if (convert(in, p, n, err) < 0)
				return -1;
			*text = str_text(&in->text);
			*len = in->text.len;
		}
	} while (*len == 0);
	return 1;
}

const char *input_head(struct input *in, size_t *len, struct err *err)
{
	while (!in->head_done && in->head.len < INPUT_HEAD) {
		const char *text;
		size_t n;
		int rc = next_text(in, &text, &n, err);

		if (rc < 0)
			return NULL;
		if (rc == 0)
			break;
		str_addn(&in->head, text, n);
	}
	in->head_done = true;
	*len = in->head.len < INPUT_HEAD ? in->head.len : INPUT_HEAD;
	return str_text(&in->head);
}

bool input_is_utf8(const struct input *in)
{
	return in->utf8 || in->charset != CHARSET_ASIS;
}

/* Lines are counted one piece late: an error asks where the piece begins. */
static void advance(struct input *in)
{
	in->line += newlines_in(in->last, in->last_len);
	in->offset += (int64_t)in->last_len;
	in->last_len = 0;
}

const char *input_next(struct input *in, size_t *len, struct err *err)
{
	const char *text = "";

	stop_probing(in);
	if (in->last_len > 0)
		advance(in);
	*len = 0;
	if (in->head_at < in->head.len) {
		text = in->head.s + in->head_at;
		*len = in->head.len - in->head_at;
		in->head_at = in->head.len;
	} else {
		if (in->head_at > 0) {
			str_free(&in->head);
			in->head_at = 0;
		}
		if (next_text(in, &text, len, err) < 0) {
			err_at(err, NULL, 0, in->offset);
			return NULL;
		}
	}
	in->last = text;
	in->last_len = *len;
	if (in->offset + (int64_t)*len > cap(CAP_TEXT_BYTES)) {
		cap_err(err, CAP_TEXT_BYTES, "too much text");
		return NULL;
	}
	return *len > 0 ? text : "";
}

int64_t input_offset(const struct input *in)
{
	return in->offset;
}

int64_t input_line(const struct input *in)
{
	return in->line;
}

int input_root(struct input *in, const void *bytes, size_t len,
    struct err *err)
{
	if (!in->dir || in->read > 0)
		return err_set(err, ERR_BUG, "input_root: no directory, or "
		    "called twice");
	sha_add(in->sha, bytes, len);
	in->read = (int64_t)len;
	if (in->keeper != NULL)
		str_addn(&in->keep, bytes, len);
	return 0;
}

static int unchanged(const struct input *in, struct err *err)
{
	struct stat sb;

	if (in->fd < 0 || in->dir)
		return 0;
	if (fstat(in->fd, &sb) == 0 && sb.st_size == in->size &&
	    in->read == in->size &&
	    sb.st_mtim.tv_sec == in->changed.tv_sec &&
	    sb.st_mtim.tv_nsec == in->changed.tv_nsec)
		return 0;
	return err_set(err, ERR_INPUT, "it changed while it was read: %lld "
	    "bytes when it was opened, %lld were read; try again when nobody "
	    "writes to it", (long long)in->size, (long long)in->read);
}

int input_finish(struct input *in, char hex[SHA_HEX], int64_t *bytes,
    struct err *err)
{
	int rc;

	stop_probing(in);
	if (!in->finished) {
		while ((rc = raw_piece(in, err)) > 0)
			;
		if (rc < 0 || unchanged(in, err) < 0)
			return -1;
		if (in->keeper != NULL && in->keep.len > 0 &&
		    send_chunk(in, err) < 0)
			return -1;
		sha_end_hex(in->sha, in->hex);
		in->finished = true;
	}
	memcpy(hex, in->hex, SHA_HEX);
	*bytes = in->read;
	return 0;
}

char *input_slurp(struct input *in, enum cap most, size_t *len,
    struct err *err)
{
	struct str all = STR_INIT;
	const char *text;
	size_t n;

	while ((text = input_next(in, &n, err)) != NULL && n > 0) {
		if (all.len + n > (size_t)cap(most)) {
			cap_err(err, most, "too many bytes for this format");
			text = NULL;
			break;
		}
		str_addn(&all, text, n);
	}
	if (text == NULL) {
		str_free(&all);
		return NULL;
	}
	str_addn(&all, "", 0);
	*len = all.len;
	return all.s;
}
