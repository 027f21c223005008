/*
 * seal.h - what "muster seal" writes and "muster verify --head" reads: the
 * journal's head, each chain with its length, and the file's digest.
 */
#ifndef CMD_SEAL_H
#define CMD_SEAL_H

#include <stdint.h>

#include "muster/sha.h"
#include "muster/store.h"

struct err;
struct str;

struct seal {
	struct journal_chain	*chain;
	size_t			 n, cap;
	char			 head[SHA_HEX];
	int64_t			 bytes;		/* of the database's file */
	char			 sha256[SHA_HEX];
};

void seal_text(const struct seal *s, struct str *out);
int seal_parse(struct seal *s, const char *text, size_t len,
    struct err *err);
void seal_free(struct seal *s);

#endif
