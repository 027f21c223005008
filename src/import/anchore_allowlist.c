/*
 * anchore_allowlist.c - what an Anchore policy allows: an allowlist (once
 * called whitelist) by itself, or those of a policy bundle.
 *
 * Every item is a proposal of kind "ignore".  The trigger id of the gate
 * "vulnerabilities" is "ID+PACKAGE".
 */
#include <string.h>

#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/sink.h"
#include "row.h"

enum { TRIGGER = 1, GATE, UNTIL, WHY, NROW, NAME, ITEMS, ITEM };

#define LIST(at)							\
	{ at "name", NAME }, { at "items", ITEMS },			\
	{ at "items[]", ITEM }, { at "items[].trigger_id", TRIGGER },	\
	{ at "items[].triggerId", TRIGGER },				\
	{ at "items[].gate", GATE }, { at "items[].expires_on", UNTIL },\
	{ at "items[].expiresOn", UNTIL },				\
	{ at "items[].description", WHY }

static const struct json_want wants[] = {
	LIST(""), LIST("whitelists[]."), LIST("allowlists[]."),
	{ NULL, 0 }
};

struct report {
	struct sink	*sink;
	struct str	 text[NROW];
	struct str	 name, package, locator;
	bool		 items;
};

static int add_item(struct report *r, struct json *js, struct err *err)
{
	char *plus = r->text[TRIGGER].len > 0 ?
	    strchr(r->text[TRIGGER].s, '+') : NULL;
	struct statement t = {
		.kind = "ignore",
		.status = "allowlisted",
		.justification = row_text(&r->text[GATE]),
		.until = row_text(&r->text[UNTIL]),
		.author = "anchore",
		.locator = row_locator(&r->locator, js),
	};

	sink_count(r->sink, COUNT_READ, 1);
	if (plus != NULL && str_eq(t.justification, "vulnerabilities")) {
		str_clear(&r->package);
		str_add(&r->package, plus + 1);
		t.package = row_text(&r->package);
		*plus = '\0';
	}
	t.id = row_text(&r->text[TRIGGER]);
	t.text = row_text(r->text[WHY].len > 0 ? &r->text[WHY] : &r->name);
	if (t.id != NULL)
		return sink_statement(r->sink, &t, err);
	sink_count(r->sink, COUNT_UNPLACED, 1);
	return sink_warn(r->sink, t.locator, err, "an item without a trigger "
	    "id");
}

static int on_value(void *ctx, struct json *js, int id, enum json_event ev,
    const char *text, size_t len, struct err *err)
{
	struct report *r = ctx;

	(void)len;
	if (id < NROW)
		return row_take(&r->text[id], js, ev, text, err);
	if (id == NAME)
		return row_take(&r->name, js, ev, text, err);
	if (id == ITEMS) {
		r->items = true;
		return row_is_list(js, ev, err);
	}
	if (row_is_object(js, ev, err) < 0)
		return -1;
	if (ev == JSON_END)
		return add_item(r, js, err);
	for (size_t i = 0; i < NROW; i++)
		str_clear(&r->text[i]);
	return 0;
}

static int read_list(struct input *in, struct sink *sink, struct err *err)
{
	struct report r = { .sink = sink };
	int rc = -1;

	if (sink_meta(sink, "tool", "anchore", err) == 0 &&
	    json_read(in, wants, on_value, &r, err) == 0)
		rc = r.items ? 0 : sink_warn(sink, "json:", err,
		    "no allowlist: nothing is allowed");
	for (size_t i = 0; i < NROW; i++)
		str_free(&r.text[i]);
	str_free(&r.name);
	str_free(&r.package);
	str_free(&r.locator);
	return rc;
}

static int bid(const struct probe *p)
{
	if (p->kind != PROBE_JSON)
		return 0;
	if (probe_has(p, "items[].gate") && (probe_has(p,
	    "items[].trigger_id") || probe_has(p, "items[].triggerId")))
		return 90;
	return probe_has(p, "mappings") && (probe_has(p, "whitelists") ||
	    probe_has(p, "allowlists")) ? 80 : 0;
}

const struct importer importer_anchore_allowlist = {
	.name = "anchore-allowlist",
	.about = "what an Anchore policy allows: allowlists, policy bundles",
	.version = 1,
	.keep = true,
	.bid = bid,
	.read = read_list,
};
