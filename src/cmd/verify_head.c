/*
 * verify_head.c - "muster verify --head": is the database still one that was
 * noted elsewhere, or did its journal only grow since?
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "muster/cap.h"
#include "muster/command.h"
#include "muster/err.h"
#include "muster/found.h"
#include "muster/pages.h"
#include "muster/sha.h"
#include "muster/sign.h"
#include "muster/str.h"
#include "decide.h"
#include "seal.h"
#include "signing.h"
#include "verify.h"

static bool is_hash(const char *text)
{
	return strlen(text) == SHA_HEX - 1 &&
	    strspn(text, "0123456789abcdef") == SHA_HEX - 1;
}

static void since(int64_t n)
{
	if (n > 0)
		printf("since that head: %lld journal entries more\n",
		    (long long)n);
}

static int hash(struct store *st, const char *noted, struct found *f,
    struct err *err)
{
	int64_t later = 0;
	int rc = journal_had(st, noted, &later, err);

	if (rc > 0)
		since(later);
	else if (rc == 0)
		found_add(f, "the journal never had the head %s: this is an "
		    "older copy, or another database", noted);
	return rc < 0 ? -1 : 0;
}

/* One chain as it was sealed, against what it is. */
static int chain(struct store *st, const struct journal_chain *was,
    int64_t *sealed, struct found *f, struct err *err)
{
	struct query q;
	int64_t n = 0;
	int rc;

	*sealed += was->entries;
	if (was->entries == 0)
		return 0;
	query_open(&q, st, SQL_JOURNAL_AT, BIND(V(was->id),
	    V(was->entries)));
	if ((rc = query_next(&q, err)) > 0 &&
	    strcmp(query_text(&q, 0), was->hash) != 0)
		found_add(f, "journal %.8s: what it says up to entry %lld is "
		    "not what was sealed", was->id, (long long)was->entries);
	query_close(&q);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	query_open(&q, st, SQL_JOURNAL_LAST, BIND(V(was->id)));
	if ((rc = query_next(&q, err)) > 0)
		n = query_int(&q, 0);
	query_close(&q);
	found_add(f, "journal %.8s: it had %lld entries when it was sealed, "
	    "and has %lld: this is an older copy, or another database",
	    was->id, (long long)was->entries, (long long)n);
	return rc < 0 ? -1 : 0;
}

/* The signature beside, if there is one; who gets the signer. */
static int signer(const struct ctx *c, const char *file, const char *key,
    const struct str *text, struct found *f, struct str *who,
    struct err *err)
{
	static const char *const ends[] = { ".sig", ".p7s" };
	struct str sig = STR_INIT, path = STR_INIT;
	bool good = false;
	int rc = 0;

	for (int i = 0; i < 2 && sig.len == 0 && rc == 0; i++) {
		str_clear(&path);
		str_addf(&path, "%s%s", file, ends[i]);
		if (access(path.s, F_OK) == 0 &&
		    (sig.s = decide_slurp(path.s, CAP_SIGNATURE_BYTES,
		    &sig.len, err)) == NULL)
			rc = -1;
	}
	if (rc == 0 && sig.len == 0 && key != NULL)
		found_add(f, "the seal %s is not signed; a signature by the "
		    "key of %s was expected", file, key);
	else if (rc == 0 && sig.len > 0 && (rc = signing_good(key, c->as_of,
	    text, &sig, who, &good, err)) == 0 && !good) {
		found_add(f, "the signature of the seal %s does not count: "
		    "%s", file, str_text(who));
		str_clear(who);
	}
	str_free(&sig);
	str_free(&path);
	return rc;
}

/* The bytes of the file, where nothing was written since. */
static int bytes(struct store *st, const struct seal *s, struct found *f,
    struct err *err)
{
	char hex[SHA_HEX];
	int64_t n;

	if (store_begin_read(st, err) < 0)
		return -1;
	if (pages_digest(st, hex, &n, err) < 0) {
		store_rollback(st);
		return found_err(f, err);
	}
	store_rollback(st);
	if (n != s->bytes || strcmp(hex, s->sha256) != 0)
		found_add(f, "the file is not byte for byte the one that was "
		    "sealed: %lld bytes with sha256 %.16s..., not %lld with "
		    "%.16s...", (long long)n, hex, (long long)s->bytes,
		    s->sha256);
	return 0;
}

static int compare(const struct ctx *c, struct store *st,
    const struct seal *s, bool all, const struct verified *v,
    struct found *f, struct err *err)
{
	int64_t sealed = 0;

	for (size_t i = 0; i < s->n; i++)
		if (chain(st, &s->chain[i], &sealed, f, err) < 0)
			return -1;
	since(v->entries - sealed);
	if (!all)
		return 0;
	if (strcmp(s->head, v->head) == 0)
		return bytes(st, s, f, err);
	if (!c->quiet)
		fputs("muster: note: the database was written to since it was "
		    "sealed: its bytes are not compared\n", stderr);
	return 0;
}

int verify_head(const struct ctx *c, struct store *st, const char *noted,
    const char *key, bool all, const struct verified *v, struct found *f,
    struct err *err)
{
	struct str text = STR_INIT, who = STR_INIT;
	struct seal s = { .n = 0 };
	int rc = -1;

	if (is_hash(noted))
		return key == NULL ? hash(st, noted, f, err) : err_set(err,
		    ERR_USAGE, "--key goes with the file of a seal");
	if ((text.s = decide_slurp(noted, CAP_SEAL_BYTES, &text.len, err)) == NULL)
		return -1;
	if (seal_parse(&s, text.s, text.len, err) < 0)
		err_at(err, noted, 0, -1);
	else if (signer(c, noted, key, &text, f, &who, err) == 0)
		rc = compare(c, st, &s, all, v, f, err);
	if (rc == 0 && who.len > 0) {
		printf("sealed by ");
		str_safe(stdout, who.s);
		printf("%s\n", key != NULL ? "" : " (whoever that is: --key "
		    "FILE says who it has to be)");
	}
	seal_free(&s);
	str_free(&text);
	str_free(&who);
	return rc;
}
