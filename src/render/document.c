/*
 * document.c - the evidence document: rows of the database as XML.
 *
 * Nothing is collected on the way: each row goes straight from query_next()
 * into the XML writer, and a statement's column names are the names of the
 * attributes (see sql/render.def).  What the document may hold is described
 * by templates/evidence.rng.  The store has an evidence.c of its own, hence
 * this file's name.
 */
#include <libxml/xmlwriter.h>
#include <stdlib.h>
#include <string.h>

#include "muster/err.h"
#include "muster/excerpt.h"
#include "muster/mem.h"
#include "muster/sha.h"
#include "muster/store.h"
#include "muster/str.h"
#include "render_priv.h"

#define NS "urn:muster:evidence:1"
#define X(s) ((const xmlChar *)(s))
#define LAST(q) query_text(q, query_columns(q) - 1)

/* One document being written.  bad collects the writer's refusals, which
 * mean "no memory" and are looked at once, at the end. */
struct document {
	struct render	*r;
	xmlTextWriter	*w;
	xmlDoc		*doc;
	struct str	 text;		/* scratch */
	int		 bad;
};

/* The one way text enters the document. */
static const xmlChar *clean(struct document *d, const char *s)
{
	str_clear(&d->text);
	visible_add(&d->text, s, VISIBLE_MAX);
	return X(str_text(&d->text));
}

static void start(struct document *d, const char *name)
{
	d->bad |= xmlTextWriterStartElement(d->w, X(name)) < 0;
}

static void end(struct document *d)
{
	d->bad |= xmlTextWriterEndElement(d->w) < 0;
}

static void attr(struct document *d, const char *name, const char *value)
{
	d->bad |= xmlTextWriterWriteAttribute(d->w, X(name),
	    clean(d, value)) < 0;
}

static void attr_int(struct document *d, const char *name, int64_t n)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%lld", (long long)n);
	attr(d, name, digits);
}

/* A UUID that is the same wherever the same thing is described. */
static void attr_uuid(struct document *d, const char *name, const char *what,
    const char *of, const char *and)
{
	struct str s = STR_INIT;
	char uuid[37];

	str_addf(&s, "%s\n%s\n%s", what, of, and);
	sha_uuid5(str_text(&s), uuid);
	attr(d, name, uuid);
	str_free(&s);
}

/* The current row: its columns as attributes, then as elements. */
static void columns(struct document *d, const struct query *q)
{
	int n = query_columns(q);

	for (int i = 0; i < n; i++)
		if (query_null(q, i) != NULL && query_column(q, i)[0] != '_' &&
		    !str_starts(query_column(q, i), "e:"))
			attr(d, query_column(q, i), query_text(q, i));
}

static void elements(struct document *d, const struct query *q)
{
	int n = query_columns(q);

	for (int i = 0; i < n; i++)
		if (query_null(q, i) != NULL &&
		    str_starts(query_column(q, i), "e:"))
			d->bad |= xmlTextWriterWriteElement(d->w,
			    X(query_column(q, i) + 2),
			    clean(d, query_text(q, i))) < 0;
}

/* The rows of a statement as elements of one name. */
static int rows(struct document *d, const char *name, enum sql sql,
    const struct val *vals, size_t nvals, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, d->r->store, sql, vals, nvals);
	while ((rc = query_next(&q, err)) > 0) {
		start(d, name);
		columns(d, &q);
		elements(d, &q);
		end(d);
	}
	query_close(&q);
	return rc;
}

/* The same inside an element of its own. */
static int list(struct document *d, const char *outer, const char *name,
    enum sql sql, const struct val *vals, size_t nvals, struct err *err)
{
	int rc;

	start(d, outer);
	rc = rows(d, name, sql, vals, nvals, err);
	end(d);
	return rc;
}

/* A list of which only the first rows are quoted: total says how many there
 * are. */
static int counted(struct document *d, const char *outer, const char *name,
    enum sql count, enum sql sql, int64_t subject, struct err *err)
{
	int64_t total;
	int rc;

	if (store_int(d->r->store, count, BIND(V(subject)), &total, err) < 0)
		return -1;
	start(d, outer);
	attr_int(d, "total", total);
	rc = rows(d, name, sql, BIND(V(subject), V(QUOTE_ROWS)), err);
	end(d);
	return rc;
}

