/* test_ironbank.c - what Iron Bank's pipeline writes of an approval. */
#include "test.h"

#define NREC 10

/* A sample, and lines that its records must hold once ("!": must not). */
static const struct row {
	const char *says, *path, *format;
	const char *records[NREC];
} rows[] = {
	{ "VAT's public API of 2021", "samples/vat/public-2021.json", "vat", {
	  "TARGET|1|image|-|example/shop/web:1.4|json:\n",
	  "IDENTITY|1|tag|registry1.dso.mil/ironbank/example/shop/web:1.4\n",
	  "FACT|1|vat.accreditation|-|Conditionally Approved|json:\n",
	  "FACT|1|vat.until|earliest|2026-11-30T00:00:00Z|json:\n",
	  "FACT|1|vat.approver|container_approver|ao|json:\n",
	  "STATEMENT|1|vat|CVE-2023-45853|-|zlib1g|1:1.2.13.dfsg-1|"
	  "zlib1g-1:1.2.13.dfsg-1|conditional|-|MiniZip is not built.|cve|"
	  "2026-04-22T08:00:00Z|2026-11-30T00:00:00Z|-|json:/findings/0\n",
	  "FACT|1|vat.inherits|json:/findings/0|example/base:12|",
	  "FACT|1|vat.said|json:/findings/0|reviewed 2026-04-21T08:00:00Z by "
	  "rev (findings_approver): Seen.|json:/findings/0/reviewer\n",
	  "STATEMENT|1|vat|CVE-2024-28757|-|java-1.8.0-openjdk|"
	  "1.8.0.412.b08-2.el9|",
	  "WARNING|json:/findings/3|a finding without its state\n" } },
	{ "an approval by somebody who may not approve",
	  "samples/vat/public-2021.json", "vat", {
	  "WARNING|json:/findings/2/approver|approved by dev, who is "
	  "container_contributor; expected findings_approver "
	  "container_approver\n" } },
	{ "VAT's answer of 2022", "samples/vat/response-2022.json", "vat", {
	  "IDENTITY|1|manifest|sha256:1111111111111111111111111111111111111111"
	  "111111111111111111111111\n",
	  "FACT|1|vat.parent|0|example/base:12@sha256:2222",
	  "!FACT|1|vat.parent|1|",
	  "STATEMENT|1|vat|CVE-2024-28757|-|expat|2.5.0-1.el9_3.1|"
	  "expat-2.5.0-1.el9_3.1|approved|True Positive – Distro Package|No "
	  "fix from the vendor.|cve|2026-04-22T08:00:00Z|-|Moderate|",
	  "FACT|1|vat.fast_track|json:/findings/0|FT05 FT04|",
	  "FACT|1|vat.fix_date|json:/findings/0|2026-12-01|",
	  "STATEMENT|1|vat|41cb7cdf04850e33a11f80c42bf660b3|-|-|-|-|"
	  "needs_review|-|-|-|-|-|Warn|",
	  "!vat.inherits",
	  "WARNING|json:|it says that it has 3 findings, and has 2\n" } },
	{ "VAT's answer of 2023", "samples/vat/image-2023.json", "vat", {
	  "TARGET|1|image|-|example/shop/web:1.4|json:/image\n",
	  "FACT|1|vat.accreditation|-|Approved|json:/image\n",
	  "FACT|1|vat.until|review|2026-12-31T00:00:00Z|json:/image\n",
	  "FACT|1|vat.state|-|Verified|json:/image\n",
	  "STATEMENT|1|vat|CVE-2024-28757|-|libexpat1|2.5.0-1+deb12u2|"
	  "libexpat1-2.5.0-1+deb12u2|Verified|-|Inherited from base image.|-|"
	  "-|-|medium|json:/image/findings/0\n",
	  "FACT|1|vat.source|json:/image/findings/1|OSCAP Compliance|" } },
	{ "a lineage begins with the image itself", "samples/vat/lineage.json",
	  "vat", {
	  "TARGET|1|image|-|example/shop/web:1.4|json:/images/1\n",
	  "TARGET|2|image|-|example/base:12|json:/images/0\n",
	  "STATEMENT|2|vat|CVE-2023-45853|-|zlib1g|-|zlib1g|approved|" } },
	{ "a greylist of 2020", "samples/greylist/web.greylist", "greylist", {
	  "IDENTITY|1|tag|example/shop/web:1.4\n",
	  "FACT|1|vat.accreditation|-|approved|json:/approval_status\n",
	  "FACT|1|vat.parent|0|example/base:12|",
	  "STATEMENT|1|greylist|CVE-2020-1751|-|glibc|2.28-101.el8|"
	  "glibc-2.28-101.el8|approved|-|No fix from the vendor.|cve|"
	  "2020-10-01|-|-|json:/whitelisted_vulnerabilities/0\n",
	  "STATEMENT|1|greylist|CCE-80935-0|-|-|-|-|approved|",
	  "FACT|1|vat.source|json:/whitelisted_vulnerabilities/1|OpenSCAP|",
	  "WARNING|json:/whitelisted_vulnerabilities/2|an item without its "
	  "vulnerability\n" } },
	{ "scan-metadata.json", "samples/scan_metadata/scan-metadata.json",
	  "scan-metadata", {
	  "IDENTITY|1|manifest|sha256:1111",
	  "FACT|1|vat.accreditation|-|Approved|json:/approval\n",
	  "FACT|1|pipeline.build|commit|0123456789abcdef|json:/git/commit\n",
	  "FACT|1|pipeline.tool|openSCAP|1.3.5|"
	  "json:/reports/openSCAP/version\n" } },
	{ "documentation.json", "samples/scan_metadata/documentation.json",
	  "scan-metadata", {
	  "IDENTITY|1|repodigest|registry1.dso.mil/ironbank/example/shop/web@"
	  "sha256:1111",
	  "FACT|1|pipeline.build|commit|0123456789abcdef|json:/git/hash\n",
	  "FACT|1|pipeline.tool|openSCAP|1.3.5|json:/tools/openSCAP\n" } },
};

static void one_row(void **state)
{
	const struct row *r = *state;
	struct err err = ERR_INIT;
	struct memo memo;

	memo_init(&memo);
	assert_ok(memo_import(&memo, r->path, r->format, &err), &err);
	for (size_t i = 0; i < NREC && r->records[i] != NULL; i++)
		if (memo_count(&memo, r->records[i][0] == '!' ?
		    r->records[i] + 1 : r->records[i]) !=
		    (r->records[i][0] != '!'))
			fail_msg("%s: not so in\n%s", r->records[i],
			    str_text(&memo.text));
	memo_free(&memo);
}

static void findings_that_are_no_list_are_refused(void **state)
{
	struct err err = ERR_INIT;
	struct memo memo;

	(void)state;
	memo_init(&memo);
	assert_int_equal(memo_import(&memo, "samples/vat/no-list.json", NULL,
	    &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_int_equal(err.line, 2);
	assert_non_null(strstr(err.text, "\"findings\" is no array"));
	memo_free(&memo);
}

int main(void)
{
	enum { N = sizeof(rows) / sizeof(rows[0]) };
	struct CMUnitTest tests[N + 1];

	for (int i = 0; i < N; i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].says, .test_func = one_row,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	tests[N] = (struct CMUnitTest)
	    cmocka_unit_test(findings_that_are_no_list_are_refused);
	return cmocka_run_group_tests_name("ironbank", tests, NULL, NULL);
}
