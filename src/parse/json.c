/*
 * json.c - values out of a JSON document of any size; see json.h.
 *
 * The only file that knows which JSON library we use: yajl, for its events.
 * Our own are what it leaves to its caller: UTF-8 and surrogates (before it
 * sees the bytes), duplicate keys, the caps, and where we are.
 */
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#include "json_priv.h"
#include "key.h"
#include "muster/cap.h"
#include "muster/err.h"
#include "muster/input.h"
#include "muster/mem.h"

/* An object or array that is open. */
struct frame {
	const struct want *want;	/* NULL: nothing in here is wanted */
	const struct want *member;	/* of the key read last */
	uint64_t	   bloom;	/* of the keys */
	size_t		   first;	/* number of the first key */
	int64_t		   index;	/* of the element; -1: none yet */
	bool		   array;
};

struct json {
	const char	*name;
	json_fn		*fn;
	void		*ctx;
	struct err	*err;
	yajl_handle	 yajl;

	const struct want *root;
	struct frame	*stack;
	size_t		 depth;
	size_t		 most_depth, most_key, most_value;	/* the caps */
	/* Bytes yajl may hold without a single event: a value as it is
	 * written, with its escapes, or white space. */
	size_t		 unbroken;
	struct json_keys keys;
	struct str	 value;
	bool		 begun_array;
	bool		 started;	/* the first value has */
	bool		 failed;	/* we refused, not yajl */
	bool		 blank;		/* white space so far */

	/* The block being parsed and where it starts. */
	const char	*block;
	size_t		 len;
	int64_t		 byte, line;
	size_t		 back;		/* 1 while yajl is at it, see used() */
	bool		 event;		/* it has brought one */
	size_t		 counted;	/* bytes json_line() has looked at */
	int64_t		 newlines;	/* in them */

	/* Raw text on its way into a block. */
	struct json_text text;
	struct str	 gather;
	int64_t		 gather_byte, gather_line;
	size_t		 held;		/* bytes in yajl since the last event */
};

/* ------------------------------------------------------------------ where */

/* How far into the block we are: to the last byte of the token that yajl took
 * last, and past the end of a block that it has done with. */
static size_t used(const struct json *js)
{
	size_t n = yajl_get_bytes_consumed(js->yajl);

	n = n > js->len ? js->len : n;
	return n > js->back ? n - js->back : 0;
}

int64_t json_line(struct json *js)
{
	for (size_t n = used(js); js->counted < n; js->counted++)
		js->newlines += js->block[js->counted] == '\n';
	return js->line + js->newlines;
}

int json_is_array(const struct json *js)
{
	return js->begun_array;
}

/* The key whose value is being read in an open object; NULL: none yet. */
static const struct key *key_in(const struct json *js, size_t depth)
{
	size_t end = depth + 1 < js->depth ? js->stack[depth + 1].first :
	    js->keys.n;

	return end > js->stack[depth].first ? &js->keys.v[end - 1] : NULL;
}

const char *json_key(const struct json *js)
{
	for (size_t d = js->depth; d-- > 0; ) {
		const struct key *k;

		if (js->stack[d].array)
			continue;
		k = key_in(js, d);
		return k != NULL ? js->keys.bytes.s + k->at : "";
	}
	return "";
}

int64_t json_index(const struct json *js)
{
	for (size_t d = js->depth; d-- > 0; )
		if (js->stack[d].array)
			return js->stack[d].index;
	return -1;
}

/* Every record has its pointer: printf is too slow for it. */
static void place(struct str *out, int64_t index)
{
	char text[24], *s = text + sizeof(text);
	uint64_t rest = (uint64_t)index;

	do
		*--s = (char)('0' + rest % 10);
	while ((rest /= 10) > 0);
	*--s = '/';
	str_addn(out, s, (size_t)(text + sizeof(text) - s));
}

static void pointer(const struct json *js, size_t depth, struct str *out)
{
	for (size_t d = 0; d < depth; d++) {
		const struct frame *f = &js->stack[d];
		const struct key *k;

		if (f->array && f->index >= 0) {
			place(out, f->index);
		} else if (!f->array && (k = key_in(js, d)) != NULL) {
			json_keys_escaped(out, js->keys.bytes.s + k->at,
			    k->len);
		}
	}
}

