/*
 * caps_parse.h - cases of test_caps.c: files, their packing, the process that
 * reads them, and the formats below all formats.
 */
#ifndef CAPS_PARSE_H
#define CAPS_PARSE_H

#include <fcntl.h>

#include "caps_said.h"
#include "mkimage.h"
#include "muster/csv.h"
#include "muster/node.h"
#include "muster/tar.h"
#include "muster/toml.h"
#include "muster/xml.h"
#include "muster/yaml.h"
#include "muster/zip.h"
#include "../src/import/import_priv.h"

/* ------------------------------------------------------- files, packing */

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

#ifndef SANITIZED
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
#endif

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

/* A text with its end. */
static int tree_bytes(int64_t n, struct said *s)
{
	struct str b = STR_INIT;
	struct input *in;
	struct tree *t;

	str_addc(&b, '"');
	fill(&b, n - 1, 'x');
	str_addc(&b, '"');
	in = input_open_mem(b.s, b.len, "case");
	t = tree_json_input(in, &s->err);
	tell(s, t != NULL ? 0 : -1);
	input_close(in);
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

static int zip_members(int64_t n, struct said *s)
{
	struct str b = STR_INIT;
	const char *name;
	struct zip *z;
	int rc;

	zip(&b, n, "", ".json", "", 0);
	assert_non_null(z = zip_open(b.s, b.len, &s->err));
	while ((rc = zip_next(z, &name, &s->err)) > 0)
		;
	tell(s, rc);
	zip_close(z);
	str_free(&b);
	return rc;
}

#endif
