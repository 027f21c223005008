/*
 * anchore.c - vulnerabilities, as Anchore Engine and Enterprise tell them.
 *
 * Six layouts of one report: the API's answer (v1 and v2, Iron Bank's
 * anchore_security.json among them), anchorectl's bare array, what the web
 * page downloads (securityEvaluation) and the Jenkins plugin's columns and
 * data.  "None" stands for nothing, in all of them.
 */
#include <ctype.h>
#include <string.h>

#include "ident.h"
#include "muster/cap.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/sink.h"
#include "row.h"

/* Texts of a row, then what else is wanted. */
enum {
	ID = 1, SEVERITY, PACKAGE, VERSION, TYPE, PATH, FIX, PURL, URL,
	DESCRIPTION, CVES, GLUED, ALIASES, TAG_CELL, NROW,
	ROW, PART, ALIAS, INHERITED, WONT_FIX, ROWS,
	COLUMNS, COLUMN, DATA, CELLS, CELL,
	DIGEST, BASE, FULL_TAG, REGISTRY, REPOSITORY, TAG, PRODUCED
};

#define V1(at)								\
	{ at, ROW }, { at ".vuln", ID }, { at ".severity", SEVERITY },	\
	{ at ".package", GLUED }, { at ".fix", FIX },			\
	{ at ".url", URL }, { at ".purl", PURL },			\
	{ at ".description", DESCRIPTION },				\
	{ at ".extra.description", DESCRIPTION },			\
	{ at ".package_name", PACKAGE }, { at ".packageName", PACKAGE },\
	{ at ".package_version", VERSION },				\
	{ at ".packageVersion", VERSION },				\
	{ at ".package_type", TYPE }, { at ".packageType", TYPE },	\
	{ at ".package_path", PATH }, { at ".packagePath", PATH },	\
	{ at ".nvd_data[].id", ALIAS }, { at ".nvdData[].id", ALIAS },	\
	{ at ".vendor_data[].id", ALIAS },				\
	{ at ".vendorData[].id", ALIAS },				\
	{ at ".inherited_from_base", INHERITED },			\
	{ at ".inheritedFromBase", INHERITED },				\
	{ at ".will_not_fix", WONT_FIX }, { at ".willNotFix", WONT_FIX }
#define UI "securityEvaluation[]"

static const struct json_want wants[] = {
	{ "vulnerabilities", ROWS }, V1("vulnerabilities[]"),
	V1("[]"),
	{ "securityEvaluation", ROWS }, { UI, ROW },
	{ UI ".vulnerabilityId", ID }, { UI ".cves", CVES },
	{ UI ".severity", SEVERITY }, { UI ".packageType", TYPE },
	{ UI ".path", PATH }, { UI ".package", GLUED },
	{ UI ".fixAvailable", FIX }, { UI ".link", URL },
	{ "columns", COLUMNS }, { "columns[].title", COLUMN },
	{ "data", DATA }, { "data[]", CELLS }, { "data[][]", CELL },
	{ "imageDigest", DIGEST }, { "image_digest", DIGEST },
	{ "base_digest", BASE }, { "imageFullTag", FULL_TAG },
	{ "metadata.imageDigest", DIGEST },
	{ "metadata.registry", REGISTRY },
	{ "metadata.repository", REPOSITORY }, { "metadata.tag", TAG },
	{ "metadata.timestamp", PRODUCED },
	{ NULL, 0 }
};

#define MAX_COLUMNS 64	/* table-columns allows no more */

struct report {
	struct sink	*sink;
	struct str	 text[NROW];
	struct str	 value, title, locator;
	struct str	 tag, registry, repository, version;
	int64_t		 target;	/* 0: not opened yet */
	int64_t		 identities, inherited;
	bool		 rows, array;	/* a list was there; the document is */
	bool		 inherits, wont_fix, clipped;
	int		 column[MAX_COLUMNS];	/* what each column holds */
	size_t		 ncolumns;
};

static int open_target(struct report *r, struct err *err)
{
	return ident_open(r->sink, &r->target, row_text(&r->tag),
	    "json:", err);
}

static void drop_none(struct str *s)
{
	if (s->len == 4 && (str_ieq(s->s, "none") || str_ieq(s->s, "null")))
		str_clear(s);
}

