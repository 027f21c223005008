/*
 * proof_checklist.c - reading a finished checklist back, however long: the
 * guide first, then exactly the STIGs of the subject, each rule of theirs once
 * and with the result that the database holds.
 */
#include <stdlib.h>
#include <string.h>

#include "muster/err.h"
#include "muster/input.h"
#include "muster/json.h"
#include "muster/mem.h"
#include "muster/store.h"
#include "muster/str.h"
#include "muster/xml.h"
#include "render_priv.h"

struct stig {
	char		*id;
	struct proof	 is;
	char		**rules;
	size_t		 n, cap;
};

struct seen {
	struct stig	*stig;
	size_t		 n, cap;
	struct str	 name, data;	/* of the pair being read */
	bool		 empty;		/* an id is */
};

static struct stig *last(struct seen *s)
{
	return &s->stig[s->n - 1];
}

static void begin(struct seen *s)
{
	MEM_ROOM(s->stig, s->n, s->cap);
	s->stig[s->n++] = (struct stig){ .id = NULL };
}

static void named(struct seen *s, const char *id)
{
	s->empty |= *id == '\0';
	if (s->n > 0 && last(s)->id == NULL)
		last(s)->id = mem_dup(id);
}

static void rule(struct seen *s, const char *id)
{
	struct stig *g;

	s->empty |= *id == '\0';
	if (s->n == 0)
		return;
	g = last(s);
	MEM_ROOM(g->rules, g->n, g->cap);
	g->rules[g->n++] = mem_dup(id);
}

static void status(struct seen *s, const char *word)
{
	if (s->n > 0) {
		proof_count(&last(s)->is, word);
		last(s)->is.rows++;
	}
}

static int start_xml(void *ctx, struct xml *x, const char *ns,
    const char *name, struct err *err)
{
	static const char *const texts[] = {
		"SID_NAME", "SID_DATA", "VULN_ATTRIBUTE", "ATTRIBUTE_DATA",
		"STATUS"
	};
	struct seen *s = ctx;

	(void)ns, (void)err;
	if (str_eq(name, "iSTIG"))
		begin(s);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (str_eq(name, texts[i]))
			xml_want_text(x);
	return 0;
}

static int end_xml(void *ctx, struct xml *x, const char *ns,
    const char *name, const char *text, size_t len, struct err *err)
{
	struct seen *s = ctx;

	(void)x, (void)ns, (void)err;
	if (str_eq(name, "SID_NAME") || str_eq(name, "VULN_ATTRIBUTE")) {
		str_clear(&s->name);
		str_clear(&s->data);
		str_addn(&s->name, text, len);
	} else if (str_eq(name, "SID_DATA") || str_eq(name, "ATTRIBUTE_DATA")) {
		str_addn(&s->data, text, len);
	} else if (str_eq(name, "SI_DATA") &&
	    str_eq(str_text(&s->name), "stigid")) {
		named(s, str_text(&s->data));
	} else if (str_eq(name, "STIG_DATA") &&
	    str_eq(str_text(&s->name), "Rule_ID")) {
		rule(s, str_text(&s->data));
	} else if (str_eq(name, "STATUS")) {
		status(s, text);
	}
	return 0;
}

enum { STIG = 1, ID, RULE, STATUS };

static int value(void *ctx, struct json *js, int id, enum json_event ev,
    const char *text, size_t len, struct err *err)
{
	struct seen *s = ctx;

	(void)js, (void)len, (void)err;
	if (id == STIG && ev == JSON_BEGIN)
		begin(s);
	else if (id == ID && ev == JSON_STRING)
		named(s, text);
	else if (id == RULE && ev == JSON_STRING)
		rule(s, text);
	else if (id == STATUS && ev == JSON_STRING)
		status(s, text);
	return 0;
}

