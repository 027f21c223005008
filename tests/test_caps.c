/*
 * test_caps.c - every cap of cap.def holds: at it all is well, one more is
 * refused and the cap is named.
 *
 * A case lowers its cap, so that files are small, and makes one that needs
 * exactly n of what the cap counts.  A row of the table without a case fails.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "mkimage.h"
#include "test.h"
#include "muster/cap.h"
#include "muster/csv.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/mem.h"
#include "muster/node.h"
#include "muster/store.h"
#include "muster/tar.h"
#include "muster/toml.h"
#include "muster/xml.h"
#include "muster/yaml.h"
#include "muster/zip.h"
#include "../src/import/import_priv.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
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

/* ------------------------------------------------------- files, packing */

/* A report of exactly n bytes. */
static void sized(struct str *b, int64_t n)
{
	str_add(b, GRYPE "}");
	fill(b, n - (int64_t)b->len, ' ');
	assert_int_equal(b->len, n);
}

static int file_bytes(int64_t n, struct said *s)
{
	struct str b = STR_INIT;

	sized(&b, n);
	return feed_free(s, &b);
}

static void packed(struct str *out, const struct str *plain)
{
	size_t most = ZSTD_compressBound(plain->len), n;
	char *buf = mem_alloc(most);

	n = ZSTD_compress(buf, most, plain->s, plain->len, 3);
	assert_false(ZSTD_isError(n));
	str_addn(out, buf, n);
	free(buf);
}

static int unpacked_bytes(int64_t n, struct said *s)
{
	struct str plain = STR_INIT, b = STR_INIT;

	sized(&plain, n);
	packed(&b, &plain);
	str_free(&plain);
	return feed_free(s, &b);
}

/* The first size of more than n - 1 times what it is packed to. */
static int unpack_ratio(int64_t n, struct said *s)
{
	struct str plain = STR_INIT, b = STR_INIT;
	struct err err = ERR_INIT;

	assert_int_equal(cap_set(CAP_UNPACK_FREE, 0, &err), 0);
	str_add(&plain, GRYPE "}");
	do {
		str_addc(&plain, ' ');
		str_clear(&b);
		packed(&b, &plain);
	} while ((int64_t)plain.len <= (n - 1) * (int64_t)b.len);
	str_free(&plain);
	return feed_free(s, &b);
}

static int unpack_free(int64_t n, struct said *s)
{
	struct err err = ERR_INIT;

	assert_int_equal(cap_set(CAP_UNPACK_RATIO, 1, &err), 0);
	return unpacked_bytes(n, s);
}

/* A stream that may refer n bytes back. */
static int zstd_window(int64_t n, struct said *s)
{
	struct str plain = STR_INIT, b = STR_INIT;
	ZSTD_CCtx *z = ZSTD_createCCtx();
	size_t len;
	int log = 0;

	while (INT64_C(1) << log < n)
		log++;
	sized(&plain, 400000);
	b.s = mem_alloc(ZSTD_compressBound(plain.len));
	ZSTD_CCtx_setParameter(z, ZSTD_c_windowLog, log);
	len = ZSTD_compress2(z, b.s, ZSTD_compressBound(plain.len), plain.s,
	    plain.len);
	assert_false(ZSTD_isError(len));
	b.len = len;
	ZSTD_freeCCtx(z);
	str_free(&plain);
	return feed_free(s, &b);
}

/* ------------------------------------------------------------- readers */

/* n frames of the same bytes, which a reader unpacks one after the other. */
static void frames(struct str *b, const char *head, const char *frame,
    int64_t each, int64_t n, const char *tail)
{
	struct str plain = STR_INIT, one = STR_INIT;

	str_add(&plain, head);
	packed(b, &plain);
	str_clear(&plain);
	times(&plain, each, frame);
	packed(&one, &plain);
	while (n-- > 0)
		str_addn(b, one.s, one.len);
	str_clear(&plain);
	str_add(&plain, tail);
	packed(b, &plain);
	str_free(&plain);
	str_free(&one);
}

/* A second is enough for a few numbers and not for two billion. */
static int reader_cpu(int64_t n, struct said *s)
{
	struct str b = STR_INIT;
	struct err err = ERR_INIT;

	assert_int_equal(cap_set(CAP_UNPACK_RATIO, 1000000, &err), 0);
	frames(&b, GRYPE ",\"x\":[0", ",0", 1 << 19, n > 1 ? 4000 : 1, "]}");
	return load_free(s, &b);
}

