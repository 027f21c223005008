/*
 * prisma_csv.c - vulnerabilities and compliance, from Prisma Cloud's CSV
 * exports of hosts, images and CI scans.
 *
 * Columns are found by their titles, the first of a title counting: CI scans
 * have "Type" twice.  A row without a CVE is a compliance finding, named by
 * its Compliance ID.  Rows of one host or image may stand anywhere.
 */
#include <stdlib.h>
#include <string.h>

#include "ident.h"
#include "muster/csv.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/mem.h"
#include "muster/sink.h"
#include "row.h"

enum {
	HOSTNAME, REGISTRY, REPOSITORY, TAG, IMAGE_ID, CVE, COMPLIANCE,
	SEVERITY, PACKAGES, VERSION, STATUS, DESCRIPTION, CAUSE, LINK, PATH,
	NCOLUMNS
};

static const char *const titles[NCOLUMNS] = {
	"Hostname", "Registry", "Repository", "Tag", "Id", "CVE ID",
	"Compliance ID", "Severity", "Packages", "Package Version",
	"Fix Status", "Description", "Cause", "Vulnerability Link",
	"Package Path"
};


struct known {
	char		*key;
	int64_t		 target;
};

struct report {
	struct sink	*sink;
	int		 column[NCOLUMNS];	/* -1: not there */
	bool		 titled;
	struct known	*known;
	size_t		 n, cap, last;
	struct str	 key, title, locator;
	int64_t		 unnamed;
};

static const char *cell(const struct report *r, const struct csv_row *row,
    int what)
{
	int at = r->column[what];

	if (at < 0 || (size_t)at >= row->n || row->field[at][0] == '\0')
		return NULL;
	return row->field[at];
}

static int read_titles(struct report *r, const struct csv_row *row,
    struct err *err)
{
	for (int what = 0; what < NCOLUMNS; what++) {
		r->column[what] = -1;
		for (size_t i = row->n; i-- > 0; )
			if (str_ieq(row->field[i], titles[what]))
				r->column[what] = (int)i;
	}
	if (r->column[CVE] < 0 || r->column[COMPLIANCE] < 0 ||
	    r->column[SEVERITY] < 0)
		return err_set(err, ERR_INPUT, "the first line has no \"CVE "
		    "ID\", \"Compliance ID\" and \"Severity\"; expected an "
		    "export of Prisma Cloud");
	r->titled = true;
	return 0;
}

/* The names of a new target, from the row that has it first. */
static int name_target(struct report *r, const struct csv_row *row,
    int64_t target, struct err *err)
{
	const char *repo = cell(r, row, REPOSITORY), *tag = cell(r, row, TAG);
	struct str ref = STR_INIT;
	int rc = 0;

	if (cell(r, row, IMAGE_ID) == NULL && repo == NULL) {
		struct identity host = { target, "host",
		    cell(r, row, HOSTNAME) };

		return host.value == NULL ? ++r->unnamed, 0 :
		    sink_identity(r->sink, &host, err);
	}
	rc = ident_digest(r->sink, target, "config", cell(r, row, IMAGE_ID),
	    r->locator.s, err);
	if (rc >= 0 && repo != NULL && tag != NULL) {
		if (cell(r, row, REGISTRY) != NULL)
			str_addf(&ref, "%s/", cell(r, row, REGISTRY));
		str_addf(&ref, "%s:%s", repo, tag);
		rc = ident_reference(r->sink, target, ref.s, err);
	}
	str_free(&ref);
	return rc < 0 ? -1 : 0;
}

/* The target of a row: known by its names, the last one tried first. */
static int row_target(struct report *r, const struct csv_row *row,
    int64_t *target, struct err *err)
{
	bool image = cell(r, row, IMAGE_ID) != NULL ||
	    cell(r, row, REPOSITORY) != NULL;
	struct target t = { .kind = image ? "image" : "host",
	    .locator = r->locator.s };

	str_clear(&r->key);
	for (int i = image ? REGISTRY : HOSTNAME;
	    i <= (image ? IMAGE_ID : HOSTNAME); i++)
		str_addf(&r->key, "%s%s", i > REGISTRY ? " " : "",
		    cell(r, row, i) != NULL ? cell(r, row, i) : "");
	if (r->n > 0 && str_eq(r->known[r->last].key, str_text(&r->key))) {
		*target = r->known[r->last].target;
		return 0;
	}
	for (r->last = 0; r->last < r->n; r->last++)
		if (str_eq(r->known[r->last].key, str_text(&r->key))) {
			*target = r->known[r->last].target;
			return 0;
		}
	t.name = row_text(&r->key);
	if ((*target = sink_target(r->sink, &t, err)) < 0)
		return err_at(err, NULL, row->line, -1);
	MEM_ROOM(r->known, r->n, r->cap);
	r->known[r->n++] = (struct known){ mem_dup(str_text(&r->key)),
	    *target };
	return name_target(r, row, *target, err);
}

