/*
 * trivy.c - vulnerabilities, misconfigurations and secrets, from
 * "trivy ... --format json": schema 2, the bare array before it, and the
 * report of a Kubernetes cluster.
 *
 * A misconfiguration that passed is counted, not stored; an exception and
 * what Trivy was told to leave out are proposals.  Of a secret only the rule
 * and the place are taken, never what matched.  VendorIDs name advisories of
 * fixes, not the vulnerability: they are no aliases.
 */
#include <string.h>

#include "ident.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/sink.h"
#include "row.h"
#include "trivy.h"

/* Texts of a row, of a result, of a resource, then what else is wanted. */
enum {
	ID = 1, AVD, PACKAGE, VERSION, FIXED, STATUS, SEVERITY, TITLE,
	DESCRIPTION, MESSAGE, PURL, PATH, LINE, URL, WHY, SOURCE, M_TYPE,
	P_NAME, P_VERSION, P_RELEASE, P_EPOCH, P_ARCH, P_SRC, P_PURL, NROW,
	R_TARGET, R_CLASS, R_TYPE, NRESULT,
	K_NAMESPACE, K_KIND, K_NAME, NTEXTS,
	DOCUMENT, RESULTS, RESULT, RESOURCES, RESOURCE, LIST, VULN, MISCONF,
	SECRET, LICENSE, MODIFIED, PACKAGES, CLUSTER,
	ARTIFACT, ARTIFACT_TYPE, IMAGE_ID, REPO_TAG, REPO_DIGEST, CREATED,
	TOOL_VERSION, CONFIG
};

#define FINDING(at)							\
	{ at ".VulnerabilityID", ID }, { at ".PkgName", PACKAGE },	\
	{ at ".InstalledVersion", VERSION },				\
	{ at ".FixedVersion", FIXED }, { at ".Severity", SEVERITY },	\
	{ at ".Title", TITLE }, { at ".Description", DESCRIPTION },	\
	{ at ".PkgIdentifier.PURL", PURL }, { at ".PkgPath", PATH },	\
	{ at ".PrimaryURL", URL }
#define CHECK(at)							\
	{ at ".ID", ID }, { at ".AVDID", AVD }, { at ".Type", M_TYPE },	\
	{ at ".Title", TITLE }, { at ".Message", MESSAGE },		\
	{ at ".Severity", SEVERITY }
#define RESULT_AT(at)							\
	{ at, RESULT }, { at ".Target", R_TARGET },			\
	{ at ".Class", R_CLASS }, { at ".Type", R_TYPE },		\
	{ at ".Vulnerabilities", LIST },				\
	{ at ".Vulnerabilities[]", VULN },				\
	FINDING(at ".Vulnerabilities[]"),				\
	{ at ".Vulnerabilities[].Status", STATUS },			\
	{ at ".Misconfigurations", LIST },				\
	{ at ".Misconfigurations[]", MISCONF },				\
	CHECK(at ".Misconfigurations[]"),				\
	{ at ".Misconfigurations[].Status", STATUS },			\
	{ at ".Secrets", LIST }, { at ".Secrets[]", SECRET },		\
	{ at ".Secrets[].RuleID", ID }, { at ".Secrets[].Title", TITLE },\
	{ at ".Secrets[].Severity", SEVERITY },				\
	{ at ".Secrets[].StartLine", LINE },				\
	{ at ".Licenses", LIST }, { at ".Licenses[]", LICENSE },	\
	{ at ".Packages", LIST }, { at ".Packages[]", PACKAGES },	\
	{ at ".Packages[].Name", P_NAME },				\
	{ at ".Packages[].Version", P_VERSION },			\
	{ at ".Packages[].Release", P_RELEASE },			\
	{ at ".Packages[].Epoch", P_EPOCH },				\
	{ at ".Packages[].Arch", P_ARCH },				\
	{ at ".Packages[].SrcName", P_SRC },				\
	{ at ".Packages[].Identifier.PURL", P_PURL },			\
	{ at ".ExperimentalModifiedFindings", LIST },			\
	{ at ".ExperimentalModifiedFindings[]", MODIFIED },		\
	{ at ".ExperimentalModifiedFindings[].Status", STATUS },	\
	{ at ".ExperimentalModifiedFindings[].Statement", WHY },	\
	{ at ".ExperimentalModifiedFindings[].Source", SOURCE },	\
	FINDING(at ".ExperimentalModifiedFindings[].Finding"),		\
	{ at ".ExperimentalModifiedFindings[].Finding.ID", ID },	\
	{ at ".ExperimentalModifiedFindings[].Finding.RuleID", ID }
