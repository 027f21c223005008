/*
 * package_replay.c - everything in a package made again: its evidence
 * imported into a fresh database, every verdict decided, every output
 * written, and all of it compared byte for byte.
 *
 * A file whose bytes are not in the package is read again where the user has
 * it; else its records are taken as they were read, which the journal's
 * digest of them vouches for.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "muster/assess.h"
#include "muster/cap.h"
#include "muster/command.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/mem.h"
#include "muster/node.h"
#include "muster/sink.h"
#include "output.h"
#include "package.h"
#include "scratch.h"

struct replay {
	struct ctx		*ctx;
	const struct bundle	*p;
	const struct package_opts *o;
	const char		*dir;
	struct store		*store;
	char			*hex;	/* of o->files, SHA_HEX each */
	int64_t			 read, given, taken;
};

/* ------------------------------------------------ records as they were */

struct back {
	struct evidence		*ev;
};

static int kind_of(const char *table)
{
	for (int k = 0; k < REC_KINDS; k++)
		if (str_eq(evidence_table(k), table))
			return k;
	return -1;
}

static int record(void *ctx, const char *line, size_t len, struct err *err)
{
	struct back *b = ctx;
	struct tree *t = tree_json(line, len, "records", err);
	struct rec rec = { .n = 0 };
	struct node *n;
	int kind = -1, rc = -1;

	if (t == NULL)
		return -1;
	n = tree_root(t) != NULL ? tree_root(t)->child : NULL;
	if (n != NULL)
		kind = kind_of(node_text(n));
	for (n = n != NULL ? n->next : NULL; n != NULL && rec.n <
	    REC_MAX_FIELDS; n = n->next) {
		const char *text = node_text(n);

		rec.f[rec.n++] = (struct field){ text, text != NULL ?
		    strlen(text) : 0 };
	}
	rec.kind = (enum rec_kind)kind;
	if (kind < 0 || n != NULL)
		err_set(err, ERR_VERIFY, "no record of a kind that is known");
	else if (rec.kind == REC_TARGET && rec.n > 0 && str_eq(rec.f[0].p,
	    "0"))
		rc = 0;		/* evidence_begin() made it */
	else
		rc = evidence_put(b->ev, &rec, err);
	if (rc < 0 && err->kind == ERR_BUG)
		err->kind = ERR_VERIFY;
	tree_free(t);
	return rc;
}

static int64_t number(const struct node *n, const char *key)
{
	int64_t v;

	return node_int(node_get(n, key), &v) ? v : 0;
}

static int take(struct replay *r, const struct node *n, struct err *err)
{
	struct artifact a = {
		.sha256 = node_text(node_get(n, "sha256")),
		.name = node_text(node_get(n, "name")),
		.format = node_text(node_get(n, "format")),
		.importer = node_text(node_get(n, "importer")),
		.batch = node_text(node_get(n, "batch")),
		.tool = node_text(node_get(n, "tool")),
		.tool_version = node_text(node_get(n, "tool_version")),
		.tool_db = node_text(node_get(n, "tool_db")),
		.produced = node_text(node_get(n, "produced")),
		.bytes = number(n, "bytes"), .kept = number(n, "kept"),
		.importer_version = number(n, "importer_version"),
		.read = number(n, "read"), .stored = number(n, "stored"),
		.merged = number(n, "merged"),
		.unplaced = number(n, "unplaced"),
	};
	struct back b = { NULL };
	struct str name = STR_INIT;
	char digest[SHA_HEX];
	int rc = -1;

	str_addf(&name, "records/%s.jsonl", a.sha256);
	if (store_begin(r->store, err) < 0)
		goto out;
	if ((b.ev = evidence_begin(r->store, err)) == NULL ||
	    package_read_lines(r->dir, name.s, record, &b, err) < 0 ||
	    evidence_end(b.ev, &a, digest, err) < 0 ||
	    store_commit(r->store, err) < 0)
		store_rollback(r->store);
	else
		rc = 0;
	r->taken++;
out:
	evidence_free(b.ev);
	str_free(&name);
	return rc;
}

