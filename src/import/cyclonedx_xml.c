/*
 * cyclonedx_xml.c - CycloneDX bills of materials and VEX, XML.
 *
 * What an element is follows from its parent.  Until 1.3 vulnerabilities are
 * an extension with a namespace of its own, inside the component they affect
 * (or below the root, with a reference): both are read by the same rows.  A
 * component without a reference is called by its place.
 */
#include <stdlib.h>
#include <string.h>

#include "bom_vuln.h"
#include "ident.h"
#include "muster/cap.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/mem.h"
#include "muster/sink.h"
#include "muster/xml.h"
#include "row.h"

#define DEEPEST	16	/* bom-depth allows no more */
#define BOM_NS	"http://cyclonedx.org/schema/bom/1."
#define VULN_NS	"http://cyclonedx.org/schema/ext/vulnerability/1."

enum place {
	OTHER, OUTSIDE, BOM, METADATA, TOOLS, TOOL, TOOL_PARTS, AUTHORS,
	AUTHOR, SUBJECT, SUBJECT_PARTS, SUBJECT_PART, PROPERTIES, COMPONENTS,
	COMPONENT, VULNS, VULN, SOURCE, REFERENCES, REFERENCE, RATINGS,
	RATING, RATING_SOURCE, ANALYSIS, RESPONSES, AFFECTS, TARGET,
	/* those with text of their own */
	NAME, VERSION, PURL, TIMESTAMP, TOOL_NAME, TOOL_VERSION, AUTHOR_NAME,
	PROPERTY, V_ID, V_SOURCE, V_TITLE, V_UPDATED, V_STATE, V_WHY,
	V_DETAIL, V_RESPONSE, V_REFERENCE, R_SOURCE, R_SEVERITY, AFFECTED
};

static const struct {
	enum place	parent;
	const char	*name;
	enum place	place;
} grammar[] = {
	{ OUTSIDE,	"bom",			BOM },
	{ BOM,		"metadata",		METADATA },
	{ METADATA,	"timestamp",		TIMESTAMP },
	{ METADATA,	"tools",		TOOLS },
	{ TOOLS,	"tool",			TOOL },
	{ TOOLS,	"components",		TOOL_PARTS },
	{ TOOL_PARTS,	"component",		TOOL },
	{ TOOL,		"name",			TOOL_NAME },
	{ TOOL,		"version",		TOOL_VERSION },
	{ METADATA,	"authors",		AUTHORS },
	{ AUTHORS,	"author",		AUTHOR },
	{ AUTHOR,	"name",			AUTHOR_NAME },
	{ METADATA,	"component",		SUBJECT },
	{ SUBJECT,	"name",			NAME },
	{ SUBJECT,	"version",		VERSION },
	{ SUBJECT,	"purl",			PURL },
	{ SUBJECT,	"components",		SUBJECT_PARTS },
	{ SUBJECT_PARTS, "component",		SUBJECT_PART },
	{ SUBJECT,	"properties",		PROPERTIES },
	{ PROPERTIES,	"property",		PROPERTY },
	{ BOM,		"components",		COMPONENTS },
	{ COMPONENTS,	"component",		COMPONENT },
	{ COMPONENT,	"components",		COMPONENTS },
	{ COMPONENT,	"name",			NAME },
	{ COMPONENT,	"version",		VERSION },
	{ COMPONENT,	"purl",			PURL },
	{ COMPONENT,	"vulnerabilities",	VULNS },
	{ BOM,		"vulnerabilities",	VULNS },
	{ VULNS,	"vulnerability",	VULN },
	{ VULN,		"id",			V_ID },
	{ VULN,		"source",		SOURCE },
	{ SOURCE,	"name",			V_SOURCE },
	{ VULN,		"description",		V_TITLE },
	{ VULN,		"updated",		V_UPDATED },
	{ VULN,		"references",		REFERENCES },
	{ REFERENCES,	"reference",		REFERENCE },
	{ REFERENCE,	"id",			V_REFERENCE },
	{ VULN,		"ratings",		RATINGS },
	{ RATINGS,	"rating",		RATING },
	{ RATING,	"source",		RATING_SOURCE },
	{ RATING_SOURCE, "name",		R_SOURCE },
	{ RATING,	"severity",		R_SEVERITY },
	{ VULN,		"analysis",		ANALYSIS },
	{ ANALYSIS,	"state",		V_STATE },
	{ ANALYSIS,	"justification",	V_WHY },
	{ ANALYSIS,	"detail",		V_DETAIL },
	{ ANALYSIS,	"responses",		RESPONSES },
	{ RESPONSES,	"response",		V_RESPONSE },
	{ VULN,		"affects",		AFFECTS },
	{ AFFECTS,	"target",		TARGET },
	{ TARGET,	"ref",			AFFECTED },
};
#define NGRAMMAR (sizeof(grammar) / sizeof(grammar[0]))

