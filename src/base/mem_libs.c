/*
 * mem_libs.c - the promise of mem.h for the libraries, too.
 *
 * Left to themselves some go on without what they could not allocate: they
 * fall over, call a document broken, or write a spreadsheet that lacks
 * something.  The program's own malloc() comes before the C library's for all
 * of them (glibc's manual, "Replacing malloc"); memory still is the C
 * library's, which frees it.  A sanitizer has an allocator of its own.
 */
#include <stdlib.h>

#include "muster/mem.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || \
    __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

#if defined(__GLIBC__) && !defined(SANITIZED)
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t size);

void *malloc(size_t size)
{
	return mem_must(__libc_malloc(size));
}

void *calloc(size_t n, size_t size)
{
	return mem_must(__libc_calloc(n, size));
}

void *realloc(void *p, size_t size)
{
	void *q = __libc_realloc(p, size);

	/* nothing of no size is freed: NULL says so */
	return q == NULL && size == 0 ? NULL : mem_must(q);
}
#endif
