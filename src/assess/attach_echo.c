/*
 * attach_echo.c - what muster wrote and somebody imports again is evidence only
 * where it says something that no other file says: else the same finding would
 * speak twice.
 *
 * Checklists hold results of STIGs, bills of materials packages and findings;
 * both were put together from files, which may be here or not.
 */
#include <stdlib.h>

#include "attach_priv.h"
#include "muster/mem.h"
#include "muster/store.h"

struct bom {
	int64_t	target, subject;
};

/* Those that are attached. */
static int load(struct store *st, struct bom **boms, size_t *n,
    struct err *err)
{
	size_t cap = 0;
	struct query q;
	int rc;

	query_open(&q, st, SQL_ATTACH_BOMS, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		MEM_ROOM(*boms, *n, cap);
		(*boms)[(*n)++] = (struct bom){ query_int(&q, 0),
		    query_int(&q, 1) };
	}
	query_close(&q);
	return rc;
}

int attach_echo(struct store *st, struct err *err)
{
	struct bom *boms = NULL;
	size_t n = 0;
	int rc = store_run(st, SQL_ATTACH_NO_ECHO, NOBIND, err) < 0 ? -1 : 0;

	if (rc == 0)
		rc = load(st, &boms, &n, err);
	for (size_t i = 0; i < n && rc == 0; i++) {
		int64_t news;

		rc = store_int(st, SQL_ATTACH_BOM_NEWS, BIND(V(boms[i].target),
		    V(boms[i].subject)), &news, err);
		if (rc == 0 && news == 0 && store_run(st, SQL_DETACH,
		    BIND(V(boms[i].target), V(boms[i].subject)), err) < 0)
			rc = -1;
	}
	free(boms);
	return rc;
}
