/* decision.c - what people say of decisions; see decision.h. */
#include <string.h>

#include "decision_priv.h"
#include "muster/b64.h"
#include "muster/date.h"
#include "muster/err.h"
#include "muster/ref.h"
#include "muster/sha.h"
#include "muster/store.h"

#define SAW_MAX 50000		/* things that one approval covers */

static const char *const names[] = {
#define FIELD(name, arg, help) #name,
#include "muster/decision_fields.def"
#undef FIELD
};

const char *decision_field_name(size_t i)
{
	return i < DECISION_FIELDS ? names[i] : NULL;
}

void decision_put(struct str *body, const char *name, const char *value)
{
	if (body->len == 0)
		str_addc(body, '{');
	if (str_empty(value))
		return;
	str_addf(body, "%s\"%s\":", body->len > 1 ? "," : "", name);
	str_json(body, value);
}

void decision_hash(const char *item, const char *evidence, struct str *out)
{
	struct str both = STR_INIT;
	char hex[SHA_HEX];

	str_addf(&both, "%s\n%s", item, evidence);
	sha_of(str_text(&both), both.len, hex);
	str_add(out, hex);
	str_free(&both);
}

int decision_drop(struct store *st, struct err *err)
{
	if (store_run(st, SQL_DECISION_DROP_COVER, NOBIND, err) < 0 ||
	    store_run(st, SQL_DECISION_DROP_SAW, NOBIND, err) < 0 ||
	    store_run(st, SQL_DECISION_DROP, NOBIND, err) < 0)
		return -1;
	return store_run(st, SQL_DECISION_DROP_HEARD, NOBIND, err);
}

/* What each kind cannot be without. */
static const struct {
	const char		*kind;
	enum decision_field	 field[2];
	bool			 no_end;
} needs[] = {
	{ "waiver",		{ DECISION_why, DECISION_why }, false },
	{ "false_positive",	{ DECISION_why, DECISION_why }, false },
	{ "not_applicable",	{ DECISION_why, DECISION_satisfied }, true },
	{ "risk_adjustment",	{ DECISION_severity, DECISION_authority },
	    false },
	{ "poam",		{ DECISION_owner, DECISION_plan }, false },
	{ "inherited",		{ DECISION_why, DECISION_why }, false },
	{ "attestation",	{ DECISION_verdict, DECISION_evidence },
	    false },
	{ "comment",		{ DECISION_why, DECISION_why }, true },
};
#define NEEDS (sizeof(needs) / sizeof(*needs))

static int check_kind(const struct decision_new *d, struct err *err)
{
	const char *kind = d->field[DECISION_kind];

	for (size_t i = 0; i < NEEDS; i++) {
		if (!str_eq(needs[i].kind, kind))
			continue;
		for (int f = 0; f < 2; f++)
			if (str_empty(d->field[needs[i].field[f]]))
				return err_set(err, ERR_USAGE, "--%s is "
				    "missing: a decision of kind %s needs it",
				    names[needs[i].field[f]], kind);
		if (!needs[i].no_end && str_empty(d->field[DECISION_until]))
			return err_set(err, ERR_USAGE, "--until is missing: "
			    "a decision of kind %s has an end", kind);
		return 0;
	}
	return err_set(err, ERR_USAGE, "there is no kind \"%s\" of decision; "
	    "expected waiver, false_positive, not_applicable, "
	    "risk_adjustment, poam, inherited, attestation or comment", kind);
}

static int check_words(const struct decision_new *d, struct err *err)
{
	const char *severity = d->field[DECISION_severity];
	const char *verdict = d->field[DECISION_verdict];

	if (!str_empty(severity) && !str_listed("critical high medium low "
	    "negligible", severity))
		return err_set(err, ERR_USAGE, "\"%s\" is no severity; "
		    "expected critical, high, medium, low or negligible",
		    severity);
	if (!str_empty(verdict) && !str_listed("pass fail not_applicable",
	    verdict))
		return err_set(err, ERR_USAGE, "\"%s\" is no verdict; "
		    "expected pass, fail or not_applicable", verdict);
	return 0;
}

