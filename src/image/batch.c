/*
 * batch.c - MD5 of the smaller files of a layer, many at once.
 *
 * Files are gathered as they go by; when there is no more room the MD5 of all
 * is computed side by side, the longest first, so that none is alone at the
 * end.  Larger files are not gathered: one of them would be alone anyway.
 */
#include <stdlib.h>
#include <string.h>

#include "image_priv.h"
#include "muster/mem.h"

#define ROOM	(16 << 20)
#define LARGEST	(2 << 20)
#define MOST	8192		/* files */

struct batch {
	struct scan	*scan;
	char		*bytes;		/* ROOM */
	size_t		 used;
	struct sha_piece *pieces;
	struct gathered {
		size_t	 at, len, entry;
	}		*files;		/* MOST */
	size_t		 n;
};

struct batch *batch_new(struct scan *s)
{
	struct batch *b = mem_alloc(sizeof(*b));

	b->scan = s;
	b->bytes = mem_grow(NULL, ROOM, 1);
	b->files = mem_array(MOST, sizeof(*b->files));
	b->pieces = mem_array(MOST, sizeof(*b->pieces));
	return b;
}

static int longest_first(const void *x, const void *y)
{
	const struct gathered *a = x, *b = y;

	return a->len != b->len ? (a->len < b->len) - (a->len > b->len) :
	    (a->at > b->at) - (a->at < b->at);
}

void batch_end(struct batch *b)
{
	if (b->n > 0)
		qsort(b->files, b->n, sizeof(*b->files), longest_first);
	for (size_t i = 0; i < b->n; i++) {
		b->pieces[i].bytes = b->bytes + b->files[i].at;
		b->pieces[i].len = b->files[i].len;
	}
	sha_md5_many(b->pieces, b->n);
	for (size_t i = 0; i < b->n; i++)
		if (b->files[i].entry < b->scan->n)
			scan_add_digest(b->scan,
			    &b->scan->entries[b->files[i].entry], SHA_MD5,
			    b->pieces[i].digest);
	b->n = b->used = 0;
}

char *batch_room(struct batch *b, int64_t size)
{
	if (size <= 0 || size > LARGEST)
		return NULL;
	if (b->n == MOST || (size_t)size > ROOM - b->used)
		batch_end(b);
	return b->bytes + b->used;
}

void batch_add(struct batch *b, size_t entry, size_t len)
{
	b->files[b->n++] = (struct gathered){ b->used, len, entry };
	b->used += len;
}

void batch_free(struct batch *b)
{
	if (b == NULL)
		return;
	free(b->bytes);
	free(b->files);
	free(b->pieces);
	free(b);
}
