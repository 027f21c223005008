/*
 * power.c - what a disk may hold after the power failed.
 *
 *	power [N [SEED]]	N images of each command
 *
 * While a command works, all that SQLite writes is remembered.  From that,
 * disks are made as a failure at any moment could leave them: what was synced
 * is there, of the rest any part, in sectors or pages; names of files are in
 * the order in which they were made, the last ones missing, or (every other
 * image) only as the directory was synced.  Each must be a whole database
 * with what was before the command or after it, and with all that had been
 * reported as done.  To show that a loss would be found, some images are made
 * as if removing the journal were not synced: SQLite's default, which loses.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "muster/mem.h"

struct bytes {
	unsigned char	*p;
	size_t		 len, cap;
};

/* A file as it lay under a name for a while. */
struct inode {
	struct bytes	 safe;
	const struct vfs_event **wait;	/* written, not synced */
	size_t		 n, cap;
	bool		 synced;	/* at least once */
};

/* A name was given to an inode (at), or taken away (-1). */
struct name {
	int	file;
	long	at;
};

struct disk {
	struct inode	*inode;
	size_t		 inodes, cap;
	struct name	*name;		/* in order */
	size_t		 names, names_cap;
	size_t		 sure;		/* so many are on the disk */
	long		 now[2];	/* what a process sees; -1: no file */
	bool		 strict;	/* only a synced directory is sure */
	bool		 lies;		/* removing is never synced */
};

static struct {
	long	images, losses;
} total, control;

static uint64_t seed = 20260102;

static unsigned rnd(unsigned n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(seed >> 33) % n;
}

static void size_to(struct bytes *b, size_t len)
{
	while (b->cap < len) {
		b->cap = b->cap > 0 ? b->cap * 2 : 65536;
		b->p = mem_grow(b->p, b->cap, 1);
	}
	if (len > b->len)
		memset(b->p + b->len, 0, len - b->len);
	b->len = len;
}

static void put(struct bytes *b, size_t off, const void *p, size_t len)
{
	if (off + len > b->len)
		size_to(b, off + len);
	memcpy(b->p + off, p, len);
}

static void apply(struct bytes *b, const struct vfs_event *e)
{
	if (e->what == VFS_DID_WRITE)
		put(b, (size_t)e->off, e->data, e->len);
	else
		size_to(b, (size_t)e->off);
}

static long new_inode(struct disk *d)
{
	MEM_ROOM(d->inode, d->inodes, d->cap);
	d->inode[d->inodes] = (struct inode){ { NULL, 0, 0 }, NULL, 0, 0,
		false };
	return (long)d->inodes++;
}

static void set_name(struct disk *d, int file, long at)
{
	MEM_ROOM(d->name, d->names, d->names_cap);
	d->name[d->names++] = (struct name){ file, at };
	d->now[file] = at;
}

static void load(struct disk *d, const struct trial *t)
{
	unsigned char buf[65536];
	struct inode *f;
	ssize_t n;
	int fd;

	d->now[0] = d->now[1] = -1;
	if (strcmp(t->base, "none") == 0)
		return;
	set_name(d, 0, new_inode(d));
	d->sure = d->names;
	f = &d->inode[0];
	fd = open(bench_db(), O_RDONLY);
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		put(&f->safe, f->safe.len, buf, (size_t)n);
	close(fd);
}

static void sync_file(struct disk *d, int file)
{
	struct inode *f = &d->inode[d->now[file]];

	for (size_t i = 0; i < f->n; i++)
		apply(&f->safe, f->wait[i]);
	f->n = 0;
	/* SQLite syncs the directory with a journal's first bytes */
	if (!d->strict || (file == 1 && !f->synced))
		d->sure = d->names;
	f->synced = true;
}

static void happen(struct disk *d, const struct vfs_event *e)
{
	struct inode *f;

	switch (e->what) {
	case VFS_DID_FOUND:
		set_name(d, e->file, new_inode(d));
		f = &d->inode[d->now[e->file]];
		put(&f->safe, 0, e->data, e->len);
		f->synced = true;
		d->sure = d->names;
		break;
	case VFS_DID_CREATE:
		set_name(d, e->file, new_inode(d));
		break;
	case VFS_DID_DELETE:
		if (d->now[e->file] >= 0)
			set_name(d, e->file, -1);
		if (e->off != 0 && !d->lies)
			d->sure = d->names;
		break;
	case VFS_DID_SYNC:
		if (d->now[e->file] >= 0)
			sync_file(d, e->file);
		break;
	case VFS_DID_WRITE:
	case VFS_DID_TRUNCATE:
		if (d->now[e->file] < 0)
			break;
		f = &d->inode[d->now[e->file]];
		MEM_ROOM(f->wait, f->n, f->cap);
		f->wait[f->n++] = e;
		break;
	case VFS_DID_SAY:
		break;
	}
}

