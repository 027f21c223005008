/*
 * decision_statement.c - what others say of findings, as proposals: VEX, VAT,
 * ignore files, checklists.  See decision.h.
 *
 * A proposal of this kind is in no event until somebody acts on it: it is
 * worked out anew each time, with an id that follows from the statement's
 * place in its file.
 */
#include <ctype.h>
#include <string.h>

#include "decision_priv.h"
#include "muster/err.h"
#include "muster/date.h"
#include "muster/purl.h"
#include "muster/sha.h"
#include "muster/store.h"

/* A status as written, in small letters and without what separates words. */
static void plain(const char *status, char out[48])
{
	size_t n = 0;

	for (; *status != '\0' && n < 47; status++)
		if (isalnum((unsigned char)*status))
			out[n++] = (char)tolower((unsigned char)*status);
	out[n] = '\0';
}

/*
 * What a statement proposes; NULL where it decides nothing ("affected", "in
 * triage").  verdict: of an attestation.
 */
static const struct word {
	const char	*status, *kind, *verdict;
} words[] = {
	/* VEX in its dialects */
	{ "notaffected",	"false_positive", NULL },
	{ "falsepositive",	"false_positive", NULL },
	{ "knownnotaffected",	"false_positive", NULL },
	{ "willnotfix",		"waiver", NULL },
	{ "ignore",		"waiver", NULL },
	{ "ignored",		"waiver", NULL },
	{ "whitelist",		"waiver", NULL },
	{ "allowlist",		"waiver", NULL },
	/* VAT and greylists */
	{ "approved",		"waiver", NULL },
	{ "approve",		"waiver", NULL },
	{ "conditional",	"waiver", NULL },
	{ "justified",		"waiver", NULL },
	{ "hasjustification",	"waiver", NULL },
	{ "verified",		"waiver", NULL },
	{ "reviewed",		"waiver", NULL },
	{ "needsreview",	"waiver", NULL },
	/* checklists */
	{ "notafinding",	"attestation", "pass" },
	{ "open",		"attestation", "fail" },
	{ "notapplicable",	"not_applicable", NULL },
	/* amendments of HDF */
	{ "waiver",		"waiver", NULL },
	{ "waived",		"waiver", NULL },
	{ "passed",		"attestation", "pass" },
	{ "failed",		"attestation", "fail" },
};

static const struct word *find(const char *status)
{
	char is[48];

	plain(status, is);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(words[i].status, is) == 0)
			return &words[i];
	return NULL;
}

static void date(struct str *body, const char *name, const char *text)
{
	char whole[DATE_SIZE];
	int64_t t;

	if (date_parse(text, &t)) {
		date_format(t, whole);
		decision_put(body, name, whole);
	}
}

int decision_statement_add(struct store *st, const struct query *q,
    const struct proposal *p, const char *as_of, struct err *err)
{
	const char *key = query_null(q, SAID_KEY);
	const char *author = query_null(q, SAID_AUTHOR);
	const char *at = query_null(q, SAID_AT);
	bool rule = query_null(q, SAID_REQUIREMENT) != NULL;
	struct str body = STR_INIT, name = STR_INIT;
	size_t len;
	char id[37];
	int rc;

	decision_put(&body, "kind", p->kind);
	decision_put(&body, rule ? "requirement" : "finding",
	    query_text(q, rule ? SAID_REQUIREMENT : SAID_VULN));
	decision_put(&body, "package", query_null(q, SAID_PACKAGE));
	decision_put(&body, "version",
	    purl_version(query_null(q, SAID_VERSION)));
	decision_put(&body, str_starts(key != NULL ? key : "", "sha256:") ?
	    "image" : "workload", key);
	date(&body, "until", query_null(q, SAID_UNTIL));
	decision_put(&body, "severity", p->severity);
	decision_put(&body, "verdict", p->verdict);
	decision_put(&body, "designator", query_text(q, SAID_STATUS));
	decision_put(&body, "why", p->why);
	decision_put(&body, "details", p->details);
	decision_put(&body, "cell", p->cell);
	decision_put(&body, "old", p->old);
	decision_put(&body, "by", author != NULL ? author :
	    query_text(q, SAID_NAME));
	decision_put(&body, "source", query_text(q, SAID_SHA256));
	decision_put(&body, "locator", query_null(q, SAID_LOCATOR));
	/* when nobody says when it was said, then it was not before today;
	 * and that is no part of what it is */
	str_addf(&name, "statement\n%s", str_text(&body));
	sha_uuid5(str_text(&name), id);
	len = body.len;
	date(&body, "at", at != NULL ? at : query_null(q, SAID_PRODUCED));
	if (body.len == len)
		decision_put(&body, "at", as_of);
	str_addc(&body, '}');
	rc = store_run(st, SQL_DECISION_FROM_STATEMENT, BIND(
	    V((const char *)id), V(str_text(&body)),
	    V(query_int(q, SAID_ARTIFACT))), err);
	str_free(&body);
	str_free(&name);
	return rc;
}

static int add(struct store *st, const struct query *q, const struct word *w,
    const char *as_of, struct err *err)
{
	struct str why = STR_INIT;
	struct proposal p = { .kind = w->kind, .verdict = w->verdict,
		.severity = query_null(q, SAID_SEVERITY) };
	int rc;

	str_add(&why, query_text(q, SAID_JUSTIFICATION));
	if (query_null(q, SAID_TEXT) != NULL)
		str_addf(&why, "%s%s", why.len > 0 ? ": " : "",
		    query_text(q, SAID_TEXT));
	p.why = str_text(&why);
	rc = decision_statement_add(st, q, &p, as_of, err);
	str_free(&why);
	return rc;
}

int decision_statement(struct store *st, const char *as_of, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, st, SQL_DECISION_STATEMENTS, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		const struct word *w = find(query_text(&q, SAID_STATUS));

		if (str_eq(query_text(&q, SAID_KIND), "ignore") && w == NULL)
			w = find("ignore");
		if (query_null(&q, SAID_REQUIREMENT) != NULL)
			rc = decision_cells(st, &q, w != NULL ? w->kind : NULL,
			    w != NULL ? w->verdict : NULL, as_of, err);
		else
			rc = w != NULL ? add(st, &q, w, as_of, err) : 0;
		if (rc < 0)
			break;
	}
	query_close(&q);
	return rc;
}
