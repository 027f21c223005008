/* mark.h - the marking of the package, for texts that commands write. */
#ifndef CMD_MARK_H
#define CMD_MARK_H

struct err;
struct store;
struct str;

/* "": there is none. */
int mark_text(struct store *st, struct str *text, struct err *err);

#endif
