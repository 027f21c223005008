/*
 * caps_said.h - for the cases of test_caps.c: reading bytes one way or
 * another, and what is said of them.
 */
#ifndef CAPS_SAID_H
#define CAPS_SAID_H

#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "test.h"
#include "muster/cap.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/mem.h"
#include "muster/store.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1	/* it takes more address space than any cap */
#endif

/* What was said of a file: why it was refused, and its warnings. */
struct said {
	struct str	text;
	struct err	err;
};

static void tell(struct said *s, int rc)
{
	if (rc < 0)
		str_addf(&s->text, "%s\n", s->err.text);
}

/* Read bytes in this process. */
static int feed(struct said *s, const struct str *bytes, const char *importer)
{
	struct input *in = input_open_mem(str_text(bytes), bytes->len, "case");
	const struct importer *imp;
	struct memo memo;
	int rc = -1;

	memo_init(&memo);
	if ((imp = import_choose(in, importer, &s->err)) != NULL)
		rc = import_run(imp, in, &memo.sink, &s->err);
	str_addn(&s->text, str_text(&memo.text), memo.text.len);
	memo_free(&memo);
	input_close(in);
	tell(s, rc);
	return rc;
}

static void member(void *ctx, const char *name,
    const struct import_result *res, const struct err *err)
{
	struct said *s = ctx;

	(void)name;
	if (res->status == IMPORT_REFUSED)
		str_addf(&s->text, "%s\n", err->text);
}

/* Import bytes as a file, by a reader of its own. */
static int load(struct said *s, const struct str *bytes)
{
	char path[] = "/tmp/muster-test-XXXXXX";
	struct store *st = store_open(":memory:", STORE_CREATE, &s->err);
	const struct import_opts opts = { .member = member, .ctx = s };
	struct import_result res;
	int fd = mkstemp(path), rc;

	assert_non_null(st);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes->s, bytes->len), bytes->len);
	close(fd);
	rc = import_file(st, path, &opts, &res, &s->err);
	tell(s, rc);
	unlink(path);
	store_close(st);
	return rc;
}

static void fill(struct str *b, int64_t n, char c)
{
	while (n-- > 0)
		str_addc(b, c);
}

static void times(struct str *b, int64_t n, const char *text)
{
	while (n-- > 0)
		str_add(b, text);
}

#define GRYPE "{\"descriptor\":{\"name\":\"grype\",\"version\":\"0.80.0\"}," \
	"\"matches\":[]"

/* A report with something in it that nobody looks at. */
static void report(struct str *b, const char *before, int64_t n, char c,
    const char *after)
{
	str_add(b, GRYPE ",\"x\":");
	str_add(b, before);
	fill(b, n, c);
	str_add(b, after);
	str_addc(b, '}');
}

/* A report of exactly n bytes. */
static void sized(struct str *b, int64_t n)
{
	str_add(b, GRYPE "}");
	fill(b, n - (int64_t)b->len, ' ');
	assert_int_equal(b->len, n);
}

static int feed_free(struct said *s, struct str *bytes)
{
	int rc = feed(s, bytes, NULL);

	str_free(bytes);
	return rc;
}

static int load_free(struct said *s, struct str *bytes)
{
	int rc = load(s, bytes);

	str_free(bytes);
	return rc;
}

static void put(struct str *b, int bytes, uint32_t value)
{
	while (bytes-- > 0) {
		str_addc(b, (char)(value & 0xff));
		value >>= 8;
	}
}

/* n members, named by their number between the two, stored as they are. */
static void zip(struct str *b, int64_t n, const char *before,
    const char *behind, const char *body, size_t len)
{
	uint32_t crc = (uint32_t)crc32(0, (const unsigned char *)body,
	    (unsigned)len);
	struct str all = STR_INIT, name = STR_INIT, same = STR_INIT;

	for (int64_t i = 0; i < n; i++) {
		uint32_t at = (uint32_t)b->len;

		str_clear(&name);
		str_addf(&name, "%s%lld%s", before, (long long)i, behind);
		str_clear(&same);
		put(&same, 2, 20);		/* version, flags, stored */
		put(&same, 2, 0);
		put(&same, 2, 0);
		put(&same, 4, 0x00210000);	/* 1980-01-01 */
		put(&same, 4, crc);
		put(&same, 4, (uint32_t)len);
		put(&same, 4, (uint32_t)len);
		put(&same, 2, (uint32_t)name.len);
		put(&same, 2, 0);
		str_add(b, "PK\3\4");
		str_addn(b, same.s, same.len);
		str_addn(b, name.s, name.len);
		str_addn(b, body, len);
		str_add(&all, "PK\1\2");
		put(&all, 2, 20);
		str_addn(&all, same.s, same.len);
		put(&all, 2, 0);		/* comment, disk, attributes */
		put(&all, 4, 0);
		put(&all, 4, 0);
		put(&all, 4, at);
		str_addn(&all, name.s, name.len);
	}
	str_clear(&same);
	str_add(&same, "PK\5\6");
	put(&same, 4, 0);
	put(&same, 2, (uint32_t)n);
	put(&same, 2, (uint32_t)n);
	put(&same, 4, (uint32_t)all.len);
	put(&same, 4, (uint32_t)b->len);
	put(&same, 2, 0);
	str_addn(b, all.s, all.len);
	str_addn(b, same.s, same.len);
	str_free(&all);
	str_free(&name);
	str_free(&same);
}

#endif
