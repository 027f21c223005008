/* decision_priv.h - what the files of decisions share. */
#ifndef DECISION_PRIV_H
#define DECISION_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "muster/decision.h"

struct query;
struct tree;

/* The policy in force at an instant (decision_policy.c). */
struct policy {
	struct tree	*tree;		/* NULL: there is none */
	bool		 require_review, require_signature;
	bool		 self_approval, approver_accepts;
};

int decision_policy_load(struct store *st, const char *at, struct policy *p,
    struct err *err);
/* May this person do it in this role ("" or NULL: whichever allows it)?
 * ERR_USAGE says why not; *role gets the one that allows it, borrowed. */
int decision_policy_may(const struct policy *p, const char *verb,
    const char *who, const char **role, struct err *err);
/* Keys of a person, one by one from i = 0; NULL past the end. */
const char *decision_policy_key(const struct policy *p, const char *who,
    size_t i);
void decision_policy_free(struct policy *p);

/* Others' statements as proposals (decision_statement.c). */
int decision_statement(struct store *st, const char *as_of, struct err *err);

/* Columns of DECISION_STATEMENTS. */
enum {
	SAID_SHA256, SAID_LOCATOR, SAID_KIND, SAID_STATUS, SAID_VULN,
	SAID_PACKAGE, SAID_VERSION, SAID_JUSTIFICATION, SAID_TEXT,
	SAID_AUTHOR, SAID_AT, SAID_UNTIL, SAID_SEVERITY, SAID_KEY,
	SAID_ARTIFACT, SAID_NAME, SAID_PRODUCED, SAID_REQUIREMENT,
	SAID_SUBJECT, SAID_DETAILS
};

/* What a row of these proposes; NULL where it does not say. */
struct proposal {
	const char	*kind, *verdict, *severity, *why, *details;
	const char	*cell, *old;	/* of a checklist: which, what was there */
};

int decision_statement_add(struct store *st, const struct query *q,
    const struct proposal *p, const char *as_of, struct err *err);
/* The cells of one rule of a checklist (decision_cells.c); kind and verdict
 * are what its status would be, NULL: nothing. */
int decision_cells(struct store *st, const struct query *q, const char *kind,
    const char *verdict, const char *as_of, struct err *err);
/* What decisions cover today, and whether they do so in force
 * (decision_cover.c). */
int decision_cover(struct store *st, struct err *err);

/* "name":"value" behind what is in body; a NULL or empty value is left out. */
void decision_put(struct str *body, const char *name, const char *value);

/* Of what an approver goes by for one thing: its evidence as text. */
void decision_hash(const char *item, const char *evidence, struct str *out);

/* Who signed this text, by the keys that the policy gives a person: "no",
 * "bad" or the key's name into out; signature is base64 (decision_sign.c). */
void decision_sign(const struct policy *p, const char *who, const char *text,
    const char *signature, const char *at, struct str *out);

#endif
