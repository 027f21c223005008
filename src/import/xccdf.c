/*
 * xccdf.c - results of XCCDF 1.1 and 1.2 benchmarks, alone or inside ARF.
 *
 * A document holds a Benchmark with its TestResults (oscap, SCC, STIG
 * Manager), a TestResult alone, or an ARF collection whose requests hold the
 * Benchmark and whose reports hold the TestResults.  Rules come first, so
 * what they say is remembered for the results that leave it out.  A Benchmark
 * alone (DISA's manual STIGs) is guidance: what its rules ask for.
 */
#include <string.h>

#include "muster/cap.h"
#include "muster/date.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/mem.h"
#include "muster/sink.h"
#include "muster/str.h"
#include "muster/xml.h"
#include "row.h"
#include "xccdf_priv.h"

#define ARF_NS	"http://scap.nist.gov/schema/asset-reporting-format/1.1"
#define CHECK_MAX 16384		/* ... of what a person has to do */

/* Where an element is; what the grammar does not know is OTHER, and so is
 * everything in it. */
enum place {
	OTHER, OUTSIDE,
	BENCHMARK, B_TITLE, B_VERSION, B_PLAIN, GROUP,
	RULE, RULE_TITLE, RULE_VERSION, RULE_IDENT, RULE_CHECK, RULE_CONTENT,
	RULE_REFERENCE,
	RESULT, R_BENCHMARK, R_IDENTITY, R_PROFILE, R_TARGET, R_ADDRESS, R_FACTS,
	R_FACT,
	R_SCORE,
	RR, RR_RESULT, RR_IDENT, RR_OVERRIDE, RR_NEW
};

enum text { NONE, OWN, ALL };

static const struct {
	enum place	parent;
	const char	*name;
	enum place	place;
	enum text	text;
} grammar[] = {
	{ OUTSIDE,	"Benchmark",	BENCHMARK,	NONE },
	{ OUTSIDE,	"TestResult",	RESULT,		NONE },
	{ BENCHMARK,	"title",	B_TITLE,	ALL },
	{ BENCHMARK,	"version",	B_VERSION,	OWN },
	{ BENCHMARK,	"plain-text",	B_PLAIN,	OWN },
	{ BENCHMARK,	"Group",	GROUP,		NONE },
	{ BENCHMARK,	"Rule",		RULE,		NONE },
	{ BENCHMARK,	"TestResult",	RESULT,		NONE },
	{ GROUP,	"Group",	GROUP,		NONE },
	{ GROUP,	"Rule",		RULE,		NONE },
	{ RULE,		"title",	RULE_TITLE,	ALL },
	{ RULE,		"version",	RULE_VERSION,	OWN },
	{ RULE,		"ident",	RULE_IDENT,	OWN },
	{ RULE,		"reference",	RULE_REFERENCE,	OWN },
	{ RULE,		"check",	RULE_CHECK,	NONE },
	{ RULE_CHECK,	"check-content", RULE_CONTENT,	OWN },
	{ RESULT,	"rule-result",	RR,		NONE },
	{ RESULT,	"benchmark",	R_BENCHMARK,	NONE },
	{ RESULT,	"identity",	R_IDENTITY,	OWN },
	{ RESULT,	"profile",	R_PROFILE,	NONE },
	{ RESULT,	"target",	R_TARGET,	OWN },
	{ RESULT,	"target-address", R_ADDRESS,	OWN },
	{ RESULT,	"target-facts",	R_FACTS,	NONE },
	{ RESULT,	"score",	R_SCORE,	OWN },
	{ R_FACTS,	"fact",		R_FACT,		OWN },
	{ RR,		"result",	RR_RESULT,	OWN },
	{ RR,		"ident",	RR_IDENT,	OWN },
	{ RR,		"override",	RR_OVERRIDE,	NONE },
	{ RR_OVERRIDE,	"new-result",	RR_NEW,		OWN },
};
#define NGRAMMAR (sizeof(grammar) / sizeof(grammar[0]))

struct xccdf {
	struct xccdf_doc	 doc;
	struct xccdf_result	*result;
	enum place		 at[XML_DEEPEST + 1];
	size_t			 group[XML_DEEPEST + 1];
	int64_t			 results;	/* TestResults seen */
	bool			 late;		/* warned: rules after them */

