/*
 * twistcli.c - vulnerabilities and compliance, from twistcli's JSON output.
 *
 * "twistcli images scan" writes results[], one per image, "twistcli coderepo
 * scan" the members of one result at the top.  Summaries are not believed:
 * rows are counted, and a distribution that differs is a warning.
 */
#include <ctype.h>
#include <string.h>

#include "ident.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/sink.h"
#include "row.h"

/* Texts of a row, texts of a result, then what else is wanted. */
enum {
	ID = 1, SEVERITY, STATUS, DESCRIPTION, LINK, TITLE, PACKAGE, VERSION,
	TYPE, PATH, P_TYPE, P_NAME, P_VERSION, NROW,
	R_ID, R_NAME, R_DIGEST, R_REPOSITORY, R_TIME, R_VULNS_SAID,
	R_COMPLIANCES_SAID, NTEXTS,
	DOCUMENT, RESULTS, RESULT, VULNS, VULN, COMPLIANCES, COMPLIANCE,
	PACKAGES, INSTALLED
};

/* The members of a result, wherever it is. */
#define ROW(list)							\
	{ list "id", ID }, { list "severity", SEVERITY },		\
	{ list "status", STATUS }, { list "description", DESCRIPTION },	\
	{ list "link", LINK }, { list "title", TITLE },			\
	{ list "packageName", PACKAGE },				\
	{ list "packageVersion", VERSION },				\
	{ list "packageType", TYPE }, { list "packagePath", PATH }
#define RESULT_OF(at)							\
	{ at "name", R_NAME }, { at "digest", R_DIGEST },		\
	{ at "repository", R_REPOSITORY }, { at "scanTime", R_TIME },	\
	{ at "vulnerabilityDistribution.total", R_VULNS_SAID },		\
	{ at "complianceDistribution.total", R_COMPLIANCES_SAID },	\
	{ at "vulnerabilities", VULNS },				\
	{ at "vulnerabilities[]", VULN },				\
	ROW(at "vulnerabilities[]."),					\
	{ at "packages", PACKAGES }, { at "packages[]", INSTALLED },	\
	{ at "packages[].type", P_TYPE },				\
	{ at "packages[].name", P_NAME },				\
	{ at "packages[].version", P_VERSION },				\
	{ at "compliances", COMPLIANCES },				\
	{ at "compliances[]", COMPLIANCE },				\
	ROW(at "compliances[]."),					\
	{ at "complianceIssues", COMPLIANCES },				\
	{ at "complianceIssues[]", COMPLIANCE },			\
	ROW(at "complianceIssues[].")

static const struct json_want wants[] = {
	{ "", DOCUMENT },
	{ "results", RESULTS },
	{ "results[]", RESULT },
	{ "results[].id", R_ID },
	RESULT_OF("results[]."),
	RESULT_OF(""),
	{ NULL, 0 }
};

struct report {
	struct sink	*sink;
	struct str	 text[NTEXTS];
	struct str	 title, locator;
	bool		 image;		/* in results[] */
	bool		 rows;		/* a list of rows was there */
	bool		 listed;	/* of vulnerabilities, if an empty one */
	bool		 results;	/* so was "results" */
	int64_t		 images;
	int64_t		 target;	/* 0: not opened yet */
	int64_t		 vulns, compliances;
};

static int open_target(struct report *r, struct err *err)
{
	struct target t = { .kind = "image", .locator = "json:/" };

	if (r->target > 0)
		return 0;
	t.name = row_text(&r->text[r->image ? R_NAME : R_REPOSITORY]);
	str_clear(&r->title);
	if (r->image)
		str_addf(&r->title, "json:/results/%lld",
		    (long long)r->images - 1);
	else
		str_add(&r->title, "json:");
	t.locator = r->title.s;
	r->target = sink_target(r->sink, &t, err);
	return r->target < 0 ? -1 : 0;
}

/* Old rows have no id: their title, spelled like one. */
static void slug(struct str *out, const char *title)
{
	for (; *title != '\0' && out->len < 80; title++) {
		if (isalnum((unsigned char)*title))
			str_addc(out, (char)tolower((unsigned char)*title));
		else if (out->len > 0 && out->s[out->len - 1] != '-')
			str_addc(out, '-');
	}
	while (out->len > 0 && out->s[out->len - 1] == '-')
		out->s[--out->len] = '\0';
}

