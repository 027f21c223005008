/*
 * test_package.c - files against what their packages record: images made in
 * memory, read both as a stream (which passes once) and as a file (where
 * digests nobody computed are computed by reading layers again).
 */
#include "test.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mkimage.h"
#include "muster/image.h"
#include "muster/input.h"
#include "muster/sha.h"

#define MAX	3

/* {MD5:text} and {SHA1:text} become digests of the text, {B64:text} the
 * SHA-1 as apk writes it. */
static void digest(struct str *out, const char *kind, const char *text,
    size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	bool md5 = strncmp(kind, "MD5", 3) == 0;
	struct sha *h = sha_new_of(md5 ? SHA_MD5 : SHA_1);
	unsigned char d[21] = { 0 };

	assert_non_null(h);
	sha_add(h, text, len);
	sha_end_of(h, d);
	sha_free(h);
	if (strncmp(kind, "B64", 3) != 0) {
		for (size_t i = 0; i < sha_size(md5 ? SHA_MD5 : SHA_1); i++)
			str_addf(out, "%02x", d[i]);
		return;
	}
	str_add(out, "Q1");
	for (size_t i = 0; i < 21; i += 3) {
		unsigned v = (unsigned)d[i] << 16 | d[i + 1] << 8 | d[i + 2];

		for (int k = 18; k >= 0; k -= 6)
			str_addc(out, digits[v >> k & 63]);
	}
	out->s[out->len - 1] = '=';
}

static void expand(struct str *out, const char *body)
{
	for (const char *p = body, *q; *p != '\0'; p = q + 1) {
		q = *p == '{' ? strchr(p, '}') : NULL;
		if (q == NULL) {
			str_addc(out, *p);
			q = p;
			continue;
		}
		p++;
		digest(out, p, strchr(p, ':') + 1,
		    (size_t)(q - strchr(p, ':') - 1));
	}
}

static void add_layer(struct str *tar, const struct mk_entry *e)
{
	for (; e->name != NULL; e++) {
		struct mk_entry one[2] = { *e, { .name = NULL } };
		struct str body = STR_INIT;

		expand(&body, e->body != NULL ? e->body : "");
		one[0].body = str_text(&body);
		mk_layer(tar, one);
		tar->len -= 1024;	/* its end */
		str_free(&body);
	}
	mk_end(tar);
}

static int read_image(struct memo *m, struct str *tars, size_t n, bool file,
    struct err *err)
{
	struct str archive = STR_INIT;
	struct input *in;
	int fd = -1, rc = -1;

	mk_docker(&archive, "", tars, n);
	memo_init(m);
	if (file) {
		fd = memfd_create("image", 0);
		assert_int_equal(write(fd, archive.s, archive.len),
		    (ssize_t)archive.len);
		in = input_open(fd, "t.tar", err);
	} else {
		in = input_open_mem(archive.s, archive.len, "t.tar");
	}
	if (in != NULL)
		rc = image_read_archive(in, &m->sink, err);
	input_close(in);
	if (fd >= 0)
		close(fd);
	str_free(&archive);
	return rc;
}

#define L(...) (const struct mk_entry[]){ __VA_ARGS__, { .name = NULL } }
#define INFO "var/lib/dpkg/info/"
#define FOO "Package: foo\nStatus: install ok installed\nVersion: 1\n"
#define STATUS { "var/lib/dpkg/status", 0, 0, FOO "\n" }
#define CONFIG { "var/lib/dpkg/status", 0, 0, FOO "Conffiles:\n"		\
	" /etc/foo {MD5:conf}\n /etc/a b {MD5:conf} obsolete\n"		\
	" /etc/gone {MD5:conf}\n\n" }
#define PEM "-----BEGIN EC PRIV" "ATE KEY-----\n"			\
	"f8Kq2LmX0vRt5WzB7nYc3HdPf8Kq2LmX0vRt5WzB7nYc3HdP\n"		\
	"-----END EC PRIV" "ATE KEY-----\n"

