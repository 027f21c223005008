/*
 * caps_import.h - cases of test_caps.c: what an importer reads of its format.
 */
#ifndef CAPS_IMPORT_H
#define CAPS_IMPORT_H

#include "caps_said.h"
#include "../src/import/bom.h"

/* A text with a number in it, n times, from 0 on. */
static void numbered(struct str *b, int64_t n, const char *before,
    const char *behind)
{
	for (int64_t i = 0; i < n; i++)
		str_addf(b, "%s%lld%s", before, (long long)i, behind);
}

/* The same between two others; read as this format. */
static int numbers(struct said *s, const char *importer, const char *head,
    int64_t n, const char *before, const char *behind, const char *tail)
{
	struct str b = STR_INIT;
	int rc;

	str_add(&b, head);
	numbered(&b, n, before, behind);
	str_add(&b, tail);
	rc = feed(s, &b, importer);
	str_free(&b);
	return rc;
}

/* A text with blanks behind it, of n bytes. */
static int padded(struct said *s, const char *importer, const char *text,
    int64_t n)
{
	struct str b = STR_INIT;
	int rc;

	str_add(&b, text);
	fill(&b, n - (int64_t)b.len, ' ');
	rc = feed(s, &b, importer);
	str_free(&b);
	return rc;
}

static int records(int64_t n, struct said *s)
{
	struct str b = STR_INIT;

	str_add(&b, "#model_version:v1,score_date:2026-10-20T00:00:00+0000\n"
	    "cve,epss,percentile\n");
	numbered(&b, n, "CVE-2024-", ",0.5,0.5\n");
	return load_free(s, &b);
}

static int targets(int64_t n, struct said *s)
{
	return numbers(s, "kubernetes", "", n, "---\nkind: Pod\nmetadata: "
	    "{name: p", "}\nspec: {containers: [{name: c, image: i}]}\n", "");
}

#define ANCHORE "{\"imageDigest\":\"sha256:111111111111111111111111111111" \
	"1111111111111111111111111111111111\",\"vulnerability_type\":" \
	"\"all\",\"vulnerabilities\":["

/* Each vulnerability has no id. */
static int warnings(int64_t n, struct said *s)
{
	return numbers(s, "anchore", ANCHORE "{\"package\":\"x\"}", n - 1,
	    ",{\"package\":\"", "\"}", "]}");
}

static int settings_bytes(int64_t n, struct said *s)
{
	return padded(s, "docker-daemon", "{\"icc\":false}", n);
}

static int settings_dockerfile(int64_t n, struct said *s)
{
	return padded(s, "dockerfile", "FROM a:1\n", n);
}

static int document_bytes(int64_t n, struct said *s)
{
	return padded(s, "cosign", "{\"_type\":\"https://in-toto.io/"
	    "Statement/v1\",\"predicateType\":\"https://a.example\","
	    "\"predicate\":{},\"subject\":[]}", n);
}

static int held_bytes(int64_t n, struct said *s)
{
	struct bom_index index = { .text = STR_INIT };
	struct str name = STR_INIT;
	int rc;

	fill(&name, n - 1 - (int64_t)sizeof(struct bom_row), 'x');
	rc = bom_add(&index, &(struct bom_part){ .name = name.s }, &s->err);
	tell(s, rc);
	bom_free(&index);
	str_free(&name);
	return rc;
}

/* An odd length: what joins one letter to k others may be 2 k + 3 long. */
static int list_bytes(int64_t n, struct said *s)
{
	struct str b = STR_INIT;

	str_add(&b, "{\"descriptor\":{\"name\":\"grype\",\"version\":"
	    "\"0.80.0\"},\"matches\":[{\"vulnerability\":{\"id\":\"CVE-1\"},"
	    "\"artifact\":{\"name\":\"a\",\"version\":\"1\"},"
	    "\"relatedVulnerabilities\":[{\"id\":\"A\"}");
	for (int64_t i = 1; i <= (n - 2) / 2; i++)
		str_addf(&b, ",{\"id\":\"%c\"}", (char)('A' + i));
	str_add(&b, "]}]}");
	return feed_free(s, &b);
}