/* What it is about, and for which subjects. */
static int check_scope(struct store *st, const struct decision_new *d,
    struct err *err)
{
	const char *requirement = d->field[DECISION_requirement];
	int scopes = !str_empty(d->field[DECISION_image]) +
	    !str_empty(d->field[DECISION_repository]) +
	    !str_empty(d->field[DECISION_workload]) + d->all;
	int64_t known = 0;

	if (str_empty(requirement) == str_empty(d->field[DECISION_finding]))
		return err_set(err, ERR_USAGE, "say what it is about: either "
		    "--requirement or --finding");
	if (scopes != 1)
		return err_set(err, ERR_USAGE, "say what it covers: one of "
		    "--image, --repository, --workload or --all");
	if (str_empty(requirement))
		return 0;
	if (store_int(st, SQL_DECISION_REQUIREMENT, BIND(V(requirement)),
	    &known, err) < 0)
		return -1;
	return known ? 0 : err_set(err, ERR_USAGE, "the benchmark has no "
	    "requirement \"%s\"; \"muster req\" lists them", requirement);
}

static int assessed(struct store *st, struct err *err)
{
	int64_t n = 0;

	if (store_int(st, SQL_DECISION_ASSESSED, NOBIND, &n, err) < 0)
		return -1;
	return n > 0 ? 0 : err_set(err, ERR_USAGE, "nothing has been "
	    "assessed since the last import: run \"muster assess\" first");
}

/* The record as it is kept. */
static int record(const struct decision_new *d, const char *role,
    struct str *body, struct err *err)
{
	struct ref ref;

	for (size_t i = 0; i < DECISION_FIELDS; i++) {
		const char *text = d->field[i];
		char until[DATE_SIZE];

		if (i == DECISION_role)
			text = role;
		if (i == DECISION_until && !str_empty(text)) {
			if (!date_until(text, d->at, until))
				return err_set(err, ERR_USAGE, "\"%s\" is "
				    "neither a date nor a duration; expected "
				    "2027-03-01 or P90D", text);
			if (strcmp(until, d->at) <= 0)
				return err_set(err, ERR_USAGE, "it would end "
				    "on %s, before it begins (%s)", until,
				    d->at);
			text = until;
		}
		if (i == DECISION_repository && !str_empty(text)) {
			if (!ref_parse(text, &ref) || ref.tag[0] != '\0' ||
			    ref.digest[0] != '\0')
				return err_set(err, ERR_USAGE, "\"%s\" is no "
				    "repository", text);
			text = ref.repo;
		}
		decision_put(body, names[i], text);
	}
	decision_put(body, "evidence_sha256", d->evidence_sha256);
	decision_put(body, "at", d->at);
	str_addc(body, '}');
	return 0;
}

int decision_propose(struct store *st, const struct decision_new *d,
    struct str *id, struct err *err)
{
	const char *by = d->field[DECISION_by], *role = d->field[DECISION_role];
	struct str body = STR_INIT, name = STR_INIT;
	struct policy p = { 0 };
	int64_t known = 0;
	char uuid[37];
	int rc = -1;

	if (assessed(st, err) < 0 || check_kind(d, err) < 0 ||
	    check_words(d, err) < 0 || check_scope(st, d, err) < 0 ||
	    decision_policy_load(st, d->at, &p, err) < 0 ||
	    decision_policy_may(&p, "propose", by, &role, err) < 0 ||
	    record(d, role, &body, err) < 0)
		goto out;
	str_addf(&name, "decision\n%s", str_text(&body));
	sha_uuid5(str_text(&name), uuid);
	str_add(id, uuid);
	if (store_int(st, SQL_DECISION_KNOWN, BIND(V((const char *)uuid)),
	    &known, err) < 0)
		goto out;
	rc = known ? err_set(err, ERR_USAGE, "this is proposed already, as %s",
	    uuid) : event_add(st, "decision.propose", uuid, str_text(&body),
	    err);
out:
	decision_policy_free(&p);
	str_free(&body);
	str_free(&name);
	return rc;
}

