/* dockerfile_expand.c - build arguments put in, as far as the file gives
 * them a value. */
#include <ctype.h>
#include <string.h>

#include "muster/cap.h"
#include "dockerfile_parse.h"

#define MAX_DEPTH 8	/* of ${A:-${B:-c}} */

struct expand {
	struct dockerfile *d;
	struct str	*out;
	bool		*varies;
	int		 depth;
};

static void expand(struct expand *e, const char *p, size_t len);

/* The value of the last "ARG NAME=value" before the first FROM: its bounds;
 * NULL where it has none. */
static const char *value_of(const struct dockerfile *d, const char *name,
    size_t n, size_t *len)
{
	const char *found = NULL;

	for (size_t i = 0; i < d->n && str_eq(d->op[i].name, "ARG"); i++)
		for (const char *p = d->op[i].args; *p != '\0'; ) {
			size_t w = strcspn(p, " \t");

			if (w > n && strncmp(p, name, n) == 0 &&
			    p[n] == '=') {
				found = p + n + 1;
				*len = w - n - 1;
			}
			p += w + strspn(p + w, " \t");
		}
	if (found != NULL && *len >= 2 && strchr("\"'", *found) != NULL &&
	    found[*len - 1] == *found) {
		found++;
		*len -= 2;
	}
	return found;
}

/* Where the "}" of the "${" at p is, or NULL. */
static const char *closing(const char *p, const char *end)
{
	int open = 0;

	for (; p < end; p++) {
		if (p + 1 < end && p[0] == '$' && p[1] == '{')
			open++;
		else if (*p == '}' && --open == 0)
			return p;
	}
	return NULL;
}

/* NAME with what follows it inside braces; false: left as written. */
static bool variable(struct expand *e, const char *name, size_t n,
    const char *rest, size_t rest_len)
{
	size_t len = 0;
	const char *value = value_of(e->d, name, n, &len);
	bool colon = rest_len > 0 && *rest == ':';
	bool set = value != NULL && (len > 0 || !colon);

	*e->varies = true;
	e->d->expanded++;
	rest += colon;
	rest_len -= colon;
	if (rest_len == 0 || (*rest != '-' && *rest != '+')) {
		if (value == NULL || rest_len > 0)
			return false;
		expand(e, value, len);
	} else if (*rest == '-') {
		if (set)
			expand(e, value, len);
		else
			expand(e, rest + 1, rest_len - 1);
	} else if (set)
		expand(e, rest + 1, rest_len - 1);
	return true;
}

static bool full(struct dockerfile *d)
{
	if (d->expanded < cap(CAP_DOCKERFILE_VARIABLES))
		return false;
	d->left = true;
	return true;
}

static void expand(struct expand *e, const char *p, size_t len)
{
	const char *end = p + len;

	e->depth++;
	while (p < end) {
		const char *stop = p + 1, *name = p + 1;
		size_t n = 0;
		bool done = false;

		if (*p == '$' && e->depth <= MAX_DEPTH &&
		    !full(e->d)) {
			bool brace = name < end && *name == '{';

			name += brace;
			while (name + n < end && (name[n] == '_' ||
			    isalnum((unsigned char)name[n])))
				n++;
			stop = brace ? closing(p, end) : name + n;
			if (stop != NULL && n > 0) {
				done = variable(e, name, n, name + n,
				    (size_t)(stop - (name + n)));
				stop += brace;
			} else {
				stop = p + 1;
			}
		}
		if (!done)
			str_addn(e->out, p, (size_t)(stop - p));
		p = stop;
	}
	e->depth--;
}

void dockerfile_expand(struct dockerfile *d, const char *text,
    struct str *out, bool *varies)
{
	struct expand e = { d, out, varies, 0 };

	*varies = false;
	expand(&e, text, strlen(text));
}
