/* changes.c - what is different between two assessments; see changes.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "changes.h"
#include "mark.h"
#include "muster/command.h"
#include "muster/mem.h"
#include "muster/posture.h"
#include "muster/str.h"

static const char *const severities[] = {
	"unknown", "negligible", "low", "medium", "high", "critical"
};

static const char *severity(const struct posture_row *r)
{
	return r->issue && r->severity >= 0 && r->severity <= 5 ?
	    severities[r->severity] : "";
}

/* A row's cells, in the order of names[]. */
#define CELLS 14
static const char *const names[CELLS] = {
	"change", "kind", "family", "subject", "item", "control", "package",
	"from", "to", "severity", "waived", "scanners", "last_seen_in",
	"marking"
};

static void cells(const struct posture_row *r, const struct mark_list *marks,
    const char *out[CELLS])
{
	const char *all[CELLS] = {
		posture_word(r->change), r->issue ? "issue" : "requirement",
		r->family, r->name, r->item, r->control, r->package, r->from,
		r->to, severity(r), r->waived ? "true" : "false", r->tools,
		r->file, mark_of(marks, r->issue ? "finding" : "requirement",
		    r->item, r->slug)
	};

	memcpy(out, all, sizeof(all));
}

static void json(const struct posture_row *r, const struct mark_list *marks)
{
	const char *cell[CELLS];
	struct str b = STR_INIT;

	cells(r, marks, cell);
	for (int i = 0; i < CELLS; i++) {
		str_addf(&b, "%c\"%s\":", i == 0 ? '{' : ',', names[i]);
		if (str_eq(names[i], "waived"))
			str_add(&b, cell[i]);
		else if (*cell[i] == '\0')
			str_add(&b, "null");
		else
			str_json(&b, cell[i]);
	}
	str_add(&b, "}\n");
	fwrite(b.s, 1, b.len, stdout);
	str_free(&b);
}

static void csv(const struct posture_row *r, const struct mark_list *marks)
{
	const char *cell[CELLS];

	cells(r, marks, cell);
	for (int i = 0; i < CELLS; i++) {
		if (i > 0)
			putchar(',');
		table_csv_cell(cell[i]);
	}
	fputs("\r\n", stdout);
}

/* The colour says nothing that the word does not. */
static void word(const struct ctx *c, enum posture_change change)
{
	static const char *const colors[POSTURE_CHANGES] = {
		"31", "32", "33", "2", "35"
	};

	if (c->color)
		printf("\033[%sm%-8s\033[0m", colors[change],
		    posture_word(change));
	else
		printf("%-8s", posture_word(change));
}

static void line(const struct ctx *c, const struct posture_row *r)
{
	printf("  ");
	word(c, r->change);
	printf("  ");
	if (r->issue) {
		printf("%-10s  ", severity(r));
		str_safe(stdout, r->item);
		printf("  ");
		str_safe(stdout, r->package);
		putchar(' ');
		str_safe(stdout, *r->from != '\0' ? r->from : r->to);
		if (*r->from != '\0' && *r->to != '\0' &&
		    strcmp(r->from, r->to) != 0) {
			printf(" -> ");
			str_safe(stdout, r->to);
		}
	} else
		printf("%-4s  %s -> %s", r->item,
		    *r->from != '\0' ? r->from : "(none)",
		    *r->to != '\0' ? r->to : "(gone)");
	if (r->waived)
		printf("  waived");
	printf("  ");
	str_safe(stdout, r->name);
	if (r->change == POSTURE_VANISHED && *r->file != '\0') {
		printf("  closed, last seen in ");
		str_safe(stdout, r->file);
	}
	putchar('\n');
}

static void sums(const struct posture_diff *d)
{
	static const char *const what[] = { "requirements", "issues" };

	for (int k = 0; k < 2; k++) {
		printf("%-12s", what[k]);
		for (int i = 0; i < POSTURE_CHANGES; i++)
			printf("%s %lld %s", i > 0 ? "," : "",
			    (long long)d->count[k][i],
			    posture_word((enum posture_change)i));
		putchar('\n');
	}
}

static void text(const struct ctx *c, const struct posture_diff *d, bool all)
{
	for (int k = 0; k < 2; k++) {
		bool said = false;

		for (size_t i = 0; i < d->n; i++) {
			const struct posture_row *r = &d->rows[i];

			if (r->issue != (k == 1) ||
			    (!all && r->change == POSTURE_CARRIED))
				continue;
			if (!said)
				puts(k == 0 ? "\nRequirements" :
				    "\nVulnerabilities");
			said = true;
			line(c, r);
		}
	}
}

