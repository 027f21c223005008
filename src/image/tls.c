/* tls.c - files inside an image that allow pulls without TLS. */
#include <stdlib.h>
#include <string.h>

#include "image_priv.h"
#include "muster/err.h"
#include "muster/node.h"
#include "muster/sink.h"
#include "muster/str.h"

static int off(struct emit *e, const struct seen *f, const char *line,
    struct err *err)
{
	return emit_line(e, "tls.off", line, f->layer, f->path,
	    err);
}

static const char *skip(const char *s)
{
	return s + strspn(s, " \t");
}

/* "insecure = true", "http = true" (buildkitd). */
static bool allows(const char *p)
{
	static const char *const keys[] = { "insecure", "http" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		size_t len = strlen(keys[i]);
		const char *v;

		if (strncmp(p, keys[i], len) != 0)
			continue;
		v = skip(p + len);
		if (*v == '=' && str_starts(skip(v + 1), "true"))
			return true;
	}
	return false;
}

/* TOML, as far as these files go: version 2 says it per registry, version 1
 * lists registries under [registries.insecure], over several lines at will. */
int tls_registries(struct emit *e, const struct seen *f, struct err *err)
{
	struct str buf = STR_INIT;
	struct lines l = { f->body, f->body + f->len, 0, &buf };
	const char *line;
	bool listed = false;
	int rc = 0;

	while (rc == 0 && lines_next(&l, &line)) {
		const char *p = skip(line);

		if (*p == '#' || *p == '\0')
			continue;
		if (*p == '[' && !(listed && (p[1] == '"' || p[1] == '\'')))
			listed = str_starts(p, "[registries.insecure]");
		else if (allows(p) || (listed && strpbrk(p, "'\"") != NULL))
			rc = off(e, f, p, err);
	}
	str_free(&buf);
	return rc;
}

int tls_daemon(struct emit *e, const struct seen *f, struct err *err)
{
	struct err why = ERR_INIT;
	struct tree *t = tree_json(f->body, f->len, f->path, &why);
	struct str text = STR_INIT, at = STR_INIT;
	int rc = 0;

	if (t == NULL) {
		emit_locator(e, f->layer, f->path, &at);
		rc = sink_warn(e->sink, str_text(&at), err, "not read: %s",
		    why.text);
		str_free(&at);
		return rc;
	}
	NODE_EACH(n, node_get(tree_root(t), "insecure-registries")) {
		str_clear(&text);
		str_addf(&text, "insecure-registries: %s",
		    node_text(n) != NULL ? node_text(n) : "");
		if ((rc = off(e, f, str_text(&text), err)) < 0)
			break;
	}
	str_free(&text);
	tree_free(t);
	return rc;
}
