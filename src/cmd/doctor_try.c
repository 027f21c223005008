/*
 * doctor_try.c - confinement tried out; see doctor.h.
 *
 * A child is confined as a reader or as the keeper is, and does what it must
 * not be able to do.  What is allowed is tried too, or a place that refuses
 * everything would look like a jail.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "doctor.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/jail.h"
#include "muster/mem.h"
#include "muster/str.h"

/* How a child ends.  One that was killed for asking was refused, too. */
enum { REFUSED = 20, ALLOWED, UNTRIED };

/* The two directories of the trial: one the keeper may write to, one not. */
struct ground {
	struct str mine, other, file, new_mine, new_other;
};

/* Nothing else may be the reason. */
static int outcome(long rc)
{
	if (rc >= 0)
		return ALLOWED;
	return errno == EPERM || errno == EACCES || errno == ENOSYS ?
	    REFUSED : UNTRIED;
}

static int reach_network(void *ctx)
{
	(void)ctx;
	return outcome(syscall(SYS_socket, AF_INET, SOCK_STREAM, 0));
}

static int start_program(void *ctx)
{
	static char name[] = "true";
	char *const argv[] = { name, NULL }, *const none[] = { NULL };

	(void)ctx;
	return outcome(syscall(SYS_execve, "/bin/true", argv, none));
}

static int start_process(void *ctx)
{
	long pid = syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);

	(void)ctx;
	if (pid == 0)
		_exit(0);
	return outcome(pid);
}

static int signal_parent(void *ctx)
{
	(void)ctx;
	return outcome(kill(getppid(), 0));
}

static int ring(void *ctx)
{
	char params[256] = { 0 };

	(void)ctx;
	return outcome(syscall(SYS_io_uring_setup, 1, params));
}

static int make_code(void *ctx)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)ctx;
	return outcome(p != MAP_FAILED ? 0 : -1);
}

static int read_file(void *ctx)
{
	const struct ground *g = ctx;

	return outcome(open(g->file.s, O_RDONLY | O_CLOEXEC));
}

static int write_other(void *ctx)
{
	const struct ground *g = ctx;

	return outcome(open(g->new_other.s, O_WRONLY | O_CREAT | O_CLOEXEC,
	    0600));
}

static int write_mine(void *ctx)
{
	const struct ground *g = ctx;

	return outcome(open(g->new_mine.s, O_WRONLY | O_CREAT | O_CLOEXEC,
	    0600));
}

static int within(int what, int64_t most)
{
	struct rlimit rl;

	return getrlimit((__rlimit_resource_t)what, &rl) == 0 &&
	    rl.rlim_max <= (rlim_t)most ? REFUSED : ALLOWED;
}

static int dump_core(void *ctx)
{
	(void)ctx;
	return within(RLIMIT_CORE, 0);
}

static int write_at_all(void *ctx)
{
	(void)ctx;
	return within(RLIMIT_FSIZE, 0);
}

static int run_away(void *ctx)
{
	(void)ctx;
	return within(RLIMIT_CPU, INT32_MAX);
}

static int eat_memory(void *ctx)
{
	(void)ctx;
	return within(RLIMIT_AS, INT64_MAX / 2);
}

static int gain_rights(void *ctx)
{
	(void)ctx;
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0 ? ALLOWED :
	    REFUSED;
}

static const struct trial {
	const char	*what;
	int		(*fn)(void *ctx);
	bool		 reader, keeper;
	int		 expect;
} trials[] = {
	{ "reach a network", reach_network, true, true, REFUSED },
	{ "start a program", start_program, true, true, REFUSED },
	{ "start a process", start_process, true, false, REFUSED },
	{ "signal a process", signal_parent, true, true, REFUSED },
	{ "go round by io_uring", ring, true, true, REFUSED },
	{ "run what it wrote as code", make_code, true, true, REFUSED },
	{ "open a file nobody named", read_file, true, true, REFUSED },
	{ "write elsewhere", write_other, true, true, REFUSED },
	{ "write where it may", write_mine, false, true, ALLOWED },
	{ "write to a file at all", write_at_all, true, false, REFUSED },
	{ "leave a core dump", dump_core, true, true, REFUSED },
	{ "run without end", run_away, true, false, REFUSED },
	{ "take all memory", eat_memory, true, false, REFUSED },
	{ "gain rights", gain_rights, false, true, REFUSED },
};

