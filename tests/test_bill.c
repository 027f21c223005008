/*
 * test_bill.c - a bill of materials, a checklist of several STIGs or a file of
 * the whole system that is not as it was written is found out before it gets
 * its name.
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
#include "src/render/bom.h"
#include "src/render/render_priv.h"
#include "src/render/system.h"

#define GOLDEN "tests/golden/render/"

struct world {
	char		 dir[64], path[128];
	struct store	*store;
	struct render	 r;
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

static int setup(void **state)
{
	struct world *w = mem_alloc(sizeof(*w));
	struct err err = ERR_INIT;
	struct str sql = STR_INIT;
	sqlite3 *raw;

	strcpy(w->dir, "/tmp/muster-bill-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	w->store = store_open(in(w, "muster.db"), STORE_CREATE, &err);
	assert_non_null(w->store);
	slurp(GOLDEN "fixture.sql", &sql);
	assert_int_equal(sqlite3_open(in(w, "muster.db"), &raw), SQLITE_OK);
	assert_int_equal(sqlite3_exec(raw, str_text(&sql), NULL, NULL, NULL),
	    SQLITE_OK);
	sqlite3_close(raw);
	str_free(&sql);
	w->r.store = w->store;
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;
	char cmd[128];

	store_close(w->store);
	snprintf(cmd, sizeof(cmd), "rm -rf '%s'", w->dir);
	assert_int_equal(system(cmd), 0);
	free(w);
	return 0;
}

/* By its name, or by its place. */
static const struct output *output(const char *name)
{
	const struct output *o;

	for (size_t i = 0; (o = render_table(i)) != NULL; i++)
		if (strcmp(o->name, name) == 0 || strcmp(o->place, name) == 0)
			return o;
	fail_msg("no output %s", name);
	return NULL;
}

/* In a golden file one text is another; what is said of it? */
static const struct row {
	const char *golden, *output, *from, *to, *says;
} rows[] = {
	{ "cyclonedx.json", "cyclonedx", "", "", NULL },
	{ "cyclonedx.json", "cyclonedx", "\"name\": \"libc6\"",
	  "\"name\": \"\"", "no id or no name" },
	{ "cyclonedx.json", "cyclonedx", "\"id\": \"CVE-2026-2\"",
	  "\"id\": \"\"", "no id or no name" },
	{ "cyclonedx.json", "cyclonedx", "\"affects\": [{\"ref\": \"",
	  "\"affects\": [{\"ref\": \"1", "no id or no name" },
	{ "cyclonedx.json", "cyclonedx", "\"affects\": [{\"ref\"",
	  "\"affects\": [{\"no\"", "the database 2 and 2" },
	{ "cyclonedx.json", "cyclonedx", "\"vulnerabilities\": [",
	  "\"vulnerabilities\": [], \"x\": [", "the database 2 and 2" },
	{ "cyclonedx.json", "cyclonedx", "\"components\": [\n",
	  "\"components\": [], \"x\": [\n", "which is not there" },
	{ "cyclonedx.json", "cyclonedx", "\"vulnerabilities\"", "",
	  "cannot be read" },
	{ "checklist.ckl", "ckl", "", "", NULL },
	{ "checklist.ckl", "ckl", ">Some_STIG<", "><", "an empty id" },
	{ "checklist.ckl", "ckl", ">Some_STIG<", ">Another<",
	  "it lacks the STIG Some_STIG" },
	{ "checklist.ckl", "ckl", "SV-2r1_rule</A", "SV-1r1_rule</A",
	  "is there twice" },
	{ "checklist.ckl", "ckl", "SV-2r1_rule</A", "</A", "an empty id" },
	{ "checklist.ckl", "ckl", "</STIGS>", "<iSTIG></iSTIG></STIGS>",
	  "a STIG of it has no id" },
	{ "checklist.ckl", "ckl", "</CHECKLIST>", "", "cannot be read" },
	{ "checklist.cklb", "cklb", "", "", NULL },
	{ "checklist.cklb", "cklb", "\"stig_id\": \"Some_STIG\"",
	  "\"stig_id\": \"Another\"", "it lacks the STIG Some_STIG" },
	{ "checklist.cklb", "cklb", "\"rule_id_src\": \"SV-2r1_rule\"",
	  "\"rule_id_src\": \"SV-1r1_rule\"", "is there twice" },
	{ "system-oscal-ar.json", "oscal-ar.json", "", "", NULL },
	{ "system-oscal-ar.json", "oscal-ar.json", "\"value\": \"not_reviewed\"",
	  "\"value\": \"pass\"", "verdicts of a kind" },
	{ "system-oscal-ar.json", "oscal-ar.json", "\"observation-uuid\": \"",
	  "\"observation-uuid\": \"0", "an id of it is none" },
	{ "system-oscal-ar.json", "oscal-ar.json", "\"results\": [",
	  "\"results\": [], \"x\": [", "0 subjects of 3" },
	{ "system-oscal-ar.json", "oscal-ar.json", "\"results\"", "",
	  "cannot be read" },
	{ "system-oscal-poam.json", "oscal-poam.json", "", "", NULL },
	{ "system-oscal-poam.json", "oscal-poam.json", "\"poam-items\": [",
	  "\"poam-items\": [], \"x\": [", "verdicts of a kind" },
	{ "system-emass.json", "emass.json", "", "", NULL },
	{ "system-emass.json", "emass.json", "\"status\": \"Pass\"",
	  "\"status\": \"Fail\"", "verdicts of a kind" },
};

