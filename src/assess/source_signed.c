/*
 * source_signed.c - 2.10: is the base image signed, and by whom?
 */
#include "muster/err.h"
#include "source.h"

int source_signed_word(struct assess *as, const char *digest,
    const char *reference, struct trust_word *w, struct err *err)
{
	if (str_empty(digest)) {
		*w = (struct trust_word){ .verdict = TRUST_NONE };
		return 0;
	}
	return trust_image(as->store, digest, reference, as->as_of, w, err);
}

/* The base is known by its manifest digest. */
static int judge(struct assess *as, const struct source_base *base,
    struct err *err)
{
	const char *name = base->name.len > 0 ? base->name.s :
	    base->digest.s;
	struct trust_word w;
	struct cite cite;
	int rc = -1;

	if (source_signed_word(as, base->digest.s, str_text(&base->name), &w,
	    err) < 0)
		goto out;
	cite = (struct cite){ w.artifact, str_text(&w.locator) };
	switch (w.verdict) {
	case TRUST_VALID:
		if (!base->proven && assess_say(as, ROLE_NOTE, NO_CITE, err,
		    "only words say that %s is the base: no layers of it are "
		    "in evidence", name) < 0)
			break;
		if (assess_said(as, ROLE_CONTRADICTION)) {
			rc = assess_say(as, ROLE_MISSING, cite, err, "the "
			    "base %s (%s) is %s, but what is said of the "
			    "base does not agree: the base's own archive, or "
			    "the word that is wrong set right, would decide "
			    "this", name, base->digest.s, str_text(&w.text));
			break;
		}
		rc = assess_say(as, ROLE_PASS, cite, err, "the base %s (%s) "
		    "is %s", name, base->digest.s, str_text(&w.text));
		break;
	case TRUST_INVALID:
		rc = assess_say(as, ROLE_FAIL, cite, err, "a signature of "
		    "the base %s (%s) is not valid: %s", name,
		    base->digest.s, str_text(&w.text));
		break;
	case TRUST_UNKNOWN:
		rc = assess_say(as, ROLE_MISSING, cite, err, "the base %s "
		    "(%s) is %s; \"muster trust add KEY --for PREFIX\" with "
		    "the signer's public key would decide this", name,
		    base->digest.s, str_text(&w.text));
		break;
	case TRUST_NONE:
		rc = assess_say(as, ROLE_MISSING, NO_CITE, err, "no signature "
		    "over the base %s (%s) is in evidence; an OCI layout or "
		    "archive with its signatures, and the signer's public "
		    "key (\"muster trust add\"), would decide this", name,
		    base->digest.s);
		break;
	}
out:
	trust_word_free(&w);
	return rc;
}

static int decide(struct assess *as, const struct source_base *base,
    struct err *err)
{
	if (base->scratch)
		return assess_say(as, ROLE_NOT_APPLICABLE,
		    base->scratch_cite, err, "it is built from scratch: it "
		    "has no base image");
	if (base->digest.len > 0)
		return judge(as, base, err);
	if (source_base_known(base))
		return assess_say(as, ROLE_MISSING, NO_CITE, err, "the base "
		    "is said to be %s, but nothing gives the digest of its "
		    "manifest, which is what signatures are over; the base's "
		    "own archive, an inventory or a label with the digest "
		    "would", str_text(&base->name));
	return assess_say(as, ROLE_MISSING, NO_CITE, err, "nothing says which "
	    "image this one is built on; a base label, a Dockerfile, a "
	    "hardening manifest or the base's own archive would, and then "
	    "its signature decides");
}

int source_signed(struct assess *as, struct err *err)
{
	struct look_self self;
	struct source_base base;
	int rc = -1;

	if (look_self(as, &self, err) < 0)
		return -1;
	if (source_base(as, &self, &base, err) == 0)
		rc = decide(as, &base, err);
	source_base_free(&base);
	look_self_free(&self);
	return rc;
}
