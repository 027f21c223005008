/*
 * json_priv.h - the parts of the JSON reader, for this room.
 *
 * json.c drives yajl and keeps the place; json_text.c mends the raw bytes
 * before yajl sees them; json_want.c finds out whether a value is wanted;
 * json_keys.c finds duplicate keys.
 */
#ifndef JSON_PRIV_H
#define JSON_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "muster/json.h"
#include "muster/str.h"

/*
 * json_text.c: UTF-8 is checked and two kinds of escape that yajl would turn
 * into something no reader wants are replaced by others of the same length:
 * \u0000 by \u2400, a lone surrogate by \ufffd.  What is cut off at the end of
 * a chunk is held back and comes first in the next.
 */
struct json_text {
	char		 carry[12];
	size_t		 carried;
	struct str	 copy;		/* where a chunk had to be changed */
};

/* Replace *p, *n by what may be parsed; last: hold nothing back.  Returns
 * false with *n being how many bytes are good when the next, (*p)[*n], is not
 * UTF-8 or never allowed. */
bool json_text_mend(struct json_text *t, const char **p, size_t *n, bool last);
void json_text_free(struct json_text *t);

/* json_want.c: the wanted paths as a trie. */
struct want {
	int		 id;		/* 0: only on the way to others */
	struct edge	*edges;
	size_t		 n, cap;
	struct want	*element;	/* "[]" */
	struct want	*any;		/* "*" */
};

struct want *json_want_compile(const struct json_want *wants,
    struct err *err);
void json_want_free(struct want *w);	/* accepts NULL */
/* Where a key leads (hash is its key_hash()); NULL: nowhere. */
const struct want *json_want_member(const struct want *w, const char *key,
    size_t len, uint64_t hash);

/*
 * json_keys.c: the keys of all objects that are open, innermost last.  The
 * last key of an object is the one whose value is being read.
 */
struct json_keys {
	struct key {
		uint64_t	hash;
		uint32_t	at, len;	/* in bytes, NUL follows */
	}		*v;
	size_t		 n, cap;
	struct str	 bytes;
	uint32_t	*slots;		/* of keys 0..tabled-1; number + 1 */
	size_t		 mask, tabled;
	size_t		 most, most_bytes;	/* set by who opens it */
};

enum json_keys_result { KEY_NEW, KEY_TWICE, KEY_TOO_MANY, KEY_TOO_LONG };

/* Add a key to the innermost object, whose first key is number first and
 * whose bloom filter starts as 0. */
enum json_keys_result json_keys_add(struct json_keys *k, size_t first,
    uint64_t *bloom, const char *key, size_t len, uint64_t hash);
/* Forget the keys from number first on: an object has ended. */
void json_keys_drop(struct json_keys *k, size_t first);
void json_keys_free(struct json_keys *k);
/* "/key" as a part of a JSON pointer. */
void json_keys_escaped(struct str *out, const char *key, size_t len);

/*
 * json.c: every value of a document in memory goes to fn, with id 0.
 * json_line() is the line the value ends on (a container: begins).
 */
int json_walk(const char *bytes, size_t len, const char *name, json_fn *fn,
    void *ctx, struct err *err);
int json_walk_input(struct input *in, json_fn *fn, void *ctx,
    struct err *err);
int64_t json_line(struct json *js);

#endif
