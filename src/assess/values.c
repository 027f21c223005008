/*
 * values.c - the benchmark's Values as checks ask for them, by name.
 *
 * There are some two dozen, asked for once a check and subject, so they are
 * read once and looked up by walking along.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "muster/assess.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/store.h"
#include "muster/str.h"
#include "values.h"

struct value {
	char	*name, *type, *text;
};

/* One store is assessed at a time; a pointer alone does not tell a store from
 * a later one at the same address, so the runner loads before it starts. */
static struct {
	const struct store	*store;
	struct value		*values;
	size_t			 n;
	char			 bug[64];
} cache;

void values_free(void)
{
	for (size_t i = 0; i < cache.n; i++) {
		free(cache.values[i].name);
		free(cache.values[i].type);
		free(cache.values[i].text);
	}
	free(cache.values);
	memset(&cache, 0, sizeof(cache));
}

int values_load(struct store *st, struct err *err)
{
	struct query q;
	int rc;

	values_free();
	query_open(&q, st, SQL_BENCH_VALUES, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		cache.values = mem_grow(cache.values, cache.n + 1,
		    sizeof(*cache.values));
		cache.values[cache.n++] = (struct value){
			mem_dup(query_text(&q, 0)), mem_dup(query_text(&q, 1)),
			mem_dup(query_text(&q, 2))
		};
	}
	query_close(&q);
	cache.store = rc == 0 ? st : NULL;
	return rc;
}

const char *values_bug(void)
{
	return cache.bug[0] != '\0' ? cache.bug : NULL;
}

static void bug(const char *name)
{
	if (cache.bug[0] == '\0')
		snprintf(cache.bug, sizeof(cache.bug), "%s", name);
}

/* The text of a Value of this type (NULL: any), "" when there is none. */
static const char *find(struct assess *as, const char *name, const char *type)
{
	struct err err = ERR_INIT;

	if (cache.store != as->store && values_load(as->store, &err) < 0) {
		bug(name);
		return "";
	}
	for (size_t i = 0; i < cache.n; i++)
		if (strcmp(cache.values[i].name, name) == 0 &&
		    (type == NULL || strcmp(cache.values[i].type, type) == 0))
			return cache.values[i].text;
	bug(name);
	return "";
}

const char *assess_value(struct assess *as, const char *name)
{
	return find(as, name, NULL);
}

int64_t assess_value_int(struct assess *as, const char *name)
{
	const char *s = find(as, name, "number");
	int64_t v = 0;

	if (!str_int(s, INT64_MIN, INT64_MAX, &v))
		bug(name);
	return v;
}

bool assess_value_bool(struct assess *as, const char *name)
{
	return str_eq(find(as, name, "boolean"), "true");
}
