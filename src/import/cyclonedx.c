/*
 * cyclonedx.c - CycloneDX bills of materials and VEX, JSON.
 *
 * Components nest: the paths to look for are made for DEEPEST levels, and a
 * document that goes deeper is refused.  Every component but a file is a
 * package; each vulnerability is a finding per component it affects.
 */
#include <stdlib.h>
#include <string.h>

#include "bom_vuln.h"
#include "ident.h"
#include "muster/cap.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/mem.h"
#include "muster/sink.h"
#include "row.h"

#define DEEPEST	16	/* bom-depth allows no more */

/* Texts of a component; the level is in the bits above. */
enum { C_REF = 1, C_TYPE, C_NAME, C_VERSION, C_PURL, C_TEXTS, COMPONENT,
	COMPONENTS, LEVEL = 16 };
/* The others: behind all levels. */
enum {
	OTHER = LEVEL * (DEEPEST + 2), FORMAT, SPEC, SERIAL, TIMESTAMP, TOOL,
	TOOL_VERSION, AUTHOR, SUPPLIER, SUBJECT_PART, PROPERTY_NAME,
	PROPERTY_VALUE,
	VULNERABILITY, LIST, V_ID, V_SOURCE, V_TITLE, V_STATE, V_JUSTIFICATION,
	V_DETAIL, V_UPDATED, V_RESPONSE, V_REFERENCE, RATING, RATING_SOURCE,
	RATING_SEVERITY, AFFECTED
};

#define V "vulnerabilities[]."
#define M "metadata.component."

static const struct json_want others[] = {
	{ "bomFormat",			FORMAT },
	{ "specVersion",		SPEC },
	{ "serialNumber",		SERIAL },
	{ "metadata.timestamp",		TIMESTAMP },
	{ "metadata.tools[].name",	TOOL },
	{ "metadata.tools[].version",	TOOL_VERSION },
	{ "metadata.tools.components[].name", TOOL },
	{ "metadata.tools.components[].version", TOOL_VERSION },
	{ "metadata.authors[].name",	AUTHOR },
	{ "metadata.supplier.name",	SUPPLIER },
	{ "metadata.component",		COMPONENT },
	{ M "bom-ref",			C_REF },
	{ M "type",			C_TYPE },
	{ M "name",			C_NAME },
	{ M "version",			C_VERSION },
	{ M "purl",			C_PURL },
	{ M "properties[].name",	PROPERTY_NAME },
	{ M "properties[].value",	PROPERTY_VALUE },
	{ M "components[]",		SUBJECT_PART },
	{ "vulnerabilities",		LIST },
	{ "vulnerabilities[]",		VULNERABILITY },
	{ V "id",			V_ID },
	{ V "source.name",		V_SOURCE },
	{ V "description",		V_TITLE },
	{ V "updated",			V_UPDATED },
	{ V "analysis.state",		V_STATE },
	{ V "analysis.justification",	V_JUSTIFICATION },
	{ V "analysis.detail",		V_DETAIL },
	{ V "analysis.response[]",	V_RESPONSE },
	{ V "references[].id",		V_REFERENCE },
	{ V "ratings[]",		RATING },
	{ V "ratings[].source.name",	RATING_SOURCE },
	{ V "ratings[].severity",	RATING_SEVERITY },
	{ V "affects[].ref",		AFFECTED },
};

#define NOTHERS (sizeof(others) / sizeof(others[0]))
#define NWANTS	(NOTHERS + (DEEPEST + 1) * 8 + 1)

struct reader {
	struct bom_doc	 doc;
	struct str	 part[DEEPEST + 1][C_TEXTS];	/* 0: the subject */
	struct str	 vuln[BV_N];
	struct str	 value, from, word, property;
	struct str	 serial, author, supplier, tool, tool_version, spec;
	bool		 cyclonedx;
	int64_t		 files, parts;
};

/* Every want, the components' for each level. */
static struct json_want *make_wants(struct str *text)
{
	static const struct json_want fields[] = {
		{ "[]", COMPONENT }, { "[].bom-ref", C_REF },
		{ "[].type", C_TYPE }, { "[].name", C_NAME },
		{ "[].version", C_VERSION }, { "[].purl", C_PURL }
	};
	struct json_want *w = mem_array(NWANTS, sizeof(*w));
	size_t n = 0, nfields = sizeof(fields) / sizeof(fields[0]);
	struct str path = STR_INIT;

