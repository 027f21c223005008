/* test_merge.c - one vulnerability is one issue, whoever reports it, and what
 * only one scanner reports is explained. */
#include <stdlib.h>

#include "test.h"
#include "muster/assess.h"
#include "muster/sink.h"
#include "muster/store.h"

#define A "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

/* A scanner's row: its tool, and the tool's database where that matters. */
struct report {
	const char	*tool, *db;
	const char	*id, *aliases, *package, *version, *type, *purl;
	int		 severity, fixable;
};

struct row {
	const char	*says;
	struct report	 reports[4];
	const char	*built;		/* "BINARY SOURCE" of the image */
	const char	*issues;	/* "ID PACKAGE VERSION SEVERITY TOOLS;" */
	const char	*why;		/* of the first that one tool reports */
};

static const struct row rows[] = {
	{ "the same row of two scanners is one issue, of the worse severity",
	  { { "grype", NULL, "CVE-1", NULL, "zlib", "1.2", "deb", NULL, 2, 0 },
	    { "trivy", NULL, "CVE-1", NULL, "zlib", "1.2", "debian", NULL, 4,
	      1 } },
	  NULL, "CVE-1 zlib 1.2 4 grype,trivy;", NULL },
	{ "an epoch is no other version, and case no other name",
	  { { "grype", NULL, "cve-1", NULL, "ZLib", "1:1.2", "deb", NULL, 2,
	      0 },
	    { "trivy", NULL, "CVE-1", NULL, "zlib", "1.2", "deb", NULL, 2, 0 } },
	  NULL, "CVE-1 zlib 1.2 2 grype,trivy;", NULL },
	{ "an advisory stands for each CVE that it names",
	  { { "grype", NULL, "ALAS-7", "CVE-1\nCVE-2\nGHSA-x", "zlib", "1",
	      "rpm", NULL, 3, 0 },
	    { "trivy", NULL, "CVE-2", "RHSA-9", "zlib", "1", "rpm", NULL, 3,
	      0 } },
	  NULL, "CVE-1 zlib 1 3 grype;CVE-2 zlib 1 3 grype,trivy;",
	  "the reports do not say why" },
	{ "an identifier without a CVE stays itself",
	  { { "twistcli", NULL, "prisma-2022-0168", NULL, "pip", "20", NULL,
	      NULL, 4, 0 } },
	  NULL, "PRISMA-2022-0168 pip 20 4 twistcli;", NULL },
	{ "a severity nobody knows is below none that is known",
	  { { "grype", NULL, "CVE-1", NULL, "a", "1", "deb", NULL, 0, 0 },
	    { "trivy", NULL, "CVE-1", NULL, "a", "1", "deb", NULL, 1, 0 } },
	  NULL, "CVE-1 a 1 1 grype,trivy;", NULL },
	{ "a Java package goes by group and artifact where a purl says them",
	  { { "grype", NULL, "CVE-1", NULL, "log4j-core", "2.14", "java-archive",
	      "pkg:maven/org.apache.logging.log4j/log4j-core@2.14", 5, 1 },
	    { "trivy", NULL, "CVE-1", NULL,
	      "org.apache.logging.log4j:log4j-core", "2.14", "jar",
	      "pkg:maven/org.apache.logging.log4j/log4j-core@2.14", 5, 1 } },
	  NULL, "CVE-1 org.apache.logging.log4j:log4j-core 2.14 5 "
	  "grype,trivy;", NULL },
	{ "groups apart are packages apart",
	  { { "grype", NULL, "CVE-1", NULL, "core", "1", "java-archive",
	      "pkg:maven/org.one/core@1", 5, 1 },
	    { "trivy", NULL, "CVE-1", NULL, "core", "1", "jar",
	      "pkg:maven/org.two/core@1", 5, 1 } },
	  NULL, "CVE-1 org.one:core 1 5 grype;CVE-1 org.two:core 1 5 trivy;",
	  "trivy reports it for org.two:core 1" },
	{ "Python names do not differ by dash, dot and underscore",
	  { { "grype", NULL, "CVE-1", NULL, "Zope.Interface", "5", "python",
	      "pkg:pypi/zope.interface@5", 3, 0 },
	    { "trivy", NULL, "CVE-1", NULL, "zope_interface", "5",
	      "python-pkg", NULL, 3, 0 } },
	  NULL, "CVE-1 zope-interface 5 3 grype,trivy;", NULL },
	{ "a Go version has its v or has not",
	  { { "grype", NULL, "CVE-1", NULL, "golang.org/x/net", "v0.7.0",
	      "go-module", "pkg:golang/golang.org/x/net@v0.7.0", 4, 1 },
	    { "trivy", NULL, "CVE-1", NULL, "golang.org/x/net", "0.7.0",
	      "gobinary", "pkg:golang/golang.org/x/net@0.7.0", 4, 1 } },
	  NULL, "CVE-1 golang.org/x/net 0.7.0 4 grype,trivy;", NULL },
	{ "an npm scope belongs to the name, written as it may",
	  { { "grype", NULL, "CVE-1", NULL, "@babel/core", "7", "npm",
	      "pkg:npm/%40babel/core@7", 4, 1 },
	    { "trivy", NULL, "CVE-1", NULL, "@babel/core", "7", "node-pkg",
	      NULL, 4, 1 } },
	  NULL, "CVE-1 @babel/core 7 4 grype,trivy;", NULL },
	{ "a source package is related to what is built from it, never merged",
	  { { "grype", NULL, "CVE-1", NULL, "libgnutls30", "3.7", "deb", NULL,
	      3, 0 },
	    { "twistcli", NULL, "CVE-1", NULL, "gnutls28", "3.7", "os", NULL, 3,
	      0 } },
	  "libgnutls30 gnutls28",
	  "CVE-1 gnutls28 3.7 3 twistcli;CVE-1 libgnutls30 3.7 3 grype;",
	  "grype reports it for libgnutls30, which is built from this source "
	  "package" },
	{ "another version of the package is told",
	  { { "grype", NULL, "CVE-1", NULL, "a", "1", "deb", NULL, 3, 0 },
	    { "trivy", NULL, "CVE-1", NULL, "a", "2", "deb", NULL, 3, 0 } },
	  NULL, "CVE-1 a 1 3 grype;CVE-1 a 2 3 trivy;",
	  "trivy reports it for version 2" },
	{ "what no other scanner covers is told",
	  { { "grype", NULL, "CVE-1", NULL, "a", "1", "npm", NULL, 3, 0 },
	    { "trivy", NULL, "CVE-2", NULL, "b", "2", "deb", NULL, 3, 0 } },
	  NULL, "CVE-1 a 1 3 grype;CVE-2 b 2 3 trivy;",
	  "no other scanner reported on npm packages" },
	{ "a newer database is told",
	  { { "grype", "2026-03-01", "CVE-1", NULL, "a", "1", "deb", NULL, 3,
	      0 },
	    { "trivy", "2025-01-31T00:00:00Z", "CVE-2", NULL, "b", "2", "deb",
	      NULL, 3, 0 } },
	  NULL, "CVE-1 a 1 3 grype;CVE-2 b 2 3 trivy;",
	  "its database is of 2026-03-01, newer than the 2025-01-31 of the "
	  "others" },
};

