/*
 * import.h - recognising a file, reading it completely or not at all.
 *
 * Adding an input format takes
 *
 *	src/import/NAME.c		defines const struct importer importer_NAME
 *	src/import/importers.def	one row: IMPORTER(NAME)
 *	samples/ and tests/test_import.c	a sample, a row of expectations
 *
 * and touches nothing else.  The framework opens the file, forks a reader
 * (rlimits, no database), picks the importer that bids highest for the
 * file's first bytes, and stores what it sends in one transaction.
 */
#ifndef MUSTER_IMPORT_H
#define MUSTER_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "muster/sha.h"

struct err;
struct input;
struct sink;
struct store;

enum probe_kind {
	PROBE_EMPTY, PROBE_DIR, PROBE_BINARY, PROBE_JSON, PROBE_XML, PROBE_TEXT
};

/* What an importer sees of a file when it bids. */
struct probe {
	enum probe_kind	 kind;
	const char	*name;		/* for directories only: never trusted */
	int		 dirfd;		/* PROBE_DIR */
	const char	*head;		/* text: unpacked, UTF-8; cut anywhere */
	size_t		 head_len;
	const unsigned char *raw;	/* the file's own first bytes */
	size_t		 raw_len;
	char		 xml_ns[128], xml_name[64];	/* PROBE_XML: the root */
	char	       **keys;		/* PROBE_JSON: paths seen, depth <= 4, */
	size_t		 nkeys;		/* "matches[].vulnerability.id" */
};

/* PROBE_JSON: does the head hold this path? (json.h's syntax) */
bool probe_has(const struct probe *p, const char *path);
/* Does the text head hold these bytes? */
bool probe_seen(const struct probe *p, const char *text);

struct importer {
	const char	*name;		/* "grype": also the format's name */
	const char	*about;		/* one line for "muster help import" */
	int		 version;	/* raised when the same bytes give other
					 * records */
	bool		 keep;		/* keep the bytes in the database */
	/* How sure are we, 0 to 100, that a file starting so is ours? */
	int (*bid)(const struct probe *p);
	/* Read the whole of it, sending records. */
	int (*read)(struct input *in, struct sink *sink, struct err *err);
};

const struct importer *import_table(size_t i);	/* NULL past the end */

/* What came of one file. */
struct import_result {
	enum {
		IMPORT_DONE, IMPORT_DUPLICATE, IMPORT_REFUSED,
		IMPORT_NO_EVIDENCE	/* a member of no format we read */
	} status;
	char		 sha256[SHA_HEX];
	int64_t		 bytes;
	char		 format[64], tool[128], tool_version[64];
	char		 batch[24];
	int64_t		 artifact;	/* its id in the database */
	int64_t		 read, stored, merged, unplaced;
};

struct import_opts {
	const char	*format;	/* use this importer; NULL: recognise */
	const char	*batch;		/* of this run of the command; NULL: this
					 * file is its first, give it one */
	const char	*name;		/* NULL: the file's own, from its path */
	bool		 hold;		/* the caller commits: below */
	/* Told what came of each file inside the file, in order; name is
	 * behind the file's: "!a/b.json".  It holds only once import_file()
	 * has returned 0: a file is stored with its members or not at all. */
	void (*member)(void *ctx, const char *name,
	    const struct import_result *res, const struct err *err);
	void		*ctx;
};

/*
 * Import one file, directory-shaped image or "-".  Returns 0 when it was
 * imported or already there; -1 with err when it was refused (nothing of it
 * is stored) or something else failed: err->kind tells.  res is always
 * filled as far as known.
 *
 * With hold, a file that was imported stays in a transaction that is left
 * open: for another file to join, and for the caller to commit.  One that was
 * refused is undone alone.  After a failure of the database the transaction
 * may be gone, with what it held: store_is_open() tells.
 */
int import_file(struct store *st, const char *path,
    const struct import_opts *opts, struct import_result *res,
    struct err *err);

/* Run an importer in this process on an open input: for tests, fuzzers. */
int import_run(const struct importer *imp, struct input *in,
    struct sink *sink, struct err *err);
const struct importer *import_choose(struct input *in, const char *format,
    struct err *err);

/* Run fn in a process that is confined as a reader is: how it ended, as
 * waitpid() says it, or -1.  For "muster doctor". */
int import_try(int (*fn)(void *ctx), void *ctx);

/* Is the directory itself one input (an OCI layout, a dir: image)? */
bool import_is_layout(int dirfd);

#endif