	/* attributes, for the end of their element */
	struct str		 name, extra;
	/* the rule being read */
	struct str		 id, severity, title, version, idents;
	struct str		 weight, check, locator;
	struct str		 text;		/* see tidy() */

	/* of the newest TestResult, for the artifact */
	struct str		 tool, tool_version, produced;
	int64_t			 newest;
	struct str		 end, system, scanner, scanner_version;
};

static bool is_xccdf(const char *ns)
{
	return str_eq(ns, "http://checklists.nist.gov/xccdf/1.1") ||
	    str_eq(ns, "http://checklists.nist.gov/xccdf/1.2");
}

static void set(struct str *s, const char *text)
{
	str_clear(s);
	if (text != NULL)
		str_add(s, text);
}

/* Text without the white space documents are laid out with. */
static const char *tidy(struct xccdf *c, const char *text)
{
	str_clear(&c->text);
	for (const char *p = text + strspn(text, " \t\r\n"); *p != '\0'; ) {
		size_t n = strcspn(p, " \t\r\n");

		if (c->text.len > 0)
			str_addc(&c->text, ' ');
		str_addn(&c->text, p, n);
		p += n;
		p += strspn(p, " \t\r\n");
	}
	return str_text(&c->text);
}

/* How much of the first n bytes are whole characters. */
static size_t whole(const char *text, size_t n)
{
	while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
		n--;
	return n;
}

/* The same, of a length that may be a fact; what is cut is warned about. */
static const char *clip(struct xccdf *c, struct xml *x, const char *text,
    struct err *err)
{
	struct str at = STR_INIT;
	size_t n = (size_t)cap(CAP_FACT_BYTES);
	int rc;

	tidy(c, text);
	if (c->text.len <= n)
		return str_text(&c->text);
	n = whole(c->text.s, n);
	c->text.s[n] = '\0';
	c->text.len = n;
	str_add(&at, "xpath:");
	xml_path(x, &at);
	rc = sink_warn(c->doc.sink, at.s, err, "a text is clipped: %s",
	    cap_hint(CAP_FACT_BYTES));
	str_free(&at);
	return rc < 0 ? NULL : c->text.s;
}

/* The document's root decides what can be read at all. */
static int root(struct xccdf *c, struct xml *x, const char *ns,
    const char *name, struct err *err)
{
	if (str_eq(name, "asset-report-collection")) {
		if (!str_eq(ns, ARF_NS))
			return xml_bad(x, err, "%s in the namespace \"%s\", "
			    "expected \"%s\"", name, ns, ARF_NS);
		return sink_meta(c->doc.sink, "format", "arf", err);
	}
	if (!str_eq(name, "Benchmark") && !str_eq(name, "TestResult"))
		return xml_bad(x, err, "the root is %s, expected Benchmark, "
		    "TestResult or asset-report-collection", name);
	if (!is_xccdf(ns))
		return xml_bad(x, err, "%s in the namespace \"%s\", expected "
		    "http://checklists.nist.gov/xccdf/1.1 or 1.2", name, ns);
	return sink_meta(c->doc.sink, "format", "xccdf", err);
}

static int start_benchmark(struct xccdf *c, struct xml *x, struct err *err)
{
	if (c->doc.nbenchmarks == cap(CAP_XCCDF_BENCHMARKS))
		return xml_bad(x, err, "too many benchmarks in one file: %s",
		    cap_hint(CAP_XCCDF_BENCHMARKS));
	c->doc.inside = c->doc.nbenchmarks++;
	set(&c->doc.benchmarks[c->doc.inside].id, xml_attr(x, "id"));
	c->group[xml_depth(x)] = xccdf_rules_group(c->doc.rules,
	    XCCDF_NO_GROUP, NULL, NULL);
	c->doc.benchmarks[c->doc.inside].group = c->group[xml_depth(x)];
	return 0;
}

static int start_rule(struct xccdf *c, struct xml *x)
{
	set(&c->id, xml_attr(x, "id"));
	set(&c->severity, xml_attr(x, "severity"));
	set(&c->weight, xml_attr(x, "weight"));
	str_clear(&c->title);
	str_clear(&c->version);
	str_clear(&c->idents);
	str_clear(&c->check);
	return 0;
}

