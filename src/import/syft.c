/*
 * syft.c - what Syft found in an image, from "syft IMAGE -o json".
 *
 * The source comes after the packages, so the target is opened when it is
 * first needed and gets its names when they turn up.  Until schema 8 what was
 * scanned is "target" of the source, an object for an image and a text for
 * anything else; later it is "metadata".
 */
#include <string.h>

#include "bom.h"
#include "ident.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/purl.h"
#include "muster/sink.h"
#include "row.h"

enum {
	NAME = 1, VERSION, TYPE, PURL, ARCH, UPSTREAM, ORIGIN, NROW,
	ARTIFACTS, ARTIFACT, SOURCE_TYPE, SOURCE_TEXT, SOURCE_NAME,
	USER_INPUT, IMAGE_ID, MANIFEST, TAG, REPODIGEST, TOOL, TOOL_VERSION,
	TIMESTAMP
};

#define A "artifacts[]."
#define IMAGE_AT(at)							\
	{ at ".userInput", USER_INPUT }, { at ".imageID", IMAGE_ID },	\
	{ at ".manifestDigest", MANIFEST }, { at ".tags[]", TAG },	\
	{ at ".repoDigests[]", REPODIGEST }

static const struct json_want wants[] = {
	{ "artifacts",			ARTIFACTS },
	{ "artifacts[]",		ARTIFACT },
	{ A "name",			NAME },
	{ A "version",			VERSION },
	{ A "type",			TYPE },
	{ A "purl",			PURL },
	{ A "metadata.architecture",	ARCH },
	{ A "metadata.source",		UPSTREAM },
	{ A "metadata.originPackage",	ORIGIN },
	{ "source.type",		SOURCE_TYPE },
	{ "source.name",		SOURCE_NAME },
	{ "source.target",		SOURCE_TEXT },
	IMAGE_AT("source.target"),
	IMAGE_AT("source.metadata"),
	{ "descriptor.name",		TOOL },
	{ "descriptor.version",		TOOL_VERSION },
	{ "descriptor.timestamp",	TIMESTAMP },
	{ NULL, 0 }
};

struct reader {
	struct sink	*sink;
	int64_t		 target;
	struct str	 text[NROW];
	struct str	 value, locator, input, kind, type;
	int64_t		 identities;
	bool		 artifacts;	/* the list was there */
};

static int open_target(struct reader *r, struct err *err)
{
	return ident_open(r->sink, &r->target, row_text(&r->input),
	    "json:/source", err);
}

/* What names a package's source differs by its kind: of a deb "source", of an
 * apk "originPackage"; else the purl's "upstream". */
static int add_package(struct reader *r, struct json *js, struct err *err)
{
	struct str *t = r->text;
	struct str source = STR_INIT;
	struct purl purl;
	struct package p = {
		.name = row_text(&t[NAME]), .version = row_text(&t[VERSION]),
		.arch = row_text(&t[ARCH]), .purl = row_text(&t[PURL]),
		.locator = row_locator(&r->locator, js)
	};
	int rc;

	if (open_target(r, err) < 0)
		return -1;
	p.target = r->target;
	sink_count(r->sink, COUNT_READ, 1);
	if (p.name == NULL) {
		sink_count(r->sink, COUNT_UNPLACED, 1);
		return sink_warn(r->sink, p.locator, err,
		    "a package without a name");
	}
	bom_type(&r->type, p.purl, row_text(&t[TYPE]));
	p.type = r->type.len > 0 ? r->type.s : "unknown";
	p.source = row_text(&t[t[UPSTREAM].len > 0 ? UPSTREAM : ORIGIN]);
	if (p.source == NULL && p.purl != NULL &&
	    strstr(p.purl, "upstream=") != NULL &&
	    purl_parse(p.purl, &purl)) {
		if (purl_qualifier(&purl, "upstream", &r->value))
			str_utf8(&source, r->value.s,
			    strcspn(r->value.s, "@"));
		purl_free(&purl);
		p.source = row_text(&source);
	}
	rc = sink_package(r->sink, &p, err);
	str_free(&source);
	return rc;
}

static int on_artifact(struct reader *r, struct json *js, enum json_event ev,
    struct err *err)
{
	if (row_is_object(js, ev, err) < 0)
		return -1;
	if (ev == JSON_END)
		return add_package(r, js, err);
	for (size_t i = 0; i < NROW; i++)
		str_clear(&r->text[i]);
	str_clear(&r->value);
	return 0;
}

