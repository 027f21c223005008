/*
 * lists.c - every list of the database as CSV or JSON Lines: complete, and of
 * any length, because rows go from the database to the file one by one.
 *
 * Neither format has a place for a banner; each row says its marking, in a
 * last column: that of its finding or requirement, else the package's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "muster/err.h"
#include "muster/mem.h"
#include "muster/store.h"
#include "muster/str.h"
#include "render_priv.h"

static const struct list {
	const char	*name;
	enum sql	 sql;
	const char	*about;		/* what its rows may be marked as */
	const char	*id;		/* the column that says which */
} lists[] = {
	{ "artifacts",	SQL_SHOW_ARTIFACTS, NULL, NULL },
	{ "subjects",	SQL_SHOW_SUBJECTS, NULL, NULL },
	{ "results",	SQL_SHOW_RESULTS, "requirement",
	  "requirement" },
	{ "gaps",	SQL_SHOW_GAPS, NULL, NULL },
	{ "issues",	SQL_SHOW_ISSUES, "finding", "id" },
	{ "findings",	SQL_SHOW_FINDINGS, "finding", "id" },
	{ "scanners",	SQL_SHOW_SCANNERS, NULL, NULL },
	{ "alone",	SQL_SHOW_ALONE, "finding", "id" },
	{ "related",	SQL_SHOW_RELATED, "finding", "id" },
	{ "packages",	SQL_SHOW_PACKAGES, NULL, NULL },
	{ "layers",	SQL_SHOW_LAYERS, NULL, NULL },
	{ "statements",	SQL_SHOW_STATEMENTS_ALL, NULL, NULL },
	{ "decisions",	SQL_DECISION_LIST, NULL, NULL },
};
#define NLISTS (sizeof(lists) / sizeof(lists[0]))

static void name_of(const struct list *l, const struct output *o,
    struct str *name)
{
	str_clear(name);
	str_addf(name, "%s%s", l->name, o->suffix);
}

static int plan(struct files *f, const struct output *o, struct err *err)
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

struct mark {
	char	*about, *subject, *text;
};

struct marks {
	struct mark	*mark;
	size_t		 n, cap;
};

static int load_marks(struct render *r, struct marks *m, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, r->store, SQL_MARKS_STANDING, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		MEM_ROOM(m->mark, m->n, m->cap);
		m->mark[m->n++] = (struct mark){ mem_dup(query_text(&q, 0)),
		    mem_dup(query_text(&q, 1)), mem_dup(query_text(&q, 2)) };
	}
	query_close(&q);
	return rc;
}

static void free_marks(struct marks *m)
{
	for (size_t i = 0; i < m->n; i++) {
		free(m->mark[i].about);
		free(m->mark[i].subject);
		free(m->mark[i].text);
	}
	free(m->mark);
}

static const char *column(const struct query *q, const char *name)
{
	for (int i = 0; name != NULL && i < query_columns(q); i++)
		if (strcmp(query_column(q, i), name) == 0)
			return query_text(q, i);
	return "";
}

/* A row's: of one subject before everywhere before the package. */
static const char *mark_of(const struct marks *m, const struct list *l,
    const struct query *q)
{
	const char *subject = column(q, "subject"), *id = column(q, l->id);
	const char *text = "";
	int best = 0;

	for (size_t i = 0; i < m->n; i++) {
		const struct mark *k = &m->mark[i];
		bool here = strcmp(k->subject, subject) == 0;
		size_t n = l->about != NULL ? strlen(l->about) : 0;
		int worth = strcmp(k->about, "package") == 0 ? 1 :
		    n == 0 || strncmp(k->about, l->about, n) != 0 ||
		    !str_ieq(k->about + n + 1, id) ? 0 :
		    k->subject[0] == '\0' ? 2 : here ? 3 : 0;

		if (worth > best) {
			best = worth;
			text = k->text;
		}
	}
	return text;
}

static void head(struct str *row, const struct query *q)
{
	query_row_head(row, q);
	row->len -= strlen("\r\n");
	str_add(row, ",marking\r\n");
}

/* The row, and its marking behind it. */
static void line(struct str *row, const struct query *q, bool csv,
    const char *mark)
{
	if (csv) {
		query_row_csv(row, q);
		row->len -= strlen("\r\n");
		str_addc(row, ',');
		query_row_cell(row, mark);
		str_add(row, "\r\n");
		return;
	}
	query_row_json(row, q);
	row->len -= strlen("}\n");
	str_add(row, ",\"marking\":");
	if (*mark != '\0')
		str_json(row, mark);
	else
		str_add(row, "null");
	str_add(row, "}\n");
}

static int rows(struct render *r, const struct list *l, bool csv, FILE *out,
    struct err *err)
{
	const struct val all = { VAL_NULL, 0, NULL };
	struct marks marks = { NULL, 0, 0 };
	struct str row = STR_INIT;
	struct query q;
	bool first = true;
	int rc = load_marks(r, &marks, err);

	query_open(&q, r->store, l->sql, &all, 1);
	while (rc >= 0 && (rc = query_next(&q, err)) > 0) {
		str_clear(&row);
		if (csv && first)
			head(&row, &q);
		first = false;
		line(&row, &q, csv, marks.n > 0 ? mark_of(&marks, l, &q) : "");
		fwrite(str_text(&row), 1, row.len, out);
	}
	if (rc == 0 && csv && first) {		/* a list of nothing */
		str_clear(&row);
		head(&row, &q);
		fwrite(str_text(&row), 1, row.len, out);
	}
	query_close(&q);
	free_marks(&marks);
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

static int write_all(const struct making *m, struct err *err)
{
	for (size_t i = 0; i < NLISTS; i++)
		if (one(m->r, m->files, m->o, &lists[i], err) < 0)
			return -1;
	return 0;
}

const struct writer lists_writer = { plan, write_all, false };
