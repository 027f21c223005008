/* str.c - text: growing buffers, and one way out per destination. */
#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "muster/mem.h"
#include "muster/str.h"

void str_room(struct str *b, size_t more)
{
	size_t need = b->len + more + 1;

	if (need <= b->cap)
		return;
	b->cap = b->cap != 0 ? b->cap : 32;
	while (b->cap < need)
		b->cap *= 2;
	b->s = mem_grow(b->s, b->cap, 1);
}

void str_add(struct str *b, const char *text)
{
	str_addn(b, text, strlen(text));
}

void str_addc(struct str *b, char c)
{
	str_addn(b, &c, 1);
}

void str_addf(struct str *b, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n > 0) {
		str_room(b, (size_t)n);
		vsnprintf(b->s + b->len, (size_t)n + 1, fmt, again);
		b->len += (size_t)n;
	}
	va_end(again);
}

void str_free(struct str *b)
{
	free(b->s);
	*b = (struct str)STR_INIT;
}

const char *str_text(const struct str *b)
{
	return b->s != NULL ? b->s : "";
}

/* The length of the UTF-8 sequence at p, 0 if there is no valid one; *cp is
 * its code point. */
static size_t sequence(const unsigned char *p, size_t left, uint32_t *cp)
{
	size_t n = p[0] < 0x80 ? 1 : p[0] >= 0xc2 && p[0] < 0xe0 ? 2 :
	    (p[0] & 0xf0) == 0xe0 ? 3 : p[0] >= 0xf0 && p[0] < 0xf5 ? 4 : 0;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t c;

	if (n == 0 || n > left)
		return 0;
	c = n == 1 ? p[0] : p[0] & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	*cp = c;
	return n;
}

bool str_is_utf8(const void *bytes, size_t len)
{
	const unsigned char *p = bytes;
	uint32_t cp;

	for (size_t i = 0, n; i < len; i += n)
		if ((n = sequence(p + i, len - i, &cp)) == 0)
			return false;
	return true;
}

void str_json(struct str *b, const char *text)
{
	const char *run = text;

	str_addc(b, '"');
	for (const char *p = text; ; p++) {
		unsigned char c = (unsigned char)*p;

		if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f)
			continue;
		str_addn(b, run, (size_t)(p - run));
		run = p + 1;
		if (c == '\0')
			break;
		if (c == '"' || c == '\\')
			str_addf(b, "\\%c", c);
		else if (c == '\n')
			str_add(b, "\\n");
		else
			str_addf(b, "\\u%04x", c);
	}
	str_addc(b, '"');
}

void str_path(struct str *b, const void *bytes, size_t len)
{
	const unsigned char *p = bytes;

	for (size_t i = 0, n; i < len; i += n) {
		uint32_t cp = 0;

		n = sequence(p + i, len - i, &cp);
		if (n == 0 || cp < 0x20 || (cp >= 0x7f && cp < 0xa0)) {
			n = n > 0 ? n : 1;
			for (size_t j = 0; j < n; j++)
				str_addf(b, "\\x%02x", p[i + j]);
		} else if (cp == '\\') {
			str_add(b, "\\\\");
		} else {
			str_addn(b, p + i, n);
		}
	}
	str_addn(b, "", 0);
}

/* How many bytes from p on are plain ASCII and no NUL. */
static size_t plain(const unsigned char *p, size_t len)
{
	size_t n = 0;

	while (n < len && p[n] > 0 && p[n] < 0x80)
		n++;
	return n;
}

void str_utf8(struct str *b, const void *bytes, size_t len)
{
	const unsigned char *p = bytes;

	for (size_t i = 0, n; i < len; i += n) {
		uint32_t cp = 0;

		if ((n = plain(p + i, len - i)) > 0) {
			str_addn(b, p + i, n);
			continue;
		}
		n = sequence(p + i, len - i, &cp);
		if (n == 0) {
			n = 1;
			str_add(b, "\xef\xbf\xbd");
		} else if (cp == 0) {
			str_add(b, "\xe2\x90\x80");
		} else {
			str_addn(b, p + i, n);
		}
	}
	str_addn(b, "", 0);
}

