/* verify.c - "muster verify": is everything as it was recorded? */
#include <stdio.h>
#include <string.h>

#include "muster/assess.h"
#include "muster/command.h"
#include "muster/err.h"
#include "muster/sha.h"
#include "muster/str.h"
#include "package.h"
#include "verify.h"

static const char *replay, *key, *head;

static const struct opt opts[] = {
	{ 0, "replay", NULL, "a package: also make every verdict and output "
	    "again, and compare", &replay },
	{ 0, "key", "FILE", "a package: whose signature it has to be (public "
	    "key, or a root)", &key },
	{ 0, "head", "HASH", "a database: its journal must have had this "
	    "head, as import and report print it", &head },
	{ 0, NULL, NULL, NULL, NULL }
};

/* The bytes we kept still have the digest they came with. */
static int kept_bytes(struct store *st, int64_t id, const char *sha256,
    const char *name, struct err *err)
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
	if (rc < 0)
		return err_during(err, "reading the kept bytes of %s", name);
	if (strcmp(hex, sha256) != 0)
		return err_set(err, ERR_VERIFY, "%s: its kept bytes have "
		    "sha256 %.16s..., not %.16s... as imported", name, hex,
		    sha256);
	return 0;
}

/* Its records have the digest the journal holds. */
static int records(struct store *st, int64_t id, const char *sha256,
    const char *name, struct err *err)
{
	char digest[SHA_HEX];
	bool known = false;
	struct query q;
	int rc;

	if (evidence_digest(st, id, digest, err) < 0)
		return -1;
	query_open(&q, st, SQL_EVIDENCE_JOURNALLED, BIND(V(sha256)));
	/* databases that were merged may have read it both */
	while ((rc = query_next(&q, err)) > 0) {
		known = true;
		if (strcmp(query_text(&q, 0), digest) == 0)
			break;
	}
	if (rc == 0)
		rc = err_set(err, ERR_VERIFY, known ? "%s: its records are "
		    "not as imported" : "%s: the journal knows of no import "
		    "of it", name);
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

static int artifacts(const struct ctx *c, struct store *st, int64_t *n,
    struct err *err)
{
	struct progress *p = progress_start(c, "checking artifacts");
	struct query q;
	int rc;

	query_open(&q, st, SQL_ARTIFACT_IDS, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		const char *sha256 = query_text(&q, 1);
		const char *name = query_text(&q, 3);

		if ((query_int(&q, 4) != 0 && (rc = kept_bytes(st,
		    query_int(&q, 0), sha256, name, err)) < 0) ||
		    (rc = records(st, query_int(&q, 0), sha256, name, err))
		    < 0)
			break;
		progress_at(p, ++*n, 0);
	}
	query_close(&q);
	progress_end(p);
	return rc;
}

/* Imports that the journal knows and the database no longer holds. */
static int removed(struct store *st, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, st, SQL_JOURNALLED_BUT_GONE, NOBIND);
	if ((rc = query_next(&q, err)) > 0)
		rc = err_set(err, ERR_VERIFY, "the journal tells of \"%s\", "
		    "which is not in the database", query_text(&q, 0));
	query_close(&q);
	return rc;
}

/* Verdicts and reasons are those that the last assessment journalled.  After
 * an import there are none. */
static int verdicts(struct store *st, struct err *err)
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
		rc = err_set(err, ERR_VERIFY, "there are verdicts, but the "
		    "journal knows no assessment");
	else if (rc > 0 && strcmp(query_text(&q, 0), hex) != 0)
		rc = err_set(err, ERR_VERIFY, "a verdict or a reason is not "
		    "as it was assessed: \"muster assess\" decides anew");
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

/* Was this the head once?  The journal only grows: a database whose journal
 * never had it is an older copy, or another one. */
static int had_head(struct store *st, const char *noted, const char *now,
    struct err *err)
{
	bool found = strcmp(noted, now) == 0;
	struct query q;
	int rc;

	query_open(&q, st, SQL_JOURNAL_HEADS, NOBIND);
	while ((rc = query_next(&q, err)) > 0 && !found) {
		struct str both = STR_INIT;
		char hex[SHA_HEX];

		str_addf(&both, "%s%s", query_text(&q, 0), query_text(&q, 1));
		sha_of(str_text(&both), both.len, hex);
		found = strcmp(hex, noted) == 0;
		str_free(&both);
	}
	query_close(&q);
	if (rc < 0)
		return -1;
	return found ? 0 : err_set(err, ERR_VERIFY, "the journal never had "
	    "the head %s: this is an older copy, or another database", noted);
}

int verify_store(const struct ctx *c, struct store *st, struct verified *v,
    struct err *err)
{
	int64_t events = 0;

	*v = (struct verified){ 0, 0, "" };
	if (store_begin_read(st, err) < 0)
		return -1;
	if (store_check(st, err) < 0 ||
	    journal_verify(st, &v->entries, err) < 0 ||
	    event_verify(st, &events, err) < 0 ||
	    artifacts(c, st, &v->artifacts, err) < 0 ||
	    removed(st, err) < 0 || verdicts(st, err) < 0 ||
	    journal_head(st, v->head, err) < 0) {
		store_rollback(st);
		/* A damaged page is what verify is there to find. */
		if (err->kind == ERR_STORE)
			err->kind = ERR_VERIFY;
		return -1;
	}
	store_rollback(st);
	return 0;
}

static int database(struct ctx *c, struct err *err)
{
	struct verified v;

	if ((c->store = store_open(c->db, STORE_READ, err)) == NULL ||
	    verify_store(c, c->store, &v, err) < 0 ||
	    (head != NULL && had_head(c->store, head, v.head, err) < 0))
		return -1;
	printf("verified: %lld artifacts, %lld journal entries, head %s\n",
	    (long long)v.artifacts, (long long)v.entries, v.head);
	return 0;
}

static int run(struct ctx *c, struct err *err)
{
	if (c->argc > 0 && head != NULL)
		return err_set(err, ERR_USAGE, "--head is for a database");
	if (c->argc > 0)
		return package_read(c, &(struct package_opts){
		    .file = c->argv[0], .key = key, .replay = replay != NULL,
		    .files = c->argv + 1, .nfiles = c->argc - 1 }, err);
	if (replay != NULL || key != NULL)
		return err_set(err, ERR_USAGE, "--replay and --key go with a "
		    "package: \"muster verify FILE\"");
	return database(c, err);
}

const struct command cmd_verify = {
	.name = "verify",
	.operands = "[PACKAGE [ARCHIVE...]]",
	.about = "check the database, or a package: hashes, journal, "
	    "signature, replay",
	.least = 0, .most = -1,
	.are = OPERANDS_PACKAGE,
	.no_store = true,
	.mode = STORE_READ,
	.opts = opts,
	.run = run,
};
