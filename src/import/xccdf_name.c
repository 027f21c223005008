/*
 * xccdf_name.c - tools and images by the names XCCDF results give them; see
 * xccdf_priv.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ident.h"
#include "muster/err.h"
#include "muster/sha.h"
#include "muster/sink.h"
#include "muster/str.h"
#include "row.h"
#include "xccdf_priv.h"

/* The next field of a CPE; 2.3 puts a backslash before punctuation. */
static const char *cpe_field(const char *p, struct str *out)
{
	for (; *p != '\0' && *p != ':'; p++) {
		if (*p == '\\' && p[1] != '\0')
			p++;
		if (out != NULL)
			str_addc(out, *p);
	}
	return *p == ':' ? p + 1 : p;
}

void xccdf_name_tool(const char *system, struct str *tool,
    struct str *version)
{
	const char *p = system;

	if (str_starts(p, "cpe:/"))
		p += strlen("cpe:/");
	else if (str_starts(p, "cpe:2.3:"))
		p += strlen("cpe:2.3:");
	else {
		str_add(tool, system);
		return;
	}
	p = cpe_field(p, NULL);		/* a: an application */
	p = cpe_field(p, NULL);		/* its vendor */
	p = cpe_field(p, tool);
	cpe_field(p, version);
	if (str_eq(str_text(version), "*") || str_eq(str_text(version), "-"))
		str_clear(version);
	if (tool->len == 0)
		str_add(tool, system);
}

/* What follows a scheme that stands for an image; NULL: no such scheme. */
static const char *image_name(const char *text)
{
	static const char *const schemes[] = {
		"docker-image://", "podman-image://", "image://"
	};

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (str_starts(text, schemes[i]))
			return text + strlen(schemes[i]);
	/* what stands here is mostly a container's name or id */
	if (str_starts(text, "container://sha256:"))
		return text + strlen("container://");
	return NULL;
}

static bool has_digest(const char *text)
{
	const char *at = strchr(text, '@');

	return sha_is_digest(at != NULL && at > text ? at + 1 : text);
}

bool xccdf_name_is_image(const char *text)
{
	return image_name(text) != NULL || has_digest(text);
}

static bool is_hex64(const char *text)
{
	return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

/* One name: an image id, or a reference; a shortened id names nothing. */
static int one(struct sink *s, int64_t target, const char *name,
    struct err *err)
{
	if (sha_is_digest(name) || is_hex64(name))
		return ident_digest(s, target, "config", name, NULL, err);
	return ident_reference(s, target, name, err);
}

int xccdf_name_images(struct sink *s, int64_t target, const char *text,
    struct err *err)
{
	const char *p = image_name(text);
	struct str name = STR_INIT;
	int rc = 0;

	if (p == NULL)
		return one(s, target, text, err);
	while (*p != '\0' && rc >= 0) {
		size_t n = strcspn(p, ", ");

		if (n > 0) {
			str_clear(&name);
			str_addn(&name, p, n);
			rc = one(s, target, name.s, err);
		}
		p += n + strspn(p + n, ", ");
	}
	str_free(&name);
	return rc < 0 ? -1 : 0;
}

/* "RHEL-08-010020": letters, digits and hyphens, two groups of digits last. */
static bool is_stig_id(const char *text)
{
	size_t n = strlen(text);

	return n > 10 && n < 40 && !str_starts(text, "SRG-") &&
	    strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == n &&
	    text[n - 7] == '-' && text[n - 10] == '-' &&
	    strspn(text + n - 6, "0123456789") == 6 &&
	    strspn(text + n - 9, "0123456789") == 2;
}

bool xccdf_name_reference(const char *href, const char *text,
    struct str *idents, struct str *version)
{
	if (href == NULL || (!str_contains(href, "cyber.mil") &&
	    !str_contains(href, "disa.mil")))
		return true;
	if (!str_contains(href, "/cci")) {
		if (version->len == 0 && is_stig_id(text))
			str_add(version, text);
		return true;
	}
	while (*text != '\0') {
		size_t n = strcspn(text, ", ");
		char cci[32] = "";

		if (str_starts(text, "CCI-") && n < sizeof(cci))
			snprintf(cci, sizeof(cci), "%.*s", (int)n, text);
		else if (n > 0 && n <= 6 && strspn(text, "0123456789") == n)
			snprintf(cci, sizeof(cci), "CCI-%06ld",
			    strtol(text, NULL, 10));
		if (!row_listed(idents, cci) && !row_join(idents, "\n", cci))
			return false;
		text += n + strspn(text + n, ", ");
	}
	return true;
}
