/*
 * xccdf_rules.c - what benchmarks say about their rules, until the results
 * that need it come by; see xccdf_priv.h.
 *
 * Results mostly come in the order of the rules, so the rule after the one
 * last found is tried first; otherwise a sorted index is searched.  It is
 * built once, at the first question: rules that come later are refused.
 */
#include <stdlib.h>
#include <string.h>

#include "muster/cap.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/sink.h"
#include "xccdf_priv.h"

/* What compare() looks into: qsort() has no argument for it. */
static _Thread_local const char *comparing;

struct xccdf_rules *xccdf_rules_new(void)
{
	struct xccdf_rules *r = mem_alloc(sizeof(*r));

	str_addc(&r->text, '\0');
	return r;
}

void xccdf_rules_free(struct xccdf_rules *r)
{
	if (r == NULL)
		return;
	str_free(&r->text);
	free(r->rules);
	free(r->order);
	free(r->groups);
	free(r);
}

static uint32_t keep(struct xccdf_rules *r, const char *text)
{
	size_t at = r->text.len;

	if (str_empty(text))
		return 0;
	str_addn(&r->text, text, strlen(text) + 1);
	return (uint32_t)at;
}

/* A weight as written; 1 where it is left out or none. */
static double weight_of(const char *text)
{
	double w = str_empty(text) ? 1 : strtod(text, NULL);

	return w >= 0 && w < 1e9 ? w : 1;
}

size_t xccdf_rules_group(struct xccdf_rules *r, size_t parent,
    const char *id, const char *weight)
{
	struct xccdf_group *g;

	MEM_ROOM(r->groups, r->ngroups, r->groups_cap);
	g = &r->groups[r->ngroups];
	g->parent = parent;
	g->weight = weight_of(weight);
	g->id = keep(r, id);
	return r->ngroups++;
}

int xccdf_rules_add(struct xccdf_rules *r, int benchmark,
    const struct xccdf_rule *rule, struct err *err)
{
	struct xccdf_kept *to;

	if (r->sorted)
		return 1;
	MEM_ROOM(r->rules, r->n, r->cap);
	to = &r->rules[r->n++];
	to->benchmark = benchmark;
	to->came = r->n - 1;
	to->doubled = false;
	to->id = keep(r, rule->id);
	to->severity = keep(r, rule->severity);
	to->title = keep(r, rule->title);
	to->version = keep(r, rule->version);
	to->idents = keep(r, rule->idents);
	to->check = keep(r, rule->check);
	to->locator = keep(r, rule->locator);
	to->worst = 0;
	to->group = rule->group;
	to->weight = weight_of(rule->weight);
	if (r->text.len + r->n * sizeof(*to) + r->ngroups *
	    sizeof(*r->groups) > (size_t)cap(CAP_HELD_BYTES))
		return cap_err(err, CAP_HELD_BYTES, "the rules of the "
		    "benchmark take too much");
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct xccdf_kept *x = a, *y = b;

	if (x->benchmark != y->benchmark)
		return x->benchmark < y->benchmark ? -1 : 1;
	return strcmp(comparing + x->id, comparing + y->id);
}

static enum severity severity(const struct xccdf_rules *r,
    const struct xccdf_kept *rule)
{
	return severity_of(r->text.s + rule->severity);
}

/* Sort, and of rules of one id keep the most severe. */
static void sort(struct xccdf_rules *r)
{
	size_t n = 0;

	r->sorted = true;
	r->ncame = r->n;
	if (r->n == 0)
		return;
	comparing = r->text.s;
	qsort(r->rules, r->n, sizeof(*r->rules), compare);
	r->order = mem_array(r->n, sizeof(*r->order));
	for (size_t i = 1; i < r->n; i++) {
		struct xccdf_kept *last = &r->rules[n], *here = &r->rules[i];

		if (compare(last, here) != 0) {
			r->rules[++n] = *here;
			continue;
		}
		if (severity(r, here) > severity(r, last))
			*last = *here;
		last->doubled = true;
	}
	r->n = n + 1;
	for (size_t i = 0; i < r->n; i++)
		r->order[r->rules[i].came] = i;
}

/* The first rule that is not before the one asked for. */
static size_t lower(const struct xccdf_rules *r, int benchmark, const char *id)
{
	size_t lo = 0, hi = r->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct xccdf_kept *m = &r->rules[mid];

		if (m->benchmark < benchmark || (m->benchmark == benchmark &&
		    strcmp(r->text.s + m->id, id) < 0))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool is(const struct xccdf_rules *r, const struct xccdf_kept *rule,
    int benchmark, const char *id)
{
	return rule->benchmark == benchmark &&
	    strcmp(r->text.s + rule->id, id) == 0;
}

static void tell(const struct xccdf_rules *r, const struct xccdf_kept *from,
    struct xccdf_rule *out)
{
	const char *s = r->text.s;

	out->id = s + from->id;
	out->severity = s + from->severity;
	out->title = s + from->title;
	out->version = s + from->version;
	out->idents = s + from->idents;
	out->check = s + from->check;
	out->locator = s + from->locator;
	out->weight = NULL;
	out->group = from->group;
}

bool xccdf_rules_find(struct xccdf_rules *r, int benchmark, const char *id,
    struct xccdf_rule *out, bool *doubled)
{
	size_t i;

	*doubled = false;
	if (!r->sorted)
		sort(r);
	if (r->next >= r->ncame ||
	    !is(r, &r->rules[i = r->order[r->next]], benchmark, id))
		i = lower(r, benchmark, id);
	if (i == r->n || !is(r, &r->rules[i], benchmark, id))
		return false;
	r->next = r->rules[i].came + 1;
	*doubled = r->rules[i].doubled;
	tell(r, &r->rules[i], out);
	out->at = i;
	return true;
}

static const char *none(const char *text)
{
	return *text != '\0' ? text : NULL;
}

int64_t xccdf_rules_send(struct xccdf_rules *r, struct sink *sink,
    struct err *err)
{
	for (size_t i = 0; i < r->n; i++) {
		struct xccdf_rule rule;
		struct guidance g = { .kind = "rule" };

		tell(r, &r->rules[i], &rule);
		g.name = rule.id;
		g.group = none(r->text.s + r->groups[rule.group].id);
		g.version = none(rule.version);
		g.severity = none(rule.severity);
		g.title = none(rule.title);
		g.idents = none(rule.idents);
		g.text = none(rule.check);
		g.locator = none(rule.locator);
		sink_count(sink, COUNT_READ, 1);
		if (sink_guidance(sink, &g, err) < 0)
			return -1;
	}
	return (int64_t)r->n;
}