#define XCCDF "<Benchmark xmlns=\"http://checklists.nist.gov/xccdf/1.2\" " \
	"id=\"b\"><TestResult id=\"r\" end-time=\"2012-12-01T20:47:54\">"

static int fact_bytes(int64_t n, struct said *s)
{
	struct str b = STR_INIT;

	str_add(&b, XCCDF "<target>t</target><target-facts><fact name=\"a\" "
	    "type=\"string\">");
	fill(&b, n, 'x');
	str_add(&b, "</fact></target-facts></TestResult></Benchmark>");
	return feed_free(s, &b);
}

static int line_bytes(int64_t n, struct said *s)
{
	struct str b = STR_INIT;

	str_add(&b, "SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\n");
	str_add(&b, "DocumentComment: ");
	fill(&b, n - 17, 'x');
	str_add(&b, "\n");
	return feed_free(s, &b);
}

static int line_bytes_log(int64_t n, struct said *s)
{
	struct str b = STR_INIT;

	str_add(&b, "1700000000.123 1 10.0.0.1 TCP_MISS/200 5 GET ");
	str_add(&b, "http://a.example/ - DIRECT/- -\n");
	str_add(&b, "1700000000.123 1 10.0.0.1 TCP_MISS/200 5 GET ");
	fill(&b, n - 45 - 13, 'x');
	str_add(&b, " - DIRECT/- -\n");
	return feed_free(s, &b);
}

static int bom_depth(int64_t n, struct said *s)
{
	struct str b = STR_INIT;

	str_add(&b, "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\"");
	times(&b, n, ",\"components\":[{\"type\":\"library\",\"name\":\"a\"");
	times(&b, n, "}]");
	str_add(&b, "}");
	return feed_free(s, &b);
}

static int bom_depth_xml(int64_t n, struct said *s)
{
	struct str b = STR_INIT;

	str_add(&b, "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.5\">");
	times(&b, n, "<components><component type=\"library\">"
	    "<name>a</name>");
	times(&b, n, "</component></components>");
	str_add(&b, "</bom>");
	return feed_free(s, &b);
}

static int table_columns(int64_t n, struct said *s)
{
	return numbers(s, "anchore", "{\"columns\":[{\"title\":\"Tag\"},"
	    "{\"title\":\"CVE ID\"}", n - 2, ",{\"title\":\"", "\"}",
	    "],\"data\":[[\"a:1\",\"CVE-1\"]]}");
}

static int gates_columns(int64_t n, struct said *s)
{
	return numbers(s, "anchore-gates", "{\"1\":{\"result\":{\"header\":"
	    "[\"Repo_Tag\",\"Gate\",\"Gate_Action\"", n - 3, ",\"", "\"",
	    "],\"rows\":[[\"a:1\",\"files\",\"warn\"]]}}}");
}

static int xccdf_benchmarks(int64_t n, struct said *s)
{
	return numbers(s, "xccdf", "<a:asset-report-collection xmlns:a=\""
	    "http://scap.nist.gov/schema/asset-reporting-format/1.1\">", n,
	    "<Benchmark xmlns=\"http://checklists.nist.gov/xccdf/1.2\" "
	    "id=\"b", "\"><TestResult id=\"r\" end-time=\"2012-12-01T20:47:54\">"
	    "<target>t</target></TestResult></Benchmark>",
	    "</a:asset-report-collection>");
}

static int xccdf_targets(int64_t n, struct said *s)
{
	return numbers(s, "xccdf", XCCDF, n, "<target>t", "</target>",
	    "</TestResult></Benchmark>");
}

