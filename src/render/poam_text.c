/*
 * poam_text.c - words of a plan of action: eMASS's values for severities,
 * controls and states, and what a decision says in which column.
 */
#include <stdio.h>
#include <string.h>

#include "muster/sink.h"
#include "muster/store.h"
#include "poam.h"
#include "poam_text.h"

/* The columns of SHEETS_DECISION. */
enum { D_KIND, D_UNTIL, D_BY, D_ROLE, D_AT, D_SEVERITY, D_WHY, D_RISK,
	D_COMPENSATING, D_PLAN, D_OWNER, D_SATISFIED, D_ID };

int poam_text_level(const char *word)
{
	return (int)severity_of(word);
}

static void set(struct str *s, const char *text)
{
	str_clear(s);
	str_add(s, text);
}

/* Unknown is left empty: no value of the column says so. */
void poam_text_severity(struct poam_item *item, int level)
{
	static const char *const raw[] = {
		"", "III", "III", "II", "I", "I"
	}, *const word[] = {
		"", "Very Low", "Low", "Moderate", "High", "Very High"
	};

	set(&item->field[POAM_RAW], raw[level]);
	set(&item->field[POAM_SEVERITY], word[level]);
}

/* "CM-7 (1) (b)" is of the control CM-7(1). */
static void control_of(struct str *out, const char *control)
{
	for (const char *p = control; *p != '\0'; p++) {
		if (*p == ' ')
			continue;
		if ((*p == '(' && strchr("0123456789", p[1]) == NULL) ||
		    (*p >= 'a' && *p <= 'z'))
			return;
		str_addc(out, *p);
	}
}

void poam_text_control(struct str *out, const char *cci, const char *control)
{
	static const struct {
		const char *cci, *ap;
	} aps[] = {
#define AP(c, a) { c, a },
#include "poam_aps.def"
#undef AP
	};

	for (size_t i = 0; i < sizeof(aps) / sizeof(aps[0]); i++)
		if (strcmp(aps[i].cci, cci) == 0) {
			str_add(out, aps[i].ap);
			return;
		}
	control_of(out, control);
}

void poam_text_date(struct str *out, const char *date)
{
	int y, m, d;

	if (sscanf(date, "%4d-%2d-%2d", &y, &m, &d) == 3)
		str_addf(out, "%02d/%02d/%04d", m, d, y);
}

/* Does a line name a day? */
static bool is_dated(const char *s, size_t len)
{
	int y, m, d;

	for (; len >= 10; s++, len--)
		if (sscanf(s, "%4d-%2d-%2d", &y, &m, &d) == 3 ||
		    sscanf(s, "%2d/%2d/%4d", &m, &d, &y) == 3)
			return true;
	return false;
}

/* Milestones: a line each, with the day it is due. */
static void milestones(struct str *out, const char *plan, const char *due)
{
	for (size_t n; *plan != '\0'; plan += n) {
		plan += strspn(plan, "\r\n");
		n = strcspn(plan, "\r\n");
		if (n == 0)
			continue;
		if (out->len > 0)
			str_addc(out, '\n');
		str_addn(out, plan, n);
		if (!is_dated(plan, n) && due[0] != '\0') {
			str_add(out, " ");
			str_add(out, due);
		}
	}
}

static void add_line(struct str *out, const char *text)
{
	if (text[0] == '\0')
		return;
	if (out->len > 0)
		str_addc(out, '\n');
	str_add(out, text);
}

static const struct state {
	const char *kind, *what, *status;	/* NULL: Ongoing, as it was */
} states[] = {
	{ "waiver", "Waiver", "Risk Accepted" },
	{ "inherited", "Inherited from the base image", "Risk Accepted" },
	{ "false_positive", "False positive", "Not Applicable" },
	{ "not_applicable", "Not applicable", "Not Applicable" },
	{ "poam", "Plan", NULL },
	{ "risk_adjustment", "Severity adjusted", NULL },
};

static const struct state *state_of(const char *kind)
{
	size_t i = 0;

	while (strcmp(states[i].kind, kind) != 0)
		i++;		/* SHEETS_BY asks for no other kind */
	return &states[i];
}

/* Who approved what, when, until when, and why. */
static void comment(struct str *out, const struct query *q, const char *what)
{
	struct str line = STR_INIT;

	str_addf(&line, "%s, approved by %s", what, query_text(q, D_BY));
	if (query_text(q, D_ROLE)[0] != '\0')
		str_addf(&line, " (%s)", query_text(q, D_ROLE));
	str_add(&line, " on ");
	poam_text_date(&line, query_text(q, D_AT));
	if (query_null(q, D_UNTIL) != NULL) {
		str_add(&line, " until ");
		poam_text_date(&line, query_text(q, D_UNTIL));
	}
	str_addf(&line, ": %s [%s]", query_text(q, D_WHY),
	    query_text(q, D_ID));
	add_line(out, str_text(&line));
	str_free(&line);
}

static void plan(struct poam_item *item, const struct query *q)
{
	struct str *due = &item->field[POAM_COMPLETION];

	str_clear(due);
	poam_text_date(due, query_text(q, D_UNTIL));
	milestones(&item->field[POAM_MILESTONE], query_text(q, D_PLAN),
	    str_text(due));
	set(&item->field[POAM_OFFICE], query_text(q, D_OWNER));
}

void poam_text_decision(struct poam_item *item, const struct query *q,
    int layout, bool beside)
{
	const struct state *s = state_of(query_text(q, D_KIND));
	struct str *status = &item->field[POAM_STATUS];

	if (s->status != NULL) {
		set(status, s->status);
		/* The older template wants the day on which the AO did. */
		if (layout == POAM_22 && strcmp(query_text(q, D_ROLE),
		    "ao") == 0) {
			str_addc(status, ' ');
			poam_text_date(status, query_text(q, D_AT));
		}
	} else if (strcmp(s->kind, "poam") == 0) {
		if (!beside)
			plan(item, q);
	} else {
		int level = poam_text_level(query_text(q, D_SEVERITY));
		struct str raw = STR_INIT;

		str_add(&raw, str_text(&item->field[POAM_RAW]));
		poam_text_severity(item, level);
		set(&item->field[POAM_RAW], str_text(&raw));
		str_free(&raw);
	}
	comment(&item->field[POAM_COMMENTS], q, s->what);
	add_line(&item->field[POAM_COMMENTS], query_text(q, D_SATISFIED));
	add_line(&item->field[POAM_IMPACT_TEXT], query_text(q, D_RISK));
	add_line(&item->field[POAM_MITIGATIONS],
	    query_text(q, D_COMPENSATING));
}
