/* state.c - what the journal says of derived tables; see state.h. */
#include <stdio.h>
#include <string.h>

#include "muster/derived.h"
#include "muster/err.h"
#include "muster/found.h"
#include "muster/state.h"
#include "muster/store.h"

/* Of the sources that this program was made of: the same sources work out
 * the same tables. */
static const char build[] =
#include "build.inc"
    ;

static int tailoring(struct store *st, struct str *out, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, st, SQL_STATE_TAILORING, NOBIND);
	if ((rc = query_next(&q, err)) > 0)
		str_addf(out, ", tailoring %s", query_text(&q, 0));
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

/* "1-8=" and a digest, as an entry has it behind " kept/". */
static bool kept_parse(const char *text, long long *from, long long *to,
    char hex[SHA_HEX])
{
	return sscanf(text, "%lld-%lld=%64[0-9a-f]", from, to, hex) == 3;
}

static int kept_digest(struct store *st, int64_t from, int64_t to,
    char hex[SHA_HEX], struct err *err)
{
	struct sha *sha = sha_new();
	struct query q;
	int rc;

	query_open(&q, st, SQL_STATE_KEPT, BIND(V(from), V(to)));
	while ((rc = query_next(&q, err)) > 0) {
		char head[96];
		size_t len;
		const void *p = query_blob(&q, 3, &len);

		snprintf(head, sizeof(head), "%lld %lld %lld %zu\n",
		    (long long)query_int(&q, 0), (long long)query_int(&q, 1),
		    (long long)query_int(&q, 2), len);
		sha_add(sha, head, strlen(head));
		sha_add(sha, p, len);
	}
	query_close(&q);
	sha_end_hex(sha, hex);
	sha_free(sha);
	return rc;
}

/* Of the files that no entry tells of yet. */
static int kept_add(struct store *st, struct str *out, struct err *err)
{
	long long from, to = 0;
	char hex[SHA_HEX];
	struct query q;
	int64_t last;
	int rc;

	query_open(&q, st, SQL_STATE_KEPT_SAID, NOBIND);
	if ((rc = query_next(&q, err)) > 0 &&
	    !kept_parse(query_text(&q, 0), &from, &to, hex))
		to = 0;
	query_close(&q);
	if (rc < 0 || store_int(st, SQL_STATE_KEPT_LAST, NOBIND, &last, err)
	    < 0)
		return -1;
	if (last <= to)
		return 0;
	if (kept_digest(st, to + 1, last, hex, err) < 0)
		return -1;
	str_addf(out, " kept/%lld-%lld=%s", to + 1, (long long)last, hex);
	return 0;
}

static int kept_one(struct store *st, const char *text, struct found *f,
    struct err *err)
{
	char said[SHA_HEX], hex[SHA_HEX];
	long long from, to;
	struct query q;
	int rc;

	if (!kept_parse(text, &from, &to, said))
		return 0;	/* then the entry itself was changed */
	if (kept_digest(st, from, to, hex, err) < 0)
		return -1;
	if (strcmp(hex, said) == 0)
		return 0;
	query_open(&q, st, SQL_STATE_KEPT_NAMES, BIND(V(from), V(to)));
	if ((rc = query_next(&q, err)) > 0)
		found_add(f, "the kept bytes of %s are not packed as they were "
		    "when they were imported", query_text(&q, 0));
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

int state_kept_check(struct store *st, struct found *f, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, st, SQL_STATE_KEPT_SAID, NOBIND);
	while ((rc = query_next(&q, err)) > 0)
		if ((rc = kept_one(st, query_text(&q, 0), f, err)) < 0)
			break;
	query_close(&q);
	return rc;
}

int state_add(struct store *st, bool memory, struct err *err)
{
	struct str detail = STR_INIT;
	const struct derived *d;
	int rc;

	str_addf(&detail, "by muster " MUSTER_VERSION " build %s", build);
	rc = tailoring(st, &detail, err);
	str_addc(&detail, ':');
	for (size_t i = 0; rc == 0 && (d = derived_table(i)) != NULL; i++) {
		char hex[SHA_HEX];

		if (d->part == DERIVED_MEMORY && !memory)
			continue;
		if ((rc = derived_digest(st, d, hex, err)) == 0 &&
		    hex[0] != '\0')
			str_addf(&detail, " %s=%s", d->table, hex);
	}
	if (rc == 0)
		rc = kept_add(st, &detail, err);
	if (rc == 0)
		rc = journal_add(st, "derived", str_text(&detail), "", err);
	str_free(&detail);
	return rc;
}

static int last(struct store *st, enum sql sql, struct str *detail,
    struct state *s, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, st, sql, NOBIND);
	if ((rc = query_next(&q, err)) > 0) {
		str_add(detail, query_text(&q, 0));
		if (detail == &s->detail) {
			snprintf(s->at, sizeof(s->at), "%s",
			    query_text(&q, 1));
			s->stale = query_int(&q, 2) != 0;
		}
	}
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

int state_last(struct store *st, struct state *s, struct err *err)
{
	struct query q;
	int64_t always = 0;
	char mine[96];
	int rc;

	*s = (struct state){ .stale = true };
	if (store_int(st, SQL_STATE_ALWAYS, NOBIND, &always, err) < 0 ||
	    last(st, SQL_STATE_LAST, &s->detail, s, err) < 0 ||
	    last(st, SQL_STATE_MEMORY, &s->memory, s, err) < 0)
		return -1;
	snprintf(mine, sizeof(mine), "by muster " MUSTER_VERSION " build %s",
	    build);
	s->cut = s->stale && always > 0;
	s->mine = str_starts(str_text(&s->detail), mine);
	query_open(&q, st, SQL_STATE_AS_OF, NOBIND);
	if ((rc = query_next(&q, err)) > 0)
		snprintf(s->as_of, sizeof(s->as_of), "%s", query_text(&q, 0));
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

void state_free(struct state *s)
{
	str_free(&s->detail);
	str_free(&s->memory);
}

static void behind(const char *text, const char *word, char hex[SHA_HEX])
{
	const char *p = strstr(text, word);

	hex[0] = '\0';
	if (p != NULL)
		snprintf(hex, SHA_HEX, "%s", p + strlen(word));
}

void state_digest(const struct str *detail, const char *table,
    char hex[SHA_HEX])
{
	char word[64];

	snprintf(word, sizeof(word), " %s=", table);
	behind(str_text(detail), word, hex);
}

void state_tailoring(const struct state *s, char hex[SHA_HEX])
{
	behind(str_text(&s->detail), ", tailoring ", hex);
}
