/*
 * evidence.c - the records of one file become rows, and a digest of them.
 *
 * The insert statements are made from sink_rec.def, so a new field is one
 * change there and one in the schema.  The digest covers every stored field
 * of the artifact in order; the journal keeps it, and "muster verify" makes
 * it again from the tables.
 */
#include <stdlib.h>
#include <string.h>

#include "muster/err.h"
#include "muster/mem.h"
#include "muster/sha.h"
#include "muster/sink.h"
#include "muster/str.h"
#include "feed.h"

static const char *const tables[REC_KINDS] = {
#define REC(name, table, columns) [REC_##name] = table,
#include "muster/sink_rec.def"
#undef REC
};

static const char *const columns[REC_KINDS] = {
#define REC(name, table, columns) [REC_##name] = columns,
#include "muster/sink_rec.def"
#undef REC
};

/*
 * One running digest per kind, since the tables are read one by one later.
 * Records wait for it, and for their rows (feed.c), until there are some.
 */
#define WAITING_BYTES 32768

struct digest {
	struct sha	*sha;
	unsigned char	*buf;
	size_t		 len, cap;
	int64_t		*targets;	/* row ids, of records that have one */
	size_t		 rows, cap_rows;
};

struct evidence {
	struct store	*store;
	int64_t		 artifact;
	int64_t		*targets;	/* ordinal to row id */
	size_t		 ntargets, cap;
	int64_t		 stored, chunks;
	sqlite3_stmt	*add[REC_KINDS];	/* prepared on first use */
	size_t		 fields[REC_KINDS];	/* known then */
	struct digest	 digests[REC_KINDS];
};

/* Records whose first column is the target they belong to. */
static bool has_target(int kind)
{
	return str_starts(columns[kind], "target,");
}

static unsigned char *room(struct digest *d, size_t more)
{
	if (d->cap - d->len < more) {
		d->cap = (d->len + more) * 2 + WAITING_BYTES;
		d->buf = mem_grow(d->buf, d->cap, 1);
	}
	return d->buf + d->len;
}

static unsigned char *add_field(unsigned char *to, const void *p, size_t len)
{
	const unsigned char head[FEED_HEAD] = { p != NULL,
	    (unsigned char)len, (unsigned char)(len >> 8),
	    (unsigned char)(len >> 16), (unsigned char)(len >> 24) };

	memcpy(to, head, sizeof(head));
	if (p == NULL)
		return to + FEED_HEAD;
	memcpy(to + FEED_HEAD, p, len);
	return to + FEED_HEAD + len;
}

static void digest_field(struct digest *d, const void *p, size_t len)
{
	d->len = (size_t)(add_field(room(d, FEED_HEAD + len), p, len) -
	    d->buf);
}

static void digest_record(struct digest *d, const struct rec *rec)
{
	unsigned char *to;
	size_t all = 0;

	for (size_t i = 0; i < rec->n; i++)
		all += FEED_HEAD + rec->f[i].len;
	to = room(d, all);
	for (size_t i = 0; i < rec->n; i++)
		to = add_field(to, rec->f[i].p, rec->f[i].len);
	d->len = (size_t)(to - d->buf);
}

/* What waits is done with. */
static void digest_flush(struct digest *d)
{
	if (d->len > 0)
		sha_add(d->sha, d->buf, d->len);
	d->len = d->rows = 0;
	if (d->cap > 4 * WAITING_BYTES) {	/* one long record */
		free(d->buf);
		d->buf = NULL;
		d->cap = 0;
	}
}

static void digests_init(struct digest d[REC_KINDS])
{
	memset(d, 0, REC_KINDS * sizeof(*d));
	for (int k = 0; k < REC_KINDS; k++)
		if (tables[k] != NULL)
			d[k].sha = sha_new();
}

static void digests_free(struct digest d[REC_KINDS])
{
	for (int k = 0; k < REC_KINDS; k++) {
		sha_free(d[k].sha);
		free(d[k].buf);
		free(d[k].targets);
	}
}

