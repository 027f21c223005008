/*
 * test_join.c - an image, the workload that deploys it and what stands in
 * other files, joined: 2.13 by Services, 3.7 by the image's volumes.
 */
#include "test.h"
#include "mkimage.h"
#include "story.h"

#define CONFIG "\"config\":{\"User\":\"1000\",\"ExposedPorts\":" \
	"{\"8443/tcp\":{}},\"Volumes\":{\"/data\":{}}},"
#define POD(port, mount) "apiVersion: v1\nkind: Pod\nmetadata: {name: p, " \
	"namespace: n, labels: {app: web, tier: front}}\nspec: {volumes: " \
	"[{name: v, emptyDir: {}}], containers: [{name: c, image: 't:1', " \
	"securityContext: {readOnlyRootFilesystem: true}, ports: [" port "], " \
	"volumeMounts: [" mount "]}]}\n"
#define SERVICE(ns, select, port) "apiVersion: v1\nkind: Service\n" \
	"metadata: {name: s, namespace: " ns "}\nspec: {selector: {" select \
	"}, ports: [{port: 443, targetPort: " port "}]}\n"

static const struct row {
	const char *says, *requirement, *verdict;
	const char *part;	/* of the reasons; "!": not among them */
	const char *pod, *service;
} rows[] = {
	{ "a Service of another file uses the port", "2.13", "pass",
	    "all exposed", POD("", ""), SERVICE("n", "app: web", "8443") },
	{ "by the port's name", "2.13", "pass", "all exposed",
	    POD("{name: tls, containerPort: 8443}", ""),
	    SERVICE("n", "tier: front, app: web", "tls") },
	{ "one of another namespace does not", "2.13", "fail",
	    "used nowhere", POD("", ""), SERVICE("m", "app: web", "8443") },
	{ "one that selects others does not", "2.13", "fail",
	    "used nowhere", POD("", ""),
	    SERVICE("n", "app: web, tier: back", "8443") },
	{ "a label is compared as a whole", "2.13", "fail", "used nowhere",
	    POD("", ""), SERVICE("n", "app: we", "8443") },
	{ "a port that is not exposed is a note", "2.13", "pass",
	    "port 9000 is used (a Service's port of Pod/n/p/c)",
	    POD("{containerPort: 8443}", ""),
	    SERVICE("n", "app: web", "9000") },
	{ "the image's volume stays writable", "3.7", "pass",
	    "declares the volume /data", POD("", ""), NULL },
	{ "unless it is mounted", "3.7", "pass", "!declares",
	    POD("", "{name: v, mountPath: /data/}"), NULL },
	{ "a service of a compose file too", "3.7", "pass",
	    "declares the volume /data",
	    "services: {a: {image: 't:1', read_only: true}}\n", NULL },
	{ "unless that mounts it", "3.7", "pass", "!declares",
	    "services: {a: {image: 't:1', read_only: true, volumes: "
	    "['vol:/data']}}\n", NULL },
	{ "a range of a compose file uses its ports", "2.13", "pass",
	    "all exposed", "services: {a: {image: 't:1', expose: "
	    "['8440-8450']}}\n", NULL },
};

static void story_image(struct store *st)
{
	const struct mk_entry files[] = {
		{ .name = "x", .body = "x" }, { .name = NULL }
	};
	struct str archive = STR_INIT, layer = STR_INIT;

	mk_layer(&layer, files);
	mk_docker(&archive, CONFIG, &layer, 1);
	story_bytes(st, archive.s, archive.len);
	str_free(&archive);
	str_free(&layer);
}

static void joined(void **state)
{
	const struct row *r = *state;
	struct store *st = story_open();

	story_image(st);
	story_text(st, r->pod);
	if (r->service != NULL)
		story_text(st, r->service);
	story_assess(st, NULL);
	story_is(st, r->requirement[0] == '2' ? "image" : "workload",
	    r->requirement, r->verdict, r->part);
	store_close(st);
}

/* More pairs of pods and Services than are looked at prove nothing. */
static void a_cut_is_a_gap_and_no_failure(void **state)
{
	enum { EACH = 320 };
	struct str pods = STR_INIT, services = STR_INIT;
	struct store *st = story_open();

	(void)state;
	for (int i = 0; i < EACH; i++) {
		str_addf(&pods, "---\napiVersion: v1\nkind: Pod\nmetadata: "
		    "{name: p%d, namespace: n, labels: {app: web}}\nspec: "
		    "{containers: [{name: c, image: 't:1'}]}\n", i);
		str_addf(&services, "---\napiVersion: v1\nkind: Service\n"
		    "metadata: {name: s%d, namespace: n}\nspec: {selector: "
		    "{app: web}, ports: [{port: 9000}]}\n", i);
	}
	story_image(st);
	story_text(st, str_text(&pods));
	story_text(st, str_text(&services));
	story_assess(st, NULL);
	story_is(st, "image", "2.13", "not_reviewed", "that was looked at");
	assert_true(story_gap(st, "gap", "only 100000 pairs"));
	str_free(&pods);
	str_free(&services);
	store_close(st);
}

static void workloads_are_listed_with_their_image(void **state)
{
	static const char pod[] = POD("", "");
	struct err err = ERR_INIT;
	struct store *st = story_open();
	struct query q;

	(void)state;
	story_text(st, pod);
	story_assess(st, NULL);
	query_open(&q, st, SQL_SHOW_WORKLOADS, BIND(V((const char *)NULL)));
	assert_int_equal(query_next(&q, &err), 1);
	assert_string_equal(query_text(&q, 0), "Pod/n/p/c");
	assert_string_equal(query_text(&q, 1), "Pod");
	assert_string_equal(query_text(&q, 2), "n");
	assert_string_equal(query_text(&q, 3), "p");
	assert_string_equal(query_text(&q, 4), "c");
	assert_string_equal(query_text(&q, 5), "t:1");
	assert_int_equal(query_int(&q, 8) + query_int(&q, 9) +
	    query_int(&q, 10) + query_int(&q, 11) + query_int(&q, 12), 11);
	assert_int_equal(query_next(&q, &err), 0);
	query_close(&q);
	store_close(st);
}

int main(void)
{
	struct CMUnitTest tests[32] = {
		cmocka_unit_test(workloads_are_listed_with_their_image),
		cmocka_unit_test(a_cut_is_a_gap_and_no_failure),
	};
	size_t n = 2;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		tests[n++] = (struct CMUnitTest){ .name = rows[i].says,
		    .test_func = joined,
		    .initial_state = (void *)(uintptr_t)&rows[i] };
	return _cmocka_run_group_tests("join", tests, n, NULL, NULL);
}
