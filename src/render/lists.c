/*
 * lists.c - every list of the database as CSV or JSON Lines: complete, and of
 * any length, because rows go from the database to the file one by one.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "muster/err.h"
#include "muster/store.h"
#include "muster/str.h"
#include "render_priv.h"

static const struct list {
	const char	*name;
	enum sql	 sql;
} lists[] = {
	{ "artifacts",	SQL_SHOW_ARTIFACTS },
	{ "subjects",	SQL_SHOW_SUBJECTS },
	{ "results",	SQL_SHOW_RESULTS },
	{ "gaps",	SQL_SHOW_GAPS },
	{ "issues",	SQL_SHOW_ISSUES },
	{ "findings",	SQL_SHOW_FINDINGS },
	{ "scanners",	SQL_SHOW_SCANNERS },
	{ "alone",	SQL_SHOW_ALONE },
	{ "packages",	SQL_SHOW_PACKAGES },
	{ "layers",	SQL_SHOW_LAYERS },
	{ "statements",	SQL_SHOW_STATEMENTS_ALL },
	{ "decisions",	SQL_DECISION_LIST },
};
#define NLISTS (sizeof(lists) / sizeof(lists[0]))

static void name_of(const struct list *l, const struct output *o,
    struct str *name)
{
	str_clear(name);
	str_addf(name, "%s%s", l->name, o->suffix);
}

int lists_plan(struct files *f, const struct output *o, struct err *err)
{
	struct str name = STR_INIT;
	int rc = 0;

	for (size_t i = 0; i < NLISTS && rc == 0; i++) {
		name_of(&lists[i], o, &name);
		rc = files_plan(f, o->place, str_text(&name), err);
	}
	str_free(&name);
	return rc;
}

static int rows(struct render *r, const struct list *l, bool csv, FILE *out,
    struct err *err)
{
	const struct val all = { VAL_NULL, 0, NULL };
	struct str row = STR_INIT;
	struct query q;
	bool first = true;
	int rc;

	query_open(&q, r->store, l->sql, &all, 1);
	while ((rc = query_next(&q, err)) > 0) {
		str_clear(&row);
		if (csv && first)
			query_row_head(&row, &q);
		first = false;
		if (csv)
			query_row_csv(&row, &q);
		else
			query_row_json(&row, &q);
		fwrite(str_text(&row), 1, row.len, out);
	}
	if (rc == 0 && csv && first) {		/* a list of nothing */
		str_clear(&row);
		query_row_head(&row, &q);
		fwrite(str_text(&row), 1, row.len, out);
	}
	query_close(&q);
	str_free(&row);
	return rc;
}

static int one(struct render *r, struct files *f, const struct output *o,
    const struct list *l, struct err *err)
{
	struct str name = STR_INIT;
	FILE *out = NULL;
	int fd, rc = -1;

	name_of(l, o, &name);
	fd = files_start(f, o->place, str_text(&name), err);
	if (fd >= 0 && (out = fdopen(fd, "w")) == NULL) {
		err_sys(err, "cannot write the list of %s", l->name);
		close(fd);
	}
	if (out != NULL) {
		rc = rows(r, l, strcmp(o->name, "csv") == 0, out, err);
		if ((ferror(out) | fclose(out)) != 0 && rc == 0)
			rc = err_sys(err, "cannot write the list of %s",
			    l->name);
	}
	str_free(&name);
	return rc;
}

int lists_write(struct render *r, struct files *f, const struct output *o,
    struct err *err)
{
	for (size_t i = 0; i < NLISTS; i++)
		if (one(r, f, o, &lists[i], err) < 0)
			return -1;
	return 0;
}
