/*
 * vat.c - answers of Iron Bank's Vulnerability Assessment Tracker: what was
 * decided about an image, and about each finding in it.
 *
 * Its public API of 2021, the longer answers of 2022, those of 2023 (all in
 * "image", states in "state"), and the lineage file that Iron Bank attests
 * ({"images": [ancestors, the image]}).  Of 2020 see greylist.c.
 *
 * Every finding is a statement.  What a statement has no column for is a fact
 * whose key is the statement's locator.  Nothing is judged here: an approval
 * that has expired is one that says until when it held.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "ident.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/node.h"
#include "muster/sink.h"
#include "muster/str.h"
#include "vat.h"

#define REGISTRY	"registry1.dso.mil/ironbank/"

struct vat {
	struct sink	*sink;
	const char	*name;		/* of the file */
	int64_t		 target;
	struct str	 at, where, package, version, text;
};

const char *vat_place(struct str *at, const struct node *n)
{
	str_clear(at);
	str_add(at, "json:");
	node_pointer(n, at);
	return at->s;
}

/* Where the version begins: of an RPM the last two parts are version and
 * release, of others the first part that begins with a digit does. */
static const char *version_at(const char *text)
{
	static const char *const dists[] = { ".el", ".fc", ".amzn", ".ubi" };
	const char *last = strrchr(text, '-'), *p;

	for (size_t i = 0; last != NULL && i < sizeof(dists) /
	    sizeof(dists[0]); i++) {
		if (strstr(last, dists[i]) == NULL)
			continue;
		for (p = last - 1; p > text && *p != '-'; p--)
			continue;
		if (p > text && isdigit((unsigned char)p[1]))
			return p;
	}
	for (p = text; *p != '\0'; p++)
		if (p > text && *p == '-' && isdigit((unsigned char)p[1]))
			return p;
	return NULL;
}

void vat_package(const char *text, struct str *name, struct str *version)
{
	const char *p = text != NULL ? version_at(text) : NULL;

	str_clear(name);
	str_clear(version);
	if (p != NULL) {
		str_addn(name, text, (size_t)(p - text));
		str_add(version, p + 1);
	} else if (text != NULL) {
		str_add(name, text);
	}
}

static int tag(struct sink *s, int64_t target, const char *registry,
    const char *name, const char *tag, struct err *err)
{
	struct str ref = STR_INIT;
	int rc;

	str_addf(&ref, "%s%s:%s", registry, name, tag);
	rc = ident_reference(s, target, ref.s, err) < 0 ? -1 : 0;
	str_free(&ref);
	return rc;
}

/* HOST/... or HOST:PORT/... */
static bool has_registry(const char *name)
{
	return name[strcspn(name, "/.:")] != '/' && strchr(name, '/') != NULL;
}

int vat_names(struct sink *s, int64_t target, const char *name,
    const char *its, struct err *err)
{
	/* "latest" is whatever was built last: it names no image. */
	if (str_empty(name) || str_empty(its) || str_eq(its, "latest"))
		return 0;
	if (tag(s, target, "", name, its, err) < 0)
		return -1;
	return has_registry(name) ? 0 :
	    tag(s, target, REGISTRY, name, its, err);
}

int vat_fact(struct sink *s, int64_t target, const char *name,
    const char *key, const char *value, const char *at, struct err *err)
{
	return str_empty(value) ? 0 : sink_fact(s, &(struct fact){
	    .target = target, .name = name, .key = key, .value = value,
	    .locator = at }, err);
}

static const char *first(const char *a, const char *b)
{
	return !str_empty(a) ? a : str_empty(b) ? NULL : b;
}

static const char *text_at(const struct node *n, const char *path)
{
	return first(node_text(node_at(n, path)), NULL);
}

