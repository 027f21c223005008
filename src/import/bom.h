/*
 * bom.h - what readers of bills of materials share: packages, an index of
 * components by their references, vulnerabilities that refer to them.
 *
 * A vulnerability may stand before the components it refers to: the index
 * keeps the few texts a finding needs, in one piece of memory, and refuses a
 * document that needs more than a cap of it (held-bytes).
 */
#ifndef BOM_H
#define BOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "muster/str.h"

struct err;
struct sink;


/* A component, as the file writes it; NULL or "" where it is silent. */
struct bom_part {
	const char	*ref, *type, *name, *version, *purl, *locator;
};

/* Where the texts of a part are in the index. */
struct bom_row {
	uint32_t	 ref, type, name, version, purl, locator;
};

struct bom_index {
	struct str	 text;
	struct bom_row	*rows;
	size_t		 n, cap;
	uint32_t	*by_ref, *by_purl;	/* sorted at the first look-up */
};

int bom_add(struct bom_index *x, const struct bom_part *p, struct err *err);
void bom_part(const struct bom_index *x, size_t i, struct bom_part *p);
/* The part a reference names, by its own or by its purl, and which of them
 * (at may be NULL); false: none. */
bool bom_find(struct bom_index *x, const char *ref, struct bom_part *p,
    size_t *at);
void bom_free(struct bom_index *x);

/* A part as a package; counts it. */
int bom_package(struct sink *s, int64_t target, const struct bom_part *p,
    struct err *err);

/* A package's kind, from its purl, else the word given. */
void bom_type(struct str *out, const char *purl, const char *word);

/* The name a purl gives, as text; false: it is none. */
bool bom_purl_name(const char *purl, struct str *name, struct str *version);

/*
 * What a bill says it is about, as identities of the target: a purl of an
 * image (pkg:oci, pkg:docker), a name that is a reference, a version that is
 * a digest.  Returns how many it gave.
 */
int bom_subject(struct sink *s, int64_t target, const struct bom_part *p,
    struct err *err);

/* Names an image? */
bool bom_is_image(const char *purl);

/* Trivy names the image in properties of the subject: the same return. */
int bom_property(struct sink *s, int64_t target, const char *name,
    const char *value, const char *locator, struct err *err);

/* n records that are no packages, and the warning that says so: "N files are
 * no packages". */
int bom_unplaced(struct sink *s, int64_t n, const char *at, const char *what,
    struct err *err);

#endif
