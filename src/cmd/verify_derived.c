/*
 * verify_derived.c - are the derived tables what the journal says, or else
 * what follows from the evidence?
 *
 * The journal has the digest of each as it was worked out.  Where one differs,
 * or the journal cannot know, they are worked out again beside those in the
 * file, and what is different is named row by row.  Another build of muster
 * may work them out otherwise: that is told as a note, and only digests count.
 */
#include <stdio.h>
#include <string.h>

#include "muster/assess.h"
#include "muster/command.h"
#include "muster/derived.h"
#include "muster/err.h"
#include "muster/found.h"
#include "muster/state.h"
#include "muster/str.h"
#include "verify.h"

#define TABLES 64

struct derived_look {
	const struct ctx	*c;
	struct store		*st;
	struct state		 state;
	bool			 all;
	bool			 assessed, merged;	/* what is there */
	char			 is[TABLES][SHA_HEX];	/* digests */
	bool			 bad[TABLES];
	int			 nbad;
};

static int measure(struct derived_look *l, struct err *err)
{
	const struct derived *d;

	for (size_t i = 0; i < TABLES && (d = derived_table(i)) != NULL; i++) {
		if (derived_digest(l->st, d, l->is[i], err) < 0)
			return -1;
		if (l->is[i][0] == '\0')
			continue;
		l->assessed |= str_listed("result heard", d->table);
		l->merged |= d->part == DERIVED_MERGE;
	}
	return 0;
}

/* Does the journal say something of the issues? */
static bool knows_issues(const struct derived_look *l)
{
	char hex[SHA_HEX];

	state_digest(&l->state.detail, "heard", hex);
	return hex[0] != '\0';
}

/* Which tables are not what the journal says they were? */
static void against_journal(struct derived_look *l)
{
	const struct derived *d;

	for (size_t i = 0; i < TABLES && (d = derived_table(i)) != NULL; i++) {
		const bool memory = d->part == DERIVED_MEMORY;
		const struct str *said = memory ? &l->state.memory :
		    &l->state.detail;
		char want[SHA_HEX];

		if (said->len == 0 || (!memory && (l->state.stale ||
		    (d->part == DERIVED_MERGE && !knows_issues(l)))))
			continue;
		state_digest(said, d->table, want);
		l->bad[i] = strcmp(want, l->is[i]) != 0;
		l->nbad += l->bad[i];
	}
}

static void note(void *ctx, const char *text)
{
	struct str *first = ctx;

	if (first->len == 0)
		str_add(first, text);
}

/* Every row that is not what was worked out just now. */
static int compare(struct derived_look *l, struct store *shadow,
    struct found *f, struct err *err)
{
	struct str first = STR_INIT;
	struct found notes = { .tell = note, .ctx = &first };
	const struct derived *d;
	int rc = 0;

	for (size_t i = 0; i < TABLES && rc == 0 &&
	    (d = derived_table(i)) != NULL; i++) {
		struct found *to = l->state.mine ? f : &notes;
		int64_t before = to->n;

		if (d->part == DERIVED_MEMORY)
			continue;
		rc = derived_compare(shadow, d, to, err);
		/* named row by row, which says more than the table's name */
		if (l->state.mine && to->n > before)
			l->bad[i] = false;
	}
	if (notes.n > 0 && !l->c->quiet) {
		fprintf(stderr, "muster: note: %lld rows are not as this muster "
		    "works them out, which another one did (", (long long)
		    notes.n);
		str_safe(stderr, str_text(&first));
		fprintf(stderr, "); \"muster assess\" works them out anew\n");
	}
	str_free(&first);
	return rc;
}

static int again(struct derived_look *l, struct found *f, struct err *err)
{
	struct progress *p = progress_start(l->c, "working it out again");
	struct store *shadow = derived_shadow(l->st, err);
	char tailoring[SHA_HEX];
	struct query q;
	int rc = -1;

	if (shadow == NULL) {
		progress_end(p);
		return err->kind == ERR_NONE ? 0 : -1;
	}
	progress_at(p, 0, 0);
	state_tailoring(&l->state, tailoring);
	query_open(&q, l->st, SQL_STATE_TAILORING, NOBIND);
	if (l->state.detail.len == 0 && query_next(&q, err) > 0)
		snprintf(tailoring, sizeof(tailoring), "%s",
		    query_text(&q, 0));
	query_close(&q);
	if (store_begin_read(shadow, err) == 0 && assess_again(shadow,
	    l->assessed && l->state.as_of[0] != '\0' ? l->state.as_of : NULL,
	    tailoring, l->merged, err) == 0)
		rc = compare(l, shadow, f, err);
	store_close(shadow);
	progress_end(p);
	return rc;
}

/* Is there anything in them at all? */
static bool is_empty(const struct derived_look *l)
{
	const struct derived *d;

	for (size_t i = 0; i < TABLES && (d = derived_table(i)) != NULL; i++)
		if (l->is[i][0] != '\0' && (d->part == DERIVED_SETTLE ||
		    d->part == DERIVED_MERGE || l->assessed))
			return false;
	return true;
}

int verify_derived(const struct ctx *c, struct store *st, bool all,
    struct verified *v, struct found *f, struct err *err)
{
	struct derived_look l = { .c = c, .st = st, .all = all };
	const struct derived *d;
	int64_t before = f->n;
	int rc = -1;

	if (state_last(st, &l.state, err) < 0 || measure(&l, err) < 0)
		goto out;
	against_journal(&l);
	if (l.state.cut && !is_empty(&l))
		found_add(f, "the journal does not say what was worked out "
		    "last: entries are missing at its end");
	/* what evidence that was changed leads to says nothing of the rest */
	rc = is_empty(&l) ? 0 : l.nbad > 0 || (before == 0 && (all ||
	    l.state.stale || (l.merged && !knows_issues(&l)))) ?
	    again(&l, f, err) : 0;
	for (size_t i = 0; i < TABLES && (d = derived_table(i)) != NULL; i++) {
		if (l.bad[i])
			found_add(f, "the table %s is not what was worked out "
			    "on %s", d->table, l.state.at);
		v->derived += l.is[i][0] != '\0';
	}
out:
	state_free(&l.state);
	return rc;
}
