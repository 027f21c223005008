/* mem.c - allocation that does not fail; see mem.h. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "muster/mem.h"

void *mem_must(void *p)
{
	static const char said[] = "muster: out of memory\n";

	if (p == NULL) {
		ssize_t n = write(2, said, sizeof(said) - 1);

		(void)n;	/* nobody is left to tell */
		_exit(1);
	}
	return p;
}

void *mem_alloc(size_t size)
{
	return mem_must(calloc(1, size > 0 ? size : 1));
}

void *mem_array(size_t n, size_t size)
{
	return mem_must(calloc(n > 0 ? n : 1, size));
}

void *mem_grow(void *p, size_t n, size_t size)
{
	if (size > 0 && n > SIZE_MAX / size)
		return mem_must(NULL);
	return mem_must(realloc(p, n * size > 0 ? n * size : 1));
}

char *mem_dup(const char *text)
{
	return text == NULL ? NULL : mem_dupn(text, strlen(text));
}

char *mem_dupn(const char *text, size_t len)
{
	char *copy = mem_must(malloc(len + 1));

	memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}
