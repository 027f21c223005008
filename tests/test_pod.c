/*
 * test_pod.c - 3.1 to 3.11 decided from manifests, through the real import
 * and assessment.  Each row changes one thing of a small pod.
 */
#include "test.h"
#include "story.h"

struct row {
	const char *says, *requirement, *verdict;
	const char *part;	/* of the reasons */
	const char *spec;	/* of the pod, in braces' style */
	const char *container;	/* of the container */
	const char *around;	/* more documents, in a file of their own */
	const char *kind;	/* NULL: Pod */
	const char *meta;	/* of the pod; NULL: one label */
	const char *list;	/* NULL: containers */
};

#define VOLUME(path) "volumes: [{name: v, hostPath: {path: " path "}}], "
#define MOUNT "volumeMounts: [{name: v, mountPath: /m}], "
#define CLAIM "volumes: [{name: v, persistentVolumeClaim: {claimName: c}}], "
#define PV(spec) "apiVersion: v1\nkind: PersistentVolume\n" \
	"metadata: {name: pv}\nspec: {" spec "}\n"
#define PVC(spec) "---\napiVersion: v1\nkind: PersistentVolumeClaim\n" \
	"metadata: {name: c, namespace: prod}\nspec: {" spec "}\n"
#define KUBELET(s) "apiVersion: kubelet.config.k8s.io/v1beta1\n" \
	"kind: KubeletConfiguration\n" s "\n"
#define RANGE(ns) "apiVersion: v1\nkind: LimitRange\n" \
	"metadata: {name: r, namespace: " ns "}\nspec: {limits: [{type: " \
	"Container, default: {cpu: 1, memory: 1Gi}}]}\n"
#define SECCOMP(p) "securityContext: {seccompProfile: " p "}, "
#define PROBE(which, what) which "Probe: " what ", "
#define RES(l, r) "resources: {limits: " l ", requests: " r "}, "

