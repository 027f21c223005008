/*
 * files.c - files that appear together or not at all.
 *
 * Everything is written to temporary names beside the final ones, brought to
 * the disk once, and renamed at the end: a run that fails or is killed before
 * that has replaced nothing.  Nothing outside the directory is ever opened:
 * folders and names come from a table and from slugs, and are checked.  What
 * an earlier report left is looked after by files_list.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files_list.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/str.h"
#include "render_priv.h"

struct files {
	char	*dir;
	int	 fd;
	bool	 force;
	bool	 listed;		/* there is a list of ours */
	struct files_list done;		/* in the order written */
	struct files_list before;	/* of the report that was there */
	struct files_list kept;		/* of these: no output asked for */
	size_t	 left;			/* of these: changed since */
	pthread_mutex_t lock;		/* of done */
};

/* "ckl/web.ckl", or "index.html" where there is no folder; with a suffix the
 * temporary name. */
static int path_of(const char *folder, const char *name, const char *suffix,
    struct str *path, struct err *err)
{
	if ((folder[0] != '\0' && !files_list_plain(folder)) ||
	    (!files_list_plain(name) && strcmp(name, FILES_LIST) != 0))
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
	*f = (struct files){ .dir = mem_dup(dir), .fd = fd, .force = force };
	pthread_mutex_init(&f->lock, NULL);
	f->listed = files_list_read(fd, &f->before);
	return f;
}

int files_replace(struct files *f, bool (*ours)(void *ctx, const char *path),
    void *ctx, struct err *err)
{
	for (size_t i = 0; i < f->before.n; i++) {
		const struct listed *e = &f->before.entry[i];

		if (!ours(ctx, e->path))
			memcpy(files_list_add(&f->kept, e->path)->sha256,
			    e->sha256, SHA_HEX);
		else if (!f->force && files_list_stands(f->fd, e))
			return err_set(err, ERR_USAGE, "%s/%s is there from an "
			    "earlier report; --force puts this one in its "
			    "place", f->dir, e->path);
	}
	return f->listed ? 0 : files_plan(f, "", FILES_LIST, err);
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

/* Begin a file; of its digest NULL is known yet. */
static int begin(struct files *f, const char *folder, const char *name,
    const char *hex, struct err *err)
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
	    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd < 0) {
		err_sys(err, "cannot write %s/%s", f->dir, str_text(&part));
		goto out;
	}
	pthread_mutex_lock(&f->lock);
	snprintf(files_list_add(&f->done, str_text(&path))->sha256, SHA_HEX,
	    "%s", hex != NULL ? hex : "");
	pthread_mutex_unlock(&f->lock);
out:
	str_free(&part);
	str_free(&path);
	return fd;
}

int files_start(struct files *f, const char *folder, const char *name,
    struct err *err)
{
	return begin(f, folder, name, NULL, err);
}

int files_again(const struct files *f, const char *folder, const char *name)
{
	struct str part = STR_INIT;
	struct err err = ERR_INIT;
	int fd = -1;

	if (path_of(folder, name, TEMPORARY, &part, &err) == 0)
		fd = openat(f->fd, str_text(&part),
		    O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	str_free(&part);
	return fd;
}

const char *files_dir(const struct files *f)
{
	return f->dir;
}

int files_put(struct files *f, const char *folder, const char *name,
    const char *bytes, size_t len, struct err *err)
{
	char hex[SHA_HEX];
	int fd, bad;

	sha_of(bytes, len, hex);
	if ((fd = begin(f, folder, name, hex, err)) < 0)
		return -1;
	bad = write_all(fd, bytes, len);
	if (bad < 0)
		err_sys(err, "cannot write %s/%s/%s", f->dir, folder, name);
	if (close(fd) < 0 && bad == 0)
		bad = err_sys(err, "cannot write %s/%s/%s", f->dir, folder,
		    name);
	return bad;
}

/* The final names; digests of what was written bit by bit. */
static int rename_all(struct files *f, struct err *err)
{
	struct str part = STR_INIT;
	int rc = 0;

	for (size_t i = 0; i < f->done.n && rc == 0; i++) {
		struct listed *e = &f->done.entry[i];

		str_clear(&part);
		str_addf(&part, "%s" TEMPORARY, e->path);
		if ((e->sha256[0] == '\0' && files_list_digest(f->fd,
		    str_text(&part), e->sha256) < 0) ||
		    renameat(f->fd, str_text(&part), f->fd, e->path) < 0)
			rc = err_sys(err, "cannot name %s/%s", f->dir,
			    e->path);
	}
	str_free(&part);
	return rc;
}

/* What the earlier report had and this one has not. */
static int take_away(struct files *f, struct err *err)
{
	struct stat sb;

	files_list_sort(&f->done);
	for (size_t i = 0; i < f->before.n; i++) {
		const struct listed *e = &f->before.entry[i];

		if (files_list_has(&f->done, e->path) ||
		    files_list_has(&f->kept, e->path))
			continue;
		if (!files_list_stands(f->fd, e))
			f->left += fstatat(f->fd, e->path, &sb,
			    AT_SYMLINK_NOFOLLOW) == 0;
		else if (files_list_remove(f->fd, e, err) < 0)
			return -1;
	}
	return 0;
}

/* The list goes the way of every file; it does not name itself. */
static int put_list(struct files *f, struct err *err)
{
	struct str text = STR_INIT;
	int rc;

	for (size_t i = 0; i < f->kept.n; i++)
		if (!files_list_has(&f->done, f->kept.entry[i].path))
			memcpy(files_list_add(&f->done, f->kept.entry[i].path)
			    ->sha256, f->kept.entry[i].sha256, SHA_HEX);
	files_list_sort(&f->done);
	files_list_text(&f->done, &text);
	files_list_free(&f->done);
	rc = files_put(f, "", FILES_LIST, str_text(&text), text.len, err);
	if (rc == 0)
		rc = rename_all(f, err);
	str_free(&text);
	return rc;
}

int files_commit(struct files *f, size_t *left, struct err *err)
{
	int rc = 0;

	if (syncfs(f->fd) < 0)
		return err_sys(err, "cannot bring %s to the disk", f->dir);
	if (rename_all(f, err) < 0 || take_away(f, err) < 0 ||
	    put_list(f, err) < 0)
		return -1;
	if (syncfs(f->fd) < 0)
		rc = err_sys(err, "cannot bring %s to the disk", f->dir);
	*left = f->left;
	return rc;
}

void files_close(struct files *f)
{
	struct str part = STR_INIT;

	if (f == NULL)
		return;
	for (size_t i = 0; i < f->done.n; i++) {
		str_clear(&part);
		str_addf(&part, "%s" TEMPORARY, f->done.entry[i].path);
		unlinkat(f->fd, str_text(&part), 0);
	}
	str_free(&part);
	files_list_free(&f->done);
	files_list_free(&f->before);
	files_list_free(&f->kept);
	close(f->fd);
	free(f->dir);
	pthread_mutex_destroy(&f->lock);
	free(f);
}
