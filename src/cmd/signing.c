/* signing.c - detached signatures, made and looked at; see signing.h. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "muster/cap.h"
#include "muster/date.h"
#include "muster/err.h"
#include "muster/sign.h"
#include "muster/str.h"
#include "decide.h"
#include "signing.h"

static char *first_line(const char *file, struct err *err)
{
	size_t len;
	char *text = decide_slurp(file, CAP_KEY_BYTES, &len, err);

	if (text != NULL)
		text[strcspn(text, "\r\n")] = '\0';
	return text;
}

int signing_open(const struct signing *s, struct sign_secret **secret,
    struct err *err)
{
	char *bytes = NULL, *pem = NULL, *pass = NULL;
	size_t len = 0, pem_len = 0;

	*secret = NULL;
	if (s->key == NULL)
		return s->cert == NULL && s->passphrase == NULL ? 0 :
		    err_set(err, ERR_USAGE, "--cert and --passphrase go with "
		    "--sign KEY");
	if ((s->passphrase != NULL && (pass = first_line(s->passphrase, err))
	    == NULL) || (bytes = decide_slurp(s->key, CAP_KEY_BYTES, &len,
	    err)) == NULL || (s->cert != NULL && (pem = decide_slurp(s->cert,
	    CAP_KEY_BYTES, &pem_len, err)) == NULL))
		goto out;
	*secret = s->cert != NULL ?
	    cms_secret(bytes, len, pem, pem_len, pass, err) :
	    sshkey_read(bytes, len, pass, err);
	if (*secret == NULL)
		err_at(err, s->key, 0, -1);
out:
	if (bytes != NULL)
		explicit_bzero(bytes, len);
	if (pass != NULL)
		explicit_bzero(pass, strlen(pass));
	free(bytes);
	free(pem);
	free(pass);
	return *secret != NULL ? 0 : -1;
}

int signing_sign(const struct signing *s, const struct sign_secret *secret,
    const struct str *bytes, struct str *sig, struct err *err)
{
	return s->cert != NULL ?
	    cms_sign(secret, bytes->s, bytes->len, sig, err) :
	    sshsig_sign(secret, "file", bytes->s, bytes->len, sig, err);
}

const char *signing_end(const struct signing *w)
{
	return w->cert != NULL ? ".p7s" : ".sig";
}

int signing_good(const char *key, const char *as_of, const struct str *bytes,
    const struct str *sig, struct str *who, bool *good, struct err *err)
{
	struct sign_key *k = NULL;
	char *text = NULL;
	int64_t at;
	size_t len;

	if (key != NULL && ((text = decide_slurp(key, CAP_KEY_BYTES, &len, err))
	    == NULL || (k = sign_key_read(text, len, err)) == NULL)) {
		free(text);
		return err_at(err, key, 0, -1);
	}
	free(text);
	if (!date_parse(as_of, &at))
		at = SIGN_ANY_TIME;
	*good = sshsig_is(sig->s, sig->len) ? sshsig_verify(k, "file",
	    bytes->s, bytes->len, sig->s, sig->len, who) : cms_verify(k, at,
	    bytes->s, bytes->len, sig->s, sig->len, who);
	sign_key_free(k);
	return 0;
}
