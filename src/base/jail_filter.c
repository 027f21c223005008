/*
 * jail_filter.c - which system calls there are for whom; see jail.h.
 *
 * libseccomp turns names into the kernel's little program.  That is done once
 * by the keeper: a reader only hands it in, as there is one a file.
 */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>

#include "muster/jail.h"
#include "jail_priv.h"

static const char *none;

#ifdef HAVE_SECCOMP
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "muster/mem.h"

static struct sock_fprog program[JAIL_WHO];

static const struct row {
	const char	*name;
	enum { ROW_ALL, ROW_DIR, ROW_KEEPER, ROW_DEADLY } whose;
} rows[] = {
#define CALL(name)	{ #name, ROW_ALL },
#define DIR(name)	{ #name, ROW_DIR },
#define KEEPER(name)	{ #name, ROW_KEEPER },
#define DEADLY(name)	{ #name, ROW_DEADLY },
#include "jail_calls.def"
#undef CALL
#undef DIR
#undef KEEPER
#undef DEADLY
};

static int number(const char *name)
{
	int nr = seccomp_syscall_resolve_name(name);

	return nr < 0 ? -1 : nr;	/* not one of this architecture's */
}

/* A call of which one argument has to be so, under a mask. */
static bool when(scmp_filter_ctx f, const char *name, unsigned arg,
    uint64_t mask, uint64_t is)
{
	int nr = number(name);

	return nr < 0 || seccomp_rule_add(f, SCMP_ACT_ALLOW, nr, 1,
	    SCMP_CMP64(arg, SCMP_CMP_MASKED_EQ, mask, is)) == 0;
}

static bool by_argument(scmp_filter_ctx f, enum jail_who who)
{
	const uint64_t spaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |
	    CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
	/* O_TMPFILE has the bit of O_DIRECTORY */
	const uint64_t writing = O_ACCMODE | O_CREAT | O_TRUNC |
	    (O_TMPFILE & ~O_DIRECTORY);
	const uint64_t thread = who == JAIL_KEEPER ? 0 : CLONE_THREAD;

	/* Nothing becomes code.  clone3 hides its flags, so it is not there
	 * and clone is taken. */
	if (!when(f, "mmap", 2, PROT_EXEC, 0) ||
	    !when(f, "mmap2", 2, PROT_EXEC, 0) ||
	    !when(f, "mprotect", 2, PROT_EXEC, 0) ||
	    !when(f, "clone", 0, spaces | thread, thread) ||
	    !when(f, "ioctl", 1, UINT32_MAX, TCGETS))
		return false;
	if (who == JAIL_KEEPER)
		return when(f, "ioctl", 1, UINT32_MAX, TIOCGWINSZ);
	if (!when(f, "prlimit64", 2, UINT64_MAX, 0))
		return false;
	if (who == JAIL_DIR_READER)
		return seccomp_rule_add(f, SCMP_ACT_ALLOW, number("openat"), 2,
		    SCMP_CMP64(0, SCMP_CMP_MASKED_EQ, UINT32_C(1) << 31, 0),
		    SCMP_CMP64(2, SCMP_CMP_MASKED_EQ, writing, 0)) == 0;
	/* who looks for a file of the system's finds none it may read */
	return seccomp_rule_add(f, SCMP_ACT_ERRNO(EACCES), number("openat"),
	    0) == 0;
}

/* Under a sanitizer all is there but what is deadly, and that is refused. */
static bool by_row(scmp_filter_ctx f, enum jail_who who)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool deadly = rows[i].whose == ROW_DEADLY;
		int nr = number(rows[i].name);

		if (nr < 0 || (JAIL_WIDE && !deadly) ||
		    (rows[i].whose == ROW_KEEPER && who != JAIL_KEEPER) ||
		    (rows[i].whose == ROW_DIR && who == JAIL_READER))
			continue;
		if (JAIL_WIDE && nr == SYS_ptrace)	/* looks for leaks */
			continue;
		if (seccomp_rule_add(f, !deadly ? SCMP_ACT_ALLOW : JAIL_WIDE ?
		    SCMP_ACT_ERRNO(EPERM) : SCMP_ACT_KILL_PROCESS, nr, 0) != 0)
			return false;
	}
	return true;
}

/* The program libseccomp writes to a file. */
static bool take(scmp_filter_ctx f, struct sock_fprog *p)
{
	int fd = memfd_create("filter", MFD_CLOEXEC);
	struct stat sb;
	bool ok = false;

	if (fd >= 0 && seccomp_export_bpf(f, fd) == 0 &&
	    fstat(fd, &sb) == 0 && sb.st_size > 0) {
		p->filter = mem_alloc((size_t)sb.st_size);
		p->len = (unsigned short)((size_t)sb.st_size /
		    sizeof(*p->filter));
		ok = pread(fd, p->filter, (size_t)sb.st_size, 0) ==
		    sb.st_size;
	}
	if (fd >= 0)
		close(fd);
	return ok;
}

static bool there(void)
{
	const uint32_t action = SECCOMP_RET_KILL_PROCESS;

	return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) ==
	    0;
}

bool jail_filter_make(enum jail_who who)
{
	scmp_filter_ctx f;

	if (none != NULL || program[who].filter != NULL)
		return none == NULL;
	if (!there()) {
		none = "this kernel does not filter system calls";
		return false;
	}
	f = seccomp_init(JAIL_WIDE ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(ENOSYS));
	if (f == NULL || seccomp_attr_set(f, SCMP_FLTATR_ACT_BADARCH,
	    SCMP_ACT_KILL_PROCESS) != 0 ||
	    seccomp_attr_set(f, SCMP_FLTATR_CTL_OPTIMIZE, 2) != 0 ||
	    !by_row(f, who) || (!JAIL_WIDE && !by_argument(f, who)) ||
	    !take(f, &program[who]))
		none = "libseccomp made no filter";
	if (f != NULL)
		seccomp_release(f);
	return none == NULL;
}

bool jail_filter_set(enum jail_who who)
{
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program[who]) == 0;
}

const char *jail_filter_lacks(void)
{
	return none;
}

#else

bool jail_filter_make(enum jail_who who)
{
	(void)who;
	none = "muster was built without libseccomp";
	return false;
}

bool jail_filter_set(enum jail_who who)
{
	(void)who;
	return false;
}

const char *jail_filter_lacks(void)
{
	jail_filter_make(JAIL_KEEPER);
	return none;
}

#endif
