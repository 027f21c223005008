/*
 * rpm.h - RPM's database: headers, and the containers they come in.
 *
 *	rpm		packages, and who signed them
 *	rpm_header	one header's values
 *	rpm_files	the files it lists, with their digests
 *	rpm_ndb		headers out of the container "ndb"
 *	rpm_bdb		headers out of a Berkeley DB hash
 */
#ifndef IMAGE_RPM_H
#define IMAGE_RPM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct emit;
struct err;
struct seen;
struct str;

enum {
	TAG_SIG_DSA = 267, TAG_SIG_RSA = 268, TAG_SIG_PGP = 259,
	TAG_SIG_GPG = 262, TAG_NAME = 1000, TAG_VERSION = 1001,
	TAG_RELEASE = 1002, TAG_EPOCH = 1003, TAG_SIZE = 1009,
	TAG_ARCH = 1022, TAG_FILE_STATES = 1029, TAG_FILE_DIGESTS = 1035,
	TAG_FILE_FLAGS = 1037, TAG_SOURCE = 1044, TAG_DIR_INDEXES = 1116,
	TAG_BASE_NAMES = 1117, TAG_DIR_NAMES = 1118, TAG_LONG_SIZE = 5009,
	TAG_DIGEST_ALGO = 5011
};

enum {
	TYPE_CHAR = 1, TYPE_INT32 = 4, TYPE_INT64 = 5, TYPE_STRING = 6,
	TYPE_BIN = 7, TYPE_TEXTS = 8, TYPE_I18N = 9
};

struct rpm_header {
	const unsigned char	*index, *data;
	uint32_t		 n, size;
};

struct rpm_value {
	uint32_t		 type, count;
	const unsigned char	*p;
	uint32_t		 left;		/* bytes from p to the end */
};

uint32_t rpm_header_u32(const unsigned char *p);	/* big-endian */
bool rpm_header_open(struct rpm_header *h, const void *blob, size_t len);
bool rpm_header_find(const struct rpm_header *h, uint32_t tag,
    struct rpm_value *v);
/* A string's text in out; false if there is none. */
bool rpm_header_text(const struct rpm_header *h, uint32_t tag,
    struct str *out);
bool rpm_header_number(const struct rpm_header *h, uint32_t tag,
    int64_t *out);

/* What the package records of its files, for owned.h. */
void rpm_files_add(struct emit *e, const struct seen *f, const char *name,
    const struct rpm_header *h);

/* Every header of a container; -1 with err ERR_INPUT when it is not sound
 * (the headers before that were handed on). */
typedef int rpm_fn(void *ctx, const void *blob, size_t len, struct err *err);
int rpm_ndb_read(const void *bytes, size_t len, rpm_fn *fn, void *ctx,
    struct err *err);
int rpm_bdb_read(const void *bytes, size_t len, rpm_fn *fn, void *ctx,
    struct err *err);

#endif
