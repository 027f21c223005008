/*
 * dockerfile_parse.h - a Dockerfile as instructions, stages and variables.
 */
#ifndef DOCKERFILE_PARSE_H
#define DOCKERFILE_PARSE_H

#include <stdbool.h>
#include <stddef.h>

#include "muster/str.h"

struct err;

/* One instruction: continuations joined, comments inside them dropped. */
struct dockerfile_op {
	char	*name;		/* in capitals */
	char	*args;		/* all behind it, on one line */
	char	*here;		/* its here documents, with their ends; or NULL */
	bool	 script;	/* RUN of nothing but a here document */
	int	 line;		/* its first */
	int	 stage;		/* from 0; -1: before the first FROM */
};

struct dockerfile_stage {
	char	*from;		/* variables set; options and AS dropped */
	char	*name;		/* AS, or NULL */
	int	 line;
	int	 base;		/* the stage it is built on, or -1 */
	bool	 varies;	/* a build argument decides what from is */
	bool	 used;		/* the final image holds its work */
};

struct dockerfile {
	struct dockerfile_op	*op;
	size_t			 n, cap;
	struct dockerfile_stage	*stage;
	size_t			 nstages, stage_cap;
	int64_t			 expanded;	/* variables, so far */
	bool			 left;		/* ... past the cap, as written */
};

/* Read a text that is UTF-8; name is for messages. */
int dockerfile_parse(const char *text, const char *name,
    struct dockerfile *d, struct err *err);
void dockerfile_parse_free(struct dockerfile *d);

/* The value of an option of an instruction, "--from=x", appended: false
 * where it has none. */
bool dockerfile_parse_option(const struct dockerfile_op *op,
    const char *option, struct str *value);
/* What follows an instruction's options. */
const char *dockerfile_parse_rest(const struct dockerfile_op *op);

/* dockerfile_stages.c: bases, names and what the final image needs. */
int dockerfile_stages(struct dockerfile *d, const char *name,
    struct err *err);

/* dockerfile_expand.c: $NAME, ${NAME}, ${NAME:-x}, ${NAME:+x} by the ARGs
 * before the first FROM.  What has no value stays as written; *varies says
 * that there were some at all. */
void dockerfile_expand(struct dockerfile *d, const char *text,
    struct str *out, bool *varies);

#endif
