/* jail_priv.h - what jail.c and jail_filter.c share. */
#ifndef JAIL_PRIV_H
#define JAIL_PRIV_H

#include <stdbool.h>

enum jail_who { JAIL_KEEPER, JAIL_READER, JAIL_DIR_READER, JAIL_WHO };

/* A sanitizer looks at /proc, and starts a program to name addresses. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define JAIL_WIDE true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
#define JAIL_WIDE true
#endif
#endif
#ifndef JAIL_WIDE
#define JAIL_WIDE false
#endif

/* Work the filter out, once; false: jail_filter_lacks() says why not. */
bool jail_filter_make(enum jail_who who);
/* Put it in force, for good. */
bool jail_filter_set(enum jail_who who);

#endif