static void quote(void *ctx, int64_t n, bool here, const char *text)
{
	struct document *d = ctx;

	start(d, "line");
	attr_int(d, "n", n);
	if (here)
		attr(d, "here", "1");
	d->bad |= xmlTextWriterWriteString(d->w, clean(d, text)) < 0;
	end(d);
}

/* The rows of RENDER_REASONS, with the lines each was read from. */
static int reasons(struct document *d, int64_t result, int most,
    struct err *err)
{
	struct query q;
	int64_t line;
	int rc;

	query_open(&q, d->r->store, SQL_RENDER_REASONS,
	    BIND(V(result), V(most)));
	while ((rc = query_next(&q, err)) > 0) {
		start(d, "reason");
		columns(d, &q);
		elements(d, &q);
		if (d->r->excerpts != NULL &&
		    excerpt_line(query_text(&q, 3), &line)) {
			start(d, "excerpt");
			rc = excerpt_read(d->r->excerpts, query_int(&q, 5),
			    query_text(&q, 3), quote, d, err);
			end(d);
		}
		end(d);
		if (rc < 0)
			break;
	}
	query_close(&q);
	return rc;
}

static int requirements(struct document *d, int64_t subject, const char *key,
    struct err *err)
{
	struct query q;
	int rc;

	start(d, "requirements");
	query_open(&q, d->r->store, SQL_RENDER_RESULTS, BIND(V(subject)));
	while ((rc = query_next(&q, err)) > 0) {
		start(d, "requirement");
		attr_uuid(d, "uuid", "rule", key, query_text(&q, 5));
		columns(d, &q);
		elements(d, &q);
		rc = reasons(d, query_int(&q, 0), QUOTE_REASONS, err);
		if (rc == 0)
			rc = rows(d, "covered", SQL_RENDER_COVERED_RESULT,
			    BIND(V(query_int(&q, 0)), V(QUOTE_ROWS)), err);
		end(d);
		if (rc < 0)
			break;
	}
	query_close(&q);
	end(d);
	return rc;
}

static int issues(struct document *d, int64_t subject, struct err *err)
{
	struct query q;
	int64_t total;
	int rc;

	if (store_int(d->r->store, SQL_RENDER_ISSUE_COUNT, BIND(V(subject)),
	    &total, err) < 0)
		return -1;
	start(d, "issues");
	attr_int(d, "total", total);
	rc = rows(d, "tally", SQL_RENDER_ISSUE_TALLY, BIND(V(subject)), err);
	query_open(&q, d->r->store, SQL_RENDER_ISSUES,
	    BIND(V(subject), V(QUOTE_ISSUES)));
	while (rc == 0 && (rc = query_next(&q, err)) > 0) {
		start(d, "issue");
		columns(d, &q);
		rc = rows(d, "source", SQL_RENDER_SOURCES,
		    BIND(V(query_int(&q, 0)), V(QUOTE_SOURCES)), err);
		if (rc == 0)
			rc = rows(d, "covered", SQL_RENDER_COVERED_ISSUE,
			    BIND(V(query_int(&q, 0)), V(QUOTE_SOURCES)), err);
		end(d);
	}
	query_close(&q);
	end(d);
	return rc;
}

/* What people decided, and what was said on each in turn. */
static int decisions(struct document *d, int64_t subject, struct err *err)
{
	struct query q;
	int64_t total;
	int rc;

	if (store_int(d->r->store, SQL_RENDER_DECISION_COUNT,
	    BIND(V(subject)), &total, err) < 0)
		return -1;
	start(d, "decisions");
	attr_int(d, "total", total);
	query_open(&q, d->r->store, SQL_RENDER_DECISIONS,
	    BIND(V(subject), V(QUOTE_DECISIONS)));
	while ((rc = query_next(&q, err)) > 0) {
		start(d, "decision");
		columns(d, &q);
		elements(d, &q);
		rc = rows(d, "event", SQL_DECISION_EVENTS,
		    BIND(V(query_text(&q, 0))), err);
		end(d);
		if (rc < 0)
			break;
	}
	query_close(&q);
	end(d);
	return rc;
}

