/* sign_priv.h - what a key is made of, for sign.c and sign_cert.c. */
#ifndef SIGN_PRIV_H
#define SIGN_PRIV_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "muster/sign.h"
#include "muster/str.h"

struct sign_key {
	enum sign_kind	 kind;
	EVP_PKEY	*pkey;		/* NULL for OpenPGP */
	X509		*cert;		/* of SIGN_ROOT */
	struct str	 id, name, text;
};

/* Takes over pkey, also where it fails. */
struct sign_key *sign_key_of(EVP_PKEY *pkey, struct err *err);

#endif
