/*
 * test_deploy.c - 3.1 to 3.11 from evidence of several files: the traps that
 * a careless checker falls into, what somebody said about a file, and what a
 * tailoring changes.  test_pod.c has what one small pod decides.
 */
#include "test.h"
#include "story.h"

#define META(kind, name) "apiVersion: v1\nkind: " kind "\nmetadata: {name: " \
	name ", namespace: prod, labels: {app: web}}\n"
#define POD(spec) META("Pod", "p") "spec: {" spec "}\n"
#define ONE(container) POD("containers: [{name: c, image: x, " container "}]")
#define JOB(container) META("Job", "j") "spec: {template: {spec: {" \
	"containers: [{name: c, image: x, " container "}]}}}\n"
#define KUBELET(s) "apiVersion: kubelet.config.k8s.io/v1beta1\n" \
	"kind: KubeletConfiguration\n" s "\n"
#define ENGINE(s) "{\"live-restore\": true, " s "}\n"
#define SPACE(level) "apiVersion: v1\nkind: Namespace\nmetadata: {name: " \
	"prod, labels: {pod-security.kubernetes.io/enforce: " level "}}\n"
#define QUOTA(hard) META("ResourceQuota", "q") "spec: {hard: {" hard "}}\n"
#define LIMITS "resources: {limits: {cpu: 1, memory: 1Gi}}"
#define SERVICE(s) "services: {a: {image: x, " s "}}\n"

/* A file's text, and what somebody said of it: "on x", "platform x". */
struct given {
	const char	*text, *said;
};

