/*
 * xml_head.c - what the first bytes of a document say: the encoding and the
 * root element.
 *
 * The root is looked for by hand: the probe only needs a name, may see the
 * document cut anywhere, and must get past a DOCTYPE (which the reader then
 * refuses) without anything being done about it.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "muster/err.h"
#include "muster/input.h"
#include "muster/str.h"
#include "xml_head.h"

#define SPACE " \t\r\n"

/* The encoding an XML declaration names; "" when it names none. */
static void declared(const char *head, size_t len, char out[64])
{
	const char *end, *p;
	size_t	n;

	out[0] = '\0';
	if (len < 6 || memcmp(head, "<?xml", 5) != 0 ||
	    (end = memmem(head, len, "?>", 2)) == NULL ||
	    (p = memmem(head, (size_t)(end - head), "encoding", 8)) == NULL)
		return;
	for (p += 8; p < end && strchr(SPACE "=", *p) != NULL; p++)
		;
	if (p == end || (*p != '"' && *p != '\''))
		return;
	for (n = 0; p + n + 1 < end && p[n + 1] != *p; n++)
		;
	snprintf(out, 64, "%.*s", (int)(n < 63 ? n : 63), p + 1);
}

/* One where "<" is "<" and nothing else is, so that raw bytes can be looked
 * at before they are converted. */
static bool single_byte(const char *name)
{
	return strncasecmp(name, "ISO-8859-", 9) == 0 ||
	    strncasecmp(name, "windows-125", 11) == 0 ||
	    strncasecmp(name, "cp125", 5) == 0;
}

/* What a declaration says of UTF-16 is history when the input converted it,
 * and wrong when these bytes could be read. */
static bool says_utf8(const char *name)
{
	return name[0] == '\0' || str_ieq(name, "UTF-8") ||
	    str_ieq(name, "UTF8") || str_ieq(name, "US-ASCII") ||
	    strncasecmp(name, "UTF-16", 6) == 0;
}

int xml_head_encoding(struct input *in, char name[64], struct err *err)
{
	/* "<?xm" in EBCDIC */
	static const char ebcdic[] = "\x4c\x6f\xa7\x94";
	const char *head;
	size_t	len;

	if ((head = input_head(in, &len, err)) == NULL)
		return -1;
	if (len >= 4 && (memchr(head, '\0', 4) != NULL ||
	    memcmp(head, ebcdic, 4) == 0)) {
		err_set(err, ERR_INPUT, "an encoding that is not read, "
		    "expected UTF-8 or UTF-16");
		return err_at(err, input_name(in), 1, 0);
	}
	declared(head, len, name);
	if (input_is_utf8(in) || says_utf8(name))
		return 0;
	if (single_byte(name))
		return 1;
	err_set(err, ERR_INPUT, "the encoding \"%s\" is not read, expected "
	    "UTF-8, UTF-16, ISO-8859 or a Windows code page", name);
	return err_at(err, input_name(in), 1, 0);
}

/* The first byte after a DOCTYPE that starts at p, or NULL. */
static const char *skip_doctype(const char *p, const char *end)
{
	bool subset = false;

	for (; p < end; p++) {
		if (end - p >= 4 && memcmp(p, "<!--", 4) == 0) {
			p = memmem(p + 4, (size_t)(end - p) - 4, "-->", 3);
			if (p == NULL)
				return NULL;
			p += 2;
		} else if (*p == '"' || *p == '\'') {
			p = memchr(p + 1, *p, (size_t)(end - p) - 1);
			if (p == NULL)
				return NULL;
		} else if (*p == '[') {
			subset = true;
		} else if (*p == ']') {
			subset = false;
		} else if (*p == '>' && !subset) {
			return p + 1;
		}
	}
	return NULL;
}

/* Past everything that may come before the root; NULL: it is not there. */
static const char *find_root(const char *p, const char *end)
{
	while (p != NULL) {
		while (p < end && strchr(SPACE, *p) != NULL && *p != '\0')
			p++;
		if (end - p < 2 || *p != '<')
			return NULL;
		if (end - p >= 4 && memcmp(p, "<!--", 4) == 0) {
			p = memmem(p + 4, (size_t)(end - p) - 4, "-->", 3);
			p = p != NULL ? p + 3 : NULL;
		} else if (p[1] == '?') {
			p = memmem(p + 2, (size_t)(end - p) - 2, "?>", 2);
			p = p != NULL ? p + 2 : NULL;
		} else if (p[1] == '!') {
			p = skip_doctype(p, end);
		} else {
			return p + 1;
		}
	}
	return NULL;
}

/* Length of a name: up to anything that cannot be in one. */
static size_t name_length(const char *p, const char *end)
{
	const char *q = p;

	while (q < end && *q != '\0' && strchr(SPACE "/>=<\"'&", *q) == NULL)
		q++;
	return (size_t)(q - p);
}

/* The value of the attribute that is called name exactly, in the tag whose
 * attributes begin at p: 1 found, 0 absent, -1 the tag is cut or broken. */
static int find_attribute(const char *p, const char *end, const char *name,
    char *out, size_t size)
{
	size_t n, len = strlen(name);

	for (;;) {
		const char *key, *value;

		while (p < end && strchr(SPACE, *p) != NULL && *p != '\0')
			p++;
		if (p < end && (*p == '>' || *p == '/'))
			return 0;
		key = p;
		if ((n = name_length(p, end)) == 0)
			return -1;
		for (p += n; p < end && strchr(SPACE "=", *p) != NULL &&
		    *p != '\0'; p++)
			;
		if (p == end || (*p != '"' && *p != '\''))
			return -1;
		value = p + 1;
		p = memchr(value, *p, (size_t)(end - value));
		if (p == NULL)
			return -1;
		if (n == len && memcmp(key, name, n) == 0) {
			snprintf(out, size, "%.*s", (int)((size_t)(p - value) <
			    size ? (size_t)(p - value) : size - 1), value);
			return 1;
		}
		p++;
	}
}

int xml_head_root(const char *head, size_t len, char ns[128], char name[64])
{
	const char *end = head + len, *p = find_root(head, end), *colon;
	char	key[80] = "xmlns";
	size_t	n;

	ns[0] = name[0] = '\0';
	if (p == NULL || (n = name_length(p, end)) == 0 || p + n == end)
		return 0;
	if ((colon = memchr(p, ':', n)) != NULL) {
		if (colon - p > 63)
			return 0;
		snprintf(key, sizeof(key), "xmlns:%.*s", (int)(colon - p), p);
		n -= (size_t)(colon + 1 - p);
		p = colon + 1;
	}
	if (find_attribute(p + n, end, key, ns, 128) < 0)
		return 0;
	snprintf(name, 64, "%.*s", (int)(n < 63 ? n : 63), p);
	return 1;
}
