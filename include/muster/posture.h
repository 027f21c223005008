/*
 * posture.h - assessments remembered, and what is different between two.
 *
 * posture_record() keeps what the derived tables say now: only what changed
 * since the assessment remembered last is written.  The same evidence, judged
 * at the same instant in the same way, is remembered once.
 *
 * A comparison joins two sides, of one database or of two.  A side is an
 * assessment (of each image repository its newest image then; every workload
 * and platform) or one image alone.
 */
#ifndef MUSTER_POSTURE_H
#define MUSTER_POSTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct store;

/* Inside the transaction of an assessment, at its end. */
int posture_record(struct store *st, struct err *err);
/* Of what was worked out again: which of those remembered is it?  Nothing is
 * remembered. */
int posture_again(struct store *st, struct err *err);

struct posture_side {
	struct store	*store;
	int64_t		 id;		/* the assessment */
	char		 as_of[32];
	int64_t		 subject;	/* alone; 0: all */
};

/* The assessment that the derived tables hold. */
int posture_current(struct store *st, struct posture_side *side,
    struct err *err);
/* The one a user means: its number, or the last one as of a date. */
int posture_find(struct store *st, const char *word,
    struct posture_side *side, struct err *err);
/* The one to compare it with when nobody says: the last one before it that
 * was accepted, else the one before; 0 where there is none. */
int posture_before(const struct posture_side *now, struct posture_side *side,
    struct err *err);

enum posture_change {
	POSTURE_NEW, POSTURE_FIXED, POSTURE_CHANGED, POSTURE_CARRIED,
	POSTURE_VANISHED, POSTURE_CHANGES
};

const char *posture_word(enum posture_change change);

/* A requirement's verdict, or an issue (package is not NULL).  Texts are the
 * comparison's; those that do not apply are "". */
struct posture_row {
	enum posture_change	 change;
	bool			 issue, waived;
	int			 severity;	/* of an issue, 0 to 5 */
	const char		*family;	/* image repository, workload */
	const char		*slug, *name;	/* as it is now, or was */
	const char		*item;		/* 2.3, CVE-... */
	const char		*control, *package, *from, *to;
	const char		*tools;		/* "grype|trivy" */
	const char		*file;		/* that reported it last */
};

struct posture_diff {
	struct posture_side	 a, b;
	struct posture_row	*rows;	/* in order of family, item */
	size_t			 n, cap;
	int64_t			 count[2][POSTURE_CHANGES];	/* [1]: issues */
	char		       **texts;
	size_t			 ntexts, texts_cap;
};

int posture_compare(const struct posture_side *a,
    const struct posture_side *b, struct posture_diff **out,
    struct err *err);
void posture_free(struct posture_diff *d);	/* accepts NULL */

#endif
