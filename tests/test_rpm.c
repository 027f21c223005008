/*
 * test_rpm.c - RPM's databases in ndb and Berkeley DB form, made here byte by
 * byte: what they list, how that compares with the files, and what happens
 * when they were made to do harm.
 */
#include "test.h"

#include <stdlib.h>

#include "mkimage.h"
#include "mkrpm.h"
#include "muster/image.h"
#include "muster/input.h"
#include "muster/sha.h"

#define NDB	"usr/lib/sysimage/rpm/Packages.db"
#define BDB	"var/lib/rpm/Packages"
#define PAGE	MK_PAGE

struct program {
	const char	*name, *body;
};

/* An image with a database and programs in /usr/bin. */
static void read_db(struct memo *m, const char *path, const struct str *db,
    const struct program *programs)
{
	struct str tar = STR_INIT, archive = STR_INIT;
	struct err err = ERR_INIT;
	struct input *in;

	mk_raw(&tar, path, '0', 0644, "", str_text(db), db->len);
	for (; programs != NULL && programs->name != NULL; programs++) {
		char name[64];

		snprintf(name, sizeof(name), "usr/bin/%s", programs->name);
		mk_raw(&tar, name, '0', 0755, "", programs->body,
		    strlen(programs->body));
	}
	mk_end(&tar);
	mk_docker(&archive, "", &tar, 1);
	in = input_open_mem(archive.s, archive.len, "t.tar");
	memo_init(m);
	assert_ok(image_read_archive(in, &m->sink, &err), &err);
	input_close(in);
	str_free(&tar);
	str_free(&archive);
}

enum { CONFIG = 1, DOC = 2, GHOST = 64 };

static const struct rpm_file tools[] = {
	{ "same", "one", 0, 0 }, { "changed", "two", 0, 0 },
	{ "conf", "three", CONFIG, 0 }, { "log", "", GHOST, 0 },
	{ "doc", "four", DOC, 0 }, { "left", "five", 0, 2 },
	{ "gone", "six", 0, 0 }, { NULL, NULL, 0, 0 }
}, more[] = {
	{ "other", "seven", 0, 0 }, { NULL, NULL, 0, 0 }
};

static const struct program programs[] = {
	{ "same", "one" }, { "changed", "2" }, { "conf", "mine" },
	{ "log", "anything" }, { "other", "seven" }, { "alien", "x" },
	{ NULL, NULL }
};

typedef void maker(struct str *db, const struct str *headers, size_t n);
static const struct { const char *path; maker *make; } forms[] = {
	{ NDB, mk_ndb }, { BDB, mk_bdb }
};

static void packages_and_their_files_are_read(void **state)
{
	static const char *const lines[] = {
		"PACKAGE|1|rpm|tools|1.0-2|x86_64|-|"
		    "pkg:rpm/linux/tools@1.0-2?arch=x86_64|none|",
		"PACKAGE|1|rpm|more|1.0-2|x86_64|",
		"package.changed|/usr/bin/changed|tools records SHA-256 ",
		"package.config|rpm|1|", "package.left_out|rpm|1|",
		"package.gone|rpm|1|", "package.missing|/usr/bin/gone|tools|",
		"package.compared|rpm|4|", "package.unowned|/usr/bin/alien|",
		"package.unowned_count|-|1|",
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct str db = STR_INIT, h[2] = { STR_INIT, STR_INIT };
		struct memo m;

		mk_rpm(&h[0], "tools", tools, 2000);
		mk_rpm(&h[1], "more", more, 0);
		forms[i].make(&db, h, 2);
		read_db(&m, forms[i].path, &db, programs);
		for (size_t k = 0; k < sizeof(lines) / sizeof(*lines); k++)
			if (memo_count(&m, lines[k]) != 1)
				fail_msg("%s: \"%s\" in %s", forms[i].path,
				    lines[k], str_text(&m.text));
		assert_int_equal(memo_count(&m, "package.unread"), 0);
		assert_int_equal(memo_count(&m, "package.changed"), 1);
		memo_free(&m);
		str_free(&db);
		str_free(&h[0]);
		str_free(&h[1]);
	}
}

