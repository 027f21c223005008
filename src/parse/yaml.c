/*
 * yaml.c - YAML to trees, a document at a time; see yaml.h.
 *
 * libyaml delivers events; this file keeps a stack of the collections that
 * are open, decides what a plain scalar means (as Kubernetes' own reader
 * does), expands aliases and merges as counted copies, and drops the tree
 * once the caller has seen the document.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "key.h"
#include "muster/cap.h"
#include "muster/err.h"
#include "muster/input.h"
#include "muster/mem.h"
#include "muster/str.h"
#include "muster/yaml.h"
#include "node_priv.h"
#include "yaml_priv.h"

/* What libyaml may swallow without an event, in scalars: one, escaped, and
 * what stands around it. */
#define MAX_SILENCE	16
/* How far libyaml may be ahead of the event it reports, twice over: the text
 * kept so that an error can look at its own line. */
#define WINDOW		(256 * 1024)

struct anchor {
	char		*name;
	struct node	*node;
};

/* A collection that is open. */
struct frame {
	struct node	*node;
	char		*key;		/* of a map: read, its value is due */
	size_t		 keylen;
	int		 keyline;
	bool		 merging;	/* that key is a plain "<<" */
	struct node	**merges;	/* what "<<" names, in order */
	size_t		 nmerges, mergecap;
};

struct reader {
	struct input	*in;
	struct err	*err;		/* of the read handler */
	yaml_parser_t	 parser;
	const char	*piece;		/* what is left of the input's text */
	size_t		 left;
	size_t		 silent;	/* bytes given since the last event */
	bool		 failed;	/* the input did, err is set */
	bool		 swallowed;	/* MAX_SILENCE was reached */
	struct str	 window;	/* the last bytes given, and the line */
	int64_t		 window_line;	/* its first byte is on */

	struct tree	*tree;
	struct frame	*stack;
	size_t		 depth;
	struct anchor	*anchors;	/* open addressing by name */
	size_t		 nanchors, mask;
	int		 doc;
};

static int line_of(size_t line)
{
	return line >= INT_MAX ? INT_MAX : (int)line + 1;
}

/* Keep the end of what was given, whole lines of it where possible. */
static void remember(struct reader *r, const char *p, size_t len)
{
	struct str *w = &r->window;

	str_addn(w, p, len);
	if (w->len < 2 * WINDOW)
		return;
	for (size_t i = 0; i < w->len - WINDOW; i++)
		r->window_line += w->s[i] == '\n';
	memmove(w->s, w->s + w->len - WINDOW, WINDOW);
	w->len = WINDOW;
	w->s[w->len] = '\0';
}

static int give(void *ctx, unsigned char *to, size_t size, size_t *given)
{
	struct reader *r = ctx;

	if (r->left == 0 &&
	    (r->piece = input_next(r->in, &r->left, r->err)) == NULL) {
		r->failed = true;
		return 0;
	}
	if ((r->silent += r->left < size ? r->left : size) >
	    MAX_SILENCE * (size_t)cap(CAP_YAML_SCALAR)) {
		r->swallowed = true;
		return 0;
	}
	*given = r->left < size ? r->left : size;
	memcpy(to, r->piece, *given);
	remember(r, r->piece, *given);
	r->piece += *given;
	r->left -= *given;
	return 1;
}

/* Does a line of the file, as far as still known, hold a template's mark? */
static bool templated(const struct reader *r, int64_t line)
{
	const char *s = str_text(&r->window), *end;
	int64_t at = r->window_line;

	for (; at < line && (s = strchr(s, '\n')) != NULL; at++)
		s++;
	if (s == NULL || at != line)
		return false;
	end = strchr(s, '\n');
	s = strstr(s, "{{");
	return s != NULL && (end == NULL || s < end);
}

/* Report what is wrong at a line, unless the reason is plain to see. */
static int bad(struct reader *r, struct err *err, int line, const char *what)
{
	int at = line;

	/* libyaml may notice only at the line below. */
	while (at > 0 && at >= line - 1 && !templated(r, at))
		at--;
	if (at > 0 && at >= line - 1) {
		err_set(err, ERR_INPUT, "an unrendered template (\"{{\"); "
		    "expected the manifest that it renders to");
		line = at;
	} else {
		err_set(err, ERR_INPUT, "not valid YAML: %s", what);
	}
	return err_at(err, input_name(r->in), line, -1);
}

