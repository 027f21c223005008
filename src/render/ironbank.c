/*
 * ironbank.c - the findings of an image as Iron Bank's spreadsheet has them: a
 * summary, and a sheet a scanner with every row of its reports and what was
 * decided of it.
 *
 * Columns are Iron Bank's, in its order; what a report says and muster does
 * not keep (vectors, links) is left empty.  Scanners that Iron Bank does not
 * run have two sheets of their own at the end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/store.h"
#include "muster/str.h"
#include "render_priv.h"

/* The columns of SHEETS_SCANNED, and what is made of them. */
enum { IMPORTER, KIND, ID, PACKAGE, VERSION, TYPE, SEVERITY, FIXED, PATH,
	RESULT, TITLE, IDENTS, PRODUCED, TOOL, COVERED, WHY, INHERITED, MARK,
	TRIGGER, OUTPUT, IMAGE, TAG, JUSTIFICATION, NOTHING };

#define COLUMNS_MOST 18

struct column {
	const char	*title;
	int		 from, width;
};

enum { SUMMARY, OSCAP, TWISTLOCK, ANCHORE, GATES, OTHER, OTHER_RULES,
	SHEETS };

static const struct sheet {
	const char	*name;
	const char	*importers;	/* " a b "; NULL: by kind alone */
	const char	*kinds;
	struct column	 column[COLUMNS_MOST];
} sheets[SHEETS] = {
	[SUMMARY] = { "Summary", NULL, "", {
	    { "Scan", NOTHING, 40 }, { "Automated Findings", NOTHING, 20 },
	    { "Manual Checks", NOTHING, 16 }, { "Total", NOTHING, 10 } } },
	[OSCAP] = { "OpenSCAP - DISA Compliance", NULL, " rule ", {
	    { "title", OUTPUT, 60 }, { "ruleid", ID, 40 },
	    { "result", RESULT, 14 }, { "severity", SEVERITY, 10 },
	    { "identifiers", IDENTS, 20 }, { "refs", NOTHING, 10 },
	    { "desc", NOTHING, 10 }, { "rationale", NOTHING, 10 },
	    { "scanned_date", PRODUCED, 22 },
	    { "Justification", JUSTIFICATION, 50 } } },
	[TWISTLOCK] = { "Twistlock Vulnerability Results",
	    " twistcli prisma prisma-csv ", " vulnerability ", {
	    { "id", ID, 20 }, { "cvss", NOTHING, 8 }, { "desc", OUTPUT, 60 },
	    { "link", NOTHING, 10 }, { "packageName", PACKAGE, 24 },
	    { "packageVersion", VERSION, 20 }, { "severity", SEVERITY, 10 },
	    { "status", RESULT, 20 }, { "vecStr", NOTHING, 10 },
	    { "Justification", JUSTIFICATION, 50 } } },
	[ANCHORE] = { "Anchore CVE Results", " anchore ", " vulnerability ", {
	    { "tag", TAG, 40 }, { "cve", ID, 20 }, { "severity", SEVERITY, 10 },
	    { "feed", NOTHING, 10 }, { "feed_group", NOTHING, 10 },
	    { "package", PACKAGE, 24 }, { "package_path", PATH, 30 },
	    { "package_type", TYPE, 12 }, { "package_version", VERSION, 20 },
	    { "fix", FIXED, 20 }, { "url", NOTHING, 10 },
	    { "description", OUTPUT, 60 },
	    { "nvd_cvss_v2_vector", NOTHING, 10 },
	    { "nvd_cvss_v3_vector", NOTHING, 10 },
	    { "vendor_cvss_v2_vector", NOTHING, 10 },
	    { "vendor_cvss_v3_vector", NOTHING, 10 },
	    { "Justification", JUSTIFICATION, 50 } } },
	[GATES] = { "Anchore Compliance Results", " anchore-gates ",
	    " compliance secret ", {
	    { "image_id", IMAGE, 20 }, { "repo_tag", TAG, 40 },
	    { "trigger_id", ID, 24 }, { "gate", TYPE, 16 },
	    { "trigger", TRIGGER, 20 }, { "check_output", OUTPUT, 60 },
	    { "gate_action", SEVERITY, 12 }, { "policy_id", NOTHING, 10 },
	    { "matched_rule_id", NOTHING, 10 },
	    { "whitelist_id", NOTHING, 10 },
	    { "whitelist_name", NOTHING, 10 },
	    { "Justification", JUSTIFICATION, 50 } } },
	[OTHER] = { "Other Vulnerability Results", NULL, " vulnerability ", {
	    { "scanner", TOOL, 14 }, { "id", ID, 20 },
	    { "severity", SEVERITY, 10 }, { "package", PACKAGE, 24 },
	    { "package_path", PATH, 30 }, { "package_type", TYPE, 12 },
	    { "package_version", VERSION, 20 }, { "fix", FIXED, 20 },
	    { "description", OUTPUT, 60 },
	    { "Justification", JUSTIFICATION, 50 } } },
	[OTHER_RULES] = { "Other Compliance Results", NULL, NULL, {
	    { "scanner", TOOL, 14 }, { "id", ID, 30 }, { "kind", KIND, 14 },
	    { "severity", SEVERITY, 10 }, { "result", RESULT, 14 },
	    { "path", PATH, 30 }, { "description", OUTPUT, 60 },
	    { "Justification", JUSTIFICATION, 50 } } },
};

