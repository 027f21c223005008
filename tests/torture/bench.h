/*
 * bench.h - what the torture tests stand on: the commands they try, each run
 * in a process of its own, and what a database says when they are done.
 */
#ifndef TORTURE_BENCH_H
#define TORTURE_BENCH_H

#include <stdbool.h>

#include "vfs.h"

#define BENCH_STATE 80

/* A command, and the database it starts from. */
struct trial {
	const char	*name;
	const char	*base;		/* "none", "old", "one" or "assessed" */
	const char	*argv[14];	/* behind "muster -d DB" */
	bool		 imports;	/* says of a file that it is imported */
};

extern const struct trial trials[];
extern const int ntrials;

struct run {
	int	status;		/* of the process; 128 + n: signal n */
	char	err[4096];	/* its standard error */
};

/* What the database of a trial may hold when it was disturbed. */
struct states {
	char	before[BENCH_STATE], after[BENCH_STATE];
	char	blank[BENCH_STATE];	/* the schema alone, of base "none" */
};

/* Make the directory that all happens in, and the bases. */
void bench_start(void);
void bench_stop(void);
const char *bench_db(void);
/* Put the base of a trial in place; forget what the plan counted. */
void bench_reset(const struct trial *t, struct vfs *v);
void bench_run(const struct trial *t, struct vfs *v, struct run *r);
/* "muster -d DB verify" without a fault; its status. */
int bench_verify(struct run *r);
/* A digest of all that is in it, "nothing", or what is wrong with it. */
void bench_state(char state[BENCH_STATE]);
/* Run it undisturbed: what stands before and after. */
void bench_states(const struct trial *t, struct vfs *v, struct states *s);
bool bench_allowed(const struct states *s, const char *state);

#endif
