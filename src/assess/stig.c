/*
 * stig.c - 2.16: the STIGs and SRGs of what is in the image are implemented.
 *
 * Decided from the rule results of the XCCDF results that are attached to the
 * image.  A failed rule fails it.  It passes only for benchmarks somebody has
 * declared (the Value required_stigs): that a scan of something went well
 * does not show that it was the right something.
 */
#include <stdlib.h>
#include <string.h>

#include "muster/assess.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/sink.h"
#include "muster/store.h"
#include "muster/str.h"

#define CHECK(id, kinds, function) \
	int function(struct assess *as, struct err *err);
#include "checks.def"
#undef CHECK

#define MAX_FAILS	25	/* reasons that say "fail" */
#define MAX_RULES	10	/* failed rules named of one scan */
#define MAX_NOTES	25	/* scans described */

/* XCCDF's words for an outcome, and what they are worth here. */
enum outcome {
	PASS, FIXED, FAIL, NOTAPPLICABLE, INFORMATIONAL, NOTCHECKED, ERROR,
	UNKNOWN, NOTSELECTED, OUTCOMES
};

static const char *const words[OUTCOMES] = {
	"pass", "fixed", "fail", "notapplicable", "informational",
	"notchecked", "error", "unknown", "notselected"
};

/* One TestResult. */
struct scan {
	int64_t		 target;
	struct cite	 cite;
	char		*locator, *benchmark, *about;
	int64_t		 n[OUTCOMES];	/* rules; the worst of several results
					 * of one counts */
	int64_t		 results;
	int64_t		 changed;	/* severities, by an assessor */
	double		 score;		/* worked out; < 0: there is none */
	bool		 strange;	/* the one given is another */
	int64_t		 cat[4];	/* failed, CAT I II III, others */
};

struct stig {
	struct assess	*as;
	bool		 hosts;		/* results of machines were left out */
	struct scan	*scans;
	size_t		 n, cap;
	int64_t		 fails;		/* reasons said */
};

/* Rules that are evidence at all: what was not selected is none. */
static int64_t rules(const struct scan *s)
{
	int64_t n = 0;

	for (int i = 0; i < NOTSELECTED; i++)
		n += s->n[i];
	return n;
}

static int64_t evaluated(const struct scan *s)
{
	return s->n[PASS] + s->n[FIXED] + s->n[FAIL];
}

static int64_t left_open(const struct scan *s)
{
	return s->n[NOTCHECKED] + s->n[ERROR] + s->n[UNKNOWN];
}

static int count_one(struct stig *g, struct scan *s, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, g->as->store, SQL_STIG_COUNTS, BIND(V(s->target)));
	while ((rc = query_next(&q, err)) > 0) {
		int64_t severity = query_int(&q, 1), n = query_int(&q, 2);
		int i = 0;

		while (i < OUTCOMES && !str_eq(words[i], query_text(&q, 0)))
			i++;
		s->n[i < OUTCOMES ? i : UNKNOWN] += n;
		s->results += query_int(&q, 3);
		if (i == FAIL)
			s->cat[severity >= SEV_HIGH ? 0 :
			    severity == SEV_MEDIUM ? 1 :
			    severity == SEV_LOW ? 2 : 3] += n;
	}
	query_close(&q);
	return rc;
}

/* "RHEL 8 STIG, version 1, Release: 3 ..., score 81.5 of 100 (default)" */
static char *about(const struct query *q)
{
	static const struct {
		int		 column;
		const char	*before, *after;
	} parts[] = {
		{ 4, " (", ")" }, { 5, ", version ", "" }, { 6, ", ", "" },
		{ 7, ", profile ", "" }, { 8, ", score ", "" },
		{ 9, " of ", "" }, { 10, ", by ", "" }
	};
	struct str s = STR_INIT;

	str_add(&s, query_text(q, 3));
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const char *text = query_text(q, parts[i].column);

		if (text[0] != '\0')
			str_addf(&s, "%s%.300s%s", parts[i].before, text,
			    parts[i].after);
	}
	return s.s;
}

/*
 * The score of XCCDF's default system: as the importer worked it out of the
 * benchmark's groups and weights, else as if all rules weighed the same.
 */
