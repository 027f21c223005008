/*
 * lang_jar.c - Java archives.
 *
 * Maven leaves a pom.properties for each artifact that went in (several,
 * where one archive swallowed others); where there is none, the manifest and
 * at last the file's name say what it is.  Archives inside are looked into,
 * one level deep.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lang.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/str.h"
#include "muster/zip.h"


struct jar {
	struct str	*out;
	struct str	 text;
	char		*name, *version;	/* by the manifest */
	size_t		 poms, inner, unpacked;
	int		 depth;
};

/* The value of a line "key=value" or "Key: value", or NULL. */
static char *value(const char *text, const char *key, char between)
{
	size_t n = strlen(key);

	for (const char *p = text; p != NULL; ) {
		if (strncasecmp(p, key, n) == 0 && p[n] == between) {
			p += n + 1;
			p += strspn(p, " \t");
			return mem_dupn(p, strcspn(p, "\r\n"));
		}
		if ((p = strchr(p, '\n')) != NULL)
			p++;
	}
	return NULL;
}

static void pom(struct jar *j)
{
	const char *text = str_text(&j->text);
	char *group = value(text, "groupId", '=');
	char *artifact = value(text, "artifactId", '=');
	char *version = value(text, "version", '=');
	struct str name = STR_INIT;

	if (!str_empty(artifact)) {
		if (!str_empty(group))
			str_addf(&name, "%s:", group);
		str_add(&name, artifact);
		lang_found(j->out, "java-archive", name.s, version);
		j->poms++;
	}
	str_free(&name);
	free(group);
	free(artifact);
	free(version);
}

static char *first_of(const char *text, const char *const *keys)
{
	for (; *keys != NULL; keys++) {
		char *v = value(text, *keys, ':');

		if (!str_empty(v))
			return v;
		free(v);
	}
	return NULL;
}

static void manifest(struct jar *j)
{
	static const char *const names[] = {
		"Bundle-SymbolicName", "Automatic-Module-Name",
		"Implementation-Title", "Specification-Title", NULL
	}, *const versions[] = {
		"Implementation-Version", "Bundle-Version",
		"Specification-Version", NULL
	};

	if (j->name != NULL || j->version != NULL)
		return;
	j->name = first_of(str_text(&j->text), names);
	if (j->name != NULL)
		j->name[strcspn(j->name, ";")] = '\0';
	j->version = first_of(str_text(&j->text), versions);
}

/* "lib/foo-bar-1.2.3.jar": foo-bar and 1.2.3. */
static void by_file(struct jar *j, const char *path)
{
	const char *slash = strrchr(path, '/'), *dot;
	char *base = mem_dup(slash != NULL ? slash + 1 : path), *dash = base;

	if ((dot = strrchr(base, '.')) != NULL)
		base[dot - base] = '\0';
	while ((dash = strchr(dash, '-')) != NULL &&
	    !isdigit((unsigned char)dash[1]))
		dash++;
	if (dash != NULL)
		*dash++ = '\0';
	lang_found(j->out, "java-archive", j->name != NULL && dash == NULL ?
	    j->name : base, dash != NULL ? dash : j->version);
	free(base);
}

static void read_one(const char *path, const void *bytes, size_t len,
    struct jar *j);

static void inner(struct jar *j, const char *path)
{
	struct jar in = { .out = j->out, .depth = j->depth + 1,
	    .unpacked = j->unpacked };

	read_one(path, str_text(&j->text), j->text.len, &in);
	j->unpacked = in.unpacked;
}

static void member(struct jar *j, struct zip *z, const char *path)
{
	struct err ignored = ERR_INIT;
	bool is_pom = str_ends(path, "/pom.properties") &&
	    str_starts(path, "META-INF/maven/");
	bool is_manifest = str_eq(path, "META-INF/MANIFEST.MF");
	bool is_jar = j->depth == 0 && str_ends(path, ".jar");
	enum cap whole = is_jar ? CAP_LANG_ARCHIVE : CAP_LANG_TEXT;
	char *name;
	int rc;

	if (!is_pom && !is_manifest && !is_jar)
		return;
	if (is_jar && ++j->inner > (size_t)cap(CAP_LANG_INNER)) {
		lang_cut(j->out, CAP_LANG_INNER);
		return;
	}
	if (j->unpacked > (size_t)cap(CAP_LANG_UNPACKED)) {
		lang_cut(j->out, CAP_LANG_UNPACKED);
		return;
	}
	name = mem_dup(path);
	str_clear(&j->text);
	rc = zip_content(z, (size_t)cap(whole), &j->text, &ignored);
	if (rc == 0)
		lang_cut(j->out, whole);
	if (rc > 0) {
		j->unpacked += j->text.len;
		if (is_pom)
			pom(j);
		else if (is_manifest)
			manifest(j);
		else
			inner(j, name);
	} else {
		j->unpacked += j->text.len;
	}
	free(name);
}

static void read_one(const char *path, const void *bytes, size_t len,
    struct jar *j)
{
	struct err ignored = ERR_INIT;
	struct zip *z = zip_open(bytes, len, &ignored);
	const char *name;

	if (z == NULL)
		return;
	while (zip_next(z, &name, &ignored) > 0)
		member(j, z, name);
	if (j->poms == 0)
		by_file(j, path);
	zip_close(z);
	str_free(&j->text);
	free(j->name);
	free(j->version);
}

void lang_jar(const char *path, const void *bytes, size_t len,
    struct str *out)
{
	struct jar j = { .out = out };

	read_one(path, bytes, len, &j);
}