/* One place of a sound database overwritten, and what is said of it. */
static const struct {
	size_t form, at;
	uint32_t v;
	int bytes;
	const char *why;
} harms[] = {
	{ 0, 0, 0, 4, "no head of version 0" },
	{ 0, 12, 0xffffffff, 4, "more pages of slots than there are" },
	{ 0, 32, 0, 4, "no slot" },
	{ 0, 40, 0xffffffff, 4, "a slot that leads to no package" },
	{ 0, 40, 1, 4, "a slot that leads to no package" },
	{ 0, 44, 0xfffffff, 4, "a slot that leads to no package" },
	{ 0, 4096 + 12, 0xffffffff, 4, "a slot that leads to no package" },
	{ 1, 12, 0, 4, "no hash" },
	{ 1, 16, 99, 4, "a version that is not known" },
	{ 1, 20, 513, 4, "a page size that cannot be" },
	{ 1, 20, 0x80000000, 4, "a page size that cannot be" },
	{ 1, 24, 1, 1, "it is encrypted" },
	{ 1, 32, 0x7fffffff, 4, "pages are missing at its end" },
	{ 1, PAGE + 8, 9, 4, "a hash page with another number" },
	{ 1, PAGE + 20, 0xffff, 2, "a count of items that cannot be" },
	{ 1, PAGE + 20, 3, 2, "a count of items that cannot be" },
	{ 1, PAGE + 30, 3, 2, "an item outside its page" },
	{ 1, PAGE + 30, 0xffff, 2, "an item outside its page" },
	{ 1, PAGE + 485, 2, 1, "an item of a kind that is not known" },
	{ 1, PAGE + 485 + 8, 0xffffffff, 4, "a value that is too long" },
	{ 1, PAGE + 485 + 8, 0x3ffffff, 4, "a value that" },
	{ 1, 2 * PAGE + 16, 2, 4, "a value that goes astray" },	/* a loop */
	{ 1, 2 * PAGE + 16, 0, 4, "a value that does not go on" },
	{ 1, 2 * PAGE + 22, 0, 2, "a value that goes astray" },
	{ 1, PAGE + 25, 5, 1, "a page of a kind that is not known" },
	{ 1, 2 * PAGE + 25, 13, 1, "a value that does not go on" },
};

static void a_database_that_does_harm_is_not_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(harms) / sizeof(*harms); i++) {
		struct str db = STR_INIT, h = STR_INIT;
		struct memo m;

		mk_rpm(&h, "tools", tools, 2000);
		forms[harms[i].form].make(&db, &h, 1);
		mk_poke(&db, harms[i].at, harms[i].v, harms[i].bytes);
		read_db(&m, forms[harms[i].form].path, &db, NULL);
		if (memo_count(&m, "package.unread|") != 1 ||
		    memo_count(&m, harms[i].why) == 0)
			fail_msg("%zu: \"%s\" in %s", i, harms[i].why,
			    str_text(&m.text));
		memo_free(&m);
		str_free(&db);
		str_free(&h);
	}
}

/* Two slots for one blob would list its package twice. */
static void blobs_do_not_overlap(void **state)
{
	struct str db = STR_INIT, h = STR_INIT;
	struct memo m;

	(void)state;
	mk_rpm(&h, "tools", tools, 9000);
	mk_ndb(&db, &h, 1);
	memcpy(db.s + 48, db.s + 32, 16);
	read_db(&m, NDB, &db, NULL);
	assert_int_equal(memo_count(&m, "packages that overlap"), 1);
	assert_int_equal(memo_count(&m, "PACKAGE|"), 1);
	memo_free(&m);
	str_free(&db);
	str_free(&h);
}

/* Whatever single byte is wrong, the rest of the image is still told. */
static void any_byte_may_be_wrong(void **state)
{
	(void)state;
	for (size_t form = 0; form < 2; form++) {
		struct str db = STR_INIT, h = STR_INIT;

		mk_rpm(&h, "tools", tools, 600);
		forms[form].make(&db, &h, 1);
		for (size_t at = 0; at < db.len; at += at < 64 ? 1 : 11) {
			char was = db.s[at];
			struct memo m;

			db.s[at] = (char)(was ^ 0xff);
			read_db(&m, forms[form].path, &db, programs);
			assert_int_equal(memo_count(&m,
			    "content.read|-|true"), 1);
			assert_int_equal(memo_count(&m,
			    "package.unowned_count|") +
			    memo_count(&m, "package.unread|") > 0, 1);
			memo_free(&m);
			db.s[at] = was;
		}
		str_free(&db);
		str_free(&h);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packages_and_their_files_are_read),
		cmocka_unit_test(a_database_that_does_harm_is_not_read),
		cmocka_unit_test(blobs_do_not_overlap),
		cmocka_unit_test(any_byte_may_be_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
