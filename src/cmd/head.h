/* head.h - the journal's head, for whoever wants to know it again. */
#ifndef CMD_HEAD_H
#define CMD_HEAD_H

struct ctx;
struct err;

/* "head HASH" on standard output, the last line of what a command says; not
 * with -q or --json.  It is in no file that is written: a replay gives the
 * same bytes, and another head. */
int head_say(const struct ctx *c, struct err *err);

#endif
