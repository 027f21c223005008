/* test_import.c - a file is imported completely or not at all. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"
#include "muster/assess.h"
#include "muster/import.h"
#include "muster/store.h"

static const struct row {
	const char	*path;
	const char	*type;		/* NULL: it must be recognised */
	const char	*importer;	/* that reads it */
	enum err_kind	 kind;
	const char	*says;		/* part of the error */
	int64_t		 line;		/* of the error; 0: any */
} rows[] = {
	{ "samples/story/grype.json", NULL, "grype", ERR_NONE, "", 0 },
	{ "samples/story/twistcli.json", NULL, "twistcli", ERR_NONE, "", 0 },
	{ "samples/anchore/engine.json", NULL, "anchore", ERR_NONE, "", 0 },
	{ "samples/anchore_allowlist/list.json", NULL, "anchore-allowlist",
	    ERR_NONE, "", 0 },
	{ "samples/greylist/web.greylist", NULL, "greylist", ERR_NONE, "", 0 },
	{ "samples/hdf/small.json", NULL, "hdf", ERR_NONE, "", 0 },
	{ "samples/hdf/nameless.json", NULL, "hdf", ERR_NONE, "", 0 },
	{ "samples/scan_metadata/scan-metadata.json", NULL, "scan-metadata",
	    ERR_NONE, "", 0 },
	{ "samples/scan_metadata/documentation.json", NULL, "scan-metadata",
	    ERR_NONE, "", 0 },
	{ "samples/vat/public-2021.json", NULL, "vat", ERR_NONE, "", 0 },
	{ "samples/vat/response-2022.json", NULL, "vat", ERR_NONE, "", 0 },
	{ "samples/vat/image-2023.json", NULL, "vat", ERR_NONE, "", 0 },
	{ "samples/vat/lineage.json", NULL, "vat", ERR_NONE, "", 0 },
	{ "samples/cci_list/list.xml", NULL, "cci-list", ERR_NONE, "", 0 },
	{ "samples/xccdf/manual.xml", NULL, "xccdf", ERR_NONE, "", 0 },
	{ "samples/ckl/mixed.ckl", NULL, "ckl", ERR_NONE, "", 0 },
	{ "samples/ckl/no-stig.ckl", NULL, NULL, ERR_INPUT,
	    "a checklist without a STIG", 5 },
	{ "samples/cklb/host.cklb", NULL, "cklb", ERR_NONE, "", 0 },
	{ "samples/cklb/no-list.cklb", NULL, NULL, ERR_INPUT,
	    "without its list \"stigs\"", 1 },
	{ "samples/ignore_rules/trivyignore", NULL, "ignore-rules", ERR_NONE,
	    "", 0 },
	{ "samples/sarif/small.json", NULL, "sarif", ERR_NONE, "", 0 },
	{ "samples/anchore_gates/table.json", NULL, "anchore-gates", ERR_NONE,
	    "", 0 },
	{ "samples/prisma/scan.json", NULL, "prisma", ERR_NONE, "", 0 },
	{ "samples/prisma/hosts.csv", NULL, "prisma-csv", ERR_NONE, "", 0 },
	{ "samples/trivy/image.json", NULL, "trivy", ERR_NONE, "", 0 },
	{ "samples/trivy/cluster.json", NULL, "trivy", ERR_NONE, "", 0 },
	{ "samples/story/openscap-xccdf.xml", NULL, "xccdf", ERR_NONE, "", 0 },
	{ "samples/story/web-1.4.docker.tar.gz", NULL, "image-archive",
	    ERR_NONE, "", 0 },
	{ "samples/story/debian12-base.oci.tar", NULL, "image-archive",
	    ERR_NONE, "", 0 },
	{ "samples/story/web.yaml", NULL, "kubernetes", ERR_NONE, "", 0 },
	{ "samples/story/report-job.json", NULL, "kubernetes", ERR_NONE, "",
	    0 },
	{ "samples/story/kubelet.yaml", NULL, "kubernetes", ERR_NONE, "", 0 },
	{ "samples/compose/hardened.yaml", NULL, "compose", ERR_NONE, "", 0 },
	{ "samples/cosign/signature-1", NULL, "cosign", ERR_NONE, "", 0 },
	{ "samples/cosign/bad-payload.json", NULL, NULL, ERR_INPUT, "base64",
	    0 },
	{ "samples/base_list/approved.json", NULL, "base-list", ERR_NONE, "",
	    0 },
	{ "samples/base_list/approved.csv", NULL, "base-list", ERR_NONE, "",
	    0 },
	{ "samples/base_list/misspelled.json", NULL, NULL, ERR_INPUT,
	    "no member of this layout", 9 },
	{ "samples/base_list/short-row.csv", NULL, NULL, ERR_INPUT,
	    "another number of fields", 2 },
	{ "samples/inventory/registry.json", NULL, "inventory", ERR_NONE, "",
	    0 },
	{ "samples/inventory/registry.csv", NULL, "inventory", ERR_NONE, "",
	    0 },
	{ "samples/skopeo/list-tags.json", NULL, "skopeo", ERR_NONE, "", 0 },
	{ "samples/skopeo/inspect.json", NULL, "skopeo", ERR_NONE, "", 0 },
	{ "samples/skopeo/tags-first.json", NULL, NULL, ERR_INPUT,
	    "before them", 1 },
	{ "samples/harbor/artifacts.json", NULL, "harbor", ERR_NONE, "", 0 },
	{ "samples/compose/loop.yaml", NULL, NULL, ERR_INPUT,
	    "extends itself", 3 },
	{ "samples/platform/daemon.json", NULL, "docker-daemon", ERR_NONE, "", 0 },
	{ "samples/platform/kubelet.env", NULL, "kubelet-flags", ERR_NONE, "", 0 },
	{ "samples/platform/kubelet.service", NULL, "kubelet-flags", ERR_NONE,
	    "", 0 },
	{ "samples/dockerfile/app.Dockerfile", NULL, "dockerfile",
	    ERR_NONE, "", 0 },
	{ "samples/hardening_manifest/web.yaml", NULL, "hardening-manifest",
	    ERR_NONE, "", 0 },
	{ "samples/access_log/build.log", NULL, "access-log",
	    ERR_NONE, "", 0 },
	{ "samples/builder/registries.conf", NULL, "registries-conf",
	    ERR_NONE, "", 0 },
	{ "samples/builder/buildkitd.toml", NULL, "buildkitd",
	    ERR_NONE, "", 0 },
	{ "samples/builder/policy.json", NULL, "containers-policy",
	    ERR_NONE, "", 0 },
	{ "samples/builder/openssl.cnf", NULL, "tls-settings",
	    ERR_NONE, "", 0 },
	{ "samples/tls_scan/testssl.json", NULL, "tls-scan",
	    ERR_NONE, "", 0 },
	{ "samples/tls_scan/sslyze.json", NULL, "tls-scan",
	    ERR_NONE, "", 0 },
	{ "samples/tls_scan/nmap.xml", NULL, "nmap",
	    ERR_NONE, "", 0 },
	{ "samples/grype/malformed.json", NULL, NULL, ERR_INPUT, "JSON", 0 },
	{ "samples/grype/no-id.json", NULL, NULL, ERR_INPUT, "", 0 },
	{ "samples/twistcli/malformed.json", NULL, NULL, ERR_INPUT, "twice",
	    0 },
	{ "samples/openvex/web.json", NULL, "openvex", ERR_NONE, "", 0 },
	{ "samples/openvex/old.json", NULL, "openvex", ERR_NONE, "", 0 },
	{ "samples/openvex/no-status.json", NULL, NULL, ERR_INPUT,
	    "without a status", 5 },
	{ "samples/cyclonedx/vex.json", NULL, "cyclonedx", ERR_NONE, "", 0 },
	{ "samples/cyclonedx/bom.xml", NULL, "cyclonedx-xml", ERR_NONE, "", 0 },
	{ "samples/cyclonedx/old.xml", NULL, "cyclonedx-xml", ERR_NONE, "", 0 },
	{ "samples/cyclonedx/future.xml", NULL, NULL, ERR_INPUT,
	    "expected CycloneDX's", 3 },
	{ "samples/spdx/image.spdx.json", NULL, "spdx", ERR_NONE, "", 0 },
	{ "samples/spdx/web.spdx3.json", NULL, "spdx", ERR_NONE, "", 0 },
	{ "samples/spdx/web.spdx", NULL, "spdx-text", ERR_NONE, "", 0 },
	{ "samples/spdx/version.spdx.json", NULL, NULL, ERR_INPUT,
	    "expected SPDX-2.0 to 2.3", 0 },
	{ "samples/spdx/no-tag.spdx", NULL, NULL, ERR_INPUT,
	    "no \"Tag: value\"", 4 },
	{ "samples/spdx/open-text.spdx", NULL, NULL, ERR_INPUT,
	    "without </text>", 3 },
	{ "samples/syft/image.json", NULL, "syft", ERR_NONE, "", 0 },
	{ "samples/csaf/advisory.json", NULL, "csaf", ERR_NONE, "", 0 },
	{ "samples/kev/catalog.json", NULL, "kev", ERR_NONE, "", 0 },
	{ "samples/epss/scores.csv", NULL, "epss", ERR_NONE, "", 0 },
	{ "samples/epss/too-much.csv", NULL, NULL, ERR_INPUT, "from 0 to 1",
	    3 },
	{ "samples/archive/reports.tar.gz", NULL, "report-archive", ERR_NONE,
	    "", 0 },
	{ "samples/archive/reports.zip", NULL, "zip-archive", ERR_NONE, "", 0 },
	{ "samples/archive/nothing.zip", NULL, NULL, ERR_INPUT,
	    "none of the 1 files in it", 0 },
	{ "samples/README.md", NULL, NULL, ERR_INPUT, "no importer", 0 },
	{ "samples/grype/small.json", "no-such", NULL, ERR_USAGE, "no-such",
	    0 },
	{ "samples/grype/small.json", "xccdf", NULL, ERR_INPUT, "", 0 },
	{ "samples/absent.json", NULL, NULL, ERR_INPUT, "No such", 0 },
	{ "/dev/null", NULL, NULL, ERR_INPUT, "not a regular file", 0 },
	{ "samples", NULL, NULL, ERR_INPUT, "directory", 0 },
};

