/*
 * pod_platform.c - what a node's configuration decides: 3.2 (system calls)
 * and 3.3 (PIDs), for the node itself and for the workloads on it.
 *
 * All imported node configurations apply to all workloads, and the worst
 * decides, unless somebody said which platform a configuration is of and on
 * which the workloads run.  OpenShift's kinds change single settings: one that does not name
 * a setting says nothing about it.
 */
#include <string.h>

#include "muster/err.h"
#include "muster/store.h"
#include "pod_priv.h"

#define MAX_NAMED 5	/* node configurations named in a workload's reasons */

/* One node configuration's word on a setting. */
struct word {
	const char	*name, *value, *kind;
	struct cite	 cite;
};

static struct word word(const struct query *q)
{
	return (struct word){ query_text(q, 0), query_null(q, 1),
	    query_text(q, 4), { query_int(q, 2), query_text(q, 3) } };
}

/* Does a configuration of this kind, complete as it is, decide a setting
 * that it does not name? */
static bool complete(const struct word *w)
{
	return str_listed("KubeletConfiguration docker-daemon", w->kind);
}

/* An engine has a profile of its own, which a file can only replace. */
static int engine_seccomp(struct assess *as, const struct word *w,
    struct err *err)
{
	if (str_eq(w->value, "unconfined"))
		return assess_say(as, ROLE_FAIL, w->cite, err,
		    "seccomp-profile is unconfined: a container without a "
		    "profile is, too");
	if (str_empty(w->value) || str_eq(w->value, "builtin"))
		return assess_say(as, ROLE_PASS, w->cite, err,
		    "the engine's built-in seccomp profile is the default");
	return assess_say(as, ROLE_PASS, w->cite, err,
	    "seccomp-profile %s is the default", w->value);
}

static int seccomp_default(struct assess *as, struct err *err)
{
	struct query q;
	struct word w;
	int rc;

	query_open(&q, as->store, SQL_POD_PLATFORM,
	    BIND(V("platform.seccomp"), V(as->subject)));
	while ((rc = query_next(&q, err)) > 0) {
		w = word(&q);
		if (strcmp(w.kind, "docker-daemon") == 0)
			rc = engine_seccomp(as, &w, err);
		else if (w.value == NULL && !complete(&w))
			rc = assess_say(as, ROLE_MISSING, w.cite, err,
			    "a %s without seccompDefault; the kubelet's "
			    "whole configuration would decide", w.kind);
		else if (str_eq(w.value, "true"))
			rc = assess_say(as, ROLE_PASS, w.cite, err,
			    "seccompDefault is true: a container without a "
			    "profile gets the runtime's");
		else
			rc = assess_say(as, ROLE_FAIL, w.cite, err,
			    "seccompDefault is not true: a container "
			    "without a profile is unconfined");
		if (rc < 0)
			break;
	}
	query_close(&q);
	return rc;
}

int pod_platform_seccomp(struct assess *as, struct pod_nodes *n,
    struct pod_fact *one, struct err *err)
{
	struct query q;
	struct word w;
	int rc;

	*n = (struct pod_nodes){ 0, 0 };
	query_open(&q, as->store, SQL_POD_PLATFORMS,
	    BIND(V("platform.seccomp"), V(as->subject)));
	while ((rc = query_next(&q, err)) > 0) {
		w = word(&q);
		if (w.value == NULL && !complete(&w))
			continue;
		if (!str_eq(w.value, "true"))
			n->unset++;
		else if (n->set++ == 0) {
			str_add(&one->value, w.name);
			str_add(&one->locator, w.cite.locator);
			one->artifact = w.cite.artifact;
		}
	}
	query_close(&q);
	return rc;
}

/* A container without a profile of its own, or with one that is none. */
static int unprofiled(struct assess *as, const struct pod_fact *role,
    struct err *err)
{
	struct pod_fact one = POD_FACT_INIT;
	struct pod_nodes n;
	int rc;

