/* test_archive.c - files inside files: each is accounted for. */
#include <stdlib.h>

#include <unistd.h>

#include "mkimage.h"
#include "test.h"
#include "muster/cap.h"
#include "muster/import.h"
#include "muster/mem.h"
#include "muster/sha.h"
#include "muster/store.h"
#include "muster/zip.h"
#include "../src/import/import_priv.h"

/* What is told of the members, a line each. */
static void tell(void *ctx, const char *name, const struct import_result *res,
    const struct err *err)
{
	static const char *const words[] = {
		[IMPORT_DONE] = "done", [IMPORT_DUPLICATE] = "duplicate",
		[IMPORT_REFUSED] = "refused",
		[IMPORT_NO_EVIDENCE] = "no evidence"
	};

	str_addf(ctx, "%s %s%s\n", name, words[res->status],
	    err->kind == ERR_INPUT && res->status == IMPORT_REFUSED ?
	    " for its content" : "");
}

static int64_t artifacts(struct store *st)
{
	struct err err = ERR_INIT;
	struct query q;
	int64_t n = 0;

	query_open(&q, st, SQL_ARTIFACT_IDS, NOBIND);
	while (query_next(&q, &err) > 0)
		n++;
	query_close(&q);
	assert_int_equal(err.kind, ERR_NONE);
	return n;
}

static const struct row {
	const char *path, *members;
	int64_t artifacts, read, stored, merged, unplaced;
} rows[] = {
	/* the symbolic link is counted and not followed */
	{ "samples/archive/reports.tar.gz",
	    "!README.md no evidence\n"
	    "!scan-results/grype.json done\n"
	    "!scan-results/again.json duplicate\n"
	    "!scan-results/cut.json refused for its content\n",
	    2, 5, 1, 1, 3 },
	{ "samples/archive/reports.zip",
	    "!README.md no evidence\n!scan-results/grype.json done\n",
	    2, 2, 1, 0, 1 },
	/* an attestation's signature, and what it says */
	{ "samples/cosign/sbom.dsse.json", "!predicate done\n",
	    2, 2, 2, 0, 0 },
	{ "samples/cosign/vat.dsse.json", "!predicate done\n",
	    2, 2, 2, 0, 0 },
	{ "samples/cosign/scan.dsse.json", "!predicate done\n",
	    2, 2, 2, 0, 0 },
	{ "samples/cosign/vex.dsse.json", "!predicate done\n",
	    2, 2, 2, 0, 0 },
	{ "samples/cosign/reports.intoto.jsonl",
	    "!line:1/predicate done\n!line:2/predicate done\n",
	    3, 4, 4, 0, 0 },
	{ "samples/cosign/provenance.dsse.json", "", 1, 1, 1, 0, 0 },
};

static void every_member_is_accounted_for(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err err = ERR_INIT;
		struct store *st = store_open(":memory:", STORE_CREATE, &err);
		struct str told = STR_INIT;
		const struct import_opts opts = {
			.member = tell, .ctx = &told
		};
		struct import_result res;

		assert_ok(import_file(st, rows[i].path, &opts, &res, &err),
		    &err);
		assert_string_equal(str_text(&told), rows[i].members);
		assert_int_equal(artifacts(st), rows[i].artifacts);
		assert_int_equal(res.read, rows[i].read);
		assert_int_equal(res.stored, rows[i].stored);
		assert_int_equal(res.merged, rows[i].merged);
		assert_int_equal(res.unplaced, rows[i].unplaced);
		str_free(&told);
		store_close(st);
	}
}

static void a_member_known_already_is_the_same_file(void **state)
{
	struct err err = ERR_INIT;
	struct store *st = store_open(":memory:", STORE_CREATE, &err);
	struct str told = STR_INIT;
	const struct import_opts opts = { .member = tell, .ctx = &told };
	struct import_result res;

	(void)state;
	assert_ok(import_file(st, "samples/grype/small.json", &opts, &res,
	    &err), &err);
	assert_ok(import_file(st, "samples/archive/reports.zip", &opts, &res,
	    &err), &err);
	assert_non_null(strstr(str_text(&told), "grype.json duplicate"));
	assert_int_equal(artifacts(st), 2);
	str_free(&told);
	store_close(st);
}

