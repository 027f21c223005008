/* subject.c - the subject a user means; see subject.h. */
#include "muster/err.h"
#include "muster/store.h"
#include "subject.h"

int subject_find(struct store *st, const char *word, int64_t *id,
    struct err *err)
{
	struct query q;
	int rc, n = 0;

	query_open(&q, st, SQL_FIND_SUBJECT, BIND(V(word)));
	while ((rc = query_next(&q, err)) > 0)
		if (n++ == 0)
			*id = query_int(&q, 0);
	query_close(&q);
	if (rc < 0)
		return -1;
	if (n == 0)
		return err_set(err, ERR_USAGE, "no subject is called \"%s\"; "
		    "\"muster show subjects\" lists them", word);
	if (n > 1)
		return err_set(err, ERR_USAGE, "\"%s\" fits %d subjects; "
		    "\"muster show subjects\" lists them", word, n);
	return 0;
}
