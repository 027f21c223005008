/* probe.c - what an importer may look at before it bids; see import.h. */
#include <stdlib.h>
#include <string.h>

#include "muster/err.h"
#include "muster/input.h"
#include "muster/json.h"
#include "muster/mem.h"
#include "muster/str.h"
#include "muster/xml.h"
#include "import_priv.h"

#define PROBE_KEYS	512
#define PROBE_DEPTH	4

/*
 * The key paths of a JSON head, to PROBE_DEPTH.  The head is cut anywhere, so
 * this is a scan for structure and not a parser: it never refuses anything,
 * and what it makes of a malformed file does not matter, since the importer
 * that is chosen reads the file with the real one.
 */
struct keyscan {
	struct probe	*p;
	char		 path[256];
	size_t		 len[64];	/* of the path, per open container */
	char		 kind[64];	/* '{' or '[' */
	size_t		 depth, skipped;
};

static void note_path(struct keyscan *k)
{
	struct probe *p = k->p;

	if (p->nkeys == PROBE_KEYS)
		return;
	for (size_t i = 0; i < p->nkeys; i++)
		if (strcmp(p->keys[i], k->path) == 0)
			return;
	if (p->keys == NULL)
		p->keys = mem_array(PROBE_KEYS, sizeof(*p->keys));
	p->keys[p->nkeys++] = mem_dup(k->path);
}

static void open_container(struct keyscan *k, char kind)
{
	size_t len = strlen(k->path);

	if (k->depth == sizeof(k->kind) || len + 3 > sizeof(k->path)) {
		k->skipped++;
		return;
	}
	if (kind == '[') {
		memcpy(k->path + len, "[]", 3);
		len += 2;
	}
	k->kind[k->depth] = kind;
	k->len[k->depth++] = len;
}

static void close_container(struct keyscan *k)
{
	if (k->skipped > 0) {
		k->skipped--;
		return;
	}
	if (k->depth > 0)
		k->depth--;
	k->path[k->depth > 0 ? k->len[k->depth - 1] : 0] = '\0';
}

/* A string that a colon follows, inside an object: a key. */
static void see_key(struct keyscan *k, const char *s, size_t n)
{
	size_t at = k->len[k->depth - 1];

	k->path[at] = '\0';
	if (k->depth > PROBE_DEPTH || at + n + 2 > sizeof(k->path))
		return;
	if (at > 0)
		k->path[at++] = '.';
	memcpy(k->path + at, s, n);
	k->path[at + n] = '\0';
	note_path(k);
}

static void scan_keys(struct probe *p)
{
	struct keyscan k = { .p = p };
	const char *s = p->head, *end = s + p->head_len;

	while (s < end) {
		const char *from = s;

		switch (*s++) {
		case '{':
		case '[':
			open_container(&k, s[-1]);
			break;
		case '}':
		case ']':
			close_container(&k);
			break;
		case '"':
			while (s < end && *s != '"')
				s += *s == '\\' && s + 1 < end ? 2 : 1;
			if (s >= end)
				return;
			s++;
			for (const char *c = s; c < end; c++) {
				if (strchr(" \t\r\n", *c) != NULL)
					continue;
				if (*c == ':' && k.depth > 0 &&
				    k.skipped == 0 &&
				    k.kind[k.depth - 1] == '{')
					see_key(&k, from + 1,
					    (size_t)(s - from) - 2);
				break;
			}
			break;
		default:
			break;
		}
	}
}

static bool looks_binary(const char *head, size_t len)
{
	return memchr(head, '\0', len) != NULL;
}

int probe_fill(struct probe *p, struct input *in, struct err *err)
{
	size_t skip = 0;

	memset(p, 0, sizeof(*p));
	p->name = input_name(in);
	p->dirfd = -1;
	if (input_is_dir(in)) {
		p->kind = PROBE_DIR;
		p->dirfd = input_fd(in);
		return 0;
	}
	if ((p->raw = input_raw_head(in, &p->raw_len, err)) == NULL ||
	    (p->head = input_head(in, &p->head_len, err)) == NULL)
		return -1;
	while (skip < p->head_len && strchr(" \t\r\n", p->head[skip]) != NULL)
		skip++;
	if (p->raw_len == 0 || skip == p->head_len) {
		p->kind = PROBE_EMPTY;
	} else if (p->head[skip] == '<') {
		p->kind = PROBE_XML;
		xml_root(p->head, p->head_len, p->xml_ns, p->xml_name);
	} else if (p->head[skip] == '{' || p->head[skip] == '[') {
		p->kind = PROBE_JSON;
		scan_keys(p);
	} else if (looks_binary(p->head, p->head_len)) {
		p->kind = PROBE_BINARY;
	} else {
		p->kind = PROBE_TEXT;
	}
	return 0;
}

void probe_clear(struct probe *p)
{
	for (size_t i = 0; i < p->nkeys; i++)
		free(p->keys[i]);
	free(p->keys);
	p->keys = NULL;
	p->nkeys = 0;
}

bool probe_has(const struct probe *p, const char *path)
{
	for (size_t i = 0; i < p->nkeys; i++)
		if (strcmp(p->keys[i], path) == 0)
			return true;
	return false;
}

bool probe_seen(const struct probe *p, const char *text)
{
	return p->head_len > 0 && p->kind != PROBE_DIR &&
	    memmem(p->head, p->head_len, text, strlen(text)) != NULL;
}
