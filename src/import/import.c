/*
 * import.c - choosing an importer, and keeping what its reader says.
 *
 * A file is stored completely or not at all: import_file() holds the one
 * transaction, so no importer can forget it.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "muster/err.h"
#include "muster/image.h"
#include "muster/input.h"
#include "muster/json.h"
#include "muster/mem.h"
#include "muster/store.h"
#include "muster/str.h"
#include "muster/xml.h"
#include "import_priv.h"

#define IMPORTER(name) extern const struct importer importer_##name;
#include "importers.def"
#undef IMPORTER

static const struct importer *const table[] = {
#define IMPORTER(name) &importer_##name,
#include "importers.def"
#undef IMPORTER
};
#define NTABLE (sizeof(table) / sizeof(table[0]))

const struct importer *import_table(size_t i)
{
	return i < NTABLE ? table[i] : NULL;
}

static const struct importer *by_name(const char *name)
{
	for (size_t i = 0; i < NTABLE; i++)
		if (strcmp(table[i]->name, name) == 0)
			return table[i];
	return NULL;
}

bool import_is_layout(int dirfd)
{
	return image_is_layout(dirfd);
}

static int skip_json(void *ctx, struct json *js, int id, enum json_event ev,
    const char *text, size_t len, struct err *err)
{
	(void)ctx, (void)js, (void)id, (void)ev, (void)text, (void)len;
	(void)err;
	return 0;
}

static int skip_start(void *ctx, struct xml *x, const char *ns,
    const char *name, struct err *err)
{
	(void)ctx, (void)x, (void)ns, (void)name, (void)err;
	return 0;
}

static int skip_end(void *ctx, struct xml *x, const char *ns,
    const char *name, const char *text, size_t len, struct err *err)
{
	(void)ctx, (void)x, (void)ns, (void)name, (void)text, (void)len;
	(void)err;
	return 0;
}

/* Is it even what it looks like?  A truncated report is told as that. */
static int well_formed(const struct probe *p, struct input *in,
    struct err *err)
{
	static const struct json_want none[] = { { NULL, 0 } };
	static const struct xml_handler nothing = { skip_start, skip_end };

	if (p->kind == PROBE_JSON)
		return json_read(in, none, skip_json, NULL, err);
	if (p->kind == PROBE_XML)
		return xml_read(in, &nothing, NULL, err);
	return 0;
}

/* What the file looks like, for one that nobody recognises. */
static int unknown(const struct probe *p, struct input *in, struct err *err)
{
	if (well_formed(p, in, err) < 0)
		return -1;
	switch (p->kind) {
	case PROBE_EMPTY:
		return err_set(err, ERR_INPUT, "the file is empty");
	case PROBE_DIR:
		return err_set(err, ERR_INPUT,
		    "this directory is no OCI layout and no dir: image");
	case PROBE_JSON:
		return err_set(err, ERR_INPUT, "JSON, but of no format that "
		    "muster reads; its first key is \"%s\" (\"muster help "
		    "import\" lists the formats)",
		    p->nkeys > 0 ? p->keys[0] : "");
	case PROBE_XML:
		return err_set(err, ERR_INPUT, "XML, but of no format that "
		    "muster reads; its root is <%s> (\"muster help import\" "
		    "lists the formats)", p->xml_name);
	case PROBE_TEXT:
	case PROBE_BINARY:
		break;
	}
	return err_set(err, ERR_INPUT, "no importer recognises this file "
	    "(\"muster help import\" lists the formats)");
}

const struct importer *import_choose(struct input *in, const char *format,
    struct err *err)
{
	const struct importer *best = NULL;
	struct probe p;
	int highest = 0;

	if (format != NULL) {
		if ((best = by_name(format)) == NULL)
			err_set(err, ERR_USAGE, "no importer is called "
			    "\"%s\"", format);
		return best;
	}
	if (probe_fill(&p, in, err) < 0)
		goto out;
	for (size_t i = 0; i < NTABLE; i++) {
		int bid = table[i]->bid(&p);

		if (bid > highest) {
			highest = bid;
			best = table[i];
		}
	}
	if (best == NULL)
		unknown(&p, in, err);
out:
	probe_clear(&p);
	return best;
}

int import_run(const struct importer *imp, struct input *in,
    struct sink *sink, struct err *err)
{
	if (imp->keep)
		input_keep(in, sink);
	if (imp->read(in, sink, err) < 0)
		return err_during(err, "reading it as %s", imp->name);
	return 0;
}

/* What the keeper learns from META records. */
struct told {
	char importer[64], format[64], tool[128], tool_version[64];
	char tool_db[64], produced[64];
};

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

/* Store records until the reader says that it is done (1) or failed. */
static int keep(struct wire_in *wire, struct evidence *ev, struct told *told,
    struct import_result *res, struct err *err)
{
	struct rec rec;
	int rc;

