/* test_yaml.c - YAML to trees: what a scalar means, what is refused. */
#include <stdlib.h>

#include "test.h"
#include "muster/cap.h"
#include "muster/input.h"
#include "muster/yaml.h"

/* A document as one line: maps {k:v,}, lists [v,], kinds by a letter. */
static void print(const struct node *n, struct str *out)
{
	static const char letters[] = "~bns";

	if (n == NULL) {
		str_add(out, "nothing");
		return;
	}
	if (n->kind != NODE_MAP && n->kind != NODE_LIST) {
		str_addf(out, "%c%s", letters[n->kind],
		    n->text != NULL ? n->text : "");
		return;
	}
	str_addc(out, n->kind == NODE_MAP ? '{' : '[');
	NODE_EACH(c, n) {
		if (c->key != NULL)
			str_addf(out, "%s:", c->key);
		print(c, out);
		str_addc(out, ',');
	}
	str_addc(out, n->kind == NODE_MAP ? '}' : ']');
}

static int collect(void *ctx, const struct tree *t, int doc, struct err *err)
{
	struct str *out = ctx;

	(void)err;
	str_addf(out, "%d:", doc);
	print(tree_root(t), out);
	str_addc(out, ' ');
	return 0;
}

static int parse(const char *text, size_t len, struct str *out,
    struct err *err)
{
	struct input *in = input_open_mem(text, len, "t.yaml");
	int rc = yaml_read(in, collect, out, err);

	input_close(in);
	return rc;
}

struct row {
	const char *says, *text, *tree;
};

static const struct row good[] = {
	{ "booleans are those of YAML 1.1",
	  "[yes, On, TRUE, no, off, y, 'yes', !!str on]",
	  "1:[btrue,btrue,btrue,bfalse,bfalse,sy,syes,son,] " },
	{ "integers come in decimal, what only looks like one is text",
	  "[10, 0x10, 0644, 0b11, 1_000, -5, 0o22, 22:22, 1a]",
	  "1:[n10,n16,n420,n3,n1000,n-5,s0o22,s22:22,s1a,] " },
	{ "numbers and nulls", "[1.5, 1e3, .5, ~, null, '', !!int 7, .]",
	  "1:[n1.5,n1e3,n.5,~,~,s,n7,s.,] " },
	{ "an alias is a copy", "{a: &x {b: 1}, c: *x}",
	  "1:{a:{b:n1,},c:{b:n1,},} " },
	{ "a merge gives way to the map's own keys, wherever they stand",
	  "a: &x {p: 1, q: 2}\nb:\n  p: 3\n  <<: *x\n",
	  "1:{a:{p:n1,q:n2,},b:{p:n3,q:n2,},} " },
	{ "of several merges the first wins",
	  "a: &x {p: 1}\nb: &y {p: 2, q: 3}\nc: {<<: [*x, *y]}\n",
	  "1:{a:{p:n1,},b:{p:n2,q:n3,},c:{<<:[{p:n1,},{p:n2,q:n3,},],"
	  "p:n1,q:n3,},} " },
	{ "a quoted merge key is a key", "{'<<': 1}", "1:{<<:n1,} " },
	{ "documents are counted, empty ones too",
	  "a: 1\n---\n# none\n---\nb: 2\n...\n---\nc: 3\n",
	  "1:{a:n1,} 2:nothing 3:{b:n2,} 4:{c:n3,} " },
	{ "a later anchor of a name replaces the first",
	  "[&a 1, &a 2, *a]", "1:[n1,n2,n2,] " },
	{ "anchors end with their document", "&a x\n---\n&a y\n",
	  "1:sx 2:sy " },
	{ "CRLF and a BOM are no content",
	  "\xef\xbb\xbf" "a: 1\r\nb: x\r\n", "1:{a:n1,b:sx,} " },
	{ "an escaped NUL becomes a visible one", "\"a\\0b\"",
	  "1:sa\xe2\x90\x80" "b " },
	{ "a template's mark inside a string is text", "a: '{{ x }}'",
	  "1:{a:s{{ x }},} " },
};

struct refusal {
	const char	*says, *text, *part;
	int64_t		 line;
};

