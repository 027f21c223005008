/*
 * zip_archive.c - a zip of reports or STIGs: every file in it is imported for
 * itself.
 */
#include <stdlib.h>
#include <string.h>

#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/mem.h"
#include "muster/sink.h"
#include "muster/str.h"
#include "muster/zip.h"

static int one(struct zip *z, const char *name, struct sink *sink,
    struct err *err)
{
	struct str path = STR_INIT;
	struct member m;
	const char *p;
	size_t len;
	int rc;

	str_path(&path, name, strlen(name));
	m = (struct member){ .name = path.s };
	rc = sink_member_start(sink, &m, err);
	while (rc == 0 && (rc = zip_piece(z, &p, &len, err)) > 0)
		rc = sink_member_data(sink, p, len, err);
	if (rc == 0)
		rc = sink_member_end(sink, err);
	if (rc < 0)
		err_during(err, "reading %.200s in it", path.s);
	str_free(&path);
	return rc;
}

static int walk(struct zip *z, struct sink *sink, struct err *err)
{
	const char *name;
	int rc;

	while ((rc = zip_next(z, &name, err)) > 0) {
		char *own;

		if (name[0] == '\0' || str_ends(name, "/"))
			continue;	/* a directory */
		own = mem_dup(name);
		rc = one(z, own, sink, err);
		free(own);
		if (rc < 0)
			return -1;
	}
	return rc;
}

/* A file's directory is looked up where it lies; bytes in memory (a test's)
 * are taken as they come. */
static int read_zip(struct input *in, struct sink *sink, struct err *err)
{
	struct str all = STR_INIT;
	const unsigned char *p = NULL;
	struct zip *z = NULL;
	int rc = -1;
	size_t n;

	if (input_fd(in) >= 0) {
		z = zip_open_file(input_fd(in), input_size(in), err);
	} else {
		while ((p = input_next_raw(in, &n, err)) != NULL && n > 0)
			str_addn(&all, p, n);
		if (p != NULL)
			z = zip_open(str_text(&all), all.len, err);
	}
	if (z != NULL)
		rc = walk(z, sink, err);
	zip_close(z);
	str_free(&all);
	return rc;
}

static int bid(const struct probe *p)
{
	return p->kind != PROBE_DIR && p->raw_len > 4 &&
	    memcmp(p->raw, "PK\3\4", 4) == 0 ? 80 : 0;
}

const struct importer importer_zip_archive = {
	.name = "zip-archive",
	.about = "a zip of reports or STIGs: every file in it",
	.version = 1,
	.keep = false,
	.bid = bid,
	.read = read_zip,
};
