/* output.c - writing the outputs; see output.h. */
#include <stdio.h>

#include "muster/assess.h"
#include "muster/command.h"
#include "muster/err.h"
#include "muster/render.h"
#include "muster/str.h"
#include "output.h"

static void tick(void *ctx, int64_t done, int64_t all)
{
	progress_at(ctx, done, all);
}

/* The verdicts' own instant: the outputs say nothing else. */
static int assessed(struct ctx *c, char as_of[32], struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, c->store, SQL_STATUS_ASSESSMENT, NOBIND);
	if ((rc = query_next(&q, err)) > 0)
		snprintf(as_of, 32, "%s", query_text(&q, 0));
	query_close(&q);
	if (rc == 0)
		return err_set(err, ERR_USAGE, "nothing was assessed since "
		    "the last import: run \"muster assess\" first");
	return rc < 0 ? -1 : 0;
}

/* Outputs are as of the assessment: say so where people decided since. */
static int unheard(struct ctx *c, struct err *err)
{
	int64_t n = 0;

	if (c->quiet)
		return 0;
	if (store_int(c->store, SQL_DECISION_UNHEARD, NOBIND, &n, err) < 0)
		return -1;
	if (n != 0)
		fputs("muster: decisions were recorded since the last "
		    "assessment and are not in this report: run \"muster "
		    "assess\"\n", stderr);
	return 0;
}

int output_ready(struct ctx *c, char as_of[32], struct err *err)
{
	if (assess_ready(c->store, err) < 0 || assessed(c, as_of, err) < 0)
		return -1;
	return unheard(c, err);
}

int output_write(struct ctx *c, const struct output_opts *o, struct err *err)
{
	char as_of[32];
	struct render r = {
		.store = c->store, .out = o->out, .formats = o->formats,
		.templates = o->templates, .as_of = as_of,
		.force = o->force, .since = o->since, .progress = tick,
	};
	int rc;

	if (o->out == NULL)
		return err_set(err, ERR_USAGE, "-o DIR says where the "
		    "outputs go");
	if (output_ready(c, as_of, err) < 0)
		return -1;
	r.benchmark = benchmark_text(&r.benchmark_len);
	r.progress_ctx = progress_start(c, "writing outputs");
	rc = render_run(&r, err);
	progress_end(r.progress_ctx);
	if (rc == 0 && !c->quiet) {
		fprintf(stderr, "muster: %lld files written below ",
		    (long long)r.files);
		str_safe(stderr, o->out);
		fputc('\n', stderr);
	}
	if (rc == 0 && r.left != 0)
		fprintf(stderr, "muster: %zu of an earlier report's files were "
		    "changed since and are left\n", r.left);
	return rc;
}