/* How many rows there are of everything an import could leave behind. */
static int64_t rows_left(struct store *st)
{
	struct err err = ERR_INIT;
	int64_t n = -1;

	assert_ok(store_int(st, SQL_EVIDENCE_ROWS, NOBIND, &n, &err), &err);
	return n;
}

static void one_row(void **state)
{
	const struct row *r = *state;
	struct err err = ERR_INIT;
	struct store *st = store_open(":memory:", STORE_CREATE, &err);
	struct import_opts opts = { .format = r->type, .batch = "test:1" };
	struct import_result res;
	struct query q;
	int rc;

	assert_non_null(st);
	rc = import_file(st, r->path, &opts, &res, &err);
	if (rc < 0 && r->kind == ERR_NONE)
		err_print(&err, "test", stderr);
	assert_int_equal(err.kind, r->kind);
	assert_non_null(strstr(err.text, r->says));
	if (rc < 0) {
		assert_int_equal(res.status, IMPORT_REFUSED);
		assert_string_equal(err.file, r->path);
		assert_int_equal(rows_left(st), 0);
	} else {
		assert_int_equal(res.status, IMPORT_DONE);
		assert_int_equal(res.read,
		    res.stored + res.merged + res.unplaced);
		query_open(&q, st, SQL_ARTIFACT_ROW, BIND(V(1)));
		assert_int_equal(query_next(&q, &err), 1);
		assert_string_equal(query_text(&q, 4), r->importer);
		query_close(&q);
	}
	store_close(st);
}