static void what_was_changed_is_found(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		const struct making m = { &w->r, NULL, output(r->output), 1,
			"" };
		struct str text = STR_INIT;
		struct err err = ERR_INIT;
		char name[128], *at;
		int fd, rc;

		snprintf(name, sizeof(name), GOLDEN "%s", r->golden);
		slurp(name, &text);
		at = strstr(str_text(&text), r->from);
		assert_non_null(at);
		fd = open(in(w, "it"), O_RDWR | O_CREAT | O_TRUNC, 0600);
		assert_true(fd >= 0);
		dprintf(fd, "%.*s%s%s", (int)(at - text.s), text.s, r->to,
		    at + strlen(r->from));
		rc = strcmp(r->output, "cyclonedx") == 0 ?
		    proof_bom(&m, fd, 2, &err) : m.o->package ?
		    proof_system(&m, fd, str_contains(r->golden, "poam") ?
		    2 : 3, &err) : proof_checklist(&m, fd, &err);
		if (r->says == NULL)
			assert_ok(rc, &err);
		else if (rc == 0 || strstr(err.text, r->says) == NULL)
			fail_msg("row %zu: \"%s\", not \"%s\"", i, rc == 0 ?
			    "" : err.text, r->says);
		close(fd);
		str_free(&text);
	}
}

/* A result that the database does not have: in the last rule of the file. */
static void a_status_is_the_database_s(void **state)
{
	struct world *w = *state;
	const struct making m = { &w->r, NULL, output("ckl"), 1, "" };
	struct str text = STR_INIT;
	struct err err = ERR_INIT;
	char *at, *next;
	int fd = open(in(w, "it"), O_RDWR | O_CREAT | O_TRUNC, 0600);

	slurp(GOLDEN "checklist.ckl", &text);
	at = strstr(text.s, "Some_STIG");
	assert_non_null(at);
	while ((next = strstr(at + 1, "<STATUS>")) != NULL)
		at = next;
	dprintf(fd, "%.*s<STATUS>NotAFinding%s", (int)(at - text.s), text.s,
	    strstr(at, "</STATUS>"));
	assert_int_equal(proof_checklist(&m, fd, &err), -1);
	assert_non_null(strstr(err.text, "Some_STIG are not the database's"));
	close(fd);
	str_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_was_changed_is_found,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(a_status_is_the_database_s,
		    setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
