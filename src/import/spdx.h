/*
 * spdx.h - an SPDX document, whichever way it is written.
 *
 * Which package is the subject is said by relationships, often at the end: so
 * packages are kept in an index and sent by spdx_end().
 */
#ifndef SPDX_H
#define SPDX_H

#include <stdbool.h>
#include <stdint.h>

#include "bom.h"

/* Texts of the element being read; empty where it is silent. */
enum spdx_text {
	SPDX_ID, SPDX_NAME, SPDX_VERSION, SPDX_PURPOSE, SPDX_PURL,
	SPDX_LOCATOR, SPDX_TEXTS
};

struct spdx {
	struct sink	*sink;
	struct bom_index index;
	struct str	 text[SPDX_TEXTS];
	struct str	 value;
	struct str	 name, spec;	/* of the document */
	struct str	 tool, tool_version;
	struct str	 described;	/* ids, one a line */
	int64_t		 subjects;	/* how many of these */
	int64_t		 files;
	int64_t		 references;	/* to advisories and fixes */
};

/* The texts are cleared; a package is taken. */
void spdx_start(struct spdx *d);
int spdx_package(struct spdx *d, struct err *err);
/* "Tool: syft-1.2.3": the first counts. */
void spdx_creator(struct spdx *d, const char *text);
/* An external reference of the package. */
void spdx_reference(struct spdx *d, const char *category, const char *type,
    const char *locator);
/* DOCUMENT DESCRIBES PACKAGE, or the other way round; others are nothing. */
void spdx_relation(struct spdx *d, const char *from, const char *type,
    const char *to);
void spdx_describes(struct spdx *d, const char *id);
/* Send it all.  at is the locator of the document, files that of its files. */
int spdx_end(struct spdx *d, const char *at, const char *files,
    struct err *err);
void spdx_free(struct spdx *d);

#endif
