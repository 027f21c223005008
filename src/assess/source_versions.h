/*
 * source_versions.h - what is known of the versions of one repository: by a
 * registry's inventory, by the images in evidence.
 */
#ifndef SOURCE_VERSIONS_H
#define SOURCE_VERSIONS_H

#include "source.h"

struct source_one {
	struct str	 name;		/* for people: tags, or the digest */
	struct str	 tag;		/* the one most like a version */
	struct str	 created, digest;
	int64_t		 subject;	/* the image in evidence; 0: none */
	bool		 held;		/* the registry has it */
	int64_t		 artifact;
	struct str	 locator;
};

/* The newest inventory of the repository, and the files imported with it. */
struct source_inventory {
	bool		 any;
	bool		 part;		/* all of it may be a part */
	int64_t		 when;		/* INT64_MIN: not known */
	struct str	 date, how, file, batch, why_part;
	int64_t		 artifact;
	struct str	 locator;
};

#define SOURCE_VERSIONS 5000	/* of one repository are compared */

struct source_versions {
	struct source_one *one;
	size_t		 n, cap;
	size_t		 left_out;
	struct source_inventory inventory;
	/* The newest by date and by tag: indices, or n. */
	size_t		 by_date, by_tag;
};

int source_versions_load(struct assess *as, const char *repository,
    struct source_versions *v, struct err *err);
void source_versions_free(struct source_versions *v);

/* One that is newer than this, and by what it is; NULL: none is known. */
const struct source_one *source_versions_newer(
    const struct source_versions *v, const struct source_one *one,
    enum source_how *how);
/* Can it be compared with the newest at all? */
bool source_versions_placed(const struct source_versions *v,
    const struct source_one *one);

#endif
