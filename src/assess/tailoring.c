/*
 * tailoring.c - an XCCDF 1.2 tailoring file over the benchmark's rows.
 *
 * Read: Tailoring/Profile with select, set-value and refine-rule (severity,
 * weight).  What would change a verdict and is not read, refuses the file: a
 * selector nobody obeyed would be a threshold the assessor believes in.  A
 * rule that is not selected is still listed, as not reviewed with the reason.
 * The file itself becomes an event, so that a verdict can be decided again.
 */
#include <stdlib.h>
#include <string.h>

#include "muster/assess.h"
#include "muster/err.h"
#include "muster/input.h"
#include "muster/sha.h"
#include "muster/store.h"
#include "muster/str.h"
#include "muster/xml.h"
#include "tailoring.h"

#define XCCDF	"http://checklists.nist.gov/xccdf/1.2"
#define VALUE_ID "_value_"

struct tailoring {
	struct store	*store;
	struct str	 id, version, time;	/* of the Tailoring */
	struct str	 profile, title;	/* of its Profile */
	struct str	 value;		/* id of the Value being set */
	int64_t		 profiles;
};

/* The statement just run must have found what it names. */
static int changed(struct tailoring *t, const char *idref, const char *what,
    struct xml *x, struct err *err)
{
	int64_t n;

	if (store_int(t->store, SQL_TAILOR_CHANGES, NOBIND, &n, err) < 0)
		return -1;
	return n > 0 ? 0 : xml_bad(x, err, "the benchmark has no %s \"%s\"",
	    what, idref);
}

static int want(struct xml *x, const char *element, const char *attribute,
    const char **v, struct err *err)
{
	if ((*v = xml_attr(x, attribute)) == NULL)
		return xml_bad(x, err, "%s without %s", element, attribute);
	return 0;
}

static int add_select(struct tailoring *t, struct xml *x, struct err *err)
{
	const char *id, *selected;
	bool on;

	if (want(x, "select", "idref", &id, err) < 0 ||
	    want(x, "select", "selected", &selected, err) < 0)
		return -1;
	on = str_eq(selected, "true") || str_eq(selected, "1");
	if (!on && !str_eq(selected, "false") && !str_eq(selected, "0"))
		return xml_bad(x, err, "selected is \"%s\", neither true nor "
		    "false", selected);
	/* a group stands for its rules: CIDG-02 is section 2 */
	if (store_run(t->store, SQL_TAILOR_SELECT, BIND(V(id), V(on)), err)
	    < 0)
		return -1;
	return changed(t, id, "rule or group", x, err);
}

static int refine(struct tailoring *t, struct xml *x, struct err *err)
{
	static const char *const known = "low medium high";
	const char *id, *severity = xml_attr(x, "severity"),
	    *weight = xml_attr(x, "weight");
	char *end = NULL;

	if (want(x, "refine-rule", "idref", &id, err) < 0)
		return -1;
	if (xml_attr(x, "selector") != NULL || xml_attr(x, "role") != NULL)
		return xml_bad(x, err, "refine-rule with a selector or role: "
		    "severity and weight are what is read");
	if (severity != NULL && !str_listed(known, severity))
		return xml_bad(x, err, "severity \"%s\" is none of %s",
		    severity, known);
	if (weight != NULL && (*weight < '0' || *weight > '9' ||
	    strtod(weight, &end) < 0 || *end != '\0'))
		return xml_bad(x, err, "weight \"%s\" is no number", weight);
	if (store_run(t->store, SQL_TAILOR_RULE, BIND(V(id), V(severity),
	    V(weight)), err) < 0)
		return -1;
	return changed(t, id, "rule", x, err);
}

static int start(void *ctx, struct xml *x, const char *ns, const char *name,
    struct err *err)
{
	static const char *const unread[] = {
		"refine-value", "set-complex-value"
	};
	struct tailoring *t = ctx;
	const char *id;

	if (xml_depth(x) == 1 && (strcmp(ns, XCCDF) != 0 ||
	    strcmp(name, "Tailoring") != 0))
		return xml_bad(x, err, "the root is %s: an XCCDF 1.2 "
		    "Tailoring was expected", name);
	if (strcmp(ns, XCCDF) != 0)
		return 0;
	if (xml_depth(x) == 1) {
		if (want(x, "Tailoring", "id", &id, err) < 0)
			return -1;
		str_add(&t->id, id);
	} else if (xml_depth(x) == 2 && strcmp(name, "version") == 0) {
		if (want(x, "version", "time", &id, err) < 0)
			return -1;
		str_clear(&t->time);
		str_add(&t->time, id);
		xml_want_text(x);
	} else if (xml_depth(x) == 2 && strcmp(name, "Profile") == 0) {
		if (++t->profiles > 1)
			return xml_bad(x, err, "a second Profile: one says "
			    "what is in force");
		if (want(x, "Profile", "id", &id, err) < 0)
			return -1;
		str_add(&t->profile, id);
	} else if (xml_depth(x) == 3 && strcmp(name, "title") == 0) {
		xml_want_text(x);
	} else if (xml_depth(x) == 3 && strcmp(name, "select") == 0) {
		return add_select(t, x, err);
	} else if (xml_depth(x) == 3 && strcmp(name, "refine-rule") == 0) {
		return refine(t, x, err);
	} else if (xml_depth(x) == 3 && strcmp(name, "set-value") == 0) {
		if (want(x, "set-value", "idref", &id, err) < 0)
			return -1;
		str_clear(&t->value);
		str_add(&t->value, id);
		xml_want_text(x);
	}
	for (size_t i = 0; i < sizeof(unread) / sizeof(unread[0]); i++)
		if (strcmp(name, unread[i]) == 0)
			return xml_bad(x, err, "%s is not read: use set-value",
			    name);
	return 0;
}

