/* row.c - a record from the members of a JSON object; see row.h. */
#include <string.h>

#include "muster/cap.h"
#include "muster/secret.h"
#include "row.h"

int row_take(struct str *s, struct json *js, enum json_event ev,
    const char *text, struct err *err)
{
	switch (ev) {
	case JSON_STRING:
	case JSON_NUMBER:
		str_clear(s);
		str_add(s, text);
		return 0;
	case JSON_NULL:
		str_clear(s);
		return 0;
	case JSON_END:
		return 0;
	case JSON_BEGIN:
	case JSON_TRUE:
	case JSON_FALSE:
		break;
	}
	return json_bad(js, err, "%s where text was expected",
	    ev != JSON_BEGIN ? "a boolean" :
	    json_is_array(js) ? "an array" : "an object");
}

bool row_join(struct str *list, const char *sep, const char *item)
{
	if (*item == '\0')
		return true;
	if (list->len + strlen(sep) + 3 * strlen(item) >
	    (size_t)cap(CAP_LIST_BYTES))
		return false;
	if (list->len > 0)
		str_add(list, sep);
	for (; *item != '\0'; item++) {
		if (*item == '\n')
			str_add(list, "\xe2\x90\xa4");
		else
			str_addc(list, *item);
	}
	return true;
}

bool row_listed(const struct str *list, const char *item)
{
	size_t n = strlen(item);

	for (const char *p = str_text(list); *p != '\0'; ) {
		size_t len = strcspn(p, "\n");

		if (len == n && memcmp(p, item, n) == 0)
			return true;
		p += len + (p[len] == '\n');
	}
	return false;
}

void row_title(struct str *out, const char *text)
{
	size_t n = strlen(text), from = out->len;

	if (n > ROW_TITLE)
		for (n = ROW_TITLE; n > 0 &&
		    ((unsigned char)text[n] & 0xc0) == 0x80; n--)
			continue;
	str_addn(out, text, n);
	for (char *s = out->s + from, *end = s + n; s < end; s++)
		if ((unsigned char)*s < 0x20)
			*s = ' ';
}

void row_masked(struct str *out, const char *name, const char *text)
{
	struct str clean = STR_INIT;

	secret_mask(name, text, &clean);
	row_title(out, str_text(&clean));
	str_free(&clean);
}

const char *row_fixed_in(const char *status)
{
	static const char words[] = "fixed in";

	if (!str_starts(status, words))
		return NULL;
	status += sizeof(words) - 1;
	return status + strspn(status, " ");
}

const char *row_text(const struct str *s)
{
	return s->len > 0 ? s->s : NULL;
}

int row_is_list(struct json *js, enum json_event ev, struct err *err)
{
	if (ev == JSON_NULL || ev == JSON_END ||
	    (ev == JSON_BEGIN && json_is_array(js)))
		return 0;
	return json_bad(js, err, "\"%s\" is no array; expected one",
	    json_key(js));
}

int row_is_object(struct json *js, enum json_event ev, struct err *err)
{
	if (ev == JSON_END || (ev == JSON_BEGIN && !json_is_array(js)))
		return 0;
	return json_bad(js, err, "an element of \"%s\" that is no object; "
	    "expected objects only", json_key(js));
}

int row_is_part(struct json *js, enum json_event ev, struct err *err)
{
	if (ev == JSON_NULL || ev == JSON_END ||
	    (ev == JSON_BEGIN && !json_is_array(js)))
		return 0;
	return json_bad(js, err, "\"%s\" is no object; expected one",
	    json_key(js));
}

const char *row_locator(struct str *out, const struct json *js)
{
	str_clear(out);
	str_add(out, "json:");
	json_pointer(js, out);
	return out->s;
}

const char *row_time(const char *text)
{
	if (str_starts(text, "0001-01-01") || str_starts(text, "1970-01-01"))
		return NULL;
	return text;
}
