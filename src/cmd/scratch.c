/* scratch.c - a directory for a while, and the files in it; see scratch.h. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "muster/err.h"
#include "muster/mem.h"
#include "muster/str.h"
#include "scratch.h"

#define MAX_DEPTH 16

char *scratch_make(const char *beside, struct err *err)
{
	const char *tmp = getenv("TMPDIR");
	struct str path = STR_INIT;

	if (beside != NULL)
		str_addf(&path, "%s.XXXXXX", beside);
	else
		str_addf(&path, "%s/muster.XXXXXX", str_empty(tmp) ? "/tmp" :
		    tmp);
	if (mkdtemp(path.s) != NULL)
		return path.s;
	err_sys(err, "cannot make a directory like %s", path.s);
	str_free(&path);
	return NULL;
}

static int remove_one(const char *path, const struct stat *sb, int type,
    struct FTW *ftw)
{
	(void)sb;
	(void)type;
	(void)ftw;
	remove(path);
	return 0;
}

void scratch_remove(const char *dir)
{
	if (dir != NULL)
		nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int scratch_open(const char *dir, const char *name, struct err *err)
{
	struct str path = STR_INIT;
	int fd = -1;

	str_addf(&path, "%s/%s", dir, name);
	for (char *p = path.s + strlen(dir) + 1;
	    (p = strchr(p, '/')) != NULL; p++) {
		*p = '\0';
		if (mkdir(path.s, 0700) < 0 && errno != EEXIST) {
			err_sys(err, "cannot make the directory %s", path.s);
			goto out;
		}
		*p = '/';
	}
	fd = open(path.s, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	    0600);
	if (fd < 0)
		err_sys(err, "cannot make the file %s", path.s);
out:
	str_free(&path);
	return fd;
}

int scratch_write(int fd, const void *bytes, size_t len, struct err *err)
{
	const char *p = bytes;
	ssize_t n;

	for (; len > 0; p += n, len -= (size_t)n)
		if ((n = write(fd, p, len)) < 0) {
			if (errno != EINTR)
				return err_sys(err, "cannot write a file");
			n = 0;
		}
	return 0;
}

int scratch_put(const char *dir, const char *name, const void *bytes,
    size_t len, struct err *err)
{
	int fd = scratch_open(dir, name, err), rc;

	if (fd < 0)
		return -1;
	rc = scratch_write(fd, bytes, len, err);
	close(fd);
	return rc;
}

/* A name is on the disk when its directory is. */
static int sync_dir(const char *file)
{
	char *dir = mem_dup(file), *slash = strrchr(dir, '/');
	int fd, rc = -1;

	if (slash != NULL)
		slash[slash == dir] = '\0';
	fd = open(slash != NULL ? dir : ".", O_RDONLY | O_DIRECTORY |
	    O_CLOEXEC);
	if (fd >= 0) {
		rc = fsync(fd);
		close(fd);
	}
	free(dir);
	return rc;
}

int scratch_publish(int fd, const char *dir, const char *name,
    const char *as, bool over, struct err *err)
{
	struct str path = STR_INIT;
	int rc = 0;

	str_addf(&path, "%s/%s", dir, name);
	if (fchmod(fd, 0644) < 0 || fsync(fd) < 0)
		rc = err_sys(err, "cannot bring %s to the disk", as);
	else if ((over ? rename(path.s, as) : link(path.s, as)) < 0)
		rc = err_sys(err, "cannot make %s", as);
	else if (sync_dir(as) < 0)
		rc = err_sys(err, "cannot bring %s to the disk", as);
	str_free(&path);
	return rc;
}

static int walk(const char *dir, const char *below, int depth,
    struct scratch_list *list, struct err *err)
{
	struct str path = STR_INIT;
	struct dirent *e;
	struct stat sb;
	DIR *d;
	int rc = 0;

	str_addf(&path, "%s%s%s", dir, below[0] != '\0' ? "/" : "", below);
	if (depth > MAX_DEPTH || (d = opendir(path.s)) == NULL) {
		rc = err_sys(err, "cannot look into %s", path.s);
		str_free(&path);
		return rc;
	}
	for (errno = 0; rc == 0 && (e = readdir(d)) != NULL; errno = 0) {
		struct str name = STR_INIT;

		if (e->d_name[0] == '.')
			continue;
		str_addf(&name, "%s%s%s", below, below[0] != '\0' ? "/" : "",
		    e->d_name);
		if (fstatat(dirfd(d), e->d_name, &sb, AT_SYMLINK_NOFOLLOW) <
		    0) {
			rc = err_sys(err, "cannot look at %s", name.s);
		} else if (S_ISDIR(sb.st_mode)) {
			rc = walk(dir, name.s, depth + 1, list, err);
		} else if (S_ISREG(sb.st_mode)) {
			MEM_ROOM(list->name, list->n, list->cap);
			list->name[list->n++] = mem_dup(name.s);
		}
		str_free(&name);
	}
	if (rc == 0 && errno != 0)
		rc = err_sys(err, "cannot read all of %s", path.s);
	closedir(d);
	str_free(&path);
	return rc;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int scratch_walk(const char *dir, struct scratch_list *list, struct err *err)
{
	int rc = walk(dir, "", 0, list, err);

	if (list->n > 0)
		qsort(list->name, list->n, sizeof(*list->name), by_name);
	return rc;
}

void scratch_list_free(struct scratch_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->name[i]);
	free(list->name);
	*list = (struct scratch_list){ NULL, 0, 0 };
}

int scratch_read(const char *dir, const char *name,
    int (*fn)(void *ctx, const void *bytes, size_t len, struct err *err),
    void *ctx, struct err *err)
{
	struct str path = STR_INIT;
	char *buf = mem_alloc(1 << 16);
	int fd, rc = -1;
	ssize_t n = 0;

	str_addf(&path, "%s/%s", dir, name);
	if ((fd = open(path.s, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)) < 0) {
		err_sys(err, "cannot open %s", path.s);
		goto out;
	}
	rc = 0;
	while (rc == 0 && (n = read(fd, buf, 1 << 16)) > 0)
		rc = fn(ctx, buf, (size_t)n, err);
	if (n < 0)
		rc = err_sys(err, "cannot read %s", path.s);
	close(fd);
out:
	free(buf);
	str_free(&path);
	return rc;
}
