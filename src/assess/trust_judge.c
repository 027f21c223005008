/*
 * trust_judge.c - is one signature valid: intact, over this image, under this
 * image's name, by a key that is trusted for it?
 */
#include <stdlib.h>
#include <string.h>

#include "muster/b64.h"
#include "muster/err.h"
#include "muster/ref.h"
#include "muster/sha.h"
#include "muster/signed.h"
#include "muster/store.h"
#include "trust_priv.h"

/* A signature with its bytes decoded. */
struct seal {
	const struct query *q;
	unsigned char	*sig, *payload;
	size_t		 len;
	struct sign_bytes what;
	bool		 gpg;
};

static bool from_hex(const char *hex, unsigned char out[32])
{
	static const char digit[] = "0123456789abcdef";

	if (strlen(hex) != 64)
		return false;
	for (int i = 0; i < 64; i++) {
		const char *d = strchr(digit, hex[i]);

		if (d == NULL)
			return false;
		out[i / 2] = (unsigned char)(i % 2 == 0 ? (d - digit) << 4 :
		    out[i / 2] | (d - digit));
	}
	return true;
}

/* What is signed must be what the record was made of. */
static bool seal_open(struct seal *s, const struct query *q)
{
	const char *sig = query_text(q, SIG_SIGNATURE);
	const char *payload = query_null(q, SIG_PAYLOAD);
	char hex[SHA_HEX];

	*s = (struct seal){ .q = q,
	    .gpg = str_eq(query_text(q, SIG_KIND), "gpg") };
	s->sig = b64_decode(sig, strlen(sig), &s->len);
	if (payload != NULL && (s->payload = b64_decode(payload,
	    strlen(payload), &s->what.len)) != NULL) {
		s->what.p = s->payload;
		sha_of(s->what.p, s->what.len, hex);
		if (!str_eq(hex, query_text(q, SIG_DIGEST)))
			return false;
	}
	return s->sig != NULL && from_hex(query_text(q, SIG_DIGEST),
	    s->what.sha256);
}

static void seal_free(struct seal *s)
{
	free(s->sig);
	free(s->payload);
}

/* By an OpenPGP key: the message gives the payload that was read. */
static bool by_gpg(const struct seal *s, const struct trust_key *k,
    int64_t at)
{
	struct str payload = STR_INIT;
	struct err ignored = ERR_INIT;
	char hex[SHA_HEX];
	bool is = sign_gpg_verify(k->key, s->sig, s->len, at, &payload,
	    &ignored) == 0;

	sha_of(str_text(&payload), payload.len, hex);
	is = is && str_eq(hex, query_text(s->q, SIG_DIGEST));
	str_free(&payload);
	return is;
}

/* By the key of a certificate that leads to a root. */
static bool by_cert(const struct seal *s, const struct trust_key *k,
    int64_t at, struct str *why)
{
	struct sign_key *leaf = sign_cert_check(k->key,
	    query_null(s->q, SIG_CERTIFICATE), query_null(s->q, SIG_CHAIN),
	    k->any_time ? SIGN_ANY_TIME : at, k->identity, why);
	bool is = leaf != NULL && sign_verify(leaf, &s->what, s->sig, s->len);

	if (leaf != NULL && !is) {
		str_clear(why);
		str_add(why, "it is not by its certificate's key");
	}
	sign_key_free(leaf);
	return is;
}

/* Could a key of this kind have made the signature at all? */
static bool may_be_by(const struct seal *s, const struct trust_key *k)
{
	switch (sign_key_kind(k->key)) {
	case SIGN_GPG:
		return s->gpg;
	case SIGN_ROOT:
		return !s->gpg && query_null(s->q, SIG_CERTIFICATE) != NULL;
	case SIGN_KEY:
		break;
	}
	return !s->gpg;
}

static bool is_by(const struct seal *s, const struct trust_key *k,
    int64_t at, struct str *why)
{
	str_clear(why);
	switch (sign_key_kind(k->key)) {
	case SIGN_GPG:
		return by_gpg(s, k, at);
	case SIGN_ROOT:
		return by_cert(s, k, at, why);
	case SIGN_KEY:
		break;
	}
	return sign_verify(k->key, &s->what, s->sig, s->len);
}

