/*
 * test_rpm.c - RPM's databases in ndb and Berkeley DB form, made here byte by
 * byte: what they list, how that compares with the files, and what happens
 * when they were made to do harm.
 */
#include "test.h"

#include <stdlib.h>

#include "mkimage.h"
#include "muster/image.h"
#include "muster/input.h"
#include "muster/sha.h"

#define NDB	"usr/lib/sysimage/rpm/Packages.db"
#define BDB	"var/lib/rpm/Packages"
#define PAGE	512

static void be32(struct str *s, uint32_t v)
{
	for (int i = 24; i >= 0; i -= 8)
		str_addc(s, (char)(v >> i & 0xff));
}

static void le32(struct str *s, uint32_t v)
{
	for (int i = 0; i < 32; i += 8)
		str_addc(s, (char)(v >> i & 0xff));
}

static void poke(struct str *s, size_t at, uint32_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		s->s[at + (size_t)i] = (char)(v >> 8 * i & 0xff);
}

static void fill(struct str *s, size_t to)
{
	while (s->len < to)
		str_addc(s, '\0');
}

struct parts {
	struct str	 index, data;
	uint32_t	 n;
};

static void tag(struct parts *p, uint32_t number, uint32_t type,
    uint32_t count, const void *bytes, size_t len)
{
	be32(&p->index, number);
	be32(&p->index, type);
	be32(&p->index, (uint32_t)p->data.len);
	be32(&p->index, count);
	str_addn(&p->data, bytes, len);
	p->n++;
}

static void text(struct parts *p, uint32_t number, const char *s)
{
	tag(p, number, 6, 1, s, strlen(s) + 1);
}

struct rpm_file {
	const char	*name;		/* in /usr/bin/ */
	const char	*body;		/* whose digest is recorded */
	uint32_t	 flags;
	char		 state;
};

/* A package with files, its description `pad` bytes long. */
static void header(struct str *out, const char *name,
    const struct rpm_file *files, size_t pad)
{
	struct str names = STR_INIT, digests = STR_INIT, zeros = STR_INIT,
	    flags = STR_INIT, states = STR_INIT, long_text = STR_INIT;
	struct parts p = { STR_INIT, STR_INIT, 0 };
	uint32_t n = 0;
	char hex[SHA_HEX];

	for (; files[n].name != NULL; n++) {
		str_addn(&names, files[n].name, strlen(files[n].name) + 1);
		sha_of(files[n].body, strlen(files[n].body), hex);
		str_addn(&digests, hex, SHA_HEX);
		be32(&zeros, 0);
		be32(&flags, files[n].flags);
		str_addc(&states, files[n].state);
	}
	text(&p, 1000, name);
	text(&p, 1001, "1.0");
	text(&p, 1002, "2");
	text(&p, 1022, "x86_64");
	tag(&p, 5011, 4, 1, "\0\0\0\10", 4);		/* SHA-256 */
	tag(&p, 1116, 4, n, zeros.s, zeros.len);
	tag(&p, 1037, 4, n, flags.s, flags.len);
	tag(&p, 1029, 1, n, states.s, states.len);
	tag(&p, 1117, 8, n, names.s, names.len);
	tag(&p, 1118, 8, 1, "/usr/bin/", 10);
	tag(&p, 1035, 8, n, digests.s, digests.len);
	while (long_text.len < pad)
		str_addc(&long_text, 'd');
	text(&p, 1005, str_text(&long_text));
	be32(out, p.n);
	be32(out, (uint32_t)p.data.len);
	str_addn(out, p.index.s, p.index.len);
	str_addn(out, p.data.s, p.data.len);
	str_free(&names);
	str_free(&digests);
	str_free(&zeros);
	str_free(&flags);
	str_free(&states);
	str_free(&long_text);
	str_free(&p.index);
	str_free(&p.data);
}

