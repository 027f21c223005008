/*
 * package.h - what "muster package" writes and "muster verify PACKAGE" reads.
 *
 *	manifest.json		every other member with its size and SHA-256
 *	manifest.json.sig	(or .p7s) the signature over it, if there is one
 *	README.txt, SHA256SUMS	for people, and for sha256sum(1)
 *	artifacts.jsonl		what was imported, in order
 *	evidence/SHA256		the bytes of an artifact that are kept
 *	records/SHA256.jsonl	what was read of one whose bytes are not here
 *	journal.jsonl		every chain, each event in its entry
 *	posture.jsonl		earlier assessments, as they were remembered
 *	decisions.jsonl, release.jsonl, benchmark.xml, tailoring.xml
 *	outputs/		all outputs, as "muster report" writes them
 *
 * The manifest comes first in the archive and lists the others in the order
 * in which they follow.
 */
#ifndef CMD_PACKAGE_H
#define CMD_PACKAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "muster/sha.h"
#include "muster/store.h"
#include "muster/str.h"

struct ctx;
struct err;

#define PACKAGE_MANIFEST	"manifest.json"

struct package_member {
	char	*name;
	int64_t	 bytes;
	char	 sha256[SHA_HEX];
};

struct bundle {
	char	 as_of[32], head[SHA_HEX], evidence[SHA_HEX];
	char	 tailoring[SHA_HEX];		/* "": none */
	char	 version[32];			/* of the tool */
	struct str marking;			/* "": none */
	char	*formats;			/* of outputs/; NULL: all */
	char	*signature;			/* its member, or NULL */
	bool	 digests_only;
	struct package_member *member;
	size_t	 n, cap;
};

void package_free(struct bundle *p);
struct package_member *package_add(struct bundle *p, const char *name);

/* package_write.c: what is worked out of a database, into a directory, in
 * the same way for a package and for its replay. */
int package_write_tables(struct store *st, const char *dir,
    struct err *err);
int package_write_evidence(struct store *st, const char *dir,
    bool digests_only, char digest[SHA_HEX], struct err *err);
int package_write_readme(struct store *st, const char *dir,
    const struct bundle *p, struct err *err);

/* package_read.c: read, check, unpack below dir (all of it where whole,
 * else what is needed to check the journal). */
struct package_opts {
	const char	*file, *key;	/* whose signature it has to be; NULL */
	bool		 replay;
	char	       **files;		/* archives that are not in it */
	int		 nfiles;
};
int package_read(struct ctx *c, const struct package_opts *o,
    struct err *err);
/* The journal of a package into a store. */
int package_read_journal(struct store *st, const char *dir, struct err *err);
/* Call for every line of a file below dir. */
typedef int package_line_fn(void *ctx, const char *line, size_t len,
    struct err *err);
int package_read_lines(const char *dir, const char *name,
    package_line_fn *fn, void *ctx, struct err *err);

/* package_replay.c */
int package_replay(struct ctx *c, const struct bundle *p, const char *dir,
    const struct package_opts *o, struct err *err);

#endif