static void score(struct scan *s, const struct query *q)
{
	double given = strtod(query_text(q, 8), NULL);
	double most = strtod(query_text(q, 9), NULL);
	int64_t good = s->n[PASS] + s->n[FIXED];
	int64_t all = good + s->n[FAIL] + s->n[ERROR] + s->n[UNKNOWN];

	s->score = -1;
	if (query_null(q, 11) != NULL)
		s->score = strtod(query_text(q, 11), NULL);
	else if (all > 0)
		s->score = 100.0 * (double)good / (double)all;
	if (most > 0)
		given *= 100 / most;
	s->strange = query_int(q, 12) != 0 && query_null(q, 11) != NULL &&
	    !(given - s->score < 0.01 && s->score - given < 0.01);
}

/* Results of a container host, as which a scanner often names itself. */
static int say_host(struct stig *g, const struct query *q, struct err *err)
{
	const struct cite cite = { query_int(q, 1), query_null(q, 2) };

	g->hosts = true;
	return assess_say(g->as, ROLE_NOTE, cite, err, "results of %.300s do "
	    "not count: they are of \"%.200s\", a machine with addresses of "
	    "its own; if they are of this image, \"muster import --subject\" "
	    "says so", query_text(q, 3), query_text(q, 14));
}

static int load(struct stig *g, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, g->as->store, SQL_STIG_SCANS, BIND(V(g->as->subject)));
	while ((rc = query_next(&q, err)) > 0) {
		struct scan *s;

		if (query_int(&q, 13) != 0) {
			if ((rc = say_host(g, &q, err)) < 0)
				break;
			continue;
		}
		MEM_ROOM(g->scans, g->n, g->cap);
		s = &g->scans[g->n++];
		memset(s, 0, sizeof(*s));
		s->target = query_int(&q, 0);
		s->locator = mem_dup(query_text(&q, 2));
		s->cite = (struct cite){ query_int(&q, 1), s->locator };
		s->benchmark = mem_dup(query_text(&q, 3));
		s->about = about(&q);
		if ((rc = count_one(g, s, err)) < 0)
			break;
		score(s, &q);
		s->changed = query_int(&q, 15);
	}
	query_close(&q);
	return rc;
}

/* Rules that nobody evaluated show neither that they are met nor that they
 * cannot be. */
static void gap(const struct scan *s, struct str *out)
{
	int64_t n = left_open(s) + s->n[NOTAPPLICABLE];

	if (n > 0 && evaluated(s) > 0)
		str_addf(out, "; %lld of %lld rules were not evaluated "
		    "(%lld of them said not to apply), which is a gap and no "
		    "compliance", (long long)n, (long long)rules(s),
		    (long long)s->n[NOTAPPLICABLE]);
}

/* "166 fail (3 CAT I, 148 CAT II, 15 CAT III), 61 pass" */
static void describe(const struct scan *s, struct str *out)
{
	static const enum outcome order[OUTCOMES] = {
		FAIL, ERROR, UNKNOWN, NOTCHECKED, PASS, FIXED, NOTAPPLICABLE,
		INFORMATIONAL, NOTSELECTED
	};
	const char *sep = "";

	for (int i = 0; i < OUTCOMES; i++) {
		enum outcome o = order[i];

		if (s->n[o] == 0)
			continue;
		str_addf(out, "%s%lld %s", sep, (long long)s->n[o], words[o]);
		sep = ", ";
	}
	if (sep[0] == '\0')
		str_add(out, "no rule results");
	if (s->results > rules(s) + s->n[NOTSELECTED])
		str_addf(out, "; of several results of one rule the worst "
		    "counts (%lld results)", (long long)s->results);
	if (s->score >= 0)
		str_addf(out, "; default score %.2f of 100, worked out%s",
		    s->score, s->strange ? ": the one given does not follow "
		    "from the results" : "");
	if (s->changed > 0)
		str_addf(out, "; its assessor changed the severity of %lld "
		    "rules, which are counted by the STIG's",
		    (long long)s->changed);
	gap(s, out);
}

static void categories(const struct scan *s, struct str *out)
{
	static const char *const names[] = {
		"CAT I", "CAT II", "CAT III", "of no category"
	};
	const char *sep = "";

	for (int i = 0; i < 4; i++) {
		if (s->cat[i] == 0)
			continue;
		str_addf(out, "%s%lld %s", sep, (long long)s->cat[i],
		    names[i]);
		sep = ", ";
	}
}