/* Which of the three who act on a finding brought it where it is. */
static const struct node *actor(const struct node *f, const char *state)
{
	static const char *const roles[] = {
		"approver", "reviewer", "contributor"
	};
	size_t i = state == NULL ? 2 : str_listed("approved conditional "
	    "rejected", state) ? 0 : str_listed("reviewed needs_rework",
	    state) ? 1 : 2;

	for (; i < 3; i++) {
		const struct node *n = node_get(f, roles[i]);

		if (node_get(n, "user") != NULL || text_at(n, "date") != NULL)
			return n;
	}
	return NULL;
}

static const char *who(const struct node *n)
{
	const char *user = text_at(n, "user");

	return user != NULL ? user : first(text_at(n, "user.name"),
	    text_at(n, "user.email"));
}

/* What one of them said: "reviewed 2021-11-01 by user1 (role): comment". */
static int said(struct vat *v, const struct node *f, const char *role,
    struct err *err)
{
	const struct node *n = node_get(f, role);
	const char *state = text_at(n, "state"), *date = text_at(n, "date");
	const char *user = who(n), *its = text_at(n, "user.role");
	const char *comment = text_at(n, "comment");

	if (n == NULL || (state == NULL && date == NULL && user == NULL))
		return 0;
	str_clear(&v->text);
	str_addf(&v->text, "%s %s by %s (%s)", state != NULL ? state : "-",
	    date != NULL ? date : "-", user != NULL ? user : "-",
	    its != NULL ? its : "-");
	if (comment != NULL)
		str_addf(&v->text, ": %s", comment);
	return vat_fact(v->sink, v->target, "vat.said", v->at.s, v->text.s,
	    vat_place(&v->where, n), err);
}

/* An approval by somebody who may not approve is worth a warning. */
static int may(struct vat *v, const struct node *n, const char *roles,
    struct err *err)
{
	const char *role = text_at(n, "user.role");

	if (role == NULL || str_listed(roles, role))
		return 0;
	return sink_warn(v->sink, vat_place(&v->where, n), err, "approved by "
	    "%.100s, who is %.60s; expected %s", who(n) != NULL ? who(n) :
	    "somebody", role, roles);
}

/* The codes of a list, a blank between. */
static const char *codes(struct vat *v, const struct node *list)
{
	str_clear(&v->text);
	NODE_EACH(n, list)
		if (node_text(n) != NULL)
			str_addf(&v->text, "%s%s", v->text.len > 0 ? " " : "",
			    node_text(n));
	return str_text(&v->text);
}

/* What a statement has no column for. */
static int aside(struct vat *v, const struct node *f, const char *state,
    struct err *err)
{
	const char *at = v->at.s;
	const struct {
		const char *fact, *value;
	} facts[] = {
		{ "vat.source", first(text_at(f, "source"),
		    text_at(f, "scannerName")) },
		{ "vat.severity", text_at(f, "severity") },
		{ "vat.path", text_at(f, "packagePath") },
		{ "vat.inherits", text_at(f, "inheritsFrom") },
		{ "vat.false_positive", text_at(f, "reviewer.falsePositive") },
		{ "vat.fix_date", text_at(f, "fixDate") },
		{ "vat.fast_track", codes(v, node_get(f,
		    "fastTrackEligibility")) },
	};

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		if (vat_fact(v->sink, v->target, facts[i].fact, at,
		    facts[i].value, at, err) < 0)
			return -1;
	if (said(v, f, "contributor", err) < 0 ||
	    said(v, f, "reviewer", err) < 0 || said(v, f, "approver", err) < 0)
		return -1;
	return str_listed("approved conditional", state) ?
	    may(v, node_get(f, "approver"), "findings_approver "
	    "container_approver", err) : 0;
}

