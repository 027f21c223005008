/*
 * reader.c - the process that reads one file.
 *
 * The child has the file and a pipe, and no database.  It runs confined
 * (jail.h) and under rlimits: one that is taken over finds nothing, one that
 * crashes, runs away or eats memory is a refusal of that file, never a damaged
 * database.  What it says, the keeper stores or throws away.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "muster/cap.h"
#include "muster/charset.h"
#include "muster/err.h"
#include "muster/input.h"
#include "muster/jail.h"
#include "muster/sign.h"
#include "muster/str.h"
#include "import_priv.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

/* At the soft limit of time comes a signal that says so; at the hard one the
 * end, so that one lies a little further. */
static void limit(int what, int64_t most, int64_t grace)
{
	struct rlimit rl;
	rlim_t soft = (rlim_t)most, hard = (rlim_t)(most + grace);

	if (getrlimit((__rlimit_resource_t)what, &rl) < 0)
		return;
	if (rl.rlim_max == RLIM_INFINITY || rl.rlim_max > hard)
		rl.rlim_max = hard;
	rl.rlim_cur = soft < rl.rlim_max ? soft : rl.rlim_max;
	setrlimit((__rlimit_resource_t)what, &rl);
}

/* Of a reader that the machine would not confine. */
#define UNCONFINED	78

static void confine(int fd)
{
	struct stat sb;

	/* A keeper that is killed takes its reader with it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	limit(RLIMIT_CPU, cap(CAP_READER_CPU), 2);
	limit(RLIMIT_CORE, 0, 0);
	limit(RLIMIT_FSIZE, 0, 0);
#ifndef SANITIZED
	limit(RLIMIT_AS, cap(CAP_READER_MEMORY), 0);
#endif
	if (!jail_reader(fstat(fd, &sb) == 0 && S_ISDIR(sb.st_mode) ? fd : -1))
		_exit(UNCONFINED);
}

void fail_put(struct sink *s, const struct err *err)
{
	char numbers[3][24];
	struct rec rec = { .kind = REC_FAIL };
	const char *fields[] = {
		numbers[0], err->text, err->file, numbers[1], numbers[2],
		err->place, err->during
	};
	struct err ignored = ERR_INIT;

	snprintf(numbers[0], sizeof(numbers[0]), "%d", (int)err->kind);
	snprintf(numbers[1], sizeof(numbers[1]), "%lld", (long long)err->line);
	snprintf(numbers[2], sizeof(numbers[2]), "%lld", (long long)err->byte);
	for (size_t i = 0; i < 7; i++)
		rec.f[rec.n++] = (struct field){ fields[i],
		    strlen(fields[i]) };
	/* The keeper is gone if this fails; there is nobody left to tell. */
	s->put(s, &rec, &ignored);
}

void fail_get(const struct rec *rec, struct err *err)
{
	int64_t kind = ERR_INPUT, line = 0, byte = -1;

	if (rec->n != 7) {
		err_set(err, ERR_INPUT, "the reader failed and did not say "
		    "how");
		return;
	}
	str_int(rec->f[0].p, ERR_USAGE, ERR_BUG, &kind);
	str_int(rec->f[3].p, 0, INT64_MAX, &line);
	str_int(rec->f[4].p, -1, INT64_MAX, &byte);
	err_set(err, (enum err_kind)kind, "%s", rec->f[1].p);
	if (rec->f[2].len > 0)
		err_at(err, rec->f[2].p, line, byte);
	err->line = line;
	err->byte = byte;
	if (rec->f[5].len > 0)
		err_place(err, "%s", rec->f[5].p);
	if (rec->f[6].len > 0)
		err_during(err, "%s", rec->f[6].p);
}

