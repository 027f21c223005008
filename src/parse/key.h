/*
 * key.h - hashing the keys of an untrusted document.
 *
 * Seeded anew in every process, so that nobody can write a file whose keys
 * all collide.  The hash never reaches an output.
 */
#ifndef KEY_H
#define KEY_H

#include <stddef.h>
#include <stdint.h>

uint64_t key_hash(const void *bytes, size_t len);

#endif
