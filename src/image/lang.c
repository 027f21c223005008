/*
 * lang.c - a file as it goes by: small ones that describe a package are
 * gathered whole, archives too, and programs are searched for what Go leaves
 * in them.
 */
#include <stdlib.h>
#include <string.h>

#include "lang.h"
#include "muster/mem.h"
#include "muster/str.h"

#define MAGIC	"\xff Go buildinf:"
#define MAGIC_LEN 14
#define TAIL	(MAGIC_LEN - 1)

enum kind { NONE, PYTHON, NPM, JAR, PROGRAM };

struct lang {
	enum kind	 kind;
	const char	*path;
	struct str	 whole;		/* PROGRAM: from the magic on */
	char		 tail[TAIL];	/* the last bytes gone by */
	size_t		 tail_len;
	bool		 begun;		/* something has gone by */
	struct str	 found;
};

struct lang *lang_new(void)
{
	return mem_alloc(sizeof(struct lang));
}

void lang_free(struct lang *l)
{
	if (l == NULL)
		return;
	str_free(&l->whole);
	str_free(&l->found);
	free(l);
}

/* node_modules/NAME/package.json and node_modules/@SCOPE/NAME/package.json,
 * not what lies deeper in a package. */
static bool is_npm(const char *path, size_t len)
{
	static const char file[] = "/package.json", dir[] = "node_modules/";
	const char *end = path + len - (sizeof(file) - 1), *p = end;

	if (len < sizeof(file) || strcmp(end, file) != 0)
		return false;
	while (p > path && p[-1] != '/')
		p--;
	if (p == path || p == end)
		return false;
	if ((size_t)(p - path) >= sizeof(dir) - 1 &&
	    strncmp(p - (sizeof(dir) - 1), dir, sizeof(dir) - 1) == 0)
		return true;
	for (p--; p > path && p[-1] != '/'; )
		p--;
	return *p == '@' && (size_t)(p - path) >= sizeof(dir) - 1 &&
	    strncmp(p - (sizeof(dir) - 1), dir, sizeof(dir) - 1) == 0;
}

static enum kind kind_of(const char *path, unsigned mode)
{
	size_t len = strlen(path);

	if (str_ends(path, ".dist-info/METADATA") ||
	    str_ends(path, ".egg-info/PKG-INFO") ||
	    str_ends(path, ".egg-info"))
		return PYTHON;
	if (is_npm(path, len))
		return NPM;
	if (str_ends(path, ".jar") || str_ends(path, ".war") ||
	    str_ends(path, ".ear"))
		return JAR;
	return (mode & 0111) != 0 ? PROGRAM : NONE;
}

void lang_begin(struct lang *l, const char *path, int64_t size,
    unsigned mode)
{
	l->kind = size > 0 ? kind_of(path, mode) : NONE;
	l->path = path;
	l->begun = false;
	l->tail_len = 0;
	str_clear(&l->whole);
	str_clear(&l->found);
	if (l->kind == JAR && size > cap(CAP_LANG_ARCHIVE))
		lang_cut(&l->found, CAP_LANG_ARCHIVE);
	else if ((l->kind == PYTHON || l->kind == NPM) &&
	    size > cap(CAP_LANG_TEXT))
		lang_cut(&l->found, CAP_LANG_TEXT);
	if (l->found.len > 0)
		l->kind = NONE;
}

static bool is_program(const char *p, size_t len)
{
	return len >= 4 && (memcmp(p, "\177ELF", 4) == 0 ||
	    memcmp(p, "MZ", 2) == 0);
}

/* Where the magic stands in what was just read, and in the end of what came
 * before; programs hold it as a mere constant, too, so look on. */
