/*
 * secret.c - credentials in text, and text without them.
 *
 * A mask is all that evidence keeps of a secret: rule, grade and a preview.
 */
#include <string.h>

#include "muster/secret.h"
#include "muster/str.h"
#include "secret_scan.h"

const struct secret_rule *secret_rule(size_t i)
{
	return secret_scan_rule(i);
}

const char *secret_grade_name(enum secret_grade g)
{
	static const char *const names[] = {
		[GRADE_NAME] = "name", [GRADE_TOKEN] = "token",
		[GRADE_CHECKED] = "checked", [GRADE_KEY] = "key"
	};

	return names[g];
}

bool secret_grade_of(const char *name, enum secret_grade *g)
{
	for (int i = GRADE_NAME; i <= GRADE_KEY; i++)
		if (str_eq(secret_grade_name((enum secret_grade)i), name)) {
			*g = (enum secret_grade)i;
			return true;
		}
	return false;
}

void secret_text(const char *name, const char *text, secret_fn *fn, void *ctx)
{
	secret_scan_text(name, text, fn, ctx);
}

struct masking {
	const char	*text;
	size_t		 at, hits;
	struct str	*out;
};

static void mask(void *ctx, const struct secret_hit *hit)
{
	struct masking *m = ctx;

	str_addn(m->out, m->text + m->at, hit->at - m->at);
	str_addf(m->out, SECRET_MASK "%s:%s:%s]", hit->rule,
	    secret_grade_name(hit->grade), hit->preview);
	m->at = hit->at + hit->len;
	m->hits++;
}

size_t secret_mask(const char *name, const char *text, struct str *out)
{
	struct masking m = { .text = text, .out = out };

	secret_text(name, text, mask, &m);
	str_add(out, text + m.at);
	return m.hits;
}