/* ------------------------------------------------ bytes read again */

/* The records hang on the caps it was read under; who replays it says whether
 * they may be higher than here. */
static int caps_as_then(const struct node *n, struct err *err)
{
	if (cap_restore(node_text(node_get(n, "caps")), err) == 0)
		return 0;
	if (err->kind == ERR_INPUT)
		err->kind = ERR_VERIFY;
	return err_during(err, "reading %s under the caps it was read under",
	    node_text(node_get(n, "name")));
}

static int again(struct replay *r, const struct node *n, const char *path,
    struct err *err)
{
	const struct import_opts opts = {
		.format = node_text(node_get(n, "importer")),
		.batch = node_text(node_get(n, "batch")),
		.name = node_text(node_get(n, "name"))
	};
	const char *sha256 = node_text(node_get(n, "sha256"));
	struct import_result res;
	int64_t here[CAPS];
	int rc;

	cap_save(here);
	if (caps_as_then(n, err) < 0) {
		cap_load(here);
		return -1;
	}
	rc = import_file(r->store, path, &opts, &res, err);
	cap_load(here);
	if (rc < 0) {
		if (err->kind == ERR_INPUT || err->kind == ERR_USAGE)
			err->kind = ERR_VERIFY;
		return err_during(err, "reading %.16s... (%s) again", sha256,
		    opts.name);
	}
	return strcmp(res.sha256, sha256) == 0 ? 0 : err_set(err, ERR_VERIFY,
	    "%s has another digest, %.16s...", opts.name, res.sha256);
}

/* Is what came of it what the journal says? */
static int same_records(struct replay *r, const struct node *n,
    struct err *err)
{
	const char *sha256 = node_text(node_get(n, "sha256"));
	const char *name = node_text(node_get(n, "name"));
	const char *importer = node_text(node_get(n, "importer"));
	char digest[SHA_HEX];
	int64_t id = 0;
	const struct importer *imp;

	if (store_int(r->store, SQL_ARTIFACT_HELD, BIND(V(sha256)), &id, err)
	    < 0 || evidence_digest(r->store, id, digest, err) < 0)
		return -1;
	if (str_eq(digest, node_text(node_get(n, "records"))))
		return 0;
	for (size_t i = 0; (imp = import_table(i)) != NULL; i++)
		if (str_eq(imp->name, importer) && imp->version !=
		    number(n, "importer_version"))
			return err_set(err, ERR_VERIFY, "%s was read by "
			    "version %lld of the importer %s, and this muster "
			    "has version %d: use muster %s", name,
			    (long long)number(n, "importer_version"),
			    importer, imp->version, r->p->version);
	return err_set(err, ERR_VERIFY, "%s (%.16s...): its records are not "
	    "those that were imported", name, sha256);
}

static const char *given(const struct replay *r, const char *sha256)
{
	for (int i = 0; i < r->o->nfiles; i++)
		if (strcmp(r->hex + (size_t)i * SHA_HEX, sha256) == 0)
			return r->o->files[i];
	return NULL;
}

static int artifact(void *ctx, const char *line, size_t len, struct err *err)
{
	struct replay *r = ctx;
	struct tree *t = tree_json(line, len, "artifacts.jsonl", err);
	struct str path = STR_INIT;
	const struct node *n;
	const char *sha256;
	int rc;

	if (t == NULL)
		return -1;
	n = tree_root(t);
	sha256 = node_text(node_get(n, "sha256"));
	if (sha256 == NULL || strlen(sha256) != SHA_HEX - 1 ||
	    strspn(sha256, "0123456789abcdef") != SHA_HEX - 1) {
		rc = err_set(err, ERR_VERIFY, "an artifact without a digest");
	} else if (node_is_true(node_get(n, "here"))) {
		str_addf(&path, "%s/evidence/%s", r->dir, sha256);
		rc = again(r, n, path.s, err);
		r->read++;
	} else if (given(r, sha256) != NULL) {
		rc = again(r, n, given(r, sha256), err);
		r->given++;
	} else if (number(n, "kept") != 0) {
		/* outputs quote such files */
		rc = err_set(err, ERR_USAGE, "the package leaves %s "
		    "(%.16s...) out: name that file behind it, so that it "
		    "can be read again", node_text(node_get(n, "name")),
		    sha256);
	} else {
		rc = take(r, n, err);
	}
	if (rc == 0)
		rc = same_records(r, n, err);
	str_free(&path);
	tree_free(t);
	return rc;
}

