/*
 * input.h - the bytes of one file, read once.
 *
 * A struct input is the only way a reader sees a file: it was opened by the
 * keeper (a regular file, size checked) and came to the reader as a
 * descriptor.  Every raw byte that passes is hashed (and, for formats that
 * are kept, compressed and sent to the keeper) in the same pass; the reader
 * gets them unpacked (gzip, zstd) and as UTF-8 (BOMs dropped, UTF-16
 * converted), unless it asked for the raw bytes.
 */
#ifndef MUSTER_INPUT_H
#define MUSTER_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "muster/cap.h"
#include "muster/sha.h"

struct err;
struct sink;
struct input;

#define INPUT_HEAD		(64 * 1024)

/* Open a regular file that the command line names as what ("a tailoring
 * file"): a descriptor, or -1 with ERR_INPUT and the file's name. */
int input_file(const char *file, const char *what, struct err *err);

/*
 * Read the regular file (or directory, see input_dir) behind fd; name is for
 * messages.  Does not take over fd.  input_open_mem() reads bytes in memory,
 * for tests and fuzzers.
 */
struct input *input_open(int fd, const char *name, struct err *err);
struct input *input_open_mem(const void *bytes, size_t len, const char *name);
void input_close(struct input *in);

const char *input_name(const struct input *in);

/* The first bytes as the reader will see them (unpacked, UTF-8), at most
 * INPUT_HEAD; consumes nothing.  *len is 0 only for an empty file. */
const char *input_head(struct input *in, size_t *len, struct err *err);

/* Once the head was looked at: is the text UTF-8 whatever it says of itself,
 * by a byte order mark or because it was converted? */
bool input_is_utf8(const struct input *in);

/* The first raw bytes of the file. */
const unsigned char *input_raw_head(struct input *in, size_t *len,
    struct err *err);

/*
 * The next bytes of text: a pointer into the input's own buffer, valid until
 * the next call; *len is 0 at the end.  Returns NULL with err set on failure
 * (a broken gzip stream, say).
 */
const char *input_next(struct input *in, size_t *len, struct err *err);

/* The next raw bytes, for readers of binary formats; do not mix. */
const unsigned char *input_next_raw(struct input *in, size_t *len,
    struct err *err);

/*
 * For readers that want random access (images): the descriptor (-1: none)
 * and the size; such a reader still lets the input hash the file with
 * input_finish().  A directory has a descriptor and no bytes of its own.
 */
int input_fd(const struct input *in);
int64_t input_size(const struct input *in);
bool input_is_dir(const struct input *in);

/* A directory's digest is that of the one member that names all others by
 * digest (an OCI layout's index.json): the reader says which bytes. */
int input_root(struct input *in, const void *bytes, size_t len,
    struct err *err);

/* From now on send what passes, compressed, to the sink (before any read). */
void input_keep(struct input *in, struct sink *sink);

/* Read what is left, so that the digest covers the whole file.  One that
 * changed since input_open() is refused: what was read is nobody's file. */
int input_finish(struct input *in, char hex[SHA_HEX], int64_t *bytes,
    struct err *err);

/* Position of the bytes last returned by input_next: how many text bytes and
 * lines came before them; for error messages. */
int64_t input_offset(const struct input *in);
int64_t input_line(const struct input *in);

/* A whole small file in memory (NUL-terminated), for formats that are not
 * worth streaming; refuses more bytes than the cap.  The caller frees it. */
char *input_slurp(struct input *in, enum cap most, size_t *len,
    struct err *err);

#endif