static void search(struct lang *l, const char *p, size_t len)
{
	char edge[2 * TAIL];
	size_t head = len < TAIL ? len : TAIL;
	const char *at;

	memcpy(edge, l->tail, l->tail_len);
	memcpy(edge + l->tail_len, p, head);
	at = memmem(edge, l->tail_len + head, MAGIC, MAGIC_LEN);
	if (at != NULL) {
		str_addn(&l->whole, at, l->tail_len - (size_t)(at - edge));
		str_addn(&l->whole, p, len);
		return;
	}
	if ((at = memmem(p, len, MAGIC, MAGIC_LEN)) != NULL) {
		str_addn(&l->whole, at, len - (size_t)(at - p));
		return;
	}
	if (len >= TAIL) {
		memcpy(l->tail, p + len - TAIL, TAIL);
		l->tail_len = TAIL;
		return;
	}
	head = l->tail_len + len > TAIL ? l->tail_len + len - TAIL : 0;
	memmove(l->tail, l->tail + head, l->tail_len - head);
	memcpy(l->tail + l->tail_len - head, p, len);
	l->tail_len += len - head;
}

/* Enough is there to tell: a list of modules, or no more than the constant. */
static void settle(struct lang *l)
{
	struct str rest = l->whole;
	size_t skip = 1;

	while (l->kind == PROGRAM && rest.len > 0) {
		const char *at;

		if (lang_go(rest.s, rest.len, &l->found)) {
			l->kind = NONE;
			return;
		}
		at = memmem(rest.s + skip, rest.len - skip, MAGIC, MAGIC_LEN);
		if (at == NULL)
			break;
		rest.len -= (size_t)(at - rest.s);
		rest.s += at - rest.s;
	}
	/* the magic may begin at the very end */
	l->tail_len = l->whole.len < TAIL ? l->whole.len : TAIL;
	if (l->tail_len > 0)
		memcpy(l->tail, l->whole.s + l->whole.len - l->tail_len,
		    l->tail_len);
	str_clear(&l->whole);
}

void lang_add(struct lang *l, const void *bytes, size_t len)
{
	if (l->kind == NONE || len == 0)
		return;
	if (l->kind != PROGRAM) {
		str_addn(&l->whole, bytes, len);
		return;
	}
	if (!l->begun && !is_program(bytes, len)) {
		l->kind = NONE;
		return;
	}
	l->begun = true;
	if (l->whole.len > 0)
		str_addn(&l->whole, bytes, len);
	else
		search(l, bytes, len);
	if (l->whole.len >= LANG_GO)
		settle(l);
}

const char *lang_end(struct lang *l)
{
	switch (l->kind) {
	case PYTHON:
		lang_text_python(str_text(&l->whole), l->whole.len,
		    &l->found);
		break;
	case NPM:
		lang_text_npm(str_text(&l->whole), l->whole.len, &l->found);
		break;
	case JAR:
		lang_jar(l->path, str_text(&l->whole), l->whole.len,
		    &l->found);
		break;
	case PROGRAM:
		settle(l);
		break;
	case NONE:
		break;
	}
	return l->found.len > 0 ? l->found.s : NULL;
}

static void field(struct str *out, const char *text)
{
	size_t start = out->len;

	str_utf8(out, text, strlen(text));
	for (size_t i = start; i < out->len; i++)
		if ((unsigned char)out->s[i] < ' ')
			out->s[i] = ' ';
}

void lang_cut(struct str *out, enum cap which)
{
	char line[16];
	int n = snprintf(line, sizeof(line), "%d\n", (int)which);

	if (out->len < (size_t)n || (out->len > (size_t)n &&
	    out->s[out->len - (size_t)n - 1] != '\n') ||
	    strcmp(out->s + out->len - n, line) != 0)
		str_add(out, line);
}

void lang_found(struct str *out, const char *type, const char *name,
    const char *version)
{
	if (str_empty(name))
		return;
	if (out->len >= (size_t)cap(CAP_LANG_FOUND)) {
		lang_cut(out, CAP_LANG_FOUND);
		return;
	}
	str_addf(out, "%s\t", type);
	field(out, name);
	str_addc(out, '\t');
	field(out, version != NULL ? version : "");
	str_addc(out, '\n');
}
