/* package.c - "muster package": the hand-over archive; see package.h. */
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
#include "muster/mem.h"
#include "muster/pack.h"
#include "muster/sign.h"
#include "mark.h"
#include "output.h"
#include "package.h"
#include "scratch.h"
#include "signing.h"

static const char *formats, *digests_only, *force;
static struct signing with;

static const struct opt opts[] = {
	{ 'f', "format", "LIST", "outputs, comma separated (all)", &formats },
	{ 0, "digests-only", NULL, "leave the imported files out",
	    &digests_only },
	SIGNING_OPTS(with),
	{ 0, "force", NULL, "overwrite a package that is there", &force },
	{ 0, NULL, NULL, NULL, NULL }
};

void package_free(struct bundle *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->member[i].name);
	free(p->member);
	free(p->formats);
	free(p->signature);
	str_free(&p->marking);
}

struct package_member *package_add(struct bundle *p, const char *name)
{
	MEM_ROOM(p->member, p->n, p->cap);
	p->member[p->n] = (struct package_member){ .name = mem_dup(name) };
	return &p->member[p->n++];
}

static int add_piece(void *ctx, const void *bytes, size_t len,
    struct err *err)
{
	(void)err;
	sha_add(ctx, bytes, len);
	return 0;
}

/* The files of the directory as members, behind those there are. */
static int measure(struct bundle *p, const char *dir, struct err *err)
{
	struct scratch_list list = { NULL, 0, 0 };
	struct sha *sha = sha_new();
	int rc = scratch_walk(dir, &list, err);

	for (size_t i = 0; i < list.n && rc == 0; i++) {
		struct package_member *m = package_add(p, list.name[i]);
		struct str path = STR_INIT;
		struct stat sb;

		str_addf(&path, "%s/%s", dir, m->name);
		rc = scratch_read(dir, m->name, add_piece, sha, err);
		sha_end_hex(sha, m->sha256);
		if (rc == 0 && stat(path.s, &sb) < 0)
			rc = err_sys(err, "cannot look at %s", path.s);
		m->bytes = rc == 0 ? sb.st_size : 0;
		str_free(&path);
	}
	sha_free(sha);
	scratch_list_free(&list);
	return rc;
}

static int sums(struct bundle *p, const char *dir, struct err *err)
{
	struct str text = STR_INIT;
	struct package_member *m;
	int rc;

	for (size_t i = 0; i < p->n; i++)
		str_addf(&text, "%s  %s\n", p->member[i].sha256,
		    p->member[i].name);
	rc = scratch_put(dir, "SHA256SUMS", str_text(&text), text.len, err);
	m = package_add(p, "SHA256SUMS");
	m->bytes = (int64_t)text.len;
	sha_of(str_text(&text), text.len, m->sha256);
	str_free(&text);
	return rc;
}

static void member(struct str *b, const char *name, const char *value)
{
	str_addf(b, "\"%s\":", name);
	if (str_empty(value))
		str_add(b, "null");
	else
		str_json(b, value);
	str_add(b, ",\n");
}

static void manifest(const struct bundle *p, const char *benchmark,
    struct str *b)
{
	str_add(b, "{\"package\":1,\n");
	member(b, "tool", "muster");
	member(b, "version", MUSTER_VERSION);
	if (p->marking.len > 0)
		member(b, "marking", str_text(&p->marking));
	member(b, "as_of", p->as_of);
	member(b, "benchmark", benchmark);
	member(b, "tailoring", p->tailoring);
	member(b, "journal_head", p->head);
	member(b, "evidence", p->evidence);
	str_addf(b, "\"digests_only\":%s,\n", p->digests_only ? "true" :
	    "false");
	member(b, "formats", p->formats);
	member(b, "signature", p->signature);
	str_add(b, "\"members\":[");
	for (size_t i = 0; i < p->n; i++) {
		str_addf(b, "%s\n{\"name\":", i > 0 ? "," : "");
		str_json(b, p->member[i].name);
		str_addf(b, ",\"bytes\":%lld,\"sha256\":\"%s\"}",
		    (long long)p->member[i].bytes, p->member[i].sha256);
	}
	str_add(b, "\n]}\n");
}

struct into {
	struct pack *pack;
};

static int pack_piece(void *ctx, const void *bytes, size_t len,
    struct err *err)
{
	return pack_data(((struct into *)ctx)->pack, bytes, len, err);
}

static int put(struct pack *k, const char *name, const struct str *text,
    struct err *err)
{
	return pack_begin(k, name, (int64_t)text->len, err) < 0 ||
	    pack_data(k, str_text(text), text->len, err) < 0 ? -1 : 0;
}

/* All members into the archive, the manifest and its signature first. */
static int archive(const struct bundle *p, const char *dir, int fd,
    enum pack_kind kind, const struct str *man, const struct str *sig,
    struct err *err)
{
	struct pack *k = pack_create(fd, kind, err);
	struct into into = { k };
	int rc;

	if (k == NULL)
		return -1;
	rc = put(k, PACKAGE_MANIFEST, man, err);
	if (rc == 0 && p->signature != NULL)
		rc = put(k, p->signature, sig, err);
	for (size_t i = 0; i < p->n && rc == 0; i++)
		if ((rc = pack_begin(k, p->member[i].name, p->member[i].bytes,
		    err)) == 0)
			rc = scratch_read(dir, p->member[i].name, pack_piece,
			    &into, err);
	if (rc == 0)
		rc = pack_finish(k, fd, err);
	pack_close(k);
	return rc;
}

