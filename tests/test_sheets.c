/*
 * test_sheets.c - spreadsheets: what a cell may hold, what a POA&M says, and
 * that a spreadsheet which is not as it was written is found out.
 *
 * The database is tests/golden/render/fixture.sql.
 */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include "test.h"

#include "muster/cap.h"
#include "muster/mem.h"
#include "muster/poam_fill.h"
#include "muster/render.h"
#include "muster/store.h"
#include "muster/zip.h"
#include "muster/zip_write.h"
#include "src/render/cell.h"
#include "src/render/poam.h"
#include "src/render/proof_book.h"
#include "src/render/template.h"

#define FIXTURE "tests/golden/render/fixture.sql"

struct world {
	char		 dir[64];
	char		 path[128];
	struct store	*store;
	struct str	 sheet;		/* the XML of one */
};

static void slurp(const char *path, struct str *out)
{
	FILE *f = fopen(path, "rb");
	char buf[4096];
	size_t n;

	assert_non_null(f);
	str_clear(out);
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		str_addn(out, buf, n);
	fclose(f);
}

static const char *in(struct world *w, const char *name)
{
	snprintf(w->path, sizeof(w->path), "%s/%s", w->dir, name);
	return w->path;
}

static void tamper(struct world *w, const char *sql)
{
	sqlite3 *raw;
	char *why = NULL;

	assert_int_equal(sqlite3_open(in(w, "muster.db"), &raw), SQLITE_OK);
	if (sqlite3_exec(raw, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s", why);
	sqlite3_close(raw);
}

static int setup(void **state)
{
	struct world *w = mem_alloc(sizeof(*w));
	struct str sql = STR_INIT;
	struct err err = ERR_INIT;

	strcpy(w->dir, "/tmp/muster-sheets-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	w->store = store_open(in(w, "muster.db"), STORE_CREATE, &err);
	assert_non_null(w->store);
	slurp(FIXTURE, &sql);
	tamper(w, str_text(&sql));
	str_free(&sql);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;
	char cmd[128];

	store_close(w->store);
	str_free(&w->sheet);
	snprintf(cmd, sizeof(cmd), "rm -rf '%s'", w->dir);
	assert_int_equal(system(cmd), 0);
	free(w);
	return 0;
}

/* A part of a finished spreadsheet. */
static const char *part(struct world *w, const char *file, const char *member)
{
	struct str zip = STR_INIT;
	struct err err = ERR_INIT;
	const char *name = "";
	struct zip *z;

	slurp(in(w, file), &zip);
	z = zip_open(zip.s, zip.len, &err);
	assert_non_null(z);
	while (strcmp(name, member) != 0)
		assert_int_equal(zip_next(z, &name, &err), 1);
	str_clear(&w->sheet);
	assert_int_equal(zip_content(z, 1 << 20, &w->sheet, &err), 1);
	zip_close(z);
	str_free(&zip);
	return str_text(&w->sheet);
}

static void report(struct world *w, const char *formats, const char *out,
    struct err *err)
{
	char dir[128];
	struct render r = { .store = w->store, .out = dir,
	    .formats = formats, .benchmark = "<a/>", .benchmark_len = 4 };

	snprintf(dir, sizeof(dir), "%s/%s", w->dir, out);
	if (render_run(&r, err) < 0 && err->kind == ERR_NONE)
		fail_msg("no reason is given");
}

static int count(const char *text, const char *what)
{
	int n = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		n++;
	return n;
}

static void a_cell_shows_what_it_cannot_hold(void **state)
{
	static const struct {
		const char *text;
		size_t most;
		const char *cell;
		bool cut;
	} rows[] = {
		{ "=1+1", 99, "=1+1", false },
		{ "a\x01" "b", 99, "a\\x01b", false },
		{ "a\r\nb\rc", 99, "a\nb\nc", false },
		{ "12345", 5, "12345", false },
		{ "123456", 5, "1234\xe2\x80\xa6", true },
		/* an escape, and a character of two, are not torn */
		{ "123\x01", 5, "123\xe2\x80\xa6", true },
		{ "123\xf0\x9f\x98\x80" "5", 5, "123\xe2\x80\xa6", true },
		{ "12\xf0\x9f\x98\x80" "5", 5, "12\xf0\x9f\x98\x80" "5",
		  false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str out = STR_INIT;

		assert_int_equal(cell_add(&out, rows[i].text, rows[i].most),
		    rows[i].cut);
		assert_string_equal(str_text(&out), rows[i].cell);
		assert_true(cell_length(str_text(&out)) <= rows[i].most);
		str_free(&out);
	}
}

/* Accepted is what an approved decision in force covers, and nothing else. */
static void a_poam_has_every_failure_and_what_was_decided(void **state)
{
	struct world *w = *state;
	struct err err = ERR_INIT;
	const char *xml;

	report(w, "poam", "out", &err);
	assert_int_equal(err.kind, ERR_NONE);
	xml = part(w, "out/poam.xlsx", "xl/worksheets/sheet1.xml");
	assert_int_equal(count(xml, ">Risk Accepted 11/03/2026<"), 1);
	assert_int_equal(count(xml, ">Not Applicable<"), 1);
	assert_int_equal(count(xml, "approved by Cy &lt;cy@example.mil&gt; "
	    "(ao) on 11/03/2026 until 12/31/2026: needed"), 1);
	assert_int_equal(count(xml, "r=\"L7\""), 1);
	xml = part(w, "out/poam-26.xlsx", "xl/worksheets/sheet1.xml");
	assert_int_equal(count(xml, ">Risk Accepted<"), 1);
	assert_int_equal(count(xml, "r=\"Z1\""), 1);
	/* accepted: neither date nor milestone */
	assert_int_equal(count(xml, ">drop it"), 0);
}

static void a_plan_gives_milestones_and_a_date(void **state)
{
	struct world *w = *state;
	struct err err = ERR_INIT;
	const char *xml;

	tamper(w, "UPDATE decision SET kind = 'poam', body = '{\"why\":"
	    "\"busy\",\"plan\":\"move the port\\n\\ntest by 2026-12-24\","
	    "\"owner\":\"Org, Ann\"}' WHERE kind = 'waiver'");
	report(w, "poam", "out", &err);
	assert_int_equal(err.kind, ERR_NONE);
	xml = part(w, "out/poam-26.xlsx", "xl/worksheets/sheet1.xml");
	assert_int_equal(count(xml, ">move the port 12/31/2026<"), 1);
	assert_int_equal(count(xml, ">test by 2026-12-24<"), 1);
	assert_int_equal(count(xml, ">12/31/2026<"), 1);
	assert_int_equal(count(xml, ">Org, Ann<"), 1);
	assert_int_equal(count(xml, "Risk Accepted"), 0);
}

static void what_is_too_long_is_shortened_and_listed(void **state)
{
	struct world *w = *state;
	struct err err = ERR_INIT;
	const char *xml;

	tamper(w, "UPDATE requirement SET fix_text = replace(hex(zeroblob(1500"
	    ")), '0', 'x') WHERE id = '2.1'");
	report(w, "poam", "out", &err);
	assert_int_equal(err.kind, ERR_NONE);
	xml = part(w, "out/poam.xlsx", "xl/worksheets/sheet2.xml");
	assert_int_equal(count(xml, ">Recommendations<"), 1);
	assert_int_equal(count(xml, ">3000<"), 1);
	xml = part(w, "out/poam.xlsx", "xl/worksheets/sheet1.xml");
	assert_int_equal(count(xml, "xxx\xe2\x80\xa6<"), 1);
}

static void no_text_becomes_a_formula(void **state)
{
	struct world *w = *state;
	struct err err = ERR_INIT;
	const char *xml;

	tamper(w, "UPDATE requirement SET title = '=HYPERLINK(\"x\")';"
	    "UPDATE reason SET text = '=cmd|''/c calc''!A0' || char(1)");
	report(w, "poam", "out", &err);
	assert_int_equal(err.kind, ERR_NONE);
	xml = part(w, "out/poam.xlsx", "xl/worksheets/sheet1.xml");
	assert_int_equal(count(xml, "<f>"), 0);
	assert_true(count(xml, "!A0\\x01") > 0);
	assert_int_equal(count(xml, " t=\"n\"") + count(xml, " t=\"b\""), 0);
}

/* A sheet a scanner; what nobody decided is seen, and what was is said. */
static void the_findings_of_an_image_have_a_sheet_a_scanner(void **state)
{
	struct world *w = *state;
	struct err err = ERR_INIT;
	const char *xml;

	tamper(w, "UPDATE artifact SET importer = 'twistcli' WHERE id = 2");
	report(w, "ironbank", "out", &err);
	assert_int_equal(err.kind, ERR_NONE);
	assert_int_equal(access(in(w, "out/ironbank/"
	    "pod-default-web-web.xlsx"), F_OK), -1);
	xml = part(w, "out/ironbank/web-1-c1000000.xlsx",
	    "xl/worksheets/sheet3.xml");
	assert_int_equal(count(xml, ">packageVersion<"), 1);
	assert_int_equal(count(xml, ">CVE-2026-2<"), 1);
	assert_int_equal(count(xml, ">the function is not called<"), 1);
	/* a decision that is no longer in force says nothing */
	assert_int_equal(count(xml, ">CVE-2026-1<"), 1);
	assert_int_equal(count(xml, "not built in"), 0);
	xml = part(w, "out/ironbank/web-1-c1000000.xlsx",
	    "xl/worksheets/sheet6.xml");
	assert_int_equal(count(xml, "CVE-"), 0);
}

static void what_the_base_image_brought_is_inherited(void **state)
{
	struct world *w = *state;
	struct err err = ERR_INIT;

	tamper(w, "UPDATE decided SET parent = 1 WHERE id = 3");
	report(w, "ironbank", "out", &err);
	assert_int_equal(err.kind, ERR_NONE);
	assert_int_equal(count(part(w, "out/ironbank/web-1-c1000000.xlsx",
	    "xl/worksheets/sheet6.xml"), ">Inherited from base image.<"), 1);
}

static void mark(struct world *w, const char *about, const char *text)
{
	struct str body = STR_INIT;
	struct err err = ERR_INIT;

	str_addf(&body, "{\"text\":\"%s\",\"at\":\"2026-11-01T00:00:00Z\","
	    "\"by\":\"ann\"}", text);
	assert_ok(store_begin(w->store, &err), &err);
	assert_ok(event_add(w->store, "marking", about, str_text(&body),
	    &err), &err);
	assert_ok(store_commit(w->store, &err), &err);
	str_free(&body);
}

/* Of the package above and below, of a finding before its text. */
static void markings_stand_where_there_is_a_place(void **state)
{
	struct world *w = *state;
	struct err err = ERR_INIT;
	const char *xml;

	mark(w, "package", "CUI & so");
	mark(w, "finding CVE-2026-1", "CUI//<F>");
	mark(w, "requirement 2.1", "CUI//R");
	report(w, "poam,ironbank", "out", &err);
	assert_int_equal(err.kind, ERR_NONE);
	xml = part(w, "out/poam.xlsx", "xl/worksheets/sheet1.xml");
	assert_int_equal(count(xml, ">CUI &amp; so<"), 1);
	assert_int_equal(count(xml, "<oddHeader>&amp;CCUI &amp;&amp; so<"), 1);
	assert_int_equal(count(xml, "<oddFooter>&amp;CCUI &amp;&amp; so<"), 1);
	/* in the hidden copy, too */
	assert_int_equal(count(xml, ">(CUI//&lt;F&gt;) CVE-2026-1 in"), 2);
	assert_int_equal(count(xml, ">(CUI//R) 2.1 "), 2);
	xml = part(w, "out/ironbank/web-1-c1000000.xlsx",
	    "xl/worksheets/sheet6.xml");
	assert_int_equal(count(xml, ">CUI &amp; so<"), 1);
	assert_int_equal(count(xml, ">(CUI//&lt;F&gt;) "), 1);
}

static void another_number_of_cells_is_found_out(void **state)
{
	struct world *w = *state;
	struct err err = ERR_INIT;
	int64_t cells[2];
	int fd;

	report(w, "poam", "out", &err);
	for (int i = 0; i < 2; i++)
		cells[i] = count(part(w, "out/poam.xlsx", i == 0 ?
		    "xl/worksheets/sheet1.xml" : "xl/worksheets/sheet2.xml"),
		    "t=\"inlineStr\"");
	fd = open(in(w, "out/poam.xlsx"), O_RDONLY);
	assert_ok(proof_book(fd, cells, 2, &err), &err);
	cells[1]++;
	assert_int_equal(proof_book(fd, cells, 2, &err), -1);
	assert_int_equal(err.kind, ERR_BUG);
	cells[1]--;
	err = (struct err)ERR_INIT;
	assert_int_equal(proof_book(fd, cells, 1, &err), -1);
	close(fd);
	fd = open(FIXTURE, O_RDONLY);
	err = (struct err)ERR_INIT;
	assert_int_equal(proof_book(fd, cells, 2, &err), -1);
	close(fd);
}

/* ---------------------------------------------- somebody's own workbook */

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
#define NS " xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/" \
	"main\""
#define RELS "http://schemas.openxmlformats.org/officeDocument/2006/" \
	"relationships"
#define S(ref, text) "<c r=\"" ref "\" s=\"9\" t=\"inlineStr\"><is><t>" text \
	"</t></is></c>"
/* Titles in an order of their own, one that is not known among them. */
#define TITLES "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>"	\
	"<row r=\"3\">" S("A3", " status ") S("B3", "Our Own Column")	\
	S("C3", "control vulnerability DESCRIPTION")			\
	S("D3", "Security Control Number") S("E3", "Comments")		\
	S("F3", "Raw Severity") S("G3", "Severity")			\
	S("H3", "Milestone with Completion Dates")			\
	S("I3", "Scheduled Completion Date")				\
	S("J3", "Security Checks") "</row>"
#define BLANK "<row r=\"4\" ht=\"30\"><c r=\"A4\" s=\"5\"/>"		\
	"<c r=\"B4\" s=\"6\"><f>C4</f><v/></c><c r=\"K4\" s=\"7\"/></row>"
#define SHEET(rows) HEAD "<worksheet" NS "><dimension ref=\"A1:K4\"/>"	\
	"<cols><col min=\"4\" max=\"20\" style=\"8\"/></cols><sheetData>" rows \
	"</sheetData><dataValidations><!-- kept --></dataValidations>"	\
	"</worksheet>"

static void workbook(struct world *w, const char *sheet, const char *more)
{
	static const struct {
		const char *name, *text;
	} parts[] = {
		{ "[Content_Types].xml", "<Types/>" },
		{ "_rels/.rels", HEAD "<Relationships><Relationship Id=\"a\" "
		    "Type=\"" RELS "/officeDocument\" Target=\"xl/b.xml\"/>"
		    "</Relationships>" },
		{ "xl/b.xml", HEAD "<workbook" NS " xmlns:r=\"" RELS "\">"
		    "<sheets><sheet name=\"Plan\" sheetId=\"1\" r:id=\"x\"/>"
		    "</sheets></workbook>" },
		{ "xl/_rels/b.xml.rels", HEAD "<Relationships><Relationship "
		    "Id=\"x\" Type=\"" RELS "/worksheet\" Target=\"/xl/s.xml"
		    "\"/><Relationship Id=\"y\" Type=\"" RELS "/sharedStrings"
		    "\" Target=\"t.xml\"/></Relationships>" },
		{ "xl/t.xml", HEAD "<sst" NS "><si><t>CUI</t></si></sst>" },
	};
	struct err err = ERR_INIT;
	int fd = open(in(w, "blank.xlsx"), O_RDWR | O_CREAT | O_TRUNC, 0600);
	struct zip_write *z = zip_write_open(fd);

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		assert_ok(zip_write_add(z, parts[i].name, parts[i].text,
		    strlen(parts[i].text), &err), &err);
	assert_ok(zip_write_add(z, "xl/s.xml", sheet, strlen(sheet), &err),
	    &err);
	if (more != NULL)
		assert_ok(zip_write_add(z, more, "\x01\xff", 2, &err), &err);
	assert_ok(zip_write_end(z, &err), &err);
	zip_write_close(z);
	close(fd);
}

static void hear(void *ctx, const char *text)
{
	str_addf(ctx, "%s\n", text);
}

static int fill(struct world *w, struct poam_fill *f, struct str *notes,
    struct err *err)
{
	struct str blank = STR_INIT;
	int rc;

	slurp(in(w, "blank.xlsx"), &blank);
	f->store = w->store;
	f->workbook = blank.s;
	f->len = blank.len;
	f->note = hear;
	f->ctx = notes;
	f->fd = open(in(w, "filled.xlsx"), O_RDWR | O_CREAT | O_TRUNC, 0600);
	assert_ok(store_begin_read(w->store, err), err);
	rc = poam_fill_run(f, err);
	store_rollback(w->store);
	close(f->fd);
	str_free(&blank);
	return rc;
}

static void rows_go_below_the_titles_of_ones_own_workbook(void **state)
{
	struct world *w = *state;
	struct str notes = STR_INIT, text = STR_INIT;
	struct poam_fill f = { .fd = -1 };
	struct err err = ERR_INIT;
	const char *xml;

	workbook(w, SHEET(TITLES BLANK "<row r=\"90\" hidden=\"1\"/>"),
	    "xl/media/image1.png");
	assert_ok(fill(w, &f, &notes, &err), &err);
	assert_int_equal(f.items, 4);
	assert_false(f.macros);
	assert_non_null(strstr(str_text(&notes), "\"Our Own Column\" is not "
	    "known"));
	assert_non_null(strstr(str_text(&notes), "2 ongoing items have no "
	    "approved plan"));
	assert_non_null(strstr(str_text(&notes), "there is no column "
	    "\"Office/Org\""));
	xml = part(w, "filled.xlsx", "xl/s.xml");
	/* titles, and what stands above and beyond, as they were */
	assert_non_null(strstr(xml, TITLES "<row r=\"4\" ht=\"30\">"
	    "<c r=\"A4\" s=\"5\" t=\"inlineStr\">"));
	assert_non_null(strstr(xml, "<row r=\"90\" hidden=\"1\"/>"
	    "</sheetData><dataValidations><!-- kept --></dataValidations>"));
	/* a formula stays; a new row looks as the first one does */
	assert_non_null(strstr(xml, "<c r=\"B4\" s=\"6\"><f>C4</f><v/></c>"));
	assert_non_null(strstr(xml, "<c r=\"A5\" s=\"5\" t="));
	assert_non_null(strstr(xml, "<c r=\"D4\" s=\"8\" t="));
	assert_non_null(strstr(xml, "ref=\"A1:K7\""));
	assert_int_equal(count(xml, ">Risk Accepted 11/03/2026<"), 1);
	str_add(&text, part(w, "filled.xlsx", "xl/media/image1.png"));
	assert_string_equal(str_text(&text), "\x01\xff");
	str_free(&text);
	str_free(&notes);
}

static void a_workbook_that_is_no_blank_template_is_refused(void **state)
{
	static const struct {
		const char *sheet, *more, *why;
	} rows[] = {
		{ SHEET("<row r=\"1\">" S("A1", "Status") "</row>"), NULL,
		  "no sheet of the workbook has a row" },
		{ SHEET(TITLES "<row r=\"9\">" S("A9", "Ongoing") "</row>"),
		  NULL, "row 9 of its sheet \"Plan\" holds \"Ongoing\"" },
		{ SHEET(TITLES "<row r=\"2\"/>"), NULL, "rows are not in" },
		{ SHEET("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>1</v></c></row>"),
		  NULL, "there is no shared string 1" },
		{ "<!DOCTYPE a [<!ENTITY b SYSTEM \"/etc/passwd\">]><a>&b;"
		  "</a>", NULL, "DOCTYPE" },
		{ SHEET(TITLES), "xl/s.xml", "two parts of the name" },
		{ SHEET(TITLES), "../s.xml", "a name that no workbook has" },
		{ "<a", NULL, "" },
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str notes = STR_INIT;
		struct poam_fill f = { .fd = -1 };
		struct err err = ERR_INIT;

		workbook(w, rows[i].sheet, rows[i].more);
		assert_int_equal(fill(w, &f, &notes, &err), -1);
		assert_int_equal(err.kind, ERR_INPUT);
		if (strstr(err.text, rows[i].why) == NULL)
			fail_msg("%s, not %s", err.text, rows[i].why);
		str_free(&notes);
	}
}

static void a_workbook_has_so_many_parts_and_bytes(void **state)
{
	struct world *w = *state;
	struct str notes = STR_INIT, bomb = STR_INIT;
	struct poam_fill f = { .fd = -1 };
	struct err err = ERR_INIT;
	struct zip_write *z;
	char name[16];
	int fd;

	/* a thousandth of that, packed */
	for (int i = 0; i <= cap(CAP_TEMPLATE_UNPACKED) >> 16; i++)
		str_addf(&bomb, "%65536s", "");
	for (int parts = 0; parts < 2; parts++) {
		fd = open(in(w, "blank.xlsx"), O_RDWR | O_CREAT | O_TRUNC,
		    0600);
		z = zip_write_open(fd);
		for (int i = 0; i <= (parts ? cap(CAP_TEMPLATE_PARTS) : 0); i++) {
			snprintf(name, sizeof(name), "%d", i);
			assert_ok(zip_write_add(z, name, str_text(&bomb),
			    parts ? 1 : bomb.len, &err), &err);
		}
		assert_ok(zip_write_end(z, &err), &err);
		zip_write_close(z);
		close(fd);
		assert_int_equal(fill(w, &f, &notes, &err), -1);
		assert_int_equal(err.kind, ERR_INPUT);
		assert_non_null(strstr(err.text, parts ? "4096 parts" :
		    "128 MiB"));
		err = (struct err)ERR_INIT;
	}
	str_free(&bomb);
	str_free(&notes);
}

static void macros_are_seen(void **state)
{
	struct world *w = *state;
	struct str notes = STR_INIT;
	struct poam_fill f = { .fd = -1, .office = "Org, Bo" };
	struct err err = ERR_INIT;

	workbook(w, SHEET(TITLES), "xl/vbaProject.bin");
	assert_ok(fill(w, &f, &notes, &err), &err);
	assert_true(f.macros);
	assert_null(strstr(str_text(&notes), "marking"));
	str_free(&notes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cell_shows_what_it_cannot_hold),
#define WORLD(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		WORLD(a_poam_has_every_failure_and_what_was_decided),
		WORLD(a_plan_gives_milestones_and_a_date),
		WORLD(what_is_too_long_is_shortened_and_listed),
		WORLD(no_text_becomes_a_formula),
		WORLD(the_findings_of_an_image_have_a_sheet_a_scanner),
		WORLD(what_the_base_image_brought_is_inherited),
		WORLD(markings_stand_where_there_is_a_place),
		WORLD(another_number_of_cells_is_found_out),
		WORLD(rows_go_below_the_titles_of_ones_own_workbook),
		WORLD(a_workbook_that_is_no_blank_template_is_refused),
		WORLD(a_workbook_has_so_many_parts_and_bytes),
		WORLD(macros_are_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
