/*
 * json_want.c - the wanted paths of json.h as a trie; see json_priv.h.
 *
 * Where a key and "*" both match, both count: the branch of "*" is merged
 * into its siblings once, so that reading never follows two branches.
 */
#include <stdlib.h>
#include <string.h>

#include "json_priv.h"
#include "key.h"
#include "muster/err.h"
#include "muster/mem.h"

struct edge {
	uint64_t	 hash;
	char		*key;
	size_t		 len;
	struct want	*to;
};

static struct want *make(struct want **w)
{
	if (*w == NULL)
		*w = mem_alloc(sizeof(**w));
	return *w;
}

static uint64_t bit_of(uint64_t hash)
{
	return UINT64_C(1) << (hash >> 58);
}

/* Most keys lead nowhere, which their bit tells. */
static struct edge *find(const struct want *w, const char *key, size_t len,
    uint64_t hash)
{
	if ((w->bloom & bit_of(hash)) == 0)
		return NULL;
	for (size_t i = 0; i < w->n; i++)
		if (w->edges[i].hash == hash && w->edges[i].len == len &&
		    memcmp(w->edges[i].key, key, len) == 0)
			return &w->edges[i];
	return NULL;
}

static struct want *member(struct want *w, const char *key, size_t len)
{
	uint64_t hash = key_hash(key, len);
	struct edge *e = find(w, key, len, hash);

	if (e == NULL) {
		MEM_ROOM(w->edges, w->n, w->cap);
		e = &w->edges[w->n++];
		*e = (struct edge){ hash, mem_dupn(key, len), len, NULL };
		w->bloom |= bit_of(hash);
	}
	return make(&e->to);
}

/* One more path; NULL if it is not one. */
static struct want *path(struct want *w, const char *p)
{
	while (*p != '\0') {
		size_t len = strcspn(p, ".[");

		if (len == 0) {
			if (strncmp(p, "[]", 2) != 0)
				return NULL;
			w = make(&w->element);
			p += 2;
			if (*p != '.')
				continue;
		} else {
			w = len == 1 && *p == '*' ? make(&w->any) :
			    member(w, p, len);
			p += len;
			if (*p != '.')
				continue;
		}
		if (*++p == '\0' || *p == '.' || *p == '[')
			return NULL;
	}
	return w;
}

static void merge(struct want *to, const struct want *from)
{
	if (to->id == 0)
		to->id = from->id;
	for (size_t i = 0; i < from->n; i++)
		merge(member(to, from->edges[i].key, from->edges[i].len),
		    from->edges[i].to);
	if (from->element != NULL)
		merge(make(&to->element), from->element);
	if (from->any != NULL)
		merge(make(&to->any), from->any);
}

static void spread(struct want *w)
{
	for (size_t i = 0; i < w->n; i++) {
		if (w->any != NULL)
			merge(w->edges[i].to, w->any);
		spread(w->edges[i].to);
	}
	if (w->element != NULL)
		spread(w->element);
	if (w->any != NULL)
		spread(w->any);
}

struct want *json_want_compile(const struct json_want *wants, struct err *err)
{
	struct want *root = mem_alloc(sizeof(*root)), *w;

	for (; wants->path != NULL; wants++) {
		w = path(root, wants->path);
		if (w == NULL || w->id != 0 || wants->id <= 0) {
			err_set(err, ERR_BUG, "\"%s\" is not a path of json.h,"
			    " or is there twice", wants->path);
			json_want_free(root);
			return NULL;
		}
		w->id = wants->id;
	}
	spread(root);
	return root;
}

void json_want_free(struct want *w)
{
	if (w == NULL)
		return;
	for (size_t i = 0; i < w->n; i++) {
		json_want_free(w->edges[i].to);
		free(w->edges[i].key);
	}
	free(w->edges);
	json_want_free(w->element);
	json_want_free(w->any);
	free(w);
}

const struct want *json_want_member(const struct want *w, const char *key,
    size_t len, uint64_t hash)
{
	const struct edge *e = find(w, key, len, hash);

	return e != NULL ? e->to : w->any;
}