/* Layers, and lines that must be (or, after '!', must not be) said. */
static const struct compare {
	const char *why;
	const struct mk_entry *layers[MAX];
	const char *lines[5];
} compares[] = {
	{ "a file as its package records it", {
	    L(STATUS, { "usr/bin/x", 0, 0755, "one" },
	      { INFO "foo.md5sums", 0, 0, "{MD5:one}  usr/bin/x\n" }) },
	  { "package.compared|deb|1|", "!package.changed",
	    "package.unowned_count|-|0|", "!package.uncompared" } },
	{ "nothing in the lowest layer shows what will be asked for", {
	    L({ "usr/bin/x", 0, 0755, "one" }, { "usr/bin/z", '1', 0,
		"usr/bin/x" }, { "empty", 0, 0, "" }),
	    L({ "usr/bin/y", 0, 0755, "two" }, STATUS,
	      { INFO "foo.md5sums", 0, 0, "{MD5:one}  usr/bin/z\n" },
	      { INFO "bar.md5sums", 0, 0, "{MD5:two}  usr/bin/y\n" }) },
	  { "package.compared|deb|2|", "!package.changed" } },
	{ "a file that a later layer changes names both layers", {
	    L(STATUS, { "usr/bin/x", 0, 0755, "one" },
	      { INFO "foo.md5sums", 0, 0, "{MD5:one}  usr/bin/x\n" }),
	    L({ "usr/bin/x", 0, 0755, "two" }) },
	  { "package.changed|/usr/bin/x|foo records MD5 "
	    "f97c5d29941bfb1b2fdab0874906ab82 in layer 0 (sha256:",
	    "; it is b8a9f715dbb64fd5c56e7783c6820a61 from layer 1 (sha256:",
	    "package.compared|deb|1|" } },
	{ "a configuration file that differs is counted", {
	    L(CONFIG, { "etc/foo", 0, 0, "conf" }, { "etc/a b", 0, 0, "x" },
	      { INFO "foo.md5sums", 0, 0, "" }) },
	  { "package.config|deb|2|", "!package.changed",
	    "package.compared|deb|2|", "!package.missing" } },
	{ "a configuration file that md5sums lists too is one", {
	    L(CONFIG, { "etc/foo", 0, 0, "changed" },
	      { INFO "foo.md5sums", 0, 0, "{MD5:conf}  etc/foo\n" }) },
	  { "package.config|deb|3|", "!package.changed" } },
	{ "documentation may be left out, a program is named", {
	    L(STATUS, { INFO "foo.md5sums", 0, 0,
	      "{MD5:1}  usr/share/doc/foo/NEWS.gz\n"
	      "{MD5:2}  usr/share/locale/de/LC_MESSAGES/foo.mo\n"
	      "{MD5:3}  usr/bin/gone\n" }) },
	  { "package.left_out|deb|2|", "package.gone|deb|1|",
	    "package.missing|/usr/bin/gone|foo|", "!package.changed",
	    "package.compared|deb|0|" } },
	{ "the package lists /bin/x, the file is /usr/bin/x", {
	    L({ "bin", '2', 0777, "usr/bin" }, STATUS,
	      { "usr/bin/x", 0, 0755, "one" },
	      { INFO "foo.md5sums", 0, 0, "{MD5:one}  bin/x\n" }) },
	  { "package.compared|deb|1|", "!package.changed",
	    "!package.missing", "package.unowned_count|-|0|" } },
	{ "a diverted file is where the diversion put it", {
	    L(STATUS, { "usr/bin/x", 0, 0755, "bar's" },
	      { "usr/bin/x.foo", 0, 0755, "foo's" },
	      { "var/lib/dpkg/diversions", 0, 0,
		"/usr/bin/x\n/usr/bin/x.foo\nbar\n" },
	      { INFO "bar.md5sums", 0, 0, "{MD5:bar's}  usr/bin/x\n" },
	      { INFO "foo.md5sums", 0, 0, "{MD5:foo's}  usr/bin/x\n" }) },
	  { "package.compared|deb|2|", "!package.changed",
	    "package.unowned_count|-|0|" } },
	{ "a package of several architectures is called by its name", {
	    L(STATUS, { "usr/lib/x", 0, 0, "two" },
	      { INFO "libx:amd64.md5sums", 0, 0, "{MD5:one}  usr/lib/x\n" }) },
	  { "package.changed|/usr/lib/x|libx records" } },
	{ "a file that two packages list is as one of them records it", {
	    L(STATUS, { "usr/lib/x", 0, 0, "two" },
	      { INFO "a.md5sums", 0, 0, "{MD5:one}  usr/lib/x\n" },
	      { INFO "b.md5sums", 0, 0, "{MD5:two}  usr/lib/x\n" }) },
	  { "!package.changed", "package.compared|deb|2|" } },
	{ "a directory in place of a file differs", {
	    L(STATUS, { "usr/lib/x/y", 0, 0, "two" }, { "usr/lib/x", '5', 0, "" },
	      { INFO "a.md5sums", 0, 0, "{MD5:one}  usr/lib/x\n" }) },
	  { "package.changed|/usr/lib/x|a records", "it is no file" } },
	{ "a name that md5sum had to escape", {
	    L(STATUS, { "usr/lib/a\\b", 0, 0, "one" },
	      { INFO "a.md5sums", 0, 0, "\\{MD5:one}  usr/lib/a\\\\b\n" }) },
	  { "package.compared|deb|1|", "!package.missing" } },
	{ "what no package lists", {
	    L(STATUS, { "usr/bin/listed", 0, 0755, "x" },
	      { "opt/tool", 0, 0755, "x" }, { "opt/data", 0, 0644, "x" },
	      { INFO "foo.list", 0, 0, "/.\n/usr\n/usr/bin/listed\n" },
	      { INFO "foo.md5sums", 0, 0, "" },
	      { INFO "foo.postinst", 0, 0755, "x" }) },
	  { "package.unowned|/opt/tool|", "package.unowned_count|-|1|",
	    "!package.unowned|/usr/bin/listed", "!package.unowned|/var" } },
	{ "packages without checksums are counted", {
	    L(STATUS, { "usr/bin/x", 0, 0755, "x" }) },
	  { "package.unsummed|deb|1|", "package.compared|deb|0|" } },
	{ "distroless has its checksums beside the stanzas", {
	    L({ "usr/lib/x", 0, 0, "two" },
	      { "var/lib/dpkg/status.d/tz", 0, 0, "Package: tz\n"
		"Version: 1\n" },
	      { "var/lib/dpkg/status.d/tz.md5sums", 0, 0,
		"{MD5:one}  usr/lib/x\n" }) },
	  { "package.changed|/usr/lib/x|tz records", "PACKAGE|1|deb|tz|1|",
	    "!package.unsummed" } },
	{ "apk: a file, a link, configuration, and one that changed", {
	    L({ "bin/x", 0, 0755, "one" }, { "bin/l", '2', 0777, "x" },
	      { "etc/c", 0, 0, "mine" }, { "lib/y", 0, 0, "new" },
	      { "lib/apk/db/installed", 0, 0, "C:Q1x=\nP:musl\nV:1\nF:bin\n"
		"R:x\na:0:0:755\nZ:{B64:one}\nR:l\nZ:{B64:x}\nF:etc\nR:c\n"
		"Z:{B64:theirs}\nF:lib\nR:y\nZ:{B64:old}\n\n" }) },
	  { "package.compared|apk|4|", "package.config|apk|1|",
	    "package.changed|/lib/y|musl records SHA-1",
	    "!package.changed|/bin", "package.unowned_count|-|0|" } },
	{ "a key in a file that a package ships as it is", {
	    L(STATUS, { "usr/lib/t.pem", 0, 0, PEM }, { "t.pem", 0, 0, PEM },
	      { INFO "foo.md5sums", 0, 0, "{MD5:" PEM "}  usr/lib/t.pem\n" }) },
	  { "secret|private-key|name ******** as the package foo ships it",
	    "secret|private-key|token ********|" } },
	{ "a key that a package shipped before a layer replaced both", {
	    L(STATUS, { "usr/lib/t.pem", 0, 0, PEM },
	      { INFO "foo.md5sums", 0, 0, "{MD5:" PEM "}  usr/lib/t.pem\n" }),
	    L({ "usr/lib/t.pem", 0, 0, "new" },
	      { INFO "foo.md5sums", 0, 0, "{MD5:new}  usr/lib/t.pem\n" }) },
	  { "secret|private-key|name ******** as the package foo ships it",
	    "!secret|private-key|token", "!package.changed",
	    "package.compared|deb|1|" } },
	{ "a key in a file that differs from its package's", {
	    L(STATUS, { "usr/lib/t.pem", 0, 0, PEM },
	      { INFO "foo.md5sums", 0, 0, "{MD5:x}  usr/lib/t.pem\n" }) },
	  { "secret|private-key|token ********|",
	    "package.changed|/usr/lib/t.pem" } },
};

