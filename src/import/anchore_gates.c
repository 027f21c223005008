/*
 * anchore_gates.c - what Anchore's policy evaluation found ("gates").
 *
 * Four layouts of one table: Iron Bank's file (a map from image id to header
 * and rows), the full answer of the old API that holds the same deep inside,
 * the evaluations of API v2, and anchorectl's.  A row is a compliance finding;
 * its severity is unknown, its word the policy's action (one of the gate
 * "secret_scans" is a secret).  A row on an
 * allowlist stays a finding: what matched is a proposal beside it.  Rows of
 * the gate "vulnerabilities" repeat the vulnerability report and are merged.
 */
#include <stdlib.h>
#include <string.h>

#include "ident.h"
#include "muster/cap.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/sink.h"
#include "row.h"

/* Texts of a row, then what else is wanted. */
enum {
	IMAGE_ID = 1, REPO_TAG, TRIGGER_ID, GATE, TRIGGER, MESSAGE, ACTION,
	POLICY, LIST_ID, LIST_NAME, LIST_RULE, ROW_TAG, NROW,
	MATCHED, LISTED, ROW, ROWS, TABLE, HEADER, HEAD_CELL, CELLS, CELL,
	CELL_RULE, CELL_LIST, CELL_NAME, DIGEST, TAG, FINAL, PRODUCED
};

#define CAMEL(at)							\
	{ at, ROW }, { at ".gate", GATE }, { at ".triggerName", TRIGGER },\
	{ at ".triggerId", TRIGGER_ID }, { at ".status", ACTION },	\
	{ at ".description", MESSAGE }, { at ".policyId", POLICY },	\
	{ at ".imageId", IMAGE_ID }, { at ".tag", ROW_TAG },		\
	{ at ".allowlisted", LISTED },					\
	{ at ".allowlistMatch.id", LIST_ID },				\
	{ at ".allowlistMatch.name", LIST_NAME },			\
	{ at ".allowlistMatch.matchedRuleId", LIST_RULE }
#define SNAKE(at)							\
	{ at, ROW }, { at ".gate", GATE }, { at ".trigger", TRIGGER },	\
	{ at ".trigger_id", TRIGGER_ID }, { at ".action", ACTION },	\
	{ at ".message", MESSAGE }, { at ".policy_id", POLICY },	\
	{ at ".allowlisted", LISTED },					\
	{ at ".allowlist_match.id", LIST_ID },				\
	{ at ".allowlist_match.name", LIST_NAME },			\
	{ at ".allowlist_match.matched_rule_id", LIST_RULE }
/* A cell that is an object is the allowlist's match. */
#define TABLE_AT(at)							\
	{ at, TABLE }, { at ".header", HEADER },			\
	{ at ".header[]", HEAD_CELL }, { at ".rows", ROWS },		\
	{ at ".rows[]", CELLS }, { at ".rows[][]", CELL },		\
	{ at ".rows[][].matched_rule_id", CELL_RULE },			\
	{ at ".rows[][].whitelist_id", CELL_LIST },			\
	{ at ".rows[][].whitelist_name", CELL_NAME },			\
	{ at ".final_action", FINAL }
#define DEEP "[].*.*[].detail.result."

static const struct json_want wants[] = {
	TABLE_AT("*.result"),
	TABLE_AT(DEEP "result.*.result"),
	{ DEEP "final_action", FINAL }, { DEEP "tag", TAG },
	{ DEEP "image_digest", DIGEST }, { "[].*.*[].last_evaluation",
	PRODUCED },
	{ "evaluations", ROWS },
	{ "evaluations[].details.findings", ROWS },
	SNAKE("evaluations[].details.findings[]"),
	{ "evaluations[].final_action", FINAL },
	{ "evaluations[].evaluation_time", PRODUCED },
	{ "image_digest", DIGEST }, { "evaluated_tag", TAG },
	CAMEL("evaluations[].details[]"),
	{ "evaluations[].finalAction", FINAL },
	{ "evaluations[].evaluationTime", PRODUCED },
	{ "imageDigest", DIGEST }, { "evaluatedTag", TAG },
	{ "[].detail", ROWS }, CAMEL("[].detail[]"),
	{ "[].digest", DIGEST }, { "[].tag", TAG },
	{ "[].finalAction", FINAL }, { "[].lastEvaluation", PRODUCED },
	{ NULL, 0 }
};

#define MAX_COLUMNS 64	/* table-columns allows no more */

