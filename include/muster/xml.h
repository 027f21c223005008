/*
 * xml.h - the one XML reader for input: elements as they come.
 *
 * Namespaces are resolved; prefixes are not shown.  Never HUGE, never NOENT,
 * no network, no DTD: a DOCTYPE is refused.  Capped: depth, bytes and
 * attributes of one tag, bytes of a comment, text collected at a time.
 * UTF-8, UTF-16 with a byte order mark, ISO-8859 and Windows code pages.
 */
#ifndef MUSTER_XML_H
#define MUSTER_XML_H

#include <stddef.h>
#include <stdint.h>

struct err;
struct input;
struct str;
struct xml;

#define XML_DEEPEST	256	/* no element is: libxml2 allows no more */

struct xml_handler {
	/* ns is "" for none.  Attributes: xml_attr() during start only. */
	int (*start)(void *ctx, struct xml *x, const char *ns,
	    const char *name, struct err *err);
	/* text is the element's own character data since its start, with the
	 * text of children left out; only collected for elements whose start
	 * handler called xml_want_text(), else "". */
	int (*end)(void *ctx, struct xml *x, const char *ns, const char *name,
	    const char *text, size_t len, struct err *err);
};

int xml_read(struct input *in, const struct xml_handler *h, void *ctx,
    struct err *err);

/* The value of an attribute without a namespace; NULL when absent. */
const char *xml_attr(struct xml *x, const char *name);
/* The same in any namespace; the first one. */
const char *xml_attr_any(struct xml *x, const char *name);
void xml_want_text(struct xml *x);
/* The same, with the text of all descendants too (mixed content). */
void xml_want_all_text(struct xml *x);
int xml_depth(const struct xml *x);		/* the root is 1 */
int64_t xml_line(const struct xml *x);
/* "/Benchmark/TestResult[1]/rule-result[7]": local names, and below the root
 * the position among the siblings of that name ("*[9]": among all, where a
 * parent has more kinds of children than are kept apart). */
void xml_path(const struct xml *x, struct str *out);
/* Report a shape error at the current place. */
int xml_bad(struct xml *x, struct err *err, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The root element of a document whose first bytes are given: 1 found (ns
 * and name are filled in, cut to fit), 0 not an XML document as far as seen. */
int xml_root(const char *head, size_t len, char ns[128], char name[64]);

#endif
