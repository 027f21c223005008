/* test_tar.c - unpacking and tar: what is read, and what is refused. */
#include "test.h"

#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include "mkimage.h"
#include "muster/cap.h"
#include "muster/decode.h"
#include "muster/mem.h"
#include "muster/tar.h"

/* Bytes in memory, handed out in pieces of a chosen size. */
struct feed {
	const char	*p;
	size_t		 left, piece;
};

static ssize_t feed_next(void *ctx, const unsigned char **p, struct err *err)
{
	struct feed *f = ctx;
	size_t n = f->left < f->piece ? f->left : f->piece;

	(void)err;
	*p = (const unsigned char *)f->p;
	f->p += n;
	f->left -= n;
	return (ssize_t)n;
}

static void gzip_member(struct str *out, const void *bytes, size_t len)
{
	z_stream z = { 0 };
	unsigned char *buf = mem_alloc(len + 1024);

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 31, 8,
	    Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (Bytef *)(uintptr_t)bytes;
	z.avail_in = (uInt)len;
	z.next_out = buf;
	z.avail_out = (uInt)(len + 1024);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	str_addn(out, buf, len + 1024 - z.avail_out);
	deflateEnd(&z);
	free(buf);
}

/* Unpack everything; the length, or -1. */
static int64_t unpack(const struct str *in, size_t piece, struct str *out,
    struct err *err)
{
	struct feed f = { in->s, in->len, piece };
	struct decode *d = decode_open(decode_sniff((unsigned char *)in->s,
	    in->len), feed_next, &f, err);
	const unsigned char *p;
	int64_t all = 0;
	ssize_t n;

	if (d == NULL)
		return -1;
	while ((n = decode_next(d, &p, err)) > 0) {
		if (out != NULL)
			str_addn(out, p, (size_t)n);
		all += n;
	}
	decode_close(d);
	return n < 0 ? -1 : all;
}

static void members_and_frames_follow_each_other(void **state)
{
	struct err err = ERR_INIT;
	struct str gz = STR_INIT, zs = STR_INIT, out = STR_INIT;
	char buf[256];
	size_t n;

	(void)state;
	gzip_member(&gz, "one ", 4);
	gzip_member(&gz, "", 0);
	gzip_member(&gz, "two", 3);
	str_addn(&gz, "\0\0\0", 3);
	n = ZSTD_compress(buf, sizeof(buf), "one ", 4, 3);
	str_addn(&zs, buf, n);
	str_addn(&zs, "\x50\x2a\x4d\x18\x02\0\0\0xx", 10);
	n = ZSTD_compress(buf, sizeof(buf), "two", 3, 3);
	str_addn(&zs, buf, n);
	for (size_t piece = 1; piece < 100; piece += 13) {
		str_clear(&out);
		assert_int_equal(unpack(&gz, piece, &out, &err), 7);
		assert_string_equal(str_text(&out), "one two");
		str_clear(&out);
		assert_int_equal(unpack(&zs, piece, &out, &err), 7);
		assert_string_equal(str_text(&out), "one two");
	}
	str_free(&gz);
	str_free(&zs);
	str_free(&out);
}

static void broken_streams_are_refused(void **state)
{
	struct str good = STR_INIT, bad = STR_INIT;
	struct err err = ERR_INIT;

	(void)state;
	gzip_member(&good, "some text that is packed", 24);
	for (size_t cut = 3; cut < good.len; cut++) {
		str_clear(&bad);
		str_addn(&bad, good.s, cut);
		assert_int_equal(unpack(&bad, 7, NULL, &err), -1);
		assert_int_equal(err.kind, ERR_INPUT);
	}
	str_clear(&bad);
	str_addn(&bad, good.s, good.len);
	bad.s[bad.len - 6] ^= 1;
	assert_int_equal(unpack(&bad, 100, NULL, &err), -1);
	assert_non_null(strstr(err.text, "checksum"));
	str_clear(&bad);
	str_addn(&bad, good.s, good.len);
	str_add(&bad, "garbage");
	assert_int_equal(unpack(&bad, 100, NULL, &err), -1);
	assert_non_null(strstr(err.text, "after its end"));
	str_free(&good);
	str_free(&bad);
}

static void a_bomb_is_stopped(void **state)
{
	size_t len = (size_t)cap(CAP_UNPACK_FREE) * 2, n;
	char *zeros = mem_alloc(len), *packed = mem_alloc(len / 64);
	struct str in = STR_INIT;
	struct err err = ERR_INIT;

	(void)state;
	n = ZSTD_compress(packed, len / 64, zeros, len, 3);
	assert_false(ZSTD_isError(n));
	str_addn(&in, packed, n);
	assert_int_equal(unpack(&in, 4096, NULL, &err), -1);
	assert_non_null(strstr(err.text, "limit"));
	str_free(&in);
	free(zeros);
	free(packed);
}

static const struct { const char *from, *to; bool good; } names[] = {
	{ "etc/passwd",		"etc/passwd",	true },
	{ "./etc//passwd/",	"etc/passwd",	true },
	{ "/etc/./passwd",	"etc/passwd",	true },
	{ "./",			"",		true },
	{ "..etc/a..b",		"..etc/a..b",	true },
	{ "a/../b",		"a/../b",	false },
	{ "../../x",		"../../x",	false },
};

