/* pkgurl.c - package URLs of what a package database lists. */
#include <string.h>

#include "image_priv.h"
#include "muster/sink.h"
#include "muster/str.h"

/* Percent-encoding as the purl specification wants it; ':' stays. */
static void encode(const char *s, struct str *out)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-._~:";

	for (; *s != '\0'; s++)
		if (strchr(plain, *s) != NULL)
			str_addc(out, *s);
		else
			str_addf(out, "%%%02X", (unsigned char)*s);
}

/* ID of the image's os-release, in lower case; "linux" where it is unknown. */
static void os_id(struct emit *e, struct str *out)
{
	const struct inode *in = fs_find(e->fs, "etc/os-release");
	struct str buf = STR_INIT;
	struct lines l = { NULL, NULL, 0, &buf };
	const char *line;

	if (in == NULL || in->entry->body == NULL)
		in = fs_find(e->fs, "usr/lib/os-release");
	if (in != NULL && in->entry->body != NULL) {
		l.p = in->entry->body;
		l.end = l.p + in->entry->body_len;
	}
	while (lines_next(&l, &line)) {
		if (!str_starts(line, "ID="))
			continue;
		for (line += 3; *line != '\0'; line++)
			if (strchr("\"'", *line) == NULL)
				str_addc(out, *line >= 'A' && *line <= 'Z' ?
				    (char)(*line - 'A' + 'a') : *line);
		break;
	}
	if (out->len == 0)
		str_add(out, "linux");
	str_free(&buf);
}

void pkgurl_make(struct emit *e, const struct package *p, const char *more,
    struct str *out)
{
	struct str id = STR_INIT;

	os_id(e, &id);
	str_addf(out, "pkg:%s/", p->type);
	encode(str_text(&id), out);
	str_addc(out, '/');
	encode(p->name, out);
	if (!str_empty(p->version)) {
		str_addc(out, '@');
		encode(p->version, out);
	}
	if (!str_empty(p->arch)) {
		str_add(out, "?arch=");
		encode(p->arch, out);
	}
	if (!str_empty(more))
		str_addf(out, "%c%s", str_empty(p->arch) ? '?' : '&', more);
	str_free(&id);
}

/* Without a distribution: "pkg:npm/%40scope/name@1.0". */
void pkgurl_plain(const char *type, const char *name, const char *version,
    struct str *out)
{
	str_addf(out, "pkg:%s/", type);
	for (const char *p = name; *p != '\0'; ) {
		size_t n = strcspn(p, "/");
		struct str part = STR_INIT;

		str_addn(&part, p, n);
		encode(str_text(&part), out);
		str_free(&part);
		p += n;
		if (*p == '/')
			str_addc(out, *p++);
	}
	if (!str_empty(version)) {
		str_addc(out, '@');
		encode(version, out);
	}
}
