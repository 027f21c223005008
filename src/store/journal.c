/*
 * journal.c - what changed the database, who, when; see store.h.
 *
 * Each database appends to a chain of its own, named by a random id; a merged
 * database holds several.  An entry's hash covers the one before, so nothing
 * can be changed, removed or reordered inside a chain unseen.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "muster/date.h"
#include "muster/err.h"
#include "muster/found.h"
#include "muster/mem.h"
#include "muster/sha.h"
#include "muster/str.h"
#include "store_priv.h"

struct entry {
	const char	*chain, *at, *who, *what, *detail, *object, *prev;
	int64_t		 seq;
};

static void entry_hash(const struct entry *e, char hex[SHA_HEX])
{
	const char *const fields[] = {
		e->chain, e->at, e->who, e->what, e->detail, e->object, e->prev
	};
	struct str all = STR_INIT;

	str_addf(&all, "muster journal 1\n%lld\n", (long long)e->seq);
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		str_addf(&all, "%zu:%s\n", strlen(fields[i]), fields[i]);
	sha_of(all.s, all.len, hex);
	str_free(&all);
}

/* The first text column of the first row, copied; "" when there is none. */
static char *first_text(struct store *st, enum sql name,
    const struct val *vals, size_t nvals, int col, struct err *err)
{
	struct query q;
	char *text = NULL;
	int rc;

	query_open(&q, st, name, vals, nvals);
	if ((rc = query_next(&q, err)) >= 0)
		text = mem_dup(rc > 0 ? query_text(&q, col) : "");
	query_close(&q);
	return text;
}

int journal_add(struct store *st, const char *what, const char *detail,
    const char *object, struct err *err)
{
	char	 at[DATE_SIZE], hash[SHA_HEX], uid[24];
	const char *who = getenv("MUSTER_USER");
	char	*chain = NULL, *prev = NULL;
	int64_t	 seq;
	int	 rc = -1;

	snprintf(uid, sizeof(uid), "uid:%ld", (long)getuid());
	date_now(at);
	if ((chain = first_text(st, SQL_CHAIN_MINE, NOBIND, 0, err)) == NULL)
		goto out;
	if (store_int(st, SQL_JOURNAL_LAST, BIND(V(chain)), &seq, err) < 0 ||
	    (prev = first_text(st, SQL_JOURNAL_LAST, BIND(V(chain)), 1, err))
	    == NULL)
		goto out;
	struct entry e = {
		chain, at, str_empty(who) ? uid : who, what, detail, object,
		prev, seq + 1
	};
	entry_hash(&e, hash);
	rc = store_run(st, SQL_JOURNAL_ADD, BIND(V(chain), V(e.seq), V(at),
	    V(e.who), V(what), V(detail), V(object), V(prev),
	    V((const char *)hash)), err);
out:
	free(prev);
	free(chain);
	return rc;
}

/* Every chain with its last entry, sorted by its id: the same for any order
 * of merging. */
struct heads {
	struct journal_chain	*c;
	size_t			 n, cap;
};

static int heads(struct store *st, struct heads *h, struct err *err)
{
	struct query q, last;
	int rc;

	query_open(&q, st, SQL_CHAINS, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		struct journal_chain *c;

		MEM_ROOM(h->c, h->n, h->cap);
		c = &h->c[h->n++];
		*c = (struct journal_chain){ .entries = 0 };
		snprintf(c->id, sizeof(c->id), "%s", query_text(&q, 0));
		query_open(&last, st, SQL_JOURNAL_LAST, BIND(V(
		    query_text(&q, 0))));
		if ((rc = query_next(&last, err)) > 0) {
			c->entries = query_int(&last, 0);
			snprintf(c->hash, sizeof(c->hash), "%s",
			    query_text(&last, 1));
		}
		query_close(&last);
		if (rc < 0)
			break;
	}
	query_close(&q);
	return rc;
}

/* The head of these chains, where one ends in another entry. */
static void heads_hash(const struct heads *h, size_t other, const char *hash,
    char hex[SHA_HEX])
{
	struct sha *sha = sha_new();

	for (size_t i = 0; i < h->n; i++) {
		const char *last = i == other ? hash : h->c[i].hash;

		sha_add(sha, h->c[i].id, strlen(h->c[i].id));
		sha_add(sha, last, strlen(last));
	}
	sha_end_hex(sha, hex);
	sha_free(sha);
}

int journal_head(struct store *st, char hex[65], struct err *err)
{
	struct heads h = { NULL, 0, 0 };
	int rc = heads(st, &h, err);

	heads_hash(&h, SIZE_MAX, "", hex);
	free(h.c);
	return rc;
}

