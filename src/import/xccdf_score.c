/*
 * xccdf_score.c - the score that rule results come to, by XCCDF's default
 * system; see xccdf_priv.h.
 *
 * A scanner's own number is kept as it is; this one is worked out beside it,
 * so that a score which does not follow from the results shows.
 */
#include <stdlib.h>
#include <string.h>

#include "muster/mem.h"
#include "xccdf_priv.h"

/* Results from the one that matters least; what counts scores 0 or 100. */
static const struct { const char *result; signed char score; } ranks[] = {
	{ "", -1 }, { "notselected", -1 }, { "informational", -1 },
	{ "notapplicable", -1 }, { "pass", 100 }, { "fixed", 100 },
	{ "notchecked", -1 }, { "unknown", 0 }, { "error", 0 }, { "fail", 0 },
};
#define NRANKS (sizeof(ranks) / sizeof(ranks[0]))

void xccdf_score_mark(struct xccdf_rules *r, size_t at, const char *result,
    const char *weight)
{
	struct xccdf_kept *rule = &r->rules[at];
	double w;

	for (size_t i = rule->worst + 1u; i < NRANKS; i++)
		if (strcmp(ranks[i].result, result) == 0)
			rule->worst = (unsigned char)i;
	/* as tailored */
	if (!str_empty(weight) && (w = strtod(weight, NULL)) >= 0 && w < 1e9)
		rule->weight = w;
}

bool xccdf_score_of(struct xccdf_rules *r, size_t benchmark, double *score)
{
	struct { double sum, weights; } *all =
	    mem_array(r->ngroups + 1, sizeof(*all));
	bool any = false;

	for (size_t i = 0; i < r->ngroups; i++)
		all[i].sum = all[i].weights = 0;
	for (size_t i = 0; i < r->n; i++) {
		struct xccdf_kept *rule = &r->rules[i];
		int points = (int)ranks[rule->worst].score;

		rule->worst = 0;
		if (points < 0)
			continue;
		all[rule->group].sum += points * rule->weight;
		all[rule->group].weights += rule->weight;
	}
	/* a group comes after the one it is in */
	for (size_t i = r->ngroups; i-- > 0; ) {
		const struct xccdf_group *g = &r->groups[i];

		if (g->parent == XCCDF_NO_GROUP || all[i].weights <= 0)
			continue;
		all[g->parent].sum += all[i].sum / all[i].weights * g->weight;
		all[g->parent].weights += g->weight;
	}
	if (benchmark < r->ngroups && all[benchmark].weights > 0) {
		*score = all[benchmark].sum / all[benchmark].weights;
		any = true;
	}
	free(all);
	return any;
}