/* Records straight into the database, as a keeper would put them. */
struct given {
	struct sink	 sink;
	struct evidence	*ev;
};

static int put(struct sink *s, const struct rec *rec, struct err *err)
{
	return evidence_put(((struct given *)s)->ev, rec, err);
}

static void end(struct given *g, const char *tool, const char *db, int n,
    struct err *err)
{
	char sha[65], digest[65];

	snprintf(sha, sizeof(sha), "%064d", n);
	assert_ok(evidence_end(g->ev, &(struct artifact){ .sha256 = sha,
	    .name = tool, .format = "test", .importer = "test", .batch = "1",
	    .tool = tool, .tool_db = db }, digest, err), err);
	evidence_free(g->ev);
}

static int64_t begin(struct given *g, struct store *st, struct err *err)
{
	int64_t t;

	*g = (struct given){ .sink.put = put, .ev = evidence_begin(st, err) };
	assert_non_null(g->ev);
	t = sink_target(&g->sink, &(struct target){ .kind = "image" }, err);
	assert_ok(sink_identity(&g->sink, &(struct identity){ t, "manifest",
	    A }, err), err);
	return t;
}

static void give_of(struct store *st, const struct report *r,
    const char *idents, int n, struct err *err)
{
	struct given g;
	int64_t t = begin(&g, st, err);

	assert_ok(sink_finding(&g.sink, &(struct finding){ .target = t,
	    .kind = "vulnerability", .id = r->id, .aliases = r->aliases,
	    .package = r->package, .version = r->version, .type = r->type,
	    .purl = r->purl, .severity = (enum severity)r->severity,
	    .fixable = r->fixable, .idents = idents }, err), err);
	end(&g, r->tool, r->db, n, err);
}

