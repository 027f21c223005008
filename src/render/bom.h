/* bom.h - reading a bill of materials back, see proof_bom.c. */
#ifndef RENDER_BOM_H
#define RENDER_BOM_H

#include <stdint.h>

struct err;
struct making;

/* Are all components and vulnerabilities of the database there, each under an
 * id of its own, and does each of so many references lead to a component? */
int proof_bom(const struct making *m, int fd, int64_t affects,
    struct err *err);

#endif
