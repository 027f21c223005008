/*
 * transform.c - XSLT that may compute, and nothing else.
 *
 * Stylesheets and what they import come from memory (sheets.c) through a
 * loader of our own; document() finds nothing; every file and network access
 * is forbidden on every context, and that it took is checked.
 */
#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <libxslt/documents.h>
#include <libxslt/security.h>
#include <libxslt/transform.h>
#include <libxslt/variables.h>
#include <libxslt/xsltutils.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "muster/err.h"
#include "muster/mem.h"
#include "muster/str.h"
#include "render_priv.h"

#define BASE "muster:///"

struct transform {
	char		*name;
	xsltStylesheet	*sheet;
};

/* What the loader, which libxslt calls without a context of ours, needs. */
static struct {
	const char	*dir;
	struct err	*err;
} loading;

/* The libraries' complaints, kept for the error message. */
static void hear(void *ctx, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static void hear(void *ctx, const char *fmt, ...)
{
	struct str *heard = ctx;
	char line[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	line[strcspn(line, "\n")] = '\0';
	if (heard->len < 300 && line[0] != '\0')
		str_addf(heard, "%s%s", heard->len > 0 ? "; " : "", line);
}

/* libxslt's is the whole program's: only while stylesheets are opened, which
 * one thread does.  Transformations tell their own context. */
static void ignore(void *ctx, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static void ignore(void *ctx, const char *fmt, ...)
{
	(void)ctx;
	(void)fmt;
}

static void listen_to(struct str *heard)
{
	xmlSetGenericErrorFunc(heard, heard != NULL ? hear : NULL);
	xsltSetGenericErrorFunc(heard, heard != NULL ? hear : ignore);
}

/* libxslt compares names by address: imported sheets must share one dict. */
static xmlDoc *parse(const char *text, size_t len, const char *uri,
    xmlDict *dict)
{
	xmlParserCtxt *parser = xmlNewParserCtxt();
	xmlDoc *doc;

	if (parser == NULL)
		return NULL;
	if (dict != NULL) {
		xmlDictFree(parser->dict);
		parser->dict = dict;
		xmlDictReference(dict);
	}
	doc = xmlCtxtReadMemory(parser, text, (int)len, uri, NULL,
	    XML_PARSE_NONET | XML_PARSE_NOCDATA);
	xmlFreeParserCtxt(parser);
	return doc;
}

static xmlDoc *load(const xmlChar *uri, xmlDict *dict, int options, void *ctx,
    xsltLoadType type)
{
	const char *name = (const char *)uri;
	xmlDoc *doc;
	char *text;
	size_t len;

	(void)options;
	(void)ctx;
	if (type != XSLT_LOAD_STYLESHEET || loading.err == NULL ||
	    !str_starts(name, BASE))
		return NULL;
	text = sheets_text(loading.dir, name + strlen(BASE), &len,
	    loading.err);
	if (text == NULL)
		return NULL;
	doc = parse(text, len, name, dict);
	free(text);
	return doc;
}

struct transform *transform_open(const char *dir, const char *sheet,
    struct err *err)
{
	struct transform *t = mem_alloc(sizeof(*t));
	struct str uri = STR_INIT, heard = STR_INIT;
	xmlDoc *doc;

	loading.dir = dir;
	loading.err = err;
	listen_to(&heard);
	xsltSetLoaderFunc(load);
	str_addf(&uri, BASE "%s", sheet);
	doc = load((const xmlChar *)str_text(&uri), NULL, 0, NULL,
	    XSLT_LOAD_STYLESHEET);
	if (doc != NULL)
		t->sheet = xsltParseStylesheetDoc(doc);
	if (doc != NULL && t->sheet == NULL)
		xmlFreeDoc(doc);
	if (t->sheet != NULL && t->sheet->errors > 0) {
		xsltFreeStylesheet(t->sheet);
		t->sheet = NULL;
	}
	if (t->sheet == NULL && err->kind == ERR_NONE)
		err_set(err, dir != NULL ? ERR_USAGE : ERR_BUG,
		    "the stylesheet %s is broken: %s", sheet,
		    heard.len > 0 ? str_text(&heard) : "it is not there");
	listen_to(NULL);
	xsltSetLoaderFunc(NULL);
	loading.err = NULL;
	str_free(&heard);
	str_free(&uri);
	if (t->sheet == NULL) {
		free(t);
		return NULL;
	}
	t->name = mem_dup(sheet);
	return t;
}

void transform_close(struct transform *t)
{
	if (t == NULL)
		return;
	xsltFreeStylesheet(t->sheet);
	free(t->name);
	free(t);
}

/* All five, on this context; 0 when every one of them took. */
static int forbid(xsltSecurityPrefs *sec, xsltTransformContext *ctx)
{
	static const xsltSecurityOption all[] = {
		XSLT_SECPREF_READ_FILE, XSLT_SECPREF_WRITE_FILE,
		XSLT_SECPREF_CREATE_DIRECTORY, XSLT_SECPREF_READ_NETWORK,
		XSLT_SECPREF_WRITE_NETWORK,
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (xsltSetSecurityPrefs(sec, all[i], xsltSecurityForbid) < 0)
			return -1;
	if (xsltSetCtxtSecurityPrefs(sec, ctx) < 0 || ctx->sec != sec)
		return -1;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (xsltGetSecurityPrefs(sec, all[i]) != xsltSecurityForbid)
			return -1;
	return 0;
}

/* The result tree as the stylesheet wants it written; nothing is a result,
 * too: who asked for it knows whether that may be. */
static char *serialize(struct transform *t, xmlDoc *done, size_t *len,
    struct err *err)
{
	xmlChar *bytes = NULL;
	char *copy;
	int n = 0;

	if (xsltSaveResultToString(&bytes, &n, done, t->sheet) < 0 || n < 0) {
		xmlFree(bytes);
		err_set(err, ERR_BUG, "%s made nothing that can be written",
		    t->name);
		return NULL;
	}
	copy = mem_dupn(bytes != NULL ? (const char *)bytes : "", (size_t)n);
	xmlFree(bytes);
	*len = (size_t)n;
	return copy;
}

char *transform_run(struct transform *t, xmlDoc *doc,
    const char *const *params, size_t *len, struct err *err)
{
	xsltSecurityPrefs *sec = xsltNewSecurityPrefs();
	xsltTransformContext *ctx = xsltNewTransformContext(t->sheet, doc);
	struct str heard = STR_INIT;
	xmlDoc *done = NULL;
	char *bytes = NULL;

	xmlSetGenericErrorFunc(&heard, hear);	/* of this thread */
	if (ctx == NULL || sec == NULL || forbid(sec, ctx) < 0 ||
	    function_register(ctx) < 0) {
		err_set(err, ERR_SYSTEM, "cannot lock XSLT in");
		goto out;
	}
	xsltSetTransformErrorFunc(ctx, &heard, hear);
	if (xsltQuoteUserParams(ctx, (const char **)params) < 0) {
		err_set(err, ERR_SYSTEM, "cannot prepare XSLT");
		goto out;
	}
	done = xsltApplyStylesheetUser(t->sheet, doc, NULL, NULL, NULL, ctx);
	if (done == NULL || ctx->state != XSLT_STATE_OK) {
		err_set(err, ERR_BUG, "the stylesheet %s failed: %s", t->name,
		    str_text(&heard));
		goto out;
	}
	bytes = serialize(t, done, len, err);
out:
	xmlSetGenericErrorFunc(NULL, NULL);
	str_free(&heard);
	xmlFreeDoc(done);
	xsltFreeTransformContext(ctx);
	xsltFreeSecurityPrefs(sec);
	return bytes;
}
