/*
 * source_trusted.c - 2.17: does the base come from a source of the guide's
 * appendix A, and what shows that it does?
 *
 * A digest that an inventory of a trusted source holds is that source's image,
 * whatever it is called here.  A name alone is a claim: it can fail, when its
 * registry is on no list, and never pass.
 */
#include <string.h>

#include "muster/err.h"
#include "source.h"

/* A line of approved_sources: "trusted PREFIX NAME". */
struct origin {
	bool		 trusted;
	int		 rank;		/* its place in appendix A, from 1 */
	struct str	 name;
};

/* The line that a repository is under; false when there is none. */
static bool find_origin(const char *list, const char *repository,
    struct origin *o)
{
	o->rank = 0;
	str_clear(&o->name);
	for (const char *p = list; *p != '\0'; ) {
		size_t grade, prefix, len;
		const char *from, *rest;

		p += strspn(p, " \t");
		len = strcspn(p, "\n");
		grade = strcspn(p, " \n");
		from = p + grade + strspn(p + grade, " ");
		prefix = strcspn(from, " \n");
		o->rank += len > 0;
		if (prefix > 0 && from + prefix <= p + len &&
		    strncmp(repository, from, prefix) == 0) {
			rest = from + prefix + strspn(from + prefix, " ");
			o->trusted = grade == 7 &&
			    memcmp(p, "trusted", 7) == 0;
			str_addn(&o->name, rest, (size_t)(p + len - rest));
			return true;
		}
		p += len;
		p += *p == '\n';
	}
	return false;
}

/* What is judged: a name of the base, its digest, and who says so. */
struct said {
	const char	*what;		/* "its base" "it itself" */
	const char	*text;		/* the reference, for people */
	const char	*repository;	/* normalised; "": a digest only */
	const char	*digest;	/* "" where not known */
	struct cite	 cite;
	int64_t		 subject;	/* the image whose layers these are */
	bool		 words;		/* that layers could disprove */
	bool		 proven;	/* by layers */
};

/* Is the digest that of an image in evidence, with other layers? */
static int disproved(struct assess *as, const struct said *s,
    struct err *err)
{
	struct str name = STR_INIT;
	bool found = false, same = false;
	struct query q;
	int rc;

	query_open(&q, as->store, SQL_DIGEST_OWNERS, BIND(V(s->digest)));
	while ((rc = query_next(&q, err)) > 0) {
		same = same || query_int(&q, 0) == s->subject;
		if (!found)
			str_add(&name, query_text(&q, 1));
		found = true;
	}
	query_close(&q);
	if (rc == 0 && found && !same) {
		rc = assess_say(as, ROLE_CONTRADICTION, s->cite, err, "%s is "
		    "said to be %s (%s), but the layers of that image (%s) "
		    "are not its lowest ones", s->what, s->text, s->digest,
		    str_text(&name));
		if (rc == 0)
			rc = assess_say(as, ROLE_FAIL, s->cite, err, "%s is "
			    "not the %s it is said to be: its layers are "
			    "others", s->what, s->text);
		if (rc == 0)
			rc = 1;
	}
	str_free(&name);
	return rc;
}

/* Does an inventory of a trusted source hold the digest?  1: passed. */
static int held(struct assess *as, const struct said *s, struct origin *o,
    struct err *err)
{
	const char *list = assess_value(as, "approved_sources");
	struct query q;
	int rc, found = 0;

