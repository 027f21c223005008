/*
 * toml.c - a TOML document as a tree; see toml.h.
 *
 * A map or list keeps in `text` how it came to be, because that decides what
 * may be added to it later.  The marks are dropped at the end.
 */
#include <stdlib.h>
#include <string.h>

#include "muster/cap.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/str.h"
#include "muster/toml.h"
#include "node_priv.h"

/* How a map or a list came to be. */
#define BY_PATH		"path"	/* on the way to a table: may be defined */
#define BY_HEADER	"header"	/* [table] */
#define BY_DOTS		"dots"	/* a.b = 1 */
#define BY_LIST		"list"	/* [[table]] */
#define BY_VALUE	"value"	/* { } or [ ]: closed */

struct toml {
	const char	*p, *end, *name;
	int		 line, depth;
	struct tree	*tree;
	struct node	*table;		/* the one at hand */
	struct str	 text;
	struct err	*err;
};

static int bad(struct toml *t, const char *what)
{
	err_set(t->err, ERR_INPUT, "no valid TOML: %s", what);
	return err_at(t->err, t->name, t->line, -1);
}

static int capped(struct toml *t, enum cap which, const char *what)
{
	cap_err(t->err, which, "%s", what);
	return err_at(t->err, t->name, t->line, -1);
}

static int at(const struct toml *t)
{
	return t->p < t->end ? (unsigned char)*t->p : -1;
}

static bool ahead(const struct toml *t, const char *text)
{
	size_t n = strlen(text);

	return (size_t)(t->end - t->p) >= n && memcmp(t->p, text, n) == 0;
}

static void blanks(struct toml *t)
{
	while (at(t) == ' ' || at(t) == '\t')
		t->p++;
}

static bool newline(struct toml *t)
{
	if (ahead(t, "\r\n"))
		t->p++;
	if (at(t) != '\n')
		return false;
	t->p++;
	t->line++;
	return true;
}

static int comment(struct toml *t)
{
	if (at(t) == '#')
		while (at(t) >= 0 && at(t) != '\n' && !ahead(t, "\r\n")) {
			if ((at(t) < 32 && at(t) != '\t') || at(t) == 127)
				return bad(t, "a control character in a "
				    "comment");
			t->p++;
		}
	return 0;
}

/* Blanks, comments and line ends, between the items of an array. */
static int space(struct toml *t)
{
	do {
		blanks(t);
		if (comment(t) < 0)
			return -1;
	} while (newline(t));
	return 0;
}

static int line_end(struct toml *t)
{
	blanks(t);
	if (comment(t) < 0)
		return -1;
	return newline(t) || at(t) < 0 ? 0 : bad(t, "something follows where "
	    "the line was expected to end");
}

/* ---------------------------------------------------------------- strings */

static void add_code(struct str *s, unsigned long c)
{
	if (c < 0x80) {
		str_addc(s, (char)c);
		return;
	}
	if (c < 0x800) {
		str_addc(s, (char)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			str_addc(s, (char)(0xe0 | c >> 12));
		} else {
			str_addc(s, (char)(0xf0 | c >> 18));
			str_addc(s, (char)(0x80 | (c >> 12 & 0x3f)));
		}
		str_addc(s, (char)(0x80 | (c >> 6 & 0x3f)));
	}
	str_addc(s, (char)(0x80 | (c & 0x3f)));
}

static int code(struct toml *t, int digits)
{
	unsigned long c = 0;

	for (int i = 0; i < digits; i++, t->p++) {
		static const char hex[] = "0123456789abcdef";
		int ch = at(t) >= 'A' && at(t) <= 'F' ? at(t) + 32 : at(t);
		const char *h = ch > 0 ? strchr(hex, ch) : NULL;

		if (h == NULL)
			return bad(t, "an escape without its hex digits");
		c = c * 16 + (unsigned long)(h - hex);
	}
	if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return bad(t, "an escape for no character, or for NUL");
	add_code(&t->text, c);
	return 0;
}

/* Behind a backslash; in long strings one at a line's end eats the break. */
static int escape(struct toml *t, bool is_long)
{
	static const char from[] = "btnfr\"\\", to[] = "\b\t\n\f\r\"\\";
	const char *f = at(t) > 0 ? strchr(from, at(t)) : NULL;

	if (f != NULL) {
		str_addc(&t->text, to[f - from]);
		t->p++;
		return 0;
	}
	if (at(t) == 'u' || at(t) == 'U') {
		t->p++;
		return code(t, t->p[-1] == 'u' ? 4 : 8);
	}
	blanks(t);
	if (!is_long || !newline(t))
		return bad(t, "an unknown escape in a string");
	do
		blanks(t);
	while (newline(t));
	return 0;
}

/* The quotes that end a long string may be preceded by one or two more. */
static bool closes(struct toml *t, char quote)
{
	int n = 0;

	while (n < 5 && t->end - t->p > n && t->p[n] == quote)
		n++;
	if (n < 3)
		return false;
	str_addn(&t->text, t->p, (size_t)n - 3);
	t->p += n;
	return true;
}

