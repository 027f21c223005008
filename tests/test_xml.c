/* test_xml.c - what the XML reader says, refuses, and where. */
#include <stdlib.h>

#include "test.h"
#include "muster/cap.h"
#include "muster/input.h"
#include "muster/mem.h"
#include "muster/xml.h"

/* A handler that writes down what it hears: "PATH{ns}(a=value)" at a start,
 * "=text" at an end.  Elements called own and all want their text. */
struct heard {
	struct str	text;
	int		starts;
	const char	*refuse;	/* fail at the start of this one */
	const char	*refuse_end;
};

static int start(void *ctx, struct xml *x, const char *ns, const char *name,
    struct err *err)
{
	struct heard *h = ctx;
	const char *a = xml_attr(x, "a"), *b = xml_attr(x, "b");

	h->starts++;
	xml_path(x, &h->text);
	if (ns[0] != '\0')
		str_addf(&h->text, "{%s}", ns);
	if (a != NULL)
		str_addf(&h->text, "(a=%s)", a);
	if (b != NULL)
		str_addf(&h->text, "(b=%s)", b);
	str_addc(&h->text, ' ');
	if (str_eq(name, "own"))
		xml_want_text(x);
	if (str_eq(name, "all"))
		xml_want_all_text(x);
	if (str_eq(name, h->refuse))
		return xml_bad(x, err, "no %s here", name);
	return 0;
}

static int end(void *ctx, struct xml *x, const char *ns, const char *name,
    const char *text, size_t len, struct err *err)
{
	struct heard *h = ctx;

	(void)ns;
	assert_int_equal(len, strlen(text));
	if (len > 0)
		str_addf(&h->text, "=[%s] ", text);
	if (str_eq(name, h->refuse_end))
		return xml_bad(x, err, "no end of %s", name);
	return 0;
}

static int hear(struct heard *h, const char *bytes, size_t len,
    struct err *err)
{
	static const struct xml_handler handler = { start, end };
	struct input *in = input_open_mem(bytes, len, "test.xml");
	int rc = xml_read(in, &handler, h, err);

	input_close(in);
	return rc;
}

static const struct good {
	const char	*says, *document, *heard;
} goods[] = {
	{ "paths_count_siblings_of_one_name",
	    "<r><a/><b/><a><c/></a></r>", "/r /r/a[1] /r/b[1] /r/a[2] "
	    "/r/a[2]/c[1] " },
	{ "prefixes_are_resolved",
	    "<x:r xmlns:x='u' xmlns='v'><s x:a='1' a='2'/></x:r>",
	    "/r{u} /r/s[1]{v}(a=2) " },
	{ "an_attribute_of_a_namespace_is_not_the_plain_one",
	    "<r xmlns:x='u' x:a='1'/>", "/r " },
	{ "attributes_are_unescaped_once",
	    "<r a='&amp;lt;&#38;#60;&lt;&quot;&#x41;' b='&amp;'/>",
	    "/r(a=&lt;&#60;<\"A)(b=&) " },
	{ "a_greater_than_in_an_attribute_ends_nothing",
	    "<r a='1>2' b=\"'>'\"><s/></r>", "/r(a=1>2)(b='>') /r/s[1] " },
	{ "own_text_leaves_out_children",
	    "<own>a<b>no</b>c&amp;<![CDATA[<d>]]></own>",
	    "/own /own/b[1] =[ac&<d>] " },
	{ "all_text_has_that_of_children",
	    "<all>a<b>yes<own>o</own></b>c</all>",
	    "/all /all/b[1] /all/b[1]/own[1] =[o] =[ayesoc] " },
	{ "text_nobody_asked_for_is_not_kept",
	    "<r>lots<own/>more</r>", "/r /r/own[1] " },
	{ "comments_and_instructions_are_skipped",
	    "<?xml version='1.0'?><?p x?><!-- <x> --><r/><!-- y -->", "/r " },
	{ "markup_in_comments_and_cdata_is_not_markup",
	    "<?p <!DOCTYPE ?><!-- <!DOCTYPE > ' --><own><![CDATA[<!DOCTYPE>"
	    "]]]]>&gt;<!---->x</own>", "/own =[<!DOCTYPE>]]>x] " },
	{ "a_tag_may_have_line_breaks",
	    "<r\n a\n=\n'x'\n></r\n>", "/r(a=x) " },
	{ "utf8_is_utf8", "<own a='\xc3\xa9'>\xe2\x82\xac</own>",
	    "/own(a=\xc3\xa9) =[\xe2\x82\xac] " },
	{ "latin1_is_converted", "<?xml version='1.0' "
	    "encoding='ISO-8859-1'?><own a='\xe9'>caf\xe9</own>",
	    "/own(a=\xc3\xa9) =[caf\xc3\xa9] " },
	{ "a_windows_code_page_is_converted", "<?xml version='1.0' "
	    "encoding='windows-1252'?><own>\x80</own>",
	    "/own =[\xe2\x82\xac] " },
	{ "a_byte_order_mark_beats_the_declaration", "\xef\xbb\xbf<?xml "
	    "version='1.0' encoding='ISO-8859-1'?><own>\xc3\xa9</own>",
	    "/own =[\xc3\xa9] " },
};