static void look(const struct memo *m, const struct compare *c, bool file)
{
	for (size_t k = 0; k < 5 && c->lines[k] != NULL; k++) {
		bool no = c->lines[k][0] == '!';

		if ((memo_count(m, c->lines[k] + no) == 0) == no)
			continue;
		fputs(str_text(&m->text), stderr);
		fail_msg("%s (%s): \"%s\"", c->why, file ? "file" :
		    "stream", c->lines[k]);
	}
}

static void files_are_compared_with_their_packages(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * sizeof(compares) / sizeof(*compares);
	    i++) {
		const struct compare *c = &compares[i / 2];
		struct str tars[MAX] = { STR_INIT, STR_INIT, STR_INIT };
		struct err err = ERR_INIT;
		struct memo m;
		size_t n = 0;

		for (; n < MAX && c->layers[n] != NULL; n++)
			add_layer(&tars[n], c->layers[n]);
		assert_ok(read_image(&m, tars, n, i % 2, &err), &err);
		look(&m, c, i % 2);
		memo_free(&m);
		for (size_t k = 0; k < MAX; k++)
			str_free(&tars[k]);
	}
}

/* A zip archive of one stored member. */
static void put16(struct str *s, unsigned v)
{
	str_addc(s, (char)(v & 0xff));
	str_addc(s, (char)(v >> 8 & 0xff));
}

