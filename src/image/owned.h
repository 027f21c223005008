/*
 * owned.h - what packages record of the files they brought.
 *
 * The readers of package databases say here which files a package lists, and
 * with which checksum; when all are read, each is looked for in the effective
 * file system and compared.
 *
 *	owned		the list, and the comparison
 *	owned_emit	what came of it, as facts
 */
#ifndef IMAGE_OWNED_H
#define IMAGE_OWNED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "muster/cap.h"
#include "muster/sha.h"

struct emit;
struct entry;
struct err;
struct inode;
struct seen;


/* Of a record. */
enum {
	OWNED_CONFIG = 1,	/* meant to be changed */
	OWNED_OPTIONAL = 2,	/* may be missing */
	OWNED_NO_FOLLOW = 4,	/* a link is what is recorded */
	OWNED_OLD = 8		/* of a database that a later layer replaced */
};

/* Of an inode, in struct inode. */
enum {
	OWNED_SEEN = 1, OWNED_SAME = 2, OWNED_CONF = 4, OWNED_TOLD = 8
};

enum owned_state {
	OWNED_LISTED, OWNED_MISSING, OWNED_EQUAL, OWNED_DIFFERS,
	OWNED_UNKNOWN		/* no digest of this kind to be had */
};

struct owned_package {
	const char	*type, *name;
	const char	*db;		/* path of what records it, raw */
	uint32_t	 layer;		/* of that */
	size_t		 sums;		/* files with a checksum */
};

struct owned_file {
	const char	*path;		/* raw */
	const unsigned char *digest;	/* NULL: none recorded */
	uint32_t	 package;
	unsigned char	 kind;		/* enum sha_kind */
	unsigned char	 flags;
	unsigned char	 state;
	struct inode	*inode;		/* found under its path, or NULL */
};

struct owned {
	struct arena	*arena;
	struct owned_package *packages;
	size_t		 npackages, pcap;
	struct owned_file *files;
	size_t		 n, cap;
	struct owned_diversion {
		const char	*from, *to, *by;
	}		*diversions;
	size_t		 ndiversions, dcap;
	enum cap	 over;		/* listed, not kept: which; else CAPS */
	int64_t		 installed;	/* of dpkg's, ... */
	int64_t		 summed;	/* ... and those with an md5sums */
};

struct owned *owned_new(void);
void owned_free(struct owned *o);	/* accepts NULL */

/* The package that what follows belongs to. */
void owned_begin(struct owned *o, const char *type, const char *name,
    size_t len, uint32_t layer, const char *db);
void owned_add(struct owned *o, const char *path, size_t len,
    enum sha_kind kind, const unsigned char *digest, unsigned flags);
void owned_divert(struct owned *o, const char *from, const char *to,
    const char *by);
/* A name that is listed, and nothing else is known of it. */
void owned_name(struct emit *e, const char *path, size_t len);
/* `size` bytes from hex digits; false: they are none, or not as many. */
bool owned_hex(const char *s, size_t len, unsigned char *out, size_t size);

/* Compare all of it with the effective file system. */
void owned_compare(struct emit *e);
int owned_emit(struct emit *e, struct err *err);
/* The package that ships this entry of a layer with this content, or NULL. */
const struct owned_package *owned_ships(struct emit *e,
    const struct entry *en);

#endif