static void the_same_bytes_twice_change_nothing(void **state)
{
	struct err err = ERR_INIT;
	struct store *st = store_open(":memory:", STORE_CREATE, &err);
	struct import_opts opts = { .batch = "test:1" };
	struct import_result res;
	int64_t before;

	(void)state;
	assert_ok(import_file(st, "samples/grype/small.json", &opts, &res,
	    &err), &err);
	before = rows_left(st);
	assert_true(before > 0);
	assert_ok(import_file(st, "samples/grype/small.json", &opts, &res,
	    &err), &err);
	assert_int_equal(res.status, IMPORT_DUPLICATE);
	assert_string_equal(res.format, "grype");
	assert_int_equal(rows_left(st), before);
	store_close(st);
}

static void kept_bytes_are_the_files_own(void **state)
{
	struct err err = ERR_INIT;
	struct store *st = store_open(":memory:", STORE_CREATE, &err);
	struct import_opts opts = { .batch = "test:1" };
	struct import_result res;
	struct str got = STR_INIT;
	struct kept *k;
	const void *p;
	size_t n;
	int rc;
	char want[65536];
	int fd = open("samples/grype/small.json", O_RDONLY);
	ssize_t len = read(fd, want, sizeof(want));

	(void)state;
	close(fd);
	assert_ok(import_file(st, "samples/grype/small.json", &opts, &res,
	    &err), &err);
	k = kept_open(st, 1);
	while ((rc = kept_next(k, &p, &n, &err)) > 0)
		str_addn(&got, p, n);
	assert_int_equal(rc, 0);
	kept_close(k);
	assert_int_equal(got.len, len);
	assert_memory_equal(got.s, want, got.len);
	str_free(&got);
	store_close(st);
}

