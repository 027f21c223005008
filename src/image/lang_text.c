/* lang_text.c - what describes a package of Python's or npm's. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lang.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/node.h"
#include "muster/str.h"

/* A header's value, or NULL when the line has another. */
static char *value(const char *line, size_t len, const char *name)
{
	size_t n = strlen(name);

	if (len <= n || strncasecmp(line, name, n) != 0)
		return NULL;
	while (n < len && (line[n] == ' ' || line[n] == '\t'))
		n++;
	while (len > n && (line[len - 1] == '\r' || line[len - 1] == ' '))
		len--;
	return mem_dupn(line + n, len - n);
}

/* Headers as in a mail; the first empty line ends them. */
void lang_text_python(const char *text, size_t len, struct str *out)
{
	const char *p = text, *end = text + len;
	char *name = NULL, *version = NULL;

	while (p < end && (name == NULL || version == NULL)) {
		const char *stop = memchr(p, '\n', (size_t)(end - p));
		size_t n = (size_t)((stop != NULL ? stop : end) - p);

		if (n == 0 || (n == 1 && *p == '\r'))
			break;
		if (name == NULL)
			name = value(p, n, "Name:");
		if (version == NULL)
			version = value(p, n, "Version:");
		p += n + 1;
	}
	lang_found(out, "python", name, version);
	free(name);
	free(version);
}

static const char *string(const struct node *n)
{
	return n != NULL && n->kind == NODE_STRING ? n->text : NULL;
}

void lang_text_npm(const char *text, size_t len, struct str *out)
{
	struct err ignored = ERR_INIT;
	struct tree *t = tree_json(text, len, "package.json", &ignored);

	if (t != NULL)
		lang_found(out, "npm",
		    string(node_get(tree_root(t), "name")),
		    string(node_get(tree_root(t), "version")));
	tree_free(t);
}
