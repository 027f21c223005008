/*
 * function.c - what stylesheets may ask of us: functions in the namespace
 * urn:muster:functions.
 *
 * None of them sees anything but its argument:
 *	m:json(text)		the text as a JSON string, with its quotes
 *	m:uuid(text)		the UUID (version 5) that this name has
 *	m:control(text)		"CM-7 (1) (b)" as OSCAL's control id: cm-7.1
 *	m:statement(text)	and as its statement id: cm-7.1_smt.b
 *	m:seconds(text)		a date as seconds since 1970
 *	m:tree(variable)	what a variable holds, as nodes
 */
#include <ctype.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <libxslt/extensions.h>
#include <libxslt/extra.h>
#include <string.h>

#include "muster/date.h"
#include "muster/sha.h"
#include "muster/str.h"
#include "render_priv.h"

#define NS "urn:muster:functions"
#define X(s) ((const xmlChar *)(s))

/* The one argument as text; NULL where it is not one. */
static xmlChar *argument(xmlXPathParserContext *ctx, int n)
{
	if (n != 1) {
		xmlXPathSetArityError(ctx);
		return NULL;
	}
	return xmlXPathPopString(ctx);
}

static void answer(xmlXPathParserContext *ctx, const char *text)
{
	valuePush(ctx, xmlXPathNewString(X(text)));
}

static void json(xmlXPathParserContext *ctx, int n)
{
	struct str out = STR_INIT;
	xmlChar *text = argument(ctx, n);

	if (text == NULL)
		return;
	str_json(&out, (const char *)text);
	answer(ctx, str_text(&out));
	str_free(&out);
	xmlFree(text);
}

static void uuid(xmlXPathParserContext *ctx, int n)
{
	xmlChar *text = argument(ctx, n);
	char out[37];

	if (text == NULL)
		return;
	sha_uuid5((const char *)text, out);
	answer(ctx, out);
	xmlFree(text);
}

/* "CM-7 (1) (b)", "CM-7a", "AC-6 (10)": the family and number, numbers in
 * brackets as .N; what is left, letters, belongs to the statement. */
static void split(const char *p, struct str *id, struct str *rest)
{
	while (*p != '\0' && *p != ' ' && *p != '(' &&
	    !(isalpha((unsigned char)*p) && strchr(str_text(id), '-') != NULL))
		str_addc(id, (char)tolower((unsigned char)*p++));
	for (; *p != '\0'; p++) {
		if (isdigit((unsigned char)*p) && rest->len == 0) {
			str_addc(id, '.');
			while (isdigit((unsigned char)p[1]))
				str_addc(id, *p++);
			str_addc(id, *p);
		} else if (isalnum((unsigned char)*p)) {
			str_addf(rest, ".%c", tolower((unsigned char)*p));
		}
	}
}

static void oscal(xmlXPathParserContext *ctx, int n, bool statement)
{
	struct str id = STR_INIT, rest = STR_INIT;
	xmlChar *text = argument(ctx, n);

	if (text == NULL)
		return;
	split((const char *)text, &id, &rest);
	if (statement)
		str_addf(&id, "_smt%s", str_text(&rest));
	answer(ctx, str_text(&id));
	str_free(&id);
	str_free(&rest);
	xmlFree(text);
}

static void control(xmlXPathParserContext *ctx, int n)
{
	oscal(ctx, n, false);
}

static void statement(xmlXPathParserContext *ctx, int n)
{
	oscal(ctx, n, true);
}

static void seconds(xmlXPathParserContext *ctx, int n)
{
	xmlChar *text = argument(ctx, n);
	char digits[24] = "0";
	int64_t t;

	if (text == NULL)
		return;
	if (date_parse((const char *)text, &t))
		snprintf(digits, sizeof(digits), "%lld", (long long)t);
	answer(ctx, digits);
	xmlFree(text);
}

int function_register(xsltTransformContext *ctx)
{
	static const struct {
		const char		*name;
		xmlXPathFunction	 fn;
	} all[] = {
		{ "json", json }, { "uuid", uuid }, { "control", control },
		{ "statement", statement }, { "seconds", seconds },
		{ "tree", xsltFunctionNodeSet },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (xsltRegisterExtFunction(ctx, X(all[i].name), X(NS),
		    all[i].fn) < 0)
			return -1;
	return 0;
}