/* ------------------------------------------------ verdicts and outputs */

static int decide(struct replay *r, struct err *err)
{
	const struct bundle *p = r->p;
	struct str path = STR_INIT;
	struct input *in = NULL;
	int fd = -1, rc = -1;

	if (p->tailoring[0] == '\0')
		return assess_run(r->store, p->as_of, err);
	str_addf(&path, "%s/tailoring.xml", r->dir);
	if ((fd = open(path.s, O_RDONLY | O_CLOEXEC)) < 0)
		err_set(err, ERR_VERIFY, "tailoring.xml is missing");
	else if ((in = input_open(fd, "tailoring.xml", err)) != NULL)
		rc = assess_run_tailored(r->store, p->as_of, in, err);
	if (in != NULL)
		input_close(in);
	if (fd >= 0)
		close(fd);
	str_free(&path);
	return rc;
}

static int write_again(struct replay *r, const char *to, struct err *err)
{
	struct ctx c = *r->ctx;
	struct str out = STR_INIT;
	int rc;

	if (mkdir(to, 0700) < 0)
		return err_sys(err, "cannot make the directory %s", to);
	c.store = r->store;
	c.quiet = true;
	str_addf(&out, "%s/outputs", to);
	rc = output_write(&c, &(struct output_opts){ .out = out.s,
	    .formats = r->p->formats }, err);
	if (rc == 0)
		rc = package_write_tables(r->store, to, err);
	if (rc == 0)
		rc = package_write_readme(r->store, to, r->p, err);
	str_free(&out);
	return rc;
}

/* The first byte in which a file differs; -1: none does. */
static int64_t differs(FILE *a, FILE *b)
{
	int64_t at = 0;
	int x, y;

	do {
		x = getc_unlocked(a);
		y = getc_unlocked(b);
		at++;
	} while (x == y && x != EOF);
	return x == y ? -1 : at - 1;
}

static int compare(const char *then, const char *now, const char *name,
    struct err *err)
{
	struct str a = STR_INIT, b = STR_INIT;
	FILE *f, *g;
	int64_t at;
	int rc = 0;

	str_addf(&a, "%s/%s", then, name);
	str_addf(&b, "%s/%s", now, name);
	f = fopen(a.s, "re");
	g = fopen(b.s, "re");
	if (f == NULL || g == NULL)
		rc = err_set(err, ERR_VERIFY, "%s is %s", name, f == NULL ?
		    "made again, and not in the package" : "in the package, "
		    "and not made again");
	else if ((at = differs(f, g)) >= 0)
		rc = err_set(err, ERR_VERIFY, "%s, made again, differs from "
		    "byte %lld on", name, (long long)at);
	if (f != NULL)
		fclose(f);
	if (g != NULL)
		fclose(g);
	str_free(&a);
	str_free(&b);
	return rc;
}

static bool is_made(const char *name)
{
	return str_starts(name, "outputs/") || str_eq(name, "README.txt") ||
	    str_eq(name, "benchmark.xml") || str_eq(name, "tailoring.xml") ||
	    str_eq(name, "decisions.jsonl") || str_eq(name, "release.jsonl") ||
	    str_eq(name, "posture.jsonl");
}

static int compare_all(struct replay *r, const char *to, long long *n,
    struct err *err)
{
	struct scratch_list list = { NULL, 0, 0 };
	int rc = scratch_walk(to, &list, err);