#define RESOURCES_AT(at)						\
	{ at, RESOURCES }, { at "[]", RESOURCE },			\
	{ at "[].Namespace", K_NAMESPACE }, { at "[].Kind", K_KIND },	\
	{ at "[].Name", K_NAME }, { at "[].Results", LIST },		\
	RESULT_AT(at "[].Results[]")
#define IMAGE "Metadata.ImageConfig"

static const struct json_want wants[] = {
	{ "", DOCUMENT }, { "Results", RESULTS },
	RESULT_AT("Results[]"), RESULT_AT("[]"),
	RESOURCES_AT("Resources"), RESOURCES_AT("Vulnerabilities"),
	RESOURCES_AT("Misconfigurations"),
	{ "ClusterName", CLUSTER }, { "ArtifactName", ARTIFACT },
	{ "ArtifactType", ARTIFACT_TYPE }, { "CreatedAt", CREATED },
	{ "Trivy.Version", TOOL_VERSION },
	{ "Metadata.ImageID", IMAGE_ID }, { "Metadata.RepoTags[]", REPO_TAG },
	{ "Metadata.RepoDigests[]", REPO_DIGEST },
	{ IMAGE, CONFIG }, { IMAGE ".*", CONFIG },
	{ IMAGE ".config.*", CONFIG }, { IMAGE ".config.*[]", CONFIG },
	{ IMAGE ".config.*.*", CONFIG }, { IMAGE ".config.*.*[]", CONFIG },
	{ IMAGE ".container_config.*", CONFIG },
	{ IMAGE ".container_config.*[]", CONFIG },
	{ IMAGE ".history[]", CONFIG }, { IMAGE ".history[].*", CONFIG },
	{ IMAGE ".rootfs.*", CONFIG }, { IMAGE ".rootfs.*[]", CONFIG },
	{ NULL, 0 }
};

struct report {
	struct sink	*sink;
	struct str	 text[NTEXTS];
	struct str	 value, title, path, locator, name, type;
	struct trivy_config config;
	int64_t		 target;	/* of the artifact; 0: not opened */
	int64_t		 of_result;	/* of a result of a cluster */
	int64_t		 identities, licenses;
	bool		 known, cluster, legacy;
	bool		 packages;	/* the artifact's were looked at */
	bool		 results;	/* it has some */
};

static int open_target(struct report *r, struct err *err)
{
	return ident_open(r->sink, &r->target, row_text(&r->name),
	    "json:", err);
}

/* "alpine:3.14 (alpine 3.14.0)": what stands before the distribution. */
static const char *bare_target(struct report *r)
{
	const char *all = str_text(&r->text[R_TARGET]);
	const char *end = strstr(all, " (");

	str_clear(&r->value);
	str_addn(&r->value, all, end != NULL ? (size_t)(end - all) :
	    strlen(all));
	return str_text(&r->value);
}

/* A cluster's result speaks about an image (where it is of packages) or
 * about a resource, which is no image: that is the file's own. */
static int cluster_target(struct report *r, struct err *err)
{
	struct target t = { .kind = "image" };
	int n;

	if (r->of_result >= 0)
		return 0;
	if (!str_eq(row_text(&r->text[R_CLASS]), "os-pkgs")) {
		r->of_result = 0;
		return 0;
	}
	t.name = bare_target(r);
	t.locator = row_text(&r->path);
	if ((r->of_result = sink_target(r->sink, &t, err)) < 0 ||
	    (n = ident_reference(r->sink, r->of_result, t.name, err)) < 0)
		return -1;
	r->identities += n;
	return 0;
}

/* Where the row at hand belongs. */
static int row_target(struct report *r, int64_t *target, struct err *err)
{
	int n;

	if (r->cluster) {
		if (cluster_target(r, err) < 0)
			return -1;
		*target = r->of_result;
		return 0;
	}
	if (r->legacy && r->target == 0) {
		str_add(&r->name, bare_target(r));
		if (open_target(r, err) < 0 || (n = ident_reference(r->sink,
		    r->target, str_text(&r->name), err)) < 0)
			return -1;
		r->identities += n;
	}
	if (open_target(r, err) < 0)
		return -1;
	*target = r->target;
	return 0;
}

static int unplaced(struct report *r, const char *what, struct err *err)
{
	sink_count(r->sink, COUNT_UNPLACED, 1);
	return sink_warn(r->sink, r->locator.s, err, "%s", what);
}

