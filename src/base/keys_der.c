/*
 * keys_der.c - private keys as bytes: PKCS #8 and older forms, encrypted or
 * not, and what PKCS #12 stores hold.  Only what can be seen without a
 * password counts: a store of certificates alone is none.
 */
#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "muster/keys.h"

#define MAX_BAGS	1000
#define MAX_DEPTH	4

static enum keys_kind bags(const STACK_OF(PKCS12_SAFEBAG) *list, int depth)
{
	enum keys_kind kind = KEYS_NONE;

	for (int i = 0; kind == KEYS_NONE && i < MAX_BAGS &&
	    i < sk_PKCS12_SAFEBAG_num(list); i++) {
		const PKCS12_SAFEBAG *bag = sk_PKCS12_SAFEBAG_value(list, i);

		switch (PKCS12_SAFEBAG_get_nid(bag)) {
		case NID_keyBag:
			kind = KEYS_PLAIN;
			break;
		case NID_pkcs8ShroudedKeyBag:
			kind = KEYS_ENCRYPTED;
			break;
		case NID_safeContentsBag:
			if (depth < MAX_DEPTH)
				kind = bags(PKCS12_SAFEBAG_get0_safes(bag),
				    depth + 1);
			break;
		}
	}
	return kind;
}

static enum keys_kind pkcs12(const unsigned char *p, long len)
{
	PKCS12 *store = d2i_PKCS12(NULL, &p, len);
	STACK_OF(PKCS7) *safes = store != NULL ?
	    PKCS12_unpack_authsafes(store) : NULL;
	enum keys_kind kind = KEYS_NONE;

	for (int i = 0; kind == KEYS_NONE && i < MAX_BAGS &&
	    i < sk_PKCS7_num(safes); i++) {
		PKCS7 *safe = sk_PKCS7_value(safes, i);
		STACK_OF(PKCS12_SAFEBAG) *list =
		    PKCS7_type_is_data(safe) ?
		    PKCS12_unpack_p7data(safe) : NULL;

		kind = bags(list, 0);
		sk_PKCS12_SAFEBAG_pop_free(list, PKCS12_SAFEBAG_free);
	}
	sk_PKCS7_pop_free(safes, PKCS7_free);
	PKCS12_free(store);
	return kind;
}

/* An EncryptedPrivateKeyInfo: an algorithm that takes a password. */
static enum keys_kind encrypted(const unsigned char *p, long len)
{
	X509_SIG *sig = d2i_X509_SIG(NULL, &p, len);
	const X509_ALGOR *algorithm = NULL;
	const ASN1_OBJECT *object = NULL;
	enum keys_kind kind = KEYS_NONE;

	if (sig == NULL)
		return KEYS_NONE;
	X509_SIG_get0(sig, &algorithm, NULL);
	X509_ALGOR_get0(&object, NULL, NULL, algorithm);
	if (EVP_PBE_find(EVP_PBE_TYPE_OUTER, OBJ_obj2nid(object), NULL, NULL,
	    NULL) == 1)
		kind = KEYS_ENCRYPTED;
	X509_SIG_free(sig);
	return kind;
}

enum keys_kind keys_der(const void *bytes, size_t len, bool *is_store)
{
	const unsigned char *p = bytes;
	enum keys_kind kind;
	EVP_PKEY *key;

	*is_store = false;
	if (len < 16 || len > INT_MAX || p[0] != 0x30)
		return KEYS_NONE;
	if ((kind = pkcs12(p, (long)len)) != KEYS_NONE) {
		*is_store = true;
	} else if ((kind = encrypted(p, (long)len)) == KEYS_NONE) {
		key = d2i_AutoPrivateKey(NULL, &p, (long)len);
		kind = key != NULL ? KEYS_PLAIN : KEYS_NONE;
		EVP_PKEY_free(key);
	}
	ERR_clear_error();
	return kind;
}
