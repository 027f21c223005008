/*
 * secret.c - credentials in text, and text without them.
 *
 * A mask is all that evidence keeps of a secret, and the checks read it back:
 * rule, grade and a preview.
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

/* A rule by its name; what a hostile text makes up is a rule of none. */
static const char *rule_named(const char *s, size_t n)
{
	const struct secret_rule *r;

	for (size_t i = 0; (r = secret_rule(i)) != NULL; i++)
		if (strlen(r->id) == n && memcmp(r->id, s, n) == 0)
			return r->id;
	return NULL;
}

bool secret_mask_next(const char *text, size_t *at, struct secret_hit *hit)
{
	const char *s = text + *at;

	while ((s = strstr(s, SECRET_MASK)) != NULL) {
		const char *rule = s + strlen(SECRET_MASK);
		size_t len = strcspn(rule, ":]"), glen, plen;
		const char *grade = rule + len + (rule[len] == ':');
		const char *show;
		char word_of[16];

		glen = strcspn(grade, ":]");
		show = grade + glen + (grade[glen] == ':');
		plen = strcspn(show, "]");
		s = rule;
		if (show[plen] != ']' || glen >= sizeof(word_of) ||
		    plen >= sizeof(hit->preview) ||
		    (hit->rule = rule_named(rule, len)) == NULL)
			continue;
		memcpy(word_of, grade, glen);
		word_of[glen] = '\0';
		if (!secret_grade_of(word_of, &hit->grade))
			continue;
		memcpy(hit->preview, show, plen);
		hit->preview[plen] = '\0';
		hit->at = (size_t)(rule - text) - strlen(SECRET_MASK);
		hit->len = (size_t)(show + plen + 1 - text) - hit->at;
		*at = hit->at + hit->len;
		return true;
	}
	return false;
}
