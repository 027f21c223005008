/* source_claim.c - what people's words say the base is; see source.h. */
#include <string.h>

#include "muster/err.h"
#include "muster/sha.h"
#include "source.h"

/* Where a hardening manifest's BASE_IMAGE is, which has no registry. */
#define HARDENED_FROM "registry1.dso.mil/ironbank/"

#define LABEL_NAME	"org.opencontainers.image.base.name"
#define LABEL_DIGEST	"org.opencontainers.image.base.digest"
#define LABEL_PARENT	"mil.dso.ironbank.image.parent"

static size_t last_of(const char *repo)
{
	const char *slash = strrchr(repo, '/');

	return slash != NULL ? (size_t)(slash + 1 - repo) : 0;
}

/* The same repository, or that of a mirror: another registry's of the same
 * last name. */
static bool same_repository(const char *a, const char *b)
{
	size_t ha = strcspn(a, "/"), hb = strcspn(b, "/");

	if (strcmp(a, b) == 0)
		return true;
	return (ha != hb || memcmp(a, b, ha) != 0) &&
	    strcmp(a + last_of(a), b + last_of(b)) == 0;
}

/* "12" moves along with "12.5"; "12-slim" is something else. */
static bool leads(const char *tag, const char *longer)
{
	size_t n = strlen(tag);

	return strncmp(tag, longer, n) == 0 &&
	    (longer[n] == '.' || longer[n] == '-') &&
	    strspn(longer + n + 1, "0123456789") > 0;
}

static bool same_tag(const char *a, const char *b)
{
	if (*a == '\0' || *b == '\0' || strcmp(a, b) == 0)
		return true;
	if (!source_order_is_version(a) || !source_order_is_version(b))
		return true;
	return leads(a, b) || leads(b, a);
}

bool source_claim_agrees(const struct ref *a, const struct ref *b)
{
	if (a->digest[0] != '\0' && b->digest[0] != '\0')
		return strcmp(a->digest, b->digest) == 0;
	if (a->repo[0] == '\0' || b->repo[0] == '\0')
		return true;
	return same_repository(a->repo, b->repo) && same_tag(a->tag, b->tag);
}

static int add(struct assess *as, struct source_base *base, const char *what,
    const char *text, bool by_build, const struct query *q, struct err *err)
{
	struct source_claim *c = &base->claim[base->nclaims];
	struct str full = STR_INIT;

	if (base->nclaims == SOURCE_CLAIMS)
		return 0;
	*c = (struct source_claim){ .what = what, .by_build = by_build };
	if (strcmp(what, "the hardening manifest") == 0 &&
	    strchr(text, '/') != NULL && strcspn(text, ".:") >
	    strcspn(text, "/"))
		str_add(&full, HARDENED_FROM);
	str_add(&full, text);
	str_add(&c->text, full.s);
	str_add(&c->locator, query_text(q, FACT_LOCATOR));
	c->artifact = query_int(q, FACT_ARTIFACT);
	base->nclaims++;
	if (!ref_parse(full.s, &c->ref)) {
		/* Counted as nobody's word, but told. */
		base->nclaims--;
		str_free(&full);
		str_free(&c->text);
		str_free(&c->locator);
		return assess_say(as, ROLE_NOTE, look_cite(q), err, "%s names "
		    "a base that is no image reference: %s", what, text);
	}
	str_free(&full);
	return assess_say(as, ROLE_NOTE, look_cite(q), err,
	    "%s names the base: %s", what, str_text(&c->text));
}

