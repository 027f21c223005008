/* test_image.c - images made in memory, and what is said about them. */
#include "test.h"

#include <stdlib.h>

#include "mkimage.h"
#include "muster/image.h"
#include "muster/input.h"

#define MAX	3

/* Read an archive; what was said is in m. */
static int read_bytes(struct memo *m, const struct str *bytes,
    struct err *err)
{
	struct input *in = input_open_mem(bytes->s, bytes->len, "t.tar");
	int rc;

	memo_init(m);
	rc = image_read_archive(in, &m->sink, err);
	input_close(in);
	return rc;
}

/* An image of up to MAX layers, read. */
static int read_image(struct memo *m, const char *rest,
    const struct mk_entry *const layers[MAX], struct err *err)
{
	struct str tars[MAX] = { STR_INIT, STR_INIT, STR_INIT };
	struct str archive = STR_INIT;
	size_t n = 0;
	int rc;

	for (; n < MAX && layers[n] != NULL; n++)
		mk_layer(&tars[n], layers[n]);
	mk_docker(&archive, rest, tars, n);
	rc = read_bytes(m, &archive, err);
	for (size_t i = 0; i < MAX; i++)
		str_free(&tars[i]);
	str_free(&archive);
	return rc;
}

#define L(...) (const struct mk_entry[]){ __VA_ARGS__, { .name = NULL } }

/* Layers, and lines that must be (or, after '!', must not be) among what is
 * said.  Lines are cut where only their beginning matters. */
static const struct merge {
	const char *why;
	const struct mk_entry *layers[MAX];
	const char *lines[4];
} merges[] = {
	{ "a whiteout hides a file", {
	    L({ "a/x", 0, 0, "1" }, { "a/y", 0, 0, "2" }),
	    L({ "a/.wh.x", 0, 0, "" }) },
	  { "!FILE|1|/a/x|", "FILE|1|/a/y|file", "content.read|-|true" } },
	{ "a whiteout of a directory hides what is below", {
	    L({ "a", '5', 0, "" }, { "a/b/c", 0, 04755, "1" }),
	    L({ ".wh.a", 0, 0, "" }) },
	  { "!FILE|1|/a", "setid.cleaned|/a/b/c|" } },
	{ "an opaque mark after its siblings hides only lower layers", {
	    L({ "d/old", 0, 0, "1" }),
	    L({ "d/new", 0, 0, "2" }, { "d/.wh..wh..opq", 0, 0, "" }) },
	  { "!FILE|1|/d/old|", "FILE|1|/d/new|" } },
	{ "a whiteout does not hide its own layer's file", {
	    L({ "x", 0, 0, "1" }),
	    L({ "x", 0, 0, "22" }, { ".wh.x", 0, 0, "" }) },
	  { "FILE|1|/x|file|420|0|0|2|1|" } },
	{ "a directory becomes a file", {
	    L({ "d", '5', 0, "" }, { "d/in", 0, 0, "1" }),
	    L({ "d", 0, 0, "file" }) },
	  { "FILE|1|/d|file|420|0|0|4|1|", "!FILE|1|/d/in" } },
	{ "a hard link shares mode and content, and is named once", {
	    L({ "a", 0, 04755, "x" }, { "b", '1', 0, "./a" }) },
	  { "FILE|1|/a|file|2541|", "FILE|1|/b|hard|2541|0|0|1|0|/a|" } },
	{ "a hard link outlives its name in a lower layer", {
	    L({ "a", 0, 04755, "x" }),
	    L({ "b", '1', 0, "a" }, { ".wh.a", 0, 0, "" }) },
	  { "FILE|1|/b|file|2541|0|0|1|1|", "!FILE|1|/a|",
	    "!setid.cleaned" } },
	{ "replacing one name leaves the other as it was", {
	    L({ "a", 0, 0755, "old" }, { "b", '1', 0, "a" }),
	    L({ "a", 0, 0700, "newer" }) },
	  { "FILE|1|/a|file|448|0|0|5|1|", "FILE|1|/b|file|493|0|0|3|0|-" } },
	{ "a path through a link lands inside the image", {
	    L({ "e", '2', 0777, "/etc" }, { "u", '2', 0777, "../../.." }),
	    L({ "e/passwd", 0, 0, "app:x:7:7::/:/\n" },
	      { "u/tmp/x", 0, 0, "1" }) },
	  { "FILE|1|/etc/passwd|", "FACT|1|passwd|app|7|",
	    "FILE|1|/tmp/x|" } },
	{ "a name with .. is a problem and no file", {
	    L({ "../../tmp/x", 0, 0, "1" }, { "ok", 0, 0, "1" }) },
	  { "!FILE|1|/tmp", "FILE|1|/ok|", "content.problem",
	    "content.read|-|false" } },
	{ "a hard link to nothing is a problem", {
	    L({ "h", '1', 0, "missing" }) },
	  { "!FILE|1|/h", "content.read|-|false" } },
	{ "a loop of links ends", {
	    L({ "etc", '2', 0777, "etc2" }, { "etc2", '2', 0777, "etc" }) },
	  { "FILE|1|/etc|link|", "content.read|-|true" } },
	{ "odd whiteouts do not delete the root", {
	    L({ "x", 0, 0, "1" }), L({ ".wh..", 0, 0, "" },
	      { ".wh...", 0, 0, "" }, { ".wh.", 0, 0, "" }) },
	  { "FILE|1|/x|", "content.read|-|false" } },
	{ "bytes that a later layer overwrites are wasted", {
	    L({ "x", 0, 0, "12345" }), L({ "x", 0, 0, "1" }) },
	  { "|1|0|5|ok|-\n", "|1|0|0|ok|-\n" } },
	{ "a set-id bit that is cleared is told with both layers", {
	    L({ "s", 0, 04755, "1" }), L({ "s", 0, 0755, "1" }) },
	  { "setid.cleaned|/s|set-id in layer 0", "replaced without" } },
};

