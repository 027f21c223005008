/* sshkey_pbkdf.h - OpenSSH's way from a passphrase to a key. */
#ifndef SSHKEY_PBKDF_H
#define SSHKEY_PBKDF_H

#include <stddef.h>

/* bcrypt_pbkdf(3). */
void sshkey_pbkdf(const char *pass, size_t pass_len,
    const unsigned char *salt, size_t salt_len, unsigned rounds,
    unsigned char *key, size_t len);

#endif
