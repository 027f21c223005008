/* signing.h - the key that "muster package" and "muster seal" sign with. */
#ifndef CMD_SIGNING_H
#define CMD_SIGNING_H

struct err;
struct sign_secret;
struct str;

struct signing {
	const char	*key, *cert, *passphrase;
};

/* Rows of an option table, for a struct signing of the command's. */
#define SIGNING_OPTS(s)							\
	{ 0, "sign", "KEY", "sign with this private key: OpenSSH, or PEM "	\
	    "with --cert", &(s).key },					\
	{ 0, "cert", "FILE", "the PEM certificate of a PEM key",	\
	    &(s).cert },						\
	{ 0, "passphrase", "FILE", "its first line opens the key",	\
	    &(s).passphrase }

/* The key, before any work is done; *secret is NULL where none was given. */
int signing_open(const struct signing *s, struct sign_secret **secret,
    struct err *err);
/* The detached signature of a file's bytes. */
int signing_sign(const struct signing *s, const struct sign_secret *secret,
    const struct str *bytes, struct str *sig, struct err *err);
/* What its file's name ends in: ".sig", ".p7s". */
const char *signing_end(const struct signing *s);

/* Is it a good one, by the key in a file (NULL: by anybody's)?  who gets the
 * signer, or what is wrong.  as_of: when certificates have to hold. */
int signing_good(const char *key, const char *as_of, const struct str *bytes,
    const struct str *sig, struct str *who, bool *good, struct err *err);

#endif