static int put_end(struct input *in, struct sink *sink, struct err *err)
{
	char	hex[SHA_HEX], numbers[5][24];
	int64_t	bytes;
	struct rec rec = { .kind = REC_END, .n = 6 };

	if (input_finish(in, hex, &bytes, err) < 0)
		return -1;
	snprintf(numbers[0], sizeof(numbers[0]), "%lld", (long long)bytes);
	for (int i = 0; i < 4; i++)
		snprintf(numbers[i + 1], sizeof(numbers[0]), "%lld",
		    (long long)sink->counts[i]);
	rec.f[0] = (struct field){ hex, SHA_HEX - 1 };
	for (int i = 0; i < 5; i++)
		rec.f[i + 1] = (struct field){ numbers[i],
		    strlen(numbers[i]) };
	return sink->put(sink, &rec, err);
}

/* The importer's own name is the first meta record; it may state another
 * format later. */
static int read_it(struct input *in, const char *format, struct sink *sink,
    struct err *err)
{
	bool nobody = false;
	const struct importer *imp = import_pick(in, format, &nobody, err);
	struct err ignored = ERR_INIT;

	if (imp == NULL) {
		/* one that fails here fails again, with the failure itself */
		if (nobody)
			sink_meta(sink, "nobody", "yes", &ignored);
		return -1;
	}
	if (sink_meta(sink, "importer", imp->name, err) < 0 ||
	    import_run(imp, in, sink, err) < 0)
		return -1;
	return put_end(in, sink, err);
}

void reader_run(int fd, const char *name, const char *format, int out)
{
	struct wire_out *w = wire_out_new(out);
	struct sink *sink = wire_out_sink(w);
	struct err err = ERR_INIT, ignored = ERR_INIT;
	struct input *in = input_open(fd, name, &err);

	if (in == NULL || read_it(in, format, sink, &err) < 0) {
		err_at(&err, name, 0, -1);
		fail_put(sink, &err);
	}
	wire_out_flush(w, &ignored);
	input_close(in);
	wire_out_free(w);
}

/* No text begins so, but for a mark, and every OpenPGP message does; a dir:
 * image has them under this name. */
static bool may_be_openpgp(int fd)
{
	unsigned char first;

	if (pread(fd, &first, 1, 0) == 1)
		return (first & 0x80) != 0;
	return faccessat(fd, "signature-1", F_OK, 0) == 0;
}

int reader_start(int fd, const char *name, const char *format, int *out,
    int64_t *pid, struct err *err)
{
	int	ends[2];
	pid_t	child;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_sys(err, "cannot make a pipe");
	/* Room for the reader to run ahead while rows are stored. */
	fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
	jail_reader_prepare();
	charset_prepare();
	if (may_be_openpgp(fd))
		sign_gpg_prepare();
	fflush(NULL);
	if ((child = fork()) < 0) {
		err_sys(err, "cannot start a reader");
		close(ends[0]);
		close(ends[1]);
		return -1;
	}
	if (child == 0) {
		close(ends[0]);
		signal(SIGPIPE, SIG_DFL);
		confine(fd);
		reader_run(fd, name, format, ends[1]);
		_exit(0);
	}
	close(ends[1]);
	*out = ends[0];
	*pid = child;
	return 0;
}

int import_try(int (*fn)(void *ctx), void *ctx)
{
	const int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int status = -1;
	pid_t child;

	jail_reader_prepare();
	fflush(NULL);
	if ((child = fork()) == 0) {
		confine(fd);
		_exit(fn(ctx));
	}
	if (fd >= 0)
		close(fd);
	if (child < 0)
		return -1;
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return status;
}

int reader_wait(int64_t pid, struct err *err)
{
	int status;

	while (waitpid((pid_t)pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_sys(err, "cannot wait for the reader");
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
		return cap_err(err, CAP_READER_CPU, "reading it takes too "
		    "much processor time");
	if (WIFSIGNALED(status))
		return err_set(err, ERR_INPUT, "the reader died: signal %d "
		    "(%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
	if (WEXITSTATUS(status) == UNCONFINED)
		return err_set(err, ERR_SYSTEM, "the reader could not be "
		    "confined: \"muster doctor\" tries it");
	if (WEXITSTATUS(status) != 0)
		return cap_err(err, CAP_READER_MEMORY, "the reader gave up "
		    "with status %d: the file asks for more memory than a "
		    "reader gets", WEXITSTATUS(status));
	return 0;
}
