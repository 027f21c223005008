/* arena.c - memory that goes all at once; see image_priv.h. */
#include <stdlib.h>
#include <string.h>

#include "image_priv.h"
#include "muster/mem.h"

#define CHUNK	(64 * 1024)

struct chunk {
	struct chunk	*next;
	max_align_t	 bytes[];
};

struct arena {
	struct chunk	*chunks;
	char		*at;
	size_t		 left, used;
};

struct arena *arena_new(void)
{
	return mem_alloc(sizeof(struct arena));
}

static void *take(struct arena *a, size_t size, size_t align)
{
	size_t skip = (align - (size_t)(uintptr_t)a->at % align) % align;
	struct chunk *c;
	void *p;

	if (a->at == NULL || a->left < skip || a->left - skip < size) {
		size_t room = size > CHUNK ? size : CHUNK;

		c = mem_alloc(sizeof(*c) + room);
		c->next = a->chunks;
		a->chunks = c;
		/* A big piece has its own chunk; go on filling the old one. */
		if (size > CHUNK / 4 && a->left > size % CHUNK / 4) {
			a->used += size;
			return c->bytes;
		}
		a->at = (char *)c->bytes;
		a->left = room;
		skip = 0;
	}
	p = a->at + skip;
	a->at += skip + size;
	a->left -= skip + size;
	a->used += skip + size;
	return p;
}

void *arena_get(struct arena *a, size_t size)
{
	return take(a, size, _Alignof(max_align_t));
}

char *arena_dup(struct arena *a, const void *bytes, size_t len)
{
	char *p = take(a, len + 1, 1);

	memcpy(p, bytes, len);
	p[len] = '\0';
	return p;
}

size_t arena_used(const struct arena *a)
{
	return a->used;
}

void arena_free(struct arena *a)
{
	struct chunk *next;

	if (a == NULL)
		return;
	for (struct chunk *c = a->chunks; c != NULL; c = next) {
		next = c->next;
		free(c);
	}
	free(a);
}
