/*
 * keep.c - what a reader says of one file, stored.
 *
 * A file is stored completely or not at all: whoever calls keep_file() holds
 * the transaction.  A file inside the file comes as pieces of bytes; it is
 * put into memory and imported like any other (member.c), by a reader of its
 * own, before the file around it goes on.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "muster/cap.h"
#include "muster/err.h"
#include "muster/input.h"
#include "muster/store.h"
#include "muster/str.h"
#include "import_priv.h"

/* What the keeper learns from META records. */
struct told {
	char importer[64], format[64], tool[128], tool_version[64];
	char tool_db[64], produced[64], nobody[8];
};

static const struct importer *by_name(const char *name)
{
	const struct importer *imp;

	for (size_t i = 0; (imp = import_table(i)) != NULL; i++)
		if (strcmp(imp->name, name) == 0)
			return imp;
	return NULL;
}

static void hear(struct told *t, const struct rec *rec)
{
	const struct {
		const char *key;
		char *into;
		size_t size;
	} slots[] = {
		{ "importer", t->importer, sizeof(t->importer) },
		{ "format", t->format, sizeof(t->format) },
		{ "tool", t->tool, sizeof(t->tool) },
		{ "tool_version", t->tool_version, sizeof(t->tool_version) },
		{ "tool_db", t->tool_db, sizeof(t->tool_db) },
		{ "produced", t->produced, sizeof(t->produced) },
		{ "nobody", t->nobody, sizeof(t->nobody) },
	};

	for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]); i++)
		if (rec->n == 2 && str_eq(rec->f[0].p, slots[i].key) &&
		    rec->f[1].p != NULL) {
			struct str clean = STR_INIT;
			size_t most = slots[i].size - 1;

			str_utf8(&clean, rec->f[1].p,
			    rec->f[1].len < most ? rec->f[1].len : most);
			snprintf(slots[i].into, slots[i].size, "%s",
			    str_text(&clean));
			str_free(&clean);
		}
}

/* The end record's numbers into res. */
static int hear_end(const struct rec *rec, struct import_result *res,
    struct err *err)
{
	if (rec->n != 6 || rec->f[0].len != SHA_HEX - 1 ||
	    !str_int(rec->f[1].p, 0, INT64_MAX, &res->bytes) ||
	    !str_int(rec->f[2].p, 0, INT64_MAX, &res->read) ||
	    !str_int(rec->f[3].p, 0, INT64_MAX, &res->merged) ||
	    !str_int(rec->f[4].p, 0, INT64_MAX, &res->unplaced) ||
	    !str_int(rec->f[5].p, 0, INT64_MAX, &res->stored))
		return err_set(err, ERR_INPUT, "the reader sent a broken end");
	memcpy(res->sha256, rec->f[0].p, SHA_HEX);
	return 1;
}

/* A name that the file around this one gives to what it is about. */
static int put_identity(const struct intake *k, const struct rec *target,
    struct evidence *ev, struct err *err)
{
	const struct rec rec = { REC_IDENTITY, 3, {
		target->f[0], { k->kind, strlen(k->kind) },
		{ k->value, strlen(k->value) }
	} };

	return evidence_put(ev, &rec, err);
}

/* Store records until the reader says that it is done (1) or failed. */
static int keep(struct nest *nest, struct wire_in *wire, struct evidence *ev,
    struct told *told, struct import_result *res, struct err *err)
{
	const struct intake *k = nest->in;
	const int64_t most = cap(CAP_RECORDS);
	bool named = k->kind == NULL;
	struct rec rec;
	int64_t n = 0;
	int rc;

	while ((rc = wire_in_next(wire, &rec, err)) > 0) {
		switch (rec.kind) {
		case REC_META:
			hear(told, &rec);
			break;
		case REC_MEMBER:
			if (evidence_flush(ev, err) < 0 ||
			    member_take(nest, &rec, ev, err) < 0)
				return -1;
			break;
		case REC_END:
			return hear_end(&rec, res, err);
		case REC_FAIL:
			fail_get(&rec, err);
			return -1;
		default:
			if (rec.kind != REC_CHUNK && ++n > most)
				return cap_err(err, CAP_RECORDS, "too much is "
				    "read of it");
			if (evidence_put(ev, &rec, err) < 0)
				return -1;
		}
		if (!named && rec.kind == REC_TARGET && rec.n == 5 &&
		    str_eq(rec.f[1].p, "image")) {
			named = true;
			if (put_identity(k, &rec, ev, err) < 0)
				return -1;
		}
	}
	return rc;
}

/* Counts in equal counts out, or the importer broke its promise. */
static int balance(const struct import_result *res, const struct told *told,
    struct err *err)
{
	if (res->read == res->stored + res->merged + res->unplaced)
		return 0;
	return err_set(err, ERR_BUG, "%s read %lld records but stored %lld, "
	    "merged %lld and left %lld", told->importer, (long long)res->read,
	    (long long)res->stored, (long long)res->merged,
	    (long long)res->unplaced);
}

/* Under other caps the same bytes may give other records: say which. */
static int put_caps(struct evidence *ev, struct err *err)
{
	struct str changed = STR_INIT;
	int rc = 0;

	cap_changed(&changed);
	if (changed.len > 0) {
		const struct rec fact = { REC_FACT, 5, {
			{ "0", 1 }, { "import.caps", 11 }, { NULL, 0 },
			{ changed.s, changed.len }, { NULL, 0 }
		} };

		rc = evidence_put(ev, &fact, err);
	}
	str_free(&changed);
	return rc;
}

