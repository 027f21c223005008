/*
 * pod.c - facts about a workload container, and the checks that look at one
 * or two of them: 3.7 to 3.11.
 *
 * A manifest that could be read decides almost everything: what it does not
 * say, Kubernetes fills in with the unsafe default.  pod_mount.c decides 3.1
 * and 3.4, pod_platform.c 3.2 and 3.3, pod_resource.c 3.5 and 3.6;
 * pod_compose.c has what is different for services of compose files.
 */
#include <string.h>

#include "muster/err.h"
#include "muster/store.h"
#include "pod_priv.h"

void pod_fact_free(struct pod_fact *f)
{
	str_free(&f->key);
	str_free(&f->value);
	str_free(&f->locator);
}

struct cite pod_cite(const struct pod_fact *f)
{
	return (struct cite){ f->artifact,
	    f->locator.len > 0 ? f->locator.s : NULL };
}

/* The first row that fits into f. */
static int first(struct query *q, const char *key, struct pod_fact *f,
    struct err *err)
{
	int rc;

	str_clear(&f->key);
	str_clear(&f->value);
	str_clear(&f->locator);
	f->artifact = 0;
	while ((rc = query_next(q, err)) > 0) {
		if (key != NULL && strcmp(query_text(q, 0), key) != 0)
			continue;
		str_add(&f->key, query_text(q, 0));
		str_add(&f->value, query_text(q, 1));
		f->artifact = query_int(q, 2);
		str_add(&f->locator, query_text(q, 3));
		break;
	}
	query_close(q);
	return rc;
}

int pod_get(struct assess *as, const char *name, const char *key,
    struct pod_fact *f, struct err *err)
{
	struct query q;

	query_open(&q, as->store, SQL_POD_FACTS,
	    BIND(V(as->subject), V(name)));
	return first(&q, key, f, err);
}

int pod_around(struct assess *as, const char *name, const char *key,
    struct pod_fact *f, struct err *err)
{
	struct query q;

	query_open(&q, as->store, SQL_POD_AROUND, BIND(V(name), V(key)));
	return first(&q, NULL, f, err);
}

int pod_compose(struct assess *as, struct err *err)
{
	struct pod_fact kind = POD_FACT_INIT;
	int rc = pod_get(as, "pod.kind", NULL, &kind, err);

	if (rc > 0)
		rc = strcmp(str_text(&kind.value), "Compose") == 0;
	pod_fact_free(&kind);
	return rc;
}

static int is_windows(struct assess *as, struct err *err)
{
	struct pod_fact os = POD_FACT_INIT;
	int rc;

	if ((rc = pod_get(as, "pod.os", NULL, &os, err)) > 0 &&
	    assess_say(as, ROLE_NOT_APPLICABLE, pod_cite(&os), err,
	    "the pod runs on Windows, which has no such setting") < 0)
		rc = -1;
	pod_fact_free(&os);
	return rc;
}

int pod_applies(struct assess *as, unsigned skip, struct pod_fact *role,
    struct err *err)
{
	const char *what;
	int rc;

	if (pod_get(as, "pod.container", NULL, role, err) < 0)
		return -1;
	what = str_text(&role->value);
	if (strcmp(what, "none") == 0)
		return assess_say(as, ROLE_MISSING, pod_cite(role), err,
		    "the pod template names no container; the complete "
		    "manifest would decide");
	if ((skip & POD_SKIP_EPHEMERAL) != 0 &&
	    strcmp(what, "ephemeral") == 0)
		return assess_say(as, ROLE_NOT_APPLICABLE, pod_cite(role),
		    err, "an ephemeral container, for which the API does "
		    "not allow this setting");
	if ((skip & POD_SKIP_INIT) != 0 && strcmp(what, "init") == 0)
		return assess_say(as, ROLE_NOT_APPLICABLE, pod_cite(role),
		    err, "an init container, for which the API does not "
		    "allow this setting");
	if ((skip & POD_SKIP_WINDOWS) != 0 &&
	    (rc = is_windows(as, err)) != 0)
		return rc < 0 ? -1 : 0;
	return 1;
}

/* What the image declares as a volume stays writable all the same. */
static int unmounted(struct assess *as, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, as->store, SQL_POD_VOLUMES, BIND(V(as->subject)));
	while ((rc = query_next(&q, err)) > 0)
		if ((rc = assess_say(as, ROLE_NOTE, (struct cite){
		    query_int(&q, 1), query_null(&q, 2) }, err,
		    "the image declares the volume %s, which the container "
		    "does not mount: the runtime may make it writable",
		    query_text(&q, 0))) < 0)
			break;
	query_close(&q);
	return rc;
}

