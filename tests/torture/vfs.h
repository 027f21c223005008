/*
 * vfs.h - a file system for SQLite that fails when it is told to, and that
 * remembers what was written, for the torture tests.
 *
 * It stands before the real one.  The plan and what is remembered lie in
 * memory that a child process shares with who plans.
 */
#ifndef VFS_H
#define VFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum vfs_call {
	VFS_OPEN, VFS_READ, VFS_WRITE, VFS_TRUNCATE, VFS_SYNC, VFS_SIZE,
	VFS_LOCK, VFS_DELETE, VFS_ACCESS, VFS_CALLS
};

enum vfs_how {
	VFS_IOERR,		/* an I/O error */
	VFS_FULL,		/* no room */
	VFS_SHORT,		/* half of it, then an I/O error */
	VFS_KILL,		/* the process dies before the call */
	VFS_HOWS
};

/* What happened to the database (0) or its journal (1), in order. */
struct vfs_event {
	enum vfs_what {
		VFS_DID_FOUND,		/* whole, and on the disk */
		VFS_DID_CREATE, VFS_DID_WRITE, VFS_DID_TRUNCATE, VFS_DID_SYNC,
		VFS_DID_DELETE,		/* to stay so: off is 1 */
		VFS_DID_SAY		/* a line on standard output */
	} what;
	int		 file;
	int64_t		 off;		/* or the new size */
	size_t		 len;
	unsigned char	 data[];
};

struct vfs {
	/* the plan: the at-th such call fails; sticky: all from then on */
	enum vfs_call	 call;
	enum vfs_how	 how;
	int64_t		 at;		/* 0: none */
	bool		 sticky;
	bool		 remember;
	bool		 none;		/* there was no database */
	/* what came of it */
	int64_t		 count[VFS_CALLS];
	int64_t		 hit;		/* calls that failed */
	bool		 overrun;	/* more happened than there is room for */
	size_t		 used;
	size_t		 room;
	unsigned char	 log[];
};

extern const char *const vfs_call_names[VFS_CALLS];
extern const char *const vfs_how_names[VFS_HOWS];

/* What "random" numbers begin with. */
extern int vfs_seed;

/* Shared memory with room for so much to remember. */
struct vfs *vfs_new(size_t room);
/* From now on SQLite goes through it, in this process. */
void vfs_start(struct vfs *v);
void vfs_add(struct vfs *v, enum vfs_what what, int file, int64_t off,
    const void *data, size_t len);
/* The first event (at = NULL), the next one; NULL behind the last. */
const struct vfs_event *vfs_next(const struct vfs *v,
    const struct vfs_event *at);

#endif
