/*
 * bom_vuln.h - a vulnerability of a CycloneDX document, as findings of the
 * components it affects and as statements about them (VEX).
 */
#ifndef BOM_VULN_H
#define BOM_VULN_H

#include "bom.h"

/* The texts of one; the lists are lines. */
enum bom_vuln {
	BV_ID, BV_SOURCE, BV_TITLE, BV_STATE, BV_JUSTIFICATION, BV_DETAIL,
	BV_RESPONSE, BV_UPDATED, BV_LOCATOR, BV_AFFECTED,
	BV_ALIASES,		/* ids of the same */
	BV_RATINGS,		/* "source<TAB>severity" each */
	BV_AFFECTS,		/* references */
	BV_N
};

struct bom_doc {
	struct sink	*sink;
	int64_t		 target;
	struct bom_index index;
	const char	*serial;	/* "urn:uuid:...", or NULL */
	const char	*author;	/* who says it, of statements */
	bool		 components;	/* it has some: no mere VEX */
	bool		 waiting;	/* the components are not read yet */
	struct str	 held;		/* vulnerabilities until then */
	int64_t		 differ, astray;	/* ratings; references */
	int64_t		 identities;	/* of the subject */
};

/* Send it, or hold it until bom_vuln_all(). */
int bom_vuln(struct bom_doc *d, const struct str text[BV_N], struct err *err);
/* The components are known now. */
int bom_vuln_all(struct bom_doc *d, struct err *err);
/* The end of the document: what waits is sent, what is to be said of all of
 * it is said.  The subject's place and name are for the warning that it is no
 * image. */
int bom_vuln_end(struct bom_doc *d, const char *at, const char *subject,
    struct err *err);

/* Add a line to a list without limit: a line break inside is U+2424. */
void bom_vuln_line(struct str *list, const char *text);

#endif
