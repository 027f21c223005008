/*
 * merge.c - "muster merge": the databases of several assessors as one.
 *
 * Journals come to lie side by side, chain by chain; evidence is joined by its
 * digest, what people said by chain and number.  Of the same file read twice
 * one reading is kept, chosen by what it says and not by the order of the
 * databases.  Verdicts are not joined: "muster assess" decides anew.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "muster/assess.h"
#include "muster/command.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/sha.h"
#include "muster/sink.h"
#include "muster/str.h"
#include "head.h"
#include "verify.h"

/* One reading of a file. */
struct reading {
	char		 sha256[SHA_HEX], digest[SHA_HEX];
	char		*name, *batch;
	int64_t		 id, version;
	int		 source;
};

struct merge {
	struct store	*into;
	struct store	**from;
	char		**path;
	int		 n;
	struct reading	*reading;
	size_t		 readings, cap;
	long long	 artifacts, entries, conflicts;
};

static void conflict(struct merge *m, const char *what, const char *a,
    const char *b)
{
	m->conflicts++;
	printf("conflict: ");
	str_safe(stdout, what);
	printf(": ");
	str_safe(stdout, a);
	printf(" was kept, not ");
	str_safe(stdout, b);
	putchar('\n');
}

static int read_list(struct merge *m, int source, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, m->from[source], SQL_MERGE_ARTIFACTS, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		struct reading *r;

		MEM_ROOM(m->reading, m->readings, m->cap);
		r = &m->reading[m->readings++];
		*r = (struct reading){ .id = query_int(&q, 0),
		    .version = query_int(&q, 2), .source = source,
		    .name = mem_dup(query_text(&q, 3)),
		    .batch = mem_dup(query_text(&q, 4)) };
		snprintf(r->sha256, sizeof(r->sha256), "%s",
		    query_text(&q, 1));
		if ((rc = evidence_digest(m->from[source], r->id, r->digest,
		    err)) < 0)
			break;
	}
	query_close(&q);
	return rc;
}

/* The best reading of a file first: by the newest importer, else whichever
 * has the lower digest. */
static int by_worth(const void *a, const void *b)
{
	const struct reading *x = a, *y = b;
	int rc = strcmp(x->sha256, y->sha256);

	if (rc == 0)
		rc = (x->version < y->version) - (x->version > y->version);
	return rc != 0 ? rc : strcmp(x->digest, y->digest);
}

static int put(void *ctx, const struct rec *rec, struct err *err)
{
	/* evidence_begin() made the first target itself */
	if (rec->kind == REC_TARGET && str_eq(rec->f[0].p, "0"))
		return 0;
	return evidence_put(ctx, rec, err);
}

static int chunks(struct store *from, int64_t id, struct evidence *ev,
    struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, from, SQL_CHUNKS, BIND(V(id)));
	while ((rc = query_next(&q, err)) > 0) {
		struct rec rec = { .kind = REC_CHUNK, .n = 2 };

		rec.f[0].p = query_text(&q, 0);
		rec.f[0].len = strlen(rec.f[0].p);
		rec.f[1].p = query_blob(&q, 1, &rec.f[1].len);
		if ((rc = evidence_put(ev, &rec, err)) < 0)
			break;
	}
	query_close(&q);
	return rc;
}

static int copy(struct merge *m, const struct reading *r, struct err *err)
{
	struct store *from = m->from[r->source];
	struct evidence *ev = evidence_begin(m->into, err);
	char digest[SHA_HEX] = "";
	struct artifact a;
	struct query q;
	int rc = -1;

	query_open(&q, from, SQL_ARTIFACT_ROW, BIND(V(r->id)));
	if (ev != NULL && evidence_walk(from, r->id, put, ev, err) == 0 &&
	    chunks(from, r->id, ev, err) == 0 && query_next(&q, err) > 0) {
		evidence_row(&q, &a);
		rc = evidence_end(ev, &a, digest, err);
	}
	query_close(&q);
	evidence_free(ev);
	if (rc == 0 && strcmp(digest, r->digest) != 0)
		rc = err_set(err, ERR_BUG, "%s was copied with other records",
		    r->name);
	m->artifacts += rc == 0;
	return rc;
}

/* What there is already of a file: its digest and name, or "". */
static int held(struct merge *m, const char *sha256, char digest[SHA_HEX],
    struct str *name, struct err *err)
{
	struct query q;
	int rc;

	digest[0] = '\0';
	query_open(&q, m->into, SQL_MERGE_HELD, BIND(V(sha256)));
	if ((rc = query_next(&q, err)) > 0) {
		str_add(name, query_text(&q, 1));
		rc = evidence_digest(m->into, query_int(&q, 0), digest, err);
	}
	query_close(&q);
	return rc;
}

/* All readings of one file. */
static int file(struct merge *m, size_t first, size_t n, struct err *err)
{
	const struct reading *r = &m->reading[first];
	char digest[SHA_HEX];
	struct str name = STR_INIT, what = STR_INIT;
	int rc = held(m, r->sha256, digest, &name, err);

	if (rc == 0 && digest[0] == '\0' && (rc = copy(m, r, err)) == 0) {
		snprintf(digest, sizeof(digest), "%s", r->digest);
		str_add(&name, r->name);
	}
	str_addf(&what, "%.16s... was read more than once, and not in the same way",
	    r->sha256);
	for (size_t i = 0; i < n && rc == 0; i++)
		if (strcmp(r[i].digest, digest) != 0 &&
		    (strcmp(r[i].name, str_text(&name)) != 0 ||
		    r[i].version != r->version))
			conflict(m, what.s, str_text(&name), r[i].name);
	str_free(&name);
	str_free(&what);
	return rc;
}

