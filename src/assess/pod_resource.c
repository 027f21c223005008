/*
 * pod_resource.c - CPU and memory: 3.5 (limits) and 3.6 (requests).
 *
 * What the container does not say, the pod as a whole or a LimitRange of the
 * namespace may; and Kubernetes copies a limit into a missing request.
 */
#include <stdio.h>
#include <string.h>

#include "muster/err.h"
#include "pod_priv.h"

/* A quantity ("0.5", "100m", "1Gi", "1e3") above zero? */
static bool positive(const char *q)
{
	size_t n;
	bool some = false;

	q += *q == '+';
	n = strspn(q, "0123456789.");
	for (size_t i = 0; i < n; i++)
		some |= q[i] >= '1' && q[i] <= '9';
	return some;	/* a minus, a word: no digit at the start */
}

/* Where a value may come from, best first; for a service of a compose file
 * the first only. */
static const struct source {
	bool		 around;	/* a LimitRange's */
	bool		 whole;		/* the pod's */
	bool		 copied;	/* a limit, asked for a request */
	const char	*text;
} sources[] = {
	{ false, false, false, "" },
	{ false, false, true,  ", copied from the limit" },
	{ false, true,	false, ", set for the whole pod" },
	{ false, true,	true,  ", copied from the limit of the whole pod" },
	{ true,	 false, false, ", by a LimitRange" },
};
#define NSOURCES (sizeof(sources) / sizeof(sources[0]))

static int find(struct assess *as, const struct source *s, const char *ns,
    const char *what, const char *resource, struct pod_fact *f,
    struct err *err)
{
	struct str key = STR_INIT;
	char name[64];
	int rc;

	if (s->copied && strcmp(what, "requests") != 0)
		return 0;
	snprintf(name, sizeof(name), "%s%s.%s", s->whole ? "pod." : "",
	    s->copied ? "limits" : what, resource);
	if (!s->around)
		return pod_get(as, "pod.resource", name, f, err);
	str_addf(&key, "%s/%s", ns, name);
	rc = pod_around(as, "k8s.default", str_text(&key), f, err);
	str_free(&key);
	return rc;
}

static int resource(struct assess *as, const char *what,
    const char *resource, const char *ns, const struct pod_fact *role,
    struct err *err)
{
	struct pod_fact f = POD_FACT_INIT;
	int rc = 0, compose = pod_compose(as, err);
	size_t i;

	if (compose < 0)
		return -1;
	for (i = 0; i < (compose ? 1 : NSOURCES) && rc == 0; i++)
		rc = find(as, &sources[i], ns, what, resource, &f, err);
	if (rc == 0)
		rc = assess_say(as, ROLE_FAIL, pod_cite(role), err,
		    "%s.%s is not set%s", what, resource, compose ? "" :
		    ", and no LimitRange in evidence supplies it");
	else if (rc > 0 && *str_text(&f.value) == '$')
		rc = assess_say(as, ROLE_MISSING, pod_cite(&f), err,
		    "%s.%s is the variable %s; its value would decide",
		    what, resource, str_text(&f.value));
	else if (rc > 0 && positive(str_text(&f.value)))
		rc = assess_say(as, ROLE_PASS, pod_cite(&f), err,
		    "%s.%s is %s%s", what, resource, str_text(&f.value),
		    sources[i - 1].text);
	else if (rc > 0)
		rc = assess_say(as, ROLE_FAIL, pod_cite(&f), err,
		    "%s.%s is %s%s; expected an amount above 0", what,
		    resource, str_text(&f.value), sources[i - 1].text);
	pod_fact_free(&f);
	return rc;
}

/* A quota makes the API refuse a container that states nothing. */
static int quota(struct assess *as, const char *what, const char *resource,
    const char *ns, struct err *err)
{
	struct pod_fact f = POD_FACT_INIT;
	struct str key = STR_INIT;
	int rc;

	str_addf(&key, "%s/%s.%s", ns, what, resource);
	rc = pod_around(as, "k8s.quota", str_text(&key), &f, err);
	if (rc > 0)
		rc = assess_say(as, ROLE_NOTE, pod_cite(&f), err,
		    "a ResourceQuota of namespace %s allows %s.%s of %s in "
		    "all: the API refuses a container that states none", ns,
		    what, resource, str_text(&f.value));
	str_free(&key);
	pod_fact_free(&f);
	return rc;
}

static int both(struct assess *as, const char *what, struct err *err)
{
	struct pod_fact role = POD_FACT_INIT, ns = POD_FACT_INIT;
	int rc;

	rc = pod_applies(as, POD_SKIP_EPHEMERAL, &role, err);
	if (rc <= 0 ||
	    (rc = pod_get(as, "pod.namespace", NULL, &ns, err)) < 0)
		goto out;
	rc = resource(as, what, "cpu", str_text(&ns.value), &role, err);
	if (rc == 0)
		rc = resource(as, what, "memory", str_text(&ns.value),
		    &role, err);
	if (rc == 0 && (rc = pod_compose(as, err)) == 0 &&
	    (rc = quota(as, what, "cpu", str_text(&ns.value), err)) == 0)
		rc = quota(as, what, "memory", str_text(&ns.value), err);
	rc = rc > 0 ? 0 : rc;
out:
	pod_fact_free(&role);
	pod_fact_free(&ns);
	return rc;
}

/* 3.5 */
int pod_resource_limits(struct assess *as, struct err *err)
{
	return both(as, "limits", err);
}

/* 3.6 */
int pod_resource_requests(struct assess *as, struct err *err)
{
	return both(as, "requests", err);
}
