/* changes.h - what is different between two assessments, printed. */
#ifndef CMD_CHANGES_H
#define CMD_CHANGES_H

#include <stdbool.h>

#include "table.h"

struct ctx;
struct mark_list;
struct posture_diff;

/* Rows for a program (JSON Lines, CSV; each with its marking), or for people;
 * carried ones only where all is set. */
void changes_rows(const struct ctx *c, const struct posture_diff *d,
    const struct mark_list *marks, enum table_form form, bool all);

/* A report that can be sent as a mail: counts by image family, requirement,
 * control and scanner, then the rows. */
void changes_report(const struct ctx *c, const struct posture_diff *d,
    const char *mark);

#endif
