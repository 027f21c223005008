/* steps.c - the whole history of an image, read into steps and commands. */
#include <stdlib.h>
#include <string.h>

#include "muster/err.h"
#include "muster/mem.h"
#include "steps.h"

static int by_number(const void *a, const void *b)
{
	const struct steps_one *x = a, *y = b;

	return x->n != y->n ? (x->n < y->n ? -1 : 1) :
	    x->artifact < y->artifact ? -1 : x->artifact > y->artifact;
}

static void add(struct steps *s, const struct query *q)
{
	struct steps_one one = { .artifact = query_int(q, FACT_ARTIFACT),
	    .word = "step" };

	if (!str_int(query_text(q, FACT_KEY), 0, INT32_MAX, &one.n))
		one.n = INT32_MAX;
	one.text = mem_dup(query_text(q, FACT_VALUE));
	one.locator = mem_dup(query_text(q, FACT_LOCATOR));
	history_step(one.text, &one.step);
	if (one.step.kind == HISTORY_RUN)
		history_split_text(one.step.args, &one.cmds);
	MEM_ROOM(s->one, s->n, s->cap);
	s->one[s->n++] = one;
}

/* The lowest layer is the base's, whoever made it. */
static int mark_first(struct assess *as, struct steps *s, struct err *err)
{
	struct query q;
	int rc;

	look_facts(&q, as, "history.layer");
	while ((rc = query_next(&q, err)) > 0) {
		int64_t n;

		if (query_int(&q, FACT_VALUE) != 0 ||
		    !str_int(query_text(&q, FACT_KEY), 0, INT32_MAX, &n))
			continue;
		for (size_t i = 0; i < s->n; i++)
			if (s->one[i].n == n)
				s->one[i].first = true;
	}
	query_close(&q);
	return rc;
}

int steps_load(struct assess *as, struct steps *steps, struct err *err)
{
	struct query q;
	int rc;

	*steps = (struct steps){ NULL, 0, 0 };
	look_facts(&q, as, "history");
	while ((rc = query_next(&q, err)) > 0)
		add(steps, &q);
	query_close(&q);
	if (steps->n > 0)
		qsort(steps->one, steps->n, sizeof(*steps->one), by_number);
	return rc < 0 ? -1 : mark_first(as, steps, err);
}

/* What begins an image from nothing, and is no base of somebody's. */
static void mark_scratch(struct steps *s)
{
	bool scratch = false;

	for (size_t i = 0; i < s->n; i++) {
		struct steps_one *one = &s->one[i];

		one->word = "Dockerfile line";
		if (str_eq(one->step.name, "FROM"))
			scratch = str_starts(one->step.args, "scratch");
		else if (str_listed("ADD COPY RUN", one->step.name)) {
			one->first = scratch;
			scratch = false;
		}
	}
}

int steps_dockerfile(struct assess *as, struct steps *steps,
    struct err *err)
{
	struct query q;
	int rc;

	*steps = (struct steps){ NULL, 0, 0 };
	query_open(&q, as->store, SQL_IMG_INSTRUCTIONS,
	    BIND(V(as->subject)));
	while ((rc = query_next(&q, err)) > 0)
		add(steps, &q);
	query_close(&q);
	mark_scratch(steps);
	return rc;
}

void steps_free(struct steps *steps)
{
	for (size_t i = 0; i < steps->n; i++) {
		history_step_free(&steps->one[i].step);
		history_cmds_free(&steps->one[i].cmds);
		free(steps->one[i].text);
		free(steps->one[i].locator);
	}
	free(steps->one);
	*steps = (struct steps){ NULL, 0, 0 };
}

struct cite steps_cite(const struct steps_one *s)
{
	return (struct cite){ s->artifact, s->locator };
}

int steps_cover(struct assess *as, const struct look_self *self,
    const struct steps *steps, struct err *err)
{
	int64_t layers = 0, named = 0;
	int rc = look_config(as, self, err);

	if (rc <= 0)
		return rc;
	if (assess_said(as, ROLE_FAIL))
		return 0;
	if (steps->n == 0)
		return assess_say(as, ROLE_MISSING, look_self_cite(self), err,
		    "the config has no history: a Dockerfile bound to this "
		    "image would show its build steps");
	if (store_int(as->store, SQL_IMG_LAYER_COUNT, BIND(V(self->target)),
	    &layers, err) < 0 ||
	    store_int(as->store, SQL_IMG_LAYERS_NAMED,
	    BIND(V(self->target)), &named, err) < 0)
		return -1;
	if (named < layers)
		return assess_say(as, ROLE_MISSING, look_self_cite(self), err,
		    "the history names the steps of %lld of %lld layers: a "
		    "Dockerfile bound to this image would show the others",
		    (long long)named, (long long)layers);
	return 1;
}

bool steps_has(const struct history_cmd *c, size_t first, const char *glob)
{
	for (size_t i = first; i < c->n; i++)
		if (str_glob(glob, c->word[i]))
			return true;
	return false;
}

/* What package managers call refreshing an index, and installing. */
static const struct {
	const char *program, *refresh, *install;
} managers[] = {
	{ "apt-get", "update", "install" },
	{ "apt", "update", "install" },
	{ "aptitude", "update", "install" },
	{ "apk", "update", "add" },
	{ "dnf", "makecache check-update",
	    "install groupinstall localinstall" },
	{ "dnf5", "makecache check-update", "install" },
	{ "yum", "makecache check-update",
	    "install groupinstall localinstall" },
	{ "microdnf", "makecache", "install" },
	{ "tdnf", "makecache", "install" },
	{ "zypper", "refresh ref", "install in" },
	{ "opkg", "update", "install" },
	{ "pip", "", "install" },
	{ "pip3", "", "install" },
	{ "npm", "", "install ci i add" },
	{ "yarn", "", "install add" },
	{ "gem", "", "install" },
	{ "pacman", "", "" },
};

/* The first word behind the program that is no option, a value of -o or the
 * like left aside. */
static const char *verb(const struct history_cmd *c, size_t first)
{
	for (size_t i = first; i < c->n; i++) {
		if (str_listed("-o -c -t --target-release --root --installroot "
		    "--releasever --repo -X --repository -p", c->word[i]))
			i++;
		else if (c->word[i][0] != '-')
			return c->word[i];
	}
	return "";
}

static const char *manages(const struct history_cmd *c, bool refresh)
{
	size_t first;
	const char *prog = history_program(c, &first);
	const char *word = verb(c, first);

	/* pacman spells it in letters: -Sy refreshes, -S name installs. */
	if (str_eq(prog, "pacman"))
		return refresh ? (steps_has(c, first, "-Sy*") &&
		    word[0] == '\0' ? "pacman" : NULL) :
		    steps_has(c, first, "-S*") && word[0] != '\0' ?
		    "pacman" : NULL;
	for (size_t i = 0; i < sizeof(managers) / sizeof(managers[0]); i++)
		if (str_eq(managers[i].program, prog) &&
		    str_listed(refresh ? managers[i].refresh :
		    managers[i].install, word))
			return str_listed("apt apt-get aptitude", prog) ?
			    "apt" : managers[i].program;
	return NULL;
}

const char *steps_refreshes(const struct history_cmd *c)
{
	return manages(c, true);
}

const char *steps_installs(const struct history_cmd *c)
{
	return manages(c, false);
}
