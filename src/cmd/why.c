/* why.c - "muster why": one verdict, from the guide's text to the byte. */
#include <stdio.h>
#include <string.h>

#include "muster/assess.h"
#include "muster/command.h"
#include "muster/err.h"
#include "muster/excerpt.h"
#include "muster/str.h"
#include "say.h"
#include "subject.h"
#include "table.h"

/* The command at hand: its excerpts, and the place shown last. */
struct why {
	struct ctx	*ctx;
	struct excerpts	*excerpts;
	int64_t		 artifact, line;
};

static void quote(void *ctx, int64_t n, bool here, const char *text)
{
	(void)ctx;
	printf("      %c %5lld  ", here ? '>' : ' ', (long long)n);
	str_safe(stdout, text);
	putchar('\n');
}

/* The lines a reason was read from, unless the one before it showed them. */
static int excerpt(struct why *w, const struct query *q, struct err *err)
{
	int64_t line;

	if (!excerpt_line(query_text(q, 4), &line) ||
	    (w->artifact == query_int(q, 5) && w->line == line))
		return 0;
	w->artifact = query_int(q, 5);
	w->line = line;
	return excerpt_read(w->excerpts, w->artifact, query_text(q, 4), quote,
	    NULL, err);
}

static int reasons(struct why *w, int64_t result, struct err *err)
{
	struct query q;
	int rc;

	w->artifact = w->line = 0;
	query_open(&q, w->ctx->store, SQL_WHY_REASONS, BIND(V(result)));
	while ((rc = query_next(&q, err)) > 0) {
		struct str line = STR_INIT;

		str_addf(&line, "%s: %s", query_text(&q, 0),
		    query_text(&q, 1));
		say_text(str_text(&line), 4);
		str_free(&line);
		if (query_null(&q, 3) == NULL)
			continue;
		printf("        in ");
		str_safe(stdout, query_text(&q, 2));
		printf(" (sha256 %.12s)", query_text(&q, 3));
		if (query_null(&q, 4) != NULL) {
			printf("\n        at ");
			str_safe(stdout, query_text(&q, 4));
		}
		putchar('\n');
		if (query_null(&q, 4) != NULL &&
		    (rc = excerpt(w, &q, err)) < 0)
			break;
	}
	query_close(&q);
	return rc;
}

static int head(struct ctx *c, const char *id, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, c->store, SQL_WHY_REQUIREMENT, BIND(V(id)));
	if ((rc = query_next(&q, err)) > 0) {
		printf("%s  %s\n\n", id, query_text(&q, 0));
		say_text(query_text(&q, 6), 2);
		printf("\n  %s; NIST SP 800-53 r4 %s; severity %s\n\n",
		    query_text(&q, 3), query_text(&q, 4), query_text(&q, 2));
	}
	query_close(&q);
	if (rc == 0)
		return err_set(err, ERR_USAGE, "there is no requirement "
		    "\"%s\" (\"muster req\" lists them), or nothing was "
		    "assessed yet (\"muster assess\")", id);
	return rc < 0 ? -1 : 0;
}

static int tail(struct ctx *c, const char *id, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, c->store, SQL_WHY_REQUIREMENT, BIND(V(id)));
	if ((rc = query_next(&q, err)) > 0) {
		puts("What would make it pass");
		say_text(query_text(&q, 8), 2);
	}
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

/* The verdicts and their reasons; were they not all a pass? */
static int results(struct ctx *c, struct val subject, bool *failed,
    struct err *err)
{
	struct why w = { .ctx = c, .excerpts = excerpt_open(c->store) };
	struct query q;
	int rc, n = 0;

	query_open(&q, c->store, SQL_WHY_RESULTS,
	    BIND(V(c->argv[0]), subject));
	while ((rc = query_next(&q, err)) > 0) {
		n++;
		printf("  ");
		say_verdict(c, query_text(&q, 3), 0);
		printf("  ");
		str_safe(stdout, query_text(&q, 2));
		if (!str_eq(query_text(&q, 2), query_text(&q, 1))) {
			printf("  ");
			str_safe(stdout, query_text(&q, 1));
		}
		putchar('\n');
		*failed |= !str_eq(query_text(&q, 3), "pass");
		if ((rc = reasons(&w, query_int(&q, 0), err)) < 0)
			break;
		putchar('\n');
	}
	query_close(&q);
	excerpt_close(w.excerpts);
	if (rc == 0 && n == 0)
		puts("  It is decided for no subject here.");
	return rc;
}

static int json(struct ctx *c, struct val subject, struct err *err)
{
	struct query q;
	long long n;

	query_open(&q, c->store, SQL_WHY_JSON, BIND(V(c->argv[0]), subject));
	n = table_write(&q, TABLE_JSON, err);
	query_close(&q);
	return n < 0 ? -1 : 0;
}

static int run(struct ctx *c, struct err *err)
{
	struct val subject = { VAL_NULL, 0, NULL };
	bool failed = false;
	int64_t id;

	if (assess_ready(c->store, err) < 0)
		return -1;
	if (c->argc > 1) {
		if (subject_find(c->store, c->argv[1], &id, err) < 0)
			return -1;
		subject = V(id);
	}
	if (c->json)
		return json(c, subject, err);
	if (head(c, c->argv[0], err) < 0 ||
	    results(c, subject, &failed, err) < 0)
		return -1;
	return failed ? tail(c, c->argv[0], err) : 0;
}

const struct command cmd_why = {
	.name = "why",
	.operands = "REQUIREMENT [SUBJECT]",
	.about = "explain a verdict, from the guide's text down to the byte",
	.least = 1, .most = 2,
	.json = true,
	.mode = STORE_READ,
	.settles = true,
	.run = run,
};
