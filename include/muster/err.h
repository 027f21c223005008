/*
 * err.h - what went wrong, where in the input, and how main() exits.
 *
 * One struct err lives in main() (and one per input of a batch).  Every
 * function that can fail takes a pointer to it as its last argument, returns
 * -1 (or NULL) on failure, and leaves it alone on success.  The struct owns no
 * memory: there is nothing to free, and reporting an error cannot itself run
 * out of memory.  Its texts are UTF-8 whatever was quoted in them.
 *
 * The deepest caller says what happened and what was expected (err_set), the
 * parser adds where in the file (err_at; the innermost position wins), and
 * each layer further out adds what it was doing (err_during).
 */
#ifndef MUSTER_ERR_H
#define MUSTER_ERR_H

#include <stdint.h>
#include <stdio.h>

enum err_kind {
	ERR_NONE,
	ERR_USAGE,	/* the command line makes no sense */
	ERR_SYSTEM,	/* the operating system refused */
	ERR_STORE,	/* the evidence database refused */
	ERR_DAMAGED,	/* ... because it is broken, or none of ours */
	ERR_INPUT,	/* a file is malformed or not what it claims */
	ERR_GATE,	/* a threshold was not met */
	ERR_VERIFY,	/* evidence, journal or package are not as recorded */
	ERR_BUG		/* muster broke its own rules: please report */
};

struct err {
	enum err_kind kind;
	char	text[512];
	char	file[256];	/* empty when no document is involved */
	int64_t	line;		/* 1-based, 0 when unknown */
	int64_t	byte;		/* from the start, 0-based, -1 when unknown */
	char	place[256];	/* JSON pointer, XPath ...; empty: unknown */
	char	during[256];	/* outermost activity last */
};

#define ERR_INIT { .kind = ERR_NONE, .byte = -1 }

/* Record a failure and return -1, so callers can write return err_set(...). */
int err_set(struct err *err, enum err_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for a system call: appends strerror(errno). */
int err_sys(struct err *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Add a position; the first one recorded (the innermost) is kept.  file may
 * be NULL where only the layer above knows the name. */
int err_at(struct err *err, const char *file, int64_t line, int64_t byte);

/* Name the place in the document's own terms, unless one is named already. */
int err_place(struct err *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Add what was being done; call it again further out to extend the story. */
int err_during(struct err *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Write the whole story for a human, one "prog: " line per part; every byte
 * that came from an input is made safe for a terminal. */
void err_print(const struct err *err, const char *prog, FILE *out);

/* The process exit status of a kind, as muster(1) documents it. */
int err_exit(enum err_kind kind);

#endif
