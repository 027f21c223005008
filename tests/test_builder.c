/*
 * test_builder.c - builders' configurations and TLS scans of registries: what
 * they say, what TOML is refused, and what 2.7 makes of it.
 */
#include <stdlib.h>
#include <unistd.h>

#include "test.h"
#include "muster/assess.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/store.h"
#include "muster/toml.h"

static const struct record {
	const char	*path, *record;
	int		 times;
} records[] = {
#define REG "builder/registries.conf"
	{ REG, "|platform|registries.conf|", 1 },
	{ REG, "|builder.registry|registry.example.mil|"
	    "mirror.example.mil/cache|line:4", 1 },
	{ REG, "|builder.mirror|registry.example.mil|10.0.0.7:5000 insecure|"
	    "line:8", 1 },
	{ REG, "|tls.off|insecure|10.0.0.7:5000|line:8", 1 },
	{ REG, "|tls.off|", 1 },	/* a blocked one is not pulled from */
	{ REG, "|builder.setting|short-name-mode|enforcing|line:2", 1 },
#define KIT "builder/buildkitd.toml"
	{ KIT, "|builder.registry|", 2 },
	{ KIT, "|tls.off|http|registry.example.mil:5000|line:10", 1 },
	{ KIT, "|tls.off|mirrors|http://old.example.mil|", 1 },
	{ KIT, "|tls.off|", 2 },
	{ "builder/policy.json", "|builder.policy|docker registry.example.mil"
	    "/scratch|insecureAcceptAnything|json:/transports/docker/"
	    "registry.example.mil~1scratch/0", 1 },
	{ "builder/policy.json", "|builder.policy|default|reject|", 1 },
	{ "builder/openssl.cnf", "|tls.minimum|MinProtocol|TLSv1.2|line:10",
	    1 },
	{ "tls_scan/testssl.json", "|tls.offered|TLSv1.0|false|json:/1", 1 },
	{ "tls_scan/testssl.json", "|tls.offered|TLSv1.3|true|", 1 },
	{ "tls_scan/nmap.xml", "|tls.offered|TLSv1.0|true|xpath:/nmaprun/", 1 },
	{ "tls_scan/nmap.xml", "|tls.scan|-|reg.example:443|", 1 },
	{ "tls_scan/sslyze.json", "|tls.offered|", 3 },
	{ "tls_scan/sslyze.json", "|tls.offered|TLSv1.0|false|", 1 },
	{ "tls_scan/sslyze.json", "|tls.offered|TLSv1.2|true|", 1 },
};

static void says(void **state)
{
	const struct record *r = *state;
	struct err err = ERR_INIT;
	struct memo m;
	char path[96];

	memo_init(&m);
	snprintf(path, sizeof(path), "samples/%s", r->path);
	assert_ok(memo_import(&m, path, NULL, &err), &err);
	if (memo_count(&m, r->record) != r->times)
		print_error("%s\n", str_text(&m.text));
	assert_int_equal(memo_count(&m, r->record), r->times);
	memo_free(&m);
}

/* ------------------------------------------------------------------- TOML */

/* A value of the document, or what its refusal says and where. */
static const struct doc {
	const char	*says, *text, *path, *value;
	int		 line;		/* refused there; 0: not */
} docs[] = {
	{ "a dotted key", "a.b.c = 1\n", "a.b.c", "1", 0 },
	{ "escapes", "a = \"x\\ty\\u00e9\\\\\"\n", "a", "x\ty\xc3\xa9\\", 0 },
	{ "a literal", "a = 'x\\ty'\n", "a", "x\\ty", 0 },
	{ "a long string", "a = \"\"\"\nx\\\n   y\"\"\"\"\n", "a", "xy\"", 0 },
	{ "tables below tables", "[a.b]\nc = true\n[a]\nd = 2\n", "a.d", "2",
	    0 },
	{ "a table of the last of a list",
	    "[[a]]\nx = 1\n[a.b]\ny = 2\n[[a]]\n", "z", NULL, 0 },
	{ "an inline table", "a = { b = 1, c.d = \"e\" }\n", "a.c.d", "e", 0 },
	{ "a date is text", "a = 1979-05-27T07:32:00Z\n", "a",
	    "1979-05-27T07:32:00Z", 0 },
	{ "no line end", "a = 1", "a", "1", 0 },
	{ "a key twice", "a = 1\nb = 2\na = 3\n", NULL, "set twice", 3 },
	{ "a table twice", "[a]\n[b]\n[a]\n", NULL, "defined twice", 3 },
	{ "adding to an inline table", "a = {}\n[a.b]\n", NULL, "closed", 2 },
	{ "a list that is a table", "[a]\n[[a]]\n", NULL, "something else", 2 },
	{ "a string without an end", "a = \"x\nb = 1\n", NULL, "does not end",
	    1 },
	{ "a word that is no value", "a = yes\n", NULL, "value was expected",
	    1 },
	{ "two pairs on a line", "a = 1 b = 2\n", NULL, "line was expected", 1 },
	{ "a surrogate", "a = \"\\ud800\"\n", NULL, "no character", 1 },
	{ "nested too deep", "a = [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]\n",
	    NULL, "too deep", 1 },
	{ "no UTF-8", "a = \"\xff\"\n", NULL, "UTF-8", 1 },
};

