/*
 * sheets.c - the stylesheets, and what pages carry, compiled in, by file name.
 *
 * --templates DIR puts a directory before them: a name that is there wins.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "muster/cap.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/str.h"
#include "render_priv.h"

/* Every file of templates/, by the Makefile. */
static const struct sheet {
	const char *name, *text;
} table[] = {
#include "sheets.inc"
};

/* A file of dir; NULL without err when it is not there. */
static char *from_dir(const char *dir, const char *name, size_t *len,
    struct err *err)
{
	struct str path = STR_INIT;
	struct stat sb;
	char *text = NULL;
	ssize_t n;
	int fd;

	str_addf(&path, "%s/%s", dir, name);
	fd = open(str_text(&path), O_RDONLY | O_NONBLOCK | O_CLOEXEC |
	    O_NOCTTY);
	if (fd < 0) {
		/* a directory has some of them; one that is not there, none */
		if (errno != ENOENT)
			err_sys(err, "cannot open %s", str_text(&path));
		else if (stat(dir, &sb) < 0)
			err_sys(err, "cannot open the directory %s", dir);
		goto out;
	}
	if (fstat(fd, &sb) < 0 || !S_ISREG(sb.st_mode) ||
	    sb.st_size > cap(CAP_STYLESHEET)) {
		err_set(err, ERR_USAGE, "%.200s is not a stylesheet, but no "
		    "file or too large: %s", str_text(&path),
		    cap_hint(CAP_STYLESHEET));
		goto out;
	}
	text = mem_alloc((size_t)sb.st_size + 1);
	for (*len = 0; *len < (size_t)sb.st_size; *len += (size_t)n)
		if ((n = read(fd, text + *len,
		    (size_t)sb.st_size - *len)) <= 0)
			break;
	if (*len != (size_t)sb.st_size) {
		err_sys(err, "cannot read %s", str_text(&path));
		free(text);
		text = NULL;
	}
out:
	if (fd >= 0)
		close(fd);
	str_free(&path);
	return text;
}

char *sheets_text(const char *dir, const char *name, size_t *len,
    struct err *err)
{
	char *text;

	if (dir != NULL && strchr(name, '/') == NULL) {
		text = from_dir(dir, name, len, err);
		if (text != NULL || err->kind != ERR_NONE)
			return text;
	}
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(table[i].name, name) == 0) {
			*len = strlen(table[i].text);
			return mem_dup(table[i].text);
		}
	return NULL;
}
