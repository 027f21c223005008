/* subject.c - the subject a user means; see subject.h. */
#include "muster/err.h"
#include "muster/store.h"
#include "muster/str.h"
#include "subject.h"

/* How many subjects a look-up finds; the first is *id, names says which. */
static int look_up(struct store *st, enum sql how, const char *word,
    int64_t *id, struct str *names, struct err *err)
{
	struct query q;
	int rc, n = 0;

	query_open(&q, st, how, BIND(V(word)));
	while ((rc = query_next(&q, err)) > 0) {
		if (n++ == 0)
			*id = query_int(&q, 0);
		if (n <= 4)
			str_addf(names, "%s%s", n > 1 ? ", " : "",
			    query_text(&q, 2));
	}
	query_close(&q);
	return rc < 0 ? -1 : n;
}

int subject_find(struct store *st, const char *word, int64_t *id,
    struct err *err)
{
	struct str names = STR_INIT;
	int n = look_up(st, SQL_FIND_SUBJECT, word, id, &names, err);

	if (n == 0)
		n = look_up(st, SQL_FIND_SUBJECT_PART, word, id, &names, err);
	if (n == 0)
		n = err_set(err, ERR_USAGE, "no subject is called \"%s\"; "
		    "\"muster show subjects\" lists them", word);
	else if (n > 1)
		n = err_set(err, ERR_USAGE, "\"%s\" fits %d subjects: %s%s; "
		    "say more of the name or digest", word, n,
		    str_text(&names), n > 4 ? ", ..." : "");
	str_free(&names);
	return n < 0 ? -1 : 0;
}
