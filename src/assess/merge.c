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

static char *lower(const char *s)
{
	char *out = mem_dup(s);

	for (char *p = out; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	return out;
}

/* "1:2.36-9" is 2.36-9: scanners disagree about writing the epoch. */
static const char *without_epoch(const char *version)
{
	size_t n = strspn(version, "0123456789");

	return n > 0 && version[n] == ':' ? version + n + 1 : version;
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

int assess_merge(struct store *st, struct err *err)
{
	struct query q;
	int rc;

	if (store_run(st, SQL_MERGE_EMPTY, NOBIND, err) < 0)
		return -1;
	query_open(&q, st, SQL_SUBJECT_VULNS, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		char *package = lower(query_text(&q, 3));
		struct merge m = { st, &q, package,
		    without_epoch(query_text(&q, 4)) };

		rc = add_finding(&m, err);
		free(package);
		if (rc < 0)
			break;
	}
	query_close(&q);
	if (rc < 0 ||
	    store_run(st, SQL_MERGE_ISSUES, NOBIND, err) < 0 ||
	    store_run(st, SQL_MERGE_SOURCES, NOBIND, err) < 0 ||
	    store_run(st, SQL_MERGE_EMPTY, NOBIND, err) < 0)
		return err_during(err, "merging the scanners' findings");
	return agree_build(st, err);
}

int assess_ready(struct store *st, struct err *err)
{
	int64_t settle, merge = 0;

	if (store_int(st, SQL_SETTLE_NEEDED, NOBIND, &settle, err) < 0 ||
	    (!settle && store_int(st, SQL_MERGE_NEEDED, NOBIND, &merge,
	    err) < 0))
		return -1;
	if (!settle && !merge)
		return 0;
	if (store_begin(st, err) < 0)
		return -1;
	if ((settle && assess_attach(st, err) < 0) ||
	    assess_merge(st, err) < 0 || store_commit(st, err) < 0) {
		store_rollback(st);
		return -1;
	}
	return 0;
}
