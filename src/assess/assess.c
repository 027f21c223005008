/* assess.c - running the checks over every subject; see assess.h. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "agree.h"
#include "attach_priv.h"
#include "muster/assess.h"
#include "muster/decision.h"
#include "muster/derived.h"
#include "muster/err.h"
#include "muster/input.h"
#include "muster/posture.h"
#include "muster/sha.h"
#include "muster/state.h"
#include "muster/store.h"
#include "muster/str.h"
#include "tailoring.h"
#include "values.h"

#define CHECK(id, kinds, function) \
	int function(struct assess *as, struct err *err);
#include "checks.def"
#undef CHECK

static const struct check table[] = {
#define CHECK(id, kinds, function) { id, kinds, function },
#include "checks.def"
#undef CHECK
};
#define NTABLE (sizeof(table) / sizeof(table[0]))

const struct check *assess_check(size_t i)
{
	return i < NTABLE ? &table[i] : NULL;
}

static const char *const role_names[] = {
	[ROLE_FAIL] = "fail",
	[ROLE_ERROR] = "error",
	[ROLE_MISSING] = "missing",
	[ROLE_NOT_APPLICABLE] = "not_applicable",
	[ROLE_PASS] = "pass",
	[ROLE_CONTRADICTION] = "contradiction",
	[ROLE_NOTE] = "note",
};

/* The worst reason decides, in the order of enum role. */
static const char *const verdicts[] = {
	[ROLE_FAIL] = "fail",
	[ROLE_ERROR] = "error",
	[ROLE_MISSING] = "not_reviewed",
	[ROLE_NOT_APPLICABLE] = "not_applicable",
	[ROLE_PASS] = "pass",
};

bool assess_said(const struct assess *as, enum role role)
{
	return (as->roles & (1u << role)) != 0;
}

int assess_say(struct assess *as, enum role role, struct cite cite,
    struct err *err, const char *fmt, ...)
{
	struct str text = STR_INIT, clean = STR_INIT;
	const struct val none = { VAL_NULL, 0, NULL };
	char line[2048];
	va_list ap;
	int rc;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	str_utf8(&clean, line, strlen(line));	/* may be cut in a character */
	as->roles |= 1u << role;
	rc = store_run(as->store, SQL_ADD_REASON, BIND(V(as->result),
	    V(role_names[role]), V(str_text(&clean)),
	    cite.artifact > 0 ? V(cite.artifact) : none, V(cite.locator)),
	    err);
	if (rc == 0 && role == ROLE_CONTRADICTION) {
		str_addf(&text, "%s: %s", as->requirement, str_text(&clean));
		rc = store_run(as->store, SQL_ADD_GAP,
		    BIND(V("contradiction"), V(as->subject),
		    cite.artifact > 0 ? V(cite.artifact) : none,
		    V(str_text(&text))), err);
	}
	str_free(&text);
	str_free(&clean);
	return rc;
}

/* off: the tailoring that does not select it, or NULL. */
static int decide(struct assess *as, const struct check *c, const char *off,
    struct err *err)
{
	const char *verdict = NULL;

	as->requirement = c->id;
	as->roles = 0;
	if (store_run(as->store, SQL_ADD_RESULT,
	    BIND(V(as->subject), V(c->id)), err) < 0)
		return -1;
	as->result = store_last_id(as->store);
	if (off != NULL ? assess_say(as, ROLE_MISSING, NO_CITE, err,
	    "the tailoring \"%s\" does not select this requirement", off) < 0 :
	    c->decide(as, err) < 0)
		return -1;
	for (int r = ROLE_FAIL; r <= ROLE_PASS && verdict == NULL; r++)
		if (assess_said(as, (enum role)r))
			verdict = verdicts[r];
	if (verdict == NULL)
		return err_set(err, ERR_BUG,
		    "the check of %s gave no reason that decides", c->id);
	return store_run(as->store, SQL_SET_VERDICT,
	    BIND(V(as->result), V(verdict)), err);
}

/* What a tailoring left out. */
struct scope {
	struct str	profile;
	bool		off[NTABLE];
};

static int scope_load(struct store *st, struct scope *sc, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, st, SQL_TAILOR_PROFILE, NOBIND);
	if ((rc = query_next(&q, err)) > 0)
		str_add(&sc->profile, query_text(&q, 0));
	query_close(&q);
	for (size_t i = 0; i < NTABLE && rc >= 0; i++) {
		int64_t on = 0;

		rc = store_int(st, SQL_TAILOR_SELECTED, BIND(V(table[i].id)),
		    &on, err);
		sc->off[i] = on == 0;
	}
	return rc < 0 ? -1 : 0;
}

static int decide_subject(struct assess *as, const struct scope *sc,
    struct err *err)
{
	for (size_t i = 0; i < NTABLE; i++)
		if (str_listed(table[i].kinds, as->kind) &&
		    decide(as, &table[i], sc->off[i] ?
		    str_text(&sc->profile) : NULL, err) < 0)
			return err_during(err, "deciding %s", table[i].id);
	return 0;
}