/* libyaml gave up. */
static int broken(struct reader *r, struct err *err)
{
	const yaml_parser_t *p = &r->parser;
	int line = line_of(p->problem_mark.line);
	char what[256];

	if (r->failed)
		return -1;
	if (p->error == YAML_MEMORY_ERROR)
		mem_must(NULL);
	if (p->error == YAML_READER_ERROR)
		line = line_of(p->mark.line);
	if (r->swallowed) {
		cap_err(err, CAP_YAML_SCALAR, "a YAML scalar that is too "
		    "long");
		return err_at(err, input_name(r->in), line_of(p->mark.line),
		    -1);
	}
	snprintf(what, sizeof(what), "%s%s%s",
	    p->problem != NULL ? p->problem : "it cannot be read",
	    p->context != NULL ? " " : "",
	    p->context != NULL ? p->context : "");
	return bad(r, err, line, what);
}

/* The slot of an anchor's name: its own, or the free one it would take. */
static struct anchor *slot(const struct reader *r, const char *name)
{
	size_t i = (size_t)key_hash(name, strlen(name)) & r->mask;

	while (r->anchors[i].name != NULL &&
	    strcmp(r->anchors[i].name, name) != 0)
		i = (i + 1) & r->mask;
	return &r->anchors[i];
}

static void more_slots(struct reader *r)
{
	struct anchor *old = r->anchors, *to;
	size_t n = old != NULL ? r->mask + 1 : 0;

	r->mask = (n != 0 ? n * 2 : 64) - 1;
	r->anchors = mem_array(r->mask + 1, sizeof(*r->anchors));
	for (size_t i = 0; i < n; i++)
		if (old[i].name != NULL) {
			to = slot(r, old[i].name);
			*to = old[i];
		}
	free(old);
}

static int anchored(struct reader *r, const yaml_char_t *name,
    struct node *n, int line, struct err *err)
{
	struct anchor *a;

	if (name == NULL)
		return 0;
	if (r->anchors == NULL || r->nanchors * 2 > r->mask)
		more_slots(r);
	a = slot(r, (const char *)name);
	if (a->name == NULL) {
		if (++r->nanchors > (size_t)cap(CAP_YAML_ANCHORS)) {
			cap_err(err, CAP_YAML_ANCHORS, "too many anchors");
			return err_at(err, input_name(r->in), line, -1);
		}
		a->name = mem_dup((const char *)name);
	}
	a->node = n;		/* the latest of a name counts */
	return 0;
}

static void forget_anchors(struct reader *r)
{
	for (size_t i = 0; r->anchors != NULL && i <= r->mask; i++)
		free(r->anchors[i].name);
	free(r->anchors);
	r->anchors = NULL;
	r->nanchors = r->mask = 0;
}

static struct frame *top(struct reader *r)
{
	return r->depth > 0 ? &r->stack[r->depth - 1] : NULL;
}

/* A value has been added: the map's next event is a key. */
static void filled(struct frame *f)
{
	if (f == NULL)
		return;
	free(f->key);
	f->key = NULL;
	f->merging = false;
}

static int merge_from(struct reader *r, struct frame *f, struct node *n,
    int line, struct err *err)
{
	if (n->kind == NODE_LIST) {
		NODE_EACH(item, n)
			if (item->kind == NODE_LIST)
				return bad(r, err, line, "\"<<\" names a "
				    "list inside a list; expected maps");
			else if (merge_from(r, f, item, line, err) < 0)
				return -1;
		return 0;
	}
	if (n->kind != NODE_MAP)
		return bad(r, err, line,
		    "\"<<\" names something that is no map");
	if (f->nmerges == (size_t)cap(CAP_YAML_MERGES)) {
		cap_err(err, CAP_YAML_MERGES, "too many merges into one map");
		return err_at(err, input_name(r->in), line, -1);
	}
	MEM_ROOM(f->merges, f->nmerges, f->mergecap);
	f->merges[f->nmerges++] = n;
	return 0;
}