static int stigs(struct document *d, int64_t subject, struct err *err)
{
	struct query q;
	int rc;

	start(d, "stigs");
	query_open(&q, d->r->store, SQL_RENDER_STIGS, BIND(V(subject)));
	while ((rc = query_next(&q, err)) > 0) {
		struct val of = V(query_int(&q, 0));

		start(d, "stig");
		columns(d, &q);
		rc = rows(d, "fact", SQL_RENDER_STIG_FACTS,
		    BIND(of, V(QUOTE_ROWS)), err);
		if (rc == 0)
			rc = rows(d, "count", SQL_RENDER_STIG_COUNTS,
			    BIND(of), err);
		if (rc == 0)
			rc = rows(d, "rule", SQL_RENDER_STIG_RULES,
			    BIND(of, V(QUOTE_RULES)), err);
		end(d);
		if (rc < 0)
			break;
	}
	query_close(&q);
	end(d);
	return rc;
}

/* Two lists in one element. */
static int two(struct document *d, const char *outer, const char *one,
    enum sql first, const char *other, enum sql second,
    const struct val *vals, size_t nvals, struct err *err)
{
	int rc;

	start(d, outer);
	rc = rows(d, one, first, vals, nvals, err);
	if (rc == 0)
		rc = rows(d, other, second, vals, nvals, err);
	end(d);
	return rc;
}

/* How far the scanners agree (subject 0: everywhere). */
static int overlap(struct document *d, int64_t subject, struct err *err)
{
	return two(d, "overlap", "tool", SQL_RENDER_TOOLS, "seen",
	    SQL_RENDER_OVERLAP, BIND(V(subject)), err);
}

/* Where in an image findings sit, what it is built on, who signed it. */
static int inside(struct document *d, int64_t subject, struct err *err)
{
	if (two(d, "placed", "at", SQL_RENDER_PLACED, "fault",
	    SQL_RENDER_FAULTS, BIND(V(subject)), err) < 0)
		return -1;
	return two(d, "origin", "base", SQL_RENDER_ORIGIN, "signature",
	    SQL_RENDER_SIGNATURES, BIND(V(subject), V(QUOTE_ROWS)), err);
}

/* What there is to tell about any subject. */
static int about(struct document *d, int64_t s, struct err *err)
{
	if (list(d, "aliases", "alias", SQL_RENDER_ALIASES, BIND(V(s)),
	    err) < 0 ||
	    list(d, "tallies", "tally", SQL_RENDER_TALLY, BIND(V(s)), err) < 0)
		return -1;
	return 0;
}

/* The lists of a subject's document, in order. */
static int lists(struct document *d, int64_t s, struct err *err)
{
	if (counted(d, "gaps", "gap", SQL_RENDER_GAP_COUNT_OF,
	    SQL_RENDER_GAPS_OF, s, err) < 0 ||
	    list(d, "facts", "fact", SQL_RENDER_FACTS,
	    BIND(V(s), V(QUOTE_ROWS)), err) < 0 ||
	    list(d, "layers", "layer", SQL_RENDER_LAYERS, BIND(V(s)),
	    err) < 0 || inside(d, s, err) < 0 ||
	    list(d, "packages", "packages_of", SQL_RENDER_PACKAGES, BIND(V(s)),
	    err) < 0 ||
	    list(d, "findings", "tally", SQL_RENDER_FINDINGS, BIND(V(s)),
	    err) < 0 ||
	    list(d, "scanners", "scanner", SQL_RENDER_SCANNERS, BIND(V(s)),
	    err) < 0 || overlap(d, s, err) < 0 || issues(d, s, err) < 0 ||
	    decisions(d, s, err) < 0 ||
	    counted(d, "alone", "lone", SQL_RENDER_ALONE_COUNT,
	    SQL_RENDER_ALONE, s, err) < 0 || stigs(d, s, err) < 0 ||
	    counted(d, "workloads", "deployment", SQL_RENDER_WORKLOAD_COUNT,
	    SQL_RENDER_WORKLOADS, s, err) < 0 ||
	    counted(d, "images", "deployment", SQL_RENDER_IMAGE_COUNT,
	    SQL_RENDER_IMAGES, s, err) < 0 ||
	    counted(d, "artifacts", "artifact", SQL_RENDER_ARTIFACT_COUNT_OF,
	    SQL_RENDER_ARTIFACTS_OF, s, err) < 0)
		return -1;
	return list(d, "values", "value", SQL_RENDER_VALUES, NOBIND, err);
}

