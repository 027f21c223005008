/* say.h - verdicts and long texts on a terminal. */
#ifndef CMD_SAY_H
#define CMD_SAY_H

#include <stdint.h>

struct ctx;

/* The terminal's width; 0 where standard output is none. */
int say_columns(void);

/* A verdict in its colour, padded to width. */
void say_verdict(const struct ctx *c, const char *verdict, int width);

/* A number in five columns, in the colour of a verdict unless it is 0. */
void say_count(const struct ctx *c, int64_t n, const char *verdict);

/* Text wrapped at the terminal's width, every line behind indent spaces;
 * made safe for the terminal. */
void say_text(const char *text, int indent);

#endif
