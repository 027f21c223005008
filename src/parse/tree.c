/*
 * tree.c - building and freeing the trees of node.h; see node_priv.h.
 *
 * Memory comes from chunks that double in size.  A map of more than a few
 * keys carries a hash table, kept up as it grows, so that neither building
 * nor asking is ever quadratic.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "json_priv.h"
#include "key.h"
#include "muster/cap.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "node_priv.h"

#define CHUNK_LEAST	(16 * 1024)
#define CHUNK_MOST	(4 << 20)
#define FEW		8		/* keys that are searched one by one */

struct chunk {
	struct chunk	*next;
	size_t		 used, size;
	max_align_t	 bytes[];
};

/* A node and what only building and looking up need. */
struct inner {
	struct node	  node;
	struct node	 *last;		/* child */
	struct node	**table;	/* of a map; NULL while it is small */
	size_t		  mask;		/* slots of the table, less one */
};

struct tree {
	struct chunk	*chunks;
	struct node	*root;
	size_t		 nodes;
	int64_t		 bytes;		/* of texts and keys */
};

static struct inner *inner(const struct node *n)
{
	return (struct inner *)(uintptr_t)n;
}

static void *take(struct tree *t, size_t size)
{
	struct chunk *c = t->chunks;
	void *p;

	if (c == NULL || c->size - c->used < size) {
		size_t n = c == NULL ? CHUNK_LEAST :
		    c->size < CHUNK_MOST ? c->size * 2 : CHUNK_MOST;

		n = n < size ? size : n;
		c = mem_grow(NULL, 1, sizeof(*c) + n);
		*c = (struct chunk){ t->chunks, 0, n };
		t->chunks = c;
	}
	p = (char *)c->bytes + c->used;
	c->used += size;
	return p;
}

static void *take_aligned(struct tree *t, size_t size)
{
	const size_t a = _Alignof(struct inner);

	if (t->chunks != NULL) {
		size_t used = (t->chunks->used + a - 1) / a * a;

		t->chunks->used = used < t->chunks->size ? used :
		    t->chunks->size;
	}
	return memset(take(t, size), 0, size);
}

struct tree *tree_new(void)
{
	return mem_alloc(sizeof(struct tree));
}

void tree_free(struct tree *t)
{
	if (t == NULL)
		return;
	for (struct chunk *c = t->chunks, *next; c != NULL; c = next) {
		next = c->next;
		free(c);
	}
	free(t);
}

struct node *tree_root(const struct tree *t)
{
	return t->root;
}

const char *tree_text(struct tree *t, const char *text, size_t len)
{
	char *p = take(t, len + 1);

	t->bytes += (int64_t)len + 1;
	if (len > 0)
		memcpy(p, text, len);
	p[len] = '\0';
	return p;
}

static void enter(struct inner *map, struct node *n)
{
	size_t i = (size_t)key_hash(n->key, strlen(n->key)) & map->mask;

	while (map->table[i] != NULL)
		i = (i + 1) & map->mask;
	map->table[i] = n;
}

/* A map got one more key: keep its table at most half full. */
static void indexed(struct tree *t, struct inner *map, struct node *n)
{
	size_t count = map->node.count;

	if (map->table != NULL && count * 2 <= map->mask) {
		enter(map, n);
		return;
	}
	if (count <= FEW)
		return;
	map->mask = (map->table != NULL ? (map->mask + 1) * 2 : FEW * 4) - 1;
	map->table = take_aligned(t, (map->mask + 1) * sizeof(*map->table));
	NODE_EACH(c, &map->node)
		enter(map, c);
}

static struct node *append(struct tree *t, struct node *parent,
    const struct node *with, struct err *err)
{
	struct inner *in, *up = parent != NULL ? inner(parent) : NULL;

	if (++t->nodes > (size_t)cap(CAP_TREE_VALUES)) {
		cap_err(err, CAP_TREE_VALUES, "a document of too many values, "
		    "aliases expanded");
		return NULL;
	}
	if (t->bytes > cap(CAP_TREE_BYTES)) {
		cap_err(err, CAP_TREE_BYTES, "a document of too much text");
		return NULL;
	}
	in = take_aligned(t, sizeof(*in));
	in->node = *with;
	in->node.parent = parent;
	in->node.child = in->node.next = NULL;
	in->node.count = in->node.index = 0;
	if (up == NULL) {
		t->root = &in->node;
		return &in->node;
	}
	in->node.index = up->node.count++;
	if (up->last != NULL)
		up->last->next = &in->node;
	else
		up->node.child = &in->node;
	up->last = &in->node;
	if (in->node.key != NULL)
		indexed(t, up, &in->node);
	return &in->node;
}

