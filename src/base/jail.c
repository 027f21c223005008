/*
 * jail.c - confinement: what files there are, and all of it in force; see
 * jail.h.  Landlock has no library on Debian 12: its three calls are made by
 * number (the same on every architecture), and its rights are written here.
 */
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "muster/err.h"
#include "muster/jail.h"
#include "jail_priv.h"

#define SYS_CREATE_RULESET	444
#define SYS_ADD_RULE		445
#define SYS_RESTRICT_SELF	446
#define ASK_VERSION		1u
#define RULE_PATH_BENEATH	1

enum {
	EXECUTE = 1 << 0, WRITE_FILE = 1 << 1, READ_FILE = 1 << 2,
	READ_DIR = 1 << 3, REMOVE_DIR = 1 << 4, REMOVE_FILE = 1 << 5,
	MAKE_CHAR = 1 << 6, MAKE_DIR = 1 << 7, MAKE_REG = 1 << 8,
	MAKE_SOCK = 1 << 9, MAKE_FIFO = 1 << 10, MAKE_BLOCK = 1 << 11,
	MAKE_SYM = 1 << 12,
	REFER = 1 << 13,		/* ABI 2 */
	TRUNCATE = 1 << 14,		/* ABI 3 */
	IOCTL_DEV = 1 << 15,		/* ABI 5 */
	OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV,
	READING = EXECUTE | READ_FILE | READ_DIR
};
#define NET_TCP		3u		/* bind, connect: ABI 4 */
#define SCOPES		3u		/* abstract sockets, signals: ABI 6 */
/* From here on a file may be moved from one directory to another. */
#define KEEPER_ABI	2

struct ruleset {
	uint64_t files, net, scopes;
};

struct beneath {
	uint64_t rights;
	int32_t  fd;
} __attribute__((packed));

static const uint64_t rights_of[] = {
	[JAIL_READ] = READ_FILE | READ_DIR,
	[JAIL_FILES] = READ_FILE | READ_DIR | WRITE_FILE | TRUNCATE |
	    MAKE_REG | REMOVE_FILE,
	[JAIL_WRITE] = READ_FILE | READ_DIR | WRITE_FILE | TRUNCATE |
	    MAKE_REG | REMOVE_FILE | MAKE_DIR | REMOVE_DIR | REFER,
};

/* What libraries read when they feel like it, whatever the command line. */
static const char *const system_files[] = {
	"/dev/null",				/* SQLite */
	"/sys/devices/system/cpu",		/* how many threads help */
	"/proc/stat", "/proc/sys/vm/overcommit_memory",	/* malloc */
	"/etc/localtime"
};

static int null_fd = -1;
static bool filtered;			/* this process, for good */

int jail_landlock(void)
{
	static long abi = -1;

	if (abi < 0)
		abi = syscall(SYS_CREATE_RULESET, NULL, 0, ASK_VERSION);
	if (abi < 0)
		abi = 0;
	return (int)abi;
}

bool jail_is_wide(void)
{
	return JAIL_WIDE;
}

const char *jail_lacks(void)
{
	static char text[256];
	const char *filter = jail_filter_lacks();
	int abi = jail_landlock();

	snprintf(text, sizeof(text), "%s%s%s", filter != NULL ? filter : "",
	    filter != NULL && abi < KEEPER_ABI ? "; " : "", abi >= KEEPER_ABI ?
	    "" : abi == 0 ? "this kernel has no Landlock, or it is switched "
	    "off" : "this kernel's Landlock is too old for the process with "
	    "the database");
	return text[0] != '\0' ? text : NULL;
}