static void is_heard(void **state)
{
	const struct good *g = *state;
	struct heard h = { .text = STR_INIT };
	struct err err = ERR_INIT;

	assert_ok(hear(&h, g->document, strlen(g->document), &err), &err);
	assert_string_equal(str_text(&h.text), g->heard);
	str_free(&h.text);
}

static const struct bad {
	const char	*says, *document, *text;
	int64_t		 line, byte;	/* byte < 0: not checked */
	const char	*place;
} bads[] = {
	{ "a_doctype_is_refused", "<?xml version='1.0'?>\n<!DOCTYPE r>\n<r/>",
	    "a DOCTYPE is not accepted", 2, 24, "" },
	{ "a_doctype_inside_the_root_is_refused", "<r>\n<!DOCTYPE r></r>",
	    "a DOCTYPE is not accepted", 2, 6, "/r" },
	{ "an_entity_is_not_known", "<r>\n<s>&b;</s></r>",
	    "Entity 'b' not defined", 2, -1, "/r/s[1]" },
	{ "tags_must_match", "<r>\n<s>\n</r>", "tag mismatch", 3, -1,
	    "/r/s[1]" },
	{ "a_prefix_must_be_bound", "<r><x:s/></r>", "prefix x on s", 1, -1,
	    NULL },
	{ "an_attribute_twice", "<r a='1' a='2'/>", "redefined", 1, -1, "" },
	{ "an_empty_file", "", "an empty file", 0, -1, "" },
	{ "only_white_space", " \n ", "no element", 2, -1, "" },
	{ "only_a_declaration", "<?xml version='1.0'?>", "no element", 1, -1,
	    "" },
	{ "text_before_the_root", "log line\n<r/>", "does not begin with",
	    1, -1, "" },
	{ "two_roots", "<r/>\n<r/>", "Extra content", 2, -1, "" },
	{ "cut_in_an_element", "<r>\n<s>text", "ends early, inside an element",
	    2, -1, "/r/s[1]" },
	{ "cut_in_a_tag", "<r ><s/>\n<s a='1", "ends early, inside a tag", 2,
	    16, "/r" },
	{ "cut_after_less_than", "<r ><s/><", "ends early, inside a tag", 1,
	    9, "/r" },
	{ "cut_in_a_comment", "<r><!-- ", "inside a comment", 1, -1, "/r" },
	{ "cut_in_cdata", "<r><![CDATA[ ", "inside a CDATA", 1, -1, "/r" },
	{ "cut_in_an_instruction", "<r><?p ", "inside an instruction", 1, -1,
	    "/r" },
	{ "invalid_utf8", "<r>\n\xc0\xbc</r>", "not proper UTF-8", 2, -1,
	    "/r" },
	{ "an_unknown_encoding", "<?xml version='1.0' encoding='UTF-7'?><r/>",
	    "the encoding \"UTF-7\" is not read", 1, -1, "" },
	{ "an_encoding_like_a_known_one",
	    "<?xml version='1.0' encoding='ISO-8859-99'?><r/>",
	    "the encoding \"ISO-8859-99\" is not known", 1, 0, "" },
	{ "ebcdic", "\x4c\x6f\xa7\x94\x93", "an encoding that is not read", 1,
	    -1, "" },
	{ "a_handler_refuses", "<r>\n <s/>\n <no/></r>", "no no here", 3, -1,
	    "/r/no[1]" },
	{ "a_handler_refuses_an_end", "<r><s/>\n<bad/></r>", "no end of bad",
	    2, -1, "/r/bad[1]" },
};

