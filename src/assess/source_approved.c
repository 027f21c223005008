/*
 * source_approved.c - 2.14: is the base an approved one, by its bytes?
 *
 * The chain of its layers decides.  A name that is on the list with other
 * bytes is told first: somebody may have tampered with the base.
 */
#include <string.h>

#include "muster/err.h"
#include "source.h"

static struct cite cite_base(const struct source_base *base)
{
	return (struct cite){ base->artifact, str_text(&base->locator) };
}

/* The image at hand: its diff_ids, one a line, and how many of its layers were
 * read and are what they are said to be. */
struct own {
	const struct look_self *self;
	struct str	 diff_ids;
	int64_t		 sound;
	bool		 lists;		/* there is one to compare with */
};

static int load_own(struct assess *as, struct own *own, struct err *err)
{
	bool whole = true;
	struct query q;
	int rc;

	if (own->self->target == 0)
		return 0;
	query_open(&q, as->store, SQL_IMG_LAYERS, BIND(V(own->self->target)));
	while ((rc = query_next(&q, err)) > 0) {
		str_addf(&own->diff_ids, "%s\n", query_text(&q, 1));
		whole = whole && strcmp(query_text(&q, 5), "ok") == 0;
		own->sound += whole;
	}
	query_close(&q);
	return rc;
}

/* How a chain compares with the image's layers, as its config names them. */
enum { CHAIN_UNKNOWN, CHAIN_SAME, CHAIN_OTHER };

static int compare_chain(const struct own *own, const char *chain)
{
	size_t len = chain != NULL ? strlen(chain) : 0;

	if (len == 0 || own->diff_ids.len == 0)
		return CHAIN_UNKNOWN;
	return own->diff_ids.len > len && own->diff_ids.s[len] == '\n' &&
	    memcmp(own->diff_ids.s, chain, len) == 0 ? CHAIN_SAME :
	    CHAIN_OTHER;
}

/* ----------------------------------------------- another one's name */

/* Who bears an approved name: by a claim, or an image in evidence. */
struct bearer {
	const char	*what;		/* "the label ...", "the base's archive" */
	struct ref	 ref;
	int64_t		 subject;	/* 0: a claim */
	struct cite	 cite;
};

/* Are these the bytes of that entry, as far as can be told? */
static int same_bytes(struct assess *as, const struct own *own,
    const struct bearer *b, const struct query *q, bool *same,
    struct err *err)
{
	const char *digest = query_text(q, LIST_DIGEST);
	int64_t n = 0;
	int chain = compare_chain(own, query_null(q, LIST_CHAIN));

	*same = chain != CHAIN_OTHER;
	if (chain != CHAIN_UNKNOWN || *digest == '\0')
		return 0;
	if (b->subject == 0) {
		*same = b->ref.digest[0] == '\0' ||
		    strcmp(b->ref.digest, digest) == 0;
		return 0;
	}
	if (store_int(as->store, SQL_HAS_DIGEST, BIND(V(b->subject),
	    V(digest)), &n, err) < 0)
		return -1;
	*same = n > 0;
	return 0;
}

static int check_name(struct assess *as, const struct own *own,
    const struct bearer *b, struct err *err)
{
	const char *tag = b->ref.tag[0] != '\0' ? b->ref.tag : "latest";
	struct cite cite = NO_CITE;
	struct str at = STR_INIT, file = STR_INIT;
	bool named = false, same = false;
	struct query q;
	int rc = 0;

	query_open(&q, as->store, SQL_LISTED_REPOSITORY, BIND(V("approved"),
	    V((const char *)b->ref.repo)));
	while (!same && (rc = query_next(&q, err)) > 0) {
		bool by_digest = b->ref.digest[0] != '\0' &&
		    strcmp(b->ref.digest, query_text(&q, LIST_DIGEST)) == 0;

		if (!by_digest && strcmp(query_text(&q, LIST_TAG), tag) != 0)
			continue;
		if ((rc = same_bytes(as, own, b, &q, &same, err)) < 0)
			break;
		if (!named) {
			cite.artifact = query_int(&q, LIST_ARTIFACT);
			str_add(&at, query_text(&q, LIST_LOCATOR));
			str_add(&file, query_text(&q, LIST_FILE));
			named = true;
		}
	}
	query_close(&q);
	cite.locator = str_text(&at);
	if (!same && rc == 0 && named)
		rc = assess_say(as, ROLE_FAIL, cite, err, "possible "
		    "tampering: %s bears the name %s:%s, which %s approves "
		    "with other bytes than these", b->what, b->ref.repo, tag,
		    str_text(&file));
	str_free(&at);
	str_free(&file);
	return rc < 0 ? -1 : 0;
}