static int decide_all(struct store *st, const char *as_of, struct err *err)
{
	struct scope scope = { STR_INIT, { false } };
	struct query q;
	int rc;

	if (scope_load(st, &scope, err) < 0) {
		str_free(&scope.profile);
		return -1;
	}
	query_open(&q, st, SQL_ASSESS_SUBJECTS, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		struct assess as = {
			.store = st, .subject = query_int(&q, 0),
			.kind = query_text(&q, 1), .as_of = as_of,
			.bytes_known = query_int(&q, 2) != 0
		};

		if ((rc = decide_subject(&as, &scope, err)) < 0)
			break;
	}
	query_close(&q);
	str_free(&scope.profile);
	return rc;
}

int assess_digest(struct store *st, char hex[65], struct err *err)
{
	struct sha *sha = sha_new();
	struct query q;
	int rc;

	query_open(&q, st, SQL_ALL_VERDICTS, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		for (int i = 0; i < query_columns(&q); i++) {
			const char *text = query_text(&q, i);

			sha_add(sha, text, strlen(text) + 1);
		}
	}
	query_close(&q);
	sha_end_hex(sha, hex);
	sha_free(sha);
	return rc;
}

/* The journal says which verdicts these were. */
static int journal_verdicts(struct store *st, const char *as_of,
    struct err *err)
{
	char hex[SHA_HEX], detail[96];

	if (assess_digest(st, hex, err) < 0)
		return -1;
	snprintf(detail, sizeof(detail), "as of %s", as_of);
	return journal_add(st, "assess", detail, hex, err);
}

static int few_scanners(struct store *st, struct err *err)
{
	struct assess as = { .store = st };

	return agree_gaps(st, assess_value_int(&as, "min_scanners"), err);
}

int assess_run(struct store *st, const char *as_of, struct err *err)
{
	return assess_run_tailored(st, as_of, NULL, err);
}

/* Every derived table, in the caller's transaction. */
static int derive(struct store *st, const char *as_of,
    struct input *tailoring, struct err *err)
{
	if (attach_derive(st, err) < 0 ||
	    store_run(st, SQL_DROP_REQUIREMENTS, NOBIND, err) < 0 ||
	    store_run(st, SQL_DROP_VALUES, NOBIND, err) < 0 ||
	    store_run(st, SQL_DROP_ASSESSMENT, NOBIND, err) < 0 ||
	    benchmark_load(st, as_of, err) < 0 ||
	    (tailoring != NULL && tailoring_apply(st, tailoring, err) < 0) ||
	    values_load(st, err) < 0 || assess_merge(st, err) < 0 ||
	    decide_all(st, as_of, err) < 0 ||
	    decision_build(st, as_of, err) < 0 || few_scanners(st, err) < 0)
		return -1;
	return values_bug() == NULL ? 0 : err_set(err, ERR_BUG,
	    "the benchmark has no Value \"%s\"", values_bug());
}

int assess_run_tailored(struct store *st, const char *as_of,
    struct input *tailoring, struct err *err)
{
	if (store_begin(st, err) < 0)
		return -1;
	if (derive(st, as_of, tailoring, err) == 0 &&
	    journal_verdicts(st, as_of, err) == 0 &&
	    posture_record(st, err) == 0 && state_add(st, true, err) == 0 &&
	    store_commit(st, err) == 0)
		return 0;
	store_rollback(st);
	return -1;
}

/* Under a tailoring that is kept as an event. */
static int derive_kept(struct store *st, const char *as_of,
    const char *sha256, struct err *err)
{
	struct input *in = NULL;
	struct query q;
	int rc;

	query_open(&q, st, SQL_STATE_TAILORING_TEXT, BIND(V(sha256)));
	if ((rc = query_next(&q, err)) == 0)
		rc = err_set(err, ERR_VERIFY, "the tailoring %.16s... is "
		    "missing", sha256);
	if (rc > 0) {
		in = input_open_mem(query_text(&q, 0),
		    strlen(query_text(&q, 0)), "tailoring.xml");
		rc = derive(st, as_of, in, err);
		input_close(in);
	}
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

/* What assessments leave and imports do not touch is taken as it is. */
static int take_kept(struct store *shadow, struct err *err)
{
	const struct derived *d;

	for (size_t i = 0; (d = derived_table(i)) != NULL; i++)
		if (str_listed("requirement value assessment", d->table) &&
		    derived_take(shadow, d, err) < 0)
			return -1;
	return 0;
}

int assess_again(struct store *shadow, const char *as_of,
    const char *tailoring, bool merge, struct err *err)
{
	if (as_of == NULL) {
		if (attach_derive(shadow, err) < 0 ||
		    take_kept(shadow, err) < 0)
			return -1;
		return merge ? assess_merge(shadow, err) : 0;
	}
	if ((str_empty(tailoring) ? derive(shadow, as_of, NULL, err) :
	    derive_kept(shadow, as_of, tailoring, err)) < 0)
		return -1;
	return posture_again(shadow, err);
}
