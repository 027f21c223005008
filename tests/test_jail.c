/* test_jail.c - what a confined process may still ask of the machine. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"
#include "muster/charset.h"
#include "muster/jail.h"
#include "muster/sha.h"
#include <iconv.h>
#include <pthread.h>

static char dir[64], named[96], other[96];

/* The errno of what a child did, 0 where it was allowed; -SIGNAL. */
static int in_child(bool (*jail)(void), int (*fn)(void))
{
	int status;
	pid_t child;

	fflush(NULL);
	if ((child = fork()) == 0)
		_exit(!jail() ? 250 : fn());
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static int said(long rc)
{
	return rc < 0 ? errno : 0;
}

static bool file_reader(void)
{
	return jail_reader(-1);
}

static bool dir_reader(void)
{
	return dup2(open(named, O_RDONLY | O_DIRECTORY), 100) == 100 &&
	    jail_reader(100);
}

static bool keeper(void)
{
	const struct jail_place places[] = { { named, JAIL_FILES },
	    { "/no/such/place", JAIL_READ } };
	struct err err = ERR_INIT;

	return jail_keeper(places, 2, &err) == 0;
}

static bool twice(void)
{
	const struct jail_place place = { named, JAIL_READ };
	struct err err = ERR_INIT;

	return keeper() && jail_keeper(&place, 1, &err) == 0;
}

static bool writer(void)
{
	const struct jail_place place = { named, JAIL_WRITE };
	struct err err = ERR_INIT;

	return jail_keeper(&place, 1, &err) == 0;
}

static int in_named(const char *file, int flags)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", named, file);
	return said(open(path, flags | O_CLOEXEC, 0600));
}

static int net(void)
{
	return said(syscall(SYS_socket, AF_INET, SOCK_STREAM, 0));
}

static int unix_socket(void)
{
	return said(syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0));
}

static int program(void)
{
	char *const argv[] = { dir, NULL };

	return said(syscall(SYS_execve, "/proc/self/exe", argv, argv));
}

static int debug(void)
{
	return said(syscall(SYS_ptrace, 0, 0, 0, 0));
}

static int process(void)
{
	long pid = syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);

	if (pid == 0)
		_exit(0);
	return said(pid);
}

static int code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_EXEC,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p != MAP_FAILED ? 0 : errno;
}

static void *nothing(void *p)
{
	return p;
}

static int thread(void)
{
	pthread_t t;
	int rc = pthread_create(&t, NULL, nothing, NULL);

	return rc == 0 ? pthread_join(t, NULL) : rc;
}

static int digest(void)
{
	char hex[SHA_HEX];

	sha_of("abc", 3, hex);
	return strncmp(hex, "ba7816bf", 8) == 0 ? 0 : 1;
}

static int convert(void)
{
	return iconv_open("UTF-8", "CP1252") != (iconv_t)-1 &&
	    iconv_open("UTF-8", "UTF-16LE") != (iconv_t)-1 ? 0 : errno;
}

static int read_named(void)
{
	return in_named("file", O_RDONLY);
}

static int change_named(void)
{
	return in_named("file", O_RDWR);
}

static int make_named(void)
{
	return in_named("new", O_WRONLY | O_CREAT);
}

static int make_folder(void)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/folder", named);
	return said(mkdir(path, 0700));
}

static int make_link(void)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/link", named);
	return said(symlink("/etc/passwd", path));
}

static int read_below(void)
{
	return said(openat(100, "file", O_RDONLY));
}

static int change_below(void)
{
	return said(openat(100, "file", O_RDWR));
}

static int climb(void)
{
	return said(openat(100, "../other", O_RDONLY));
}

static int read_other(void)
{
	return said(open(other, O_RDONLY));
}

static int remove_other(void)
{
	return said(unlink(other));
}

static int read_passwd(void)
{
	return said(open("/etc/passwd", O_RDONLY));
}

#define KILLED (-SIGSYS)