static void put32(struct str *s, uint32_t v)
{
	put16(s, v & 0xffff);
	put16(s, v >> 16);
}

static uint32_t crc_of(const char *p, size_t n)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < n; i++) {
		crc ^= (unsigned char)p[i];
		for (int k = 0; k < 8; k++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

static void mk_zip(struct str *out, const char *name, const char *body,
    size_t len)
{
	struct str both = STR_INIT;
	size_t start = out->len, directory;

	put16(&both, 0);			/* flags */
	put16(&both, 0);			/* stored */
	put32(&both, 0x58210000);		/* when */
	put32(&both, crc_of(body, len));
	put32(&both, (uint32_t)len);
	put32(&both, (uint32_t)len);
	put16(&both, (unsigned)strlen(name));
	put16(&both, 0);
	str_addn(out, "PK\3\4", 4);
	put16(out, 20);
	str_addn(out, both.s, both.len);
	str_add(out, name);
	str_addn(out, body, len);
	directory = out->len - start;
	str_addn(out, "PK\1\2", 4);
	put16(out, 20);
	put16(out, 20);
	str_addn(out, both.s, both.len);
	for (int i = 0; i < 3; i++)
		put16(out, 0);
	put32(out, 0);
	put32(out, 0);				/* where it starts */
	str_add(out, name);
	str_addn(out, "PK\5\6", 4);
	put32(out, 0);
	put16(out, 1);
	put16(out, 1);
	put32(out, (uint32_t)(out->len - start - directory - 12));
	put32(out, (uint32_t)directory);
	put16(out, 0);
	str_free(&both);
}

/* What Go writes into a program, `at` bytes into it. */
static void mk_go(struct str *out, size_t at, const char *mods)
{
	char lead[16] = { 0 };

	str_add(out, "\177ELF");
	while (out->len < at)
		str_addc(out, out->len % 7 == 0 ? '\xff' : 'x');
	str_addn(out, "\xff Go buildinf:\x08\x02", 16);
	str_addn(out, lead, 16);
	str_addc(out, 6);
	str_add(out, "go1.22");
	str_addc(out, (char)(0x80 | ((strlen(mods) + 32) & 0x7f)));
	str_addc(out, (char)((strlen(mods) + 32) >> 7));
	str_add(out, "0123456789abcdef");
	str_add(out, mods);
	str_add(out, "0123456789abcdef");
	str_add(out, "and so on");
}

/* One file of an image with these bytes. */
static void read_file(struct memo *m, const char *path, unsigned mode,
    const struct str *body)
{
	struct str tar = STR_INIT;
	struct err err = ERR_INIT;

	mk_raw(&tar, path, '0', mode, "", str_text(body), body->len);
	mk_end(&tar);
	assert_ok(read_image(m, &tar, 1, true, &err), &err);
	str_free(&tar);
}

static const struct { const char *path, *body, *line; } texts[] = {
	{ "usr/lib/python3/site-packages/Foo_Bar-1.2.dist-info/METADATA",
	  "Metadata-Version: 2.1\nName: Foo_Bar\nVersion: 1.2\n\nName: x\n",
	  "PACKAGE|1|python|Foo_Bar|1.2|-|-|pkg:pypi/foo-bar@1.2|" },
	{ "x/foo.egg-info/PKG-INFO", "Name: foo\r\nVersion: 1\r\n",
	  "PACKAGE|1|python|foo|1|" },
	{ "x/METADATA", "Name: foo\nVersion: 1\n", "!PACKAGE" },
	{ "app/node_modules/a/package.json",
	  "{\"name\": \"a\", \"version\": \"1.0.0\"}",
	  "PACKAGE|1|npm|a|1.0.0|-|-|pkg:npm/a@1.0.0|" },
	{ "app/node_modules/@s/a/package.json",
	  "{\"name\": \"@s/a\", \"version\": \"2.0.0\"}",
	  "PACKAGE|1|npm|@s/a|2.0.0|-|-|pkg:npm/%40s/a@2.0.0|" },
	{ "app/node_modules/a/test/package.json",
	  "{\"name\": \"no\", \"version\": \"1\"}", "!PACKAGE" },
	{ "app/node_modules/a/package.json", "{\"name\": 7}", "!PACKAGE" },
	{ "app/node_modules/a/package.json",
	  "{\"name\": \"a\\tb\\nc\", \"version\": \"1\"}",
	  "PACKAGE|1|npm|a b c|1|" },
	{ "app/package.json", "{\"name\": \"a\"}", "!PACKAGE" },
};

static void texts_of_languages_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		bool no = texts[i].line[0] == '!';
		struct str body = STR_INIT;
		struct memo m;

		str_add(&body, texts[i].body);
		read_file(&m, texts[i].path, 0644, &body);
		if ((memo_count(&m, texts[i].line + no) == 0) != no)
			fail_msg("%s: \"%s\" in %s", texts[i].path,
			    texts[i].line, str_text(&m.text));
		memo_free(&m);
		str_free(&body);
	}
}