static int finding(struct vat *v, const struct node *f, struct err *err)
{
	const char *state = first(text_at(f, "findingsState"),
	    text_at(f, "state.findingStatus"));
	const struct node *by = actor(f, state);
	struct statement t = {
		.target = v->target, .kind = "vat",
		.id = text_at(f, "identifier"), .status = state,
		.product = text_at(f, "package"),
		.justification = text_at(f, "reviewer.designator"),
		.text = first(text_at(f, "contributor.justification"),
		    text_at(f, "justificationGate.justification")),
		.author = who(by), .at = text_at(by, "date"),
		.until = text_at(f, "approver.expires"),
		.locator = vat_place(&v->at, f),
	};

	sink_count(v->sink, COUNT_READ, 1);
	if (t.id == NULL || t.status == NULL) {
		sink_count(v->sink, COUNT_UNPLACED, 1);
		return sink_warn(v->sink, t.locator, err, "a finding without "
		    "its %s", t.id == NULL ? "identifier" : "state");
	}
	vat_package(t.product, &v->package, &v->version);
	t.package = v->package.len > 0 ? v->package.s : NULL;
	t.version = v->version.len > 0 ? v->version.s : NULL;
	return sink_statement(v->sink, &t, err) < 0 ? -1 :
	    aside(v, f, state, err);
}

/* The images it is built on, the image itself not being one of them. */
static int parents(struct vat *v, const struct node *c, const char *name,
    const char *its, struct err *err)
{
	int n = 0;

	NODE_EACH(p, node_get(c, "containerHierarchy")) {
		const char *digest = text_at(p, "digest");
		char key[16];

		if (str_eq(text_at(p, "containerName"), name) &&
		    str_eq(text_at(p, "tag"), its))
			continue;
		str_clear(&v->text);
		str_add(&v->text, first(text_at(p, "nameAndTag"), "-"));
		if (digest != NULL)
			str_addf(&v->text, "@sha256:%s", digest);
		snprintf(key, sizeof(key), "%d", n++);
		if (vat_fact(v->sink, v->target, "vat.parent", key,
		    v->text.s, vat_place(&v->where, p), err) < 0)
			return -1;
	}
	return 0;
}

/* The approval of the container as a whole. */
static int approval(struct vat *v, const struct node *c, struct err *err)
{
	const struct node *by = node_get(c, "approver");
	const char *role = text_at(by, "user.role");
	const struct {
		const char *fact, *key, *value;
	} facts[] = {
		{ "vat.accreditation", NULL, first(text_at(c, "accreditation"),
		    text_at(c, "state.factors.caReview.value")) },
		{ "vat.accredited", NULL, first(text_at(c,
		    "accreditationDate"), text_at(by, "date")) },
		{ "vat.comment", NULL, first(text_at(c,
		    "accreditationComment"), text_at(by, "comment")) },
		{ "vat.state", NULL, first(text_at(c, "containerState"),
		    text_at(c, "state.imageStatus")) },
		{ "vat.reason", NULL, text_at(c, "state.reason") },
		{ "vat.until", "container", text_at(by, "expires") },
		{ "vat.until", "earliest", text_at(c, "earliestExpiration") },
		{ "vat.until", "review", text_at(c,
		    "state.factors.caReview.expiration") },
		{ "vat.approver", role != NULL ? role : "-", who(by) },
		{ "vat.lifecycle", NULL, text_at(c, "lifecycle") },
		{ "vat.url", NULL, text_at(c, "vatUrl") },
		{ "vat.bad_parent", NULL, text_at(c, "badParent") },
	};

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		if (vat_fact(v->sink, v->target, facts[i].fact, facts[i].key,
		    facts[i].value, vat_place(&v->at, c), err) < 0)
			return -1;
	return may(v, by, "container_approver", err);
}

static int bad(const struct vat *v, const struct node *n, const char *what,
    struct err *err)
{
	err_set(err, ERR_INPUT, "%s", what);
	return err_at(err, v->name, n != NULL ? n->line : 1, -1);
}

static int count(struct vat *v, const struct node *c,
    const struct node *list, struct err *err)
{
	int64_t says = 0, are = list != NULL ? (int64_t)list->count : 0;

	if (!node_int(node_get(c, "findingCount"), &says) || says == are)
		return 0;
	return sink_warn(v->sink, vat_place(&v->at, c), err, "it says that it "
	    "has %lld findings, and has %lld", (long long)says,
	    (long long)are);
}