static void is_refused(void **state)
{
	const struct bad *b = *state;
	struct heard h = { STR_INIT, 0, "no", "bad" };
	struct err err = ERR_INIT;

	assert_int_equal(hear(&h, b->document, strlen(b->document), &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	if (strstr(err.text, b->text) == NULL)
		err_print(&err, "test", stderr);
	assert_non_null(strstr(err.text, b->text));
	assert_string_equal(err.file, "test.xml");
	assert_int_equal(err.line, b->line);
	if (b->byte >= 0)
		assert_int_equal(err.byte, b->byte);
	if (b->place != NULL)
		assert_string_equal(err.place, b->place);
	str_free(&h.text);
}

/* A document of n times part between before and after. */
static int repeated(struct heard *h, const char *before, const char *part,
    size_t n, const char *after, struct err *err)
{
	struct str doc = STR_INIT;
	int rc;

	*err = (struct err)ERR_INIT;
	h->starts = 0;
	str_clear(&h->text);
	str_add(&doc, before);
	for (size_t i = 0; i < n; i++)
		str_add(&doc, part);
	str_add(&doc, after);
	rc = hear(h, doc.s, doc.len, err);
	str_free(&doc);
	return rc;
}

#define REFUSED(call, part) do {					\
	assert_int_equal((call), -1);					\
	assert_int_equal(err.kind, ERR_INPUT);				\
	assert_non_null(strstr(err.text, (part)));			\
} while (0)

static void depth_is_capped(void **state)
{
	struct heard h = { .text = STR_INIT };
	struct str closing = STR_INIT;
	struct err err;

	(void)state;
	for (int i = 0; i < (int)cap(CAP_XML_DEPTH); i++)
		str_add(&closing, "</a>");
	assert_ok(repeated(&h, "", "<a>", (int)cap(CAP_XML_DEPTH), closing.s, &err),
	    &err);
	assert_int_equal(h.starts, (int)cap(CAP_XML_DEPTH));
	str_add(&closing, "</a>");
	REFUSED(repeated(&h, "", "<a>", (int)cap(CAP_XML_DEPTH) + 1, closing.s, &err),
	    "the limit is 256 levels");
	assert_int_equal(h.starts, (int)cap(CAP_XML_DEPTH));
	str_free(&closing);
	str_free(&h.text);
}

/* Distinct names: a b0000001='' ... */
static void attributes(struct str *doc, int n)
{
	str_clear(doc);
	str_add(doc, "<r ><s/><s");
	for (int i = 0; i < n; i++)
		str_addf(doc, " n%d='='", i);
	str_add(doc, "/></r>");
}

static void attributes_of_a_tag_are_capped(void **state)
{
	struct heard h = { .text = STR_INIT };
	struct str doc = STR_INIT;
	struct err err = ERR_INIT;

	(void)state;
	attributes(&doc, (int)cap(CAP_XML_ATTRIBUTES));
	assert_ok(hear(&h, doc.s, doc.len, &err), &err);
	attributes(&doc, (int)cap(CAP_XML_ATTRIBUTES) + 1);
	REFUSED(hear(&h, doc.s, doc.len, &err), "the limit is 1000 attributes");
	assert_string_equal(err.place, "/r");
	str_free(&doc);
	str_free(&h.text);
}

static void bytes_of_a_tag_are_capped(void **state)
{
	struct heard h = { .text = STR_INIT };
	struct err err;

	(void)state;
	assert_ok(repeated(&h, "<r a='", "x", (size_t)cap(CAP_XML_TAG) - 20, "'/>", &err),
	    &err);
	REFUSED(repeated(&h, "<r a='", "x", (size_t)cap(CAP_XML_TAG), "'/>", &err),
	    "the limit is 1 MiB");
	/* a name is part of a tag, a tag without end as well */
	REFUSED(repeated(&h, "<r><", "x", (size_t)cap(CAP_XML_TAG) + 9, "", &err),
	    "the limit is 1 MiB");
	str_free(&h.text);
}

static void comments_are_capped_and_text_is_not(void **state)
{
	struct heard h = { .text = STR_INIT };
	struct err err;

	(void)state;
	assert_ok(repeated(&h, "<r><!--", "x ", (size_t)cap(CAP_XML_QUIET) / 2 - 100,
	    "--></r>", &err), &err);
	REFUSED(repeated(&h, "<r><!--", "x ", (size_t)cap(CAP_XML_QUIET) / 2, "--></r>",
	    &err), "the limit is 9000000 bytes");
	REFUSED(repeated(&h, "<r><![CDATA[", "x ", (size_t)cap(CAP_XML_QUIET) / 2,
	    "]]></r>", &err), "the limit is 9000000 bytes");
	REFUSED(repeated(&h, "<r><?p ", "x ", (size_t)cap(CAP_XML_QUIET) / 2, "?></r>",
	    &err), "the limit is 9000000 bytes");
	assert_ok(repeated(&h, "<r>", "text ", (size_t)cap(CAP_XML_TEXT) / 4, "</r>",
	    &err), &err);
	str_free(&h.text);
}

static void collected_text_is_capped(void **state)
{
	struct heard h = { .text = STR_INIT };
	struct err err;

	(void)state;
	assert_ok(repeated(&h, "<own>", "12345678", (size_t)cap(CAP_XML_TEXT) / 8,
	    "</own>", &err), &err);
	REFUSED(repeated(&h, "<own>", "12345678", (size_t)cap(CAP_XML_TEXT) / 8, "9</own>",
	    &err), "the limit is 10 MiB");
	/* what is held for an ancestor counts as well */
	REFUSED(repeated(&h, "<all><own>", "12345678", (size_t)cap(CAP_XML_TEXT) / 16,
	    "9</own></all>", &err), "the limit is 10 MiB");
	/* what was given back does not */
	assert_ok(repeated(&h, "<r>", "<own>12345678901234567890</own>",
	    (size_t)cap(CAP_XML_TEXT) / 16, "</r>", &err), &err);
	str_free(&h.text);
}

/* Pieces end anywhere: inside tags, quotes, comments, characters. */
static void pieces_may_end_anywhere(void **state)
{
	static const char part[] =
	    "<s a='x>\xc3\xa9' ><!-- > - ' --><![CDATA[]>]]></s >";
	struct heard h = { .text = STR_INIT };
	struct err err;
	size_t seen = 0;

	(void)state;
	assert_ok(repeated(&h, "<r>", part, 9973, "</r>", &err), &err);
	assert_int_equal(h.starts, 9974);
	for (const char *p = h.text.s; (p = strstr(p, "(a=x>\xc3\xa9) "))
	    != NULL; p++)
		seen++;
	assert_int_equal(seen, 9973);
	str_free(&h.text);
}

/* More kinds of children than are told apart: still a place of its own. */
static void many_kinds_of_children_have_places(void **state)
{
	struct heard h = { .text = STR_INIT };
	struct str doc = STR_INIT;
	struct err err = ERR_INIT;

	(void)state;
	str_add(&doc, "<r>");
	for (int i = 1; i <= 40; i++)
		str_addf(&doc, "<k%d/>", i);
	str_add(&doc, "<k1/><k40/></r>");
	assert_ok(hear(&h, doc.s, doc.len, &err), &err);
	assert_non_null(strstr(h.text.s, "/r/k1[1] "));
	assert_non_null(strstr(h.text.s, "/r/*[40] "));
	assert_non_null(strstr(h.text.s, "/r/k1[2] "));
	assert_non_null(strstr(h.text.s, "/r/*[42] "));
	str_free(&doc);
	str_free(&h.text);
}

/* UTF-16 arrives converted; its declaration still says what it was. */
static void utf16_is_read(void **state)
{
	static const char text[] = "<?xml version='1.0' encoding='UTF-16'?>"
	    "<own a='1'>x</own>";
	char	wide[2 * sizeof(text)] = "\xff\xfe";
	size_t	n = 2;

	(void)state;
	for (size_t i = 0; text[i] != '\0'; i++) {
		wide[n++] = text[i];
		wide[n++] = '\0';
	}
	for (size_t from = 0; from <= 2; from += 2) {	/* with and without */
		struct heard h = { .text = STR_INIT };
		struct err err = ERR_INIT;

		assert_ok(hear(&h, wide + from, n - from, &err), &err);
		assert_string_equal(str_text(&h.text), "/own(a=1) =[x] ");
		str_free(&h.text);
	}
}

static const struct head {
	const char	*head;
	int		 rc;
	const char	*ns, *name;
} heads[] = {
	{ "<r xmlns='u'>", 1, "u", "r" },
	{ "<r/>", 1, "", "r" },
	{ "<x:r a='>' xmlns='v' xmlns:x = \"u\" >", 1, "u", "r" },
	{ "\n<?xml version='1.0'?>\n<?pi <a>?><!-- <b> --><r xmlns='u' a",
	    1, "u", "r" },
	{ "<!DOCTYPE r [<!ENTITY a ']>'><!-- \" ]> -->]><r>", 1, "", "r" },
	{ "<r xmlns:xmlns='no' a='xmlns=u'>", 1, "", "r" },
	{ "<r", 0, "", "" },
	{ "<r a='cut", 0, "", "" },
	{ "<!-- cut", 0, "", "" },
	{ "<!DOCTYPE r [", 0, "", "" },
	{ "{\"json\": \"<r>\"}", 0, "", "" },
	{ "<>", 0, "", "" },
	{ "", 0, "", "" },
};

static void the_root_is_found_in_a_head(void **state)
{
	char ns[128], name[64];

	(void)state;
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		const struct head *h = &heads[i];
		/* exactly as long, so that a look past the end is seen */
		size_t n = strlen(h->head);
		char *head = mem_alloc(n);

		memcpy(head, h->head, n);
		assert_int_equal(xml_root(head, n, ns, name), h->rc);
		assert_string_equal(ns, h->ns);
		assert_string_equal(name, h->name);
		free(head);
	}
}