static int reader_memory(int64_t n, struct said *s)
{
	const int64_t least = cap_row(CAP_READER_MEMORY)->least;
	struct str b = STR_INIT;
	struct err err = ERR_INIT;

	assert_int_equal(cap_set(CAP_JSON_VALUE, 512 << 20, &err), 0);
	assert_int_equal(cap_set(CAP_UNPACK_RATIO, 1000000, &err), 0);
	frames(&b, GRYPE ",\"x\":\"", "0", 1 << 20, n > 4 * least ? 300 : 1,
	    "\"}");
	return load_free(s, &b);
}

static int record_bytes(int64_t n, struct said *s)
{
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC), rc;
	struct wire_out *w = wire_out_new(fd);
	char *text = mem_alloc((size_t)n);
	/* kind, how many fields; of each its length and a NUL */
	const struct rec rec = { REC_WARNING, 1, {
		{ text, (size_t)n - 2 - 4 - 1 }
	} };

	rc = wire_out_sink(w)->put(wire_out_sink(w), &rec, &s->err);
	tell(s, rc);
	wire_out_free(w);
	free(text);
	close(fd);
	return rc;
}

/* ---------------------------------------------------- files inside files */

static int members(int64_t n, struct said *s)
{
	struct str tar = STR_INIT, name = STR_INIT, b = STR_INIT;

	for (int64_t i = 0; i < n; i++) {
		str_clear(&b);
		str_clear(&name);
		str_addf(&name, "%lld.json", (long long)i);
		sized(&b, 100 + i);
		mk_raw(&tar, name.s, '0', 0644, "", b.s, b.len);
	}
	mk_end(&tar);
	str_free(&name);
	str_free(&b);
	return load_free(s, &tar);
}

static int member_bytes(int64_t n, struct said *s)
{
	struct str tar = STR_INIT, b = STR_INIT;

	sized(&b, n);
	mk_raw(&tar, "a.json", '0', 0644, "", b.s, b.len);
	mk_end(&tar);
	str_free(&b);
	return load_free(s, &tar);
}

static int members_bytes(int64_t n, struct said *s)
{
	struct str tar = STR_INIT, b = STR_INIT;

	sized(&b, 100);
	mk_raw(&tar, "a.json", '0', 0644, "", b.s, b.len);
	str_clear(&b);
	sized(&b, n - 100);
	mk_raw(&tar, "b.json", '0', 0644, "", b.s, b.len);
	mk_end(&tar);
	str_free(&b);
	return load_free(s, &tar);
}

/* A report in n archives, one in the other. */
static int member_depth(int64_t n, struct said *s)
{
	struct str tar = STR_INIT, inner = STR_INIT;

	sized(&inner, 100);
	for (int64_t i = 0; i < n; i++) {
		str_clear(&tar);
		mk_raw(&tar, i == 0 ? "a.json" : "inner.log", '0', 0644, "",
		    inner.s, inner.len);
		mk_end(&tar);
		str_clear(&inner);
		str_addn(&inner, tar.s, tar.len);
	}
	str_free(&inner);
	return load_free(s, &tar);
}

/* ----------------------------------------------------------------- JSON */

static int json_depth(int64_t n, struct said *s)
{
	struct str b = STR_INIT, close = STR_INIT;

	fill(&close, n - 1, ']');
	report(&b, "", n - 1, '[', str_text(&close));
	str_free(&close);
	return feed_free(s, &b);
}

static int json_key(int64_t n, struct said *s)
{
	struct str b = STR_INIT;

	report(&b, "{\"", n, 'k', "\":1}");
	return feed_free(s, &b);
}

static int json_value(int64_t n, struct said *s)
{
	struct str b = STR_INIT;

	report(&b, "\"", n, 'v', "\"");
	return feed_free(s, &b);
}

/* descriptor, matches and x are open, too. */
static int json_keys(int64_t n, struct said *s)
{
	struct str b = STR_INIT;

	str_add(&b, GRYPE ",\"x\":{\"0\":0");
	for (int64_t i = 1; i < n - 3; i++)
		str_addf(&b, ",\"%lld\":0", (long long)i);
	str_add(&b, "}}");
	return feed_free(s, &b);
}

