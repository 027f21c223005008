/* changes.c - what was before, in the package's document; see
 * render_priv.h. */
#include <libxml/tree.h>
#include <stdio.h>

#include "muster/err.h"
#include "muster/posture.h"
#include "muster/store.h"
#include "muster/str.h"
#include "render_priv.h"

#define X(s) ((const xmlChar *)(s))
#define TEXT_MAX 1024
#define PART_ROWS 500
#define TREND_MOST 60		/* assessments */

/* An attribute, made safe; bad collects what memory does not allow. */
static void attr(xmlNode *n, const char *name, const char *text, int *bad)
{
	struct str s = STR_INIT;

	visible_add(&s, text, TEXT_MAX);
	*bad |= n == NULL ||
	    xmlNewProp(n, X(name), X(str_text(&s))) == NULL;
	str_free(&s);
}

static void number(xmlNode *n, const char *name, int64_t value, int *bad)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%lld", (long long)value);
	attr(n, name, digits, bad);
}

static xmlNode *child(xmlNode *of, const char *name, int *bad)
{
	xmlNode *n = of == NULL ? NULL :
	    xmlNewChild(of, NULL, X(name), NULL);

	*bad |= n == NULL;
	return n;
}

static int trend(struct render *r, xmlNode *of, int *bad, struct err *err)
{
	xmlNode *all = child(of, "trend", bad);
	int64_t now = 0;
	struct query q;
	int rc;

	if (store_int(r->store, SQL_POSTURE_CURRENT, NOBIND, &now, err) < 0)
		return -1;
	query_open(&q, r->store, SQL_POSTURE_TREND,
	    BIND(V(TREND_MOST), V(now)));
	while ((rc = query_next(&q, err)) > 0) {
		xmlNode *n = child(all, "assessment", bad);

		for (int i = 0; i < query_columns(&q); i++)
			attr(n, query_column(&q, i), query_text(&q, i), bad);
	}
	query_close(&q);
	return rc;
}

/* What is as it was is counted, not shown. */
static bool shown(const struct posture_row *r)
{
	return r->change != POSTURE_CARRIED;
}

static int64_t rows(const struct posture_diff *d)
{
	int64_t n = 0;

	for (size_t i = 0; i < d->n; i++)
		n += shown(&d->rows[i]);
	return n;
}

int64_t changes_parts(const struct posture_diff *d)
{
	int64_t n = rows(d);

	return n == 0 ? 1 : (n + PART_ROWS - 1) / PART_ROWS;
}

static void row(xmlNode *of, const struct posture_row *r, int *bad)
{
	static const char *const severity[] = {
		"unknown", "negligible", "low", "medium", "high", "critical"
	};
	xmlNode *n = child(of, "change", bad);

	attr(n, "change", posture_word(r->change), bad);
	attr(n, "what", r->issue ? "issue" : "requirement", bad);
	attr(n, "family", r->family, bad);
	attr(n, "name", r->name, bad);
	attr(n, "slug", r->slug, bad);
	attr(n, "item", r->item, bad);
	attr(n, "control", r->control, bad);
	attr(n, "package", r->package, bad);
	attr(n, "from", r->from, bad);
	attr(n, "to", r->to, bad);
	attr(n, "tools", r->tools, bad);
	attr(n, "file", r->file, bad);
	if (r->waived)
		attr(n, "waived", "1", bad);
	if (r->issue && r->severity >= 0 && r->severity <= 5)
		attr(n, "severity", severity[r->severity], bad);
}

static void diff(xmlNode *of, const struct posture_diff *d, int64_t page,
    int *bad)
{
	xmlNode *n = child(of, "changes", bad);
	int64_t at = 0;

	number(n, "from", d->a.id, bad);
	attr(n, "from_as_of", d->a.as_of, bad);
	number(n, "to", d->b.id, bad);
	attr(n, "to_as_of", d->b.as_of, bad);
	number(n, "total", rows(d), bad);
	number(n, "page", page, bad);
	number(n, "pages", changes_parts(d), bad);
	for (int k = 0; k < 2; k++)
		for (int i = 0; i < POSTURE_CHANGES; i++) {
			xmlNode *c = child(n, "count", bad);

			attr(c, "what", k == 0 ? "requirement" : "issue", bad);
			attr(c, "change",
			    posture_word((enum posture_change)i), bad);
			number(c, "n", d->count[k][i], bad);
		}
	for (size_t i = 0; page > 0 && i < d->n; i++)
		if (shown(&d->rows[i]) && at++ / PART_ROWS == page - 1)
			row(n, &d->rows[i], bad);
}

/* The one that is there already is replaced. */
static void take_away(xmlNode *root)
{
	xmlNode *n = root->last;

	if (n != NULL && xmlStrEqual(n->name, X("posture"))) {
		xmlUnlinkNode(n);
		xmlFreeNode(n);
	}
}

int changes_add(struct render *r, xmlDoc *doc, const struct posture_diff *d,
    int64_t page, struct err *err)
{
	xmlNode *root = xmlDocGetRootElement(doc), *n;
	int bad = 0;

	take_away(root);
	n = child(root, "posture", &bad);
	if (trend(r, n, &bad, err) < 0)
		return -1;
	if (d != NULL)
		diff(n, d, page, &bad);
	return bad ? err_set(err, ERR_SYSTEM,
	    "cannot build the evidence document") : 0;
}
