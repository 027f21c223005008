/* test_scanners.c - Anchore, its gates, Prisma, Trivy: every layout. */
#include "test.h"

#define ONES	"1111111111111111111111111111111111111111111111111111111111111111"
#define TWOS	"2222222222222222222222222222222222222222222222222222222222222222"
#define API	"registry.example.mil/shop/api"

/* A file, how many records of each kind, counts, and lines among them. */
static const struct row {
	const char *file;
	int targets, findings, statements, warnings, read, merged, unplaced;
	const char *lines[12];
} rows[] = {
	{ "samples/anchore/engine.json", 1, 2, 0, 1, 3, 0, 1, {
	    "META|tool|anchore\n",
	    "IDENTITY|1|manifest|sha256:" ONES "\n",
	    "IDENTITY|1|tag|" API ":2.0\n",
	    "FACT|1|scan.base|-|sha256:" TWOS "|",
	    "FACT|1|scan.inherited|-|1|",
	    "FINDING|1|vulnerability|CVE-2019-18276|-|bash|4.4.19-10.el8|rpm|"
	    "-|2|Low|-|0|pkgdb|will_not_fix|"
	    "https://security.example.org/CVE-2019-18276|-|"
	    "json:/vulnerabilities/0\n",
	    "FINDING|1|vulnerability|GHSA-aaaa-bbbb-cccc|CVE-2024-0001|left|"
	    "1.0|npm|-|5|Critical|1.1,2.0|1|/app/left|-|It falls over|-|",
	    "WARNING|json:/vulnerabilities/2|a vulnerability without" } },
	{ "samples/anchore/v2.json", 1, 1, 0, 0, 1, 0, 0, {
	    "|CVE-2024-2|-|zlib|1.2.11-17.el8|rpm|"
	    "pkg:rpm/redhat/zlib@1.2.11-17.el8|1|Negligible|-|0|-|" } },
	{ "samples/anchore/anchorectl.json", 1, 1, 0, 1, 1, 0, 0, {
	    "|CVE-2024-3|-|libx|1.0-1|dpkg|-|3|Medium|2.0-1|1|-|-|",
	    "WARNING|json:|the report names no image" } },
	{ "samples/anchore/download.json", 1, 2, 0, 0, 2, 0, 0, {
	    "IDENTITY|1|tag|" API ":2.0\n",
	    "|GHSA-dddd-eeee-ffff|CVE-2024-4\nCVE-2024-5|web-annotations-api|"
	    "9.0.97|Java|-|4|High|9.0.98|1|/app/a.jar|",
	    "|CVE-2024-6|-|perl-libs|5.26.3-421.el8|rpm|-|0|Unknown|-|0|" } },
	{ "samples/anchore/columns.json", 1, 1, 0, 0, 1, 0, 0, {
	    "IDENTITY|1|tag|" API ":1.0\n",
	    "|CVE-2018-1|-|bash|4.4.19-10.el8|-|-|3|Medium|-|0|-|-|"
	    "https://security.example.org/CVE-2018-1|-|json:/data/0\n" } },
	{ "samples/anchore_gates/table.json", 1, 4, 1, 1, 6, 1, 0, {
	    "IDENTITY|1|config|sha256:" ONES "\n",
	    "IDENTITY|1|tag|" API ":2.0\n",
	    "FACT|1|scan.action|-|stop|",
	    "FACT|1|config.port|22/tcp|-|",
	    "FINDING|1|compliance|t1|-|-|-|dockerfile|-|0|warn|-|0|-|-|"
	    "dockerfile/instruction: Dockerfile directive 'HEALTHCHECK' not "
	    "found",
	    "FINDING|1|compliance|t2|-|-|-|files|-|0|go|-|0|/usr/bin/su|-|",
	    "STATEMENT|1|ignore|t2|-|-|-|r9|allowlisted|Common|Common files|"
	    "anchore|-|-|-|",
	    "WARNING|json:|1 rows of the gate" } },
	{ "samples/anchore_gates/api.json", 1, 1, 0, 0, 1, 0, 0, {
	    "IDENTITY|1|config|sha256:" ONES "\n",
	    "IDENTITY|1|manifest|sha256:" TWOS "\n",
	    "|t5|-|-|-|dockerfile|-|0|stop|" } },
	{ "samples/anchore_gates/v2.json", 1, 1, 1, 0, 2, 0, 0, {
	    "FINDING|1|secret|t6|",
	    "STATEMENT|1|ignore|t6|-|-|-|r1|allowlisted|L|Mine|" } },
	{ "samples/anchore_gates/anchorectl.json", 1, 1, 0, 0, 1, 0, 0, {
	    "META|produced|2026-10-01T00:00:00Z\n",
	    "IDENTITY|1|manifest|sha256:" TWOS "\n",
	    "|t7|-|-|-|dockerfile|-|0|warn|" } },
	{ "samples/prisma/scan.json", 1, 4, 0, 0, 5, 0, 0, {
	    "IDENTITY|1|config|sha256:" ONES "\n",
	    "IDENTITY|1|tag|" API ":2.0\n",
	    "IDENTITY|1|repodigest|" API "@sha256:" TWOS "\n",
	    "|CVE-2025-1|-|gnutls28|3.8.9-1|package|-|2|low|3.8.9-3|1|-|-|"
	    "A flaw|binary:libgnutls30|",
	    "|PRISMA-2022-0168|-|pip|23|python|-|3|moderate|-|0|",
	    "FINDING|1|compliance|41|-|-|-|-|-|4|high|-|0|-|-|"
	    "(CIS_Docker_v1.5.0 - 4.1) Image should be created with a "
	    "non-root user: root|",
	    "FINDING|1|secret|secret|-|-|-|-|-|4|high|-|0|/app/.env|",
	    "PACKAGE|1|package|zlib1g|1.2.13|" } },
	{ "samples/prisma/registry.json", 1, 0, 0, 0, 0, 0, 0, {
	    "IDENTITY|1|config|sha256:" TWOS "\n" } },
	{ "samples/prisma/hosts.csv", 2, 3, 0, 0, 3, 0, 0, {
	    "TARGET|1|host|-|h1.example.mil|line:2\n",
	    "IDENTITY|2|host|h2.example.mil\n",
	    "FINDING|1|vulnerability|CVE-2024-1|-|gcc|4.8.5|-|-|4|important|"
	    "4.8.6|1|-|-|Red Hat's gcc|-|line:2\n",
	    "FINDING|2|compliance|6412|",
	    "FINDING|1|vulnerability|CVE-2024-2|-|gcc|4.8.5|-|-|3|moderate|-|"
	    "0|-|-|two, in quotes|-|line:4\n" } },
	{ "samples/prisma/ci.csv", 1, 1, 0, 0, 1, 0, 0, {
	    "IDENTITY|1|tag|" API ":2.0\n",
	    "|CVE-2024-3|-|zlib|1.2|-|-|2|low|1.3|1|-|-|a \"word\" in quotes|"
	    } },
	{ "samples/trivy/image.json", 1, 4, 2, 2, 10, 1, 2, {
	    "META|tool_version|0.55.0\n",
	    "IDENTITY|1|config|sha256:" ONES "\n",
	    "FACT|1|config.user|-|1001|"
	    "json:/Metadata/ImageConfig/config/User\n",
	    "FACT|1|config.health|-|[\"CMD\",\"/probe\"]|",
	    "FACT|1|history|0|COPY a b|json:/Metadata/ImageConfig/history/0\n",
	    "|CVE-2024-1|-|zlib|1.2-r1|alpine|pkg:apk/alpine/zlib@1.2-r1|4|"
	    "HIGH|1.2-r2, 1.3|1|-|fixed|zlib: it overflows|-|"
	    "json:/Results/0/Vulnerabilities/0\n",
	    "|GHSA-aaaa-bbbb-cccc|-|left|1.0|npm|-|0|UNKNOWN|-|0|"
	    "app/package-lock.json|",
	    "FINDING|1|compliance|DS002|AVD-DS-0002|-|-|dockerfile|-|4|HIGH|-|"
	    "0|Dockerfile|fail|Image user should not be 'root': Specify at "
	    "least 1 USER|",
	    "FINDING|1|secret|aws-access-key-id|-|-|-|-|-|5|CRITICAL|-|0|"
	    "/app/deploy.sh|-|AWS Access Key ID (line 3)|",
	    "STATEMENT|1|ignore|CVE-2024-9|-|curl|8.0|-|ignored|-|not "
	    "reachable|.trivyignore.yaml|",
	    "STATEMENT|1|ignore|DS005|-|-|-|-|EXCEPTION|",
	    "PACKAGE|1|alpine|zlib|1:1.2-r1|" } },
	{ "samples/trivy/legacy.json", 1, 1, 0, 0, 1, 0, 0, {
	    "IDENTITY|1|tag|" API ":2.0\n",
	    "|CVE-2011-3374|-|apt|1.8.2.2|debian|-|2|LOW|-|0|-|-|" } },
	{ "samples/trivy/cluster.json", 1, 2, 0, 0, 2, 0, 0, {
	    "IDENTITY|1|tag|" API ":2.0\n",
	    "FINDING|1|vulnerability|CVE-2024-7|",
	    "FINDING|0|compliance|KSV001|-|-|-|kubernetes|-|3|MEDIUM|-|0|"
	    "shop/Deployment/api|fail|" } },
	{ "samples/hdf/small.json", 1, 5, 0, 0, 6, 1, 0, {
	    "IDENTITY|1|tag|" API ":2.0\n",
	    "META|tool_version|5.22.3\n",
	    "FINDING|1|rule|SV-1|-|-|-|-|-|4|0.7|-|0|-|fail|One|CCI-000366\n"
	    "CCI-000381|json:/profiles/0/controls/0\n",
	    "FINDING|1|rule|SV-2|-|-|-|-|-|3|0.5|-|0|-|pass|",
	    "FINDING|1|rule|SV-3|-|-|-|-|-|1|0|-|0|-|notapplicable|",
	    "FINDING|1|rule|SV-4|-|-|-|-|-|2|0.3|-|0|-|notchecked|",
	    "FINDING|1|rule|SV-5|-|-|-|-|-|5|0.9|-|0|-|error|" } },
	{ "samples/ignore_rules/trivyignore", 0, 0, 3, 0, 3, 0, 0, {
	    "STATEMENT|0|ignore|CVE-2024-1111|-|-|-|-|ignored|-|Not "
	    "reachable: the parser is never called.|trivy|-|-|-|line:3\n",
	    "STATEMENT|0|ignore|CVE-2024-2222|",
	    "|trivy|-|2027-01-01|-|line:4\n",
	    "STATEMENT|0|ignore|DS002|-|-|-|-|ignored|-|-|trivy|" } },
	{ "samples/ignore_rules/trivyignore.yaml", 0, 0, 2, 0, 2, 0, 0, {
	    "STATEMENT|0|ignore|CVE-2024-3333|-|-|-|-|ignored|usr/lib/a.jar|"
	    "only in tests|trivy|-|2027-01-01|-|yaml:1:2:/vulnerabilities/0\n",
	    "STATEMENT|0|ignore|AVD-DS-0001|" } },
	{ "samples/ignore_rules/grype.yaml", 0, 0, 1, 1, 2, 0, 1, {
	    "STATEMENT|0|ignore|CVE-2024-4444|-|curl|8.0.0|-|ignored|-|"
	    "accepted until the next build|grype|",
	    "WARNING|yaml:1:7:/ignore/1|a rule that names no vulnerability "
	    "(wont-fix)" } },
	{ "samples/anchore_allowlist/list.json", 0, 0, 2, 0, 2, 0, 0, {
	    "STATEMENT|0|ignore|CVE-2024-5555|-|curl|-|-|allowlisted|"
	    "vulnerabilities|Ours|anchore|-|2027-01-01T00:00:00Z|-|"
	    "json:/items/0\n",
	    "|allowlisted|files|su is needed|" } },
	{ "samples/anchore_allowlist/bundle.json", 0, 0, 1, 0, 1, 0, 0, {
	    "STATEMENT|0|ignore|t1|-|-|-|-|allowlisted|files|Common|" } },
	{ "samples/sarif/small.json", 1, 3, 1, 1, 5, 0, 1, {
	    "META|tool|Trivy\n",
	    "IDENTITY|1|config|sha256:" ONES "\n",
	    "FINDING|1|vulnerability|CVE-2024-1|-|zlib|1.2|-|-|5|CRITICAL|"
	    "1.3|1|lib/apk/db|-|",
	    "FINDING|1|vulnerability|CVE-2024-2|-|curl|-|-|-|2|note|",
	    "STATEMENT|1|ignore|CVE-2024-2|-|curl|-|-|suppressed|",
	    "FINDING|1|compliance|DS026|-|-|-|-|-|3|warning|-|0|-|fail|No "
	    "HEALTHCHECK defined|" } },
	{ "samples/trivy/clean.json", 1, 0, 0, 0, 0, 0, 0, {
	    "FACT|1|scan.input|-|shop:1|", "IDENTITY|1|tag|shop:1\n" } },
};