void json_pointer(const struct json *js, struct str *out)
{
	pointer(js, js->depth, out);
}

/* Add the position to an error in the document.  A store that is full, say,
 * has nothing to do with where we are. */
static int placed(struct json *js, struct err *err)
{
	struct str at = STR_INIT;

	if (err->kind != ERR_INPUT)
		return -1;
	json_pointer(js, &at);
	if (at.len > 0)
		err_place(err, "%s", at.s);
	str_free(&at);
	return err_at(err, js->name, json_line(js),
	    js->byte + (int64_t)used(js));
}

int json_bad(struct json *js, struct err *err, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	err_set(err, ERR_INPUT, "%s", text);
	return placed(js, err);
}

/* ----------------------------------------------------------------- events */

/* A value starts: count it, and say whether it is wanted. */
static const struct want *arrive(struct json *js)
{
	struct frame *f;

	js->event = js->started = true;
	if (js->depth == 0)
		return js->root;
	f = &js->stack[js->depth - 1];
	if (!f->array)
		return f->member;
	f->index++;
	return f->want != NULL ? f->want->element : NULL;
}

static int tell(struct json *js, const struct want *w, enum json_event ev,
    const char *text, size_t len)
{
	if (w == NULL || w->id == 0)
		return 1;
	if (text != NULL) {
		str_clear(&js->value);
		str_addn(&js->value, text, len);
		text = js->value.s;
	}
	if (js->fn(js->ctx, js, w->id, ev, text, len, js->err) < 0) {
		js->failed = true;
		return 0;
	}
	return 1;
}

static int refuse(struct json *js)
{
	js->failed = true;
	placed(js, js->err);
	return 0;
}

static int scalar(struct json *js, enum json_event ev, const char *text,
    size_t len)
{
	const struct want *w = arrive(js);

	if (len > js->most_value) {
		cap_err(js->err, CAP_JSON_VALUE, "a value of %zu bytes", len);
		return refuse(js);
	}
	return tell(js, w, ev, text, len);
}

static int begin(struct json *js, bool array)
{
	const struct want *w = arrive(js);

	if (js->depth == js->most_depth) {
		cap_err(js->err, CAP_JSON_DEPTH, "objects and arrays nested "
		    "too deep");
		return refuse(js);
	}
	js->begun_array = array;
	if (!tell(js, w, JSON_BEGIN, NULL, 0))
		return 0;
	js->stack[js->depth++] = (struct frame){
		.want = w, .first = js->keys.n, .index = -1, .array = array
	};
	return 1;
}

static int end(struct json *js)
{
	const struct frame *f = &js->stack[--js->depth];

	js->event = true;
	json_keys_drop(&js->keys, f->first);
	return tell(js, f->want, JSON_END, NULL, 0);
}

static int twice(struct json *js, const char *key, size_t len)
{
	struct str at = STR_INIT;

	pointer(js, js->depth - 1, &at);
	json_keys_escaped(&at, key, len);
	err_set(js->err, ERR_INPUT, "duplicate key: \"%.*s\" is there twice in "
	    "one object; expected once", len < 80 ? (int)len : 80, key);
	err_place(js->err, "%s", at.s);
	str_free(&at);
	return refuse(js);
}

