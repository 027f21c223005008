/*
 * grype.c - vulnerabilities, from "grype IMAGE -o json".
 *
 * Every match is one finding.  Versions differ in what they leave out, so keys
 * are looked for and no version is: 0.7 has no "fix" object but
 * "fixedInVersion", database 6 has epss and risk.  The severity is the word of
 * the distribution ("vulnerability"), which may be lower than that of the
 * related record; a match without one stays unknown.
 */
#include <string.h>

#include "ident.h"
#include "muster/cap.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/sink.h"
#include "row.h"

/* Texts of a match, then what else is wanted. */
enum {
	ID = 1, SEVERITY, DESCRIPTION, SOURCE_URL, STATE, FIXED_IN_OLD,
	PACKAGE, VERSION, TYPE, PURL, ALIASES, FIXED_IN, PATHS, SOURCES, REASON,
	RULES, NTEXTS,
	MATCHES, MATCH, PART, LIST, RELATED, FIX_VERSION, LOCATION, UPSTREAM,
	IGNORED, RULE, ORIGIN, ORIGIN_TYPE, USER_INPUT, IMAGE_ID, MANIFEST, TAG,
	REPODIGEST, TOOL_VERSION, PRODUCED, DB_BUILT, DB_BUILT_6
};

#define M "matches[]."
#define I "ignoredMatches[]."
#define T "source.target."

static const struct json_want wants[] = {
	{ "matches",				MATCHES },
	{ "matches[]",				MATCH },
	{ M "vulnerability",			PART },
	{ M "artifact",				PART },
	{ M "vulnerability.fix",		PART },
	{ M "vulnerability.fix.versions",	LIST },
	{ M "relatedVulnerabilities",		LIST },
	{ M "artifact.locations",		LIST },
	{ M "vulnerability.id",			ID },
	{ M "vulnerability.severity",		SEVERITY },
	{ M "vulnerability.description",	DESCRIPTION },
	{ M "vulnerability.dataSource",		SOURCE_URL },
	{ M "vulnerability.fix.state",		STATE },
	{ M "vulnerability.fix.versions[]",	FIX_VERSION },
	{ M "vulnerability.fixedInVersion",	FIXED_IN_OLD },
	{ M "relatedVulnerabilities[].id",	RELATED },
	{ M "artifact.name",			PACKAGE },
	{ M "artifact.version",			VERSION },
	{ M "artifact.type",			TYPE },
	{ M "artifact.purl",			PURL },
	{ M "artifact.locations[].path",	LOCATION },
	{ M "artifact.upstreams",		LIST },
	{ M "artifact.upstreams[].name",	UPSTREAM },
	{ "ignoredMatches[]",			IGNORED },
	{ I "vulnerability.id",			ID },
	{ I "vulnerability.severity",		SEVERITY },
	{ I "artifact.name",			PACKAGE },
	{ I "artifact.version",			VERSION },
	{ I "artifact.purl",			PURL },
	{ I "relatedVulnerabilities[].id",	RELATED },
	{ I "appliedIgnoreRules[].reason",	REASON },
	{ I "appliedIgnoreRules[].vulnerability", RULE },
	{ I "appliedIgnoreRules[].fix-state",	RULE },
	{ I "appliedIgnoreRules[].vex-status",	RULE },
	{ "source.type",			ORIGIN_TYPE },
	{ "source.target",			ORIGIN },
	{ T "userInput",			USER_INPUT },
	{ T "imageID",				IMAGE_ID },
	{ T "manifestDigest",			MANIFEST },
	{ T "tags[]",				TAG },
	{ T "repoDigests[]",			REPODIGEST },
	{ "descriptor.version",			TOOL_VERSION },
	{ "descriptor.timestamp",		PRODUCED },
	{ "descriptor.db.built",		DB_BUILT },
	{ "descriptor.db.status.built",		DB_BUILT_6 },
	{ NULL, 0 }
};

struct report {
	struct sink	*sink;
	int64_t		 target;	/* 0: not opened yet */
	bool		 matches;	/* the key was there */
	int64_t		 identities;
	struct str	 origin;	/* source.type, when it is no image */
	struct str	 input;		/* what Grype was asked to scan */

	/* The match being read. */
	struct str	 text[NTEXTS];
	bool		 stated;	/* it has a fix.state */
	bool		 clipped;	/* a list was too long */
	struct str	 value, title, locator;
};

/* The source comes after the matches, as a rule: so the target is opened when
 * it is first needed, and gets its names when they turn up. */
static int open_target(struct report *r, struct err *err)
{
	return ident_open(r->sink, &r->target, row_text(&r->input),
	    "json:/source", err);
}

static bool fixable(const struct report *r)
{
	if (r->stated)
		return str_eq(row_text(&r->text[STATE]), "fixed");
	return r->text[FIXED_IN].len > 0 || r->text[FIXED_IN_OLD].len > 0;
}

