/* secret_name.h - does a name ask for a secret, and is a value one? */
#ifndef IMAGE_SECRET_NAME_H
#define IMAGE_SECRET_NAME_H

#include <stdbool.h>
#include <stddef.h>

/* "DB_PASSWORD", "npm.authToken": would a literal value be a secret? */
bool secret_name_asks(const char *name, size_t len);

/* Does the value refer to what is elsewhere?  Decided from its first
 * characters alone, so len may be all that is left of a text. */
bool secret_name_reference(const char *s, size_t len);

/* Is the value itself one, and not a reference or a placeholder? */
bool secret_name_literal(const char *s, size_t len);

#endif