static void layers_are_merged(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(merges) / sizeof(*merges); i++) {
		const struct merge *c = &merges[i];
		struct err err = ERR_INIT;
		struct memo m;

		assert_ok(read_image(&m, "", c->layers, &err), &err);
		for (size_t k = 0; k < 4 && c->lines[k] != NULL; k++) {
			bool no = c->lines[k][0] == '!';

			if ((memo_count(&m, c->lines[k] + no) == 0) != no)
				fail_msg("%s: \"%s\" in\n%s", c->why,
				    c->lines[k], str_text(&m.text));
		}
		memo_free(&m);
	}
}

/* A file of the image, and what must (not) be said about it. */
static const struct { const char *path, *body, *line; } files[] = {
	{ "etc/passwd", "root:x:0:0::/:/\nbad\napp:x:10:11::/:/\n",
	  "FACT|1|passwd|app|10|layer:sha256:" },
	{ "etc/group", "g:x:5:\n", "FACT|1|group|g|5|" },
	{ "etc/os-release", "ID=\"x y\"\n", "FACT|1|os.release|ID|x y|" },
	{ "var/lib/dpkg/status", "Package: p\nStatus: install ok installed\n"
	  "Version: 1:2-3\nArchitecture: amd64\nSource: s (9)\n"
	  "Installed-Size: 2\n\n",
	  "PACKAGE|1|deb|p|1:2-3|amd64|s|pkg:deb/linux/p@1:2-3?arch=amd64|"
	  "-|2048|" },
	{ "var/lib/dpkg/status", "Package: p\nStatus: deinstall ok "
	  "config-files\nVersion: 1\n\n", "!PACKAGE" },
	{ "var/lib/dpkg/status.d/p", "Package: p\nVersion: 1\n",
	  "PACKAGE|1|deb|p|1|" },
	{ "lib/apk/db/installed", "P:musl\nV:1.2-r0\nA:x86_64\no:musl\nI:7\n"
	  "\n", "PACKAGE|1|apk|musl|1.2-r0|x86_64|musl|" },
	{ "var/lib/rpm/Packages", "x", "FACT|1|package.unread|" },
	{ "var/lib/rpm/rpmdb.sqlite", "no database",
	  "FACT|1|package.unread|" },
	{ "etc/apt/sources.list", "deb [trusted=yes] http://m x\n",
	  "FACT|1|verify.off|/etc/apt/sources.list|deb [trusted=yes]" },
	{ "etc/apt/sources.list", "# deb [trusted=yes] http://m x\n",
	  "!verify.off" },
	{ "etc/apt/sources.list", "deb [signed-by=/k.gpg] http://m x\n",
	  "FACT|1|verify.on|" },
	{ "etc/apt/sources.list.d/a.sources", "Types: deb\nTrusted: yes\n",
	  "FACT|1|verify.off|" },
	{ "etc/apt/apt.conf.d/9", "APT::Get::AllowUnauthenticated \"true\";\n",
	  "FACT|1|verify.off|" },
	{ "etc/apt/apt.conf.d/9",
	  "APT::Get::AllowUnauthenticated \"false\";\n", "!verify.off" },
	{ "etc/yum.repos.d/x.repo", "[x]\ngpgcheck = False\n",
	  "verify.off|/etc/yum.repos.d/x.repo|[x] gpgcheck = False|" },
	{ "etc/yum.repos.d/x.repo", "[x]\nenabled=0\ngpgcheck=0\n",
	  "!verify.off" },
	{ "etc/dnf/dnf.conf", "[main]\ngpgcheck=0\n", "verify.off" },
	{ "etc/pip.conf", "[global]\ntrusted-host = p\n", "verify.off" },
	{ "root/.npmrc", "strict-ssl=false\n", "verify.off" },
	{ "etc/containers/registries.conf", "[[registry]]\ninsecure = true\n",
	  "FACT|1|tls.off|" },
	{ "etc/containers/registries.conf",
	  "[registries.insecure]\nregistries = [\n'r:5000'\n]\n", "tls.off" },
	{ "etc/containers/registries.conf", "[[registry]]\ninsecure = false\n",
	  "!tls.off" },
	{ "etc/docker/daemon.json", "{\"insecure-registries\":[\"r:5\"]}",
	  "tls.off|/etc/docker/daemon.json|insecure-registries: r:5|" },
	{ "etc/supervisord.conf", "[program:s]\ncommand=/usr/sbin/sshd -D\n",
	  "FACT|1|start.sshd|" },
	{ "etc/systemd/system/ssh.service", "ExecStart=-/usr/sbin/sshd -D\n",
	  "FACT|1|start.sshd|" },
	{ "etc/init.d/x", "[ -x /usr/sbin/sshd ] || exit 0\n", "!start.sshd" },
	{ "etc/init.d/x", "pkill sshd\n# sshd\n", "!start.sshd" },
	{ "etc/rc.local", "service ssh start\n", "FACT|1|start.sshd|" },
	{ "entrypoint.sh", "#!/bin/sh\nmkdir -p /run/sshd && /usr/sbin/sshd\n",
	  "FACT|1|start.sshd|/entrypoint.sh|" },
};

