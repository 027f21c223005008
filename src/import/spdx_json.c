/*
 * spdx_json.c - SPDX documents in JSON: 2.2 and 2.3, and of 3.0 (JSON-LD) the
 * packages and what the document is about.
 *
 * Of 3.0 the elements lie in one list, and what a file, a vulnerability or a
 * relationship says there is not read; a warning counts them.
 */
#include <string.h>

#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/json.h"
#include "muster/sink.h"
#include "row.h"
#include "spdx.h"

enum {
	/* the element's texts are SPDX_ID + 1 .. */
	TEXTS = SPDX_TEXTS + 1, PACKAGES, PACKAGE, CATEGORY, R_TYPE,
	R_LOCATOR, REFERENCE, FILES, FILE_ROW, DESCRIBES, RELATION, R_FROM,
	R_WORD, R_TO, SPEC, DOC_NAME, CREATED, CREATOR,
	GRAPH, ELEMENT, E_TYPE, E_PURL, ROOT, E_CREATED
};

#define P "packages[]."
#define R "relationships[]."
#define G "@graph[]."
#define TEXT(id) ((id) + 1)

static const struct json_want wants[] = {
	{ "spdxVersion",		SPEC },
	{ "name",			DOC_NAME },
	{ "creationInfo.created",	CREATED },
	{ "creationInfo.creators[]",	CREATOR },
	{ "documentDescribes[]",	DESCRIBES },
	{ "packages",			PACKAGES },
	{ "packages[]",			PACKAGE },
	{ P "SPDXID",			TEXT(SPDX_ID) },
	{ P "name",			TEXT(SPDX_NAME) },
	{ P "versionInfo",		TEXT(SPDX_VERSION) },
	{ P "primaryPackagePurpose",	TEXT(SPDX_PURPOSE) },
	{ P "externalRefs[]",		REFERENCE },
	{ P "externalRefs[].referenceCategory", CATEGORY },
	{ P "externalRefs[].referenceType", R_TYPE },
	{ P "externalRefs[].referenceLocator", R_LOCATOR },
	{ "files",			FILES },
	{ "files[]",			FILE_ROW },
	{ "relationships[]",		RELATION },
	{ R "spdxElementId",		R_FROM },
	{ R "relationshipType",		R_WORD },
	{ R "relatedSpdxElement",	R_TO },
	{ "@graph",			GRAPH },
	{ "@graph[]",			ELEMENT },
	{ G "type",			E_TYPE },
	{ G "spdxId",			TEXT(SPDX_ID) },
	{ G "name",			TEXT(SPDX_NAME) },
	{ G "created",			E_CREATED },
	{ G "software_packageVersion",	TEXT(SPDX_VERSION) },
	{ G "software_primaryPurpose",	TEXT(SPDX_PURPOSE) },
	{ G "software_packageUrl",	E_PURL },
	{ G "rootElement[]",		ROOT },
	{ NULL, 0 }
};

struct reader {
	struct spdx	 doc;
	struct str	 category, type, locator;	/* of a reference */
	struct str	 from, word, to;		/* of a relationship */
	struct str	 kind;				/* of an element */
	bool		 list, graph;
	int64_t		 others;		/* elements not read */
};

static int on_package(struct reader *r, struct json *js, enum json_event ev,
    struct err *err)
{
	if (row_is_object(js, ev, err) < 0)
		return -1;
	if (ev == JSON_BEGIN) {
		spdx_start(&r->doc);
		return 0;
	}
	row_locator(&r->doc.text[SPDX_LOCATOR], js);
	return spdx_package(&r->doc, err);
}

/* Which of the elements are packages is known when one was read. */
static int on_element(struct reader *r, struct json *js, enum json_event ev,
    struct err *err)
{
	const char *kind = str_text(&r->kind);

	if (ev == JSON_BEGIN) {
		str_clear(&r->kind);
		return on_package(r, js, ev, err);
	}
	if (str_eq(kind, "software_Package"))
		return on_package(r, js, ev, err);
	if (str_eq(kind, "software_File")) {
		r->doc.files++;
	} else if (str_eq(kind, "SpdxDocument")) {
		str_clear(&r->doc.name);
		str_add(&r->doc.name, str_text(&r->doc.text[SPDX_NAME]));
	} else if (str_eq(kind, "Tool")) {
		str_clear(&r->doc.value);
		str_addf(&r->doc.value, "Tool: %s",
		    str_text(&r->doc.text[SPDX_NAME]));
		spdx_creator(&r->doc, r->doc.value.s);
	} else if (!str_eq(kind, "CreationInfo") && !str_eq(kind,
	    "software_Sbom")) {
		r->others++;
	}
	return 0;
}

