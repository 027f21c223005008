/* scratch.h - a directory for a while, and the files in it. */
#ifndef CMD_SCRATCH_H
#define CMD_SCRATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct sha;
struct str;

/* Make one beside a file, or (NULL) where temporary files go; the caller
 * frees the path behind removing it. */
char *scratch_make(const char *beside, struct err *err);
void scratch_remove(const char *dir);		/* accepts NULL */

/* Write a file below dir; folders are made. */
int scratch_open(const char *dir, const char *name, struct err *err);
int scratch_write(int fd, const void *bytes, size_t len, struct err *err);
int scratch_put(const char *dir, const char *name, const void *bytes,
    size_t len, struct err *err);

/* Give the open file dir/name its place and name, on the disk: the last step.
 * One that is there already is in the way, unless over. */
int scratch_publish(int fd, const char *dir, const char *name,
    const char *as, bool over, struct err *err);

/* The regular files below a directory, sorted. */
struct scratch_list {
	char	**name;
	size_t	  n, cap;
};
int scratch_walk(const char *dir, struct scratch_list *list,
    struct err *err);
void scratch_list_free(struct scratch_list *list);

/* Each piece of a file. */
int scratch_read(const char *dir, const char *name,
    int (*fn)(void *ctx, const void *bytes, size_t len, struct err *err),
    void *ctx, struct err *err);

#endif
