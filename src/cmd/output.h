/* output.h - writing the outputs, for "muster report" and "muster run". */
#ifndef CMD_OUTPUT_H
#define CMD_OUTPUT_H

#include <stdbool.h>

struct ctx;
struct err;

struct output_opts {
	const char	*out, *formats, *templates;
	bool		 force;
	const char	*since;		/* what changes are counted from */
};

/* Is there an assessment to write of, and as of when?  Decisions since are
 * told of. */
int output_ready(struct ctx *c, char as_of[32], struct err *err);
int output_write(struct ctx *c, const struct output_opts *o, struct err *err);

#endif