int decision_find(struct store *st, const char *part, struct str *id,
    struct err *err)
{
	struct query q;
	int rc, n = 0;

	query_open(&q, st, SQL_DECISION_FIND, BIND(V(part)));
	while ((rc = query_next(&q, err)) > 0)
		if (n++ == 0)
			str_add(id, query_text(&q, 0));
	query_close(&q);
	if (rc < 0)
		return -1;
	if (n == 0)
		return err_set(err, ERR_USAGE, "no decision has the id \"%s\"; "
		    "\"muster waiver list\" shows them", part);
	if (n > 1 || strlen(part) < 8)
		return err_set(err, ERR_USAGE, "\"%s\" is too short an id: "
		    "give at least 8 digits, and enough to tell decisions "
		    "apart", part);
	return 0;
}

/* A decision as it stands, and what it covers. */
struct stand {
	struct str	id, state, kind, by, last, until, body, saw;
	int64_t		covers;
};

static void stand_free(struct stand *s)
{
	struct str *all[] = { &s->id, &s->state, &s->kind, &s->by, &s->last,
		&s->until, &s->body, &s->saw };

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		str_free(all[i]);
}

static int stand_row(struct store *st, struct stand *s, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, st, SQL_DECISION_ONE, BIND(V(str_text(&s->id))));
	if ((rc = query_next(&q, err)) > 0) {
		str_add(&s->state, query_text(&q, 0));
		str_add(&s->kind, query_text(&q, 1));
		str_add(&s->by, query_text(&q, 2));
		str_add(&s->until, query_text(&q, 4));
		str_add(&s->body, query_text(&q, 5));
		str_add(&s->last, query_text(&q, 7));
	}
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

static int stand_saw(struct store *st, struct stand *s, struct err *err)
{
	struct query q;
	int rc;

	str_addc(&s->saw, '[');
	query_open(&q, st, SQL_DECISION_COVERS, BIND(V(str_text(&s->id))));
	while ((rc = query_next(&q, err)) > 0) {
		struct str one = STR_INIT;

		if (++s->covers > SAW_MAX) {
			rc = err_set(err, ERR_USAGE, "it covers more than %d "
			    "things: narrow its scope", SAW_MAX);
			break;
		}
		decision_put(&one, "subject", query_text(&q, 0));
		decision_put(&one, "item", query_text(&q, 1));
		decision_put(&one, "hash", query_text(&q, 2));
		str_addf(&s->saw, "%s%s}", s->covers > 1 ? "," : "",
		    str_text(&one));
		str_free(&one);
	}
	query_close(&q);
	str_addc(&s->saw, ']');
	return rc;
}

/* How the decision stands at that instant; the tables stay as they are. */
static int stand_at(struct store *st, const struct decision_act *a,
    struct stand *s, struct err *err)
{
	int rc;

	if (assessed(st, err) < 0 || store_save(st, err) < 0)
		return -1;
	rc = decision_build(st, a->at, err);
	if (rc == 0 && (rc = decision_find(st, a->id, &s->id, err)) == 0 &&
	    (rc = stand_row(st, s, err)) == 0)
		rc = stand_saw(st, s, err);
	return store_back(st, rc < 0 ? NULL : err) < 0 ? -1 : rc;
}

/* From which states an act leads on. */
static const struct {
	const char	*what, *from, *becomes;
} steps[] = {
	{ "review",	"proposed",		"reviewed" },
	{ "approve",	"proposed reviewed",	"approved" },
	{ "reject",	"proposed reviewed",	"rejected" },
	{ "revoke",	"approved expired",	"revoked" },
};
#define STEPS (sizeof(steps) / sizeof(*steps))

static int check_step(const struct decision_act *a, const struct stand *s,
    struct err *err)
{
	for (size_t i = 0; i < STEPS; i++) {
		if (!str_eq(steps[i].what, a->what))
			continue;
		if (!str_listed(steps[i].from, str_text(&s->state)))
			return err_set(err, ERR_USAGE, "%s is %s and cannot "
			    "become %s", str_text(&s->id),
			    str_text(&s->state), steps[i].becomes);
		if (strcmp(a->at, str_text(&s->last)) < 0)
			return err_set(err, ERR_USAGE, "%s was acted upon on "
			    "%s: nothing is said about it as of an earlier "
			    "date (%s)", str_text(&s->id), str_text(&s->last),
			    a->at);
		return 0;
	}
	return err_set(err, ERR_BUG, "no act is called %s", a->what);
}