static int say_scans(struct stig *g, struct err *err)
{
	struct str text = STR_INIT;
	int rc = 0;

	for (size_t i = 0; i < g->n && i < MAX_NOTES && rc == 0; i++) {
		const struct scan *s = &g->scans[i];

		str_clear(&text);
		describe(s, &text);
		rc = assess_say(g->as, ROLE_NOTE, s->cite, err, "%s: %s",
		    s->about, text.s);
		if (rc == 0 && evaluated(s) == 0)
			rc = assess_say(g->as, ROLE_MISSING, s->cite, err,
			    "the scanner could not assess %lld of %lld rules "
			    "of %s", (long long)rules(s), (long long)rules(s),
			    s->benchmark);
	}
	if (rc == 0 && g->n > MAX_NOTES)
		rc = assess_say(g->as, ROLE_NOTE, NO_CITE, err,
		    "%zu more scans of this image are not described",
		    g->n - MAX_NOTES);
	str_free(&text);
	return rc;
}

/* " [CCI-000366, CCI-000381]" */
static void add_ccis(struct str *out, const char *idents)
{
	const char *before = " [";

	for (const char *p = idents; *p != '\0'; ) {
		size_t n = strcspn(p, "\n");

		if (strncmp(p, "CCI-", 4) == 0 && out->len < 200) {
			str_addf(out, "%s%.*s", before, (int)n, p);
			before = ", ";
		}
		p += n + (p[n] == '\n');
	}
	if (out->len > 0)
		str_addc(out, ']');
}

/* The worst failed rules of a scan, each with where it was read. */
static int say_rules(struct stig *g, const struct scan *s, int64_t most,
    struct err *err)
{
	struct str ccis = STR_INIT;
	struct query q;
	int rc;

	query_open(&q, g->as->store, SQL_STIG_FAILED,
	    BIND(V(s->target), V(most)));
	while ((rc = query_next(&q, err)) > 0) {
		const char *version = query_text(&q, 1);
		const char *title = query_text(&q, 2);
		struct cite cite = { s->cite.artifact, query_null(&q, 3) };

		g->fails++;
		str_clear(&ccis);
		add_ccis(&ccis, query_text(&q, 4));
		if ((rc = assess_say(g->as, ROLE_FAIL, cite, err,
		    "rule %.200s%s%.100s%s failed%s%.300s%s", query_text(&q, 0),
		    version[0] != '\0' ? " (" : "", version,
		    version[0] != '\0' ? ")" : "",
		    title[0] != '\0' ? ": " : "", title,
		    str_text(&ccis))) < 0)
			break;
	}
	query_close(&q);
	str_free(&ccis);
	return rc;
}

static int say_failed(struct stig *g, const struct scan *s, struct err *err)
{
	/* one is kept for what is left over in the end */
	int64_t most = MAX_FAILS - 1 - g->fails - 1, n = s->n[FAIL];
	struct str cats = STR_INIT;
	int rc;

	if (most > MAX_RULES)
		most = MAX_RULES;
	if (most > n)
		most = n;
	categories(s, &cats);
	g->fails++;
	rc = assess_say(g->as, ROLE_FAIL, s->cite, err,
	    "%lld of %lld rules of %s failed (%s)%s", (long long)n,
	    (long long)rules(s), s->benchmark, str_text(&cats),
	    most < n ? "; the worst are named" : "");
	str_free(&cats);
	return rc < 0 || most == 0 ? rc : say_rules(g, s, most, err);
}

static int say_failures(struct stig *g, struct err *err)
{
	int64_t rest = 0, scans = 0;

	for (size_t i = 0; i < g->n; i++) {
		const struct scan *s = &g->scans[i];

		if (s->n[FAIL] == 0)
			continue;
		if (g->fails >= MAX_FAILS - 1) {
			rest += s->n[FAIL];
			scans++;
		} else if (say_failed(g, s, err) < 0) {
			return -1;
		}
	}
	if (rest == 0)
		return 0;
	return assess_say(g->as, ROLE_FAIL, NO_CITE, err, "%lld more rules "
	    "failed in %lld more scans", (long long)rest, (long long)scans);
}

/* Overrides that say something else than the result they are on: one that
 * says fail is believed, and of the others nobody can say what holds. */
static int say_overrides(struct stig *g, const struct scan *s,
    struct err *err)
{
	int64_t all = 0, failed = 0;
	struct query q;
	int rc;