static int on_part(struct reader *r, struct json *js, int id,
    enum json_event ev, struct err *err)
{
	if (row_is_object(js, ev, err) < 0)
		return -1;
	if (id == REFERENCE && ev == JSON_END)
		spdx_reference(&r->doc, str_text(&r->category),
		    str_text(&r->type), str_text(&r->locator));
	if (id == RELATION && ev == JSON_END)
		spdx_relation(&r->doc, str_text(&r->from),
		    str_text(&r->word), str_text(&r->to));
	if (id == REFERENCE) {
		str_clear(&r->category);
		str_clear(&r->type);
		str_clear(&r->locator);
	} else if (id == RELATION) {
		str_clear(&r->from);
		str_clear(&r->word);
		str_clear(&r->to);
	} else if (ev == JSON_END) {
		r->doc.files++;
	}
	return 0;
}

static struct str *slot(struct reader *r, int id)
{
	switch (id) {
	case CATEGORY:	return &r->category;
	case R_TYPE:	return &r->type;
	case R_LOCATOR:	return &r->locator;
	case R_FROM:	return &r->from;
	case R_WORD:	return &r->word;
	case R_TO:	return &r->to;
	case SPEC:	return &r->doc.spec;
	case DOC_NAME:	return &r->doc.name;
	case E_TYPE:	return &r->kind;
	case E_PURL:	return &r->doc.text[SPDX_PURL];
	default:	return id < TEXTS ? &r->doc.text[id - 1] :
			    &r->doc.value;
	}
}

static int on_value(void *ctx, struct json *js, int id, enum json_event ev,
    const char *text, size_t len, struct err *err)
{
	struct reader *r = ctx;

	(void)len;
	switch (id) {
	case PACKAGES:
		r->list = true;
		return row_is_list(js, ev, err);
	case GRAPH:
		r->graph = true;
		return row_is_list(js, ev, err);
	case FILES:
		return row_is_list(js, ev, err);
	case PACKAGE:
		return on_package(r, js, ev, err);
	case ELEMENT:
		return row_is_object(js, ev, err) < 0 ? -1 :
		    on_element(r, js, ev, err);
	case REFERENCE:
	case RELATION:
	case FILE_ROW:
		return on_part(r, js, id, ev, err);
	}
	if (row_take(slot(r, id), js, ev, text, err) < 0)
		return -1;
	if (id == CREATED || id == E_CREATED)
		return sink_meta(r->doc.sink, "produced",
		    row_time(row_text(&r->doc.value)), err);
	if (id == CREATOR)
		spdx_creator(&r->doc, str_text(&r->doc.value));
	else if (id == DESCRIBES || id == ROOT)
		spdx_describes(&r->doc, str_text(&r->doc.value));
	return 0;
}

static int conclude(struct reader *r, struct input *in, struct err *err)
{
	const char *spec = str_text(&r->doc.spec);

	if (r->graph && spec[0] == '\0') {
		if (sink_warn(r->doc.sink, "json:/@graph", err, "of SPDX 3 "
		    "the packages and what the document is about are read: "
		    "%lld other elements are not", (long long)r->others) < 0)
			return -1;
		return spdx_end(&r->doc, "json:", "json:/@graph", err);
	}
	if (str_starts(spec, "SPDX-2."))
		return spdx_end(&r->doc, "json:", "json:/files", err);
	if (spec[0] != '\0')
		err_set(err, ERR_INPUT, "\"spdxVersion\": \"%.40s\"; expected "
		    "SPDX-2.0 to 2.3", spec);
	else
		err_set(err, ERR_INPUT, "no \"spdxVersion\" at the top; "
		    "expected an SPDX document");
	return err_at(err, input_name(in), 0, -1);
}

static int read_spdx(struct input *in, struct sink *sink, struct err *err)
{
	struct reader r = { .doc.sink = sink };
	struct str *rest[] = { &r.category, &r.type, &r.locator, &r.from,
	    &r.word, &r.to, &r.kind };
	int rc = -1;

	if (json_read(in, wants, on_value, &r, err) == 0)
		rc = conclude(&r, in, err);
	for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++)
		str_free(rest[i]);
	spdx_free(&r.doc);
	return rc;
}

static int bid(const struct probe *p)
{
	if (p->kind != PROBE_JSON)
		return 0;
	if (probe_has(p, "spdxVersion"))
		return 95;
	return (probe_has(p, "@graph") && probe_seen(p, "spdx.org/rdf/3")) ||
	    (probe_has(p, "SPDXID") && probe_has(p, "packages")) ? 90 : 0;
}

const struct importer importer_spdx_json = {
	.name = "spdx",
	.about = "packages, from SPDX 2.2, 2.3 and (packages only) 3.0, JSON",
	.version = 2,
	.keep = true,
	.bid = bid,
	.read = read_spdx,
};
