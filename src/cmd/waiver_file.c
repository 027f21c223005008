/*
 * waiver_file.c - decisions as a spreadsheet or as JSON, out and in.
 *
 * "waiver export --open" drafts one row for everything that nobody has
 * decided yet; filled in, "waiver import" proposes them.  A row with an id is
 * one that is known: its column "act" (review, approve, reject, revoke), if
 * filled in, is said on it.  All rows of a file or none.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "muster/assess.h"
#include "muster/command.h"
#include "muster/csv.h"
#include "muster/err.h"
#include "muster/input.h"
#include "muster/mem.h"
#include "muster/node.h"
#include "decide.h"


/* Columns before those of the record. */
static const char *const own[] = { "id", "state", "act", "note", "all" };
enum { OWN_ID, OWN_STATE, OWN_ACT, OWN_NOTE, OWN_ALL, OWN };

static const char *name_of(size_t i)
{
	return i < OWN ? own[i] : decision_field_name(i - OWN);
}
#define COLUMNS (OWN + DECISION_FIELDS)

/* Nothing that a spreadsheet would run as a formula. */
static void csv_cell(struct str *out, const char *text)
{
	bool formula = text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;

	str_add(out, "\"");
	if (formula)
		str_addc(out, '\'');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			str_addc(out, '"');
		str_addc(out, *text);
	}
	str_addc(out, '"');
}

static void put_row(const char *const cell[COLUMNS], bool csv)
{
	struct str out = STR_INIT;

	if (!csv)
		str_addc(&out, '{');
	for (size_t i = 0; i < COLUMNS; i++) {
		bool empty = str_empty(cell[i]);

		if (csv && i > 0)
			str_addc(&out, ',');
		if (csv && !empty)
			csv_cell(&out, cell[i]);
		if (csv || empty)
			continue;
		str_addf(&out, "%s\"%s\":", out.len > 1 ? "," : "",
		    name_of(i));
		str_json(&out, cell[i]);
	}
	str_add(&out, csv ? "\r\n" : "}\n");
	fputs(str_text(&out), stdout);
	str_free(&out);
}

static void put_head(void)
{
	const char *cell[COLUMNS];

	for (size_t i = 0; i < COLUMNS; i++)
		cell[i] = name_of(i);
	put_row(cell, true);
}

static int put_open(struct ctx *c, bool csv, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, c->store, SQL_DECISION_OPEN, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		const char *cell[COLUMNS] = { NULL };

		cell[OWN + DECISION_kind] = "waiver";
		cell[OWN + DECISION_requirement] = query_null(&q, 0);
		cell[OWN + DECISION_finding] = query_null(&q, 1);
		cell[OWN + DECISION_package] = query_null(&q, 2);
		cell[OWN + DECISION_version] = query_null(&q, 3);
		cell[OWN + (str_eq(query_text(&q, 4), "image") ?
		    DECISION_image : DECISION_workload)] = query_text(&q, 5);
		put_row(cell, csv);
	}
	query_close(&q);
	return rc;
}

static int put_decisions(struct ctx *c, bool csv, struct err *err)
{
	const struct val all = { VAL_NULL, 0, NULL };
	struct query q;
	int rc;

	query_open(&q, c->store, SQL_DECISION_BODIES, &all, 1);
	while ((rc = query_next(&q, err)) > 0) {
		const char *cell[COLUMNS] = { NULL }, *body = query_text(&q, 2);
		struct tree *t = tree_json(body, strlen(body), "a decision",
		    err);

		if (t == NULL) {
			rc = -1;
			break;
		}
		cell[OWN_ID] = query_text(&q, 0);
		cell[OWN_STATE] = query_text(&q, 1);
		for (size_t i = OWN; i < COLUMNS; i++)
			cell[i] = node_text(node_get(tree_root(t),
			    name_of(i)));
		put_row(cell, csv);
		tree_free(t);
	}
	query_close(&q);
	return rc;
}

int waiver_file_export(struct ctx *c, bool open, bool csv, struct err *err)
{
	if (csv)
		put_head();
	return open ? put_open(c, csv, err) : put_decisions(c, csv, err);
}

/* A file being read. */
struct file {
	struct ctx	*c;
	const char	*name;
	int		 column[CSV_FIELDS];	/* -1: not ours */
	size_t		 columns;
	int64_t		 line;
	int64_t		 read, proposed, said, empty, known;
};

static int say(struct file *f, const char *const cell[COLUMNS],
    struct err *err)
{
	struct decision_act a = {
		.what = cell[OWN_ACT], .id = cell[OWN_ID],
		.note = cell[OWN_NOTE], .at = f->c->as_of,
		.by = decide_who(cell[OWN + DECISION_by]),
		.role = cell[OWN + DECISION_role],
		.until = cell[OWN + DECISION_until]
	};

	if (!str_listed("review approve reject revoke", a.what))
		return err_set(err, ERR_INPUT, "\"%s\" is no act; expected "
		    "review, approve, reject or revoke", a.what);
	/* the record's own words are those of who proposed it */
	a.by = decide_who(NULL);
	a.role = NULL;
	f->said++;
	return decision_say(f->c->store, &a, err);
}

static int propose(struct file *f, const char *const cell[COLUMNS],
    struct err *err)
{
	struct decision_new d = { .at = f->c->as_of };
	struct str id = STR_INIT;
	char hex[SHA_HEX], *key = NULL;
	int rc = -1;

