/*
 * benchmark.c - the benchmark compiled in, and its rules and Values as rows.
 *
 * The XML in xccdf/ is the one place where titles, texts, severities and
 * thresholds are written; this file turns it into the derived tables
 * assessment, requirement and value.  It is our own text: whatever is wrong
 * with it is our bug.
 */
#include <string.h>

#include "muster/assess.h"
#include "muster/err.h"
#include "muster/input.h"
#include "muster/sha.h"
#include "muster/store.h"
#include "muster/str.h"
#include "muster/xml.h"

#define XCCDF	"http://checklists.nist.gov/xccdf/1.2"
#define DC	"http://purl.org/dc/elements/1.1/"
#define OURS	"urn:muster:benchmark"
#define CCI	"http://cyber.mil/cci"
#define VALUE_ID "_value_"

static const char text[] = {
#include "xccdf/cidg.xml.inc"
	'\0'
};

/* What the open element of each kind said so far. */
enum slot {
	BENCH_ID, BENCH_TITLE, BENCH_RELEASE, BENCH_VERSION,
	RULE_ID, RULE_SEVERITY, RULE_WEIGHT, RULE_NUMBER, RULE_LEVEL,
	RULE_FAMILY, RULE_GROUP, RULE_TITLE, RULE_DESCRIPTION, RULE_CCI,
	RULE_FIX, RULE_CHECK, RULE_R4, RULE_R5,
	VALUE_NAME, VALUE_TYPE, VALUE_TITLE, VALUE_TEXT,
	REFERENCE_TITLE,
	SLOTS
};

#define RULE_FIRST	RULE_ID
#define RULE_LAST	RULE_R5
#define VALUE_FIRST	VALUE_NAME
#define VALUE_LAST	VALUE_TEXT

struct load {
	struct store	*store;
	struct str	 slots[SLOTS];
	int64_t		 rules, values;
	const char	*inside;	/* "Rule", "Value" or neither: "" */
};

/* Where an element's text belongs.  in is what it must be inside of. */
static const struct place {
	const char	*in, *ns, *name;
	int		 depth;
	enum slot	 slot;
} places[] = {
	{ "",	   XCCDF, "title",	   2, BENCH_TITLE },
	{ "",	   XCCDF, "plain-text",	   2, BENCH_RELEASE },
	{ "",	   XCCDF, "version",	   2, BENCH_VERSION },
	{ "Rule",  XCCDF, "title",	   4, RULE_TITLE },
	{ "Rule",  XCCDF, "description",   4, RULE_DESCRIPTION },
	{ "Rule",  XCCDF, "ident",	   4, RULE_CCI },
	{ "Rule",  XCCDF, "fixtext",	   4, RULE_FIX },
	{ "Rule",  XCCDF, "check-content", 5, RULE_CHECK },
	{ "Rule",  DC,	  "title",	   5, REFERENCE_TITLE },
	{ "Value", XCCDF, "title",	   3, VALUE_TITLE },
	{ "Value", XCCDF, "value",	   3, VALUE_TEXT },
};

