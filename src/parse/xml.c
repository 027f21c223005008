/*
 * xml.c - the one XML reader for input, on libxml2's push parser; see xml.h.
 *
 * libxml2 gets bytes that xml_scan.c has measured, never half a tag, and
 * builds no tree: what is kept are the open elements (for paths) and the text
 * a handler asked for.
 */
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "muster/cap.h"
#include "muster/err.h"
#include "muster/input.h"
#include "muster/mem.h"
#include "muster/str.h"
#include "muster/xml.h"
#include "xml_head.h"
#include "xml_scan.h"

#define PIECE	(16 * 1024)	/* handed to libxml2 at a time */
#define KINDS	32		/* names of children counted apart */
#define KEEP	(64 * 1024)	/* a text buffer larger than this is freed */

enum want { WANT_NOTHING, WANT_OWN, WANT_ALL };

/* An open element. */
struct frame {
	const xmlChar	*name;		/* interned: compared by address */
	int64_t		 position;	/* among siblings; < 0: among all */
	int64_t		 children;
	struct {
		const xmlChar	*name;
		int64_t		 n;
	} kinds[KINDS];
	int		 nkinds;
	enum want	 want;
	struct str	 text;
};

struct xml {
	xmlParserCtxt		 *ctxt;
	struct input		 *in;
	const struct xml_handler *h;
	void			 *ctx;
	struct err		 *err;
	bool			  failed;	/* err is set */
	bool			  rooted;	/* an element was seen */

	struct frame	*frames;	/* [1] is the root */
	int		 depth, deepest;
	size_t		 most_text;
	int		 wanting, wanting_all;	/* open frames that want text */
	size_t		 collected;		/* bytes of text in frames */

	const xmlChar	**attrs;	/* during start: libxml2's fives */
	int		 nattrs;
	struct str	 values;	/* unpacked on demand */
	size_t		*value_at;	/* where in values */
	bool		 unpacked;

	struct xml_scan	 scan;
	struct str	 tag;		/* bytes of a tag not complete yet */

	char		 said[256];	/* libxml2's first complaint */
	int64_t		 said_line, said_byte;
};

int xml_depth(const struct xml *x)
{
	return x->depth;
}

int64_t xml_line(const struct xml *x)
{
	return x->ctxt->input != NULL ? x->ctxt->input->line : 0;
}

void xml_path(const struct xml *x, struct str *out)
{
	for (int i = 1; i <= x->depth; i++) {
		const struct frame *f = &x->frames[i];
		const char *name = (const char *)f->name;

		if (i == 1)
			str_addf(out, "/%s", name);
		else if (f->position < 0)
			str_addf(out, "/*[%lld]", (long long)-f->position);
		else
			str_addf(out, "/%s[%lld]", name,
			    (long long)f->position);
	}
}

/* Add to an error of the input where the reader is. */
static int here(struct xml *x, struct err *err, int64_t line, int64_t byte)
{
	struct str path = STR_INIT;

	err_at(err, input_name(x->in), line, byte);
	xml_path(x, &path);
	if (x->depth > 0)
		err_place(err, "%s", str_text(&path));
	str_free(&path);
	return -1;
}

int xml_bad(struct xml *x, struct err *err, const char *fmt, ...)
{
	char	text[512];
	va_list	ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	err_set(err, ERR_INPUT, "%s", text);
	return here(x, err, xml_line(x), xmlByteConsumed(x->ctxt));
}

/* A handler, or one of the caps below, refused the document. */
static void stop(struct xml *x)
{
	x->failed = true;
	if (x->err->kind == ERR_INPUT)
		here(x, x->err, xml_line(x), xmlByteConsumed(x->ctxt));
	xmlStopParser(x->ctxt);
}

/*
 * Attributes.  libxml2 gives (name, prefix, namespace, value, end) with the
 * value inside its own buffer, and "&amp;" as "&#38;" because entities are
 * not replaced; no other reference is left in a value.
 */
