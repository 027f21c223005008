/* test_json.c - the JSON reader: what it hands over, and what it refuses. */
#include "test.h"

#include <stdlib.h>

#include "muster/cap.h"
#include "muster/input.h"
#include "muster/json.h"
#include "muster/mem.h"
#include "src/parse/json_priv.h"

/* ---------------------------------------------------------------- events */

/* Write what comes as "ID[ ID] ID=text@key#index" and the like. */
static int note(void *ctx, struct json *js, int id, enum json_event ev,
    const char *text, size_t len, struct err *err)
{
	struct str *out = ctx;

	(void)err;
	if (ev == JSON_BEGIN)
		str_addf(out, "%d%s ", id, json_is_array(js) ? "[" : "{");
	else if (ev == JSON_END)
		str_addf(out, "%d. ", id);
	else if (ev == JSON_NULL)
		str_addf(out, "%d=null ", id);
	else
		str_addf(out, "%d=%s ", id, text);
	if (text != NULL)
		assert_int_equal(strlen(text), len);
	return 0;
}

static int run(const char *doc, size_t len, const struct json_want *wants,
    struct str *out, struct err *err)
{
	struct input *in = input_open_mem(doc, len, "doc");
	int rc = json_read(in, wants, note, out, err);

	input_close(in);
	return rc;
}

static const struct {
	const char *doc, *paths[4], *events;
} rows[] = {
	{ "{\"a\":1}", { "a" }, "1=1 " },
	{ "{\"a\":1}", { "" }, "1{ 1. " },
	{ "7", { "" }, "1=7 " },
	{ "{\"a\":{\"b\":\"x\"},\"b\":\"no\"}", { "a.b" }, "1=x " },
	{ "{\"a\":{\"b\":\"x\"}}", { "a", "a.b" }, "1{ 2=x 1. " },
	{ "{\"a\":[1,2]}", { "a[]", "a" }, "2[ 1=1 1=2 2. " },
	{ "{\"a\":[[1],[2,[3]]]}", { "a[][]" }, "1=1 1=2 1[ 1. " },
	{ "[{\"i\":1},{\"i\":2}]", { "[].i", "[]" }, "2{ 1=1 2. 2{ 1=2 2. " },
	/* the same path may be either */
	{ "{\"t\":\"dir\"}", { "t", "t.u" }, "1=dir " },
	{ "{\"t\":{\"u\":1}}", { "t", "t.u" }, "1{ 2=1 1. " },
	/* null, absent and empty */
	{ "{\"m\":null}", { "m[]", "m" }, "2=null " },
	{ "{\"m\":[]}", { "m[]", "m" }, "2[ 2. " },
	{ "{}", { "m[]", "m" }, "" },
	{ "{\"m\":[null]}", { "m[]" }, "1=null " },
	/* any key; a key of its own counts before it */
	{ "{\"m\":{\"x\":{\"v\":1},\"y\":{\"v\":2}}}", { "m.*.v" },
	    "1=1 1=2 " },
	{ "{\"x\":1,\"y\":2}", { "*", "y" }, "1=1 2=2 " },
	{ "{\"x\":{\"v\":1,\"w\":3},\"y\":{\"v\":2,\"w\":4}}",
	    { "*.v", "y.w" }, "1=1 1=2 2=4 " },
	{ "{\"a\":[[[{\"k\":1}]]],\"b\":{\"k\":2}}", { "a[][][].k" },
	    "1=1 " },
	/* a key that looks like a path is no path */
	{ "{\"a.b\":1,\"a[]\":2,\"a\":{\"b\":3}}", { "a.b" }, "1=3 " },
	/* values are their text */
	{ "[1e999,-0.0,9.80000000000000000000000001,123456789012345678901]",
	    { "[]" }, "1=1e999 1=-0.0 1=9.80000000000000000000000001"
	    " 1=123456789012345678901 " },
	{ "\r\n\t [ 0 , -0.5E-1 , 1e2 ] \n", { "[]" },
	    "1=0 1=-0.5E-1 1=1e2 " },
	{ "[\"\\b\\f\\n\\r\\t\\/\\\\\\\"\"]", { "[]" },
	    "1=\b\f\n\r\t/\\\" " },
	{ "[\"\x7f\"]", { "[]" }, "1=\x7f " },
	{ "-0", { "" }, "1=-0 " },
	{ "\"x\"", { "" }, "1=x " },
	{ "null", { "" }, "1=null " },
	{ "[true,false,null]", { "[]" }, "1=true 1=false 1=null " },
	{ "{\"\":1}", { "*" }, "1=1 " },
	/* escapes, in keys too */
	{ "{\"\\u0061\":\"\\u00e9\\n\\\"\\/\"}", { "a" },
	    "1=\xc3\xa9\n\"/ " },
	{ "[\"\\ud83d\\ude00\"]", { "[]" }, "1=\xf0\x9f\x98\x80 " },
	/* what no reader could use */
	{ "[\"a\\u0000b\"]", { "[]" }, "1=a\xe2\x90\x80" "b " },
	{ "[\"\\ud800\"]", { "[]" }, "1=\xef\xbf\xbd " },
	{ "[\"\\udc00x\"]", { "[]" }, "1=\xef\xbf\xbdx " },
	{ "[\"\\ud800\\ud83d\\ude00\"]", { "[]" },
	    "1=\xef\xbf\xbd\xf0\x9f\x98\x80 " },
	{ "[\"\\ud800\\n\"]", { "[]" }, "1=\xef\xbf\xbd\n " },
	{ "[\"\\\\ud800\\\\u0000\"]", { "[]" }, "1=\\ud800\\u0000 " },
	{ "{\"k\\u0000\":1}", { "k\xe2\x90\x80" }, "1=1 " },
};

