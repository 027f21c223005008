/*
 * ident.h - what scanners write about an image, as identities of a target.
 */
#ifndef IDENT_H
#define IDENT_H

#include <stdbool.h>
#include <stdint.h>

struct err;
struct sink;
struct str;

/*
 * A digest ("sha256:..." or bare hex digits) as an identity of that kind, 1 if
 * it was one; a text that is none is a warning at the locator, and 0.
 */
int ident_digest(struct sink *s, int64_t target, const char *kind,
    const char *text, const char *locator, struct err *err);

/*
 * What a user asked a scanner for: "repo:tag" is a tag, "repo@sha256:..." a
 * repodigest, "repo:tag@sha256:..." both; a path, a name without tag or
 * anything else is none.  A scheme like "docker:" is not part of the name.
 * Returns how many identities it gave.
 */
int ident_reference(struct sink *s, int64_t target, const char *text,
    struct err *err);

/* The image that the whole file is about, opened when it is first needed:
 * *target is 0 until then. */
int ident_open(struct sink *s, int64_t *target, const char *name,
    const char *locator, struct err *err);

/* The report is of a scan of the target for vulnerabilities, found or not. */
int ident_scanned(struct sink *s, int64_t target, const char *locator,
    struct err *err);

/* The repository of a reference, its tag and digest cut off. */
void ident_repository(struct str *out, const char *reference);

#endif
