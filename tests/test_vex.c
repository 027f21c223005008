/* test_vex.c - statements about vulnerabilities, and how urgent they are. */
#include "test.h"

/* A sample, and lines that its records must hold ("!": must not); "-" is no
 * value. */
static const struct row {
	const char *path, *format;
	const char *records[6];
} rows[] = {
	{ "samples/openvex/web.json", "openvex", {
	  "STATEMENT|0|vex|CVE-2023-45853|GHSA-mq29-j5xf-cjwr|zlib1g|"
	  "1.2.13.dfsg-1|pkg:deb/debian/zlib1g@1.2.13.dfsg-1|not_affected|"
	  "vulnerable_code_not_present|MiniZip is not built in Debian's "
	  "zlib1g.|Shop team <shop@example.mil>|2026-10-20T08:00:00Z|-|-|"
	  "json:/statements/0/products/0/subcomponents/0",
	  "STATEMENT|0|vex|CVE-2024-28757|-|libexpat1|2.5.0-1+deb12u2|"
	  "pkg:deb/debian/libexpat1@2.5.0-1%2Bdeb12u2|affected|-|Rebuild on "
	  "the next base.|Shop team <shop@example.mil>|2026-10-21T08:00:00Z" } },
	{ "samples/openvex/old.json", "openvex", {
	  "STATEMENT|0|vex|CVE-2024-0001|-|cart|1.0.0|"
	  "pkg:npm/%40shop/cart@1.0.0|fixed|-|-|Shop team|"
	  "2026-09-01T00:00:00Z|-|-|json:/statements/0/products/0",
	  "STATEMENT|0|vex|CVE-2024-0001|-|-|-|not a purl at all|fixed|" } },
	{ "samples/csaf/advisory.json", "csaf", {
	  "STATEMENT|0|csaf|CVE-2023-45853|EX-77|zlib|1.2.11-40.el9|"
	  "pkg:rpm/example/zlib@1.2.11-40.el9?arch=x86_64|known_not_affected|"
	  "vulnerable_code_not_present|-|Example Linux|2026-10-02T00:00:00Z|-|"
	  "Low|json:/vulnerabilities/0/product_status/known_not_affected/0",
	  "STATEMENT|0|csaf|CVE-2023-45853|EX-77|-|-|cpe:/o:example:linux:9|"
	  "under_investigation|-|-|", "META|tool_version|EXSA-2026:0001" } },
	{ "samples/cyclonedx/vex.json", "cyclonedx", {
	  "PACKAGE|1|deb|zlib1g|1:1.2.13|amd64|zlib|"
	  "pkg:deb/debian/zlib1g@1%3A1.2.13?arch=amd64&upstream=zlib|-|0|"
	  "json:/components/0",
	  "PACKAGE|1|npm|left-pad|1.3.0|-|-|pkg:npm/left-pad@1.3.0|-|0|"
	  "json:/components/1/components/0",
	  "FINDING|1|vulnerability|CVE-2023-45853|-|zlib1g|1:1.2.13|deb|",
	  "STATEMENT|1|cyclonedx|CVE-2023-45853|-|zlib1g|1:1.2.13|",
	  "IDENTITY|1|manifest|sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaaaaaaaaaaaaaaaaaaaaa" } },
	/* A statement about its own subject: nobody scanned anything. */
	{ "samples/cyclonedx/statement.json", "cyclonedx", {
	  "STATEMENT|1|cyclonedx|CVE-2024-0001|-|cart|2.0.0|",
	  "!FINDING|" } },
	{ "samples/kev/catalog.json", "kev", {
	  "PRIORITY|0|kev|CVE-2024-28757|-|-|2026-10-01|2026-10-22|Example "
	  "Parser Expansion Vulnerability; used in ransomware campaigns; Apply "
	  "updates.|json:/vulnerabilities/0",
	  "PRIORITY|0|kev|CVE-2024-0002|-|-|2026-09-01|2026-09-22|Another; "
	  "Apply updates.|json:/vulnerabilities/1",
	  "META|tool_db|2026.10.20",
	  "WARNING|json:/count|the catalog says it has 3 entries and holds "
	  "2" } },
	{ "samples/epss/scores.csv", "epss", {
	  "PRIORITY|0|epss|CVE-2024-28757|0.91234|0.99812|"
	  "2026-10-20T00:00:00+0000|-|-|line:3",
	  "PRIORITY|0|epss|CVE-2023-45853|0.00042|0.05|",
	  "PRIORITY|0|epss|CVE-2024-0002|1.0|1|",
	  "META|tool_version|v2025.03.14",
	  "META|tool_db|2026-10-20T00:00:00+0000" } },
};

static void one_row(void **state)
{
	const struct row *r = *state;
	struct err err = ERR_INIT;
	struct memo memo;

	memo_init(&memo);
	assert_ok(memo_import(&memo, r->path, r->format, &err), &err);
	for (size_t i = 0; i < 6 && r->records[i] != NULL; i++)
		if (r->records[i][0] == '!' ?
		    memo_count(&memo, r->records[i] + 1) != 0 :
		    memo_count(&memo, r->records[i]) != 1)
			fail_msg("%s: not so in\n%s", r->records[i],
			    str_text(&memo.text));
	memo_free(&memo);
}

int main(void)
{
	enum { N = sizeof(rows) / sizeof(rows[0]) };
	struct CMUnitTest tests[N];

	for (int i = 0; i < N; i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].path, .test_func = one_row,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	return cmocka_run_group_tests_name("vex", tests, NULL, NULL);
}