struct report {
	struct sink	*sink;
	struct str	 text[NROW];
	struct str	 value, title, path, locator;
	struct str	 image_id, tag, digest;	/* of the target, as told */
	int64_t		 target;		/* 0: not opened yet */
	int64_t		 identities, repeated;
	bool		 rows, listed;
	int		 column[MAX_COLUMNS];
	size_t		 ncolumns;
};

static int open_target(struct report *r, struct err *err)
{
	return ident_open(r->sink, &r->target, row_text(&r->tag),
	    "json:", err);
}

/* A name of the target, said once: every row repeats it. */
static int say_name(struct report *r, struct str *known, const char *kind,
    const char *text, struct err *err)
{
	int n;

	if (text == NULL || str_eq(text, row_text(known)))
		return 0;
	str_clear(known);
	str_add(known, text);
	if (open_target(r, err) < 0)
		return -1;
	n = kind != NULL ? ident_digest(r->sink, r->target, kind, text,
	    "json:", err) : ident_reference(r->sink, r->target, text, err);
	r->identities += n > 0 ? n : 0;
	return n < 0 ? -1 : 0;
}

static int config_fact(struct report *r, const char *name, const char *key,
    const char *value, struct err *err)
{
	return sink_fact(r->sink, &(struct fact){ r->target, name, key, value,
	    r->locator.s }, err);
}

/* "Dockerfile exposes port (22) ...": what the config says. */
static int add_port(struct report *r, struct err *err)
{
	const char *text = str_text(&r->text[MESSAGE]), *p;
	size_t n;

	if (str_eq(row_text(&r->text[TRIGGER]), "exposed_ports") &&
	    (p = strstr(text, "port (")) != NULL &&
	    (n = strspn(p + 6, "0123456789/tcpud")) > 0 && p[6 + n] == ')') {
		str_clear(&r->value);
		str_addn(&r->value, p + 6, n);
		if (strchr(r->value.s, '/') == NULL)
			str_add(&r->value, "/tcp");
		return config_fact(r, "config.port", r->value.s, NULL, err);
	}
	return 0;
}

/* What an allowlist says of the row. */
static int add_statement(struct report *r, struct err *err)
{
	struct statement t = {
		.target = r->target,
		.kind = "ignore",
		.id = row_text(&r->text[TRIGGER_ID]),
		.status = "allowlisted",
		.justification = row_text(&r->text[LIST_ID]),
		.text = row_text(&r->text[LIST_NAME]),
		.product = row_text(&r->text[LIST_RULE]),
		.author = "anchore",
		.locator = r->locator.s,
	};

	sink_count(r->sink, COUNT_READ, 1);	/* the match, beside its row */
	return sink_statement(r->sink, &t, err);
}

/* The path a row about a file names: "... on file /usr/bin/su. Mode: ..." */
static const char *file_of(struct report *r)
{
	const char *p = strstr(str_text(&r->text[MESSAGE]), "file /");
	const char *end;

	if (p == NULL)
		return NULL;
	end = strstr(p += 5, ". Mode:");
	str_clear(&r->path);
	str_addn(&r->path, p, end != NULL ? (size_t)(end - p) :
	    strcspn(p, " \t\r\n"));
	return r->path.s;
}

static int add_finding(struct report *r, struct json *js, struct err *err)
{
	struct finding f = {
		.kind = "compliance",
		.id = row_text(&r->text[TRIGGER_ID]),
		.type = row_text(&r->text[GATE]),
		.severity_word = row_text(&r->text[ACTION]),
		.locator = row_locator(&r->locator, js),
	};

	if (say_name(r, &r->image_id, "config", row_text(&r->text[IMAGE_ID]),
	    err) < 0 || say_name(r, &r->tag, NULL,
	    row_text(&r->text[r->text[REPO_TAG].len > 0 ? REPO_TAG : ROW_TAG]),
	    err) < 0 || open_target(r, err) < 0)
		return -1;
	f.target = r->target;
	sink_count(r->sink, COUNT_READ, 1);
	if (str_eq(f.type, "vulnerabilities")) {
		r->repeated++;
		sink_count(r->sink, COUNT_MERGED, 1);
		return 0;
	}
	if (f.id == NULL) {
		sink_count(r->sink, COUNT_UNPLACED, 1);
		return sink_warn(r->sink, f.locator, err, "a row without a "
		    "trigger id");
	}
	if (str_eq(f.type, "secret_scans"))
		f.kind = "secret";
	str_clear(&r->title);
	if (f.type != NULL)
		str_addf(&r->title, "%s/%s: ", f.type,
		    str_text(&r->text[TRIGGER]));
	row_masked(&r->title, NULL, str_text(&r->text[MESSAGE]));
	f.title = r->title.s;
	f.path = file_of(r);
	if (sink_finding(r->sink, &f, err) < 0 || add_port(r, err) < 0)
		return -1;
	return r->listed ? add_statement(r, err) : 0;
}