struct out {
	struct book	*b;
	char		*tag, *image;
	struct str	 trigger;	/* of a gate's title */
	struct str	 output;	/* what else it says, or a title */
	int64_t		 rows[SHEETS], open[SHEETS], manual[SHEETS];
};

static size_t columns(const struct sheet *s)
{
	size_t n = 0;

	while (n < COLUMNS_MOST && s->column[n].title != NULL)
		n++;
	return n;
}

/* The banner, if there is a marking, and the titles. */
static int start_sheet(struct out *o, int i, const struct book_about *a,
    struct err *err)
{
	const struct sheet *s = &sheets[i];
	size_t n = columns(s);
	int widths[COLUMNS_MOST];

	for (size_t c = 0; c < n; c++)
		widths[c] = s->column[c].width;
	if (book_sheet(o->b, s->name, widths, n, err) < 0)
		return -1;
	if (a->marking != NULL) {
		book_wide(o->b, i, (int)n - 1, a->marking, BOOK_BANNER);
		if (book_next(o->b, i, err) < 0)
			return -1;
	}
	for (size_t c = 0; c < n; c++)
		book_cell(o->b, i, (int)c, s->column[c].title, BOOK_HEAD);
	if (book_next(o->b, i, err) < 0)
		return -1;
	book_freeze(o->b, i);
	return 0;
}

static bool listed(const char *list, const char *word)
{
	return list == NULL || str_listed(list, word);
}

/* The first sheet that a row belongs to; the last takes any. */
static int sheet_of(const struct query *q)
{
	int i = OSCAP;

	while (!listed(sheets[i].importers, query_text(q, IMPORTER)) ||
	    !listed(sheets[i].kinds, query_text(q, KIND)))
		i++;
	return i;
}

/* "gate/trigger: what was found", as its importer puts it together; before
 * what was found stands its marking. */
static void split_title(struct out *o, const struct query *q)
{
	const char *title = query_text(q, TITLE), *gate = query_text(q, TYPE);
	const char *p = NULL;
	size_t n = strlen(gate);

	str_clear(&o->trigger);
	str_clear(&o->output);
	if (query_text(q, MARK)[0] != '\0')
		str_addf(&o->output, "(%s) ", query_text(q, MARK));
	if (strcmp(query_text(q, IMPORTER), "anchore-gates") == 0 &&
	    strncmp(title, gate, n) == 0 && title[n] == '/')
		p = strstr(title + n + 1, ": ");
	if (p != NULL)
		str_addn(&o->trigger, title + n + 1,
		    (size_t)(p - title - n - 1));
	str_add(&o->output, p != NULL ? p + 2 : title);
}

/* Does a row want somebody's word?  Of rules those that fail do. */
static bool wants_word(int sheet, const struct query *q)
{
	const char *result = query_text(q, RESULT);

	if (sheet == OSCAP)
		return strcmp(result, "fail") == 0;
	if (sheet == GATES)
		return strcmp(query_text(q, SEVERITY), "stop") == 0;
	return sheet != OTHER_RULES || strcmp(result, "pass") != 0;
}

static void justification(struct out *o, int sheet, int column,
    const struct query *q)
{
	if (sheet == GATES && strcmp(str_text(&o->trigger), "package") == 0)
		book_cell(o->b, sheet, column, "See Anchore CVE Results sheet",
		    BOOK_ELSEWHERE);
	else if (query_int(q, INHERITED) != 0)
		book_cell(o->b, sheet, column, "Inherited from base image.",
		    BOOK_INHERITED);
	else if (query_int(q, COVERED) != 0)
		book_cell(o->b, sheet, column, query_text(q, WHY), BOOK_OWN);
	else if (wants_word(sheet, q))
		book_fill(o->b, sheet, column, BOOK_MISSING);
}

static const char *text_of(const struct out *o, int from,
    const struct query *q)
{
	return from == TRIGGER ? str_text(&o->trigger) :
	    from == OUTPUT ? str_text(&o->output) :
	    from == IMAGE ? o->image : from == TAG ? o->tag :
	    from == NOTHING ? "" : query_text(q, from);
}