static int as_keeper(const struct trial *t, struct ground *g)
{
	const struct jail_place place = { g->mine.s, JAIL_FILES };
	struct err err = ERR_INIT;
	int status = -1;
	pid_t child;

	fflush(NULL);
	if ((child = fork()) == 0)
		_exit(jail_keeper(&place, 1, &err) < 0 ? UNTRIED : t->fn(g));
	if (child < 0)
		return -1;
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return status;
}

static void judge(struct doctor *d, const char *who, const struct trial *t,
    int status)
{
	struct str what = STR_INIT;
	const char *how = "it could not be tried";
	int is = UNTRIED;

	str_addf(&what, "%s: %s", who, t->what);
	if (status >= 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) {
		is = REFUSED;
		how = "refused: the process is ended";
	} else if (status >= 0 && WIFEXITED(status)) {
		/* 0 is what a program that was started ended with */
		is = WEXITSTATUS(status) == 0 ? ALLOWED : WEXITSTATUS(status);
		if (is == REFUSED || is == ALLOWED)
			how = is == REFUSED ? "refused" : "allowed";
	}
	doctor_say(d, is == t->expect ? DOCTOR_OK : DOCTOR_FAULT,
	    str_text(&what), "%s", how);
	str_free(&what);
}

static int prepare(const char *scratch, struct ground *g, struct err *err)
{
	int fd;

	str_addf(&g->mine, "%s/mine", scratch);
	str_addf(&g->other, "%s/other", scratch);
	str_addf(&g->file, "%s/other/file", scratch);
	str_addf(&g->new_mine, "%s/mine/new", scratch);
	str_addf(&g->new_other, "%s/other/new", scratch);
	if (mkdir(g->mine.s, 0700) < 0 || mkdir(g->other.s, 0700) < 0 ||
	    (fd = open(g->file.s, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) < 0)
		return err_sys(err, "cannot prepare the trial in %s", scratch);
	close(fd);
	return 0;
}

int doctor_try(struct doctor *d, struct err *err)
{
	struct ground g = { .mine = STR_INIT };
	const char *filter;
	int abi = jail_landlock(), rc = prepare(d->scratch, &g, err);

	jail_reader_prepare();
	filter = jail_filter_lacks();
	doctor_say(d, filter == NULL ? DOCTOR_OK : DOCTOR_FAULT, "seccomp",
	    "%s", filter == NULL ? "system calls are filtered" : filter);
	if (abi > 0)
		doctor_say(d, DOCTOR_OK, "Landlock", "ABI %d, of which the "
		    "rights up to %d are used", abi, JAIL_LANDLOCK_KNOWN);
	else
		doctor_say(d, DOCTOR_FAULT, "Landlock", "this kernel has "
		    "none, or it is switched off");
	if (jail_is_wide())
		doctor_say(d, DOCTOR_FAULT, "sanitizer", "built with one, "
		    "which opens files itself: less is forbidden");
	for (size_t i = 0; rc == 0 && i < sizeof(trials) / sizeof(trials[0]);
	    i++) {
		const struct trial *t = &trials[i];

		if (t->reader)
			judge(d, "reader", t, import_try(t->fn, &g));
		if (t->keeper)
			judge(d, "keeper", t, as_keeper(t, &g));
	}
	str_free(&g.mine);
	str_free(&g.other);
	str_free(&g.file);
	str_free(&g.new_mine);
	str_free(&g.new_other);
	return rc;
}
