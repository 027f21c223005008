/*
 * files.c - files that appear together or not at all.
 *
 * Everything is written to temporary names beside the final ones, brought to
 * the disk once, and renamed at the end: a run that fails or is killed before
 * that has replaced nothing.  Nothing outside the directory is ever opened:
 * folders and names come from a table and from slugs, and are checked.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "muster/err.h"
#include "muster/mem.h"
#include "muster/str.h"
#include "render_priv.h"

struct files {
	char	*dir;
	int	 fd;
	bool	 force;
	char	**done;		/* paths below dir, in the order written */
	size_t	 n, cap;
	pthread_mutex_t lock;	/* of these three */
};

/* Letters, digits, '-' and '.', not beginning with a dot. */
static bool is_plain(const char *name)
{
	return name[0] != '\0' && name[0] != '.' && strspn(name,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-."
	    ) == strlen(name);
}

/* "ckl/web.ckl", or "index.html" where there is no folder; with a suffix the
 * temporary name. */
static int path_of(const char *folder, const char *name, const char *suffix,
    struct str *path, struct err *err)
{
	if ((folder[0] != '\0' && !is_plain(folder)) || !is_plain(name))
		return err_set(err, ERR_BUG, "\"%s\" in \"%s\" is no name for "
		    "an output: letters, digits, '-' and '.' are expected",
		    name, folder);
	str_clear(path);
	if (folder[0] != '\0')
		str_addf(path, "%s/", folder);
	str_addf(path, "%s%s", name, suffix);
	return 0;
}

struct files *files_open(const char *dir, bool force, struct err *err)
{
	struct files *f;
	int fd;

	if (mkdir(dir, 0777) < 0 && errno != EEXIST) {
		err_sys(err, "cannot make the directory %s", dir);
		return NULL;
	}
	if ((fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0) {
		err_sys(err, "cannot open the directory %s", dir);
		return NULL;
	}
	f = mem_alloc(sizeof(*f));
	f->dir = mem_dup(dir);
	f->fd = fd;
	f->force = force;
	pthread_mutex_init(&f->lock, NULL);
	return f;
}

int files_plan(struct files *f, const char *folder, const char *name,
    struct err *err)
{
	struct str path = STR_INIT;
	struct stat sb;
	int rc = path_of(folder, name, "", &path, err);

	if (rc == 0 && !f->force &&
	    fstatat(f->fd, str_text(&path), &sb, AT_SYMLINK_NOFOLLOW) == 0)
		rc = err_set(err, ERR_USAGE, "%s/%s is there already; "
		    "--force overwrites it", f->dir, str_text(&path));
	str_free(&path);
	return rc;
}

/* A folder that is a symbolic link could lead outside. */
static int make_folder(struct files *f, const char *folder, struct err *err)
{
	struct stat sb;

	if (folder[0] == '\0')
		return 0;
	if (mkdirat(f->fd, folder, 0777) < 0 && errno != EEXIST)
		return err_sys(err, "cannot make %s/%s", f->dir, folder);
	if (fstatat(f->fd, folder, &sb, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(err, "cannot look at %s/%s", f->dir, folder);
	if (!S_ISDIR(sb.st_mode))
		return err_set(err, ERR_USAGE, "%s/%s is no directory",
		    f->dir, folder);
	return 0;
}

static int write_all(int fd, const char *bytes, size_t len)
{
	ssize_t n;

	for (; len > 0; bytes += n, len -= (size_t)n)
		if ((n = write(fd, bytes, len)) < 0) {
			if (errno != EINTR)
				return -1;
			n = 0;
		}
	return 0;
}

#define TEMPORARY ".part"

int files_start(struct files *f, const char *folder, const char *name,
    struct err *err)
{
	struct str path = STR_INIT, part = STR_INIT;
	int fd = -1;

	if (path_of(folder, name, "", &path, err) < 0 ||
	    path_of(folder, name, TEMPORARY, &part, err) < 0 ||
	    make_folder(f, folder, err) < 0)
		goto out;
	/* What a killed run left behind is ours to take away. */
	unlinkat(f->fd, str_text(&part), 0);
	fd = openat(f->fd, str_text(&part),
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd < 0) {
		err_sys(err, "cannot write %s/%s", f->dir, str_text(&part));
		goto out;
	}
	pthread_mutex_lock(&f->lock);
	MEM_ROOM(f->done, f->n, f->cap);
	f->done[f->n++] = mem_dup(str_text(&path));
	pthread_mutex_unlock(&f->lock);
out:
	str_free(&part);
	str_free(&path);
	return fd;
}

int files_put(struct files *f, const char *folder, const char *name,
    const char *bytes, size_t len, struct err *err)
{
	int fd = files_start(f, folder, name, err), bad;

	if (fd < 0)
		return -1;
	bad = write_all(fd, bytes, len);
	if (bad < 0)
		err_sys(err, "cannot write %s/%s/%s", f->dir, folder, name);
	if (close(fd) < 0 && bad == 0)
		bad = err_sys(err, "cannot write %s/%s/%s", f->dir, folder,
		    name);
	return bad;
}

int files_commit(struct files *f, struct err *err)
{
	struct str part = STR_INIT;
	int rc = 0;

	if (syncfs(f->fd) < 0)
		return err_sys(err, "cannot bring %s to the disk", f->dir);
	for (size_t i = 0; i < f->n && rc == 0; i++) {
		str_clear(&part);
		str_addf(&part, "%s" TEMPORARY, f->done[i]);
		if (renameat(f->fd, str_text(&part), f->fd, f->done[i]) < 0)
			rc = err_sys(err, "cannot name %s/%s", f->dir,
			    f->done[i]);
	}
	str_free(&part);
	if (rc == 0 && syncfs(f->fd) < 0)
		rc = err_sys(err, "cannot bring %s to the disk", f->dir);
	if (rc == 0) {
		for (size_t i = 0; i < f->n; i++)
			free(f->done[i]);
		f->n = 0;
	}
	return rc;
}

void files_close(struct files *f)
{
	struct str part = STR_INIT;

	if (f == NULL)
		return;
	for (size_t i = 0; i < f->n; i++) {
		str_clear(&part);
		str_addf(&part, "%s" TEMPORARY, f->done[i]);
		unlinkat(f->fd, str_text(&part), 0);
		free(f->done[i]);
	}
	str_free(&part);
	free(f->done);
	close(f->fd);
	free(f->dir);
	pthread_mutex_destroy(&f->lock);
	free(f);
}
