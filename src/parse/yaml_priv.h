/*
 * yaml_priv.h - what a YAML scalar means (src/parse/yaml_scalar.c), apart
 * from how a document is put together (src/parse/yaml.c).
 */
#ifndef YAML_PRIV_H
#define YAML_PRIV_H

#include <stdbool.h>
#include <yaml.h>

#include "muster/node.h"

/* Neither quoted nor tagged: its text decides what it is. */
bool yaml_scalar_plain(const yaml_event_t *ev);

/* The kind of a scalar and its text as the tree has it: "true" for yes,
 * integers in decimal.  False for a tag that does not fit. */
bool yaml_scalar_resolve(const yaml_event_t *ev, enum node_kind *kind,
    struct str *text);

/* May a map or list carry this tag (NULL: none)? */
bool yaml_scalar_tagged(const char *tag, enum node_kind kind);

#endif
