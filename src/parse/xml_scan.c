/*
 * xml_scan.c - where markup begins and ends, and how much of it there is.
 *
 * libxml2 compares every attribute of a tag with every other: 100,000 of
 * them cost it a minute, and no option limits that.  So the raw bytes of a
 * tag are measured here before libxml2 gets them, and a tag is handed over
 * only when it is complete.  This is no parser: it knows just enough of XML
 * to tell a tag from text, comments, CDATA and instructions, in any encoding
 * whose "<", ">" and quotes are those of ASCII (see xml.c).
 */
#include <stdbool.h>
#include <string.h>

#include "muster/xml.h"
#include "xml_scan.h"

/* Inside markup that libxml2 is to get in one piece? */
static bool is_open(const struct xml_scan *s)
{
	return s->state == SCAN_LT || s->state == SCAN_BANG ||
	    s->state == SCAN_TAG || s->state == SCAN_QUOTE;
}

static void markup(struct xml_scan *s, int state)
{
	s->state = state;
	s->last[0] = s->last[1] = '\0';
}

/* The byte after "<" decides what it is. */
static void after_lt(struct xml_scan *s, char c)
{
	s->nbang = 0;
	s->attributes = 0;
	markup(s, c == '!' ? SCAN_BANG : c == '?' ? SCAN_PI :
	    c == '>' ? SCAN_TEXT : SCAN_TAG);
}

/* Bytes after "<!": a comment, CDATA or what is refused. */
static const char *after_bang(struct xml_scan *s, char c)
{
	static const char cdata[] = "[CDATA[";

	if (s->nbang == 0 && c == 'D')
		return "a DOCTYPE is not accepted";
	s->bang[s->nbang++] = c;
	if (s->nbang == 2 && memcmp(s->bang, "--", 2) == 0)
		markup(s, SCAN_COMMENT);
	else if (s->nbang == 7 && memcmp(s->bang, cdata, 7) == 0)
		markup(s, SCAN_CDATA);
	else if (memcmp(s->bang, "--", s->nbang < 2 ? s->nbang : 2) != 0 &&
	    memcmp(s->bang, cdata, s->nbang) != 0)
		markup(s, c == '>' ? SCAN_TEXT : SCAN_TAG);
	return NULL;
}

/* Bytes inside a tag, up to a quote or its end. */
static const char *in_tag(struct xml_scan *s, const char *p, size_t n,
    size_t *used)
{
	const int most = (int)cap(CAP_XML_ATTRIBUTES);

	for (size_t i = 0; i < n; i++) {
		if (p[i] == '=' && ++s->attributes > most) {
			*used = i;
			s->over = CAP_XML_ATTRIBUTES;
			return "a tag of too many attributes";
		}
		if (p[i] == '"' || p[i] == '\'') {
			s->quote = p[i];
			s->state = SCAN_QUOTE;
		} else if (p[i] == '>') {
			s->state = SCAN_TEXT;
		} else {
			continue;
		}
		*used = i + 1;
		return NULL;
	}
	*used = n;
	return NULL;
}

/* Bytes of a comment, CDATA or PI, up to the ">" that may end it. */
static size_t in_quiet(struct xml_scan *s, const char *p, size_t n)
{
	const char *gt = memchr(p, '>', n);
	size_t	used = gt != NULL ? (size_t)(gt - p) : n;
	char	c = s->state == SCAN_COMMENT ? '-' : ']';

	if (used >= 2)
		memcpy(s->last, p + used - 2, 2);
	else if (used == 1)
		s->last[0] = s->last[1], s->last[1] = p[0];
	if (gt == NULL)
		return n;
	if (s->state == SCAN_PI ? s->last[1] == '?' :
	    s->last[0] == c && s->last[1] == c) {
		s->state = SCAN_TEXT;
		return used + 1;
	}
	s->last[0] = s->last[1];
	s->last[1] = '>';
	return used + 1;
}

/* One run of bytes of the same kind; *used says how many. */
static const char *run(struct xml_scan *s, const char *p, size_t n,
    size_t *used)
{
	const char *q;

	*used = 1;
	switch (s->state) {
	case SCAN_TEXT:
		q = memchr(p, '<', n);
		*used = q != NULL ? (size_t)(q - p) : n;
		break;
	case SCAN_LT:
		after_lt(s, *p);
		break;
	case SCAN_BANG:
		return after_bang(s, *p);
	case SCAN_TAG:
		return in_tag(s, p, n, used);
	case SCAN_QUOTE:
		if ((q = memchr(p, s->quote, n)) != NULL)
			s->state = SCAN_TAG;
		*used = q != NULL ? (size_t)(q - p) + 1 : n;
		break;
	case SCAN_COMMENT:
	case SCAN_CDATA:
	case SCAN_PI:
		*used = in_quiet(s, p, n);
		break;
	}
	return NULL;
}

/* libxml2 looks for the end of these before it does anything with them, and
 * gives up after 10 MB with words that help nobody. */
static const char *too_long(struct xml_scan *s, bool tag)
{
	s->over = tag ? CAP_XML_TAG : CAP_XML_QUIET;
	if (s->bytes > (size_t)cap(s->over))
		return tag ? "a tag that is too long" : "a comment, CDATA "
		    "section or instruction that is too long";
	s->over = CAPS;
	return NULL;
}

const char *xml_scan_bytes(struct xml_scan *s, const char *p, size_t len,
    size_t *closed, size_t *whole, size_t *bad)
{
	const char *why = NULL;
	size_t	i = 0, start = 0, used;
	bool	carried = is_open(s);

	*closed = 0;
	while (i < len && why == NULL) {
		bool tag = is_open(s), text = s->state == SCAN_TEXT;

		if (text && p[i] == '<') {
			start = i++;
			s->bytes = 1;
			s->state = SCAN_LT;
			continue;
		}
		if ((why = run(s, p + i, len - i, &used)) != NULL)
			break;
		i += used;
		s->bytes += used;
		if (carried && !is_open(s)) {
			carried = false;
			*closed = i;
		}
		if (!text)
			why = too_long(s, tag);
	}
	*whole = !is_open(s) ? len : carried ? 0 : start;
	*bad = i;
	return why;
}
