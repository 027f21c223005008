/*
 * yaml_scalar.c - what a YAML scalar means, as Kubernetes' reader takes it.
 *
 * That reader (go-yaml v2 behind sigs.k8s.io/yaml) follows YAML 1.1: yes and
 * on are true, 0644 is octal.  It knows neither base 60 nor "0o22" (which
 * stay text here as there).  A bare y or n is text: names are spelled so.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "muster/str.h"
#include "yaml_priv.h"

#define TAG "tag:yaml.org,2002:"

bool yaml_scalar_plain(const yaml_event_t *ev)
{
	return ev->data.scalar.plain_implicit && ev->data.scalar.tag == NULL;
}

bool yaml_scalar_tagged(const char *tag, enum node_kind kind)
{
	return tag == NULL || strcmp(tag, "!") == 0 ||
	    strcmp(tag, kind == NODE_MAP ? TAG "map" : TAG "seq") == 0;
}

static bool one_of(const char *s, const char *list)
{
	return *s != '\0' && str_listed(list, s);
}

static bool is_null(const char *s)
{
	return *s == '\0' || one_of(s, "~ null Null NULL");
}

/* 1 true, 0 false, -1 no boolean. */
static int boolean(const char *s)
{
	if (one_of(s, "true True TRUE yes Yes YES on On ON"))
		return 1;
	if (one_of(s, "false False FALSE no No NO off Off OFF"))
		return 0;
	return -1;
}

/* An integer in bases 2, 8, 10 and 16, '_' between digits; in decimal. */
static bool integer(const char *s, struct str *out)
{
	char digits[80];
	size_t n = 0;
	const char *p = s + (*s == '-' || *s == '+');
	int base = 10;
	long long v;
	char *end;

	if (!isdigit((unsigned char)*p))
		return false;
	if (p[0] == '0' && (p[1] == 'x' || p[1] == 'b')) {
		base = p[1] == 'x' ? 16 : 2;
		p += 2;
	} else if (p[0] == '0' && p[1] != '\0') {
		base = 8;
	}
	if (*s == '-')
		digits[n++] = '-';
	for (; *p != '\0'; p++) {
		if (*p == '_')
			continue;
		if (!isxdigit((unsigned char)*p) || n + 1 >= sizeof(digits))
			return false;
		digits[n++] = *p;
	}
	digits[n] = '\0';
	errno = 0;
	v = strtoll(digits, &end, base);
	if (end == digits || *end != '\0' || errno != 0)
		return false;
	str_addf(out, "%lld", v);
	return true;
}

static bool is_float(const char *s)
{
	size_t whole, part = 0;

	if (one_of(s, ".inf .Inf .INF +.inf -.inf .nan .NaN .NAN"))
		return true;
	s += *s == '-' || *s == '+';
	s += whole = strspn(s, "0123456789");
	if (*s == '.')
		s += 1 + (part = strspn(s + 1, "0123456789"));
	if (whole + part == 0)
		return false;
	if (*s == 'e' || *s == 'E') {
		s++;
		s += *s == '-' || *s == '+';
		if (!isdigit((unsigned char)*s))
			return false;
		s += strspn(s, "0123456789");
	}
	return *s == '\0';
}

/* What a plain scalar is by its text. */
static enum node_kind by_text(const char *s, struct str *text)
{
	int b = boolean(s);

	if (is_null(s))
		return NODE_NULL;
	if (b >= 0) {
		str_add(text, b ? "true" : "false");
		return NODE_BOOL;
	}
	if (integer(s, text))
		return NODE_NUMBER;
	str_add(text, s);
	return is_float(s) ? NODE_NUMBER : NODE_STRING;
}

bool yaml_scalar_resolve(const yaml_event_t *ev, enum node_kind *kind,
    struct str *text)
{
	const char *s = (const char *)ev->data.scalar.value;
	const char *tag = (const char *)ev->data.scalar.tag;
	size_t len = ev->data.scalar.length;

	*kind = NODE_STRING;
	if (yaml_scalar_plain(ev)) {
		*kind = by_text(s, text);
		return true;
	}
	if (tag == NULL || one_of(tag, "! " TAG "str " TAG "binary "
	    TAG "timestamp")) {
		str_utf8(text, s, len);		/* "\0" is legal in quotes */
		return true;
	}
	*kind = by_text(s, text);
	if (strcmp(tag, TAG "null") == 0)
		return *kind == NODE_NULL;
	if (strcmp(tag, TAG "bool") == 0)
		return *kind == NODE_BOOL;
	return *kind == NODE_NUMBER && one_of(tag, TAG "int " TAG "float");
}