static void files_are_understood(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		const struct mk_entry *layers[MAX] = {
			L({ files[i].path, 0, 0755, files[i].body })
		};
		struct err err = ERR_INIT;
		bool no = files[i].line[0] == '!';
		struct memo m;

		assert_ok(read_image(&m, "\"config\":{\"Entrypoint\":"
		    "[\"/entrypoint.sh\"]},", layers, &err), &err);
		if ((memo_count(&m, files[i].line + no) == 0) != no)
			fail_msg("%s \"%s\": \"%s\" in\n%s", files[i].path,
			    files[i].body, files[i].line, str_text(&m.text));
		memo_free(&m);
	}
}

static void a_link_to_the_user_database_is_followed(void **state)
{
	const struct mk_entry *layers[MAX] = {
		L({ "etc/passwd", '2', 0777, "../usr/etc/passwd" },
		  { "usr/etc/passwd", 0, 0, "app:x:9:9::/:/\n" })
	};
	struct err err = ERR_INIT;
	struct memo m;

	(void)state;
	assert_ok(read_image(&m, "", layers, &err), &err);
	assert_int_equal(memo_count(&m, "FACT|1|passwd|app|9|"), 1);
	memo_free(&m);
}

/* A config, and what it says or why it is refused. */
static const struct { const char *rest, *line, *refused; } configs[] = {
	{ "\"config\":{\"User\":\"10:0\"},", "config.user|-|10:0|"
	  "config:/config/User", NULL },
	{ "\"config\":{\"user\":\"1\",\"USER\":\"2\"},", "config.user|-|2|",
	  NULL },
	{ "\"config\":null,", "config.format|-|docker|", NULL },
	{ "\"config\":{\"ExposedPorts\":{\"80/tcp\":{}}},",
	  "config.port|80/tcp|-|config:/config/ExposedPorts/80~1tcp", NULL },
	{ "\"config\":{\"Healthcheck\":{\"Test\":[]}},",
	  "config.health|-|[]|", NULL },
	{ "\"config\":{\"Cmd\":\"x\"},", "config.cmd|-|[\"x\"]|", NULL },
	{ "\"history\":[{\"created_by\":\"A\",\"empty_layer\":true},"
	  "{\"created_by\":\"B\"}],", "history.layer|1|0|history:1", NULL },
	{ "\"config\":{\"User\":1},", NULL, "a string was expected" },
	{ "\"config\":{\"Env\":\"A=b\"},", NULL, "a list was expected" },
	{ "\"config\":{\"User\":\"1\",\"User\":\"0\"},", NULL, "twice" },
	{ "\"config\":{\"User\":\"1\\u0000root\"},", NULL, "NUL" },
};