/* Characters that could restyle, reorder or hide what a human reads. */
static bool unsafe(uint32_t cp)
{
	return (cp < 0x20 && cp != '\t') || (cp >= 0x7f && cp < 0xa0) ||
	    cp == 0xad || cp == 0x61c || (cp >= 0x200b && cp <= 0x200f) ||
	    (cp >= 0x2028 && cp <= 0x202e) || (cp >= 0x2060 && cp <= 0x206f) ||
	    cp == 0xfeff || (cp >= 0xfff9 && cp <= 0xfffb) ||
	    (cp & 0xfffe) == 0xfffe || (cp >= 0xe0000 && cp <= 0xe0fff);
}

void str_safe(FILE *out, const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	for (size_t left = strlen(text), n; left > 0; left -= n, p += n) {
		uint32_t cp = 0;

		if ((n = sequence(p, left, &cp)) == 0) {
			n = 1;
			fprintf(out, "\\x%02x", p[0]);
		} else if (unsafe(cp)) {
			fprintf(out, cp < 0x100 ? "\\x%02x" : "\\u{%x}", cp);
		} else {
			fwrite(p, 1, n, out);
		}
	}
}

/* How many bytes the unwelcome character at p has; 0: it is harmless. */
static size_t unwelcome(const unsigned char *p)
{
	if (*p < 0x20)
		return *p != '\t' && *p != '\n' && *p != '\r';
	if (*p == 0x7f)
		return 1;
	if (p[0] == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f)
		return 2;	/* U+0080-009F: controls of old terminals */
	if (p[0] == 0xe2 && p[1] == 0x80 && p[2] >= 0xaa && p[2] <= 0xae)
		return 3;	/* U+202A-202E */
	if (p[0] == 0xe2 && p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9)
		return 3;	/* U+2066-2069 */
	if (p[0] == 0xef && p[1] == 0xbf && (p[2] == 0xbe || p[2] == 0xbf))
		return 3;	/* U+FFFE, U+FFFF */
	return 0;
}

size_t str_visible(struct str *b, const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t n = unwelcome(p);

	if (n == 1)
		str_addf(b, "\\x%02x", *p);
	else if (n == 2)
		str_addf(b, "\\u%04x", (p[0] & 31) << 6 | (p[1] & 63));
	else if (n == 3)
		str_addf(b, "\\u%04x", (p[0] & 15) << 12 |
		    (p[1] & 63) << 6 | (p[2] & 63));
	else
		str_addc(b, *text);
	return n != 0 ? n : 1;
}

bool str_eq(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

bool str_ieq(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcasecmp(a, b) == 0;
}

bool str_starts(const char *s, const char *prefix)
{
	return s != NULL && strncmp(s, prefix, strlen(prefix)) == 0;
}

bool str_ends(const char *s, const char *suffix)
{
	size_t n = s != NULL ? strlen(s) : 0, m = strlen(suffix);

	return s != NULL && n >= m && strcmp(s + n - m, suffix) == 0;
}

bool str_contains(const char *s, const char *part)
{
	return s != NULL && strstr(s, part) != NULL;
}

bool str_empty(const char *s)
{
	return s == NULL || *s == '\0';
}

bool str_int(const char *s, int64_t lo, int64_t hi, int64_t *out)
{
	char *end;
	long long v;

	if (s == NULL || !(isdigit((unsigned char)*s) || *s == '-'))
		return false;
	errno = 0;
	v = strtoll(s, &end, 10);
	if (errno != 0 || end == s || *end != '\0' || v < lo || v > hi)
		return false;
	*out = v;
	return true;
}

bool str_listed(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = list; p != NULL && *p != '\0'; ) {
		size_t len;

		p += strspn(p, " \t\r\n");
		len = strcspn(p, " \t\r\n");
		if (len == n && n > 0 && memcmp(p, word, n) == 0)
			return true;
		p += len;
	}
	return false;
}

/* Most texts differ from most patterns in their first or last characters,
 * which is seen faster than fnmatch() starts. */
static bool may_match(const char *pattern, const char *s)
{
	static const char special[] = "*?[]\\";
	size_t n = strcspn(pattern, special), len, tail = 0, whole;

	if (strncmp(pattern, s, n) != 0)
		return false;
	if (strchr(pattern, '*') == NULL)
		return true;
	len = strlen(s);
	whole = strlen(pattern);
	while (strchr(special, pattern[whole - tail - 1]) == NULL)
		tail++;
	return tail <= len && memcmp(pattern + whole - tail, s + len - tail,
	    tail) == 0;
}

bool str_glob(const char *pattern, const char *s)
{
	return may_match(pattern, s) && fnmatch(pattern, s, 0) == 0;
}
