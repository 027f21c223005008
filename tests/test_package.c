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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_compared_with_their_packages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
