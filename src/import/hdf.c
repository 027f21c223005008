/*
 * hdf.c - controls of a profile, from Heimdall Data Format (InSpec's JSON and
 * what SAF's converters write).
 *
 * A control has no result of its own: any failed test fails it, else any
 * error, else a skipped one leaves it unchecked; an impact of 0 means that it
 * does not apply.  Overlays repeat controls without results: merged.
 */
#include <stdlib.h>
#include <string.h>

#include "ident.h"
#include "muster/cap.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/sink.h"
#include "row.h"

enum {
	ID = 1, TITLE, IMPACT, STATUS, CCIS, STIG_ID, NROW,
	PROFILES, CONTROLS, CONTROL, RESULTS, CCI, PROFILE, P_VERSION,
	P_TITLE, PLATFORM, VERSION
};

#define C "profiles[].controls[]"

static const struct json_want wants[] = {
	{ "profiles", PROFILES }, { "profiles[].name", PROFILE },
	{ "profiles[].version", P_VERSION }, { "profiles[].title", P_TITLE },
	{ "profiles[].controls", CONTROLS }, { C, CONTROL },
	{ C ".id", ID }, { C ".title", TITLE }, { C ".impact", IMPACT },
	{ C ".results", RESULTS }, { C ".results[].status", STATUS },
	{ C ".tags.cci[]", CCI }, { C ".tags.stig_id", STIG_ID },
	{ "platform.target_id", PLATFORM },
	{ "version", VERSION },
	{ NULL, 0 }
};

struct report {
	struct sink	*sink;
	struct str	 text[NROW];
	struct str	 value, title, locator;
	int64_t		 target;
	int64_t		 tests, failed, errors, skipped;	/* of a control */
	bool		 profiles, clipped;
};

static int open_target(struct report *r, struct err *err)
{
	struct target t = { .kind = "image", .locator = "json:" };

	if (r->target > 0)
		return 0;
	r->target = sink_target(r->sink, &t, err);
	return r->target < 0 ? -1 : 0;
}

/* XCCDF's word for what the tests of a control came to. */
static const char *result_of(const struct report *r, double impact)
{
	if (impact == 0)
		return "notapplicable";
	if (r->failed > 0)
		return "fail";
	if (r->errors > 0)
		return "error";
	return r->skipped > 0 ? "notchecked" : "pass";
}

static enum severity severity(double impact)
{
	return impact >= 0.9 ? SEV_CRITICAL : impact >= 0.7 ? SEV_HIGH :
	    impact >= 0.4 ? SEV_MEDIUM : impact > 0 ? SEV_LOW : SEV_NEGLIGIBLE;
}

static int add_finding(struct report *r, struct json *js, struct err *err)
{
	const char *word = row_text(&r->text[IMPACT]);
	double impact = word != NULL ? strtod(word, NULL) : 0.5;
	struct finding f = {
		.kind = "rule",
		.id = row_text(&r->text[ID]),
		.version = row_text(&r->text[STIG_ID]),
		.severity = severity(impact),
		.severity_word = word,
		.result = result_of(r, impact),
		.idents = row_text(&r->text[CCIS]),
		.locator = row_locator(&r->locator, js),
	};

	sink_count(r->sink, COUNT_READ, 1);
	if (f.id == NULL) {
		sink_count(r->sink, COUNT_UNPLACED, 1);
		return sink_warn(r->sink, f.locator, err, "a control without "
		    "an id");
	}
	if (r->tests == 0 && impact > 0) {
		sink_count(r->sink, COUNT_MERGED, 1);
		return 0;
	}
	if (open_target(r, err) < 0)
		return -1;
	f.target = r->target;
	str_clear(&r->title);
	row_title(&r->title, str_text(&r->text[TITLE]));
	f.title = row_text(&r->title);
	if (r->clipped && sink_warn(r->sink, f.locator, err, "CCIs are left "
	    "out: %s", cap_hint(CAP_LIST_BYTES)) < 0)
		return -1;
	return sink_finding(r->sink, &f, err);
}

