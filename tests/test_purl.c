/* test_purl.c - package URLs taken apart, and names as they are compared. */
#include "test.h"
#include "muster/purl.h"

/* parts: type|namespace|name|version|name to compare by; NULL: no purl. */
static const struct row {
	const char *text, *parts;
} rows[] = {
	{ "pkg:deb/debian/libc6@2.36-9%2Bdeb12u1?arch=amd64",
	  "deb|debian|libc6|2.36-9+deb12u1|libc6" },
	{ "pkg:maven/org.apache.tomcat/tomcat-annotations-api@9.0.97",
	  "maven|org.apache.tomcat|tomcat-annotations-api|9.0.97|"
	  "org.apache.tomcat:tomcat-annotations-api" },
	{ "pkg:npm/%40babel/core@7.1.0", "npm|@babel|core|7.1.0|@babel/core" },
	{ "pkg:npm/@babel/core@7.1.0", "npm|@babel|core|7.1.0|@babel/core" },
	{ "pkg:npm/@babel/core", "npm|@babel|core||@babel/core" },
	{ "pkg:golang/golang.org/x/net@v0.7.0#http2",
	  "golang|golang.org/x|net|v0.7.0|golang.org/x/net" },
	{ "PKG:PyPI/Zope._interface@5.0", "pypi||Zope._interface|5.0|"
	  "zope-interface" },
	{ "pkg://rpm/redhat/bash@4.4?epoch=1", "rpm|redhat|bash|4.4|bash" },
	{ "pkg:generic/a@1%88", "generic||a|1%88|a" },
	{ "pkg:generic/a%zz%00b", "generic||a%zz%00b||a%zz%00b" },
	{ "pkg:deb", NULL },
	{ "pkg:deb/", NULL },
	{ "pkg:/x", NULL },
	{ "pkg:deb?a/b", NULL },
	{ "http://x/y", NULL },
	{ "", NULL },
};

static void purls_come_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str got = STR_INIT;
		struct purl p;

		if (purl_parse(rows[i].text, &p)) {
			str_addf(&got, "%s|%s|%s|%s|", p.type, p.ns, p.name,
			    p.version);
			purl_spell(&p, &got);
			purl_free(&p);
		}
		assert_string_equal(str_text(&got),
		    rows[i].parts != NULL ? rows[i].parts : "");
		str_free(&got);
	}
}

static void a_qualifier_is_found_by_its_whole_name(void **state)
{
	struct str got = STR_INIT;
	struct purl p;

	(void)state;
	assert_true(purl_parse("pkg:rpm/r/a@1?epochs=2&epoch=1%2B&x=", &p));
	assert_true(purl_qualifier(&p, "epoch", &got));
	assert_string_equal(got.s, "1+");
	assert_false(purl_qualifier(&p, "arch", &got));
	purl_free(&p);
	str_free(&got);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(purls_come_apart),
		cmocka_unit_test(a_qualifier_is_found_by_its_whole_name),
	};

	return cmocka_run_group_tests_name("purl", tests, NULL, NULL);
}
