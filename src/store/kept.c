/* kept.c - the kept bytes of an artifact, unpacked; see store.h. */
#include <stdlib.h>
#include <zstd.h>

#include "muster/err.h"
#include "muster/mem.h"
#include "store_priv.h"

/* A piece as the reader cuts it; a larger claim is damage. */
#define KEPT_MAX_CHUNK (8 << 20)

struct kept {
	struct query	 q;
	unsigned char	*buf;
};

struct kept *kept_open(struct store *st, int64_t artifact)
{
	struct kept *k = mem_alloc(sizeof(*k));

	query_open(&k->q, st, SQL_CHUNKS, BIND(V(artifact)));
	k->buf = mem_alloc(KEPT_MAX_CHUNK);
	return k;
}

int kept_next(struct kept *k, const void **p, size_t *len, struct err *err)
{
	const void	*packed;
	size_t		 n, got;
	int64_t		 raw;
	int		 rc;

	if ((rc = query_next(&k->q, err)) <= 0)
		return rc;
	raw = query_int(&k->q, 0);
	packed = query_blob(&k->q, 1, &n);
	got = raw >= 0 && raw <= KEPT_MAX_CHUNK ?
	    ZSTD_decompress(k->buf, (size_t)raw, packed, n) : 0;
	if (ZSTD_isError(got) || (int64_t)got != raw)
		return err_set(err, ERR_VERIFY,
		    "a kept piece of the file cannot be unpacked");
	*p = k->buf;
	*len = got;
	return 1;
}

void kept_close(struct kept *k)
{
	if (k == NULL)
		return;
	query_close(&k->q);
	free(k->buf);
	free(k);
}
