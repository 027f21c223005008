/*
 * dockerfile_stages.c - the stages of a Dockerfile: what each is built on, and
 * which of them the final image holds work of.
 */
#include <stdlib.h>
#include <string.h>

#include "dockerfile_parse.h"
#include "muster/cap.h"
#include "muster/err.h"
#include "muster/mem.h"

/* The stage of a name or a number, before stage n; -1: none. */
static int stage_of(const struct dockerfile *d, const char *word, int n)
{
	int64_t number;

	for (int i = n - 1; i >= 0; i--)
		if (d->stage[i].name != NULL &&
		    str_ieq(d->stage[i].name, word))
			return i;
	return str_int(word, 0, n - 1, &number) ? (int)number : -1;
}

/* "FROM --platform=x base AS name" */
static int from(struct dockerfile *d, const struct dockerfile_op *op,
    const char *name, struct err *err)
{
	char *text = mem_dup(dockerfile_parse_rest(op)), *save;
	char *word = strtok_r(text, " \t", &save);
	char *as = word != NULL ? strtok_r(NULL, " \t", &save) : NULL;
	char *alias = as != NULL ? strtok_r(NULL, " \t", &save) : NULL;
	struct dockerfile_stage *s;
	struct str base = STR_INIT;

	if (word == NULL || (as != NULL && (!str_ieq(as, "as") ||
	    alias == NULL || strtok_r(NULL, " \t", &save) != NULL))) {
		free(text);
		err_set(err, ERR_INPUT, "no Dockerfile: expected \"FROM "
		    "IMAGE\" or \"FROM IMAGE AS NAME\"");
		return err_at(err, name, op->line, -1);
	}
	MEM_ROOM(d->stage, d->nstages, d->stage_cap);
	s = &d->stage[d->nstages++];
	*s = (struct dockerfile_stage){ .line = op->line, .base = -1 };
	dockerfile_expand(d, word, &base, &s->varies);
	s->from = mem_dup(str_text(&base));
	s->name = mem_dup(alias);
	s->base = stage_of(d, s->from, (int)d->nstages - 1);
	/* a number means a stage for COPY only */
	if (s->base >= 0 && (d->stage[s->base].name == NULL ||
	    !str_ieq(d->stage[s->base].name, s->from)))
		s->base = -1;
	str_free(&base);
	free(text);
	return 0;
}

/* --from=x of a COPY, from=x of a RUN's mount: stages it needs. */
static void needs(struct dockerfile *d, const struct dockerfile_op *op)
{
	struct str value = STR_INIT, word = STR_INIT;
	bool varies;
	int i = -1;

	if (str_eq(op->name, "COPY") &&
	    dockerfile_parse_option(op, "--from", &value)) {
		dockerfile_expand(d, str_text(&value), &word, &varies);
		if ((i = stage_of(d, str_text(&word), op->stage)) >= 0)
			d->stage[i].used = true;
	}
	if (str_eq(op->name, "RUN"))
		for (const char *p = op->args; str_starts(p, "--"); ) {
			size_t len = strcspn(p, " \t"), n;
			const char *f = memmem(p, len, "from=", 5);

			if (f != NULL) {
				n = strcspn(f + 5, ", \t");
				str_clear(&word);
				str_addn(&word, f + 5, n);
				i = stage_of(d, str_text(&word), op->stage);
				if (i >= 0)
					d->stage[i].used = true;
			}
			p += len + strspn(p + len, " \t");
		}
	str_free(&value);
	str_free(&word);
}

/* From the final stage down: each needs only stages before it. */
static void mark(struct dockerfile *d)
{
	size_t op = d->n;

	d->stage[d->nstages - 1].used = true;
	for (int i = (int)d->nstages - 1; i >= 0; i--) {
		const struct dockerfile_stage *s = &d->stage[i];

		if (s->used && s->base >= 0)
			d->stage[s->base].used = true;
		for (; op > 0 && d->op[op - 1].stage >= i; op--)
			if (s->used)
				needs(d, &d->op[op - 1]);
	}
}

int dockerfile_stages(struct dockerfile *d, const char *name,
    struct err *err)
{
	for (size_t i = 0; i < d->n; i++) {
		struct dockerfile_op *op = &d->op[i];

		if (str_eq(op->name, "FROM")) {
			if (d->nstages == (size_t)cap(
			    CAP_DOCKERFILE_STAGES)) {
				cap_err(err, CAP_DOCKERFILE_STAGES, "a "
				    "Dockerfile of too many stages");
				return err_at(err, name, op->line, -1);
			}
			if (from(d, op, name, err) < 0)
				return -1;
		} else if (d->nstages == 0 && !str_eq(op->name, "ARG")) {
			err_set(err, ERR_INPUT, "no Dockerfile: %s stands "
			    "before the first FROM", op->name);
			return err_at(err, name, op->line, -1);
		}
		op->stage = (int)d->nstages - 1;
	}
	if (d->nstages == 0) {
		err_set(err, ERR_INPUT, "no Dockerfile: it has no FROM");
		return err_at(err, name, d->n > 0 ? d->op[d->n - 1].line : 1,
		    -1);
	}
	mark(d);
	return 0;
}