static int string(struct toml *t)
{
	char quote = *t->p;
	const char three[] = { quote, quote, quote, '\0' };
	bool is_long = ahead(t, three);
	int from = t->line;

	str_clear(&t->text);
	str_add(&t->text, "");
	t->p += is_long ? 3 : 1;
	if (is_long)
		newline(t);
	while (at(t) >= 0) {
		if (is_long ? closes(t, quote) : at(t) == quote) {
			t->p += !is_long;
			return 0;
		}
		if (at(t) == '\\' && quote == '"') {
			t->p++;
			if (escape(t, is_long) < 0)
				return -1;
		} else if (is_long && newline(t)) {
			str_addc(&t->text, '\n');
		} else if ((at(t) < 32 && at(t) != '\t') || at(t) == 127) {
			break;
		} else {
			str_addc(&t->text, *t->p++);
		}
	}
	t->line = from;
	return bad(t, "a string that does not end, or with a control "
	    "character");
}

/* ------------------------------------------------------------------- keys */

static bool bare(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* One part of a key, into t->text. */
static int part(struct toml *t)
{
	const char *from;

	blanks(t);
	if (ahead(t, "\"\"\"") || ahead(t, "'''"))
		return bad(t, "a long string as a key");
	if (at(t) == '"' || at(t) == '\'') {
		if (string(t) < 0)
			return -1;
	} else {
		for (from = t->p; bare(at(t)); t->p++)
			;
		if (t->p == from)
			return bad(t, "a key was expected");
		str_clear(&t->text);
		str_addn(&t->text, from, (size_t)(t->p - from));
	}
	blanks(t);
	return 0;
}

static struct node *add(struct toml *t, struct node *parent,
    enum node_kind kind, const char *key, const char *text)
{
	return tree_add(t->tree, parent, kind, key, key != NULL ?
	    strlen(key) : 0, text, text != NULL ? strlen(text) : 0, t->line,
	    t->err);
}

/* Down one part of a key that is not its last. */
static struct node *down(struct toml *t, struct node *map, const char *how)
{
	struct node *n = node_get(map, str_text(&t->text));

	if (n == NULL)
		return add(t, map, NODE_MAP, str_text(&t->text), how);
	if (n->kind == NODE_LIST && str_eq(n->text, BY_LIST) &&
	    strcmp(how, BY_PATH) == 0) {
		struct node *last = NULL;

		NODE_EACH(c, n)
			last = c;
		return last;
	}
	if (n->kind == NODE_MAP && !str_eq(n->text, BY_VALUE) &&
	    (strcmp(how, BY_PATH) == 0 || str_eq(n->text, BY_DOTS)))
		return n;
	bad(t, "a key that leads through a value, or adds to a closed table");
	return NULL;
}

/* "a.b.c": the map that c belongs to; c stays in t->text. */
static struct node *path(struct toml *t, struct node *map, const char *how)
{
	for (int n = 0; n < cap(CAP_TOML_DEPTH); n++) {
		if (part(t) < 0)
			return NULL;
		if (at(t) != '.')
			return map;
		t->p++;
		if ((map = down(t, map, how)) == NULL)
			return NULL;
	}
	capped(t, CAP_TOML_DEPTH, "a key of too many parts");
	return NULL;
}

/* ----------------------------------------------------------------- values */

static int value(struct toml *t, struct node *parent, const char *key);

static int pair(struct toml *t, struct node *map)
{
	struct node *in = path(t, map, BY_DOTS);
	char *key;
	int rc;

	if (in == NULL)
		return -1;
	if (node_get(in, str_text(&t->text)) != NULL)
		return bad(t, "a key is set twice");
	if (at(t) != '=')
		return bad(t, "\"=\" was expected behind a key");
	t->p++;
	blanks(t);
	key = mem_dup(str_text(&t->text));
	rc = value(t, in, key);
	free(key);
	return rc;
}

static int array(struct toml *t, struct node *parent, const char *key)
{
	struct node *list = add(t, parent, NODE_LIST, key, BY_VALUE);

	t->p++;
	if (list == NULL || space(t) < 0)
		return -1;
	while (at(t) != ']') {
		if (value(t, list, NULL) < 0 || space(t) < 0)
			return -1;
		if (at(t) == ',') {
			t->p++;
			if (space(t) < 0)
				return -1;
		} else if (at(t) != ']') {
			return bad(t, "\",\" or \"]\" was expected in an "
			    "array");
		}
	}
	t->p++;
	return 0;
}

static int inline_table(struct toml *t, struct node *parent, const char *key)
{
	struct node *map = add(t, parent, NODE_MAP, key, BY_VALUE);

	t->p++;
	blanks(t);
	if (map == NULL)
		return -1;
	if (at(t) == '}') {
		t->p++;
		return 0;
	}
	for (;;) {
		if (pair(t, map) < 0)
			return -1;
		blanks(t);
		if (at(t) != ',' && at(t) != '}')
			return bad(t, "\",\" or \"}\" was expected in a "
			    "table");
		if (*t->p++ == '}')
			return 0;
	}
}

/* Numbers, dates, true and false: what is no boolean stays as written. */
static int plain(struct toml *t, struct node *parent, const char *key)
{
	const char *from = t->p;
	enum node_kind kind = NODE_NUMBER;

	while (bare(at(t)) || at(t) == '+' || at(t) == '.' || at(t) == ':')
		t->p++;
	str_clear(&t->text);
	str_addn(&t->text, from, (size_t)(t->p - from));
	if (str_listed("true false", str_text(&t->text)))
		kind = NODE_BOOL;
	else if (t->p == from || (strchr("+-0123456789", *from) == NULL &&
	    !str_listed("inf nan", str_text(&t->text))))
		return bad(t, "a value was expected: a string in quotes, a "
		    "number, true, false, a list or a table");
	return add(t, parent, kind, key, str_text(&t->text)) != NULL ? 0 : -1;
}

static int value(struct toml *t, struct node *parent, const char *key)
{
	int rc;

	if (++t->depth > cap(CAP_TOML_DEPTH))
		return capped(t, CAP_TOML_DEPTH, "values nested too deep");
	if (at(t) == '"' || at(t) == '\'')
		rc = string(t) < 0 || add(t, parent, NODE_STRING, key,
		    str_text(&t->text)) == NULL ? -1 : 0;
	else if (at(t) == '[')
		rc = array(t, parent, key);
	else if (at(t) == '{')
		rc = inline_table(t, parent, key);
	else
		rc = plain(t, parent, key);
	t->depth--;
	return rc;
}

/* ----------------------------------------------------------------- tables */

static int table(struct toml *t)
{
	struct node *in, *n;

	t->p++;
	if ((in = path(t, tree_root(t->tree), BY_PATH)) == NULL)
		return -1;
	if (at(t) != ']')
		return bad(t, "\"]\" was expected behind a table's name");
	t->p++;
	n = node_get(in, str_text(&t->text));
	if (n == NULL)
		n = add(t, in, NODE_MAP, str_text(&t->text), BY_HEADER);
	else if (n->kind == NODE_MAP && str_eq(n->text, BY_PATH))
		n->text = BY_HEADER;
	else
		return bad(t, "a table is defined twice");
	t->table = n;
	return n != NULL ? line_end(t) : -1;
}

static int tables(struct toml *t)
{
	struct node *in, *n;

	t->p += 2;
	if ((in = path(t, tree_root(t->tree), BY_PATH)) == NULL)
		return -1;
	if (!ahead(t, "]]"))
		return bad(t, "\"]]\" was expected behind a list's name");
	t->p += 2;
	n = node_get(in, str_text(&t->text));
	if (n == NULL)
		n = add(t, in, NODE_LIST, str_text(&t->text), BY_LIST);
	else if (n->kind != NODE_LIST || !str_eq(n->text, BY_LIST))
		return bad(t, "a list of tables is something else already");
	if (n != NULL && n->count == (size_t)cap(CAP_TOML_TABLES))
		return capped(t, CAP_TOML_TABLES, "too many tables of one "
		    "name");
	if (n == NULL ||
	    (t->table = add(t, n, NODE_MAP, NULL, BY_HEADER)) == NULL)
		return -1;
	return line_end(t);
}

static int document(struct toml *t)
{
	if ((t->table = add(t, NULL, NODE_MAP, NULL, BY_HEADER)) == NULL)
		return -1;
	for (;;) {
		int rc;

		if (space(t) < 0)
			return -1;
		if (at(t) < 0)
			return 0;
		if (ahead(t, "[["))
			rc = tables(t);
		else if (at(t) == '[')
			rc = table(t);
		else if ((rc = pair(t, t->table)) == 0)
			rc = line_end(t);
		if (rc < 0)
			return -1;
	}
}

/* Maps and lists have no text of their own. */
static void unmark(struct node *n)
{
	struct node *top = n;

	while (n != NULL) {
		if (n->kind == NODE_MAP || n->kind == NODE_LIST)
			n->text = NULL;
		if (n->child != NULL) {
			n = n->child;
			continue;
		}
		while (n != top && n->next == NULL)
			n = n->parent;
		n = n == top ? NULL : n->next;
	}
}

struct tree *toml_tree(const char *bytes, size_t len, const char *name,
    struct err *err)
{
	struct toml t = { .p = bytes, .end = bytes + len, .name = name,
	    .line = 1, .tree = tree_new(), .err = err };
	int rc = str_is_utf8(bytes, len) ? document(&t) :
	    bad(&t, "it is not UTF-8");

	str_free(&t.text);
	if (rc == 0) {
		unmark(tree_root(t.tree));
		return t.tree;
	}
	tree_free(t.tree);
	return NULL;
}
