/* test_decision.c - what a decision needs, what it covers, and that nobody
 * changes what was said. */
#include "test.h"

#include <sqlite3.h>
#include <string.h>

#include "muster/date.h"
#include "muster/decision.h"
#include "story.h"

#define WEB "sha256:736876aa19a0a5edbacafbd14324eb46d7302c0eb4921cabe02889bb677e9819"
#define BASE "registry.example.mil/base/debian12"

static const char *const day[] = {
	"2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z"
};

static struct decision_new waiver(const char *requirement, const char *finding)
{
	struct decision_new d = { .at = day[0] };

	d.field[DECISION_kind] = "waiver";
	d.field[DECISION_requirement] = requirement;
	d.field[DECISION_finding] = finding;
	d.field[DECISION_image] = WEB;
	d.field[DECISION_until] = "2027-01-01";
	d.field[DECISION_why] = "a reason";
	d.field[DECISION_by] = "ann";
	return d;
}

static struct store *assessed(void)
{
	struct store *st = story_open();

	story_file(st, "samples/story/web-1.4.docker.tar.gz");
	story_file(st, "samples/story/grype.json");
	story_assess(st, NULL);
	return st;
}

static void durations_are_dates(void **state)
{
	static const struct {
		const char *from, *text, *until;
	} rows[] = {
		{ "2026-11-23T00:00:00Z", "2027-03-01", "2027-03-01T00:00:00Z" },
		{ "2026-11-23T00:00:00Z", "2027-03-01T12:00:00+02:00",
		  "2027-03-01T10:00:00Z" },
		{ "2026-11-23T10:20:30Z", "P90D", "2027-02-21T10:20:30Z" },
		{ "2026-11-30T00:00:00Z", "P3M", "2027-02-28T00:00:00Z" },
		{ "2027-11-30T00:00:00Z", "P3M", "2028-02-29T00:00:00Z" },
		{ "2028-02-29T00:00:00Z", "P1Y", "2029-02-28T00:00:00Z" },
		{ "2026-11-23T00:00:00Z", "P1Y6M2W1D", "2028-06-07T00:00:00Z" },
		{ "2026-11-23T00:00:00Z", "P", NULL },
		{ "2026-11-23T00:00:00Z", "P1H", NULL },
		{ "2026-11-23T00:00:00Z", "PT1H", NULL },
		{ "2026-11-23T00:00:00Z", "P-1D", NULL },
		{ "2026-11-23T00:00:00Z", "P99999Y", NULL },
		{ "2026-11-23T00:00:00Z", "P999999999D", NULL },
		{ "2026-11-23T00:00:00Z", "1m", NULL },
		{ "2026-11-23T00:00:00Z", "", NULL },
	};
	char out[DATE_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		bool is = date_until(rows[i].text, rows[i].from, out);

		assert_int_equal(is, rows[i].until != NULL);
		if (is)
			assert_string_equal(out, rows[i].until);
	}
}

static void what_a_record_lacks_is_said(void **state)
{
	static const struct {
		const char		*kind;
		enum decision_field	 field;
		const char		*value, *says;
	} rows[] = {
		{ "waiver", DECISION_why, NULL, "--why is missing" },
		{ "waiver", DECISION_until, "", "--until is missing" },
		{ "waiver", DECISION_until, "soon", "neither a date" },
		{ "waiver", DECISION_until, "2026-11-23", "before it begins" },
		{ "waiver", DECISION_image, NULL, "what it covers" },
		{ "waiver", DECISION_repository, "x/y", "what it covers" },
		{ "waiver", DECISION_requirement, NULL, "what it is about" },
		{ "waiver", DECISION_finding, "CVE-1", "what it is about" },
		{ "waiver", DECISION_requirement, "9.9", "no requirement" },
		{ "waiver", DECISION_severity, "huge", "no severity" },
		{ "not_applicable", DECISION_satisfied, NULL, "--satisfied" },
		{ "risk_adjustment", DECISION_severity, NULL, "--severity" },
		{ "poam", DECISION_plan, NULL, "--owner is missing" },
		{ "attestation", DECISION_verdict, NULL, "--verdict" },
		{ "attestation", DECISION_verdict, "maybe", "--evidence" },
		{ "pardon", DECISION_why, "x", "no kind" },
	};
	struct store *st = assessed();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct decision_new d = waiver("2.3", NULL);
		struct err err = ERR_INIT;
		struct str id = STR_INIT;
		int64_t n = -1;

		d.field[DECISION_kind] = rows[i].kind;
		d.field[rows[i].field] = rows[i].value;
		assert_int_equal(decision_propose(st, &d, &id, &err), -1);
		assert_int_equal(err.kind, ERR_USAGE);
		if (strstr(err.text, rows[i].says) == NULL)
			fail_msg("row %zu says: %s", i, err.text);
		assert_ok(event_verify(st, &n, &err), &err);
		assert_int_equal(n, 0);
		str_free(&id);
	}
	store_close(st);
}