	memcpy(w, others, sizeof(others));
	n = NOTHERS;
	str_add(&path, "components");
	for (int level = 1; level <= DEEPEST + 1; level++) {
		w[n++] = (struct json_want){ mem_dup(path.s),
		    COMPONENTS + level * LEVEL };
		for (size_t i = 0; level <= DEEPEST && i < nfields; i++) {
			str_clear(text);
			str_addf(text, "%s%s", path.s, fields[i].path);
			w[n++] = (struct json_want){ mem_dup(text->s),
			    fields[i].id + level * LEVEL };
		}
		str_add(&path, "[].components");
	}
	str_free(&path);
	return w;
}

static void free_wants(struct json_want *w)
{
	for (size_t i = NOTHERS; w[i].path != NULL; i++)
		free((char *)w[i].path);
	free(w);
}

static int open_target(struct reader *r, struct err *err)
{
	return ident_open(r->doc.sink, &r->doc.target,
	    row_text(&r->part[0][C_NAME]), "json:/metadata/component",
	    err);
}

static void locate(struct str *out, struct json *js)
{
	str_clear(out);
	str_add(out, "json:");
	json_pointer(js, out);
}

static int on_property(struct reader *r, struct err *err)
{
	int n;

	if (open_target(r, err) < 0 || (n = bom_property(r->doc.sink,
	    r->doc.target, str_text(&r->property), row_text(&r->value),
	    "json:/metadata/component/properties", err)) < 0)
		return -1;
	r->doc.identities += n;
	return 0;
}

static int on_component(struct reader *r, struct json *js, int level,
    enum json_event ev, struct err *err)
{
	struct str *t = r->part[level];
	struct bom_part p;
	int n;

	if ((level > 0 ? row_is_object(js, ev, err) :
	    row_is_part(js, ev, err)) < 0)
		return -1;
	if (ev != JSON_END) {
		for (int i = 0; i < C_TEXTS; i++)
			str_clear(&t[i]);
		return 0;
	}
	locate(&r->value, js);
	p = (struct bom_part){ row_text(&t[C_REF]), row_text(&t[C_TYPE]),
	    row_text(&t[C_NAME]), row_text(&t[C_VERSION]),
	    row_text(&t[C_PURL]), r->value.s };
	if (open_target(r, err) < 0 || bom_add(&r->doc.index, &p, err) < 0)
		return -1;
	if (level == 0) {
		n = bom_subject(r->doc.sink, r->doc.target, &p, err);
		r->doc.identities += n > 0 ? n : 0;
		return n < 0 ? -1 : 0;
	}
	r->doc.components = true;
	if (!str_eq(p.type, "file"))
		return p.name != NULL ? bom_package(r->doc.sink,
		    r->doc.target, &p, err) :
		    json_bad(js, err, "a component without a name");
	r->files++;
	return 0;
}

static int on_part(struct reader *r, struct json *js, int id,
    enum json_event ev, const char *text, struct err *err)
{
	int level = id / LEVEL, what = id % LEVEL;

	if (what == COMPONENT)
		return on_component(r, js, level, ev, err);
	if (what != COMPONENTS)
		return row_take(&r->part[level][what], js, ev, text, err);
	if (level > cap(CAP_BOM_DEPTH) && ev == JSON_BEGIN)
		return json_bad(js, err, "components inside components too "
		    "deep: %s", cap_hint(CAP_BOM_DEPTH));
	if (row_is_list(js, ev, err) < 0)
		return -1;
	return level == 1 && ev == JSON_END && r->doc.waiting ?
	    bom_vuln_all(&r->doc, err) : 0;
}