static int start_result(struct xccdf *c, struct xml *x, struct err *err)
{
	static const struct { const char *attribute, *fact; } facts[] = {
		{ "start-time", "stig.start" }, { "end-time", "stig.end" }
	};

	c->results++;
	set(&c->end, xml_attr(x, "end-time"));
	set(&c->system, xml_attr(x, "test-system"));
	str_clear(&c->scanner);
	str_clear(&c->scanner_version);
	xccdf_result_start(c->result, x);
	for (size_t i = 0; i < 2; i++)
		if (xccdf_result_fact(c->result, x, facts[i].fact, NULL,
		    xml_attr(x, facts[i].attribute), err) < 0)
			return -1;
	return 0;
}

static int start(void *ctx, struct xml *x, const char *ns, const char *name,
    struct err *err)
{
	struct xccdf *c = ctx;
	int d = xml_depth(x);
	enum place parent = d > 1 ? c->at[d - 1] : OUTSIDE, here = OTHER;

	if (d == 1 && root(c, x, ns, name, err) < 0)
		return -1;
	if (!is_xccdf(ns))
		here = parent == OUTSIDE ? OUTSIDE : OTHER;
	else for (size_t i = 0; i < NGRAMMAR; i++) {
		if (grammar[i].parent != parent ||
		    strcmp(grammar[i].name, name) != 0)
			continue;
		here = grammar[i].place;
		if (grammar[i].text == ALL)
			xml_want_all_text(x);
		else if (grammar[i].text == OWN)
			xml_want_text(x);
		break;
	}
	c->at[d] = here;
	switch (here) {
	case BENCHMARK:
		return start_benchmark(c, x, err);
	case GROUP:
		c->group[d] = xccdf_rules_group(c->doc.rules, c->group[d - 1],
		    xml_attr(x, "id"), xml_attr(x, "weight"));
		return 0;
	case RULE:
		return start_rule(c, x);
	case RESULT:
		return start_result(c, x, err);
	case R_BENCHMARK:
		xccdf_result_benchmark(c->result, xml_attr(x, "id"),
		    xml_attr(x, "href"));
		return 0;
	case R_PROFILE:
		return xccdf_result_fact(c->result, x, "stig.profile", NULL,
		    xml_attr(x, "idref"), err);
	case RR:
		return xccdf_result_rule_start(c->result, x, err);
	case B_PLAIN:
		set(&c->name, xml_attr(x, "id"));
		return 0;
	case RULE_REFERENCE:
		set(&c->name, xml_attr(x, "href"));
		return 0;
	case R_FACT:
		set(&c->name, xml_attr(x, "name"));
		return 0;
	case R_SCORE:
		set(&c->name, xml_attr(x, "system"));
		set(&c->extra, xml_attr(x, "maximum"));
		return 0;
	default:
		return 0;
	}
}

/* A benchmark's own words: the first of a kind (titles come in languages). */
static void once(struct str *s, const char *text)
{
	if (s->len == 0)
		str_add(s, text);
}

static int end_rule(struct xccdf *c, struct xml *x, struct err *err)
{
	struct xccdf_rule rule = {
		.id = str_text(&c->id), .severity = str_text(&c->severity),
		.title = str_text(&c->title),
		.version = str_text(&c->version),
		.idents = str_text(&c->idents), .check = str_text(&c->check),
		.weight = str_text(&c->weight),
		.group = c->group[xml_depth(x) - 1]
	};
	int rc;

	if (c->id.len == 0)
		return 0;	/* nothing can refer to it */
	/* who evaluated it cites its own places */
	str_clear(&c->locator);
	if (c->results == 0) {
		str_add(&c->locator, "xpath:");
		xml_path(x, &c->locator);
	}
	rule.locator = str_text(&c->locator);
	rc = xccdf_rules_add(c->doc.rules, c->doc.inside, &rule, err);
	if (rc <= 0 || c->late)
		return rc < 0 ? -1 : 0;
	c->late = true;
	return sink_warn(c->doc.sink, NULL, err, "rules that follow results: "
	    "what they say about severities and titles is not used");
}

static int end_fact(struct xccdf *c, struct xml *x, const char *text,
    struct err *err)
{
	const char *value = clip(c, x, text, err);

