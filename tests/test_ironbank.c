/* test_ironbank.c - what Iron Bank's pipeline writes of an approval. */
#include <stdlib.h>
#include <unistd.h>

#include <zlib.h>
#include <zstd.h>

#include "mkimage.h"
#include "test.h"
#include "muster/import.h"
#include "muster/mem.h"
#include "muster/store.h"

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
	  "fix from the vendor.|cve|2026-04-22T08:00:00Z|-|-|",
	  "FACT|1|vat.severity|json:/findings/0|Moderate|",
	  "FACT|1|vat.fast_track|json:/findings/0|FT05 FT04|",
	  "FACT|1|vat.fix_date|json:/findings/0|2026-12-01|",
	  "STATEMENT|1|vat|41cb7cdf04850e33a11f80c42bf660b3|-|-|-|-|"
	  "needs_review|-|-|-|-|-|-|",
	  "!vat.inherits",
	  "WARNING|json:|it says that it has 3 findings, and has 2\n" } },
	{ "VAT's answer of 2023", "samples/vat/image-2023.json", "vat", {
	  "TARGET|1|image|-|example/shop/web:1.4|json:/image\n",
	  "FACT|1|vat.accreditation|-|Approved|json:/image\n",
	  "FACT|1|vat.until|review|2026-12-31T00:00:00Z|json:/image\n",
	  "FACT|1|vat.state|-|Verified|json:/image\n",
	  "STATEMENT|1|vat|CVE-2024-28757|-|libexpat1|2.5.0-1+deb12u2|"
	  "libexpat1-2.5.0-1+deb12u2|Verified|-|Inherited from base image.|-|"
	  "-|-|-|json:/image/findings/0\n",
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

/* ---------------------------------------------- the archive of one image */

/* As Iron Bank publishes it, made of samples. */
static const struct {
	const char *name, *sample, *what;
} package[] = {
	{ "documentation/reports/scan-metadata.json",
	    "samples/scan_metadata/scan-metadata.json", "scan-metadata" },
	{ "documentation/reports/documentation.json",
	    "samples/scan_metadata/documentation.json", "scan-metadata" },
	{ "access_log", "samples/access_log/build.log", "access-log" },
	{ "scan-results/anchore/anchore_security.json",
	    "samples/anchore/engine.json", "anchore" },
	{ "scan-results/anchore/anchore_gates.json",
	    "samples/anchore_gates/table.json", "anchore-gates" },
	{ "scan-results/twistlock/twistlock_cve.json",
	    "samples/story/twistcli.json", "twistcli" },
	{ "scan-results/openscap/compliance_output_report.xml",
	    "samples/story/openscap-xccdf.xml", "xccdf" },
	{ "sbom/sbom-cyclonedx-json.json", "samples/cyclonedx/vex.json",
	    "cyclonedx" },
	{ "vat_response.json", "samples/vat/response-2022.json", "vat" },
	{ "hardening_manifest.yaml", "samples/hardening_manifest/web.yaml",
	    "hardening-manifest" },
	{ "README.md", "samples/README.md", NULL },
	{ "LICENSE", "LICENSE", NULL },
};
#define NPACKAGE (sizeof(package) / sizeof(package[0]))

static void slurp(const char *path, struct str *out)
{
	char buf[65536];
	FILE *f = fopen(path, "rb");
	size_t n;

	if (f == NULL)
		fail_msg("cannot open %s", path);
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		str_addn(out, buf, n);
	fclose(f);
}

static void end_of_tar(struct str *tar)
{
	for (int i = 0; i < 1024; i++)
		str_addc(tar, '\0');
}

static void tell(void *ctx, const char *name, const struct import_result *res,
    const struct err *err)
{
	(void)err;
	str_addf(ctx, "%s %s\n", name, res->status == IMPORT_DONE ?
	    res->format : res->status == IMPORT_NO_EVIDENCE ? "no evidence" :
	    "not imported");
}

static void an_archive_of_one_image_is_one_command(void **state)
{
	char path[] = "/tmp/muster-test-XXXXXX";
	struct str tar = STR_INIT, told = STR_INIT, want = STR_INIT;
	struct err err = ERR_INIT;
	struct store *st = store_open(":memory:", STORE_CREATE, &err);
	const struct import_opts opts = { .member = tell, .ctx = &told };
	struct import_result res;
	gzFile gz = gzdopen(mkstemp(path), "wb");

	(void)state;
	for (size_t i = 0; i < NPACKAGE; i++) {
		struct str body = STR_INIT;

		slurp(package[i].sample, &body);
		mk_raw(&tar, package[i].name, '0', 0644, "", body.s,
		    body.len);
		str_addf(&want, "!%s %s\n", package[i].name,
		    package[i].what != NULL ? package[i].what :
		    "no evidence");
		str_free(&body);
	}
	end_of_tar(&tar);
	assert_int_equal(gzwrite(gz, tar.s, (unsigned)tar.len), tar.len);
	assert_int_equal(gzclose(gz), Z_OK);
	assert_ok(import_file(st, path, &opts, &res, &err), &err);
	assert_string_equal(str_text(&told), str_text(&want));
	assert_int_equal(res.read, NPACKAGE);
	assert_int_equal(res.stored, NPACKAGE - 2);
	assert_int_equal(res.unplaced, 2);
	unlink(path);
	str_free(&tar);
	str_free(&told);
	str_free(&want);
	store_close(st);
}

/* A few kilobytes that unpack to a hundred megabytes of nothing. */
static void an_archive_that_unpacks_to_too_much_is_refused(void **state)
{
	enum { SIZE = 100 << 20 };
	char path[] = "/tmp/muster-test-XXXXXX";
	struct str tar = STR_INIT;
	struct err err = ERR_INIT;
	struct store *st = store_open(":memory:", STORE_CREATE, &err);
	const struct import_opts opts = { .batch = "test:1" };
	struct import_result res;
	char *zero = mem_alloc(SIZE), *packed;
	size_t n;
	int fd = mkstemp(path);

	(void)state;
	mk_raw(&tar, "scan-results/a.json", '0', 0644, "", zero, SIZE);
	end_of_tar(&tar);
	packed = mem_alloc(ZSTD_compressBound(tar.len));
	n = ZSTD_compress(packed, ZSTD_compressBound(tar.len), tar.s,
	    tar.len, 3);
	assert_false(ZSTD_isError(n));
	assert_int_equal(write(fd, packed, n), n);
	close(fd);
	assert_int_equal(import_file(st, path, &opts, &res, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_non_null(strstr(err.text, "1100 times"));
	unlink(path);
	free(zero);
	free(packed);
	str_free(&tar);
	store_close(st);
}

int main(void)
{
	enum { N = sizeof(rows) / sizeof(rows[0]) };
	struct CMUnitTest tests[N + 3];

	for (int i = 0; i < N; i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].says, .test_func = one_row,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	tests[N] = (struct CMUnitTest)
	    cmocka_unit_test(findings_that_are_no_list_are_refused);
	tests[N + 1] = (struct CMUnitTest)
	    cmocka_unit_test(an_archive_of_one_image_is_one_command);
	tests[N + 2] = (struct CMUnitTest)
	    cmocka_unit_test(an_archive_that_unpacks_to_too_much_is_refused);
	return cmocka_run_group_tests_name("ironbank", tests, NULL, NULL);
}
