/*
 * zip_write.h - a zip archive, written member by member from memory.
 *
 * Every member is deflated, dated 1980 and has its size before its bytes, as
 * readers of office documents want it.  The same calls give the same bytes.
 */
#ifndef MUSTER_ZIP_WRITE_H
#define MUSTER_ZIP_WRITE_H

#include <stddef.h>

struct err;
struct zip_write;

#define ZIP_WRITE_MAX 0xfffffffeu	/* bytes of the archive: no zip64 */

struct zip_write *zip_write_open(int fd);	/* stays the caller's */
int zip_write_add(struct zip_write *z, const char *name, const void *bytes,
    size_t len, struct err *err);
/* Write the directory: nothing is an archive before that. */
int zip_write_end(struct zip_write *z, struct err *err);
void zip_write_close(struct zip_write *z);	/* accepts NULL */

#endif
