/*
 * agree.c - how far the scanners of an image agree.
 *
 * Scanners differ by what they cover, by the age of their databases and by
 * how they spell a package.  What only one of several reports is listed with
 * the first of these that explains it; an image that too few looked at is a
 * gap.  The work is SQL's: include/muster/sql/agree.def.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agree.h"
#include "muster/assess.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/store.h"

int agree_build(struct store *st, struct err *err)
{
	static const enum sql steps[] = {
		SQL_AGREE_SCANS, SQL_AGREE_COVERED, SQL_AGREE_COVERED_PACKAGES,
		SQL_AGREE_ALONE
	};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (store_run(st, steps[i], NOBIND, err) < 0)
			return err_during(err, "comparing the scanners");
	return 0;
}

/* The least preferred first, so that the most preferred has the last word. */
int agree_prefer(struct store *st, struct err *err)
{
	struct query q;
	char *list, *end, *word;
	int rc;

	query_open(&q, st, SQL_AGREE_PREFERRED, NOBIND);
	rc = query_next(&q, err);
	list = mem_dup(rc > 0 ? query_text(&q, 0) : "");
	query_close(&q);
	while (rc >= 0 && *list != '\0') {
		for (end = list + strlen(list); end > list &&
		    end[-1] == ' '; )
			*--end = '\0';
		word = strrchr(list, ' ');
		word = word != NULL ? word + 1 : list;
		if (*word != '\0')
			rc = store_run(st, SQL_AGREE_PREFER,
			    BIND(V((const char *)word)), err);
		*word = '\0';
	}
	free(list);
	return rc < 0 ? -1 : 0;
}

int agree_gaps(struct store *st, int64_t least, struct err *err)
{
	const struct val none = { VAL_NULL, 0, NULL };
	struct query q;
	int rc;

	query_open(&q, st, SQL_AGREE_FEW, BIND(V(least)));
	while ((rc = query_next(&q, err)) > 0) {
		char text[512];
		int64_t n = query_int(&q, 1);

		if (n == 0)
			snprintf(text, sizeof(text), "no vulnerability scanner "
			    "reported on it; %lld or more should",
			    (long long)least);
		else
			snprintf(text, sizeof(text), "only %lld vulnerability "
			    "scanner%s reported on it (%.200s); %lld or more "
			    "should", (long long)n, n > 1 ? "s" : "",
			    query_text(&q, 2), (long long)least);
		if ((rc = store_run(st, SQL_ADD_GAP, BIND(V("gap"),
		    V(query_int(&q, 0)), none, V((const char *)text)), err))
		    < 0)
			break;
	}
	query_close(&q);
	return rc < 0 ? -1 : 0;
}
