/*
 * site.c - the pages for people beside a package's and its subjects'.
 *
 * One for each requirement, one for all controls, and of every list that its
 * page cuts off the whole list, in parts.  A list is walked once, whatever
 * the number of its parts, so that a hundred thousand findings cost a hundred
 * thousand rows.
 */
#include <libxml/tree.h>
#include <stdlib.h>
#include <string.h>

#include "muster/err.h"
#include "muster/posture.h"
#include "muster/store.h"
#include "muster/str.h"
#include "render_priv.h"

#define PART_ROWS	500	/* of a list */
#define PART_VERDICTS	100	/* of a requirement */

/* A list of each subject: made where there are more than its own page
 * quotes. */
static const struct list {
	const char	*folder, *element;
	enum sql	 needed, count, rows;
	int		 quoted;
} lists[] = {
	{ "findings", "issue", SQL_RENDER_ISSUE_COUNT,
	  SQL_RENDER_ISSUE_COUNT, SQL_RENDER_ISSUES, QUOTE_ISSUES },
	{ "packages", "package", SQL_RENDER_PACKAGE_COUNT,
	  SQL_RENDER_PACKAGE_COUNT, SQL_RENDER_ALL_PACKAGES, 0 },
	{ "reasons", "reason", SQL_RENDER_REASON_COUNT,
	  SQL_RENDER_REASON_TOTAL, SQL_RENDER_ALL_REASONS, QUOTE_REASONS },
	{ "rules", "rule", SQL_RENDER_RULE_COUNT, SQL_RENDER_RULE_COUNT,
	  SQL_RENDER_ALL_RULES, QUOTE_RULES },
	{ "alone", "lone", SQL_RENDER_ALONE_COUNT, SQL_RENDER_ALONE_COUNT,
	  SQL_RENDER_ALONE, QUOTE_ROWS },
	{ "gaps", "gap", SQL_RENDER_GAP_COUNT_OF, SQL_RENDER_GAP_COUNT_OF,
	  SQL_RENDER_GAPS_OF, QUOTE_ROWS },
	{ "facts", "fact", SQL_RENDER_FACT_COUNT, SQL_RENDER_FACT_COUNT,
	  SQL_RENDER_FACTS, QUOTE_ROWS },
	{ "workloads", "deployment", SQL_RENDER_WORKLOAD_COUNT,
	  SQL_RENDER_WORKLOAD_COUNT, SQL_RENDER_WORKLOADS, QUOTE_ROWS },
	{ "images", "deployment", SQL_RENDER_IMAGE_COUNT,
	  SQL_RENDER_IMAGE_COUNT, SQL_RENDER_IMAGES, QUOTE_ROWS },
	{ "evidence", "artifact", SQL_RENDER_ARTIFACT_COUNT_OF,
	  SQL_RENDER_ARTIFACT_COUNT_OF, SQL_RENDER_ARTIFACTS_OF, QUOTE_ROWS },
};

/* With what the user said, else the one before; none is none. */
static int compare(struct site *s, struct err *err)
{
	struct posture_side now, then;
	int64_t n;
	int rc;

	if (store_int(s->r->store, SQL_POSTURE_CURRENT, NOBIND, &n, err) < 0)
		return -1;
	if (n == 0)
		return 0;
	if (posture_current(s->r->store, &now, err) < 0)
		return -1;
	rc = s->r->since == NULL ? posture_before(&now, &then, err) :
	    posture_find(s->r->store, s->r->since, &then, err) < 0 ? -1 : 1;
	return rc > 0 ? posture_compare(&then, &now, &s->diff, err) : rc;
}

int site_open(struct site *s, struct err *err)
{
	const char *dir = s->r->templates;

	s->requirement = transform_open(dir, "requirement.xsl", err);
	if (s->requirement != NULL)
		s->list = transform_open(dir, "list.xsl", err);
	if (s->list != NULL)
		s->controls = transform_open(dir, "controls.xsl", err);
	if (s->controls != NULL)
		s->changes = transform_open(dir, "changes.xsl", err);
	return s->changes != NULL ? compare(s, err) : -1;
}

void site_close(struct site *s)
{
	transform_close(s->requirement);
	transform_close(s->list);
	transform_close(s->controls);
	transform_close(s->changes);
	posture_free(s->diff);
}

/* "SLUG-2.html"; a requirement's first part is "2.3.html". */
static void name_of(struct str *name, const char *slug, int64_t page,
    bool first_plain)
{
	str_clear(name);
	if (page == 1 && first_plain)
		str_addf(name, "%s.html", slug);
	else
		str_addf(name, "%s-%lld.html", slug, (long long)page);
}

static int plan_parts(struct site *s, const char *folder, const char *slug,
    const struct part *p, bool plain, struct err *err)
{
	struct str name = STR_INIT;
	int rc = 0;

	for (int64_t page = 1; rc == 0 && (page == 1 ||
	    (page - 1) * p->most < p->total); page++) {
		name_of(&name, slug, page, plain);
		rc = files_plan(s->files, folder, str_text(&name), err);
		s->all++;
	}
	str_free(&name);
	return rc;
}

/* Transform, read back, write. */
static int put(struct site *s, struct transform *t, xmlDoc *doc,
    const struct part *p, const char *folder, const char *name,
    struct err *err)
{
	size_t len;
	char *bytes = transform_run(t, doc, s->params, &len, err);
	int rc = -1;

