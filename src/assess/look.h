/*
 * look.h - what the checks of images share: the image's own archive, and
 * what to say where it is not there or not whole.
 */
#ifndef LOOK_H
#define LOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "muster/assess.h"
#include "muster/store.h"
#include "muster/str.h"

/* Columns of SQL_IMG_FACTS and its relatives. */
enum { FACT_KEY, FACT_VALUE, FACT_LOCATOR, FACT_ARTIFACT, FACT_WORKLOAD };

void look_facts(struct query *q, struct assess *as, const char *name);
void look_pods(struct query *q, struct assess *as, const char *name);
struct cite look_cite(const struct query *q);	/* of the row at hand */

/* The image's own archive; target 0: none was imported. */
struct look_self {
	int64_t		target, artifact;
	struct str	locator;
	bool		docker;		/* its format records health checks */
	bool		whole;		/* every layer read, digests matched */
};

int look_self(struct assess *as, struct look_self *self, struct err *err);
void look_self_free(struct look_self *self);
struct cite look_self_cite(const struct look_self *self);

/*
 * For what only the image's own bytes decide.  1: they are there (content:
 * and were read to the end); 0: they are not, and this has said so, unless a
 * failure was proven already; -1.
 */
int look_config(struct assess *as, const struct look_self *self,
    struct err *err);
int look_content(struct assess *as, const struct look_self *self,
    struct err *err);

/* A fact with this key: 1 found (value filled in), 0, -1. */
int look_keyed(struct assess *as, const char *name, const char *key,
    struct str *value, struct err *err);
/* How many facts of a name there are. */
int look_count(struct assess *as, const char *name, int64_t *n,
    struct err *err);

/* Reasons of one kind: this many are told one by one. */
#define LOOK_MOST 25
/* Counts one more; true while it should be told. */
bool look_tell(size_t *n);
int look_more(struct assess *as, enum role role, size_t n, const char *what,
    struct err *err);

/* Where a path ends, links followed: 1 a file was found (path and mode are
 * its), 0 none, -1. */
int look_resolve(struct assess *as, int64_t target, const char *path,
    struct str *found, int64_t *mode, struct err *err);

const char *look_base(const char *path);	/* "/usr/bin/su": "su" */

/* What a scanner reports under a title that matches one of the patterns (in
 * small letters, ended by NULL) is a failure; meaning says which. */
int look_compliance(struct assess *as, const char *const *patterns,
    const char *meaning, struct err *err);

/* What a scanner quotes of the config (facts of this name) and the image's
 * own does not say: a contradiction; the image's own stands. */
int look_against(struct assess *as, const char *name, const char *what,
    struct err *err);

/* The checks themselves. */
#define CHECK(id, kinds, function) \
	int function(struct assess *as, struct err *err);
#include "checks.def"
#undef CHECK

#endif
