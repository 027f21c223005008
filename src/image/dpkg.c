/*
 * dpkg.c - Debian's database: one file of stanzas, or in distroless images
 * one file a package (which have no Status, being all installed); beside it
 * the MD5 of each package's files, but those of configuration files, which
 * are in the stanza.
 */
#include <stdlib.h>
#include <string.h>

#include "image_priv.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/sink.h"
#include "muster/str.h"
#include "owned.h"

struct stanza {
	char	*name, *version, *arch, *source, *status, *size;
	struct str conffiles;		/* lines of them */
	bool	 in_conffiles;
};

static void clear(struct stanza *s)
{
	free(s->name);
	free(s->version);
	free(s->arch);
	free(s->source);
	free(s->status);
	free(s->size);
	str_free(&s->conffiles);
	memset(s, 0, sizeof(*s));
}

static void set(char **field, const char *value)
{
	free(*field);
	*field = mem_dup(value + strspn(value, " \t"));
}

static void field(struct stanza *s, const char *line)
{
	if (*line == ' ' || *line == '\t') {
		if (s->in_conffiles)
			str_addf(&s->conffiles, "%s\n", line);
		return;
	}
	s->in_conffiles = strncasecmp(line, "Conffiles:", 10) == 0;
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

/* " /etc/x MD5" and perhaps " obsolete"; "newconffile" has no sum yet. */
static void conffiles(struct emit *e, const struct seen *f,
    const struct stanza *s)
{
	const char *p = s->conffiles.s;

	owned_begin(e->owned, "deb", s->name, strlen(s->name), f->layer,
	    f->path);
	for (const char *end; p != NULL && (end = strchr(p, '\n')) != NULL;
	    p = end + 1) {
		unsigned char md5[16];
		const char *path = p + strspn(p, " \t"), *sum = end;
		size_t len;

		while (sum > path && !owned_hex(sum,
		    strcspn(sum, " \n"), md5, sizeof(md5)))
			for (sum--; sum > path && sum[-1] != ' '; sum--)
				;
		if (sum <= path)
			continue;
		for (len = (size_t)(sum - path); len > 0 &&
		    path[len - 1] == ' '; len--)
			;
		owned_add(e->owned, path, len, SHA_MD5, md5, OWNED_CONFIG);
	}
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
	e->owned->installed++;
	conffiles(e, f, s);
	if (s->source != NULL)		/* "name (version)" */
		s->source[strcspn(s->source, " (")] = '\0';
	p.source = s->source;
	if (str_int(s->size, 0, INT64_MAX / 2048, &kib))
		p.size = kib * 1024;
	emit_locator(e, f->layer, f->path, &at);
	pkgurl_make(e, &p, NULL, &purl);
	p.locator = str_text(&at);
	p.purl = str_text(&purl);
	rc = emit_package(e, &p, err);
	str_free(&at);
	str_free(&purl);
	return rc;
}

/* The next line's bytes, which may be no UTF-8; false at the end. */
static bool raw_line(const char **p, const char *end, const char **line,
    size_t *len)
{
	const char *stop;

	if (*p >= end)
		return false;
	stop = memchr(*p, '\n', (size_t)(end - *p));
	*line = *p;
	*len = (size_t)((stop != NULL ? stop : end) - *p);
	*p = stop != NULL ? stop + 1 : end;
	return true;
}

/* One "MD5  path"; md5sum escapes a path that needs it, and says so. */
static void sum(struct owned *o, const char *line, size_t len,
    unsigned flags)
{
	struct str path = STR_INIT;
	unsigned char md5[16];
	bool escaped = len > 0 && *line == '\\';

	line += escaped;
	len -= escaped;
	if (len < 35 || !owned_hex(line, 32, md5, sizeof(md5)) ||
	    line[32] != ' ')
		return;
	for (size_t i = 34; i < len; i++)
		if (escaped && line[i] == '\\' && i + 1 < len) {
			i++;
			str_addc(&path, line[i] == 'n' ? '\n' : line[i]);
		} else {
			str_addc(&path, line[i]);
		}
	owned_add(o, path.s, path.len, SHA_MD5, md5, flags);
	str_free(&path);
}

static void sums(struct emit *e, const struct seen *f, unsigned flags)
{
	const char *p = f->body, *end = f->body + f->len, *line;
	const char *name = strrchr(f->path, '/');
	size_t len;

	name = name != NULL ? name + 1 : f->path;
	len = strlen(name) - strlen(".md5sums");
	if (memchr(name, ':', len) != NULL)	/* libc6:amd64 */
		len = (size_t)((const char *)memchr(name, ':', len) - name);
	owned_begin(e->owned, "deb", name, len, f->layer, f->path);
	while (raw_line(&p, end, &line, &len))
		sum(e->owned, line, len, flags);
}

int dpkg_sums(struct emit *e, const struct seen *f, struct err *err)
{
	(void)err;
	e->owned->summed++;
	sums(e, f, 0);
	return 0;
}

int dpkg_list(struct emit *e, const struct seen *f, struct err *err)
{
	const char *p = f->body, *end = f->body + f->len, *line;
	size_t len;

	(void)err;
	while (raw_line(&p, end, &line, &len))
		owned_name(e, line, len);
	return 0;
}

/* Three lines each: from, to, and the package whose file stays. */
int dpkg_diversions(struct emit *e, const struct seen *f, struct err *err)
{
	struct str part[3] = { STR_INIT, STR_INIT, STR_INIT };
	const char *p = f->body, *end = f->body + f->len, *line;
	size_t len;

	(void)err;
	for (size_t n = 0; raw_line(&p, end, &line, &len); n++) {
		str_clear(&part[n % 3]);
		str_addn(&part[n % 3], line, len);
		if (n % 3 == 2)
			owned_divert(e->owned, str_text(&part[0]),
			    str_text(&part[1]), str_text(&part[2]));
	}
	for (int i = 0; i < 3; i++)
		str_free(&part[i]);
	return 0;
}

int dpkg_read(struct emit *e, const struct seen *f, struct err *err)
{
	struct str buf = STR_INIT;
	struct lines l = { f->body, f->body + f->len, 0, &buf };
	struct stanza s = { 0 };
	const char *line;
	int rc;

	if (str_ends(f->path, ".md5sums"))
		return dpkg_sums(e, f, err);
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

/* What packages recorded before a later layer replaced or removed them: a
 * file of a lower layer may be as they shipped it. */
void dpkg_old(struct emit *e)
{
	struct str path = STR_INIT;

	for (size_t i = 0; i < e->image->nlayers; i++) {
		const struct scan *s = e->image->layers[i].scan;

		for (size_t k = 0; k < s->n; k++) {
			const struct entry *en = &s->entries[k];
			const struct inode *in;

			if (en->body == NULL || !str_ends(en->path,
			    ".md5sums") || ((in = fs_look(e->fs, en->path)) !=
			    NULL && in->entry == en))
				continue;
			str_clear(&path);
			str_addf(&path, "/%s", en->path);
			sums(e, &(struct seen){ str_text(&path), (uint32_t)i,
			    en->body, en->body_len }, OWNED_OLD);
		}
	}
	str_free(&path);
}