static int on_vulnerability(struct reader *r, struct json *js,
    enum json_event ev, struct err *err)
{
	if (row_is_object(js, ev, err) < 0)
		return -1;
	if (ev == JSON_BEGIN) {
		for (int i = 0; i < BV_N; i++)
			str_clear(&r->vuln[i]);
		return 0;
	}
	if (open_target(r, err) < 0)
		return -1;
	locate(&r->vuln[BV_LOCATOR], js);
	str_add(&r->vuln[BV_AFFECTED], "/affects");
	return bom_vuln(&r->doc, r->vuln, err);
}

static int on_rating(struct reader *r, struct json *js, enum json_event ev,
    struct err *err)
{
	if (row_is_object(js, ev, err) < 0)
		return -1;
	if (ev == JSON_END && r->word.len > 0) {
		for (char *s = r->from.s; s != NULL && *s != '\0'; s++)
			if (*s == '\t')
				*s = ' ';
		str_clear(&r->value);
		str_addf(&r->value, "%s\t%s", str_text(&r->from), r->word.s);
		bom_vuln_line(&r->vuln[BV_RATINGS], r->value.s);
	}
	str_clear(&r->from);
	str_clear(&r->word);
	return 0;
}

static int on_reference(struct reader *r, struct json *js, int id,
    enum json_event ev, const char *text, struct err *err)
{
	struct str *list = &r->vuln[id == V_REFERENCE ? BV_ALIASES :
	    id == V_RESPONSE ? BV_RESPONSE : BV_AFFECTS];

	if (row_take(&r->value, js, ev, text, err) < 0)
		return -1;
	if (id == V_REFERENCE && (row_listed(list, str_text(&r->value)) ||
	    str_eq(row_text(&r->vuln[BV_ID]), row_text(&r->value))))
		return 0;
	if (list->len + r->value.len > (size_t)cap(CAP_HELD_BYTES))
		return json_bad(js, err, "too many references: %s",
		    cap_hint(CAP_HELD_BYTES));
	if (id == V_RESPONSE && list->len > 0)
		str_add(list, ", ");
	if (id == V_RESPONSE)
		str_add(list, str_text(&r->value));
	else
		bom_vuln_line(list, str_text(&r->value));
	return 0;
}

static int on_vuln(struct reader *r, struct json *js, int id,
    enum json_event ev, const char *text, struct err *err)
{
	static const struct {
		int		 id;
		enum bom_vuln	 to;
	} texts[] = {
		{ V_ID, BV_ID }, { V_SOURCE, BV_SOURCE },
		{ V_TITLE, BV_TITLE }, { V_STATE, BV_STATE },
		{ V_JUSTIFICATION, BV_JUSTIFICATION },
		{ V_DETAIL, BV_DETAIL }, { V_UPDATED, BV_UPDATED }
	};

	switch (id) {
	case LIST:
		return row_is_list(js, ev, err);
	case VULNERABILITY:
		return on_vulnerability(r, js, ev, err);
	case RATING:
		return on_rating(r, js, ev, err);
	case RATING_SOURCE:
		return row_take(&r->from, js, ev, text, err);
	case RATING_SEVERITY:
		return row_take(&r->word, js, ev, text, err);
	case V_REFERENCE:
	case V_RESPONSE:
	case AFFECTED:
		return on_reference(r, js, id, ev, text, err);
	}
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].id == id)
			return row_take(&r->vuln[texts[i].to], js, ev, text,
			    err);
	return 0;
}

/* Of several only the first counts. */
static int first(struct str *s, struct reader *r, struct json *js,
    enum json_event ev, const char *text, struct err *err)
{
	return row_take(s->len == 0 ? s : &r->value, js, ev, text, err);
}

static int on_spec(struct reader *r, struct json *js, enum json_event ev,
    const char *text, struct err *err)
{
	if (row_take(&r->spec, js, ev, text, err) < 0)
		return -1;
	text = str_text(&r->spec);
	if (str_starts(text, "1.") && text[2] >= '0' && text[2] <= '7' &&
	    text[3] == '\0')
		return 0;
	return json_bad(js, err, "CycloneDX %.20s; expected 1.0 to 1.7",
	    text);
}