static void an_archive_without_evidence_leaves_nothing(void **state)
{
	struct err err = ERR_INIT;
	struct store *st = store_open(":memory:", STORE_CREATE, &err);
	struct import_opts opts = { .batch = "test:1" };
	struct import_result res;

	(void)state;
	assert_int_equal(import_file(st, "samples/archive/nothing.zip", &opts,
	    &res, &err), -1);
	assert_int_equal(res.status, IMPORT_REFUSED);
	assert_int_equal(artifacts(st), 0);
	store_close(st);
}

/* What the predicate is about is its statement's subject. */
static void a_predicate_is_about_the_subject(void **state)
{
	static const struct {
		const char *path, *record;
	} predicates[] = {
		{ "samples/cosign/sbom.dsse.json", "MEMBER|start|predicate|"
		  "repodigest|registry.example.mil/shop/web@sha256:"
		  "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
		  "bbbb|" },
		/* two images: which of them it describes nobody knows */
		{ "samples/cosign/several.dsse.json",
		  "MEMBER|start|predicate|-|-|" },
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct err err = ERR_INIT;
		struct memo m;

		memo_init(&m);
		assert_ok(memo_import(&m, predicates[i].path, NULL, &err),
		    &err);
		if (memo_count(&m, predicates[i].record) != 1)
			fail_msg("%s", str_text(&m.text));
		assert_int_equal(memo_count(&m, "WARNING|"), i);
		memo_free(&m);
	}
}

static void a_member_gets_the_identity_it_came_with(void **state)
{
	struct err err = ERR_INIT;
	struct store *st = store_open(":memory:", STORE_CREATE, &err);
	struct import_opts opts = { .batch = "test:1" };
	struct import_result res;
	int found = 0;

	(void)state;
	assert_ok(import_file(st, "samples/cosign/sbom.dsse.json", &opts, &res,
	    &err), &err);
	for (int64_t target = 1; target < 9; target++) {
		struct query q;

		query_open(&q, st, SQL_ATTACH_IDENTITIES, BIND(V(target)));
		while (query_next(&q, &err) > 0)
			found += str_eq(query_text(&q, 0), "repodigest") &&
			    str_contains(query_text(&q, 1), "@sha256:bbbbbb");
		query_close(&q);
	}
	assert_int_equal(found, 1);
	store_close(st);
}

/* ---------------------------------------------------------------- limits */

/* Send a member of len bytes to a nest whose archive held that much before
 * it; the answer of the last step. */
static int take(int64_t members, int64_t before, int64_t own, struct err *err)
{
	struct together all = { members, before };
	const struct import_opts opts = { .batch = "test:1" };
	const struct intake in = { .opts = &opts, .together = &all };
	struct nest nest = { .in = &in, .name = "a.tar", .fd = -1 };
	const struct rec start = { REC_MEMBER, 5, {
		{ "start", 5 }, { "x.json", 6 } } };
	const struct rec data = { REC_MEMBER, 5, {
		{ "data", 4 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 },
		{ "12", 2 } } };
	int rc = member_take(&nest, &start, NULL, err);

	nest.bytes = own;
	if (rc == 0)
		rc = member_take(&nest, &data, NULL, err);
	member_drop(&nest);
	return rc;
}

