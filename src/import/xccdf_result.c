/*
 * xccdf_result.c - one TestResult: what was scanned, with what, and each
 * rule's result; see xccdf_priv.h.
 *
 * The target's kind must be known before the target is sent, so what comes
 * before the first rule-result is held back until then.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "muster/cap.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/sink.h"
#include "muster/str.h"
#include "muster/xml.h"
#include "row.h"
#include "xccdf_priv.h"

#define MAX_OVERRIDES	64	/* contradictions told one by one */
#define MAX_WARNINGS	50	/* of one TestResult */

/* A fact, or (fact NULL) a name of the target, to be sent later. */
struct held {
	const char	*fact;
	char		*key, *value, *locator;
};

struct xccdf_result {
	struct xccdf_doc *doc;
	int64_t		 target;	/* 0: not sent yet */
	struct str	 locator;
	bool		 image;
	int		 benchmark;	/* of doc; -1: not known */
	struct str	 benchmark_id;	/* as the TestResult says */
	struct str	 benchmark_version;

	struct held	*held;
	size_t		 nheld, cap;
	int		 targets, facts, addresses;
	int64_t		 overrides, warnings;

	struct str	 score, score_system, score_max;
	int		 score_rank;

	/* the rule-result being read */
	struct str	 idref, severity, version, result, override, idents;
	struct str	 rule_locator, weight;
	bool		 has_severity, clipped;
	bool		 strange;	/* a rule of no benchmark here */
};

struct xccdf_result *xccdf_result_new(struct xccdf_doc *doc)
{
	struct xccdf_result *r = mem_alloc(sizeof(*r));

	r->doc = doc;
	return r;
}

static void drop_held(struct xccdf_result *r)
{
	for (size_t i = 0; i < r->nheld; i++) {
		free(r->held[i].key);
		free(r->held[i].value);
		free(r->held[i].locator);
	}
	r->nheld = 0;
}

void xccdf_result_free(struct xccdf_result *r)
{
	if (r == NULL)
		return;
	drop_held(r);
	free(r->held);
	str_free(&r->locator);
	str_free(&r->benchmark_id);
	str_free(&r->benchmark_version);
	str_free(&r->score);
	str_free(&r->score_system);
	str_free(&r->score_max);
	str_free(&r->idref);
	str_free(&r->severity);
	str_free(&r->version);
	str_free(&r->result);
	str_free(&r->override);
	str_free(&r->idents);
	str_free(&r->rule_locator);
	str_free(&r->weight);
	free(r);
}

static void locate(struct str *s, struct xml *x)
{
	str_clear(s);
	str_add(s, "xpath:");
	xml_path(x, s);
}

/* NULL clears; "" is kept as "". */
static void set(struct str *s, const char *text)
{
	str_clear(s);
	if (text != NULL)
		str_add(s, text);
}

void xccdf_result_start(struct xccdf_result *r, struct xml *x)
{
	r->target = 0;
	r->image = false;
	r->targets = r->facts = r->addresses = 0;
	r->overrides = r->warnings = 0;
	r->score_rank = 0;
	r->strange = false;
	str_clear(&r->benchmark_id);
	set(&r->benchmark_version, xml_attr(x, "version"));
	drop_held(r);
	locate(&r->locator, x);
	r->benchmark = r->doc->inside >= 0 ? r->doc->inside :
	    r->doc->nbenchmarks == 1 ? 0 : -1;
}

void xccdf_result_benchmark(struct xccdf_result *r, const char *id,
    const char *href)
{
	set(&r->benchmark_id, !str_empty(id) ? id : href);
	for (int i = 0; !str_empty(id) && i < r->doc->nbenchmarks; i++)
		if (str_eq(str_text(&r->doc->benchmarks[i].id), id)) {
			r->benchmark = i;
			return;
		}
}

static int send_one(struct xccdf_result *r, const struct held *h,
    struct err *err)
{
	const struct identity host = { r->target, "host", h->value };
	const struct fact fact = {
		r->target, h->fact, h->key, h->value, h->locator
	};

