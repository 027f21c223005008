/*
 * secret.h - credentials in text, and text without them.
 *
 * No secret is ever stored or printed: whatever leaves the image room (an
 * environment value, a history line) goes through secret_mask() first, and a
 * hit is described by rule, grade and a masked preview.
 */
#ifndef MUSTER_SECRET_H
#define MUSTER_SECRET_H

#include <stdbool.h>
#include <stddef.h>

struct str;

/* Grade by proof, best last. */
enum secret_grade {
	GRADE_NAME = 1,		/* a name that asks for one, with a literal */
	GRADE_TOKEN,		/* a known token shape */
	GRADE_CHECKED,		/* ... whose checksum is right */
	GRADE_KEY		/* a key that parses */
};

struct secret_hit {
	const char		*rule;		/* "aws-access-key-id" */
	enum secret_grade	 grade;
	size_t			 at, len;	/* of the secret in the text */
	char			 preview[48];	/* "AKIA****************" */
};

typedef void secret_fn(void *ctx, const struct secret_hit *hit);

/* Every hit in a text of shell, Dockerfile or JSON kind, in order, not
 * overlapping.  name is the variable or label the text is the value of, or
 * NULL ("DB_PASSWORD" makes any literal value a hit).  Placeholders and
 * references (${X}, $(cat ...), <password>, empty) are none. */
void secret_text(const char *name, const char *text, secret_fn *fn, void *ctx);

/* The text with every hit masked, appended to out; returns how many. */
size_t secret_mask(const char *name, const char *text, struct str *out);

const char *secret_grade_name(enum secret_grade g);	/* "name" "token" .. */

#endif