static void wanted_values_come_in_document_order(void **st)
{
	(void)st;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct json_want wants[5] = { { NULL, 0 } };
		struct str out = STR_INIT;
		struct err err = ERR_INIT;

		for (int w = 0; w < 4 && rows[i].paths[w] != NULL; w++)
			wants[w] = (struct json_want){ rows[i].paths[w],
			    w + 1 };
		assert_ok(run(rows[i].doc, strlen(rows[i].doc), wants, &out,
		    &err), &err);
		if (strcmp(str_text(&out), rows[i].events) != 0)
			fail_msg("%s gives \"%s\"", rows[i].doc,
			    str_text(&out));
		str_free(&out);
	}
}

static void a_path_that_is_none_is_our_bug(void **st)
{
	static const char *const bad[] = { ".", "a..b", "a.", ".a", "a[" };

	(void)st;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct json_want wants[] = { { bad[i], 1 }, { NULL, 0 } };
		struct str out = STR_INIT;
		struct err err = ERR_INIT;

		assert_int_equal(run("{}", 2, wants, &out, &err), -1);
		assert_int_equal(err.kind, ERR_BUG);
	}
}

/* ---------------------------------------------------------------- refused */

static const struct {
	const char *doc, *says, *place;
	int line, byte;
} refused[] = {
	{ "", "empty file where JSON", "", 1, 0 },
	{ " \n\t", "empty file where JSON", "", 2, 3 },
	{ "x", "not valid JSON", "", 1, 0 },
	{ "{\"a\":1", "ends early, at depth 1", "/a", 1, 6 },
	{ "{\"a\":[1,\n2", "ends early, at depth 2", "/a/1", 2, 10 },
	{ "[\"abc", "ends early", "", 1, 5 },
	{ "tru", "ends early", "", 1, 3 },
	{ "[1,]", "expected a value, ',' or ']'", "/0", 1, 3 },
	{ "{\"a\":1,}", "expected a key", "/a", 1, 7 },
	{ "{a:1}", "not valid JSON", "", 1, 1 },
	{ "[01]", "not valid JSON", "/0", 1, 2 },
	{ "[.5]", "not valid JSON", "", 1, 1 },
	{ "[NaN]", "not valid JSON", "", 1, 1 },
	{ "[1 /* no */]", "not valid JSON", "/0", 1, 3 },
	{ "['a']", "not valid JSON", "", 1, 1 },
	{ "[-]", "not valid JSON", "", 1, 2 },
	{ "[1.]", "not valid JSON", "", 1, 3 },
	{ "[1e+]", "not valid JSON", "", 1, 4 },
	{ "[1.e3]", "not valid JSON", "", 1, 3 },
	{ "[+1]", "not valid JSON", "", 1, 1 },
	{ "[-01]", "not valid JSON", "/0", 1, 3 },
	{ "[tru]", "not valid JSON", "", 1, 4 },
	{ "[True]", "not valid JSON", "", 1, 1 },
	{ "[nullx]", "not valid JSON", "/0", 1, 5 },
	{ "[1 2]", "not valid JSON", "/0", 1, 3 },
	{ "[1,,2]", "not valid JSON", "/0", 1, 3 },
	{ "[,1]", "not valid JSON", "", 1, 1 },
	{ "{,}", "not valid JSON", "", 1, 1 },
	{ "[\xc3\xa9]", "not valid JSON", "", 1, 1 },
	{ "{\"a\"}", "not valid JSON", "/a", 1, 4 },
	{ "{\"a\":}", "not valid JSON", "/a", 1, 5 },
	{ "{\"a\":1 \"b\":2}", "not valid JSON", "/a", 1, 7 },
	{ "{\"a\" \"b\"}", "not valid JSON", "/a", 1, 5 },
	{ "{\"a\":1:2}", "not valid JSON", "/a", 1, 6 },
	{ "{1:2}", "not valid JSON", "", 1, 1 },
	{ "[1:2]", "not valid JSON", "/0", 1, 2 },
	{ "[}", "not valid JSON", "", 1, 1 },
	{ "{]", "not valid JSON", "", 1, 1 },
	{ "[1}", "not valid JSON", "/0", 1, 2 },
	{ "{\"a\":1]", "not valid JSON", "/a", 1, 6 },
	{ "]", "not valid JSON", "", 1, 0 },
	{ ",", "not valid JSON", "", 1, 0 },
	{ "1 2", "trailing garbage", "", 1, 2 },
	{ "-", "ends early", "", 1, 1 },
	{ "[\"\\", "ends early", "", 1, 3 },
	{ "[\"\\u00", "ends early", "", 1, 6 },
	{ "[\"a\tb\"]", "a control character", "", 1, 3 },
	{ "[1\x7f]", "not valid JSON", "/0", 1, 2 },
	{ "[\"a\nb\"]", "not valid JSON", "", 1, 3 },
	{ "[\"\\x\"]", "not valid JSON", "", 1, 3 },
	{ "[\"\\u12g4\"]", "not valid JSON", "", 1, 6 },
	{ "{} {}", "trailing garbage", "", 1, 3 },
	{ "{}\nlog line", "trailing garbage", "", 2, 3 },
	{ "{} \"abc", "trailing garbage", "", 1, 3 },
	{ "{}]", "trailing garbage", "", 1, 2 },
	{ "log\n{}", "not valid JSON", "", 1, 0 },
	/* no white space in JSON */
	{ "[\v1]", "a control character", "", 1, 1 },
	{ "[1,\n\f2]", "a control character", "/0", 2, 4 },
	{ "{\"a\":\"\f\v\"}", "a control character", "/a", 1, 6 },
	{ "[\"\\\v\"]", "not valid JSON", "", 1, 3 },
	/* UTF-8: overlong, surrogate, too high, alone, cut off */
	{ "[\"\xc0\x80\"]", "not valid UTF-8", "", 1, 2 },
	{ "[\"\xe0\x80\x80\"]", "not valid UTF-8", "", 1, 2 },
	{ "[\"\xf0\x80\x80\x80\"]", "not valid UTF-8", "", 1, 2 },
	{ "[\"\xf5\x80\x80\x80\"]", "not valid UTF-8", "", 1, 2 },
	{ "[\"\xed\xa0\x80\"]", "not valid UTF-8", "", 1, 2 },
	{ "[\"\xf4\x90\x80\x80\"]", "not valid UTF-8", "", 1, 2 },
	{ "[1,\n\"\x80\"]", "not valid UTF-8", "/0", 2, 5 },
	{ "[\"\xe2\x82", "not valid UTF-8", "", 1, 2 },
	{ "{\"a\":{\"\xff\":1}}", "not valid UTF-8", "/a", 1, 7 },
	/* twice the same key, wanted or not */
	{ "{\"a\":1,\"a\":2}", "\"a\" is there twice", "/a", 1, 9 },
	{ "{\"a\":1,\"\\u0061\":2}", "\"a\" is there twice", "/a", 1, 14 },
	{ "{\"x\":[{\"y\":1,\n\"y\":1}]}", "\"y\" is there twice",
	    "/x/0/y", 2, 16 },
	{ "{\"\":1,\"\":2}", "\"\" is there twice", "/", 1, 7 },
	{ "{\"a/~\":[0,{\"b\":!}]}", "not valid JSON", "/a~1~0/1/b", 1, 15 },
};

