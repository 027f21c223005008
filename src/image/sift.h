/*
 * sift.h - credentials in the bytes of files, as they go by.
 *
 *	sift		a file's bytes in blocks, and what was found
 *	sift_find	where something may start: one pass, all patterns
 *	sift_proof	is it one?  A bounded look at what stands there
 *	sift_file	files that are made for credentials, read whole
 *	sift_emit	the facts
 *
 * The blocks overlap by more than any credential is long, so where a file's
 * pieces end makes no difference.
 */
#ifndef IMAGE_SIFT_H
#define IMAGE_SIFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "muster/secret.h"

#define SIFT_BLOCK	(256 * 1024)
#define SIFT_OVERLAP	(40 * 1024)	/* no credential is longer */
#define SIFT_BACK	1024		/* what may stand before one */
#define SIFT_WHOLE	(256 * 1024)	/* of a file that is read whole */
#define SIFT_STORE	(1024 * 1024)	/* of one that begins as such */

struct sift_hit {
	size_t			 entry;		/* of the layer */
	int64_t			 at;		/* offset in the file */
	size_t			 len;		/* bytes there */
	const char		*rule;
	enum secret_grade	 grade;
	char			 preview[48];
};

struct sift_hits {
	struct sift_hit	*hit;
	size_t		 n, cap;
	size_t		 more;		/* found, not kept */
	size_t		 unread;	/* made for credentials, too large */
};

struct sift;
struct sift *sift_new(struct sift_hits *out);
void sift_free(struct sift *s);		/* accepts NULL */
/* One file: its name in the layer and size, its bytes in pieces, its end. */
void sift_begin(struct sift *s, const char *path, int64_t size, size_t entry);
void sift_add(struct sift *s, const void *bytes, size_t len);
void sift_end(struct sift *s);

/* Where a pattern starts; wide: in UTF-16. */
struct sift_place {
	uint32_t	at;
	uint16_t	pattern;
	bool		wide;
};

struct sift_places {
	struct sift_place *place;
	size_t		 n, cap;
};

struct sift_find;
struct sift_find *sift_find_new(void);
void sift_find_free(struct sift_find *f);	/* accepts NULL */
/* Every place, in the order of the bytes; out is emptied first. */
void sift_find(struct sift_find *f, const char *text, size_t n,
    struct sift_places *out);

/* What a place is a sign of. */
enum sift_sign {
	SIFT_TOKEN, SIFT_KEY, SIFT_URL, SIFT_AWS, SIFT_AUTHS, SIFT_CLIENT_KEY,
	SIFT_PUTTY, SIFT_SIGNS
};

/* A pattern: a literal, then `run` characters of a set ("A-Z0-9"). */
struct sift_pattern {
	const char	*text;
	const char	*set;
	size_t		 run;
	enum sift_sign	 sign;
};
bool sift_find_pattern(size_t i, struct sift_pattern *p);

/* text[n] is NUL, and at least 128 of them follow.  Fills in all but the
 * entry; offsets are those of text. */
bool sift_proof(enum sift_sign sign, const char *text, size_t n, size_t at,
    struct sift_hit *hit);
void sift_proof_preview(const char *s, size_t len, bool token,
    char out[48]);
const struct secret_rule *sift_proof_rule(size_t i);	/* NULL: past */

/* Files made for credentials: NULL when this is none. */
struct sift_file;
const struct sift_file *sift_file(const char *path);
/* The same by how a file of this size begins: stores of keys, DER. */
const struct sift_file *sift_file_begins(const void *head, size_t len,
    int64_t size);
typedef void sift_file_fn(void *ctx, const struct sift_hit *hit);
void sift_file_read(const struct sift_file *f, const char *text, size_t n,
    sift_file_fn *fn, void *ctx);
/* rule.name is the path of a file that holds the examples. */
const struct secret_rule *sift_file_rule(size_t i);	/* NULL: past */

#endif
