/* bench.c - commands run in processes of their own; see bench.h. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <sqlite3.h>

#include "bench.h"
#include "muster/sha.h"

#define STORY "samples/story/"

const struct trial trials[] = {
	{ "a first import", "none", { "import", STORY "grype.json" }, true },
	{ "an import", "one", { "import", STORY "twistcli.json" }, true },
	{ "an import of an image", "one",
	    { "import", STORY "web-1.4.docker.tar.gz" }, true },
	{ "an import of several files, one refused", "assessed",
	    { "import", "samples/grype" }, true },
	{ "an older database", "old", { "import", STORY "grype.json" }, true },
	{ "assess", "one", { "assess" }, false },
	{ "waiver", "assessed", { "waiver", "propose", "--all",
	    "--requirement", "2.1", "--why", "seen", "--until", "2027-01-01", "--by", "ann" }, false },
	{ "attest", "assessed", { "attest", "2.1", "web", "--verdict", "pass",
	    "--why", "seen", "--evidence", STORY "web.yaml", "--by", "ann",
	    "--until", "2027-01-01" }, false },
	{ "accept", "assessed", { "accept", "--by", "the AO" }, false },
	{ "mark", "assessed", { "mark", "CUI" }, false },
	{ "trust", "one", { "trust", "add", "--for", "registry.example.mil",
	    "samples/cosign/signer.pub" }, false },
	{ "merge", "one", { "merge", "other.db" }, false },
};
const int ntrials = sizeof(trials) / sizeof(trials[0]);

static char dir[64], top[4096];
static char db[128], journal[136], other[128];

int muster_main(int argc, char **argv);
time_t __wrap_time(time_t *t);

/* The same instant each time: states can be compared. */
time_t __wrap_time(time_t *t)
{
	if (t != NULL)
		*t = 1790000000;
	return 1790000000;
}

static void die(const char *what)
{
	fprintf(stderr, "torture: %s: %s\n", what, strerror(errno));
	exit(1);
}

const char *bench_db(void)
{
	return db;
}

static ssize_t said(void *cookie, const char *text, size_t len)
{
	vfs_add(cookie, VFS_DID_SAY, 0, 0, text, len);
	return (ssize_t)len;
}

static _Noreturn void child(const struct trial *t, struct vfs *v, int err)
{
	char *argv[18] = { (char *)"muster", (char *)"-d", db };
	int argc = 3;

	for (int i = 0; i < 14 && t->argv[i] != NULL; i++)
		argv[argc++] = strcmp(t->argv[i], "other.db") == 0 ? other :
		    (char *)(uintptr_t)t->argv[i];
	dup2(err, 2);
	if (v->remember)
		stdout = fopencookie(v, "w",
		    (cookie_io_functions_t){ .write = said });
	else if (freopen("/dev/null", "w", stdout) == NULL)
		_exit(99);
	vfs_start(v);
	exit(muster_main(argc, argv));
}

void bench_run(const struct trial *t, struct vfs *v, struct run *r)
{
	int err = memfd_create("err", MFD_CLOEXEC), status;
	ssize_t n;
	pid_t pid;

	fflush(NULL);
	if (err < 0 || (pid = fork()) < 0)
		die("fork");
	if (pid == 0)
		child(t, v, err);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			die("wait");
	r->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
	    WEXITSTATUS(status);
	n = pread(err, r->err, sizeof(r->err) - 1, 0);
	r->err[n > 0 ? n : 0] = '\0';
	close(err);
}

int bench_verify(struct run *r)
{
	static const struct trial verify = { "verify", "", { "verify" },
	    false };
	static struct vfs *calm;

	if (calm == NULL)
		calm = vfs_new(0);
	bench_run(&verify, calm, r);
	return r->status;
}

/* ------------------------------------------------ bases */

static void copy(const char *from, const char *to)
{
	char buf[1 << 16];
	int in = open(from, O_RDONLY), out;
	ssize_t n;

	if (in < 0 || (out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0666)) < 0)
		die(to);
	while ((n = read(in, buf, sizeof(buf))) > 0)
		if (write(out, buf, (size_t)n) != n)
			die(to);
	close(in);
	close(out);
}

static const char *base_path(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/base-%s", dir, name);
	return path;
}

static void must_run(const char *a, const char *b)
{
	const struct trial t = { "base", "", { a, b }, false };
	static struct vfs *calm;
	struct run r;

	if (calm == NULL)
		calm = vfs_new(0);
	bench_run(&t, calm, &r);
	if (r.status != 0) {
		fprintf(stderr, "torture: muster %s fails:\n%s", a, r.err);
		exit(1);
	}
}

