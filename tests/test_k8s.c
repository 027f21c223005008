/* test_k8s.c - what a manifest says about each of its containers. */
#include "test.h"
#include "muster/import.h"
#include "muster/input.h"

/* Lines that must be among the records of a sample, and how often. */
static const struct row {
	const char	*path, *record;
	int		 times;
} rows[] = {
	{ "hardened", "TARGET|1|workload|Deployment/prod/web/app|"
	    "Deployment/prod/web/app|yaml:1:23:", 1 },
	{ "hardened", "FACT|1|pod.container|-|container|yaml:1:23:", 1 },
	{ "hardened", "FACT|1|pod.port|8080|TCP|yaml:1:26:", 1 },
	{ "hardened", "FACT|1|pod.probe_port|8080|liveness|yaml:1:26:", 1 },
	{ "hardened", "FACT|1|pod.service_port|8080|-|yaml:2:45:", 1 },
	{ "hardened", "FACT|1|pod.user|pod|10001|yaml:1:20:", 1 },
	{ "hardened", "FACT|1|pod.seccomp|pod|RuntimeDefault|yaml:1:21:",
	    1 },
	{ "hardened", "FACT|1|pod.resource|", 4 },
	{ "hardened", "FACT|0|k8s.object|", 2 },
	{ "careless", "TARGET|1|workload|Pod/default/agent/agent|", 1 },
	{ "careless", "TARGET|2|workload|Pod/default/agent/setup|", 1 },
	{ "careless", "FACT|1|pod.hostpath|/s|/var/run/docker.sock|"
	    "yaml:1:18:", 1 },
	{ "careless", "pod.hostpath", 1 },	/* "setup" mounts nothing */
	{ "careless", "FACT|2|pod.container|-|init|", 1 },
	{ "careless", "|pod.hostns|hostPID|true|", 2 },
	{ "merged", "TARGET|1|workload|Rollout/default/roll/one|", 1 },
	{ "merged", "TARGET|2|workload|Rollout/default/roll/two|", 1 },
	{ "merged", "FACT|1|pod.readonly|-|true|", 1 },
	{ "merged", "FACT|2|pod.readonly|-|false|", 1 },
	{ "merged", "FACT|2|pod.image|-|one:1|", 1 },
	{ "merged", "FACT|2|pod.label|app|roll|", 1 },
	{ "merged", "TARGET|3|platform|KubeletConfiguration/kubelet-config|",
	    1 },
	{ "merged", "FACT|3|platform.pids|podPidsLimit|2048|yaml:3:28:", 1 },
};

static void says(void **state)
{
	const struct row *r = *state;
	struct err err = ERR_INIT;
	struct memo m;
	char path[64];

	memo_init(&m);
	snprintf(path, sizeof(path), "samples/k8s/%s.%s", r->path,
	    strcmp(r->path, "careless") == 0 ? "json" : "yaml");
	assert_ok(memo_import(&m, path, NULL, &err), &err);
	if (memo_count(&m, r->record) != r->times)
		print_error("%s\n", str_text(&m.text));
	assert_int_equal(memo_count(&m, r->record), r->times);
	memo_free(&m);
}

/* Text of our own, read in this process. */
static int read_text(const char *text, struct memo *m, struct err *err)
{
	struct input *in = input_open_mem(text, strlen(text), "t.yaml");
	const struct importer *imp = import_choose(in, NULL, err);
	int rc = -1;

	memo_init(m);
	if (imp != NULL) {
		assert_string_equal(imp->name, "kubernetes");
		rc = imp->read(in, &m->sink, err);
	}
	input_close(in);
	return rc;
}

static void refused_with_a_line(void **state)
{
	static const struct {
		const char	*path, *part;
		int64_t		 line;
	} bad[] = {
		{ "samples/k8s/malformed.yaml", "\"name\" appears twice", 8 },
		{ "samples/k8s/template.yaml", "unrendered template", 4 },
		{ "samples/k8s/no-list.yaml", "expected a list", 5 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err err = ERR_INIT;
		struct memo m;

		memo_init(&m);
		assert_int_equal(memo_import(&m, bad[i].path, NULL, &err),
		    -1);
		assert_int_equal(err.kind, ERR_INPUT);
		assert_non_null(strstr(err.text, bad[i].part));
		assert_int_equal(err.line, bad[i].line);
		memo_free(&m);
	}
}

static void shapes_are_checked(void **state)
{
	static const char *const specs[] = {
		"containers: x", "containers: [x]", "volumes: {a: b}",
		"volumes: [x]", "nodeSelector: x", "securityContext: x",
		"containers: [{name: a, resources: x}]",
		"containers: [{name: a, ports: x}]",
		"containers: [{name: a, livenessProbe: x}]",
		"containers: [{name: a, volumeMounts: {}}]",
		"containers: [{name: a, volumeMounts: [x]}]",
		"containers: [{name: a, securityContext: [x]}]",
	};
	struct str text = STR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(specs) / sizeof(specs[0]); i++) {
		struct err err = ERR_INIT;
		struct memo m;

		str_clear(&text);
		str_addf(&text, "apiVersion: v1\nkind: Pod\nspec: {%s}\n",
		    specs[i]);
		assert_int_equal(read_text(str_text(&text), &m, &err), -1);
		assert_int_equal(err.kind, ERR_INPUT);
		assert_int_equal(err.line, 3);
		assert_non_null(strstr(err.place, "document 1 /spec"));
		memo_free(&m);
	}
	str_free(&text);
}

