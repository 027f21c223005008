/*
 * wire.c - records over a pipe: the reader's side and the keeper's.
 *
 * A record is  u32 length | u8 kind | u8 fields | per field u32 length, bytes
 * and a NUL; a length of all ones is NULL (and has neither).  Both ends run on one machine, so the
 * numbers are in its own byte order.  The keeper trusts nothing it reads:
 * a reader that was taken over can only send records, never a broken one.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "muster/cap.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "import_priv.h"

#define WIRE_BUFFER	(256 * 1024)
#define WIRE_NULL	UINT32_MAX

struct wire_out {
	struct sink	 sink;
	int		 fd;
	size_t		 len;
	unsigned char	 buf[WIRE_BUFFER];
};

static int write_all(int fd, const void *p, size_t len, struct err *err)
{
	const unsigned char *at = p;

	while (len > 0) {
		ssize_t n = write(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(err, "cannot send to the keeper");
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

int wire_out_flush(struct wire_out *w, struct err *err)
{
	int rc = write_all(w->fd, w->buf, w->len, err);

	w->len = 0;
	return rc;
}

static int out_bytes(struct wire_out *w, const void *p, size_t len,
    struct err *err)
{
	if (w->len + len > WIRE_BUFFER && wire_out_flush(w, err) < 0)
		return -1;
	if (len > WIRE_BUFFER)
		return write_all(w->fd, p, len, err);
	memcpy(w->buf + w->len, p, len);
	w->len += len;
	return 0;
}

static int out_u32(struct wire_out *w, uint32_t v, struct err *err)
{
	return out_bytes(w, &v, sizeof(v), err);
}

/* A record that is known to fit, as nearly every one does. */
static void out_whole(struct wire_out *w, const struct rec *rec,
    uint32_t total)
{
	unsigned char *p = w->buf + w->len;

	memcpy(p, &total, sizeof(total));
	p += sizeof(total);
	*p++ = (unsigned char)rec->kind;
	*p++ = (unsigned char)rec->n;
	for (size_t i = 0; i < rec->n; i++) {
		const struct field *f = &rec->f[i];
		uint32_t len = f->p != NULL ? (uint32_t)f->len : WIRE_NULL;

		memcpy(p, &len, sizeof(len));
		p += sizeof(len);
		if (f->p == NULL)
			continue;
		memcpy(p, f->p, f->len);
		p += f->len;
		*p++ = '\0';
	}
	w->len = (size_t)(p - w->buf);
}

static int out_put(struct sink *s, const struct rec *rec, struct err *err)
{
	struct wire_out *w = (struct wire_out *)(void *)s;
	unsigned char head[2] = { (unsigned char)rec->kind,
	    (unsigned char)rec->n };
	size_t total = sizeof(head);

	for (size_t i = 0; i < rec->n; i++)
		total += sizeof(uint32_t) +
		    (rec->f[i].p != NULL ? rec->f[i].len + 1 : 0);
	if (total > (size_t)cap(CAP_RECORD_BYTES))
		return cap_err(err, CAP_RECORD_BYTES, "a record of %zu bytes",
		    total);
	if (sizeof(uint32_t) + total <= WIRE_BUFFER) {
		if (w->len + sizeof(uint32_t) + total > WIRE_BUFFER &&
		    wire_out_flush(w, err) < 0)
			return -1;
		out_whole(w, rec, (uint32_t)total);
		return 0;
	}
	if (out_u32(w, (uint32_t)total, err) < 0 ||
	    out_bytes(w, head, sizeof(head), err) < 0)
		return -1;
	for (size_t i = 0; i < rec->n; i++) {
		const struct field *f = &rec->f[i];

		if (out_u32(w, f->p != NULL ? (uint32_t)f->len : WIRE_NULL,
		    err) < 0)
			return -1;
		if (f->p != NULL && (out_bytes(w, f->p, f->len, err) < 0 ||
		    out_bytes(w, "", 1, err) < 0))
			return -1;
	}
	return 0;
}

struct wire_out *wire_out_new(int fd)
{
	struct wire_out *w = mem_alloc(sizeof(*w));

	w->sink.put = out_put;
	w->fd = fd;
	return w;
}

struct sink *wire_out_sink(struct wire_out *w)
{
	return &w->sink;
}

void wire_out_free(struct wire_out *w)
{
	free(w);
}

struct wire_in {
	int		 fd;
	unsigned char	*buf;
	size_t		 at, len, cap;
};

struct wire_in *wire_in_new(int fd)
{
	struct wire_in *w = mem_alloc(sizeof(*w));

	w->fd = fd;
	w->cap = WIRE_BUFFER;
	w->buf = mem_alloc(w->cap);
	return w;
}

void wire_in_free(struct wire_in *w)
{
	if (w == NULL)
		return;
	free(w->buf);
	free(w);
}

/* Have n bytes at w->at; 1 yes, 0 the pipe ended before the first, -1. */
static int need(struct wire_in *w, size_t n, struct err *err)
{
	while (w->len - w->at < n) {
		ssize_t got;

		if (w->at > 0) {
			memmove(w->buf, w->buf + w->at, w->len - w->at);
			w->len -= w->at;
			w->at = 0;
		}
		if (n > w->cap) {
			w->cap = n;
			w->buf = mem_grow(w->buf, w->cap, 1);
		}
		got = read(w->fd, w->buf + w->len, w->cap - w->len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_sys(err, "cannot read from the reader");
		if (got == 0 && w->len == w->at)
			return 0;
		if (got == 0)
			return err_set(err, ERR_INPUT,
			    "the reader stopped in the middle of a record");
		w->len += (size_t)got;
	}
	return 1;
}

static int broken(struct err *err)
{
	return err_set(err, ERR_INPUT, "the reader sent a broken record");
}

int wire_in_next(struct wire_in *w, struct rec *rec, struct err *err)
{
	uint32_t total, len;
	size_t at, end;
	int rc;

	if ((rc = need(w, sizeof(total), err)) <= 0)
		return rc;
	memcpy(&total, w->buf + w->at, sizeof(total));
	if (total < 2 || total > (size_t)cap(CAP_RECORD_BYTES))
		return broken(err);
	if ((rc = need(w, sizeof(total) + total, err)) <= 0)
		return rc < 0 ? rc : broken(err);
	at = w->at + sizeof(total);
	end = at + total;
	rec->kind = (enum rec_kind)w->buf[at];
	rec->n = w->buf[at + 1];
	at += 2;
	if (rec->kind >= REC_KINDS || rec->n > REC_MAX_FIELDS)
		return broken(err);
	for (size_t i = 0; i < rec->n; i++) {
		if (end - at < sizeof(len))
			return broken(err);
		memcpy(&len, w->buf + at, sizeof(len));
		at += sizeof(len);
		rec->f[i] = (struct field){ NULL, 0 };
		if (len == WIRE_NULL)
			continue;
		if (len >= end - at || w->buf[at + len] != '\0')
			return broken(err);
		rec->f[i].p = (const char *)w->buf + at;
		rec->f[i].len = len;
		at += len + 1;
	}
	if (at != end)
		return broken(err);
	w->at = end;
	return 1;
}
