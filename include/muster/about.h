/*
 * about.h - the libraries of each room, as they are on this machine.
 *
 * A room whose libraries live only there names them; "muster doctor" asks
 * all of them.
 */
#ifndef MUSTER_ABOUT_H
#define MUSTER_ABOUT_H

/* version NULL: muster was built without it, and without says what that
 * means. */
typedef void about_fn(void *ctx, const char *library, const char *version,
    const char *without);

void base_about(about_fn *say, void *ctx);
void parse_about(about_fn *say, void *ctx);
void store_about(about_fn *say, void *ctx);
void image_about(about_fn *say, void *ctx);
void render_about(about_fn *say, void *ctx);

#endif
