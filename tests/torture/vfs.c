/* vfs.c - a file system for SQLite that fails and remembers; see vfs.h. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <sqlite3.h>

#include "vfs.h"

const char *const vfs_call_names[VFS_CALLS] = {
	"open", "read", "write", "truncate", "sync", "size", "lock", "delete",
	"access"
};
const char *const vfs_how_names[VFS_HOWS] = {
	"IOERR", "FULL", "a short write", "SIGKILL"
};

struct file {
	sqlite3_file	 base;
	int		 which;		/* 0 database, 1 journal, -1 other */
	sqlite3_file	*real;
};

int vfs_seed;

static struct vfs *plan;
static sqlite3_vfs *below;

struct vfs *vfs_new(size_t room)
{
	struct vfs *v = mmap(NULL, sizeof(*v) + room, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (v == MAP_FAILED) {
		perror("mmap");
		exit(1);
	}
	v->room = room;
	return v;
}

void vfs_add(struct vfs *v, enum vfs_what what, int file, int64_t off,
    const void *data, size_t len)
{
	size_t need = (sizeof(struct vfs_event) + len + 15) & ~(size_t)15;
	struct vfs_event *e;

	if (!v->remember || file < 0)
		return;
	if (v->used + need > v->room) {
		v->overrun = true;
		return;
	}
	e = (struct vfs_event *)(void *)(v->log + v->used);
	*e = (struct vfs_event){ what, file, off, len };
	if (len > 0)
		memcpy(e->data, data, len);
	v->used += need;
}

const struct vfs_event *vfs_next(const struct vfs *v,
    const struct vfs_event *at)
{
	size_t off = 0;

	if (at != NULL)
		off = (size_t)((const unsigned char *)at - v->log) +
		    ((sizeof(*at) + at->len + 15) & ~(size_t)15);
	return off < v->used ?
	    (const struct vfs_event *)(const void *)(v->log + off) : NULL;
}

/* What this call is to return: SQLITE_OK where it is to go on. */
static int due(enum vfs_call call)
{
	int64_t n = ++plan->count[call];

	if (plan->at == 0 || call != plan->call ||
	    (plan->sticky ? n < plan->at : n != plan->at))
		return SQLITE_OK;
	plan->hit++;
	/* a confined process may not signal itself, but end at once */
	if (plan->how == VFS_KILL)
		_exit(128 + SIGKILL);
	if (plan->how == VFS_FULL)
		return SQLITE_FULL;
	switch (call) {
	case VFS_OPEN:
		return SQLITE_CANTOPEN;
	case VFS_READ:
		return SQLITE_IOERR_READ;
	case VFS_WRITE:
		return SQLITE_IOERR_WRITE;
	case VFS_TRUNCATE:
		return SQLITE_IOERR_TRUNCATE;
	case VFS_SYNC:
		return SQLITE_IOERR_FSYNC;
	case VFS_SIZE:
		return SQLITE_IOERR_FSTAT;
	case VFS_LOCK:
		return SQLITE_IOERR_LOCK;
	case VFS_DELETE:
		return SQLITE_IOERR_DELETE;
	case VFS_ACCESS:
	case VFS_CALLS:
		break;
	}
	return SQLITE_IOERR_ACCESS;
}

static sqlite3_file *real(sqlite3_file *f)
{
	return ((struct file *)(void *)f)->real;
}

static int which(sqlite3_file *f)
{
	return ((struct file *)(void *)f)->which;
}

static int do_close(sqlite3_file *f)
{
	sqlite3_file *r = real(f);
	int rc = r->pMethods != NULL ? r->pMethods->xClose(r) : SQLITE_OK;

	free(r);
	return rc;
}

static int do_read(sqlite3_file *f, void *p, int n, sqlite3_int64 off)
{
	int rc = due(VFS_READ);

	return rc != SQLITE_OK ? rc :
	    real(f)->pMethods->xRead(real(f), p, n, off);
}

static int do_write(sqlite3_file *f, const void *p, int n,
    sqlite3_int64 off)
{
	int rc = due(VFS_WRITE);

	if (rc != SQLITE_OK && plan->how == VFS_SHORT)
		real(f)->pMethods->xWrite(real(f), p, n / 2, off);
	if (rc != SQLITE_OK)
		return rc;
	vfs_add(plan, VFS_DID_WRITE, which(f), off, p, (size_t)n);
	return real(f)->pMethods->xWrite(real(f), p, n, off);
}

static int do_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	int rc = due(VFS_TRUNCATE);

	if (rc != SQLITE_OK)
		return rc;
	vfs_add(plan, VFS_DID_TRUNCATE, which(f), size, NULL, 0);
	return real(f)->pMethods->xTruncate(real(f), size);
}

static int do_sync(sqlite3_file *f, int flags)
{
	int rc = due(VFS_SYNC);

	if (rc != SQLITE_OK)
		return rc;
	vfs_add(plan, VFS_DID_SYNC, which(f), 0, NULL, 0);
	return real(f)->pMethods->xSync(real(f), flags);
}