static void a_fifo_is_not_waited_for(void **state)
{
	struct err err = ERR_INIT;
	struct store *st = store_open(":memory:", STORE_CREATE, &err);
	struct import_opts opts = { .batch = "test:1" };
	struct import_result res;
	char dir[] = "/tmp/muster-test-XXXXXX", fifo[64];

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(fifo, sizeof(fifo), "%s/f", dir);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_int_equal(import_file(st, fifo, &opts, &res, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	unlink(fifo);
	rmdir(dir);
	store_close(st);
}

/* Every importer in the table is exercised by a row above. */
static void every_importer_has_a_sample(void **state)
{
	const struct importer *imp;

	(void)state;
	for (size_t i = 0; (imp = import_table(i)) != NULL; i++) {
		bool found = strcmp(imp->name, "oci-layout") == 0;

		assert_non_null(imp->about);
		assert_true(imp->version > 0);
		for (size_t j = 0; j < sizeof(rows) / sizeof(rows[0]); j++)
			found |= rows[j].importer != NULL &&
			    strcmp(rows[j].importer, imp->name) == 0;
		if (!found)
			fail_msg("%s has no sample", imp->name);
	}
}

int main(void)
{
	enum { N = sizeof(rows) / sizeof(rows[0]), M = 4 };
	struct CMUnitTest tests[N + M] = {
		cmocka_unit_test(the_same_bytes_twice_change_nothing),
		cmocka_unit_test(kept_bytes_are_the_files_own),
		cmocka_unit_test(a_fifo_is_not_waited_for),
		cmocka_unit_test(every_importer_has_a_sample),
	};

	for (int i = 0; i < N; i++)
		tests[i + M] = (struct CMUnitTest){
			.name = rows[i].path, .test_func = one_row,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
