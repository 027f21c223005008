/*
 * dpkg.c - Debian's database: one file of stanzas, or in distroless images
 * one file a package (which have no Status, being all installed).
 */
#include <stdlib.h>
#include <string.h>

#include "image_priv.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/sink.h"
#include "muster/str.h"

struct stanza {
	char	*name, *version, *arch, *source, *status, *size;
};

static void clear(struct stanza *s)
{
	free(s->name);
	free(s->version);
	free(s->arch);
	free(s->source);
	free(s->status);
	free(s->size);
	memset(s, 0, sizeof(*s));
}

static void set(char **field, const char *value)
{
	free(*field);
	*field = mem_dup(value + strspn(value, " \t"));
}

static void field(struct stanza *s, const char *line)
{
	if (strncasecmp(line, "Package:", 8) == 0)
		set(&s->name, line + 8);
	else if (strncasecmp(line, "Version:", 8) == 0)
		set(&s->version, line + 8);
	else if (strncasecmp(line, "Architecture:", 13) == 0)
		set(&s->arch, line + 13);
	else if (strncasecmp(line, "Source:", 7) == 0)
		set(&s->source, line + 7);
	else if (strncasecmp(line, "Status:", 7) == 0)
		set(&s->status, line + 7);
	else if (strncasecmp(line, "Installed-Size:", 15) == 0)
		set(&s->size, line + 15);
}

/* "install ok installed": the third word says what is there.  Packages that
 * left only their configuration behind are none. */
static bool present(const char *status)
{
	const char *last;

	if (status == NULL)
		return true;
	last = strrchr(status, ' ');
	last = last != NULL ? last + 1 : status;
	return !str_eq(last, "not-installed") &&
	    !str_eq(last, "config-files");
}

static int put(struct emit *e, const struct seen *f, struct stanza *s,
    struct err *err)
{
	struct package p = { .type = "deb", .name = s->name,
	    .version = s->version, .arch = s->arch };
	struct str at = STR_INIT, purl = STR_INIT;
	int64_t kib;
	int rc;

	if (str_empty(s->name) || !present(s->status))
		return 0;
	if (s->source != NULL)		/* "name (version)" */
		s->source[strcspn(s->source, " (")] = '\0';
	p.source = s->source;
	if (str_int(s->size, 0, INT64_MAX / 2048, &kib))
		p.size = kib * 1024;
	emit_locator(e, f->layer, f->path, &at);
	purl_make(e, &p, NULL, &purl);
	p.locator = str_text(&at);
	p.purl = str_text(&purl);
	rc = emit_package(e, &p, err);
	str_free(&at);
	str_free(&purl);
	return rc;
}

int dpkg_read(struct emit *e, const struct seen *f, struct err *err)
{
	struct str buf = STR_INIT;
	struct lines l = { f->body, f->body + f->len, 0, &buf };
	struct stanza s = { 0 };
	const char *line;
	int rc;

	if (str_ends(f->path, ".md5sums"))
		return 0;
	rc = emit_file_fact(e, "package.db", "deb", f->path, f->layer,
	    f->path, err);
	while (rc == 0 && lines_next(&l, &line)) {
		if (*line != '\0') {
			field(&s, line);
			continue;
		}
		rc = put(e, f, &s, err);
		clear(&s);
	}
	if (rc == 0)
		rc = put(e, f, &s, err);
	clear(&s);
	str_free(&buf);
	return rc;
}