static int read_back(struct seen *s, const struct output *o, int fd,
    struct err *err)
{
	static const struct xml_handler handler = { start_xml, end_xml };
	static const struct json_want wants[] = {
		{ "stigs[]", STIG }, { "stigs[].stig_id", ID },
		{ "stigs[].rules[].rule_id_src", RULE },
		{ "stigs[].rules[].status", STATUS }, { NULL, 0 }
	};
	struct err why = ERR_INIT;
	struct input *in = input_open(fd, "output", &why);
	int rc = -1;

	if (in != NULL)
		rc = strcmp(o->media_type, "application/json") == 0 ?
		    json_read(in, wants, value, s, &why) :
		    xml_read(in, &handler, s, &why);
	input_close(in);
	return rc == 0 ? 0 : err_set(err, ERR_BUG, "it cannot be read: %.200s",
	    why.text);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int once(struct stig *g, struct err *err)
{
	if (g->id == NULL || (int64_t)g->n != g->is.rows)
		return err_set(err, ERR_BUG, "a STIG of it has no id, or a "
		    "rule of %s has none", g->id != NULL ? g->id : "it");
	if (g->n > 0)
		qsort(g->rules, g->n, sizeof(*g->rules), by_text);
	for (size_t i = 1; i < g->n; i++)
		if (strcmp(g->rules[i - 1], g->rules[i]) == 0)
			return err_set(err, ERR_BUG, "the rule %.100s of %.100s"
			    " is there twice", g->rules[i], g->id);
	return 0;
}

/* Is it the STIG of this id, which the document may have shortened? */
static bool is(const struct seen *s, size_t at, const char *id)
{
	struct str shown = STR_INIT;
	bool same;

	visible_add(&shown, id, VISIBLE_MAX);
	same = at < s->n && strcmp(s->stig[at].id, str_text(&shown)) == 0;
	str_free(&shown);
	return same;
}

/* The first STIG is the guide; the others are to be as the database has it. */
static int compare(struct seen *s, const struct making *m, struct err *err)
{
	struct str before = STR_INIT;
	struct query q;
	size_t at = 0;
	int rc;

	query_open(&q, m->r->store, SQL_CHECKLIST_COUNTS,
	    BIND(V(m->subject)));
	while ((rc = query_next(&q, err)) > 0) {
		const char *id = query_text(&q, 0);
		struct proof one = { .rows = 0 };

		if (at == 0 || !str_eq(str_text(&before), id))
			at++;
		str_clear(&before);
		str_add(&before, id);
		if (!is(s, at, id)) {
			rc = err_set(err, ERR_BUG, "it lacks the STIG %.100s",
			    id);
			break;
		}
		proof_count(&one, query_text(&q, 1));
		for (int i = 0; i < FOLDS; i++)
			s->stig[at].is.count[i] -= one.count[i] *
			    query_int(&q, 2);
	}
	query_close(&q);
	str_free(&before);
	if (rc == 0 && at + 1 != s->n)
		rc = err_set(err, ERR_BUG, "it has %zu STIGs, the database "
		    "%zu", s->n - 1, at);
	for (size_t i = 1; i < s->n && rc == 0; i++)
		for (int f = 0; f < FOLDS && rc == 0; f++)
			if (s->stig[i].is.count[f] != 0)
				rc = err_set(err, ERR_BUG, "its results of "
				    "%.100s are not the database's",
				    s->stig[i].id);
	return rc;
}

int proof_checklist(const struct making *m, int fd, struct err *err)
{
	struct seen s = { .n = 0 };
	int rc = read_back(&s, m->o, fd, err);

	if (rc == 0 && (s.empty || s.n == 0))
		rc = err_set(err, ERR_BUG, "it has an empty id");
	for (size_t i = 0; i < s.n && rc == 0; i++)
		rc = once(&s.stig[i], err);
	if (rc == 0)
		rc = compare(&s, m, err);
	for (size_t i = 0; i < s.n; i++) {
		for (size_t j = 0; j < s.stig[i].n; j++)
			free(s.stig[i].rules[j]);
		free(s.stig[i].rules);
		free(s.stig[i].id);
	}
	free(s.stig);
	str_free(&s.name);
	str_free(&s.data);
	return rc;
}