	if (h->fact != NULL && sink_fact(r->doc->sink, &fact, err) < 0)
		return -1;
	if ((h->fact == NULL || str_eq(h->fact, "stig.target_fact")) &&
	    xccdf_name_is_image(h->value))
		return xccdf_name_images(r->doc->sink, r->target, h->value,
		    err);
	return h->fact != NULL ? 0 : sink_identity(r->doc->sink, &host, err);
}

/* Send the target and what was held back. */
static int open_target(struct xccdf_result *r, struct err *err)
{
	struct target t = {
		.kind = r->image ? "image" : "host",
		.locator = r->locator.s
	};

	if (r->target != 0)
		return 0;
	for (size_t i = 0; i < r->nheld && t.name == NULL; i++)
		if (r->held[i].fact == NULL)
			t.name = r->held[i].value;
	if ((r->target = sink_target(r->doc->sink, &t, err)) < 0)
		return -1;
	for (size_t i = 0; i < r->nheld; i++)
		if (send_one(r, &r->held[i], err) < 0)
			return -1;
	drop_held(r);
	return 0;
}

static int hold(struct xccdf_result *r, struct xml *x, const char *fact,
    const char *key, const char *value, struct err *err)
{
	struct str at = STR_INIT;
	int rc = 0;

	locate(&at, x);
	if (r->target != 0) {
		struct held h = { fact, (char *)key, (char *)value, at.s };

		rc = send_one(r, &h, err);
		str_free(&at);
		return rc;
	}
	MEM_ROOM(r->held, r->nheld, r->cap);
	r->held[r->nheld++] = (struct held){
		fact, mem_dup(key), mem_dup(value), at.s
	};
	return 0;
}

/* Is there room for one more?  The first one dropped is warned about. */
static int room(struct xccdf_result *r, int *n, const char *what,
    struct err *err)
{
	if (++*n <= cap(CAP_XCCDF_TARGETS))
		return 1;
	if (*n == cap(CAP_XCCDF_TARGETS) + 1 && sink_warn(r->doc->sink,
	    str_text(&r->locator), err, "too many %s, the rest is dropped: "
	    "%s", what, cap_hint(CAP_XCCDF_TARGETS)) < 0)
		return -1;
	return 0;
}

int xccdf_result_target(struct xccdf_result *r, struct xml *x,
    const char *name, struct err *err)
{
	int rc;

	if (name[0] == '\0')
		return 0;
	if ((rc = room(r, &r->targets, "targets", err)) <= 0)
		return rc;
	r->image = r->image || xccdf_name_is_image(name);
	return hold(r, x, NULL, NULL, name, err);
}

int xccdf_result_target_fact(struct xccdf_result *r, struct xml *x,
    const char *name, const char *value, struct err *err)
{
	int rc;

	if ((rc = room(r, &r->facts, "target facts", err)) <= 0)
		return rc;
	r->image = r->image || xccdf_name_is_image(value);
	return hold(r, x, "stig.target_fact", name, value, err);
}

int xccdf_result_address(struct xccdf_result *r, struct xml *x,
    const char *address, struct err *err)
{
	int rc = str_empty(address) ? 0 : room(r, &r->addresses,
	    "target addresses", err);

	return rc <= 0 ? rc : hold(r, x, "stig.target_fact",
	    "target-address", address, err);
}

int xccdf_result_fact(struct xccdf_result *r, struct xml *x,
    const char *fact, const char *key, const char *value, struct err *err)
{
	return str_empty(value) ? 0 : hold(r, x, fact, key, value, err);
}

/* Scanners give several, their own first: the default model's counts. */
void xccdf_result_score(struct xccdf_result *r, const char *system,
    const char *maximum, const char *value)
{
	int rank = str_empty(system) || str_ends(system, ":default") ? 2 : 1;

	if (rank <= r->score_rank || value[0] == '\0')
		return;
	r->score_rank = rank;
	set(&r->score, value);
	set(&r->score_system, str_empty(system) ?
	    "urn:xccdf:scoring:default" : system);
	set(&r->score_max, maximum);
}

int xccdf_result_rule_start(struct xccdf_result *r, struct xml *x,
    struct err *err)
{
	const char *severity = xml_attr(x, "severity");