	while ((rc = wire_in_next(wire, &rec, err)) > 0) {
		switch (rec.kind) {
		case REC_META:
			hear(told, &rec);
			break;
		case REC_END:
			return hear_end(&rec, res, err);
		case REC_FAIL:
			fail_get(&rec, err);
			return -1;
		default:
			if (evidence_put(ev, &rec, err) < 0)
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

/* Files of one command share a number, given with the first of them. */
static int name_batch(struct store *st, const struct import_opts *opts,
    struct import_result *res, struct err *err)
{
	int64_t n;

	if (opts->batch != NULL) {
		snprintf(res->batch, sizeof(res->batch), "%s", opts->batch);
		return 0;
	}
	if (store_int(st, SQL_NEXT_BATCH, NOBIND, &n, err) < 0)
		return -1;
	snprintf(res->batch, sizeof(res->batch), "%lld", (long long)n);
	return 0;
}

static int finish(struct store *st, struct evidence *ev, const char *name,
    const struct import_opts *opts, const struct told *told,
    struct import_result *res, struct err *err)
{
	const struct importer *imp = by_name(told->importer);
	char digest[SHA_HEX];
	struct str detail = STR_INIT;
	int rc;

	res->artifact = evidence_id(ev);
	res->stored += evidence_stored(ev);
	if (imp == NULL)
		return err_set(err, ERR_BUG, "a reader without an importer");
	if (balance(res, told, err) < 0 || name_batch(st, opts, res, err) < 0)
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
	if (evidence_end(ev, &a, digest, err) < 0)
		return -1;
	str_addf(&detail, "%s %s as %s", a.sha256, name, a.format);
	rc = journal_add(st, "import", detail.s, digest, err);
	str_free(&detail);
	return rc;
}

/* Is this file held already?  1 yes (res says as what), 0 no, -1. */
static int held(struct store *st, struct import_result *res, struct err *err)
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

/* A file as large as one we hold may be that one: hash it first, so that
 * what is already there costs no more than that. */
static int held_before(struct store *st, int fd, struct import_result *res,
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
		rc = held(st, res, err);
	input_close(in);
	return rc;
}

static int import_open(struct store *st, int fd, const char *name,
    const struct import_opts *opts, struct import_result *res,
    struct err *err)
{
	struct told	 told = { "", "", "", "", "", "" };
	struct evidence	*ev = NULL;
	struct wire_in	*wire = NULL;
	struct err	 died = ERR_INIT;
	int		 pipe_end = -1, rc = -1, got = -1;
	int64_t		 pid = -1;

	if ((rc = held_before(st, fd, res, err)) != 0)
		return rc < 0 ? -1 : 0;
	rc = -1;
	if (reader_start(fd, name, opts->format, &pipe_end, &pid, err) < 0)
		return -1;
	wire = wire_in_new(pipe_end);
	if (store_begin(st, err) < 0)
		goto out;
	if ((ev = evidence_begin(st, err)) == NULL)
		goto undo;
	got = keep(wire, ev, &told, res, err);
	close(pipe_end);
	pipe_end = -1;
	if (reader_wait(pid, &died) < 0 && got >= 0) {
		*err = died;
		got = -1;
	}
	pid = -1;
	if (got == 0)
		got = err_set(err, ERR_INPUT, "the reader stopped without a "
		    "word");
	if (got < 0)
		goto undo;
	if ((got = held(st, res, err)) != 0) {
		rc = got < 0 ? -1 : 0;
		goto undo;
	}
	if (finish(st, ev, name, opts, &told, res, err) < 0)
		goto undo;
	evidence_free(ev);
	ev = NULL;
	if (store_commit(st, err) < 0)
		goto undo;
	res->status = IMPORT_DONE;
	rc = 0;
	goto out;
undo:
	evidence_free(ev);
	store_rollback(st);
out:
	if (pipe_end >= 0)
		close(pipe_end);
	if (pid >= 0)		/* it notices the closed pipe and ends */
		reader_wait(pid, &died);
	wire_in_free(wire);
	return rc;
}

/* Standard input may be a pipe: readers want a file. */
static int spool(struct err *err)
{
	const char *dir = getenv("TMPDIR");
	char buf[65536];
	int fd = open(str_empty(dir) ? "/tmp" : dir,
	    O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	int64_t total = 0;
	ssize_t n;

	if (fd < 0)
		return err_sys(err, "cannot make a temporary file for "
		    "standard input");
	while ((n = read(0, buf, sizeof(buf))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || write(fd, buf, (size_t)n) != n) {
			err_sys(err, "cannot copy standard input");
			close(fd);
			return -1;
		}
		if ((total += n) > INPUT_MAX_BYTES) {
			close(fd);
			return err_set(err, ERR_INPUT,
			    "standard input does not end");
		}
	}
	return fd;
}

static int open_path(const char *path, struct err *err)
{
	struct stat sb;
	int fd;

	if (strcmp(path, "-") == 0)
		return spool(err);
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		err_sys(err, "cannot open it");
		err->kind = ERR_INPUT;
		return -1;
	}
	if (fstat(fd, &sb) < 0 ||
	    !(S_ISREG(sb.st_mode) || S_ISDIR(sb.st_mode))) {
		close(fd);
		return err_set(err, ERR_INPUT, "not a regular file");
	}
	return fd;
}

/* The file's own name: no directory of this machine goes into evidence. */
static char *own_name(const char *path)
{
	struct str name = STR_INIT;
	char *copy = mem_dup(path), *slash, *out;

	while (strlen(copy) > 1 && str_ends(copy, "/"))
		copy[strlen(copy) - 1] = '\0';
	slash = strrchr(copy, '/');
	str_path(&name, slash != NULL && slash[1] != '\0' ? slash + 1 : copy,
	    strlen(slash != NULL && slash[1] != '\0' ? slash + 1 : copy));
	out = mem_dup(strcmp(path, "-") == 0 ? "stdin" : str_text(&name));
	str_free(&name);
	free(copy);
	return out;
}

int import_file(struct store *st, const char *path,
    const struct import_opts *opts, struct import_result *res,
    struct err *err)
{
	char *name = own_name(path);
	int fd, rc = -1;

	*res = (struct import_result){ .status = IMPORT_REFUSED };
	if ((fd = open_path(path, err)) >= 0) {
		rc = import_open(st, fd, name, opts, res, err);
		close(fd);
	}
	if (rc < 0) {
		res->status = IMPORT_REFUSED;
		/* the reader knew the name, the user knows the path */
		err->file[0] = '\0';
		err_at(err, path, err->line, err->byte);
	}
	free(name);
	return rc;
}