static int check_approval(const struct decision_act *a, const struct stand *s,
    const struct policy *p, const char *until, struct err *err)
{
	bool endless = false;

	for (size_t i = 0; i < NEEDS; i++)
		if (str_eq(needs[i].kind, str_text(&s->kind)))
			endless = needs[i].no_end;
	if (str_eq(a->by, str_text(&s->by)) && !p->self_approval)
		return err_set(err, ERR_USAGE, "\"%s\" proposed it and cannot "
		    "approve it too", a->by);
	if (p->require_review && !str_eq(str_text(&s->state), "reviewed"))
		return err_set(err, ERR_USAGE, "the policy wants it reviewed "
		    "before it is approved");
	if (p->require_signature && a->signature == NULL)
		return err_set(err, ERR_USAGE, "the policy wants approvals "
		    "signed: --signature FILE; \"--to-sign\" writes the text");
	if (!endless && str_empty(until) && s->until.len == 0)
		return err_set(err, ERR_USAGE, "it has no end: --until says "
		    "how long it is approved");
	if (s->covers == 0)
		return err_set(err, ERR_USAGE, "it covers nothing today: "
		    "there is nothing to approve");
	return 0;
}

static void act_text(const struct decision_act *a, const struct stand *s,
    const char *role, const char *until, struct str *out)
{
	str_addf(out, "muster decision 1\nact: %s\nid: %s\nby: %s\nrole: %s\n"
	    "at: %s\nuntil: %s\nrecord: %s\nsaw: %s\n", a->what,
	    str_text(&s->id), a->by, role != NULL ? role : "", a->at,
	    until != NULL ? until : str_text(&s->until), str_text(&s->body),
	    str_text(&s->saw));
}

/* Everything about an act, looked at but not said yet. */
struct ready {
	struct stand	 stand;
	struct policy	 policy;
	const char	*role;
	char		 until[DATE_SIZE];
	struct str	 text;		/* what is signed */
};

static void ready_free(struct ready *r)
{
	stand_free(&r->stand);
	decision_policy_free(&r->policy);
	str_free(&r->text);
}

static int ready(struct store *st, const struct decision_act *a, bool sign,
    struct ready *r, struct err *err)
{
	*r = (struct ready){ .role = a->role };
	if (stand_at(st, a, &r->stand, err) < 0 ||
	    check_step(a, &r->stand, err) < 0 ||
	    decision_policy_load(st, a->at, &r->policy, err) < 0 ||
	    decision_policy_may(&r->policy, a->what, a->by, &r->role,
	    err) < 0)
		return -1;
	if (!str_empty(a->until)) {
		if (!date_until(a->until, a->at, r->until))
			return err_set(err, ERR_USAGE, "\"%s\" is neither a "
			    "date nor a duration; expected 2027-03-01 or "
			    "P90D", a->until);
		if (strcmp(r->until, a->at) <= 0)
			return err_set(err, ERR_USAGE, "it would end on %s, "
			    "before it begins (%s)", r->until, a->at);
	}
	if (str_eq(a->what, "approve")) {
		struct policy loose = r->policy;

		/* the text to be signed comes before its signature */
		loose.require_signature &= !sign;
		if (check_approval(a, &r->stand, &loose, r->until, err) < 0)
			return -1;
	}
	act_text(a, &r->stand, r->role, r->until[0] != '\0' ? r->until : NULL,
	    &r->text);
	return 0;
}

int decision_text(struct store *st, const struct decision_act *a,
    struct str *out, struct err *err)
{
	struct ready r;
	int rc = ready(st, a, true, &r, err);

	if (rc == 0)
		str_addn(out, str_text(&r.text), r.text.len);
	ready_free(&r);
	return rc;
}

