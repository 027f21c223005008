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

#include "muster/mem.h"
#include "muster/render.h"
#include "muster/store.h"
#include "muster/zip.h"
#include "src/render/cell.h"
#include "src/render/poam.h"
#include "src/render/proof_book.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cell_shows_what_it_cannot_hold),
#define WORLD(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		WORLD(a_poam_has_every_failure_and_what_was_decided),
		WORLD(a_plan_gives_milestones_and_a_date),
		WORLD(what_is_too_long_is_shortened_and_listed),
		WORLD(no_text_becomes_a_formula),
		WORLD(another_number_of_cells_is_found_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