static void what_is_not_json_is_refused_with_its_place(void **st)
{
	static const struct json_want wants[] = { { "a", 1 }, { NULL, 0 } };

	(void)st;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct str out = STR_INIT;
		struct err err = ERR_INIT;
		const char *doc = refused[i].doc;

		if (run(doc, strlen(doc), wants, &out, &err) == 0)
			fail_msg("accepted: %s", doc);
		if (!str_contains(err.text, refused[i].says) ||
		    !str_eq(err.place, refused[i].place) ||
		    err.line != refused[i].line ||
		    err.byte != refused[i].byte || err.kind != ERR_INPUT ||
		    !str_eq(err.file, "doc"))
			fail_msg("%s: %s:%d: byte %d: \"%s\": %s", doc,
			    err.file, (int)err.line, (int)err.byte, err.place,
			    err.text);
		str_free(&out);
	}
}

static void equal_keys_in_different_objects_are_no_duplicates(void **st)
{
	static const struct json_want wants[] = { { "[].a", 1 }, { NULL, 0 } };
	static const char doc[] = "[{\"a\":{\"a\":{\"a\":1}}},{\"a\":2}]";
	struct str out = STR_INIT;
	struct err err = ERR_INIT;

	(void)st;
	assert_ok(run(doc, sizeof(doc) - 1, wants, &out, &err), &err);
	assert_string_equal(str_text(&out), "1{ 1. 1=2 ");
	str_free(&out);
}

