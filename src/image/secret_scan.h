/* secret_scan.h - the pass over a text that finds credentials. */
#ifndef IMAGE_SECRET_SCAN_H
#define IMAGE_SECRET_SCAN_H

#include "muster/secret.h"

/* secret_text() itself. */
void secret_scan_text(const char *name, const char *text, secret_fn *fn,
    void *ctx);

const struct secret_rule *secret_scan_rule(size_t i);	/* NULL past the end */

#endif
