/* test.h - what every test file needs, in the order cmocka wants it. */
#ifndef TEST_H
#define TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "muster/err.h"
#include "muster/sink.h"
#include "muster/str.h"

/* Fail with the whole error story instead of "-1 != 0". */
#define assert_ok(call, err)						\
	do {								\
		if ((call) < 0) {					\
			err_print((err), "test", stderr);		\
			fail_msg("%s failed", #call);			\
		}							\
	} while (0)

/* A sink that writes every record as one line "KIND|field|field|..." (NULL
 * as "-", bytes of a chunk as their length), for tests to look into. */
struct memo {
	struct sink	sink;
	struct str	text;
	int64_t		kinds[REC_KINDS];	/* how many of each */
};

void memo_init(struct memo *m);
void memo_free(struct memo *m);
/* How often this text stands there. */
int memo_count(const struct memo *m, const char *part);

/* Run the importer that recognises a file of samples/ (or name one) into m;
 * returns import_run()'s answer. */
int memo_import(struct memo *m, const char *path, const char *importer,
    struct err *err);

#endif