/* Objects with many keys inside one another, the last key of the innermost
 * and then of the outermost one twice: the table is right all the way. */
static void duplicates_are_found_among_many_keys(void **st)
{
	static const struct json_want wants[] = { { "no", 1 }, { NULL, 0 } };

	(void)st;
	for (int twice = 0; twice <= 2; twice++) {
		struct str doc = STR_INIT, out = STR_INIT;
		struct err err = ERR_INIT;

		str_add(&doc, "{");
		for (int i = 0; i < 5000; i++) {
			str_addf(&doc, "\"k%d\":{", i);
			for (int j = 0; i % 100 == 0 && j < 300; j++)
				str_addf(&doc, "\"k%d\":0,", j);
			str_addf(&doc, "\"%s\":0},",
			    i == 4900 && twice == 1 ? "k7" : "last");
		}
		str_addf(&doc, "\"%s\":0}", twice == 2 ? "k4711" : "last");
		assert_int_equal(run(doc.s, doc.len, wants, &out, &err),
		    twice == 0 ? 0 : -1);
		if (twice > 0)
			assert_non_null(strstr(err.text, "twice"));
		assert_string_equal(err.place, twice == 1 ? "/k4900/k7" :
		    twice == 2 ? "/k4711" : "");
		str_free(&doc);
		str_free(&out);
	}
}

/* ------------------------------------------------------------------- caps */

static void add_many(struct str *s, size_t n, char c)
{
	char *fill = mem_alloc(n + 1);

	memset(fill, c, n);
	str_addn(s, fill, n);
	free(fill);
}

/* head, n times c, tail: how it ends. */
static void capped(const char *head, size_t n, char c, const char *tail,
    const char *says)
{
	static const struct json_want wants[] = { { "a", 1 }, { NULL, 0 } };
	struct str doc = STR_INIT, out = STR_INIT;
	struct err err = ERR_INIT;
	int rc;

	str_add(&doc, head);
	add_many(&doc, n, c);
	str_add(&doc, tail);
	rc = run(doc.s, doc.len, wants, &out, &err);
	if (says == NULL && rc < 0)
		fail_msg("refused: %s", err.text);
	if (says != NULL && (rc == 0 || !str_contains(err.text, says)))
		fail_msg("expected \"%s\", got \"%s\"", says, err.text);
	str_free(&doc);
	str_free(&out);
}

static void depth_is_capped(void **st)
{
	struct str close = STR_INIT;

	(void)st;
	add_many(&close, (size_t)cap(CAP_JSON_DEPTH), ']');
	capped("", (size_t)cap(CAP_JSON_DEPTH), '[', close.s, NULL);
	capped("", (size_t)cap(CAP_JSON_DEPTH) + 1, '[', close.s, "the limit is 200 levels");
	capped("", 1000000, '[', "", "the limit is 200 levels");
	str_free(&close);
}

