/*
 * nomem.c - preloaded: the n-th allocation of a process fails.
 *
 * NOMEM=FILE names a file of struct state, shared by the process and the
 * readers it starts (each reader counts from the beginning).  nomem.py makes
 * it, and reads what was counted.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { KEEPER, READER, ROLES };

static struct state {
	int64_t	counted[ROLES];		/* allocations, of the busiest process */
	int64_t	fail[ROLES];		/* the one that fails; 0: none */
	int64_t	failed;			/* how many did */
} *state;

static _Atomic int64_t count;
static int role;

static void in_child(void)
{
	count = 0;
	role = READER;
}

__attribute__((constructor)) static void start(void)
{
	const char *name = getenv("NOMEM");
	int fd = name != NULL ? open(name, O_RDWR | O_CLOEXEC) : -1;
	void *p;

	if (fd < 0)
		return;
	p = mmap(NULL, sizeof(*state), PROT_READ | PROT_WRITE, MAP_SHARED,
	    fd, 0);
	close(fd);
	pthread_atfork(NULL, NULL, in_child);
	count = 0;
	if (p != MAP_FAILED)
		state = p;
}

/* What the dynamic linker itself allocates comes before start(). */
static int is_time(void)
{
	int64_t n;

	if (state == NULL)
		return 0;
	n = ++count;
	if (n > state->counted[role])
		state->counted[role] = n;
	if (n != state->fail[role])
		return 0;
	state->failed++;
	errno = ENOMEM;
	return 1;
}

/* dlsym() may allocate before the real function is known. */
static char early[65536];
static size_t early_used;

static void *early_alloc(size_t size)
{
	void *p = early + early_used;

	early_used += (size + 15) & ~(size_t)15;
	if (early_used > sizeof(early))
		abort();
	return p;
}

#define NEXT(fn, name) ((fn) != NULL ? (fn) :				\
	(*(void **)&(fn) = dlsym(RTLD_NEXT, name), (fn)))

static void *(*next_malloc)(size_t);
static void *(*next_calloc)(size_t, size_t);
static void *(*next_realloc)(void *, size_t);
static void (*next_free)(void *);
static int (*next_memalign)(void **, size_t, size_t);
static void *(*next_aligned)(size_t, size_t);
static __thread int asking;

void *malloc(size_t size)
{
	void *p;

	if (asking)
		return early_alloc(size);
	if (is_time())
		return NULL;
	asking = next_malloc == NULL;
	NEXT(next_malloc, "malloc");
	asking = 0;
	p = next_malloc(size);
	return p;
}

void *calloc(size_t n, size_t size)
{
	if (asking)
		return early_alloc(n * size);
	if (is_time())
		return NULL;
	asking = next_calloc == NULL;
	NEXT(next_calloc, "calloc");
	asking = 0;
	return next_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
	if (is_time())
		return NULL;
	asking = next_realloc == NULL;
	NEXT(next_realloc, "realloc");
	asking = 0;
	return next_realloc(p, size);
}

int posix_memalign(void **p, size_t align, size_t size)
{
	if (is_time())
		return ENOMEM;
	asking = next_memalign == NULL;
	NEXT(next_memalign, "posix_memalign");
	asking = 0;
	return next_memalign(p, align, size);
}

void *aligned_alloc(size_t align, size_t size)
{
	if (is_time())
		return NULL;
	asking = next_aligned == NULL;
	NEXT(next_aligned, "aligned_alloc");
	asking = 0;
	return next_aligned(align, size);
}

/* What the program's own malloc() calls, which stands before these. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);

static void *(*libc_malloc)(size_t);
static void *(*libc_calloc)(size_t, size_t);
static void *(*libc_realloc)(void *, size_t);

void *__libc_malloc(size_t size)
{
	if (asking)
		return early_alloc(size);
	if (is_time())
		return NULL;
	asking = libc_malloc == NULL;
	NEXT(libc_malloc, "__libc_malloc");
	asking = 0;
	return libc_malloc(size);
}

void *__libc_calloc(size_t n, size_t size)
{
	if (asking)
		return early_alloc(n * size);
	if (is_time())
		return NULL;
	asking = libc_calloc == NULL;
	NEXT(libc_calloc, "__libc_calloc");
	asking = 0;
	return libc_calloc(n, size);
}

void *__libc_realloc(void *p, size_t size)
{
	if (is_time())
		return NULL;
	asking = libc_realloc == NULL;
	NEXT(libc_realloc, "__libc_realloc");
	asking = 0;
	return libc_realloc(p, size);
}

void free(void *p)
{
	if ((char *)p >= early && (char *)p < early + sizeof(early))
		return;
	asking = next_free == NULL;
	NEXT(next_free, "free");
	asking = 0;
	next_free(p);
}