static void every_row_is_accounted_for(void **st)
{
	(void)st;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		struct err err = ERR_INIT;
		struct memo m;
		int64_t stored;

		memo_init(&m);
		assert_ok(memo_import(&m, r->file, NULL, &err), &err);
		stored = m.kinds[REC_FINDING] + m.kinds[REC_STATEMENT] +
		    m.kinds[REC_PACKAGE];
		if (m.kinds[REC_TARGET] != r->targets ||
		    m.kinds[REC_FINDING] != r->findings ||
		    m.kinds[REC_STATEMENT] != r->statements ||
		    m.kinds[REC_WARNING] != r->warnings ||
		    m.sink.counts[COUNT_READ] != r->read ||
		    m.sink.counts[COUNT_MERGED] != r->merged ||
		    m.sink.counts[COUNT_UNPLACED] != r->unplaced)
			fail_msg("%s: other counts\n%s", r->file,
			    str_text(&m.text));
		assert_int_equal(r->read, stored + r->merged + r->unplaced);
		for (int k = 0; k < 12 && r->lines[k] != NULL; k++)
			if (memo_count(&m, r->lines[k]) != 1 &&
			    strstr(r->lines[k], "|tag|") == NULL)
				fail_msg("%s: not once: %s\n%s", r->file,
				    r->lines[k], str_text(&m.text));
			else if (memo_count(&m, r->lines[k]) == 0)
				fail_msg("%s: not there: %s\n%s", r->file,
				    r->lines[k], str_text(&m.text));
		memo_free(&m);
	}
}

static void what_a_secret_matched_is_not_stored(void **st)
{
	struct err err = ERR_INIT;
	struct memo m;

	(void)st;
	memo_init(&m);
	assert_ok(memo_import(&m, "samples/trivy/image.json", NULL, &err),
	    &err);
	assert_int_equal(memo_count(&m, "AKIAQXZ4VJ7PLM2TRW6N"), 0);
	memo_free(&m);
}

static void a_table_without_its_titles_is_refused(void **st)
{
	struct err err = ERR_INIT;
	struct memo m;

	(void)st;
	memo_init(&m);
	assert_int_equal(memo_import(&m, "samples/anchore/data-first.json",
	    NULL, &err), -1);
	assert_non_null(strstr(err.text, "\"data\" before \"columns\""));
	memo_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_accounted_for),
		cmocka_unit_test(what_a_secret_matched_is_not_stored),
		cmocka_unit_test(a_table_without_its_titles_is_refused),
	};

	return cmocka_run_group_tests_name("scanners", tests, NULL, NULL);
}
