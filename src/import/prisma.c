/*
 * prisma.c - vulnerabilities and compliance, from Prisma Cloud's Compute API.
 *
 * An array of images (/registry, /images) or of scans that wrap one each in
 * entityInfo (/scans).  A row's "id" is the number of a category here: the
 * vulnerability is in "cve".  Debian's packages are named by their source;
 * "binaryPkgs" says which are installed, one idents line "binary:NAME" each.
 */
#include <string.h>

#include "ident.h"
#include "muster/cap.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/sink.h"
#include "row.h"

/* Texts of a row, of an image, then what else is wanted. */
enum {
	ID = 1, CVE, SEVERITY, STATUS, DESCRIPTION, LINK, TITLE, CAUSE,
	PACKAGE, VERSION, TYPE, PATH, BINARIES, P_NAME, P_VERSION, P_PURL,
	NROW, P_TYPE, I_ID, I_REGISTRY, I_REPO, I_TAG, I_TIME, I_HOST,
	I_DIGEST, I_KEY, NTEXTS,
	DOCUMENT, IMAGE, VULNS, VULN, ISSUES, ISSUE, PACKAGES, KIND, PKGS,
	PKG, BINARY, DIGESTS, DIGEST, SECRETS, SECRET
};

#define ROW(at)								\
	{ at ".id", ID }, { at ".cve", CVE }, { at ".severity", SEVERITY },\
	{ at ".status", STATUS }, { at ".description", DESCRIPTION },	\
	{ at ".link", LINK }, { at ".title", TITLE },			\
	{ at ".cause", CAUSE }, { at ".packageName", PACKAGE },		\
	{ at ".packageVersion", VERSION },				\
	{ at ".packageType", TYPE }, { at ".packagePath", PATH },	\
	{ at ".binaryPkgs[]", BINARY }
#define IMAGE_OF(at)							\
	{ at "id", I_ID }, { at "scanTime", I_TIME },			\
	{ at "hostname", I_HOST },					\
	{ at "repoTag.registry", I_REGISTRY },				\
	{ at "repoTag.repo", I_REPO }, { at "repoTag.tag", I_TAG },	\
	{ at "repoDigests", DIGESTS }, { at "repoDigests[]", DIGEST },	\
	{ at "vulnerabilities", VULNS }, { at "vulnerabilities[]", VULN },\
	ROW(at "vulnerabilities[]"),					\
	{ at "complianceIssues", ISSUES },				\
	{ at "complianceIssues[]", ISSUE },				\
	ROW(at "complianceIssues[]"),					\
	{ at "packages", PACKAGES }, { at "packages[]", KIND },		\
	{ at "packages[].pkgsType", P_TYPE },				\
	{ at "packages[].pkgs", PKGS }, { at "packages[].pkgs[]", PKG },\
	{ at "packages[].pkgs[].name", P_NAME },			\
	{ at "packages[].pkgs[].version", P_VERSION },			\
	{ at "packages[].pkgs[].purl", P_PURL },			\
	{ at "Secrets", SECRETS }, { at "Secrets[]", SECRET }

static const struct json_want wants[] = {
	{ "", DOCUMENT }, { "[]", IMAGE }, { "[]._id", I_KEY },
	IMAGE_OF("[]."), IMAGE_OF("[].entityInfo."),
	{ NULL, 0 }
};

struct report {
	struct sink	*sink;
	struct str	 text[NTEXTS];
	struct str	 value, title, locator;
	int64_t		 images, target, identities;
	bool		 clipped;
};

/* Its names come last: the target is opened when it is first needed. */
static int open_target(struct report *r, struct err *err)
{
	struct target t = { .kind = "image" };
	struct str at = STR_INIT;

	if (r->target > 0)
		return 0;
	str_addf(&at, "json:/%lld", (long long)r->images - 1);
	t.locator = at.s;
	t.name = row_text(&r->text[I_KEY]);
	r->target = sink_target(r->sink, &t, err);
	str_free(&at);
	return r->target < 0 ? -1 : 0;
}