static void reads_toml(void **state)
{
	const struct doc *d = *state;
	struct err err = ERR_INIT;
	struct tree *t = toml_tree(d->text, strlen(d->text), "t", &err);

	if (d->line > 0) {
		assert_null(t);
		assert_int_equal(err.line, d->line);
		assert_non_null(strstr(err.text, d->value));
		return;
	}
	if (t == NULL)
		err_print(&err, "test", stderr);
	assert_non_null(t);
	if (d->value == NULL)
		assert_null(node_at(tree_root(t), d->path));
	else
		assert_string_equal(node_text(node_at(tree_root(t),
		    d->path)), d->value);
	tree_free(t);
}

static void mixed_versions_are_an_error(void **state)
{
	static const char text[] = "[registries.search]\nregistries = []\n"
	    "[[registry]]\nlocation = \"a\"\n";
	struct err err = ERR_INIT;
	struct input *in = input_open_mem(text, strlen(text), "r");
	const struct importer *imp = import_choose(in, NULL, &err);
	struct memo m;

	(void)state;
	memo_init(&m);
	assert_non_null(imp);
	assert_int_equal(import_run(imp, in, &m.sink, &err), -1);
	assert_non_null(strstr(err.text, "version 1 and version 2"));
	memo_free(&m);
	input_close(in);
}

/* -------------------------------------------------------------------- 2.7 */

#define GOOD "[[registry]]\nlocation = \"r.example\"\n"
#define SCAN(p, f) SCAN_OF("registry.example.mil", p, f)
#define SCAN_OF(h, p, f) "{\"id\":\"" p "\",\"ip\":\"" h "/1\"," \
	"\"port\":\"443\"," \
	"\"severity\":\"OK\",\"finding\":\"" f "\"}"

static const struct row {
	const char	*says, *verdict, *part;
	const char	*texts[4];
} rows[] = {
	{ "a good builder and a good registry", "pass",
	    "and registry.example.mil, which its base is pulled from, offers",
	    { GOOD, "[" SCAN("TLS1", "not offered") ","
	    SCAN("TLS1_2", "offered") "]" } },
	{ "a good registry that the base is not pulled from", "not_reviewed",
	    "its base is pulled from registry.example.mil",
	    { GOOD, "[" SCAN_OF("registry.example.miles", "TLS1_2", "offered")
	    "]" } },
	{ "no scan", "not_reviewed", "TLS scan", { GOOD } },
	{ "no builder's configuration", "not_reviewed", "none in evidence",
	    { "[" SCAN("TLS1_2", "offered") "]" } },
	{ "a scan that saw nothing modern", "not_reviewed", "what it offers",
	    { GOOD, "[" SCAN("TLS1", "not offered") "]" } },
	{ "an old protocol", "fail", "the registry offers TLSv1.1",
	    { GOOD, "[" SCAN("TLS1_1", "offered (deprecated)") ","
	    SCAN("TLS1_2", "offered") "]" } },
	{ "an insecure registry", "fail", "allows x without",
	    { "[[registry]]\nlocation = \"x\"\ninsecure = true\n", "["
	    SCAN("TLS1_2", "offered") "]" } },
	{ "a list of insecure ones, version 1", "fail", "allows y without",
	    { "[registries.insecure]\nregistries = ['y']\n" } },
	{ "BuildKit without TLS", "fail", "allows z without",
	    { "[registry.\"z\"]\nhttp = true\n" } },
	{ "OpenSSL that speaks 1.1", "fail", "MinProtocol is TLSv1.1",
	    { GOOD, "[system_default_sect]\nMinProtocol = TLSv1.1\n" } },
	{ "a policy that allows 1.0", "fail", "protocol@TLS is TLS1.0",
	    { "protocol@TLS = TLS1.2 TLS1.0\n" } },
	{ "NSS that allows 1.0", "fail", "tls-version-min is tls1.0",
	    { "library=\nconfig=\"disallow=ALL allow=X:tls-version-min=tls1.0"
	    ":dtls-version-min=dtls1.0\"\n" } },
	{ "settings of 1.2 and up", "pass", "TLS 1.2",
	    { GOOD, "MinProtocol = TLSv1.2\n", "[" SCAN("TLS1_2", "offered")
	    "]" } },
};