	if (*s->digest == '\0')
		return 0;
	query_open(&q, as->store, SQL_LISTED_DIGEST, BIND(V("inventory"),
	    V(s->digest)));
	while (found == 0 && (rc = query_next(&q, err)) > 0) {
		if (!find_origin(list, query_text(&q, LIST_REPOSITORY), o) ||
		    !o->trusted)
			continue;
		found = 1;
		if (!s->proven && (rc = assess_say(as, ROLE_NOTE, s->cite,
		    err, "only words say that %s is %s: no layers of it are "
		    "in evidence", s->what, s->text)) < 0)
			break;
		rc = assess_say(as, ROLE_PASS, source_base_list_cite(&q), err,
		    "%s %s has the digest %s, which the inventory %s of %s "
		    "holds as %s%s%s", s->what, s->text, s->digest,
		    query_text(&q, LIST_FILE), str_text(&o->name),
		    query_text(&q, LIST_REPOSITORY),
		    query_null(&q, LIST_TAG) != NULL ? ":" : "",
		    query_text(&q, LIST_TAG));
	}
	query_close(&q);
	return rc < 0 ? -1 : found;
}

/* A valid signature over the digest by a key that is trusted for its source;
 * 1: passed.  Else why tells of those there are. */
static int signed_by(struct assess *as, const struct said *s,
    const struct origin *o, struct str *why, struct err *err)
{
	struct trust_word w;
	int rc = source_signed_word(as, s->digest, s->repository, &w,
	    err);

	if (rc == 0 && w.verdict == TRUST_VALID) {
		rc = assess_say(as, ROLE_PASS, (struct cite){ w.artifact,
		    str_text(&w.locator) }, err, "%s %s comes from %s: it is "
		    "%s", s->what, s->text, str_text(&o->name),
		    str_text(&w.text));
		rc = rc < 0 ? -1 : 1;
	} else if (rc == 0 && w.verdict != TRUST_NONE) {
		str_addf(why, " (now it is %s)", str_text(&w.text));
	}
	trust_word_free(&w);
	return rc;
}

static int by_name(struct assess *as, const struct said *s, struct origin *o,
    struct err *err)
{
	struct str why = STR_INIT;
	int rc;

	if (*s->repository == '\0')
		return assess_say(as, ROLE_MISSING, s->cite, err, "only the "
		    "digest of %s is known, %s: an inventory of Iron Bank "
		    "that holds it, or a valid signature, would tell where "
		    "it comes from", s->what, s->digest);
	if (!find_origin(assess_value(as, "approved_sources"), s->repository,
	    o))
		return assess_say(as, ROLE_FAIL, s->cite, err, "%s %s comes "
		    "from %s, which is on no list of the guide's appendix A",
		    s->what, s->text, s->repository);
	if ((rc = signed_by(as, s, o, &why, err)) == 0 && o->trusted)
		rc = assess_say(as, ROLE_MISSING, s->cite, err, "%s %s is "
		    "said to come from %s, which is trusted; words alone are "
		    "no proof: an inventory of %s (JSON or CSV) that holds "
		    "its digest%s%s, or a valid signature%s, would decide "
		    "this", s->what, s->text, str_text(&o->name),
		    str_text(&o->name), *s->digest != '\0' ? " " : "",
		    s->digest, str_text(&why));
	else if (rc == 0)
		rc = assess_say(as, ROLE_MISSING, s->cite, err, "%s %s is "
		    "said to come from %s, number %d in appendix A's order of "
		    "priority, which is approved but untrusted: a valid "
		    "signature%s would decide this", s->what, s->text,
		    str_text(&o->name), o->rank, str_text(&why));
	str_free(&why);
	return rc < 0 ? -1 : 0;
}

static int judge(struct assess *as, const struct said *s, struct err *err)
{
	struct origin o = { .name = STR_INIT };
	int rc;

	rc = s->words && *s->digest != '\0' ? disproved(as, s, err) : 0;
	if (rc == 0)
		rc = held(as, s, &o, err);
	if (rc == 0)
		rc = by_name(as, s, &o, err);
	str_free(&o.name);
	return rc < 0 ? -1 : 0;
}

/* A name of an image in evidence: one with a registry, one that is on the
 * list, before others. */
static int pick_name(struct assess *as, int64_t subject, struct str *name,
    struct err *err)
{
	const char *list = assess_value(as, "approved_sources");
	struct origin o = { .name = STR_INIT };
	int best = 0;
	struct query q;
	int rc;