/* Beside, then renamed. */
static int publish(const struct bundle *p, const char *dir,
    const char *file, const struct str *man, const struct str *sig,
    struct err *err)
{
	enum pack_kind kind = str_ends(file, ".zip") ? PACK_ZIP : PACK_TAR_GZ;
	int fd = scratch_open(dir, ".package", err), rc;

	if (fd < 0)
		return -1;
	rc = archive(p, dir, fd, kind, man, sig, err);
	if (rc == 0)
		rc = scratch_publish(fd, dir, ".package", file,
		    force != NULL, err);
	close(fd);
	return rc;
}

static int assessment(struct store *st, struct bundle *p,
    char benchmark[SHA_HEX], struct err *err)
{
	struct query q;
	int64_t stale = 0;
	int rc;

	query_open(&q, st, SQL_PACKAGE_ASSESSMENT, NOBIND);
	if ((rc = query_next(&q, err)) > 0) {
		snprintf(p->as_of, sizeof(p->as_of), "%s", query_text(&q, 0));
		snprintf(benchmark, SHA_HEX, "%s", query_text(&q, 3));
		snprintf(p->tailoring, SHA_HEX, "%s", query_text(&q, 4));
	}
	query_close(&q);
	if (rc < 0 || store_int(st, SQL_PACKAGE_STALE, NOBIND, &stale, err)
	    < 0)
		return -1;
	if (rc == 0 || stale > 0)
		return err_set(err, ERR_USAGE, "something was imported or "
		    "said since the verdicts: run \"muster assess\" first");
	return 0;
}

/* Everything into the directory. */
static int gather(struct ctx *c, struct bundle *p, const char *dir,
    struct err *err)
{
	struct ctx silent = *c;
	struct str out = STR_INIT;
	int rc;

	silent.quiet = true;
	str_addf(&out, "%s/outputs", dir);
	rc = output_write(&silent, &(struct output_opts){ .out = out.s,
	    .formats = formats }, err);
	str_free(&out);
	if (rc < 0 || store_begin_read(c->store, err) < 0)
		return -1;
	rc = package_write_evidence(c->store, dir, p->digests_only,
	    p->evidence, err);
	if (rc == 0)
		rc = package_write_tables(c->store, dir, err);
	if (rc == 0)
		rc = package_write_readme(c->store, dir, p, err);
	store_rollback(c->store);
	if (rc == 0)
		rc = measure(p, dir, err);
	return rc == 0 ? sums(p, dir, err) : -1;
}

static int same_head(struct store *st, const char *head, struct err *err)
{
	char now[SHA_HEX];

	if (journal_head(st, now, err) < 0)
		return -1;
	return strcmp(now, head) == 0 ? 0 : err_set(err, ERR_STORE, "somebody "
	    "changed the database meanwhile: run it again");
}

static int make(struct ctx *c, struct bundle *p,
    const struct sign_secret *s, const char *dir, struct err *err)
{
	struct str man = STR_INIT, sig = STR_INIT;
	char benchmark[SHA_HEX] = "";
	int rc = -1;

	if (journal_head(c->store, p->head, err) < 0 ||
	    assessment(c->store, p, benchmark, err) < 0 ||
	    mark_text(c->store, &p->marking, err) < 0 ||
	    gather(c, p, dir, err) < 0 ||
	    same_head(c->store, p->head, err) < 0)
		return -1;
	manifest(p, benchmark, &man);
	if (man.len > (size_t)cap(CAP_PACKAGE_MANIFEST))
		rc = err_set(err, ERR_USAGE, "too many files for one package: "
		    "%s", cap_hint(CAP_PACKAGE_MANIFEST));
	else if (s == NULL)
		rc = 0;
	else
		rc = signing_sign(&with, s, &man, &sig, err);
	if (rc == 0)
		rc = publish(p, dir, c->argv[0], &man, &sig, err);
	str_free(&man);
	str_free(&sig);
	return rc;
}

static int run(struct ctx *c, struct err *err)
{
	const char *file = c->argv[0];
	struct bundle p = { .digests_only = digests_only != NULL };
	struct sign_secret *s = NULL;
	char *dir = NULL;
	struct stat sb;
	int rc = -1;

	if (!str_ends(file, ".zip") && !str_ends(file, ".tar.gz") &&
	    !str_ends(file, ".tgz"))
		return err_set(err, ERR_USAGE, "the package's name ends in "
		    ".zip, .tar.gz or .tgz");
	if (force == NULL && lstat(file, &sb) == 0)
		return err_set(err, ERR_USAGE, "%s is there already; --force "
		    "overwrites it", file);
	p.formats = mem_dup(formats);
	if (with.key != NULL) {
		struct str name = STR_INIT;

		str_addf(&name, PACKAGE_MANIFEST "%s", signing_end(&with));
		p.signature = name.s;
	}
	if (assess_ready(c->store, err) == 0 && signing_open(&with, &s, err) == 0 &&
	    (dir = scratch_make(file, err)) != NULL)
		rc = make(c, &p, s, dir, err);
	scratch_remove(dir);
	if (rc == 0 && !c->quiet)
		fprintf(stderr, "muster: %s: %zu members, %s\n", file, p.n,
		    s != NULL ? "signed" : "not signed");
	free(dir);
	sshkey_free(s);
	package_free(&p);
	return rc;
}

const struct command cmd_package = {
	.name = "package",
	.operands = "FILE",
	.about = "the hand-over archive, .zip or .tar.gz: outputs, evidence, "
	    "decisions",
	.least = 1, .most = 1,
	.are = OPERANDS_WRITE,
	.mode = STORE_READ,
	.settles = true,
	.opts = opts,
	.run = run,
};
