/*
 * mem_crypto.c - libcrypto without memory; see mem.h.
 *
 * Left to itself it goes on without what it could not allocate, and falls
 * over later.
 */
#include <stdlib.h>

#include <openssl/crypto.h>

#include "muster/mem.h"

static void *get(size_t size, const char *file, int line)
{
	(void)file, (void)line;
	return mem_raw(size);
}

static void *grow(void *p, size_t size, const char *file, int line)
{
	(void)file, (void)line;
	if (size > 0)
		return mem_grow(p, size, 1);
	free(p);
	return NULL;
}

static void drop(void *p, const char *file, int line)
{
	(void)file, (void)line;
	free(p);
}

void mem_crypto(void)
{
	/* refused only where it runs already: then it stays as it is */
	CRYPTO_set_mem_functions(get, grow, drop);
}