static void unpack(struct xml *x)
{
	x->value_at = mem_grow(x->value_at, (size_t)x->nattrs,
	    sizeof(*x->value_at));
	str_clear(&x->values);
	for (int i = 0; i < x->nattrs; i++) {
		const char *p = (const char *)x->attrs[5 * i + 3];
		const char *end = (const char *)x->attrs[5 * i + 4];
		const char *amp;

		x->value_at[i] = x->values.len;
		while ((amp = memmem(p, (size_t)(end - p), "&#38;", 5))) {
			str_addn(&x->values, p, (size_t)(amp - p) + 1);
			p = amp + 5;
		}
		str_addn(&x->values, p, (size_t)(end - p));
		str_addc(&x->values, '\0');
	}
	x->unpacked = true;
}

static const char *attr(struct xml *x, const char *name, bool any)
{
	for (int i = 0; i < x->nattrs; i++) {
		if ((x->attrs[5 * i + 1] != NULL && !any) ||
		    strcmp((const char *)x->attrs[5 * i], name) != 0)
			continue;
		if (!x->unpacked)
			unpack(x);
		return x->values.s + x->value_at[i];
	}
	return NULL;
}

const char *xml_attr(struct xml *x, const char *name)
{
	return attr(x, name, false);
}

const char *xml_attr_any(struct xml *x, const char *name)
{
	return attr(x, name, true);
}

static void want(struct xml *x, enum want what)
{
	struct frame *f = &x->frames[x->depth];

	x->wanting += (what != WANT_NOTHING) - (f->want != WANT_NOTHING);
	x->wanting_all += (what == WANT_ALL) - (f->want == WANT_ALL);
	f->want = what;
}

void xml_want_text(struct xml *x)
{
	want(x, WANT_OWN);
}

void xml_want_all_text(struct xml *x)
{
	want(x, WANT_ALL);
}

/* Which child of its parent is this? */
static int64_t count(struct frame *parent, const xmlChar *name)
{
	int i;

	parent->children++;
	for (i = 0; i < parent->nkinds; i++)
		if (parent->kinds[i].name == name)
			return ++parent->kinds[i].n;
	if (i == KINDS)
		return -parent->children;
	parent->kinds[i].name = name;
	parent->nkinds++;
	return parent->kinds[i].n = 1;
}

static void on_start(void *data, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *ns, int nns, const xmlChar **nss, int nattrs,
    int ndefaulted, const xmlChar **attrs)
{
	struct xml *x = data;
	struct frame *f;
	int	rc;

	(void)prefix, (void)nns, (void)nss, (void)ndefaulted;
	if (x->failed)
		return;
	if (x->depth == x->deepest) {
		cap_err(x->err, CAP_XML_DEPTH, "elements nested too deep");
		stop(x);
		return;
	}
	x->rooted = true;
	f = &x->frames[x->depth + 1];
	f->position = count(&x->frames[x->depth], name);
	f->name = name;
	f->children = 0;
	f->nkinds = 0;
	f->want = WANT_NOTHING;
	x->depth++;
	x->attrs = attrs;
	x->nattrs = nattrs;
	x->unpacked = false;
	rc = x->h->start(x->ctx, x, ns != NULL ? (const char *)ns : "",
	    (const char *)name, x->err);
	x->nattrs = 0;
	if (rc < 0)
		stop(x);
}

static void on_end(void *data, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *ns)
{
	struct xml *x = data;
	struct frame *f = &x->frames[x->depth];

	(void)prefix;
	if (x->failed)
		return;
	if (x->h->end != NULL && x->h->end(x->ctx, x,
	    ns != NULL ? (const char *)ns : "", (const char *)name,
	    str_text(&f->text), f->text.len, x->err) < 0) {
		stop(x);
		return;
	}
	want(x, WANT_NOTHING);
	x->collected -= f->text.len;
	if (f->text.cap > KEEP)
		str_free(&f->text);
	else
		str_clear(&f->text);
	x->depth--;
}

