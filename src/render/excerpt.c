/*
 * excerpt.c - the lines of a kept text file around a place in it.
 *
 * What is handed over was checked for credentials line by line, by the name
 * that stands before the value: on the same line, or in "name:" above
 * "value:" as Kubernetes' environments have it.  Nothing of a neighbouring
 * document is shown.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "muster/excerpt.h"
#include "muster/mem.h"
#include "muster/secret.h"
#include "muster/store.h"
#include "muster/str.h"

#define BEFORE		1	/* lines before and after the place */
#define AFTER		3
#define MAX_LINE	4096	/* bytes of a line that are looked at */
#define SHOWN		160	/* ... and shown */
#define HELD		4	/* files at a time */
#define MAX_FILE	(32 << 20)	/* longer ones are not quoted */

/* A file, and where each of its lines begins. */
struct held {
	int64_t		 artifact;	/* 0: none yet */
	struct str	 text;		/* empty: not plain, or too long */
	size_t		*line;
	size_t		 n, cap;
};

struct excerpts {
	struct store	*store;
	struct held	 held[HELD];
	size_t		 next;		/* the one that is given up next */
};

struct excerpt {
	struct str	 line;
	struct str	 name;		/* the last "name:" */
};

struct excerpts *excerpt_open(struct store *st)
{
	struct excerpts *x = mem_alloc(sizeof(*x));

	x->store = st;
	return x;
}

static void drop(struct held *h)
{
	str_free(&h->text);
	free(h->line);
	*h = (struct held){ 0 };
}

void excerpt_close(struct excerpts *x)
{
	for (size_t i = 0; x != NULL && i < HELD; i++)
		drop(&x->held[i]);
	free(x);
}

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

/* Unpack a file and see where its lines begin. */
static int load(struct held *h, struct store *st, int64_t artifact,
    struct err *err)
{
	struct kept *k = kept_open(st, artifact);
	const void *p;
	size_t len;
	int rc;

	while ((rc = kept_next(k, &p, &len, err)) > 0) {
		if ((h->text.len == 0 && !is_plain(p, len)) ||
		    h->text.len + len > MAX_FILE) {
			str_free(&h->text);
			h->text = (struct str)STR_INIT;
			break;
		}
		str_addn(&h->text, p, len);
	}
	kept_close(k);
	if (rc < 0)
		return -1;
	h->artifact = artifact;
	for (size_t at = 0; at < h->text.len; ) {
		const char *eol = memchr(h->text.s + at, '\n',
		    h->text.len - at);

		MEM_ROOM(h->line, h->n, h->cap);
		h->line[h->n++] = at;
		at = eol != NULL ? (size_t)(eol - h->text.s) + 1 : h->text.len;
	}
	return 0;
}

static struct held *find(struct excerpts *x, int64_t artifact,
    struct err *err)
{
	struct held *h;

	for (size_t i = 0; i < HELD; i++)
		if (x->held[i].artifact == artifact)
			return &x->held[i];
	h = &x->held[x->next];
	x->next = (x->next + 1) % HELD;
	drop(h);
	if (load(h, x->store, artifact, err) < 0) {
		drop(h);
		return NULL;
	}
	return h;
}

/* Line n (from 1) without its end. */
static void take(struct excerpt *x, const struct held *h, int64_t n)
{
	size_t at = h->line[n - 1];
	size_t to = (size_t)n < h->n ? h->line[n] : h->text.len;

	while (to > at && (h->text.s[to - 1] == '\n' ||
	    h->text.s[to - 1] == '\r'))
		to--;
	str_clear(&x->line);
	str_addn(&x->line, h->text.s + at, to - at < MAX_LINE ? to - at :
	    MAX_LINE);
}

/* What is shown of a line; cut between characters. */
static void shorten(struct str *out)
{
	size_t n = SHOWN;

	if (out->len <= SHOWN)
		return;
	while (n > 0 && ((unsigned char)out->s[n] & 0xc0) == 0x80)
		n--;
	out->s[out->len = n] = '\0';
	str_add(out, " ...");
}

int excerpt_read(struct excerpts *xs, int64_t artifact, const char *locator,
    excerpt_fn *fn, void *ctx, struct err *err)
{
	struct excerpt x = { STR_INIT, STR_INIT };
	struct str out = STR_INIT;
	struct held *h;
	int64_t at;

	if (!excerpt_line(locator, &at))
		return 0;
	if ((h = find(xs, artifact, err)) == NULL)
		return -1;
	/* what is before the first shown is read for the names in it */
	for (int64_t n = at > BEFORE + 2 ? at - BEFORE - 2 : 1;
	    at <= (int64_t)h->n && n <= at + AFTER && n <= (int64_t)h->n;
	    n++) {
		take(&x, h, n);
		if (n > at && str_starts(str_text(&x.line), "---"))
			break;
		str_clear(&out);
		mask(&x, &out);
		if (n < at - BEFORE ||
		    (n != at && str_starts(str_text(&out), "---")))
			continue;
		shorten(&out);
		fn(ctx, n, n == at, str_text(&out));
	}
	str_free(&out);
	str_free(&x.line);
	str_free(&x.name);
	return 0;
}