static int finish(struct nest *nest, struct evidence *ev,
    const struct told *told, struct import_result *res, struct err *err)
{
	struct store *st = nest->in->store;
	const char *name = nest->name;
	const struct importer *imp = by_name(told->importer);
	char digest[SHA_HEX];
	struct str detail = STR_INIT;
	int rc;

	res->artifact = evidence_id(ev);
	res->stored += evidence_stored(ev) + nest->stored;
	res->merged += nest->held;
	res->unplaced += nest->unplaced;
	snprintf(res->batch, sizeof(res->batch), "%s", nest->in->batch);
	if (imp == NULL)
		return err_set(err, ERR_BUG, "a reader without an importer");
	if (balance(res, told, err) < 0 || member_any(nest, res, err) < 0)
		return -1;
	struct artifact a = {
		.sha256 = res->sha256, .name = name, .bytes = res->bytes,
		.format = told->format[0] != '\0' ? told->format : imp->name,
		.importer = imp->name, .importer_version = imp->version,
		.batch = res->batch, .kept = imp->keep,
		.tool = told->tool[0] != '\0' ? told->tool : NULL,
		.tool_version = told->tool_version[0] != '\0' ?
		    told->tool_version : NULL,
		.tool_db = told->tool_db[0] != '\0' ? told->tool_db : NULL,
		.produced = told->produced[0] != '\0' ? told->produced : NULL,
		.read = res->read, .stored = res->stored,
		.merged = res->merged, .unplaced = res->unplaced,
	};
	snprintf(res->format, sizeof(res->format), "%s", a.format);
	snprintf(res->tool, sizeof(res->tool), "%s", told->tool);
	snprintf(res->tool_version, sizeof(res->tool_version), "%s",
	    told->tool_version);
	if (put_caps(ev, err) < 0 || evidence_end(ev, &a, digest, err) < 0)
		return -1;
	str_addf(&detail, "%s %s as %s", a.sha256, name, a.format);
	rc = journal_add(st, "import", detail.s, digest, err);
	str_free(&detail);
	return rc;
}

int keep_held(struct store *st, struct import_result *res, struct err *err)
{
	struct query q;
	int rc;

	if (store_int(st, SQL_ARTIFACT_HELD,
	    BIND(V((const char *)res->sha256)), &res->artifact, err) < 0)
		return -1;
	if (res->artifact == 0)
		return 0;
	query_open(&q, st, SQL_ARTIFACT_ROW, BIND(V(res->artifact)));
	if ((rc = query_next(&q, err)) > 0) {
		res->bytes = query_int(&q, 1);
		snprintf(res->format, sizeof(res->format), "%s",
		    query_text(&q, 3));
		snprintf(res->tool, sizeof(res->tool), "%s",
		    query_text(&q, 6));
		snprintf(res->tool_version, sizeof(res->tool_version), "%s",
		    query_text(&q, 7));
		res->status = IMPORT_DUPLICATE;
	}
	query_close(&q);
	return rc;
}

int keep_known(struct store *st, int fd, struct import_result *res,
    struct err *err)
{
	struct stat sb;
	int64_t same;
	struct input *in;
	int rc = -1;

	if (fstat(fd, &sb) < 0)
		return err_sys(err, "cannot look at it");
	if (!S_ISREG(sb.st_mode))
		return 0;
	res->bytes = sb.st_size;
	if (store_int(st, SQL_ARTIFACT_OF_SIZE, BIND(V((long)sb.st_size)),
	    &same, err) < 0)
		return -1;
	if (same == 0)
		return 0;
	if ((in = input_open(fd, "", err)) == NULL)
		return -1;
	if (input_finish(in, res->sha256, &res->bytes, err) == 0)
		rc = keep_held(st, res, err);
	input_close(in);
	return rc;
}

/* Everything the reader says, and that it ended well: 1, or -1. */
static int listen(struct nest *nest, int fd, struct evidence *ev,
    struct told *told, struct import_result *res, struct err *err)
{
	const struct intake *k = nest->in;
	struct err died = ERR_INIT;
	struct wire_in *wire;
	int64_t pid = -1;
	int out = -1, rc;

	if (reader_start(fd, nest->name, k->opts->format, &out, &pid,
	    err) < 0)
		return -1;
	wire = wire_in_new(out);
	rc = keep(nest, wire, ev, told, res, err);
	wire_in_free(wire);
	close(out);		/* a reader that goes on notices, and ends */
	if (reader_wait(pid, &died) < 0 && rc >= 0) {
		*err = died;
		return -1;
	}
	if (rc == 0)
		return err_set(err, ERR_INPUT, "the reader stopped without a "
		    "word");
	return rc;
}

int keep_file(const struct intake *k, int fd, const char *name,
    struct import_result *res, struct err *err)
{
	struct nest nest = { .in = k, .name = name, .fd = -1 };
	struct told told = { .nobody = "" };
	struct evidence *ev = evidence_begin(k->store, err);
	int rc = -1;

	if (ev == NULL)
		return -1;
	if (listen(&nest, fd, ev, &told, res, err) > 0 &&
	    (rc = keep_held(k->store, res, err)) == 0)
		rc = finish(&nest, ev, &told, res, err);
	if (rc < 0 && (told.nobody[0] != '\0' || nest.nothing))
		res->status = IMPORT_NO_EVIDENCE;
	else if (rc == 0)
		res->status = IMPORT_DONE;
	member_drop(&nest);
	evidence_free(ev);
	return rc;
}
