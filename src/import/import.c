/*
 * import.c - choosing an importer, and keeping what its reader says.
 *
 * A file is stored completely or not at all: import_file() holds the one
 * transaction, or a place in its caller's to go back to, so no importer can
 * forget it.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "muster/cap.h"
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
static int unknown(const struct probe *p, struct input *in, bool *nobody,
    struct err *err)
{
	if (well_formed(p, in, err) < 0)
		return -1;
	*nobody = true;
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

const struct importer *import_pick(struct input *in, const char *format,
    bool *nobody, struct err *err)
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
		unknown(&p, in, nobody, err);
out:
	probe_clear(&p);
	return best;
}

const struct importer *import_choose(struct input *in, const char *format,
    struct err *err)
{
	bool nobody = false;

	return import_pick(in, format, &nobody, err);
}

int import_run(const struct importer *imp, struct input *in,
    struct sink *sink, struct err *err)
{
	if (imp->keep)
		input_keep(in, sink);
	if (imp->read(in, sink, err) < 0)
		return err_during(err, "reading it as %s", imp->name);
	return sink_warn_end(sink, err);
}

/* Files of one command share a name, given with the first of them. */
static int name_batch(struct store *st, const struct import_opts *opts,
    char batch[24], struct err *err)
{
	struct query q;
	int rc;

	if (opts->batch != NULL) {
		snprintf(batch, 24, "%s", opts->batch);
		return 0;
	}
	query_open(&q, st, SQL_NEXT_BATCH, NOBIND);
	if ((rc = query_next(&q, err)) > 0)
		snprintf(batch, 24, "%s", query_text(&q, 0));
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

static int end(struct store *st, bool joins, bool hold, struct err *err)
{
	if (joins && store_release(st, err) < 0)
		return -1;
	return hold ? 0 : store_commit(st, err);
}

/* Only this file goes, unless SQLite has given up the whole transaction. */
static int undo(struct store *st, bool joins, struct err *err)
{
	struct err bad = ERR_INIT;

	if (!joins || !store_is_open(st)) {
		store_rollback(st);
	} else if (store_back(st, &bad) < 0) {
		store_rollback(st);
		*err = bad;
		return -1;
	}
	return 0;
}

/* One transaction for the file and all that is in it. */
static int import_open(struct store *st, int fd, const char *name,
    const struct import_opts *opts, struct import_result *res,
    struct err *err)
{
	struct together together = { 0, 0 };
	char batch[24];
	const struct intake in = {
		.store = st, .opts = opts, .batch = batch,
		.top = strlen(name), .together = &together
	};
	const bool joins = store_is_open(st);
	int rc;

	if ((rc = keep_known(st, fd, res, err)) != 0)
		return rc < 0 ? -1 : 0;
	if ((joins ? store_save(st, err) : store_begin(st, err)) < 0)
		return -1;
	if ((rc = name_batch(st, opts, batch, err)) == 0)
		rc = keep_file(&in, fd, name, res, err);
	if (rc == 0 && end(st, joins, opts->hold, err) == 0)
		return 0;
	if (undo(st, joins, err) < 0)
		return -1;
	return rc == 1 ? 0 : -1;
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
		if ((total += n) > cap(CAP_FILE_BYTES)) {
			close(fd);
			return cap_err(err, CAP_FILE_BYTES,
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
	char *name = opts->name != NULL ? mem_dup(opts->name) :
	    own_name(path);
	int fd, rc = -1;

	*res = (struct import_result){ .status = IMPORT_REFUSED };
	if ((fd = open_path(path, err)) >= 0) {
		rc = import_open(st, fd, name, opts, res, err);
		close(fd);
	}
	if (rc < 0) {
		res->status = IMPORT_REFUSED;
		/* the reader knew the name, the user knows the path */
		if (err->kind != ERR_STORE) {
			err->file[0] = '\0';
			err_at(err, path, err->line, err->byte);
		} else {
			err_during(err, "importing %s", path);
		}
	}
	free(name);
	return rc;
}