static void give(struct store *st, const struct report *r, int n,
    struct err *err)
{
	give_of(st, r, NULL, n, err);
}

static void give_package(struct store *st, const char *built, struct err *err)
{
	char *name = strdup(built), *source = strchr(name, ' ');
	struct given g;
	int64_t t = begin(&g, st, err);

	*source++ = '\0';
	assert_ok(sink_package(&g.sink, &(struct package){ .target = t,
	    .type = "deb", .name = name, .version = "1", .source = source },
	    err), err);
	end(&g, "sbom", NULL, 9, err);
	free(name);
}

/* The sources of an issue as "grype,trivy", from their JSON. */
static void tools(struct str *out, const char *json)
{
	const char *p = json, *sep = "";

	while ((p = strstr(p, "\"tool\":\"")) != NULL) {
		p += strlen("\"tool\":\"");
		str_add(out, sep);
		str_addn(out, p, strcspn(p, "\""));
		sep = ",";
	}
}

static void issues(struct store *st, struct str *out, struct err *err)
{
	const struct val all = { VAL_NULL, 0, NULL };
	static const char *const words[] = { "unknown", "negligible", "low",
	    "medium", "high", "critical" };
	struct query q;

	query_open(&q, st, SQL_SHOW_ISSUES, &all, 1);
	while (query_next(&q, err) > 0) {
		int sev = 0;

		while (strcmp(words[sev], query_text(&q, 4)) != 0)
			sev++;
		str_addf(out, "%s %s %s %d ", query_text(&q, 1),
		    query_text(&q, 2), query_text(&q, 3), sev);
		tools(out, query_text(&q, 6));
		str_addc(out, ';');
	}
	query_close(&q);
}

static void one_row(void **state)
{
	const struct row *r = *state;
	const struct val all = { VAL_NULL, 0, NULL };
	struct err err = ERR_INIT;
	struct store *st = store_open(":memory:", STORE_CREATE, &err);
	struct str got = STR_INIT;
	struct query q;

	assert_non_null(st);
	for (int i = 0; i < 4 && r->reports[i].tool != NULL; i++)
		give(st, &r->reports[i], i, &err);
	if (r->built != NULL)
		give_package(st, r->built, &err);
	assert_ok(assess_attach(st, &err), &err);
	assert_ok(assess_merge(st, &err), &err);
	issues(st, &got, &err);
	assert_string_equal(str_text(&got), r->issues);
	query_open(&q, st, SQL_SHOW_ALONE, &all, 1);
	assert_int_equal(query_next(&q, &err), r->why != NULL);
	if (r->why != NULL)
		assert_string_equal(query_text(&q, 6), r->why);
	query_close(&q);
	str_free(&got);
	store_close(st);
}

/* A binary package and its source: one is related to the other, by whatever
 * says so, and merged with it by nothing. */
static void sources_are_related(void **state)
{
	static const struct report binary = { "grype", NULL, "CVE-1", NULL,
	    "nss-util", "3.67", "rpm", NULL, 3, 0 }, source = { "prisma", NULL,
	    "CVE-1", NULL, "NSS", "3.68", "os", NULL, 3, 0 };
	static const struct {
		const char *built, *says[2], *related, *why;
	} cases[] = {
		{ NULL, { NULL, NULL }, "",
		  "grype reports it for nss-util 3.67" },
		{ NULL, { "source:nss-tools", "binary:nss-util-devel" }, "",
		  "grype reports it for nss-util 3.67" },
		{ "nss-util nss", { NULL, NULL }, "nss-util grype nss prisma;",
		  "grype reports it for nss-util, which is built from this "
		  "source package" },
		{ NULL, { "source:NSS", NULL }, "nss-util grype nss prisma;",
		  "grype reports it for nss-util, which is built from this "
		  "source package" },
		{ NULL, { NULL, "binary:nss\nbinary:nss-util" },
		  "nss-util grype nss prisma;",
		  "grype reports it for nss-util, which is built from this "
		  "source package" },
	};
	const struct val all = { VAL_NULL, 0, NULL };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = ERR_INIT;
		struct store *st = store_open(":memory:", STORE_CREATE, &err);
		struct str got = STR_INIT;
		struct query q;

		give_of(st, &binary, cases[i].says[0], 0, &err);
		give_of(st, &source, cases[i].says[1], 1, &err);
		if (cases[i].built != NULL)
			give_package(st, cases[i].built, &err);
		assert_ok(assess_attach(st, &err), &err);
		assert_ok(assess_merge(st, &err), &err);
		query_open(&q, st, SQL_SHOW_RELATED, &all, 1);
		while (query_next(&q, &err) > 0)
			str_addf(&got, "%s %s %s %s;", query_text(&q, 2),
			    query_text(&q, 4), query_text(&q, 5),
			    query_text(&q, 7));
		query_close(&q);
		assert_string_equal(str_text(&got), cases[i].related);
		query_open(&q, st, SQL_SHOW_ALONE, &all, 1);
		assert_int_equal(query_next(&q, &err), 1);
		assert_string_equal(query_text(&q, 6), cases[i].why);
		query_close(&q);
		str_free(&got);
		store_close(st);
	}
}

