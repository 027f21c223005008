/* verify.c - "muster verify": is everything as it was recorded? */
#include <stdio.h>
#include <string.h>

#include "muster/command.h"
#include "muster/err.h"
#include "muster/sha.h"
#include "muster/str.h"
#include "package.h"

static const char *replay, *key;

static const struct opt opts[] = {
	{ 0, "replay", NULL, "a package: also make every verdict and output "
	    "again, and compare", &replay },
	{ 0, "key", "FILE", "a package: whose signature it has to be (public "
	    "key, or a root)", &key },
	{ 0, NULL, NULL, NULL, NULL }
};

/* The bytes we kept still have the digest they came with. */
static int kept_bytes(struct ctx *c, int64_t id, const char *sha256,
    const char *name, struct err *err)
{
	struct kept *k = kept_open(c->store, id);
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
static int records(struct ctx *c, int64_t id, const char *sha256,
    const char *name, struct err *err)
{
	char digest[SHA_HEX];
	bool known = false;
	struct query q;
	int rc;

	if (evidence_digest(c->store, id, digest, err) < 0)
		return -1;
	query_open(&q, c->store, SQL_EVIDENCE_JOURNALLED, BIND(V(sha256)));
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

static int artifacts(struct ctx *c, long long *n, struct err *err)
{
	struct progress *p = progress_start(c, "checking artifacts");
	struct query q;
	int rc;

	query_open(&q, c->store, SQL_ARTIFACT_IDS, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		const char *sha256 = query_text(&q, 1);
		const char *name = query_text(&q, 3);

		if ((query_int(&q, 4) != 0 && (rc = kept_bytes(c,
		    query_int(&q, 0), sha256, name, err)) < 0) ||
		    (rc = records(c, query_int(&q, 0), sha256, name, err)) < 0)
			break;
		progress_at(p, ++*n, 0);
	}
	query_close(&q);
	progress_end(p);
	return rc;
}

/* Imports that the journal knows and the database no longer holds. */
static int removed(struct ctx *c, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, c->store, SQL_JOURNALLED_BUT_GONE, NOBIND);
	if ((rc = query_next(&q, err)) > 0)
		rc = err_set(err, ERR_VERIFY, "the journal tells of \"%s\", "
		    "which is not in the database", query_text(&q, 0));
	query_close(&q);
	return rc;
}

static int database(struct ctx *c, struct err *err)
{
	char head[SHA_HEX];
	int64_t entries = 0, events = 0;
	long long n = 0;

	if (store_begin_read(c->store, err) < 0)
		return -1;
	if (store_check(c->store, err) < 0 ||
	    journal_verify(c->store, &entries, err) < 0 ||
	    event_verify(c->store, &events, err) < 0 ||
	    artifacts(c, &n, err) < 0 || removed(c, err) < 0 ||
	    journal_head(c->store, head, err) < 0) {
		store_rollback(c->store);
		/* A damaged page is what verify is there to find. */
		if (err->kind == ERR_STORE)
			err->kind = ERR_VERIFY;
		return -1;
	}
	store_rollback(c->store);
	printf("verified: %lld artifacts, %lld journal entries, head %s\n", n,
	    (long long)entries, head);
	return 0;
}

static int run(struct ctx *c, struct err *err)
{
	if (c->argc > 0)
		return package_read(c, &(struct package_opts){
		    .file = c->argv[0], .key = key, .replay = replay != NULL,
		    .files = c->argv + 1, .nfiles = c->argc - 1 }, err);
	if (replay != NULL || key != NULL)
		return err_set(err, ERR_USAGE, "--replay and --key go with a "
		    "package: \"muster verify FILE\"");
	if ((c->store = store_open(c->db, STORE_READ, err)) == NULL)
		return -1;
	return database(c, err);
}

const struct command cmd_verify = {
	.name = "verify",
	.operands = "[PACKAGE [ARCHIVE...]]",
	.about = "check the database, or a package: hashes, journal, "
	    "signature, replay",
	.least = 0, .most = -1,
	.no_store = true,
	.opts = opts,
	.run = run,
};
