/*
 * toml.h - a TOML 1.0 document as a tree.
 *
 * For configuration files.  Refused, with line: keys and tables defined
 * twice, what is added to an inline table or array, control characters,
 * nesting beyond the caps.  Dates and numbers are NODE_NUMBER with their text
 * as written.
 */
#ifndef MUSTER_TOML_H
#define MUSTER_TOML_H

#include "muster/node.h"

/* One document in memory, which is UTF-8; name is for messages. */
struct tree *toml_tree(const char *bytes, size_t len, const char *name,
    struct err *err);

#endif
