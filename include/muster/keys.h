/*
 * keys.h - is this text a private key?  Parsed, not guessed.
 */
#ifndef MUSTER_KEYS_H
#define MUSTER_KEYS_H

#include <stdbool.h>
#include <stddef.h>

enum keys_kind {
	KEYS_NONE,		/* does not parse as a private key */
	KEYS_PLAIN,
	KEYS_ENCRYPTED		/* its envelope parses, under a password */
};

/* One PEM block, from "-----BEGIN" to behind its END line: PKCS #1, PKCS #8,
 * SEC 1, DSA and OpenSSH's own form. */
enum keys_kind keys_parse_pem(const char *pem, size_t len);

/* DER: a private key, or a PKCS #12 store with one in it. */
enum keys_kind keys_der(const void *bytes, size_t len, bool *is_store);

#endif
