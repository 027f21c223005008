/*
 * access_log.c - the log of the proxy that a build fetches through (squid's
 * own format): every address that was asked for.
 *
 *	1700000000.123  45 10.0.0.2 TCP_MISS/200 1234 GET http://x/y - HIER/1 t
 *
 * It names no image: the facts are those of the file as a whole.  A line of
 * another form is counted and told, and refuses the file only where none is of
 * this one.
 */
#include <stdio.h>
#include <string.h>

#include "muster/cap.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/secret.h"
#include "muster/sink.h"
#include "muster/str.h"

#define MAX_TOLD	20	/* lines that are none, told one by one */
#define FIELDS		7	/* as far as the address */

struct log {
	struct sink	*sink;
	struct str	 line;
	int64_t		 n, good, bad;
	bool		 cut;		/* past line-bytes */
	const char	*locator;
	struct err	*err;
	int		 rc;
};

static bool is_time(const char *s)
{
	size_t n = strspn(s, "0123456789");

	return n >= 9 && n <= 12 && (s[n] == ' ' || (s[n] == '.' &&
	    strspn(s + n + 1, "0123456789") > 0));
}

/* The words of a line up to the address; false where it is no such line. */
static bool fields(char *line, char *word[FIELDS])
{
	char *save;
	size_t n = 0;

	if (!is_time(line))
		return false;
	for (char *w = strtok_r(line, " \t", &save); w != NULL && n < FIELDS;
	    w = strtok_r(NULL, " \t", &save))
		word[n++] = w;
	return n == FIELDS && strchr(word[3], '/') != NULL &&
	    word[1][strspn(word[1], "-0123456789")] == '\0' &&
	    word[4][strspn(word[4], "0123456789")] == '\0';
}

static void hit(void *ctx, const struct secret_hit *h)
{
	struct log *l = ctx;
	struct str value = STR_INIT;

	if (l->rc < 0)
		return;
	str_addf(&value, "%s %s", secret_grade_name(h->grade), h->preview);
	l->rc = sink_fact(l->sink, &(struct fact){ .name = "secret",
	    .key = h->rule, .value = str_text(&value),
	    .locator = l->locator }, l->err);
	str_free(&value);
}

static int line(struct log *l)
{
	struct str clean = STR_INIT, text = STR_INIT, url = STR_INIT;
	char *word[FIELDS], at[32], key[24];

	l->n++;
	snprintf(key, sizeof(key), "%lld", (long long)l->n);
	snprintf(at, sizeof(at), "line:%s", key);
	l->locator = at;
	str_utf8(&clean, l->line.len > 0 ? l->line.s : "", l->line.len);
	if (clean.len > 0 && clean.s[clean.len - 1] == '\r')
		clean.s[--clean.len] = '\0';
	if (!l->cut && strspn(str_text(&clean), " \t") == clean.len)
		goto out;
	sink_count(l->sink, COUNT_READ, 1);
	if (l->cut || !fields(clean.s, word)) {
		sink_count(l->sink, COUNT_UNPLACED, 1);
		if (++l->bad <= MAX_TOLD && l->cut)
			l->rc = sink_warn(l->sink, at, l->err, "a line that is "
			    "too long: %s", cap_hint(CAP_LINE_BYTES));
		else if (l->bad <= MAX_TOLD)
			l->rc = sink_warn(l->sink, at, l->err, "no line of a "
			    "proxy's log: expected time, duration, client, "
			    "status, bytes, method, address");
		goto out;
	}
	l->good++;
	sink_count(l->sink, COUNT_STORED, 1);
	str_addf(&url, "%s %s %s", word[3], word[5], word[6]);
	secret_mask(NULL, url.s, &text);
	l->rc = sink_fact(l->sink, &(struct fact){ .name = "proxy.url",
	    .key = key, .value = str_text(&text), .locator = at }, l->err);
	if (l->rc == 0)
		secret_text(NULL, url.s, hit, l);
out:
	l->locator = NULL;
	str_clear(&l->line);
	l->cut = false;
	str_free(&clean);
	str_free(&text);
	str_free(&url);
	return l->rc;
}

static int lines(struct log *l, struct input *in)
{
	const char *p;
	size_t len;

	while ((p = input_next(in, &len, l->err)) != NULL && len > 0) {
		while (len > 0) {
			const char *end = memchr(p, '\n', len);
			size_t n = end != NULL ? (size_t)(end - p) : len;

			if (l->line.len + n > (size_t)cap(CAP_LINE_BYTES))
				l->cut = true;
			else
				str_addn(&l->line, p, n);
			if (end != NULL && line(l) < 0)
				return -1;
			n += end != NULL;
			p += n;
			len -= n;
		}
	}
	if (p == NULL)
		return -1;
	return l->line.len > 0 || l->cut ? line(l) : 0;
}

static int read(struct input *in, struct sink *sink, struct err *err)
{
	struct log l = { .sink = sink, .err = err };
	int rc = lines(&l, in);

	if (rc == 0 && l.good == 0)
		rc = err_set(err, ERR_INPUT, "no line of a proxy's log: "
		    "expected \"TIME DURATION CLIENT STATUS/CODE BYTES METHOD "
		    "ADDRESS ...\"");
	if (rc == 0 && l.bad > MAX_TOLD)
		rc = sink_warn(sink, NULL, err, "%lld more lines are of "
		    "another form", (long long)(l.bad - MAX_TOLD));
	str_free(&l.line);
	return rc;
}

/* One of the first lines is of the form. */
static int bid(const struct probe *p)
{
	const char *s = p->head, *end = s + p->head_len;

	if (p->kind != PROBE_TEXT)
		return 0;
	for (int i = 0; i < 20 && s < end; i++) {
		const char *stop = memchr(s, '\n', (size_t)(end - s));
		size_t n = stop != NULL ? (size_t)(stop - s) :
		    (size_t)(end - s);
		char one[1024], *word[FIELDS];

		if (n < sizeof(one)) {
			memcpy(one, s, n);
			one[n] = '\0';
			if (fields(one, word))
				return 80;
		}
		s += n + (stop != NULL);
	}
	return 0;
}

const struct importer importer_access_log = {
	.name = "access-log",
	.about = "the log of a build's proxy (squid); --subject says of which "
	    "image",
	.version = 2,
	.keep = false,		/* addresses may hold secrets */
	.bid = bid,
	.read = read,
};
