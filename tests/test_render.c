/*
 * test_render.c - from a database to the files of a report.
 *
 * The database is tests/golden/render/fixture.sql, small enough to know by
 * heart; what every output makes of it is beside it.  After an intended
 * change: UPDATE_GOLDEN=1, then read the diff.
 */
#include "test.h"

#include <dirent.h>
#include <fcntl.h>
#include <glob.h>
#include <libxml/relaxng.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "muster/mem.h"
#include "muster/render.h"
#include "muster/store.h"
#include "src/render/render_priv.h"

#define GOLDEN "tests/golden/render/"

struct world {
	char		 dir[64];	/* a temporary directory */
	char		 db[80];
	struct store	*store;
	char		*benchmark;
	struct render	 r;		/* writes to dir/out */
	char		 out[80];
};

static char *slurp(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	char *s;
	long n;

	if (f == NULL)
		return NULL;
	fseek(f, 0, SEEK_END);
	n = ftell(f);
	rewind(f);
	s = mem_alloc((size_t)n + 1);
	*len = fread(s, 1, (size_t)n, f);
	fclose(f);
	return s;
}

static void spill(const char *path, const char *text, size_t len)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static char *in(const struct world *w, const char *name)
{
	static char path[4][256];
	static int n;

	n = (n + 1) % 4;
	snprintf(path[n], sizeof(path[n]), "%s/%s", w->dir, name);
	return path[n];
}