static int add_finding(struct report *r, struct json *js, struct err *err)
{
	const char *about = row_text(&r->text[DESCRIPTION]);
	const char *fixed = row_text(&r->text[FIXED_IN]);
	struct finding f = {
		.kind = "vulnerability",
		.id = row_text(&r->text[ID]),
		.aliases = row_text(&r->text[ALIASES]),
		.package = row_text(&r->text[PACKAGE]),
		.version = row_text(&r->text[VERSION]),
		.type = row_text(&r->text[TYPE]),
		.purl = row_text(&r->text[PURL]),
		.severity = severity_of(row_text(&r->text[SEVERITY])),
		.severity_word = row_text(&r->text[SEVERITY]),
		.fixed_in = fixed != NULL ? fixed :
		    row_text(&r->text[FIXED_IN_OLD]),
		.fixable = fixable(r),
		.path = row_text(&r->text[PATHS]),
		.idents = row_text(&r->text[SOURCES]),
	};

	if (open_target(r, err) < 0)
		return -1;
	f.target = r->target;
	if (about == NULL)
		about = row_text(&r->text[SOURCE_URL]);
	str_clear(&r->title);
	if (about != NULL)
		row_title(&r->title, about);
	f.title = row_text(&r->title);
	f.locator = row_locator(&r->locator, js);
	sink_count(r->sink, COUNT_READ, 1);
	if (r->clipped && sink_warn(r->sink, f.locator, err, "aliases, fixed "
	    "versions, paths or sources are left out: %s",
	    cap_hint(CAP_LIST_BYTES)) < 0)
		return -1;
	return sink_finding(r->sink, &f, err);
}

/* What Grype was told to leave out, and by which rule: a proposal. */
static int add_statement(struct report *r, struct json *js, struct err *err)
{
	struct statement t = {
		.kind = "ignore",
		.id = row_text(&r->text[ID]),
		.aliases = row_text(&r->text[ALIASES]),
		.package = row_text(&r->text[PACKAGE]),
		.version = row_text(&r->text[VERSION]),
		.product = row_text(&r->text[PURL]),
		.status = "ignored",
		.justification = row_text(&r->text[RULES]),
		.text = row_text(&r->text[REASON]),
		.author = "grype",
		.locator = row_locator(&r->locator, js),
	};

	if (open_target(r, err) < 0)
		return -1;
	t.target = r->target;
	sink_count(r->sink, COUNT_READ, 1);
	if (t.id != NULL)
		return sink_statement(r->sink, &t, err);
	sink_count(r->sink, COUNT_UNPLACED, 1);
	return sink_warn(r->sink, t.locator, err, "an ignored match without "
	    "an id");
}

static int on_match(struct report *r, struct json *js, int id,
    enum json_event ev, struct err *err)
{
	if (row_is_object(js, ev, err) < 0)
		return -1;
	if (ev == JSON_END)
		return id == MATCH ? add_finding(r, js, err) :
		    add_statement(r, js, err);
	for (size_t i = 0; i < NTEXTS; i++)
		str_clear(&r->text[i]);
	r->stated = r->clipped = false;
	return 0;
}

/* An item of one of the lists of a match. */
static int on_item(struct report *r, struct json *js, int id,
    enum json_event ev, const char *text, struct err *err)
{
	static const struct {
		int		 from, list;
		const char	*sep;
	} lists[] = {
		{ RELATED, ALIASES, "\n" }, { FIX_VERSION, FIXED_IN, ", " },
		{ LOCATION, PATHS, "\n" }
	};
	size_t i = 0;

	if (row_take(&r->value, js, ev, text, err) < 0)
		return -1;
	while (lists[i].from != id)
		i++;
	if (r->value.len == 0)
		return 0;
	/* The primary record is often among the related ones. */
	if (id == RELATED && (row_listed(&r->text[ALIASES], r->value.s) ||
	    str_eq(row_text(&r->text[ID]), r->value.s)))
		return 0;
	if (!row_join(&r->text[lists[i].list], lists[i].sep, r->value.s))
		r->clipped = true;
	return 0;
}

/* The package that this one is built from, by another name than its own. */
static int on_upstream(struct report *r, struct json *js, enum json_event ev,
    const char *text, struct err *err)
{
	if (row_take(&r->value, js, ev, text, err) < 0)
		return -1;
	if (r->value.len == 0)
		return 0;
	str_clear(&r->title);
	str_addf(&r->title, "source:%s", r->value.s);
	if (!row_join(&r->text[SOURCES], "\n", r->title.s))
		r->clipped = true;
	return 0;
}

static int on_identity(struct report *r, struct json *js, int id,
    enum json_event ev, const char *text, struct err *err)
{
	int n;