static void propose(struct store *st, struct decision_new d, struct str *id)
{
	struct err err = ERR_INIT;

	assert_ok(store_begin(st, &err), &err);
	assert_ok(decision_propose(st, &d, id, &err), &err);
	assert_ok(store_commit(st, &err), &err);
}

static int act(struct store *st, const char *what, const char *id,
    const char *by, const char *at, struct err *err)
{
	struct decision_act a = { .what = what, .id = id, .by = by, .at = at };
	int rc;

	assert_int_equal(store_begin(st, err), 0);
	if ((rc = decision_say(st, &a, err)) < 0)
		store_rollback(st);
	else
		assert_int_equal(store_commit(st, err), 0);
	return rc;
}

/* What is covered as of a day: "NAME ITEM WHY;" of a decision. */
static const char *covers(struct store *st, const char *id, const char *at)
{
	static struct str out;
	struct err err = ERR_INIT;
	struct query q;

	str_clear(&out);
	str_add(&out, "");
	assert_ok(store_begin(st, &err), &err);
	assert_ok(decision_build(st, at, &err), &err);
	query_open(&q, st, SQL_DECISION_SHOW_COVERS, BIND(V(id)));
	while (query_next(&q, &err) > 0)
		str_addf(&out, "%s%s%s;", query_text(&q, 1),
		    query_int(&q, 2) ? "" : " not: ", query_text(&q, 3));
	query_close(&q);
	store_rollback(st);
	return str_text(&out);
}

static void an_approval_covers_what_was_seen(void **state)
{
	struct store *st = assessed();
	struct err err = ERR_INIT;
	struct str id = STR_INIT;

	(void)state;
	propose(st, waiver("2.5", NULL), &id);
	assert_string_equal(covers(st, id.s, day[0]),
	    "requirement 2.5 not: proposed, not approved;");
	assert_ok(act(st, "approve", id.s, "ben", day[1], &err), &err);
	assert_string_equal(covers(st, id.s, day[1]), "requirement 2.5;");
	assert_string_equal(covers(st, id.s, "2026-12-31T23:59:59Z"),
	    "requirement 2.5;");
	assert_string_equal(covers(st, id.s, "2027-01-01T00:00:00Z"),
	    "requirement 2.5 not: expired on 2027-01-01T00:00:00Z;");
	/* other evidence: the verdict's reasons are no longer those */
	story_assess(st, "privileged_port_limit=81");
	assert_string_equal(covers(st, id.s, day[1]), "requirement 2.5 not: "
	    "the evidence for it is not what the approver saw;");
	story_assess(st, "privileged_port_limit=80");
	assert_string_equal(covers(st, id.s, day[1]), "");
	str_free(&id);
	store_close(st);
}

