/*
 * pod_compose.c - what an engine's rules decide differently for a service of
 * a compose file: 3.2, 3.3, 3.8 to 3.10.
 *
 * The engine's own seccomp profile applies unless it is switched off, PIDs
 * are limited per service or by the engine's configuration (daemon.json; a
 * kubelet's says nothing about services), and one health check stands for
 * both probes.
 */
#include <string.h>

#include "muster/err.h"
#include "muster/store.h"
#include "pod_priv.h"

int pod_compose_health(struct assess *as, struct err *err)
{
	struct pod_fact role = POD_FACT_INIT, f = POD_FACT_INIT;
	const char *value;
	int rc;

	if (pod_get(as, "pod.container", NULL, &role, err) < 0 ||
	    (rc = pod_get(as, "pod.probe", NULL, &f, err)) < 0) {
		rc = -1;
		goto out;
	}
	value = str_text(&f.value);
	if (rc == 0)
		rc = assess_say(as, ROLE_FAIL, pod_cite(&role), err,
		    "the service has no healthcheck");
	else if (strcmp(value, "none") == 0)
		rc = assess_say(as, ROLE_FAIL, pod_cite(&f), err,
		    "the service's healthcheck is switched off or empty");
	else if (strcmp(value, "image") == 0)
		rc = assess_say(as, ROLE_MISSING, pod_cite(&f), err,
		    "the service's healthcheck names no test: it changes "
		    "the image's own, and the image's configuration would "
		    "decide");
	else
		rc = assess_say(as, ROLE_PASS, pod_cite(&f), err,
		    "the service has a healthcheck, which stands for both "
		    "probes");
out:
	pod_fact_free(&role);
	pod_fact_free(&f);
	return rc;
}

/* One setting: 1 said, 0 nothing to say. */
static int namespace(struct assess *as, const char *key, const char *value,
    struct cite cite, struct err *err)
{
	bool other = str_starts(value, "container:") ||
	    str_starts(value, "service:");

	if (strcmp(value, "host") == 0)
		return assess_say(as, strcmp(key, "cgroup") == 0 ?
		    ROLE_NOTE : ROLE_FAIL, cite, err, "%s is host: the "
		    "service shares a namespace of the host", key);
	if (other)
		return assess_say(as, ROLE_FAIL, cite, err, "%s is %s: the "
		    "service shares a namespace of another container", key,
		    value);
	if (*value == '$')
		return assess_say(as, ROLE_MISSING, cite, err, "%s is the "
		    "variable %s; its value would decide", key, value);
	return 0;
}

int pod_compose_namespaces(struct assess *as, struct err *err)
{
	struct pod_fact role = POD_FACT_INIT;
	struct query q;
	int rc;

	if (pod_get(as, "pod.container", NULL, &role, err) < 0)
		return -1;
	query_open(&q, as->store, SQL_POD_FACTS,
	    BIND(V(as->subject), V("pod.hostns")));
	while ((rc = query_next(&q, err)) > 0)
		if ((rc = namespace(as, query_text(&q, 0),
		    query_text(&q, 1), (struct cite){ query_int(&q, 2),
		    query_text(&q, 3) }, err)) < 0)
			break;
	query_close(&q);
	if (rc == 0 && !assess_said(as, ROLE_FAIL) &&
	    !assess_said(as, ROLE_MISSING))
		rc = assess_say(as, ROLE_PASS, pod_cite(&role), err,
		    "network_mode, pid, ipc, uts and userns_mode name no "
		    "namespace of the host or of another container");
	if (rc == 0 && assess_value_bool(as, "host_users_required"))
		rc = assess_say(as, ROLE_FAIL, pod_cite(&role), err,
		    "a compose file cannot ask for a user namespace of the "
		    "service's own (host_users_required is true)");
	pod_fact_free(&role);
	return rc;
}

/* An engine that switches its default profile off. */
static int engines(struct assess *as, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, as->store, SQL_POD_ENGINES_OF,
	    BIND(V("platform.seccomp"), V(as->subject)));
	while ((rc = query_next(&q, err)) > 0) {
		struct cite cite = { query_int(&q, 2), query_text(&q, 3) };

		if (strcmp(query_text(&q, 1), "unconfined") != 0)
			continue;
		if ((rc = assess_say(as, ROLE_FAIL, cite, err, "no seccomp "
		    "option, and %s runs containers unconfined by default",
		    query_text(&q, 0))) < 0)
			break;
	}
	query_close(&q);
	return rc;
}

int pod_compose_syscalls(struct assess *as, const struct pod_fact *role,
    struct err *err)
{
	if (engines(as, err) < 0)
		return -1;
	return assess_said(as, ROLE_FAIL) ? 0 : assess_say(as, ROLE_PASS,
	    pod_cite(role), err, "no seccomp option: the engine's default "
	    "profile applies");
}

static int judge_pids(struct assess *as, const char *key, const char *value,
    struct cite cite, struct err *err)
{
	int64_t n;

	if (*value == '$')
		return assess_say(as, ROLE_MISSING, cite, err, "%s is the "
		    "variable %s; its value would decide", key, value);
	if (str_int(value, 1, INT64_MAX, &n))
		return assess_say(as, ROLE_PASS, cite, err, "%s limits the "
		    "container to %s PIDs", key, value);
	return assess_say(as, ROLE_FAIL, cite, err, "%s is %s, which is no "
	    "limit of PIDs; expected a number above 0", key, value);
}

int pod_compose_pids(struct assess *as, struct err *err)
{
	struct pod_fact f = POD_FACT_INIT;
	struct query q;
	int rc;

	if ((rc = pod_get(as, "pod.pids", NULL, &f, err)) > 0)
		rc = judge_pids(as, str_text(&f.key), str_text(&f.value),
		    pod_cite(&f), err);
	pod_fact_free(&f);
	if (rc < 0 || as->roles != 0)
		return rc;
	query_open(&q, as->store, SQL_POD_ENGINES_OF,
	    BIND(V("platform.pids"), V(as->subject)));
	while ((rc = query_next(&q, err)) > 0) {
		struct cite cite = { query_int(&q, 2), query_text(&q, 3) };

		rc = query_null(&q, 1) != NULL ? judge_pids(as,
		    "the engine's default-pids-limit", query_text(&q, 1),
		    cite, err) : assess_say(as, ROLE_FAIL, cite, err,
		    "neither the service (pids_limit) nor %s "
		    "(default-pids-limit) limits PIDs", query_text(&q, 0));
		if (rc < 0)
			break;
	}
	query_close(&q);
	if (rc == 0 && as->roles == 0)
		rc = assess_say(as, ROLE_MISSING, NO_CITE, err, "the service "
		    "has no pids_limit, and no engine's configuration is in "
		    "evidence; a daemon.json (default-pids-limit) would "
		    "decide");
	return rc;
}
