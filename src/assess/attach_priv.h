/* attach_priv.h - what the files that work out subjects share. */
#ifndef ATTACH_PRIV_H
#define ATTACH_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct store;

struct ident {
	char	*kind, *value;
};

/* A target as read from the database; the group it belongs to is the index of
 * the group's first member, or -1. */
struct about {
	int64_t		 id, artifact;
	char		*kind, *key, *name, *batch, *file;
	bool		 bytes;		/* an image archive */
	bool		 apart;		/* a gap says why it fits no image */
	struct ident	*idents;
	size_t		 nidents, cap;
	int64_t		 group;
	const char	*reason;
	bool		 exact;
	int64_t		 subject;	/* of a group's first member */
	char		*place, *who;	/* somebody said which image; or NULL */
	char		*word;		/* the reason that says so */
	const char	*founds;	/* digest of an image known by it alone */
};

struct known {
	const char	*value;		/* a digest */
	size_t		 at;		/* the target that states it */
};

struct attach {
	struct store	*store;
	struct about	*t;
	size_t		 n, cap;
	struct known	*known;		/* sorted by value */
	size_t		 nknown, known_cap;
};

/* Record what is missing ("gap", "mismatch", "contradiction", "note");
 * subject and artifact may be 0. */
int attach_gap(struct store *st, const char *kind, int64_t subject,
    int64_t artifact, struct err *err, const char *fmt, ...)
    __attribute__((format(printf, 6, 7)));

/* What assess_attach() does but for the journal. */
int attach_derive(struct store *st, struct err *err);

/* All targets with their identities, in an order that does not depend on
 * when they were imported (attach_load.c). */
int attach_load(struct attach *at, struct err *err);
void attach_load_free(struct attach *at);
/* A digest that stands for exactly one image (an index's may not)? */
bool attach_load_own(const struct ident *i);
/* The digest inside an identity of any kind, or NULL. */
const char *attach_load_digest(const struct ident *i);
/* The group a target belongs to: the index of its first member. */
size_t attach_load_root(const struct attach *at, size_t i);
bool attach_load_bytes(const struct attach *at, size_t group);

/* Rows of the table subject, from the groups (attach_subject.c). */
int attach_subject_images(struct attach *at, struct err *err);
int attach_subject_workloads(struct attach *at, struct err *err);
const char *attach_subject_key(const struct attach *at, size_t group);

/* What somebody said a file is about (attach_place.c): the images must be
 * known, then their subjects. */
int attach_place(struct attach *at, struct err *err);
int attach_place_differ(struct attach *at, struct err *err);

/* Checklists of the guide; the subjects and their aliases must be known
 * (attach_checklist.c). */
int attach_checklist(struct attach *at, struct err *err);
/* What muster wrote and other files say, too, is detached (attach_echo.c). */
int attach_echo(struct store *st, struct err *err);

/* Which workload runs which image, and the gaps that shows. */
int deploys_find(struct store *st, struct err *err);

#endif
