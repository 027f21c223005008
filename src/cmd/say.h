/* say.h - verdicts and long texts on a terminal. */
#ifndef CMD_SAY_H
#define CMD_SAY_H

struct ctx;

/* A verdict in its colour, padded to width. */
void say_verdict(const struct ctx *c, const char *verdict, int width);

/* Text wrapped at the terminal's width, every line behind indent spaces;
 * made safe for the terminal. */
void say_text(const char *text, int indent);

#endif
