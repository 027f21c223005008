/*
 * json_scan.c - the tokens of JSON, as RFC 8259 has them, and what they mean
 * where they stand; see json_priv.h.
 *
 * A block of the document is scanned where it lies.  Only a token that its
 * end cuts in two is copied and put together with what follows; how far it
 * was looked at is kept, so that a long one costs no more than many short
 * ones.
 */
#include <string.h>

#include "json_priv.h"
#include "key.h"
#include "muster/cap.h"
#include "muster/err.h"

#define LEAST_MORE	256

/* Is the token done, not all there yet, or refused? */
enum token { TOKEN, PART, REFUSED };

static size_t blank(const char *p, size_t i, size_t n)
{
	const uint64_t spaces = UINT64_C(0x2020202020202020);

	while (i < n) {
		uint64_t w;

		if (p[i] == ' ') {
			for (; n - i >= 8; i += 8) {
				memcpy(&w, p + i, 8);
				if (w != spaces)
					break;
			}
			while (i < n && p[i] == ' ')
				i++;
		} else if (p[i] == '\n' || p[i] == '\r' || p[i] == '\t') {
			i++;
		} else {
			break;
		}
	}
	return i;
}

/* ------------------------------------------------------ what tokens mean */

/* A value starts: count it, and say what is wanted of it; NULL: nothing. */
static const struct want *arrive(struct json *js)
{
	struct json_frame *f;

	js->started = true;
	if (js->depth == 0)
		return js->root;
	f = &js->stack[js->depth - 1];
	if (!f->array)
		return f->member;
	f->index++;
	return f->want != NULL ? f->want->element : NULL;
}

static bool is_wanted(const struct want *w)
{
	return w != NULL && w->id != 0;
}

static bool tell(struct json *js, const struct want *w, enum json_event ev,
    const char *text, size_t len)
{
	if (js->fn(js->ctx, js, w->id, ev, text, len, js->err) == 0)
		return true;
	json_placed(js, js->err);
	return false;
}

/* Text with a NUL behind it, in js->value. */
static bool tell_text(struct json *js, const struct want *w,
    enum json_event ev)
{
	return tell(js, w, ev, str_text(&js->value), js->value.len);
}

static bool refuse(struct json *js)
{
	json_placed(js, js->err);
	return false;
}

static bool too_long(struct json *js, size_t len)
{
	cap_err(js->err, CAP_JSON_VALUE, "a value of %zu bytes", len);
	return refuse(js);
}

static bool take(struct json *js, const struct want *w, enum json_event ev,
    const char *text, size_t len)
{
	if (len > js->most_value)
		return too_long(js, len);
	if (!is_wanted(w))
		return true;
	if (text == NULL)
		return tell(js, w, ev, NULL, 0);
	str_clear(&js->value);
	str_addn(&js->value, text, len);
	return tell_text(js, w, ev);
}

static bool take_text(struct json *js, const struct want *w, const char *text,
    size_t len, bool escapes)
{
	if (!escapes)
		return take(js, w, JSON_STRING, text, len);
	str_clear(&js->value);
	json_text_decode(&js->value, text, len);
	if (js->value.len > js->most_value)
		return too_long(js, js->value.len);
	return !is_wanted(w) || tell_text(js, w, JSON_STRING);
}

static bool take_begin(struct json *js, bool array)
{
	const struct want *w = arrive(js);

	if (js->depth == js->most_depth) {
		cap_err(js->err, CAP_JSON_DEPTH, "objects and arrays nested "
		    "too deep");
		return refuse(js);
	}
	js->begun_array = array;
	if (is_wanted(w) && !tell(js, w, JSON_BEGIN, NULL, 0))
		return false;
	js->stack[js->depth++] = (struct json_frame){
		.want = w, .first = js->keys.n, .index = -1, .array = array
	};
	return true;
}

static bool take_end(struct json *js)
{
	const struct json_frame *f = &js->stack[--js->depth];

	json_keys_drop(&js->keys, f->first);
	return !is_wanted(f->want) || tell(js, f->want, JSON_END, NULL, 0);
}

