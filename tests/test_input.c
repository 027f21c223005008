/* test_input.c - the bytes of a file: once, whole, as text. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "test.h"
#include "muster/input.h"

static void gather(struct input *in, struct str *out, struct err *err)
{
	const char *p;
	size_t n;

	while ((p = input_next(in, &n, err)) != NULL && n > 0)
		str_addn(out, p, n);
	str_addn(out, "", 0);
	assert_non_null(p);
}

static size_t gzip(const char *text, unsigned char *out, size_t room)
{
	z_stream z = { 0 };

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 31, 8,
	    Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (unsigned char *)(uintptr_t)text;
	z.avail_in = (uInt)strlen(text);
	z.next_out = out;
	z.avail_out = (uInt)room;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return z.total_out;
}

static void text_arrives_as_utf8_without_marks(void **state)
{
	static const struct {
		const char	*bytes;
		size_t		 len;
		const char	*text;
	} rows[] = {
		{ "plain", 5, "plain" },
		{ "\xef\xbb\xbfmarked", 9, "marked" },
		{ "\xff\xfeh\0i\0\xe4\0", 8, "hi\xc3\xa4" },
		{ "\xfe\xff\0h\0i", 6, "hi" },
		{ "", 0, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err err = ERR_INIT;
		struct str got = STR_INIT;
		struct input *in = input_open_mem(rows[i].bytes, rows[i].len,
		    "t");

		gather(in, &got, &err);
		assert_string_equal(got.s, rows[i].text);
		str_free(&got);
		input_close(in);
	}
}

static void looking_at_the_head_takes_nothing_away(void **state)
{
	unsigned char packed[256];
	size_t len = gzip("some text", packed, sizeof(packed)), n;
	struct err err = ERR_INIT;
	struct str got = STR_INIT;
	struct input *in = input_open_mem(packed, len, "t.gz");
	const unsigned char *raw;

	(void)state;
	assert_string_equal(input_head(in, &n, &err), "some text");
	assert_non_null(raw = input_raw_head(in, &n, &err));
	assert_int_equal(n, len);
	assert_memory_equal(raw, packed, len);
	gather(in, &got, &err);
	assert_string_equal(got.s, "some text");
	str_free(&got);
	input_close(in);

	/* a small archive is unpacked whole before its reader starts */
	in = input_open_mem(packed, len, "t.gz");
	assert_non_null(input_head(in, &n, &err));
	assert_non_null(raw = input_next_raw(in, &n, &err));
	assert_int_equal(n, len);
	assert_memory_equal(raw, packed, len);
	assert_non_null(input_next_raw(in, &n, &err));
	assert_int_equal(n, 0);
	input_close(in);
}

static void the_digest_is_of_the_raw_bytes(void **state)
{
	unsigned char packed[256];
	size_t len = gzip("some text", packed, sizeof(packed)), n;
	char want[SHA_HEX], hex[SHA_HEX];
	struct err err = ERR_INIT;
	int64_t bytes;

	(void)state;
	sha_of(packed, len, want);
	for (int read = 0; read < 2; read++) {
		struct input *in = input_open_mem(packed, len, "t.gz");

		if (read)
			assert_non_null(input_next(in, &n, &err));
		assert_ok(input_finish(in, hex, &bytes, &err), &err);
		assert_string_equal(hex, want);
		assert_int_equal(bytes, len);
		input_close(in);
	}
}

static void a_cut_stream_is_refused(void **state)
{
	unsigned char packed[256];
	size_t len = gzip("some text", packed, sizeof(packed)), n;
	struct err err = ERR_INIT;
	struct input *in = input_open_mem(packed, len - 9, "t.gz");
	const char *p;

	(void)state;
	while ((p = input_next(in, &n, &err)) != NULL && n > 0)
		;
	assert_null(p);
	assert_int_equal(err.kind, ERR_INPUT);
	input_close(in);

	err = (struct err)ERR_INIT;
	in = input_open_mem("\xff\xfeh\0i", 5, "t");
	while ((p = input_next(in, &n, &err)) != NULL && n > 0)
		;
	assert_null(p);
	assert_non_null(strstr(err.text, "inside a UTF-16"));
	input_close(in);
}

/* XML may leave the mark out, and test_xml reads it so. */
static void utf16_without_its_mark_is_refused(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *says;	/* NULL: it is read */
	} rows[] = {
		{ "\xff\xfe{\0}\0", 6, NULL }, { "\xfe\xff\0{\0}", 6, NULL },
		{ "<\0a\0/\0>\0", 8, NULL }, { "\0<\0a\0/\0>", 8, NULL },
		{ "{\0}\0", 4, "without a byte order mark" },
		{ "\0{\0}", 4, "without a byte order mark" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err err = ERR_INIT;
		struct input *in = input_open_mem(rows[i].bytes, rows[i].len,
		    "t");
		size_t n;
		const char *p = input_next(in, &n, &err);

		assert_int_equal(p != NULL, rows[i].says == NULL);
		if (rows[i].says != NULL)
			assert_non_null(strstr(err.text, rows[i].says));
		input_close(in);
	}
}