static const struct row rows[] = {
	/* 3.1 */
	{ "a runtime's socket", "3.1", "fail", "docker.sock",
	    VOLUME("/var/run/docker.sock"), MOUNT, NULL, NULL, NULL, NULL },
	{ "a directory above it", "3.1", "fail", "/m", VOLUME("/run"), MOUNT,
	    NULL, NULL, NULL, NULL },
	{ "a path with dots and slashes", "3.1", "fail", "/m",
	    VOLUME("/data/..//run/./containerd/containerd.sock/"), MOUNT,
	    NULL, NULL, NULL, NULL },
	{ "the state of a runtime", "3.1", "fail", "/m",
	    VOLUME("/var/lib/containerd/x"), MOUNT, NULL, NULL, NULL, NULL },
	{ "a volume nobody mounts", "3.1", "pass", "no endpoint",
	    VOLUME("/run/docker.sock"), "", NULL, NULL, NULL, NULL },
	{ "a neighbour's name", "3.1", "pass", "no endpoint",
	    VOLUME("/run/docker.socket"), MOUNT, NULL, NULL, NULL, NULL },
	{ "a socket by subPath", "3.1", "fail", "/var/run/docker.sock",
	    VOLUME("/var"), "volumeMounts: [{name: v, mountPath: /m, "
	    "subPath: run/docker.sock}], ", NULL, NULL, NULL, NULL },
	{ "a claim bound by the volume", "3.1", "fail", "claim c", CLAIM,
	    MOUNT, PV("hostPath: {path: /run/crio/crio.sock}, claimRef: "
	    "{name: c, namespace: prod}"), NULL, NULL, NULL },
	{ "a claim of another namespace", "3.1", "pass", "not in evidence",
	    CLAIM, MOUNT, PV("hostPath: {path: /run}, claimRef: {name: c, "
	    "namespace: other}"), NULL, NULL, NULL },
	/* 3.2 */
	{ "the pod's profile", "3.2", "pass", "set by the pod",
	    SECCOMP("{type: RuntimeDefault}"), "", NULL, NULL, NULL, NULL },
	{ "the container's own wins", "3.2", "fail", "Unconfined",
	    SECCOMP("{type: RuntimeDefault}"), SECCOMP("{type: Unconfined}"),
	    NULL, NULL, NULL, NULL },
	{ "Localhost with a profile", "3.2", "pass", "Localhost p.json", "",
	    SECCOMP("{type: Localhost, localhostProfile: p.json}"), NULL,
	    NULL, NULL, NULL },
	{ "Localhost without one", "3.2", "fail", "with a profile", "",
	    SECCOMP("{type: Localhost}"), NULL, NULL, NULL, NULL },
	{ "no profile", "3.2", "fail", "no seccompProfile", "", "", NULL,
	    NULL, NULL, NULL },
	{ "no profile where the node has a default", "3.2", "pass",
	    "seccompDefault", "", "", KUBELET("seccompDefault: true"), NULL,
	    NULL, NULL },
	{ "the worst node decides", "3.2", "fail", "does not set", "", "",
	    KUBELET("seccompDefault: true") "---\n" KUBELET("port: 1"), NULL,
	    NULL, NULL },
	{ "privileged runs unconfined", "3.2", "fail", "privileged",
	    SECCOMP("{type: RuntimeDefault}"),
	    "securityContext: {privileged: true}, ", NULL, NULL, NULL, NULL },
	{ "the old annotation", "3.2", "pass", "pod annotation", "", "", NULL,
	    NULL, "annotations: {seccomp.security.alpha.kubernetes.io/pod: "
	    "runtime/default}", NULL },
	{ "Windows has none", "3.2", "not_applicable", "Windows",
	    "os: {name: windows}, ", "", NULL, NULL, NULL, NULL },
	/* 3.3 */
	{ "no node in evidence", "3.3", "not_reviewed", "podPidsLimit", "",
	    "", NULL, NULL, NULL, NULL },
	{ "a limit of PIDs", "3.3", "pass", "1024 PIDs", "", "",
	    KUBELET("podPidsLimit: 1024"), NULL, NULL, NULL },
	{ "no limit of PIDs", "3.3", "fail", "no limit", "", "",
	    KUBELET("port: 1"), NULL, NULL, NULL },
	{ "-1 is no limit", "3.3", "fail", "-1", "", "",
	    KUBELET("podPidsLimit: -1"), NULL, NULL, NULL },
	{ "the worst node's PIDs decide", "3.3", "fail", "to 0", "", "",
	    KUBELET("podPidsLimit: 9") "---\n" KUBELET("podPidsLimit: 0"),
	    NULL, NULL, NULL },
	/* 3.4 */
	{ "a sensitive directory", "3.4", "fail", "/etc", VOLUME("/etc"),
	    "volumeMounts: [{name: v, mountPath: /m, readOnly: true}], ",
	    NULL, NULL, NULL, NULL },
	{ "a path under one", "3.4", "fail", "/proc/1", VOLUME("/proc/1"),
	    MOUNT, NULL, NULL, NULL, NULL },
	{ "a path above one", "3.4", "fail", "/var", VOLUME("/var"), MOUNT,
	    NULL, NULL, NULL, NULL },
	{ "the root", "3.4", "fail", "mounts / ", VOLUME("/"), MOUNT, NULL,
	    NULL, NULL, NULL },
	{ "another directory is a note", "3.4", "pass", "/etcetera",
	    VOLUME("/etcetera"), MOUNT, NULL, NULL, NULL, NULL },
	{ "a claim bound by name", "3.4", "fail", "/etc/x", CLAIM, MOUNT,
	    PV("local: {path: /etc/x}") PVC("volumeName: pv"), NULL, NULL,
	    NULL },
	{ "a claim bound by class", "3.4", "fail", "/etc/x", CLAIM, MOUNT,
	    PV("storageClassName: m, hostPath: {path: /etc/x}")
	    PVC("storageClassName: m"), NULL, NULL, NULL },
	/* 3.5, 3.6 */
	{ "both limits", "3.5", "pass", "1Gi", "",
	    RES("{cpu: 500m, memory: 1Gi}", "{}"), NULL, NULL, NULL, NULL },
	{ "a missing limit", "3.5", "fail", "limits.memory is not set", "",
	    RES("{cpu: 500m}", "{memory: 1Gi}"), NULL, NULL, NULL, NULL },
	{ "a limit of zero", "3.5", "fail", "limits.cpu is 0m", "",
	    RES("{cpu: 0m, memory: 1Gi}", "{}"), NULL, NULL, NULL, NULL },
	{ "a LimitRange of the namespace", "3.5", "pass", "by a LimitRange",
	    "", "", RANGE("prod"), NULL, NULL, NULL },
	{ "a LimitRange of another", "3.5", "fail", "not set", "", "",
	    RANGE("test"), NULL, NULL, NULL },
	{ "ephemeral containers have no limits", "3.5", "not_applicable",
	    "ephemeral", "", "", NULL, NULL, NULL, "ephemeralContainers" },
	{ "both requests", "3.6", "pass", "100m", "",
	    RES("{}", "{cpu: 100m, memory: 1}"), NULL, NULL, NULL, NULL },
	{ "a limit is copied", "3.6", "pass", "copied from the limit", "",
	    RES("{cpu: 1, memory: 1Gi}", "{cpu: 100m}"), NULL, NULL, NULL,
	    NULL },
	{ "no request", "3.6", "fail", "requests.cpu is not set", "", "",
	    NULL, NULL, NULL, NULL },
	{ "a LimitRange's default is a request too", "3.6", "pass",
	    "by a LimitRange", "", "", RANGE("prod"), NULL, NULL, NULL },
	/* 3.7 */
	{ "a read-only root", "3.7", "pass", "is true", "",
	    "securityContext: {readOnlyRootFilesystem: true}, ", NULL, NULL,
	    NULL, NULL },
	{ "yes is true", "3.7", "pass", "is true", "",
	    "securityContext: {readOnlyRootFilesystem: yes}, ", NULL, NULL,
	    NULL, NULL },
	{ "a quoted true is none", "3.7", "fail", "not true", "",
	    "securityContext: {readOnlyRootFilesystem: 'true'}, ", NULL, NULL,
	    NULL, NULL },
	{ "the pod has no such field", "3.7", "fail", "not set",
	    "securityContext: {readOnlyRootFilesystem: true}, ", "", NULL,
	    NULL, NULL, NULL },
	{ "Windows cannot", "3.7", "not_applicable", "Windows",
	    "nodeSelector: {kubernetes.io/os: windows}, ", "", NULL, NULL,
	    NULL, NULL },
	/* 3.8, 3.9 */
	{ "a liveness probe", "3.8", "pass", "httpGet", "",
	    PROBE("liveness", "{httpGet: {port: 1}}"), NULL, NULL, NULL,
	    NULL },
	{ "no liveness probe", "3.8", "fail", "no livenessProbe", "",
	    PROBE("readiness", "{grpc: {port: 1}}"), NULL, NULL, NULL, NULL },
	{ "a probe without a handler", "3.8", "fail", "no handler", "",
	    PROBE("liveness", "{periodSeconds: 5}"), NULL, NULL, NULL, NULL },
	{ "an init container", "3.8", "not_applicable", "init", "", "", NULL,
	    NULL, NULL, "initContainers" },
	{ "a sidecar needs a probe", "3.8", "fail", "no livenessProbe", "",
	    "restartPolicy: Always, ", NULL, NULL, NULL, "initContainers" },
	{ "a Job needs none", "3.8", "not_applicable", "jobs_need_probes", "",
	    "", NULL, "Job", NULL, NULL },
	{ "a readiness probe", "3.9", "pass", "exec", "",
	    PROBE("readiness", "{exec: {command: [a]}}"), NULL, NULL, NULL,
	    NULL },
	{ "no readiness probe", "3.9", "fail", "no readinessProbe", "", "",
	    NULL, "DaemonSet", NULL, NULL },
	{ "a CronJob needs none", "3.9", "not_applicable", "CronJob", "", "",
	    NULL, "CronJob", NULL, NULL },
	/* 3.10 */
	{ "no namespace of the host", "3.10", "pass", "hostUsers",
	    "hostNetwork: false, ", "", NULL, NULL, NULL, NULL },
	{ "the host's network", "3.10", "fail", "hostNetwork",
	    "hostNetwork: true, ", "", NULL, NULL, NULL, NULL },
	{ "the host's processes", "3.10", "fail", "hostPID",
	    "hostPID: true, ", "", NULL, NULL, NULL, NULL },
	{ "the host's IPC", "3.10", "fail", "hostIPC", "hostIPC: true, ", "",
	    NULL, NULL, NULL, NULL },
	{ "a shared process namespace is a note", "3.10", "pass",
	    "shareProcessNamespace", "shareProcessNamespace: true, ", "",
	    NULL, NULL, NULL, NULL },
	/* 3.11 */
	{ "a label and a selector", "3.11", "pass", "nodeSelector zone=dmz",
	    "nodeSelector: {zone: dmz}, ", "", NULL, NULL, NULL, NULL },
	{ "a label and an affinity", "3.11", "pass", "nodeAffinity zone",
	    "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuring"
	    "Execution: {nodeSelectorTerms: [{matchExpressions: [{key: zone, "
	    "operator: Exists}]}]}}}, ", "", NULL, NULL, NULL, NULL },
	{ "an affinity that says nothing", "3.11", "fail", "node affinity",
	    "affinity: {nodeAffinity: {}}, ", "", NULL, NULL, NULL, NULL },
	{ "labels alone", "3.11", "fail", "no nodeSelector", "", "", NULL,
	    NULL, NULL, NULL },
	{ "a selector alone", "3.11", "fail", "no label",
	    "nodeSelector: {zone: dmz}, ", "", NULL, NULL, "annotations: {}",
	    NULL },
};

