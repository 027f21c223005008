/*
 * faults.c - every call that SQLite makes of the system fails in turn.
 *
 *	faults [N]	at most N places of each kind of failure; 0: all
 *
 * Of every command that changes the database: the first, second ... call of a
 * kind fails, once or from then on, or the process dies at it.  The database
 * must then be as before or as after, and verify; the command must have said
 * what went wrong; and must do its work when it is run again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

static struct {
	long	runs, faults;
} total;

static const struct {
	enum vfs_call	call;
	enum vfs_how	how;
} kinds[] = {
	{ VFS_OPEN, VFS_IOERR }, { VFS_READ, VFS_IOERR },
	{ VFS_WRITE, VFS_IOERR }, { VFS_WRITE, VFS_FULL },
	{ VFS_WRITE, VFS_SHORT }, { VFS_WRITE, VFS_KILL },
	{ VFS_TRUNCATE, VFS_IOERR }, { VFS_TRUNCATE, VFS_KILL },
	{ VFS_SYNC, VFS_IOERR }, { VFS_SYNC, VFS_FULL },
	{ VFS_SYNC, VFS_KILL }, { VFS_SIZE, VFS_IOERR },
	{ VFS_LOCK, VFS_IOERR }, { VFS_LOCK, VFS_KILL },
	{ VFS_DELETE, VFS_IOERR }, { VFS_DELETE, VFS_KILL },
	{ VFS_ACCESS, VFS_IOERR },
};

static void bad(const struct trial *t, const struct vfs *v, const char *what,
    const struct run *r)
{
	if (total.faults++ < 20)
		printf("  %s: %s number %lld%s, %s: %s (status %d) %.200s\n",
		    t->name, vfs_call_names[v->call], (long long)v->at,
		    v->sticky ? " and all after it" : "",
		    vfs_how_names[v->how], what, r->status, r->err);
}

/* Run again, undisturbed. */
static void again(const struct trial *t, struct vfs *v,
    const struct states *s)
{
	char state[BENCH_STATE];
	int64_t at = v->at;
	struct run r;

	v->at = 0;
	bench_run(t, v, &r);
	v->at = at;
	bench_state(state);
	if (strcmp(state, s->after) != 0)
		bad(t, v, "run again it does not do its work", &r);
	if (bench_verify(&r) != 0)
		bad(t, v, "run again, verify fails", &r);
}

/* Did the command say what went wrong, and only then? */
static void told(const struct trial *t, const struct vfs *v,
    const struct states *s, const char *state, const struct run *r)
{
	/* 4: verify could not read what it was to verify */
	if (v->how == VFS_KILL ? r->status != 128 + 9 : r->status > 4)
		bad(t, v, "it died", r);
	if (v->how == VFS_KILL)
		return;
	if (r->status != 0 && strstr(r->err, "muster: ") == NULL)
		bad(t, v, "it says nothing", r);
	if (r->status == 1 && v->how == VFS_FULL && v->call == VFS_WRITE &&
	    strstr(r->err, "the disk is full") == NULL)
		bad(t, v, "it does not say that the disk is full", r);
	if (r->status != 1 && r->status != 4 && strcmp(state, s->after) != 0)
		bad(t, v, "it calls done what is not stored", r);
}

/* False when there is no such call any more. */
static bool one(const struct trial *t, struct vfs *v, const struct states *s)
{
	char state[BENCH_STATE];
	struct run r, checked;

	bench_reset(t, v);
	bench_run(t, v, &r);
	if (v->hit == 0)
		return false;
	total.runs++;
	bench_state(state);
	told(t, v, s, state, &r);
	if (!bench_allowed(s, state))
		bad(t, v, state, &r);
	else if (strcmp(state, "nothing") != 0 &&
	    bench_verify(&checked) != 0)
		bad(t, v, "verify fails", &checked);
	if (strcmp(state, s->after) != 0)
		again(t, v, s);
	return true;
}

/* Every place, or so many that lie evenly and include both ends. */
static void all_places(const struct trial *t, struct vfs *v,
    const struct states *s, long most, int64_t calls)
{
	int64_t step = most > 0 && calls > most ? calls / most : 1;

	for (v->at = 1; v->at <= calls; v->at += step)
		if (!one(t, v, s))
			return;
	v->at = calls;
	if (step > 1 && calls > 0)
		one(t, v, s);
}

static void trial(const struct trial *t, struct vfs *v, long most)
{
	int64_t calls[VFS_CALLS];
	struct states s;
	long runs = total.runs, faults = total.faults;

	v->at = 0;
	bench_states(t, v, &s);
	memcpy(calls, v->count, sizeof(calls));
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		v->call = kinds[i].call;
		v->how = kinds[i].how;
		for (int k = 0; k < (v->how == VFS_KILL ? 1 : 2); k++) {
			v->sticky = k == 1;
			all_places(t, v, &s, most, calls[v->call]);
		}
	}
	printf("%-42s %6ld failing calls, %ld faults\n", t->name,
	    total.runs - runs, total.faults - faults);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct vfs *v = vfs_new(0);
	long most = argc > 1 ? atol(argv[1]) : 0;

	bench_start();
	for (int i = 0; i < ntrials; i++)
		if (argc < 3 || strstr(trials[i].name, argv[2]) != NULL)
			trial(&trials[i], v, most);
	bench_stop();
	printf("faults: %ld failing calls, %ld faults\n", total.runs,
	    total.faults);
	return total.faults > 0 || total.runs == 0;
}
