/*
 * test_lists.c - lists of approved bases and of what registries hold, and the
 * CSV some of them are in.
 */
#include "test.h"
#include "muster/cap.h"
#include "muster/csv.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/store.h"
#include "muster/str.h"

#define UBI94	"sha256:28c943b1c5d4a4332240b9ef78d2df21f8b0c7c437f444bf8e5e0bb959c1e872"
#define L1	"sha256:2804bad6fe94a55f18b2b37e300919a5fd517b95aa81e95db574c0ba069a3740"
#define L2	"sha256:8a1cee436cbac1489a1883c9d886fcfc46f302c55ed4106ae31729e4f4eb9041"
#define WEB14	"sha256:f520c055cb7ae12cf4b5389239f3b9f353cbdbd2bf399736d81bd7756fd51ce7"
#define WEB13	"sha256:593df096ebd599ae05f0d5f24e0936c1d5478b587cc5559c78e4b28f13b576a6"

/* A sample, how many records, and lines among them. */
static const struct {
	const char *file;
	int listings, warnings, read, unplaced;
	const char *lines[8];
} rows[] = {
	{ "samples/base_list/approved.json", 3, 0, 3, 0, {
	    "META|produced|2026-11-20\n",
	    "LISTING|0|approved|registry1.dso.mil/ironbank/redhat/ubi/ubi9|"
	    "9.4|" UBI94 "|", "|" L1 "\n" L2 "|2026-10-30T10:00:00Z|"
	    "Iron Bank|json:/images/0\n",
	    /* spelled one way; a null is nothing */
	    "LISTING|0|approved|docker.io/library/debian|12.7|",
	    "FACT|0|inventory.source|-|the program's configuration board|",
	    "FACT|0|inventory.date|-|2026-11-20|json:/date\n" } },
	{ "samples/base_list/approved.csv", 2, 1, 3, 1, {
	    "|" L1 "\n" L2 "|2026-10-30|Iron Bank|line:4\n",
	    "WARNING|line:6|an entry is left out, a diff_id of it is no "
	    "sha256 digest: debian:12.8\n",
	    "FACT|0|inventory.date|-|2026-11-20|line:1\n" } },
	{ "samples/inventory/registry.json", 2, 1, 3, 1, {
	    "LISTING|0|inventory|registry.example.mil/web|1.3|" WEB13
	    "|-|-|2026-08-01T00:00:00Z|-|json:/images/1\n",
	    "WARNING|json:/images/2|an entry is left out, what stands for "
	    "its reference is none" } },
	{ "samples/inventory/registry.csv", 1, 0, 1, 0, {
	    "|1.4|" WEB14 "|-|-|2026-11-01|-|line:3\n" } },
	{ "samples/inventory/undated.csv", 1, 1, 1, 0, {
	    "|1.4|" WEB14 "|-|-|-|-|line:2\n",
	    "\"yesterday\" is no date" } },
	{ "samples/skopeo/list-tags.json", 3, 0, 3, 0, {
	    "LISTING|0|inventory|docker.io/library/web|latest|-|-|-|-|-|"
	    "json:/Tags/2\n" } },
	{ "samples/skopeo/inspect.json", 3, 0, 3, 0, {
	    "LISTING|0|inventory|registry.example.mil/web|1.3|-|-|-|-|-|"
	    "json:/RepoTags/0\n",
	    /* blobs are no diff_ids */
	    "LISTING|0|inventory|registry.example.mil/web|-|" WEB14 "|-|-|"
	    "2026-11-01T00:00:00Z|-|json:/Digest\n" } },
	{ "samples/harbor/artifacts.json", 3, 2, 5, 2, {
	    "LISTING|0|inventory|*/library/team/web|latest|" WEB14,
	    "LISTING|0|inventory|*/library/team/web|-|" WEB13,
	    "WARNING|json:/2|CHART", "it is no image\n",
	    "nothing says which repository it is of",
	    "FACT|0|inventory.date|its newest push or pull|"
	    "2026-11-01T08:00:00.123Z|json:/0/push_time\n" } },
};

static void every_entry_is_listed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err err = ERR_INIT;
		struct memo m;

		memo_init(&m);
		assert_ok(memo_import(&m, rows[i].file, NULL, &err), &err);
		for (size_t j = 0; j < 8 && rows[i].lines[j] != NULL; j++)
			if (memo_count(&m, rows[i].lines[j]) == 0)
				fail_msg("%s: no \"%s\" in\n%s", rows[i].file,
				    rows[i].lines[j], str_text(&m.text));
		assert_int_equal(m.kinds[REC_LISTING], rows[i].listings);
		assert_int_equal(m.kinds[REC_WARNING], rows[i].warnings);
		assert_int_equal(m.sink.counts[COUNT_READ], rows[i].read);
		assert_int_equal(m.sink.counts[COUNT_UNPLACED],
		    rows[i].unplaced);
		memo_free(&m);
	}
}

/* Text as a file; the error it is refused with. */
static void refused(const char *text, const char *importer, const char *says)
{
	struct input *in = input_open_mem(text, strlen(text), "list");
	struct err err = ERR_INIT;
	const struct importer *imp = import_choose(in, importer, &err);
	struct memo m;

	memo_init(&m);
	assert_non_null(imp);
	assert_int_equal(import_run(imp, in, &m.sink, &err), -1);
	if (strstr(err.text, says) == NULL)
		fail_msg("no \"%s\" in \"%s\"", says, err.text);
	memo_free(&m);
	input_close(in);
}