static int ruleset(void)
{
	int abi = jail_landlock();
	struct ruleset set = { (MAKE_SYM << 1) - 1, 0, 0 };

	if (JAIL_WIDE)
		set.files &= ~(uint64_t)READING;
	if (abi >= 2)
		set.files |= REFER;
	if (abi >= 3)
		set.files |= TRUNCATE;
	if (abi >= 4)
		set.net = NET_TCP;
	if (abi >= 5)
		set.files |= IOCTL_DEV;
	if (abi >= 6)
		set.scopes = SCOPES;
	/* an old kernel minds no more zeros than it knows fields */
	return (int)syscall(SYS_CREATE_RULESET, &set, sizeof(set), 0);
}

/* Rights this kernel has no rule for cannot be given. */
static bool allow(int set, int fd, uint64_t rights)
{
	struct beneath rule = { .rights = rights, .fd = fd };
	struct stat sb;

	if (jail_landlock() < 3)
		rule.rights &= ~(uint64_t)TRUNCATE;
	if (JAIL_WIDE)
		rule.rights &= ~(uint64_t)READING;
	if (fstat(fd, &sb) == 0 && !S_ISDIR(sb.st_mode))
		rule.rights &= OF_FILES;
	return rule.rights == 0 || syscall(SYS_ADD_RULE, set,
	    RULE_PATH_BENEATH, &rule, 0) == 0;
}

static bool allow_path(int set, const char *path, uint64_t rights)
{
	int fd = open(path, O_PATH | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return true;	/* what is not there cannot be reached */
	ok = allow(set, fd, rights);
	close(fd);
	return ok;
}

static bool restrict_to(int set)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    syscall(SYS_RESTRICT_SELF, set, 0) == 0;
}

void jail_prepare(void)
{
	int fd;

	if (null_fd >= 0)
		return;
	if ((fd = open("/dev/null", O_WRONLY | O_CLOEXEC)) >= 0) {
		/* a standard output that is closed must stay so */
		null_fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
		close(fd);
	}
	tzset();
	OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG |
	    OPENSSL_INIT_ADD_ALL_DIGESTS, NULL);
}

int jail_null(void)
{
	jail_prepare();
	return null_fd;
}

static bool only_places(const struct jail_place *places, size_t n)
{
	int set = ruleset();
	bool ok = set >= 0;

	for (size_t i = 0; ok && i < n; i++)
		ok = allow_path(set, places[i].path, rights_of[places[i].use]);
	for (size_t i = 0; ok && i < sizeof(system_files) /
	    sizeof(system_files[0]); i++)
		ok = allow_path(set, system_files[i], READ_FILE | READ_DIR);
	/* librnp opens it for both; what is written is only stirred in */
	ok = ok && allow_path(set, "/dev/urandom", READ_FILE | WRITE_FILE);
	ok = ok && restrict_to(set);
	if (set >= 0)
		close(set);
	return ok;
}

int jail_keeper(const struct jail_place *places, size_t n, struct err *err)
{
	struct rlimit no = { 0, 0 };

	jail_prepare();
	setrlimit(RLIMIT_CORE, &no);	/* evidence lies in its memory */
	if (jail_landlock() >= KEEPER_ABI && !only_places(places, n))
		return err_sys(err, "this process cannot be confined to its "
		    "files (Landlock)");
	if (!filtered && jail_filter_make(JAIL_KEEPER) &&
	    (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    !(filtered = jail_filter_set(JAIL_KEEPER))))
		return err_sys(err, "this process cannot be confined to its "
		    "system calls (seccomp)");
	return 0;
}

void jail_reader_prepare(void)
{
	jail_prepare();
	jail_filter_make(JAIL_READER);
	jail_filter_make(JAIL_DIR_READER);
}

bool jail_reader(int dirfd)
{
	enum jail_who who = dirfd >= 0 ? JAIL_DIR_READER : JAIL_READER;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return false;
	if (jail_landlock() > 0) {
		int set = ruleset();

		if (set < 0 || (dirfd >= 0 && !allow(set, dirfd, READ_FILE |
		    READ_DIR)) || !restrict_to(set))
			return false;
		close(set);
	}
	return jail_filter_lacks() != NULL || jail_filter_set(who);
}
