/*
 * test_platform.c - engines' and kubelets' own configuration files: what they
 * say, and their verdicts.
 */
#include "test.h"
#include "story.h"

static const struct record {
	const char	*path, *record;
	int		 times;
} records[] = {
	{ "daemon.json", "FACT|1|platform.kind|-|docker-daemon|", 1 },
	{ "daemon.json", "|platform.pids|default-pids-limit|512|"
	    "json:/default-pids-limit\n", 1 },
	{ "daemon.json", "|platform.setting|userns-remap|default|", 1 },
	{ "daemon.json", "|tls.off|insecure-registries|"
	    "registry.example:5000|json:/insecure-registries/0\n", 1 },
	{ "daemon.json", "|tls.off|registry-mirrors|http://mirror.example|",
	    1 },
	{ "daemon.json", "tls.off", 2 },	/* https is none */
	{ "kubelet.env", "FACT|1|platform.kind|-|kubelet-flags|", 1 },
	{ "kubelet.env", "|platform.pids|pod-max-pids|2048|line:2\n", 1 },
	{ "kubelet.env", "|platform.seccomp|seccomp-default|true|", 1 },
	{ "kubelet.service", "|platform.pids|pod-max-pids|-1|line:5\n",
	    1 },
	{ "kubelet.service", "|platform.setting|read-only-port|10255|line:6",
	    1 },
	{ "kubelet.service", "|platform.setting|config|/var/lib/kubelet/"
	    "config.yaml|line:3\n", 1 },
};

static void says(void **state)
{
	const struct record *r = *state;
	struct err err = ERR_INIT;
	struct memo m;
	char path[64];

	memo_init(&m);
	snprintf(path, sizeof(path), "samples/platform/%s", r->path);
	assert_ok(memo_import(&m, path, NULL, &err), &err);
	if (memo_count(&m, r->record) != r->times)
		print_error("%s\n", str_text(&m.text));
	assert_int_equal(memo_count(&m, r->record), r->times);
	memo_free(&m);
}

static const struct row {
	const char	*says, *text, *syscalls, *pids;
} rows[] = {
	{ "an engine without a limit", "{\"live-restore\": true, "
	    "\"userland-proxy\": false}", "pass", "fail" },
	{ "an engine with a limit", "{\"live-restore\": true, "
	    "\"default-pids-limit\": 5}", "pass", "pass" },
	{ "an engine that confines nothing", "{\"live-restore\": true, "
	    "\"seccomp-profile\": \"unconfined\"}", "fail", "fail" },
	{ "flags that say both", "/usr/bin/kubelet --pod-max-pids=9 "
	    "--seccomp-default=true\n", "pass", "pass" },
	{ "a flag that switches off", "/usr/bin/kubelet --pod-max-pids 0 "
	    "--seccomp-default=false\n", "fail", "fail" },
	{ "flags that leave it to the file", "KUBELET_EXTRA_ARGS=--config=x\n",
	    "not_reviewed", "not_reviewed" },
};

static void decided(void **state)
{
	const struct row *r = *state;
	struct store *st = story_open();

	story_text(st, r->text);
	story_assess(st, NULL);
	story_is(st, "platform", "3.2", r->syscalls, "");
	story_is(st, "platform", "3.3", r->pids, "");
	store_close(st);
}

static void an_engine_without_tls_fails_every_image(void **state)
{
	struct store *st = story_open();

	(void)state;
	story_file(st, "samples/story/web-1.4.docker.tar.gz");
	story_file(st, "samples/platform/daemon.json");
	story_assess(st, NULL);
	story_is(st, "image", "2.7", "fail", "registry.example:5000");
	store_close(st);
}

int main(void)
{
	struct CMUnitTest tests[64] = {
		cmocka_unit_test(an_engine_without_tls_fails_every_image),
	};
	size_t n = 1;

	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++)
		tests[n++] = (struct CMUnitTest){ .name = records[i].record,
		    .test_func = says,
		    .initial_state = (void *)(uintptr_t)&records[i] };
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		tests[n++] = (struct CMUnitTest){ .name = rows[i].says,
		    .test_func = decided,
		    .initial_state = (void *)(uintptr_t)&rows[i] };
	return _cmocka_run_group_tests("platform", tests, n, NULL, NULL);
}