static void steps_are_taken_in_order(void **state)
{
	static const struct {
		const char *what, *by;
		int day;
		const char *says;
	} rows[] = {
		{ "revoke", "ben", 1, "proposed and cannot become revoked" },
		{ "approve", "ann", 1, "cannot approve it too" },
		{ "review", "ben", 1, NULL },
		{ "review", "ben", 1, "reviewed and cannot become reviewed" },
		{ "approve", "ben", 2, NULL },
		{ "reject", "ben", 1, "earlier date" },
		{ "approve", "ben", 2, "approved and cannot become approved" },
		{ "revoke", "ben", 2, NULL },
		{ "approve", "ben", 2, "revoked and cannot become approved" },
	};
	struct store *st = assessed();
	struct str id = STR_INIT;

	(void)state;
	propose(st, waiver(NULL, "CVE-2024-28757"), &id);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct err err = ERR_INIT;
		int rc = act(st, rows[i].what, id.s, rows[i].by,
		    day[rows[i].day], &err);

		if ((rc == 0) != (rows[i].says == NULL) ||
		    (rc < 0 && strstr(err.text, rows[i].says) == NULL))
			fail_msg("row %zu: %s", i, err.text);
	}
	assert_string_equal(covers(st, id.s, day[2]), "finding CVE-2024-28757 "
	    "libexpat1 2.5.0-1+deb12u2 not: revoked, not approved;");
	str_free(&id);
	store_close(st);
}

/* A scanner's report on the base; it is fixable where the image's is. */
#define BASE_REPORT(id, severity, fix, package, version)		\
	"{\"matches\":[{\"vulnerability\":{\"id\":\"" id "\","	\
	"\"severity\":\"" severity "\",\"fix\":{" fix "}},"	\
	"\"relatedVulnerabilities\":[],"	\
	"\"matchDetails\":[],\"artifact\":{\"name\":\"" package "\"," \
	"\"version\":\"" version "\",\"type\":\"deb\",\"locations\":" \
	"[]}}],\"source\":{\"type\":\"image\",\"target\":{"		\
	"\"userInput\":\"" BASE ":12.15\",\"imageID\":\"\","	\
	"\"manifestDigest\":\"sha256:04effa5183f7b653ef0a8e9cd5ffeca7f86" \
	"99aedcaf920dee3af6dae8d8f727e\",\"tags\":[],\"repoDigests\":[]" \
	"}},\"distro\":{},\"descriptor\":{\"name\":\"grype\","	\
	"\"version\":\"0.74.0\"}}"

/* The base and the image built on it; a finding in the base's zlib, another
 * in a package that the image added. */
static void a_child_inherits_what_lies_in_its_parent(void **state)
{
	struct store *st = story_open();
	struct decision_new d = waiver(NULL, "CVE-2023-45853");
	struct str id = STR_INIT, other = STR_INIT, config = STR_INIT;
	struct err err = ERR_INIT;

	(void)state;
	story_file(st, "samples/story/web-1.4.docker.tar.gz");
	story_file(st, "samples/story/debian12-base.oci.tar");
	story_file(st, "samples/story/grype.json");
	story_text(st, BASE_REPORT("CVE-2023-45853", "Critical",
	    "\"versions\":[],\"state\":\"wont-fix\"", "zlib1g",
	    "1:1.2.13.dfsg-1"));
	story_text(st, BASE_REPORT("CVE-2024-28757", "High",
	    "\"versions\":[\"2.5.0-1+deb12u4\"],\"state\":\"fixed\"",
	    "libexpat1", "2.5.0-1+deb12u2"));
	story_assess(st, NULL);
	d.field[DECISION_image] = NULL;
	d.field[DECISION_repository] = BASE;
	propose(st, d, &id);
	assert_ok(act(st, "approve", id.s, "ben", day[1], &err), &err);
	assert_string_equal(covers(st, id.s, day[1]),
	    "finding CVE-2023-45853 zlib1g 1.2.13.dfsg-1;"
	    "finding CVE-2023-45853 zlib1g 1.2.13.dfsg-1inherited from "
	    BASE ":12.15;");
	/* said of the base, whose layers do not hold it */
	d = waiver(NULL, "CVE-2024-28757");
	d.field[DECISION_image] = NULL;
	d.field[DECISION_repository] = BASE;
	propose(st, d, &other);
	assert_ok(act(st, "approve", other.s, "ben", day[1], &err), &err);
	assert_non_null(strstr(covers(st, other.s, day[1]),
	    "libexpat1 2.5.0-1+deb12u2 not: not inherited: no layer of " BASE
	    ":12.15 holds this package"));
	/* a requirement is of the image's own configuration: never */
	d = waiver("2.2", NULL);
	d.field[DECISION_image] = NULL;
	d.field[DECISION_repository] = BASE;
	propose(st, d, &config);
	assert_ok(act(st, "approve", config.s, "ben", day[1], &err), &err);
	assert_string_equal(covers(st, config.s, day[1]), "requirement 2.2;");
	str_free(&id);
	str_free(&other);
	str_free(&config);
	store_close(st);
}