/* "descriptor", "matches" and "x", each with its NUL, and one more. */
static int json_keys_bytes(int64_t n, struct said *s)
{
	struct str b = STR_INIT;

	report(&b, "{\"", n - 11 - 8 - 2 - 1, 'k', "\":1}");
	return feed_free(s, &b);
}

/* ------------------------------------------------------------------ XML */

static int xml_start(void *ctx, struct xml *x, const char *ns,
    const char *name, struct err *err)
{
	(void)ctx, (void)ns, (void)name, (void)err;
	xml_want_text(x);
	return 0;
}

/* n times c between before and after, as XML. */
static int xml(struct said *s, const char *before, int64_t n, const char *c,
    const char *after)
{
	static const struct xml_handler h = { xml_start, NULL };
	struct str b = STR_INIT;
	struct input *in;
	int rc;

	str_add(&b, before);
	times(&b, n, c);
	str_add(&b, after);
	in = input_open_mem(str_text(&b), b.len, "case");
	rc = xml_read(in, &h, NULL, &s->err);
	tell(s, rc);
	input_close(in);
	str_free(&b);
	return rc;
}

static int xml_depth_of(int64_t n, struct said *s)
{
	struct str close = STR_INIT;
	int rc;

	times(&close, n, "</a>");
	rc = xml(s, "", n, "<a>", close.s);
	str_free(&close);
	return rc;
}

static int xml_tag(int64_t n, struct said *s)
{
	return xml(s, "<r a='", n - 9, "x", "'/>");
}

static int xml_attributes(int64_t n, struct said *s)
{
	struct str b = STR_INIT;
	int rc;

	str_add(&b, "<r");
	for (int64_t i = 0; i < n; i++)
		str_addf(&b, " a%lld='='", (long long)i);
	rc = xml(s, b.s, 0, "", "/>");
	str_free(&b);
	return rc;
}

/* The count begins with the "<". */
static int xml_quiet(int64_t n, struct said *s)
{
	return xml(s, "<r><!--", n - 7, "x", "--></r>");
}

static int xml_text(int64_t n, struct said *s)
{
	return xml(s, "<r><a>xx</a><a>", n, "x", "</a></r>");
}

/* -------------------------------------------------- YAML, TOML, trees */

static int yaml_done(void *ctx, const struct tree *t, int doc,
    struct err *err)
{
	(void)ctx, (void)t, (void)doc, (void)err;
	return 0;
}

static int yaml(struct said *s, struct str *b)
{
	struct input *in = input_open_mem(str_text(b), b->len, "case");
	int rc = yaml_read(in, yaml_done, NULL, &s->err);

	tell(s, rc);
	input_close(in);
	str_free(b);
	return rc;
}

static int tree_values(int64_t n, struct said *s)
{
	struct str b = STR_INIT;
	struct tree *t;

	str_add(&b, "[0");
	times(&b, n - 2, ",0");
	str_add(&b, "]");
	t = tree_json(b.s, b.len, "case", &s->err);
	tell(s, t != NULL ? 0 : -1);
	str_free(&b);
	if (t == NULL)
		return -1;
	tree_free(t);
	return 0;
}

static int yaml_depth(int64_t n, struct said *s)
{
	struct str b = STR_INIT;

	fill(&b, n, '[');
	fill(&b, n, ']');
	return yaml(s, &b);
}

static int yaml_scalar(int64_t n, struct said *s)
{
	struct str b = STR_INIT;

	str_add(&b, "a: ");
	fill(&b, n, 'x');
	return yaml(s, &b);
}

static int yaml_anchors(int64_t n, struct said *s)
{
	struct str b = STR_INIT;

	for (int64_t i = 0; i < n; i++)
		str_addf(&b, "- &a%lld x\n", (long long)i);
	return yaml(s, &b);
}

static int yaml_merges(int64_t n, struct said *s)
{
	struct str b = STR_INIT;

	str_add(&b, "<<: [{}");
	times(&b, n - 1, ", {}");
	str_add(&b, "]\n");
	return yaml(s, &b);
}

