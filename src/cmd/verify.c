/* verify.c - "muster verify": is everything as it was recorded? */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "muster/command.h"
#include "muster/err.h"
#include "muster/found.h"
#include "muster/pages.h"
#include "muster/str.h"
#include "package.h"
#include "verify.h"

static const char *replay, *key, *head, *all;

static const struct opt opts[] = {
	{ 0, "replay", NULL, "a package: also make every verdict and output "
	    "again, and compare", &replay },
	{ 0, "key", "FILE", "whose signature a package or a seal has to bear "
	    "(public key, or a root)", &key },
	{ 0, "head", "HASH|FILE", "a database: its journal must have had this "
	    "head, as import and report print it; or a file of \"muster "
	    "seal\"", &head },
	{ 0, "all", NULL, "a database: also every page of the file, and all "
	    "that follows from the evidence once more", &all },
	{ 0, NULL, NULL, NULL, NULL }
};

void verify_tell(void *file, const char *text)
{
	fputs("muster: ", stderr);
	str_safe(stderr, file);
	fputs(": ", stderr);
	str_safe(stderr, text);
	fputc('\n', stderr);
}

int verify_told(const struct found *f, struct err *err)
{
	if (f->n <= FOUND_MAX)
		return err_set(err, ERR_VERIFY, "%lld thing%s not as recorded",
		    (long long)f->n, f->n == 1 ? " is" : "s are");
	return err_set(err, ERR_VERIFY, "%lld things are not as recorded; the "
	    "first %d are above", (long long)f->n, FOUND_MAX);
}

/* What is there and cannot be opened was a database, as far as we know. */
static struct store *open_it(const struct ctx *c, struct found *f,
    struct err *err)
{
	struct store *st;
	int rc = access(c->db, F_OK) == 0 ? pages_header(c->db, f, err) : 0;

	if (rc != 0) {
		if (rc > 0)
			verify_told(f, err);
		return NULL;
	}
	st = store_open(c->db, STORE_READ, err);
	if (st == NULL && (err->kind == ERR_DAMAGED || f->n > 0))
		err->kind = ERR_VERIFY;
	return st;
}

static int database(struct ctx *c, struct err *err)
{
	struct found f = { .tell = verify_tell, .ctx = (void *)c->db };
	struct verified v;

	if ((c->store = open_it(c, &f, err)) == NULL ||
	    verify_store(c, c->store, all != NULL, &v, &f, err) < 0 ||
	    (head != NULL && verify_head(c, c->store, head, key, all != NULL,
	    &v, &f, err) < 0))
		return -1;
	if (f.n > 0)
		return verify_told(&f, err);
	printf("verified: %lld artifacts, %lld journal entries, head %s\n",
	    (long long)v.artifacts, (long long)v.entries, v.head);
	if (c->verbose)
		printf("checked: the file and its schema%s, every journal, "
		    "%lld events, the kept bytes and the records of each "
		    "artifact, %lld derived tables%s\n", all != NULL ? ", every "
		    "page of it" : "", (long long)v.events,
		    (long long)v.derived, all != NULL ? ", worked out again" :
		    "");
	return 0;
}

static int run(struct ctx *c, struct err *err)
{
	if (c->argc > 0 && (head != NULL || all != NULL))
		return err_set(err, ERR_USAGE, "--head and --all are for a "
		    "database");
	if (c->argc > 0)
		return package_read(c, &(struct package_opts){
		    .file = c->argv[0], .key = key, .replay = replay != NULL,
		    .files = c->argv + 1, .nfiles = c->argc - 1 }, err);
	if (replay != NULL || (key != NULL && head == NULL))
		return err_set(err, ERR_USAGE, "--replay and --key go with a "
		    "package: \"muster verify FILE\"; --key with --head FILE, "
		    "too");
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
	.temporary = true,
	.mode = STORE_READ,
	.opts = opts,
	.run = run,
};
