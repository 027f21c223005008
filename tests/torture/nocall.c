/*
 * nocall.c - preloaded: the n-th call of a kind fails, or is the last.
 *
 * NOCALL=FILE names a file of struct state, which nocall.py makes and reads.
 * Of outputs; what SQLite does has a test of its own (faults.c).
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WRITE, SYNC, RENAME, LINK, MKDIR, CREATE, KINDS };

static struct state {
	int64_t	counted[KINDS];
	int64_t	kind, at;	/* the call that fails; 0: none */
	int64_t	error;		/* an errno; 0: the process is killed */
	int64_t	failed;
} *state;

__attribute__((constructor)) static void start(void)
{
	const char *name = getenv("NOCALL");
	int fd = name != NULL ? open(name, O_RDWR | O_CLOEXEC) : -1;
	void *p;

	if (fd < 0)
		return;
	p = mmap(NULL, sizeof(*state), PROT_READ | PROT_WRITE, MAP_SHARED,
	    fd, 0);
	close(fd);
	if (p != MAP_FAILED)
		state = p;
}

static int is_time(int kind)
{
	int64_t n;

	if (state == NULL)
		return 0;
	n = __atomic_add_fetch(&state->counted[kind], 1, __ATOMIC_SEQ_CST);
	if (kind != state->kind || n != state->at)
		return 0;
	state->failed++;
	/* a confined process may not signal itself, but end at once */
	if (state->error == 0)
		_exit(128 + SIGKILL);
	errno = (int)state->error;
	return 1;
}

#define NEXT(fn, name)							\
	if ((fn) == NULL)						\
		*(void **)&(fn) = dlsym(RTLD_NEXT, name)

ssize_t write(int fd, const void *p, size_t n)
{
	static ssize_t (*next)(int, const void *, size_t);

	NEXT(next, "write");
	return fd > 2 && is_time(WRITE) ? -1 : next(fd, p, n);
}

int fsync(int fd)
{
	static int (*next)(int);

	NEXT(next, "fsync");
	return is_time(SYNC) ? -1 : next(fd);
}

int syncfs(int fd)
{
	static int (*next)(int);

	NEXT(next, "syncfs");
	return is_time(SYNC) ? -1 : next(fd);
}

int rename(const char *from, const char *to)
{
	static int (*next)(const char *, const char *);

	NEXT(next, "rename");
	return is_time(RENAME) ? -1 : next(from, to);
}

int renameat(int in, const char *from, int out, const char *to)
{
	static int (*next)(int, const char *, int, const char *);

	NEXT(next, "renameat");
	return is_time(RENAME) ? -1 : next(in, from, out, to);
}

int link(const char *from, const char *to)
{
	static int (*next)(const char *, const char *);

	NEXT(next, "link");
	return is_time(LINK) ? -1 : next(from, to);
}

int mkdir(const char *path, mode_t mode)
{
	static int (*next)(const char *, mode_t);

	NEXT(next, "mkdir");
	return is_time(MKDIR) ? -1 : next(path, mode);
}

int mkdirat(int fd, const char *path, mode_t mode)
{
	static int (*next)(int, const char *, mode_t);

	NEXT(next, "mkdirat");
	return is_time(MKDIR) ? -1 : next(fd, path, mode);
}

static mode_t mode_of(int flags, va_list ap)
{
	return (flags & O_CREAT) != 0 ? (mode_t)va_arg(ap, int) : 0;
}

int open(const char *path, int flags, ...)
{
	static int (*next)(const char *, int, ...);
	mode_t mode;
	va_list ap;

	va_start(ap, flags);
	mode = mode_of(flags, ap);
	va_end(ap);
	NEXT(next, "open");
	return (flags & O_CREAT) != 0 && is_time(CREATE) ? -1 :
	    next(path, flags, mode);
}

int openat(int fd, const char *path, int flags, ...)
{
	static int (*next)(int, const char *, int, ...);
	mode_t mode;
	va_list ap;

	va_start(ap, flags);
	mode = mode_of(flags, ap);
	va_end(ap);
	NEXT(next, "openat");
	return (flags & O_CREAT) != 0 && is_time(CREATE) ? -1 :
	    next(fd, path, flags, mode);
}