static int toml(struct said *s, struct str *b)
{
	struct tree *t = toml_tree(str_text(b), b->len, "case", &s->err);

	tell(s, t != NULL ? 0 : -1);
	str_free(b);
	if (t == NULL)
		return -1;
	tree_free(t);
	return 0;
}

static int toml_depth(int64_t n, struct said *s)
{
	struct str b = STR_INIT;

	str_add(&b, "a = ");
	fill(&b, n - 1, '[');
	str_addc(&b, '1');
	fill(&b, n - 1, ']');
	return toml(s, &b);
}

static int toml_parts(int64_t n, struct said *s)
{
	struct str b = STR_INIT;

	times(&b, n - 1, "a.");
	str_add(&b, "a = 1\n");
	return toml(s, &b);
}

static int toml_tables(int64_t n, struct said *s)
{
	struct str b = STR_INIT;

	times(&b, n, "[[a]]\n");
	return toml(s, &b);
}

/* ------------------------------------------------------- CSV, tar, zip */

static int csv_done(void *ctx, const struct csv_row *row, struct err *err)
{
	(void)ctx, (void)row, (void)err;
	return 0;
}

static int csv(struct said *s, struct str *b)
{
	struct input *in = input_open_mem(b->s, b->len, "case");
	int rc = csv_read(in, csv_done, NULL, &s->err);

	tell(s, rc);
	input_close(in);
	str_free(b);
	return rc;
}

static int csv_fields(int64_t n, struct said *s)
{
	struct str b = STR_INIT;

	fill(&b, n - 1, ',');
	str_addc(&b, '\n');
	return csv(s, &b);
}

static int csv_row(int64_t n, struct said *s)
{
	struct str b = STR_INIT;

	fill(&b, n, 'x');
	str_addc(&b, '\n');
	return csv(s, &b);
}

static ssize_t whole(void *ctx, const unsigned char **p, struct err *err)
{
	struct str *b = ctx;
	size_t n = b->len;

	(void)err;
	*p = (const unsigned char *)b->s;
	b->len = 0;
	return (ssize_t)n;
}

/* Every entry of a tar, and every byte of it. */
static int tar(struct said *s, struct str *b)
{
	struct str left = *b;
	const unsigned char *p;
	struct tar_entry e;
	struct tar *t;
	ssize_t n = 0;
	int rc = -1;

	mk_end(&left);
	*b = left;
	if ((t = tar_open(whole, &left, &s->err)) != NULL)
		while (n >= 0 && (rc = tar_next(t, &e, &s->err)) > 0)
			while (e.type == TAR_FILE && (n = tar_data(t, &p,
			    &s->err)) > 0)
				;
	rc = n < 0 ? -1 : rc;
	tell(s, rc);
	tar_close(t);
	str_free(b);
	return rc;
}

static int tar_name(int64_t n, struct said *s)
{
	struct str b = STR_INIT, name = STR_INIT;

	fill(&name, n, 'n');
	mk_pax(&b, "path", name.s, name.len);
	mk_raw(&b, "x", '0', 0644, "", "", 0);
	str_free(&name);
	return tar(s, &b);
}

static int tar_link(int64_t n, struct said *s)
{
	struct str b = STR_INIT, name = STR_INIT;

	fill(&name, n, 'n');
	mk_pax(&b, "linkpath", name.s, name.len);
	mk_raw(&b, "x", '2', 0644, "y", "", 0);
	str_free(&name);
	return tar(s, &b);
}

static int tar_file(int64_t n, struct said *s)
{
	struct str b = STR_INIT, body = STR_INIT;

	fill(&body, n, 'x');
	mk_raw(&b, "x", '0', 0644, "", body.s, body.len);
	str_free(&body);
	return tar(s, &b);
}

/* A file of n zeros and a letter behind them. */
static int tar_holes(int64_t n, struct said *s)
{
	struct str b = STR_INIT, pax = STR_INIT;

	assert_in_range(n, 100, 998);
	str_addf(&pax, "23 GNU.sparse.size=%lld\n"
	    "26 GNU.sparse.numblocks=1\n" "24 GNU.sparse.map=%lld,1\n",
	    (long long)n + 1, (long long)n);
	mk_raw(&b, "pax", 'x', 0644, "", pax.s, pax.len);
	mk_raw(&b, "x", '0', 0644, "", "x", 1);
	str_free(&pax);
	return tar(s, &b);
}