	sink_count(r->doc->sink, COUNT_READ, 1);
	r->has_severity = !str_empty(severity);
	set(&r->idref, xml_attr(x, "idref"));
	set(&r->severity, severity);
	set(&r->version, xml_attr(x, "version"));
	set(&r->weight, xml_attr(x, "weight"));
	str_clear(&r->result);
	str_clear(&r->override);
	str_clear(&r->idents);
	r->clipped = false;
	return open_target(r, err);
}

void xccdf_result_is(struct xccdf_result *r, const char *result)
{
	if (r->result.len == 0)
		set(&r->result, result);
}

/* Overrides come in the order they were made: the last one counts. */
void xccdf_result_override(struct xccdf_result *r, const char *result)
{
	set(&r->override, result);
}

void xccdf_result_ident(struct xccdf_result *r, const char *ident)
{
	if (!row_join(&r->idents, "\n", ident))
		r->clipped = true;
}

/* A remark about the rule-result: the first ones in full. */
static int warn(struct xccdf_result *r, struct err *err, const char *what,
    const char *detail)
{
	if (++r->warnings > MAX_WARNINGS)
		return 0;
	return sink_warn(r->doc->sink, str_text(&r->rule_locator), err,
	    "%.200s: %s%s%.200s%s", r->idref.len > 0 ? r->idref.s :
	    "a rule-result", what, detail != NULL ? ": \"" : "",
	    detail != NULL ? detail : "", detail != NULL ? "\"" : "");
}

/* What is not one of XCCDF's words must not look like an outcome. */
static int check_result(struct xccdf_result *r, struct err *err)
{
	static const char words[] = "pass fail error unknown notapplicable "
	    "notchecked notselected informational fixed";
	int rc;

	if (r->result.len > 0 && str_listed(words, r->result.s))
		return 0;
	rc = warn(r, err, r->result.len > 0 ? "no result of XCCDF, taken as "
	    "unknown" : "without a result, taken as unknown",
	    r->result.len > 0 ? r->result.s : NULL);
	set(&r->result, "unknown");
	return rc;
}

/* An override that the result does not follow: both are kept. */
static int check_override(struct xccdf_result *r, struct err *err)
{
	struct str both = STR_INIT;
	struct held h = { "stig.override", r->idref.s, NULL, NULL };
	int rc = 0;

	if (r->override.len == 0 || str_eq(r->override.s, r->result.s) ||
	    ++r->overrides > MAX_OVERRIDES)
		return 0;
	str_addf(&both, "%s, overridden to %s", str_text(&r->result),
	    r->override.s);
	h.value = both.s;
	h.locator = r->rule_locator.s;
	if ((rc = send_one(r, &h, err)) == 0)
		rc = warn(r, err, "an override disagrees with the result, "
		    "which is kept", both.s);
	str_free(&both);
	return rc;
}

/* A result that repeats other names of its rule has the rule's CCIs too. */
static void add_ccis(struct xccdf_result *r, const char *idents)
{
	struct str cci = STR_INIT;

	for (const char *p = idents; *p != '\0' && r->idents.len > 0; ) {
		size_t n = strcspn(p, "\n");

		str_clear(&cci);
		str_addn(&cci, p, n);
		if (str_starts(cci.s, "CCI-") &&
		    !row_join(&r->idents, "\n", cci.s))
			r->clipped = true;
		p += n + (p[n] == '\n');
	}
	str_free(&cci);
}

/* What the rule-result leaves out is taken from the benchmark's rule. */
static int fill(struct xccdf_result *r, struct finding *f, struct err *err)
{
	struct xccdf_rule rule;
	bool doubled = false, known = r->benchmark >= 0 &&
	    xccdf_rules_find(r->doc->rules, r->benchmark, r->idref.s, &rule,
	    &doubled);

	f->version = row_text(&r->version);
	f->severity_word = row_text(&r->severity);
	f->idents = row_text(&r->idents);
	r->strange |= !known;
	if (known) {
		xccdf_score_mark(r->doc->rules, rule.at, str_text(&r->result),
		    str_text(&r->weight));
		f->title = str_empty(rule.title) ? NULL : rule.title;
		if (f->version == NULL && !str_empty(rule.version))
			f->version = rule.version;
		if (!r->has_severity && !str_empty(rule.severity))
			f->severity_word = rule.severity;
		if (!str_contains(f->idents, "CCI-"))
			add_ccis(r, rule.idents);
		f->idents = row_text(&r->idents);
		if (f->idents == NULL && !str_empty(rule.idents))
			f->idents = rule.idents;
	}
	f->severity = severity_of(f->severity_word);
	return doubled ? warn(r, err, "the benchmark has several rules of "
	    "this id, the most severe is taken", NULL) : 0;
}