struct node *tree_add(struct tree *t, struct node *parent,
    enum node_kind kind, const char *key, size_t keylen, const char *text,
    size_t len, int line, struct err *err)
{
	struct node with = { .kind = kind, .line = line };

	if (key != NULL)
		with.key = tree_text(t, key, keylen);
	if (text != NULL)
		with.text = tree_text(t, text, len);
	return append(t, parent, &with, err);
}

static bool named(const struct node *n, const char *key, size_t keylen)
{
	return n->key != NULL && strlen(n->key) == keylen &&
	    memcmp(n->key, key, keylen) == 0;
}

struct node *tree_find(const struct node *map, const char *key, size_t keylen)
{
	const struct inner *in = inner(map);

	if (in->table != NULL) {
		size_t i = (size_t)key_hash(key, keylen) & in->mask;

		while (in->table[i] != NULL &&
		    !named(in->table[i], key, keylen))
			i = (i + 1) & in->mask;
		return in->table[i];
	}
	NODE_EACH(n, map)
		if (named(n, key, keylen))
			return n;
	return NULL;
}

struct node *tree_copy(struct tree *t, struct node *parent, const char *key,
    size_t keylen, const struct node *src, struct err *err)
{
	struct node with = *src, *top, *to;
	const struct node *from = src;

	for (const struct node *n = parent; n != NULL; n = n->parent)
		if (n == src) {
			err_set(err, ERR_INPUT, "an alias for a value it is "
			    "inside of; expected one that is complete");
			return NULL;
		}
	if (key != src->key)
		with.key = key != NULL ? tree_text(t, key, keylen) : NULL;
	if ((top = to = append(t, parent, &with, err)) == NULL)
		return NULL;
	/* Down, then along, then up: the source cannot change meanwhile,
	 * because it is no ancestor of what grows. */
	while (from != NULL) {
		if (from->child != NULL) {
			from = from->child;
		} else {
			while (from != src && from->next == NULL) {
				from = from->parent;
				to = to->parent;
			}
			if (from == src)
				break;
			from = from->next;
			to = to->parent;
		}
		if ((to = append(t, to, from, err)) == NULL)
			return NULL;
	}
	return top;
}

/* ------------------------------------------------------------------- JSON */

struct building {
	struct tree	*tree;
	struct node	*open;		/* the innermost container */
};

static int build(void *ctx, struct json *js, int id, enum json_event ev,
    const char *text, size_t len, struct err *err)
{
	static const enum node_kind kinds[] = {
		[JSON_STRING] = NODE_STRING, [JSON_NUMBER] = NODE_NUMBER,
		[JSON_TRUE] = NODE_BOOL, [JSON_FALSE] = NODE_BOOL,
		[JSON_NULL] = NODE_NULL
	};
	struct building *b = ctx;
	enum node_kind kind = ev != JSON_BEGIN ? kinds[ev] :
	    json_is_array(js) ? NODE_LIST : NODE_MAP;
	const char *key = NULL;
	int64_t line = json_line(js);
	struct node *n;

	(void)id;
	if (ev == JSON_END) {
		b->open = b->open->parent;
		return 0;
	}
	if (b->open != NULL && b->open->kind == NODE_MAP)
		key = json_key(js);
	n = tree_add(b->tree, b->open, kind, key,
	    key != NULL ? strlen(key) : 0, text, len,
	    line < INT_MAX ? (int)line : INT_MAX, err);
	if (n == NULL)
		return -1;
	if (ev == JSON_BEGIN)
		b->open = n;
	return 0;
}

struct tree *tree_json(const char *bytes, size_t len, const char *name,
    struct err *err)
{
	struct building b = { .tree = tree_new() };

	if (json_walk(bytes, len, name, build, &b, err) == 0)
		return b.tree;
	tree_free(b.tree);
	return NULL;
}

struct tree *tree_json_input(struct input *in, struct err *err)
{
	struct building b = { .tree = tree_new() };

	if (json_walk_input(in, build, &b, err) == 0)
		return b.tree;
	tree_free(b.tree);
	return NULL;
}