	for (size_t i = 0; i < list.n && rc == 0; i++, (*n)++)
		rc = compare(r->dir, to, list.name[i], err);
	for (size_t i = 0; i < r->p->n && rc == 0; i++)
		if (is_made(r->p->member[i].name))
			rc = compare(r->dir, to, r->p->member[i].name, err);
	scratch_list_free(&list);
	if (rc < 0 && err->kind == ERR_VERIFY && strcmp(r->p->version,
	    MUSTER_VERSION) != 0)
		err_during(err, "replaying what muster %s wrote with muster "
		    "%s", r->p->version, MUSTER_VERSION);
	return rc;
}

static int hash_given(struct replay *r, struct err *err)
{
	int64_t bytes;

	r->hex = mem_array((size_t)r->o->nfiles + 1, SHA_HEX);
	for (int i = 0; i < r->o->nfiles; i++) {
		const char *file = r->o->files[i];
		int fd = input_file(file, "an archive that was imported", err);
		struct input *in = NULL;
		int rc = -1;

		if (fd >= 0 && (in = input_open(fd, file, err)) != NULL)
			rc = input_finish(in, r->hex + (size_t)i * SHA_HEX,
			    &bytes, err);
		if (in != NULL)
			input_close(in);
		if (fd >= 0)
			close(fd);
		if (rc < 0)
			return err_at(err, file, 0, -1);
	}
	return 0;
}

static int journal(struct replay *r, struct err *err)
{
	if (store_begin(r->store, err) < 0)
		return -1;
	if (package_read_journal(r->store, r->dir, err) < 0 ||
	    store_commit(r->store, err) < 0) {
		store_rollback(r->store);
		return -1;
	}
	return 0;
}

/* Earlier assessments are not made again: their evidence may be gone. */
static int remembered(void *ctx, const char *line, size_t len,
    struct err *err)
{
	static const enum sql all[] = {
		SQL_PACKAGE_POSTURE_ADD, SQL_PACKAGE_POSTURE_SUBJECT_ADD,
		SQL_PACKAGE_POSTURE_VERDICT_ADD, SQL_PACKAGE_POSTURE_ISSUE_ADD,
		SQL_PACKAGE_POSTURE_TURN_ADD,
		SQL_PACKAGE_POSTURE_SIGHTING_ADD, SQL_PACKAGE_POSTURE_SCAN_ADD
	};
	struct store *st = ctx;

	(void)len;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (store_run(st, all[i], BIND(V(line)), err) < 0)
			return -1;
	return 0;
}

static int posture(struct replay *r, struct err *err)
{
	if (store_begin(r->store, err) < 0)
		return -1;
	if (package_read_lines(r->dir, "posture.jsonl", remembered, r->store,
	    err) < 0 || store_commit(r->store, err) < 0) {
		store_rollback(r->store);
		return -1;
	}
	return 0;
}

int package_replay(struct ctx *c, const struct bundle *p, const char *dir,
    const struct package_opts *o, struct err *err)
{
	struct replay r = { .ctx = c, .p = p, .o = o, .dir = dir };
	struct str db = STR_INIT, to = STR_INIT;
	long long n = 0;
	int rc = -1;

	str_addf(&db, "%s/.replay.db", dir);
	str_addf(&to, "%s/.again", dir);
	if (hash_given(&r, err) == 0 &&
	    (r.store = store_open(db.s, STORE_CREATE, err)) != NULL &&
	    journal(&r, err) == 0 &&
	    package_read_lines(dir, "artifacts.jsonl", artifact, &r, err) == 0
	    && posture(&r, err) == 0 && decide(&r, err) == 0 && write_again(&r, to.s, err) == 0)
		rc = compare_all(&r, to.s, &n, err);
	if (rc == 0)
		printf("replayed: %lld artifacts read again, %lld from the "
		    "files given, %lld as they were read then; %lld files the "
		    "same\n", (long long)r.read, (long long)r.given,
		    (long long)r.taken, n);
	store_close(r.store);
	free(r.hex);
	str_free(&db);
	str_free(&to);
	return rc;
}