static int add_finding(struct report *r, struct json *js, bool vuln,
    struct err *err)
{
	const char *status = row_text(&r->text[STATUS]);
	const char *about = row_text(&r->text[vuln ? DESCRIPTION : TITLE]);
	struct finding f = {
		.kind = vuln ? "vulnerability" : "compliance",
		.package = row_text(&r->text[PACKAGE]),
		.version = row_text(&r->text[VERSION]),
		.type = row_text(&r->text[TYPE]),
		.severity = severity_of(row_text(&r->text[SEVERITY])),
		.severity_word = row_text(&r->text[SEVERITY]),
		.path = row_text(&r->text[PATH]),
	};

	if (open_target(r, err) < 0)
		return -1;
	f.target = r->target;
	if (vuln) {
		f.fixed_in = row_fixed_in(status);
		f.fixable = f.fixed_in != NULL;
		if (str_empty(f.fixed_in))
			f.fixed_in = NULL;
	} else if (r->text[ID].len == 0) {
		slug(&r->text[ID], str_text(&r->text[TITLE]));
	}
	f.id = row_text(&r->text[ID]);
	if (about == NULL)
		about = row_text(&r->text[vuln ? LINK : DESCRIPTION]);
	str_clear(&r->title);
	if (about != NULL)
		row_title(&r->title, about);
	f.title = row_text(&r->title);
	str_clear(&r->locator);
	str_add(&r->locator, "json:");
	json_pointer(js, &r->locator);
	f.locator = r->locator.s;
	sink_count(r->sink, COUNT_READ, 1);
	return sink_finding(r->sink, &f, err);
}

static int on_row(struct report *r, struct json *js, bool vuln,
    enum json_event ev, struct err *err)
{
	if (row_is_object(js, ev, err) < 0)
		return -1;
	if (ev == JSON_END) {
		*(vuln ? &r->vulns : &r->compliances) += 1;
		return add_finding(r, js, vuln, err);
	}
	for (size_t i = 0; i < NROW; i++)
		str_clear(&r->text[i]);
	return 0;
}

/* With --details: what the scanner found installed.  An OS package's type is
 * "os", whichever kind the image's distribution uses. */
static int on_package(struct report *r, struct json *js, enum json_event ev,
    struct err *err)
{
	struct package p = {
		.type = row_text(&r->text[P_TYPE]),
		.name = row_text(&r->text[P_NAME]),
		.version = row_text(&r->text[P_VERSION]),
	};

	if (row_is_object(js, ev, err) < 0)
		return -1;
	if (ev == JSON_BEGIN) {
		for (size_t i = 0; i < NROW; i++)
			str_clear(&r->text[i]);
		return 0;
	}
	if (open_target(r, err) < 0)
		return -1;
	sink_count(r->sink, COUNT_READ, 1);
	str_clear(&r->locator);
	str_add(&r->locator, "json:");
	json_pointer(js, &r->locator);
	if (p.name == NULL) {
		sink_count(r->sink, COUNT_UNPLACED, 1);
		return sink_warn(r->sink, r->locator.s, err,
		    "a package without a name");
	}
	if (p.type == NULL)
		p.type = "unknown";
	p.target = r->target;
	p.locator = r->locator.s;
	return sink_package(r->sink, &p, err);
}

/* A summary that counts otherwise than we do. */
static int check_total(struct report *r, int said, int64_t rows,
    const char *what, struct err *err)
{
	const char *total = row_text(&r->text[said]);
	int64_t n;

	if (total == NULL || (str_int(total, 0, INT64_MAX, &n) && n == rows))
		return 0;
	str_clear(&r->locator);
	if (r->image)
		str_addf(&r->locator, "json:/results/%lld/%sDistribution",
		    (long long)r->images - 1, what);
	else
		str_addf(&r->locator, "json:/%sDistribution", what);
	return sink_warn(r->sink, r->locator.s, err, "the summary says %.40s, "
	    "the file holds %lld rows: the rows count", total,
	    (long long)rows);
}

/* The digest is the one a registry gave: that of the image or of an index. */
static int name_image(struct report *r, struct err *err)
{
	const char *name = row_text(&r->text[R_NAME]);
	const char *digest = row_text(&r->text[R_DIGEST]);
	const char *id = row_text(&r->text[R_ID]);
	struct str ref = STR_INIT;
	int n = 0, m = 0;

	if (digest != NULL && name != NULL) {
		ident_repository(&ref, name);
		str_addf(&ref, "@%s", digest);
		n = ident_reference(r->sink, r->target, ref.s, err);
		str_free(&ref);
	}
	if (n == 0)
		n = ident_digest(r->sink, r->target, "manifest", digest,
		    "json:/results", err);
	if (n >= 0)
		m = ident_digest(r->sink, r->target, "config", id,
		    "json:/results", err);
	if (n < 0 || m < 0)
		return -1;
	n += m;
	if ((m = ident_reference(r->sink, r->target, name, err)) < 0)
		return -1;
	if (n + m > 0)
		return 0;
	return sink_warn(r->sink, "json:/results", err, "a result names no "
	    "image: what it says is attached to none");
}

