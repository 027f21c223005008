/*
 * test_caps.c - every cap of cap.def holds: at it all is well, one more is
 * refused and the cap is named.
 *
 * A case lowers its cap, so that files are small, and makes one that needs
 * exactly n of what the cap counts.  A row of the table without a case fails.
 */
#include <signal.h>

#include "caps_image.h"
#include "caps_import.h"
#include "caps_parse.h"
#include "caps_run.h"
#include "caps_said.h"
#include "test.h"

/* ----------------------------------------------------------------------- */

/* Beyond the cap all of it is refused; or the rest is left out, with a word;
 * or (JUDGED) it is refused, and so is what has as much as the cap allows, but
 * for another reason. */
enum ends { REFUSE, WARN, JUDGE };
#define REFUSED(id, at, run) { CAP_##id, at, run, REFUSE }
#define WARNED(id, at, run) { CAP_##id, at, run, WARN }
#define JUDGED(id, at, run) { CAP_##id, at, run, JUDGE }

static const struct one {
	enum cap	which;
	int64_t		at;		/* the cap while it is tried */
	/* Read what needs n; what is said of it goes into s. */
	int		(*run)(int64_t n, struct said *s);
	enum ends	ends;
} cases[] = {
	REFUSED(FILE_BYTES, 200, file_bytes),
	REFUSED(TEXT_BYTES, 200, file_bytes),
	REFUSED(READER_CPU, 1, reader_cpu),
#ifndef SANITIZED
	REFUSED(READER_MEMORY, INT64_C(256) << 20, reader_memory),
#endif
	REFUSED(RECORD_BYTES, 2000, record_bytes),
	REFUSED(UNPACKED_BYTES, 200, unpacked_bytes),
	REFUSED(UNPACK_RATIO, 20, unpack_ratio),
	REFUSED(UNPACK_FREE, 2000, unpack_free),
	REFUSED(ZSTD_WINDOW, 4096, zstd_window),
	REFUSED(MEMBER_BYTES, 200, member_bytes),
	REFUSED(MEMBERS, 3, members),
	REFUSED(MEMBERS_BYTES, 300, members_bytes),
	REFUSED(MEMBER_DEPTH, 2, member_depth),
	REFUSED(JSON_DEPTH, 5, json_depth),
	REFUSED(JSON_KEY, 20, json_key),
	REFUSED(JSON_VALUE, 20, json_value),
	REFUSED(JSON_KEYS, 8, json_keys),
	REFUSED(JSON_KEYS_BYTES, 40, json_keys_bytes),
	REFUSED(XML_DEPTH, 5, xml_depth_of),
	REFUSED(XML_TAG, 40, xml_tag),
	REFUSED(XML_ATTRIBUTES, 3, xml_attributes),
	REFUSED(XML_QUIET, 40, xml_quiet),
	REFUSED(XML_TEXT, 40, xml_text),
	REFUSED(TREE_VALUES, 5, tree_values),
	REFUSED(TREE_BYTES, 20, tree_bytes),
	REFUSED(YAML_DEPTH, 5, yaml_depth),
	REFUSED(YAML_SCALAR, 40, yaml_scalar),
	REFUSED(YAML_ANCHORS, 3, yaml_anchors),
	REFUSED(YAML_MERGES, 3, yaml_merges),
	REFUSED(TOML_DEPTH, 5, toml_depth),
	REFUSED(TOML_DEPTH, 5, toml_parts),
	REFUSED(TOML_TABLES, 3, toml_tables),
	REFUSED(CSV_FIELDS, 5, csv_fields),
	REFUSED(CSV_ROW, 40, csv_row),
	REFUSED(TAR_NAME, 200, tar_name),
	REFUSED(TAR_NAME, 200, tar_link),
	REFUSED(TAR_FILE, 100, tar_file),
	REFUSED(TAR_HOLES, 600, tar_holes),
	REFUSED(ZIP_MEMBERS, 3, zip_members),
	REFUSED(IMAGE_JSON, 1000, image_json),
	REFUSED(IMAGE_MEMBERS, 4, image_members),
	REFUSED(IMAGE_KEPT, 1000, image_kept),
	REFUSED(IMAGE_MANIFESTS, 3, image_manifests),
	REFUSED(IMAGE_INDEX_DEPTH, 2, image_index_depth),
	REFUSED(IMAGE_LAYERS, 3, image_layers),
	WARNED(IMAGE_SIGNATURES, 3, image_signatures),
	WARNED(IMAGE_FILES, 100, image_files),
	WARNED(IMAGE_CREDENTIALS, 3, image_credentials),
	WARNED(IMAGE_PACKAGES, 100, image_packages),
	WARNED(IMAGE_LISTS, 100, image_lists),
	WARNED(IMAGE_SETTINGS, 100, image_settings),
	WARNED(IMAGE_OWNED, 3, image_owned),
	WARNED(IMAGE_OWNERS, 3, image_owners),
	WARNED(IMAGE_DIVERSIONS, 3, image_diversions),
	WARNED(LAYER_ENTRIES, 3, layer_entries),
	WARNED(LAYER_NAMES, 50, layer_names),
	WARNED(LAYER_BODIES, 100, layer_bodies),
	WARNED(LAYER_LANGS, 50, layer_langs),
	WARNED(LANG_TEXT, 200, lang_text),
	WARNED(LANG_TEXT, 200, lang_text_inner),
	WARNED(LANG_ARCHIVE, 300, lang_archive),
	WARNED(LANG_INNER, 3, lang_inner),
	WARNED(LANG_UNPACKED, 100, lang_unpacked),
	WARNED(LANG_FOUND, 50, lang_found),
	WARNED(RPM_VALUE, 800, rpm_value),
	WARNED(RPM_FILES, 3, rpm_files),
	REFUSED(RECORDS, 5, records),
	REFUSED(TARGETS, 3, targets),
	WARNED(WARNINGS, 3, warnings),
	REFUSED(SETTINGS_BYTES, 100, settings_bytes),
	REFUSED(SETTINGS_BYTES, 100, settings_dockerfile),
	REFUSED(DOCUMENT_BYTES, 1000, document_bytes),
	REFUSED(HELD_BYTES, 1000, held_bytes),
	WARNED(LIST_BYTES, 31, list_bytes),
	WARNED(FACT_BYTES, 50, fact_bytes),
	REFUSED(LINE_BYTES, 100, line_bytes),
	WARNED(LINE_BYTES, 100, line_bytes_log),
	REFUSED(BOM_DEPTH, 3, bom_depth),
	REFUSED(BOM_DEPTH, 3, bom_depth_xml),
	REFUSED(TABLE_COLUMNS, 5, table_columns),
	REFUSED(TABLE_COLUMNS, 5, gates_columns),
	REFUSED(XCCDF_BENCHMARKS, 3, xccdf_benchmarks),
	WARNED(XCCDF_TARGETS, 3, xccdf_targets),
	WARNED(CCI_REFERENCES, 3, cci_references),
	WARNED(SPDX_SUBJECTS, 3, spdx_subjects),
	REFUSED(HARBOR_TAGS, 3, harbor_tags),
	WARNED(STATEMENT_SUBJECTS, 3, statement_subjects),
	REFUSED(COMPOSE_EXTENDS, 3, compose_extends),
	REFUSED(DOCKERFILE_STAGES, 3, dockerfile_stages),
	WARNED(DOCKERFILE_VARIABLES, 3, dockerfile_variables),
	REFUSED(KUBERNETES_LISTS, 3, kubernetes_lists),
	REFUSED(KUBERNETES_HELD, 9, kubernetes_held),
	WARNED(KUBERNETES_LABELS, 5, kubernetes_labels),
	WARNED(KUBERNETES_PORTS, 3, kubernetes_ports),
	REFUSED(WALK_DEPTH, 3, walk_depth),
	REFUSED(WALK_FILES, 3, walk_files),
	REFUSED(KEY_BYTES, 100, key_bytes),
	JUDGED(KEY_ROUNDS, 3, key_rounds),
	REFUSED(SIGNATURE_BYTES, 100, signature_bytes),
	REFUSED(SEAL_BYTES, 100, seal_bytes),
	REFUSED(POLICY_BYTES, 100, policy_bytes),
	REFUSED(DECISIONS_BYTES, 100, decisions_bytes),
	REFUSED(TEMPLATE_BYTES, 100, template_bytes),
	JUDGED(TEMPLATE_UNPACKED, 100, template_unpacked),
	JUDGED(TEMPLATE_PARTS, 3, template_parts),
	REFUSED(TEMPLATE_CELLS, 3, template_cells),
	REFUSED(STYLESHEET, 100, stylesheet),
	REFUSED(PACKAGE_MEMBERS, 3, package_members),
	JUDGED(PACKAGE_BYTES, 100, package_bytes),
	JUDGED(PACKAGE_MANIFEST, 100, package_manifest),
	REFUSED(PACKAGE_LINE, 100, package_line),
	REFUSED(RPM_STEPS, 1, rpm_steps),
};
#define NCASES (sizeof(cases) / sizeof(cases[0]))

