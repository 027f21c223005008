/* files.h - what the checks of an image's files share. */
#ifndef FILES_H
#define FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "muster/assess.h"
#include "muster/str.h"

bool files_is_program(const char *type, int64_t mode);
void files_locator(struct str *out, const char *diff_id, const char *path);
/* Packages of a language's own archive: "rr" of npm is no debugger. */
bool files_is_language(const char *type);
/* State an error for every package database that could not be read. */
int files_unread(struct assess *as, struct err *err);
int files_count(struct assess *as, int64_t target, int64_t *n,
    struct err *err);

#endif