/* A digest beside a name; or alone. */
static int add_digest(struct assess *as, struct source_base *base,
    const struct query *q, struct err *err)
{
	const char *digest = query_text(q, FACT_VALUE);
	struct source_claim *c;

	if (!sha_is_digest(digest))
		return assess_say(as, ROLE_NOTE, look_cite(q), err, "the label "
		    LABEL_DIGEST " is no sha256 digest: %s", digest);
	for (size_t i = 0; i < base->nclaims; i++) {
		c = &base->claim[i];
		if (strcmp(c->what, "the label " LABEL_NAME) == 0 &&
		    c->ref.digest[0] == '\0') {
			snprintf(c->ref.digest, sizeof(c->ref.digest),
			    "%s", digest);
			return assess_say(as, ROLE_NOTE, look_cite(q), err,
			    "the label " LABEL_DIGEST " names the base: %s",
			    digest);
		}
	}
	if (base->nclaims == SOURCE_CLAIMS)
		return 0;
	c = &base->claim[base->nclaims++];
	*c = (struct source_claim){ .what = "the label " LABEL_DIGEST,
	    .artifact = query_int(q, FACT_ARTIFACT) };
	snprintf(c->ref.digest, sizeof(c->ref.digest), "%s", digest);
	str_add(&c->text, digest);
	str_add(&c->locator, query_text(q, FACT_LOCATOR));
	return assess_say(as, ROLE_NOTE, look_cite(q), err,
	    "the label " LABEL_DIGEST " names the base: %s", digest);
}

/* The digest comes last, so that its name is there already. */
static int labels(struct assess *as, struct source_base *base, int pass,
    struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, as->store, SQL_IMG_BASE_LABELS, BIND(V(as->subject)));
	while ((rc = query_next(&q, err)) > 0) {
		const char *key = query_text(&q, FACT_KEY);
		bool digest = strcmp(key, LABEL_DIGEST) == 0;

		if (digest != (pass > 0))
			continue;
		if (digest)
			rc = add_digest(as, base, &q, err);
		else
			rc = add(as, base, strcmp(key, LABEL_NAME) == 0 ?
			    "the label " LABEL_NAME :
			    "the label " LABEL_PARENT,
			    query_text(&q, FACT_VALUE), false, &q, err);
		if (rc < 0)
			break;
	}
	query_close(&q);
	return rc;
}

/* What a file about the build says: the last stage's base. */
static int build_files(struct assess *as, struct source_base *base,
    const char *fact, const char *what, struct err *err)
{
	struct query q;
	int rc;

	look_facts(&q, as, fact);
	while ((rc = query_next(&q, err)) > 0) {
		const char *key = query_null(&q, FACT_KEY);
		const char *from = query_text(&q, FACT_VALUE);

		if (str_eq(key, "default"))
			rc = assess_say(as, ROLE_NOTE, look_cite(&q), err,
			    "%s names a base that a build argument may "
			    "change: %s, if none does", what, from);
		else if ((key == NULL || strcmp(key, "final") == 0) &&
		    *from != '\0' && strcmp(from, "scratch") != 0)
			rc = add(as, base, what, from, true, &q, err);
		if (rc < 0)
			break;
	}
	query_close(&q);
	return rc;
}

static int scratch(struct assess *as, struct source_base *base,
    struct err *err)
{
	struct query q;
	int rc;

	look_facts(&q, as, "dockerfile.scratch");
	while ((rc = query_next(&q, err)) > 0 && !base->scratch) {
		const char *key = query_null(&q, FACT_KEY);

		if ((key != NULL && strcmp(key, "final") != 0) ||
		    str_eq(query_null(&q, FACT_VALUE), "false"))
			continue;
		base->scratch = true;
		str_add(&base->scratch_locator, query_text(&q, FACT_LOCATOR));
		base->scratch_cite = (struct cite){
		    query_int(&q, FACT_ARTIFACT), base->scratch_locator.s };
	}
	query_close(&q);
	if (rc < 0 || !base->scratch)
		return rc < 0 ? -1 : 0;
	return assess_say(as, ROLE_NOTE, base->scratch_cite, err,
	    "its Dockerfile builds it FROM scratch: it has no base");
}

int source_claim_all(struct assess *as, struct source_base *base,
    struct err *err)
{
	if (labels(as, base, 0, err) < 0 || labels(as, base, 1, err) < 0 ||
	    build_files(as, base, "dockerfile.from", "the Dockerfile",
	    err) < 0 ||
	    build_files(as, base, "hardening.base", "the hardening manifest",
	    err) < 0 || scratch(as, base, err) < 0)
		return -1;
	return 0;
}