/* What is said when a file needs n. */
static int needs(const struct one *c, int64_t n, struct said *s)
{
	int rc;

	*s = (struct said){ STR_INIT, ERR_INIT };
	cap_reset();
	assert_int_equal(cap_set(c->which, c->at, &s->err), 0);
	rc = c->run(n, s);
	if (rc < 0 && c->ends == REFUSE && c->which != CAP_STYLESHEET &&
	    c->which != CAP_PACKAGE_MEMBERS && c->which != CAP_PACKAGE_LINE)
		assert_int_equal(s->err.kind, ERR_INPUT);
	return rc;
}

static void a_cap_holds(void **state)
{
	const struct one *c = *state;
	char hint[160];
	struct said s;
	int rc;

	rc = needs(c, c->at, &s);
	snprintf(hint, sizeof(hint), "%s", cap_hint(c->which));
	if ((rc < 0 && c->ends != JUDGE) ||
	    str_contains(str_text(&s.text), hint))
		fail_msg("%lld: %s", (long long)c->at, str_text(&s.text));
	str_free(&s.text);
	rc = needs(c, c->at + 1, &s);
	if ((rc < 0) == (c->ends == WARN))
		fail_msg("%lld is not refused", (long long)c->at + 1);
	if (!str_contains(str_text(&s.text), hint))
		fail_msg("not \"%s\" but: %s", hint, str_text(&s.text));
	str_free(&s.text);
	cap_reset();
}

