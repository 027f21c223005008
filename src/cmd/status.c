/* status.c - "muster status": posture on one screen, what is missing first. */
#include <stdio.h>

#include "muster/assess.h"
#include "muster/command.h"
#include "muster/err.h"
#include "muster/str.h"
#include "say.h"
#include "table.h"

static int gaps(struct ctx *c, struct err *err)
{
	const struct val all = { VAL_NULL, 0, NULL };
	struct query q;
	int rc, n = 0;

	query_open(&q, c->store, SQL_SHOW_GAPS, &all, 1);
	while ((rc = query_next(&q, err)) > 0) {
		const char *name = query_text(&q, 4), *text = query_text(&q, 3);
		struct str line = STR_INIT;

		if (n++ == 0)
			puts("Gaps and contradictions");
		str_addf(&line, "%s: ", query_text(&q, 0));
		if (name[0] != '\0' && !str_contains(text, name))
			str_addf(&line, "%s: ", name);
		str_add(&line, text);
		say_text(str_text(&line), 2);
		str_free(&line);
	}
	query_close(&q);
	if (n > 0)
		putchar('\n');
	return rc;
}

static int subjects(struct ctx *c, struct err *err)
{
	static const char *const verdicts[] = {
		"pass", "fail", "not_applicable", "not_reviewed", "error"
	};
	struct query q;
	int rc, n = 0;

	query_open(&q, c->store, SQL_STATUS_SUBJECTS, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		if (n++ == 0)
			printf("%5s %5s %5s %5s %5s  %s\n", "pass", "fail",
			    "n/a", "open", "error", "subject");
		for (int i = 3; i < 8; i++) {
			say_count(c, query_int(&q, i), verdicts[i - 3]);
			putchar(' ');
		}
		putchar(' ');
		str_safe(stdout, query_text(&q, 2));
		if (query_null(&q, 8) != NULL)
			printf("  (%s)", query_text(&q, 8));
		putchar('\n');
	}
	query_close(&q);
	if (rc == 0 && n == 0)
		puts("Nothing was imported yet: \"muster import FILE...\"");
	return rc;
}

static int issues(struct ctx *c, struct err *err)
{
	struct query q;
	int rc, n = 0;

	query_open(&q, c->store, SQL_STATUS_ISSUES, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		if (n++ == 0)
			printf("\n%5s %5s %5s %5s %5s %5s %5s  %s\n", "vulns",
			    "crit", "high", "med", "low", "fix", "unkn",
			    "image (seen by)");
		printf("%5lld %5lld %5lld %5lld %5lld %5lld %5lld  ",
		    (long long)query_int(&q, 1), (long long)query_int(&q, 2),
		    (long long)query_int(&q, 3), (long long)query_int(&q, 4),
		    (long long)(query_int(&q, 5) + query_int(&q, 6)),
		    (long long)query_int(&q, 8), (long long)query_int(&q, 7));
		str_safe(stdout, query_text(&q, 0));
		fputs(" (", stdout);
		str_safe(stdout, query_text(&q, 9));
		puts(")");
	}
	query_close(&q);
	return rc;
}

/* What ends in 30, 60, 90 days, counted from the assessment. */
static int ending(struct ctx *c, struct err *err)
{
	struct query q;
	int rc, n = 0;

	query_open(&q, c->store, SQL_STATUS_ENDING, BIND(V(90)));
	while ((rc = query_next(&q, err)) > 0) {
		struct str line = STR_INIT;
		int64_t days = query_int(&q, 5);

		if (n++ == 0)
			puts("\nDecisions that end");
		str_addf(&line, "within %d days, on %.10s: %s of %s for %s "
		    "(%.8s)", days < 30 ? 30 : days < 60 ? 60 : 90,
		    query_text(&q, 4), query_text(&q, 1), query_text(&q, 2),
		    query_text(&q, 3), query_text(&q, 0));
		say_text(str_text(&line), 2);
		str_free(&line);
	}
	query_close(&q);
	return rc;
}

static int decisions(struct ctx *c, struct err *err)
{
	struct query q;
	int rc, n = 0;

	query_open(&q, c->store, SQL_STATUS_DECISIONS, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		printf(n++ == 0 ? "\nDecisions: %lld %s" : ", %lld %s",
		    (long long)query_int(&q, 1), query_text(&q, 0));
	}
	query_close(&q);
	if (n > 0)
		putchar('\n');
	return rc < 0 ? -1 : ending(c, err);
}

static int assessed(struct ctx *c, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, c->store, SQL_STATUS_ASSESSMENT, NOBIND);
	if ((rc = query_next(&q, err)) > 0)
		printf("%s, assessed as of %s\n\n", query_text(&q, 1),
		    query_text(&q, 0));
	query_close(&q);
	if (rc == 0)
		puts("Not assessed yet: \"muster assess\"\n");
	return rc < 0 ? -1 : 0;
}

static int run(struct ctx *c, struct err *err)
{
	struct query q;
	long long n;

	if (assess_ready(c->store, err) < 0)
		return -1;
	if (c->json) {
		query_open(&q, c->store, SQL_STATUS_JSON, NOBIND);
		n = table_write(&q, TABLE_JSON, err);
		query_close(&q);
		return n < 0 ? -1 : 0;
	}
	if (assessed(c, err) < 0 || gaps(c, err) < 0 ||
	    subjects(c, err) < 0 || issues(c, err) < 0 ||
	    decisions(c, err) < 0)
		return -1;
	return 0;
}

const struct command cmd_status = {
	.name = "status",
	.operands = "",
	.about = "posture on one screen, what is missing first",
	.least = 0, .most = 0,
	.json = true,
	.mode = STORE_READ,
	.settles = true,
	.run = run,
};
