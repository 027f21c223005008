/* purl.c - package URLs taken apart; see purl.h. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "muster/mem.h"
#include "muster/purl.h"
#include "muster/str.h"

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "%40babel" is "@babel"; a % that is none stays, and no NUL comes of it.
 * Never longer than what is decoded; returns how long. */
static size_t decode(char *to, const char *s, size_t n)
{
	char *p = to;

	for (size_t i = 0; i < n; i++) {
		int high = i + 2 < n && s[i] == '%' ? hex(s[i + 1]) : -1;
		int low = high >= 0 ? hex(s[i + 2]) : -1;

		if (low >= 0 && (high | low) != 0) {
			*p++ = (char)(high << 4 | low);
			i += 2;
		} else {
			*p++ = s[i];
		}
	}
	/* what comes out as no text is handed on as it was written */
	if (str_is_utf8(to, (size_t)(p - to)))
		return (size_t)(p - to);
	memcpy(to, s, n);
	return n;
}

/* A part decoded to *p, which moves behind it. */
static char *part(char **p, const char *s, size_t n)
{
	char *begin = *p;

	*p += decode(begin, s, n);
	*(*p)++ = '\0';
	return begin;
}

static void lower(char *s)
{
	for (; *s != '\0'; s++)
		*s = (char)tolower((unsigned char)*s);
}

bool purl_parse(const char *text, struct purl *p)
{
	const char *s = text, *slash, *end, *query, *at, *last;
	char *to;

	memset(p, 0, sizeof(*p));
	if (text == NULL || strncasecmp(s, "pkg:", 4) != 0)
		return false;
	s += 4;
	s += strspn(s, "/");
	if ((slash = strchr(s, '/')) == NULL || slash == s)
		return false;
	query = s + strcspn(s, "?#");
	if (slash > query)
		return false;
	/* the version's '@' is the last one, and no scope begins with it */
	end = query;
	for (at = NULL, last = slash + 1; last < query; last++)
		if (*last == '@' && last[-1] != '/')
			at = last;
	if (at != NULL)
		end = at;
	for (last = end; last > slash && last[-1] != '/'; )
		last--;
	if (last == end)
		return false;
	/* every part and a NUL behind each, in one piece */
	to = mem_grow(NULL, strlen(s) + 5, 1);
	p->type = to;
	memcpy(to, s, (size_t)(slash - s));
	to += slash - s;
	*to++ = '\0';
	lower(p->type);
	p->ns = part(&to, slash + 1, last - 1 > slash ?
	    (size_t)(last - 1 - (slash + 1)) : 0);
	p->name = part(&to, last, (size_t)(end - last));
	p->version = part(&to, at != NULL ? at + 1 : query,
	    at != NULL ? (size_t)(query - at - 1) : 0);
	p->qualifiers = to;
	if (*query == '?') {
		size_t n = strcspn(query + 1, "#");

		memcpy(to, query + 1, n);
		to += n;
	}
	*to = '\0';
	return true;
}

void purl_free(struct purl *p)
{
	free(p->type);		/* the rest is behind it */
	memset(p, 0, sizeof(*p));
}

bool purl_qualifier(const struct purl *p, const char *key, struct str *out)
{
	size_t n = strlen(key);

	for (const char *s = p->qualifiers; *s != '\0'; ) {
		size_t len = strcspn(s, "&");

		if (len > n && strncasecmp(s, key, n) == 0 && s[n] == '=') {
			size_t room = len - n - 1, from = out->len;

			str_addn(out, s + n + 1, room);
			out->len = from + decode(out->s + from, s + n + 1,
			    room);
			out->s[out->len] = '\0';
			return true;
		}
		s += len + (s[len] == '&');
	}
	return false;
}

void purl_spell_name(const char *type, const char *name, struct str *out)
{
	bool python = strcmp(type, "pypi") == 0;

	for (const char *s = name; *s != '\0'; s++) {
		if (python && strchr("-_.", *s) != NULL) {
			if (s == name || strchr("-_.", s[-1]) == NULL)
				str_addc(out, '-');
			continue;
		}
		str_addc(out, (char)tolower((unsigned char)*s));
	}
}

void purl_spell(const struct purl *p, struct str *out)
{
	static const char *const distributions =
	    "deb rpm apk alpm pypi oci generic";
	struct str whole = STR_INIT;

	if (*p->ns != '\0' && !str_listed(distributions, p->type))
		str_addf(&whole, "%s%s", p->ns,
		    strcmp(p->type, "maven") == 0 ? ":" : "/");
	str_add(&whole, p->name);
	purl_spell_name(p->type, str_text(&whole), out);
	str_free(&whole);
}

const char *purl_version(const char *version)
{
	size_t n;

	if (version == NULL)
		return NULL;
	n = strspn(version, "0123456789");
	if (n > 0 && version[n] == ':')
		return version + n + 1;
	return version[0] == 'v' && version[1] >= '0' && version[1] <= '9' ?
	    version + 1 : version;
}
