/* files_list.h - the list of what a report wrote; see files_list.c. */
#ifndef RENDER_FILES_LIST_H
#define RENDER_FILES_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "muster/sha.h"

struct err;
struct str;

#define FILES_LIST ".muster.sha256"	/* not a name for an output */

struct listed {
	char	*path;			/* below the directory */
	char	 sha256[SHA_HEX];	/* "": not known yet */
};

struct files_list {
	struct listed	*entry;
	size_t		 n, cap;
};

struct listed *files_list_add(struct files_list *l, const char *path);
void files_list_sort(struct files_list *l);
bool files_list_has(const struct files_list *l, const char *path); /* sorted */
void files_list_free(struct files_list *l);

/* May an output be called so? */
bool files_list_plain(const char *name);
/* That of a file; -1: it cannot be read. */
int files_list_digest(int dir, const char *path, char hex[SHA_HEX]);

/* The list in a directory; false: there is none of ours. */
bool files_list_read(int dir, struct files_list *l);
void files_list_text(const struct files_list *l, struct str *text);
/* Is the file there, with the bytes that were written? */
bool files_list_stands(int dir, const struct listed *e);
int files_list_remove(int dir, const struct listed *e, struct err *err);

#endif