static const struct row {
	const char	*says, *requirement, *verdict;
	const char	*part;		/* of the reasons; "!": not there */
	const char	*tailored;	/* "NAME=VALUE" or NULL */
	struct given	 file[3];	/* the workload's first */
} rows[] = {
	/* 3.1 */
	{ "/run and /var/run are one place", "3.1", "fail", "/var/run/podman",
	    NULL, { { POD("volumes: [{name: v, hostPath: {path: "
	    "/var/run/podman}}], containers: [{name: c, image: x, "
	    "volumeMounts: [{name: v, mountPath: /m}]}]"), NULL } } },
	{ "a volume of the pod that another container mounts", "3.1", "pass",
	    "no endpoint", NULL, { { POD("volumes: [{name: v, hostPath: "
	    "{path: /run/docker.sock}}], containers: [{name: c, image: x}, "
	    "{name: d, image: x, volumeMounts: [{name: v, mountPath: /m}]}]"),
	    NULL } } },
	/* 3.2 */
	{ "two nodes, one without the default", "3.2", "fail",
	    "does not set seccompDefault", NULL, { { ONE("tty: true"), NULL },
	    { KUBELET("seccompDefault: true"), NULL },
	    { KUBELET("seccompDefault: false"), NULL } } },
	{ "privileged beats a profile", "3.2", "fail", "privileged", NULL,
	    { { ONE("securityContext: {privileged: true, seccompProfile: "
	    "{type: RuntimeDefault}}"), NULL } } },
	{ "a namespace that enforces is a note", "3.2", "fail",
	    "\\\"restricted\\\", which admits no pod without a seccomp",
	    NULL, { { ONE("tty: true"), NULL }, { SPACE("restricted"), NULL } }
	    },
	{ "another namespace's is none", "3.2", "fail", "!enforces", NULL,
	    { { "kind: Pod\napiVersion: v1\nmetadata: {name: p}\nspec: "
	    "{containers: [{name: c, image: x}]}\n", NULL },
	    { SPACE("restricted"), NULL } } },
	/* 3.3 */
	{ "no word: the worst node decides", "3.3", "fail", "-1", NULL,
	    { { ONE("tty: true"), NULL },
	    { KUBELET("podPidsLimit: 100"), "platform core" },
	    { KUBELET("podPidsLimit: -1"), "platform edge" } } },
	{ "placed on the good node", "3.3", "pass", "core (Kubelet", NULL,
	    { { ONE("tty: true"), "on core" },
	    { KUBELET("podPidsLimit: 100"), "platform core" },
	    { KUBELET("podPidsLimit: -1"), "platform edge" } } },
	{ "placed on the bad node", "3.3", "fail", "-1", NULL,
	    { { ONE("tty: true"), "on edge" },
	    { KUBELET("podPidsLimit: 100"), "platform core" },
	    { KUBELET("podPidsLimit: -1"), "platform edge" } } },
	{ "placed where nothing is known", "3.3", "not_reviewed",
	    "no node configuration of platform moon", NULL,
	    { { ONE("tty: true"), "on moon" },
	    { KUBELET("podPidsLimit: 100"), NULL } } },
	{ "the default profile of the platform it runs on", "3.2", "pass",
	    "seccompDefault", NULL, { { ONE("tty: true"), "on core" },
	    { KUBELET("seccompDefault: true"), "platform core" },
	    { KUBELET("seccompDefault: false"), NULL } } },
	{ "an engine's configuration runs no pods", "3.3", "not_reviewed",
	    "no node configuration", NULL, { { ONE("tty: true"), NULL },
	    { ENGINE("\"default-pids-limit\": 9"), NULL } } },
	{ "an engine's limit holds for a service", "3.3", "pass", "9 PIDs",
	    NULL, { { SERVICE("tty: true"), NULL },
	    { ENGINE("\"default-pids-limit\": 9"), NULL } } },
	{ "the engine it is placed on", "3.3", "fail", "limits PIDs", NULL,
	    { { SERVICE("tty: true"), "on b" },
	    { ENGINE("\"default-pids-limit\": 9"), "platform a" },
	    { ENGINE("\"icc\": false"), "platform b" } } },
	/* 3.4 */
	{ "read-only is no excuse", "3.4", "fail", "/etc", NULL,
	    { { POD("volumes: [{name: v, hostPath: {path: /etc/ssl}}], "
	    "containers: [{name: c, image: x, volumeMounts: [{name: v, "
	    "mountPath: /m, readOnly: true}]}]"), NULL } } },
	{ "the directories are a Value", "3.4", "pass", "/etc",
	    "sensitive_directories=/boot",
	    { { POD("volumes: [{name: v, hostPath: {path: /etc/ssl}}], "
	    "containers: [{name: c, image: x, volumeMounts: [{name: v, "
	    "mountPath: /m}]}]"), NULL } } },
	/* 3.5, 3.6 */
	{ "a quota is a note", "3.5", "fail",
	    "ResourceQuota of namespace prod allows limits.cpu of 4", NULL,
	    { { ONE("tty: true"), NULL }, { QUOTA("limits.cpu: 4"), NULL } } },
	{ "a quota of cpu is one of requests", "3.6", "pass",
	    "allows requests.cpu of 4", NULL, { { ONE(LIMITS), NULL },
	    { QUOTA("cpu: 4"), NULL } } },
	{ "and says nothing about limits", "3.5", "pass", "!ResourceQuota",
	    NULL, { { ONE(LIMITS), NULL }, { QUOTA("cpu: 4"), NULL } } },
	/* 3.7 */
	{ "a pod's setting does not make a root read-only", "3.7", "fail",
	    "not set", NULL, { { POD("securityContext: "
	    "{readOnlyRootFilesystem: true}, containers: [{name: c, image: "
	    "x}]"), NULL } } },
	/* 3.8, 3.9 */
	{ "a Job that a tailoring wants probed", "3.8", "fail",
	    "no livenessProbe", "jobs_need_probes=true",
	    { { JOB("tty: true"), NULL } } },
	{ "... and is", "3.9", "pass", "exec", "jobs_need_probes=true",
	    { { JOB("readinessProbe: {exec: {command: [x]}}"), NULL } } },
	{ "a Job as the guide has it", "3.9", "not_applicable",
	    "jobs_need_probes is false", NULL, { { JOB("tty: true"), NULL } } },
	{ "a sidecar of a Job needs its probe", "3.8", "fail",
	    "no livenessProbe", NULL, { { META("Job", "j") "spec: {template: "
	    "{spec: {initContainers: [{name: c, image: x, restartPolicy: "
	    "Always}], containers: []}}}\n", NULL } } },
	/* 3.10 */
	{ "the host's users are a note", "3.10", "pass",
	    "hostUsers is not false", NULL, { { ONE("tty: true"), NULL } } },
	{ "... a failure where a tailoring asks", "3.10", "fail",
	    "host_users_required", "host_users_required=true",
	    { { ONE("tty: true"), NULL } } },
	{ "... and a pass with a namespace of its own", "3.10", "pass",
	    "hostUsers is false", "host_users_required=true",
	    { { POD("hostUsers: false, containers: [{name: c, image: x}]"),
	    NULL } } },
	{ "a namespace that enforces nothing", "3.10", "pass",
	    "does not look at it", NULL, { { ONE("tty: true"), NULL },
	    { SPACE("privileged"), NULL } } },
	/* 3.11 */
	{ "labels of the Deployment are not the template's", "3.11", "fail",
	    "no label", NULL, { { META("Deployment", "d") "spec: {template: "
	    "{spec: {nodeSelector: {zone: a}, containers: [{name: c, image: "
	    "x}]}}}\n", NULL } } },
	{ "labels of the template are", "3.11", "pass", "zone=a", NULL,
	    { { META("Deployment", "d") "spec: {template: {metadata: {labels: "
	    "{app: w}}, spec: {nodeSelector: {zone: a}, containers: [{name: "
	    "c, image: x}]}}}\n", NULL } } },
};