/* Some of what waited reached the disk: p of 100 pieces. */
static void some(struct bytes *b, const struct inode *f, unsigned p)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct vfs_event *e = f->wait[i];
		size_t unit = rnd(5) == 0 ? 512 : 4096, at = 0;

		if (e->what == VFS_DID_TRUNCATE) {
			if (rnd(100) < (p > 20 ? p : 20))
				apply(b, e);
			continue;
		}
		while (at < e->len) {
			size_t off = (size_t)e->off + at;
			size_t end = (off / unit + 1) * unit - off;

			end = end < e->len - at ? end : e->len - at;
			if (rnd(100) < p)
				put(b, off, e->data + at, end);
			at += end;
		}
	}
}

static void write_file(const char *path, const struct bytes *b)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);

	if (fd < 0 || write(fd, b->p, b->len) != (ssize_t)b->len) {
		perror(path);
		exit(1);
	}
	close(fd);
}

/* One disk, as it may lie there afterwards. */
static void image(const struct disk *d)
{
	static const unsigned share[] = { 0, 10, 50, 90, 100 };
	long at[2] = { -1, -1 };
	size_t names = d->sure + rnd((unsigned)(d->names - d->sure) + 1);
	unsigned p = share[rnd(5)];
	char path[160];

	for (size_t i = 0; i < names; i++)
		at[d->name[i].file] = d->name[i].at;
	for (int file = 0; file < 2; file++) {
		struct bytes b = { NULL, 0, 0 };

		snprintf(path, sizeof(path), "%s%s", bench_db(),
		    file == 1 ? "-journal" : "");
		unlink(path);
		if (at[file] < 0)
			continue;
		put(&b, 0, d->inode[at[file]].safe.p,
		    d->inode[at[file]].safe.len);
		some(&b, &d->inode[at[file]], p);
		write_file(path, &b);
		free(b.p);
	}
}

static void forget(struct disk *d)
{
	for (size_t i = 0; i < d->inodes; i++) {
		free(d->inode[i].safe.p);
		free(d->inode[i].wait);
	}
	free(d->inode);
	free(d->name);
}

/* The power fails when n things have happened; is what is left whole? */
static bool is_whole(const struct trial *t, const struct vfs *v,
    const struct states *s, long n, long all, bool lies)
{
	static struct vfs none;
	struct disk d = { .strict = rnd(2) == 0, .lies = lies };
	const struct vfs_event *e = NULL;
	char state[BENCH_STATE];
	bool said = n == all;		/* it ended, with status 0 */

	bench_reset(t, &none);
	load(&d, t);
	for (long i = 0; i < n && (e = vfs_next(v, e)) != NULL; i++) {
		happen(&d, e);
		if (e->what == VFS_DID_SAY && t->imports &&
		    memmem(e->data, e->len, "imported ", 9) != NULL)
			said = true;
	}
	image(&d);
	forget(&d);
	bench_state(state);
	if (bench_allowed(s, state) && (!said ||
	    strcmp(state, s->after) == 0))
		return true;
	if (!lies && total.losses < 20)
		printf("  %s: power lost after %ld of %ld calls%s: %s\n",
		    t->name, n, all, said ? ", reported as done" : "",
		    bench_allowed(s, state) ? "gone" : state);
	return false;
}

static void trial(const struct trial *t, struct vfs *v, long images)
{
	struct states s;
	struct run r;
	long all = 0, losses = total.losses, lost = control.losses;

	v->remember = false;
	bench_states(t, v, &s);
	v->remember = true;
	bench_reset(t, v);
	bench_run(t, v, &r);
	for (const struct vfs_event *e = NULL; (e = vfs_next(v, e)) != NULL; )
		all++;
	if (v->overrun || all == 0) {
		fprintf(stderr, "torture: %s: not all is remembered\n",
		    t->name);
		exit(1);
	}
	for (long i = 0; i < images; i++) {
		long n = i % 4 == 0 ? all : (long)rnd((unsigned)all + 1);

		total.losses += !is_whole(t, v, &s, n, all, false);
		total.images++;
	}
	for (long i = 0; i < 40; i++)
		control.losses += !is_whole(t, v, &s, all, all, true);
	printf("%-42s %6ld images of %ld calls, %ld losses (%ld of 40 where "
	    "removing is not synced)\n", t->name, images, all,
	    total.losses - losses, control.losses - lost);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct vfs *v = vfs_new((size_t)1 << 28);
	long images = argc > 1 ? atol(argv[1]) : 100;

	if (argc > 2)
		seed = strtoull(argv[2], NULL, 10);
	bench_start();
	for (int i = 0; i < ntrials; i++)
		trial(&trials[i], v, images);
	bench_stop();
	printf("power: %ld images, %ld losses\n", total.images, total.losses);
	if (control.losses == 0) {
		fputs("power: a loss would not be found\n", stderr);
		return 1;
	}
	return total.losses > 0 || total.images == 0;
}