/* Is the text one of the Value's type? */
static int fits(struct tailoring *t, const char *name, const char *text,
    struct xml *x, struct err *err)
{
	struct query q;
	int64_t n;
	int rc;

	query_open(&q, t->store, SQL_TAILOR_TYPE, BIND(V(name)));
	if ((rc = query_next(&q, err)) == 0)
		rc = xml_bad(x, err, "the benchmark has no Value \"%s\"",
		    t->value.s);
	else if (rc > 0 && str_eq(query_text(&q, 0), "number") &&
	    !str_int(text, INT64_MIN, INT64_MAX, &n))
		rc = xml_bad(x, err, "\"%s\" for %s, which is a whole number",
		    text, name);
	else if (rc > 0 && str_eq(query_text(&q, 0), "boolean") &&
	    !str_eq(text, "true") && !str_eq(text, "false"))
		rc = xml_bad(x, err, "\"%s\" for %s, which is true or false",
		    text, name);
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

static int end(void *ctx, struct xml *x, const char *ns, const char *name,
    const char *text, size_t len, struct err *err)
{
	struct tailoring *t = ctx;
	const char *value;

	(void)len;
	if (strcmp(ns, XCCDF) == 0 && xml_depth(x) == 2 &&
	    strcmp(name, "version") == 0) {
		str_clear(&t->version);
		str_add(&t->version, text);
	}
	if (strcmp(ns, XCCDF) != 0 || xml_depth(x) != 3)
		return 0;
	if (strcmp(name, "title") == 0 && t->title.len == 0)
		str_add(&t->title, text);
	if (strcmp(name, "set-value") != 0)
		return 0;
	value = strstr(str_text(&t->value), VALUE_ID);
	value = value != NULL ? value + strlen(VALUE_ID) :
	    str_text(&t->value);
	if (fits(t, value, text, x, err) < 0)
		return -1;
	return store_run(t->store, SQL_TAILOR_VALUE, BIND(V(value), V(text)),
	    err);
}

/* The file as an event, once however often it is used. */
static int keep(struct tailoring *t, const char *sha256, const char *bytes,
    struct err *err)
{
	struct str body = STR_INIT;
	int64_t held;
	int rc = -1;

	if (store_int(t->store, SQL_TAILOR_HELD, BIND(V(sha256)), &held, err)
	    < 0)
		return -1;
	if (held > 0)
		return 0;
	str_add(&body, "{\"profile\":");
	str_json(&body, str_text(&t->profile));
	str_add(&body, ",\"text\":");
	str_json(&body, bytes);
	str_addc(&body, '}');
	rc = event_add(t->store, "tailoring", sha256, body.s, err);
	str_free(&body);
	return rc;
}

int tailoring_apply(struct store *st, struct input *in, struct err *err)
{
	static const struct xml_handler handler = { start, end };
	struct tailoring t = { .store = st };
	struct input *text = NULL;
	char *bytes, sha256[SHA_HEX];
	size_t len;
	int rc = -1;

	if ((bytes = input_slurp(in, CAP_SETTINGS_BYTES, &len, err)) == NULL)
		return -1;
	sha_of(bytes, len, sha256);
	text = input_open_mem(bytes, len, input_name(in));
	if (xml_read(text, &handler, &t, err) < 0)
		goto out;
	if (t.profiles == 0 || t.version.len == 0) {
		err_set(err, ERR_INPUT, "the Tailoring has no %s",
		    t.profiles == 0 ? "Profile" : "version");
		err_at(err, input_name(in), 0, -1);
		goto out;
	}
	if (store_run(st, SQL_TAILOR_MARK, BIND(V((const char *)sha256),
	    V(str_text(&t.id)), V(str_text(&t.version)),
	    V(str_text(&t.time)), V(str_text(&t.profile)),
	    V(str_text(&t.title))), err) < 0 ||
	    keep(&t, sha256, bytes, err) < 0)
		goto out;
	rc = 0;
out:
	input_close(text);
	free(bytes);
	str_free(&t.id);
	str_free(&t.version);
	str_free(&t.time);
	str_free(&t.profile);
	str_free(&t.title);
	str_free(&t.value);
	return rc;
}