/* Which of the trusted keys, for an image of this name ("": any name will
 * not do, only a key for every image). */
static void by_keys(const struct trust_keys *keys, const struct seal *s,
    const char *repo, struct trust_word *w)
{
	struct str why = STR_INIT, last = STR_INIT;
	const char *of = *repo != '\0' ? repo : "an image without a name";
	size_t tried = 0, roots = 0;

	w->verdict = TRUST_UNKNOWN;
	for (size_t i = 0; i < keys->n && w->verdict != TRUST_VALID; i++) {
		const struct trust_key *k = &keys->k[i];

		if (!trust_covers(k->prefix, repo) || !may_be_by(s, k))
			continue;
		tried++;
		roots += sign_key_kind(k->key) == SIGN_ROOT;
		if (is_by(s, k, keys->at, &why)) {
			w->verdict = TRUST_VALID;
			str_addf(&w->text, "signed by %s (%.16s)%s%s, trusted "
			    "for %s", sign_key_name(k->key),
			    sign_key_id(k->key), why.len > 0 ? " for " : "",
			    str_text(&why), k->prefix);
		} else if (why.len > 0) {
			str_clear(&last);
			str_addf(&last, ": %s", str_text(&why));
		}
	}
	if (w->verdict != TRUST_VALID && tried > roots) {
		w->verdict = TRUST_INVALID;
		str_addf(&w->text, "its signature does not verify with %s "
		    "trusted for %s%s", tried > 1 ? "any of the keys" :
		    "the key", of, str_text(&last));
	} else if (w->verdict != TRUST_VALID && tried > 0) {
		str_addf(&w->text, "signed under a certificate that no root "
		    "trusted for %s vouches for%s", of, str_text(&last));
	} else if (w->verdict != TRUST_VALID) {
		str_addf(&w->text, "signed, but no %s is trusted for %s",
		    s->gpg ? "OpenPGP key" : "key", of);
	}
	str_free(&why);
	str_free(&last);
}

static const char *path_of(const char *repo)
{
	const char *slash = strchr(repo, '/');

	return slash != NULL ? slash + 1 : repo;
}

/* The name the payload gives: does it contradict where the image is from?  A
 * mirror's copy has the same path on another registry. */
static bool same_source(const char *said, const char *repo)
{
	return *said == '\0' || *repo == '\0' || str_eq(said, repo) ||
	    str_eq(path_of(said), path_of(repo));
}

void trust_judge(const struct trust_keys *keys, const struct query *q,
    const char *digest, const char *repo, struct trust_word *w)
{
	const char *state = query_text(q, SIG_STATE);
	const char *claim = query_text(q, SIG_CLAIM);
	bool dsse = str_eq(query_text(q, SIG_KIND), "dsse");
	struct ref said = { .repo = "" };
	struct seal s;

	str_clear(&w->text);
	str_clear(&w->locator);
	str_add(&w->locator, query_text(q, SIG_LOCATOR));
	w->artifact = query_int(q, SIG_ARTIFACT);
	w->verdict = TRUST_INVALID;
	if (query_null(q, SIG_SIGNATURE) == NULL && *claim != '\0') {
		w->verdict = TRUST_NONE;
		str_add(&w->text, state);
		return;
	}
	/* a statement's subject may be a file: its name contradicts nothing */
	if (!ref_parse(query_null(q, SIG_REFERENCE), &said) &&
	    query_null(q, SIG_REFERENCE) != NULL && !dsse)
		str_addf(&w->text, "its payload names \"%s\", which is no "
		    "reference", query_text(q, SIG_REFERENCE));
	else if (!str_eq(state, "ok"))
		str_add(&w->text, state);
	else if (!str_eq(claim, digest))
		str_addf(&w->text, "its payload names another image, %s",
		    claim);
	else if (!dsse && !same_source(said.repo, repo))
		str_addf(&w->text, "its payload names another repository, %s",
		    said.repo);
	if (w->text.len > 0)
		return;
	if (seal_open(&s, q))
		by_keys(keys, &s, *repo != '\0' ? repo : said.repo, w);
	else
		str_add(&w->text, "what was signed is not what was read");
	seal_free(&s);
}