static void configs_are_read_or_refused(void **state)
{
	const struct mk_entry *layers[MAX] = { L({ "x", 0, 0, "1" }) };

	(void)state;
	for (size_t i = 0; i < sizeof(configs) / sizeof(*configs); i++) {
		struct err err = ERR_INIT;
		struct memo m;
		int rc = read_image(&m, configs[i].rest, layers, &err);

		if (configs[i].refused != NULL) {
			assert_int_equal(rc, -1);
			assert_int_equal(err.kind, ERR_INPUT);
			if (strstr(err.text, configs[i].refused) == NULL)
				fail_msg("%s", err.text);
		} else {
			assert_ok(rc, &err);
			if (memo_count(&m, configs[i].line) != 1)
				fail_msg("\"%s\" in\n%s", configs[i].line,
				    str_text(&m.text));
		}
		memo_free(&m);
	}
}

static void no_secret_of_a_config_gets_out(void **state)
{
	static const char secret[] = "s3cr3t-Xq9vL2mZ";
	const struct mk_entry *layers[MAX] = { L({ "x", 0, 0, "1" }) };
	struct err err = ERR_INIT;
	struct str rest = STR_INIT;
	struct memo m;

	(void)state;
	str_addf(&rest, "\"config\":{\"Env\":[\"DB_PASSWORD=%s\"],"
	    "\"Labels\":{\"db.password\":\"%s\"},"
	    "\"Cmd\":[\"x\",\"--password=%s\"]},"
	    "\"history\":[{\"created_by\":\"|1 DB_PASSWORD=%s /bin/sh\"}],",
	    secret, secret, secret, secret);
	assert_ok(read_image(&m, str_text(&rest), layers, &err), &err);
	assert_int_equal(memo_count(&m, secret), 0);
	assert_int_equal(memo_count(&m, "FACT|1|secret|"), 4);
	assert_int_equal(memo_count(&m, "|config:/config/Env/0"), 2);
	memo_free(&m);
	str_free(&rest);
}