static int evidence(struct merge *m, struct err *err)
{
	size_t n;

	for (int i = 0; i < m->n; i++)
		if (read_list(m, i, err) < 0)
			return err_during(err, "reading %s", m->path[i]);
	if (m->readings > 0)
		qsort(m->reading, m->readings, sizeof(*m->reading), by_worth);
	for (size_t i = 0; i < m->readings; i += n) {
		for (n = 1; i + n < m->readings && strcmp(m->reading[i].sha256,
		    m->reading[i + n].sha256) == 0; n++)
			;
		if (file(m, i, n, err) < 0)
			return -1;
	}
	return 0;
}

/* One entry of a journal, with its event: there, or new, or a fork. */
static int entry(struct merge *m, const char *line, const char *path,
    struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, m->into, SQL_MERGE_ENTRY, BIND(V(line)));
	if ((rc = query_next(&q, err)) > 0 && query_int(&q, 0) == 0)
		rc = err_set(err, ERR_INPUT, "%s and a database merged before "
		    "it are copies of one that both went on: their journals "
		    "%.8s differ from entry %lld on, so they cannot be one",
		    path, query_text(&q, 1), (long long)query_int(&q, 2));
	query_close(&q);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	m->entries++;
	if (store_run(m->into, SQL_PACKAGE_CHAIN_ADD, BIND(V(line)), err) < 0
	    || store_run(m->into, SQL_PACKAGE_ENTRY_ADD, BIND(V(line)), err)
	    < 0)
		return -1;
	return store_run(m->into, SQL_PACKAGE_EVENT_ADD, BIND(V(line)), err);
}

static int journals(struct merge *m, struct err *err)
{
	struct query q;
	int rc = 0;

	for (int i = 0; i < m->n && rc == 0; i++) {
		query_open(&q, m->from[i], SQL_PACKAGE_JOURNAL, NOBIND);
		while ((rc = query_next(&q, err)) > 0)
			if ((rc = entry(m, query_text(&q, 0), m->path[i],
			    err)) < 0)
				break;
		query_close(&q);
	}
	return rc;
}

/* None of two markings is the higher one for us: both stand, until somebody
 * says which. */
static int markings(struct merge *m, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, m->into, SQL_MARKS_CONFLICTING, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		m->conflicts++;
		printf("conflict: markings of the ");
		str_safe(stdout, query_text(&q, 0));
		printf(", both are kept: ");
		str_safe(stdout, query_text(&q, 2));
		printf(" (\"muster mark\" settles it)\n");
	}
	query_close(&q);
	return rc;
}

static int join(struct merge *m, struct err *err)
{
	struct str detail = STR_INIT;
	int64_t n;
	int rc;

	if (journals(m, err) < 0 || evidence(m, err) < 0)
		return -1;
	if (m->artifacts == 0 && m->entries == 0)
		return 0;
	str_addf(&detail, "%d databases: %lld artifacts, %lld entries", m->n,
	    m->artifacts, m->entries);
	rc = journal_add(m->into, "merge", detail.s, "", err);
	str_free(&detail);
	if (rc < 0 || journal_verify(m->into, &n, err) < 0 ||
	    event_verify(m->into, &n, err) < 0 || markings(m, err) < 0)
		return -1;
	return assess_attach(m->into, err);
}

/* Nothing damaged is merged, and nothing with itself. */
static int open_all(struct merge *m, const struct ctx *c, struct err *err)
{
	struct stat a, b;

	for (int i = 0; i < m->n; i++) {
		if (stat(m->path[i], &a) == 0 && stat(c->db, &b) == 0 &&
		    a.st_dev == b.st_dev && a.st_ino == b.st_ino)
			return err_set(err, ERR_USAGE, "%s is the database "
			    "that the others go into (-d)", m->path[i]);
		m->from[i] = store_open(m->path[i], STORE_READ, err);
		if (m->from[i] == NULL)
			return -1;
		if (verify_store_whole(c, m->from[i], err) < 0)
			return err_at(err, m->path[i], 0, -1);
	}
	return 0;
}

static int run(struct ctx *c, struct err *err)
{
	struct merge m = { .path = c->argv, .n = c->argc };
	int rc = -1;

	m.from = mem_array((size_t)m.n, sizeof(struct store *));
	if (open_all(&m, c, err) < 0 ||
	    (m.into = c->store = store_open(c->db, STORE_CREATE, err)) == NULL
	    || verify_store_whole(c, m.into, err) < 0)
		goto out;
	if (store_begin(m.into, err) < 0)
		goto out;
	if (join(&m, err) < 0 || store_commit(m.into, err) < 0)
		store_rollback(m.into);
	else
		rc = 0;
	if (rc == 0 && !c->quiet)
		printf("merged: %lld artifacts and %lld journal entries are "
		    "new, %lld conflicts\n", m.artifacts, m.entries,
		    m.conflicts);
	if (rc == 0)
		rc = head_say(c, err);
out:
	for (int i = 0; i < m.n; i++)
		store_close(m.from[i]);
	for (size_t i = 0; i < m.readings; i++) {
		free(m.reading[i].name);
		free(m.reading[i].batch);
	}
	free(m.reading);
	free(m.from);
	return rc;
}

const struct command cmd_merge = {
	.name = "merge",
	.operands = "DB...",
	.about = "join the databases of several assessors into this one",
	.least = 1, .most = -1,
	.are = OPERANDS_DB,
	.no_store = true,
	.temporary = true,
	.run = run,
};
