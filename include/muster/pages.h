/*
 * pages.h - the database's file, byte by byte, below its tables.
 *
 * What a page holds beside its rows no table shows.  pages_header() looks at
 * the first hundred bytes before SQLite does (and mends some of them),
 * pages_walk() at all that has to be zero or to agree: pages that are free,
 * places in pages that were freed, the file's length.  What lay in a page
 * before its rows moved elsewhere may stay in it, so that only the digest of
 * the whole file covers every bit: pages_digest(), for a seal.
 */
#ifndef MUSTER_PAGES_H
#define MUSTER_PAGES_H

#include <stdint.h>

struct err;
struct found;
struct store;

/* A file with a journal beside it, which SQLite has to roll back first, is not
 * looked at.  1: it is none that SQLite could open. */
int pages_header(const char *path, struct found *f, struct err *err);

/* Inside the caller's transaction, which keeps writers away. */
int pages_walk(struct store *st, struct found *f, struct err *err);
int pages_digest(struct store *st, char hex[65], int64_t *bytes,
    struct err *err);

#endif