/* 3.7: the root file system is read-only. */
int pod_readonly(struct assess *as, struct err *err)
{
	struct pod_fact role = POD_FACT_INIT, f = POD_FACT_INIT;
	const char *name;
	int rc;

	if ((rc = pod_applies(as, POD_SKIP_WINDOWS, &role, err)) <= 0 ||
	    (rc = pod_compose(as, err)) < 0)
		goto out;
	name = rc > 0 ? "read_only" : "readOnlyRootFilesystem";
	if ((rc = pod_get(as, "pod.readonly", NULL, &f, err)) < 0)
		goto out;
	if (rc == 0)
		rc = assess_say(as, ROLE_FAIL, pod_cite(&role), err,
		    "%s is not set: the container can write to its root "
		    "file system", name);
	else if (strcmp(str_text(&f.value), "true") == 0)
		rc = assess_say(as, ROLE_PASS, pod_cite(&f), err,
		    "%s is true", name);
	else
		rc = assess_say(as, ROLE_FAIL, pod_cite(&f), err,
		    "%s is not true: the container can write to its root "
		    "file system", name);
	if (rc == 0 && assess_said(as, ROLE_PASS))
		rc = unmounted(as, err);
out:
	pod_fact_free(&role);
	pod_fact_free(&f);
	return rc;
}

/* A container that runs to completion needs no probe, unless asked for; 1:
 * go on.  A sidecar runs as long as its pod does. */
static int runs_on(struct assess *as, const struct pod_fact *role,
    struct err *err)
{
	struct pod_fact kind = POD_FACT_INIT;
	int rc;

	if ((rc = pod_get(as, "pod.kind", NULL, &kind, err)) < 0)
		goto out;
	rc = 1;
	if (!str_listed("Job CronJob", str_text(&kind.value)) ||
	    strcmp(str_text(&role->value), "sidecar") == 0 ||
	    assess_value_bool(as, "jobs_need_probes"))
		goto out;
	rc = assess_say(as, ROLE_NOT_APPLICABLE, pod_cite(&kind), err,
	    "a container of a %s runs to completion and needs no probe "
	    "(jobs_need_probes is false)", str_text(&kind.value));
out:
	pod_fact_free(&kind);
	return rc;
}

static int probe(struct assess *as, const char *which, struct err *err)
{
	struct pod_fact role = POD_FACT_INIT, f = POD_FACT_INIT;
	int rc;

	if ((rc = pod_compose(as, err)) != 0)
		return rc < 0 ? -1 : pod_compose_health(as, err);
	rc = pod_applies(as, POD_SKIP_EPHEMERAL | POD_SKIP_INIT, &role, err);
	if (rc <= 0 || (rc = runs_on(as, &role, err)) <= 0 ||
	    (rc = pod_get(as, "pod.probe", which, &f, err)) < 0)
		goto out;
	if (rc == 0)
		rc = assess_say(as, ROLE_FAIL, pod_cite(&role), err,
		    "the container has no %sProbe", which);
	else if (strcmp(str_text(&f.value), "none") == 0)
		rc = assess_say(as, ROLE_FAIL, pod_cite(&f), err,
		    "the %sProbe has no handler (exec, httpGet, tcpSocket, "
		    "grpc)", which);
	else
		rc = assess_say(as, ROLE_PASS, pod_cite(&f), err,
		    "the %sProbe asks by %s", which, str_text(&f.value));
out:
	pod_fact_free(&role);
	pod_fact_free(&f);
	return rc;
}

/* 3.8 */
int pod_liveness(struct assess *as, struct err *err)
{
	return probe(as, "liveness", err);
}

/* 3.9 */
int pod_readiness(struct assess *as, struct err *err)
{
	return probe(as, "readiness", err);
}

/* User namespaces are an alternative the guide names, not a demand of it. */
static int host_users(struct assess *as, const struct pod_fact *role,
    struct err *err)
{
	bool required = assess_value_bool(as, "host_users_required");
	struct pod_fact f = POD_FACT_INIT;
	int rc;

	if ((rc = pod_get(as, "pod.user_ns", NULL, &f, err)) < 0)
		goto out;
	if (strcmp(str_text(&f.value), "false") == 0)
		rc = assess_say(as, ROLE_NOTE, pod_cite(&f), err,
		    "hostUsers is false: the pod has a user namespace of "
		    "its own");
	else
		rc = assess_say(as, required ? ROLE_FAIL : ROLE_NOTE,
		    rc > 0 ? pod_cite(&f) : pod_cite(role), err,
		    "hostUsers is not false: users of the container are "
		    "users of the host%s",
		    required ? " (host_users_required is true)" : "");
out:
	pod_fact_free(&f);
	return rc;
}