static int check_names(struct assess *as, const struct own *own,
    const char *what, int64_t subject, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, as->store, SQL_NAMES_OF, BIND(V(subject)));
	while ((rc = query_next(&q, err)) > 0) {
		struct bearer b = { .what = what, .subject = subject };

		snprintf(b.ref.repo, sizeof(b.ref.repo), "%s",
		    query_text(&q, 0));
		snprintf(b.ref.tag, sizeof(b.ref.tag), "%s",
		    query_text(&q, 1));
		if (b.ref.tag[0] != '\0' &&
		    (rc = check_name(as, own, &b, err)) < 0)
			break;
	}
	query_close(&q);
	return rc;
}

static int check_tampering(struct assess *as, const struct own *own,
    const struct source_base *base, struct err *err)
{
	for (size_t i = 0; i < base->nclaims; i++) {
		const struct source_claim *c = &base->claim[i];
		struct bearer b = { c->what, c->ref, 0, { c->artifact,
		    str_text(&c->locator) } };

		if (c->ref.repo[0] != '\0' &&
		    check_name(as, own, &b, err) < 0)
			return -1;
	}
	if (base->subject == 0 || (base->nclaims > 0 && !base->subject_said))
		return 0;
	return check_names(as, own, "the archive of the base",
	    base->subject, err);
}

/* --------------------------------------------------------- on the list? */

/* One of an image's digests on the list: 1 (a pass was said), 0, -1. */
static int listed_subject(struct assess *as, int64_t subject,
    const char *words, struct err *err)
{
	struct query digests, q;
	int rc, found = 0;

	query_open(&digests, as->store, SQL_DIGESTS_OF, BIND(V(subject)));
	while (found == 0 && (rc = query_next(&digests, err)) > 0) {
		if (query_int(&digests, 1) == 0)
			continue;
		query_open(&q, as->store, SQL_LISTED_DIGEST, BIND(
		    V("approved"), V(query_text(&digests, 0))));
		if ((rc = query_next(&q, err)) > 0) {
			found = 1;
			rc = assess_say(as, ROLE_PASS,
			    source_base_list_cite(&q), err, "%s %s, which "
			    "%s approves by that digest", words,
			    query_text(&digests, 0),
			    query_text(&q, LIST_FILE));
		}
		query_close(&q);
		if (rc < 0)
			break;
	}
	query_close(&digests);
	return rc < 0 ? -1 : found;
}

static int pass_chain(struct assess *as, const struct source_base *base,
    struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, as->store, SQL_LISTED_ID, BIND(V(base->listing)));
	if ((rc = query_next(&q, err)) > 0)
		rc = assess_say(as, ROLE_PASS, source_base_list_cite(&q), err,
		    "its lowest layers (%lld of %lld) are, digest by digest, "
		    "those of the approved base %s%s%s%s", (long long)
		    base->listing_layers, (long long)base->own_layers,
		    str_text(&base->listing_name),
		    query_null(&q, LIST_SOURCE) != NULL ? " (" : "",
		    query_text(&q, LIST_SOURCE),
		    query_null(&q, LIST_SOURCE) != NULL ? ")" : "");
	query_close(&q);
	return rc;
}