static void every_cap_has_a_case(void **state)
{
	(void)state;
	for (int i = 0; i < CAPS; i++) {
		size_t n = 0;

		for (size_t k = 0; k < NCASES; k++)
			n += cases[k].which == (enum cap)i;
#ifdef SANITIZED
		n += i == CAP_READER_MEMORY;
#endif
		if (n == 0)
			fail_msg("%s has no case", cap_row((enum cap)i)->name);
	}
}

static void the_table_is_in_order(void **state)
{
	(void)state;
	for (int i = 0; i < CAPS; i++) {
		const struct cap_row *r = cap_row((enum cap)i);

		if (r->least > r->usual || r->usual > r->most || r->least < 0
		    || strspn(r->name, "abcdefghijklmnopqrstuvwxyz-") !=
		    strlen(r->name) || strlen(r->name) > 20)
			fail_msg("%s", r->name);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(r->name,
			    cap_row((enum cap)k)->name);
	}
	/* what arrays hold */
	assert_true(cap_row(CAP_IMAGE_INDEX_DEPTH)->most <= 32);
	assert_true(cap_row(CAP_JSON_DEPTH)->most <= NODE_DEEPEST);
	assert_true(cap_row(CAP_YAML_DEPTH)->most <= NODE_DEEPEST);
	assert_true(cap_row(CAP_XML_DEPTH)->most <= XML_DEEPEST);
	assert_true(cap_row(CAP_CSV_FIELDS)->most <= CSV_FIELDS);
}

/* What recurses, or libraries limit, holds as deep as a cap can be set. */
static void the_deepest_is_no_trouble(void **state)
{
	static const struct one deep[] = {
		REFUSED(JSON_DEPTH, 0, json_depth),
		REFUSED(XML_DEPTH, 0, xml_depth_of),
		REFUSED(YAML_DEPTH, 0, yaml_depth),
		REFUSED(TOML_DEPTH, 0, toml_depth),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(deep) / sizeof(deep[0]); i++) {
		int64_t most = cap_row(deep[i].which)->most;
		struct said s = { STR_INIT, ERR_INIT };

		assert_ok(cap_set(deep[i].which, most, &s.err), &s.err);
		assert_ok(deep[i].run(most, &s), &s.err);
		assert_int_equal(deep[i].run(most + 1, &s), -1);
		assert_true(str_contains(s.text.s, "allows no more"));
		str_free(&s.text);
		cap_reset();
	}
}

