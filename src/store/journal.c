/*
 * journal.c - what changed the database, who, when; see store.h.
 *
 * Each database appends to a chain of its own, named by a random id; a merged
 * database holds several.  An entry's hash covers the one before, so nothing
 * can be changed, removed or reordered inside a chain unseen.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "muster/date.h"
#include "muster/err.h"
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

int journal_head(struct store *st, char hex[65], struct err *err)
{
	struct sha *sha = sha_new();
	struct query q;
	int rc;

	/* The heads, sorted by chain id: the same for any order of merging. */
	query_open(&q, st, SQL_CHAINS, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		char *head = first_text(st, SQL_JOURNAL_LAST,
		    BIND(V(query_text(&q, 0))), 1, err);

		if (head == NULL) {
			rc = -1;
			break;
		}
		sha_add(sha, query_text(&q, 0), strlen(query_text(&q, 0)));
		sha_add(sha, head, strlen(head));
		free(head);
	}
	query_close(&q);
	sha_end_hex(sha, hex);
	sha_free(sha);
	return rc < 0 ? -1 : 0;
}

static int verify_chain(struct store *st, const char *chain,
    int64_t *entries, struct err *err)
{
	char	prev[SHA_HEX] = "", hash[SHA_HEX];
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

		seq++;
		if (e.seq != seq)
			rc = err_set(err, ERR_VERIFY, "journal %.8s: entry "
			    "%lld is missing", chain, (long long)seq);
		else if (strcmp(e.prev, prev) != 0)
			rc = err_set(err, ERR_VERIFY, "journal %.8s: entry "
			    "%lld does not follow the one before it", chain,
			    (long long)seq);
		entry_hash(&e, hash);
		if (rc > 0 && strcmp(hash, query_text(&q, 7)) != 0)
			rc = err_set(err, ERR_VERIFY, "journal %.8s: entry "
			    "%lld (%s, %s) was changed", chain,
			    (long long)seq, e.what, e.at);
		if (rc < 0)
			break;
		memcpy(prev, hash, sizeof(prev));
		(*entries)++;
	}
	query_close(&q);
	return rc;
}

int journal_verify(struct store *st, int64_t *entries, struct err *err)
{
	struct query q;
	int rc;

	*entries = 0;
	query_open(&q, st, SQL_CHAINS, NOBIND);
	while ((rc = query_next(&q, err)) > 0)
		if ((rc = verify_chain(st, query_text(&q, 0), entries, err))
		    < 0)
			break;
	query_close(&q);
	return rc < 0 ? -1 : 0;
}