/* An archive with one thing wrong. */
static void build(struct str *out, const char *what)
{
	struct str layer = STR_INIT, config = STR_INIT, manifest = STR_INIT;
	char d[72], name[80];

	mk_layer(&layer, L({ "x", 0, 0, "1" }));
	mk_config(&config, "", &layer, 1);
	snprintf(name, sizeof(name), "%s.json", mk_digest(&config, d) + 7);
	if (str_eq(what, "config digest"))
		config.s[config.len - 1] = ' ', config.s[config.len - 2] = '}';
	if (!str_eq(what, "no config"))
		mk_raw(out, str_eq(what, "config digest") ? name : "c.json",
		    '0', 0644, "", config.s, config.len);
	if (str_eq(what, "diff_id"))
		layer.s[0] = 'y', layer.s[148 + 5]++;
	if (!str_eq(what, "no layer"))
		mk_raw(out, "l.tar", '0', 0644, "", layer.s,
		    str_eq(what, "cut layer") ? 700 : layer.len);
	str_addf(&manifest, "[{\"Config\":\"%s\",\"Layers\":[\"%s\"]}]",
	    str_eq(what, "config digest") ? name : str_eq(what, "outside") ?
	    "../../c.json" : "c.json", "l.tar");
	if (!str_eq(what, "no manifest"))
		mk_raw(out, "manifest.json", '0', 0644, "", manifest.s,
		    manifest.len);
	if (str_eq(what, "two manifests"))
		mk_raw(out, "manifest.json", '0', 0644, "", manifest.s,
		    manifest.len);
	mk_end(out);
	str_free(&layer);
	str_free(&config);
	str_free(&manifest);
}

static const struct { const char *what, *line, *refused; } archives[] = {
	{ "nothing", "content.read|-|true", NULL },
	{ "diff_id", "|mismatch|", NULL },
	{ "no layer", "|missing|", NULL },
	{ "cut layer", "|unreadable|", NULL },
	{ "no config", NULL, "no member \"c.json\"" },
	{ "config digest", NULL, "digest" },
	{ "outside", NULL, "the name of a member was expected" },
	{ "no manifest", NULL, "no image archive" },
	{ "two manifests", NULL, "twice" },
};

static void what_is_wrong_with_an_archive_is_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(archives) / sizeof(*archives); i++) {
		struct err err = ERR_INIT;
		struct str bytes = STR_INIT;
		struct memo m;
		int rc;

		build(&bytes, archives[i].what);
		rc = read_bytes(&m, &bytes, &err);
		if (archives[i].refused != NULL) {
			assert_int_equal(rc, -1);
			assert_int_equal(err.kind, ERR_INPUT);
			if (strstr(err.text, archives[i].refused) == NULL)
				fail_msg("%s: %s", archives[i].what, err.text);
		} else {
			assert_ok(rc, &err);
			if (memo_count(&m, archives[i].line) == 0)
				fail_msg("%s: %s", archives[i].what,
				    str_text(&m.text));
			assert_int_equal(memo_count(&m, "content.read|-|true"),
			    i == 0);
		}
		memo_free(&m);
		str_free(&bytes);
	}
}

/* A plain file is read by position, a stream in one pass: the same records. */
static void both_ways_of_reading_say_the_same(void **state)
{
	struct str bytes = STR_INIT, layer = STR_INIT;
	struct err err = ERR_INIT;
	struct memo one, other;
	FILE *f = tmpfile();
	struct input *in;

	(void)state;
	mk_layer(&layer, L({ "a", 0, 04755, "x" }, { "b", '1', 0, "a" }));
	mk_docker(&bytes, "", &layer, 1);
	assert_int_equal(fwrite(bytes.s, 1, bytes.len, f), bytes.len);
	fflush(f);
	assert_ok(read_bytes(&one, &bytes, &err), &err);
	assert_non_null(in = input_open(fileno(f), "t.tar", &err));
	memo_init(&other);
	assert_ok(image_read_archive(in, &other.sink, &err), &err);
	assert_string_equal(str_text(&one.text), str_text(&other.text));
	input_close(in);
	fclose(f);
	memo_free(&one);
	memo_free(&other);
	str_free(&bytes);
	str_free(&layer);
}

static void put_blob(struct str *out, const struct str *bytes, char d[72])
{
	char name[100];

	snprintf(name, sizeof(name), "blobs/sha256/%s",
	    mk_digest(bytes, d) + 7);
	mk_raw(out, name, '0', 0644, "", bytes->s, bytes->len);
}

#define OCI "application/vnd.oci.image."