static void lines_are_counted_piece_by_piece(void **state)
{
	size_t size = 600000, n;
	char *text = malloc(size);
	struct err err = ERR_INIT;
	struct input *in;
	int64_t lines = 0;
	const char *p;

	(void)state;
	memset(text, 'x', size);
	for (size_t i = 0; i < size; i += 7)
		text[i] = '\n';
	in = input_open_mem(text, size, "t");
	while ((p = input_next(in, &n, &err)) != NULL && n > 0) {
		assert_int_equal(input_line(in), lines);
		for (size_t i = 0; i < n; i++)
			lines += p[i] == '\n';
	}
	assert_int_equal(lines, (size + 6) / 7);
	input_close(in);
	free(text);
}

static void a_slurp_has_an_end(void **state)
{
	struct err err = ERR_INIT;
	struct input *in = input_open_mem("12345", 5, "t");
	size_t len;
	char *all;

	(void)state;
	assert_ok(cap_set(CAP_SETTINGS_BYTES, 4, &err), &err);
	assert_null(input_slurp(in, CAP_SETTINGS_BYTES, &len, &err));
	assert_int_equal(err.kind, ERR_INPUT);
	input_close(in);
	cap_reset();
	in = input_open_mem("12345", 5, "t");
	assert_non_null(all = input_slurp(in, CAP_SETTINGS_BYTES, &len, &err));
	assert_string_equal(all, "12345");
	assert_int_equal(len, 5);
	free(all);
	input_close(in);
}

/* What was read must be what the digest is of. */
static void a_file_that_changes_is_refused(void **state)
{
	static const struct {
		const char	*then;		/* appended; NULL: cut */
		int		 expect;
	} rows[] = { { "", 0 }, { "more", -1 }, { NULL, -1 } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char path[] = "/tmp/muster-input-XXXXXX", hex[SHA_HEX];
		int fd = mkstemp(path);
		struct err err = ERR_INIT;
		struct input *in;
		int64_t bytes;
		size_t n;

		assert_int_equal(write(fd, "{\"a\": 1}", 8), 8);
		assert_non_null(in = input_open(fd, "t", &err));
		assert_non_null(input_head(in, &n, &err));
		if (rows[i].then == NULL)
			assert_int_equal(ftruncate(fd, 3), 0);
		else
			assert_int_equal(pwrite(fd, rows[i].then,
			    strlen(rows[i].then), 8), strlen(rows[i].then));
		assert_int_equal(input_finish(in, hex, &bytes, &err),
		    rows[i].expect);
		if (rows[i].expect < 0) {
			assert_int_equal(err.kind, ERR_INPUT);
			assert_non_null(strstr(err.text, "changed while"));
		}
		input_close(in);
		close(fd);
		unlink(path);
	}
}

/* Of the same length: the clock of the file system tells. */
static void a_file_overwritten_is_refused(void **state)
{
	char path[] = "/tmp/muster-input-XXXXXX", hex[SHA_HEX];
	const struct timespec long_ago[2] = { { 1000, 0 }, { 1000, 0 } };
	int fd = mkstemp(path);
	struct err err = ERR_INIT;
	struct input *in;
	int64_t bytes;

	(void)state;
	assert_int_equal(write(fd, "abcd", 4), 4);
	assert_int_equal(futimens(fd, long_ago), 0);
	assert_non_null(in = input_open(fd, "t", &err));
	assert_int_equal(pwrite(fd, "efgh", 4, 0), 4);
	assert_int_equal(input_finish(in, hex, &bytes, &err), -1);
	assert_non_null(strstr(err.text, "changed while"));
	input_close(in);
	close(fd);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_that_changes_is_refused),
		cmocka_unit_test(a_file_overwritten_is_refused),
		cmocka_unit_test(text_arrives_as_utf8_without_marks),
		cmocka_unit_test(looking_at_the_head_takes_nothing_away),
		cmocka_unit_test(the_digest_is_of_the_raw_bytes),
		cmocka_unit_test(a_cut_stream_is_refused),
		cmocka_unit_test(utf16_without_its_mark_is_refused),
		cmocka_unit_test(lines_are_counted_piece_by_piece),
		cmocka_unit_test(a_slurp_has_an_end),
	};

	return cmocka_run_group_tests_name("input", tests, NULL, NULL);
}