static bool add_key(struct json *js, const char *key, size_t len)
{
	struct json_frame *f = &js->stack[js->depth - 1];
	uint64_t hash = key_hash(key, len);

	if (len > js->most_key) {
		cap_err(js->err, CAP_JSON_KEY, "a key of %zu bytes", len);
		return refuse(js);
	}
	switch (json_keys_add(&js->keys, f->first, &f->bloom, key, len, hash)) {
	case KEY_TWICE:
		json_twice(js, key, len);
		return false;
	case KEY_TOO_MANY:
		cap_err(js->err, CAP_JSON_KEYS, "an object with too many "
		    "keys");
		return refuse(js);
	case KEY_TOO_LONG:
		cap_err(js->err, CAP_JSON_KEYS_BYTES, "an object whose keys "
		    "are too long together");
		return refuse(js);
	case KEY_NEW:
		break;
	}
	f->member = f->want != NULL ?
	    json_want_member(f->want, key, len, hash) : NULL;
	return true;
}

static bool take_key(struct json *js, const char *text, size_t len,
    bool escapes)
{
	if (!escapes)
		return add_key(js, text, len);
	str_clear(&js->key);
	json_text_decode(&js->key, text, len);
	return add_key(js, str_text(&js->key), js->key.len);
}

/* --------------------------------------------------------------- tokens */

static enum token wrong(struct json *js, size_t at, const char *what)
{
	js->at = at;
	json_wrong(js, what);
	return REFUSED;
}

static enum token unexpected(struct json *js, const char *p, size_t at)
{
	unsigned char c = (unsigned char)p[at];

	if (js->expect == EXPECT_END)
		return wrong(js, at, "trailing garbage");
	if (c < 0x20)
		return wrong(js, at, "a control character outside of a "
		    "string");
	return wrong(js, at, "an unexpected character");
}

/* A value may begin here. */
static bool value_may(const struct json *js)
{
	return js->expect == EXPECT_VALUE || js->expect == EXPECT_FIRST;
}

/* A value ends at *i, most often before a comma. */
static enum token value_done(struct json *js, const char *p, size_t *i,
    size_t n)
{
	if (js->depth == 0) {
		js->expect = EXPECT_END;
	} else if (*i < n && p[*i] == ',') {
		++*i;
		js->expect = js->stack[js->depth - 1].array ? EXPECT_VALUE :
		    EXPECT_KEY;
	} else {
		js->expect = EXPECT_NEXT;
	}
	return TOKEN;
}

/* A value that is no array and no object has been read, up to *i. */
static enum token scalar(struct json *js, enum json_event ev, const char *p,
    size_t from, size_t len, size_t *i, size_t n)
{
	const struct want *w = arrive(js);

	if ((is_wanted(w) || len > js->most_value) &&
	    !take(js, w, ev, ev == JSON_NULL ? NULL : p + from, len))
		return REFUSED;
	return value_done(js, p, i, n);
}

/* The text of a value, from there to before *i. */
static enum token value(struct json *js, const char *p, size_t from,
    size_t *i, size_t n, bool escapes)
{
	const struct want *w = arrive(js);
	size_t len = *i - 1 - from;

	if ((is_wanted(w) || len > js->most_value) &&
	    !take_text(js, w, p + from, len, escapes))
		return REFUSED;
	return value_done(js, p, i, n);
}

/* So of a key, most often before a colon. */
static enum token member(struct json *js, const char *p, size_t from,
    size_t *i, size_t n, bool escapes)
{
	if (!take_key(js, p + from, *i - 1 - from, escapes))
		return REFUSED;
	js->expect = EXPECT_COLON;
	if (*i < n && p[*i] == ':') {
		++*i;
		js->expect = EXPECT_VALUE;
	}
	return TOKEN;
}

