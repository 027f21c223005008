/* source_base.c - which image an image is built on; see source.h. */
#include <stdlib.h>
#include <string.h>

#include "lineage.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "source.h"

/* The chains of an image's lowest 1, 2, ... layers, as far as their bytes are
 * what the config says. */
struct prefix {
	char		(*chain)[72];
	size_t		 n, cap;
	int64_t		 layers;	/* there are */
};

static int load(struct assess *as, const struct look_self *self,
    struct prefix *p, struct err *err)
{
	char chain[72] = { 0 };
	bool whole = true;
	struct query q;
	int rc;

	query_open(&q, as->store, SQL_IMG_LAYERS, BIND(V(self->target)));
	while ((rc = query_next(&q, err)) > 0) {
		p->layers++;
		whole = whole && strcmp(query_text(&q, 5), "ok") == 0;
		if (!whole)
			continue;
		lineage_chain(chain, query_text(&q, 1));
		MEM_ROOM(p->chain, p->n, p->cap);
		memcpy(p->chain[p->n++], chain, sizeof(chain));
	}
	query_close(&q);
	return rc;
}

/* Layers are proven when this is asked: a name that agrees is enough then,
 * for the digest in words may be the index's. */
static bool names(const struct source_claim *c, const char *repo,
    const char *tag, const char *digest)
{
	struct ref said = c->ref, its = { "", "", "" };

	if (said.digest[0] != '\0' && strcmp(said.digest, digest) == 0)
		return true;
	if (said.repo[0] == '\0' || *repo == '\0')
		return false;
	said.digest[0] = '\0';
	snprintf(its.repo, sizeof(its.repo), "%s", repo);
	snprintf(its.tag, sizeof(its.tag), "%s", tag);
	return source_claim_agrees(&said, &its);
}

/* Does a claim name this image, by any of its digests and names? */
static int named_by_claim(struct assess *as, const struct source_base *base,
    int64_t subject, size_t *which, struct err *err)
{
	struct query q;
	int rc = 0;
	bool found = false;

	for (int pass = 0; pass < 2 && !found && rc == 0; pass++) {
		query_open(&q, as->store, pass == 0 ? SQL_DIGESTS_OF :
		    SQL_NAMES_OF, BIND(V(subject)));
		while (!found && (rc = query_next(&q, err)) > 0)
			for (size_t i = 0; i < base->nclaims && !found; i++) {
				found = pass == 0 ? names(&base->claim[i], "",
				    "", query_text(&q, 0)) :
				    names(&base->claim[i], query_text(&q, 0),
				    query_text(&q, 1), "");
				*which = i;
			}
		query_close(&q);
	}
	return rc < 0 ? -1 : found;
}

/* A claim names this entry of a list? */
static bool listed_by_claim(const struct source_base *base,
    const struct query *q)
{
	for (size_t i = 0; i < base->nclaims; i++)
		if (names(&base->claim[i], query_text(q, 1), query_text(q, 2),
		    query_text(q, 3)))
			return true;
	return false;
}

/* The image in evidence that shares most of the lowest layers.  Another
 * version of the image itself is no base, unless something says so. */