int main(void)
{
	enum {
		G = sizeof(goods) / sizeof(goods[0]),
		B = sizeof(bads) / sizeof(bads[0])
	};
	static const struct CMUnitTest plain[] = {
		cmocka_unit_test(depth_is_capped),
		cmocka_unit_test(attributes_of_a_tag_are_capped),
		cmocka_unit_test(bytes_of_a_tag_are_capped),
		cmocka_unit_test(comments_are_capped_and_text_is_not),
		cmocka_unit_test(collected_text_is_capped),
		cmocka_unit_test(pieces_may_end_anywhere),
		cmocka_unit_test(many_kinds_of_children_have_places),
		cmocka_unit_test(utf16_is_read),
		cmocka_unit_test(the_root_is_found_in_a_head),
	};
	enum { P = sizeof(plain) / sizeof(plain[0]) };
	struct CMUnitTest tests[G + B + P];

	for (int i = 0; i < G; i++)
		tests[i] = (struct CMUnitTest){ .name = goods[i].says,
			.test_func = is_heard,
			.initial_state = (void *)(uintptr_t)&goods[i] };
	for (int i = 0; i < B; i++)
		tests[G + i] = (struct CMUnitTest){ .name = bads[i].says,
			.test_func = is_refused,
			.initial_state = (void *)(uintptr_t)&bads[i] };
	memcpy(tests + G + B, plain, sizeof(plain));
	return cmocka_run_group_tests_name("xml", tests, NULL, NULL);
}
