/*
 * pod_priv.h - what the checks of deployments share: facts about the
 * workload container at hand, and what stands around it.
 */
#ifndef POD_PRIV_H
#define POD_PRIV_H

#include <stdbool.h>

#include "muster/assess.h"
#include "muster/str.h"

/* One fact; start with POD_FACT_INIT, end with pod_fact_free(). */
struct pod_fact {
	struct str	key, value, locator;
	int64_t		artifact;
};

#define POD_FACT_INIT { STR_INIT, STR_INIT, STR_INIT, 0 }

void pod_fact_free(struct pod_fact *f);
struct cite pod_cite(const struct pod_fact *f);

/* The first fact of a name about the subject, with this key unless key is
 * NULL: 1 found, 0 (f is empty then), -1. */
int pod_get(struct assess *as, const char *name, const char *key,
    struct pod_fact *f, struct err *err);
/* The same of a file as a whole, in any file. */
int pod_around(struct assess *as, const char *name, const char *key,
    struct pod_fact *f, struct err *err);

/* A note about what the namespace's pod security standard does for this
 * requirement, if a Namespace object in evidence enforces one. */
int pod_standard(struct assess *as, const char *restricted,
    const char *baseline, struct err *err);

/* Is the subject a service of a compose file, where an engine's rules hold
 * and not a kubelet's? */
int pod_compose(struct assess *as, struct err *err);

/*
 * The container's part in its pod ("container", "init" ...).  Where a check
 * cannot apply to it, this says so and returns 0; 1: go on; -1.
 */
enum pod_skip {
	POD_SKIP_WINDOWS = 1, POD_SKIP_EPHEMERAL = 2, POD_SKIP_INIT = 4
};
int pod_applies(struct assess *as, unsigned skip, struct pod_fact *role,
    struct err *err);

/* Does some node configuration decide?  See pod_platform.c. */
struct pod_nodes {
	int	set, unset;	/* node configurations with and without */
};
int pod_platform_seccomp(struct assess *as, struct pod_nodes *n,
    struct pod_fact *one, struct err *err);

/* What pod.c asks where the subject is a service: pod_compose.c. */
int pod_compose_health(struct assess *as, struct err *err);
int pod_compose_namespaces(struct assess *as, struct err *err);
int pod_compose_syscalls(struct assess *as, const struct pod_fact *role,
    struct err *err);
int pod_compose_pids(struct assess *as, struct err *err);

/* The checks themselves. */
#define CHECK(id, kinds, function) \
	int function(struct assess *as, struct err *err);
#include "checks.def"
#undef CHECK

#endif
