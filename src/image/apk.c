/*
 * apk.c - Alpine's database: stanzas of one-letter fields; among them the
 * directories (F), files (R) and their SHA-1 (Z, "Q1" and base 64).
 */
#include <stdlib.h>
#include <string.h>

#include "image_priv.h"
#include "muster/b64.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/sink.h"
#include "muster/str.h"
#include "owned.h"

enum { NAME, VERSION, ARCH, ORIGIN, SIZE, FIELDS };

static void clear(char *s[FIELDS])
{
	for (int i = 0; i < FIELDS; i++) {
		free(s[i]);
		s[i] = NULL;
	}
}

static int put(struct emit *e, const struct seen *f, char *s[FIELDS],
    struct err *err)
{
	struct package p = { .type = "apk", .name = s[NAME],
	    .version = s[VERSION], .arch = s[ARCH], .source = s[ORIGIN] };
	struct str at = STR_INIT, purl = STR_INIT;
	int rc;

	if (str_empty(s[NAME]))
		return 0;
	str_int(s[SIZE], 0, INT64_MAX, &p.size);
	emit_locator(e, f->layer, f->path, &at);
	pkgurl_make(e, &p, NULL, &purl);
	p.locator = str_text(&at);
	p.purl = str_text(&purl);
	rc = emit_package(e, &p, err);
	str_free(&at);
	str_free(&purl);
	return rc;
}

/* Base 64 of exactly `size` bytes. */
static bool base64(const char *s, unsigned char *out, size_t size)
{
	size_t len = 0;
	unsigned char *bytes = b64_decode(s, strlen(s), &len);
	const bool fits = bytes != NULL && len == size;

	if (fits)
		memcpy(out, bytes, size);
	free(bytes);
	return fits;
}

/* apk leaves changed files below /etc alone, as configuration. */
static unsigned flags_of(const char *path)
{
	return OWNED_NO_FOLLOW | (str_starts(path, "etc/") ? OWNED_CONFIG : 0);
}

/* The files of a stanza: a directory is in force until the next one. */
struct apk_files {
	struct owned	*owned;
	struct str	 dir, path;
	bool		 open;		/* path's digest is still to come */
};

static void listed(struct apk_files *l, enum sha_kind kind,
    const unsigned char *digest)
{
	if (l->open)
		owned_add(l->owned, l->path.s, l->path.len, kind, digest,
		    flags_of(l->path.s));
	l->open = false;
}

static void listing_line(struct apk_files *l, const struct seen *f,
    const char *line)
{
	unsigned char digest[SHA_MOST];
	bool long_one;

	switch (*line) {
	case 'P':
		owned_begin(l->owned, "apk", line + 2, strlen(line + 2),
		    f->layer, f->path);
		break;
	case 'F':
		listed(l, SHA_NONE, NULL);
		str_clear(&l->dir);
		str_add(&l->dir, line + 2);
		break;
	case 'R':
		listed(l, SHA_NONE, NULL);
		str_clear(&l->path);
		str_addf(&l->path, "%s%s%s", str_text(&l->dir),
		    l->dir.len > 0 ? "/" : "", line + 2);
		l->open = true;
		break;
	case 'Z':
		long_one = str_starts(line + 2, "Q2");
		if ((long_one || str_starts(line + 2, "Q1")) &&
		    base64(line + 4, digest, long_one ? 32 : 20))
			listed(l, long_one ? SHA_256 : SHA_1, digest);
		break;
	}
}

int apk_read(struct emit *e, const struct seen *f, struct err *err)
{
	static const char letters[] = "PVAoI";
	struct str buf = STR_INIT;
	struct lines l = { f->body, f->body + f->len, 0, &buf };
	struct apk_files files = { .owned = e->owned };
	char *s[FIELDS] = { NULL };
	const char *line, *which;
	int rc = emit_file_fact(e, "package.db", "apk", f->path, f->layer,
	    f->path, err);

	while (rc == 0 && lines_next(&l, &line)) {
		if (*line != '\0' && line[1] == ':')
			listing_line(&files, f, line);
		if (*line == '\0') {
			listed(&files, SHA_NONE, NULL);
			str_clear(&files.dir);
			rc = put(e, f, s, err);
			clear(s);
		} else if (line[1] == ':' &&
		    (which = strchr(letters, line[0])) != NULL) {
			free(s[which - letters]);
			s[which - letters] = mem_dup(line + 2);
		}
	}
	if (rc == 0)
		rc = put(e, f, s, err);
	listed(&files, SHA_NONE, NULL);
	clear(s);
	str_free(&files.dir);
	str_free(&files.path);
	str_free(&buf);
	return rc;
}