	if (row_take(&r->value, js, ev, text, err) < 0)
		return -1;
	text = row_text(&r->value);
	if (id == USER_INPUT && text != NULL)
		str_add(&r->input, text);
	if (text == NULL || (id == TAG && str_eq(text, row_text(&r->input))))
		return 0;	/* nothing, or nothing new */
	if (open_target(r, err) < 0)
		return -1;
	if (id == USER_INPUT && sink_fact(r->sink, &(struct fact){ r->target,
	    "scan.input", NULL, text, "json:/source/target/userInput" },
	    err) < 0)
		return -1;
	if (id == IMAGE_ID)
		n = ident_digest(r->sink, r->target, "config", text,
		    "json:/source/target/imageID", err);
	else if (id == MANIFEST)
		n = ident_digest(r->sink, r->target, "manifest", text,
		    "json:/source/target/manifestDigest", err);
	else
		n = ident_reference(r->sink, r->target, text, err);
	r->identities += n > 0 ? n : 0;
	return n < 0 ? -1 : 0;
}

/* A directory, a file or an SBOM was scanned: a string where an image has an
 * object. */
static int on_origin(struct report *r, struct json *js, int id,
    enum json_event ev, const char *text, struct err *err)
{
	if (id == ORIGIN && ev != JSON_STRING)
		return 0;
	if (id == ORIGIN) {
		str_clear(&r->input);
		str_add(&r->input, text);
		return 0;
	}
	return row_take(&r->origin, js, ev, text, err);
}

static int on_descriptor(struct report *r, struct json *js, int id,
    enum json_event ev, const char *text, struct err *err)
{
	if (row_take(&r->value, js, ev, text, err) < 0)
		return -1;
	text = row_text(&r->value);
	if (id == TOOL_VERSION)
		return sink_meta(r->sink, "tool_version",
		    str_eq(text, "[not provided]") ? NULL : text, err);
	return sink_meta(r->sink, id == PRODUCED ? "produced" : "tool_db",
	    row_time(text), err);
}

static int on_value(void *ctx, struct json *js, int id, enum json_event ev,
    const char *text, size_t len, struct err *err)
{
	struct report *r = ctx;

	(void)len;
	if (id < NTEXTS) {
		if (id == STATE)
			r->stated = ev == JSON_STRING;
		return row_take(&r->text[id], js, ev, text, err);
	}
	switch (id) {
	case MATCHES:
		r->matches = true;
		return row_is_list(js, ev, err);
	case LIST:
		return row_is_list(js, ev, err);
	case PART:
		return row_is_part(js, ev, err);
	case MATCH:
	case IGNORED:
		return on_match(r, js, id, ev, err);
	case RULE:
		if (row_take(&r->value, js, ev, text, err) < 0)
			return -1;
		row_join(&r->text[RULES], ", ", str_text(&r->value));
		return 0;
	case UPSTREAM:
		return on_upstream(r, js, ev, text, err);
	case RELATED:
	case FIX_VERSION:
	case LOCATION:
		return on_item(r, js, id, ev, text, err);
	case ORIGIN:
	case ORIGIN_TYPE:
		return on_origin(r, js, id, ev, text, err);
	case TOOL_VERSION:
	case PRODUCED:
	case DB_BUILT:
	case DB_BUILT_6:
		return on_descriptor(r, js, id, ev, text, err);
	default:
		return on_identity(r, js, id, ev, text, err);
	}
}

/* What can only be said when everything was seen. */
static int conclude(struct report *r, struct input *in, struct err *err)
{
	const char *origin = row_text(&r->origin), *input = row_text(&r->input);

	if (!r->matches) {
		err_set(err, ERR_INPUT, "no \"matches\" at the top; expected "
		    "the report of grype -o json");
		return err_at(err, input_name(in), 0, -1);
	}
	if (open_target(r, err) < 0 || ident_scanned(r->sink, r->target,
	    "json:/matches", err) < 0)
		return -1;
	if (r->identities == 0 && sink_warn(r->sink, "json:/source", err,
	    "the report names no image (%s%s%.200s): what it says is attached "
	    "to none", origin != NULL ? origin : "no source",
	    input != NULL ? " " : "", input != NULL ? input : "") < 0)
		return -1;
	return 0;
}

static int read_report(struct input *in, struct sink *sink, struct err *err)
{
	struct report r = { .sink = sink };
	int rc = -1;

	if (sink_meta(sink, "tool", "grype", err) == 0 &&
	    json_read(in, wants, on_value, &r, err) == 0)
		rc = conclude(&r, in, err);
	for (size_t i = 0; i < NTEXTS; i++)
		str_free(&r.text[i]);
	str_free(&r.value);
	str_free(&r.title);
	str_free(&r.locator);
	str_free(&r.origin);
	str_free(&r.input);
	return rc;
}

static int bid(const struct probe *p)
{
	if (p->kind != PROBE_JSON || !probe_has(p, "matches"))
		return 0;
	if (probe_has(p, "matches[].vulnerability"))
		return 95;
	if (probe_has(p, "descriptor") || probe_has(p, "ignoredMatches"))
		return 90;
	return probe_has(p, "source") || probe_has(p, "distro") ? 50 : 0;
}

const struct importer importer_grype = {
	.name = "grype",
	.about = "vulnerabilities, from grype IMAGE -o json",
	.version = 5,
	.keep = true,
	.bid = bid,
	.read = read_report,
};
