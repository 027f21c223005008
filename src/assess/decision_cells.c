/*
 * decision_cells.c - a checklist that came back: each cell that somebody
 * changed is a proposal of its own.
 *
 * What we write into a checklist is told from what a person wrote there by
 * its form (see templates/details.xsl and comments.xsl), so a checklist that
 * nobody edited proposes nothing, also when the evidence has changed since.
 * Taking a text away proposes nothing either.
 */
#include <string.h>

#include "decision_priv.h"
#include "muster/err.h"
#include "muster/store.h"

static const char *const roles[] = {
	"Fail: ", "Error: ", "Contradiction: ", "Missing: ",
	"Not applicable: ", "Pass: ", "Note: ", "... and ", NULL
};
static const char *const labels[] = {
	"WAIVER :: ", "INHERITED :: ", "ATTESTATION :: ", "POAM :: ",
	"SEVERITY :: ", "DECISION :: ", NULL
};

static bool begins(const char *line, const char *const *with)
{
	for (; *with != NULL; with++)
		if (str_starts(line, *with))
			return true;
	return false;
}

/* A line of one of our reasons that has several. */
static bool quoted(const char *line, const char *reasons)
{
	const char *p = strstr(reasons, line);

	return line[0] != '\0' && p != NULL;
}

/* The lines of a cell that are not ours, without blank ones at the ends. */
static void own_lines(const char *text, const char *const *ours,
    const char *reasons, struct str *out)
{
	while (text != NULL && *text != '\0') {
		size_t n = strcspn(text, "\n");
		struct str line = STR_INIT;

		str_addn(&line, text, n);
		while (line.len > 0 && line.s[line.len - 1] == '\r')
			line.s[--line.len] = '\0';
		if (line.len > 0 ? !begins(line.s, ours) &&
		    !quoted(line.s, reasons) : out->len > 0)
			str_addf(out, "%s%s", out->len > 0 ? "\n" : "",
			    str_text(&line));
		str_free(&line);
		text += n + (text[n] == '\n');
	}
	while (out->len > 0 && out->s[out->len - 1] == '\n')
		out->s[--out->len] = '\0';
}

static int reasons(struct store *st, const struct query *said,
    struct str *out, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, st, SQL_DECISION_REASONS, BIND(
	    V(query_int(said, SAID_SUBJECT)),
	    V(query_text(said, SAID_REQUIREMENT))));
	while ((rc = query_next(&q, err)) > 0)
		if (strchr(query_text(&q, 0), '\n') != NULL)
			str_addf(out, "%s\n", query_text(&q, 0));
	query_close(&q);
	return rc;
}

/* The first row's first columns, as text. */
static int held(struct store *st, enum sql name, const struct query *said,
    struct str *one, struct str *two, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, st, name, BIND(V(query_text(said, SAID_KEY)),
	    V(query_text(said, SAID_REQUIREMENT))));
	if ((rc = query_next(&q, err)) > 0) {
		str_add(one, query_text(&q, 0));
		if (two != NULL)
			str_add(two, query_text(&q, 1));
	}
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

static int status(struct store *st, const struct query *said,
    const char *kind, const char *verdict, const char *as_of, struct err *err)
{
	const char *theirs = verdict != NULL ? verdict : kind;
	struct proposal p = { .kind = kind, .verdict = verdict,
		.cell = "status" };
	struct str why = STR_INIT, ours = STR_INIT;
	struct query q;
	int rc;

	if (kind == NULL)
		return 0;
	query_open(&q, st, SQL_DECISION_OUR_VERDICT, BIND(
	    V(query_int(said, SAID_SUBJECT)),
	    V(query_text(said, SAID_REQUIREMENT))));
	if ((rc = query_next(&q, err)) > 0)
		str_add(&ours, query_text(&q, 0));
	query_close(&q);
	if (rc >= 0 && ours.len > 0 && !str_eq(ours.s, theirs)) {
		own_lines(query_text(said, SAID_TEXT), labels, "", &why);
		if (why.len == 0)
			str_addf(&why, "a checklist says \"%s\"",
			    query_text(said, SAID_STATUS));
		p.why = str_text(&why);
		p.old = ours.s;
		rc = decision_statement_add(st, said, &p, as_of, err);
	}
	str_free(&why);
	str_free(&ours);
	return rc < 0 ? -1 : 0;
}

static int severity(struct store *st, const struct query *said,
    const char *as_of, struct err *err)
{
	const char *level = query_null(said, SAID_SEVERITY);
	struct proposal p = { .kind = "risk_adjustment", .severity = level,
		.why = query_text(said, SAID_JUSTIFICATION),
		.cell = "severity" };
	struct str ours = STR_INIT;
	int rc;

	if (level == NULL)
		return 0;
	rc = held(st, SQL_DECISION_OWN_SEVERITY, said, &ours, NULL, err);
	if (rc == 0 && !str_eq(str_text(&ours), level)) {
		p.old = str_text(&ours);
		rc = decision_statement_add(st, said, &p, as_of, err);
	}
	str_free(&ours);
	return rc;
}

static int texts(struct store *st, const struct query *said,
    const char *as_of, struct err *err)
{
	struct str text = STR_INIT, details = STR_INIT, ours = STR_INIT;
	struct str our_details = STR_INIT, lines = STR_INIT;
	struct proposal p = { .kind = "comment", .cell = "comments" };
	bool new_text, new_details;
	int rc = -1;

	if (reasons(st, said, &lines, err) < 0 ||
	    held(st, SQL_DECISION_OWN_COMMENT, said, &ours, &our_details,
	    err) < 0)
		goto out;
	own_lines(query_text(said, SAID_TEXT), labels, "", &text);
	own_lines(query_text(said, SAID_DETAILS), roles, str_text(&lines),
	    &details);
	new_text = text.len > 0 && !str_eq(text.s, str_text(&ours));
	new_details = details.len > 0 &&
	    !str_eq(details.s, str_text(&our_details));
	rc = 0;
	if (!new_text && !new_details)
		goto out;
	/* both together are what the cells will hold */
	p.why = text.len > 0 ? str_text(&text) : str_text(&ours);
	p.details = details.len > 0 ? str_text(&details) :
	    str_text(&our_details);
	p.old = str_text(new_text ? &ours : &our_details);
	p.cell = new_text && new_details ? "comments and details" :
	    new_text ? "comments" : "details";
	rc = decision_statement_add(st, said, &p, as_of, err);
out:
	str_free(&text);
	str_free(&details);
	str_free(&ours);
	str_free(&our_details);
	str_free(&lines);
	return rc;
}

int decision_cells(struct store *st, const struct query *said,
    const char *kind, const char *verdict, const char *as_of,
    struct err *err)
{
	if (query_null(said, SAID_KEY) == NULL)
		return 0;
	if (status(st, said, kind, verdict, as_of, err) < 0 ||
	    severity(st, said, as_of, err) < 0)
		return -1;
	return texts(st, said, as_of, err);
}
