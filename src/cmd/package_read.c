/*
 * package_read.c - "muster verify PACKAGE": every byte of it accounted for.
 *
 * The manifest comes first and says what follows; what differs is named by
 * its member.  What belongs to no member is covered by the seal (pack.h).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "muster/cap.h"
#include "muster/command.h"
#include "muster/err.h"
#include "muster/found.h"
#include "muster/input.h"
#include "muster/mem.h"
#include "muster/node.h"
#include "muster/pack.h"
#include "muster/sign.h"
#include "package.h"
#include "scratch.h"
#include "signing.h"
#include "verify.h"

/* A member in memory; nothing of it is believed yet. */
static int slurp(struct pack *k, const char *name, enum cap most,
    struct str *out, struct err *err)
{
	const char *found;
	const void *p;
	int64_t size;
	ssize_t n;
	int rc = pack_next(k, &found, &size, err);

	if (rc == 0 || (rc > 0 && strcmp(found, name) != 0))
		return err_set(err, ERR_VERIFY, "%s is missing: it was "
		    "expected %s", name, str_eq(name, PACKAGE_MANIFEST) ?
		    "first" : "behind " PACKAGE_MANIFEST);
	if (rc < 0)
		return -1;
	while ((n = pack_read(k, &p, err)) > 0) {
		if (out->len + (size_t)n > (size_t)cap(most))
			return err_set(err, ERR_VERIFY, "%s is too long: %s",
			    name, cap_hint(most));
		str_addn(out, p, (size_t)n);
	}
	str_add(out, "");
	return n < 0 ? err_during(err, "reading the member %s", name) : 0;
}

static bool copy(const struct node *n, const char *key, char *out,
    size_t size)
{
	const char *text = node_text(node_get(n, key));

	if (text != NULL && strlen(text) >= size)
		return false;
	snprintf(out, size, "%s", text != NULL ? text : "");
	return true;
}

static bool member(struct bundle *p, const struct node *n)
{
	const char *name = node_text(node_get(n, "name"));
	struct package_member *m;

	if (name == NULL)
		return false;
	m = package_add(p, name);
	return copy(n, "sha256", m->sha256, sizeof(m->sha256)) &&
	    strlen(m->sha256) == SHA_HEX - 1 &&
	    node_int(node_get(n, "bytes"), &m->bytes) && m->bytes >= 0;
}

static int parse(struct bundle *p, const struct str *text, struct err *err)
{
	struct tree *t = tree_json(text->s, text->len, PACKAGE_MANIFEST, err);
	struct node *root = t != NULL ? tree_root(t) : NULL;
	const char *word;
	int64_t version = 0;
	bool good;

	if (t == NULL) {
		err->kind = ERR_VERIFY;
		return -1;
	}
	good = node_int(node_get(root, "package"), &version) && version == 1 &&
	    copy(root, "as_of", p->as_of, sizeof(p->as_of)) &&
	    copy(root, "version", p->version, sizeof(p->version)) &&
	    copy(root, "journal_head", p->head, sizeof(p->head)) &&
	    copy(root, "evidence", p->evidence, sizeof(p->evidence)) &&
	    copy(root, "tailoring", p->tailoring, sizeof(p->tailoring));
	if ((word = node_text(node_get(root, "formats"))) != NULL)
		p->formats = mem_dup(word);
	if ((word = node_text(node_get(root, "signature"))) != NULL)
		p->signature = mem_dup(word);
	p->digests_only = node_is_true(node_get(root, "digests_only"));
	NODE_EACH(n, node_get(root, "members"))
		good = good && member(p, n);
	tree_free(t);
	return good && p->n > 0 ? 0 : err_set(err, ERR_VERIFY, "%s is none "
	    "that this muster writes", PACKAGE_MANIFEST);
}

/* One member against its line of the manifest, and into its file. */
static int check(struct pack *k, const struct package_member *m, int fd,
    struct found *f, struct err *err)
{
	struct sha *sha = sha_new();
	char hex[SHA_HEX];
	int64_t bytes = 0;
	const void *p;
	ssize_t n;
	int rc = 0;

