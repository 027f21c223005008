/* node.c - asking a tree; see node.h. */
#include <string.h>

#include "muster/json.h"
#include "muster/str.h"
#include "node_priv.h"

struct node *node_get(const struct node *n, const char *key)
{
	if (n == NULL || n->kind != NODE_MAP)
		return NULL;
	return tree_find(n, key, strlen(key));
}

struct node *node_at(const struct node *n, const char *path)
{
	struct node *found = NULL;

	do {
		size_t len = strcspn(path, ".");

		if (n == NULL || n->kind != NODE_MAP)
			return NULL;
		n = found = tree_find(n, path, len);
		path += len;
	} while (*path++ == '.');
	return found;
}

const char *node_text(const struct node *n)
{
	return n != NULL ? n->text : NULL;
}

bool node_is_true(const struct node *n)
{
	return n != NULL && n->kind == NODE_BOOL && str_eq(n->text, "true");
}

bool node_int(const struct node *n, int64_t *v)
{
	return n != NULL && n->kind == NODE_NUMBER &&
	    str_int(n->text, INT64_MIN, INT64_MAX, v);
}

static void step(const struct node *n, struct str *out)
{
	str_addc(out, '/');
	if (n->key == NULL) {
		str_addf(out, "%zu", n->index);
		return;
	}
	for (const char *p = n->key; *p != '\0'; p++) {
		if (*p == '~')
			str_add(out, "~0");
		else if (*p == '/')
			str_add(out, "~1");
		else
			str_addc(out, *p);
	}
}

void node_pointer(const struct node *n, struct str *out)
{
	const struct node *up[NODE_DEEPEST];
	size_t d = 0;

	for (; n != NULL && n->parent != NULL; n = n->parent)
		if (d < sizeof(up) / sizeof(up[0]))
			up[d++] = n;
	while (d > 0)
		step(up[--d], out);
}