static void on_text(void *data, const xmlChar *text, int len)
{
	struct xml *x = data;

	if (x->wanting == 0 || x->failed)
		return;
	for (int i = x->depth; i > 0; i--) {
		struct frame *f = &x->frames[i];

		if (f->want == WANT_ALL ||
		    (i == x->depth && f->want == WANT_OWN)) {
			x->collected += (size_t)len;
			if (x->collected > x->most_text) {
				cap_err(x->err, CAP_XML_TEXT, "too much text "
				    "in one element");
				stop(x);
				return;
			}
			str_addn(&f->text, text, (size_t)len);
		}
		if (x->wanting_all == 0)
			return;
	}
}

/* The scanner refuses a DOCTYPE first; this is for what it does not see. */
static void on_doctype(void *data, const xmlChar *name, const xmlChar *public,
    const xmlChar *system)
{
	struct xml *x = data;

	(void)name, (void)public, (void)system;
	if (x->failed)
		return;
	err_set(x->err, ERR_INPUT, "a DOCTYPE is not accepted");
	stop(x);
}

/* Keep the first complaint that makes the document unusable.  Also gets what
 * libxml2's converters say, who know no parser. */
static void on_error(void *data, xmlErrorPtr e)
{
	struct xml *x = data;

	if (x->said[0] != '\0' || (e->level != XML_ERR_FATAL &&
	    e->code != XML_NS_ERR_UNDEFINED_NAMESPACE &&
	    e->domain != XML_FROM_I18N))
		return;
	snprintf(x->said, sizeof(x->said), "%s",
	    e->code == XML_ERR_DOCUMENT_EMPTY ? "it does not begin with \"<\"" :
	    e->message != NULL ? e->message : "no reason given");
	x->said[strcspn(x->said, "\r\n")] = '\0';
	x->said_line = xml_line(x);
	x->said_byte = xmlByteConsumed(x->ctxt);
}

static int parse(struct xml *x, const char *p, size_t n, bool last)
{
	int rc = 0;

	if (n > 0 || last)
		rc = xmlParseChunk(x->ctxt, p, (int)n, last);
	if (x->failed)
		return -1;
	if (x->ctxt->wellFormed && x->said[0] == '\0' &&
	    (rc == 0 || !x->ctxt->disableSAX))
		return 0;
	err_set(x->err, ERR_INPUT, "not well-formed XML: %s",
	    x->said[0] != '\0' ? x->said : "it cannot be read on");
	return here(x, x->err, x->said_line, x->said_byte);
}

static int64_t newlines(const char *p, size_t n)
{
	int64_t lines = 0;

	for (const char *end = p + n; (p = memchr(p, '\n',
	    (size_t)(end - p))) != NULL; p++)
		lines++;
	return lines;
}

/* Bytes of the input from "at": tags go on whole, the rest as it comes. */
static int piece(struct xml *x, const char *all, size_t at, size_t n)
{
	const char *p = all + at, *why;
	size_t	closed, whole, bad;
	int	rc = 0;

	why = xml_scan_bytes(&x->scan, p, n, &closed, &whole, &bad);
	if (x->tag.len > 0 && closed > 0) {
		str_addn(&x->tag, p, closed);
		rc = parse(x, x->tag.s, x->tag.len, false);
		str_clear(&x->tag);
	}
	if (rc == 0 && whole > closed)
		rc = parse(x, p + closed, whole - closed, false);
	if (rc < 0)
		return -1;
	if (why != NULL) {
		if (x->scan.over < CAPS)
			cap_err(x->err, x->scan.over, "%s", why);
		else
			err_set(x->err, ERR_INPUT, "%s", why);
		return here(x, x->err,
		    input_line(x->in) + 1 + newlines(all, at + bad),
		    input_offset(x->in) + (int64_t)(at + bad));
	}
	str_addn(&x->tag, p + whole, n - whole);
	return 0;
}

/* No more bytes.  Of a document that was cut off libxml2 says much that is
 * true and little that helps. */
