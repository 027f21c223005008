/*
 * merge.c - findings of several scanners become issues.
 *
 * One vulnerability of one package version in one image is one issue,
 * whatever the scanners call it: an advisory that names CVEs stands for each
 * of them, names are compared without case and versions without epoch.  The
 * worst severity is shown; every source keeps its own word.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "agree.h"
#include "muster/assess.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/purl.h"
#include "muster/store.h"
#include "muster/str.h"

static bool is_cve(const char *id, size_t len)
{
	return len > 4 && strncasecmp(id, "CVE-", 4) == 0;
}

static char *upper(const char *s, size_t len)
{
	char *out = mem_dupn(s, len);

	for (char *p = out; *p != '\0'; p++)
		*p = (char)toupper((unsigned char)*p);
	return out;
}

/*
 * The name a package is compared by: its purl says group and artifact where
 * the scanners' own words say more or less of them.
 */
static void spell(const char *name, const char *type, const char *url,
    struct str *out)
{
	struct purl p;

	if (purl_parse(url, &p)) {
		purl_spell(&p, out);
		purl_free(&p);
	} else {
		purl_spell_name(str_listed("python python-pkg pypi pip", type) ?
		    "pypi" : "", name, out);
	}
}

struct merge {
	struct store	*store;
	const struct query *q;		/* the finding at hand */
	const char	*package, *version;
};

static int add(struct merge *m, const char *id, size_t len, struct err *err)
{
	char *canonical = upper(id, len);
	int rc = store_run(m->store, SQL_MERGE_ADD, BIND(
	    V(query_int(m->q, 7)), V(canonical), V(m->package),
	    V(m->version), V(query_int(m->q, 5)), V(query_int(m->q, 6)),
	    V(query_int(m->q, 0))), err);

	free(canonical);
	return rc;
}

/* Under its own id if that is a CVE or no alias is one; else under each. */
static int add_finding(struct merge *m, struct err *err)
{
	const char *id = query_text(m->q, 1), *p = query_text(m->q, 2);
	int cves = 0;

	if (is_cve(id, strlen(id)))
		return add(m, id, strlen(id), err);
	while (*p != '\0') {
		size_t n = strcspn(p, "\n");

		if (is_cve(p, n)) {
			cves++;
			if (add(m, p, n, err) < 0)
				return -1;
		}
		p += n + (p[n] == '\n');
	}
	return cves > 0 ? 0 : add(m, id, strlen(id), err);
}

/* The rows of one issue, collected before it is stored: every table is then
 * written from its beginning to its end, whatever its size. */
struct issue {
	struct store	*store;
	int64_t		 id, subject, severity, fixable;
	struct str	 vuln, package, version;
	int64_t		*finding;
	size_t		 n, cap;
	char		**tool;		/* each once */
	size_t		 ntools, tools_cap;
};

static bool is_of(const struct issue *i, const struct query *q)
{
	return i->n > 0 && i->subject == query_int(q, 0) &&
	    strcmp(i->vuln.s, query_text(q, 1)) == 0 &&
	    strcmp(str_text(&i->package), query_text(q, 2)) == 0 &&
	    strcmp(str_text(&i->version), query_text(q, 3)) == 0;
}

static void seen_by(struct issue *i, const char *tool)
{
	for (size_t k = 0; k < i->ntools; k++)
		if (strcmp(i->tool[k], tool) == 0)
			return;
	MEM_ROOM(i->tool, i->ntools, i->tools_cap);
	i->tool[i->ntools++] = mem_dup(tool);
}

static void set(struct str *s, const char *text)
{
	str_clear(s);
	str_add(s, text);
}

static void forget(struct issue *i)
{
	while (i->ntools > 0)
		free(i->tool[--i->ntools]);
	i->n = 0;
	i->severity = i->fixable = 0;
}

static void collect(struct issue *i, const struct query *q)
{
	const int64_t finding = query_int(q, 6);

	if (i->n == 0) {
		i->subject = query_int(q, 0);
		set(&i->vuln, query_text(q, 1));
		set(&i->package, query_text(q, 2));
		set(&i->version, query_text(q, 3));
	}
	if (query_int(q, 4) > i->severity)
		i->severity = query_int(q, 4);
	if (query_int(q, 5) > i->fixable)
		i->fixable = query_int(q, 5);
	/* an advisory may name a CVE twice */
	if (i->n > 0 && i->finding[i->n - 1] == finding)
		return;
	MEM_ROOM(i->finding, i->n, i->cap);
	i->finding[i->n++] = finding;
	seen_by(i, query_text(q, 7));
}

static int store_issue(struct issue *i, struct err *err)
{
	if (i->n == 0)
		return 0;
	i->id++;
	if (store_run(i->store, SQL_MERGE_ISSUE, BIND(V(i->id),
	    V(i->subject), V((const char *)i->vuln.s),
	    V(str_text(&i->package)), V(str_text(&i->version)),
	    V(i->severity), V(i->fixable)), err) < 0)
		return -1;
	for (size_t k = 0; k < i->n; k++)
		if (store_run(i->store, SQL_MERGE_SOURCE, BIND(V(i->id),
		    V(i->finding[k])), err) < 0)
			return -1;
	for (size_t k = 0; k < i->ntools; k++)
		if (store_run(i->store, SQL_MERGE_SEEN, BIND(V(i->id),
		    V((const char *)i->tool[k])), err) < 0)
			return -1;
	forget(i);
	return 0;
}

static int make_issues(struct store *st, struct err *err)
{
	struct issue i = { .store = st };
	struct query q;
	int rc;

	query_open(&q, st, SQL_MERGE_ROWS, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		if (!is_of(&i, &q) && (rc = store_issue(&i, err)) < 0)
			break;
		collect(&i, &q);
	}
	query_close(&q);
	if (rc == 0)
		rc = store_issue(&i, err);
	forget(&i);
	free(i.tool);
	free(i.finding);
	str_free(&i.vuln);
	str_free(&i.package);
	str_free(&i.version);
	return rc;
}

int assess_merge(struct store *st, struct err *err)
{
	struct str package = STR_INIT;
	struct query q;
	int rc;

	if (store_run(st, SQL_MERGE_EMPTY, NOBIND, err) < 0)
		return -1;
	query_open(&q, st, SQL_SUBJECT_VULNS, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		struct merge m = { st, &q, NULL,
		    purl_version(query_text(&q, 4)) };

		str_clear(&package);
		spell(query_text(&q, 3), query_text(&q, 8),
		    query_text(&q, 9), &package);
		m.package = str_text(&package);
		if ((rc = add_finding(&m, err)) < 0)
			break;
	}
	query_close(&q);
	str_free(&package);
	if (rc < 0 ||
	    make_issues(st, err) < 0 ||
	    store_run(st, SQL_MERGE_EMPTY, NOBIND, err) < 0)
		return err_during(err, "merging the scanners' findings");
	return agree_prefer(st, err) < 0 ? -1 : agree_build(st, err);
}
