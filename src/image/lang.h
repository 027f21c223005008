/*
 * lang.h - packages of programming languages, by what lies in the image.
 *
 *	lang		a file as it goes by: is it one that says?
 *	lang_text	Python's METADATA and PKG-INFO, npm's package.json
 *	lang_jar	Java archives, and those inside them
 *	lang_go		what Go builds into its programs
 *	lang_emit	the records
 *
 * Only what was found is kept: lines of "type TAB name TAB version", and
 * lines of a cap's number where something was left out.
 */
#ifndef IMAGE_LANG_H
#define IMAGE_LANG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "muster/cap.h"

struct emit;
struct err;
struct str;

#define LANG_GO		(1024 * 1024)	/* where Go's list of modules ends */

struct lang;
struct lang *lang_new(void);
void lang_free(struct lang *l);		/* accepts NULL */
void lang_begin(struct lang *l, const char *path, int64_t size,
    unsigned mode);
void lang_add(struct lang *l, const void *bytes, size_t len);
/* What was found, borrowed until the next file; NULL: nothing. */
const char *lang_end(struct lang *l);

/* One more line; a field that cannot be one is none. */
void lang_found(struct str *out, const char *type, const char *name,
    const char *version);
void lang_cut(struct str *out, enum cap which);	/* once each */
void lang_text_python(const char *text, size_t len, struct str *out);
void lang_text_npm(const char *text, size_t len, struct str *out);
void lang_jar(const char *path, const void *bytes, size_t len,
    struct str *out);
/* From right behind the magic's start; false: it is none after all. */
bool lang_go(const char *bytes, size_t len, struct str *out);

int lang_emit(struct emit *e, const char *path, uint32_t layer,
    const char *found, struct err *err);

#endif