	while (rc == 0 && (n = pack_read(k, &p, err)) != 0) {
		if (n < 0) {
			rc = err_during(err, "reading the member %s", m->name);
			break;
		}
		if ((bytes += n) > m->bytes)
			break;
		sha_add(sha, p, (size_t)n);
		if (fd >= 0)
			rc = scratch_write(fd, p, (size_t)n, err);
	}
	sha_end_hex(sha, hex);
	sha_free(sha);
	if (rc < 0)
		return -1;
	if (bytes != m->bytes || strcmp(hex, m->sha256) != 0)
		found_add(f, "%s is not as the manifest says: %lld bytes with "
		    "sha256 %.16s..., not %lld with %.16s...", m->name,
		    (long long)bytes, hex, (long long)m->bytes, m->sha256);
	/* evidence is named after its own digest */
	else if (str_starts(m->name, "evidence/") && strcmp(m->name +
	    strlen("evidence/"), hex) != 0)
		found_add(f, "%s has sha256 %s", m->name, hex);
	return 0;
}

static bool is_wanted(const char *name, bool whole)
{
	return whole || str_eq(name, "artifacts.jsonl") ||
	    str_eq(name, "journal.jsonl");
}

static int one(struct pack *k, const struct package_member *m,
    const char *dir, bool whole, struct found *f, struct err *err)
{
	bool wanted = is_wanted(m->name, whole);
	int fd = wanted ? scratch_open(dir, m->name, err) : -1;
	int rc = wanted && fd < 0 ? -1 : check(k, m, fd, f, err);

	if (fd >= 0)
		close(fd);
	return rc;
}

/* Which of them has the name: the one that is due (at), a later, an earlier
 * one, or none (n). */
static size_t find(const struct bundle *p, size_t at, const char *name)
{
	for (size_t i = 0; i < p->n; i++) {
		size_t k = (at + i) % p->n;

		if (strcmp(p->member[k].name, name) == 0)
			return k;
	}
	return p->n;
}

/* One of the archive, where the manifest has *at next. */
static int meet(struct pack *k, const struct bundle *p, const char *name,
    size_t *at, const char *dir, bool whole, struct found *f, struct err *err)
{
	size_t is = find(p, *at, name);

	if (is == p->n)
		found_add(f, "the member %s is not in the manifest", name);
	else if (is < *at)
		found_add(f, "the member %s comes twice, or is not in its "
		    "place", name);
	if (is == p->n || is < *at)
		return 0;
	for (; *at < is; ++*at)
		found_add(f, "the member %s is missing: %s is in its place",
		    p->member[*at].name, name);
	return one(k, &p->member[(*at)++], dir, whole, f, err);
}

/* All of them; what differs does not keep the others from being looked at,
 * while they can be read. */
static int members(struct pack *k, const struct bundle *p, const char *dir,
    bool whole, struct found *f, struct err *err)
{
	int64_t size, left = cap(CAP_PACKAGE_BYTES);
	const char *name;
	size_t at = 0;
	int rc;

	for (size_t i = 0; i < p->n; i++) {
		if (p->member[i].bytes > left)
			return err_set(err, ERR_VERIFY, "its members are too "
			    "large together: %s", cap_hint(CAP_PACKAGE_BYTES));
		left -= p->member[i].bytes;
	}
	while ((rc = pack_next(k, &name, &size, err)) > 0 && f->n < FOUND_MAX)
		if ((rc = meet(k, p, name, &at, dir, whole, f, err)) < 0)
			break;
	if (rc < 0)
		return at < p->n ? err_during(err, "looking for the member "
		    "%s", p->member[at].name) : -1;
	for (; at < p->n && f->n < FOUND_MAX; at++)
		found_add(f, "the member %s is missing: the end is in its "
		    "place", p->member[at].name);
	return 0;
}

static int signature(struct ctx *c, const struct bundle *p,
    const struct package_opts *o, const struct str *man,
    const struct str *sig, struct str *who, struct err *err)
{
	bool good;

	if (p->signature == NULL)
		return o->key == NULL ? 0 : err_set(err, ERR_VERIFY, "it is "
		    "not signed; a signature by the key of %s was expected",
		    o->key);
	if (signing_good(o->key, c->as_of, man, sig, who, &good, err) < 0)
		return -1;
	return good ? 0 : err_set(err, ERR_VERIFY, "the signature %s of the "
	    "manifest does not count: %s", p->signature, str_text(who));
}

