/*
 * mem.h - allocation that does not fail.
 *
 * A command-line tool that is out of memory has nothing better to do than
 * stop: these print a line and end the program with status 1.  No state is
 * held that the next start does not recover.  What an *input* may make us
 * allocate is limited where the input is read, not here.  With glibc the
 * libraries' own calls end so, too (src/base/mem_libs.c).
 */
#ifndef MUSTER_MEM_H
#define MUSTER_MEM_H

#include <stddef.h>

#define MEM_GIVEN __attribute__((returns_nonnull))

MEM_GIVEN void *mem_alloc(size_t size);		/* zeroed */
MEM_GIVEN void *mem_array(size_t n, size_t size); /* zeroed, checked */
/* realloc(p, n * size) */
MEM_GIVEN void *mem_grow(void *p, size_t n, size_t size);
char *mem_dup(const char *text);		/* NULL stays NULL */
MEM_GIVEN char *mem_dupn(const char *text, size_t len);	/* and a NUL */
/* What a library gave that gives NULL where it has no memory. */
MEM_GIVEN void *mem_must(void *p);

/* Room for one more element in an array of *n, grown by doubling: p is the
 * array, n its length, cap its capacity. */
#define MEM_ROOM(p, n, cap) do {					\
	if ((n) == (cap)) {						\
		(cap) = (cap) != 0 ? (cap) * 2 : 16;			\
		(p) = mem_grow((p), (cap), sizeof(*(p)));		\
	}								\
} while (0)

#endif