static int read_end(struct xml *x)
{
	static const char *const inside[] = {
		[SCAN_LT] = "a tag", [SCAN_TAG] = "a tag",
		[SCAN_QUOTE] = "a tag", [SCAN_BANG] = "a declaration",
		[SCAN_COMMENT] = "a comment", [SCAN_CDATA] = "a CDATA section",
		[SCAN_PI] = "an instruction",
	};
	const char *what = inside[x->scan.state];

	if (what == NULL && parse(x, NULL, 0, true) == 0)
		return 0;
	if (x->failed || (what == NULL && x->depth == 0 && x->rooted))
		return -1;
	if (what != NULL || x->depth > 0)
		err_set(x->err, ERR_INPUT, "the document ends early, inside %s",
		    what != NULL ? what : "an element");
	else
		err_set(x->err, ERR_INPUT, "not well-formed XML: the document "
		    "has no element");
	return here(x, x->err, input_line(x->in) + 1, input_offset(x->in));
}

static int read_all(struct xml *x)
{
	const char *p;
	size_t	len, all = 0;

	for (;;) {
		if ((p = input_next(x->in, &len, x->err)) == NULL)
			return -1;
		if (len == 0)
			break;
		all += len;
		for (size_t i = 0, n; i < len; i += n) {
			n = len - i < PIECE ? len - i : PIECE;
			if (piece(x, p, i, n) < 0)
				return -1;
		}
	}
	if (all == 0) {
		err_set(x->err, ERR_INPUT,
		    "an empty file, expected an XML document");
		return err_at(x->err, input_name(x->in), 0, -1);
	}
	return read_end(x);
}

/*
 * The encoding is decided here and libxml2 told to ignore the declaration:
 * the scanner must see the markup that libxml2 sees, and UTF-16 that the
 * input has converted still says UTF-16.
 */
static int encoding(struct xml *x)
{
	xmlCharEncodingHandler *conv;
	char	name[64];
	int	rc;

	if ((rc = xml_head_encoding(x->in, name, x->err)) <= 0)
		return rc;
	if ((conv = xmlFindCharEncodingHandler(name)) == NULL) {
		err_set(x->err, ERR_INPUT, "the encoding \"%s\" is not known",
		    name);
		return err_at(x->err, input_name(x->in), 1, 0);
	}
	if (xmlSwitchToEncoding(x->ctxt, conv) < 0)
		return err_set(x->err, ERR_SYSTEM,
		    "libxml2 cannot convert from %s", name);
	return 0;
}

int xml_root(const char *head, size_t len, char ns[128], char name[64])
{
	return xml_head_root(head, len, ns, name);
}

int xml_read(struct input *in, const struct xml_handler *h, void *ctx,
    struct err *err)
{
	xmlSAXHandler sax = {
		.initialized = XML_SAX2_MAGIC,
		.startElementNs = on_start,
		.endElementNs = on_end,
		.characters = on_text,
		.ignorableWhitespace = on_text,
		.cdataBlock = on_text,
		.internalSubset = on_doctype,
		.serror = on_error,
	};
	xmlStructuredErrorFunc before = xmlStructuredError;
	void	*before_ctx = xmlStructuredErrorContext;
	struct xml x = { .in = in, .h = h, .ctx = ctx, .err = err,
	    .deepest = (int)cap(CAP_XML_DEPTH),
	    .most_text = (size_t)cap(CAP_XML_TEXT),
	    .scan.over = CAPS };
	int	rc = -1;

	x.frames = mem_array((size_t)x.deepest + 1, sizeof(*x.frames));
	x.ctxt = xmlCreatePushParserCtxt(&sax, &x, NULL, 0, NULL);
	if (x.ctxt == NULL) {
		err_set(err, ERR_SYSTEM, "libxml2 cannot make a parser");
		goto out;
	}
	xmlSetStructuredErrorFunc(&x, on_error);
	xmlCtxtUseOptions(x.ctxt, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
	if (encoding(&x) == 0)
		rc = read_all(&x);
out:
	xmlSetStructuredErrorFunc(before_ctx, before);
	xmlFreeParserCtxt(x.ctxt);
	for (int i = 0; i <= x.deepest; i++)
		str_free(&x.frames[i].text);
	free(x.frames);
	free(x.value_at);
	str_free(&x.values);
	str_free(&x.tag);
	return rc;
}
