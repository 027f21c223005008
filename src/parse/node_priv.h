/*
 * node_priv.h - building a tree, for the readers of this room.
 *
 * Nodes are appended in document order and never removed.  Everything lives
 * in the tree's arena; text and keys are copied into it, unless they are
 * there already (tree_text(), tree_copy()).
 */
#ifndef NODE_PRIV_H
#define NODE_PRIV_H

#include "muster/node.h"

struct tree *tree_new(void);

/*
 * Append a node to parent (NULL: it becomes the root), in constant time.
 * key is NULL except in a map; text is NULL except for scalars.  NULL with
 * err set when the document has too many (tree-values).
 */
struct node *tree_add(struct tree *t, struct node *parent,
    enum node_kind kind, const char *key, size_t keylen, const char *text,
    size_t len, int line, struct err *err);

/* The member of a map with this key, in constant time, also while the map is
 * being built: for duplicate keys and merges. */
struct node *tree_find(const struct node *map, const char *key,
    size_t keylen);

/* Bytes copied into the arena and NUL-terminated. */
const char *tree_text(struct tree *t, const char *text, size_t len);

/*
 * Append a copy of the subtree src (of the same tree: text is shared), for
 * aliases.  key as for tree_add(), but shared if it is src's own.  Counted
 * like any node; the copy keeps the lines of the original.  A source that is
 * an ancestor of parent is not a tree any more: ERR_INPUT.
 */
struct node *tree_copy(struct tree *t, struct node *parent, const char *key,
    size_t keylen, const struct node *src, struct err *err);

#endif
