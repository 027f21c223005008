/*
 * pod_mount.c - what of the host a container can reach through its mounts:
 * 3.1 (runtime endpoints) and 3.4 (sensitive directories).
 *
 * Paths are compared after normalisation, as a kubelet would resolve them
 * ("/var/run" is "/run"): equal, inside, or around one of the list.
 */
#include <stdlib.h>
#include <string.h>

#include "muster/err.h"
#include "muster/mem.h"
#include "muster/store.h"
#include "pod_priv.h"

/* What is wrong with a path that is on a list. */
struct matter {
	const char	*list;		/* the Value */
	const char	*what;		/* "a container runtime's endpoint" */
	const char	*none;		/* nothing of the kind */
	bool		 relative;	/* paths may be: a compose file's */
};

/* "//a/./b/../c/" as "/a/c"; a relative path starts at the root. */
static void normal(const char *path, struct str *out)
{
	const char *end;

	str_clear(out);
	for (; *path != '\0'; path = end) {
		path += strspn(path, "/");
		end = path + strcspn(path, "/");
		if (end == path || (end - path == 1 && *path == '.'))
			continue;
		if (end - path == 2 && memcmp(path, "..", 2) == 0) {
			while (out->len > 0 && out->s[out->len - 1] != '/')
				out->len--;
			out->len -= out->len > 0;
			if (out->s != NULL)
				out->s[out->len] = '\0';
			continue;
		}
		str_addc(out, '/');
		str_addn(out, path, (size_t)(end - path));
	}
	if (out->len == 0)
		str_add(out, "/");
	if (strcmp(out->s, "/var/run") == 0 ||
	    str_starts(out->s, "/var/run/")) {
		memmove(out->s, out->s + 4, out->len - 4 + 1);
		out->len -= 4;
	}
}

/* Is a the directory b, or around it?  The root is around everything. */
static bool around(const char *a, const char *b)
{
	size_t len = strlen(a);

	return strcmp(a, "/") == 0 || strcmp(a, b) == 0 ||
	    (str_starts(b, a) && b[len] == '/');
}

/* The first path of a list that a path is, contains or lies under. */
static bool listed(const char *path, const char *list, struct str *hit)
{
	while (*(list += strspn(list, " \t\r\n")) != '\0') {
		size_t len = strcspn(list, " \t\r\n");
		char *one = mem_dupn(list, len);

		normal(one, hit);
		free(one);
		list += len;
		if (around(path, str_text(hit)) ||
		    (strcmp(str_text(hit), "/") != 0 &&
		    around(str_text(hit), path)))
			return true;
	}
	return false;
}

static int judge(struct assess *as, const struct matter *m,
    const char *mount, const char *path, const char *claim,
    struct cite cite, struct err *err)
{
	struct str plain = STR_INIT, hit = STR_INIT;
	const char *by = *claim != '\0' ? " through the claim " : "";
	int rc;

	if (*path == '$')
		return assess_say(as, ROLE_MISSING, cite, err,
		    "mounts the path %s at %s, a variable; its value would "
		    "decide", path, mount);
	if (*path != '/' && m->relative)
		return assess_say(as, ROLE_NOTE, cite, err,
		    "mounts %s at %s, a path of the host that is relative "
		    "to where the file or its user is", path, mount);
	normal(path, &plain);
	if (listed(str_text(&plain), assess_value(as, m->list), &hit))
		rc = assess_say(as, ROLE_FAIL, cite, err,
		    "mounts %s of the host at %s%s%s: it is, holds or lies "
		    "under %s, %s", path, mount, by, claim, str_text(&hit),
		    m->what);
	else
		rc = assess_say(as, ROLE_NOTE, cite, err,
		    "mounts %s of the host at %s%s%s", path, mount, by,
		    claim);
	str_free(&plain);
	str_free(&hit);
	return rc;
}

/* The volumes behind a claim, as far as they are in evidence. */
static int claimed(struct assess *as, const struct matter *m,
    const char *ns, const char *mount, const char *claim, struct cite cite,
    struct err *err)
{
	struct str key = STR_INIT;
	struct query q;
	int rc, found = 0;

	str_addf(&key, "%s/%s", ns, claim);
	query_open(&q, as->store, SQL_POD_CLAIMED, BIND(V(str_text(&key))));
	while ((rc = query_next(&q, err)) > 0) {
		found++;
		if (*query_text(&q, 1) != '\0' &&
		    judge(as, m, mount, query_text(&q, 1), claim,
		    (struct cite){ query_int(&q, 2), query_text(&q, 3) },
		    err) < 0) {
			rc = -1;
			break;
		}
	}
	query_close(&q);
	str_free(&key);
	if (rc < 0 || found > 0)
		return rc;
	return assess_say(as, ROLE_NOTE, cite, err, "the volume behind the "
	    "claim %s is not in evidence; its PersistentVolume would tell "
	    "whether it is a path of the host", claim);
}

static int mounts(struct assess *as, const struct matter *m,
    const char *fact, const char *ns, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, as->store, SQL_POD_FACTS,
	    BIND(V(as->subject), V(fact)));
	while ((rc = query_next(&q, err)) > 0) {
		struct cite cite = { query_int(&q, 2), query_text(&q, 3) };
		const char *mount = query_text(&q, 0);
		const char *value = query_text(&q, 1);

		rc = ns == NULL ? judge(as, m, mount, value, "", cite, err) :
		    claimed(as, m, ns, mount, value, cite, err);
		if (rc < 0)
			break;
	}
	query_close(&q);
	return rc;
}

static int decide(struct assess *as, struct matter *m, struct err *err)
{
	struct pod_fact role = POD_FACT_INIT, ns = POD_FACT_INIT;
	int rc;

	if ((rc = pod_compose(as, err)) < 0)
		return -1;
	m->relative = rc > 0;
	if ((rc = pod_applies(as, 0, &role, err)) <= 0 ||
	    (rc = pod_get(as, "pod.namespace", NULL, &ns, err)) < 0 ||
	    (rc = mounts(as, m, "pod.hostpath", NULL, err)) < 0 ||
	    (rc = mounts(as, m, "pod.claim", str_text(&ns.value), err)) < 0)
		goto out;
	if (!assess_said(as, ROLE_FAIL) && !assess_said(as, ROLE_MISSING))
		rc = assess_say(as, ROLE_PASS, pod_cite(&role), err, "%s",
		    m->none);
out:
	pod_fact_free(&role);
	pod_fact_free(&ns);
	return rc;
}

/* 3.1 */
int pod_mount_endpoint(struct assess *as, struct err *err)
{
	struct matter m = {
		"runtime_endpoints", "an endpoint or the state of a "
		"container runtime", "the container mounts no endpoint of a "
		"container runtime", false
	};

	return decide(as, &m, err);
}

/* 3.4 */
int pod_mount_directories(struct assess *as, struct err *err)
{
	struct matter m = {
		"sensitive_directories", "a sensitive directory",
		"the container mounts no sensitive directory of the host",
		false
	};

	return decide(as, &m, err);
}