static void decided(void **state)
{
	const struct row *r = *state;
	struct store *st = story_open();

	for (size_t i = 0; i < 3 && r->file[i].text != NULL; i++) {
		const char *sha = story_text(st, r->file[i].text);
		const char *said = r->file[i].said;

		if (said != NULL && strncmp(said, "on ", 3) == 0)
			story_say(st, "place.on", sha, "platform", said + 3);
		else if (said != NULL)
			story_say(st, "place.platform", sha, "platform",
			    strchr(said, ' ') + 1);
	}
	story_assess(st, r->tailored);
	story_is(st, "workload", r->requirement, r->verdict, r->part);
	store_close(st);
}

static void a_platform_nobody_configured_is_a_gap(void **state)
{
	struct store *st = story_open();
	const char *sha = story_text(st, ONE("tty: true"));

	(void)state;
	story_say(st, "place.on", sha, "platform", "moon");
	story_assess(st, NULL);
	assert_true(story_gap(st, "gap", "was placed on platform \"moon\""));
	story_say(st, "place.on", sha, "platform", "");
	story_assess(st, NULL);
	assert_false(story_gap(st, "gap", "moon"));
	store_close(st);
}

/* Every record that stands around a workload can be looked up. */
static void what_stands_around_is_listed(void **state)
{
	static const char policy[] = META("NetworkPolicy", "n")
	    "spec: {podSelector: {}, policyTypes: [Ingress, Egress]}\n";
	struct input *in = input_open_mem(policy, sizeof(policy) - 1, "n");
	struct err err = ERR_INIT;
	struct memo m;

	(void)state;
	memo_init(&m);
	assert_ok(import_choose(in, NULL, &err)->read(in, &m.sink, &err),
	    &err);
	assert_int_equal(memo_count(&m, "k8s.policy|prod/n|Ingress Egress|"),
	    1);
	memo_free(&m);
	input_close(in);
}

int main(void)
{
	struct CMUnitTest tests[64] = {
		cmocka_unit_test(a_platform_nobody_configured_is_a_gap),
		cmocka_unit_test(what_stands_around_is_listed),
	};
	size_t n = 2;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		tests[n++] = (struct CMUnitTest){ .name = rows[i].says,
		    .test_func = decided,
		    .initial_state = (void *)(uintptr_t)&rows[i] };
	return _cmocka_run_group_tests("deploy", tests, n, NULL, NULL);
}
