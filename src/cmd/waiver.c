/*
 * waiver.c - "muster waiver": decisions of people, from the proposal to its
 * end; see decision.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "muster/assess.h"
#include "muster/command.h"
#include "muster/err.h"
#include "say.h"
#include "subject.h"
#include "table.h"
#include "decide.h"

static const char *field[DECISION_FIELDS];
static const char *all, *note, *signature, *to_sign, *csv, *open_ones,
    *propose;

static const struct opt opts[] = {
#define FIELD(name, arg, help) { 0, #name, arg, help, &field[DECISION_##name] },
#include "muster/decision_fields.def"
#undef FIELD
	{ 0, "all", NULL, "for every subject", &all },
	{ 0, "note", "TEXT", "what to say with a review, approval, rejection "
	    "or revocation", &note },
	{ 0, "to-sign", NULL, "approve: write the text to be signed, and do "
	    "nothing", &to_sign },
	{ 0, "signature", "FILE", "approve: a detached signature over it",
	    &signature },
	{ 0, "propose", NULL, "carry: propose what still holds", &propose },
	{ 0, "open", NULL, "export: a draft of what nobody decided yet",
	    &open_ones },
	{ 0, "csv", NULL, "list, export: for a spreadsheet", &csv },
	{ 0, NULL, NULL, NULL, NULL }
};

/* On media that cannot be written to nothing is worked out. */
static int look_on_media(struct ctx *c,
    int (*fn)(struct ctx *c, struct err *err), struct err *err)
{
	if (assess_ready(c->store, err) < 0)
		return -1;
	if (!c->quiet)
		fputs("muster: this database cannot be written to: decisions "
		    "are shown as of its last assessment\n", stderr);
	return fn(c, err);
}

/* Look at the tables as of now, and leave them as they are. */
static int look(struct ctx *c, int (*fn)(struct ctx *c, struct err *err),
    struct err *err)
{
	int rc;

	if (store_is_readonly(c->store))
		return look_on_media(c, fn, err);
	if (assess_begin(c->store, err) < 0)
		return -1;
	if ((rc = decision_build(c->store, c->as_of, err)) == 0)
		rc = fn(c, err);
	store_rollback(c->store);
	return rc;
}

static int list(struct ctx *c, struct err *err)
{
	const struct val any = { VAL_NULL, 0, NULL };
	struct query q;
	long long n;

	query_open(&q, c->store, SQL_DECISION_LIST, &any, 1);
	n = table_write(&q, c->json ? TABLE_JSON : csv != NULL ? TABLE_CSV :
	    TABLE_TEXT, err);
	query_close(&q);
	return n < 0 ? -1 : 0;
}

static int show(struct ctx *c, struct err *err)
{
	return decide_show(c, c->argv[1], err);
}

static int export(struct ctx *c, struct err *err)
{
	return waiver_file_export(c, open_ones != NULL, csv != NULL, err);
}

/* A follower for each that holds at least partly. */
struct carrying {
	struct ctx	*c;
	long long	 valid, partly, gone, proposed;
};

static int carried(void *ctx, const struct decision_carry *k, struct err *err)
{
	struct carrying *w = ctx;
	struct str line = STR_INIT, id = STR_INIT;
	int rc = 0;

	if (w->c->json) {
		str_addf(&line, "{\"decision\":\"%s\",\"image\":", k->id);
		str_json(&line, k->image);
		str_addf(&line, ",\"carries\":\"%s\",\"same\":%lld,"
		    "\"changed\":%lld,\"gone\":%lld,\"why\":", k->word,
		    (long long)k->same, (long long)k->changed,
		    (long long)k->gone);
		str_json(&line, k->why);
		str_addc(&line, '}');
		puts(str_text(&line));
	} else {
		printf("%s  %-6s  ", k->id, k->word);
		str_safe(stdout, k->name);
		putchar('\n');
		say_text(k->why, 4);
	}
	w->valid += str_eq(k->word, "valid");
	w->partly += str_eq(k->word, "partly");
	w->gone += str_eq(k->word, "void");
	if (propose != NULL && k->same > 0 && !k->followed) {
		rc = decision_carry_propose(w->c->store, k,
		    decide_who(field[DECISION_by]), field[DECISION_role],
		    w->c->as_of, &id, err);
		if (rc == 0 && !w->c->json)
			printf("    proposed as %s\n", str_text(&id));
		w->proposed++;
	}
	str_free(&line);
	str_free(&id);
	return rc;
}