/* A database of the first release: its schema steps, none of the later. */
static void make_old(void)
{
	static const char sql[] = {
#include "src/store/001-evidence.sql.inc"
		0
	};
	sqlite3 *old;

	if (sqlite3_open(base_path("old"), &old) != SQLITE_OK ||
	    sqlite3_exec(old, sql, NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_exec(old, "PRAGMA application_id = 0x6d757374;"
	    "PRAGMA user_version = 1; INSERT INTO chain(id, mine)"
	    " VALUES('0123456789abcdef0123456789abcdef', 1)", NULL, NULL,
	    NULL) != SQLITE_OK) {
		fprintf(stderr, "torture: %s\n", sqlite3_errmsg(old));
		exit(1);
	}
	sqlite3_close(old);
}

void bench_start(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(dir, sizeof(dir), "%s/muster-torture-XXXXXX",
	    tmp != NULL && strlen(tmp) < 30 ? tmp :
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	if (mkdtemp(dir) == NULL || getcwd(top, sizeof(top)) == NULL)
		die(dir);
	snprintf(db, sizeof(db), "%s/m.db", dir);
	snprintf(journal, sizeof(journal), "%s-journal", db);
	snprintf(other, sizeof(other), "%s/other.db", dir);
	setenv("SOURCE_DATE_EPOCH", "1790000000", 1);
	setenv("MUSTER_USER", "torture", 1);
	vfs_seed = 1;		/* another database, with a journal of its own */
	must_run("import", STORY "twistcli.json");
	vfs_seed = 0;
	copy(db, other);
	unlink(db);
	must_run("import", STORY "grype.json");
	copy(db, base_path("one"));
	must_run("assess", NULL);
	copy(db, base_path("assessed"));
	make_old();
}

void bench_stop(void)
{
	const char *const names[] = { "base-one", "base-assessed", "base-old",
		"m.db", "m.db-journal", "other.db" };
	char path[128];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		unlink(path);
	}
	if (rmdir(dir) < 0)
		die(dir);		/* something was left beside it */
}

void bench_reset(const struct trial *t, struct vfs *v)
{
	unlink(db);
	unlink(journal);
	v->none = strcmp(t->base, "none") == 0;
	if (!v->none)
		copy(base_path(t->base), db);
	memset(v->count, 0, sizeof(v->count));
	v->hit = 0;
	v->used = 0;
}

/* ------------------------------------------------ what it holds */

static int add_row(void *ctx, int n, char **text, char **names)
{
	(void)names;
	for (int i = 0; i < n; i++)
		sha_add(ctx, text[i] != NULL ? text[i] : "\1NULL",
		    text[i] != NULL ? strlen(text[i]) + 1 : 6);
	return 0;
}

static int add_table(void *ctx, int n, char **text, char **names)
{
	void **both = ctx;
	char *sql = sqlite3_mprintf("SELECT * FROM \"%w\"", text[0]);
	int rc;

	(void)n, (void)names;
	sha_add(both[1], text[0], strlen(text[0]) + 1);
	rc = sqlite3_exec(both[0], sql, add_row, both[1], NULL);
	sqlite3_free(sql);
	return rc;
}

static int is_ok(void *ctx, int n, char **text, char **names)
{
	(void)n, (void)names;
	*(bool *)ctx = strcmp(text[0], "ok") == 0;
	return 0;
}

static int is_row(void *ctx, int n, char **text, char **names)
{
	(void)n, (void)text, (void)names;
	*(bool *)ctx = true;
	return 0;
}

static void read_all(sqlite3 *s, char state[BENCH_STATE])
{
	struct sha *sha = sha_new();
	void *both[2] = { s, sha };
	bool ok = false, bad = false;

	if (sqlite3_exec(s, "PRAGMA integrity_check(1)", is_ok, &ok, NULL) !=
	    SQLITE_OK || !ok ||
	    sqlite3_exec(s, "PRAGMA foreign_key_check", is_row, &bad, NULL) !=
	    SQLITE_OK || bad ||
	    sqlite3_exec(s, "SELECT name FROM sqlite_schema WHERE "
	    "type = 'table' ORDER BY 1", add_table, both, NULL) != SQLITE_OK)
		snprintf(state, BENCH_STATE, "damaged: %.60s",
		    sqlite3_errmsg(s));
	else
		sha_end_hex(sha, state);
	sha_free(sha);
}

void bench_state(char state[BENCH_STATE])
{
	struct stat sb;
	sqlite3 *s;

	snprintf(state, BENCH_STATE, "nothing");
	if (stat(db, &sb) < 0)
		return;
	if (sqlite3_open(db, &s) != SQLITE_OK)
		snprintf(state, BENCH_STATE, "damaged: it does not open");
	else
		read_all(s, state);
	sqlite3_close(s);
	/* an empty file is one that nothing was stored in */
	if (stat(db, &sb) == 0 && sb.st_size == 0)
		snprintf(state, BENCH_STATE, "nothing");
}

void bench_states(const struct trial *t, struct vfs *v, struct states *s)
{
	const struct trial blank = { "blank", "none",
	    { "import", "/dev/null" }, false };
	struct run r;

	bench_reset(&blank, v);
	v->at = 0;
	bench_run(&blank, v, &r);
	bench_state(s->blank);
	bench_reset(t, v);
	bench_state(s->before);
	if (strcmp(t->base, "old") == 0) {	/* migrated, and no more */
		bench_run(&blank, v, &r);
		bench_state(s->blank);
		bench_reset(t, v);
	} else if (strcmp(t->base, "none") != 0) {
		memcpy(s->blank, s->before, sizeof(s->blank));
	}
	bench_run(t, v, &r);
	bench_state(s->after);
	if (strcmp(s->before, s->after) == 0 || (r.status != 0 &&
	    r.status != 2)) {
		fprintf(stderr, "torture: %s changes nothing (status %d):\n%s",
		    t->name, r.status, r.err);
		exit(1);
	}
}

bool bench_allowed(const struct states *s, const char *state)
{
	return strcmp(state, s->before) == 0 || strcmp(state, s->after) == 0 ||
	    strcmp(state, s->blank) == 0;
}