static int row(struct out *o, const struct query *q, struct err *err)
{
	int i = sheet_of(q);
	const struct sheet *s = &sheets[i];

	split_title(o, q);
	for (size_t c = 0; c < columns(s); c++)
		if (s->column[c].from == JUSTIFICATION)
			justification(o, i, (int)c, q);
		else
			book_cell(o->b, i, (int)c, text_of(o,
			    s->column[c].from, q), BOOK_PLAIN);
	o->rows[i]++;
	o->open[i] += wants_word(i, q);
	o->manual[i] += i == OSCAP &&
	    strcmp(query_text(q, RESULT), "notchecked") == 0;
	return book_next(o->b, i, err);
}

/* A row of the summary. */
static int sum(struct out *o, const char *what, int64_t open, int64_t manual,
    struct err *err)
{
	const int64_t n[] = { open, manual, open + manual };
	char digits[24];

	book_cell(o->b, SUMMARY, 0, what, BOOK_PLAIN);
	for (int c = 0; c < 3; c++) {
		snprintf(digits, sizeof(digits), "%lld", (long long)n[c]);
		book_cell(o->b, SUMMARY, c + 1, digits, BOOK_PLAIN);
	}
	return book_next(o->b, SUMMARY, err);
}

static int summary(struct out *o, const struct book_about *a,
    struct err *err)
{
	struct str line = STR_INIT;
	int64_t open = 0, manual = 0;
	int rc = 0;

	for (int i = OSCAP; i < SHEETS && rc == 0; i++) {
		rc = sum(o, sheets[i].name, o->open[i], o->manual[i], err);
		open += o->open[i];
		manual += o->manual[i];
	}
	if (rc < 0 || sum(o, "Totals", open, manual, err) < 0 ||
	    book_next(o->b, SUMMARY, err) < 0)
		return -1;
	str_addf(&line, "Scans performed on container layer %s", o->image);
	book_cell(o->b, SUMMARY, 0, str_text(&line), BOOK_PLAIN);
	rc = book_next(o->b, SUMMARY, err);
	str_clear(&line);
	str_addf(&line, "As of %s; written by muster " MUSTER_VERSION,
	    a->as_of);
	book_cell(o->b, SUMMARY, 0, str_text(&line), BOOK_PLAIN);
	str_free(&line);
	return rc;
}

/* Was every row of every report written? */
static int adds_up(const struct out *o, const struct making *m,
    struct err *err)
{
	int64_t total, written = 0;

	if (store_int(m->r->store, SQL_SHEETS_SCANNED_COUNT,
	    BIND(V(m->subject)), &total, err) < 0)
		return -1;
	for (int i = 0; i < SHEETS; i++)
		written += o->rows[i];
	return written == total ? 0 : err_set(err, ERR_BUG, "it has %lld "
	    "findings, the database %lld", (long long)written,
	    (long long)total);
}

static int fill(struct out *o, const struct making *m,
    const struct book_about *a, struct err *err)
{
	struct query q;
	int rc = 0;

	for (int i = 0; i < SHEETS && rc == 0; i++)
		rc = start_sheet(o, i, a, err);
	if (rc < 0)
		return -1;
	query_open(&q, m->r->store, SQL_SHEETS_SCANNED, BIND(V(m->subject)));
	while ((rc = query_next(&q, err)) > 0)
		if ((rc = row(o, &q, err)) < 0)
			break;
	query_close(&q);
	if (rc < 0 || adds_up(o, m, err) < 0 || summary(o, a, err) < 0)
		return -1;
	return book_write(o->b, err);
}

/* Which image; no other subject has such a spreadsheet: 0. */
static int image(struct out *o, const struct making *m, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, m->r->store, SQL_SHEETS_IMAGE, BIND(V(m->subject)));
	if ((rc = query_next(&q, err)) > 0) {
		o->image = mem_dup(query_text(&q, 1));
		o->tag = mem_dup(query_text(&q, query_null(&q, 2) != NULL ?
		    2 : 0));
	}
	query_close(&q);
	return rc;
}

static int write_image(const struct making *m, struct err *err)
{
	struct out o = { .b = NULL };
	struct book_about a = { .marking = NULL };
	int rc = image(&o, m, err);

	if (rc > 0 && (rc = book_about(m, &a, err)) == 0) {
		o.b = book_open(m, &a, "Findings", err);
		rc = o.b != NULL ? fill(&o, m, &a, err) : -1;
	}
	book_close(o.b);
	book_about_free(&a);
	str_free(&o.trigger);
	str_free(&o.output);
	free(o.image);
	free(o.tag);
	return rc;
}

const struct writer ironbank_writer = { NULL, write_image, false };
