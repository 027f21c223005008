/*
 * ref.h - image references, spelled one way.
 *
 * "debian" is docker.io/library/debian, "debian:12" its tag 12; a reference
 * without tag and digest means "latest", but does not say so (tag is empty).
 * A digest beats a tag.
 */
#ifndef MUSTER_REF_H
#define MUSTER_REF_H

#include <stdbool.h>

struct ref {
	char	repo[512];	/* registry and repository, normalised */
	char	tag[136];	/* "" when there is none */
	char	digest[72];	/* "sha256:..." or "" */
};

/* Read a reference; false when it is none.  A "docker://" or the like before
 * it is dropped. */
bool ref_parse(const char *text, struct ref *r);

/* The same repository and tag (or digest where either has one)? */
bool ref_same_tag(const struct ref *a, const struct ref *b);

#endif
