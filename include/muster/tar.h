/*
 * tar.h - the entries of a tar stream, one after the other.
 *
 * ustar, pax and GNU tar and nothing else: libarchive's other formats can
 * name files of this machine.  Names are the bytes of the archive, without
 * leading "./" and "/", without doubled or trailing slashes; one with ".."
 * in it is handed on with `outside` set and is for no one to follow.
 */
#ifndef MUSTER_TAR_H
#define MUSTER_TAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "muster/decode.h"

struct err;
struct tar;

enum tar_type {
	TAR_FILE, TAR_DIR, TAR_LINK, TAR_HARD, TAR_CHAR, TAR_BLOCK, TAR_FIFO
};

struct tar_entry {
	enum tar_type	 type;
	const char	*name;		/* "etc/passwd"; "" is the root */
	size_t		 name_len;
	bool		 outside;	/* the name held ".." */
	const char	*link;		/* as written; hard: normalised */
	bool		 link_outside;	/* of a hard link */
	unsigned	 mode;		/* 0-07777 */
	int64_t		 uid, gid, size;
	const void	*caps;		/* security.capability, or NULL */
	size_t		 caps_len;
	int64_t		 at;		/* where its bytes start */
	bool		 sparse;	/* ... and they are not as stored */
};

struct tar *tar_open(decode_fill *from, void *ctx, struct err *err);
void tar_close(struct tar *t);		/* accepts NULL */

/* The next entry: 1, 0 at the end mark (the source may hold more bytes, which
 * the caller reads on if it wants them), -1.  e is borrowed until the next
 * call. */
int tar_next(struct tar *t, struct tar_entry *e, struct err *err);

/* The next bytes of the entry's content, holes as zeros; 0 at its end. */
ssize_t tar_data(struct tar *t, const unsigned char **p, struct err *err);

/* Does a head of at least 512 bytes start a tar? */
bool tar_seen(const unsigned char *head, size_t len);

/* A path in the form of tar_entry.name, in place; false if it held "..". */
bool tar_clean(char *path, size_t *len);

#endif