static void manifest(const struct row *r, struct str *out)
{
	const char *kind = r->kind != NULL ? r->kind : "Pod";
	const char *meta = r->meta != NULL ? r->meta : "labels: {app: web}";
	const char *list = r->list != NULL ? r->list : "containers";
	const char *open = "", *close = "";

	if (strcmp(kind, "CronJob") == 0) {
		open = "jobTemplate: {spec: {template: {";
		close = "}}}";
	} else if (strcmp(kind, "Pod") != 0) {
		open = "template: {";
		close = "}";
	}
	str_addf(out, "apiVersion: v1\nkind: %s\nmetadata: {name: p, "
	    "namespace: prod, %s}\n", kind, meta);
	if (*open != '\0')
		str_addf(out, "spec: {%smetadata: {%s}, spec: {%s%s: [{%s"
		    "name: app}]}%s}\n", open, meta, r->spec, list,
		    r->container, close);
	else
		str_addf(out, "spec: {%s%s: [{%sname: app}]}\n", r->spec,
		    list, r->container);
}

static void decided(void **state)
{
	const struct row *r = *state;
	struct str text = STR_INIT;
	struct store *st = story_open();

	manifest(r, &text);
	story_text(st, str_text(&text));
	if (r->around != NULL)
		story_text(st, r->around);
	story_assess(st, NULL);
	story_is(st, "workload", r->requirement, r->verdict, r->part);
	/* What decides says where it was read, unless nothing was. */
	if (strcmp(r->verdict, "not_reviewed") != 0)
		story_is(st, "workload", r->requirement, r->verdict,
		    "\"yaml:");
	str_free(&text);
	store_close(st);
}