/* The next line, without its end: 1, 0 at the end of the file, -1. */
static int next_line(FILE *f, struct str *line, struct err *err)
{
	char piece[65536];

	str_clear(line);
	while (fgets(piece, sizeof(piece), f) != NULL) {
		str_add(line, piece);
		if (line->len > (size_t)cap(CAP_PACKAGE_LINE) + 1)
			return err_set(err, ERR_VERIFY, "a line that is too "
			    "long: %s", cap_hint(CAP_PACKAGE_LINE));
		if (line->len > 0 && line->s[line->len - 1] == '\n') {
			line->s[--line->len] = '\0';
			return 1;
		}
	}
	return line->len == 0 && feof(f) ? 0 : err_set(err, ERR_VERIFY,
	    "a line that is cut, or is none");
}

int package_read_lines(const char *dir, const char *name,
    package_line_fn *fn, void *ctx, struct err *err)
{
	struct str path = STR_INIT, line = STR_INIT;
	int64_t count = 0;
	FILE *f;
	int rc = 0;

	str_addf(&path, "%s/%s", dir, name);
	if ((f = fopen(path.s, "re")) == NULL) {
		rc = err_set(err, ERR_VERIFY, "%s is missing", name);
		str_free(&path);
		return rc;
	}
	while (rc == 0 && (rc = next_line(f, &line, err)) != 0) {
		count++;
		if (rc > 0)
			rc = fn(ctx, line.s, line.len, err);
		/* what the store does not take was no row of ours */
		if (rc < 0 && (err->kind == ERR_STORE ||
		    err->kind == ERR_DAMAGED))
			err->kind = ERR_VERIFY;
		if (rc < 0) {
			err->file[0] = '\0';
			err_at(err, name, count, -1);
		}
	}
	fclose(f);
	str_free(&line);
	str_free(&path);
	return rc;
}

static int entry(void *ctx, const char *line, size_t len, struct err *err)
{
	struct store *st = ctx;

	(void)len;
	if (store_run(st, SQL_PACKAGE_CHAIN_ADD, BIND(V(line)), err) < 0 ||
	    store_run(st, SQL_PACKAGE_ENTRY_ADD, BIND(V(line)), err) < 0)
		return -1;
	return store_run(st, SQL_PACKAGE_EVENT_ADD, BIND(V(line)), err);
}

int package_read_journal(struct store *st, const char *dir, struct err *err)
{
	return package_read_lines(dir, "journal.jsonl", entry, st, err);
}

/* What the list of artifacts says, line by line, against the journal. */
struct against {
	struct store	*store;
	struct sha	*sha;
	int64_t		 n;
};

static int artifact(void *ctx, const char *line, size_t len, struct err *err)
{
	struct against *a = ctx;
	struct tree *t = tree_json(line, len, "artifacts.jsonl", err);
	const char *sha256, *records;
	struct query q;
	int rc;

	if (t == NULL)
		return -1;
	sha256 = node_text(node_get(tree_root(t), "sha256"));
	records = node_text(node_get(tree_root(t), "records"));
	query_open(&q, a->store, SQL_EVIDENCE_JOURNALLED, BIND(V(sha256)));
	while ((rc = query_next(&q, err)) > 0)
		if (str_eq(query_text(&q, 0), records))
			break;
	query_close(&q);
	if (rc == 0)
		rc = err_set(err, ERR_VERIFY, "the journal tells of no import "
		    "of %.16s... with these records", sha256 != NULL ?
		    sha256 : "");
	tree_free(t);
	sha_add(a->sha, line, len);
	sha_add(a->sha, "\n", 1);
	a->n++;
	return rc < 0 ? -1 : 0;
}

/* In a database of its own, not in memory: nothing bounds it but the package.
 * Its chains, its events, its head. */