static int finish_result(struct report *r, struct err *err)
{
	bool looked = r->listed || r->text[R_VULNS_SAID].len > 0;

	if (open_target(r, err) < 0 || (looked && ident_scanned(r->sink,
	    r->target, "json:/results", err) < 0) ||
	    check_total(r, R_VULNS_SAID, r->vulns, "vulnerability", err) < 0 ||
	    check_total(r, R_COMPLIANCES_SAID, r->compliances, "compliance",
	    err) < 0 ||
	    sink_meta(r->sink, "produced",
	    row_time(row_text(&r->text[R_TIME])), err) < 0)
		return -1;
	if (r->image)
		return name_image(r, err);
	return sink_warn(r->sink, "json:/repository", err, "a code repository "
	    "(%.200s), no image: what it says is attached to none",
	    str_text(&r->text[R_REPOSITORY]));
}

static int on_result(struct report *r, struct json *js, enum json_event ev,
    struct err *err)
{
	int rc;

	if (row_is_object(js, ev, err) < 0)
		return -1;
	if (ev == JSON_BEGIN && r->rows && !r->image)
		return json_bad(js, err, "a result beside rows at the top; "
		    "expected one or the other");
	if (ev == JSON_END) {
		rc = finish_result(r, err);
		r->image = r->rows = r->listed = false;
		r->target = 0;
		return rc;
	}
	for (size_t i = 0; i < NTEXTS; i++)
		str_clear(&r->text[i]);
	r->image = true;
	r->images++;
	r->vulns = r->compliances = 0;
	return 0;
}

static int on_document(struct report *r, struct json *js, enum json_event ev,
    struct err *err)
{
	if (ev != JSON_END)
		return 0;
	if (r->results && r->rows)
		return json_bad(js, err, "rows at the top beside \"results\"; "
		    "expected one or the other");
	if (r->rows)
		return finish_result(r, err);
	if (!r->results)
		return json_bad(js, err, "neither \"results\" nor "
		    "\"vulnerabilities\" at the top; expected the JSON output "
		    "of twistcli");
	if (r->images > 0)
		return 0;
	return sink_warn(r->sink, "json:/results", err, "no result: nothing "
	    "was scanned");
}

static int on_value(void *ctx, struct json *js, int id, enum json_event ev,
    const char *text, size_t len, struct err *err)
{
	struct report *r = ctx;

	(void)len;
	switch (id) {
	case DOCUMENT:
		return on_document(r, js, ev, err);
	case RESULTS:
		r->results = true;
		return row_is_list(js, ev, err);
	case RESULT:
		return on_result(r, js, ev, err);
	case PACKAGES:
		return row_is_list(js, ev, err);
	case INSTALLED:
		return on_package(r, js, ev, err);
	case VULNS:
		r->listed = true;
		/* fall through */
	case COMPLIANCES:
		r->rows = true;
		return row_is_list(js, ev, err);
	case VULN:
	case COMPLIANCE:
		return on_row(r, js, id == VULN, ev, err);
	default:
		return row_take(&r->text[id], js, ev, text, err);
	}
}

static int read_report(struct input *in, struct sink *sink, struct err *err)
{
	struct report r = { .sink = sink };
	int rc = -1;

	if (sink_meta(sink, "tool", "twistcli", err) == 0)
		rc = json_read(in, wants, on_value, &r, err);
	for (size_t i = 0; i < NTEXTS; i++)
		str_free(&r.text[i]);
	str_free(&r.title);
	str_free(&r.locator);
	return rc;
}

static int bid(const struct probe *p)
{
	if (p->kind != PROBE_JSON)
		return 0;
	if (probe_has(p, "results[].vulnerabilityDistribution") ||
	    probe_has(p, "results[].complianceDistribution"))
		return 95;
	if (probe_has(p, "repository") &&
	    (probe_has(p, "vulnerabilityDistribution") ||
	    probe_has(p, "complianceDistribution") || probe_has(p, "passed")))
		return 90;
	if (!probe_has(p, "results[].id"))
		return probe_has(p, "results") && probe_has(p, "consoleURL") ?
		    60 : 0;
	return probe_has(p, "results[].distro") ||
	    probe_has(p, "results[].vulnerabilities") ||
	    probe_has(p, "results[].compliances") ? 70 : 0;
}

const struct importer importer_twistcli = {
	.name = "twistcli",
	.about = "vulnerabilities and compliance, from twistcli images scan or "
	    "coderepo scan --output-file",
	.version = 2,
	.keep = true,
	.bid = bid,
	.read = read_report,
};