static void lengths_are_capped(void **st)
{
	(void)st;
	capped("{\"", (size_t)cap(CAP_JSON_KEY), 'k', "\":1}", NULL);
	capped("{\"", (size_t)cap(CAP_JSON_KEY) + 1, 'k', "\":1}", "a key of 65537 bytes");
	capped("{\"a\":\"", (size_t)cap(CAP_JSON_VALUE), 'v', "\"}", NULL);
	capped("{\"a\":\"", (size_t)cap(CAP_JSON_VALUE) + 1, 'v', "\"}",
	    "a value of 16777217 bytes");
	capped("{\"b\":\"", (size_t)cap(CAP_JSON_VALUE) + 1, 'v', "\"}",
	    "a value of 16777217 bytes");
	capped("{\"a\":", (size_t)cap(CAP_JSON_VALUE) + 1, '1', "}",
	    "a value of 16777217 bytes");
	/* Long before it ends: memory is bounded. */
	capped("{\"a\":\"", 3 * (size_t)cap(CAP_JSON_VALUE), 'v', "", "a value of more than");
	capped("{}", 3 * (size_t)cap(CAP_JSON_VALUE), ' ', "\n", NULL);
}

static void the_number_of_open_keys_is_capped(void **st)
{
	static const struct json_want wants[] = { { "a", 1 }, { NULL, 0 } };

	(void)st;
	for (int over = 0; over <= 1; over++) {
		struct str doc = STR_INIT, out = STR_INIT;
		struct err err = ERR_INIT;

		str_add(&doc, "{\"0\":0");
		for (int i = 1; i < cap(CAP_JSON_KEYS) + over; i++)
			str_addf(&doc, ",\"%x\":0", i);
		str_add(&doc, "}");
		assert_int_equal(run(doc.s, doc.len, wants, &out, &err),
		    -over);
		if (over)
			assert_non_null(strstr(err.text, "too many keys"));
		str_free(&doc);
		str_free(&out);
	}
}

static void the_length_of_all_open_keys_is_capped(void **st)
{
	static const struct json_want wants[] = { { "a", 1 }, { NULL, 0 } };
	const int fit = (int)(cap(CAP_JSON_KEYS_BYTES) /
	    (cap(CAP_JSON_KEY) + 1));

	(void)st;
	for (int over = 0; over <= 1; over++) {
		struct str doc = STR_INIT, out = STR_INIT;
		struct err err = ERR_INIT;

		str_add(&doc, "{\"\":0");
		for (int i = 0; i < fit + over; i++) {
			str_addf(&doc, ",\"%06d", i);
			add_many(&doc, (size_t)cap(CAP_JSON_KEY) - 6, 'k');
			str_add(&doc, "\":0");
		}
		str_add(&doc, "}");
		assert_int_equal(run(doc.s, doc.len, wants, &out, &err),
		    -over);
		if (over)
			assert_non_null(strstr(err.text, "--cap json-keys-bytes=N"));
		str_free(&doc);
		str_free(&out);
	}
}

/* ----------------------------------------------------------------- places */

static int complain(void *ctx, struct json *js, int id, enum json_event ev,
    const char *text, size_t len, struct err *err)
{
	struct str at = STR_INIT;

	(void)ctx;
	(void)len;
	if (ev == JSON_STRING && str_eq(text, "store"))
		return err_set(err, ERR_STORE, "disk full");
	if (id != 2)
		return 0;
	json_pointer(js, &at);
	assert_string_equal(at.s, "/m/1/v");
	assert_string_equal(json_key(js), "v");
	assert_int_equal(json_index(js), 1);
	str_free(&at);
	return json_bad(js, err, "a %s where a number was expected", text);
}

static int complain_about(const char *doc, struct err *err)
{
	static const struct json_want wants[] = {
		{ "m[]", 1 }, { "m[].v", 2 }, { "s", 3 }, { NULL, 0 }
	};
	struct input *in = input_open_mem(doc, strlen(doc), "doc");
	int rc = json_read(in, wants, complain, NULL, err);

	input_close(in);
	return rc;
}

static void a_reader_refuses_with_pointer_line_and_byte(void **st)
{
	struct err err = ERR_INIT;

	(void)st;
	assert_int_equal(complain_about("{\"m\":[{},\n{\"v\":\"x\"}]}", &err),
	    -1);
	assert_string_equal(err.text, "a x where a number was expected");
	assert_string_equal(err.place, "/m/1/v");
	assert_int_equal(err.line, 2);
	assert_int_equal(err.byte, 17);
}

static void a_failure_of_ours_has_no_place_in_the_document(void **st)
{
	struct err err = ERR_INIT;

	(void)st;
	assert_int_equal(complain_about("{\"s\":\"store\"}", &err), -1);
	assert_int_equal(err.kind, ERR_STORE);
	assert_string_equal(err.place, "");
	assert_int_equal(err.line, 0);
}

/* ----------------------------------------------------------------- pieces */

/* A long string, then an error far behind it: pieces are joined without
 * losing count, whatever their size. */
