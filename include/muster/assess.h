/*
 * assess.h - one requirement becomes one verdict with its reasons.
 *
 * Adding a check is a function, a row in src/assess/checks.def and the rule
 * in xccdf/.  What the requirement says, how severe it is and every threshold
 * belong to the benchmark; the code only knows the number and how to decide.
 *
 * A check states reasons and does not return a verdict; the worst reason
 * decides, in the order of enum role: any ROLE_FAIL is fail, else any
 * ROLE_ERROR is error, else any ROLE_MISSING is not_reviewed, else
 * ROLE_NOT_APPLICABLE, else ROLE_PASS.  Notes and contradictions decide
 * nothing (a contradiction is stated beside the ROLE_FAIL it leads to).  A
 * check that states none of these is our bug: absence of evidence is never a
 * pass, so "nothing found" needs a ROLE_PASS that says what was looked at,
 * and a ROLE_MISSING where that was not everything.
 */
#ifndef MUSTER_ASSESS_H
#define MUSTER_ASSESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct input;
struct store;

enum role {
	ROLE_FAIL, ROLE_ERROR, ROLE_MISSING, ROLE_NOT_APPLICABLE, ROLE_PASS,
	ROLE_CONTRADICTION, ROLE_NOTE
};

/* One subject under one requirement. */
struct assess {
	struct store	*store;
	int64_t		 subject;
	const char	*kind;		/* image workload platform */
	const char	*requirement;	/* "2.1" */
	const char	*as_of;		/* "2026-11-23T00:00:00Z" */
	bool		 bytes_known;	/* an image whose archive was read */
	int64_t		 result;	/* the row reasons belong to */
	unsigned	 roles;		/* bit per role stated so far */
};

/* Where a reason was read: an artifact's id and a locator (0, NULL: none). */
struct cite {
	int64_t		 artifact;
	const char	*locator;
};

#define NO_CITE ((struct cite){ 0, NULL })

/* State a reason.  Text for people: one sentence, no final full stop. */
int assess_say(struct assess *as, enum role role, struct cite cite,
    struct err *err, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
bool assess_said(const struct assess *as, enum role role);

/* The benchmark's Values in force (src/assess/values.c).  Text is borrowed
 * and stays; asking for one that is not in the benchmark is our bug. */
int64_t assess_value_int(struct assess *as, const char *name);
const char *assess_value(struct assess *as, const char *name);
bool assess_value_bool(struct assess *as, const char *name);

struct check {
	const char	*id;		/* "2.1" */
	const char	*kinds;		/* subjects it is decided for */
	int (*decide)(struct assess *as, struct err *err);
};

const struct check *assess_check(size_t i);	/* NULL past the end */

/*
 * For commands.  assess_attach() works out subjects, which evidence speaks
 * about which, what is deployed, what is missing (derived tables subject ..
 * gap); assess_merge() the issues; assess_run() everything including the
 * verdicts, as of an instant, and journals it.  attach and merge run inside
 * the caller's transaction, assess_run() makes its own.
 *
 * Nobody sees derived tables that do not know all evidence.  The transaction
 * that adds evidence settles them (assess_attach) or, where more is to come,
 * empties them (assess_unsettle; nothing where that was done).  Commands that
 * read them begin with assess_ready(): it works out what is to be worked out,
 * up to the verdicts, and leaves a reading transaction open that sees it so.
 * assess_begin() does the same for who writes.
 */
int assess_attach(struct store *st, struct err *err);
int assess_unsettle(struct store *st, struct err *err);
int assess_merge(struct store *st, struct err *err);
int assess_ready(struct store *st, struct err *err);
int assess_begin(struct store *st, struct err *err);
int assess_run(struct store *st, const char *as_of, struct err *err);
/* The same under an XCCDF tailoring file (NULL: none), which is kept as an
 * event.  It is in force for this run only, not for the next. */
int assess_run_tailored(struct store *st, const char *as_of,
    struct input *tailoring, struct err *err);

/* The derived tables once more, in the shadow of a database (derived.h): all,
 * as of an instant and under a tailoring kept as an event ("": none); where
 * as_of is NULL only what follows an import, with the issues or without. */
int assess_again(struct store *shadow, const char *as_of,
    const char *tailoring, bool merge, struct err *err);

/* Of all verdicts and their reasons: what the journal's entry "assess" holds,
 * so that verify finds one that was changed since. */
int assess_digest(struct store *st, char hex[65], struct err *err);

/* The benchmark compiled in (src/assess/benchmark.c): its text, and its
 * rules and values as the derived tables requirement, value, assessment. */
const char *benchmark_text(size_t *len);
int benchmark_load(struct store *st, const char *as_of, struct err *err);

#endif