static int carry(struct ctx *c, struct err *err)
{
	struct carrying w = { .c = c };
	int64_t image = 0;
	int rc;

	if (assess_begin(c->store, err) < 0)
		return -1;
	rc = c->argc > 1 ?
	    subject_find(c->store, c->argv[1], &image, err) : 0;
	/* what is worked out here is as of now; the report's stays */
	if (rc == 0 && (rc = decision_build(c->store, c->as_of, err)) == 0)
		rc = decision_carry(c->store, image, carried, &w, err);
	if (rc == 0 && w.proposed > 0)
		rc = store_commit(c->store, err);
	if (rc < 0 || w.proposed == 0)
		store_rollback(c->store);
	if (rc == 0 && !c->quiet && !c->json)
		printf("%lld valid, %lld partly, %lld void; %lld proposed\n",
		    w.valid, w.partly, w.gone, w.proposed);
	return rc;
}

static int say(struct ctx *c, const char *what, struct err *err)
{
	struct decision_act a = {
		.what = what, .id = c->argv[1], .note = note,
		.by = decide_who(field[DECISION_by]), .at = c->as_of,
		.role = field[DECISION_role], .until = field[DECISION_until],
		.designator = field[DECISION_designator]
	};
	struct str text = STR_INIT;
	char *sig = NULL;
	int rc = -1;

	if (signature != NULL && (sig = decide_slurp(signature, CAP_SIGNATURE_BYTES,
	    &a.signature_len, err)) == NULL)
		goto out;
	a.signature = sig;
	if (assess_begin(c->store, err) < 0)
		goto out;
	if (to_sign != NULL) {
		rc = decision_text(c->store, &a, &text, err);
		store_rollback(c->store);
		if (rc == 0)
			fwrite(str_text(&text), 1, text.len, stdout);
		goto out;
	}
	if ((rc = decision_say(c->store, &a, err)) < 0 ||
	    (rc = store_commit(c->store, err)) < 0) {
		store_rollback(c->store);
		goto out;
	}
	if (!c->quiet)
		rc = look(c, show, err);
out:
	str_free(&text);
	free(sig);
	return rc;
}

static int policy(struct ctx *c, const char *file, struct err *err)
{
	size_t len;
	char *text;
	int rc = -1;

	if ((text = decide_slurp(file, CAP_POLICY_BYTES, &len, err)) == NULL)
		return -1;
	if (store_begin(c->store, err) < 0)
		goto out;
	if ((rc = decision_policy_set(c->store, text, len, file, c->as_of,
	    err)) < 0 || (rc = store_commit(c->store, err)) < 0)
		store_rollback(c->store);
out:
	if (rc < 0)
		err_at(err, file, 0, -1);
	free(text);
	return rc;
}

static int add(struct ctx *c, struct err *err)
{
	struct decision_new d = { .all = all != NULL };

	memcpy(d.field, field, sizeof(field));
	if (str_empty(d.field[DECISION_kind]))
		d.field[DECISION_kind] = "waiver";
	return decide_propose(c, &d, err);
}

static int run(struct ctx *c, struct err *err)
{
	const char *what = c->argv[0];
	bool one = c->argc == 2, none = c->argc == 1;

	if (str_eq(what, "propose") && none)
		return add(c, err);
	if (str_listed("review approve reject revoke", what) && one)
		return say(c, what, err);
	if (str_eq(what, "list") && none)
		return look(c, list, err);
	if (str_eq(what, "show") && one)
		return look(c, show, err);
	if (str_eq(what, "export") && none)
		return look(c, export, err);
	if (str_eq(what, "carry"))
		return carry(c, err);
	if (str_eq(what, "import") && one)
		return waiver_file_import(c, c->argv[1], err);
	if (str_eq(what, "policy") && one)
		return policy(c, c->argv[1], err);
	return err_set(err, ERR_USAGE, "expected \"propose\", \"review ID\", "
	    "\"approve ID\", \"reject ID\", \"revoke ID\", \"list\", \"show "
	    "ID\", \"carry [IMAGE]\", \"export\", \"import FILE\" or \"policy "
	    "FILE\" behind \"muster waiver\"");
}

const struct command cmd_waiver = {
	.name = "waiver",
	.operands = "propose|review|approve|reject|revoke|list|show|carry|"
	    "export|import|policy [ID|FILE|IMAGE]",
	.about = "waivers and other decisions: propose, approve, carry, list",
	.least = 1, .most = 2,
	.are = OPERANDS_READ,
	.json = true,
	.mode = STORE_WRITE,
	.opts = opts,
	.run = run,
};