static int add_finding(struct report *r, struct json *js, bool vuln,
    struct err *err)
{
	const char *status = row_text(&r->text[STATUS]), *about;
	struct finding f = {
		.kind = vuln ? "vulnerability" : "compliance",
		.id = row_text(&r->text[vuln ? CVE : ID]),
		.package = row_text(&r->text[PACKAGE]),
		.version = row_text(&r->text[VERSION]),
		.type = row_text(&r->text[TYPE]),
		.severity = severity_of(row_text(&r->text[SEVERITY])),
		.severity_word = row_text(&r->text[SEVERITY]),
		.path = row_text(&r->text[PATH]),
		.idents = row_text(&r->text[BINARIES]),
		.locator = row_locator(&r->locator, js),
	};

	if (open_target(r, err) < 0)
		return -1;
	f.target = r->target;
	sink_count(r->sink, COUNT_READ, 1);
	if (f.id == NULL) {
		sink_count(r->sink, COUNT_UNPLACED, 1);
		return sink_warn(r->sink, f.locator, err, "a row without %s",
		    vuln ? "\"cve\"" : "\"id\"");
	}
	if (vuln) {
		f.fixed_in = row_fixed_in(status);
		f.fixable = f.fixed_in != NULL;
		if (str_empty(f.fixed_in))
			f.fixed_in = NULL;
	}
	about = row_text(&r->text[vuln ? DESCRIPTION : TITLE]);
	if (about == NULL)
		about = row_text(&r->text[vuln ? LINK : DESCRIPTION]);
	str_clear(&r->value);
	str_add(&r->value, about != NULL ? about : "");
	if (!vuln && r->text[CAUSE].len > 0)
		str_addf(&r->value, ": %s", r->text[CAUSE].s);
	str_clear(&r->title);
	row_masked(&r->title, NULL, str_text(&r->value));
	f.title = row_text(&r->title);
	if (r->clipped && sink_warn(r->sink, f.locator, err, "binary packages "
	    "are left out: %s", cap_hint(CAP_LIST_BYTES)) < 0)
		return -1;
	return sink_finding(r->sink, &f, err);
}

static int add_package(struct report *r, struct json *js, struct err *err)
{
	struct package p = {
		.type = row_text(&r->text[P_TYPE]),
		.name = row_text(&r->text[P_NAME]),
		.version = row_text(&r->text[P_VERSION]),
		.purl = row_text(&r->text[P_PURL]),
		.locator = row_locator(&r->locator, js),
	};

	if (open_target(r, err) < 0)
		return -1;
	p.target = r->target;
	sink_count(r->sink, COUNT_READ, 1);
	if (p.name == NULL) {
		sink_count(r->sink, COUNT_UNPLACED, 1);
		return sink_warn(r->sink, p.locator, err,
		    "a package without a name");
	}
	if (p.type == NULL)
		p.type = "unknown";
	return sink_package(r->sink, &p, err);
}

static int on_row(struct report *r, struct json *js, int id,
    enum json_event ev, struct err *err)
{
	if (row_is_object(js, ev, err) < 0)
		return -1;
	if (ev == JSON_BEGIN) {
		for (size_t i = 0; i < NROW; i++)
			str_clear(&r->text[i]);
		r->clipped = false;
		return 0;
	}
	return id == PKG ? add_package(r, js, err) :
	    add_finding(r, js, id == VULN, err);
}

/* A file with a credential in it: the path, never what is in it. */
static int on_secret(struct report *r, struct json *js, enum json_event ev,
    const char *text, struct err *err)
{
	struct finding f = {
		.kind = "secret",
		.id = "secret",
		.title = "a credential in a file",
		.severity_word = "high",
		.severity = SEV_HIGH,
	};

	if (row_take(&r->value, js, ev, text, err) < 0)
		return -1;
	f.path = row_text(&r->value);
	if (f.path == NULL)
		return 0;
	if (open_target(r, err) < 0)
		return -1;
	f.target = r->target;
	f.locator = row_locator(&r->locator, js);
	sink_count(r->sink, COUNT_READ, 1);
	return sink_finding(r->sink, &f, err);
}

static int on_digest(struct report *r, struct json *js, enum json_event ev,
    const char *text, struct err *err)
{
	int n;

	if (row_take(&r->value, js, ev, text, err) < 0 ||
	    open_target(r, err) < 0)
		return -1;
	n = ident_reference(r->sink, r->target, row_text(&r->value), err);
	r->identities += n > 0 ? n : 0;
	return n < 0 ? -1 : 0;
}