static void too_much_in_an_archive_is_refused(void **state)
{
	const struct {
		int64_t members, before, own;
		const char *says;		/* NULL: it is taken */
	} limits[] = {
		{ cap(CAP_MEMBERS) - 1, 0, 0, NULL },
		{ cap(CAP_MEMBERS), 0, 0, "the limit is 20000 files" },
		{ 0, 0, cap(CAP_MEMBER_BYTES) - 2, NULL },
		{ 0, 0, cap(CAP_MEMBER_BYTES) - 1, "x.json in it is too long" },
		{ 0, cap(CAP_MEMBERS_BYTES) - 2, 0, NULL },
		{ 0, cap(CAP_MEMBERS_BYTES) - 1, 0, "with the files before it" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		struct err err = ERR_INIT;
		int rc = take(limits[i].members, limits[i].before,
		    limits[i].own, &err);

		assert_int_equal(rc, limits[i].says == NULL ? 0 : -1);
		if (limits[i].says != NULL)
			assert_non_null(strstr(err.text, limits[i].says));
	}
}

/* A member is unpacked within its reader's limit, and not a byte more. */
static void a_zip_member_is_as_long_as_its_reader_allows(void **state)
{
	struct str all = STR_INIT, out = STR_INIT;
	struct err err = ERR_INIT;
	char buf[4096];
	FILE *f = fopen("samples/archive/reports.zip", "rb");
	const char *name;
	size_t n, whole = 0;

	(void)state;
	assert_non_null(f);
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		str_addn(&all, buf, n);
	fclose(f);
	for (int i = 0; i < 3; i++) {
		struct zip *z = zip_open(all.s, all.len, &err);

		assert_non_null(z);
		assert_int_equal(zip_next(z, &name, &err), 1);
		str_clear(&out);
		assert_int_equal(zip_content(z, i == 0 ? SIZE_MAX : i == 1 ?
		    whole : whole - 1, &out, &err), i < 2);
		whole = i == 0 ? out.len : whole;
		zip_close(z);
	}
	assert_true(whole > 1);
	str_free(&all);
	str_free(&out);
}

static void write_file(const char *path, const struct str *bytes)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes->s, 1, bytes->len, f), bytes->len);
	assert_int_equal(fclose(f), 0);
}

/* A report in a tar in a tar ...: levels of them. */
static void nested(struct str *out, int levels)
{
	static const char report[] = "{\"matches\": [], \"descriptor\": "
	    "{\"name\": \"grype\", \"version\": \"0.80.0\"}}";
	struct str inner = STR_INIT;

	str_add(&inner, report);
	for (int i = 0; i < levels; i++) {
		str_clear(out);
		mk_raw(out, i == 0 ? "grype.json" : "inner.log", '0', 0644,
		    "", inner.s, inner.len);
		for (int zero = 0; zero < 1024; zero++)
			str_addc(out, '\0');
		str_clear(&inner);
		str_addn(&inner, out->s, out->len);
	}
	str_free(&inner);
}

static void archives_in_archives_end_somewhere(void **state)
{
	char path[] = "/tmp/muster-test-XXXXXX";
	struct str tar = STR_INIT;
	int fd = mkstemp(path), deepest = (int)cap(CAP_MEMBER_DEPTH);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	for (int levels = deepest; levels <= deepest + 1; levels++) {
		struct err err = ERR_INIT;
		struct store *st = store_open(":memory:", STORE_CREATE, &err);
		struct str told = STR_INIT;
		const struct import_opts opts = {
			.member = tell, .ctx = &told
		};
		struct import_result res;
		int rc;

		nested(&tar, levels);
		write_file(path, &tar);
		rc = import_file(st, path, &opts, &res, &err);
		assert_int_equal(rc, levels == deepest ? 0 : -1);
		assert_int_equal(artifacts(st), rc == 0 ? levels + 1 : 0);
		if (rc < 0)
			assert_non_null(strstr(err.text, "none of the"));
		else
			assert_non_null(strstr(str_text(&told),
			    "grype.json done"));
		str_free(&told);
		store_close(st);
	}
	str_free(&tar);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_member_is_accounted_for),
		cmocka_unit_test(a_member_known_already_is_the_same_file),
		cmocka_unit_test(an_archive_without_evidence_leaves_nothing),
		cmocka_unit_test(a_predicate_is_about_the_subject),
		cmocka_unit_test(a_member_gets_the_identity_it_came_with),
		cmocka_unit_test(too_much_in_an_archive_is_refused),
		cmocka_unit_test(a_zip_member_is_as_long_as_its_reader_allows),
		cmocka_unit_test(archives_in_archives_end_somewhere),
	};

	return cmocka_run_group_tests_name("archive", tests, NULL, NULL);
}
