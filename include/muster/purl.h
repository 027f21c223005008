/*
 * purl.h - package URLs: pkg:type/namespace/name@version?qualifiers#subpath.
 *
 * The parts are percent-decoded and owned by the struct.  Tools write purls
 * that the specification would not (a scope with a plain '@', capitals in a
 * type): what can be told apart is accepted, the type in small letters.
 */
#ifndef MUSTER_PURL_H
#define MUSTER_PURL_H

#include <stdbool.h>

struct str;

struct purl {
	char	*type;		/* "deb" "pypi" "golang" */
	char	*ns;		/* "debian", "org.apache.tomcat", or "" */
	char	*name;
	char	*version;	/* or "" */
	char	*qualifiers;	/* as written: "arch=amd64&epoch=1", or "" */
};

/* false: not a purl, and nothing to free. */
bool purl_parse(const char *text, struct purl *p);
void purl_free(struct purl *p);

/* A qualifier's value, decoded, added to out; false when it is not there. */
bool purl_qualifier(const struct purl *p, const char *key, struct str *out);

/*
 * How a package of a language is called when names are compared, so that two
 * spellings of one are equal: "group:artifact" (maven), "@scope/name" (npm),
 * PEP 503 (pypi), "namespace/name" for the others, all in small letters.  A
 * name of a distribution's package is its name in small letters.
 */
void purl_spell(const struct purl *p, struct str *out);
/* The same for a name without a purl, of a type as a purl has it. */
void purl_spell_name(const char *type, const char *name, struct str *out);

/* A version as scanners agree on it: without epoch and without Go's "v"; a
 * part of the text.  NULL is none. */
const char *purl_version(const char *version);

#endif