/* Where an attribute's value belongs. */
static const struct attr {
	const char	*ns, *element, *name;
	enum slot	 slot;
} attrs[] = {
	{ XCCDF, "Benchmark",	"id",	    BENCH_ID },
	{ XCCDF, "Rule",	"id",	    RULE_ID },
	{ XCCDF, "Rule",	"severity", RULE_SEVERITY },
	{ XCCDF, "Rule",	"weight",   RULE_WEIGHT },
	{ OURS,	 "requirement",	"number",   RULE_NUMBER },
	{ OURS,	 "requirement",	"level",    RULE_LEVEL },
	{ OURS,	 "requirement",	"family",   RULE_FAMILY },
	{ OURS,	 "requirement",	"group",    RULE_GROUP },
	{ XCCDF, "Value",	"id",	    VALUE_NAME },
	{ XCCDF, "Value",	"type",	    VALUE_TYPE },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

const char *benchmark_text(size_t *len)
{
	*len = sizeof(text) - 1;
	return text;
}

static void set(struct load *ld, enum slot slot, const char *s)
{
	str_clear(&ld->slots[slot]);
	str_add(&ld->slots[slot], s);
}

static const char *get(const struct load *ld, enum slot slot)
{
	return str_text(&ld->slots[slot]);
}

static void forget(struct load *ld, enum slot first, enum slot last)
{
	for (int i = (int)first; i <= (int)last; i++)
		str_clear(&ld->slots[i]);
}

static const struct place *find(const struct load *ld, const struct xml *x,
    const char *ns, const char *name)
{
	for (size_t i = 0; i < COUNT(places); i++)
		if (xml_depth(x) == places[i].depth &&
		    strcmp(places[i].in, ld->inside) == 0 &&
		    strcmp(places[i].name, name) == 0 &&
		    strcmp(places[i].ns, ns) == 0)
			return &places[i];
	return NULL;
}

/* A control: which revision of 800-53 it is of says the reference's title,
 * which comes before it. */
static bool is_control(const struct load *ld, const struct xml *x,
    const char *ns, const char *name)
{
	return xml_depth(x) == 5 && strcmp(ld->inside, "Rule") == 0 &&
	    strcmp(ns, DC) == 0 && strcmp(name, "identifier") == 0;
}

static int start(void *ctx, struct xml *x, const char *ns, const char *name,
    struct err *err)
{
	struct load *ld = ctx;
	const char *v;

	(void)err;
	if (strcmp(ns, XCCDF) == 0 && strcmp(name, "Rule") == 0) {
		ld->inside = "Rule";
		forget(ld, RULE_FIRST, RULE_LAST);
	} else if (strcmp(ns, XCCDF) == 0 && strcmp(name, "Value") == 0) {
		ld->inside = "Value";
		forget(ld, VALUE_FIRST, VALUE_LAST);
	}
	for (size_t i = 0; i < COUNT(attrs); i++)
		if (strcmp(attrs[i].element, name) == 0 &&
		    strcmp(attrs[i].ns, ns) == 0 &&
		    (v = xml_attr(x, attrs[i].name)) != NULL)
			set(ld, attrs[i].slot, v);
	if (find(ld, x, ns, name) != NULL || is_control(ld, x, ns, name))
		xml_want_text(x);
	return 0;
}

/* The guide's words without DISA's tags inside the text. */
static void discussion(struct load *ld)
{
	static const char open[] = "<VulnDiscussion>";
	struct str *d = &ld->slots[RULE_DESCRIPTION];
	char *from = strstr(get(ld, RULE_DESCRIPTION), open), *to;

	if (from == NULL || (to = strstr(from, "</VulnDiscussion>")) == NULL) {
		str_clear(d);
		return;
	}
	from += sizeof(open) - 1;
	d->len = (size_t)(to - from);
	memmove(d->s, from, d->len);
	d->s[d->len] = '\0';
}

static int add_rule(struct load *ld, struct xml *x, struct err *err)
{
	discussion(ld);
	for (int i = RULE_FIRST; i <= RULE_LAST; i++)
		if (i != RULE_R5 && str_empty(get(ld, (enum slot)i)))
			return xml_bad(x, err,
			    "rule %s lacks one of its parts (%d)",
			    get(ld, RULE_ID), i - RULE_FIRST);
	return store_run(ld->store, SQL_BENCH_RULE, BIND(
	    V(get(ld, RULE_NUMBER)), V(++ld->rules), V(get(ld, RULE_FAMILY)),
	    V(get(ld, RULE_LEVEL)), V(get(ld, RULE_ID)),
	    V(get(ld, RULE_GROUP)), V(get(ld, RULE_TITLE)),
	    V(get(ld, RULE_SEVERITY)), V(get(ld, RULE_WEIGHT)),
	    V(get(ld, RULE_CCI)), V(get(ld, RULE_R4)), V(get(ld, RULE_R5)),
	    V(get(ld, RULE_DESCRIPTION)), V(get(ld, RULE_CHECK)),
	    V(get(ld, RULE_FIX))), err);
}

static int add_value(struct load *ld, struct xml *x, struct err *err)
{
	const char *name = strstr(get(ld, VALUE_NAME), VALUE_ID);

	if (name == NULL || str_empty(get(ld, VALUE_TYPE)) ||
	    str_empty(get(ld, VALUE_TITLE)))
		return xml_bad(x, err, "the Value %s lacks its type or title",
		    get(ld, VALUE_NAME));
	ld->values++;
	return store_run(ld->store, SQL_BENCH_VALUE, BIND(
	    V(name + strlen(VALUE_ID)), V(get(ld, VALUE_TYPE)),
	    V(get(ld, VALUE_TITLE)), V(get(ld, VALUE_TEXT))), err);
}

static int end(void *ctx, struct xml *x, const char *ns, const char *name,
    const char *content, size_t len, struct err *err)
{
	struct load *ld = ctx;
	const struct place *p = find(ld, x, ns, name);

	(void)len;
	if (p != NULL) {
		set(ld, p->slot, content);
	} else if (is_control(ld, x, ns, name)) {
		if (str_ends(get(ld, REFERENCE_TITLE), "Revision 4"))
			set(ld, RULE_R4, content);
		else if (str_ends(get(ld, REFERENCE_TITLE), "Revision 5"))
			set(ld, RULE_R5, content);
	} else if (strcmp(ns, XCCDF) == 0 && strcmp(name, ld->inside) == 0) {
		ld->inside = "";
		return strcmp(name, "Rule") == 0 ? add_rule(ld, x, err) :
		    add_value(ld, x, err);
	}
	return 0;
}

static int add_assessment(struct load *ld, const char *as_of,
    struct err *err)
{
	char digest[SHA_HEX];

	if (ld->rules == 0 || ld->values == 0 ||
	    str_empty(get(ld, BENCH_VERSION)) ||
	    str_empty(get(ld, BENCH_RELEASE)))
		return err_set(err, ERR_BUG, "the benchmark has %lld rules and "
		    "%lld Values, version \"%s\", release \"%s\"",
		    (long long)ld->rules, (long long)ld->values,
		    get(ld, BENCH_VERSION), get(ld, BENCH_RELEASE));
	sha_of(text, sizeof(text) - 1, digest);
	return store_run(ld->store, SQL_BENCH_ASSESSMENT, BIND(V(as_of),
	    V(get(ld, BENCH_ID)), V(get(ld, BENCH_VERSION)), V(digest),
	    V(get(ld, BENCH_TITLE)), V(get(ld, BENCH_RELEASE))), err);
}

int benchmark_load(struct store *st, const char *as_of, struct err *err)
{
	static const struct xml_handler handler = { start, end };
	struct load ld = { .store = st, .inside = "" };
	struct input *in = input_open_mem(text, sizeof(text) - 1, "cidg.xml");
	int rc = -1;

	if (xml_read(in, &handler, &ld, err) < 0) {
		if (err->kind == ERR_INPUT)
			err->kind = ERR_BUG;
		err_during(err, "reading the benchmark");
		goto out;
	}
	rc = add_assessment(&ld, as_of, err);
out:
	for (size_t i = 0; i < SLOTS; i++)
		str_free(&ld.slots[i]);
	input_close(in);
	return rc;
}
