/*
 * test_compose.c - services of compose files: what they say, and what 3.1 to
 * 3.11 make of it, through the real import and assessment.
 */
#include "test.h"
#include "story.h"
#include "muster/input.h"

/* Lines that must be among the records of a sample, and how often. */
static const struct record {
	const char	*path, *record;
	int		 times;
} records[] = {
	{ "hardened", "TARGET|1|workload|Compose/shop/web/web|", 1 },
	{ "hardened", "TARGET|2|workload|Compose/shop/worker/worker|", 1 },
	{ "hardened", "|pod.readonly|read_only|true|yaml:1:4:", 2 },
	{ "hardened", "FACT|2|pod.pids|pids_limit|200|yaml:1:13:", 1 },
	{ "hardened", "FACT|1|pod.port|8443|tcp|yaml:1:24:", 1 },
	{ "hardened", "FACT|1|pod.hostpath|/conf|./conf|yaml:1:27:", 1 },
	{ "hardened", "pod.hostpath", 2 },	/* the volume is none */
	{ "hardened", "FACT|1|pod.user|user|10001|", 1 },
	{ "careless", "FACT|1|pod.image|-|registry.example/agent:1.0|", 1 },
	{ "careless", "FACT|2|pod.image|", 0 },
	{ "careless", "FACT|1|pod.port|9000-9002|udp|", 1 },
	{ "careless", "FACT|1|pod.port|22|TCP|", 1 },
	{ "careless", "FACT|1|pod.port|80|TCP|", 1 },
	{ "careless", "FACT|1|pod.port|7000|TCP|", 1 },
	{ "careless", "FACT|1|pod.user|user|0|", 1 },
	{ "careless", "|pod.hostpath|/n|/etc/agent|", 2 }, /* volumes_from */
	{ "careless", "|pod.hostpath|/s|", 0 },
	{ "careless", "FACT|1|pod.hostns|networks|host|", 1 },
	{ "old", "TARGET|2|workload|Compose/default/db/db|", 1 },
	{ "old", "FACT|1|pod.hostns|net|host|", 1 },
};

static void says(void **state)
{
	const struct record *r = *state;
	struct err err = ERR_INIT;
	struct memo m;
	char path[64];

	memo_init(&m);
	snprintf(path, sizeof(path), "samples/compose/%s.yaml", r->path);
	assert_ok(memo_import(&m, path, NULL, &err), &err);
	if (memo_count(&m, r->record) != r->times)
		print_error("%s\n", str_text(&m.text));
	assert_int_equal(memo_count(&m, r->record), r->times);
	assert_int_equal(m.sink.counts[COUNT_READ], 2);
	memo_free(&m);
}

struct row {
	const char	*says, *requirement, *verdict;
	const char	*part;		/* of the reasons */
	const char	*service;	/* in braces' style */
	const char	*rest;		/* of the file, or NULL */
	const char	*around;	/* another file, or NULL */
};

#define DAEMON(s) "{\"live-restore\": true, \"userland-proxy\": false" s "}"
#define KUBELET "apiVersion: kubelet.config.k8s.io/v1beta1\n" \
	"kind: KubeletConfiguration\npodPidsLimit: 7\n"