/* Where a language's package was found: its own path, else the result's. */
static const char *path_of(struct report *r)
{
	if (r->text[PATH].len > 0)
		return r->text[PATH].s;
	if (str_eq(row_text(&r->text[R_CLASS]), "os-pkgs") || r->legacy)
		return NULL;
	return row_text(&r->text[R_TARGET]);
}

static int add_vuln(struct report *r, int64_t target, struct err *err)
{
	struct finding f = {
		.target = target,
		.kind = "vulnerability",
		.id = row_text(&r->text[ID]),
		.package = row_text(&r->text[PACKAGE]),
		.version = row_text(&r->text[VERSION]),
		.type = row_text(&r->text[R_TYPE]),
		.purl = row_text(&r->text[PURL]),
		.severity = severity_of(row_text(&r->text[SEVERITY])),
		.severity_word = row_text(&r->text[SEVERITY]),
		.fixed_in = row_text(&r->text[FIXED]),
		.fixable = r->text[FIXED].len > 0,
		.path = path_of(r),
		.result = row_text(&r->text[STATUS]),
		.locator = r->locator.s,
	};
	const char *about = row_text(&r->text[TITLE]);

	if (f.id == NULL)
		return unplaced(r, "a vulnerability without an id", err);
	if (about == NULL)
		about = row_text(&r->text[DESCRIPTION]);
	if (about == NULL)
		about = row_text(&r->text[URL]);
	str_clear(&r->title);
	if (about != NULL)
		row_title(&r->title, about);
	f.title = row_text(&r->title);
	return sink_finding(r->sink, &f, err);
}

/* The resource of a cluster that a row is about: "NAMESPACE/KIND/NAME". */
static const char *place_of(struct report *r)
{
	str_clear(&r->path);
	if (!r->cluster) {
		str_add(&r->path, str_text(&r->text[R_TARGET]));
	} else {
		if (r->text[K_NAMESPACE].len > 0)
			str_addf(&r->path, "%s/", r->text[K_NAMESPACE].s);
		str_addf(&r->path, "%s/%s", str_text(&r->text[K_KIND]),
		    str_text(&r->text[K_NAME]));
	}
	return row_text(&r->path);
}

static int add_statement(struct report *r, int64_t target,
    const char *status, struct err *err)
{
	struct statement t = {
		.target = target,
		.kind = "ignore",
		.id = row_text(&r->text[ID]),
		.package = row_text(&r->text[PACKAGE]),
		.version = row_text(&r->text[VERSION]),
		.product = row_text(&r->text[PURL]),
		.status = status,
		.text = row_text(&r->text[WHY]),
		.author = row_text(&r->text[SOURCE]),
		.locator = r->locator.s,
	};

	if (t.id == NULL)
		return unplaced(r, "an ignored finding without an id", err);
	return sink_statement(r->sink, &t, err);
}

static int add_misconf(struct report *r, int64_t target, struct err *err)
{
	const char *status = row_text(&r->text[STATUS]);
	struct finding f = {
		.target = target,
		.kind = "compliance",
		.id = row_text(&r->text[ID]),
		.type = row_text(&r->text[R_TYPE]),
		.severity = severity_of(row_text(&r->text[SEVERITY])),
		.severity_word = row_text(&r->text[SEVERITY]),
		.aliases = row_text(&r->text[AVD]),
		.result = "fail",
		.locator = r->locator.s,
	};

	if (str_eq(status, "PASS")) {
		sink_count(r->sink, COUNT_MERGED, 1);
		return 0;
	}
	if (str_eq(status, "EXCEPTION"))
		return add_statement(r, target, "EXCEPTION", err);
	if (f.id == NULL)
		return unplaced(r, "a misconfiguration without an id", err);
	if (!str_eq(status, "FAIL"))
		f.result = "unknown";
	f.path = place_of(r);
	str_clear(&r->title);
	str_clear(&r->value);
	str_add(&r->value, str_text(&r->text[TITLE]));
	if (r->text[MESSAGE].len > 0)
		str_addf(&r->value, "%s%s", r->value.len > 0 ? ": " : "",
		    r->text[MESSAGE].s);
	row_masked(&r->title, NULL, str_text(&r->value));
	f.title = row_text(&r->title);
	return sink_finding(r->sink, &f, err);
}

static int add_secret(struct report *r, int64_t target, struct err *err)
{
	struct finding f = {
		.target = target,
		.kind = "secret",
		.id = row_text(&r->text[ID]),
		.severity = severity_of(row_text(&r->text[SEVERITY])),
		.severity_word = row_text(&r->text[SEVERITY]),
		.locator = r->locator.s,
	};

	if (f.id == NULL)
		return unplaced(r, "a secret without a rule", err);
	f.path = place_of(r);
	str_clear(&r->title);
	row_title(&r->title, str_text(&r->text[TITLE]));
	if (r->text[LINE].len > 0)
		str_addf(&r->title, " (line %s)", r->text[LINE].s);
	f.title = row_text(&r->title);
	return sink_finding(r->sink, &f, err);
}