static void lists_that_are_none_are_refused(void **state)
{
	(void)state;
	refused("{\"muster-inventory\":2,\"images\":[]}", NULL, "is not 1");
	refused("{\"muster-inventory\":1}", NULL, "no \"images\"");
	refused("{\"muster-inventory\":1,\"images\":[{\"tag\":\"1\"}]}",
	    NULL, "\"tag\" is no member");
	refused("{\"muster-inventory\":1,\"images\":[],\"sorce\":\"x\"}",
	    NULL, "\"sorce\" is no member");
	refused("{\"muster-inventory\":1,\"images\":{}}", NULL, "no array");
	refused("{\"muster-approved-bases\":1,\"muster-inventory\":1,"
	    "\"images\":[]}", NULL, "is no member");
	refused("{\"images\":[]}", "inventory", "no \"muster-inventory\"");
	refused("reference,manifest\n", "inventory", "another heading");
	refused("#date,2026-01-01\n", "inventory", "no heading");
	refused("{\"Repository\":7,\"Tags\":[[]]}", "skopeo", "an array");
	refused("{\"Layers\":[]}", "skopeo", "skopeo list-tags");
	refused("[{\"digest\":[],\"push_time\":\"\"}]", "harbor", "an array");
}

static int join(void *ctx, const struct csv_row *row, struct err *err)
{
	struct str *out = ctx;

	(void)err;
	str_addf(out, "%lld", (long long)row->line);
	for (size_t i = 0; i < row->n; i++)
		str_addf(out, "[%s]", row->field[i]);
	return 0;
}

static void csv_is_split_as_the_rfc_says(void **state)
{
	static const struct {
		const char *text, *rows;	/* NULL: refused */
		const char *says;
	} csv[] = {
		{ "a,b\nc,d\n", "1[a][b]2[c][d]", "" },
		{ "a,b\r\n\r\nc", "1[a][b]3[c]", "" },
		{ "\"a,b\",\"c\"\"d\",\n", "1[a,b][c\"d][]", "" },
		{ "\"a\nb\"\nc\n", "1[a\nb]3[c]", "" },
		{ ",\n", "1[][]", "" },
		{ "\"\"\n", "1[]", "" },
		{ "", "", "" },
		{ "a\"b\n", NULL, "a quote inside" },
		{ "\"a\"b\n", NULL, "behind a closing quote" },
		{ "x\n\"a\n", NULL, "never closed" },
		{ "a\rb\n", NULL, "carriage return" },
		{ "a\xff\n", NULL, "no UTF-8" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(csv) / sizeof(csv[0]); i++) {
		struct input *in = input_open_mem(csv[i].text,
		    strlen(csv[i].text), "t.csv");
		struct str out = STR_INIT;
		struct err err = ERR_INIT;
		int rc = csv_read(in, join, &out, &err);

		assert_int_equal(rc, csv[i].rows != NULL ? 0 : -1);
		if (rc == 0)
			assert_string_equal(str_text(&out), csv[i].rows);
		else if (strstr(err.text, csv[i].says) == NULL)
			fail_msg("%s: \"%s\"", csv[i].says, err.text);
		str_free(&out);
		input_close(in);
	}
}

static void csv_has_its_caps(void **state)
{
	struct str text = STR_INIT, out = STR_INIT;
	struct err err = ERR_INIT;
	struct input *in;

	(void)state;
	for (int i = 0; i < cap(CAP_CSV_FIELDS); i++)
		str_addc(&text, ',');
	in = input_open_mem(text.s, text.len, "t.csv");
	assert_int_equal(csv_read(in, join, &out, &err), -1);
	assert_non_null(strstr(err.text, "--cap csv-fields=N"));
	input_close(in);
	str_clear(&text);
	for (int i = 0; i <= cap(CAP_CSV_ROW); i++)
		str_addc(&text, 'a');
	err = (struct err)ERR_INIT;
	in = input_open_mem(text.s, text.len, "t.csv");
	assert_int_equal(csv_read(in, join, &out, &err), -1);
	assert_non_null(strstr(err.text, "too long"));
	input_close(in);
	str_free(&text);
	str_free(&out);
}

/* No cell begins a formula, also not behind blanks, and none carries what a
 * terminal or a reader would take for more than text. */
static void cells_of_csv_are_only_text(void **state)
{
	static const struct {
		const char *text, *cell;
	} cells[] = {
		{ "", "" },
		{ "plain", "plain" },
		{ "a,b", "\"a,b\"" },
		{ "say \"x\"", "\"say \"\"x\"\"\"" },
		{ "two\nlines", "\"two\nlines\"" },
		{ "=1+1", "\"'=1+1\"" },
		{ "+1", "\"'+1\"" },
		{ "-1", "\"'-1\"" },
		{ "@SUM(A1)", "\"'@SUM(A1)\"" },
		{ "\t=1", "\"'\t=1\"" },
		{ "  =1", "\"'  =1\"" },
		{ "\n=1", "\"'\n=1\"" },
		{ "   ", "   " },
		{ "a\033[31mb", "a\\x1b[31mb" },
		{ "a\302\233b", "a\\u009bb" },
		{ "a\342\200\256b", "a\\u202eb" },
		{ "a\357\277\276b", "a\\ufffeb" },
		{ "\303\266", "\303\266" },
	};
	struct str out = STR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		str_clear(&out);
		query_row_cell(&out, cells[i].text);
		assert_string_equal(str_text(&out), cells[i].cell);
	}
	str_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_entry_is_listed),
		cmocka_unit_test(lists_that_are_none_are_refused),
		cmocka_unit_test(csv_is_split_as_the_rfc_says),
		cmocka_unit_test(csv_has_its_caps),
		cmocka_unit_test(cells_of_csv_are_only_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