static int on_name(struct reader *r, int id, const char *text,
    struct err *err)
{
	int n;

	if (open_target(r, err) < 0)
		return -1;
	if (id == USER_INPUT) {
		str_clear(&r->input);
		str_add(&r->input, text);
	}
	if (id == IMAGE_ID)
		n = ident_digest(r->sink, r->target, "config", text,
		    "json:/source", err);
	else if (id == MANIFEST)
		n = ident_digest(r->sink, r->target, "manifest", text,
		    "json:/source", err);
	else if (id == TAG && str_eq(text, row_text(&r->input)))
		n = 0;		/* nothing new */
	else
		n = ident_reference(r->sink, r->target, text, err);
	r->identities += n > 0 ? n : 0;
	return n < 0 ? -1 : 0;
}

static int on_text(struct reader *r, int id, const char *text,
    struct err *err)
{
	switch (id) {
	case SOURCE_TYPE:
		str_clear(&r->kind);
		str_add(&r->kind, text);
		return 0;
	case SOURCE_TEXT:
	case SOURCE_NAME:
		if (r->input.len == 0)
			str_add(&r->input, text);
		return 0;
	case TOOL:
		return sink_meta(r->sink, "tool", text, err);
	case TOOL_VERSION:
		return str_eq(text, "[not provided]") ? 0 :
		    sink_meta(r->sink, "tool_version", text, err);
	case TIMESTAMP:
		return sink_meta(r->sink, "produced", row_time(text), err);
	default:
		return on_name(r, id, text, err);
	}
}

/* The metadata of some package kinds has objects where others have a text:
 * those are left out. */
static bool is_detail(int id)
{
	return id == ARCH || id == UPSTREAM || id == ORIGIN;
}

static int on_value(void *ctx, struct json *js, int id, enum json_event ev,
    const char *text, size_t len, struct err *err)
{
	struct reader *r = ctx;

	(void)len;
	if (is_detail(id) && ev != JSON_STRING)
		return 0;
	if (id < NROW)
		return row_take(&r->text[id], js, ev, text, err);
	switch (id) {
	case ARTIFACTS:
		r->artifacts = true;
		return row_is_list(js, ev, err);
	case ARTIFACT:
		return on_artifact(r, js, ev, err);
	case SOURCE_TEXT:
		if (ev != JSON_STRING)
			return 0;
		break;
	}
	if (row_take(&r->value, js, ev, text, err) < 0)
		return -1;
	return r->value.len > 0 ? on_text(r, id, r->value.s, err) : 0;
}

static int conclude(struct reader *r, struct input *in, struct err *err)
{
	if (!r->artifacts) {
		err_set(err, ERR_INPUT, "no \"artifacts\" at the top; "
		    "expected the output of syft -o json");
		return err_at(err, input_name(in), 0, -1);
	}
	if (open_target(r, err) < 0)
		return -1;
	return r->identities > 0 ? 0 : sink_warn(r->sink, "json:/source", err,
	    "the document names no image (%.60s%s%.200s): what it says is "
	    "attached to none", r->kind.len > 0 ? r->kind.s : "no source",
	    r->input.len > 0 ? " " : "", str_text(&r->input));
}

static int read_syft(struct input *in, struct sink *sink, struct err *err)
{
	struct reader r = { .sink = sink };
	struct str *rest[] = { &r.value, &r.locator, &r.input, &r.kind,
	    &r.type };
	int rc = -1;

	if (sink_meta(sink, "tool", "syft", err) == 0 &&
	    json_read(in, wants, on_value, &r, err) == 0)
		rc = conclude(&r, in, err);
	for (size_t i = 0; i < NROW; i++)
		str_free(&r.text[i]);
	for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++)
		str_free(rest[i]);
	return rc;
}

static int bid(const struct probe *p)
{
	if (p->kind != PROBE_JSON || !probe_has(p, "artifacts"))
		return 0;
	if (probe_has(p, "artifacts[].foundBy") ||
	    probe_has(p, "artifactRelationships"))
		return 95;
	return probe_has(p, "source") && probe_has(p, "descriptor") ? 80 : 0;
}

const struct importer importer_syft = {
	.name = "syft",
	.about = "packages, from syft IMAGE -o json",
	.version = 1,
	.keep = true,
	.bid = bid,
	.read = read_syft,
};
