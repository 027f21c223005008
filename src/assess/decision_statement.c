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

/* A checklist's cell that says what we say proposes nothing. */
static int differs(struct store *st, int64_t subject, const char *requirement,
    const struct word *w, struct err *err)
{
	const char *theirs = w->verdict != NULL ? w->verdict : w->kind;
	struct query q;
	int rc;

	query_open(&q, st, SQL_DECISION_OUR_VERDICT,
	    BIND(V(subject), V(requirement)));
	if ((rc = query_next(&q, err)) > 0)
		rc = strcmp(query_text(&q, 0), theirs) != 0;
	query_close(&q);
	return rc;
}

/* Columns of DECISION_STATEMENTS. */
enum {
	SHA256, LOCATOR, KIND, STATUS, VULN, PACKAGE, VERSION, JUSTIFICATION,
	TEXT, AUTHOR, AT, UNTIL, SEVERITY, KEY, ARTIFACT, NAME, PRODUCED,
	REQUIREMENT, SUBJECT
};

static void date(struct str *body, const char *name, const char *text)
{
	char whole[DATE_SIZE];
	int64_t t;

	if (date_parse(text, &t)) {
		date_format(t, whole);
		decision_put(body, name, whole);
	}
}

static int add(struct store *st, const struct query *q, const struct word *w,
    struct err *err)
{
	const char *key = query_null(q, KEY), *author = query_null(q, AUTHOR);
	bool rule = query_null(q, REQUIREMENT) != NULL;
	struct str body = STR_INIT, why = STR_INIT, name = STR_INIT;
	const char *at = query_null(q, AT);
	char id[37];
	int rc;

	str_add(&why, query_text(q, JUSTIFICATION));
	if (query_null(q, TEXT) != NULL)
		str_addf(&why, "%s%s", why.len > 0 ? ": " : "",
		    query_text(q, TEXT));
	decision_put(&body, "kind", w->kind);
	decision_put(&body, rule ? "requirement" : "finding",
	    query_text(q, rule ? REQUIREMENT : VULN));
	decision_put(&body, "package", query_null(q, PACKAGE));
	decision_put(&body, "version", purl_version(query_null(q, VERSION)));
	decision_put(&body, str_starts(key != NULL ? key : "", "sha256:") ?
	    "image" : "workload", key);
	date(&body, "until", query_null(q, UNTIL));
	decision_put(&body, "severity", query_null(q, SEVERITY));
	decision_put(&body, "verdict", w->verdict);
	decision_put(&body, "designator", query_text(q, STATUS));
	decision_put(&body, "why", str_text(&why));
	decision_put(&body, "by", author != NULL ? author :
	    query_text(q, NAME));
	date(&body, "at", at != NULL ? at : query_null(q, PRODUCED));
	if (strstr(str_text(&body), "\"at\":") == NULL)
		decision_put(&body, "at", "1970-01-01T00:00:00Z");
	decision_put(&body, "source", query_text(q, SHA256));
	decision_put(&body, "locator", query_null(q, LOCATOR));
	str_addc(&body, '}');
	str_addf(&name, "statement\n%s", str_text(&body));
	sha_uuid5(str_text(&name), id);
	rc = store_run(st, SQL_DECISION_FROM_STATEMENT, BIND(
	    V((const char *)id), V(str_text(&body)),
	    V(query_int(q, ARTIFACT))), err);
	str_free(&body);
	str_free(&why);
	str_free(&name);
	return rc;
}

int decision_statement(struct store *st, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, st, SQL_DECISION_STATEMENTS, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		const struct word *w = find(query_text(&q, STATUS));

		if (str_eq(query_text(&q, KIND), "ignore") && w == NULL)
			w = find("ignore");
		if (w == NULL)
			continue;
		if (query_null(&q, REQUIREMENT) != NULL) {
			rc = differs(st, query_int(&q, SUBJECT),
			    query_text(&q, REQUIREMENT), w, err);
			if (rc < 0)
				break;
			if (rc == 0)
				continue;
		}
		if ((rc = add(st, &q, w, err)) < 0)
			break;
	}
	query_close(&q);
	return rc;
}
