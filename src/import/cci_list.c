/*
 * cci_list.c - DISA's list of Control Correlation Identifiers
 * (U_CCI_List.xml): which control each CCI belongs to.
 */
#include <stdlib.h>
#include <string.h>

#include "muster/cap.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/sink.h"
#include "muster/xml.h"
#include "row.h"

enum place {
	OTHER, OUTSIDE, LIST, METADATA, VERSION, ITEMS, ITEM, DEFINITION,
	REFERENCES, REFERENCE
};

static const struct {
	enum place	parent;
	const char	*name;
	enum place	place;
} grammar[] = {
	{ OUTSIDE,	"cci_list",	LIST },
	{ LIST,		"metadata",	METADATA },
	{ METADATA,	"version",	VERSION },
	{ LIST,		"cci_items",	ITEMS },
	{ ITEMS,	"cci_item",	ITEM },
	{ ITEM,		"definition",	DEFINITION },
	{ ITEM,		"references",	REFERENCES },
	{ REFERENCES,	"reference",	REFERENCE },
};
#define NGRAMMAR (sizeof(grammar) / sizeof(grammar[0]))
#define MAX_REFERENCES 64	/* cci-references allows no more */

struct list {
	struct sink	*sink;
	enum place	 at[XML_DEEPEST + 1];
	struct str	 id, definition, idents, locator;
	struct reference {
		struct str	 text;
		bool		 control;	/* of 800-53, not 800-53A */
		long		 version;
	}		 references[MAX_REFERENCES];
	size_t		 n;
	int64_t		 items, left_out;
};

/* "NIST SP 800-53 Revision 4: AC-1 a 1" */
static void add_reference(struct list *l, struct xml *x)
{
	const char *title = xml_attr(x, "title");
	const char *version = xml_attr(x, "version");
	const char *index = xml_attr(x, "index");
	struct reference *r = &l->references[l->n];

	if (str_empty(title) || str_empty(index))
		return;
	if (l->n == (size_t)cap(CAP_CCI_REFERENCES)) {
		l->left_out++;
		return;
	}
	l->n++;
	str_clear(&r->text);
	str_addf(&r->text, "%s: %s", title, index);
	r->control = !str_contains(title, "800-53A");
	r->version = version != NULL ? strtol(version, NULL, 10) : 0;
}

static int start(void *ctx, struct xml *x, const char *ns, const char *name,
    struct err *err)
{
	struct list *l = ctx;
	int d = xml_depth(x);
	enum place parent = d > 1 ? l->at[d - 1] : OUTSIDE, here = OTHER;
	const char *id;

	(void)ns;
	for (size_t i = 0; i < NGRAMMAR && here == OTHER; i++)
		if (grammar[i].parent == parent &&
		    strcmp(grammar[i].name, name) == 0)
			here = grammar[i].place;
	if (d == 1 && here != LIST)
		return xml_bad(x, err, "the root is %s, expected cci_list",
		    name);
	l->at[d] = here;
	if (here == VERSION || here == DEFINITION)
		xml_want_text(x);
	if (here == REFERENCE)
		add_reference(l, x);
	if (here != ITEM)
		return 0;
	if (str_empty(id = xml_attr(x, "id")))
		return xml_bad(x, err, "a cci_item without an id");
	str_clear(&l->id);
	str_add(&l->id, id);
	str_clear(&l->definition);
	l->n = 0;
	return 0;
}

/* The newest revision of the controls first, then the assessments of them. */
static int by_revision(const void *a, const void *b)
{
	const struct reference *x = a, *y = b;

	if (x->control != y->control)
		return x->control ? -1 : 1;
	if (x->version != y->version)
		return x->version > y->version ? -1 : 1;
	return strcmp(str_text(&x->text), str_text(&y->text));
}

static int end_item(struct list *l, struct xml *x, struct err *err)
{
	struct guidance g = { .kind = "cci", .name = l->id.s };
	struct str title = STR_INIT;
	int rc;

	l->items++;
	sink_count(l->sink, COUNT_READ, 1);
	qsort(l->references, l->n, sizeof(l->references[0]), by_revision);
	str_clear(&l->idents);
	for (size_t i = 0; i < l->n; i++)
		if (!row_join(&l->idents, "\n", l->references[i].text.s))
			l->left_out++;
	str_clear(&l->locator);
	str_add(&l->locator, "xpath:");
	xml_path(x, &l->locator);
	row_title(&title, str_text(&l->definition));
	g.title = row_text(&title);
	g.idents = row_text(&l->idents);
	g.text = row_text(&l->definition);
	g.locator = l->locator.s;
	rc = sink_guidance(l->sink, &g, err);
	str_free(&title);
	return rc;
}

static int end_list(struct list *l, struct xml *x, struct err *err)
{
	if (l->items == 0)
		return xml_bad(x, err, "a list of CCIs without a cci_item");
	if (l->left_out == 0)
		return 0;
	return sink_warn(l->sink, NULL, err, "%lld references of CCIs are "
	    "left out: %s", (long long)l->left_out,
	    cap_hint(CAP_CCI_REFERENCES));
}

static int end(void *ctx, struct xml *x, const char *ns, const char *name,
    const char *text, size_t len, struct err *err)
{
	const struct fact version = {
		0, "guidance.version", NULL, text, "xpath:/cci_list/metadata"
	};
	struct list *l = ctx;

	(void)ns, (void)name;
	switch (l->at[xml_depth(x)]) {
	case VERSION:
		return len == 0 ? 0 : sink_fact(l->sink, &version, err);
	case DEFINITION:
		str_addn(&l->definition, text, len);
		return 0;
	case ITEM:
		return end_item(l, x, err);
	case LIST:
		return end_list(l, x, err);
	default:
		return 0;
	}
}

static int read_list(struct input *in, struct sink *sink, struct err *err)
{
	static const struct xml_handler handler = { start, end };
	struct list l = { .sink = sink };
	int rc = xml_read(in, &handler, &l, err);

	for (size_t i = 0; i < MAX_REFERENCES; i++)
		str_free(&l.references[i].text);
	str_free(&l.id);
	str_free(&l.definition);
	str_free(&l.idents);
	str_free(&l.locator);
	return rc;
}

static int bid(const struct probe *p)
{
	return p->kind == PROBE_XML && str_eq(p->xml_name, "cci_list") ?
	    95 : 0;
}

const struct importer importer_cci_list = {
	.name = "cci-list",
	.about = "DISA's list of CCIs and the controls they belong to",
	.version = 2,
	.keep = true,
	.bid = bid,
	.read = read_list,
};