int xccdf_result_rule_end(struct xccdf_result *r, struct xml *x,
    struct err *err)
{
	struct finding f = { .target = r->target, .kind = "rule" };

	locate(&r->rule_locator, x);
	if (r->idref.len == 0) {
		sink_count(r->doc->sink, COUNT_UNPLACED, 1);
		return warn(r, err, "it names no rule (idref) and is dropped",
		    NULL);
	}
	if (check_result(r, err) < 0 || check_override(r, err) < 0 ||
	    fill(r, &f, err) < 0)
		return -1;
	if (r->clipped && warn(r, err, "more idents than are kept: the list "
	    "is clipped", NULL) < 0)
		return -1;
	f.id = r->idref.s;
	f.result = r->result.s;
	f.locator = r->rule_locator.s;
	return sink_finding(r->doc->sink, &f, err);
}

/* Which benchmark it was, of what version. */
static int send_benchmark(struct xccdf_result *r, struct err *err)
{
	const struct xccdf_benchmark *b = r->benchmark >= 0 ?
	    &r->doc->benchmarks[r->benchmark] : NULL;
	const struct {
		const char	*name, *value, *otherwise;
	} facts[] = {
		{ "stig.benchmark", b ? str_text(&b->id) : "",
		    str_text(&r->benchmark_id) },
		{ "stig.title", b ? str_text(&b->title) : "", "" },
		{ "stig.version", b ? str_text(&b->version) : "",
		    str_text(&r->benchmark_version) },
		{ "stig.release", b ? str_text(&b->release) : "", "" },
	};

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		const struct fact f = {
			r->target, facts[i].name, NULL, facts[i].value[0] ?
			    facts[i].value : facts[i].otherwise,
			str_text(&r->locator)
		};

		if (f.value[0] != '\0' &&
		    sink_fact(r->doc->sink, &f, err) < 0)
			return -1;
	}
	return 0;
}

/* Only where the benchmark says in which groups all the rules are. */
static int send_computed(struct xccdf_result *r, struct err *err)
{
	char number[32];
	const struct fact f = {
		r->target, "stig.computed", NULL, number, str_text(&r->locator)
	};
	double score;

	if (r->benchmark < 0 || !xccdf_score_of(r->doc->rules,
	    r->doc->benchmarks[r->benchmark].group, &score) || r->strange)
		return 0;
	snprintf(number, sizeof(number), "%.2f", score);
	return sink_fact(r->doc->sink, &f, err);
}

static int send_score(struct xccdf_result *r, struct err *err)
{
	struct fact f = {
		r->target, "stig.score", r->score_system.s, r->score.s,
		str_text(&r->locator)
	};

	if (send_computed(r, err) < 0)
		return -1;
	if (r->score_rank == 0)
		return 0;
	if (sink_fact(r->doc->sink, &f, err) < 0)
		return -1;
	f.name = "stig.score_maximum";
	f.value = str_text(&r->score_max);
	return str_empty(f.value) ? 0 : sink_fact(r->doc->sink, &f, err);
}

int xccdf_result_end(struct xccdf_result *r, struct xml *x, struct err *err)
{
	char number[24];

	if (open_target(r, err) < 0 || send_benchmark(r, err) < 0 ||
	    send_score(r, err) < 0)
		return -1;
	if (r->overrides > 0) {
		snprintf(number, sizeof(number), "%lld",
		    (long long)r->overrides);
		if (xccdf_result_fact(r, x, "stig.overrides", NULL, number,
		    err) < 0)
			return -1;
	}
	if (r->warnings > MAX_WARNINGS &&
	    sink_warn(r->doc->sink, str_text(&r->locator), err,
	    "%lld more remarks about rule-results like those above",
	    (long long)(r->warnings - MAX_WARNINGS)) < 0)
		return -1;
	return 0;
}
