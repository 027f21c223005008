/*
 * yaml.h - the documents of a YAML stream, one tree at a time.
 *
 * YAML 1.1 as Kubernetes' own reader takes it (yes/no/on/off are booleans,
 * 0o22 is not a number, "<<" merges), through libyaml's events.  Counted and
 * capped: depth, nodes (aliases expanded), scalar length.  Refused, with
 * line: duplicate keys, tags other than the core ones, unknown aliases.
 */
#ifndef MUSTER_YAML_H
#define MUSTER_YAML_H

#include "muster/node.h"

/* Called per document, doc from 1, in order; an empty document has no root.
 * The tree is freed by the reader afterwards. */
typedef int yaml_fn(void *ctx, const struct tree *t, int doc, struct err *err);

int yaml_read(struct input *in, yaml_fn *fn, void *ctx, struct err *err);

#endif