enum { C_REF, C_TYPE, C_NAME, C_VERSION, C_PURL, C_PLACE, C_TEXTS };

struct reader {
	struct bom_doc	 doc;
	enum place	 at[XML_DEEPEST + 1];
	struct str	 part[DEEPEST + 1][C_TEXTS];	/* 0: the subject */
	struct str	 vuln[BV_N];
	struct str	 value, from, word, property;
	struct str	 serial, author, tool, tool_version, ns;
	int		 level;		/* components around this place */
	int64_t		 files, parts;
};

static int open_target(struct reader *r, struct err *err)
{
	return ident_open(r->doc.sink, &r->doc.target,
	    row_text(&r->part[0][C_NAME]),
	    "xpath:/bom/metadata[1]/component[1]", err);
}

static void put(struct str *s, const char *text)
{
	str_clear(s);
	if (text != NULL)
		str_add(s, text);
}

static void locate(struct str *out, struct xml *x)
{
	put(out, "xpath:");
	xml_path(x, out);
}

static int start_part(struct reader *r, struct xml *x, struct err *err)
{
	struct str *t;

	if (r->at[xml_depth(x)] == COMPONENT && ++r->level >
	    cap(CAP_BOM_DEPTH))
		return xml_bad(x, err, "components inside components too "
		    "deep: %s", cap_hint(CAP_BOM_DEPTH));
	t = r->part[r->level];
	for (int i = 0; i < C_TEXTS; i++)
		str_clear(&t[i]);
	put(&t[C_TYPE], xml_attr(x, "type"));
	locate(&t[C_PLACE], x);
	put(&t[C_REF], xml_attr(x, "bom-ref"));
	if (t[C_REF].len == 0)
		str_add(&t[C_REF], t[C_PLACE].s);
	return 0;
}

static void start_vuln(struct reader *r, struct xml *x)
{
	for (int i = 0; i < BV_N; i++)
		str_clear(&r->vuln[i]);
	locate(&r->vuln[BV_LOCATOR], x);
	if (r->level > 0)
		bom_vuln_line(&r->vuln[BV_AFFECTS],
		    str_text(&r->part[r->level][C_REF]));
	else
		bom_vuln_line(&r->vuln[BV_AFFECTS], xml_attr(x, "ref"));
}

static int start_bom(struct reader *r, struct xml *x, const char *ns,
    struct err *err)
{
	const char *minor = ns + strlen(BOM_NS);

	if (!str_starts(ns, BOM_NS))
		return xml_bad(x, err, "a bom of the namespace \"%.80s\"; "
		    "expected CycloneDX's", ns);
	if (minor[0] < '0' || minor[0] > '7' || minor[1] != '\0')
		return xml_bad(x, err, "CycloneDX 1.%.20s; expected 1.0 to "
		    "1.7", minor);
	str_add(&r->ns, ns);
	put(&r->serial, xml_attr(x, "serialNumber"));
	r->doc.serial = row_text(&r->serial);
	return 0;
}

static int start(void *ctx, struct xml *x, const char *ns, const char *name,
    struct err *err)
{
	struct reader *r = ctx;
	int d = xml_depth(x);
	enum place parent = d > 1 ? r->at[d - 1] : OUTSIDE, here = OTHER;

	if (parent != OTHER && (d == 1 || str_eq(ns, r->ns.s) ||
	    str_starts(ns, VULN_NS)))
		for (size_t i = 0; i < NGRAMMAR && here == OTHER; i++)
			if (grammar[i].parent == parent &&
			    strcmp(grammar[i].name, name) == 0)
				here = grammar[i].place;
	if (d == 1 && here != BOM)
		return xml_bad(x, err, "the root is %s, expected bom", name);
	r->at[d] = here;
	if (here >= NAME)
		xml_want_text(x);
	switch (here) {
	case BOM:
		return start_bom(r, x, ns, err);
	case SUBJECT:
	case COMPONENT:
		return start_part(r, x, err);
	case SUBJECT_PART:
		r->parts++;
		return 0;
	case PROPERTY:
		put(&r->property, xml_attr(x, "name"));
		return 0;
	case VULN:
		start_vuln(r, x);
		return 0;
	case SOURCE:
		put(&r->vuln[BV_SOURCE], xml_attr(x, "name"));
		return 0;
	case RATING:
		str_clear(&r->from);
		str_clear(&r->word);
		return 0;
	default:
		return 0;
	}
}

