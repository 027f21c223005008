/*
 * ckl.c - checklists of STIG Viewer 2, STIG Manager and eMASS, XML.
 *
 * What an element is follows from its parent; all of a cell is known at the
 * end of its VULN, and readers go by the names in VULN_ATTRIBUTE, not by
 * their order.
 */
#include <string.h>

#include "checklist.h"
#include "muster/cap.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/sink.h"
#include "muster/xml.h"
#include "row.h"

enum place {
	OTHER, OUTSIDE, CHECKLIST, ASSET, STIGS, ISTIG, INFO, SI_DATA, VULN,
	STIG_DATA,
	/* those with text of their own; the texts of a cell from STATUS on */
	HOST, COMMENT, IP, MAC, NAME, DATA,
	STATUS, DETAILS, COMMENTS, OVERRIDE, REASON, PLACES
};

static const struct {
	enum place	parent;
	const char	*name;
	enum place	place;
} grammar[] = {
	{ OUTSIDE,	"CHECKLIST",		CHECKLIST },
	{ CHECKLIST,	"ASSET",		ASSET },
	{ CHECKLIST,	"STIGS",		STIGS },
	{ ASSET,	"HOST_NAME",		HOST },
	{ ASSET,	"TARGET_COMMENT",	COMMENT },
	{ ASSET,	"HOST_IP",		IP },
	{ ASSET,	"HOST_MAC",		MAC },
	{ STIGS,	"iSTIG",		ISTIG },
	{ ISTIG,	"STIG_INFO",		INFO },
	{ INFO,		"SI_DATA",		SI_DATA },
	{ SI_DATA,	"SID_NAME",		NAME },
	{ SI_DATA,	"SID_DATA",		DATA },
	{ ISTIG,	"VULN",			VULN },
	{ VULN,		"STIG_DATA",		STIG_DATA },
	{ STIG_DATA,	"VULN_ATTRIBUTE",	NAME },
	{ STIG_DATA,	"ATTRIBUTE_DATA",	DATA },
	{ VULN,		"STATUS",		STATUS },
	{ VULN,		"FINDING_DETAILS",	DETAILS },
	{ VULN,		"COMMENTS",		COMMENTS },
	{ VULN,		"SEVERITY_OVERRIDE",	OVERRIDE },
	{ VULN,		"SEVERITY_JUSTIFICATION", REASON },
};
#define NGRAMMAR (sizeof(grammar) / sizeof(grammar[0]))

/* What is kept of a STIG's and of a cell's named data. */
enum { ID, TITLE, VERSION, RELEASE, RULE, RULE_VER, RULE_TITLE, SEVERITY,
    CCIS, NAMED };

static const struct { enum place of; const char *name; int what; } named[] = {
	{ SI_DATA,	"stigid",	ID },
	{ SI_DATA,	"title",	TITLE },
	{ SI_DATA,	"version",	VERSION },
	{ SI_DATA,	"releaseinfo",	RELEASE },
	{ STIG_DATA,	"Rule_ID",	RULE },
	{ STIG_DATA,	"Rule_Ver",	RULE_VER },
	{ STIG_DATA,	"Rule_Title",	RULE_TITLE },
	{ STIG_DATA,	"Severity",	SEVERITY },
	{ STIG_DATA,	"CCI_REF",	CCIS },
};
#define NNAMED (sizeof(named) / sizeof(named[0]))

struct ckl {
	struct checklist c;
	enum place	 at[XML_DEEPEST + 1];
	struct str	 text[PLACES], has[NAMED], locator;
	bool		 open;		/* the STIG has its target */
	bool		 any;		/* there was a STIG */
};

static const char *locate(struct ckl *k, struct xml *x)
{
	str_clear(&k->locator);
	str_add(&k->locator, "xpath:");
	xml_path(x, &k->locator);
	return k->locator.s;
}

static void forget(struct str *s, int from, int to)
{
	for (int i = from; i < to; i++)
		str_clear(&s[i]);
}

static int start(void *ctx, struct xml *x, const char *ns, const char *name,
    struct err *err)
{
	struct ckl *k = ctx;
	int d = xml_depth(x);
	enum place parent = d > 1 ? k->at[d - 1] : OUTSIDE, here = OTHER;