static void subject_start(struct document *d, const struct query *q)
{
	start(d, "subject");
	attr_uuid(d, "uuid", "subject", query_text(q, 1), LAST(q));
	columns(d, q);
}

static int subject(struct document *d, int64_t id, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, d->r->store, SQL_RENDER_ONE_SUBJECT, BIND(V(id)));
	if ((rc = query_next(&q, err)) > 0) {
		subject_start(d, &q);
		rc = about(d, id, err);
		end(d);
		if (rc == 0)
			rc = requirements(d, id, LAST(&q), err);
		if (rc == 0)
			rc = lists(d, id, err);
	} else if (rc == 0) {
		rc = err_set(err, ERR_BUG, "there is no subject %lld",
		    (long long)id);
	}
	query_close(&q);
	return rc;
}

/* A subject's line in the package: verdicts without reasons; for an image
 * also the worst verdict of what deploys it. */
static int line(struct document *d, const struct query *q, struct err *err)
{
	int64_t id = query_int(q, 0);
	int rc;

	subject_start(d, q);
	rc = about(d, id, err);
	if (rc == 0)
		rc = rows(d, "result", SQL_RENDER_CELLS, BIND(V(id)), err);
	if (rc == 0 && strcmp(query_text(q, 1), "image") == 0)
		rc = rows(d, "rollup", SQL_RENDER_ROLLUP, BIND(V(id)), err);
	if (rc == 0)
		rc = list(d, "issues", "tally", SQL_RENDER_ISSUE_TALLY,
		    BIND(V(id)), err);
	end(d);
	return rc;
}

static int package(struct document *d, struct err *err)
{
	struct store *st = d->r->store;
	struct query q;
	int64_t gaps;
	int rc;

	start(d, "subjects");
	query_open(&q, st, SQL_RENDER_SUBJECTS, NOBIND);
	while ((rc = query_next(&q, err)) > 0)
		if ((rc = line(d, &q, err)) < 0)
			break;
	query_close(&q);
	end(d);
	if (rc < 0 ||
	    list(d, "requirements", "requirement", SQL_RENDER_REQUIREMENTS,
	    NOBIND, err) < 0 ||
	    store_int(st, SQL_RENDER_GAP_COUNT, NOBIND, &gaps, err) < 0)
		return -1;
	if (overlap(d, 0, err) < 0)
		return -1;
	start(d, "gaps");
	attr_int(d, "total", gaps);
	rc = rows(d, "gap", SQL_RENDER_GAPS, BIND(V(QUOTE_GAPS)), err);
	end(d);
	if (rc < 0 || decisions(d, 0, err) < 0 ||
	    rows(d, "accepted", SQL_RENDER_ACCEPTED, NOBIND, err) < 0 ||
	    list(d, "artifacts", "artifact", SQL_RENDER_ARTIFACTS,
	    NOBIND, err) < 0)
		return -1;
	return list(d, "values", "value", SQL_RENDER_VALUES, NOBIND, err);
}

/* The root's attributes, and the benchmark the verdicts belong to. */
static int head(struct document *d, const char *kind, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, d->r->store, SQL_RENDER_ASSESSMENT, NOBIND);
	if ((rc = query_next(&q, err)) > 0) {
		d->bad |= xmlTextWriterStartElementNS(d->w, NULL,
		    X("evidence"), X(NS)) < 0;
		attr(d, "kind", kind);
		attr(d, "as_of", query_text(&q, 0));
		attr(d, "muster", MUSTER_VERSION);
		if (LAST(&q)[0] != '\0')
			attr(d, "marking", LAST(&q));
		start(d, "benchmark");
		attr_uuid(d, "uuid", "benchmark", query_text(&q, 1),
		    query_text(&q, 5));
		columns(d, &q);
		end(d);
	} else if (rc == 0) {
		err_set(err, ERR_USAGE, "nothing has been assessed yet: "
		    "run \"muster assess\" first");
	}
	query_close(&q);
	return rc > 0 ? 0 : -1;
}

