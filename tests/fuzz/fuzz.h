/*
 * fuzz.h - what is fed with bytes: every importer, and whatever else reads
 * what strangers wrote.
 *
 * A target takes any bytes and comes back; what must hold of every input is
 * checked inside, and fuzz_broken() ends the process where it does not.  The
 * importers are targets by being in importers.def; the others are rows of
 * targets.def with a function fuzz_NAME in one of the files beside it.
 *
 *	fuzz.c		libFuzzer's side: $FUZZ names the target
 *	../test_found.c	everything that was found once, read again
 *	run.sh		"make fuzz": all targets in turn
 *	seeds.py	what they start from, and their dictionaries
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "muster/sink.h"

struct err;
struct store;
struct str;

typedef void fuzz_fn(const unsigned char *bytes, size_t len);

/* The i-th target's name, and the most bytes it is worth giving to it; NULL
 * past the end. */
const char *fuzz_name(size_t i, size_t *most);
/* Feed it; false: nothing is called so. */
bool fuzz_feed(const char *name, const unsigned char *bytes, size_t len);

/* Something that must not be; the text says what. */
_Noreturn void fuzz_broken(const char *fmt, ...)
    __attribute__((format(printf, 1, 2)));
/* What a function that failed (rc < 0) owes its caller. */
void fuzz_told(int rc, const struct err *err, const char *what);

/* A sink that holds readers to sink.h's word. */
struct fuzz_sink {
	struct sink	sink;
	int64_t		rows, members;
};
void fuzz_sink(struct fuzz_sink *s);
/* At the end of a file that was read: do its counts add up? */
void fuzz_counts(const struct fuzz_sink *s);

/* Bytes in memory as a file. */
int fuzz_file(const void *bytes, size_t len);
/* A database in memory with the benchmark and a little evidence, assessed;
 * made at the first call.  Whoever changes it rolls back. */
struct store *fuzz_store(void);

/*
 * An input as pieces, so that what is inside a container can change while
 * sizes, digests and checksums around it are right: a byte of flags, a name
 * and its NUL, two bytes of length, the piece.
 */
struct fuzz_piece {
	unsigned	 flags;
	char		 name[256];
	const unsigned char *p;
	size_t		 len;
};
struct fuzz_pieces {
	const unsigned char *at;
	size_t		 left;
};
bool fuzz_piece(struct fuzz_pieces *from, struct fuzz_piece *p);

/* The bytes as a C string: a NUL behind them.  The caller frees. */
char *fuzz_string(const unsigned char *bytes, size_t len);

#define FUZZ(name, most) fuzz_fn fuzz_##name;
#include "targets.def"
#undef FUZZ

#endif