	for (size_t i = 0; i < DECISION_FIELDS; i++)
		d.field[i] = cell[OWN + i];
	d.field[DECISION_by] = decide_who(d.field[DECISION_by]);
	d.all = !str_empty(cell[OWN_ALL]);
	if (str_empty(d.field[DECISION_kind]))
		d.field[DECISION_kind] = "waiver";
	f->proposed++;
	if (decide_evidence(&d, hex, err) == 0 &&
	    decide_subject(f->c, &d, &key, err) == 0)
		rc = decision_propose(f->c->store, &d, &id, err);
	str_free(&id);
	free(key);
	return rc;
}

static int row(struct file *f, const char *const cell[COLUMNS],
    struct err *err)
{
	int rc = 0;

	f->read++;
	if (!str_empty(cell[OWN_ACT]))
		rc = say(f, cell, err);
	else if (!str_empty(cell[OWN_ID]))
		f->known++;
	else if (str_empty(cell[OWN + DECISION_why]))
		f->empty++;	/* a draft that nobody filled in */
	else
		rc = propose(f, cell, err);
	if (rc < 0) {
		if (err->kind == ERR_USAGE)
			err->kind = ERR_INPUT;
		err_at(err, f->name, f->line, -1);
	}
	return rc;
}

static int head(struct file *f, const struct csv_row *r, struct err *err)
{
	bool any = false;

	f->columns = r->n;
	for (size_t i = 0; i < r->n; i++) {
		f->column[i] = -1;
		for (size_t k = 0; k < COLUMNS; k++)
			if (str_ieq(r->field[i], name_of(k)))
				f->column[i] = (int)k;
		any |= f->column[i] >= 0;
		if (f->column[i] >= 0)
			continue;
		err_set(err, ERR_INPUT, "column \"%s\" is not known; \"muster "
		    "waiver export --csv\" writes those that are",
		    r->field[i]);
		return err_at(err, f->name, r->line, -1);
	}
	return any ? 0 : err_set(err, ERR_INPUT, "no row of column names");
}

static int csv_row(void *ctx, const struct csv_row *r, struct err *err)
{
	const char *cell[COLUMNS] = { NULL };
	struct file *f = ctx;

	f->line = r->line;
	if (f->columns == 0)
		return head(f, r, err);
	if (r->n > f->columns) {
		err_set(err, ERR_INPUT, "%zu cells, where there are %zu "
		    "columns", r->n, f->columns);
		return err_at(err, f->name, r->line, -1);
	}
	for (size_t i = 0; i < r->n; i++) {
		const char *text = r->field[i];

		/* what export put before a formula is not the text's */
		if (text[0] == '\'' && text[1] != '\0' &&
		    strchr("=+-@\t\r", text[1]) != NULL)
			text++;
		cell[f->column[i]] = text;
	}
	return row(f, cell, err);
}

static int object(struct file *f, const struct node *n, struct err *err)
{
	const char *cell[COLUMNS] = { NULL };

	f->line = n->line;
	NODE_EACH(x, n) {
		size_t k = 0;

		while (k < COLUMNS && !str_eq(x->key, name_of(k)))
			k++;
		if (k == COLUMNS || node_text(x) == NULL) {
			err_set(err, ERR_INPUT, "\"%s\" is no text of a "
			    "decision", x->key);
			return err_at(err, f->name, x->line, -1);
		}
		cell[k] = node_text(x);
	}
	return row(f, cell, err);
}

/* An array of objects, or an object a line. */
static int json(struct file *f, const char *text, struct err *err)
{
	int64_t line = 0;
	int rc = 0;

	if (text[strspn(text, " \t\r\n")] == '[') {
		struct tree *t = tree_json(text, strlen(text), f->name, err);

		NODE_EACH(n, t != NULL ? tree_root(t) : NULL)
			if ((rc = object(f, n, err)) < 0)
				break;
		if (t == NULL)
			rc = -1;
		tree_free(t);
		return rc;
	}
	while (*text != '\0' && rc == 0) {
		size_t n = strcspn(text, "\n");
		struct tree *t = NULL;

		line++;
		if (strspn(text, " \t\r") < n) {
			if ((t = tree_json(text, n, f->name, err)) == NULL)
				rc = -1;
			else
				rc = object(f, tree_root(t), err);
			if (rc < 0)
				err->line = line;
		}
		tree_free(t);
		text += n + (text[n] == '\n');
	}
	return rc;
}

static int read_all(struct file *f, const char *text, size_t len,
    struct err *err)
{
	size_t i = strspn(text, " \t\r\n");
	struct input *in;
	int rc;

	if (text[i] == '[' || text[i] == '{')
		return json(f, text, err);
	in = input_open_mem(text, len, f->name);
	rc = csv_read(in, csv_row, f, err);
	input_close(in);
	return rc;
}

int waiver_file_import(struct ctx *c, const char *file, struct err *err)
{
	struct file f = { .c = c, .name = file };
	size_t len;
	char *text;
	int rc = -1;

	if ((text = decide_slurp(file, CAP_DECISIONS_BYTES, &len, err)) == NULL)
		return -1;
	if (assess_begin(c->store, err) < 0)
		goto out;
	if ((rc = read_all(&f, text, len, err)) < 0 ||
	    (rc = store_commit(c->store, err)) < 0) {
		store_rollback(c->store);
		err_at(err, file, 0, -1);
		goto out;
	}
	if (!c->quiet)
		printf("%lld rows read: %lld proposed, %lld acted upon, %lld "
		    "known already, %lld without a justification\n",
		    (long long)f.read, (long long)f.proposed,
		    (long long)f.said, (long long)f.known,
		    (long long)f.empty);
out:
	free(text);
	return rc;
}
