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
#include "muster/err.h"
#include "muster/sha.h"
#include "muster/sign.h"

static bool made_by(const char *key, const struct sign_bytes *what,
    const unsigned char *sig, size_t len, struct str *who)
{
	struct err err = ERR_INIT;	/* a key that is none made nothing */
	struct sign_key *k = sign_key_read(key, strlen(key), &err);
	bool good = k != NULL && sign_key_kind(k) == SIGN_KEY &&
	    sign_verify(k, what, sig, len);

	if (good)
		str_addf(who, "%s %.16s", sign_key_name(k), sign_key_id(k));
	sign_key_free(k);
	return good;
}

void decision_sign(const struct policy *p, const char *who, const char *text,
    const char *signature, struct str *out)
{
	struct sign_bytes what = { .p = text, .len = strlen(text) };
	struct sha *sha = sha_new();
	unsigned char *sig = NULL;
	const char *key;
	size_t len;

	sha_add(sha, text, what.len);
	sha_end(sha, what.sha256);
	sha_free(sha);
	if (str_empty(signature)) {
		str_add(out, "no");
		return;
	}
	sig = b64_decode(signature, strlen(signature), &len);
	for (size_t i = 0; sig != NULL && out->len == 0 &&
	    (key = decision_policy_key(p, who, i)) != NULL; i++)
		made_by(key, &what, sig, len, out);
	if (out->len == 0)
		str_add(out, "bad");
	free(sig);
}