static void places_are_right_far_into_a_document(void **st)
{
	static const struct json_want wants[] = { { "a", 1 }, { NULL, 0 } };
	struct str doc = STR_INIT, out = STR_INIT;
	struct err err = ERR_INIT;

	(void)st;
	str_add(&doc, "{\n\"a\":\"");
	add_many(&doc, 3000000, 'v');
	str_add(&doc, "\",\n\n");
	add_many(&doc, 1000000, '\n');
	str_add(&doc, "!}");
	assert_int_equal(run(doc.s, doc.len, wants, &out, &err), -1);
	assert_int_equal(err.byte, doc.len - 2);
	assert_int_equal(err.line, 1000004);
	assert_int_equal(out.len, 3000000 + 3);
	str_free(&doc);
	str_free(&out);
}

/* What a document gives behind so many blanks, or why it is refused. */
static void outcome(const char *doc, size_t blanks, struct str *out)
{
	static const struct json_want wants[] = {
		{ "", 1 }, { "[]", 2 }, { "*", 3 }, { "*[]", 4 },
		{ "*.*", 5 }, { NULL, 0 }
	};
	struct str text = STR_INIT;
	struct err err = ERR_INIT;

	add_many(&text, blanks, ' ');
	str_add(&text, doc);
	if (run(text.s, text.len, wants, out, &err) < 0)
		str_addf(out, "%s: \"%s\", %d:%d", err.text, err.place,
		    (int)err.line, (int)err.byte - (int)blanks);
	str_free(&text);
}

/* A file comes in blocks: cut at every place by the end of the first, a
 * document gives the same, or is refused for the same at the same place. */
static void cut_anywhere(const char *doc)
{
	enum { BLOCK = 256 * 1024 };
	struct str want = STR_INIT;

	outcome(doc, 0, &want);
	for (size_t cut = 1; cut < strlen(doc); cut++) {
		struct str got = STR_INIT;

		outcome(doc, BLOCK - cut, &got);
		if (strcmp(str_text(&got), str_text(&want)) != 0)
			fail_msg("%s, cut at %zu: %s, not %s", doc, cut,
			    str_text(&got), str_text(&want));
		str_free(&got);
	}
	str_free(&want);
}

static void a_block_may_end_anywhere(void **st)
{
	(void)st;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cut_anywhere(rows[i].doc);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		cut_anywhere(refused[i].doc);
}

/* A string of more than one block, with an escape and a long character on
 * each side of every border. */
static void a_token_may_span_blocks(void **st)
{
	static const struct json_want wants[] = { { "a", 1 }, { NULL, 0 } };
	static const char piece[] = "\xe2\x82\xac\\u20ac\\n";
	static const char says[] = "\xe2\x82\xac\xe2\x82\xac\n";

	(void)st;
	for (size_t shift = 0; shift < sizeof(piece); shift++) {
		struct str doc = STR_INIT, want = STR_INIT, got = STR_INIT;
		struct err err = ERR_INIT;

		add_many(&doc, shift, ' ');
		str_add(&doc, "{\"a\":\"");
		str_add(&want, "1=");
		for (size_t i = 0; i < 100000; i++) {
			str_add(&doc, piece);
			str_add(&want, says);
		}
		str_add(&doc, "\"}");
		str_add(&want, " ");
		assert_ok(run(doc.s, doc.len, wants, &got, &err), &err);
		assert_true(strcmp(got.s, want.s) == 0);
		str_free(&doc);
		str_free(&want);
		str_free(&got);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wanted_values_come_in_document_order),
		cmocka_unit_test(a_path_that_is_none_is_our_bug),
		cmocka_unit_test(what_is_not_json_is_refused_with_its_place),
		cmocka_unit_test(
		    equal_keys_in_different_objects_are_no_duplicates),
		cmocka_unit_test(duplicates_are_found_among_many_keys),
		cmocka_unit_test(depth_is_capped),
		cmocka_unit_test(lengths_are_capped),
		cmocka_unit_test(the_number_of_open_keys_is_capped),
		cmocka_unit_test(the_length_of_all_open_keys_is_capped),
		cmocka_unit_test(a_reader_refuses_with_pointer_line_and_byte),
		cmocka_unit_test(
		    a_failure_of_ours_has_no_place_in_the_document),
		cmocka_unit_test(places_are_right_far_into_a_document),
		cmocka_unit_test(a_block_may_end_anywhere),
		cmocka_unit_test(a_token_may_span_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
