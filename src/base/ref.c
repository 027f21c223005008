/* ref.c - image references, spelled one way; see ref.h. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "muster/ref.h"
#include "muster/sha.h"
#include "muster/str.h"

/* Does the part before the first slash name a registry? */
static bool is_registry(const char *s, size_t len)
{
	return memchr(s, '.', len) != NULL || memchr(s, ':', len) != NULL ||
	    (len == 9 && memcmp(s, "localhost", 9) == 0);
}

static bool plain(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)s[i]) &&
		    strchr("._-/:[]", s[i]) == NULL)
			return false;
	return len > 0;
}

/* Docker Hub under any of its hosts is docker.io, and what stands there
 * without a folder is in "library"; host names have no case. */
static void normalise(struct ref *r, const char *text, size_t len)
{
	static const char *const hub[] = {
		"docker.io/", "index.docker.io/", "registry-1.docker.io/",
		"registry.hub.docker.com/"
	};
	const char *slash = memchr(text, '/', len);
	size_t host = slash != NULL ? (size_t)(slash - text) : 0;
	bool at_hub = slash == NULL || !is_registry(text, host);

	for (size_t i = 0; !at_hub && i < sizeof(hub) / sizeof(hub[0]); i++) {
		size_t n = strlen(hub[i]);

		if (len > n && strncasecmp(text, hub[i], n) == 0) {
			at_hub = true;
			text += n;
			len -= n;
		}
	}
	if (!at_hub) {
		snprintf(r->repo, sizeof(r->repo), "%.*s", (int)len, text);
		for (size_t i = 0; i < host; i++)
			r->repo[i] = (char)tolower((unsigned char)r->repo[i]);
	} else if (memchr(text, '/', len) == NULL) {
		snprintf(r->repo, sizeof(r->repo), "docker.io/library/%.*s",
		    (int)len, text);
	} else {
		snprintf(r->repo, sizeof(r->repo), "docker.io/%.*s", (int)len,
		    text);
	}
}

bool ref_parse(const char *text, struct ref *r)
{
	const char *p, *at, *colon, *slash;
	size_t len;

	memset(r, 0, sizeof(*r));
	if (text == NULL)
		return false;
	if ((p = strstr(text, "://")) != NULL)
		text = p + 3;
	if ((at = strchr(text, '@')) != NULL) {
		if (!sha_is_digest(at + 1))
			return false;
		snprintf(r->digest, sizeof(r->digest), "%s", at + 1);
	}
	len = at != NULL ? (size_t)(at - text) : strlen(text);
	if (!plain(text, len) || len >= sizeof(r->repo) - 32)
		return false;
	slash = memrchr(text, '/', len);
	colon = memrchr(text, ':', len);
	if (colon != NULL && (slash == NULL || colon > slash)) {
		size_t n = len - (size_t)(colon + 1 - text);

		if (n == 0 || n >= sizeof(r->tag))
			return false;
		memcpy(r->tag, colon + 1, n);
		len = (size_t)(colon - text);
	}
	normalise(r, text, len);
	return true;
}

bool ref_same_tag(const struct ref *a, const struct ref *b)
{
	const char *ta = a->tag[0] != '\0' ? a->tag : "latest";
	const char *tb = b->tag[0] != '\0' ? b->tag : "latest";

	return strcmp(a->repo, b->repo) == 0 && strcmp(ta, tb) == 0;
}