static void put(struct str *b, int bytes, uint32_t value)
{
	while (bytes-- > 0) {
		str_addc(b, (char)(value & 0xff));
		value >>= 8;
	}
}

/* n members, "0.json" and so on, stored as they are. */
static void zip(struct str *b, int64_t n, const char *body, size_t len)
{
	uint32_t crc = (uint32_t)crc32(0, (const unsigned char *)body,
	    (unsigned)len);
	struct str all = STR_INIT, name = STR_INIT, same = STR_INIT;

	for (int64_t i = 0; i < n; i++) {
		uint32_t at = (uint32_t)b->len;

		str_clear(&name);
		str_addf(&name, "%lld.json", (long long)i);
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

static int zip_members(int64_t n, struct said *s)
{
	struct str b = STR_INIT;
	const char *name;
	struct zip *z;
	int rc;

	zip(&b, n, "", 0);
	assert_non_null(z = zip_open(b.s, b.len, &s->err));
	while ((rc = zip_next(z, &name, &s->err)) > 0)
		;
	tell(s, rc);
	zip_close(z);
	str_free(&b);
	return rc;
}

/* ----------------------------------------------------------------------- */

#define REFUSED(id, at, run) { CAP_##id, at, run, false }
#define WARNED(id, at, run) { CAP_##id, at, run, true }

static const struct one {
	enum cap	which;
	int64_t		at;		/* the cap while it is tried */
	/* Read what needs n; what is said of it goes into s. */
	int		(*run)(int64_t n, struct said *s);
	bool		is_warned;	/* the rest is left out, not all */
} cases[] = {
	REFUSED(FILE_BYTES, 200, file_bytes),
	REFUSED(TEXT_BYTES, 200, file_bytes),
	REFUSED(READER_CPU, 1, reader_cpu),
#ifndef SANITIZED
	REFUSED(READER_MEMORY, INT64_C(256) << 20, reader_memory),
#endif
	REFUSED(RECORD_BYTES, 2000, record_bytes),
	REFUSED(UNPACKED_BYTES, 200, unpacked_bytes),
	REFUSED(UNPACK_RATIO, 20, unpack_ratio),
	REFUSED(UNPACK_FREE, 2000, unpack_free),
	REFUSED(ZSTD_WINDOW, 4096, zstd_window),
	REFUSED(MEMBER_BYTES, 200, member_bytes),
	REFUSED(MEMBERS, 3, members),
	REFUSED(MEMBERS_BYTES, 300, members_bytes),
	REFUSED(MEMBER_DEPTH, 2, member_depth),
	REFUSED(JSON_DEPTH, 5, json_depth),
	REFUSED(JSON_KEY, 20, json_key),
	REFUSED(JSON_VALUE, 20, json_value),
	REFUSED(JSON_KEYS, 8, json_keys),
	REFUSED(JSON_KEYS_BYTES, 40, json_keys_bytes),
	REFUSED(XML_DEPTH, 5, xml_depth_of),
	REFUSED(XML_TAG, 40, xml_tag),
	REFUSED(XML_ATTRIBUTES, 3, xml_attributes),
	REFUSED(XML_QUIET, 40, xml_quiet),
	REFUSED(XML_TEXT, 40, xml_text),
	REFUSED(TREE_VALUES, 5, tree_values),
	REFUSED(YAML_DEPTH, 5, yaml_depth),
	REFUSED(YAML_SCALAR, 40, yaml_scalar),
	REFUSED(YAML_ANCHORS, 3, yaml_anchors),
	REFUSED(YAML_MERGES, 3, yaml_merges),
	REFUSED(TOML_DEPTH, 5, toml_depth),
	REFUSED(TOML_DEPTH, 5, toml_parts),
	REFUSED(TOML_TABLES, 3, toml_tables),
	REFUSED(CSV_FIELDS, 5, csv_fields),
	REFUSED(CSV_ROW, 40, csv_row),
	REFUSED(TAR_NAME, 200, tar_name),
	REFUSED(TAR_NAME, 200, tar_link),
	REFUSED(TAR_FILE, 100, tar_file),
	REFUSED(TAR_HOLES, 600, tar_holes),
	REFUSED(ZIP_MEMBERS, 3, zip_members),
};
#define NCASES (sizeof(cases) / sizeof(cases[0]))

/* What is said when a file needs n. */
static int needs(const struct one *c, int64_t n, struct said *s)
{
	int rc;

	*s = (struct said){ STR_INIT, ERR_INIT };
	cap_reset();
	assert_int_equal(cap_set(c->which, c->at, &s->err), 0);
	rc = c->run(n, s);
	/* what the case set besides must not be told instead */
	if (rc < 0)
		assert_int_equal(s->err.kind, ERR_INPUT);
	return rc;
}

static void a_cap_holds(void **state)
{
	const struct one *c = *state;
	char hint[160];
	struct said s;
	int rc;

	rc = needs(c, c->at, &s);
	snprintf(hint, sizeof(hint), "%s", cap_hint(c->which));
	if (rc < 0 || str_contains(str_text(&s.text), hint))
		fail_msg("%lld: %s", (long long)c->at, str_text(&s.text));
	str_free(&s.text);
	rc = needs(c, c->at + 1, &s);
	if ((rc < 0) == c->is_warned)
		fail_msg("%lld is not refused", (long long)c->at + 1);
	if (!str_contains(str_text(&s.text), hint))
		fail_msg("not \"%s\" but: %s", hint, str_text(&s.text));
	str_free(&s.text);
	cap_reset();
}

static void every_cap_has_a_case(void **state)
{
	(void)state;
	for (int i = 0; i < CAPS; i++) {
		size_t n = 0;

		for (size_t k = 0; k < NCASES; k++)
			n += cases[k].which == (enum cap)i;
#ifdef SANITIZED
		n += i == CAP_READER_MEMORY;
#endif
		if (n == 0)
			fail_msg("%s has no case", cap_row((enum cap)i)->name);
	}
}

static void the_table_is_in_order(void **state)
{
	(void)state;
	for (int i = 0; i < CAPS; i++) {
		const struct cap_row *r = cap_row((enum cap)i);

		if (r->least > r->usual || r->usual > r->most || r->least < 0
		    || strspn(r->name, "abcdefghijklmnopqrstuvwxyz-") !=
		    strlen(r->name) || strlen(r->name) > 18)
			fail_msg("%s", r->name);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(r->name,
			    cap_row((enum cap)k)->name);
	}
	/* what arrays hold */
	assert_true(cap_row(CAP_JSON_DEPTH)->most <= NODE_DEEPEST);
	assert_true(cap_row(CAP_YAML_DEPTH)->most <= NODE_DEEPEST);
	assert_true(cap_row(CAP_XML_DEPTH)->most <= XML_DEEPEST);
	assert_true(cap_row(CAP_CSV_FIELDS)->most <= CSV_FIELDS);
}

/* What recurses, or libraries limit, holds as deep as a cap can be set. */
static void the_deepest_is_no_trouble(void **state)
{
	static const struct one deep[] = {
		REFUSED(JSON_DEPTH, 0, json_depth),
		REFUSED(XML_DEPTH, 0, xml_depth_of),
		REFUSED(YAML_DEPTH, 0, yaml_depth),
		REFUSED(TOML_DEPTH, 0, toml_depth),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(deep) / sizeof(deep[0]); i++) {
		int64_t most = cap_row(deep[i].which)->most;
		struct said s = { STR_INIT, ERR_INIT };

		assert_ok(cap_set(deep[i].which, most, &s.err), &s.err);
		assert_ok(deep[i].run(most, &s), &s.err);
		assert_int_equal(deep[i].run(most + 1, &s), -1);
		assert_true(str_contains(s.text.s, "allows no more"));
		str_free(&s.text);
		cap_reset();
	}
}

static const struct {
	const char *text;
	int64_t gives;			/* -1: refused */
	const char *says;
} flags[] = {
	{ "json-value=17", 17, "17" },
	{ "json-value=2K", 2048, "2K" },
	{ "json-value=3M", 3 << 20, "3M" },
	{ "json-value=1024K", 1 << 20, "1M" },
	{ "json-value=512M", 512 << 20, "512M" },
	{ "json-value=513M", -1, "--cap json-value takes 1 to 512M" },
	{ "json-value=0", -1, "takes 1 to 512M" },
	{ "json-value=", -1, "takes 1 to 512M" },
	{ "json-value=-1", -1, "takes 1 to 512M" },
	{ "json-value=1KK", -1, "takes 1 to 512M" },
	{ "json-value=1k", -1, "takes 1 to 512M" },
	{ "json-value=1s", -1, "takes 1 to 512M" },
	{ "json-value=1 ", -1, "takes 1 to 512M" },
	{ "json-value=99999999999999999999", -1, "takes 1 to 512M" },
	{ "json-value=9999999999999T", -1, "takes 1 to 512M" },
	{ "json-value", -1, "--cap json-value needs a value" },
	{ "json-valu=1", -1, "no cap is called \"json-valu\"" },
	{ "=1", -1, "no cap is called \"\"" },
	{ "", -1, "no cap is called \"\"" },
	{ "json-depth=1K", -1, "takes 1 to 1000" },
	{ "json-depth=30", 30, "30" },
	{ "reader-cpu=90", 90, "90s" },
	{ "reader-cpu=90s", 90, "90s" },
	{ "reader-cpu=90M", -1, "takes 1s to 604800s" },
};

static void a_flag_sets_what_it_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		const char *text = flags[i].text;
		enum cap which = text[0] == 'r' ? CAP_READER_CPU :
		    str_starts(text, "json-d") ? CAP_JSON_DEPTH :
		    CAP_JSON_VALUE;
		struct err err = ERR_INIT;
		struct str is = STR_INIT;

		cap_reset();
		if (cap_flag(text, &err) < 0) {
			assert_int_equal(flags[i].gives, -1);
			assert_int_equal(err.kind, ERR_USAGE);
			str_add(&is, err.text);
		} else {
			assert_int_equal(cap(which), flags[i].gives);
			cap_spell(&is, which, cap(which));
		}
		if (!str_contains(is.s, flags[i].says))
			fail_msg("%s: %s", text, is.s);
		str_free(&is);
	}
	cap_reset();
}