/* "\'" and "\"" are what the export writes for quotes. */
static void plain_title(struct report *r, const char *text, const char *more)
{
	struct str s = STR_INIT;

	for (; text != NULL && *text != '\0'; text++)
		if (text[0] != '\\' || (text[1] != '\'' && text[1] != '"'))
			str_addc(&s, *text);
	if (more != NULL)
		str_addf(&s, "%s%s", s.len > 0 ? ": " : "", more);
	str_clear(&r->title);
	row_masked(&r->title, NULL, str_text(&s));
	str_free(&s);
}

static int add_finding(struct report *r, const struct csv_row *row,
    struct err *err)
{
	const char *cve = cell(r, row, CVE), *about;
	struct finding f = {
		.kind = cve != NULL ? "vulnerability" : "compliance",
		.id = cve != NULL ? cve : cell(r, row, COMPLIANCE),
		.package = cell(r, row, PACKAGES),
		.version = cell(r, row, VERSION),
		.severity = severity_of(cell(r, row, SEVERITY)),
		.severity_word = cell(r, row, SEVERITY),
		.path = cell(r, row, PATH),
	};

	str_clear(&r->locator);
	str_addf(&r->locator, "line:%lld", (long long)row->line);
	f.locator = r->locator.s;
	sink_count(r->sink, COUNT_READ, 1);
	if (f.id == NULL) {
		sink_count(r->sink, COUNT_UNPLACED, 1);
		return sink_warn(r->sink, f.locator, err, "a row with neither "
		    "a CVE ID nor a Compliance ID");
	}
	if (cve != NULL) {
		f.fixed_in = row_fixed_in(cell(r, row, STATUS));
		f.fixable = f.fixed_in != NULL;
		if (str_empty(f.fixed_in))
			f.fixed_in = NULL;
	}
	about = cell(r, row, DESCRIPTION);
	plain_title(r, about != NULL ? about : cell(r, row, LINK),
	    cve != NULL ? NULL : cell(r, row, CAUSE));
	f.title = row_text(&r->title);
	if (row_target(r, row, &f.target, err) < 0)
		return -1;
	return sink_finding(r->sink, &f, err);
}

static int on_csv(void *ctx, const struct csv_row *row, struct err *err)
{
	struct report *r = ctx;

	if (!r->titled)
		return read_titles(r, row, err);
	for (size_t i = 0; i < row->n; i++)
		if (row->field[i][0] != '\0')
			return add_finding(r, row, err);
	return 0;
}

static int conclude(struct report *r, struct input *in, struct err *err)
{
	if (!r->titled) {
		err_set(err, ERR_INPUT, "no line of titles; expected an "
		    "export of Prisma Cloud");
		return err_at(err, input_name(in), 0, -1);
	}
	if (r->n == 0 && sink_warn(r->sink, "line:1", err, "titles and no "
	    "row: the export says nothing of any image") < 0)
		return -1;
	return r->unnamed == 0 ? 0 : sink_warn(r->sink, "line:2", err,
	    "some rows name neither host nor image");
}

static int read_report(struct input *in, struct sink *sink, struct err *err)
{
	struct report r = { .sink = sink };
	int rc = -1;

	if (sink_meta(sink, "tool", "prisma", err) == 0 &&
	    csv_read(in, on_csv, &r, err) == 0)
		rc = conclude(&r, in, err);
	for (size_t i = 0; i < r.n; i++)
		free(r.known[i].key);
	free(r.known);
	str_free(&r.key);
	str_free(&r.title);
	str_free(&r.locator);
	return rc;
}

static int bid(const struct probe *p)
{
	const char *end;
	size_t n;

	if (p->kind != PROBE_TEXT || p->head_len == 0)
		return 0;
	end = memchr(p->head, '\n', p->head_len);
	n = end != NULL ? (size_t)(end - p->head) : p->head_len;
	return memmem(p->head, n, "CVE ID", 6) != NULL &&
	    memmem(p->head, n, "Compliance ID", 13) != NULL &&
	    memmem(p->head, n, ",Severity,", 10) != NULL ? 95 : 0;
}

const struct importer importer_prisma_csv = {
	.name = "prisma-csv",
	.about = "vulnerabilities and compliance, from Prisma Cloud's CSV of "
	    "hosts, images or CI scans",
	.version = 1,
	.keep = true,
	.bid = bid,
	.read = read_report,
};
