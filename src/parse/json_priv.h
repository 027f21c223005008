/*
 * json_priv.h - the parts of the JSON reader, for this room.
 *
 * json_scan.c finds the tokens and hands on what is wanted, json_text.c knows
 * what strings say, json.c the place; json_want.c finds out whether a value is
 * wanted; json_keys.c finds duplicate keys.
 */
#ifndef JSON_PRIV_H
#define JSON_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "muster/json.h"
#include "muster/str.h"

/*
 * json_text.c: the end of the string whose text is at *i: its quote, or what
 * is wrong with it, or where to go on when there is more of it.  *escapes is
 * set where one is seen.
 */
enum json_text {
	TEXT_WHOLE, TEXT_CUT, TEXT_UTF8_CUT,
	TEXT_UTF8, TEXT_CONTROL, TEXT_ESCAPE
};

enum json_text json_text_end(const char *text, size_t *i, size_t n,
    bool *escapes);
/* What such a text says.  Two escapes say what no reader wants: \u0000 gives
 * U+2400, a lone surrogate U+FFFD. */
void json_text_decode(struct str *out, const char *p, size_t len);

/* json_want.c: the wanted paths as a trie. */
struct want {
	int		 id;		/* 0: only on the way to others */
	struct edge	*edges;
	size_t		 n, cap;
	uint64_t	 bloom;		/* of their keys */
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

/* An object or array that is open. */
struct json_frame {
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

	const struct want *root;
	struct json_frame *stack;
	size_t		 depth;
	size_t		 most_depth, most_key, most_value;	/* the caps */
	struct json_keys keys;
	struct str	 value, key;
	bool		 begun_array;
	bool		 started;	/* the first value has */

	/* What may come next: a value, or the end of the array just begun; a
	 * key, or the end of the object; a colon; what follows a value. */
	enum {
		EXPECT_VALUE, EXPECT_FIRST, EXPECT_KEY, EXPECT_MEMBER,
		EXPECT_COLON, EXPECT_NEXT, EXPECT_END
	}		 expect;

	/* The block being scanned, where it starts, and how far we are: to
	 * the last byte of a token, or to the one that is wrong. */
	const char	*block;
	size_t		 len, at;
	int64_t		 byte, line;
	size_t		 counted;	/* bytes json_line() has looked at */
	int64_t		 newlines;	/* in them */

	struct str	 part;		/* a token that a block's end cut */
	size_t		 resume;	/* how far it was looked at */
};

/* json_scan.c: the next bytes of the document, and where they start; last:
 * there are no more.  -1: refused, with the place. */
int json_scan(struct json *js, const char *p, size_t n, int64_t byte,
    int64_t line, bool last);

/* json.c: what is wrong at js->at. */
void json_wrong(struct json *js, const char *what);
void json_not_utf8(struct json *js);
void json_twice(struct json *js, const char *key, size_t len);
/* Add the place to an error in the document; returns -1. */
int json_placed(struct json *js, struct err *err);

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