static int journal(const struct bundle *p, const char *dir,
    int64_t *artifacts, int64_t *entries, struct err *err)
{
	struct against a = { NULL, sha_new(), 0 };
	char head[SHA_HEX], evidence[SHA_HEX];
	struct str db = STR_INIT;
	struct store *st;
	int64_t events;
	int rc = -1;

	str_addf(&db, "%s/.journal.db", dir);
	if ((a.store = st = store_open(db.s, STORE_CREATE, err)) == NULL)
		goto out;
	if (store_begin(st, err) < 0 ||
	    store_run(st, SQL_PACKAGE_NO_CHAIN, NOBIND, err) < 0 ||
	    package_read_journal(st, dir, err) < 0 ||
	    journal_verify(st, entries, err) < 0 ||
	    event_verify(st, &events, err) < 0 ||
	    journal_head(st, head, err) < 0 ||
	    package_read_lines(dir, "artifacts.jsonl", artifact, &a, err) < 0)
		goto out;
	sha_end_hex(a.sha, evidence);
	*artifacts = a.n;
	rc = strcmp(head, p->head) != 0 ? err_set(err, ERR_VERIFY, "the "
	    "journal's head is %.16s..., not %.16s... as the manifest says",
	    head, p->head) : strcmp(evidence, p->evidence) != 0 ?
	    err_set(err, ERR_VERIFY, "artifacts.jsonl is not what the "
	    "manifest says") : 0;
out:
	sha_free(a.sha);
	store_close(st);
	str_free(&db);
	return rc;
}

/* All of it; who gets the signer. */
static int read_all(struct ctx *c, const struct package_opts *o,
    struct bundle *p, int fd, const char *dir, struct str *who,
    struct found *f, struct err *err)
{
	struct str man = STR_INIT, sig = STR_INIT;
	struct pack *k = pack_open(fd, err);
	int rc = -1;

	if (k == NULL)
		return -1;
	if (slurp(k, PACKAGE_MANIFEST, CAP_PACKAGE_MANIFEST, &man, err) == 0
	    && parse(p, &man, err) == 0 && (p->signature == NULL ||
	    slurp(k, p->signature, CAP_SIGNATURE_BYTES, &sig, err) == 0) &&
	    signature(c, p, o, &man, &sig, who, err) == 0 &&
	    (members(k, p, dir, o->replay, f, err) == 0 ||
	    (f->n > 0 && found_err(f, err) == 0)))
		/* the seal knows no more than what was found */
		rc = f->n > 0 ? 0 : pack_sealed(fd, err);
	pack_close(k);
	str_free(&man);
	str_free(&sig);
	return rc;
}

static void told(const struct bundle *p, const struct package_opts *o,
    const char *who, int64_t artifacts, int64_t entries)
{
	printf("verified: %zu members, %lld artifacts, %lld journal entries, "
	    "head %s\n", p->n, (long long)artifacts, (long long)entries,
	    p->head);
	if (p->signature == NULL)
		printf("not signed\n");
	else {
		printf("signed by ");
		str_safe(stdout, who);
		printf("%s\n", o->key != NULL ? "" : " (whoever that is: "
		    "--key FILE says who it has to be)");
	}
}

int package_read(struct ctx *c, const struct package_opts *o,
    struct err *err)
{
	struct found f = { .tell = verify_tell, .ctx = (void *)o->file };
	struct bundle p = { .formats = NULL };
	struct str who = STR_INIT;
	int64_t artifacts = 0, entries = 0;
	char *dir = NULL;
	int fd, rc = -1;

	if ((fd = input_file(o->file, "a package", err)) < 0)
		return -1;
	if ((dir = scratch_make(NULL, err)) != NULL &&
	    read_all(c, o, &p, fd, dir, &who, &f, err) == 0)
		rc = f.n > 0 ? verify_told(&f, err) :
		    journal(&p, dir, &artifacts, &entries, err);
	if (rc == 0 && o->replay)
		rc = package_replay(c, &p, dir, o, err);
	if (rc == 0)
		told(&p, o, str_text(&who), artifacts, entries);
	else if (err->kind == ERR_VERIFY || err->kind == ERR_INPUT)
		err_at(err, o->file, 0, -1);
	scratch_remove(dir);
	free(dir);
	close(fd);
	str_free(&who);
	package_free(&p);
	return rc;
}