/* 2.16 fails by rules: it stands when each that fails is covered. */
static void rules_of_a_stig_are_covered_one_by_one(void **state)
{
	struct store *st = story_open();
	struct err err = ERR_INIT;
	struct query q;
	size_t n = 0, left;
	char rules[8][128];

	(void)state;
	story_file(st, "samples/story/web-1.4.docker.tar.gz");
	story_file(st, "samples/story/openscap-xccdf.xml");
	story_assess(st, NULL);
	query_open(&q, st, SQL_SHOW_FINDINGS, BIND(V((const char *)NULL)));
	while (query_next(&q, &err) > 0)
		if (str_eq(query_text(&q, 2), "rule") &&
		    str_eq(query_text(&q, 14), "fail") && n < 8)
			snprintf(rules[n++], sizeof(rules[0]), "%s",
			    query_text(&q, 3));
	query_close(&q);
	assert_in_range(n, 2, 7);
	left = n;
	for (size_t i = 0; i < n; i++) {
		struct str id = STR_INIT;
		char all[64];

		propose(st, waiver(NULL, rules[i]), &id);
		assert_ok(act(st, "approve", id.s, "ben", day[1], &err),
		    &err);
		left--;
		snprintf(all, sizeof(all), " not: %zu other rules", left);
		if (left > 0)
			assert_non_null(strstr(covers(st, id.s, day[1]), all));
		else
			assert_null(strstr(covers(st, id.s, day[1]), "not:"));
		str_free(&id);
	}
	store_close(st);
}

static void a_vex_statement_is_a_proposal(void **state)
{
	struct store *st = assessed();
	struct str id = STR_INIT;
	struct err err = ERR_INIT;
	struct query q;
	int64_t n = 0;

	(void)state;
	story_text(st, "{\"@context\":\"https://openvex.dev/ns/v0.2.0\",\"@id\":"
	    "\"https://example.mil/vex/1\",\"author\":\"Vendor\",\"timestamp\":"
	    "\"2026-11-01T00:00:00Z\",\"version\":1,\"statements\":[{"
	    "\"vulnerability\":{\"name\":\"CVE-2024-28757\"},\"products\":[{"
	    "\"@id\":\"pkg:deb/debian/libexpat1\"}],\"status\":"
	    "\"not_affected\",\"justification\":"
	    "\"vulnerable_code_not_in_execute_path\"}]}");
	story_assess(st, NULL);
	query_open(&q, st, SQL_DECISION_LIST, BIND(V("proposed")));
	while (query_next(&q, &err) > 0)
		if (n++ == 0)
			str_add(&id, query_text(&q, 0));
	query_close(&q);
	assert_int_equal(n, 1);
	assert_ok(event_verify(st, &n, &err), &err);
	assert_int_equal(n, 0);		/* nobody said anything yet */
	assert_int_equal(act(st, "approve", id.s, "ben", day[1], &err), -1);
	assert_non_null(strstr(err.text, "--until"));
	err = (struct err)ERR_INIT;
	assert_ok(act(st, "reject", id.s, "ben", day[1], &err), &err);
	assert_non_null(strstr(covers(st, id.s, day[1]), "rejected"));
	assert_ok(event_verify(st, &n, &err), &err);
	assert_int_equal(n, 2);		/* the record is ours now, and the word */
	str_free(&id);
	store_close(st);
}

