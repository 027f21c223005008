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

/* A mask reads "[secret:RULE:GRADE:PREVIEW]" and holds no quote, blank or
 * other character that means something to a shell or to JSON. */
#define SECRET_MASK "[secret:"

const char *secret_grade_name(enum secret_grade g);	/* "name" "token" .. */
bool secret_grade_of(const char *name, enum secret_grade *g);

/* The rules, each with an example that is a hit and one that is none. */
struct secret_rule {
	const char		*id;
	enum secret_grade	 grade;
	const char		*name;	/* the examples are values of this */
	const char		*yes, *no;
};

const struct secret_rule *secret_rule(size_t i);	/* NULL past the end */

#endif