static int on_row(struct report *r, struct json *js, enum json_event ev,
    struct err *err)
{
	r->rows = true;
	if (row_is_object(js, ev, err) < 0)
		return -1;
	if (ev == JSON_END)
		return add_finding(r, js, err);
	for (size_t i = 0; i < NROW; i++)
		str_clear(&r->text[i]);
	r->listed = false;
	return 0;
}

static int on_head(struct report *r, struct json *js, enum json_event ev,
    const char *text, struct err *err)
{
	static const struct {
		const char	*title;
		int		 id;
	} known[] = {
		{ "Image_Id", IMAGE_ID }, { "Repo_Tag", REPO_TAG },
		{ "Trigger_Id", TRIGGER_ID }, { "Gate", GATE },
		{ "Trigger", TRIGGER }, { "Check_Output", MESSAGE },
		{ "Gate_Action", ACTION }, { "Whitelisted", MATCHED },
		{ "Policy_Id", POLICY }
	};

	if (row_take(&r->value, js, ev, text, err) < 0)
		return -1;
	if ((int64_t)r->ncolumns == cap(CAP_TABLE_COLUMNS))
		return json_bad(js, err, "too many columns: %s",
		    cap_hint(CAP_TABLE_COLUMNS));
	r->column[r->ncolumns] = 0;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (str_ieq(str_text(&r->value), known[i].title))
			r->column[r->ncolumns] = known[i].id;
	r->ncolumns++;
	return 0;
}

static int on_cell(struct report *r, struct json *js, enum json_event ev,
    const char *text, struct err *err)
{
	int64_t at;

	if (ev == JSON_END)
		return 0;
	if (r->ncolumns == 0)
		return json_bad(js, err, "\"rows\" before \"header\"; expected "
		    "the header first");
	at = json_index(js);
	if (at < 0 || (size_t)at >= r->ncolumns)
		return json_bad(js, err, "more cells than the %zu of the "
		    "header", r->ncolumns);
	if (r->column[at] == MATCHED) {
		r->listed = ev == JSON_BEGIN || ev == JSON_TRUE;
		return 0;
	}
	if (r->column[at] == 0 || ev == JSON_TRUE || ev == JSON_FALSE)
		return 0;
	return row_take(&r->text[r->column[at]], js, ev, text, err);
}

static int on_cells(struct report *r, struct json *js, enum json_event ev,
    struct err *err)
{
	r->rows = true;
	if (ev == JSON_END)
		return add_finding(r, js, err);
	if (ev != JSON_BEGIN || !json_is_array(js))
		return json_bad(js, err, "a row that is no array");
	for (size_t i = 0; i < NROW; i++)
		str_clear(&r->text[i]);
	r->listed = false;
	return 0;
}

/* What follows is about another image, and so about another target. */
static void next_image(struct report *r)
{
	r->target = 0;
	str_clear(&r->image_id);
	str_clear(&r->tag);
	str_clear(&r->digest);
}

static int on_identity(struct report *r, struct json *js, int id,
    enum json_event ev, const char *text, struct err *err)
{
	if (row_take(&r->value, js, ev, text, err) < 0)
		return -1;
	text = row_text(&r->value);
	if (text == NULL)
		return 0;
	if (id == PRODUCED)
		return sink_meta(r->sink, "produced", row_time(text), err);
	if (id == FINAL) {
		if (open_target(r, err) < 0)
			return -1;
		return sink_fact(r->sink, &(struct fact){ r->target,
		    "scan.action", NULL, text,
		    row_locator(&r->locator, js) }, err);
	}
	if (id == DIGEST && r->digest.len > 0 && !str_eq(r->digest.s, text))
		next_image(r);
	if (id == DIGEST)
		return say_name(r, &r->digest, "manifest", text, err);
	return say_name(r, &r->tag, NULL, text, err);
}

/* The map of Iron Bank's file: its key is the image's id. */
static int on_table(struct report *r, struct json *js, enum json_event ev,
    struct err *err)
{
	const char *p;