/* The text without what surrounds it. */
static void take(struct str *s, const char *text, size_t len)
{
	while (len > 0 && strchr(" \t\r\n", *text) != NULL)
		text++, len--;
	while (len > 0 && strchr(" \t\r\n", text[len - 1]) != NULL)
		len--;
	str_clear(s);
	str_addn(s, text, len);
}

static int end_part(struct reader *r, struct xml *x, struct err *err)
{
	struct str *t = r->part[r->level];
	struct bom_part p = {
		row_text(&t[C_REF]), row_text(&t[C_TYPE]),
		row_text(&t[C_NAME]), row_text(&t[C_VERSION]),
		row_text(&t[C_PURL]), row_text(&t[C_PLACE])
	};
	int n;

	if (open_target(r, err) < 0 || bom_add(&r->doc.index, &p, err) < 0)
		return -1;
	if (r->level == 0) {
		n = bom_subject(r->doc.sink, r->doc.target, &p, err);
		r->doc.identities += n > 0 ? n : 0;
		return n < 0 ? -1 : 0;
	}
	r->level--;
	r->doc.components = true;
	if (str_eq(p.type, "file")) {
		r->files++;
		return 0;
	}
	if (p.name == NULL)
		return xml_bad(x, err, "a component without a name");
	return bom_package(r->doc.sink, r->doc.target, &p, err);
}

static void end_rating(struct reader *r)
{
	if (r->word.len == 0)
		return;
	for (char *s = r->from.s; s != NULL && *s != '\0'; s++)
		if (*s == '\t')
			*s = ' ';
	str_clear(&r->value);
	str_addf(&r->value, "%s\t%s", str_text(&r->from), r->word.s);
	bom_vuln_line(&r->vuln[BV_RATINGS], r->value.s);
}

static int end_vuln(struct reader *r, struct err *err)
{
	if (open_target(r, err) < 0)
		return -1;
	if (r->vuln[BV_AFFECTED].len > 0)
		str_addc(&r->vuln[BV_LOCATOR], '/');
	return bom_vuln(&r->doc, r->vuln, err);
}

/* One of several of a vulnerability. */
static int end_item(struct reader *r, struct xml *x, enum place here,
    struct err *err)
{
	struct str *list = &r->vuln[here == V_REFERENCE ? BV_ALIASES :
	    here == V_RESPONSE ? BV_RESPONSE : BV_AFFECTS];

	if (list->len + r->value.len > (size_t)cap(CAP_HELD_BYTES))
		return xml_bad(x, err, "too many references: %s",
		    cap_hint(CAP_HELD_BYTES));
	if (here == V_REFERENCE && (row_listed(list, str_text(&r->value)) ||
	    str_eq(row_text(&r->vuln[BV_ID]), row_text(&r->value))))
		return 0;
	if (here == AFFECTED)
		put(&r->vuln[BV_AFFECTED], "affects[1]/target");
	if (here == V_RESPONSE) {
		if (list->len > 0)
			str_add(list, ", ");
		str_add(list, str_text(&r->value));
	} else {
		bom_vuln_line(list, str_text(&r->value));
	}
	return 0;
}

/* Where a text is kept whose element stands once. */
static struct str *slot(struct reader *r, enum place here)
{
	struct str *part = r->part[r->level];

	switch (here) {
	case NAME:		return &part[C_NAME];
	case VERSION:		return &part[C_VERSION];
	case PURL:		return &part[C_PURL];
	case V_ID:		return &r->vuln[BV_ID];
	case V_SOURCE:		return &r->vuln[BV_SOURCE];
	case V_TITLE:		return &r->vuln[BV_TITLE];
	case V_UPDATED:		return &r->vuln[BV_UPDATED];
	case V_STATE:		return &r->vuln[BV_STATE];
	case V_WHY:		return &r->vuln[BV_JUSTIFICATION];
	case V_DETAIL:		return &r->vuln[BV_DETAIL];
	case R_SOURCE:		return &r->from;
	case R_SEVERITY:	return &r->word;
	/* of several the first counts */
	case TOOL_NAME:		return r->tool.len == 0 ? &r->tool : NULL;
	case TOOL_VERSION:	return r->tool_version.len == 0 ?
				    &r->tool_version : NULL;
	case AUTHOR_NAME:	return r->author.len == 0 ? &r->author : NULL;
	default:		return NULL;
	}
}

