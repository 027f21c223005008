/* lineage.c - the derived tables named and lineage; see lineage.h. */
#include <stdio.h>
#include <string.h>

#include "lineage.h"
#include "muster/err.h"
#include "muster/ref.h"
#include "muster/sha.h"
#include "muster/store.h"
#include "muster/str.h"

int lineage_drop(struct store *st, struct err *err)
{
	if (store_run(st, SQL_DROP_NAMED, NOBIND, err) < 0)
		return -1;
	return store_run(st, SQL_DROP_LINEAGE, NOBIND, err);
}

void lineage_chain(char chain[72], const char *diff_id)
{
	struct str both = STR_INIT;

	if (chain[0] == '\0') {
		snprintf(chain, 72, "%s", diff_id);
		return;
	}
	str_addf(&both, "%s %s", chain, diff_id);
	memcpy(chain, "sha256:", 7);
	sha_of(both.s, both.len, chain + 7);
	str_free(&both);
}

static bool has_registry(const char *name)
{
	size_t host = strcspn(name, "/");

	return name[host] == '/' && (memchr(name, '.', host) != NULL ||
	    memchr(name, ':', host) != NULL ||
	    (host == 9 && memcmp(name, "localhost", 9) == 0));
}

static int fill_names(struct store *st, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, st, SQL_NAMES_WRITTEN, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		const char *written = query_text(&q, 1);
		struct ref ref;

		if (!ref_parse(written, &ref))
			continue;
		if ((rc = store_run(st, SQL_ADD_NAMED, BIND(
		    V(query_int(&q, 0)), V((const char *)ref.repo),
		    V(ref.tag[0] != '\0' ? (const char *)ref.tag : NULL),
		    V(ref.digest[0] != '\0' ? (const char *)ref.digest : NULL),
		    V(has_registry(written)), V(query_int(&q, 2)),
		    V(query_null(&q, 3))), err)) < 0)
			break;
	}
	query_close(&q);
	return rc;
}

static int add(struct store *st, const char *chain, int64_t layers,
    int64_t subject, int64_t listing, struct err *err)
{
	const struct val none = { VAL_NULL, 0, NULL };

	if (layers == 0)
		return 0;
	return store_run(st, SQL_ADD_LINEAGE, BIND(V(chain), V(layers),
	    subject > 0 ? V(subject) : none,
	    listing > 0 ? V(listing) : none), err);
}

/* Rows come image by image, the lowest layer first. */
static int fill_images(struct store *st, struct err *err)
{
	int64_t target = 0, subject = 0, layers = 0;
	char chain[72] = { 0 };
	struct query q;
	int rc;

	query_open(&q, st, SQL_LINEAGE_LAYERS, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		if (query_int(&q, 0) != target) {
			if ((rc = add(st, chain, layers, subject, 0, err)) < 0)
				break;
			chain[0] = '\0';
			layers = 0;
		}
		target = query_int(&q, 0);
		subject = query_int(&q, 1);
		lineage_chain(chain, query_text(&q, 2));
		layers++;
	}
	query_close(&q);
	return rc < 0 ? -1 : add(st, chain, layers, subject, 0, err);
}

static int fill_lists(struct store *st, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, st, SQL_LINEAGE_LISTS, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		char chain[72] = { 0 }, one[72];
		int64_t layers = 0;

		for (const char *p = query_text(&q, 1); *p != '\0'; layers++) {
			size_t n = strcspn(p, "\n");

			snprintf(one, sizeof(one), "%.*s", n < sizeof(one) ?
			    (int)n : (int)sizeof(one) - 1, p);
			lineage_chain(chain, one);
			p += n + (p[n] == '\n');
		}
		if ((rc = add(st, chain, layers, 0, query_int(&q, 0),
		    err)) < 0)
			break;
	}
	query_close(&q);
	return rc;
}

int lineage_fill(struct store *st, struct err *err)
{
	if (fill_names(st, err) < 0 || fill_images(st, err) < 0 ||
	    fill_lists(st, err) < 0)
		return -1;
	return 0;
}