	if ((rc = pod_platform_seccomp(as, &n, &one, err)) < 0)
		goto out;
	if (n.set > 0 && n.unset == 0)
		rc = assess_say(as, ROLE_PASS, pod_cite(&one), err,
		    "no seccompProfile, but every node configuration in "
		    "evidence (%d) sets seccompDefault: the first is %s",
		    n.set, str_text(&one.value));
	else
		rc = assess_say(as, ROLE_FAIL, pod_cite(role), err,
		    "no seccompProfile for container or pod%s", n.unset == 0 ?
		    ", and no node configuration in evidence that sets "
		    "seccompDefault" : ", and a node configuration in "
		    "evidence does not set seccompDefault");
out:
	pod_fact_free(&one);
	return rc;
}

/* A node that fails beside one that passes: evidence that disagrees about the
 * nodes that the same workloads are judged by. */
static int disagree(struct assess *as, const char *fact, const char *what,
    bool (*good)(const struct word *w), struct err *err)
{
	struct query q;
	int rc;

	if (!assess_said(as, ROLE_FAIL))
		return 0;
	query_open(&q, as->store, SQL_POD_PEERS,
	    BIND(V(fact), V(as->subject)));
	while ((rc = query_next(&q, err)) > 0) {
		struct word w = word(&q);

		if (!good(&w))
			continue;
		rc = assess_say(as, ROLE_CONTRADICTION, w.cite, err,
		    "another node configuration (%s) %s (%s); the workloads "
		    "are judged by the worst", w.name, what, w.value);
		break;
	}
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

static bool seccomp_good(const struct word *w)
{
	return strcmp(w->kind, "docker-daemon") == 0 ?
	    !str_eq(w->value, "unconfined") : str_eq(w->value, "true");
}

/* The profile's field, or what the old annotations call it. */
static bool confines(const char *profile)
{
	return strcmp(profile, "RuntimeDefault") == 0 ||
	    (str_starts(profile, "Localhost ") &&
	    profile[strlen("Localhost ")] != '\0') ||
	    strcmp(profile, "runtime/default") == 0 ||
	    strcmp(profile, "docker/default") == 0 ||
	    (str_starts(profile, "localhost/") &&
	    profile[strlen("localhost/")] != '\0');
}

static int container_syscalls(struct assess *as, struct err *err)
{
	struct pod_fact role = POD_FACT_INIT, f = POD_FACT_INIT;
	int rc;

	if ((rc = pod_applies(as, POD_SKIP_WINDOWS, &role, err)) <= 0 ||
	    (rc = pod_get(as, "pod.privileged", NULL, &f, err)) < 0)
		goto out;
	if (rc > 0 && strcmp(str_text(&f.value), "true") == 0) {
		rc = assess_say(as, ROLE_FAIL, pod_cite(&f), err,
		    "privileged: the container runs without a seccomp "
		    "profile");
		goto out;
	}
	if (rc > 0 && *str_text(&f.value) == '$' &&
	    (rc = assess_say(as, ROLE_MISSING, pod_cite(&f), err,
	    "privileged is the variable %s; its value would decide",
	    str_text(&f.value))) < 0)
		goto out;
	if ((rc = pod_get(as, "pod.seccomp", NULL, &f, err)) < 0)
		goto out;
	if (rc == 0) {
		rc = pod_compose(as, err);
		if (rc >= 0)
			rc = rc > 0 ? pod_compose_syscalls(as, &role, err) :
			    unprofiled(as, &role, err);
	} else if (confines(str_text(&f.value)))
		rc = assess_say(as, ROLE_PASS, pod_cite(&f), err,
		    "seccomp profile %s, set by the %s", str_text(&f.value),
		    str_text(&f.key));
	else
		rc = assess_say(as, ROLE_FAIL, pod_cite(&f), err,
		    "seccomp profile \"%s\", set by the %s; expected "
		    "RuntimeDefault, or Localhost with a profile",
		    str_text(&f.value), str_text(&f.key));
out:
	pod_fact_free(&role);
	pod_fact_free(&f);
	return rc;
}

/* A platform that builds images and runs none: 1, and this has said so. */
static int only_builds(struct assess *as, struct err *err)
{
	struct pod_fact f = POD_FACT_INIT;
	int rc = pod_get(as, "builder.kind", NULL, &f, err);

	if (rc > 0 && assess_say(as, ROLE_NOT_APPLICABLE, pod_cite(&f), err,
	    "%s is about building and pulling images: no workload runs by it",
	    str_text(&f.value)) < 0)
		rc = -1;
	pod_fact_free(&f);
	return rc;
}

/* 3.2 */
int pod_platform_syscalls(struct assess *as, struct err *err)
{
	int rc;

	if (strcmp(as->kind, "platform") == 0 &&
	    (rc = only_builds(as, err)) != 0)
		return rc < 0 ? -1 : 0;
	if (strcmp(as->kind, "platform") == 0)
		return seccomp_default(as, err) < 0 ? -1 :
		    disagree(as, "platform.seccomp", "confines a container "
		    "without a profile", seccomp_good, err);
	if (container_syscalls(as, err) < 0 ||
	    (rc = pod_compose(as, err)) < 0)
		return -1;
	return rc > 0 || assess_said(as, ROLE_NOT_APPLICABLE) ? 0 :
	    pod_standard(as, "admits no pod without a seccomp profile",
	    "admits no pod that is unconfined", err);
}

/* What one node configuration says about PIDs: pass, fail, or nothing. */
static enum role pids_role(const struct word *w)
{
	int64_t n;

	if (w->value == NULL)
		return complete(w) ? ROLE_FAIL : ROLE_NOTE;
	return str_int(w->value, 1, INT64_MAX, &n) ? ROLE_PASS : ROLE_FAIL;
}

static int pids_say(struct assess *as, const struct word *w,
    enum role role, struct err *err)
{
	if (role == ROLE_PASS)
		return assess_say(as, role, w->cite, err,
		    "%s limits a pod to %s PIDs", w->name, w->value);
	if (w->value == NULL)
		return assess_say(as, role, w->cite, err,
		    "%s sets no limit of PIDs for a pod", w->name);
	return assess_say(as, role, w->cite, err, "%s sets the limit of PIDs "
	    "for a pod to %s, which is none; expected a number above 0",
	    w->name, w->value);
}

static bool pids_good(const struct word *w)
{
	return pids_role(w) == ROLE_PASS;
}

/* Nobody says anything. */
static int unlimited(struct assess *as, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, as->store, SQL_POD_PLACED, BIND(
	    ((struct val){ VAL_NULL, 0, NULL }), V(as->subject)));
	if ((rc = query_next(&q, err)) >= 0)
		rc = assess_say(as, ROLE_MISSING, NO_CITE, err,
		    "PIDs are limited on the node, not in the workload, and "
		    "no node configuration%s%s is in evidence; a "
		    "KubeletConfiguration (podPidsLimit) would decide",
		    rc > 0 ? " of platform " : "",
		    rc > 0 ? query_text(&q, 0) : "");
	query_close(&q);
	return rc;
}

