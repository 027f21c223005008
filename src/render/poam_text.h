/* poam_text.h - words of a plan of action; see poam_text.c. */
#ifndef RENDER_POAM_TEXT_H
#define RENDER_POAM_TEXT_H

#include <stdbool.h>

struct poam_item;
struct query;
struct str;

/* A severity's name on the common scale (sink.h), and what eMASS calls it. */
int poam_text_level(const char *word);
void poam_text_severity(struct poam_item *item, int level);
/* The assessment procedure of a CCI, else the control. */
void poam_text_control(struct str *out, const char *cci, const char *control);
/* A row of SHEETS_DECISION in force over the item.  beside: the risk is
 * accepted, so there is no plan. */
void poam_text_decision(struct poam_item *item, const struct query *q,
    int layout, bool beside);
/* "2026-11-23..." as "11/23/2026"; "" for anything else. */
void poam_text_date(struct str *out, const char *date);

#endif