/* An rpm's version has its release and epoch beside it. */
static int add_package(struct report *r, int64_t target, struct err *err)
{
	struct package p = {
		.target = target,
		.type = row_text(&r->text[R_TYPE]),
		.name = row_text(&r->text[P_NAME]),
		.arch = row_text(&r->text[P_ARCH]),
		.source = row_text(&r->text[P_SRC]),
		.purl = row_text(&r->text[P_PURL]),
		.locator = r->locator.s,
	};
	const char *epoch = row_text(&r->text[P_EPOCH]);

	if (p.name == NULL)
		return unplaced(r, "a package without a name", err);
	str_clear(&r->value);
	if (epoch != NULL && !str_eq(epoch, "0"))
		str_addf(&r->value, "%s:", epoch);
	str_add(&r->value, str_text(&r->text[P_VERSION]));
	if (r->text[P_RELEASE].len > 0)
		str_addf(&r->value, "-%s", r->text[P_RELEASE].s);
	p.version = row_text(&r->value);
	if (p.type == NULL)
		p.type = "unknown";
	return sink_package(r->sink, &p, err);
}

static int on_row(struct report *r, struct json *js, int id,
    enum json_event ev, struct err *err)
{
	int64_t target;

	if (row_is_object(js, ev, err) < 0)
		return -1;
	if (ev == JSON_BEGIN) {
		for (size_t i = 0; i < NROW; i++)
			str_clear(&r->text[i]);
		return 0;
	}
	row_locator(&r->locator, js);
	sink_count(r->sink, COUNT_READ, 1);
	if (id == LICENSE) {
		r->licenses++;
		sink_count(r->sink, COUNT_UNPLACED, 1);
		return 0;
	}
	if (row_target(r, &target, err) < 0)
		return -1;
	switch (id) {
	case VULN:
		return add_vuln(r, target, err);
	case MISCONF:
		return add_misconf(r, target, err);
	case SECRET:
		return add_secret(r, target, err);
	case MODIFIED:
		return add_statement(r, target, row_text(&r->text[STATUS]),
		    err);
	default:
		return add_package(r, target, err);
	}
}

/* Packages were looked at, whether or not something was found in them. */
static int end_result(struct report *r, struct err *err)
{
	const char *class = row_text(&r->text[R_CLASS]);

	r->results = true;
	if (!r->cluster) {
		r->packages |= r->legacy || str_eq(class, "os-pkgs") ||
		    str_eq(class, "lang-pkgs");
		return 0;
	}
	if (!str_eq(class, "os-pkgs"))
		return 0;
	return cluster_target(r, err) < 0 ? -1 :
	    ident_scanned(r->sink, r->of_result, "json:", err);
}

static int on_result(struct report *r, struct json *js, enum json_event ev,
    struct err *err)
{
	struct str at = STR_INIT;

	if (row_is_object(js, ev, err) < 0)
		return -1;
	if (ev == JSON_END)
		return end_result(r, err);
	json_pointer(js, &at);
	if (strncmp(at.s, "/Results", 8) != 0 && !r->cluster)
		r->legacy = true;
	str_clear(&r->path);
	str_addf(&r->path, "json:%s", at.s);
	str_free(&at);
	for (size_t i = NROW + 1; i < NRESULT; i++)
		str_clear(&r->text[i]);
	r->of_result = -1;
	r->known = true;
	return 0;
}

static int on_identity(struct report *r, struct json *js, int id,
    enum json_event ev, const char *text, struct err *err)
{
	int n;