int journal_chains(struct store *st, struct journal_chain **chains, size_t *n,
    struct err *err)
{
	struct heads h = { NULL, 0, 0 };
	int rc = heads(st, &h, err);

	*chains = h.c;
	*n = h.n;
	return rc;
}

/* Did this chain, alone or with the others as they are now, ever end so?  1
 * with the entry, 0. */
static int had(struct store *st, const struct heads *h, size_t i,
    const char *noted, int64_t *seq, struct err *err)
{
	struct heads alone = { &h->c[i], 1, 1 };
	struct query q;
	char hex[SHA_HEX];
	bool found = false;
	int rc;

	query_open(&q, st, SQL_JOURNAL_BACK, BIND(V(
	    (const char *)h->c[i].id)));
	while (!found && (rc = query_next(&q, err)) > 0) {
		*seq = query_int(&q, 0);
		heads_hash(&alone, 0, query_text(&q, 1), hex);
		found = strcmp(hex, noted) == 0;
		if (found || h->n == 1)
			continue;
		heads_hash(h, i, query_text(&q, 1), hex);
		if ((found = strcmp(hex, noted) == 0))
			for (size_t k = 0; k < h->n; k++)
				*seq += k != i ? h->c[k].entries : 0;
	}
	query_close(&q);
	return found ? 1 : rc;
}

int journal_had(struct store *st, const char *noted, int64_t *since,
    struct err *err)
{
	struct heads h = { NULL, 0, 0 };
	int64_t seq = 0, all = 0;
	int rc = heads(st, &h, err);

	for (size_t i = 0; i < h.n && rc == 0; i++)
		rc = had(st, &h, i, noted, &seq, err);
	if (rc > 0)
		rc = store_int(st, SQL_JOURNAL_COUNT, NOBIND, &all, err) < 0 ?
		    -1 : 1;
	*since = all - seq;
	free(h.c);
	return rc;
}

/* One entry behind the last: is it the next, and as it was written?  What
 * was found does not end the walk, but a gap is told once. */
static void verify_entry(const struct entry *e, const char *held,
    int64_t *seq, char prev[SHA_HEX], struct found *f)
{
	char hash[SHA_HEX];

	if (e->seq != ++*seq) {
		found_add(f, e->seq == *seq + 1 ? "journal %.8s: entry %lld "
		    "is missing" : "journal %.8s: entries %lld to %lld are "
		    "missing", e->chain, (long long)*seq,
		    (long long)e->seq - 1);
		*seq = e->seq;
	} else if (strcmp(e->prev, prev) != 0) {
		found_add(f, "journal %.8s: entry %lld does not follow the "
		    "one before it", e->chain, (long long)*seq);
	}
	entry_hash(e, hash);
	if (strcmp(hash, held) != 0)
		found_add(f, "journal %.8s: entry %lld (%s, %s) was changed",
		    e->chain, (long long)*seq, e->what, e->at);
	snprintf(prev, SHA_HEX, "%s", held);
}

static int verify_chain(struct store *st, const char *chain,
    int64_t *entries, struct found *f, struct err *err)
{
	char	prev[SHA_HEX] = "";
	int64_t	seq = 0;
	struct query q;
	int	rc;

	query_open(&q, st, SQL_JOURNAL_OF, BIND(V(chain)));
	while ((rc = query_next(&q, err)) > 0) {
		struct entry e = {
			chain, query_text(&q, 1), query_text(&q, 2),
			query_text(&q, 3), query_text(&q, 4),
			query_text(&q, 5), query_text(&q, 6), query_int(&q, 0)
		};

		verify_entry(&e, query_text(&q, 7), &seq, prev, f);
		(*entries)++;
	}
	query_close(&q);
	return rc;
}

/* Each chain is named by an entry of it or by its row. */
int journal_check(struct store *st, int64_t *entries, struct found *f,
    struct err *err)
{
	struct query q;
	int rc;

	*entries = 0;
	query_open(&q, st, SQL_CHAINS_WRITTEN, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		if (query_int(&q, 1) == 0)
			found_add(f, "journal %.8s: its chain is missing",
			    query_text(&q, 0));
		if ((rc = verify_chain(st, query_text(&q, 0), entries, f,
		    err)) < 0)
			break;
	}
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

int journal_verify(struct store *st, int64_t *entries, struct err *err)
{
	struct found f = { .tell = NULL };

	if (journal_check(st, entries, &f, err) < 0)
		return -1;
	return found_end(&f, err);
}