/* Begin a document, up to what its kind is about. */
static struct document *begin(struct render *r, const char *kind,
    struct err *err)
{
	struct document *d = mem_alloc(sizeof(*d));

	*d = (struct document){ .r = r, .text = STR_INIT };
	if ((d->w = xmlNewTextWriterDoc(&d->doc, 0)) == NULL) {
		err_set(err, ERR_SYSTEM, "cannot start an XML tree");
		free(d);
		return NULL;
	}
	d->bad |= xmlTextWriterStartDocument(d->w, NULL, "UTF-8", NULL) < 0;
	if (head(d, kind, err) == 0)
		return d;
	xmlFreeTextWriter(d->w);
	xmlFreeDoc(d->doc);
	str_free(&d->text);
	free(d);
	return NULL;
}

/* The finished tree; NULL where rc says that it failed. */
static xmlDoc *finish(struct document *d, int rc, struct err *err)
{
	xmlDoc *doc;

	if (rc < 0)
		err_during(err, "writing the evidence document");
	else if (d->bad | (xmlTextWriterEndDocument(d->w) < 0))
		rc = err_set(err, ERR_SYSTEM,
		    "cannot build the evidence document");
	xmlFreeTextWriter(d->w);
	doc = d->doc;
	if (rc < 0) {
		xmlFreeDoc(doc);
		doc = NULL;
	}
	str_free(&d->text);
	free(d);
	return doc;
}

xmlDoc *document_tree(struct render *r, int64_t id, struct err *err)
{
	struct document *d = begin(r, id != 0 ? "subject" : "package", err);

	return d == NULL ? NULL :
	    finish(d, id != 0 ? subject(d, id, err) : package(d, err), err);
}

/* Who a list is about, and which part of it this is. */
static int heading(struct document *d, const struct part *p, struct err *err)
{
	start(d, "part");
	attr(d, "of", p->of);
	attr_int(d, "page", p->page);
	attr_int(d, "pages", (p->total + p->most - 1) / p->most);
	attr_int(d, "total", p->total);
	attr_int(d, "from", (p->page - 1) * p->most + 1);
	return p->subject == 0 ? 0 : rows(d, "about", SQL_RENDER_ONE_SUBJECT,
	    BIND(V(p->subject)), err);
}

xmlDoc *document_list(struct render *r, const struct part *p,
    const char *element, struct query *q, struct err *err)
{
	struct document *d = begin(r, "list", err);
	int rc, n = 0;

	if (d == NULL)
		return NULL;
	rc = heading(d, p, err);
	if (rc >= 0 && str_eq(element, "cell"))
		rc = two(d, "stig", "info", SQL_CHECKLIST_STIG, "mark",
		    SQL_CHECKLIST_MARKS, BIND(V(p->subject), V(p->of)), err);
	while (rc >= 0 && n < p->most && (rc = query_next(q, err)) > 0) {
		start(d, element);
		columns(d, q);
		elements(d, q);
		if (str_eq(element, "issue"))
			rc = rows(d, "source", SQL_RENDER_SOURCES,
			    BIND(V(query_int(q, 0)), V(QUOTE_SOURCES)), err);
		end(d);
		n++;
	}
	end(d);
	return finish(d, rc, err);
}

xmlDoc *document_requirement(struct render *r, const struct part *p,
    struct query *q, struct err *err)
{
	struct document *d = begin(r, "requirement", err);
	int rc, n = 0;

	if (d == NULL)
		return NULL;
	rc = rows(d, "requirement", SQL_RENDER_REQUIREMENT, BIND(V(p->of)),
	    err);
	if (rc >= 0)
		rc = rows(d, "total", SQL_RENDER_VERDICTS_OF, BIND(V(p->of)),
		    err);
	if (rc >= 0)
		rc = heading(d, p, err);
	while (rc >= 0 && n < p->most && (rc = query_next(q, err)) > 0) {
		start(d, "decided");
		columns(d, q);
		rc = reasons(d, query_int(q, 0), QUOTE_FEW, err);
		end(d);
		n++;
	}
	end(d);
	return finish(d, rc, err);
}