/* "tomcat-annotations-api-9.0.97": the version begins with the last "-" before
 * a digit; an rpm's has a release behind another one. */
static void split_glued(struct report *r)
{
	const char *all = str_text(&r->text[GLUED]), *cut = NULL, *last = NULL;
	bool rpm = str_ieq(str_text(&r->text[TYPE]), "rpm") ||
	    str_contains(all, ".el");

	for (const char *p = all; *p != '\0'; p++)
		if (*p == '-' && isdigit((unsigned char)p[1]) && p > all) {
			last = cut;
			cut = p;
		}
	if (rpm && last != NULL)
		cut = last;
	str_clear(&r->text[PACKAGE]);
	str_clear(&r->text[VERSION]);
	if (cut == NULL) {
		str_add(&r->text[PACKAGE], all);
		return;
	}
	str_addn(&r->text[PACKAGE], all, (size_t)(cut - all));
	str_add(&r->text[VERSION], cut + 1);
}

static void add_alias(struct report *r, const char *id)
{
	if (str_empty(id) || str_eq(id, row_text(&r->text[ID])) ||
	    row_listed(&r->text[ALIASES], id))
		return;
	if (!row_join(&r->text[ALIASES], "\n", id))
		r->clipped = true;
}

/* The web page's own list: "CVE-2024-1, CVE-2024-2". */
static void split_cves(struct report *r)
{
	char *p = r->text[CVES].s;

	while (r->text[CVES].len > 0 && *(p += strspn(p, ", ")) != '\0') {
		size_t n = strcspn(p, ", ");
		bool end = p[n] == '\0';

		p[n] = '\0';
		add_alias(r, p);
		if (end)
			break;
		p += n + 1;
	}
}

static int add_finding(struct report *r, struct json *js, struct err *err)
{
	const char *about;
	struct finding f = { .kind = "vulnerability" };

	for (size_t i = 0; i < NROW; i++)
		drop_none(&r->text[i]);
	if (r->text[PACKAGE].len == 0 && r->text[GLUED].len > 0)
		split_glued(r);
	split_cves(r);
	f.id = row_text(&r->text[ID]);
	f.aliases = row_text(&r->text[ALIASES]);
	f.package = row_text(&r->text[PACKAGE]);
	f.version = row_text(&r->text[VERSION]);
	f.type = row_text(&r->text[TYPE]);
	f.purl = row_text(&r->text[PURL]);
	f.severity = severity_of(row_text(&r->text[SEVERITY]));
	f.severity_word = row_text(&r->text[SEVERITY]);
	f.fixed_in = row_text(&r->text[FIX]);
	f.fixable = f.fixed_in != NULL;
	f.result = r->wont_fix ? "will_not_fix" : NULL;
	f.path = row_text(&r->text[PATH]);
	about = row_text(&r->text[DESCRIPTION]);
	if (about == NULL)
		about = row_text(&r->text[URL]);
	str_clear(&r->title);
	if (about != NULL)
		row_title(&r->title, about);
	f.title = row_text(&r->title);
	f.locator = row_locator(&r->locator, js);
	if (open_target(r, err) < 0)
		return -1;
	f.target = r->target;
	r->inherited += r->inherits;
	sink_count(r->sink, COUNT_READ, 1);
	if (f.id == NULL) {
		sink_count(r->sink, COUNT_UNPLACED, 1);
		return sink_warn(r->sink, f.locator, err, "a vulnerability "
		    "without an id");
	}
	if (r->clipped && sink_warn(r->sink, f.locator, err, "aliases are "
	    "left out: %s", cap_hint(CAP_LIST_BYTES)) < 0)
		return -1;
	return sink_finding(r->sink, &f, err);
}

static int on_row(struct report *r, struct json *js, enum json_event ev,
    struct err *err)
{
	if (row_is_object(js, ev, err) < 0)
		return -1;
	if (ev == JSON_END)
		return add_finding(r, js, err);
	for (size_t i = 0; i < NROW; i++)
		str_clear(&r->text[i]);
	r->inherits = r->wont_fix = r->clipped = false;
	return 0;
}

