/*
 * node.h - a small document as a tree: an image config, a Kubernetes object.
 *
 * For documents whose size is bounded by nature.  The tree comes from JSON or
 * from YAML and looks the same; every node knows its line.  It lives in one
 * arena and goes with it.
 */
#ifndef MUSTER_NODE_H
#define MUSTER_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct input;
struct str;

#define NODE_DEEPEST	1000	/* the most that the caps of depth allow */

enum node_kind {
	NODE_NULL, NODE_BOOL, NODE_NUMBER, NODE_STRING, NODE_MAP, NODE_LIST
};

struct node {
	enum node_kind	 kind;
	int		 line;		/* 1-based, of the file */
	const char	*key;		/* in a map; NULL in a list */
	const char	*text;		/* scalars; "true"/"false" for NODE_BOOL */
	size_t		 count;		/* children */
	size_t		 index;		/* among its siblings */
	struct node	*parent, *child, *next;
};

struct tree;				/* owns the nodes */

struct node *tree_root(const struct tree *t);	/* NULL: an empty document */
void tree_free(struct tree *t);			/* accepts NULL */

/* One JSON document in memory; name is for messages.  Strict as json.h. */
struct tree *tree_json(const char *bytes, size_t len, const char *name,
    struct err *err);
/* The same of an input, which is not held besides. */
struct tree *tree_json_input(struct input *in, struct err *err);

/* Look up a key of a map (NULL if there is none, or n is NULL or no map). */
struct node *node_get(const struct node *n, const char *key);
/* The same along dots: "spec.template.spec"; no escapes. */
struct node *node_at(const struct node *n, const char *path);

/* A scalar's text; NULL for null, maps, lists and a missing node. */
const char *node_text(const struct node *n);
bool node_is_true(const struct node *n);	/* the boolean true */
bool node_int(const struct node *n, int64_t *v);

/* "/spec/containers/0": where n is below its root. */
void node_pointer(const struct node *n, struct str *out);

#define NODE_EACH(n, parent) \
	for (struct node *n = (parent) != NULL ? (parent)->child : NULL; \
	    n != NULL; n = n->next)

#endif