/* What is recorded with a file is what a replay puts in force. */
static void changed_caps_come_back(void **state)
{
	struct err err = ERR_INIT;
	struct str told = STR_INIT;

	(void)state;
	cap_reset();
	cap_changed(&told);
	assert_int_equal(told.len, 0);
	assert_ok(cap_flag("json-depth=30", &err), &err);
	assert_ok(cap_flag("reader-cpu=5s", &err), &err);
	cap_changed(&told);
	assert_string_equal(told.s, "reader-cpu=5s json-depth=30");
	cap_reset();
	assert_ok(cap_flag("json-key=2M", &err), &err);
	assert_ok(cap_restore(told.s, &err), &err);
	assert_int_equal(cap(CAP_JSON_DEPTH), 30);
	assert_int_equal(cap(CAP_READER_CPU), 5);
	assert_int_equal(cap(CAP_JSON_KEY), cap_row(CAP_JSON_KEY)->usual);
	/* no package raises one by itself */
	cap_reset();
	assert_int_equal(cap_restore("json-depth=201", &err), -1);
	assert_int_equal(err.kind, ERR_USAGE);
	assert_true(str_contains(err.text, "--cap json-depth=201 allows"));
	cap_reset();
	assert_ok(cap_flag("json-depth=201", &err), &err);
	assert_ok(cap_restore("json-depth=201", &err), &err);
	cap_reset();
	assert_int_equal(cap_restore("json-depht=20", &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_int_equal(cap_restore("json-depth=1001", &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	cap_reset();
	str_free(&told);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(every_cap_has_a_case),
		cmocka_unit_test(the_table_is_in_order),
		cmocka_unit_test(the_deepest_is_no_trouble),
		cmocka_unit_test(a_flag_sets_what_it_says),
		cmocka_unit_test(changed_caps_come_back),
	};
	struct CMUnitTest all[NCASES];

	signal(SIGXFSZ, SIG_IGN);	/* as main() does */
	for (size_t i = 0; i < NCASES; i++)
		all[i] = (struct CMUnitTest){
			.name = cap_row(cases[i].which)->name,
			.test_func = a_cap_holds,
			.initial_state = (void *)(uintptr_t)&cases[i]
		};
	return cmocka_run_group_tests_name("caps", all, NULL, NULL) +
	    cmocka_run_group_tests_name("the table of caps", others, NULL,
	    NULL);
}