static int do_size(sqlite3_file *f, sqlite3_int64 *size)
{
	int rc = due(VFS_SIZE);

	return rc != SQLITE_OK ? rc :
	    real(f)->pMethods->xFileSize(real(f), size);
}

static int do_lock(sqlite3_file *f, int level)
{
	int rc = due(VFS_LOCK);

	return rc != SQLITE_OK ? rc :
	    real(f)->pMethods->xLock(real(f), level);
}

static int do_unlock(sqlite3_file *f, int level)
{
	return real(f)->pMethods->xUnlock(real(f), level);
}

static int do_reserved(sqlite3_file *f, int *out)
{
	return real(f)->pMethods->xCheckReservedLock(real(f), out);
}

static int do_control(sqlite3_file *f, int op, void *p)
{
	return real(f)->pMethods->xFileControl(real(f), op, p);
}

static int do_sector(sqlite3_file *f)
{
	return real(f)->pMethods->xSectorSize(real(f));
}

static int do_device(sqlite3_file *f)
{
	return real(f)->pMethods->xDeviceCharacteristics(real(f));
}

static const sqlite3_io_methods methods = {
	1, do_close, do_read, do_write, do_truncate, do_sync, do_size,
	do_lock, do_unlock, do_reserved, do_control, do_sector, do_device,
	NULL, NULL, NULL, NULL, NULL, NULL
};

/* A database that came into being whole, before SQLite opens it. */
static void remember_found(const char *name)
{
	static unsigned char all[4 << 20];
	FILE *f = fopen(name, "rb");
	size_t n = f != NULL ? fread(all, 1, sizeof(all), f) : 0;

	if (f == NULL || n == sizeof(all)) {
		fprintf(stderr, "torture: %s cannot be read\n", name);
		exit(1);
	}
	fclose(f);
	vfs_add(plan, VFS_DID_FOUND, 0, 0, all, n);
}

static int do_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f,
    int flags, int *got)
{
	struct file *file = (struct file *)(void *)f;
	bool is_new = (flags & SQLITE_OPEN_CREATE) != 0 && name != NULL &&
	    access(name, F_OK) != 0;
	int rc = due(VFS_OPEN);

	(void)vfs;
	f->pMethods = NULL;
	if (rc != SQLITE_OK)
		return rc;
	file->which = flags & SQLITE_OPEN_MAIN_DB ? 0 :
	    flags & SQLITE_OPEN_MAIN_JOURNAL ? 1 : -1;
	file->real = calloc(1, (size_t)below->szOsFile);
	rc = below->xOpen(below, name, file->real, flags, got);
	if (rc != SQLITE_OK) {
		free(file->real);
		return rc;
	}
	if (is_new)
		vfs_add(plan, VFS_DID_CREATE, file->which, 0, NULL, 0);
	else if (plan->none && file->which == 0)
		remember_found(name);
	plan->none = plan->none && file->which != 0;
	f->pMethods = &methods;
	return rc;
}

static int do_delete(sqlite3_vfs *vfs, const char *name, int sync_dir)
{
	int rc = due(VFS_DELETE);
	size_t n = strlen(name);

	(void)vfs;
	if (rc != SQLITE_OK)
		return rc;
	if (n > 8 && strcmp(name + n - 8, "-journal") == 0 &&
	    access(name, F_OK) == 0)
		vfs_add(plan, VFS_DID_DELETE, 1, sync_dir, NULL, 0);
	return below->xDelete(below, name, sync_dir);
}

static int do_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	int rc = due(VFS_ACCESS);

	(void)vfs;
	return rc != SQLITE_OK ? rc :
	    below->xAccess(below, name, flags, out);
}

static int do_path(sqlite3_vfs *vfs, const char *name, int n, char *out)
{
	(void)vfs;
	return below->xFullPathname(below, name, n, out);
}

/* The same numbers each time: so are ids, and states can be compared. */
static int do_random(sqlite3_vfs *vfs, int n, char *out)
{
	(void)vfs;
	for (int i = 0; i < n; i++)
		out[i] = (char)(i * 37 + 11 + vfs_seed);
	return n;
}

static int do_sleep(sqlite3_vfs *vfs, int us)
{
	(void)vfs;
	return below->xSleep(below, us);
}

static int do_time(sqlite3_vfs *vfs, double *now)
{
	(void)vfs;
	*now = 2460000.5;
	return SQLITE_OK;
}

static int do_error(sqlite3_vfs *vfs, int n, char *out)
{
	(void)vfs, (void)n, (void)out;
	return 0;
}

void vfs_start(struct vfs *v)
{
	static sqlite3_vfs shim = {
		.iVersion = 1, .szOsFile = sizeof(struct file),
		.mxPathname = 1024, .zName = "torture", .xOpen = do_open,
		.xDelete = do_delete, .xAccess = do_access,
		.xFullPathname = do_path, .xRandomness = do_random,
		.xSleep = do_sleep, .xCurrentTime = do_time,
		.xGetLastError = do_error
	};

	plan = v;
	below = sqlite3_vfs_find(NULL);
	if (sqlite3_vfs_register(&shim, 1) != SQLITE_OK) {
		fputs("no file system\n", stderr);
		exit(1);
	}
}