static int on_property(struct reader *r, struct err *err)
{
	int n;

	if (open_target(r, err) < 0 || (n = bom_property(r->doc.sink,
	    r->doc.target, str_text(&r->property), row_text(&r->value),
	    "xpath:/bom/metadata[1]/component[1]/properties[1]", err)) < 0)
		return -1;
	r->doc.identities += n;
	return 0;
}

static int conclude(struct reader *r, struct err *err)
{
	struct sink *s = r->doc.sink;

	if (sink_meta(s, "tool", r->tool.len > 0 ? r->tool.s : "cyclonedx",
	    err) < 0 || sink_meta(s, "tool_version",
	    row_text(&r->tool_version), err) < 0 || open_target(r, err) < 0)
		return -1;
	if (bom_unplaced(s, r->files, "xpath:/bom/components[1]", "components "
	    "of type \"file\" are no packages", err) < 0 || bom_unplaced(s,
	    r->parts, "xpath:/bom/metadata[1]/component[1]/components[1]",
	    "components inside the subject are its parts, not packages it "
	    "holds", err) < 0)
		return -1;
	return bom_vuln_end(&r->doc, "xpath:/bom/metadata[1]/component[1]",
	    row_text(&r->part[0][C_NAME]), err);
}

static int end(void *ctx, struct xml *x, const char *ns, const char *name,
    const char *text, size_t len, struct err *err)
{
	struct reader *r = ctx;
	enum place here = r->at[xml_depth(x)];
	struct str *to = slot(r, here);

	(void)ns, (void)name;
	if (here >= NAME)
		take(to != NULL ? to : &r->value, text, len);
	switch (here) {
	case SUBJECT:
	case COMPONENT:
		return end_part(r, x, err);
	case COMPONENTS:
		return r->level == 0 ? bom_vuln_all(&r->doc, err) : 0;
	case PROPERTY:
		return on_property(r, err);
	case AUTHOR_NAME:
		r->doc.author = row_text(&r->author);
		return 0;
	case TIMESTAMP:
		return sink_meta(r->doc.sink, "produced",
		    row_time(row_text(&r->value)), err);
	case RATING:
		end_rating(r);
		return 0;
	case V_REFERENCE:
	case V_RESPONSE:
	case AFFECTED:
		return end_item(r, x, here, err);
	case VULN:
		return end_vuln(r, err);
	case BOM:
		return conclude(r, err);
	default:
		return 0;
	}
}

static int read_bom(struct input *in, struct sink *sink, struct err *err)
{
	static const struct xml_handler handler = { start, end };
	struct reader *r = mem_alloc(sizeof(*r));
	struct str *rest[] = { &r->value, &r->from, &r->word, &r->property,
	    &r->serial, &r->author, &r->tool, &r->tool_version, &r->ns,
	    &r->doc.held };
	int rc;

	r->doc.sink = sink;
	r->doc.waiting = true;
	rc = xml_read(in, &handler, r, err);
	for (int i = 0; i <= DEEPEST; i++)
		for (int k = 0; k < C_TEXTS; k++)
			str_free(&r->part[i][k]);
	for (int i = 0; i < BV_N; i++)
		str_free(&r->vuln[i]);
	for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++)
		str_free(rest[i]);
	bom_free(&r->doc.index);
	free(r);
	return rc;
}

static int bid(const struct probe *p)
{
	return p->kind == PROBE_XML && str_eq(p->xml_name, "bom") &&
	    str_starts(p->xml_ns, "http://cyclonedx.org/schema/bom/") ?
	    95 : 0;
}

const struct importer importer_cyclonedx_xml = {
	.name = "cyclonedx-xml",
	.about = "packages, vulnerabilities, VEX: CycloneDX 1.0-1.7, XML",
	.version = 1,
	.keep = true,
	.bid = bid,
	.read = read_bom,
};