static const struct {
	const char *text;
	int64_t gives;			/* -1: refused */
	const char *says;
} flags[] = {
	{ "json-value=17", 17, "17" },
	{ "json-value=2K", 2048, "2K" },
	{ "json-value=3M", 3 << 20, "3M" },
	{ "json-value=1024K", 1 << 20, "1M" },
	{ "json-value=512M", 512 << 20, "512M" },
	{ "json-value=513M", -1, "--cap json-value takes 1 to 512M" },
	{ "json-value=0", -1, "takes 1 to 512M" },
	{ "json-value=", -1, "takes 1 to 512M" },
	{ "json-value=-1", -1, "takes 1 to 512M" },
	{ "json-value=1KK", -1, "takes 1 to 512M" },
	{ "json-value=1k", -1, "takes 1 to 512M" },
	{ "json-value=1s", -1, "takes 1 to 512M" },
	{ "json-value=1 ", -1, "takes 1 to 512M" },
	{ "json-value=99999999999999999999", -1, "takes 1 to 512M" },
	{ "json-value=9999999999999T", -1, "takes 1 to 512M" },
	{ "json-value", -1, "--cap json-value needs a value" },
	{ "json-valu=1", -1, "no cap is called \"json-valu\"" },
	{ "=1", -1, "no cap is called \"\"" },
	{ "", -1, "no cap is called \"\"" },
	{ "json-depth=1K", -1, "takes 1 to 1000" },
	{ "json-depth=30", 30, "30" },
	{ "reader-cpu=90", 90, "90s" },
	{ "reader-cpu=90s", 90, "90s" },
	{ "reader-cpu=90M", -1, "takes 1s to 604800s" },
};

static void a_flag_sets_what_it_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		const char *text = flags[i].text;
		enum cap which = text[0] == 'r' ? CAP_READER_CPU :
		    str_starts(text, "json-d") ? CAP_JSON_DEPTH :
		    CAP_JSON_VALUE;
		struct err err = ERR_INIT;
		struct str is = STR_INIT;

		cap_reset();
		if (cap_flag(text, &err) < 0) {
			assert_int_equal(flags[i].gives, -1);
			assert_int_equal(err.kind, ERR_USAGE);
			str_add(&is, err.text);
		} else {
			assert_int_equal(cap(which), flags[i].gives);
			cap_spell(&is, which, cap(which));
		}
		if (!str_contains(is.s, flags[i].says))
			fail_msg("%s: %s", text, is.s);
		str_free(&is);
	}
	cap_reset();
}

/* What is recorded with a file is what a replay puts in force. */
static void changed_caps_come_back(void **state)
{
	struct err err = ERR_INIT;
	struct str told = STR_INIT;

	(void)state;
	cap_reset();
	cap_changed(&told);
	assert_int_equal(told.len, 0);
	assert_ok(cap_flag("json-depth=30", &err), &err);
	assert_ok(cap_flag("reader-cpu=5s", &err), &err);
	cap_changed(&told);
	assert_string_equal(told.s, "reader-cpu=5s json-depth=30");
	cap_reset();
	assert_ok(cap_flag("json-key=2M", &err), &err);
	assert_ok(cap_restore(told.s, &err), &err);
	assert_int_equal(cap(CAP_JSON_DEPTH), 30);
	assert_int_equal(cap(CAP_READER_CPU), 5);
	assert_int_equal(cap(CAP_JSON_KEY), cap_row(CAP_JSON_KEY)->usual);
	/* no package raises one by itself */
	cap_reset();
	assert_int_equal(cap_restore("json-depth=201", &err), -1);
	assert_int_equal(err.kind, ERR_USAGE);
	assert_true(str_contains(err.text, "--cap json-depth=201 allows"));
	cap_reset();
	assert_ok(cap_flag("json-depth=201", &err), &err);
	assert_ok(cap_restore("json-depth=201", &err), &err);
	cap_reset();
	assert_int_equal(cap_restore("json-depht=20", &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_int_equal(cap_restore("json-depth=1001", &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	cap_reset();
	str_free(&told);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(every_cap_has_a_case),
		cmocka_unit_test(the_table_is_in_order),
		cmocka_unit_test(the_deepest_is_no_trouble),
		cmocka_unit_test(a_flag_sets_what_it_says),
		cmocka_unit_test(changed_caps_come_back),
	};
	struct CMUnitTest all[NCASES];

	signal(SIGXFSZ, SIG_IGN);	/* as main() does */
	for (size_t i = 0; i < NCASES; i++)
		all[i] = (struct CMUnitTest){
			.name = cap_row(cases[i].which)->name,
			.test_func = a_cap_holds,
			.initial_state = (void *)(uintptr_t)&cases[i]
		};
	return cmocka_run_group_tests_name("caps", all, NULL, NULL) +
	    cmocka_run_group_tests_name("the table of caps", others, NULL,
	    NULL);
}
