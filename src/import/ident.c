/* ident.c - names and digests of an image, as scanners write them. */
#include <ctype.h>
#include <string.h>

#include "ident.h"
#include "muster/err.h"
#include "muster/sha.h"
#include "muster/sink.h"
#include "muster/str.h"

#define ALNUM	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

static int say(struct sink *s, int64_t target, const char *kind,
    const char *value, struct err *err)
{
	struct identity id = { target, kind, value };

	return sink_identity(s, &id, err) < 0 ? -1 : 1;
}

int ident_digest(struct sink *s, int64_t target, const char *kind,
    const char *text, const char *locator, struct err *err)
{
	struct str full = STR_INIT;
	int rc;

	if (str_empty(text))
		return 0;
	if (strspn(text, "0123456789abcdef") == 64 && strlen(text) == 64)
		str_add(&full, "sha256:");
	str_add(&full, text);
	if (str_starts(full.s, "sha256:") && full.len > 7 &&
	    strspn(full.s + 7, ALNUM) == full.len - 7)
		rc = say(s, target, kind, full.s, err);
	else
		rc = sink_warn(s, locator, err, "\"%.100s\" is no digest: not "
		    "taken as the image's %s", text, kind);
	str_free(&full);
	return rc;
}

/* Where the tag's or the digest's separator is; else the end. */
static const char *at_digest(const char *ref)
{
	const char *at = strchr(ref, '@');

	return at != NULL ? at : ref + strlen(ref);
}

static const char *at_tag(const char *ref)
{
	const char *end = at_digest(ref), *p = end;

	while (p > ref && p[-1] != '/' && p[-1] != ':')
		p--;
	return p > ref && p[-1] == ':' ? p - 1 : end;
}

/* HOST[:PORT]/ and lower-case components, as registries take them. */
static bool is_repository(const char *p, size_t len)
{
	const char *end = p + len, *slash = memchr(p, '/', len);
	const char *port;

	if (slash != NULL && (port = memchr(p, ':', (size_t)(slash - p)))
	    != NULL) {
		size_t digits = strspn(port + 1, "0123456789");

		if (port == p || digits == 0 || port + 1 + digits != slash)
			return false;
	}
	for (const char *c = slash != NULL ? slash : p; c < end; c++)
		if (strchr("abcdefghijklmnopqrstuvwxyz0123456789._-/", *c)
		    == NULL)
			return false;
	for (const char *c = p; slash != NULL && c < slash; c++)
		if (strchr(ALNUM ".-:", *c) == NULL)
			return false;
	return len > 0 && isalnum((unsigned char)p[0]) &&
	    isalnum((unsigned char)end[-1]);
}

static bool is_reference(const char *ref)
{
	const char *tag = at_tag(ref), *at = at_digest(ref);
	size_t len = (size_t)(at - tag);

	if (!is_repository(ref, (size_t)(tag - ref)))
		return false;
	if (len > 0 && (len == 1 || len > 129 ||
	    strspn(tag + 1, ALNUM "_.-") != len - 1))
		return false;
	return *at == '\0' ? len > 0 : sha_is_digest(at + 1);
}

/* Grype takes SCHEME:WHAT; daemons and registries are asked for references,
 * the others for files. */
static const char *without_scheme(const char *text)
{
	static const char *const asked[] = {
		"docker:", "podman:", "registry:", "containerd:"
	};
	static const char *const files[] = {
		"docker-archive:", "oci-archive:", "oci-dir:", "oci:", "dir:",
		"file:", "sbom:", "singularity:", "purl:", "pkg:", "cpe:"
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (str_starts(text, files[i]))
			return NULL;
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
		if (str_starts(text, asked[i]) && !is_reference(text) &&
		    is_reference(text + strlen(asked[i])))
			return text + strlen(asked[i]);
	return text;
}

void ident_repository(struct str *out, const char *reference)
{
	str_addn(out, reference, (size_t)(at_tag(reference) - reference));
}

int ident_reference(struct sink *s, int64_t target, const char *text,
    struct err *err)
{
	struct str part = STR_INIT;
	const char *at;
	int n = 0;

	if (str_empty(text) || (text = without_scheme(text)) == NULL ||
	    !is_reference(text))
		return 0;
	at = at_digest(text);
	if (at_tag(text) != at) {
		str_addn(&part, text, (size_t)(at - text));
		n = say(s, target, "tag", part.s, err);
	}
	if (n >= 0 && *at != '\0') {
		str_clear(&part);
		ident_repository(&part, text);
		str_add(&part, at);
		n = say(s, target, "repodigest", part.s, err) < 0 ? -1 : n + 1;
	}
	str_free(&part);
	return n;
}

int ident_scanned(struct sink *s, int64_t target, const char *locator,
    struct err *err)
{
	return sink_fact(s, &(struct fact){ target, "scan.covers", NULL,
	    "vulnerabilities", locator }, err);
}

int ident_open(struct sink *s, int64_t *target, const char *name,
    const char *locator, struct err *err)
{
	struct target t = { .kind = "image", .name = name,
	    .locator = locator };

	if (*target > 0)
		return 0;
	*target = sink_target(s, &t, err);
	return *target < 0 ? -1 : 0;
}