static bool has_gap(struct store *st, const char *part)
{
	const struct val all = { VAL_NULL, 0, NULL };
	struct err err = ERR_INIT;
	bool found = false;
	struct query q;

	query_open(&q, st, SQL_SHOW_GAPS, &all, 1);
	while (query_next(&q, &err) > 0)
		found |= strstr(query_text(&q, 3), part) != NULL;
	query_close(&q);
	return found;
}

/* Empty is the worst of all; a scanner without a word leaves it to others. */
static void a_preferred_scanner_has_the_last_word(void **state)
{
	static const struct {
		const char *from, *severity;
	} cases[] = {
		{ "", "high" }, { "grype", "low" }, { "trivy", "high" },
		{ "trivy grype", "high" }, { " Grype  trivy ", "low" },
		{ "twistcli", "high" }, { "clair", "high" },
	};
	static const struct report reports[] = {
		{ "grype", NULL, "CVE-1", NULL, "a", "1", "deb", NULL, 2, 0 },
		{ "trivy", NULL, "CVE-1", NULL, "a", "1", "deb", NULL, 4, 0 },
		{ "twistcli", NULL, "CVE-1", NULL, "a", "1", "os", NULL, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct val all = { VAL_NULL, 0, NULL };
		struct err err = ERR_INIT;
		struct store *st = store_open(":memory:", STORE_CREATE, &err);
		struct query q;

		for (int k = 0; k < 3; k++)
			give(st, &reports[k], k, &err);
		assert_ok(assess_attach(st, &err), &err);
		assert_ok(store_run(st, SQL_BENCH_VALUE, BIND(
		    V("severity_from"), V("string"), V(""),
		    V(cases[i].from)), &err), &err);
		assert_ok(assess_merge(st, &err), &err);
		query_open(&q, st, SQL_SHOW_ISSUES, &all, 1);
		assert_int_equal(query_next(&q, &err), 1);
		assert_string_equal(query_text(&q, 4), cases[i].severity);
		query_close(&q);
		store_close(st);
	}
}

/* Two reports of one tool are one scanner; a clean one is one too. */
static void too_few_scanners_are_a_gap(void **state)
{
	static const char as_of[] = "2026-11-23T00:00:00Z";
	static const struct report grype = { "grype", NULL, "CVE-1", NULL, "a",
	    "1", "deb", NULL, 3, 0 };
	struct err err = ERR_INIT;
	struct store *st = store_open(":memory:", STORE_CREATE, &err);
	struct given g;
	int64_t t;

	(void)state;
	assert_non_null(st);
	give(st, &grype, 1, &err);
	give(st, &grype, 2, &err);
	assert_ok(assess_run(st, as_of, &err), &err);
	assert_true(has_gap(st, "only 1 vulnerability scanner reported on it "
	    "(grype); 2 or more should"));
	t = begin(&g, st, &err);
	assert_ok(sink_fact(&g.sink, &(struct fact){ t, "scan.covers", NULL,
	    "vulnerabilities", NULL }, &err), &err);
	end(&g, "trivy", NULL, 3, &err);
	assert_ok(assess_run(st, as_of, &err), &err);
	assert_false(has_gap(st, "vulnerability scanner"));
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
	    cmocka_unit_test(too_few_scanners_are_a_gap);
	tests[N + 1] = (struct CMUnitTest)
	    cmocka_unit_test(a_preferred_scanner_has_the_last_word);
	tests[N + 2] = (struct CMUnitTest)
	    cmocka_unit_test(sources_are_related);
	return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