static int on_value(void *ctx, struct json *js, int id, enum json_event ev,
    const char *text, size_t len, struct err *err)
{
	struct reader *r = ctx;

	(void)len;
	if (id < OTHER)
		return on_part(r, js, id, ev, text, err);
	switch (id) {
	case FORMAT:
		r->cyclonedx = str_eq(text, "CycloneDX");
		return 0;
	case SPEC:
		return on_spec(r, js, ev, text, err);
	case SERIAL:
		if (row_take(&r->serial, js, ev, text, err) < 0)
			return -1;
		r->doc.serial = row_text(&r->serial);
		return 0;
	case TIMESTAMP:
		if (row_take(&r->value, js, ev, text, err) < 0)
			return -1;
		return sink_meta(r->doc.sink, "produced",
		    row_time(row_text(&r->value)), err);
	case TOOL:
		return first(&r->tool, r, js, ev, text, err);
	case TOOL_VERSION:
		return first(&r->tool_version, r, js, ev, text, err);
	case AUTHOR:
		if (first(&r->author, r, js, ev, text, err) < 0)
			return -1;
		r->doc.author = row_text(&r->author);
		return 0;
	case SUPPLIER:
		return row_take(&r->supplier, js, ev, text, err);
	case PROPERTY_NAME:
		return row_take(&r->property, js, ev, text, err);
	case PROPERTY_VALUE:
		if (row_take(&r->value, js, ev, text, err) < 0)
			return -1;
		return on_property(r, err);
	case SUBJECT_PART:
		r->parts += ev != JSON_END;
		return 0;
	}
	return on_vuln(r, js, id, ev, text, err);
}

static int conclude(struct reader *r, struct input *in, struct err *err)
{
	if (!r->cyclonedx || r->spec.len == 0) {
		err_set(err, ERR_INPUT, "no \"bomFormat\": \"CycloneDX\" with "
		    "a \"specVersion\"; expected a CycloneDX document");
		return err_at(err, input_name(in), 0, -1);
	}
	if (sink_meta(r->doc.sink, "tool", r->tool.len > 0 ? r->tool.s :
	    "cyclonedx", err) < 0 || sink_meta(r->doc.sink, "tool_version",
	    row_text(&r->tool_version), err) < 0 || open_target(r, err) < 0)
		return -1;
	if (bom_unplaced(r->doc.sink, r->files, "json:/components",
	    "components of type \"file\" are no packages", err) < 0 ||
	    bom_unplaced(r->doc.sink, r->parts,
	    "json:/metadata/component/components", "components inside the "
	    "subject are its parts, not packages it holds", err) < 0)
		return -1;
	return bom_vuln_end(&r->doc, "json:/metadata/component",
	    row_text(&r->part[0][C_NAME]), err);
}

static void release(struct reader *r)
{
	struct str *rest[] = { &r->value, &r->from, &r->word, &r->property,
	    &r->serial, &r->author, &r->supplier, &r->tool, &r->tool_version,
	    &r->spec, &r->doc.held };

	for (int i = 0; i <= DEEPEST; i++)
		for (int k = 0; k < C_TEXTS; k++)
			str_free(&r->part[i][k]);
	for (int i = 0; i < BV_N; i++)
		str_free(&r->vuln[i]);
	for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++)
		str_free(rest[i]);
	bom_free(&r->doc.index);
}

static int read_bom(struct input *in, struct sink *sink, struct err *err)
{
	struct reader *r = mem_alloc(sizeof(*r));
	struct json_want *wants;
	int rc = -1;

	r->doc.sink = sink;
	r->doc.waiting = true;
	wants = make_wants(&r->value);
	if (json_read(in, wants, on_value, r, err) == 0)
		rc = conclude(r, in, err);
	free_wants(wants);
	release(r);
	free(r);
	return rc;
}

static int bid(const struct probe *p)
{
	if (p->kind != PROBE_JSON)
		return 0;
	if (probe_has(p, "bomFormat"))
		return probe_seen(p, "CycloneDX") ? 95 : 60;
	return probe_has(p, "components") && probe_has(p, "specVersion") ?
	    60 : 0;
}

const struct importer importer_cyclonedx = {
	.name = "cyclonedx",
	.about = "packages, vulnerabilities, VEX: CycloneDX 1.0-1.7, JSON",
	.version = 1,
	.keep = true,
	.bid = bid,
	.read = read_bom,
};
