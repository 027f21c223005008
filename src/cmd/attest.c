/* attest.c - "muster attest": a person's verdict, with what shows it. */
#include <string.h>

#include "muster/command.h"
#include "muster/err.h"
#include "decide.h"

static const char *verdict, *evidence, *why, *until, *by, *role;

static const struct opt opts[] = {
	{ 0, "verdict", "VERDICT", "pass, fail or not_applicable", &verdict },
	{ 0, "evidence", "FILE", "the file that shows it; its digest is "
	    "recorded", &evidence },
	{ 0, "why", "TEXT", "what was looked at", &why },
	{ 0, "until", "DATE", "when it ends: a date, or a duration such as "
	    "P90D", &until },
	{ 0, "by", "NAME", "whose word it is ($MUSTER_USER, else the user "
	    "id)", &by },
	{ 0, "role", "ROLE", "as what: contributor, assessor, cve_approver, "
	    "ao", &role },
	{ 0, NULL, NULL, NULL, NULL }
};

static int run(struct ctx *c, struct err *err)
{
	struct decision_new d = { .field = {
		[DECISION_kind] = "attestation",
		[DECISION_requirement] = c->argv[0],
		[DECISION_image] = c->argv[1],
		[DECISION_verdict] = verdict, [DECISION_evidence] = evidence,
		[DECISION_why] = why, [DECISION_until] = until,
		[DECISION_by] = by, [DECISION_role] = role
	} };

	return decide_propose(c, &d, err);
}

const struct command cmd_attest = {
	.name = "attest",
	.operands = "REQ SUBJECT",
	.about = "propose a person's verdict for what no file can decide",
	.least = 2, .most = 2,
	.json = true,
	.mode = STORE_WRITE,
	.opts = opts,
	.run = run,
};
