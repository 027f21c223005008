/* builder.c - one platform for a file, facts that name their line. */
#include <stdio.h>
#include <stdlib.h>

#include "builder.h"
#include "muster/err.h"
#include "muster/input.h"
#include "muster/sink.h"
#include "muster/str.h"
#include "muster/toml.h"

int builder_open(struct builder *b, struct sink *sink, const char *kind,
    const char *name, struct err *err)
{
	struct str key = STR_INIT;
	int rc;

	str_add(&key, kind);
	if (!str_empty(name))
		str_addf(&key, "/%s", name);
	b->sink = sink;
	b->target = sink_target(sink, &(struct target){ .kind = "platform",
	    .key = str_text(&key), .name = str_text(&key) }, err);
	rc = b->target < 0 ? -1 : sink_fact(sink, &(struct fact){
	    .target = b->target, .name = "builder.kind", .value = kind }, err);
	str_free(&key);
	return rc;
}

int builder_fact_at(struct builder *b, const char *name, const char *key,
    const char *value, const char *locator, struct err *err)
{
	sink_count(b->sink, COUNT_READ, 1);
	sink_count(b->sink, COUNT_STORED, 1);
	return sink_fact(b->sink, &(struct fact){ .target = b->target,
	    .name = name, .key = key, .value = value, .locator = locator },
	    err);
}

int builder_also(struct builder *b, const char *name, const char *key,
    const char *value, int64_t line, struct err *err)
{
	char at[32];

	snprintf(at, sizeof(at), "line:%lld", (long long)line);
	return sink_fact(b->sink, &(struct fact){ .target = b->target,
	    .name = name, .key = key, .value = value, .locator = at }, err);
}

int builder_fact(struct builder *b, const char *name, const char *key,
    const char *value, int64_t line, struct err *err)
{
	sink_count(b->sink, COUNT_READ, 1);
	sink_count(b->sink, COUNT_STORED, 1);
	return builder_also(b, name, key, value, line, err);
}

struct tree *builder_toml(struct input *in, struct err *err)
{
	struct tree *t = NULL;
	size_t len;
	char *text = input_slurp(in, CAP_SETTINGS_BYTES, &len, err);

	if (text != NULL)
		t = toml_tree(text, len, input_name(in), err);
	free(text);
	return t;
}

bool builder_bid(const struct probe *p)
{
	return p->kind == PROBE_TEXT ||
	    (p->kind == PROBE_JSON && p->nkeys == 0);
}