static const struct row {
	const char	*name;
	bool		(*jail)(void);
	int		(*fn)(void);
	int		 expect;
} rows[] = {
	{ "reader: internet", file_reader, net, KILLED },
	{ "reader: a local socket", file_reader, unix_socket, KILLED },
	{ "reader: program", file_reader, program, KILLED },
	{ "reader: debugger", file_reader, debug, KILLED },
	{ "reader: process", file_reader, process, ENOSYS },
	{ "reader: code", file_reader, code, ENOSYS },
	{ "reader: open", file_reader, read_named, EACCES },
	{ "reader: open for writing", file_reader, change_named, EACCES },
	{ "reader: make", file_reader, make_named, EACCES },
	{ "reader: remove", file_reader, remove_other, ENOSYS },
	{ "reader: thread", file_reader, thread, 0 },
	{ "reader: digest", file_reader, digest, 0 },
	{ "reader: character sets", file_reader, convert, 0 },
	{ "directory: below", dir_reader, read_below, 0 },
	{ "directory: change", dir_reader, change_below, ENOSYS },
	{ "directory: climb out", dir_reader, climb, EACCES },
	{ "directory: by a path", dir_reader, read_other, ENOSYS },
	{ "directory: internet", dir_reader, net, KILLED },
	{ "keeper: internet", keeper, net, KILLED },
	{ "keeper: program", keeper, program, KILLED },
	{ "keeper: code", keeper, code, ENOSYS },
	{ "keeper: process", keeper, process, 0 },
	{ "keeper: thread", keeper, thread, 0 },
	{ "keeper: a file it may", keeper, change_named, 0 },
	{ "keeper: make it", keeper, make_named, 0 },
	{ "keeper: make a folder", keeper, make_folder, EACCES },
	{ "keeper: another file", keeper, read_other, EACCES },
	{ "keeper: remove that", keeper, remove_other, EACCES },
	{ "keeper: the system's", keeper, read_passwd, EACCES },
	{ "reading: read", twice, read_named, 0 },
	{ "reading: change", twice, change_named, EACCES },
	{ "reading: make", twice, make_named, EACCES },
	{ "outputs: make a folder", writer, make_folder, 0 },
	{ "outputs: make a link", writer, make_link, ENOSYS },
	{ "outputs: another file", writer, read_other, EACCES },
};

static void what_is_named_can_be_reached_and_nothing_else(void **state)
{
	const struct row *r = *state;
	char path[128];

	if (jail_is_wide() || jail_lacks() != NULL) {
		print_message("not here: %s\n", jail_is_wide() ?
		    "a sanitizer" : jail_lacks());
		skip();
	}
	jail_reader_prepare();
	assert_true(charset_prepare() > 20);
	assert_int_equal(in_child(r->jail, r->fn), r->expect);
	/* each starts from the same files */
	snprintf(path, sizeof(path), "%s/new", named);
	unlink(path);
	snprintf(path, sizeof(path), "%s/folder", named);
	rmdir(path);
}

/* Where less is in force the words say so. */
static void what_is_lacking_has_words(void **state)
{
	(void)state;
	jail_reader_prepare();
	assert_true(jail_lacks() == NULL || strlen(jail_lacks()) > 10);
	assert_true(jail_landlock() >= 0);
}

static int prepare(void **state)
{
	char path[128];

	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/muster-jail-XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(named, sizeof(named), "%s/named", dir);
	snprintf(other, sizeof(other), "%s/other", dir);
	snprintf(path, sizeof(path), "%s/file", named);
	return mkdir(named, 0700) < 0 || close(open(path, O_CREAT | O_WRONLY,
	    0600)) < 0 || close(open(other, O_CREAT | O_WRONLY, 0600)) < 0 ?
	    -1 : 0;
}

static int clean(void **state)
{
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/file", named);
	unlink(path);
	unlink(other);
	rmdir(named);
	return rmdir(dir);
}

#define ROWS (sizeof(rows) / sizeof(rows[0]))

int main(void)
{
	struct CMUnitTest tests[ROWS + 1];

	for (size_t i = 0; i < ROWS; i++)
		tests[i] = (struct CMUnitTest){ rows[i].name,
		    what_is_named_can_be_reached_and_nothing_else, NULL, NULL,
		    (void *)(uintptr_t)&rows[i] };
	tests[ROWS] = (struct CMUnitTest)cmocka_unit_test(
	    what_is_lacking_has_words);
	return cmocka_run_group_tests_name("jail", tests, prepare, clean);
}