	query_open(&q, as->store, SQL_NAMES_OF, BIND(V(subject)));
	while ((rc = query_next(&q, err)) > 0) {
		int worth = 1 + 2 * (query_int(&q, 3) != 0) +
		    find_origin(list, query_text(&q, 0), &o);

		if (worth <= best)
			continue;
		best = worth;
		str_clear(name);
		str_add(name, query_text(&q, 0));
	}
	query_close(&q);
	str_free(&o.name);
	return rc;
}

/* Each who says something is judged: the worst counts. */
static int judge_claims(struct assess *as, const struct source_base *base,
    struct err *err)
{
	for (size_t i = 0; i < base->nclaims; i++) {
		const struct source_claim *c = &base->claim[i];
		const bool settled = str_eq(str_text(&c->text),
		    str_text(&base->name));
		struct said s = { "its base", str_text(&c->text),
		    c->ref.repo, c->ref.digest[0] != '\0' || !settled ?
		    c->ref.digest : str_text(&base->digest),
		    { c->artifact, str_text(&c->locator) },
		    base->subject, base->own_layers > 0,
		    settled && base->proven };

		if (judge(as, &s, err) < 0)
			return -1;
	}
	return 0;
}

/* No words: an image in evidence, or an entry of a list, by its layers. */
static int judge_layers(struct assess *as, const struct source_base *base,
    struct err *err)
{
	struct str repository = STR_INIT;
	struct said s = { "its base", str_text(&base->name), "",
	    str_text(&base->digest), { base->artifact,
	    str_text(&base->locator) }, base->subject, false, true };
	struct ref ref;
	int rc = 0;

	if (base->listing_layers < base->subject_layers)
		rc = pick_name(as, base->subject, &repository, err);
	else if (ref_parse(str_text(&base->listing_name), &ref))
		str_add(&repository, ref.repo);
	s.repository = str_text(&repository);
	if (rc == 0)
		rc = judge(as, &s, err);
	str_free(&repository);
	return rc;
}

/* Built FROM scratch: where the image itself comes from. */
static int judge_itself(struct assess *as, const struct source_base *base,
    struct err *err)
{
	struct str repository = STR_INIT, digest = STR_INIT;
	struct said s = { "the image itself, built FROM scratch,", "", "", "",
	    base->scratch_cite, as->subject, false, true };
	struct query q;
	int rc;

	if (pick_name(as, as->subject, &repository, err) < 0) {
		rc = -1;
		goto out;
	}
	query_open(&q, as->store, SQL_DIGESTS_OF, BIND(V(as->subject)));
	if ((rc = query_next(&q, err)) > 0)
		str_add(&digest, query_text(&q, 0));
	query_close(&q);
	s.text = s.repository = str_text(&repository);
	s.digest = str_text(&digest);
	if (rc >= 0)
		rc = judge(as, &s, err);
out:
	str_free(&repository);
	str_free(&digest);
	return rc;
}

int source_trusted(struct assess *as, struct err *err)
{
	struct look_self self;
	struct source_base base = { 0 };
	int rc = -1;

	if (look_self(as, &self, err) < 0)
		return -1;
	if (source_base(as, &self, &base, err) < 0)
		goto out;
	if (base.scratch)
		rc = judge_itself(as, &base, err);
	else if (base.nclaims > 0)
		rc = judge_claims(as, &base, err);
	else if (source_base_known(&base))
		rc = judge_layers(as, &base, err);
	else
		rc = assess_say(as, ROLE_MISSING, NO_CITE, err, "nothing says "
		    "which image this one is built on, so its source is not "
		    "known; a base label, its Dockerfile, its hardening "
		    "manifest or the base's own archive would name it");
out:
	source_base_free(&base);
	look_self_free(&self);
	return rc < 0 ? -1 : 0;
}
