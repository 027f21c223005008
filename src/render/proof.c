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

/* Every format tells these apart; what else there is falls together. */
enum fold { FOLD_PASS, FOLD_FAIL, FOLD_NA, FOLD_REST, FOLDS };

struct proof {
	int64_t	count[FOLDS];
	int64_t	rows;			/* of a list */
	bool	empty_id;
};

static void count(struct proof *p, const char *word)
{
	static const struct {
		const char *word;
		enum fold fold;
	} words[] = {
		{ "pass", FOLD_PASS }, { "NotAFinding", FOLD_PASS },
		{ "not_a_finding", FOLD_PASS },
		{ "fail", FOLD_FAIL }, { "Open", FOLD_FAIL },
		{ "open", FOLD_FAIL },
		{ "notapplicable", FOLD_NA }, { "Not_Applicable", FOLD_NA },
		{ "not_applicable", FOLD_NA },
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

static void look_at(struct proof *p, xmlNode *n)
{
	xmlChar *s;

	if ((s = xmlGetNoNsProp(n, (const xmlChar *)"id")) != NULL) {
		p->empty_id |= *s == '\0';
		xmlFree(s);
	}
	s = xmlGetNoNsProp(n, (const xmlChar *)"data-verdict");
	if (s != NULL) {
		count(p, (const char *)s);
		xmlFree(s);
	}
	p->rows += xmlHasProp(n, (const xmlChar *)"data-row") != NULL;
	if (is_verdict(n) && (s = xmlNodeGetContent(n)) != NULL) {
		count(p, (const char *)s);
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

static int read_json(struct proof *p, const char *bytes, size_t len,
    struct err *err)
{
	struct err why = ERR_INIT;
	struct tree *t = tree_json(bytes, len, "output", &why);

	if (t == NULL)
		return err_set(err, ERR_BUG, "it is not JSON: %.200s",
		    why.text);
	NODE_EACH(stig, node_get(tree_root(t), "stigs"))
		NODE_EACH(rule, node_get(stig, "rules")) {
			const char *status = node_text(node_get(rule,
			    "status"));

			p->empty_id |= str_empty(node_text(node_get(rule,
			    "rule_id_src")));
			count(p, status != NULL ? status : "");
		}
	tree_free(t);
	return 0;
}

static int read_store(struct proof *p, struct store *st, int64_t subject,
    struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, st, SQL_RENDER_VERDICTS, BIND(V(subject)));
	while ((rc = query_next(&q, err)) > 0) {
		struct proof one = { .rows = 0 };

		count(&one, query_text(&q, 0));
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
	struct proof is = { .rows = 0 }, should = { .rows = 0 };
	int rc;

	if (strcmp(o->media_type, "application/json") == 0)
		rc = read_json(&is, bytes, len, err);
	else
		rc = read_markup(&is, strcmp(o->media_type, "text/html") == 0,
		    bytes, len, err);
	if (rc < 0 || read_store(&should, r->store, subject, err) < 0)
		return -1;
	if (is.empty_id)
		return err_set(err, ERR_BUG, "it has an empty id");
	for (int i = 0; i < FOLDS; i++)
		if (is.count[i] != should.count[i])
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
