/*
 * xml_scan.h - raw markup, seen before libxml2 sees it; see xml_scan.c.
 */
#ifndef MUSTER_XML_SCAN_H
#define MUSTER_XML_SCAN_H

#include <stddef.h>
#include <stdint.h>

#include "muster/cap.h"

struct xml_scan {
	enum {
		SCAN_TEXT, SCAN_LT, SCAN_TAG, SCAN_QUOTE, SCAN_BANG,
		SCAN_COMMENT, SCAN_CDATA, SCAN_PI
	} state;
	char	quote;			/* which one ends SCAN_QUOTE */
	char	bang[8];		/* what followed "<!" so far */
	size_t	nbang;
	char	last[2];		/* of a comment, CDATA, PI */
	size_t	bytes;			/* of this piece of markup */
	int	attributes;		/* "=" outside quotes in this tag */
	enum cap over;			/* what is wrong is this; else CAPS */
};

/*
 * Look at the next bytes.  *whole is where a tag that is not complete yet
 * begins (0 when it began before p; len when none is open), *closed where
 * the one that was open at p ends (0: none was, or not yet).  Returns NULL,
 * or what is wrong with the byte at *bad.
 */
const char *xml_scan_bytes(struct xml_scan *s, const char *p, size_t len,
    size_t *closed, size_t *whole, size_t *bad);

#endif
