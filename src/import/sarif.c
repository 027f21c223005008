/*
 * sarif.c - results of any scanner, from SARIF 2.1.
 *
 * A rule that is a CVE or the like is a vulnerability, any other a compliance
 * finding.  Trivy and Grype write the package into the message, a line each
 * ("Package: x", "Installed Version: y").  The severity is the result's level
 * (error is high), or the word the message gives.
 */
#include <stdlib.h>
#include <string.h>

#include "ident.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/sink.h"
#include "row.h"

enum {
	ID = 1, LEVEL, KIND, MESSAGE, PATH, NROW,
	TOOL, VERSION, RUN, RESULTS, RESULT, LIST, IMAGE, IMAGE_ID, DIGEST,
	SUPPRESSED
};

#define R "runs[].results[]"

static const struct json_want wants[] = {
	{ "runs", LIST }, { "runs[]", RUN },
	{ "runs[].tool.driver.name", TOOL },
	{ "runs[].tool.driver.version", VERSION },
	{ "runs[].properties.imageName", IMAGE },
	{ "runs[].properties.imageID", IMAGE_ID },
	{ "runs[].properties.repoDigests[]", DIGEST },
	{ "runs[].results", RESULTS }, { R, RESULT },
	{ R ".ruleId", ID }, { R ".rule.id", ID }, { R ".level", LEVEL },
	{ R ".kind", KIND }, { R ".message.text", MESSAGE },
	{ R ".locations[].physicalLocation.artifactLocation.uri", PATH },
	{ R ".suppressions[]", SUPPRESSED },
	{ NULL, 0 }
};

struct report {
	struct sink	*sink;
	struct str	 text[NROW];
	struct str	 value, title, package, version, fixed, word, locator;
	int64_t		 runs, target, identities;
	bool		 suppressed;
};

static int open_target(struct report *r, struct err *err)
{
	struct target t = { .kind = "image" };
	struct str at = STR_INIT;

	if (r->target > 0)
		return 0;
	str_addf(&at, "json:/runs/%lld", (long long)r->runs - 1);
	t.locator = at.s;
	r->target = sink_target(r->sink, &t, err);
	str_free(&at);
	return r->target < 0 ? -1 : 0;
}

/* "NAME: value" at the beginning of one of the message's lines. */
static const char *said(struct str *out, const char *text, const char *name)
{
	size_t n = strlen(name);

	str_clear(out);
	for (const char *p = text; p != NULL && *p != '\0'; ) {
		if (strncmp(p, name, n) == 0 && strncmp(p + n, ": ", 2) == 0) {
			str_addn(out, p + n + 2, strcspn(p + n + 2, "\r\n"));
			break;
		}
		if ((p = strchr(p, '\n')) != NULL)
			p++;
	}
	return row_text(out);
}

static bool is_vulnerability(const char *id)
{
	static const char *const starts[] = { "CVE-", "GHSA-", "ELSA-",
	    "ALAS", "TEMP-", "PRISMA-", "GO-", "PYSEC-", "RUSTSEC-", "DSA-",
	    "SNYK-" };

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (str_starts(id, starts[i]))
			return true;
	return false;
}

/* Grype's rules are "CVE-2024-1-curl": the part that is the id. */
static size_t id_length(const char *id)
{
	size_t n;

	if (!str_starts(id, "CVE-"))
		return strlen(id);
	n = 4 + strspn(id + 4, "0123456789");
	return id[n] == '-' ? n + 1 + strspn(id + n + 1, "0123456789") :
	    strlen(id);
}

/* A result that says that something is in order is none to keep. */
static const char *result_of(const char *kind)
{
	if (kind == NULL || str_eq(kind, "fail"))
		return "fail";
	return str_eq(kind, "pass") ? "pass" : str_eq(kind, "notApplicable") ?
	    "notapplicable" : str_eq(kind, "informational") ?
	    "informational" : "unknown";
}

static enum severity level_of(const char *level)
{
	if (str_eq(level, "error"))
		return SEV_HIGH;
	if (level == NULL || str_eq(level, "warning"))
		return SEV_MEDIUM;
	return str_eq(level, "note") ? SEV_LOW : SEV_NEGLIGIBLE;
}

static int add_suppressed(struct report *r, const struct finding *f,
    struct err *err)
{
	struct statement t = {
		.target = f->target,
		.kind = "ignore",
		.id = f->id,
		.package = f->package,
		.version = f->version,
		.status = "suppressed",
		.locator = f->locator,
	};

	sink_count(r->sink, COUNT_READ, 1);
	return sink_statement(r->sink, &t, err);
}

