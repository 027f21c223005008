/* source.c - a blob's bytes, from a file or from memory; see image_priv.h. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "image_priv.h"
#include "muster/err.h"
#include "muster/mem.h"

#define BLOCK	(256 * 1024)

void source_memory(struct source *s, const void *bytes, size_t len)
{
	*s = (struct source){ .fd = -1, .p = bytes, .left = (int64_t)len };
}

static int from_file(struct source *s, size_t want, ssize_t *got,
    struct err *err)
{
	if (s->buf == NULL)
		s->buf = mem_alloc(BLOCK);
	do
		*got = pread(s->fd, s->buf, want, (off_t)s->at);
	while (*got < 0 && errno == EINTR);
	if (*got < 0)
		return err_sys(err, "reading a blob");
	if (*got == 0)
		return err_set(err, ERR_INPUT, "the file ends %lld bytes "
		    "before the blob does", (long long)s->left);
	return 0;
}

ssize_t source_next(void *source, const unsigned char **p, struct err *err)
{
	struct source *s = source;
	size_t want = s->left < BLOCK ? (size_t)s->left : BLOCK;
	ssize_t got = (ssize_t)want;

	if (want == 0)
		return 0;
	if (s->fd >= 0) {
		if (from_file(s, want, &got, err) < 0)
			return -1;
		*p = s->buf;
	} else {
		*p = s->p;
		s->p += want;
	}
	s->at += got;
	s->left -= got;
	return got;
}

void source_close(struct source *s)
{
	if (s->own && s->fd >= 0)
		close(s->fd);
	free(s->buf);
	s->buf = NULL;
	s->fd = -1;
}