	(void)ns;
	for (size_t i = 0; i < NGRAMMAR && here == OTHER; i++)
		if (grammar[i].parent == parent &&
		    strcmp(grammar[i].name, name) == 0)
			here = grammar[i].place;
	if (d == 1 && here != CHECKLIST)
		return xml_bad(x, err, "the root is %s, expected CHECKLIST",
		    name);
	k->at[d] = here;
	if (here >= HOST)
		xml_want_text(x);
	if (here == ISTIG) {
		forget(k->has, ID, RULE);
		k->open = false;
		k->any = true;
	} else if (here == VULN) {
		forget(k->has, RULE, NAMED);
		forget(k->text, STATUS, PLACES);
	} else if (here == STIG_DATA || here == SI_DATA) {
		forget(k->text, NAME, STATUS);
	}
	return 0;
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

/* A pair of a name and what it names; CCIs come several. */
static int end_pair(struct ckl *k, struct xml *x, enum place of,
    struct err *err)
{
	const char *name = str_text(&k->text[NAME]);
	const char *data = str_text(&k->text[DATA]);

	for (size_t i = 0; i < NNAMED; i++) {
		struct str *to = &k->has[named[i].what];

		if (named[i].of != of || strcmp(named[i].name, name) != 0)
			continue;
		if (named[i].what == CCIS && !row_join(to, "\n", data))
			return xml_bad(x, err, "too many CCIs of one "
			    "rule: %s", cap_hint(CAP_LIST_BYTES));
		if (named[i].what != CCIS && to->len == 0)
			str_add(to, data);
	}
	return 0;
}

/* The STIG's data stand before its cells; one without any cell has them
 * all by its end. */
static int open_stig(struct ckl *k, const char *locator, struct err *err)
{
	const struct checklist_asset asset = {
		row_text(&k->text[HOST]), row_text(&k->text[COMMENT]),
		row_text(&k->text[IP]), row_text(&k->text[MAC])
	};
	const struct checklist_stig stig = {
		row_text(&k->has[ID]), row_text(&k->has[TITLE]),
		row_text(&k->has[VERSION]), row_text(&k->has[RELEASE]),
		locator
	};

	if (k->open)
		return 0;
	k->open = true;
	return checklist_stig(&k->c, &asset, &stig, err);
}

static int end_cell(struct ckl *k, struct xml *x, struct err *err)
{
	struct checklist_cell cell = {
		.rule = row_text(&k->has[RULE]),
		.version = row_text(&k->has[RULE_VER]),
		.title = row_text(&k->has[RULE_TITLE]),
		.severity = row_text(&k->has[SEVERITY]),
		.ccis = row_text(&k->has[CCIS]),
		.status = row_text(&k->text[STATUS]),
		.details = row_text(&k->text[DETAILS]),
		.comments = row_text(&k->text[COMMENTS]),
		.override = row_text(&k->text[OVERRIDE]),
		.reason = row_text(&k->text[REASON])
	};
	char *cut;

	locate(k, x);
	/* the STIG is the cell's parent */
	cut = strrchr(k->locator.s, '/');
	*cut = '\0';
	if (open_stig(k, k->locator.s, err) < 0)
		return -1;
	*cut = '/';
	cell.locator = k->locator.s;
	return checklist_cell(&k->c, &cell, err);
}

static int end(void *ctx, struct xml *x, const char *ns, const char *name,
    const char *text, size_t len, struct err *err)
{
	struct ckl *k = ctx;
	enum place here = k->at[xml_depth(x)];

	(void)ns, (void)name;
	if (here >= HOST)
		take(&k->text[here], text, len);
	switch (here) {
	case SI_DATA:
	case STIG_DATA:
		return end_pair(k, x, here, err);
	case VULN:
		return end_cell(k, x, err);
	case ISTIG:
		return open_stig(k, locate(k, x), err);
	case CHECKLIST:
		return k->any ? 0 : xml_bad(x, err, "a checklist without a "
		    "STIG: expected at least one iSTIG");
	default:
		return 0;
	}
}

static int read_checklist(struct input *in, struct sink *sink,
    struct err *err)
{
	static const struct xml_handler handler = { start, end };
	struct ckl k = { .c.sink = sink };
	int rc = xml_read(in, &handler, &k, err);

	for (int i = 0; i < PLACES; i++)
		str_free(&k.text[i]);
	for (int i = 0; i < NAMED; i++)
		str_free(&k.has[i]);
	str_free(&k.locator);
	checklist_free(&k.c);
	return rc;
}

static int bid(const struct probe *p)
{
	return p->kind == PROBE_XML && str_eq(p->xml_name, "CHECKLIST") ?
	    95 : 0;
}

const struct importer importer_ckl = {
	.name = "ckl",
	.about = "checklists of STIG Viewer 2: ours come back as proposals, "
	    "others are results",
	.version = 1,
	.keep = true,
	.bid = bid,
	.read = read_checklist,
};
