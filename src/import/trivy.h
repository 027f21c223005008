/*
 * trivy.h - what the parts of the Trivy importer share.
 */
#ifndef TRIVY_H
#define TRIVY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "muster/json.h"
#include "muster/str.h"

struct err;
struct sink;

#define TRIVY_DEPTH	16

/* An image's config, put together again while it streams past. */
struct trivy_config {
	struct str	 json;
	bool		 list[TRIVY_DEPTH];	/* what is open: arrays */
	size_t		 depth;
	bool		 comma;		/* one is due before the next value */
	bool		 full;		/* too large: left out */
};

/* One event of the config or of anything below it. */
void trivy_config_event(struct trivy_config *c, struct json *js,
    enum json_event ev, const char *text);

/* The config as facts of the target; nothing where Trivy had none and wrote
 * an empty one. */
int trivy_config_emit(struct trivy_config *c, struct sink *sink,
    int64_t target, struct err *err);

#endif