static const struct { const char *path, *member, *body, *line; } jars[] = {
	{ "a.jar", "META-INF/maven/g/a/pom.properties",
	  "#x\ngroupId=org.g\nartifactId=a\nversion=1.2\n",
	  "PACKAGE|1|java-archive|org.g:a|1.2|-|-|pkg:maven/org.g/a@1.2|" },
	{ "x/foo-bar-1.2.3.jar", "META-INF/MANIFEST.MF",
	  "Manifest-Version: 1.0\r\nImplementation-Title: T\r\n",
	  "PACKAGE|1|java-archive|foo-bar|1.2.3|" },
	{ "foo.jar", "META-INF/MANIFEST.MF",
	  "Bundle-SymbolicName: org.foo;singleton:=true\n"
	  "Bundle-Version: 4.5\n", "PACKAGE|1|java-archive|org.foo|4.5|" },
	{ "foo-7.war", "WEB-INF/x", "", "PACKAGE|1|java-archive|foo|7|" },
};

static void archives_of_java_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * sizeof(jars) / sizeof(*jars); i++) {
		struct str zip = STR_INIT, outer = STR_INIT;
		struct memo m;

		mk_zip(&zip, jars[i / 2].member, jars[i / 2].body,
		    strlen(jars[i / 2].body));
		if (i % 2 > 0)
			mk_zip(&outer, jars[i / 2].path, zip.s, zip.len);
		if (i % 2 == 0)
			read_file(&m, jars[i / 2].path, 0644, &zip);
		else if (str_ends(jars[i / 2].path, ".jar"))
			read_file(&m, "app-9.war", 0644, &outer);
		else
			read_file(&m, jars[i / 2].path, 0644, &zip);
		if (memo_count(&m, jars[i / 2].line) == 0)
			fail_msg("%s: \"%s\" in %s", jars[i / 2].path,
			    jars[i / 2].line, str_text(&m.text));
		memo_free(&m);
		str_free(&zip);
		str_free(&outer);
	}
}