static const struct row rows[] = {
	{ "a socket", "3.1", "fail", "docker.sock",
	    "volumes: ['/run/docker.sock:/x:ro']", NULL, NULL },
	{ "a socket in the long form", "3.1", "fail", "containerd",
	    "volumes: [{type: bind, source: /run/containerd, target: /x}]",
	    NULL, NULL },
	{ "a named volume", "3.1", "pass", "no endpoint",
	    "volumes: ['run:/run/docker.sock']", "volumes: {run: }\n", NULL },
	{ "a path nobody knows", "3.1", "not_reviewed", "variable",
	    "volumes: ['${SOCKET}:/x']", NULL, NULL },
	{ "the engine's own profile", "3.2", "pass", "default profile",
	    "image: i", NULL, NULL },
	{ "no profile", "3.2", "fail", "unconfined",
	    "security_opt: ['seccomp:unconfined']", NULL, NULL },
	{ "a profile of its own", "3.2", "pass", "Localhost p.json",
	    "security_opt: ['seccomp=p.json']", NULL, NULL },
	{ "privileged", "3.2", "fail", "privileged", "privileged: true",
	    NULL, NULL },
	{ "an unconfined engine", "3.2", "fail", "unconfined by default",
	    "image: i", NULL, DAEMON(", \"seccomp-profile\": "
	    "\"unconfined\"") },
	{ "a limit of PIDs", "3.3", "pass", "50 PIDs", "pids_limit: 50",
	    NULL, NULL },
	{ "deploy limits PIDs", "3.3", "pass", "60 PIDs",
	    "deploy: {resources: {limits: {pids: 60}}}", NULL, NULL },
	{ "-1 is no limit of PIDs", "3.3", "fail", "-1", "pids_limit: -1",
	    NULL, NULL },
	{ "nothing about PIDs", "3.3", "not_reviewed", "daemon.json",
	    "image: i", NULL, NULL },
	{ "a kubelet limits no service", "3.3", "not_reviewed",
	    "daemon.json", "image: i", NULL, KUBELET },
	{ "the engine limits PIDs", "3.3", "pass", "99 PIDs", "image: i",
	    NULL, DAEMON(", \"default-pids-limit\": 99") },
	{ "neither limits PIDs", "3.3", "fail", "neither", "image: i",
	    NULL, DAEMON("") },
	{ "a sensitive directory", "3.4", "fail", "/etc",
	    "volumes: ['/etc:/x:ro']", NULL, NULL },
	{ "a volume bound to one", "3.4", "fail", "/root/x",
	    "volumes: ['vol:/x']", "volumes: {vol: {driver_opts: {type: none, "
	    "o: bind, device: /root/x}}}\n", NULL },
	{ "a secret from one", "3.4", "fail", "/etc/shadow",
	    "secrets: [s]", "secrets: {s: {file: /etc/shadow}}\n", NULL },
	{ "a relative path", "3.4", "pass", "relative",
	    "volumes: ['./etc:/x', '../etc:/y', '~/etc:/z']", NULL, NULL },
	{ "an overridden mount", "3.4", "pass", "/srv",
	    "extends: base, volumes: ['/srv:/x']",
	    "  base: {volumes: ['/etc:/x']}\n", NULL },
	{ "an inherited mount", "3.4", "fail", "/etc",
	    "extends: {service: base}, volumes: ['/srv:/y']",
	    "  base: {volumes: ['/etc:/x']}\n", NULL },
	{ "both limits", "3.5", "pass", "256m", "cpus: 0.5, mem_limit: 256m",
	    NULL, NULL },
	{ "one limit", "3.5", "fail", "limits.cpu is not set",
	    "mem_limit: 1g", NULL, NULL },
	{ "a variable for a limit", "3.5", "not_reviewed", "${M}",
	    "cpus: 1, mem_limit: '${M}'", NULL, NULL },
	{ "a variable with a default", "3.5", "pass", "is 1g",
	    "cpus: 1, mem_limit: '${M:-${N:-1g}}'", NULL, NULL },
	{ "a pod's LimitRange is none", "3.5", "fail", "not set", "image: i",
	    NULL, "apiVersion: v1\nkind: LimitRange\nspec: {limits: [{type: "
	    "Container, default: {cpu: 1, memory: 1Gi}}]}\n" },
	{ "reservations", "3.6", "pass", "requests.memory is 1g",
	    "deploy: {resources: {reservations: {cpus: '1', memory: 1g}}}",
	    NULL, NULL },
	{ "a limit is no reservation", "3.6", "fail", "not set",
	    "cpus: 1, mem_limit: 1g", NULL, NULL },
	{ "a read-only root", "3.7", "pass", "read_only is true",
	    "read_only: true", NULL, NULL },
	{ "a root to write to", "3.7", "fail", "read_only is not set",
	    "image: i", NULL, NULL },
	{ "a healthcheck", "3.8", "pass", "healthcheck",
	    "healthcheck: {test: 'curl localhost'}", NULL, NULL },
	{ "none", "3.8", "fail", "no healthcheck", "image: i", NULL, NULL },
	{ "one that is disabled", "3.9", "fail", "switched off",
	    "healthcheck: {test: [CMD, x], disable: true}", NULL, NULL },
	{ "NONE", "3.9", "fail", "switched off",
	    "healthcheck: {test: [NONE]}", NULL, NULL },
	{ "one without a test", "3.9", "not_reviewed", "image's own",
	    "healthcheck: {interval: 5s}", NULL, NULL },
	{ "both from one check", "3.9", "pass", "both probes",
	    "healthcheck: {test: [CMD, x]}", NULL, NULL },
	{ "no namespace", "3.10", "pass", "no namespace",
	    "network_mode: bridge, ipc: private", NULL, NULL },
	{ "the host's network", "3.10", "fail", "network_mode",
	    "network_mode: host", NULL, NULL },
	{ "the host's processes", "3.10", "fail", "pid is host", "pid: host",
	    NULL, NULL },
	{ "the host's users", "3.10", "fail", "userns_mode",
	    "userns_mode: host", NULL, NULL },
	{ "another container's", "3.10", "fail", "container:x",
	    "ipc: 'container:x'", NULL, NULL },
	{ "another service's", "3.10", "fail", "another container",
	    "network_mode: 'service:x'", NULL, NULL },
	{ "a label and a constraint", "3.11", "pass", "zone == a",
	    "labels: [app=x], deploy: {placement: {constraints: "
	    "['node.labels.zone == a']}}", NULL, NULL },
	{ "a label alone", "3.11", "fail", "placement constraint",
	    "labels: {app: x}", NULL, NULL },
	{ "a constraint alone", "3.11", "fail", "no label",
	    "deploy: {placement: {constraints: [a == b]}}", NULL, NULL },
};

