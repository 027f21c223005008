/* newlines.h - how many lines end in some bytes; for this room. */
#ifndef NEWLINES_H
#define NEWLINES_H

#include <stddef.h>
#include <stdint.h>

int64_t newlines_in(const char *p, size_t len);

#endif