int pod_standard(struct assess *as, const char *restricted,
    const char *baseline, struct err *err)
{
	struct pod_fact ns = POD_FACT_INIT, f = POD_FACT_INIT;
	const char *level, *what;
	int rc;

	if ((rc = pod_get(as, "pod.namespace", NULL, &ns, err)) > 0)
		rc = pod_around(as, "k8s.security", str_text(&ns.value), &f,
		    err);
	if (rc <= 0)
		goto out;
	level = str_text(&f.value);
	what = strcmp(level, "restricted") == 0 ? restricted :
	    strcmp(level, "baseline") == 0 ? baseline :
	    "does not look at it";
	rc = assess_say(as, ROLE_NOTE, pod_cite(&f), err, "namespace %s "
	    "enforces the pod security standard \"%s\", which %s",
	    str_text(&ns.value), level, what);
out:
	pod_fact_free(&ns);
	pod_fact_free(&f);
	return rc;
}

/* 3.10: the pod keeps out of the host's namespaces. */
int pod_namespaces(struct assess *as, struct err *err)
{
	static const char *const names[] = {
		"hostNetwork", "hostPID", "hostIPC"
	};
	struct pod_fact role = POD_FACT_INIT, f = POD_FACT_INIT;
	int rc;

	if ((rc = pod_compose(as, err)) != 0)
		return rc < 0 ? -1 : pod_compose_namespaces(as, err);
	if (pod_get(as, "pod.container", NULL, &role, err) < 0)
		goto fail;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if ((rc = pod_get(as, "pod.hostns", names[i], &f, err)) < 0)
			goto fail;
		if (rc > 0 && strcmp(str_text(&f.value), "true") == 0 &&
		    assess_say(as, ROLE_FAIL, pod_cite(&f), err,
		    "%s is true: the pod shares a namespace of the host",
		    names[i]) < 0)
			goto fail;
	}
	if (!assess_said(as, ROLE_FAIL) &&
	    assess_say(as, ROLE_PASS, pod_cite(&role), err,
	    "hostNetwork, hostPID and hostIPC are not true") < 0)
		goto fail;
	if (pod_get(as, "pod.share", NULL, &f, err) < 0 ||
	    (strcmp(str_text(&f.value), "true") == 0 &&
	    assess_say(as, ROLE_NOTE, pod_cite(&f), err,
	    "shareProcessNamespace: the pod's containers see each other's "
	    "processes") < 0))
		goto fail;
	rc = host_users(as, &role, err);
	if (rc == 0)
		rc = pod_standard(as, "admits no pod in the host's namespaces",
		    "admits no pod in the host's namespaces", err);
	goto out;
fail:
	rc = -1;
out:
	pod_fact_free(&role);
	pod_fact_free(&f);
	return rc;
}

/* 3.11: where it may run, and a label that says what it is. */
int pod_labels(struct assess *as, struct err *err)
{
	struct pod_fact role = POD_FACT_INIT, where = POD_FACT_INIT;
	struct pod_fact label = POD_FACT_INIT;
	int rc, selector, labelled, compose;

	if ((rc = pod_applies(as, 0, &role, err)) <= 0 ||
	    (rc = compose = pod_compose(as, err)) < 0)
		goto out;
	selector = pod_get(as, "pod.selector", NULL, &where, err);
	labelled = pod_get(as, "pod.label", NULL, &label, err);
	if ((rc = selector < 0 || labelled < 0 ? -1 : 0) < 0)
		goto out;
	if (selector && labelled)
		rc = assess_say(as, ROLE_PASS, pod_cite(&where), err,
		    "placed by %s %s, labelled %s=%s", str_text(&where.key),
		    str_text(&where.value), str_text(&label.key),
		    str_text(&label.value));
	if (!selector)
		rc = assess_say(as, ROLE_FAIL, pod_cite(&role), err,
		    "no %s: nothing says where the container may run",
		    compose ? "placement constraint" :
		    "nodeSelector and no node affinity");
	if (rc == 0 && !labelled)
		rc = assess_say(as, ROLE_FAIL, pod_cite(&role), err,
		    "the %s has no label that tells the container's type",
		    compose ? "service" : "pod template");
out:
	pod_fact_free(&role);
	pod_fact_free(&where);
	pod_fact_free(&label);
	return rc;
}
