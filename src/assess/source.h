/* source.h - which image an image is built on, as far as evidence says. */
#ifndef SOURCE_H
#define SOURCE_H

#include <stdbool.h>

#include "look.h"

/* What is known of the base; a label is a claim, layers are proof. */
struct source_base {
	struct str	 name;		/* by label; "" when none names it */
	struct str	 layers;	/* by layers: a subject's name, or "" */
	struct str	 key;		/* ... and its digest */
	struct str	 locator;
	int64_t		 artifact;
};

/* Find out, and say so in notes. */
int source_base(struct assess *as, const struct look_self *self,
    struct source_base *base, struct err *err);
void source_base_free(struct source_base *base);
bool source_base_known(const struct source_base *base);

#endif
