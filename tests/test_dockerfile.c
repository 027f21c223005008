/*
 * test_dockerfile.c - what Dockerfiles, hardening manifests and proxies' logs
 * say: the samples' records, and texts that only differ where it matters.
 */
#include "test.h"
#include "muster/import.h"
#include "muster/input.h"

#define NO_FILE "no Dockerfile"

static const struct record {
	const char	*path, *record;
	int		 times;
} records[] = {
#define APP "dockerfile/app.Dockerfile"
	{ APP, "|dockerfile.instruction|", 19 },
	{ APP, "|dockerfile.from|0|registry.example.mil/build/go:1.2|line:5",
	    1 },
	{ APP, "|dockerfile.stage|0|build|", 1 },
	{ APP, "|dockerfile.from|final|registry.example.mil/base:3@sha256:",
	    1 },
	{ APP, "|dockerfile.scratch|final|false|", 1 },
	{ APP, "|dockerfile.used|18|false|", 1 },
	{ APP, "|dockerfile.used|6|true|", 1 },
	{ APP, "RUN --mount=type=cache,target=/root/.cache     "
	    "go build -o /out/app ./...|line:7", 1 },
	{ APP, "a comment inside", 0 },
	{ APP, "|dockerfile.user|-|1001|line:15", 1 },
	{ APP, "|dockerfile.port|", 2 },
	{ APP, "|dockerfile.health|-|[\"CMD\",\"/usr/bin/app\", "
	    "\"-health\"]|", 1 },
	{ APP, "|RUN set -e\nmkdir /data\n|line:27", 1 },
	{ APP, "|RUN /usr/bin/app --init 'two words'|", 1 },
	{ APP, "\nfirst\nONE\nsecond\nTWO\n|line:22", 1 },
	{ APP, "hunter2", 0 },
	{ APP, "|secret|named-secret|name ********|line:32", 1 },
#define WEB "hardening_manifest/web.yaml"
	{ WEB, "|tag|shop/web:14.10\n", 1 },
	{ WEB, "|tag|registry1.dso.mil/ironbank/shop/web:14.10\n", 1 },
	{ WEB, "shop/web:latest", 0 },
	{ WEB, "|hardening.tag|14.10|", 1 },
	{ WEB, "|hardening.base|-|redhat/ubi/ubi9:9.30|", 1 },
	{ WEB, "|hardening.resource|http://downloads.example.mil/"
	    "plugin.tar.gz|none|yaml:1:18", 1 },
	{ WEB, "|sha256:4d736d84721c8fa0", 1 },
	{ WEB, "hunter2", 0 },
	{ WEB, "|secret|named-secret|", 1 },
#define LOG "access_log/build.log"
	{ LOG, "|proxy.url|", 3 },
	{ LOG, "|proxy.url|2|TCP_MISS/200 GET http://packages.example.org/pool/"
	    "a.deb|line:2", 1 },
	{ LOG, "WARNING|line:4|", 1 },
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

/* part is of the records, or of the error where it is refused. */
static const struct row {
	const char	*says, *text, *part;
	bool		 refused;
} rows[] = {
	{ "escape may be a backtick", "# escape=`\nFROM x\nRUN a `\n b\\\n",
	    "|RUN a  b\\|", false },
	{ "a directive behind a comment is a comment",
	    "# hello\n# escape=`\nFROM x\nRUN a \\\n b\n", "|RUN a  b|",
	    false },
	{ "an escape that is neither", "# escape=x\nFROM y\n",
	    "escape is \\ or `", true },
	{ "a default in a default", "ARG A=1\nFROM x:${B:-${A}}\n",
	    "|dockerfile.from|0|x:1|", false },
	{ "a default of an empty one", "ARG A=\nFROM x:${A:-2}\n", "|0|x:2|",
	    false },
	{ "an alternative", "ARG A=1\nFROM x${A:+:3}\n", "|0|x:3|", false },
	{ "a variable without a value stays", "FROM x:$A\n", "|0|x:$A|",
	    false },
	{ "a base by build argument is a default only",
	    "ARG A=1\nFROM x:$A\n", "|dockerfile.from|default|x:1|", false },
	{ "a variable in itself ends", "ARG A=$A$A\nFROM x:$A\n",
	    "|0|x:$A", false },
	{ "built from nothing", "FROM scratch\n",
	    "|dockerfile.scratch|final|true|", false },
	{ "from nothing through a stage", "FROM scratch AS a\nFROM a\n",
	    "|dockerfile.scratch|final|true|", false },
	{ "a health check of the shell", "FROM x\nHEALTHCHECK CMD curl -f x\n",
	    "[\"CMD-SHELL\",\"curl -f x\"]", false },
	{ "a health check switched off", "FROM x\nHEALTHCHECK NONE\n",
	    "[\"NONE\"]", false },
	{ "the last user counts", "FROM x\nUSER 1\nUSER 2:3\n",
	    "|dockerfile.user|-|2:3|", false },
	{ "windows' line ends", "FROM x\r\nRUN a \\\r\n  b\r\n", "|RUN a   b|",
	    false },
	{ "a shift is no here document", "FROM x\nRUN echo $((1<<3))\nUSER 1\n",
	    "|dockerfile.user|-|1|", false },
	{ "a here string is none", "FROM x\nRUN cat <<<x\nUSER 1\n",
	    "|dockerfile.user|-|1|", false },
	{ "a here document without an end", "FROM x\nRUN <<E\na\n",
	    "does not end: E", true },
	{ "no FROM", "ARG A=1\n", "it has no FROM", true },
	{ "an instruction before FROM", "ARG A=1\nRUN x\nFROM y\n",
	    "RUN stands before", true },
	{ "an unknown instruction", "FROM x\nSING a song\n",
	    "unknown instruction SING", true },
	{ "prose that begins like one", "From time to time it rains.\n",
	    NO_FILE, true },
	{ "nothing behind an instruction", "FROM x\nRUN\n", "nothing behind RUN",
	    true },
};

static void reads(void **state)
{
	const struct row *r = *state;
	struct err err = ERR_INIT;
	struct input *in = input_open_mem(r->text, strlen(r->text), "D");
	const struct importer *imp = import_choose(in, NULL, &err);
	struct memo m;

	memo_init(&m);
	assert_non_null(imp);
	assert_string_equal(imp->name, "dockerfile");
	if (r->refused) {
		assert_int_equal(import_run(imp, in, &m.sink, &err), -1);
		assert_int_equal(err.kind, ERR_INPUT);
		assert_true(err.line > 0);
		assert_non_null(strstr(err.text, r->part));
	} else {
		assert_ok(import_run(imp, in, &m.sink, &err), &err);
		if (memo_count(&m, r->part) == 0)
			print_error("%s\n", str_text(&m.text));
		assert_true(memo_count(&m, r->part) > 0);
	}
	memo_free(&m);
	input_close(in);
}

int main(void)
{
	struct CMUnitTest tests[96];
	size_t n = 0;

	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++)
		tests[n++] = (struct CMUnitTest){ .name = records[i].record,
		    .test_func = says,
		    .initial_state = (void *)(uintptr_t)&records[i] };
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		tests[n++] = (struct CMUnitTest){ .name = rows[i].says,
		    .test_func = reads,
		    .initial_state = (void *)(uintptr_t)&rows[i] };
	return _cmocka_run_group_tests("dockerfile", tests, n, NULL, NULL);
}