static int by_images(struct assess *as, const struct prefix *p, size_t n,
    bool only_said, struct source_base *base, struct err *err)
{
	struct query q;
	size_t which;
	int rc;

	query_open(&q, as->store, SQL_LINEAGE_SUBJECTS, BIND(
	    V((const char *)p->chain[n - 1]), V(as->subject)));
	while ((rc = query_next(&q, err)) > 0) {
		int said = named_by_claim(as, base, query_int(&q, 0), &which,
		    err);

		if (said < 0) {
			rc = -1;
			break;
		}
		if (said == 0 && (only_said || query_int(&q, 4) != 0 ||
		    base->subject != 0 || (int64_t)n == p->layers))
			continue;
		str_clear(&base->layers);
		str_clear(&base->key);
		base->subject = query_int(&q, 0);
		base->subject_layers = (int64_t)n;
		str_add(&base->layers, query_text(&q, 1));
		str_add(&base->key, query_text(&q, 2));
		base->subject_said = said > 0;
		if (said > 0)
			break;
	}
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

static int by_lists(struct assess *as, const struct prefix *p, size_t n,
    bool only_said, struct source_base *base, struct err *err)
{
	bool said = false;
	struct query q;
	int rc;

	query_open(&q, as->store, SQL_LINEAGE_LISTINGS, BIND(
	    V((const char *)p->chain[n - 1]), V("approved")));
	while (!said && (rc = query_next(&q, err)) > 0) {
		said = listed_by_claim(base, &q);
		if (!said && (only_said || base->listing != 0))
			continue;
		base->listing_said = said;
		base->listing = query_int(&q, 0);
		base->listing_layers = (int64_t)n;
		str_clear(&base->listing_name);
		str_addf(&base->listing_name, "%s%s%s", query_text(&q, 1),
		    query_null(&q, 2) != NULL ? ":" : "", query_text(&q, 2));
	}
	query_close(&q);
	return !said && rc < 0 ? -1 : 0;
}

/* The longest runs; or, where words name an image and an entry further down,
 * those (only_said): the longer run is then of an image that merely begins
 * with the same steps. */
static int by_layers(struct assess *as, const struct prefix *p,
    bool only_said, struct source_base *base, struct err *err)
{
	bool image = only_said ? base->subject_said : base->subject != 0;
	bool entry = only_said ? base->listing_said : base->listing != 0;

	for (size_t n = p->n; n > 0; n--) {
		if (!image && by_images(as, p, n, only_said, base, err) < 0)
			return -1;
		if (!entry && by_lists(as, p, n, only_said, base, err) < 0)
			return -1;
		image = only_said ? base->subject_said : base->subject != 0;
		entry = only_said ? base->listing_said : base->listing != 0;
	}
	return 0;
}

static void forget(struct source_base *base, size_t i)
{
	str_free(&base->claim[i].text);
	str_free(&base->claim[i].locator);
	memmove(&base->claim[i], &base->claim[i + 1],
	    (--base->nclaims - i) * sizeof(base->claim[0]));
}

/* A label that the base has too was inherited: it says what the base is built
 * on.  But it stays where it names that very image. */
static int drop_inherited(struct assess *as, struct source_base *base,
    struct err *err)
{
	size_t which;
	int rc = 0;

	if (base->subject == 0 || (rc = named_by_claim(as, base,
	    base->subject, &which, err)) != 0)
		return rc < 0 ? -1 : 0;
	for (size_t i = base->nclaims; i-- > 0; ) {
		struct source_claim *c = &base->claim[i];
		bool same = false;
		struct query q;

		if (c->by_build)
			continue;
		query_open(&q, as->store, SQL_IMG_FACT, BIND(V(base->subject),
		    V("config.label"), V(c->what + strlen("the label "))));
		if ((rc = query_next(&q, err)) > 0)
			same = str_eq(query_text(&q, FACT_VALUE),
			    str_text(&c->text));
		query_close(&q);
		if (rc < 0)
			return -1;
		if (!same)
			continue;
		if (assess_say(as, ROLE_NOTE, (struct cite){ c->artifact,
		    str_text(&c->locator) }, err, "%s is inherited: %s has it "
		    "too, so it says nothing of this image", c->what,
		    str_text(&base->layers)) < 0)
			return -1;
		forget(base, i);
	}
	return 0;
}

/* Words against words. */
static int compare_claims(struct assess *as, const struct source_base *base,
    struct err *err)
{
	for (size_t i = 1; i < base->nclaims; i++) {
		const struct source_claim *a = &base->claim[0],
		    *b = &base->claim[i];

		if (!source_claim_agrees(&a->ref, &b->ref) &&
		    assess_say(as, ROLE_CONTRADICTION, (struct cite){
		    b->artifact, str_text(&b->locator) }, err, "%s says that "
		    "the base is %s, %s that it is %s", a->what,
		    str_text(&a->text), b->what, str_text(&b->text)) < 0)
			return -1;
	}
	if (!base->scratch || (base->nclaims == 0 && base->subject == 0))
		return 0;
	if (base->nclaims == 0)
		return assess_say(as, ROLE_NOTE, base->scratch_cite, err,
		    "its Dockerfile builds it FROM scratch, though its lowest "
		    "layers are those of %s", str_text(&base->layers));
	return assess_say(as, ROLE_CONTRADICTION, base->scratch_cite, err,
	    "its Dockerfile builds it FROM scratch, %s says that the base is "
	    "%s", base->claim[0].what, str_text(&base->claim[0].text));
}

/* The claim in force is about another version of the very repository whose
 * layers these are. */
static bool versions_differ(const struct ref *claim, const char *name)
{
	struct ref its, bare, said = *claim;

	if (claim->repo[0] == '\0' || !ref_parse(name, &its))
		return false;
	said.digest[0] = its.digest[0] = '\0';
	bare = its;
	bare.tag[0] = '\0';
	return source_claim_agrees(&said, &bare) &&
	    !source_claim_agrees(&said, &its);
}

/* Tell whose layers they are. */
static int say_layers(struct assess *as, const struct look_self *self,
    const struct source_base *base, struct err *err)
{
	if (base->subject != 0 && assess_say(as, ROLE_NOTE,
	    look_self_cite(self), err, "its lowest %lld of %lld layers are "
	    "those of %s (%s)", (long long)base->subject_layers,
	    (long long)base->own_layers, str_text(&base->layers),
	    str_text(&base->key)) < 0)
		return -1;
	if (base->listing != 0 && assess_say(as, ROLE_NOTE,
	    look_self_cite(self), err, "its lowest %lld of %lld layers are "
	    "those of the approved base %s", (long long)base->listing_layers,
	    (long long)base->own_layers,
	    str_text(&base->listing_name)) < 0)
		return -1;
	return 0;
}

static void settle_claim(struct source_base *base,
    const struct source_claim *c)
{
	str_add(&base->name, str_text(&c->text));
	str_add(&base->digest, c->ref.digest);
	str_add(&base->locator, str_text(&c->locator));
	base->artifact = c->artifact;
}

/* The digest of the listing's manifest, and does a claim name the entry? */
static int listing_digest(struct assess *as, struct source_base *base,
    struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, as->store, SQL_LISTED_ID, BIND(V(base->listing)));
	if ((rc = query_next(&q, err)) > 0) {
		base->listing_said = listed_by_claim(base, &q);
		if (base->digest.len == 0 && (base->nclaims == 0 ||
		    base->listing_said))
			str_add(&base->digest, query_text(&q, 3));
	}
	query_close(&q);
	return rc;
}

