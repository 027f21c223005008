/*
 * proof.c - reading a finished output back, before it gets its name.
 *
 * A stylesheet that loses a verdict makes a file that looks fine.  So every
 * output is parsed again and its verdicts are counted, in the format's own
 * words, against the database.
 */
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <string.h>

#include "muster/err.h"
#include "muster/node.h"
#include "muster/store.h"
#include "muster/str.h"
#include "render_priv.h"

void proof_count(struct proof *p, const char *word)
{
	static const struct {
		const char *word;
		enum fold fold;
	} words[] = {
		{ "pass", FOLD_PASS }, { "NotAFinding", FOLD_PASS },
		{ "not_a_finding", FOLD_PASS }, { "fixed", FOLD_PASS },
		{ "fail", FOLD_FAIL }, { "Open", FOLD_FAIL },
		{ "open", FOLD_FAIL },
		{ "notapplicable", FOLD_NA }, { "Not_Applicable", FOLD_NA },
		{ "not_applicable", FOLD_NA },
		/* eMASS; SARIF */
		{ "Pass", FOLD_PASS }, { "Fail", FOLD_FAIL },
		{ "Not Applicable", FOLD_NA }, { "notApplicable", FOLD_NA },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].word, word) == 0) {
			p->count[words[i].fold]++;
			return;
		}
	p->count[FOLD_REST]++;
}

/* Does this element carry a verdict as its text? */
static bool is_verdict(const xmlNode *n)
{
	const char *name = (const char *)n->name;
	const char *parent = n->parent->type == XML_ELEMENT_NODE ?
	    (const char *)n->parent->name : "";

	return (strcmp(name, "result") == 0 &&
	    strcmp(parent, "rule-result") == 0) ||
	    (strcmp(name, "STATUS") == 0 && strcmp(parent, "VULN") == 0);
}

/* A case of JUnit has what became of it as a child, a pass has none. */
static const char *case_verdict(const xmlNode *n)
{
	for (const xmlNode *c = n->children; c != NULL; c = c->next) {
		const char *name = (const char *)c->name;
		xmlChar *s;
		bool na;

		if (strcmp(name, "failure") == 0)
			return "fail";
		if (strcmp(name, "error") == 0)
			return "error";
		if (strcmp(name, "skipped") != 0)
			continue;
		s = xmlGetNoNsProp(c, (const xmlChar *)"message");
		na = s != NULL && strcmp((const char *)s,
		    "not applicable") == 0;
		xmlFree(s);
		return na ? "not_applicable" : "not_reviewed";
	}
	return "pass";
}

static void look_at(struct proof *p, xmlNode *n)
{
	xmlChar *s;

	if (strcmp((const char *)n->name, "testcase") == 0)
		proof_count(p, case_verdict(n));

	if ((s = xmlGetNoNsProp(n, (const xmlChar *)"id")) != NULL) {
		p->empty_id |= *s == '\0';
		xmlFree(s);
	}
	s = xmlGetNoNsProp(n, (const xmlChar *)"data-verdict");
	if (s != NULL) {
		proof_count(p, (const char *)s);
		xmlFree(s);
	}
	p->rows += xmlHasProp(n, (const xmlChar *)"data-row") != NULL;
	if (is_verdict(n) && (s = xmlNodeGetContent(n)) != NULL) {
		proof_count(p, (const char *)s);
		xmlFree(s);
	}
}

/* All elements in document order, without recursion. */
static void walk(struct proof *p, xmlDoc *doc)
{
	xmlNode *n = xmlDocGetRootElement(doc);

	while (n != NULL) {
		if (n->type == XML_ELEMENT_NODE)
			look_at(p, n);
		if (n->type == XML_ELEMENT_NODE && n->children != NULL) {
			n = n->children;
			continue;
		}
		while (n != NULL && n->next == NULL) {
			n = n->parent;
			if (n != NULL && n->type != XML_ELEMENT_NODE)
				n = NULL;
		}
		if (n != NULL)
			n = n->next;
	}
}

static int read_markup(struct proof *p, bool html, const char *bytes,
    size_t len, struct err *err)
{
	const int quiet = XML_PARSE_NONET | XML_PARSE_NOERROR |
	    XML_PARSE_NOWARNING;
	xmlDoc *doc;

	if (len > INT32_MAX)
		return err_set(err, ERR_BUG, "it has %zu bytes", len);
	if (html)
		doc = htmlReadMemory(bytes, (int)len, NULL, "UTF-8",
		    HTML_PARSE_NONET | HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
		    HTML_PARSE_NOWARNING);
	else
		doc = xmlReadMemory(bytes, (int)len, NULL, NULL, quiet);
	if (doc == NULL)
		return err_set(err, ERR_BUG, "it is not well-formed");
	walk(p, doc);
	xmlFreeDoc(doc);
	return 0;
}

int proof_store(struct proof *p, struct store *st, int64_t subject,
    struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, st, SQL_RENDER_VERDICTS, BIND(V(subject)));
	while ((rc = query_next(&q, err)) > 0) {
		struct proof one = { .rows = 0 };

		proof_count(&one, query_text(&q, 0));
		for (int i = 0; i < FOLDS; i++)
			p->count[i] += one.count[i] * query_int(&q, 1);
	}
	query_close(&q);
	return rc;
}

int proof_check(struct render *r, const struct output *o, int64_t subject,
    const char *bytes, size_t len, struct err *err)
{
	static const char *const names[FOLDS] = {
		"pass", "fail", "not_applicable", "other"
	};
	struct proof is = { .folds = ~0u }, should = { .rows = 0 };
	int rc;

	if (len == 0 && !o->maybe)
		return err_set(err, ERR_BUG, "it is empty");
	if (strcmp(o->media_type, "application/json") == 0)
		rc = proof_json(&is, o, bytes, len, err);
	else
		rc = read_markup(&is, strcmp(o->media_type, "text/html") == 0,
		    bytes, len, err);
	if (rc < 0 || proof_store(&should, r->store, subject, err) < 0)
		return -1;
	if (is.empty_id)
		return err_set(err, ERR_BUG, "it has an empty id");
	for (int i = 0; i < FOLDS; i++)
		if ((is.folds & 1u << i) != 0 &&
		    is.count[i] != should.count[i])
			return err_set(err, ERR_BUG, "it says %lld times %s, "
			    "the database %lld times", (long long)is.count[i],
			    names[i], (long long)should.count[i]);
	return 0;
}

int proof_part(const struct part *p, bool verdicts, const char *bytes,
    size_t len, struct err *err)
{
	int64_t left = p->total - (p->page - 1) * p->most, said = 0;
	int64_t rows = left < p->most ? left : p->most;
	struct proof is = { .rows = 0 };

	if (read_markup(&is, true, bytes, len, err) < 0)
		return -1;
	if (is.empty_id)
		return err_set(err, ERR_BUG, "it has an empty id");
	for (int i = 0; i < FOLDS; i++)
		said += is.count[i];
	if (is.rows != rows || (verdicts && said != rows))
		return err_set(err, ERR_BUG, "it has %lld rows and %lld "
		    "verdicts, the database %lld", (long long)is.rows,
		    (long long)said, (long long)rows);
	return 0;
}
