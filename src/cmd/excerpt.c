/*
 * excerpt.c - the lines of a kept text file around a place in it.
 *
 * What is printed was checked for credentials line by line, by the name that
 * stands before the value: on the same line, or in "name:" above "value:" as
 * Kubernetes' environments have it.  Nothing of a neighbouring document is
 * shown.
 */
#include <stdio.h>
#include <string.h>

#include "excerpt.h"
#include "muster/secret.h"
#include "muster/store.h"
#include "muster/str.h"

#define BEFORE		1	/* lines before and after the place */
#define AFTER		3
#define MAX_LINE	4096	/* bytes of a line that are looked at */
#define SHOWN		160	/* ... and shown */

struct excerpt {
	int64_t		 at;		/* the line, from 1 */
	int64_t		 n;		/* lines before the one that grows */
	struct str	 line;
	struct str	 name;		/* the last "name:" */
	bool		 done;
};

bool excerpt_line(const char *locator, int64_t *line)
{
	const char *p = NULL;
	char number[16];

	if (str_starts(locator, "line:"))
		p = locator + strlen("line:");
	else if (str_starts(locator, "yaml:"))
		p = strchr(locator + strlen("yaml:"), ':');
	if (p == NULL)
		return false;
	p += *p == ':';
	snprintf(number, sizeof(number), "%.*s", (int)strcspn(p, ":"), p);
	return str_int(number, 1, INT32_MAX, line);
}

/* Text that is not UTF-8 as it lies there: packed, or UTF-16. */
static bool is_plain(const unsigned char *p, size_t len)
{
	return len < 2 || !((p[0] == 0x1f && p[1] == 0x8b) ||
	    (p[0] == 0xff && p[1] == 0xfe) || (p[0] == 0xfe && p[1] == 0xff) ||
	    (p[0] == 0x28 && p[1] == 0xb5) || memchr(p, 0, len) != NULL);
}

/* The name before a value on this line, and where the value begins. */
static const char *split(const char *line, struct str *key)
{
	const char *from = line + strspn(line, " \t-{\"'"), *end;

	str_clear(key);
	if ((end = strpbrk(from, ":=")) == NULL || end == from)
		return NULL;
	str_addn(key, from, (size_t)(end - from));
	while (key->len > 0 && strchr(" \"'", key->s[key->len - 1]) != NULL)
		key->s[--key->len] = '\0';
	return end + 1 + strspn(end + 1, " \"'");
}

/* "KEY: VALUE" or "KEY=VALUE", as long as it holds no other. */
static void mask_pair(struct excerpt *x, const char *text, struct str *out)
{
	struct str key = STR_INIT;
	const char *value = split(text, &key);
	size_t n = 0;

	if (value != NULL && *value != '\0') {
		if (str_eq(str_text(&key), "name")) {
			str_clear(&x->name);
			str_addn(&x->name, value, strcspn(value, "\"' "));
		}
		str_addn(out, text, (size_t)(value - text));
		n = out->len;
		if (secret_mask(str_eq(str_text(&key), "value") ?
		    str_text(&x->name) : str_text(&key), value, out) > 0)
			text = NULL;
		else
			out->s[out->len = n] = '\0';
		if (text != NULL)
			text = value;
	}
	if (text != NULL)
		secret_mask(NULL, text, out);
	str_free(&key);
}

/* A line, or pair by pair where it holds a map in braces. */
static void mask(struct excerpt *x, struct str *out)
{
	static const char ends[] = "{}[],";
	const char *p = str_text(&x->line);
	struct str pair = STR_INIT;

	if (strchr(p, '{') == NULL) {
		mask_pair(x, p, out);
		return;
	}
	while (*p != '\0') {
		size_t n = strcspn(p, ends);

		str_clear(&pair);
		str_addn(&pair, p, n);
		if (n > 0)
			mask_pair(x, str_text(&pair), out);
		p += n;
		if (*p != '\0')
			str_addc(out, *p++);
	}
	str_free(&pair);
}

/* One whole line. */
static void line(struct excerpt *x)
{
	struct str out = STR_INIT;
	int64_t n = ++x->n;

	if (n > x->at + AFTER || (n > x->at && str_starts(
	    str_text(&x->line), "---")))
		x->done = true;
	else if (n >= x->at - BEFORE - 2) {
		mask(x, &out);	/* also where only a name is learnt */
		if (n >= x->at - BEFORE && (n == x->at ||
		    !str_starts(str_text(&out), "---"))) {
			if (out.len > SHOWN) {
				out.s[out.len = SHOWN] = '\0';
				str_add(&out, " ...");
			}
			printf("      %c %5lld  ", n == x->at ? '>' : ' ',
			    (long long)n);
			str_safe(stdout, str_text(&out));
			putchar('\n');
		}
	}
	str_clear(&x->line);
	str_free(&out);
}

static void bytes(struct excerpt *x, const char *p, size_t len)
{
	const char *end = p + len, *eol;

	for (; p < end && !x->done; p = eol + 1) {
		size_t n;

		eol = memchr(p, '\n', (size_t)(end - p));
		n = (size_t)((eol != NULL ? eol : end) - p);
		if (n > 0 && p[n - 1] == '\r')
			n--;
		if (x->n + 1 >= x->at - BEFORE - 2 && x->line.len < MAX_LINE)
			str_addn(&x->line, p, n < MAX_LINE - x->line.len ?
			    n : MAX_LINE - x->line.len);
		if (eol == NULL)
			return;
		line(x);
	}
}

int excerpt_print(struct store *st, int64_t artifact, const char *locator,
    struct err *err)
{
	struct excerpt x = { .line = STR_INIT, .name = STR_INIT };
	bool first = true;
	struct kept *k;
	const void *p;
	size_t len;
	int rc = 0;

	if (!excerpt_line(locator, &x.at))
		return 0;
	k = kept_open(st, artifact);
	while (!x.done && (rc = kept_next(k, &p, &len, err)) > 0) {
		if (first && !is_plain(p, len))
			break;
		first = false;
		bytes(&x, p, len);
	}
	kept_close(k);
	if (!x.done && x.line.len > 0)
		line(&x);
	str_free(&x.line);
	str_free(&x.name);
	return x.done || rc >= 0 ? 0 : -1;
}
