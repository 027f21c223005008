/*
 * gate.c - "muster gate": thresholds for a pipeline.
 *
 * A policy file says what has to hold; every condition is a statement that
 * lists what speaks against it, and a limit.  How old a finding may be is the
 * policy's alone: no number of anybody's rules is in the program.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "muster/assess.h"
#include "muster/command.h"
#include "muster/date.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/str.h"
#include "muster/toml.h"
#include "decide.h"
#include "gate.h"
#include "mark.h"

static const char *policy, *junit;

static const struct opt opts[] = {
	{ 'p', "policy", "FILE", "what has to hold (TOML); else: no open CAT "
	    "I, no error, no expired decision", &policy },
	{ 0, "junit", "FILE", "write the conditions as JUnit tests, too",
	    &junit },
	{ 0, NULL, NULL, NULL, NULL }
};

#define SHOWN		20	/* things listed of a condition, as text */
#define DAY		86400

static const char standard[] =
    "max_error = 0\nmax_expired = 0\n[max_open]\ncat1 = 0\n";

/* The conditions.  in: the policy's table; word: the statement's argument. */
static const struct kind {
	const char	*in, *key;
	enum sql	 sql;
	const char	*word;
	enum { COUNT, PERCENT, AGE, LEAST, LIST } how;
	const char	*about;
} kinds[] = {
	{ NULL, "min_pass_percent", SQL_GATE_TOTALS, NULL, PERCENT,
	    "percent of the verdicts that apply pass" },
	{ NULL, "min_scanners", SQL_GATE_SCANNERS, NULL, LEAST,
	    "images have fewer scanners than asked for" },
	{ NULL, "max_error", SQL_GATE_VERDICT, "error", COUNT,
	    "verdicts are errors" },
	{ NULL, "max_not_reviewed", SQL_GATE_VERDICT, "not_reviewed", COUNT,
	    "requirements are not reviewed" },
	{ NULL, "max_gaps", SQL_GATE_GAPS, "gap", COUNT,
	    "gaps in the evidence" },
	{ NULL, "max_contradictions", SQL_GATE_GAPS, "contradiction", COUNT,
	    "contradictions in the evidence" },
	{ NULL, "max_expired", SQL_GATE_EXPIRED, NULL, COUNT,
	    "decisions have expired over something open" },
	{ NULL, "max_unsigned", SQL_GATE_UNSIGNED, NULL, COUNT,
	    "approvals have no good signature" },
	{ NULL, "max_self_approved", SQL_GATE_SELF, NULL, COUNT,
	    "decisions were approved by who proposed them" },
	{ NULL, "max_kev", SQL_GATE_KEV, NULL, COUNT,
	    "findings are known to be exploited and not waived" },
	{ NULL, "must_pass", SQL_GATE_MUST_PASS, NULL, LIST,
	    "of the requirements that have to pass do not" },
	{ "max_open", "cat1", SQL_GATE_OPEN, "high", COUNT,
	    "failures of CAT I are not waived" },
	{ "max_open", "cat2", SQL_GATE_OPEN, "medium", COUNT,
	    "failures of CAT II are not waived" },
	{ "max_open", "cat3", SQL_GATE_OPEN, "low", COUNT,
	    "failures of CAT III are not waived" },
#define GATE_SEVERITY(name, n)						\
	{ "max_findings", name, SQL_GATE_FINDINGS, n, COUNT,		\
	    name " findings are not waived" },				\
	{ "max_age_days", name, SQL_GATE_AGED, n, AGE,			\
	    "fixable " name " findings are too old and not waived" },
	GATE_SEVERITY("critical", "5")
	GATE_SEVERITY("high", "4")
	GATE_SEVERITY("medium", "3")
	GATE_SEVERITY("low", "2")
	GATE_SEVERITY("negligible", "1")
	GATE_SEVERITY("unknown", "0")
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static int bad(const struct node *n, struct err *err, const char *what)
{
	err_set(err, ERR_INPUT, "%s: %s", n->key != NULL ? n->key : "", what);
	return err_at(err, NULL, n->line, -1);
}

static const struct kind *kind_of(const char *in, const char *key)
{
	for (size_t i = 0; i < KINDS; i++)
		if (str_eq(kinds[i].in, in) && str_eq(kinds[i].key, key))
			return &kinds[i];
	return NULL;
}

/* " 2.3 2.18 " of a list of requirements that the benchmark has. */
static int requirements(struct gate *g, const struct node *n,
    struct str *out, struct err *err)
{
	struct query q;
	int rc = 1;

	if (n->kind != NODE_LIST)
		return bad(n, err, "a list of requirements was expected");
	str_addc(out, ' ');
	NODE_EACH(one, n) {
		const char *id = node_text(one);

		query_open(&q, g->ctx->store, SQL_REQ_LIST, BIND(V(id)));
		rc = id != NULL ? query_next(&q, err) : 0;
		query_close(&q);
		if (rc < 0)
			return -1;
		if (rc == 0)
			return bad(n, err, "no requirement has this number");
		str_addf(out, "%s ", id);
	}
	return 0;
}

/* A row of an answer that counts against the gate. */
static void against(struct gate_result *r, const struct query *q,
    const char *more)
{
	struct gate_item *i;

	MEM_ROOM(r->item, r->n, r->cap);
	i = &r->item[r->n++];
	i->subject = mem_dup(query_text(q, 0));
	i->name = mem_dup(query_text(q, 1));
	i->text = mem_alloc(strlen(query_text(q, 2)) + strlen(more) + 1);
	sprintf(i->text, "%s%s", query_text(q, 2), more);
}

/* Days since the oldest of the dates; -1: none can be read. */
static int64_t age(const char *dates, int64_t now)
{
	int64_t oldest = INT64_MAX, at;
	char one[64];

	while (*dates != '\0') {
		size_t n = strcspn(dates, "\n");

		snprintf(one, sizeof(one), "%.*s", (int)(n < 63 ? n : 63),
		    dates);
		if (date_parse(one, &at) && at < oldest)
			oldest = at;
		dates += n + (dates[n] == '\n');
	}
	if (oldest == INT64_MAX)
		return -1;
	return oldest < now ? (now - oldest) / DAY : 0;
}

static void judge_age(struct gate *g, struct gate_result *r,
    const struct query *q)
{
	int64_t days = age(query_text(q, 3), g->now);
	char more[64];

	if (days >= 0 && days <= r->limit)
		return;
	/* what nobody dated may be any age */
	if (days < 0)
		snprintf(more, sizeof(more), ", of an unknown age");
	else
		snprintf(more, sizeof(more), ", first seen %lld days ago",
		    (long long)days);
	against(r, q, more);
}

static int ask(struct gate *g, const struct kind *k, struct gate_result *r,
    const char *word, struct err *err)
{
	struct query q;
	int rc;

	if (k->how == LEAST)
		query_open(&q, g->ctx->store, k->sql, BIND(V(r->limit)));
	else if (word == NULL)
		query_open(&q, g->ctx->store, k->sql, NOBIND);
	else if (k->word != NULL && *word >= '0' && *word <= '9')
		query_open(&q, g->ctx->store, k->sql, BIND(V(atoi(word))));
	else
		query_open(&q, g->ctx->store, k->sql, BIND(V(word)));
	while ((rc = query_next(&q, err)) > 0) {
		if (k->how == AGE)
			judge_age(g, r, &q);
		else if (k->how == PERCENT)
			r->found = query_int(&q, 1) > 0 ? query_int(&q, 0) *
			    100 / query_int(&q, 1) : 0;
		else
			against(r, &q, "");
	}
	query_close(&q);
	if (k->how != PERCENT)
		r->found = (int64_t)r->n;
	r->met = k->how == PERCENT ? r->found >= r->limit :
	    k->how == COUNT ? r->found <= r->limit : r->found == 0;
	return rc;
}

static int condition(struct gate *g, const char *in, const struct node *n,
    struct err *err)
{
	const struct kind *k = kind_of(in, n->key);
	struct str word = STR_INIT;
	struct gate_result *r;
	int rc = 0;

	if (k == NULL)
		return bad(n, err, "no condition has this name");
	MEM_ROOM(g->result, g->n, g->cap);
	r = &g->result[g->n++];
	*r = (struct gate_result){ .about = k->about, .least = k->how ==
	    PERCENT, .plain = k->how == LIST || k->how == LEAST };
	snprintf(r->name, sizeof(r->name), "%s%s%s", in != NULL ? in : "",
	    in != NULL ? "." : "", k->key);
	if (k->how == LIST)
		rc = requirements(g, n, &word, err);
	else if (n->kind != NODE_NUMBER || !node_int(n, &r->limit) ||
	    r->limit < 0)
		rc = bad(n, err, "a whole number was expected");
	if (rc == 0)
		rc = ask(g, k, r, k->how == LIST ? str_text(&word) : k->word,
		    err);
	str_free(&word);
	return rc;
}

static int conditions(struct gate *g, const struct node *root,
    struct err *err)
{
	NODE_EACH(n, root) {
		if (n->kind != NODE_MAP) {
			if (condition(g, NULL, n, err) < 0)
				return -1;
			continue;
		}
		NODE_EACH(one, n)
			if (condition(g, n->key, one, err) < 0)
				return -1;
	}
	return g->n > 0 ? 0 : err_set(err, ERR_INPUT, "the policy has no "
	    "condition");
}

static int judge(struct gate *g, struct err *err)
{
	const char *name = policy != NULL ? policy : "the standard policy";
	char *text = mem_dup(standard);
	size_t len = strlen(standard);
	struct tree *t;
	int rc = -1;

	if (policy != NULL) {
		free(text);
		text = decide_slurp(policy, CAP_POLICY_BYTES, &len, err);
	}
	if (text == NULL)
		return -1;
	if ((t = toml_tree(text, len, name, err)) != NULL)
		rc = conditions(g, tree_root(t), err);
	if (rc < 0 && err->kind == ERR_INPUT)
		err_at(err, name, 0, -1);
	tree_free(t);
	free(text);
	return rc;
}

static void told(const struct gate *g)
{
	size_t missed = 0;

	for (size_t i = 0; i < g->n; i++) {
		const struct gate_result *r = &g->result[i];

		missed += !r->met;
		if (r->met && g->ctx->quiet)
			continue;
		printf("%-7s  %s: %lld %s", r->met ? "met" : "NOT MET",
		    r->name, (long long)r->found, r->about);
		if (!r->plain)
			printf(" (at %s %lld)", r->least ? "least" : "most",
			    (long long)r->limit);
		putchar('\n');
		for (size_t j = 0; !r->met && j < r->n && (j < SHOWN ||
		    g->ctx->verbose); j++) {
			printf("         ");
			str_safe(stdout, r->item[j].name[0] != '\0' ?
			    r->item[j].name : r->item[j].subject);
			printf("%s", r->item[j].subject[0] != '\0' ? ": " :
			    "");
			str_safe(stdout, r->item[j].text);
			putchar('\n');
		}
		if (!r->met && r->n > SHOWN && !g->ctx->verbose)
			printf("         and %zu more (-v lists them)\n",
			    r->n - SHOWN);
	}
	printf("as of %s: %zu of %zu conditions met\n", g->as_of,
	    g->n - missed, g->n);
}

static void told_json(const struct gate *g)
{
	struct str b = STR_INIT;

	for (size_t i = 0; i < g->n; i++) {
		const struct gate_result *r = &g->result[i];

		str_clear(&b);
		str_addf(&b, "{\"condition\":\"%s\",\"met\":%s,\"found\":%lld,"
		    "\"limit\":", r->name, r->met ? "true" : "false",
		    (long long)r->found);
		if (r->plain && !str_eq(r->name, "min_scanners"))
			str_add(&b, "null");
		else
			str_addf(&b, "%lld", (long long)r->limit);
		str_add(&b, ",\"against\":[");
		for (size_t j = 0; j < r->n; j++) {
			str_addf(&b, "%s{\"subject\":", j > 0 ? "," : "");
			str_json(&b, r->item[j].subject);
			str_add(&b, ",\"subject_name\":");
			str_json(&b, r->item[j].name);
			str_add(&b, ",\"text\":");
			str_json(&b, r->item[j].text);
			str_addc(&b, '}');
		}
		str_add(&b, "]}\n");
		fwrite(b.s, 1, b.len, stdout);
	}
	str_free(&b);
}

static int dated(struct gate *g, struct err *err)
{
	int64_t results = 0;
	struct query q;
	int rc;

	query_open(&q, g->ctx->store, SQL_STATUS_ASSESSMENT, NOBIND);
	if ((rc = query_next(&q, err)) > 0)
		snprintf(g->as_of, sizeof(g->as_of), "%s", query_text(&q, 0));
	query_close(&q);
	if (rc == 0)
		return err_set(err, ERR_USAGE, "nothing was assessed since "
		    "the last import: run \"muster assess\" first");
	if (rc > 0 && g->ctx->as_of_given && strcmp(g->as_of, g->ctx->as_of)
	    != 0)
		return err_set(err, ERR_USAGE, "the verdicts are as of %s, "
		    "not %s: run \"muster assess --as-of %s\" first",
		    g->as_of, g->ctx->as_of, g->ctx->as_of);
	if (rc < 0 || !date_parse(g->as_of, &g->now) ||
	    store_int(g->ctx->store, SQL_COUNT_RESULTS, NOBIND, &results,
	    err) < 0)
		return -1;
	return results > 0 ? 0 : err_set(err, ERR_GATE, "there is no verdict "
	    "at all: nothing passes that was not looked at");
}

static void drop(struct gate *g)
{
	for (size_t i = 0; i < g->n; i++) {
		struct gate_result *r = &g->result[i];

		for (size_t j = 0; j < r->n; j++) {
			free(r->item[j].subject);
			free(r->item[j].name);
			free(r->item[j].text);
		}
		free(r->item);
	}
	free(g->result);
}

static int run(struct ctx *c, struct err *err)
{
	struct gate g = { .ctx = c };
	struct str mark = STR_INIT;
	bool met = true;
	int rc = -1;

	if (assess_ready(c->store, err) < 0 || dated(&g, err) < 0)
		return -1;
	rc = judge(&g, err);
	store_rollback(c->store);
	for (size_t i = 0; i < g.n; i++)
		met = met && g.result[i].met;
	if (rc == 0 && junit != NULL &&
	    (rc = mark_text(c->store, &mark, err)) == 0)
		rc = gate_junit(&g, str_text(&mark), junit, err);
	if (rc == 0 && c->json)
		told_json(&g);
	else if (rc == 0)
		told(&g);
	drop(&g);
	str_free(&mark);
	return rc < 0 ? -1 : met ? 0 : err_exit(ERR_GATE);
}

const struct command cmd_gate = {
	.name = "gate",
	.operands = "",
	.about = "thresholds for a pipeline; exit status 3 when one is not "
	    "met",
	.least = 0, .most = 0,
	.writes = &junit,
	.json = true,
	.mode = STORE_READ,
	.settles = true,
	.opts = opts,
	.run = run,
};
