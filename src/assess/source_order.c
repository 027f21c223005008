/*
 * source_order.c - which of two versions of an image is newer.
 *
 * By the dates they were made, where both are known and differ; else by tags
 * that look like versions: "v1.2.10" is newer than "1.2.9".  "1.2-slim" is
 * the same version as "1.2", whatever their dates, and by its tag alone "1.2"
 * may be any "1.2.x".
 */
#include <ctype.h>
#include <string.h>

#include "muster/date.h"
#include "source.h"

#define PARTS	8
#define DIGITS	15		/* of one part: a time stamp, too */

struct version {
	int64_t		 part[PARTS];
	size_t		 n;
	bool		 early;		/* a release candidate, a beta */
};

static bool is_early(const char *p)
{
	p += strspn(p, "-._");
	return str_starts(p, "rc") || str_starts(p, "alpha") ||
	    str_starts(p, "beta");
}

static bool parse(const char *tag, struct version *v)
{
	const char *p = tag;

	*v = (struct version){ 0 };
	if (p == NULL)
		return false;
	if (*p == 'v' || *p == 'V')
		p++;
	while (isdigit((unsigned char)*p) && v->n < PARTS) {
		size_t len = strspn(p, "0123456789");

		if (len > DIGITS)
			return false;
		for (size_t i = 0; i < len; i++)
			v->part[v->n] = v->part[v->n] * 10 + (p[i] - '0');
		v->n++;
		p += len;
		if (strchr(".-_", *p) == NULL || *p == '\0' ||
		    !isdigit((unsigned char)p[1]))
			break;
		p++;
	}
	v->early = is_early(p);
	/* "1a2b3c" is somebody's commit, not a version. */
	return v->n > 0 && (*p == '\0' || strchr("-._+", *p) != NULL ||
	    v->early);
}

bool source_order_is_version(const char *tag)
{
	struct version v;

	return parse(tag, &v);
}

static enum source_order by_tag(const struct version *a,
    const struct version *b)
{
	for (size_t i = 0; i < a->n && i < b->n; i++)
		if (a->part[i] != b->part[i])
			return a->part[i] < b->part[i] ? ORDER_OLDER :
			    ORDER_NEWER;
	if (a->n == b->n && a->early != b->early)
		return a->early ? ORDER_OLDER : ORDER_NEWER;
	return ORDER_SAME;
}

enum source_order source_order(const struct source_version *a,
    const struct source_version *b, enum source_how *how)
{
	enum source_order tags = ORDER_UNKNOWN;
	struct version va, vb;
	int64_t ta, tb;

	*how = HOW_NOT;
	if (parse(a->tag, &va) && parse(b->tag, &vb))
		tags = by_tag(&va, &vb);
	/* Variants of one version are built one after the other. */
	if (tags == ORDER_SAME && va.n == vb.n && !str_eq(a->tag, b->tag))
		return ORDER_SAME;
	if (a->created != NULL && b->created != NULL &&
	    date_parse(a->created, &ta) && date_parse(b->created, &tb) &&
	    ta != tb) {
		*how = HOW_DATE;
		return ta < tb ? ORDER_OLDER : ORDER_NEWER;
	}
	if (tags == ORDER_OLDER || tags == ORDER_NEWER)
		*how = HOW_TAG;
	return tags;
}

int64_t source_order_date(const char *created)
{
	int64_t t;

	return created != NULL && date_parse(created, &t) ? t : INT64_MIN;
}