static const struct refusal bad[] = {
	{ "a duplicate key", "a: 1\nb: 2\na: 3\n", "\"a\" appears twice", 3 },
	{ "a duplicate key spelled by escapes", "{\"a\": 1, \"\\x61\": 2}",
	  "appears twice", 1 },
	{ "two merges", "a: &x {}\nb:\n  <<: *x\n  <<: *x\n",
	  "appears twice", 4 },
	{ "a tab", "a:\n\tb: 1\n", "not valid YAML", 2 },
	{ "an open quote", "a: 1\nb: \"x\n", "not valid YAML", 3 },
	{ "an unknown tag", "a: !ruby/object x\n", "tag", 1 },
	{ "an unknown tag of a map", "a: !!set {x}\n", "tag", 1 },
	{ "a value that does not fit its tag", "!!int x", "tag", 1 },
	{ "an unknown alias", "a: 1\nb: *c\n", "alias", 2 },
	{ "an alias to itself", "a: &a [*a]\n", "inside of", 1 },
	{ "a merge of itself, deeper down", "a: &a {x: {<<: *a}}\n",
	  "inside of", 1 },
	{ "a merge of a scalar", "a: {<<: x}\n", "no map", 1 },
	{ "a map as a key", "? {a: 1}\n: x\n", "as a key", 1 },
	{ "a template as a value", "a: 1\nb: {{ .x }}\n",
	  "unrendered template", 2 },
	{ "a template's condition", "a: 1\n{{- if .x }}\nb: 2\n{{- end }}\n",
	  "unrendered template", 2 },
	{ "a template in an item", "a:\n- {{ .x }}\n", "unrendered template",
	  2 },
	{ "bytes that are no UTF-8", "a: \xff\xfe\n", "", 0 },
	{ "control characters", "a: \x01\n", "not valid YAML", 0 },
};

static void reads(void **state)
{
	const struct row *r = *state;
	struct err err = ERR_INIT;
	struct str out = STR_INIT;

	assert_ok(parse(r->text, strlen(r->text), &out, &err), &err);
	assert_string_equal(str_text(&out), r->tree);
	str_free(&out);
}

static void refuses(void **state)
{
	const struct refusal *r = *state;
	struct err err = ERR_INIT;
	struct str out = STR_INIT;

	assert_int_equal(parse(r->text, strlen(r->text), &out, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_non_null(strstr(err.text, r->part));
	if (r->line != 0)
		assert_int_equal(err.line, r->line);
	str_free(&out);
}

static void refuse(struct str *text, const char *part)
{
	struct err err = ERR_INIT;
	struct str out = STR_INIT;

	assert_int_equal(parse(text->s, text->len, &out, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_non_null(strstr(err.text, part));
	assert_true(err.line > 0);
	str_free(&out);
	str_clear(text);
}

static void repeat(struct str *to, const char *text, size_t n)
{
	while (n-- > 0)
		str_add(to, text);
}

static void caps_hold(void **state)
{
	struct str text = STR_INIT, out = STR_INIT;
	struct err err = ERR_INIT;

	(void)state;
	repeat(&text, "[", (size_t)cap(CAP_YAML_DEPTH));
	repeat(&text, "]", (size_t)cap(CAP_YAML_DEPTH));
	assert_ok(parse(text.s, text.len, &out, &err), &err);
	str_clear(&text);
	repeat(&text, "[", (size_t)cap(CAP_YAML_DEPTH) + 1);
	refuse(&text, "deep");

	str_add(&text, "a: ");
	repeat(&text, "x", (size_t)cap(CAP_YAML_SCALAR));
	assert_ok(parse(text.s, text.len, &out, &err), &err);
	str_addc(&text, 'x');
	refuse(&text, "scalar");
	str_add(&text, "a: \"");
	repeat(&text, "xxxxxxxxxxxxxxxx", 2 * (size_t)cap(CAP_YAML_SCALAR));
	refuse(&text, "scalar");

	str_add(&text, "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
	for (int i = 1; i < 10; i++) {
		str_addf(&text, "a%d: &a%d [", i, i);
		for (int j = 0; j < 10; j++)
			str_addf(&text, "*a%d,", i - 1);
		str_add(&text, "]\n");
	}
	refuse(&text, "aliases expanded");
	str_free(&text);
	str_free(&out);
}

static int stop(void *ctx, const struct tree *t, int doc, struct err *err)
{
	(void)ctx;
	(void)t;
	return doc < 2 ? 0 : err_set(err, ERR_INPUT, "enough");
}

static void the_caller_may_stop(void **state)
{
	struct err err = ERR_INIT;
	struct input *in = input_open_mem("a\n---\nb\n---\n[", 13, "t.yaml");

	(void)state;
	assert_int_equal(yaml_read(in, stop, NULL, &err), -1);
	assert_string_equal(err.text, "enough");
	input_close(in);
}

int main(void)
{
	struct CMUnitTest tests[64] = {
		cmocka_unit_test(caps_hold),
		cmocka_unit_test(the_caller_may_stop),
	};
	size_t n = 2;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		tests[n++] = (struct CMUnitTest){ .name = good[i].says,
		    .test_func = reads,
		    .initial_state = (void *)(uintptr_t)&good[i] };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		tests[n++] = (struct CMUnitTest){ .name = bad[i].says,
		    .test_func = refuses,
		    .initial_state = (void *)(uintptr_t)&bad[i] };
	return _cmocka_run_group_tests("yaml", tests, n, NULL, NULL);
}