/* VAT writes epochs, issues have none. */
static void an_answer_of_vat_is_a_proposal_about_its_image(void **state)
{
	struct store *st = assessed();
	struct str id = STR_INIT;
	struct err err = ERR_INIT;
	struct query q;
	int64_t n = 0;

	(void)state;
	story_file(st, "samples/story/grype.json");
	story_text(st, "{\"imageName\":\"registry.example.mil/shop/web\","
	    "\"imageTag\":\"1.4\",\"accreditation\":\"Approved\","
	    "\"findings\":[{\"identifier\":\"CVE-2023-45853\",\"source\":"
	    "\"anchore_cve\",\"package\":\"zlib1g-1:1.2.13.dfsg-1\","
	    "\"findingsState\":\"approved\",\"contributor\":{"
	    "\"justification\":\"MiniZip is not built.\"}}]}");
	story_assess(st, NULL);
	query_open(&q, st, SQL_DECISION_LIST, BIND(V("proposed")));
	while (query_next(&q, &err) > 0)
		if (n++ == 0)
			str_add(&id, query_text(&q, 0));
	query_close(&q);
	assert_int_equal(n, 1);
	assert_ok(err.kind == ERR_NONE ? 0 : -1, &err);
	assert_non_null(strstr(covers(st, id.s, day[1]),
	    "finding CVE-2023-45853 zlib1g 1.2.13.dfsg-1"));
	str_free(&id);
	store_close(st);
}

static void what_was_said_cannot_be_changed_unseen(void **state)
{
	static const char *const changes[] = {
		"UPDATE event SET body = replace(body, 'ann', 'eve')",
		"UPDATE event SET body = replace(body, '2027-01', '2037-01')",
		"UPDATE event SET kind = 'decision.reject' WHERE kind ="
		    " 'decision.approve'",
		"DELETE FROM event WHERE kind = 'decision.approve'",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++) {
		char path[] = "/tmp/muster-decision-XXXXXX";
		int fd = mkstemp(path);
		struct err err = ERR_INIT;
		struct str id = STR_INIT;
		struct store *st;
		sqlite3 *db;
		int64_t n;

		close(fd);
		unlink(path);
		st = store_open(path, STORE_CREATE, &err);
		assert_non_null(st);
		story_file(st, "samples/story/web-1.4.docker.tar.gz");
		story_assess(st, NULL);
		propose(st, waiver("2.3", NULL), &id);
		assert_ok(act(st, "approve", id.s, "ben", day[1], &err), &err);
		assert_ok(event_verify(st, &n, &err), &err);
		store_close(st);

		assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
		assert_int_equal(sqlite3_exec(db, changes[i], NULL, NULL,
		    NULL), SQLITE_OK);
		sqlite3_close(db);
		st = store_open(path, STORE_READ, &err);
		assert_int_equal(event_verify(st, &n, &err), -1);
		assert_int_equal(err.kind, ERR_VERIFY);
		assert_non_null(strstr(err.text, id.s));
		store_close(st);
		str_free(&id);
		unlink(path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(durations_are_dates),
		cmocka_unit_test(what_a_record_lacks_is_said),
		cmocka_unit_test(an_approval_covers_what_was_seen),
		cmocka_unit_test(steps_are_taken_in_order),
		cmocka_unit_test(a_child_inherits_what_lies_in_its_parent),
		cmocka_unit_test(rules_of_a_stig_are_covered_one_by_one),
		cmocka_unit_test(a_vex_statement_is_a_proposal),
		cmocka_unit_test(
		    an_answer_of_vat_is_a_proposal_about_its_image),
		cmocka_unit_test(what_was_said_cannot_be_changed_unseen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