static int fail_unlisted(struct assess *as, const struct source_base *base,
    struct err *err)
{
	if (base->listing == 0)
		return assess_say(as, ROLE_FAIL, cite_base(base), err,
		    "its base %s is on no list of approved bases",
		    str_text(&base->name));
	return assess_say(as, ROLE_FAIL, cite_base(base), err, "its base %s "
	    "is on no list of approved bases, though that base's own lowest "
	    "layers may be those of the approved %s", str_text(&base->name),
	    str_text(&base->listing_name));
}

/* Words only: is what they name on the list? */
static int judge_claim(struct assess *as, const struct source_base *base,
    const struct own *own, struct err *err)
{
	const struct ref *claim = &base->claim[0].ref;
	const char *listed = NULL;
	struct str file = STR_INIT;
	struct query q;
	int rc;

	if (claim->digest[0] != '\0')
		query_open(&q, as->store, SQL_LISTED_DIGEST,
		    BIND(V("approved"), V((const char *)claim->digest)));
	else
		query_open(&q, as->store, SQL_LISTED_REPOSITORY,
		    BIND(V("approved"), V((const char *)claim->repo)));
	while (listed == NULL && (rc = query_next(&q, err)) > 0) {
		struct ref its = { "", "", "" };
		int chain = compare_chain(own, query_null(&q, LIST_CHAIN));

		snprintf(its.repo, sizeof(its.repo), "%s", claim->repo);
		snprintf(its.tag, sizeof(its.tag), "%s",
		    query_text(&q, LIST_TAG));
		if (claim->digest[0] == '\0' &&
		    !source_claim_agrees(claim, &its))
			continue;
		if (chain == CHAIN_OTHER)
			continue;
		str_add(&file, query_text(&q, LIST_FILE));
		listed = file.s;
	}
	query_close(&q);
	if (listed == NULL && rc == 0)
		rc = fail_unlisted(as, base, err);
	else if (listed != NULL)
		rc = assess_say(as, ROLE_MISSING, cite_base(base), err,
		    "%s says that the base is %s, which %s approves, but "
		    "nothing shows that its layers are these: the diff_ids of "
		    "the base in that list (base-list, JSON or CSV) or the "
		    "base's own archive would", base->claim[0].what,
		    str_text(&base->name), listed);
	str_free(&file);
	return rc < 0 ? -1 : 0;
}

/* The base is a known one, by layers or by words. */
static int judge_base(struct assess *as, const struct source_base *base,
    const struct own *own, struct err *err)
{
	bool agreed = base->nclaims == 0 ?
	    base->listing_layers >= base->subject_layers :
	    base->listing_said || (base->subject_said &&
	    base->listing_layers == base->subject_layers);
	struct str words = STR_INIT;
	int rc;

	if (base->listing != 0 && agreed)
		return pass_chain(as, base, err);
	if (base->nclaims > 0 && !base->subject_said)
		return judge_claim(as, base, own, err);
	str_addf(&words, "its lowest layers (%lld of %lld) are those of %s, "
	    "an image of the digest", (long long)base->subject_layers,
	    (long long)base->own_layers, str_text(&base->layers));
	rc = listed_subject(as, base->subject, words.s, err);
	str_free(&words);
	return rc != 0 ? (rc < 0 ? -1 : 0) : fail_unlisted(as, base, err);
}

/* An image without a base is one itself. */
static int judge_itself(struct assess *as, const struct source_base *base,
    const struct own *own, struct err *err)
{
	int rc;

	if (check_names(as, own, "its own archive",
	    as->subject, err) < 0)
		return -1;
	if (assess_said(as, ROLE_FAIL))
		return 0;
	if (base->listing != 0 && base->listing_layers == base->own_layers)
		return pass_chain(as, base, err);
	rc = listed_subject(as, as->subject, "it is built FROM scratch and "
	    "has the digest", err);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	return assess_say(as, ROLE_FAIL, base->scratch_cite, err, "it is "
	    "built FROM scratch, and it is itself on no list of approved "
	    "bases");
}

