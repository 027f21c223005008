/*
 * ready.c - derived tables that know all evidence, or none; see assess.h.
 *
 * Another muster may import while this one works: what counts is what stands
 * inside the transaction that reads.
 */
#include "muster/assess.h"
#include "muster/err.h"
#include "muster/store.h"

/* What is to be worked out: nothing (0), issues (1), all (2). */
static int behind(struct store *st, struct err *err)
{
	int64_t settle, merge = 0;

	if (store_int(st, SQL_SETTLE_NEEDED, NOBIND, &settle, err) < 0 ||
	    (!settle && store_int(st, SQL_MERGE_NEEDED, NOBIND, &merge,
	    err) < 0))
		return -1;
	return settle ? 2 : merge ? 1 : 0;
}

static int work_out(struct store *st, struct err *err)
{
	int what;

	if (store_is_readonly(st))
		return err_set(err, ERR_STORE, "what was imported last is not "
		    "worked out, and this database cannot be written to: copy "
		    "it to a place where it can, and run \"muster assess\" "
		    "there");
	if (store_begin(st, err) < 0)
		return -1;
	if ((what = behind(st, err)) < 0 ||
	    (what > 1 && assess_attach(st, err) < 0) ||
	    (what > 0 && assess_merge(st, err) < 0) ||
	    store_commit(st, err) < 0) {
		store_rollback(st);
		return -1;
	}
	return 0;
}

static int begin(struct store *st,
    int (*fn)(struct store *st, struct err *err), struct err *err)
{
	int what;

	for (;;) {
		if (fn(st, err) < 0)
			return -1;
		if ((what = behind(st, err)) == 0)
			return 0;
		store_rollback(st);
		if (what < 0 || work_out(st, err) < 0)
			return -1;
	}
}

int assess_ready(struct store *st, struct err *err)
{
	return begin(st, store_begin_read, err);
}

int assess_begin(struct store *st, struct err *err)
{
	return begin(st, store_begin, err);
}
