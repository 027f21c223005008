/*
 * json.h - values out of a JSON document of any size, in document order.
 *
 * A reader lists the paths it wants; everything else is checked for
 * well-formedness and skipped at the parser's own speed.  The document is
 * never in memory.
 *
 *	enum { MATCH = 1, ID, ALIAS };
 *	static const struct json_want wants[] = {
 *		{ "matches[]",				  MATCH },
 *		{ "matches[].vulnerability.id",		  ID },
 *		{ "matches[].relatedVulnerabilities[].id", ALIAS },
 *		{ NULL, 0 }
 *	};
 *
 * A path names keys separated by '.', "[]" for every element of an array, and
 * "*" for any key; a document that is an array starts with "[]".  A wanted
 * object or array is announced by JSON_BEGIN and JSON_END, a wanted scalar by
 * its own event.  The same path may stand for either: the event says which.
 * The path "" is the document itself.  Where a key and "*" both lead to a
 * value, the id of the key counts.
 *
 * Refused, with line and byte: anything RFC 8259 does not allow, invalid
 * UTF-8, more than one document, a duplicate key (also one spelled by
 * escapes), depth and length beyond the caps.  NUL (as \u0000) reaches the
 * reader as U+2400, a lone surrogate as U+FFFD.
 */
#ifndef MUSTER_JSON_H
#define MUSTER_JSON_H

#include <stddef.h>
#include <stdint.h>

struct err;
struct input;
struct json;
struct str;

struct json_want {
	const char	*path;
	int		 id;		/* > 0, the reader's own */
};

enum json_event {
	JSON_BEGIN, JSON_END, JSON_STRING, JSON_NUMBER, JSON_TRUE, JSON_FALSE,
	JSON_NULL
};

/* Called per wanted value.  text is NUL-terminated, borrowed, and NULL for
 * BEGIN, END and NULL; numbers, true and false come as their text. */
typedef int json_fn(void *ctx, struct json *js, int id, enum json_event ev,
    const char *text, size_t len, struct err *err);

int json_read(struct input *in, const struct json_want *wants, json_fn *fn,
    void *ctx, struct err *err);

/* Inside a json_fn: is the value just begun an array (else an object)?  The
 * key of the current value (or of the container it is in, for an array
 * element); the index of the innermost array element; where we are. */
int json_is_array(const struct json *js);
const char *json_key(const struct json *js);
int64_t json_index(const struct json *js);
void json_pointer(const struct json *js, struct str *out);  /* "/a/0/b" */

/* Report a shape error at the current place: err_set with pointer, line. */
int json_bad(struct json *js, struct err *err, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