/* Cut or with bytes of its own choice, a jar does no harm. */
static void a_broken_archive_is_none(void **state)
{
	struct str zip = STR_INIT;

	(void)state;
	mk_zip(&zip, "META-INF/MANIFEST.MF", "Bundle-Version: 1\n", 18);
	for (size_t n = 1; n < zip.len; n += 7) {
		struct str cut = { zip.s, n, n };
		struct memo m;

		read_file(&m, "a.jar", 0644, &cut);
		assert_int_equal(memo_count(&m, "content.read|-|true"), 1);
		memo_free(&m);
	}
	str_free(&zip);
}

static void programs_of_go_list_their_modules(void **state)
{
	static const size_t places[] = { 4, 4096, 300000, 262140, 524280 };
	static const char mods[] = "path\texample.com/app\n"
	    "mod\texample.com/app\t(devel)\t\n"
	    "dep\tgithub.com/a/b\tv1.0.0\th1:x=\n"
	    "dep\tgithub.com/c/d\tv2.0.0\n=>\tgithub.com/e/f\tv3.0.0\th1:y=\n"
	    "dep\tlocal\tv0.0.0\n=>\t./local\t(devel)\t\n"
	    "build\t-compiler=gc\n";

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		struct str elf = STR_INIT;
		struct memo m;

		mk_go(&elf, places[i], mods);
		read_file(&m, "usr/bin/app", 0755, &elf);
		assert_int_equal(memo_count(&m, "PACKAGE|1|go-module|stdlib|"
		    "1.22|-|-|pkg:golang/stdlib@1.22|"), 1);
		assert_int_equal(memo_count(&m, "go-module|github.com/a/b|"
		    "v1.0.0|-|-|pkg:golang/github.com/a/b@v1.0.0|"), 1);
		assert_int_equal(memo_count(&m, "|github.com/e/f|v3.0.0|"), 1);
		assert_int_equal(memo_count(&m, "|github.com/c/d|"), 0);
		assert_int_equal(memo_count(&m, "|local|v0.0.0|"), 1);
		assert_int_equal(memo_count(&m, "PACKAGE|"), 5);
		memo_free(&m);
		read_file(&m, "usr/share/app", 0644, &elf);
		assert_int_equal(memo_count(&m, "PACKAGE|"), 0);
		memo_free(&m);
		str_free(&elf);
	}
}

/* Every length up to some blocks, in batches of every size. */
static void md5_side_by_side_is_md5(void **state)
{
	struct sha_piece p[40];
	unsigned char d[16];
	char bytes[400];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 7 + i / 13);
	for (size_t n = 0; n <= 40; n++) {
		for (size_t i = 0; i < n; i++)
			p[i] = (struct sha_piece){ bytes + i,
			    (i * 37 + n * 11) % 360, { 0 } };
		sha_md5_many(p, n);
		for (size_t i = 0; i < n; i++) {
			struct sha *h = sha_new_of(SHA_MD5);

			sha_add(h, p[i].bytes, p[i].len);
			sha_end_of(h, d);
			sha_free(h);
			assert_memory_equal(p[i].digest, d, 16);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(md5_side_by_side_is_md5),
		cmocka_unit_test(files_are_compared_with_their_packages),
		cmocka_unit_test(texts_of_languages_are_read),
		cmocka_unit_test(archives_of_java_are_read),
		cmocka_unit_test(a_broken_archive_is_none),
		cmocka_unit_test(programs_of_go_list_their_modules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