	if (bytes != NULL && (p == NULL || proof_part(p,
	    t == s->requirement, bytes, len, err) == 0))
		rc = files_put(s->files, folder, name, bytes, len, err);
	if (rc < 0 && err->kind == ERR_BUG && s->r->templates != NULL)
		err->kind = ERR_USAGE;
	if (rc < 0)
		err_during(err, "making the page %s/%s", folder, name);
	free(bytes);
	s->done++;
	if (s->tick != NULL)
		s->tick(s->ctx);
	return rc;
}

/* All parts of a walk. */
static int parts(struct site *s, const struct list *l, const char *slug,
    struct part *p, struct query *q, struct err *err)
{
	const char *folder = l != NULL ? l->folder : "requirements";
	struct str name = STR_INIT;
	int rc = 0;

	for (p->page = 1; rc == 0 && (p->page == 1 ||
	    (p->page - 1) * p->most < p->total); p->page++) {
		xmlDoc *doc = l != NULL ?
		    document_list(s->r, p, l->element, q, err) :
		    document_requirement(s->r, p, q, err);

		name_of(&name, slug, p->page, l == NULL);
		rc = doc == NULL ? -1 : put(s, l != NULL ? s->list :
		    s->requirement, doc, p, folder, str_text(&name), err);
		xmlFreeDoc(doc);
	}
	str_free(&name);
	return rc;
}

static int list_of(struct site *s, const struct list *l, int64_t subject,
    const char *slug, bool make, struct err *err)
{
	struct part p = { .of = l->folder, .subject = subject,
		.most = PART_ROWS };
	struct query q;
	int64_t needed;
	int rc;

	if (store_int(s->r->store, l->needed, BIND(V(subject)), &needed,
	    err) < 0 ||
	    store_int(s->r->store, l->count, BIND(V(subject)), &p.total,
	    err) < 0)
		return -1;
	if (needed <= l->quoted)
		return 0;
	if (!make)
		return plan_parts(s, l->folder, slug, &p, false, err);
	query_open(&q, s->r->store, l->rows, BIND(V(subject), V(-1)));
	rc = parts(s, l, slug, &p, &q, err);
	query_close(&q);
	return rc;
}

static int lists_of(struct site *s, bool make, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, s->r->store, SQL_RENDER_SUBJECTS, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		for (size_t i = 0; rc > 0 &&
		    i < sizeof(lists) / sizeof(lists[0]); i++)
			if (list_of(s, &lists[i], query_int(&q, 0),
			    query_text(&q, 4), make, err) < 0)
				rc = -1;
		if (rc < 0)
			break;
	}
	query_close(&q);
	return rc;
}

/* Gaps that belong to no subject's page alone. */
static const struct list all_gaps = {
	"gaps", "gap", SQL_RENDER_GAP_COUNT, SQL_RENDER_GAP_COUNT,
	SQL_RENDER_GAPS, QUOTE_GAPS
};

static int gaps(struct site *s, bool make, struct err *err)
{
	struct part p = { .of = "gaps", .most = PART_ROWS };
	struct query q;
	int rc;

	if (store_int(s->r->store, all_gaps.count, NOBIND, &p.total,
	    err) < 0)
		return -1;
	if (p.total <= all_gaps.quoted)
		return 0;
	if (!make)
		return plan_parts(s, "gaps", "all", &p, false, err);
	query_open(&q, s->r->store, all_gaps.rows, BIND(V(-1)));
	rc = parts(s, &all_gaps, "all", &p, &q, err);
	query_close(&q);
	return rc;
}

static int requirement(struct site *s, const char *id, int64_t verdicts,
    bool make, struct err *err)
{
	struct part p = { .of = id, .total = verdicts,
		.most = PART_VERDICTS };
	struct query q;
	int rc;

	if (!make)
		return plan_parts(s, "requirements", id, &p, true, err);
	query_open(&q, s->r->store, SQL_RENDER_DECIDED, BIND(V(id)));
	rc = parts(s, NULL, id, &p, &q, err);
	query_close(&q);
	return rc;
}

static int plan_package(struct site *s, struct err *err)
{
	struct str name = STR_INIT;
	int rc = files_plan(s->files, "", "controls.html", err);

	s->all++;
	for (int64_t n = 1; rc == 0 && s->diff != NULL &&
	    n <= changes_parts(s->diff); n++) {
		name_of(&name, "changes", n, true);
		rc = files_plan(s->files, "", str_text(&name), err);
		s->all++;
	}
	str_free(&name);
	return rc;
}

int site_walk(struct site *s, bool make, struct err *err)
{
	struct query q;
	int rc;

	if (!make && plan_package(s, err) < 0)
		return -1;
	query_open(&q, s->r->store, SQL_RENDER_IDS, NOBIND);
	while ((rc = query_next(&q, err)) > 0)
		if ((rc = requirement(s, query_text(&q, 0), query_int(&q, 1),
		    make, err)) < 0)
			break;
	query_close(&q);
	if (rc < 0 || gaps(s, make, err) < 0)
		return -1;
	return lists_of(s, make, err);
}

int site_posture(struct site *s, xmlDoc *doc, struct err *err)
{
	return changes_add(s->r, doc, s->diff, 0, err);
}

int site_package(struct site *s, xmlDoc *doc, struct err *err)
{
	struct str name = STR_INIT;
	int rc = put(s, s->controls, doc, NULL, "", "controls.html", err);

	for (int64_t n = 1; rc == 0 && s->diff != NULL &&
	    n <= changes_parts(s->diff); n++) {
		name_of(&name, "changes", n, true);
		rc = changes_add(s->r, doc, s->diff, n, err);
		if (rc == 0)
			rc = put(s, s->changes, doc, NULL, "",
			    str_text(&name), err);
	}
	str_free(&name);
	return rc;
}
