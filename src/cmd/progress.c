/* progress.c - a line on the terminal for anything over a second. */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "muster/command.h"
#include "muster/mem.h"
#include "muster/str.h"

struct progress {
	struct timespec	 start, shown;
	char		*what;
	bool		 on, drawn;
};

static double since(const struct timespec *t)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - t->tv_sec) +
	    (double)(now.tv_nsec - t->tv_nsec) / 1e9;
}

struct progress *progress_start(const struct ctx *c, const char *what)
{
	struct progress *p = mem_alloc(sizeof(*p));

	clock_gettime(CLOCK_MONOTONIC, &p->start);
	p->shown = p->start;
	p->what = mem_dup(what);
	p->on = !c->quiet && isatty(2);
	return p;
}

void progress_at(struct progress *p, long long done, long long all)
{
	if (!p->on || since(&p->start) < 1 || since(&p->shown) < 0.2)
		return;
	clock_gettime(CLOCK_MONOTONIC, &p->shown);
	p->drawn = true;
	fputs("\r\033[K", stderr);
	str_safe(stderr, p->what);
	if (all > 0)
		fprintf(stderr, ": %lld of %lld", done, all);
	fflush(stderr);
}

void progress_end(struct progress *p)
{
	if (p == NULL)
		return;
	if (p->drawn) {
		fputs("\r\033[K", stderr);
		fflush(stderr);
	}
	free(p->what);
	free(p);
}