static enum token text(struct json *js, const char *p, size_t *i, size_t n,
    bool last)
{
	bool key = js->expect == EXPECT_KEY || js->expect == EXPECT_MEMBER;
	size_t from = *i + 1, at = from + js->resume;
	bool escapes = js->resume > 0;		/* it may have some */

	if (!key && !value_may(js))
		return unexpected(js, p, *i);
	switch (json_text_end(p, &at, n, &escapes)) {
	case TEXT_WHOLE:
		break;
	case TEXT_UTF8_CUT:
		if (!last) {
			js->resume = at - from;
			return PART;
		}
		/* fall through */
	case TEXT_UTF8:
		js->at = at;
		json_not_utf8(js);
		return REFUSED;
	case TEXT_CUT:
		js->resume = at - from;
		return PART;
	case TEXT_CONTROL:
		return wrong(js, at, "a control character in a string");
	case TEXT_ESCAPE:
		return wrong(js, at, "no such escape in a string");
	}
	*i = at + 1;
	js->at = at;
	return key ? member(js, p, from, i, n, escapes) :
	    value(js, p, from, i, n, escapes);
}

static size_t digits(const char *p, size_t i, size_t n)
{
	while (i < n && p[i] >= '0' && p[i] <= '9')
		i++;
	return i;
}

/* The end of the number at i; *bad is where it goes wrong, if it does. */
static size_t number_end(const char *p, size_t i, size_t n, bool *bad)
{
	size_t from;

	i += p[i] == '-';
	from = i;
	i = i < n && p[i] == '0' ? i + 1 : digits(p, i, n);
	*bad = i == from;
	if (!*bad && i < n && p[i] == '.') {
		from = ++i;
		i = digits(p, i, n);
		*bad = i == from;
	}
	if (!*bad && i < n && (p[i] | 0x20) == 'e') {
		i++;
		i += i < n && (p[i] == '+' || p[i] == '-');
		from = i;
		i = digits(p, i, n);
		*bad = i == from;
	}
	return i;
}

static enum token number(struct json *js, const char *p, size_t *i, size_t n,
    bool last)
{
	size_t from = *i, end = from + js->resume;
	bool bad = false;

	if (!value_may(js))
		return unexpected(js, p, *i);
	while (js->resume > 0 && end < n && strchr("0123456789+-.eE",
	    p[end]) != NULL && p[end] != '\0')
		end++;
	if (end < n || last)
		end = number_end(p, from, n, &bad);
	if (end == n && (!last || bad)) {
		js->resume = n - from;
		return PART;		/* there may be more of it */
	}
	if (bad)
		return wrong(js, end, "a number without a digit");
	*i = end;
	js->at = end - 1;
	return scalar(js, JSON_NUMBER, p, from, end - from, i, n);
}

static enum token word(struct json *js, const char *p, size_t *i, size_t n)
{
	static const struct {
		const char	*text;
		size_t		 len;
		enum json_event	 event;
	} words[] = {
		{ "true", 4, JSON_TRUE }, { "false", 5, JSON_FALSE },
		{ "null", 4, JSON_NULL }
	};
	size_t w = p[*i] == 't' ? 0 : p[*i] == 'f' ? 1 : 2, k;

	if (!value_may(js))
		return unexpected(js, p, *i);
	for (k = 0; k < words[w].len; k++) {
		if (*i + k == n)
			return PART;
		if (p[*i + k] != words[w].text[k])
			return wrong(js, *i + k, "no word but true, false and "
			    "null is known");
	}
	*i += k;
	js->at = *i - 1;
	return scalar(js, words[w].event, p, *i - k, k, i, n);
}

static enum token end_of(struct json *js, const char *p, size_t *i, size_t n)
{
	return take_end(js) ? value_done(js, p, i, n) : REFUSED;
}

/* One byte that is a token of its own. */
static enum token mark(struct json *js, const char *p, size_t *i, size_t n)
{
	bool array = js->depth > 0 && js->stack[js->depth - 1].array;
	size_t at = (*i)++;