static int on_name(struct report *r, const char *text, struct err *err)
{
	int n;

	if (open_target(r, err) < 0 || (n = ident_reference(r->sink,
	    r->target, text, err)) < 0)
		return -1;
	r->identities += n;
	return 0;
}

static int on_identity(struct report *r, struct json *js, int id,
    enum json_event ev, const char *text, struct err *err)
{
	int n;

	if (row_take(&r->value, js, ev, text, err) < 0)
		return -1;
	text = row_text(&r->value);
	if (text == NULL)
		return 0;
	switch (id) {
	case PRODUCED:
		return sink_meta(r->sink, "produced", row_time(text), err);
	case REGISTRY:
		str_add(&r->registry, text);
		return 0;
	case REPOSITORY:
		str_add(&r->repository, text);
		return 0;
	case TAG:
		str_add(&r->version, text);
		return 0;
	case FULL_TAG:
		str_add(&r->tag, text);
		return on_name(r, text, err);
	case BASE:
		if (open_target(r, err) < 0)
			return -1;
		return sink_fact(r->sink, &(struct fact){ r->target,
		    "scan.base", NULL, text, "json:/base_digest" }, err);
	default:
		if (open_target(r, err) < 0 || (n = ident_digest(r->sink,
		    r->target, "manifest", text, "json:/imageDigest",
		    err)) < 0)
			return -1;
		r->identities += n;
		return 0;
	}
}

/* The Jenkins plugin's table: what a column is called. */
static int on_column(struct report *r, struct json *js, enum json_event ev,
    const char *text, struct err *err)
{
	static const struct {
		const char	*title;
		int		 id;
	} known[] = {
		{ "Tag", TAG_CELL }, { "CVE ID", ID },
		{ "Severity", SEVERITY }, { "Vulnerability Package", GLUED },
		{ "Fix Available", FIX }, { "URL", URL },
		{ "Package Path", PATH }, { "Package Type", TYPE }
	};

	if (row_take(&r->value, js, ev, text, err) < 0)
		return -1;
	if ((int64_t)r->ncolumns == cap(CAP_TABLE_COLUMNS))
		return json_bad(js, err, "too many columns: %s",
		    cap_hint(CAP_TABLE_COLUMNS));
	r->column[r->ncolumns] = 0;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (str_ieq(str_text(&r->value), known[i].title))
			r->column[r->ncolumns] = known[i].id;
	r->ncolumns++;
	return 0;
}

/* "<a href='https://...'>text</a>": the address. */
static void unlink_url(struct str *s)
{
	char *at = s->len > 0 ? strstr(s->s, "href=") : NULL;
	size_t n;

	if (at == NULL || (at[5] != '\'' && at[5] != '"'))
		return;
	n = strcspn(at + 6, "'\"");
	memmove(s->s, at + 6, n);
	s->s[n] = '\0';
	s->len = n;
}

static int on_cells(struct report *r, struct json *js, enum json_event ev,
    struct err *err)
{
	if (ev == JSON_BEGIN && json_is_array(js)) {
		for (size_t i = 0; i < NROW; i++)
			str_clear(&r->text[i]);
		r->inherits = r->wont_fix = r->clipped = false;
		return 0;
	}
	if (ev != JSON_END)
		return json_bad(js, err, "a row that is no array");
	unlink_url(&r->text[URL]);
	if (r->identities == 0 && r->text[TAG_CELL].len > 0) {
		if (r->tag.len == 0)
			str_add(&r->tag, r->text[TAG_CELL].s);
		if (on_name(r, r->text[TAG_CELL].s, err) < 0)
			return -1;
	}
	return add_finding(r, js, err);
}

static int on_cell(struct report *r, struct json *js, enum json_event ev,
    const char *text, struct err *err)
{
	int64_t at = json_index(js);

	if (r->ncolumns == 0)
		return json_bad(js, err, "\"data\" before \"columns\"; "
		    "expected the columns' titles first");
	if (at < 0 || (size_t)at >= r->ncolumns)
		return json_bad(js, err, "more cells than the %zu columns",
		    r->ncolumns);
	if (r->column[at] == 0)
		return 0;
	return row_take(&r->text[r->column[at]], js, ev, text, err);
}