static void artifact_digest(struct sha *sha, const struct artifact *a)
{
	struct digest d = { .sha = sha };
	const char *const texts[] = {
		a->sha256, a->name, a->format, a->importer, a->batch, a->tool,
		a->tool_version, a->tool_db, a->produced
	};
	const int64_t numbers[] = {
		a->bytes, a->importer_version, a->kept, a->read, a->stored,
		a->merged, a->unplaced
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		digest_field(&d, texts[i],
		    texts[i] != NULL ? strlen(texts[i]) : 0);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		digest_field(&d, &numbers[i], sizeof(numbers[i]));
	digest_flush(&d);
	free(d.buf);
}

/* All kinds' digests and the artifact's own row, as one. */
static void digests_end(struct digest d[REC_KINDS], const struct artifact *a,
    char out[SHA_HEX])
{
	struct sha *all = sha_new();

	for (int k = 0; k < REC_KINDS; k++) {
		unsigned char one[SHA_BYTES];

		if (d[k].sha == NULL)
			continue;
		digest_flush(&d[k]);
		sha_end(d[k].sha, one);
		sha_add(all, one, sizeof(one));
	}
	artifact_digest(all, a);
	sha_end_hex(all, out);
	sha_free(all);
}

/* The statement that takes what waits of a kind. */
static int prepare(struct evidence *ev, int kind, struct err *err)
{
	struct str sql = STR_INIT;
	size_t n = 1;
	int rc = 0;

	for (const char *p = columns[kind]; *p != '\0'; p++)
		n += *p == ',';
	ev->fields[kind] = n;
	str_addf(&sql, "INSERT INTO %s(%s%s) SELECT %s", tables[kind],
	    has_target(kind) ? "" : "artifact, ", columns[kind],
	    has_target(kind) ? "c0" : "?1, c0");
	for (size_t i = 1; i < n; i++)
		str_addf(&sql, ",c%zu", i);
	str_add(&sql, " FROM evidence_feed");
	if ((!ev->store->fed && feed_module(ev->store) != SQLITE_OK) ||
	    sqlite3_prepare_v3(ev->store->db, sql.s, -1,
	    SQLITE_PREPARE_PERSISTENT, &ev->add[kind], NULL) != SQLITE_OK ||
	    (!has_target(kind) && sqlite3_bind_int64(ev->add[kind], 1,
	    ev->artifact) != SQLITE_OK))
		rc = store_fail(ev->store, sql.s, err);
	else
		ev->store->fed = true;
	str_free(&sql);
	return rc;
}

struct evidence *evidence_begin(struct store *st, struct err *err)
{
	struct evidence *ev = mem_alloc(sizeof(*ev));
	const struct rec whole = { REC_TARGET, 5, {
		{ "0", 1 }, { "file", 4 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }
	} };

	ev->store = st;
	digests_init(ev->digests);
	if (store_run(st, SQL_ARTIFACT_OPEN, NOBIND, err) < 0)
		goto fail;
	ev->artifact = store_last_id(st);
	if (evidence_put(ev, &whole, err) < 0)
		goto fail;
	ev->stored = 0;
	return ev;
fail:
	evidence_free(ev);
	return NULL;
}

void evidence_free(struct evidence *ev)
{
	if (ev == NULL)
		return;
	for (int k = 0; k < REC_KINDS; k++)
		sqlite3_finalize(ev->add[k]);
	digests_free(ev->digests);
	free(ev->targets);
	free(ev);
}

static int put_chunk(struct evidence *ev, const struct rec *rec,
    struct err *err)
{
	int64_t raw;

	if (rec->n != 2 || !str_int(rec->f[0].p, 0, 1 << 30, &raw))
		return err_set(err, ERR_BUG, "a chunk record without a size");
	return store_run(ev->store, SQL_CHUNK_ADD, BIND(V(ev->artifact),
	    V(ev->chunks++), V(raw), val_blob(rec->f[1].p, rec->f[1].len)),
	    err);
}

/* The row id of the target a record names by its ordinal. */
static int find_target(struct evidence *ev, const struct field *f,
    int64_t *id, struct err *err)
{
	int64_t n;

	if (!str_int(f->p, 0, (int64_t)ev->ntargets - 1, &n))
		return err_set(err, ERR_BUG, "a record about target \"%s\" of "
		    "%zu", f->p != NULL ? f->p : "", ev->ntargets);
	*id = ev->targets[n];
	return 0;
}

/* What waits of one kind becomes rows. */
static int flush(struct evidence *ev, int kind, struct err *err)
{
	struct digest *d = &ev->digests[kind];
	const struct feed feed = {
		d->buf, d->rows, ev->fields[kind],
		has_target(kind) ? d->targets : NULL
	};
	int rc = 0;

	if (d->rows == 0)
		return 0;
	ev->store->feed = &feed;
	if (sqlite3_step(ev->add[kind]) != SQLITE_DONE)
		rc = store_fail(ev->store, tables[kind], err);
	sqlite3_reset(ev->add[kind]);
	ev->store->feed = NULL;
	digest_flush(d);
	return rc;
}

int evidence_flush(struct evidence *ev, struct err *err)
{
	for (int k = 0; k < REC_KINDS; k++)
		if (flush(ev, k, err) < 0)
			return -1;
	return 0;
}

/* Put a record behind those that wait. */
static int wait(struct evidence *ev, const struct rec *rec, struct err *err)
{
	struct digest *d = &ev->digests[rec->kind];

	if (ev->add[rec->kind] == NULL &&
	    prepare(ev, (int)rec->kind, err) < 0)
		return -1;
	if (rec->n != ev->fields[rec->kind])
		return err_set(err, ERR_BUG, "%zu fields for a %s record",
		    rec->n, tables[rec->kind]);
	if (d->rows == d->cap_rows) {
		d->cap_rows = d->cap_rows * 2 + 64;
		d->targets = mem_grow(d->targets, d->cap_rows,
		    sizeof(*d->targets));
	}
	d->targets[d->rows] = 0;
	if (has_target((int)rec->kind) &&
	    find_target(ev, &rec->f[0], &d->targets[d->rows], err) < 0)
		return -1;
	d->rows++;
	digest_record(d, rec);
	return d->len < WAITING_BYTES ? 0 : flush(ev, (int)rec->kind, err);
}

int evidence_put(struct evidence *ev, const struct rec *rec, struct err *err)
{
	if (rec->kind == REC_CHUNK)
		return put_chunk(ev, rec, err);
	if (rec->kind >= REC_KINDS || tables[rec->kind] == NULL)
		return err_set(err, ERR_BUG, "record kind %d has no table",
		    (int)rec->kind);
	if (wait(ev, rec, err) < 0)
		return -1;
	if (rec->kind == REC_TARGET) {
		/* others need its row id */
		if (flush(ev, REC_TARGET, err) < 0)
			return -1;
		MEM_ROOM(ev->targets, ev->ntargets, ev->cap);
		ev->targets[ev->ntargets++] = store_last_id(ev->store);
	} else if (rec->kind != REC_IDENTITY && rec->kind != REC_FACT &&
	    rec->kind != REC_WARNING) {
		ev->stored++;
	}
	return 0;
}

int64_t evidence_stored(const struct evidence *ev)
{
	return ev->stored;
}

int64_t evidence_id(const struct evidence *ev)
{
	return ev->artifact;
}

int evidence_end(struct evidence *ev, const struct artifact *a,
    char digest[65], struct err *err)
{
	if (evidence_flush(ev, err) < 0 ||
	    store_run(ev->store, SQL_ARTIFACT_SET, BIND(V(ev->artifact),
	    V(a->sha256), V(a->bytes), V(a->name), V(a->format),
	    V(a->importer), V(a->importer_version), V(a->tool),
	    V(a->tool_version), V(a->tool_db), V(a->produced), V(a->kept),
	    V(a->batch), V(a->read), V(a->stored), V(a->merged),
	    V(a->unplaced)), err) < 0)
		return -1;
	digests_end(ev->digests, a, digest);
	return 0;
}

/* Told of every row of one table, as it was sent. */
struct redo {
	evidence_fn	*fn;
	void		*ctx;
};

static int redo_row(sqlite3_stmt *stmt, int kind, const struct redo *r,
    struct err *err)
{
	struct rec rec = { .kind = (enum rec_kind)kind };

	rec.n = (size_t)sqlite3_column_count(stmt);
	for (int i = 0; i < (int)rec.n; i++) {
		rec.f[i].p = (const char *)sqlite3_column_text(stmt, i);
		rec.f[i].len = (size_t)sqlite3_column_bytes(stmt, i);
	}
	return r->fn(r->ctx, &rec, err);
}

static int redo_table(struct store *st, int kind, int64_t artifact,
    const struct redo *r, struct err *err)
{
	struct str sql = STR_INIT;
	sqlite3_stmt *stmt = NULL;
	int rc = -1, step;

	if (has_target(kind)) {
		/* every column but the first, behind the target's ordinal;
		 * numbers alone are sorted, and there may be millions */
		str_addf(&sql, "SELECT (SELECT n FROM target WHERE id = "
		    "t.target), %s FROM (SELECT id AS place FROM %s WHERE target "
		    "IN (SELECT id FROM target WHERE artifact = ?1) ORDER BY "
		    "id LIMIT -1) CROSS JOIN %s t ON t.id = place",
		    strchr(columns[kind], ',') + 1, tables[kind],
		    tables[kind]);
	} else {
		str_addf(&sql, "SELECT %s FROM %s WHERE artifact = ?1 "
		    "ORDER BY id", columns[kind], tables[kind]);
	}
	if (sqlite3_prepare_v2(st->db, sql.s, -1, &stmt, NULL) != SQLITE_OK ||
	    sqlite3_bind_int64(stmt, 1, artifact) != SQLITE_OK) {
		store_fail(st, sql.s, err);
		goto out;
	}
	while ((step = sqlite3_step(stmt)) == SQLITE_ROW)
		if (redo_row(stmt, kind, r, err) < 0)
			goto out;
	rc = step == SQLITE_DONE ? 0 : store_fail(st, sql.s, err);
out:
	sqlite3_finalize(stmt);
	str_free(&sql);
	return rc;
}

int evidence_walk(struct store *st, int64_t artifact, evidence_fn *fn,
    void *ctx, struct err *err)
{
	const struct redo r = { fn, ctx };

	for (int k = 0; k < REC_KINDS; k++)
		if (tables[k] != NULL &&
		    redo_table(st, k, artifact, &r, err) < 0)
			return -1;
	return 0;
}

const char *evidence_table(int kind)
{
	return kind >= 0 && kind < REC_KINDS ? tables[kind] : NULL;
}

static int into_digest(void *ctx, const struct rec *rec, struct err *err)
{
	struct digest *d = ctx;

	(void)err;
	digest_record(&d[rec->kind], rec);
	if (d[rec->kind].len >= WAITING_BYTES)
		digest_flush(&d[rec->kind]);
	return 0;
}

void evidence_row(const struct query *q, struct artifact *a)
{
	*a = (struct artifact){
		.sha256 = query_null(q, 0), .bytes = query_int(q, 1),
		.name = query_null(q, 2), .format = query_null(q, 3),
		.importer = query_null(q, 4),
		.importer_version = query_int(q, 5),
		.tool = query_null(q, 6), .tool_version = query_null(q, 7),
		.tool_db = query_null(q, 8), .produced = query_null(q, 9),
		.kept = query_int(q, 10), .batch = query_null(q, 11),
		.read = query_int(q, 12), .stored = query_int(q, 13),
		.merged = query_int(q, 14), .unplaced = query_int(q, 15),
	};
}

int evidence_digest(struct store *st, int64_t artifact, char digest[65],
    struct err *err)
{
	struct digest d[REC_KINDS];
	struct artifact a;
	struct query q;
	int rc = -1, got;

	digests_init(d);
	query_open(&q, st, SQL_ARTIFACT_ROW, BIND(V(artifact)));
	if (evidence_walk(st, artifact, into_digest, d, err) < 0)
		goto out;
	if ((got = query_next(&q, err)) < 0)
		goto out;
	if (got == 0) {
		err_set(err, ERR_VERIFY, "there is no artifact %lld",
		    (long long)artifact);
		goto out;
	}
	evidence_row(&q, &a);
	digests_end(d, &a, digest);
	rc = 0;
out:
	query_close(&q);
	digests_free(d);
	return rc;
}