static int judge_unknown(struct assess *as, const struct own *own,
    struct err *err)
{
	int rc;

	if (check_names(as, own, "its own archive", as->subject, err) < 0)
		return -1;
	if (assess_said(as, ROLE_FAIL))
		return 0;
	rc = listed_subject(as, as->subject, "it is itself an approved base, "
	    "of the digest", err);
	return rc != 0 ? (rc < 0 ? -1 : 0) : assess_say(as, ROLE_MISSING,
	    NO_CITE, err, "nothing says which image this one is built on: its "
	    "lowest layers are those of no approved base and of no other "
	    "image here; a base label, its Dockerfile, its hardening manifest "
	    "or the base's own archive would tell");
}

/* The walk along the layers, for people. */
static int walk(struct assess *as, const struct source_base *base,
    const struct own *own, struct err *err)
{
	const char *p = str_text(&own->diff_ids);
	char at[64];

	for (int64_t n = 0; *p != '\0' && n < LOOK_MOST; n++) {
		size_t len = strcspn(p, "\n");

		snprintf(at, sizeof(at), "config:/rootfs/diff_ids/%lld",
		    (long long)n);
		if (assess_say(as, ROLE_NOTE, (struct cite){
		    own->self->artifact, at }, err, "layer %lld, %.*s: %s%s%s%s",
		    (long long)n, (int)len, p,
		    n < base->listing_layers ? "of the approved base " :
		    n < base->subject_layers ? "of " : "of this image alone",
		    n < base->listing_layers ? str_text(&base->listing_name) :
		    n < base->subject_layers ? str_text(&base->layers) : "",
		    n < base->listing_layers && n < base->subject_layers ?
		    " and of " : "",
		    n < base->listing_layers && n < base->subject_layers ?
		    str_text(&base->layers) : "") < 0)
			return -1;
		p += len + 1;
	}
	return 0;
}

static int judge(struct assess *as, const struct source_base *base,
    struct own *own, struct err *err)
{
	int64_t lists = 0;

	if (store_int(as->store, SQL_LISTED_ANY, BIND(V("approved")), &lists,
	    err) < 0)
		return -1;
	own->lists = lists > 0;
	if (lists == 0)
		return assess_say(as, ROLE_MISSING, NO_CITE, err, "%sno list "
		    "of approved base images is in evidence: a base-list "
		    "(JSON or CSV: reference, manifest digest, diff_ids, "
		    "source, date) would decide this",
		    source_base_known(base) || base->scratch ? "" :
		    "nothing says which image this one is built on, and ");
	if (base->scratch)
		return judge_itself(as, base, own, err);
	if (check_tampering(as, own, base, err) < 0)
		return -1;
	if (assess_said(as, ROLE_FAIL))
		return 0;
	if (!source_base_known(base))
		return judge_unknown(as, own, err);
	return judge_base(as, base, own, err);
}

int source_approved(struct assess *as, struct err *err)
{
	struct look_self self;
	struct own own = { .self = &self };
	struct source_base base = { 0 };
	int rc = -1;

	if (look_self(as, &self, err) < 0)
		return -1;
	if (source_base(as, &self, &base, err) < 0 ||
	    load_own(as, &own, err) < 0 ||
	    judge(as, &base, &own, err) < 0 ||
	    walk(as, &base, &own, err) < 0)
		goto out;
	rc = 0;
	/* Unread layers prove nothing in the base's favour. */
	if (own.lists && own.sound < base.own_layers &&
	    !assess_said(as, ROLE_PASS))
		rc = look_content(as, &self, err) < 0 ? -1 : 0;
out:
	str_free(&own.diff_ids);
	source_base_free(&base);
	look_self_free(&self);
	return rc;
}