static void decided(void **state)
{
	const struct row *r = *state;
	struct str text = STR_INIT;
	struct store *st = story_open();

	str_addf(&text, "services:\n  web: {%s}\n%s", r->service,
	    r->rest != NULL ? r->rest : "");
	story_text(st, str_text(&text));
	if (r->around != NULL)
		story_text(st, r->around);
	story_assess(st, NULL);
	story_is(st, "Compose/default/web/web", r->requirement, r->verdict,
	    r->part);
	str_free(&text);
	store_close(st);
}

static void what_is_no_compose_file_is_refused_with_its_line(void **state)
{
	static const struct {
		const char	*text, *part;
		int64_t		 line;
	} bad[] = {
		{ "services: [a]\n", "expected a map", 1 },
		{ "services:\n  a: x\n", "no map", 2 },
		{ "services:\n  a: {volumes: x}\n", "expected a list", 2 },
		{ "services:\n  a: {volumes: [[x]]}\n", "is a list", 2 },
		{ "services:\n  a: {extends: b}\n", "no service", 2 },
		{ "services:\n  a: {healthcheck: []}\n", "a map", 2 },
		{ "job:\n  image: i\n  script: [x]\n", "no compose", 1 },
		{ "a:\n  image: i\nb: 1\n", "no compose", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct input *in = input_open_mem(bad[i].text,
		    strlen(bad[i].text), "c.yaml");
		struct err err = ERR_INIT;
		const struct importer *imp = import_choose(in, "compose",
		    &err);
		struct memo m;

		memo_init(&m);
		assert_non_null(imp);
		assert_int_equal(imp->read(in, &m.sink, &err), -1);
		if (strstr(err.text, bad[i].part) == NULL)
			print_error("%s\n", err.text);
		assert_non_null(strstr(err.text, bad[i].part));
		assert_int_equal(err.line, bad[i].line);
		memo_free(&m);
		input_close(in);
	}
}

static void files_that_are_not_read_are_named(void **state)
{
	static const char text[] = "include: [more.yaml]\nservices:\n"
	    "  a: {image: i, extends: {file: b.yaml, service: b}}\n";
	struct input *in = input_open_mem(text, strlen(text), "c.yaml");
	struct err err = ERR_INIT;
	struct memo m;

	(void)state;
	memo_init(&m);
	assert_ok(import_choose(in, NULL, &err)->read(in, &m.sink, &err),
	    &err);
	assert_int_equal(m.kinds[REC_WARNING], 2);
	assert_int_equal(memo_count(&m, "b.yaml"), 1);
	memo_free(&m);
	input_close(in);
}

int main(void)
{
	struct CMUnitTest tests[128] = {
		cmocka_unit_test(
		    what_is_no_compose_file_is_refused_with_its_line),
		cmocka_unit_test(files_that_are_not_read_are_named),
	};
	size_t n = 2;

	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++)
		tests[n++] = (struct CMUnitTest){ .name = records[i].record,
		    .test_func = says,
		    .initial_state = (void *)(uintptr_t)&records[i] };
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		tests[n++] = (struct CMUnitTest){ .name = rows[i].says,
		    .test_func = decided,
		    .initial_state = (void *)(uintptr_t)&rows[i] };
	return _cmocka_run_group_tests("compose", tests, n, NULL, NULL);
}
