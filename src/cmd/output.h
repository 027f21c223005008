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

int output_write(struct ctx *c, const struct output_opts *o, struct err *err);

#endif
