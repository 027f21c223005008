/*
 * sign.h - public keys, and whether a signature over some bytes is theirs.
 *
 * Offline and without a keyring: everything comes in as an argument.  A key
 * is a PEM public key (ECDSA on P-256, P-384 or P-521, RSA from 2048 bits,
 * Ed25519), a PEM X.509 certificate that is a root of trust, or an OpenPGP
 * public key.
 */
#ifndef MUSTER_SIGN_H
#define MUSTER_SIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct str;

#define SIGN_MAX_KEY	(256 << 10)	/* bytes of a key's file */
#define SIGN_MAX_CHAIN	16		/* certificates */

enum sign_kind { SIGN_KEY, SIGN_ROOT, SIGN_GPG };

struct sign_key;

/* Read one; a private key is refused by that name. */
struct sign_key *sign_key_read(const char *bytes, size_t len,
    struct err *err);
void sign_key_free(struct sign_key *k);		/* accepts NULL */
enum sign_kind sign_key_kind(const struct sign_key *k);
/* SHA-256 of the DER SubjectPublicKeyInfo in hex; of an OpenPGP key its
 * fingerprint in small letters. */
const char *sign_key_id(const struct sign_key *k);
const char *sign_key_name(const struct sign_key *k);	/* "ECDSA P-256" */
const char *sign_key_text(const struct sign_key *k);	/* PEM or armour */

/* What was signed: its bytes, or where they are not kept (NULL) the digest,
 * which is enough for every algorithm but Ed25519. */
struct sign_bytes {
	const void	*p;
	size_t		 len;
	unsigned char	 sha256[32];
};

/* ECDSA and RSA (PKCS #1 v1.5 or PSS) over SHA-256; Ed25519. */
bool sign_verify(const struct sign_key *k, const struct sign_bytes *what,
    const void *sig, size_t len);

/*
 * The leaf certificate of a signature, as a key, if its chain leads to the
 * root: at an instant (seconds since 1970), or whatever their dates
 * (SIGN_ANY_TIME).  identity, a glob, has to match one of its names (mail,
 * URI, DNS); NULL: any.  NULL: why says what is wrong.
 */
#define SIGN_ANY_TIME INT64_MIN
struct sign_key *sign_cert_check(const struct sign_key *root,
    const char *leaf_pem, const char *chain_pem, int64_t at,
    const char *identity, struct str *why);
/* DER as PEM. */
void sign_cert_pem(const void *der, size_t len, struct str *pem);

/*
 * An OpenPGP message that holds what it signs.  Reading it proves nothing;
 * verifying gives the same payload again, from a message by this key that is
 * good at an instant.  0; -1 with err: no such message, not by this key.
 */
bool sign_gpg_here(void);		/* is the library built in? */
void sign_gpg_prepare(void);		/* before this process is confined */
int sign_gpg_open(const void *message, size_t len, struct str *payload,
    struct err *err);
int sign_gpg_verify(const struct sign_key *k, const void *message,
    size_t len, int64_t at, struct str *payload, struct err *err);

/*
 * Detached signatures of files: OpenSSH's SSHSIG (what "ssh-keygen -Y sign"
 * writes) and CMS as a smart card exports it (DER or PEM, with the signer's
 * certificate).  k: whose it has to be, a public key (also in OpenSSH's one
 * line form) or for CMS a root that the signer's certificate leads to at an
 * instant (see above); NULL: anybody's, only that it is a good one.  who gets
 * the signer when it is good, else what is wrong.
 */
#define SIGN_MAX_DETACHED	(1 << 20)	/* bytes of a signature */
bool sshsig_is(const void *sig, size_t len);
bool cms_is(const void *sig, size_t len);
/* name_space is what the signer said it is for ("file"); NULL: anything. */
bool sshsig_verify(const struct sign_key *k, const char *name_space,
    const void *bytes, size_t len, const void *sig, size_t sig_len,
    struct str *who);
bool cms_verify(const struct sign_key *k, int64_t at, const void *bytes,
    size_t len, const void *sig, size_t sig_len, struct str *who);

/* The same, made with a private key that never leaves this process. */
struct sign_secret;
/* OpenSSH's own form, under a passphrase or not; PEM with its certificate.
 * passphrase may be NULL. */
struct sign_secret *sshkey_read(const char *bytes, size_t len,
    const char *passphrase, struct err *err);
struct sign_secret *cms_secret(const char *key, size_t key_len,
    const char *cert, size_t cert_len, const char *passphrase,
    struct err *err);
void sshkey_free(struct sign_secret *s);	/* both; accepts NULL */
int sshsig_sign(const struct sign_secret *s, const char *name_space,
    const void *bytes, size_t len, struct str *sig, struct err *err);
int cms_sign(const struct sign_secret *s, const void *bytes, size_t len,
    struct str *pem, struct err *err);

/* A public key in OpenSSH's one line form, for sign_key_read(); and as
 * OpenSSH writes its fingerprint, "SHA256:...". */
struct sign_key *sshsig_key(const char *line, size_t len, struct err *err);

/* sign_gpg.c for sign.c: is it an OpenPGP key?  Its armour and name. */
int sign_gpg_key(const void *bytes, size_t len, struct str *armour,
    struct str *id, struct str *name, struct err *err);

#endif
