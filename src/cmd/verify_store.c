/* verify_store.c - is a database as it was recorded?  See verify.h. */
#include <stdlib.h>
#include <string.h>

#include "muster/assess.h"
#include "muster/command.h"
#include "muster/err.h"
#include "muster/found.h"
#include "muster/mem.h"
#include "muster/pages.h"
#include "muster/sha.h"
#include "muster/state.h"
#include "verify.h"

/* What the journal says of an import. */
struct import {
	char	 sha256[SHA_HEX], records[SHA_HEX];
};

struct imports {
	struct import	*i;
	size_t		 n, cap;
};

static int by_file(const void *a, const void *b)
{
	return strcmp(((const struct import *)a)->sha256,
	    ((const struct import *)b)->sha256);
}

static int imports(struct store *st, struct imports *all, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, st, SQL_PACKAGE_IMPORTS, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		struct import *i;

		MEM_ROOM(all->i, all->n, all->cap);
		i = &all->i[all->n++];
		snprintf(i->sha256, sizeof(i->sha256), "%s",
		    query_text(&q, 0));
		snprintf(i->records, sizeof(i->records), "%s",
		    query_text(&q, 1));
	}
	query_close(&q);
	if (all->n > 0)
		qsort(all->i, all->n, sizeof(*all->i), by_file);
	return rc < 0 ? -1 : 0;
}

/* The bytes we kept still have the digest they came with. */
static int kept_bytes(struct store *st, int64_t id, const char *sha256,
    const char *name, struct found *f, struct err *err)
{
	struct kept *k = kept_open(st, id);
	struct sha *sha = sha_new();
	const void *p;
	size_t len;
	char hex[SHA_HEX];
	int rc;

	while ((rc = kept_next(k, &p, &len, err)) > 0)
		sha_add(sha, p, len);
	sha_end_hex(sha, hex);
	sha_free(sha);
	kept_close(k);
	if (rc < 0 && err->kind == ERR_VERIFY) {
		found_add(f, "%s: %s", name, err->text);
		*err = (struct err)ERR_INIT;
		return 0;
	}
	if (rc < 0)
		return err_during(err, "reading the kept bytes of %s", name);
	if (strcmp(hex, sha256) != 0)
		found_add(f, "%s: its kept bytes have sha256 %.16s..., not "
		    "%.16s... as imported", name, hex, sha256);
	return 0;
}

/* Its records have the digest the journal holds; where databases were merged
 * it may hold several. */
static int records(struct store *st, const struct imports *all, int64_t id,
    const char *sha256, const char *name, struct found *f, struct err *err)
{
	struct import want = { "", "" };
	const struct import *i;
	char digest[SHA_HEX];

	if (evidence_digest(st, id, digest, err) < 0)
		return -1;
	snprintf(want.sha256, sizeof(want.sha256), "%s", sha256);
	i = all->n > 0 ? bsearch(&want, all->i, all->n, sizeof(*all->i),
	    by_file) : NULL;
	if (i == NULL) {
		found_add(f, "%s: the journal knows of no import of it", name);
		return 0;
	}
	while (i > all->i && by_file(i - 1, &want) == 0)
		i--;
	for (; i < all->i + all->n && by_file(i, &want) == 0; i++)
		if (strcmp(i->records, digest) == 0)
			return 0;
	found_add(f, "%s: its records are not as imported", name);
	return 0;
}

static int artifacts(const struct ctx *c, struct store *st, int64_t *n,
    struct found *f, struct err *err)
{
	struct progress *p = progress_start(c, "checking artifacts");
	struct imports all = { NULL, 0, 0 };
	struct query q;
	int64_t many;
	int rc = imports(st, &all, err);

	if (rc == 0)
		rc = store_int(st, SQL_ARTIFACT_COUNT, NOBIND, &many, err);
	query_open(&q, st, SQL_ARTIFACT_IDS, NOBIND);
	while (rc == 0 && (rc = query_next(&q, err)) > 0) {
		int64_t id = query_int(&q, 0);
		const char *sha256 = query_text(&q, 1);
		const char *name = query_text(&q, 3);

		progress_at(p, *n, many);
		rc = (query_int(&q, 4) != 0 && kept_bytes(st, id, sha256,
		    name, f, err) < 0) || records(st, &all, id, sha256, name,
		    f, err) < 0 ? -1 : 0;
		++*n;
	}
	query_close(&q);
	progress_end(p);
	free(all.i);
	return rc;
}

/* Imports that the journal knows and the database no longer holds. */
static int removed(struct store *st, struct found *f, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, st, SQL_JOURNALLED_BUT_GONE, NOBIND);
	while ((rc = query_next(&q, err)) > 0)
		found_add(f, "the journal tells of \"%s\", which is not in "
		    "the database", query_text(&q, 0));
	query_close(&q);
	return rc;
}

/* Verdicts and reasons are those that the last assessment journalled.  After
 * an import there are none. */
static int verdicts(struct store *st, struct found *f, struct err *err)
{
	char hex[SHA_HEX];
	struct query q;
	int64_t n = 0;
	int rc;

	if (store_int(st, SQL_COUNT_RESULTS, NOBIND, &n, err) < 0)
		return -1;
	if (n == 0)
		return 0;
	if (assess_digest(st, hex, err) < 0)
		return -1;
	query_open(&q, st, SQL_DECISION_LAST_VERDICTS, NOBIND);
	rc = query_next(&q, err);
	if (rc == 0)
		found_add(f, "there are verdicts, but the journal knows no "
		    "assessment");
	else if (rc > 0 && strcmp(query_text(&q, 0), hex) != 0)
		found_add(f, "a verdict or a reason is not as it was assessed: "
		    "\"muster assess\" decides anew");
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

/* What one step cannot read does not keep the others from looking. */
static int step(int rc, struct found *f, struct err *err)
{
	return rc < 0 ? found_err(f, err) : 0;
}

int verify_store(const struct ctx *c, struct store *st, bool all,
    struct verified *v, struct found *f, struct err *err)
{
	int rc = -1;

	*v = (struct verified){ .head = "" };
	if (store_begin_read(st, err) < 0)
		return -1;
	if ((all && step(pages_walk(st, f, err), f, err) < 0) ||
	    step(store_check_all(st, f, err), f, err) < 0 ||
	    step(journal_check(st, &v->entries, f, err), f, err) < 0 ||
	    step(event_check(st, &v->events, f, err), f, err) < 0 ||
	    step(artifacts(c, st, &v->artifacts, f, err), f, err) < 0 ||
	    step(removed(st, f, err), f, err) < 0 ||
	    step(state_kept_check(st, f, err), f, err) < 0 ||
	    step(verdicts(st, f, err), f, err) < 0 ||
	    step(verify_derived(c, st, all, v, f, err), f, err) < 0 ||
	    step(journal_head(st, v->head, err), f, err) < 0)
		goto out;
	rc = 0;
out:
	store_rollback(st);
	return rc;
}

int verify_store_whole(const struct ctx *c, struct store *st, struct err *err)
{
	struct found f = { .tell = NULL };
	struct verified v;

	if (verify_store(c, st, false, &v, &f, err) < 0)
		return -1;
	return found_end(&f, err);
}