#define HEAD "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: "
#define POD HEAD "{containers: [{name: a, image: i}]}\n"

static void a_repeated_key_gets_its_document(void **state)
{
	struct err err = ERR_INIT;
	struct memo m;

	(void)state;
	assert_ok(read_text(POD "---\n" POD "---\n" HEAD
	    "{containers: [{name: a}, {name: a}]}\n", &m, &err), &err);
	assert_int_equal(memo_count(&m, "|Pod/default/p/a|"), 2);
	assert_int_equal(memo_count(&m, "|Pod/default/p/a#2|"), 2);
	assert_int_equal(memo_count(&m, "|Pod/default/p/a#3|"), 2);
	assert_int_equal(memo_count(&m, "|Pod/default/p/a#3.2|"), 2);
	memo_free(&m);
}

static void objects_are_counted_and_kept(void **state)
{
	struct err err = ERR_INIT;
	struct memo m;

	(void)state;
	assert_ok(read_text(POD "---\n---\napiVersion: v1\nkind: List\nitems:\n"
	    "- {apiVersion: v1, kind: Secret, metadata: {name: s}}\n"
	    "- {apiVersion: v1, kind: List, items: [{kind: Namespace}]}\n",
	    &m, &err), &err);
	assert_int_equal(m.sink.counts[COUNT_READ], 3);
	assert_int_equal(memo_count(&m, "FACT|0|k8s.object|"), 3);
	assert_int_equal(m.sink.targets, 1);
	memo_free(&m);
}

static void other_yaml_is_not_ours(void **state)
{
	static const char *const texts[] = {
		"just text\n",
		"spec: {containers: [{name: a}]}\n", "- a\n- b\n",
		"apiVersion: v1\nname: image\ntags: [\"1\"]\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct err err = ERR_INIT;
		struct memo m;

		assert_int_equal(read_text(texts[i], &m, &err), -1);
		assert_int_equal(err.kind, ERR_INPUT);
		assert_int_equal(m.sink.targets, 0);
		memo_free(&m);
	}
}

static void a_later_document_without_kind_refuses_the_file(void **state)
{
	struct err err = ERR_INIT;
	struct memo m;

	(void)state;
	assert_int_equal(read_text(POD "---\njust text\n", &m, &err), -1);
	assert_int_equal(err.line, 6);
	assert_non_null(strstr(err.text, "no Kubernetes object"));
	memo_free(&m);
}

static void a_service_selects_by_all_its_labels(void **state)
{
	static const char text[] =
	    "apiVersion: v1\nkind: Service\nmetadata: {name: s}\n"
	    "spec: {selector: {a: x, b: y}, ports: [{port: 80}]}\n---\n"
	    "apiVersion: v1\nkind: Pod\nmetadata: {name: one, labels: {a: x}}"
	    "\nspec: {containers: [{name: c}]}\n---\n"
	    "apiVersion: v1\nkind: Pod\nmetadata: {name: two, labels: {b: y,"
	    " a: x}}\nspec: {containers: [{name: c}]}\n---\n"
	    "apiVersion: v1\nkind: Pod\nmetadata: {name: far, namespace: n,"
	    " labels: {b: y, a: x}}\nspec: {containers: [{name: c}]}\n";
	struct err err = ERR_INIT;
	struct memo m;

	(void)state;
	assert_ok(read_text(text, &m, &err), &err);
	assert_int_equal(memo_count(&m, "pod.service_port"), 1);
	assert_int_equal(memo_count(&m, "FACT|2|pod.service_port|80|"), 1);
	memo_free(&m);
}

static void services_of_everything_are_cut_off_with_a_warning(void **state)
{
	struct str text = STR_INIT;
	struct err err = ERR_INIT;
	struct memo m;

	(void)state;
	for (int i = 0; i < 500; i++)
		str_addf(&text, "apiVersion: v1\nkind: Service\n"
		    "metadata: {name: s%d}\nspec: {selector: {a: b}, ports: "
		    "[{port: 1}]}\n---\napiVersion: v1\nkind: Pod\n"
		    "metadata: {name: p%d, labels: {a: b}}\n"
		    "spec: {containers: [{name: c}]}\n---\n", i, i);
	assert_ok(read_text(str_text(&text), &m, &err), &err);
	assert_int_equal(memo_count(&m, "pod.service_port"), 200000);
	assert_int_equal(m.kinds[REC_WARNING], 1);
	memo_free(&m);
	str_free(&text);
}

int main(void)
{
	struct CMUnitTest tests[64] = {
		cmocka_unit_test(refused_with_a_line),
		cmocka_unit_test(shapes_are_checked),
		cmocka_unit_test(a_repeated_key_gets_its_document),
		cmocka_unit_test(objects_are_counted_and_kept),
		cmocka_unit_test(other_yaml_is_not_ours),
		cmocka_unit_test(
		    a_later_document_without_kind_refuses_the_file),
		cmocka_unit_test(a_service_selects_by_all_its_labels),
		cmocka_unit_test(
		    services_of_everything_are_cut_off_with_a_warning),
	};
	size_t n = 8;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		tests[n++] = (struct CMUnitTest){ .name = rows[i].record,
		    .test_func = says,
		    .initial_state = (void *)(uintptr_t)&rows[i] };
	return _cmocka_run_group_tests("k8s", tests, n, NULL, NULL);
}