static int cci_references(int64_t n, struct said *s)
{
	return numbers(s, "cci-list", "<cci_list xmlns=\"http://iase.disa.mil/"
	    "cci\"><cci_items><cci_item id=\"CCI-000366\"><definition>d"
	    "</definition><references>", n, "<reference title=\"NIST SP "
	    "800-53\" version=\"3\" index=\"CM-", "\"/>",
	    "</references></cci_item></cci_items></cci_list>");
}

static int spdx_subjects(int64_t n, struct said *s)
{
	return numbers(s, "spdx", "{\"spdxVersion\":\"SPDX-2.3\",\"SPDXID\":"
	    "\"SPDXRef-DOCUMENT\",\"name\":\"a\",\"packages\":[],"
	    "\"documentDescribes\":[\"SPDXRef-x\"", n - 1, ",\"SPDXRef-",
	    "\"", "]}");
}

static int harbor_tags(int64_t n, struct said *s)
{
	return numbers(s, "harbor", "[{\"type\":\"IMAGE\",\"digest\":\"sha256:"
	    "11111111111111111111111111111111111111111111111111111111111111"
	    "11\",\"repository_name\":\"p/a\",\"tags\":[{\"name\":\"x\"}",
	    n - 1, ",{\"name\":\"", "\"}", "]}]");
}

static int statement_subjects(int64_t n, struct said *s)
{
	struct str b = STR_INIT;

	str_add(&b, "{\"_type\":\"https://in-toto.io/Statement/v1\","
	    "\"predicateType\":\"https://a.example\",\"predicate\":{},"
	    "\"subject\":[");
	for (int64_t i = 0; i < n; i++)
		str_addf(&b, "%s{\"name\":\"a\",\"digest\":{\"sha256\":"
		    "\"%064lld\"}}", i == 0 ? "" : ",", (long long)i);
	str_add(&b, "]}");
	return feed_free(s, &b);
}

static int compose_extends(int64_t n, struct said *s)
{
	struct str b = STR_INIT;

	str_add(&b, "services:\n  s0: {image: a}\n");
	for (int64_t i = 1; i < n; i++)
		str_addf(&b, "  s%lld: {extends: {service: s%lld}}\n",
		    (long long)i, (long long)i - 1);
	return feed_free(s, &b);
}

static int dockerfile_stages(int64_t n, struct said *s)
{
	return numbers(s, "dockerfile", "", n, "FROM a:", "\n", "");
}

static int dockerfile_variables(int64_t n, struct said *s)
{
	return numbers(s, "dockerfile", "ARG x=a:1\n", n,
	    "FROM $x AS s", "\n", "");
}

static int kubernetes_lists(int64_t n, struct said *s)
{
	struct str b = STR_INIT;

	times(&b, n, "{\"kind\":\"List\",\"apiVersion\":\"v1\",\"items\":[");
	str_add(&b, "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":"
	    "{\"name\":\"p\"},\"spec\":{\"containers\":[{\"name\":\"c\","
	    "\"image\":\"i\"}]}}");
	times(&b, n, "]}");
	return feed_free(s, &b);
}

#define SERVICE "---\nkind: Service\nmetadata: {name: s"
#define SELECTS "}\nspec: {selector: {a: b}, ports: [{port: 80, " \
	"targetPort: 8080}]}\n"
#define POD "---\nkind: Pod\nmetadata: {name: p, labels: {a: b"
#define CONTAINER "}}\nspec: {containers: [{name: c, image: i}]}\n"

/* A container and each of its labels, a Service's port and its term. */
static int kubernetes_held(int64_t n, struct said *s)
{
	return numbers(s, "kubernetes", SERVICE SELECTS POD, n - 4, ", l",
	    ": b", CONTAINER);
}

/* One for the pod, one for each of its labels. */
static int kubernetes_labels(int64_t n, struct said *s)
{
	return numbers(s, "kubernetes", SERVICE SELECTS POD, n - 2, ", l",
	    ": b", CONTAINER);
}

static int kubernetes_ports(int64_t n, struct said *s)
{
	return numbers(s, "kubernetes", POD CONTAINER, n, SERVICE, SELECTS,
	    "");
}

#endif