	if (row_take(&r->value, js, ev, text, err) < 0)
		return -1;
	text = row_text(&r->value);
	if (text == NULL)
		return 0;
	switch (id) {
	case CREATED:
		return sink_meta(r->sink, "produced", row_time(text), err);
	case TOOL_VERSION:
		return sink_meta(r->sink, "tool_version", text, err);
	case ARTIFACT_TYPE:
		str_clear(&r->type);
		str_add(&r->type, text);
		return 0;
	case ARTIFACT:
		str_clear(&r->name);
		str_add(&r->name, text);
		if (open_target(r, err) < 0)
			return -1;
		return sink_fact(r->sink, &(struct fact){ r->target,
		    "scan.input", NULL, text, "json:/ArtifactName" }, err);
	default:
		break;
	}
	if (open_target(r, err) < 0)
		return -1;
	n = id == IMAGE_ID ? ident_digest(r->sink, r->target, "config", text,
	    "json:/Metadata/ImageID", err) : ident_reference(r->sink,
	    r->target, text, err);
	r->identities += n > 0 ? n : 0;
	return n < 0 ? -1 : 0;
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
		r->known = r->known || ev == JSON_NULL ||
		    (ev == JSON_BEGIN && json_is_array(js));
		return 0;
	case RESULTS:
		r->known = true;
		return row_is_list(js, ev, err);
	case LIST:
		return row_is_list(js, ev, err);
	case RESOURCES:
		r->cluster = r->known = true;
		return row_is_list(js, ev, err);
	case RESOURCE:
		for (size_t i = K_NAMESPACE; i < NTEXTS; i++)
			if (ev == JSON_BEGIN)
				str_clear(&r->text[i]);
		return row_is_object(js, ev, err);
	case RESULT:
		return on_result(r, js, ev, err);
	case CLUSTER:
		r->cluster = r->known = true;
		return 0;
	case CONFIG:
		trivy_config_event(&r->config, js, ev, text);
		return 0;
	case VULN:
	case MISCONF:
	case SECRET:
	case LICENSE:
	case MODIFIED:
	case PACKAGES:
		return on_row(r, js, id, ev, err);
	default:
		return on_identity(r, js, id, ev, text, err);
	}
}

static int conclude(struct report *r, struct input *in, struct err *err)
{
	int n;

	if (!r->known && r->target == 0) {
		err_set(err, ERR_INPUT, "neither results nor an artifact's "
		    "name at the top; expected the report of trivy --format "
		    "json");
		return err_at(err, input_name(in), 0, -1);
	}
	if (r->licenses > 0 && sink_warn(r->sink, "json:/Results", err,
	    "%lld licences are not findings", (long long)r->licenses) < 0)
		return -1;
	if (r->cluster)
		return 0;
	if (open_target(r, err) < 0)
		return -1;
	/* Of an image without results Trivy says nothing else: that it found
	 * none. */
	if ((r->packages || (!r->results && str_eq(row_text(&r->type),
	    "container_image"))) && ident_scanned(r->sink, r->target, "json:",
	    err) < 0)
		return -1;
	if (str_eq(row_text(&r->type), "container_image")) {
		if ((n = ident_reference(r->sink, r->target,
		    row_text(&r->name), err)) < 0 || trivy_config_emit(
		    &r->config, r->sink, r->target, err) < 0)
			return -1;
		r->identities += n;
	}
	if (r->identities > 0)
		return 0;
	return sink_warn(r->sink, "json:", err, "the report names no image "
	    "(%s%s%.200s): what it says is attached to none",
	    r->type.len > 0 ? r->type.s : "no artifact",
	    r->name.len > 0 ? " " : "", str_text(&r->name));
}

static int read_report(struct input *in, struct sink *sink, struct err *err)
{
	struct report r = { .sink = sink, .of_result = -1 };
	int rc = -1;

	if (sink_meta(sink, "tool", "trivy", err) == 0 &&
	    json_read(in, wants, on_value, &r, err) == 0)
		rc = conclude(&r, in, err);
	for (size_t i = 0; i < NTEXTS; i++)
		str_free(&r.text[i]);
	str_free(&r.value);
	str_free(&r.title);
	str_free(&r.path);
	str_free(&r.locator);
	str_free(&r.name);
	str_free(&r.type);
	str_free(&r.config.json);
	return rc;
}

static int bid(const struct probe *p)
{
	if (p->kind != PROBE_JSON)
		return 0;
	if (probe_has(p, "SchemaVersion") && (probe_has(p, "ArtifactName") ||
	    probe_has(p, "Results") || probe_has(p, "ArtifactType")))
		return 95;
	if (probe_has(p, "ClusterName") && (probe_has(p, "Resources") ||
	    probe_has(p, "Vulnerabilities") || probe_has(p,
	    "Misconfigurations") || probe_has(p, "Findings")))
		return 95;
	if (probe_has(p, "[].Target") && (probe_has(p, "[].Vulnerabilities") ||
	    probe_has(p, "[].Type")))
		return 90;
	return probe_has(p, "Results[].Target") ? 70 : 0;
}

const struct importer importer_trivy = {
	.name = "trivy",
	.about = "vulnerabilities, misconfigurations and secrets, from trivy "
	    "--format json",
	.version = 3,
	.keep = true,
	.bid = bid,
	.read = read_report,
};