/* A map is complete: add what it merges, its own keys first. */
static int merge(struct reader *r, struct frame *f, struct err *err)
{
	for (size_t i = 0; i < f->nmerges; i++)
		NODE_EACH(n, f->merges[i]) {
			if (strcmp(n->key, "<<") == 0 || tree_find(f->node,
			    n->key, strlen(n->key)) != NULL)
				continue;
			if (tree_copy(r->tree, f->node, n->key,
			    strlen(n->key), n, err) == NULL)
				return err_at(err, input_name(r->in),
				    f->node->line, -1);
		}
	return 0;
}

/* The scalar that stands where a key is due. */
static int key(struct reader *r, const yaml_event_t *ev, struct err *err)
{
	const char *text = (const char *)ev->data.scalar.value;
	size_t len = ev->data.scalar.length;
	int line = line_of(ev->start_mark.line);
	struct frame *f = top(r);
	struct str what = STR_INIT;
	bool again;

	if (memchr(text, '\0', len) != NULL)
		return bad(r, err, line, "a key with a NUL in it");
	f->merging = yaml_scalar_plain(ev) && len == 2 &&
	    memcmp(text, "<<", 2) == 0;
	again = tree_find(f->node, text, len) != NULL ||
	    (f->merging && f->nmerges > 0);
	if (again) {
		str_addf(&what, "the key \"%.100s\" appears twice in one map",
		    text);
		bad(r, err, line, str_text(&what));
		str_free(&what);
		return -1;
	}
	f->key = mem_dupn(text, len);
	f->keylen = len;
	f->keyline = line;
	return 0;
}

static bool key_due(struct reader *r)
{
	const struct frame *f = top(r);

	return f != NULL && f->node->kind == NODE_MAP && f->key == NULL;
}

/* Add a value at the current place. */
static struct node *value(struct reader *r, enum node_kind kind,
    const char *text, size_t len, int line, struct err *err)
{
	struct frame *f = top(r);
	struct node *n;

	n = tree_add(r->tree, f != NULL ? f->node : NULL, kind,
	    f != NULL ? f->key : NULL, f != NULL ? f->keylen : 0, text, len,
	    line, err);
	if (n == NULL)
		err_at(err, input_name(r->in), line, -1);
	return n;
}

static int scalar(struct reader *r, const yaml_event_t *ev, struct err *err)
{
	int line = line_of(ev->start_mark.line);
	struct str text = STR_INIT;
	enum node_kind kind;
	struct node *n;
	int rc = -1;

	if (ev->data.scalar.length > (size_t)cap(CAP_YAML_SCALAR)) {
		cap_err(err, CAP_YAML_SCALAR, "a YAML scalar of %zu bytes",
		    ev->data.scalar.length);
		return err_at(err, input_name(r->in), line, -1);
	}
	if (key_due(r)) {
		if (ev->data.scalar.anchor != NULL)
			return bad(r, err, line, "an anchor on a key");
		return key(r, ev, err);
	}
	if (r->depth == 0 && ev->data.scalar.length == 0 &&
	    yaml_scalar_plain(ev))
		return 0;		/* an empty document */
	if (!yaml_scalar_resolve(ev, &kind, &text)) {
		bad(r, err, line, "a tag that is not one of YAML's own, or "
		    "a value that does not fit its tag");
		goto out;
	}
	if (top(r) != NULL && top(r)->merging) {
		bad(r, err, line, "\"<<\" names something that is no map");
		goto out;
	}
	n = value(r, kind, kind != NODE_NULL ? str_text(&text) : NULL,
	    text.len, line, err);
	if (n == NULL ||
	    anchored(r, ev->data.scalar.anchor, n, line, err) < 0)
		goto out;
	filled(top(r));
	rc = 0;
out:
	str_free(&text);
	return rc;
}

static int begin(struct reader *r, enum node_kind kind,
    const yaml_char_t *anchor, const yaml_char_t *tag, int line,
    struct err *err)
{
	struct node *n;