	if (value == NULL)
		return -1;
	if (str_eq(str_text(&c->name), "urn:xccdf:fact:scanner:name"))
		set(&c->scanner, value);
	if (str_eq(str_text(&c->name), "urn:xccdf:fact:scanner:version"))
		set(&c->scanner_version, value);
	return xccdf_result_target_fact(c->result, x, str_text(&c->name),
	    value, err);
}

/* What wrote the file is what wrote its newest TestResult. */
static int end_result(struct xccdf *c, struct xml *x, struct err *err)
{
	int64_t when = INT64_MIN + 1;
	bool known = date_parse(str_text(&c->end), &when);

	if (c->results == 1 || when > c->newest) {
		c->newest = when;
		set(&c->produced, known ? c->end.s : NULL);
		str_clear(&c->tool);
		str_clear(&c->tool_version);
		if (c->system.len > 0) {
			xccdf_name_tool(c->system.s, &c->tool,
			    &c->tool_version);
		} else {
			set(&c->tool, str_text(&c->scanner));
			set(&c->tool_version, str_text(&c->scanner_version));
		}
	}
	return xccdf_result_end(c->result, x, err);
}

/* A benchmark without results: what is to be done, and not who did it. */
static int guide(struct xccdf *c, struct xml *x, struct err *err)
{
	const struct xccdf_benchmark *b = &c->doc.benchmarks[0];
	const struct fact facts[] = {
		{ 0, "guidance.benchmark", NULL, str_text(&b->id), NULL },
		{ 0, "guidance.title", NULL, str_text(&b->title), NULL },
		{ 0, "guidance.version", NULL, str_text(&b->version), NULL },
		{ 0, "guidance.release", NULL, str_text(&b->release), NULL },
	};
	int64_t n = xccdf_rules_send(c->doc.rules, c->doc.sink, err);

	if (n == 0)
		return xml_bad(x, err, "a benchmark without results and "
		    "without rules: expected at least one TestResult or Rule");
	for (size_t i = 0; n > 0 && i < sizeof(facts) / sizeof(facts[0]); i++)
		if (facts[i].value[0] != '\0' &&
		    sink_fact(c->doc.sink, &facts[i], err) < 0)
			return -1;
	return n < 0 ? -1 : 0;
}

static int end_document(struct xccdf *c, struct xml *x, const char *name,
    struct err *err)
{
	if (c->results == 0 && str_eq(name, "Benchmark"))
		return guide(c, x, err);
	if (c->results == 0)
		return xml_bad(x, err, "a collection of reports without "
		    "results: expected at least one TestResult");
	if (sink_meta(c->doc.sink, "tool", str_text(&c->tool), err) < 0 ||
	    sink_meta(c->doc.sink, "tool_version", str_text(&c->tool_version),
	    err) < 0)
		return -1;
	return sink_meta(c->doc.sink, "produced", str_text(&c->produced), err);
}

/* The end of an element inside a Benchmark or a Rule. */
static int end_of_rules(struct xccdf *c, struct xml *x, enum place here,
    const char *text, struct err *err)
{
	struct xccdf_benchmark *b = &c->doc.benchmarks[c->doc.inside];

	switch (here) {
	case B_TITLE:
	case B_VERSION:
	case B_PLAIN:
		if ((text = clip(c, x, text, err)) == NULL)
			return -1;
		if (here != B_PLAIN)
			once(here == B_TITLE ? &b->title : &b->version, text);
		else if (str_eq(str_text(&c->name), "release-info"))
			once(&b->release, text);
		return 0;
	case RULE:
		return end_rule(c, x, err);
	case RULE_TITLE:
		if (c->title.len == 0)
			row_title(&c->title, tidy(c, text));
		return 0;
	case RULE_VERSION:
		once(&c->version, tidy(c, text));
		return 0;
	case RULE_CONTENT:
		if (c->check.len == 0 && c->results == 0)
			str_addn(&c->check, text, strlen(text) < CHECK_MAX ?
			    strlen(text) : whole(text, CHECK_MAX));
		return 0;
	case RULE_IDENT:
		if (!row_join(&c->idents, "\n", tidy(c, text)))
			return xml_bad(x, err, "too many idents of one "
			    "rule: %s", cap_hint(CAP_LIST_BYTES));
		return 0;
	case RULE_REFERENCE:
		if (!xccdf_name_reference(str_text(&c->name), tidy(c, text),
		    &c->idents, &c->version))
			return xml_bad(x, err, "too many CCIs of one "
			    "rule: %s", cap_hint(CAP_LIST_BYTES));
		return 0;
	default:
		return 0;
	}
}