static void platform(const char *text, const char *syscalls,
    const char *pids)
{
	struct store *st = story_open();

	story_text(st, text);
	story_assess(st, NULL);
	story_is(st, "platform", "3.2", syscalls, "");
	story_is(st, "platform", "3.3", pids, "");
	store_close(st);
}

static void a_node_is_judged_itself(void **state)
{
	(void)state;
	platform(KUBELET("podPidsLimit: 100\nseccompDefault: true"), "pass",
	    "pass");
	platform(KUBELET("podPidsLimit: -1"), "fail", "fail");
	/* A change of single settings says nothing about the others. */
	platform("apiVersion: machineconfiguration.openshift.io/v1\n"
	    "kind: KubeletConfig\nmetadata: {name: k}\n"
	    "spec: {kubeletConfig: {podPidsLimit: 4096}}\n", "not_reviewed",
	    "pass");
	platform("apiVersion: machineconfiguration.openshift.io/v1\n"
	    "kind: ContainerRuntimeConfig\nmetadata: {name: k}\n"
	    "spec: {containerRuntimeConfig: {pidsLimit: 0}}\n",
	    "not_reviewed", "fail");
}

static void nodes_that_disagree_are_a_contradiction(void **state)
{
	struct store *st = story_open();
	struct err err = ERR_INIT;
	const char *other;
	struct query q;

	(void)state;
	story_text(st, KUBELET("podPidsLimit: 9\nseccompDefault: true"));
	other = story_text(st, KUBELET("podPidsLimit: -1"));
	story_assess(st, NULL);
	query_open(&q, st, SQL_SHOW_GAPS, BIND(V((const char *)NULL)));
	assert_int_equal(query_next(&q, &err), 1);	/* listed first */
	assert_string_equal(query_text(&q, 0), "contradiction");
	query_close(&q);
	assert_true(story_gap(st, "contradiction", "limits a pod's PIDs (9)"));
	assert_true(story_gap(st, "contradiction",
	    "confines a container without a profile (true)"));
	/* Two platforms may differ. */
	story_say(st, "place.platform", other, "platform", "edge");
	story_assess(st, NULL);
	assert_false(story_gap(st, "contradiction", ""));
	store_close(st);
}

int main(void)
{
	struct CMUnitTest tests[128] = {
		cmocka_unit_test(a_node_is_judged_itself),
		cmocka_unit_test(nodes_that_disagree_are_a_contradiction),
	};
	size_t n = 2;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		tests[n++] = (struct CMUnitTest){ .name = rows[i].says,
		    .test_func = decided,
		    .initial_state = (void *)(uintptr_t)&rows[i] };
	return _cmocka_run_group_tests("pod", tests, n, NULL, NULL);
}
