/*
 * builder.h - what the importers of a builder's configuration share: one
 * platform for a file, facts that name their line.
 */
#ifndef BUILDER_H
#define BUILDER_H

#include <stddef.h>
#include <stdint.h>

#include "muster/import.h"

struct err;
struct input;
struct node;
struct sink;
struct tree;

struct builder {
	struct sink	*sink;
	int64_t		 target;
};

/* The platform "KIND" (name: which one, or NULL) and its builder.kind. */
int builder_open(struct builder *b, struct sink *sink, const char *kind,
    const char *name, struct err *err);
/* A fact read at a line; counted as a record. */
int builder_fact(struct builder *b, const char *name, const char *key,
    const char *value, int64_t line, struct err *err);
/* One more fact about the same record. */
int builder_also(struct builder *b, const char *name, const char *key,
    const char *value, int64_t line, struct err *err);
/* A record at a locator of any kind. */
int builder_fact_at(struct builder *b, const char *name, const char *key,
    const char *value, const char *locator, struct err *err);

/* The whole of a TOML file as a tree. */
struct tree *builder_toml(struct input *in, struct err *err);

/* May this head be TOML or the like: text, or a table's name in brackets? */
bool builder_bid(const struct probe *p);

#endif