	r->ncolumns = 0;
	if (ev != JSON_BEGIN)
		return 0;
	row_locator(&r->locator, js);
	/* json:/HEX/result */
	p = r->locator.s + strlen("json:/");
	if (strspn(p, "0123456789abcdef") != 64)
		return 0;
	str_clear(&r->value);
	str_addn(&r->value, p, 64);
	if (r->image_id.len > 0 && !str_eq(r->image_id.s, r->value.s))
		next_image(r);
	return say_name(r, &r->image_id, "config", r->value.s, err);
}

static int on_value(void *ctx, struct json *js, int id, enum json_event ev,
    const char *text, size_t len, struct err *err)
{
	struct report *r = ctx;

	(void)len;
	if (id < NROW)
		return row_take(&r->text[id], js, ev, text, err);
	switch (id) {
	case ROWS:
		if (ev == JSON_BEGIN && json_is_array(js))
			r->rows = true;
		return 0;
	case ROW:
		return on_row(r, js, ev, err);
	case LISTED:
		r->listed = ev == JSON_TRUE;
		return 0;
	case TABLE:
		return on_table(r, js, ev, err);
	case HEADER:
		return row_is_list(js, ev, err);
	case HEAD_CELL:
		return on_head(r, js, ev, text, err);
	case CELLS:
		return on_cells(r, js, ev, err);
	case CELL:
		return on_cell(r, js, ev, text, err);
	case CELL_RULE:
		return row_take(&r->text[LIST_RULE], js, ev, text, err);
	case CELL_LIST:
		return row_take(&r->text[LIST_ID], js, ev, text, err);
	case CELL_NAME:
		return row_take(&r->text[LIST_NAME], js, ev, text, err);
	default:
		return on_identity(r, js, id, ev, text, err);
	}
}

static int conclude(struct report *r, struct input *in, struct err *err)
{
	if (!r->rows) {
		err_set(err, ERR_INPUT, "no rows of a policy evaluation; "
		    "expected one of Anchore's");
		return err_at(err, input_name(in), 0, -1);
	}
	if (r->repeated > 0 && sink_warn(r->sink, "json:", err, "%lld rows of "
	    "the gate \"vulnerabilities\" repeat the vulnerability report",
	    (long long)r->repeated) < 0)
		return -1;
	if (r->identities > 0)
		return 0;
	return sink_warn(r->sink, "json:", err, "the evaluation names no "
	    "image: what it says is attached to none (muster import "
	    "--subject)");
}

static int read_report(struct input *in, struct sink *sink, struct err *err)
{
	struct report r = { .sink = sink };
	int rc = -1;

	if (sink_meta(sink, "tool", "anchore", err) == 0 &&
	    json_read(in, wants, on_value, &r, err) == 0)
		rc = conclude(&r, in, err);
	for (size_t i = 0; i < NROW; i++)
		str_free(&r.text[i]);
	str_free(&r.value);
	str_free(&r.title);
	str_free(&r.path);
	str_free(&r.locator);
	str_free(&r.image_id);
	str_free(&r.tag);
	str_free(&r.digest);
	return rc;
}

/* A map from hexadecimal image ids, or from digests below an array. */
static bool keyed(const struct probe *p, const char *before, size_t digits,
    const char *behind)
{
	for (size_t i = 0; i < p->nkeys; i++) {
		const char *k = p->keys[i];

		if (!str_starts(k, before))
			continue;
		k += strlen(before);
		if (strspn(k, "0123456789abcdef") == digits &&
		    str_starts(k + digits, behind))
			return true;
	}
	return false;
}

static int bid(const struct probe *p)
{
	if (p->kind != PROBE_JSON)
		return 0;
	if (keyed(p, "", 64, ".result.header") ||
	    keyed(p, "", 64, ".result.rows") ||
	    keyed(p, "", 64, ".result.final_action"))
		return 95;
	if (keyed(p, "[].sha256:", 64, ".") && probe_seen(p, "\"detail\""))
		return 90;
	if (probe_has(p, "evaluations") && (probe_has(p, "policyId") ||
	    probe_has(p, "policy_id")))
		return 90;
	return probe_has(p, "[].detail") && probe_has(p, "[].finalAction") ?
	    90 : 0;
}

const struct importer importer_anchore_gates = {
	.name = "anchore-gates",
	.about = "policy evaluations (gates), from Anchore's API, anchorectl "
	    "or Iron Bank's pipeline",
	.version = 1,
	.keep = true,
	.bid = bid,
	.read = read_report,
};