/* Packages.db with these headers, one page of slots. */
static void mk_ndb(struct str *db, const struct str *headers, size_t n)
{
	str_add(db, "RpmP");
	le32(db, 0);
	le32(db, 1);
	le32(db, 1);
	le32(db, (uint32_t)n + 1);
	fill(db, 32);
	for (size_t i = 0, at = 256; i < (4096 - 32) / 16; i++) {
		size_t blocks = i < n ? (16 + headers[i].len + 12 + 15) / 16 :
		    0;

		str_add(db, "Slot");
		le32(db, i < n ? (uint32_t)i + 1 : 0);
		le32(db, i < n ? (uint32_t)at : 0);
		le32(db, (uint32_t)blocks);
		at += blocks;
	}
	for (size_t i = 0; i < n; i++) {
		str_add(db, "BlbS");
		le32(db, (uint32_t)i + 1);
		le32(db, 7);
		le32(db, (uint32_t)headers[i].len);
		str_addn(db, headers[i].s, headers[i].len);
		fill(db, (db->len + 12 + 15) / 16 * 16 - 12);
		le32(db, 0);
		le32(db, (uint32_t)headers[i].len);
		str_add(db, "BlbE");
	}
}

static void page_head(struct str *db, uint32_t n, uint32_t next,
    unsigned items, unsigned free_at, int type)
{
	fill(db, (size_t)n * PAGE + 8);
	le32(db, n);
	le32(db, 0);
	le32(db, next);
	str_addc(db, (char)(items & 0xff));
	str_addc(db, (char)(items >> 8));
	str_addc(db, (char)(free_at & 0xff));
	str_addc(db, (char)(free_at >> 8));
	str_addc(db, 0);
	str_addc(db, (char)type);
}

/* Packages: a meta page, a page of pairs, and a chain for each header. */
static void mk_bdb(struct str *db, const struct str *headers, size_t n)
{
	uint32_t next = 2;
	size_t at = PAGE;

	fill(db, 12);
	le32(db, 0x061561);
	le32(db, 9);
	le32(db, PAGE);
	str_addn(db, "\0\10\0\0", 4);
	le32(db, 0);
	le32(db, 0);				/* last page: later */
	fill(db, PAGE);
	page_head(db, 1, 0, (unsigned)(2 * n + 2), 0, 13);
	fill(db, 2 * PAGE);
	/* number 0 is RPM's own: its value is no package */
	for (size_t i = 0; i <= n; i++) {
		at -= 5;
		poke(db, PAGE + 26 + 4 * i, (uint32_t)at, 2);
		db->s[PAGE + at] = 1;
		poke(db, PAGE + at + 1, (uint32_t)i, 4);
		at -= i == 0 ? 5 : 12;
		poke(db, PAGE + 28 + 4 * i, (uint32_t)at, 2);
		db->s[PAGE + at] = i == 0 ? 1 : 3;
		if (i == 0)
			continue;
		poke(db, PAGE + at + 4, next, 4);
		poke(db, PAGE + at + 8, (uint32_t)headers[i - 1].len, 4);
		for (size_t done = 0; done < headers[i - 1].len; next++) {
			size_t left = headers[i - 1].len - done;
			size_t take = left < PAGE - 26 ? left : PAGE - 26;

			page_head(db, next, take < left ? next + 1 : 0, 1,
			    (unsigned)take, 7);
			str_addn(db, headers[i - 1].s + done, take);
			fill(db, ((size_t)next + 1) * PAGE);
			done += take;
		}
	}
	poke(db, 32, next - 1, 4);
}

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

		header(&h[0], "tools", tools, 2000);
		header(&h[1], "more", more, 0);
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

		header(&h, "tools", tools, 2000);
		forms[harms[i].form].make(&db, &h, 1);
		poke(&db, harms[i].at, harms[i].v, harms[i].bytes);
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
	header(&h, "tools", tools, 9000);
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

		header(&h, "tools", tools, 600);
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
