/* verify.h - checking a database, for "muster verify" and "muster merge". */
#ifndef CMD_VERIFY_H
#define CMD_VERIFY_H

#include <stdint.h>

#include "muster/sha.h"

struct ctx;
struct err;
struct store;

struct verified {
	int64_t	 artifacts, entries;
	char	 head[SHA_HEX];
};

int verify_store(const struct ctx *c, struct store *st, struct verified *v,
    struct err *err);

#endif