static void head(const struct posture_diff *d)
{
	printf("From %.10s (assessment %lld) to %.10s (assessment %lld)\n\n",
	    d->a.as_of, (long long)d->a.id, d->b.as_of, (long long)d->b.id);
	sums(d);
}

void changes_rows(const struct ctx *c, const struct posture_diff *d,
    const struct mark_list *marks, enum table_form form, bool all)
{
	if (form == TABLE_TEXT) {
		head(d);
		text(c, d, all);
		return;
	}
	for (int i = 0; form == TABLE_CSV && i < CELLS; i++)
		printf("%s%s", names[i], i + 1 < CELLS ? "," : "\r\n");
	for (size_t i = 0; i < d->n; i++) {
		if (!all && d->rows[i].change == POSTURE_CARRIED)
			continue;
		if (form == TABLE_CSV)
			csv(&d->rows[i], marks);
		else
			json(&d->rows[i], marks);
	}
}

/* Counting by something. */
struct group {
	const char	*name;
	int64_t		 n[POSTURE_CHANGES];
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct group *)a)->name,
	    ((const struct group *)b)->name);
}

enum by { BY_FAMILY, BY_REQUIREMENT, BY_CONTROL };

static const char *key(const struct posture_row *r, enum by by)
{
	switch (by) {
	case BY_FAMILY:
		return r->family;
	case BY_REQUIREMENT:
		return r->issue ? "" : r->item;
	default:
		return r->control;
	}
}

/* Rows of one name become one, in order of their names. */
static size_t fold(struct group *g, size_t n)
{
	size_t out = 0;

	if (n > 0)
		qsort(g, n, sizeof(*g), by_name);
	for (size_t i = 0; i < n; i++) {
		if (out > 0 && strcmp(g[out - 1].name, g[i].name) == 0) {
			for (int k = 0; k < POSTURE_CHANGES; k++)
				g[out - 1].n[k] += g[i].n[k];
		} else {
			g[out++] = g[i];
		}
	}
	return out;
}

static void print_groups(const char *title, struct group *g, size_t n)
{
	n = fold(g, n);
	if (n == 0)
		return;
	printf("\n%6s %6s %7s %7s %8s  %s\n", "new", "fixed", "changed",
	    "carried", "vanished", title);
	for (size_t i = 0; i < n; i++) {
		printf("%6lld %6lld %7lld %7lld %8lld  ",
		    (long long)g[i].n[0], (long long)g[i].n[1],
		    (long long)g[i].n[2], (long long)g[i].n[3],
		    (long long)g[i].n[4]);
		str_safe(stdout, g[i].name);
		putchar('\n');
	}
}

static void groups(const struct posture_diff *d, enum by by,
    const char *title)
{
	struct group *g = mem_alloc((d->n + 1) * sizeof(*g));
	size_t n = 0;

	for (size_t i = 0; i < d->n; i++) {
		const char *name = key(&d->rows[i], by);

		if (*name == '\0')
			continue;
		g[n].name = name;
		g[n++].n[d->rows[i].change] = 1;
	}
	print_groups(title, g, n);
	free(g);
}

/* The scanner's row, made where it has none; there are few scanners. */
static struct group *scanner(struct group **g, size_t *n, size_t *cap,
    const char *name, size_t len)
{
	for (size_t i = 0; i < *n; i++)
		if (strncmp((*g)[i].name, name, len) == 0 &&
		    (*g)[i].name[len] == '\0')
			return &(*g)[i];
	MEM_ROOM(*g, *n, *cap);
	(*g)[*n] = (struct group){ .name = mem_dupn(name, len) };
	return &(*g)[(*n)++];
}

/* An issue counts for each scanner that reports it. */
static void scanners(const struct posture_diff *d)
{
	struct group *g = NULL;
	size_t n = 0, cap = 0;

	for (size_t i = 0; i < d->n; i++)
		for (const char *p = d->rows[i].tools; *p != '\0'; ) {
			size_t len = strcspn(p, "|");

			scanner(&g, &n, &cap, p, len)->n[d->rows[i].change]++;
			p += len + (p[len] == '|');
		}
	print_groups("scanner", g, n);
	for (size_t i = 0; i < n; i++)
		free((char *)g[i].name);
	free(g);
}

void changes_report(const struct ctx *c, const struct posture_diff *d,
    const char *mark)
{
	if (*mark != '\0')
		printf("%s\n\n", mark);
	head(d);
	groups(d, BY_FAMILY, "image family or workload");
	groups(d, BY_REQUIREMENT, "requirement");
	groups(d, BY_CONTROL, "control");
	scanners(d);
	text(c, d, false);
	if (*mark != '\0')
		printf("\n%s\n", mark);
}
