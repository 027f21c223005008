/*
 * found.h - what a check finds wrong: each thing told, then one error.
 *
 *	struct found f = { .tell = print, .ctx = c };
 *
 *	found_add(&f, "journal %.8s: entry %lld is missing", chain, n);
 *	return found_end(&f, err);
 *
 * A check goes on behind what it finds, so that one look tells all of it.
 * Only FOUND_MAX things are told; all are counted.
 */
#ifndef MUSTER_FOUND_H
#define MUSTER_FOUND_H

#include <stdint.h>

struct err;

#define FOUND_MAX 200

struct found {
	void	(*tell)(void *ctx, const char *text);	/* NULL: nobody */
	void	*ctx;
	int64_t	 n;
	char	 first[512];
};

void found_add(struct found *f, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* A check that could not go on: what is wrong with the database or a file of
 * it is a thing found (0, err is as new); anything else stays an error. */
int found_err(struct found *f, struct err *err);

/* 0 where nothing was found; else the first thing as an error, and how many
 * more there are. */
int found_end(const struct found *f, struct err *err);

#endif