static int member(struct json *js, const char *key, size_t len)
{
	struct frame *f = &js->stack[js->depth - 1];
	uint64_t hash = key_hash(key, len);

	js->event = true;
	if (len > js->most_key) {
		cap_err(js->err, CAP_JSON_KEY, "a key of %zu bytes", len);
		return refuse(js);
	}
	switch (json_keys_add(&js->keys, f->first, &f->bloom, key, len, hash)) {
	case KEY_TWICE:
		return twice(js, key, len);
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
	return 1;
}

/* The callbacks yajl wants, in terms of the functions above. */
static int on_null(void *js)
{
	return scalar(js, JSON_NULL, NULL, 0);
}

static int on_boolean(void *js, int b)
{
	return b ? scalar(js, JSON_TRUE, "true", 4) :
	    scalar(js, JSON_FALSE, "false", 5);
}

static int on_number(void *js, const char *s, size_t n)
{
	return scalar(js, JSON_NUMBER, s, n);
}

static int on_string(void *js, const unsigned char *s, size_t n)
{
	return scalar(js, JSON_STRING, (const char *)s, n);
}

static int on_key(void *js, const unsigned char *s, size_t n)
{
	return member(js, (const char *)s, n);
}

static int on_start_map(void *js)
{
	return begin(js, false);
}

static int on_start_array(void *js)
{
	return begin(js, true);
}

static int on_end(void *js)
{
	return end(js);
}

static const yajl_callbacks callbacks = {
	.yajl_null = on_null,
	.yajl_boolean = on_boolean,
	.yajl_number = on_number,
	.yajl_string = on_string,
	.yajl_start_map = on_start_map,
	.yajl_map_key = on_key,
	.yajl_end_map = on_end,
	.yajl_start_array = on_start_array,
	.yajl_end_array = on_end,
};

/* ---------------------------------------------------------------- parsing */

/* What would have been right here, as far as our own state tells. */
static const char *expected(const struct json *js)
{
	if (js->depth > 0)
		return js->stack[js->depth - 1].array ?
		    "a value, ',' or ']'" : "a key, a value, ',' or '}'";
	return js->started ? "nothing after the document" : "a JSON value";
}

/* yajl refused, or one of our callbacks did. */
static int complain(struct json *js)
{
	unsigned char *why;

	if (js->failed)
		return placed(js, js->err);
	why = yajl_get_error(js->yajl, 0, (const unsigned char *)js->block,
	    js->len);
	err_set(js->err, ERR_INPUT, "not valid JSON: %.*s; expected %s",
	    (int)strcspn((const char *)why, ".\n"), (const char *)why,
	    expected(js));
	/* Inside a token yajl stops before the byte it does not like. */
	if (str_starts((const char *)why, "lexical error") &&
	    !str_contains((const char *)why, "invalid char in json text"))
		js->back = 0;
	yajl_free_error(js->yajl, why);
	return placed(js, js->err);
}

static void block(struct json *js, const char *p, size_t n, int64_t byte,
    int64_t line)
{
	js->block = p;
	js->len = n;
	js->byte = byte;
	js->line = line;
	js->counted = 0;
	js->newlines = 0;
}

static int parse(struct json *js, const char *p, size_t n, int64_t byte,
    int64_t line)
{
	block(js, p, n, byte, line);
	js->back = 1;
	js->event = false;
	if (yajl_parse(js->yajl, (const unsigned char *)p, n) !=
	    yajl_status_ok)
		return complain(js);
	js->back = 0;
	js->held = js->event ? 0 : js->held + n;
	if (js->held > js->unbroken && (js->depth > 0 || !js->started)) {
		cap_err(js->err, CAP_JSON_VALUE, "a value (or white space) "
		    "of more than %zu bytes", js->unbroken);
		return placed(js, js->err);
	}
	return 0;
}

/*
 * yajl looks at a token from its start again with every piece it gets.  So a
 * token that did not fit into a block is continued with at least as much
 * again as it has of it already.
 */
static int feed(struct json *js, const char *p, size_t n, int64_t byte,
    int64_t line, bool last)
{
	int rc;

	if (js->gather.len == 0) {
		if (js->held == 0 || last)
			return parse(js, p, n, byte, line);
		js->gather_byte = byte;
		js->gather_line = line;
	}
	str_addn(&js->gather, p, n);
	if (js->gather.len < js->held && !last &&
	    js->gather.len + js->held <= js->unbroken)
		return 0;
	rc = parse(js, js->gather.s, js->gather.len, js->gather_byte,
	    js->gather_line);
	str_clear(&js->gather);
	return rc;
}

/* The next raw bytes of the document; byte and line are where they start. */
static int add(struct json *js, const char *p, size_t n, int64_t byte,
    int64_t line, bool last)
{
	for (size_t i = 0; js->blank && i < n; i++)
		js->blank = memchr(" \t\r\n", p[i], 4) != NULL;
	byte -= (int64_t)js->text.carried;	/* never holds a newline */
	if (!json_text_mend(&js->text, &p, &n, last)) {
		if (feed(js, p, n, byte, line, true) < 0)
			return -1;
		err_set(js->err, ERR_INPUT, (p[n] & 0x80) != 0 ?
		    "a byte that is not valid UTF-8; expected UTF-8 throughout"
		    : "not valid JSON: a control character; expected none "
		    "but tabs and line breaks, between values");
		return placed(js, js->err);
	}
	return feed(js, p, n, byte, line, last);
}

static int finish(struct json *js, int64_t byte, int64_t line)
{
	if (add(js, "", 0, byte, line, true) < 0)
		return -1;
	block(js, "", 0, byte, line);
	if (js->blank) {
		err_set(js->err, ERR_INPUT,
		    "empty file where JSON was expected");
		return placed(js, js->err);
	}
	/* yajl overlooks a string that was begun after the document; a line
	 * break is an error in any string. */
	if (yajl_parse(js->yajl, (const unsigned char *)"\n", 1) ==
	    yajl_status_ok &&
	    yajl_complete_parse(js->yajl) == yajl_status_ok)
		return 0;
	if (js->failed || (js->started && js->depth == 0))
		return complain(js);
	err_set(js->err, ERR_INPUT, "not valid JSON: the text ends early, "
	    "at depth %zu; expected %s", js->depth,
	    expected(js));
	return placed(js, js->err);
}

static void *grow(void *ctx, void *p, size_t n)
{
	(void)ctx;
	return mem_grow(p, n, 1);
}

static void *more(void *ctx, size_t n)
{
	return grow(ctx, NULL, n);
}

static void drop(void *ctx, void *p)
{
	(void)ctx;
	free(p);
}

static struct json *open_json(const char *name, const struct want *root,
    json_fn *fn, void *ctx, struct err *err)
{
	yajl_alloc_funcs funcs = { more, grow, drop, NULL };
	struct json *js = mem_alloc(sizeof(*js));

	js->name = name;
	js->root = root;
	js->fn = fn;
	js->ctx = ctx;
	js->err = err;
	js->blank = true;
	js->most_depth = (size_t)cap(CAP_JSON_DEPTH);
	js->most_key = (size_t)cap(CAP_JSON_KEY);
	js->most_value = (size_t)cap(CAP_JSON_VALUE);
	js->unbroken = 2 * js->most_value;
	js->stack = mem_array(js->most_depth, sizeof(*js->stack));
	js->keys.most = (size_t)cap(CAP_JSON_KEYS);
	js->keys.most_bytes = (size_t)cap(CAP_JSON_KEYS_BYTES);
	js->yajl = yajl_alloc(&callbacks, &funcs, js);
	/* json_text.c has done that, and more strictly. */
	yajl_config(js->yajl, yajl_dont_validate_strings, 1);
	return js;
}

static void close_json(struct json *js)
{
	yajl_free(js->yajl);
	json_keys_free(&js->keys);
	json_text_free(&js->text);
	str_free(&js->gather);
	str_free(&js->value);
	free(js->stack);
	free(js);
}

static int read_all(struct input *in, const struct want *root, json_fn *fn,
    void *ctx, struct err *err)
{
	struct json *js = open_json(input_name(in), root, fn, ctx, err);
	const char *p;
	size_t n;
	int rc = -1;

	while ((p = input_next(in, &n, err)) != NULL && n > 0)
		if (add(js, p, n, input_offset(in), input_line(in) + 1,
		    false) < 0)
			goto out;
	if (p != NULL)
		rc = finish(js, input_offset(in), input_line(in) + 1);
out:
	close_json(js);
	return rc;
}

int json_read(struct input *in, const struct json_want *wants, json_fn *fn,
    void *ctx, struct err *err)
{
	struct want *root = json_want_compile(wants, err);
	int rc;

	if (root == NULL)
		return -1;
	rc = read_all(in, root, fn, ctx, err);
	json_want_free(root);
	return rc;
}

static struct want every = { .id = 1, .element = &every, .any = &every };

int json_walk_input(struct input *in, json_fn *fn, void *ctx, struct err *err)
{
	return read_all(in, &every, fn, ctx, err);
}

int json_walk(const char *bytes, size_t len, const char *name, json_fn *fn,
    void *ctx, struct err *err)
{
	struct json *js = open_json(name, &every, fn, ctx, err);
	int64_t line = 1;
	int rc = -1;

	if (add(js, bytes, len, 0, 1, true) < 0)
		goto out;
	for (size_t i = 0; i < len; i++)
		line += bytes[i] == '\n';
	rc = finish(js, (int64_t)len, line);
out:
	close_json(js);
	return rc;
}
