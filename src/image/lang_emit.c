/* lang_emit.c - packages of programming languages, as records. */
#include <stdlib.h>
#include <string.h>

#include "image_priv.h"
#include "lang.h"
#include "muster/cap.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/sink.h"
#include "muster/str.h"

/* PyPI's own rule for names; a Maven name is a group and an artifact. */
static void purl(const char *type, const char *name, const char *version,
    struct str *out)
{
	struct str plain = STR_INIT;

	for (const char *p = name; *p != '\0'; p++)
		if (str_eq(type, "python"))
			str_addc(&plain, *p == '_' || *p == '.' ? '-' :
			    *p >= 'A' && *p <= 'Z' ?
			    (char)(*p - 'A' + 'a') : *p);
		else
			str_addc(&plain, *p == ':' &&
			    str_eq(type, "java-archive") ? '/' : *p);
	pkgurl_plain(str_eq(type, "python") ? "pypi" : str_eq(type, "npm") ?
	    "npm" : str_eq(type, "go-module") ? "golang" : "maven",
	    str_text(&plain), version, out);
	str_free(&plain);
}

static int one(struct emit *e, char *line, const char *at, struct err *err)
{
	char *name = strchr(line, '\t'), *version;
	struct package p = { .type = line, .locator = at };
	struct str text = STR_INIT;
	int64_t which;
	int rc;

	if (name == NULL && str_int(line, 0, CAPS - 1, &which))
		return sink_warn(e->sink, at, err, "not all packages of a "
		    "programming language were looked for in it: %s",
		    cap_hint((enum cap)which));
	if (name == NULL || (version = strchr(name + 1, '\t')) == NULL)
		return 0;
	*name++ = '\0';
	*version++ = '\0';
	p.name = name;
	p.version = *version != '\0' ? version : NULL;
	purl(line, name, version, &text);
	p.purl = str_text(&text);
	rc = emit_package(e, &p, err);
	str_free(&text);
	return rc;
}

int lang_emit(struct emit *e, const char *path, uint32_t layer,
    const char *found, struct err *err)
{
	struct str at = STR_INIT;
	char *copy = mem_dup(found), *next;
	int rc = 0;

	emit_locator(e, layer, path, &at);
	for (char *line = copy; rc == 0 && line != NULL; line = next) {
		if ((next = strchr(line, '\n')) != NULL)
			*next++ = '\0';
		rc = one(e, line, str_text(&at), err);
	}
	free(copy);
	str_free(&at);
	return rc;
}