/* Change the database behind the program's back. */
static void tamper(const char *db, const char *sql)
{
	sqlite3 *raw;
	char *why = NULL;

	assert_int_equal(sqlite3_open(db, &raw), SQLITE_OK);
	if (sqlite3_exec(raw, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s", why);
	sqlite3_close(raw);
}

static void fill(const char *db)
{
	size_t len;
	char *sql = slurp(GOLDEN "fixture.sql", &len);

	assert_non_null(sql);
	tamper(db, sql);
	free(sql);
}

static struct world *world_new(bool filled)
{
	struct world *w = mem_alloc(sizeof(*w));
	struct err err = ERR_INIT;

	strcpy(w->dir, "/tmp/muster-render-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	snprintf(w->db, sizeof(w->db), "%s/muster.db", w->dir);
	snprintf(w->out, sizeof(w->out), "%s/out", w->dir);
	w->store = store_open(w->db, STORE_CREATE, &err);
	assert_non_null(w->store);
	if (filled)
		fill(w->db);
	w->r.store = w->store;
	w->r.out = w->out;
	w->r.benchmark = w->benchmark = slurp(GOLDEN "benchmark.xml",
	    &w->r.benchmark_len);
	assert_non_null(w->benchmark);
	return w;
}

static int setup(void **state)
{
	*state = world_new(true);
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;
	char cmd[128];

	store_close(w->store);
	free(w->benchmark);
	snprintf(cmd, sizeof(cmd), "rm -rf '%s'", w->dir);
	assert_int_equal(system(cmd), 0);
	free(w);
	return 0;
}

/* How many files are below a directory. */
static int below(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	char path[512];
	int n = 0;

	if (d == NULL)
		return 0;
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')	/* and the list of them */
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		n += e->d_type == DT_DIR ? below(path) : 1;
	}
	closedir(d);
	return n;
}

/* Compare with a golden file, or become it. */
static void same(const char *golden, const char *text, size_t len)
{
	char path[256];
	size_t want_len = 0;
	char *want;

	snprintf(path, sizeof(path), GOLDEN "%s", golden);
	if (getenv("UPDATE_GOLDEN") != NULL) {
		spill(path, text, len);
		return;
	}
	want = slurp(path, &want_len);
	if (want == NULL || want_len != len || memcmp(want, text, len) != 0) {
		spill("/tmp/muster-render.got", text, len);
		free(want);
		fail_msg("%s differs: diff %s /tmp/muster-render.got",
		    golden, path);
	}
	free(want);
}

static void outputs_are_the_golden_ones(void **state)
{
	static const char *const files[] = {
		"index.html", "subjects/web-1-c1000000.html", "controls.html",
		"requirements/2.1.html",
		"xccdf/web-1-c1000000.xml", "arf/web-1-c1000000.xml",
		"ckl/web-1-c1000000.ckl", "cklb/web-1-c1000000.cklb",
		"hdf/web-1-c1000000.json", "oscal-ar/web-1-c1000000.json",
		"oscal-poam/web-1-c1000000.json", "emass/web-1-c1000000.json",
		"sarif/web-1-c1000000.sarif", "junit/web-1-c1000000.xml",
		"openvex/web-1-c1000000.json",
		"cyclonedx/web-1-c1000000.cdx.json", "oscal-ar.json",
		"oscal-poam.json", "emass.json", "lists/results.csv",
		"lists/decisions.jsonl", "lists/statements.csv",
	};
	static const char *const golden[] = {
		"package.html", "subject.html", "controls.html",
		"requirement.html", "xccdf.xml", "arf.xml",
		"checklist.ckl", "checklist.cklb",
		"hdf.json", "oscal-ar.json", "oscal-poam.json", "emass.json",
		"results.sarif", "junit.xml", "openvex.json", "cyclonedx.json",
		"system-oscal-ar.json", "system-oscal-poam.json",
		"system-emass.json",
		"results.csv", "decisions.jsonl", "statements.csv",
	};
	struct world *w = *state;
	struct err err = ERR_INIT;

	assert_ok(render_run(&w->r, &err), &err);
	assert_int_equal(w->r.files, 58);
	/* nothing to plan for, or to say of findings: no file; 26 lists */
	assert_int_equal(below(w->out), 53 - 3 + 26);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		char path[256];
		size_t len;
		char *text;

		snprintf(path, sizeof(path), "%s/%s", w->out, files[i]);
		text = slurp(path, &len);
		assert_non_null(text);
		same(golden[i], text, len);
		free(text);
	}
}

/* The document of a subject (0: of the package) as text. */
static char *document(struct world *w, int64_t subject, size_t *len)
{
	struct err err = ERR_INIT;
	int fd = open(in(w, "doc.xml"), O_RDWR | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_ok(render_evidence(&w->r, subject, fd, &err), &err);
	close(fd);
	return slurp(in(w, "doc.xml"), len);
}

static void documents_are_what_the_schema_says(void **state)
{
	xmlRelaxNGParserCtxt *p =
	    xmlRelaxNGNewParserCtxt("templates/evidence.rng");
	xmlRelaxNG *schema = xmlRelaxNGParse(p);
	struct world *w = *state;

	assert_non_null(schema);
	for (int64_t id = 0; id <= 3; id++) {
		size_t len;
		char *text = document(w, id, &len);
		xmlDoc *doc = xmlReadMemory(text, (int)len, "doc", NULL, 0);
		xmlRelaxNGValidCtxt *v = xmlRelaxNGNewValidCtxt(schema);

		assert_non_null(doc);
		assert_int_equal(xmlRelaxNGValidateDoc(v, doc), 0);
		xmlRelaxNGFreeValidCtxt(v);
		xmlFreeDoc(doc);
		if (id < 2)
			same(id == 0 ? "package-evidence.xml" :
			    "subject-evidence.xml", text, len);
		free(text);
	}
	xmlRelaxNGFree(schema);
	xmlRelaxNGFreeParserCtxt(p);
}

static void what_is_there_is_kept(void **state)
{
	struct world *w = *state;
	struct err err = ERR_INIT, again = ERR_INIT;

	w->r.formats = "ckl,cklb";
	mkdir(w->out, 0700);
	mkdir(in(w, "out/cklb"), 0700);
	spill(in(w, "out/cklb/web-1-c2000000.cklb"), "mine", 4);
	assert_int_equal(render_run(&w->r, &err), -1);
	assert_int_equal(err.kind, ERR_USAGE);
	assert_true(str_contains(err.text, "cklb/web-1-c2000000.cklb"));
	assert_int_equal(below(w->out), 1);

	w->r.force = true;
	assert_ok(render_run(&w->r, &again), &again);
	assert_int_equal(below(w->out), 6);
}

static void the_same_database_gives_the_same_bytes(void **state)
{
	struct world *w = *state;
	struct err err = ERR_INIT;
	char cmd[300];

	assert_ok(render_run(&w->r, &err), &err);
	w->r.out = in(w, "other");
	setenv("TZ", "Asia/Tokyo", 1);
	assert_ok(render_run(&w->r, &err), &err);
	unsetenv("TZ");
	snprintf(cmd, sizeof(cmd), "diff -r '%s' '%s'", w->out, w->r.out);
	assert_int_equal(system(cmd), 0);
}

/* A stylesheet for ckl in a directory of templates. */
static void with_sheet(struct world *w, const char *body)
{
	struct str s = STR_INIT;

	str_add(&s, "<xsl:stylesheet version='1.0' xmlns:xsl="
	    "'http://www.w3.org/1999/XSL/Transform' "
	    "xmlns:e='urn:muster:evidence:1'>");
	str_add(&s, body);
	str_add(&s, "</xsl:stylesheet>");
	mkdir(in(w, "sheets"), 0700);
	spill(in(w, "sheets/ckl.xsl"), str_text(&s), s.len);
	str_free(&s);
	w->r.templates = mem_dup(in(w, "sheets"));
}

#define MATCH "<xsl:template match='/e:evidence'>"
#define VULNS MATCH "<C><xsl:for-each select='e:requirements/e:requirement"
#define STATUS "<VULN><STATUS><xsl:choose><xsl:when test='@verdict=\"pass\"'>" \
    "NotAFinding</xsl:when><xsl:when test='@verdict=\"fail\"'>Open</xsl:when>" \
    "<xsl:when test='@verdict=\"not_applicable\"'>Not_Applicable</xsl:when>" \
    "<xsl:otherwise>Not_Reviewed</xsl:otherwise></xsl:choose></STATUS></VULN>" \
    "</xsl:for-each>"

/* The marks around other STIGs, and what is made of a piece of one. */
#define STIGS "<xsl:processing-instruction name='stigs'/>"
#define INFO(id) "<iSTIG><SI_DATA><SID_NAME>stigid</SID_NAME><SID_DATA>" id \
    "</SID_DATA></SI_DATA>"
#define PIECE "<xsl:template match='/e:evidence[@kind=\"list\"]'><p>" STIGS \
    INFO("Some_STIG") STIGS "<xsl:for-each select='e:part/e:cell'><VULN>"	\
    "<STIG_DATA><VULN_ATTRIBUTE>Rule_ID</VULN_ATTRIBUTE><ATTRIBUTE_DATA>"	\
    "<xsl:value-of select='@rule'/></ATTRIBUTE_DATA></STIG_DATA><STATUS>"	\
    "<xsl:choose><xsl:when test='@result=\"pass\"'>NotAFinding</xsl:when>" \
    "<xsl:when test='@result=\"fail\"'>Open</xsl:when><xsl:otherwise>"	\
    "Not_Reviewed</xsl:otherwise></xsl:choose></STATUS></VULN>"		\
    "</xsl:for-each>" STIGS "</iSTIG>" STIGS "</p></xsl:template>"
#define RULE "<STIG_DATA><VULN_ATTRIBUTE>Rule_ID</VULN_ATTRIBUTE>"	\
    "<ATTRIBUTE_DATA><xsl:value-of select='@rule'/></ATTRIBUTE_DATA>"	\
    "</STIG_DATA>"

/* What a stylesheet of somebody else's may and may not do. */
static const struct sheet_row {
	const char *name, *body;
	enum err_kind kind;
	const char *says;
} sheet_rows[] = {
	{ "a_stylesheet_of_ones_own_is_taken",
	  MATCH "<C>" INFO("guide") "<xsl:for-each select='"
	  "e:requirements/e:requirement'>" RULE STATUS "</iSTIG>" STIGS
	  "</C></xsl:template>" PIECE, ERR_NONE, "" },
	{ "a_stylesheet_without_a_place_for_stigs_is_named",
	  VULNS "'>" STATUS "</C></xsl:template>", ERR_USAGE,
	  "0 marks where STIGs go" },
	{ "a_lost_verdict_is_found",
	  VULNS "[position() &lt; last()]'>" STATUS "</C></xsl:template>",
	  ERR_USAGE, "the database" },
	{ "an_empty_id_is_found",
	  VULNS "'>" STATUS "<x id=''/></C></xsl:template>",
	  ERR_USAGE, "empty id" },
	{ "an_output_that_is_not_xml_is_found",
	  "<xsl:output method='text'/>" MATCH "&lt;a></xsl:template>",
	  ERR_USAGE, "well-formed" },
	{ "a_stylesheet_that_ends_the_work_is_named",
	  MATCH "<xsl:message terminate='yes'>enough</xsl:message>"
	  "</xsl:template>", ERR_USAGE, "enough" },
	{ "a_broken_stylesheet_is_named", "<xsl:nonsense/", ERR_USAGE,
	  "ckl.xsl" },
	{ "a_stylesheet_reads_no_file",
	  MATCH "<C><xsl:copy-of select='document(\"file:///etc/passwd\")'/>"
	  "<xsl:for-each select='e:requirements/e:requirement'>" STATUS
	  "</C></xsl:template>", ERR_USAGE, "refused" },
	{ "a_stylesheet_reads_no_stylesheet",
	  MATCH "<C><xsl:copy-of select='document(\"page.xsl\")'/>"
	  "<xsl:for-each select='e:requirements/e:requirement'>" STATUS
	  "</C></xsl:template>", ERR_USAGE, "refused" },
	{ "a_stylesheet_writes_no_file",
	  MATCH "<C><xsl:document href='/tmp/muster-render-written'>x"
	  "</xsl:document><xsl:for-each select='e:requirements/e:requirement'>"
	  STATUS "</C></xsl:template>", ERR_USAGE, "ckl.xsl" },
	{ "a_stylesheet_includes_no_file",
	  "<xsl:include href='file:///etc/passwd'/>", ERR_USAGE, "ckl.xsl" },
};

static void stylesheet_row(void **state)
{
	const struct sheet_row *row = *state;
	struct world *w = world_new(true);
	struct err err = ERR_INIT;
	int rc;

	with_sheet(w, row->body);
	w->r.formats = "ckl";
	rc = render_run(&w->r, &err);
	if (err.kind != row->kind)
		err_print(&err, "test", stderr);
	assert_int_equal(err.kind, row->kind);
	assert_int_equal(rc, row->kind == ERR_NONE ? 0 : -1);
	assert_true(str_contains(err.text, row->says));
	/* All files or none, and no temporary ones. */
	assert_int_equal(below(w->out), row->kind == ERR_NONE ? 3 : 0);
	assert_int_not_equal(access("/tmp/muster-render-written", F_OK), 0);
	free((void *)(uintptr_t)w->r.templates);
	*state = w;
	teardown(state);
}

static void a_folder_that_leads_outside_is_refused(void **state)
{
	struct world *w = *state;
	struct err err = ERR_INIT;

	w->r.formats = "ckl";
	mkdir(w->out, 0700);
	mkdir(in(w, "elsewhere"), 0700);
	assert_int_equal(symlink("../elsewhere", in(w, "out/ckl")), 0);
	assert_int_equal(render_run(&w->r, &err), -1);
	assert_int_equal(err.kind, ERR_USAGE);
	assert_int_equal(below(in(w, "elsewhere")), 0);
}

static void a_name_that_leads_outside_is_refused(void **state)
{
	static const char *const names[] = {
		"../x", "a/b", ".x", "", "a b", "a\nb"
	};
	struct world *w = *state;
	struct err err = ERR_INIT;
	struct files *f = files_open(w->out, false, &err);

	assert_non_null(f);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct err one = ERR_INIT;

		assert_int_equal(files_put(f, "ckl", names[i], "x", 1, &one),
		    -1);
		assert_int_equal(one.kind, ERR_BUG);
	}
	files_close(f);
	assert_int_equal(below(w->out), 0);
}

static void files_appear_together(void **state)
{
	struct world *w = *state;
	struct err err = ERR_INIT;
	size_t left = 0;
	struct files *f = files_open(w->out, false, &err);

	assert_ok(files_put(f, "a", "one", "1", 1, &err), &err);
	assert_ok(files_put(f, "", "two", "2", 1, &err), &err);
	assert_int_not_equal(access(in(w, "out/a/one"), F_OK), 0);
	assert_ok(files_commit(f, &left, &err), &err);
	files_close(f);
	assert_int_equal(access(in(w, "out/a/one"), F_OK), 0);
	assert_int_equal(below(w->out), 2);
}

static void an_unknown_output_is_named(void **state)
{
	struct world *w = *state;
	struct err err = ERR_INIT;

	w->r.formats = "ckl,pdf";
	assert_int_equal(render_run(&w->r, &err), -1);
	assert_int_equal(err.kind, ERR_USAGE);
	assert_true(str_contains(err.text, "\"pdf\""));
	assert_int_equal(below(w->out), 0);
}

static void a_report_of_another_day_is_refused(void **state)
{
	struct world *w = *state;
	struct err err = ERR_INIT;

	w->r.as_of = "2026-11-24T00:00:00Z";
	assert_int_equal(render_run(&w->r, &err), -1);
	assert_int_equal(err.kind, ERR_USAGE);
	assert_true(str_contains(err.text, "2026-11-23T00:00:00Z"));
}

static void nothing_assessed_is_no_report(void **state)
{
	struct world *w = world_new(false);
	struct err err = ERR_INIT;

	assert_int_equal(render_run(&w->r, &err), -1);
	assert_int_equal(err.kind, ERR_USAGE);
	assert_true(str_contains(err.text, "muster assess"));
	*state = w;
	teardown(state);
}

/* Texts of templates/, one after the other. */
static void each_sheet(void (*fn)(const char *name, const char *text))
{
	glob_t g;

	assert_int_equal(glob("templates/*.xsl", 0, NULL, &g), 0);
	for (size_t i = 0; i < g.gl_pathc; i++) {
		size_t len;
		char *text = slurp(g.gl_pathv[i], &len);

		fn(strrchr(g.gl_pathv[i], '/') + 1, text);
		free(text);
	}
	globfree(&g);
}

static void is_compiled_in(const char *name, const char *text)
{
	struct err err = ERR_INIT;
	size_t len;
	char *ours = sheets_text(NULL, name, &len, &err);

	if (ours == NULL)
		fail_msg("%s is not in src/render/sheets.c", name);
	assert_string_equal(ours, text);
	free(ours);
}

static void every_stylesheet_is_compiled_in(void **state)
{
	(void)state;
	each_sheet(is_compiled_in);
}

/* "//" in an XPath walks the whole document, each time. */
static void searches_nowhere(const char *name, const char *text)
{
	static const char *const attrs[] = {
		"select=\"", "match=\"", "test=\"", "use=\""
	};

	for (size_t i = 0; i < sizeof(attrs) / sizeof(attrs[0]); i++)
		for (const char *p = text; (p = strstr(p, attrs[i])) != NULL; ) {
			const char *end;

			p += strlen(attrs[i]);
			end = strchr(p, '"');
			assert_non_null(end);
			for (const char *s = p; s + 1 < end; s++)
				if (s[0] == '/' && s[1] == '/' &&
				    (s == p || s[-1] != ':'))
					fail_msg("%s: // in %.*s", name,
					    (int)(end - p), p);
			if (strstr(p, "descendant::") != NULL &&
			    strstr(p, "descendant::") < end)
				fail_msg("%s: descendant:: in %.*s", name,
				    (int)(end - p), p);
			p = end;
		}
}

static void no_stylesheet_searches_the_document(void **state)
{
	(void)state;
	each_sheet(searches_nowhere);
}

/* The only script is ours, whole, once, and by its sum in the policy. */
static void runs_only_ours(const char *text)
{
	const char *at = strstr(text, "<script");
	size_t len;
	char *ours = slurp("templates/page.js", &len);

	assert_non_null(at);
	assert_null(strstr(at + 1, "<script"));
	at += strlen("<script>");
	assert_int_equal(strncmp(at, ours, len), 0);
	assert_int_equal(strncmp(at + len, "</script>", 9), 0);
	assert_non_null(strstr(text, "script-src 'sha256-"));
	assert_null(strstr(text, "unsafe-"));
	free(ours);
}

/* A page is one file: it fetches nothing and runs nothing of others. */
static void pages_need_no_network_and_no_script(void **state)
{
	static const char *const never[] = {
		"src=", "@import", "url(", "<link", "<iframe",
		"javascript:", "onclick", "onload", "<b>bold"
	};
	static const char *const pages[] = {
		"out/index.html", "out/subjects/web-1-c1000000.html",
		"out/controls.html", "out/requirements/2.1.html"
	};
	struct world *w = *state;
	struct err err = ERR_INIT;

	w->r.formats = "html";
	assert_ok(render_run(&w->r, &err), &err);
	for (size_t i = 0; i < 4; i++) {
		size_t len;
		char *text = slurp(in(w, pages[i]), &len);

		assert_non_null(strstr(text, "default-src 'none'"));
		runs_only_ours(text);
		for (size_t k = 0; k < sizeof(never) / sizeof(never[0]); k++)
			if (strstr(text, never[k]) != NULL)
				fail_msg("%s in %s", never[k], pages[i]);
		free(text);
	}
}

/* 1 of 1 + 1 + 1 (error counts, missing and not applicable do not). */
static void the_score_is_the_specification_s(void **state)
{
	struct world *w = *state;
	struct err err = ERR_INIT;
	size_t len;
	char *text;

	w->r.formats = "xccdf";
	assert_ok(render_run(&w->r, &err), &err);
	text = slurp(in(w, "out/xccdf/web-1-c1000000.xml"), &len);
	assert_non_null(strstr(text, "<score system=\"urn:xccdf:scoring:default"
	    "\" maximum=\"100\">33.333333</score>"));
	assert_non_null(strstr(text, "flat\" maximum=\"30\">10</score>"));
	assert_non_null(strstr(text, "flat-unweighted\" maximum=\"3\">1<"));
	free(text);
}

static void a_subject_that_shares_its_name_is_told_apart(void **state)
{
	struct world *w = *state;
	size_t len;
	char *text = document(w, 1, &len);

	assert_non_null(strstr(text, "asset=\"web:1 (web-1-c1000000)\""));
	free(text);
}

/* Thousands of characters that must be escaped, one after the other, neither
 * exhaust a stylesheet nor get lost; proof_check() reads them back. */
static void texts_of_quotes_alone_are_escaped(void **state)
{
	struct world *w = *state;
	struct err err = ERR_INIT;

	tamper(w->db, "UPDATE reason SET text ="
	    " replace(hex(zeroblob(4000)), '00', '\"\\') WHERE result = 1;"
	    "UPDATE requirement SET fix_text ="
	    " replace(hex(zeroblob(8000)), '00', char(10)) WHERE id = '2.1'");
	assert_ok(render_run(&w->r, &err), &err);
}

/* A subject says how much there is and quotes a bounded part of it. */
static void documents_are_bounded(void **state)
{
	struct world *w = *state;
	struct err err = ERR_INIT;
	size_t small, len;

	free(document(w, 1, &small));
	tamper(w->db, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
	    " SELECT i + 1 FROM n WHERE i < 5000)"
	    " INSERT INTO reason(result, role, text)"
	    " SELECT 1, 'note', 'note ' || i FROM n;"
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
	    " SELECT i + 1 FROM n WHERE i < 5000)"
	    " INSERT INTO issue(subject, vuln_id, package, version, severity,"
	    " fixable) SELECT 1, 'CVE-' || i, 'p', '1', 3, 0 FROM n;"
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
	    " SELECT i + 1 FROM n WHERE i < 5000)"
	    " INSERT INTO gap(kind, subject, text) SELECT 'gap', 1, i FROM n;"
	    "UPDATE reason SET text = hex(zeroblob(50000)) WHERE result = 4");
	char *text = document(w, 1, &len);

	assert_true(len < small + 200 * 1024);
	assert_non_null(strstr(text, "reasons=\"5001\""));
	assert_non_null(strstr(text, "<issues total=\"5002\">"));
	assert_non_null(strstr(text, "<gaps total=\"5002\">"));
	free(text);
	assert_ok(render_run(&w->r, &err), &err);
}

#define WITH(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		WITH(outputs_are_the_golden_ones),
		WITH(documents_are_what_the_schema_says),
		WITH(what_is_there_is_kept),
		WITH(the_same_database_gives_the_same_bytes),
		WITH(a_folder_that_leads_outside_is_refused),
		WITH(a_name_that_leads_outside_is_refused),
		WITH(files_appear_together),
		WITH(an_unknown_output_is_named),
		WITH(a_report_of_another_day_is_refused),
		cmocka_unit_test(nothing_assessed_is_no_report),
		cmocka_unit_test(every_stylesheet_is_compiled_in),
		cmocka_unit_test(no_stylesheet_searches_the_document),
		WITH(pages_need_no_network_and_no_script),
		WITH(the_score_is_the_specification_s),
		WITH(a_subject_that_shares_its_name_is_told_apart),
		WITH(texts_of_quotes_alone_are_escaped),
		WITH(documents_are_bounded),
	};
	struct CMUnitTest rows[sizeof(sheet_rows) / sizeof(sheet_rows[0])];

	memset(rows, 0, sizeof(rows));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		rows[i].name = sheet_rows[i].name;
		rows[i].test_func = stylesheet_row;
		rows[i].initial_state = (void *)(uintptr_t)&sheet_rows[i];
	}
	return cmocka_run_group_tests(tests, NULL, NULL) |
	    cmocka_run_group_tests(rows, NULL, NULL);
}
