/*
 * decision.h - what people decide: waivers, false positives, attestations.
 *
 * A decision stands beside a verdict and never changes it.  It is a record
 * and what was said on it later, as events (store.h): proposed, reviewed,
 * approved or rejected, revoked.  Everything else is worked out as of a date
 * (tables decision, decided): its state, what it covers, whether it has
 * expired, and whether what it covers is still what the approver saw - the
 * approval keeps a hash of the evidence for each thing it covers, so that it
 * never grows over what nobody looked at.
 *
 * Who may do what is said by a policy (TOML):
 *
 *	require_review = true		# none of these need be there
 *	require_signature = false
 *	self_approval = false		# who proposes may approve
 *	approver_accepts = false	# who approves findings may accept
 *
 *	[[person]]
 *	name = "carol"
 *	roles = ["cve_approver"]
 *	keys = ["ssh-ed25519 AAAA..."]	# or PEM
 *
 *	[may]				# roles; these are the defaults
 *	propose = ["contributor", "assessor", "cve_approver", "ao"]
 *	review = ["cve_approver", "ao"]
 *	approve = ["cve_approver", "ao"]
 *	accept = ["ao"]
 *
 * Without one anybody may act in any role, but nobody approves what he
 * proposed himself.
 */
#ifndef MUSTER_DECISION_H
#define MUSTER_DECISION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "muster/str.h"

struct err;
struct store;

enum decision_field {
#define FIELD(name, arg, help) DECISION_##name,
#include "muster/decision_fields.def"
#undef FIELD
	DECISION_FIELDS
};

/* "ssh-keygen -Y sign -n" takes this. */
#define DECISION_NAMESPACE "muster-decision"

/* NULL past the end. */
const char *decision_field_name(size_t i);

/* A record to be proposed; NULL or "": not given. */
struct decision_new {
	const char	*field[DECISION_FIELDS];
	const char	*at;		/* the instant it is said */
	const char	*evidence_sha256;	/* of the file "evidence" */
	bool		 all;		/* meant for every subject */
};

/*
 * Record it, inside the caller's transaction; id gets its UUID.  ERR_USAGE:
 * what is missing or cannot be (no end, no scope, a person who may not).
 * until is brought to a date.  decision_check() only looks.
 */
int decision_propose(struct store *st, const struct decision_new *d,
    struct str *id, struct err *err);

/* What is said on a decision later. */
struct decision_act {
	const char	*what;		/* review approve reject revoke */
	const char	*id;		/* or its first digits, 8 or more */
	const char	*by, *role, *at, *note, *until, *designator;
	const void	*signature;	/* over decision_text(), detached:
					 * SSHSIG, CMS, or raw */
	size_t		 signature_len;
};

int decision_say(struct store *st, const struct decision_act *a,
    struct err *err);

/* What an approver signs: the canonical text of that act on that record, and
 * of the evidence it covers.  The same for the same act. */
int decision_text(struct store *st, const struct decision_act *a,
    struct str *out, struct err *err);

/* Its full id from the first digits; after decision_build(). */
int decision_find(struct store *st, const char *part, struct str *id,
    struct err *err);

/* The policy: a TOML text that is in force from an instant on. */
int decision_policy_set(struct store *st, const char *text, size_t len,
    const char *name, const char *at, struct err *err);

/* The AO accepts the package as assessed last. */
int decision_accept(struct store *st, const char *by, const char *at,
    const char *note, struct err *err);

/* Work out the derived tables as of an instant; inside the caller's
 * transaction, after verdicts and issues are there.  decision_drop() empties
 * them, before those go. */
int decision_build(struct store *st, const char *as_of, struct err *err);
int decision_drop(struct store *st, struct err *err);

/*
 * What of the decisions in force holds for images the approver did not see:
 * one call a decision and image.  After decision_build().
 */
struct decision_carry {
	const char	*id;		/* the decision */
	const char	*image, *name;	/* the new image's key and name */
	int64_t		 same, changed, gone;	/* things it covered */
	const char	*word;		/* "valid" "partly" "void" */
	const char	*why;
	const char	*body;		/* the decision's record */
	bool		 followed;	/* a follower is proposed already */
};
typedef int decision_carry_fn(void *ctx, const struct decision_carry *c,
    struct err *err);
/* image: only to this subject; 0: to all. */
int decision_carry(struct store *st, int64_t image, decision_carry_fn *fn,
    void *ctx, struct err *err);
/* Propose what holds of it for the new image. */
int decision_carry_propose(struct store *st, const struct decision_carry *c,
    const char *by, const char *role, const char *at, struct str *id,
    struct err *err);

#endif