/* 3.3 */
int pod_platform_pids(struct assess *as, struct err *err)
{
	bool own = strcmp(as->kind, "platform") == 0;
	int rc, named[ROLE_NOTE + 1] = { 0 };
	struct query q;

	if (own && (rc = only_builds(as, err)) != 0)
		return rc < 0 ? -1 : 0;
	if (!own && (rc = pod_compose(as, err)) != 0)
		return rc < 0 ? -1 : pod_compose_pids(as, err);
	if (own)
		query_open(&q, as->store, SQL_POD_PLATFORM,
		    BIND(V("platform.pids"), V(as->subject)));
	else
		query_open(&q, as->store, SQL_POD_PLATFORMS,
		    BIND(V("platform.pids"), V(as->subject)));
	while ((rc = query_next(&q, err)) > 0) {
		struct word w = word(&q);
		enum role role = pids_role(&w);

		if (role == ROLE_NOTE && own)
			role = ROLE_MISSING;
		if (role != ROLE_NOTE && named[role]++ < MAX_NAMED &&
		    (rc = pids_say(as, &w, role, err)) < 0)
			break;
	}
	query_close(&q);
	for (int r = 0; rc == 0 && r < ROLE_NOTE; r++)
		if (named[r] > MAX_NAMED)
			rc = assess_say(as, ROLE_NOTE, NO_CITE, err,
			    "so do %d more node configurations",
			    named[r] - MAX_NAMED);
	if (rc == 0 && own)
		rc = disagree(as, "platform.pids", "limits a pod's PIDs",
		    pids_good, err);
	if (rc == 0 && as->roles == 0)
		rc = unlimited(as, err);
	return rc;
}