static int on_control(struct report *r, struct json *js, enum json_event ev,
    struct err *err)
{
	if (row_is_object(js, ev, err) < 0)
		return -1;
	if (ev == JSON_END)
		return add_finding(r, js, err);
	for (size_t i = 0; i < NROW; i++)
		str_clear(&r->text[i]);
	r->tests = r->failed = r->errors = r->skipped = 0;
	r->clipped = false;
	return 0;
}

static int on_status(struct report *r, struct json *js, enum json_event ev,
    const char *text, struct err *err)
{
	if (row_take(&r->value, js, ev, text, err) < 0)
		return -1;
	text = str_text(&r->value);
	r->tests++;
	if (str_eq(text, "failed"))
		r->failed++;
	else if (str_eq(text, "skipped"))
		r->skipped++;
	else if (!str_eq(text, "passed"))
		r->errors++;
	return 0;
}

static int on_value(void *ctx, struct json *js, int id, enum json_event ev,
    const char *text, size_t len, struct err *err)
{
	struct report *r = ctx;
	int n;

	(void)len;
	switch (id) {
	case PROFILES:
		r->profiles = true;
		return row_is_list(js, ev, err);
	case CONTROLS:
	case RESULTS:
		return row_is_list(js, ev, err);
	case CONTROL:
		return on_control(r, js, ev, err);
	case STATUS:
		return on_status(r, js, ev, text, err);
	case CCI:
		if (row_take(&r->value, js, ev, text, err) < 0)
			return -1;
		if (!row_join(&r->text[CCIS], "\n", str_text(&r->value)))
			r->clipped = true;
		return 0;
	case PROFILE:
	case P_VERSION:
	case P_TITLE:
	case PLATFORM:
	case VERSION:
		if (row_take(&r->value, js, ev, text, err) < 0)
			return -1;
		if (id == VERSION)
			return sink_meta(r->sink, "tool_version",
			    row_text(&r->value), err);
		if (r->value.len == 0 || open_target(r, err) < 0)
			return r->value.len == 0 ? 0 : -1;
		if (id != PLATFORM)
			return sink_fact(r->sink, &(struct fact){ r->target,
			    id == PROFILE ? "stig.benchmark" :
			    id == P_TITLE ? "stig.title" : "stig.version",
			    NULL, r->value.s, row_locator(&r->locator, js) },
			    err);
		n = ident_reference(r->sink, r->target, r->value.s, err);
		return n < 0 ? -1 : 0;
	default:
		return row_take(&r->text[id], js, ev, text, err);
	}
}

static int read_report(struct input *in, struct sink *sink, struct err *err)
{
	struct report r = { .sink = sink };
	int rc = -1;

	if (sink_meta(sink, "tool", "hdf", err) == 0 &&
	    json_read(in, wants, on_value, &r, err) == 0) {
		rc = 0;
		if (!r.profiles) {
			err_set(err, ERR_INPUT, "no \"profiles\" at the top; "
			    "expected Heimdall Data Format");
			rc = err_at(err, input_name(in), 0, -1);
		}
	}
	for (size_t i = 0; i < NROW; i++)
		str_free(&r.text[i]);
	str_free(&r.value);
	str_free(&r.title);
	str_free(&r.locator);
	return rc;
}

static int bid(const struct probe *p)
{
	if (p->kind != PROBE_JSON || !probe_has(p, "profiles"))
		return 0;
	if (probe_has(p, "profiles[].controls"))
		return 90;
	return probe_has(p, "platform") && (probe_has(p, "statistics") ||
	    probe_has(p, "profiles[].name")) ? 80 : 0;
}

const struct importer importer_hdf = {
	.name = "hdf",
	.about = "controls and their results, from Heimdall Data Format or "
	    "InSpec's JSON",
	.version = 3,
	.keep = true,
	.bid = bid,
	.read = read_report,
};