/* Which it is, all in all: what words and layers agree on, else what the
 * words say, else what the layers are. */
static int settle(struct assess *as, const struct look_self *self,
    struct source_base *base, struct err *err)
{
	size_t which = 0;
	int said = 0;

	if (base->subject != 0 && (said = named_by_claim(as, base,
	    base->subject, &which, err)) < 0)
		return -1;
	base->subject_said = said > 0;
	if (base->nclaims > 0)
		settle_claim(base, &base->claim[said > 0 ? which : 0]);
	if (base->listing != 0 && (base->nclaims > 0 ||
	    base->listing_layers >= base->subject_layers) &&
	    listing_digest(as, base, err) < 0)
		return -1;
	base->proven = base->nclaims > 0 ? said > 0 || base->listing_said :
	    base->subject != 0 || base->listing != 0;
	if (base->nclaims > 0 && said > 0 && base->digest.len == 0)
		str_add(&base->digest, str_text(&base->key));
	if (base->nclaims > 0 || !base->proven)
		return 0;
	if (base->listing_layers >= base->subject_layers)
		str_add(&base->name, str_text(&base->listing_name));
	else
		str_add(&base->name, str_text(&base->layers));
	if (base->digest.len == 0)
		str_add(&base->digest, str_text(&base->key));
	str_add(&base->locator, str_text(&self->locator));
	base->artifact = self->artifact;
	return 0;
}

static int compare_layers(struct assess *as, const struct source_base *base,
    struct err *err)
{
	const char *name = base->subject_layers > base->listing_layers ?
	    str_text(&base->layers) : str_text(&base->listing_name);

	if (base->nclaims == 0 || base->proven ||
	    !versions_differ(&base->claim[0].ref, name))
		return 0;
	return assess_say(as, ROLE_CONTRADICTION, (struct cite){
	    base->artifact, str_text(&base->locator) }, err, "%s says that "
	    "the base is %s, but the lowest layers are those of %s",
	    base->claim[0].what, str_text(&base->claim[0].text), name);
}

static int find(struct assess *as, const struct look_self *self,
    struct source_base *base, struct err *err)
{
	struct prefix p = { 0 };
	int rc = -1;

	if (self->target != 0 && load(as, self, &p, err) < 0)
		goto out;
	base->own_layers = p.layers;
	if (by_layers(as, &p, false, base, err) < 0 ||
	    drop_inherited(as, base, err) < 0)
		goto out;
	rc = base->nclaims > 0 ? by_layers(as, &p, true, base, err) : 0;
out:
	free(p.chain);
	return rc;
}

int source_base(struct assess *as, const struct look_self *self,
    struct source_base *base, struct err *err)
{
	*base = (struct source_base){ 0 };
	if (source_claim_all(as, base, err) < 0 ||
	    find(as, self, base, err) < 0 ||
	    compare_claims(as, base, err) < 0 ||
	    say_layers(as, self, base, err) < 0)
		return -1;
	if (base->scratch)
		return 0;
	if (settle(as, self, base, err) < 0)
		return -1;
	return compare_layers(as, base, err);
}

struct cite source_base_list_cite(const struct query *q)
{
	return (struct cite){ query_int(q, LIST_ARTIFACT),
	    query_null(q, LIST_LOCATOR) };
}

bool source_base_known(const struct source_base *base)
{
	return !base->scratch && (base->nclaims > 0 || base->subject != 0 ||
	    base->listing != 0);
}

void source_base_free(struct source_base *base)
{
	for (size_t i = 0; i < base->nclaims; i++) {
		str_free(&base->claim[i].text);
		str_free(&base->claim[i].locator);
	}
	str_free(&base->layers);
	str_free(&base->key);
	str_free(&base->listing_name);
	str_free(&base->scratch_locator);
	str_free(&base->name);
	str_free(&base->digest);
	str_free(&base->locator);
}