static void add(struct store *st, const char *text)
{
	char path[] = "/tmp/muster-builder-XXXXXX";
	struct import_opts opts = { .batch = "test:1" };
	struct import_result res;
	struct err err = ERR_INIT;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	assert_ok(import_file(st, path, &opts, &res, &err), &err);
	unlink(path);
}

static void decided(void **state)
{
	const struct row *r = *state;
	struct import_opts opts = { .batch = "test:1" };
	struct import_result res;
	struct err err = ERR_INIT;
	struct store *st = store_open(":memory:", STORE_CREATE, &err);
	struct query q;
	int found = 0;

	assert_non_null(st);
	assert_ok(import_file(st, "samples/story/web-1.4.docker.tar.gz", &opts,
	    &res, &err), &err);
	for (size_t i = 0; i < 4 && r->texts[i] != NULL; i++)
		add(st, r->texts[i]);
	assert_ok(assess_run(st, "2026-11-23T00:00:00Z", &err), &err);
	query_open(&q, st, SQL_SHOW_RESULTS, BIND(V((const char *)NULL)));
	while (query_next(&q, &err) > 0) {
		if (str_eq(query_text(&q, 1), "platform"))
			assert_string_equal(query_text(&q, 4),
			    "not_applicable");
		if (!str_eq(query_text(&q, 3), "2.7"))
			continue;
		if (strstr(query_text(&q, 8), r->part) == NULL)
			print_error("%s\n", query_text(&q, 8));
		assert_string_equal(query_text(&q, 4), r->verdict);
		assert_non_null(strstr(query_text(&q, 8), r->part));
		found++;
	}
	query_close(&q);
	assert_int_equal(found, 1);
	store_close(st);
}

/* The row that says where is gone when the reason is said. */
static void an_engine_is_cited_by_its_place(void **state)
{
	struct import_opts opts = { .batch = "test:1" };
	struct import_result res;
	struct err err = ERR_INIT;
	struct store *st = store_open(":memory:", STORE_CREATE, &err);
	struct query q, why;
	int found = 0;

	(void)state;
	assert_non_null(st);
	assert_ok(import_file(st, "samples/story/web-1.4.docker.tar.gz", &opts,
	    &res, &err), &err);
	add(st, "{\"insecure-registries\":[],\"log-driver\":\"json-file\"}");
	add(st, "[" SCAN("TLS1_2", "offered") "]");
	assert_ok(assess_run(st, "2026-11-23T00:00:00Z", &err), &err);
	query_open(&q, st, SQL_WHY_RESULTS, BIND(V("2.7"),
	    V((const char *)NULL)));
	while (query_next(&q, &err) > 0) {
		query_open(&why, st, SQL_WHY_REASONS, BIND(V(query_int(&q,
		    0))));
		while (query_next(&why, &err) > 0)
			if (str_eq(query_text(&why, 0), "pass")) {
				assert_string_equal(query_text(&why, 4),
				    "json:");
				found++;
			}
		query_close(&why);
	}
	query_close(&q);
	assert_int_equal(found, 1);
	store_close(st);
}

int main(void)
{
	struct CMUnitTest tests[96] = {
		cmocka_unit_test(an_engine_is_cited_by_its_place),
		cmocka_unit_test(mixed_versions_are_an_error),
	};
	size_t n = 2;

	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++)
		tests[n++] = (struct CMUnitTest){ .name = records[i].record,
		    .test_func = says,
		    .initial_state = (void *)(uintptr_t)&records[i] };
	for (size_t i = 0; i < sizeof(docs) / sizeof(docs[0]); i++)
		tests[n++] = (struct CMUnitTest){ .name = docs[i].says,
		    .test_func = reads_toml,
		    .initial_state = (void *)(uintptr_t)&docs[i] };
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		tests[n++] = (struct CMUnitTest){ .name = rows[i].says,
		    .test_func = decided,
		    .initial_state = (void *)(uintptr_t)&rows[i] };
	return _cmocka_run_group_tests("builder", tests, n, NULL, NULL);
}
