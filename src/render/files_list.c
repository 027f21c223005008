/*
 * files_list.c - what a report wrote, as a list beside it.
 *
 * A later report into the same directory has files that the earlier one had
 * not, and lacks others.  Those it takes away, but only where the earlier list
 * names them and their bytes are still those that were written: what somebody
 * else put there, or changed, stays.  The list is one for sha256sum -c; its
 * first line makes it ours.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files_list.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/str.h"

#define FIRST_LINE "# written by muster report\n"
#define LIST_MAX (64 << 20)		/* bytes */

struct listed *files_list_add(struct files_list *l, const char *path)
{
	MEM_ROOM(l->entry, l->n, l->cap);
	l->entry[l->n] = (struct listed){ .path = mem_dup(path) };
	return &l->entry[l->n++];
}

void files_list_free(struct files_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->entry[i].path);
	free(l->entry);
	*l = (struct files_list){ NULL, 0, 0 };
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct listed *)a)->path,
	    ((const struct listed *)b)->path);
}

void files_list_sort(struct files_list *l)
{
	if (l->n > 0)
		qsort(l->entry, l->n, sizeof(l->entry[0]), by_path);
}

bool files_list_has(const struct files_list *l, const char *path)
{
	const struct listed key = { .path = (char *)(uintptr_t)path };

	return l->n > 0 && bsearch(&key, l->entry, l->n, sizeof(key),
	    by_path) != NULL;
}

/* Letters, digits, '-' and '.', not beginning with a dot. */
bool files_list_plain(const char *name)
{
	return name[0] != '\0' && name[0] != '.' && strspn(name,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-."
	    ) == strlen(name);
}

/* A name, or a folder and a name, and no link on the way. */
static bool below(int dir, const char *path)
{
	const char *slash = strchr(path, '/');
	char *folder;
	struct stat sb;
	bool ok;

	if (slash == NULL)
		return files_list_plain(path);
	folder = mem_dupn(path, (size_t)(slash - path));
	ok = files_list_plain(folder) && files_list_plain(slash + 1) &&
	    fstatat(dir, folder, &sb, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISDIR(sb.st_mode);
	free(folder);
	return ok;
}

int files_list_digest(int dir, const char *path, char hex[SHA_HEX])
{
	int fd = openat(dir, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK |
	    O_CLOEXEC);
	struct sha *sha;
	struct stat sb;
	char buf[65536];
	ssize_t n = -1;

	if (fd < 0)
		return -1;
	sha = sha_new();
	if (fstat(fd, &sb) == 0 && S_ISREG(sb.st_mode))
		while ((n = read(fd, buf, sizeof(buf))) > 0)
			sha_add(sha, buf, (size_t)n);
	sha_end_hex(sha, hex);
	sha_free(sha);
	close(fd);
	return n == 0 ? 0 : -1;
}

/* The whole list, or NULL where there is none of ours. */
static char *slurp(int dir)
{
	int fd = openat(dir, FILES_LIST, O_RDONLY | O_NOFOLLOW | O_NONBLOCK |
	    O_CLOEXEC);
	char *text = NULL;
	size_t len = 0;
	struct stat sb;
	ssize_t n = -1;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &sb) == 0 && S_ISREG(sb.st_mode) &&
	    sb.st_size <= LIST_MAX) {
		text = mem_alloc((size_t)sb.st_size + 1);
		while (len < (size_t)sb.st_size && (n = read(fd, text + len,
		    (size_t)sb.st_size - len)) > 0)
			len += (size_t)n;
		text[len] = '\0';
	}
	close(fd);
	if (text != NULL && strncmp(text, FIRST_LINE, strlen(FIRST_LINE))
	    != 0) {
		free(text);
		text = NULL;
	}
	return text;
}

bool files_list_read(int dir, struct files_list *l)
{
	char *text = slurp(dir), *save = NULL;
	bool ours = text != NULL;

	for (char *line = text == NULL ? NULL : strtok_r(text, "\n", &save);
	    line != NULL; line = strtok_r(NULL, "\n", &save)) {
		if (strspn(line, "0123456789abcdef") != SHA_HEX - 1 ||
		    strncmp(line + SHA_HEX - 1, "  ", 2) != 0 ||
		    !below(dir, line + SHA_HEX + 1))
			continue;	/* the first line, or somebody's */
		memcpy(files_list_add(l, line + SHA_HEX + 1)->sha256, line,
		    SHA_HEX - 1);
	}
	free(text);
	files_list_sort(l);
	return ours;
}

bool files_list_stands(int dir, const struct listed *e)
{
	char hex[SHA_HEX];

	return below(dir, e->path) &&
	    files_list_digest(dir, e->path, hex) == 0 &&
	    strcmp(hex, e->sha256) == 0;
}

int files_list_remove(int dir, const struct listed *e, struct err *err)
{
	const char *slash = strchr(e->path, '/');
	char *folder;

	if (unlinkat(dir, e->path, 0) < 0 && errno != ENOENT)
		return err_sys(err, "cannot take %s away", e->path);
	if (slash != NULL) {
		folder = mem_dupn(e->path, (size_t)(slash - e->path));
		unlinkat(dir, folder, AT_REMOVEDIR);	/* if it is empty */
		free(folder);
	}
	return 0;
}

void files_list_text(const struct files_list *l, struct str *text)
{
	str_add(text, FIRST_LINE);
	for (size_t i = 0; i < l->n; i++)
		str_addf(text, "%s  %s\n", l->entry[i].sha256,
		    l->entry[i].path);
}