	js->at = at;
	switch (p[at]) {
	case '{':
	case '[':
		if (!value_may(js))
			break;
		js->expect = p[at] == '[' ? EXPECT_FIRST : EXPECT_MEMBER;
		return take_begin(js, p[at] == '[') ? TOKEN : REFUSED;
	case '}':
		if (array || (js->expect != EXPECT_MEMBER &&
		    js->expect != EXPECT_NEXT))
			break;
		return end_of(js, p, i, n);
	case ']':
		if (!array || (js->expect != EXPECT_FIRST &&
		    js->expect != EXPECT_NEXT))
			break;
		return end_of(js, p, i, n);
	case ':':
		if (js->expect != EXPECT_COLON)
			break;
		js->expect = EXPECT_VALUE;
		return TOKEN;
	case ',':
		if (js->expect != EXPECT_NEXT)
			break;
		js->expect = array ? EXPECT_VALUE : EXPECT_KEY;
		return TOKEN;
	default:
		break;
	}
	return unexpected(js, p, at);
}

/* The token at *i, which moves behind it. */
static enum token token(struct json *js, const char *p, size_t *i, size_t n,
    bool last)
{
	if (p[*i] == '"')		/* most often */
		return text(js, p, i, n, last);
	switch (p[*i]) {
	case '-':
	case '0': case '1': case '2': case '3': case '4':
	case '5': case '6': case '7': case '8': case '9':
		return number(js, p, i, n, last);
	case 't':
	case 'f':
	case 'n':
		return word(js, p, i, n);
	default:
		return mark(js, p, i, n);
	}
}

static void place(struct json *js, const char *p, size_t n, int64_t byte,
    int64_t line)
{
	js->block = p;
	js->len = n;
	js->byte = byte;
	js->line = line;
	js->at = 0;
	js->counted = 0;
	js->newlines = 0;
}

/* All tokens from *i on; PART leaves *i at the start of the cut one. */
static enum token tokens(struct json *js, const char *p, size_t *i, size_t n,
    bool last)
{
	enum token t = TOKEN;

	while (t == TOKEN && (*i = blank(p, *i, n)) < n)
		t = token(js, p, i, n, last);
	return t;
}

/* Complete the token of which js->part is the beginning with bytes of p, and
 * take it; *i moves behind its end.  There is no line break in a part. */
static enum token join(struct json *js, const char *p, size_t *i, size_t n,
    int64_t byte, int64_t line, bool last)
{
	const size_t had = js->part.len;
	enum token t;

	do {
		size_t more = js->part.len > LEAST_MORE ? js->part.len :
		    LEAST_MORE, end = 0;

		more = more < n - *i ? more : n - *i;
		str_addn(&js->part, p + *i, more);
		*i += more;
		place(js, js->part.s, js->part.len, byte - (int64_t)had, line);
		t = token(js, js->part.s, &end, js->part.len,
		    last && *i == n);
		if (t == TOKEN)
			*i = end - had;
	} while (t == PART && *i < n);
	if (t == TOKEN) {
		str_clear(&js->part);
		js->resume = 0;
	}
	return t;
}

int json_scan(struct json *js, const char *p, size_t n, int64_t byte,
    int64_t line, bool last)
{
	enum token t = TOKEN;
	size_t i = 0;

	if (js->part.len > 0)
		t = join(js, p, &i, n, byte, line, last);
	if (t == TOKEN) {
		place(js, p, n, byte, line);
		if ((t = tokens(js, p, &i, n, last)) == PART)
			str_addn(&js->part, p + i, n - i);
	}
	if (t == REFUSED)
		return -1;
	place(js, p, n, byte, line);
	js->at = n;
	/* as it is written, with its escapes */
	if (js->part.len / 2 > js->most_value) {
		cap_err(js->err, CAP_JSON_VALUE, "a value of more than %zu "
		    "bytes", 2 * js->most_value);
		return json_placed(js, js->err);
	}
	return 0;
}