/* The end of an element inside a TestResult. */
static int end_of_result(struct xccdf *c, struct xml *x, enum place here,
    const char *text, struct err *err)
{
	struct xccdf_result *r = c->result;

	switch (here) {
	case RESULT:
		return end_result(c, x, err);
	case R_IDENTITY:
	case R_TARGET:
		if ((text = clip(c, x, text, err)) == NULL)
			return -1;
		return here == R_TARGET ? xccdf_result_target(r, x, text, err) :
		    xccdf_result_fact(r, x, "stig.identity", NULL, text, err);
	case R_ADDRESS:
		return xccdf_result_address(r, x, tidy(c, text), err);
	case R_FACT:
		return end_fact(c, x, text, err);
	case R_SCORE:
		xccdf_result_score(r, str_text(&c->name),
		    str_text(&c->extra), tidy(c, text));
		return 0;
	case RR:
		return xccdf_result_rule_end(r, x, err);
	case RR_RESULT:
		xccdf_result_is(r, tidy(c, text));
		return 0;
	case RR_IDENT:
		xccdf_result_ident(r, tidy(c, text));
		return 0;
	case RR_NEW:
		xccdf_result_override(r, tidy(c, text));
		return 0;
	default:
		return 0;
	}
}

static int end(void *ctx, struct xml *x, const char *ns, const char *name,
    const char *text, size_t len, struct err *err)
{
	struct xccdf *c = ctx;
	enum place here = c->at[xml_depth(x)];
	int rc = 0;

	(void)ns, (void)len;
	if (here > BENCHMARK && here < RESULT)
		rc = end_of_rules(c, x, here, text, err);
	else if (here >= RESULT)
		rc = end_of_result(c, x, here, text, err);
	else if (here == BENCHMARK)
		c->doc.inside = -1;
	if (rc == 0 && xml_depth(x) == 1)
		rc = end_document(c, x, name, err);
	return rc;
}

static void drop(struct xccdf *c)
{
	struct str *const all[] = {
		&c->name, &c->extra, &c->id, &c->severity, &c->title,
		&c->version, &c->idents, &c->text, &c->tool, &c->tool_version,
		&c->produced, &c->end, &c->system, &c->scanner,
		&c->scanner_version, &c->weight, &c->check, &c->locator
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		str_free(all[i]);
	for (int i = 0; i < c->doc.nbenchmarks; i++) {
		str_free(&c->doc.benchmarks[i].id);
		str_free(&c->doc.benchmarks[i].title);
		str_free(&c->doc.benchmarks[i].version);
		str_free(&c->doc.benchmarks[i].release);
	}
	xccdf_rules_free(c->doc.rules);
	xccdf_result_free(c->result);
}

static int read_results(struct input *in, struct sink *sink, struct err *err)
{
	static const struct xml_handler handler = { start, end };
	struct xccdf c = {
		.doc = { .sink = sink, .inside = -1 }
	};
	int rc;

	c.doc.rules = xccdf_rules_new();
	c.result = xccdf_result_new(&c.doc);
	rc = xml_read(in, &handler, &c, err);
	drop(&c);
	return rc;
}

/* Right names in a wrong namespace are bid for as well: to be refused with
 * words that help. */
static int bid(const struct probe *p)
{
	bool result = str_eq(p->xml_name, "TestResult");

	if (p->kind != PROBE_XML)
		return 0;
	if (str_eq(p->xml_name, "asset-report-collection"))
		return str_eq(p->xml_ns, ARF_NS) ? 95 : 20;
	if (!result && !str_eq(p->xml_name, "Benchmark"))
		return 0;
	if (!is_xccdf(p->xml_ns))
		return 20;
	return result || probe_seen(p, "TestResult") ? 95 : 60;
}

const struct importer importer_xccdf = {
	.name = "xccdf",
	.about = "STIG benchmarks and their results: XCCDF 1.1 and 1.2, ARF",
	.version = 3,
	.keep = true,
	.bid = bid,
	.read = read_results,
};
