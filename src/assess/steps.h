/*
 * steps.h - the whole history of an image, read into steps and commands; the
 * instructions of its Dockerfile the same way.
 */
#ifndef STEPS_H
#define STEPS_H

#include <stdbool.h>
#include <stdint.h>

#include "history.h"
#include "look.h"

struct steps_one {
	struct history_step step;
	struct history_cmds cmds;	/* of a RUN */
	char		*text;		/* as recorded */
	char		*locator;
	int64_t		 n, artifact;	/* its number in the history */
	bool		 first;		/* the first that made a layer */
	const char	*word;		/* "step", of whose numbers n is one */
};

struct steps {
	struct steps_one *one;
	size_t		 n, cap;
};

int steps_load(struct assess *as, struct steps *steps, struct err *err);
/* The instructions of Dockerfiles that were placed on the image, in the order
 * of their lines: those that the final image holds work of. */
int steps_dockerfile(struct assess *as, struct steps *steps,
    struct err *err);
void steps_free(struct steps *steps);
struct cite steps_cite(const struct steps_one *s);

/* Does a history cover every layer?  1 yes; 0 no, and this has said so unless
 * a failure was proven; -1. */
int steps_cover(struct assess *as, const struct look_self *self,
    const struct steps *steps, struct err *err);

/* Does a command hold this word (str_glob) from first on? */
bool steps_has(const struct history_cmd *c, size_t first, const char *glob);

/* The package manager's name where the command refreshes its index
 * (refresh) or installs packages (install); else NULL. */
const char *steps_refreshes(const struct history_cmd *c);
const char *steps_installs(const struct history_cmd *c);

#endif
