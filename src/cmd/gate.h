/* gate.h - what came of a gate's conditions, for gate.c and gate_junit.c. */
#ifndef CMD_GATE_H
#define CMD_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ctx;
struct err;

struct gate_result {
	char		 name[64];
	const char	*about;
	int64_t		 limit, found;
	bool		 met, least, plain;	/* plain: no limit to tell */
	struct gate_item {
		char *subject, *name, *text;
	}		*item;			/* what speaks against it */
	size_t		 n, cap;
};

struct gate {
	struct ctx		*ctx;
	char			 as_of[32];
	int64_t			 now;
	struct gate_result	*result;
	size_t			 n, cap;
};

int gate_junit(const struct gate *g, const char *mark, const char *file,
    struct err *err);

#endif