static int on_value(void *ctx, struct json *js, int id, enum json_event ev,
    const char *text, size_t len, struct err *err)
{
	struct report *r = ctx;

	(void)len;
	if (id < NROW)
		return row_take(&r->text[id], js, ev, text, err);
	switch (id) {
	case ROWS:
	case DATA:
	case COLUMNS:
		r->rows = r->rows || id != COLUMNS;
		return row_is_list(js, ev, err);
	case ROW:
		r->rows = true;
		return on_row(r, js, ev, err);
	case ALIAS:
		if (row_take(&r->value, js, ev, text, err) < 0)
			return -1;
		add_alias(r, row_text(&r->value));
		return 0;
	case INHERITED:
		r->inherits = ev == JSON_TRUE;
		return 0;
	case WONT_FIX:
		r->wont_fix = ev == JSON_TRUE;
		return 0;
	case COLUMN:
		return on_column(r, js, ev, text, err);
	case CELLS:
		return on_cells(r, js, ev, err);
	case CELL:
		return on_cell(r, js, ev, text, err);
	default:
		return on_identity(r, js, id, ev, text, err);
	}
}

/* What the web page's file calls its image. */
static int name_parts(struct report *r, struct err *err)
{
	if (r->repository.len == 0 || r->version.len == 0)
		return 0;
	str_clear(&r->value);
	if (r->registry.len > 0)
		str_addf(&r->value, "%s/", r->registry.s);
	str_addf(&r->value, "%s:%s", r->repository.s, r->version.s);
	return on_name(r, r->value.s, err);
}

static int conclude(struct report *r, struct input *in, struct err *err)
{
	char n[24];

	if (!r->rows) {
		err_set(err, ERR_INPUT, "no list of vulnerabilities at the "
		    "top; expected a report of Anchore");
		return err_at(err, input_name(in), 0, -1);
	}
	if (open_target(r, err) < 0 || name_parts(r, err) < 0 ||
	    ident_scanned(r->sink, r->target, "json:", err) < 0)
		return -1;
	snprintf(n, sizeof(n), "%lld", (long long)r->inherited);
	if (r->inherited > 0 && sink_fact(r->sink, &(struct fact){ r->target,
	    "scan.inherited", NULL, n, "json:/vulnerabilities" }, err) < 0)
		return -1;
	if (r->identities > 0)
		return 0;
	return sink_warn(r->sink, "json:", err, "the report names no image: "
	    "what it says is attached to none (muster import --subject)");
}

static int read_report(struct input *in, struct sink *sink, struct err *err)
{
	struct report r = { .sink = sink };
	int rc = -1;

	if (sink_meta(sink, "tool", "anchore", err) == 0 &&
	    json_read(in, wants, on_value, &r, err) == 0)
		rc = conclude(&r, in, err);
	for (size_t i = 0; i < NROW; i++)
		str_free(&r.text[i]);
	str_free(&r.value);
	str_free(&r.title);
	str_free(&r.locator);
	str_free(&r.tag);
	str_free(&r.registry);
	str_free(&r.repository);
	str_free(&r.version);
	return rc;
}

static int bid(const struct probe *p)
{
	if (p->kind != PROBE_JSON)
		return 0;
	if (probe_has(p, "vulnerability_type") &&
	    (probe_has(p, "imageDigest") || probe_has(p, "image_digest")))
		return 95;
	if (probe_has(p, "vulnerabilities[].vuln") ||
	    probe_has(p, "securityEvaluation[].vulnerabilityId"))
		return 90;
	if (probe_has(p, "[].vuln") && (probe_has(p, "[].packageName") ||
	    probe_has(p, "[].package_name")))
		return 90;
	if (probe_has(p, "vulnerability_type") ||
	    (probe_has(p, "securityEvaluation") && probe_has(p, "metadata")))
		return 80;
	return probe_has(p, "columns[].title") && probe_has(p, "data") &&
	    probe_seen(p, "\"CVE ID\"") ? 85 : 0;
}

const struct importer importer_anchore = {
	.name = "anchore",
	.about = "vulnerabilities, from Anchore's API, anchorectl, web page or "
	    "Jenkins plugin (JSON)",
	.version = 3,
	.keep = true,
	.bid = bid,
	.read = read_report,
};