static int container(struct vat *v, const struct node *c, struct err *err)
{
	const struct node *list;
	const char *name, *its;

	if (node_get(c, "image") != NULL)
		c = node_get(c, "image");
	name = text_at(c, "imageName");
	its = first(text_at(c, "imageTag"), text_at(c, "tag"));
	list = node_get(c, "findings");
	if (name == NULL)
		return bad(v, c, "no answer of VAT: expected an object with "
		    "\"imageName\"", err);
	if (list != NULL && list->kind != NODE_LIST && list->kind != NODE_NULL)
		return bad(v, list, "\"findings\" is no array; expected one",
		    err);
	str_clear(&v->text);
	str_addf(&v->text, "%s%s%s", name, its != NULL ? ":" : "",
	    its != NULL ? its : "");
	v->target = sink_target(v->sink, &(struct target){ .kind = "image",
	    .name = v->text.s, .locator = vat_place(&v->at, c) }, err);
	if (v->target < 0 ||
	    vat_names(v->sink, v->target, name, its, err) < 0 ||
	    ident_digest(v->sink, v->target, "manifest",
	    text_at(c, "digest"), v->at.s, err) < 0 ||
	    approval(v, c, err) < 0 || parents(v, c, name, its, err) < 0 ||
	    count(v, c, list, err) < 0)
		return -1;
	NODE_EACH(f, list) {
		if (f->kind != NODE_MAP)
			return bad(v, f, "an element of \"findings\" that is "
			    "no object; expected objects only", err);
		if (finding(v, f, err) < 0)
			return -1;
	}
	return 0;
}

/* The image itself is the last of its lineage and comes first here: what
 * somebody attests of the file is about it. */
static int lineage(struct vat *v, const struct node *list, struct err *err)
{
	if (list->kind != NODE_LIST || list->child == NULL)
		return bad(v, list, "\"images\" is no array of images; "
		    "expected one", err);
	NODE_EACH(n, list)
		if (n->next == NULL && container(v, n, err) < 0)
			return -1;
	NODE_EACH(n, list)
		if (n->next != NULL && container(v, n, err) < 0)
			return -1;
	return 0;
}

static int read_answer(struct input *in, struct sink *sink, struct err *err)
{
	struct vat v = { .sink = sink, .name = input_name(in) };
	const struct node *root, *list;
	struct tree *t = tree_json_input(in, err);
	int rc = -1;

	if (t != NULL &&
	    sink_meta(sink, "tool", "VAT", err) == 0) {
		root = tree_root(t);
		list = node_get(root, "images");
		rc = list != NULL ? lineage(&v, list, err) :
		    container(&v, root, err);
	}
	tree_free(t);
	str_free(&v.at);
	str_free(&v.where);
	str_free(&v.package);
	str_free(&v.version);
	str_free(&v.text);
	return rc;
}

static bool has(const struct probe *p, const char *prefix, const char *key)
{
	char path[96];

	snprintf(path, sizeof(path), "%s%s", prefix, key);
	return probe_has(p, path);
}

static int bid(const struct probe *p)
{
	static const char *const around[] = {
		"", "image.", "images[].", "images[].image."
	};
	static const char *const decided[] = {
		"accreditation", "containerState", "state.imageStatus",
		"findings[].findingsState", "findings[].state.findingStatus",
		"findings[].justificationGate"
	};

	if (p->kind != PROBE_JSON)
		return 0;
	for (size_t i = 0; i < sizeof(around) / sizeof(around[0]); i++) {
		if (!has(p, around[i], "imageName") &&
		    !has(p, around[i], "findings"))
			continue;
		for (size_t j = 0; j < sizeof(decided) / sizeof(decided[0]);
		    j++)
			if (has(p, around[i], decided[j]))
				return 90;
	}
	return 0;
}

const struct importer importer_vat = {
	.name = "vat",
	.about = "answers of Iron Bank's VAT (2021 and later), and lineages",
	.version = 2,
	.keep = true,
	.bid = bid,
	.read = read_answer,
};