static void names_are_cleaned(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char *s = mem_dup(names[i].from);
		size_t len = strlen(s);

		assert_int_equal(tar_clean(s, &len), names[i].good);
		assert_string_equal(s, names[i].to);
		assert_int_equal(len, strlen(names[i].to));
		free(s);
	}
}

static void pax_names_and_capabilities_are_raw_bytes(void **state)
{
	static const char name[] = "opt/bad\xff\xfe" "bytes";
	static const char value[20] = "\1\0\0\2\0\4\0\0";
	struct err err = ERR_INIT;
	struct str tar = STR_INIT;
	struct feed f;
	struct tar_entry e;
	struct tar *t;

	(void)state;
	mk_pax(&tar, "path", name, strlen(name));
	mk_raw(&tar, "short", '0', 04755, "", "abc", 3);
	mk_pax(&tar, "SCHILY.xattr.security.capability", value, 20);
	mk_raw(&tar, "/app/../x", '0', 0644, "", "", 0);
	mk_end(&tar);
	f = (struct feed){ tar.s, tar.len, 100 };
	assert_non_null(t = tar_open(feed_next, &f, &err));
	assert_int_equal(tar_next(t, &e, &err), 1);
	assert_string_equal(e.name, name);
	assert_int_equal(e.mode, 04755);
	assert_int_equal(e.size, 3);
	assert_int_equal(tar_next(t, &e, &err), 1);
	assert_true(e.outside);
	assert_int_equal(e.caps_len, 20);
	assert_memory_equal(e.caps, value, 20);
	assert_int_equal(tar_next(t, &e, &err), 0);
	tar_close(t);
	str_free(&tar);
}

static void holes_of_a_sparse_file_read_as_zeros(void **state)
{
	struct err err = ERR_INIT;
	struct str tar = STR_INIT, out = STR_INIT;
	const unsigned char *p;
	struct feed f;
	struct tar_entry e;
	struct tar *t;
	ssize_t n;

	(void)state;
	mk_raw(&tar, "pax", 'x', 0644, "", "22 GNU.sparse.size=10\n"
	    "26 GNU.sparse.numblocks=2\n" "26 GNU.sparse.map=2,3,7,1\n", 74);
	mk_raw(&tar, "holes", '0', 0644, "", "abcd", 4);
	mk_end(&tar);
	f = (struct feed){ tar.s, tar.len, 512 };
	assert_non_null(t = tar_open(feed_next, &f, &err));
	assert_int_equal(tar_next(t, &e, &err), 1);
	assert_int_equal(e.size, 10);
	while ((n = tar_data(t, &p, &err)) > 0)
		str_addn(&out, p, (size_t)n);
	assert_int_equal(n, 0);
	assert_int_equal(out.len, 10);
	assert_memory_equal(out.s, "\0\0abc\0\0d\0\0", 10);
	tar_close(t);
	str_free(&tar);
	str_free(&out);
}

static void a_cut_tar_is_refused_and_no_bytes_are_an_empty_one(void **state)
{
	struct err err = ERR_INIT;
	struct str tar = STR_INIT;
	struct feed f;
	struct tar_entry e;
	struct tar *t;
	int rc;

	(void)state;
	mk_raw(&tar, "a", '0', 0644, "", "0123456789", 10);
	f = (struct feed){ tar.s, 700, 512 };
	assert_non_null(t = tar_open(feed_next, &f, &err));
	while ((rc = tar_next(t, &e, &err)) > 0)
		;
	assert_int_equal(rc, -1);
	assert_int_equal(err.kind, ERR_INPUT);
	tar_close(t);
	f = (struct feed){ tar.s, 0, 512 };
	assert_non_null(t = tar_open(feed_next, &f, &err));
	assert_int_equal(tar_next(t, &e, &err), 0);
	tar_close(t);
	assert_true(tar_seen((unsigned char *)tar.s, tar.len));
	tar.s[257] = 'x';
	assert_false(tar_seen((unsigned char *)tar.s, tar.len));
	str_free(&tar);
}

/* libarchive's other formats can name files of this machine. */
static void no_other_format_is_read(void **state)
{
	static const char mtree[] = "#mtree\n./x type=file "
	    "contents=/etc/passwd\n";
	struct err err = ERR_INIT;
	struct feed f = { mtree, sizeof(mtree) - 1, 512 };
	struct tar_entry e;
	struct tar *t = tar_open(feed_next, &f, &err);

	(void)state;
	assert_true(t == NULL || tar_next(t, &e, &err) < 0);
	assert_int_equal(err.kind, ERR_INPUT);
	tar_close(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_and_frames_follow_each_other),
		cmocka_unit_test(broken_streams_are_refused),
		cmocka_unit_test(a_bomb_is_stopped),
		cmocka_unit_test(names_are_cleaned),
		cmocka_unit_test(pax_names_and_capabilities_are_raw_bytes),
		cmocka_unit_test(holes_of_a_sparse_file_read_as_zeros),
		cmocka_unit_test(
		    a_cut_tar_is_refused_and_no_bytes_are_an_empty_one),
		cmocka_unit_test(no_other_format_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