static int finish_image(struct report *r, struct err *err)
{
	int n, m = 0;

	if (open_target(r, err) < 0 || ident_scanned(r->sink, r->target,
	    "json:", err) < 0 || sink_meta(r->sink, "produced",
	    row_time(row_text(&r->text[I_TIME])), err) < 0)
		return -1;
	n = ident_digest(r->sink, r->target, "config",
	    row_text(&r->text[I_ID]), "json:", err);
	if (n >= 0 && r->text[I_REPO].len > 0 && r->text[I_TAG].len > 0) {
		str_clear(&r->value);
		if (r->text[I_REGISTRY].len > 0)
			str_addf(&r->value, "%s/", r->text[I_REGISTRY].s);
		str_addf(&r->value, "%s:%s", r->text[I_REPO].s,
		    r->text[I_TAG].s);
		m = ident_reference(r->sink, r->target, r->value.s, err);
	}
	if (n < 0 || m < 0)
		return -1;
	r->identities += n + m;
	if (r->identities > 0)
		return 0;
	return sink_warn(r->sink, "json:", err, "an entry names no image "
	    "(host %.200s): what it says is attached to none",
	    str_text(&r->text[I_HOST]));
}

static int on_image(struct report *r, struct json *js, enum json_event ev,
    struct err *err)
{
	if (row_is_object(js, ev, err) < 0)
		return -1;
	if (ev == JSON_END)
		return finish_image(r, err);
	for (size_t i = 0; i < NTEXTS; i++)
		str_clear(&r->text[i]);
	r->images++;
	r->target = r->identities = 0;
	return 0;
}

static int on_value(void *ctx, struct json *js, int id, enum json_event ev,
    const char *text, size_t len, struct err *err)
{
	struct report *r = ctx;

	(void)len;
	if (id < NTEXTS)
		return row_take(&r->text[id], js, ev, text, err);
	switch (id) {
	case DOCUMENT:
		if (ev == JSON_BEGIN && !json_is_array(js))
			return json_bad(js, err, "an object at the top; "
			    "expected an array of images or scans");
		return 0;
	case IMAGE:
		return on_image(r, js, ev, err);
	case KIND:
		if (ev == JSON_BEGIN)
			str_clear(&r->text[P_TYPE]);
		return row_is_object(js, ev, err);
	case VULN:
	case ISSUE:
	case PKG:
		return on_row(r, js, id, ev, err);
	case BINARY:
		if (row_take(&r->value, js, ev, text, err) < 0)
			return -1;
		str_clear(&r->title);
		str_addf(&r->title, "binary:%s", str_text(&r->value));
		if (!row_join(&r->text[BINARIES], "\n", r->title.s))
			r->clipped = true;
		return 0;
	case DIGEST:
		return on_digest(r, js, ev, text, err);
	case SECRET:
		return on_secret(r, js, ev, text, err);
	default:
		return row_is_list(js, ev, err);
	}
}

static int read_report(struct input *in, struct sink *sink, struct err *err)
{
	struct report r = { .sink = sink };
	int rc = -1;

	if (sink_meta(sink, "tool", "prisma", err) == 0 &&
	    json_read(in, wants, on_value, &r, err) == 0)
		rc = r.images > 0 ? 0 : sink_warn(sink, "json:", err,
		    "no image: nothing was scanned");
	for (size_t i = 0; i < NTEXTS; i++)
		str_free(&r.text[i]);
	str_free(&r.value);
	str_free(&r.title);
	str_free(&r.locator);
	return rc;
}

static int bid(const struct probe *p)
{
	if (p->kind != PROBE_JSON)
		return 0;
	if (probe_has(p, "[].entityInfo"))
		return 90;
	if (!probe_has(p, "[]._id"))
		return 0;
	return probe_has(p, "[].repoTag") || probe_has(p,
	    "[].vulnerabilities") || probe_has(p, "[].scanVersion") ||
	    probe_has(p, "[].osDistro") ? 90 : 0;
}

const struct importer importer_prisma = {
	.name = "prisma",
	.about = "vulnerabilities and compliance, from Prisma Cloud's Compute "
	    "API (JSON)",
	.version = 3,
	.keep = true,
	.bid = bid,
	.read = read_report,
};