	query_open(&q, g->as->store, SQL_STIG_OVERRIDES, BIND(V(s->target)));
	if ((rc = query_next(&q, err)) > 0) {
		all = query_int(&q, 0);
		failed = query_int(&q, 1);
	}
	query_close(&q);
	if (rc < 0 || all == 0)
		return rc < 0 ? -1 : 0;
	if (assess_say(g->as, ROLE_CONTRADICTION, s->cite, err, "%lld results "
	    "of %s disagree with their own overrides", (long long)all,
	    s->benchmark) < 0)
		return -1;
	if (failed > 0 && assess_say(g->as, ROLE_FAIL, s->cite, err,
	    "%lld overrides in %s say that the rule failed, whatever its "
	    "result", (long long)failed, s->benchmark) < 0)
		return -1;
	if (all > failed && assess_say(g->as, ROLE_MISSING, s->cite, err,
	    "it is not settled which of %lld results of %s and their "
	    "overrides hold", (long long)(all - failed), s->benchmark) < 0)
		return -1;
	return 0;
}

/* A benchmark is named by its id, or by what follows "_benchmark_" in it. */
static bool is_named(const char *pattern, const char *id)
{
	const char *name = strstr(id, "_benchmark_");

	return str_glob(pattern, id) || (name != NULL &&
	    str_glob(pattern, name + strlen("_benchmark_")));
}

static int one_required(struct stig *g, const char *pattern, struct err *err)
{
	long long all = 0, done = 0, open = 0, failed = 0, found = 0;
	struct cite cite = NO_CITE;

	for (size_t i = 0; i < g->n; i++) {
		const struct scan *s = &g->scans[i];

		if (!is_named(pattern, s->benchmark))
			continue;
		if (found++ == 0)
			cite = s->cite;
		all += rules(s);
		done += evaluated(s);
		open += left_open(s);
		failed += s->n[FAIL];
	}
	if (found == 0)
		return assess_say(g->as, ROLE_MISSING, NO_CITE, err,
		    "there are no results of %.300s, which required_stigs "
		    "asks for", pattern);
	if (done == 0 || open > 0)
		return assess_say(g->as, ROLE_MISSING, cite, err,
		    "the scanner could not assess %lld of %lld rules of "
		    "%.300s, which required_stigs asks for", done == 0 ?
		    all : open, all, pattern);
	if (failed > 0)
		return 0;
	return assess_say(g->as, ROLE_PASS, cite, err, "%lld of %lld rules of "
	    "%.300s were evaluated and none failed; the others do not apply",
	    done, all, pattern);
}

static int say_required(struct stig *g, struct err *err)
{
	const char *list = assess_value(g->as, "required_stigs");
	struct str pattern = STR_INIT;
	int rc = 0, n = 0;

	for (const char *p = list; *p != '\0' && rc == 0; ) {
		size_t len = strcspn(p, " \t\r\n");

		if (len > 0) {
			str_clear(&pattern);
			str_addn(&pattern, p, len);
			rc = one_required(g, pattern.s, err);
			n++;
		}
		p += len + (p[len] != '\0');
	}
	str_free(&pattern);
	if (rc == 0 && n == 0)
		rc = assess_say(g->as, ROLE_MISSING, NO_CITE, err,
		    "nobody has declared which STIGs apply to this image "
		    "(required_stigs is empty)");
	return rc;
}

int stig_guidance(struct assess *as, struct err *err)
{
	struct stig g = { .as = as };
	int rc;

	rc = load(&g, err);
	if (rc == 0 && g.n == 0)
		rc = assess_say(as, ROLE_MISSING, NO_CITE, err,
		    g.hosts ? "the results at hand are of machines, not of "
		    "this image" : "there are no XCCDF results for this "
		    "image");
	if (rc == 0)
		rc = say_scans(&g, err);
	if (rc == 0)
		rc = say_failures(&g, err);
	for (size_t i = 0; i < g.n && rc == 0; i++)
		rc = say_overrides(&g, &g.scans[i], err);
	if (rc == 0)
		rc = say_required(&g, err);
	for (size_t i = 0; i < g.n; i++) {
		free(g.scans[i].locator);
		free(g.scans[i].benchmark);
		free(g.scans[i].about);
	}
	free(g.scans);
	return rc;
}
