/*
 * json.c - values out of a JSON document of any size; see json.h.
 *
 * json_scan.c takes the document apart.  Here is who starts it, where we are,
 * and what is said of what is wrong.
 */
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_priv.h"
#include "key.h"
#include "muster/cap.h"
#include "muster/err.h"
#include "muster/input.h"
#include "muster/mem.h"

/* ------------------------------------------------------------------ where */

int64_t json_line(struct json *js)
{
	for (; js->counted < js->at; js->counted++)
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
		const struct json_frame *f = &js->stack[d];
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
int json_placed(struct json *js, struct err *err)
{
	struct str at = STR_INIT;

	if (err->kind != ERR_INPUT)
		return -1;
	json_pointer(js, &at);
	if (at.len > 0)
		err_place(err, "%s", at.s);
	str_free(&at);
	return err_at(err, js->name, json_line(js),
	    js->byte + (int64_t)js->at);
}

int json_bad(struct json *js, struct err *err, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	err_set(err, ERR_INPUT, "%s", text);
	return json_placed(js, err);
}

/* ---------------------------------------------------------------- reading */

/* What would have been right here, as far as our own state tells. */
static const char *expected(const struct json *js)
{
	if (js->depth > 0)
		return js->stack[js->depth - 1].array ?
		    "a value, ',' or ']'" : "a key, a value, ',' or '}'";
	return js->started ? "nothing after the document" : "a JSON value";
}

void json_twice(struct json *js, const char *key, size_t len)
{
	struct str at = STR_INIT;

	pointer(js, js->depth - 1, &at);
	json_keys_escaped(&at, key, len);
	err_set(js->err, ERR_INPUT, "duplicate key: \"%.*s\" is there twice in "
	    "one object; expected once", len < 80 ? (int)len : 80, key);
	err_place(js->err, "%s", at.s);
	str_free(&at);
	json_placed(js, js->err);
}

void json_wrong(struct json *js, const char *what)
{
	err_set(js->err, ERR_INPUT, "not valid JSON: %s; expected %s", what,
	    expected(js));
	json_placed(js, js->err);
}

void json_not_utf8(struct json *js)
{
	err_set(js->err, ERR_INPUT, "a byte that is not valid UTF-8; expected "
	    "UTF-8 throughout");
	json_placed(js, js->err);
}

static int finish(struct json *js, int64_t byte, int64_t line)
{
	if (json_scan(js, "", 0, byte, line, true) < 0)
		return -1;
	if (js->expect == EXPECT_END)
		return 0;
	if (!js->started && js->part.len == 0)
		err_set(js->err, ERR_INPUT,
		    "empty file where JSON was expected");
	else
		err_set(js->err, ERR_INPUT, "not valid JSON: the text ends "
		    "early, at depth %zu; expected %s", js->depth,
		    expected(js));
	return json_placed(js, js->err);
}

static struct json *open_json(const char *name, const struct want *root,
    json_fn *fn, void *ctx, struct err *err)
{
	struct json *js = mem_alloc(sizeof(*js));

	js->name = name;
	js->root = root;
	js->fn = fn;
	js->ctx = ctx;
	js->err = err;
	js->most_depth = (size_t)cap(CAP_JSON_DEPTH);
	js->most_key = (size_t)cap(CAP_JSON_KEY);
	js->most_value = (size_t)cap(CAP_JSON_VALUE);
	js->stack = mem_array(js->most_depth, sizeof(*js->stack));
	js->keys.most = (size_t)cap(CAP_JSON_KEYS);
	js->keys.most_bytes = (size_t)cap(CAP_JSON_KEYS_BYTES);
	return js;
}

static void close_json(struct json *js)
{
	json_keys_free(&js->keys);
	str_free(&js->part);
	str_free(&js->value);
	str_free(&js->key);
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
		if (json_scan(js, p, n, input_offset(in), input_line(in) + 1,
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

	if (json_scan(js, bytes, len, 0, 1, true) < 0)
		goto out;
	for (size_t i = 0; i < len; i++)
		line += bytes[i] == '\n';
	rc = finish(js, (int64_t)len, line);
out:
	close_json(js);
	return rc;
}