/* The signature has to be good now; later it is shown as what it is. */
static int check_signature(const struct decision_act *a,
    const struct ready *r, const char *signature, struct err *err)
{
	struct str signer = STR_INIT;
	int rc = 0;

	decision_sign(&r->policy, a->by, str_text(&r->text), signature, a->at,
	    &signer);
	if (str_eq(str_text(&signer), "bad"))
		rc = err_set(err, ERR_INPUT, "the signature is not one by a "
		    "key that the policy gives \"%s\", over the text that "
		    "\"--to-sign\" writes", a->by);
	str_free(&signer);
	return rc;
}

int decision_say(struct store *st, const struct decision_act *a,
    struct err *err)
{
	struct str body = STR_INIT, verb = STR_INIT, signature = STR_INIT;
	struct ready r;
	int64_t known = 0;
	int rc = -1;

	if (ready(st, a, false, &r, err) < 0)
		goto out;
	decision_put(&body, "by", a->by);
	decision_put(&body, "role", r.role);
	decision_put(&body, "at", a->at);
	decision_put(&body, "until", r.until);
	decision_put(&body, "designator", a->designator);
	decision_put(&body, "note", a->note);
	if (a->signature != NULL) {
		b64_encode(&signature, a->signature, a->signature_len);
		if (check_signature(a, &r, str_text(&signature), err) < 0)
			goto out;
		decision_put(&body, "signature", str_text(&signature));
		decision_put(&body, "text", str_text(&r.text));
	}
	if (str_eq(a->what, "approve"))
		str_addf(&body, ",\"saw\":%s", str_text(&r.stand.saw));
	str_addc(&body, '}');
	str_addf(&verb, "decision.%s", a->what);
	/* somebody else's statement becomes a record of our own */
	if (store_int(st, SQL_DECISION_KNOWN, BIND(V(str_text(&r.stand.id))),
	    &known, err) < 0 || (!known && event_add(st, "decision.propose",
	    str_text(&r.stand.id), str_text(&r.stand.body), err) < 0))
		goto out;
	rc = event_add(st, str_text(&verb), str_text(&r.stand.id),
	    str_text(&body), err);
out:
	ready_free(&r);
	str_free(&body);
	str_free(&verb);
	str_free(&signature);
	return rc;
}

/* Is it one who approved something? */
static int approver(struct store *st, const char *who, bool *is,
    struct err *err)
{
	struct query q;
	int rc;

	*is = false;
	query_open(&q, st, SQL_DECISION_APPROVERS, NOBIND);
	while ((rc = query_next(&q, err)) > 0)
		*is |= str_eq(query_text(&q, 0), who);
	query_close(&q);
	return rc;
}

int decision_accept(struct store *st, const char *by, const char *at,
    const char *note, struct err *err)
{
	struct str body = STR_INIT, about = STR_INIT;
	const char *role = NULL;
	struct policy p = { 0 };
	struct query q;
	bool is;
	int rc = -1;

	if (assessed(st, err) < 0 ||
	    decision_policy_load(st, at, &p, err) < 0 ||
	    decision_policy_may(&p, "accept", by, &role, err) < 0 ||
	    approver(st, by, &is, err) < 0)
		goto out;
	if (is && !p.approver_accepts) {
		err_set(err, ERR_USAGE, "\"%s\" approved findings and cannot "
		    "accept the package too", by);
		goto out;
	}
	query_open(&q, st, SQL_DECISION_LAST_VERDICTS, NOBIND);
	if ((rc = query_next(&q, err)) > 0)
		str_add(&about, query_text(&q, 0));
	query_close(&q);
	if (rc < 0)
		goto out;
	decision_put(&body, "by", by);
	decision_put(&body, "role", role);
	decision_put(&body, "at", at);
	decision_put(&body, "note", note);
	if (is)
		decision_put(&body, "self", "approved findings too, as the "
		    "policy allows");
	str_addc(&body, '}');
	rc = event_add(st, "decision.accept", str_text(&about),
	    str_text(&body), err);
out:
	decision_policy_free(&p);
	str_free(&body);
	str_free(&about);
	return rc;
}
