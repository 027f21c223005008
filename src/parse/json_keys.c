/*
 * json_keys.c - the keys of the open objects; see json_priv.h.
 *
 * Most objects have few keys, all different: a 64-bit bloom filter answers
 * for them, else the few hashes are compared one by one.  Past MANY keys there
 * is a hash table.  It always holds a prefix of the list of keys, and keys
 * leave in the opposite order of their coming, so a slot is simply cleared:
 * the table is then as it was before.  A key counts as seen only when its
 * bytes are equal.
 */
#include <stdlib.h>
#include <string.h>

#include "json_priv.h"
#include "muster/mem.h"

#define MANY 32

static bool same(const struct json_keys *k, size_t i, const char *key,
    size_t len, uint64_t hash)
{
	return k->v[i].hash == hash && k->v[i].len == len &&
	    memcmp(k->bytes.s + k->v[i].at, key, len) == 0;
}

static void enter(struct json_keys *k, size_t i)
{
	size_t s = (size_t)k->v[i].hash & k->mask;

	while (k->slots[s] != 0)
		s = (s + 1) & k->mask;
	k->slots[s] = (uint32_t)i + 1;
}

static void leave(struct json_keys *k, size_t i)
{
	size_t s = (size_t)k->v[i].hash & k->mask;

	while (k->slots[s] != i + 1)
		s = (s + 1) & k->mask;
	k->slots[s] = 0;
}

/* Bring the table up to date with the list, at most half full. */
static void table(struct json_keys *k)
{
	if (k->slots == NULL || k->n * 2 > k->mask) {
		size_t size = k->slots != NULL ? k->mask + 1 : MANY * 4;

		while (k->n * 2 > size - 1)
			size *= 2;
		free(k->slots);
		k->slots = mem_array(size, sizeof(*k->slots));
		k->mask = size - 1;
		k->tabled = 0;
	}
	while (k->tabled < k->n)
		enter(k, k->tabled++);
}

static bool seen(struct json_keys *k, size_t first, const char *key,
    size_t len, uint64_t hash)
{
	size_t s;

	if (k->n - first <= MANY) {
		for (size_t i = first; i < k->n; i++)
			if (same(k, i, key, len, hash))
				return true;
		return false;
	}
	table(k);
	for (s = (size_t)hash & k->mask; k->slots[s] != 0;
	    s = (s + 1) & k->mask)
		if (k->slots[s] > first &&
		    same(k, k->slots[s] - 1, key, len, hash))
			return true;
	return false;
}

/* With a NUL behind them; for every key of a document, so without a call. */
static void add_bytes(struct str *b, const char *key, size_t len)
{
	if (b->cap - b->len <= len) {
		b->cap = (b->cap + len) * 2 + 256;
		b->s = mem_grow(b->s, b->cap, 1);
	}
	memcpy(b->s + b->len, key, len);
	b->s[b->len + len] = '\0';
	b->len += len + 1;
}

enum json_keys_result json_keys_add(struct json_keys *k, size_t first,
    uint64_t *bloom, const char *key, size_t len, uint64_t hash)
{
	uint64_t bit = UINT64_C(1) << (hash >> 58);

	if ((*bloom & bit) != 0 && seen(k, first, key, len, hash))
		return KEY_TWICE;
	*bloom |= bit;
	if (k->n >= k->most)
		return KEY_TOO_MANY;
	if (k->bytes.len + len >= k->most_bytes)
		return KEY_TOO_LONG;
	MEM_ROOM(k->v, k->n, k->cap);
	k->v[k->n++] = (struct key){ hash, (uint32_t)k->bytes.len,
	    (uint32_t)len };
	add_bytes(&k->bytes, key, len);
	return KEY_NEW;
}

void json_keys_drop(struct json_keys *k, size_t first)
{
	if (k->n == first)
		return;
	while (k->tabled > first)
		leave(k, --k->tabled);
	k->bytes.len = k->v[first].at;
	k->n = first;
}

void json_keys_free(struct json_keys *k)
{
	free(k->v);
	free(k->slots);
	str_free(&k->bytes);
}

void json_keys_escaped(struct str *out, const char *key, size_t len)
{
	str_addc(out, '/');
	while (len > 0) {
		size_t n = 0;

		while (n < len && key[n] != '~' && key[n] != '/')
			n++;
		str_addn(out, key, n);
		if (n < len)
			str_add(out, key[n++] == '~' ? "~0" : "~1");
		key += n;
		len -= n;
	}
}