	if (key_due(r))
		return bad(r, err, line, "a map or list as a key");
	if (!yaml_scalar_tagged((const char *)tag, kind))
		return bad(r, err, line,
		    "a tag that is not one of YAML's own");
	if (r->depth == (size_t)cap(CAP_YAML_DEPTH)) {
		cap_err(err, CAP_YAML_DEPTH, "YAML nested too deep");
		return err_at(err, input_name(r->in), line, -1);
	}
	if ((n = value(r, kind, NULL, 0, line, err)) == NULL ||
	    anchored(r, anchor, n, line, err) < 0)
		return -1;
	r->stack[r->depth++] = (struct frame){ .node = n };
	return 0;
}

static int end(struct reader *r, struct err *err)
{
	struct frame *f = top(r), *up;
	struct node *n = f->node;
	int rc;

	rc = merge(r, f, err);
	free(f->merges);
	f->merges = NULL;
	r->depth--;
	up = top(r);
	if (rc == 0 && up != NULL && up->merging)
		rc = merge_from(r, up, n, n->line, err);
	filled(up);
	return rc;
}

static int alias(struct reader *r, const yaml_event_t *ev, struct err *err)
{
	const char *name = (const char *)ev->data.alias.anchor;
	int line = line_of(ev->start_mark.line), rc = 0;
	struct frame *f = top(r);
	const struct anchor *a = r->anchors != NULL ? slot(r, name) : NULL;

	if (key_due(r))
		return bad(r, err, line, "an alias as a key");
	if (a == NULL || a->name == NULL)
		return bad(r, err, line, "an alias that no anchor is for");
	if (f == NULL)
		return bad(r, err, line, "an alias as a document");
	if (f->merging)
		rc = merge_from(r, f, a->node, line, err);
	else if (tree_copy(r->tree, f->node, f->key, f->keylen, a->node,
	    err) == NULL)
		rc = err_at(err, input_name(r->in), line, -1);
	filled(f);
	return rc;
}

/* Leave nothing of a document behind. */
static void drop(struct reader *r)
{
	while (r->depth > 0) {
		struct frame *f = &r->stack[--r->depth];

		free(f->key);
		free(f->merges);
	}
	forget_anchors(r);
	tree_free(r->tree);
	r->tree = NULL;
}

static int event(struct reader *r, const yaml_event_t *ev, yaml_fn *fn,
    void *ctx, struct err *err)
{
	int line = line_of(ev->start_mark.line), rc;

	switch (ev->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (r->doc == INT_MAX)
			return bad(r, err, line, "too many documents");
		r->doc++;
		r->tree = tree_new();
		return 0;
	case YAML_DOCUMENT_END_EVENT:
		rc = fn(ctx, r->tree, r->doc, err);
		drop(r);
		return rc < 0 ? err_at(err, input_name(r->in), 0, -1) : 0;
	case YAML_SCALAR_EVENT:
		return scalar(r, ev, err);
	case YAML_ALIAS_EVENT:
		return alias(r, ev, err);
	case YAML_SEQUENCE_START_EVENT:
		return begin(r, NODE_LIST, ev->data.sequence_start.anchor,
		    ev->data.sequence_start.tag, line, err);
	case YAML_MAPPING_START_EVENT:
		return begin(r, NODE_MAP, ev->data.mapping_start.anchor,
		    ev->data.mapping_start.tag, line, err);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return end(r, err);
	default:
		return 0;
	}
}

int yaml_read(struct input *in, yaml_fn *fn, void *ctx, struct err *err)
{
	struct reader *r = mem_alloc(sizeof(*r));
	yaml_event_t ev;
	bool more = true;
	int rc = 0;

	r->in = in;
	r->err = err;
	r->window_line = 1;
	r->stack = mem_array((size_t)cap(CAP_YAML_DEPTH), sizeof(*r->stack));
	if (!yaml_parser_initialize(&r->parser))
		mem_must(NULL);		/* it fails of nothing else */
	yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input(&r->parser, give, r);
	while (more) {
		if (!yaml_parser_parse(&r->parser, &ev)) {
			rc = broken(r, err);
			goto out;
		}
		r->silent = 0;
		more = ev.type != YAML_STREAM_END_EVENT;
		rc = event(r, &ev, fn, ctx, err);
		yaml_event_delete(&ev);
		if (rc < 0)
			goto out;
	}
out:
	drop(r);
	str_free(&r->window);
	yaml_parser_delete(&r->parser);
	free(r->stack);
	free(r);
	return rc;
}