static int add_finding(struct report *r, struct json *js, struct err *err)
{
	const char *text = str_text(&r->text[MESSAGE]), *word;
	struct finding f = { .locator = row_locator(&r->locator, js) };
	size_t n;

	sink_count(r->sink, COUNT_READ, 1);
	if (r->text[ID].len == 0) {
		sink_count(r->sink, COUNT_UNPLACED, 1);
		return sink_warn(r->sink, f.locator, err, "a result without a "
		    "rule");
	}
	if (open_target(r, err) < 0)
		return -1;
	f.target = r->target;
	f.kind = is_vulnerability(r->text[ID].s) ? "vulnerability" :
	    "compliance";
	n = id_length(r->text[ID].s);
	f.package = said(&r->package, text, "Package");
	if (f.package == NULL && r->text[ID].s[n] == '-') {
		str_add(&r->package, r->text[ID].s + n + 1);
		f.package = row_text(&r->package);
	}
	r->text[ID].s[n] = '\0';
	f.id = r->text[ID].s;
	f.version = said(&r->version, text, "Installed Version");
	f.fixed_in = said(&r->fixed, text, "Fixed Version");
	f.fixable = f.fixed_in != NULL;
	word = said(&r->word, text, "Severity");
	f.severity_word = word != NULL ? word : row_text(&r->text[LEVEL]);
	f.severity = word != NULL ? severity_of(word) :
	    level_of(row_text(&r->text[LEVEL]));
	f.path = row_text(&r->text[PATH]);
	if (str_eq(f.kind, "compliance"))
		f.result = result_of(row_text(&r->text[KIND]));
	str_clear(&r->title);
	row_masked(&r->title, NULL, text);
	f.title = row_text(&r->title);
	if (sink_finding(r->sink, &f, err) < 0)
		return -1;
	return r->suppressed ? add_suppressed(r, &f, err) : 0;
}

static int on_result(struct report *r, struct json *js, enum json_event ev,
    struct err *err)
{
	if (row_is_object(js, ev, err) < 0)
		return -1;
	if (ev == JSON_END)
		return add_finding(r, js, err);
	for (size_t i = 0; i < NROW; i++)
		str_clear(&r->text[i]);
	r->suppressed = false;
	return 0;
}

static int on_run(struct report *r, struct json *js, enum json_event ev,
    struct err *err)
{
	if (row_is_object(js, ev, err) < 0)
		return -1;
	if (ev == JSON_BEGIN) {
		r->runs++;
		r->target = r->identities = 0;
		return 0;
	}
	if (r->identities > 0)
		return 0;
	return sink_warn(r->sink, "json:/runs", err, "a run names no image: "
	    "what it says is attached to none (muster import --subject)");
}

static int on_identity(struct report *r, struct json *js, int id,
    enum json_event ev, const char *text, struct err *err)
{
	int n;

	if (row_take(&r->value, js, ev, text, err) < 0)
		return -1;
	if (id == TOOL || id == VERSION)
		return sink_meta(r->sink, id == TOOL ? "tool" :
		    "tool_version", row_text(&r->value), err);
	if (r->value.len == 0)
		return 0;
	if (open_target(r, err) < 0)
		return -1;
	n = id == IMAGE_ID ? ident_digest(r->sink, r->target, "config",
	    r->value.s, row_locator(&r->locator, js), err) :
	    ident_reference(r->sink, r->target, r->value.s, err);
	r->identities += n > 0 ? n : 0;
	return n < 0 ? -1 : 0;
}

static int on_value(void *ctx, struct json *js, int id, enum json_event ev,
    const char *text, size_t len, struct err *err)
{
	struct report *r = ctx;

	(void)len;
	if (id < NROW)
		return row_take(&r->text[id], js, ev, text, err);
	switch (id) {
	case LIST:
	case RESULTS:
		return row_is_list(js, ev, err);
	case RUN:
		return on_run(r, js, ev, err);
	case RESULT:
		return on_result(r, js, ev, err);
	case SUPPRESSED:
		r->suppressed = true;
		return 0;
	default:
		return on_identity(r, js, id, ev, text, err);
	}
}

static int read_report(struct input *in, struct sink *sink, struct err *err)
{
	struct report r = { .sink = sink };
	int rc = json_read(in, wants, on_value, &r, err);

	if (rc == 0 && r.runs == 0)
		rc = sink_warn(sink, "json:/runs", err, "no run: nothing was "
		    "scanned");
	for (size_t i = 0; i < NROW; i++)
		str_free(&r.text[i]);
	str_free(&r.value);
	str_free(&r.title);
	str_free(&r.package);
	str_free(&r.version);
	str_free(&r.fixed);
	str_free(&r.word);
	str_free(&r.locator);
	return rc;
}

static int bid(const struct probe *p)
{
	if (p->kind != PROBE_JSON || !probe_has(p, "runs"))
		return 0;
	return probe_has(p, "runs[].tool") || probe_has(p, "runs[].results") ||
	    probe_seen(p, "sarif") ? 90 : 0;
}

const struct importer importer_sarif = {
	.name = "sarif",
	.about = "results of any scanner, from SARIF 2.1",
	.version = 1,
	.keep = true,
	.bid = bid,
	.read = read_report,
};
