/*
 * decision_sign.c - whose signature is on an approval; see decision.h.
 *
 * A person's keys stand in the policy.  A signature counts if one of them made
 * it over the text of that very act; everything else is "bad", and no
 * signature is "no", never silence.
 */
#include <stdlib.h>
#include <string.h>

#include "decision_priv.h"
#include "muster/b64.h"
#include "muster/date.h"
#include "muster/err.h"
#include "muster/sha.h"
#include "muster/sign.h"

/* Over the text itself, as "openssl pkeyutl" or "dgst -sign" make it. */
static bool plain(const struct sign_key *k, const struct sign_bytes *what,
    const unsigned char *sig, size_t len, struct str *who)
{
	if (sign_key_kind(k) != SIGN_KEY || !sign_verify(k, what, sig, len))
		return false;
	str_addf(who, "%s %.16s", sign_key_name(k), sign_key_id(k));
	return true;
}

/* A card's certificate has to be good at the instant of the approval. */
static bool made_by(const char *key, const struct sign_bytes *what,
    int64_t at, const unsigned char *sig, size_t len, struct str *who)
{
	struct err err = ERR_INIT;	/* a key that is none made nothing */
	struct sign_key *k = str_starts(key, "ssh-") ||
	    str_starts(key, "ecdsa-") ? sshsig_key(key, strlen(key), &err) :
	    sign_key_read(key, strlen(key), &err);
	bool good = false;

	if (k != NULL && sshsig_is(sig, len))
		good = sshsig_verify(k, DECISION_NAMESPACE, what->p,
		    what->len, sig, len, who);
	else if (k != NULL && cms_is(sig, len))
		good = cms_verify(k, at, what->p, what->len, sig, len, who);
	else if (k != NULL)
		good = plain(k, what, sig, len, who);
	if (!good)
		str_clear(who);
	sign_key_free(k);
	return good;
}

void decision_sign(const struct policy *p, const char *who, const char *text,
    const char *signature, const char *at, struct str *out)
{
	struct sign_bytes what = { .p = text, .len = strlen(text) };
	struct sha *sha = sha_new();
	unsigned char *sig = NULL;
	const char *key;
	int64_t then;
	size_t len;

	sha_add(sha, text, what.len);
	sha_end(sha, what.sha256);
	sha_free(sha);
	if (str_empty(signature)) {
		str_add(out, "no");
		return;
	}
	if (!date_parse(at, &then))
		then = 0;
	sig = b64_decode(signature, strlen(signature), &len);
	for (size_t i = 0; sig != NULL && out->len == 0 &&
	    (key = decision_policy_key(p, who, i)) != NULL; i++)
		made_by(key, &what, then, sig, len, out);
	if (out->len == 0)
		str_add(out, "bad");
	free(sig);
}
