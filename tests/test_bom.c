/* test_bom.c - bills of materials, and scans that found nothing. */
#include "test.h"

#define B64 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C64 "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"

/* A sample, and lines that its records must hold ("!": must not); "-" is no
 * value. */
static const struct row {
	const char *name, *path, *format;
	const char *records[8];
} rows[] = {
	{ "CycloneDX XML: components, also inside others, and the image",
	  "samples/cyclonedx/bom.xml", "cyclonedx-xml", {
	  "PACKAGE|1|deb|zlib1g|1:1.2.13|amd64|zlib|pkg:deb/debian/zlib1g@"
	  "1%3A1.2.13?arch=amd64&upstream=zlib|-|0|"
	  "xpath:/bom/components[1]/component[1]",
	  "PACKAGE|1|library|inner|2|-|-|-|-|0|xpath:/bom/components[1]/"
	  "component[1]/components[1]/component[1]",
	  "IDENTITY|1|manifest|sha256:" B64, "IDENTITY|1|config|sha256:" C64,
	  "META|tool|example-bom", "META|produced|2026-10-01T08:00:00Z",
	  "WARNING|xpath:/bom/components[1]|1 components of type \"file\" are "
	  "no packages" } },
	{ "CycloneDX XML: vulnerabilities before the components they name",
	  "samples/cyclonedx/bom.xml", "cyclonedx-xml", {
	  "FINDING|1|vulnerability|GHSA-aaaa-bbbb-cccc|CVE-2026-0007|zlib1g|"
	  "1:1.2.13|deb|pkg:deb/debian/zlib1g@1%3A1.2.13?arch=amd64&upstream="
	  "zlib|2|low|",
	  "FINDING|1|vulnerability|GHSA-aaaa-bbbb-cccc|CVE-2026-0007|nowhere|"
	  "-|-|-|4|high|",
	  "STATEMENT|1|cyclonedx|GHSA-aaaa-bbbb-cccc|CVE-2026-0007|zlib1g|"
	  "1:1.2.13|pkg:deb/debian/zlib1g@1%3A1.2.13?arch=amd64&upstream=zlib|"
	  "not_affected|code_not_reachable|Nothing calls it.\nresponse: "
	  "will_not_fix, update|Shop team|2026-09-30T00:00:00Z|-|-|"
	  "xpath:/bom/vulnerabilities[1]/vulnerability[1]/affects[1]/"
	  "target[1]" } },
	{ "the old extension: inside a component, and by reference",
	  "samples/cyclonedx/old.xml", "cyclonedx-xml", {
	  "FINDING|1|vulnerability|CVE-2026-0009|-|left-pad|1.3.0|npm|"
	  "pkg:npm/left-pad@1.3.0|5|Critical|-|0|-|-|It pads on the wrong "
	  "side.|-|xpath:/bom/components[1]/component[1]/vulnerabilities[1]/"
	  "vulnerability[1]",
	  "FINDING|1|vulnerability|CVE-2026-0010|-|right-pad|1.0.1|library|-|"
	  "2|Low|", "!STATEMENT|" } },
	{ "SPDX: what the document describes is the image, no package of it",
	  "samples/spdx/image.spdx.json", "spdx", {
	  "PACKAGE|1|deb|zlib1g|1:1.2.13|amd64|zlib|",
	  "PACKAGE|1|application|helper|-|-|-|-|-|0|json:/packages/2",
	  "!PACKAGE|1|oci|", "IDENTITY|1|tag|registry.example.mil/shop/web:1.4",
	  "IDENTITY|1|repodigest|registry.example.mil/shop/web@sha256:" B64,
	  "META|tool|example-bom", "META|tool_version|1.2.3",
	  "WARNING|json:|1 references to advisories" } },
	{ "SPDX 3: its packages, and what is not read is counted",
	  "samples/spdx/web.spdx3.json", "spdx", {
	  "PACKAGE|1|deb|zlib1g|1:1.2.13|amd64|", "!PACKAGE|1|container|",
	  "IDENTITY|1|tag|registry.example.mil/shop/web:1.4",
	  "WARNING|json:/@graph|of SPDX 3 the packages and what the document "
	  "is about are read: 1 other elements are not",
	  "WARNING|json:/@graph|1 files are no packages",
	  "META|produced|2026-10-01T08:00:00Z" } },
	{ "SPDX as lines: a text over lines holds no tags",
	  "samples/spdx/web.spdx", "spdx-text", {
	  "PACKAGE|1|deb|zlib1g|1:1.2.13|amd64|-|pkg:deb/debian/zlib1g@"
	  "1%3A1.2.13?arch=amd64|-|0|line:22", "!PACKAGE|1|unknown|",
	  "META|tool|example-bom", "META|tool_version|v2.0",
	  "WARNING|line:1|1 files are no packages",
	  "WARNING|line:1|the document names no image (web)" } },
	{ "Syft: packages, their sources, the image's names",
	  "samples/syft/image.json", "syft", {
	  "PACKAGE|1|deb|zlib1g|1:1.2.13|amd64|zlib|",
	  "PACKAGE|1|npm|left-pad|1.3.0|-|-|pkg:npm/left-pad@1.3.0|-|0|"
	  "json:/artifacts/1", "WARNING|json:/artifacts/2|a package without a "
	  "name", "IDENTITY|1|config|sha256:" C64,
	  "IDENTITY|1|manifest|sha256:" B64,
	  "IDENTITY|1|tag|registry.example.mil/shop/web:1.4",
	  "META|tool_version|1.20.0" } },
	{ "Syft of a directory names no image",
	  "samples/syft/directory.json", "syft", {
	  "WARNING|json:/source|the document names no image (directory ./web)",
	  "!IDENTITY|", "!PACKAGE|" } },
	{ "a clean scan of Grype says that it was one",
	  "samples/grype/clean.json", "grype", {
	  "FACT|1|scan.covers|-|vulnerabilities|", "!FINDING|" } },
	{ "a clean scan of Trivy says that it was one",
	  "samples/trivy/clean.json", "trivy", {
	  "FACT|1|scan.covers|-|vulnerabilities|", "!FINDING|" } },
	{ "a clean scan of twistcli says that it was one",
	  "samples/twistcli/clean.json", "twistcli", {
	  "FACT|1|scan.covers|-|vulnerabilities|",
	  "!FINDING|1|vulnerability" } },
	{ "Anchore's report says that it is of a scan",
	  "samples/anchore/engine.json", "anchore", {
	  "FACT|1|scan.covers|-|vulnerabilities|" } },
	{ "of a cluster each image says that it was scanned",
	  "samples/trivy/cluster.json", "trivy", {
	  "FACT|1|scan.covers|-|vulnerabilities|" } },
};

static void one_row(void **state)
{
	const struct row *r = *state;
	struct err err = ERR_INIT;
	struct memo memo;

	memo_init(&memo);
	assert_ok(memo_import(&memo, r->path, r->format, &err), &err);
	for (size_t i = 0; i < 8 && r->records[i] != NULL; i++)
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
			.name = rows[i].name, .test_func = one_row,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	return cmocka_run_group_tests_name("bom", tests, NULL, NULL);
}
