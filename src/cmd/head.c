/* head.c - the journal's head; see head.h. */
#include <stdio.h>

#include "head.h"
#include "muster/command.h"
#include "muster/err.h"
#include "muster/sha.h"

int head_say(const struct ctx *c, struct err *err)
{
	char hex[SHA_HEX];

	if (c->quiet || c->json)
		return 0;
	if (journal_head(c->store, hex, err) < 0)
		return -1;
	printf("head %s\n", hex);
	return 0;
}
