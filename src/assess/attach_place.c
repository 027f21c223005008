/*
 * attach_place.c - evidence that somebody placed: "this file speaks about
 * that image" ("muster import --subject"), "these workloads run there" (--on).
 *
 * A person's word settles which image a report, a Dockerfile or a log is
 * about, never what an image is: archives stand for themselves.  Where the
 * file names digests of its own, and none is the image's, both stand in the
 * evidence and the difference is shown.
 */
#include <stdlib.h>
#include <string.h>

#include "muster/err.h"
#include "muster/mem.h"
#include "muster/ref.h"
#include "muster/store.h"
#include "muster/str.h"
#include "attach_priv.h"

#define DIGEST_PART 6	/* hex digits that are enough to mean a digest */

/* Does word name the digest, in full or by its first hex digits? */
static bool is_digest(const char *word, const char *digest)
{
	const char *hex = strchr(digest, ':');
	size_t n = strlen(word);

	if (strcmp(word, digest) == 0)
		return true;
	if (hex == NULL || n < DIGEST_PART)
		return false;
	if (strncmp(word, digest, n) == 0)
		return n >= (size_t)(hex + 1 - digest) + DIGEST_PART;
	return strncmp(word, hex + 1, n) == 0;
}

/* Is this identity what the word means? */
static bool means(const char *word, const struct ref *ref,
    const struct ident *id)
{
	const char *digest = attach_load_digest(id);
	struct ref its;

	if (digest != NULL)
		return is_digest(word, digest) || (ref != NULL &&
		    strcmp(ref->digest, digest) == 0);
	if (strcmp(id->kind, "tag") != 0)
		return false;
	return strcmp(word, id->value) == 0 || (ref != NULL &&
	    ref->digest[0] == '\0' && ref_parse(id->value, &its) &&
	    ref_same_tag(ref, &its));
}

/* The image that a word means: 0, 1 or 2 (several).  Archives first: a tag
 * that a report claims as well must not make them ambiguous. */
static int find(const struct attach *at, const char *word, size_t *group)
{
	struct ref ref;
	bool is_ref = ref_parse(word, &ref);
	int n = 0;

	for (int bytes = 1; bytes >= 0 && n == 0; bytes--) {
		for (size_t i = 0; i < at->n; i++) {
			const struct about *t = &at->t[i];
			bool yes = false;

			if (t->group < 0 || !t->exact || t->word != NULL ||
			    t->bytes != bytes || strcmp(t->kind, "image") != 0)
				continue;
			for (size_t j = 0; j < t->nidents && !yes; j++)
				yes = means(word, is_ref ? &ref : NULL,
				    &t->idents[j]);
			if (!yes)
				continue;
			if (n > 0 && *group != attach_load_root(at, i))
				return 2;
			*group = attach_load_root(at, i);
			n = 1;
		}
	}
	for (size_t i = 0; i < at->n && n == 0; i++) {
		if (at->t[i].founds != NULL && is_digest(word,
		    at->t[i].founds)) {
			*group = i;
			n = 1;
		}
	}
	return n;
}

/* A whole digest says which image, whether or not anything else does. */
static bool founds(const struct about *t)
{
	const char *hex = t->place + strlen("sha256:");

	return strcmp(t->kind, "image") == 0 &&
	    str_starts(t->place, "sha256:") && strlen(hex) == 64 &&
	    strspn(hex, "0123456789abcdef") == 64;
}

static int nowhere(struct attach *at, const struct about *t, int n,
    struct err *err)
{
	return attach_gap(at->store, "gap", 0, t->artifact, err,
	    "%s was placed on \"%s\" by %s's word, which names %s in evidence; "
	    "it is attached to none", t->file, t->place, t->who,
	    n == 0 ? "no image" : "several images");
}

int attach_place(struct attach *at, struct err *err)
{
	const char *word = NULL;
	int64_t told = 0;	/* the artifact that has its gap already */
	size_t group = 0;
	int n = 0;

	for (size_t i = 0; i < at->n; i++) {
		struct about *t = &at->t[i];
		struct str why = STR_INIT;

		if (t->place == NULL || t->bytes ||
		    strcmp(t->kind, "workload") == 0 ||
		    strcmp(t->kind, "platform") == 0)
			continue;
		/* thousands of files may be placed by one word */
		if (word == NULL || strcmp(word, t->place) != 0)
			n = find(at, word = t->place, &group);
		if (n == 0 && founds(t)) {
			t->founds = t->place;
			group = i;
			n = 1;
		}
		if (n == 1) {
			str_addf(&why, "placed by %s's word", t->who);
			t->reason = t->word = mem_dup(str_text(&why));
			str_free(&why);
			t->group = (int64_t)group;
			t->exact = false;
		} else if (told != t->artifact) {
			told = t->artifact;
			if (nowhere(at, t, n, err) < 0)
				return -1;
		}
	}
	return 0;
}

/* A digest of its own that t names, if none of them is its image's. */
static const char *other_digest(const struct attach *at,
    const struct about *t, size_t group)
{
	const char *first = NULL;

	for (size_t j = 0; j < t->nidents; j++) {
		const char *d = attach_load_digest(&t->idents[j]);

		if (d == NULL)
			continue;
		if (at->t[group].founds != NULL &&
		    strcmp(at->t[group].founds, d) == 0)
			return NULL;
		for (size_t i = 0; i < at->n; i++) {
			const struct about *o = &at->t[i];

			if (o->group < 0 || !o->exact ||
			    attach_load_root(at, i) != group)
				continue;
			for (size_t k = 0; k < o->nidents; k++) {
				const char *its =
				    attach_load_digest(&o->idents[k]);

				if (its != NULL && strcmp(its, d) == 0)
					return NULL;
			}
		}
		first = first == NULL ? d : first;
	}
	return first;
}

/* Workloads on a platform of which there is no configuration. */
static int nowhere_to_run(struct attach *at, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, at->store, SQL_PLACED_NOWHERE, NOBIND);
	while ((rc = query_next(&q, err)) > 0)
		if ((rc = attach_gap(at->store, "gap", 0, query_int(&q, 0),
		    err, "%s was placed on platform \"%s\" by %s's word, of "
		    "which no node configuration is in evidence",
		    query_text(&q, 1), query_text(&q, 2),
		    query_text(&q, 3))) < 0)
			break;
	query_close(&q);
	return rc;
}

/* What the images' own subjects are compared with, once they are there. */
int attach_place_differ(struct attach *at, struct err *err)
{
	for (size_t i = 0; i < at->n; i++) {
		const struct about *t = &at->t[i];
		const char *digest;
		size_t group;

		if (t->place == NULL)
			continue;
		if (t->bytes && attach_gap(at->store, "note", t->subject,
		    t->artifact, err, "%s is an image itself: %s's word that "
		    "it speaks about \"%s\" changes nothing", t->file, t->who,
		    t->place) < 0)
			return -1;
		if (t->bytes || t->group < 0 || t->word == NULL)
			continue;
		group = attach_load_root(at, i);
		if ((digest = other_digest(at, t, group)) == NULL)
			continue;
		if (attach_gap(at->store, "mismatch", at->t[group].subject,
		    t->artifact, err, "%s names %s itself, and was placed on "
		    "%s by %s's word", t->file, digest,
		    attach_subject_key(at, group), t->who) < 0)
			return -1;
	}
	return nowhere_to_run(at, err);
}