/* An OCI archive whose index.json names one manifest, `times` indexes deep. */
static void oci_archive(struct str *out, int times)
{
	struct str layer = STR_INIT, doc = STR_INIT;
	char c[72], l[72], d[72];
	size_t size;
	const char *type = "manifest";

	mk_raw(out, "oci-layout", '0', 0644, "",
	    "{\"imageLayoutVersion\":\"1.0.0\"}", 30);
	mk_layer(&layer, L({ "x", 0, 0, "1" }));
	mk_config(&doc, "", &layer, 1);
	put_blob(out, &doc, c);
	put_blob(out, &layer, l);
	size = doc.len;
	str_clear(&doc);
	str_addf(&doc, "{\"schemaVersion\":2,\"config\":{\"mediaType\":\"" OCI
	    "config.v1+json\",\"digest\":\"%s\",\"size\":%zu},\"layers\":[{"
	    "\"mediaType\":\"" OCI "layer.v1.tar\",\"digest\":\"%s\","
	    "\"size\":%zu}]}", c, size, l, layer.len);
	for (;; times--) {
		size = doc.len;
		if (times >= 0)
			put_blob(out, &doc, d);
		str_clear(&doc);
		str_addf(&doc, "{\"schemaVersion\":2,\"manifests\":[{"
		    "\"mediaType\":\"" OCI "%s.v1+json\",\"digest\":\"%s\","
		    "\"size\":%zu,\"annotations\":{"
		    "\"org.opencontainers.image.ref.name\":\"r.example/a:1\"}"
		    "}]}", type, d, size);
		if (times == 0)
			break;
		type = "index";
	}
	mk_raw(out, "index.json", '0', 0644, "", doc.s, doc.len);
	mk_end(out);
	str_free(&layer);
	str_free(&doc);
}

static void nested_indexes_are_followed_so_far(void **state)
{
	static const struct { int times; bool good; } rows[] = {
		{ 0, true }, { 1, true }, { 8, true }, { 9, false }
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str bytes = STR_INIT;
		struct err err = ERR_INIT;
		struct memo m;
		int rc;

		oci_archive(&bytes, rows[i].times);
		rc = read_bytes(&m, &bytes, &err);
		if (rows[i].good) {
			assert_ok(rc, &err);
			assert_int_equal(memo_count(&m, "IDENTITY|1|index|"),
			    rows[i].times);
			assert_int_equal(memo_count(&m,
			    "IDENTITY|1|tag|r.example/a:1"), 1);
			assert_int_equal(memo_count(&m,
			    "config.format|-|oci|"), 1);
		} else {
			assert_int_equal(rc, -1);
			assert_non_null(strstr(err.text, "deep"));
		}
		memo_free(&m);
		str_free(&bytes);
	}
}

static void a_changed_blob_is_noticed(void **state)
{
	static const struct { const char *find; bool refused; } rows[] = {
		{ "\"os\":\"linux\"", true },		/* config */
		{ "{\"schemaVersion\":2,\"config\"", true },	/* manifest */
		{ "ustar", false },			/* layer, see below */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str bytes = STR_INIT;
		struct err err = ERR_INIT;
		struct memo m;
		char *p;
		int rc;

		oci_archive(&bytes, 0);
		if (rows[i].refused) {
			p = memmem(bytes.s, bytes.len, rows[i].find,
			    strlen(rows[i].find));
			assert_non_null(p);
			p[strlen(rows[i].find) - 2] ^= 1;
		} else {	/* the content of the layer's only file */
			p = memmem(bytes.s, bytes.len, "x\0\0\0\0\0\0\0", 8);
			assert_non_null(p);
			p[512] = '2';
		}
		rc = read_bytes(&m, &bytes, &err);
		assert_int_equal(rc, rows[i].refused ? -1 : 0);
		if (!rows[i].refused)
			assert_int_equal(memo_count(&m, "|mismatch|"), 1);
		memo_free(&m);
		str_free(&bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layers_are_merged),
		cmocka_unit_test(files_are_understood),
		cmocka_unit_test(a_link_to_the_user_database_is_followed),
		cmocka_unit_test(configs_are_read_or_refused),
		cmocka_unit_test(no_secret_of_a_config_gets_out),
		cmocka_unit_test(what_is_wrong_with_an_archive_is_said),
		cmocka_unit_test(both_ways_of_reading_say_the_same),
		cmocka_unit_test(nested_indexes_are_followed_so_far),
		cmocka_unit_test(a_changed_blob_is_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
