/*
 * kev.c - CISA's catalog of known exploited vulnerabilities, as JSON.
 *
 * Its "count" is a summary and not believed: rows are counted, and another
 * number is a warning.  The catalog's version is a date: what was known then.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "muster/err.h"
#include "muster/import.h"
#include "muster/sink.h"
#include "row.h"

enum {
	CVE, ADDED, DUE, TITLE, RANSOMWARE, ACTION, NTEXTS,
	LIST, ENTRY, VERSION, RELEASED, COUNT
};

#define V "vulnerabilities[]."
/* ids are one more than what they fill: 0 is none */
static const struct json_want wants[] = {
	{ "vulnerabilities",			LIST + 1 },
	{ "vulnerabilities[]",			ENTRY + 1 },
	{ V "cveID",				CVE + 1 },
	{ V "dateAdded",			ADDED + 1 },
	{ V "dueDate",				DUE + 1 },
	{ V "vulnerabilityName",		TITLE + 1 },
	{ V "knownRansomwareCampaignUse",	RANSOMWARE + 1 },
	{ V "requiredAction",			ACTION + 1 },
	{ "catalogVersion",			VERSION + 1 },
	{ "dateReleased",			RELEASED + 1 },
	{ "count",				COUNT + 1 },
	{ NULL, 0 }
};

struct catalog {
	struct sink	*sink;
	struct str	 text[NTEXTS];
	struct str	 value, about, locator, said;
	int64_t		 rows;
	bool		 list;
};

static int add(struct catalog *c, struct json *js, struct err *err)
{
	struct priority p = { .kind = "kev",
	    .id = row_text(&c->text[CVE]), .at = row_text(&c->text[ADDED]),
	    .due = row_text(&c->text[DUE]) };

	if (p.id == NULL)
		return json_bad(js, err, "an entry without cveID");
	str_clear(&c->about);
	str_add(&c->about, str_text(&c->text[TITLE]));
	if (str_eq(row_text(&c->text[RANSOMWARE]), "Known"))
		str_add(&c->about, "; used in ransomware campaigns");
	if (c->text[ACTION].len > 0)
		str_addf(&c->about, "; %s", c->text[ACTION].s);
	p.text = row_text(&c->about);
	p.locator = row_locator(&c->locator, js);
	sink_count(c->sink, COUNT_READ, 1);
	c->rows++;
	return sink_priority(c->sink, &p, err);
}

static int on_value(void *ctx, struct json *js, int id, enum json_event ev,
    const char *text, size_t len, struct err *err)
{
	struct catalog *c = ctx;

	(void)len;
	id--;
	if (id == LIST) {
		c->list = true;
		return row_is_list(js, ev, err);
	}
	if (id == ENTRY) {
		if (row_is_object(js, ev, err) < 0)
			return -1;
		if (ev == JSON_END)
			return add(c, js, err);
		for (size_t i = 0; i < NTEXTS; i++)
			str_clear(&c->text[i]);
		return 0;
	}
	if (id < NTEXTS)
		return row_take(&c->text[id], js, ev, text, err);
	if (row_take(id == COUNT ? &c->said : &c->value, js, ev, text, err)
	    < 0)
		return -1;
	if (id == VERSION)
		return sink_meta(c->sink, "tool_db", row_text(&c->value), err);
	if (id == RELEASED)
		return sink_meta(c->sink, "produced", row_text(&c->value),
		    err);
	return 0;
}

static int read_catalog(struct input *in, struct sink *sink, struct err *err)
{
	struct catalog c = { .sink = sink };
	char rows[24];
	int rc = json_read(in, wants, on_value, &c, err);

	snprintf(rows, sizeof(rows), "%lld", (long long)c.rows);
	if (rc == 0 && !c.list)
		rc = err_set(err, ERR_INPUT, "a catalog without its list "
		    "\"vulnerabilities\"");
	if (rc == 0)
		rc = sink_meta(sink, "tool", "CISA KEV", err);
	if (rc == 0 && c.said.len > 0 && strcmp(c.said.s, rows) != 0)
		rc = sink_warn(sink, "json:/count", err, "the catalog says it "
		    "has %.20s entries and holds %s", c.said.s, rows);
	for (size_t i = 0; i < NTEXTS; i++)
		str_free(&c.text[i]);
	str_free(&c.value);
	str_free(&c.about);
	str_free(&c.locator);
	str_free(&c.said);
	return rc;
}

static int bid(const struct probe *p)
{
	return p->kind == PROBE_JSON && probe_has(p, "catalogVersion") &&
	    (probe_has(p, "vulnerabilities[].cveID") ||
	    probe_has(p, "dateReleased")) ? 90 : 0;
}

const struct importer importer_kev = {
	.name = "kev",
	.about = "CISA's Known Exploited Vulnerabilities catalog, JSON",
	.version = 1,
	.keep = true,
	.bid = bid,
	.read = read_catalog,
};
