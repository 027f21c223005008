/* look.c - the image's own archive, and evidence about an image by name. */
#include <ctype.h>
#include <string.h>

#include "look.h"
#include "muster/err.h"

#define MAX_HOPS	40	/* links followed, as the kernel counts */

void look_facts(struct query *q, struct assess *as, const char *name)
{
	query_open(q, as->store, SQL_IMG_FACTS,
	    BIND(V(as->subject), V(name)));
}

void look_pods(struct query *q, struct assess *as, const char *name)
{
	query_open(q, as->store, SQL_IMG_POD_FACTS,
	    BIND(V(as->subject), V(name)));
}

struct cite look_cite(const struct query *q)
{
	return (struct cite){ query_int(q, FACT_ARTIFACT),
	    query_null(q, FACT_LOCATOR) };
}

int look_self(struct assess *as, struct look_self *self, struct err *err)
{
	struct query q;
	int rc;

	*self = (struct look_self){ 0 };
	query_open(&q, as->store, SQL_IMG_SELF, BIND(V(as->subject)));
	if ((rc = query_next(&q, err)) > 0) {
		self->target = query_int(&q, 0);
		self->artifact = query_int(&q, 1);
		str_add(&self->locator, query_text(&q, 2));
		self->docker = str_eq(query_text(&q, 3), "docker");
		self->whole = str_eq(query_text(&q, 4), "true");
		rc = 0;
	}
	query_close(&q);
	return rc;
}

void look_self_free(struct look_self *self)
{
	str_free(&self->locator);
}

struct cite look_self_cite(const struct look_self *self)
{
	return (struct cite){ self->artifact, self->locator.s };
}

static int say_not_imported(struct assess *as, struct err *err)
{
	struct str name = STR_INIT;
	struct query q;
	int rc;

	query_open(&q, as->store, SQL_IMG_NAME, BIND(V(as->subject)));
	if ((rc = query_next(&q, err)) > 0)
		str_add(&name, query_text(&q, 0));
	query_close(&q);
	if (rc >= 0)
		rc = assess_say(as, ROLE_MISSING, NO_CITE, err, "no image "
		    "archive was imported for %s: import it (skopeo copy, "
		    "docker save)", str_text(&name));
	str_free(&name);
	return rc;
}

int look_config(struct assess *as, const struct look_self *self,
    struct err *err)
{
	if (self->target != 0)
		return 1;
	if (assess_said(as, ROLE_FAIL))
		return 0;
	return say_not_imported(as, err);
}

int look_content(struct assess *as, const struct look_self *self,
    struct err *err)
{
	struct query q;
	int rc = look_config(as, self, err), told = 0;

	if (rc <= 0 || self->whole)
		return rc;
	if (assess_said(as, ROLE_FAIL))
		return 0;
	look_facts(&q, as, "content.problem");
	while ((rc = query_next(&q, err)) > 0 && told++ < LOOK_MOST)
		if (assess_say(as, ROLE_ERROR, look_cite(&q), err,
		    "the image's content was not read to the end: %s",
		    query_text(&q, FACT_VALUE)) < 0) {
			rc = -1;
			break;
		}
	query_close(&q);
	if (rc >= 0 && told == 0)
		rc = assess_say(as, ROLE_ERROR, look_self_cite(self), err,
		    "the image's content was not read to the end");
	return rc < 0 ? -1 : 0;
}

int look_keyed(struct assess *as, const char *name, const char *key,
    struct str *value, struct err *err)
{
	struct query q;
	int rc;

	str_clear(value);
	query_open(&q, as->store, SQL_IMG_FACT,
	    BIND(V(as->subject), V(name), V(key)));
	if ((rc = query_next(&q, err)) > 0)
		str_add(value, query_text(&q, FACT_VALUE));
	query_close(&q);
	return rc;
}

int look_count(struct assess *as, const char *name, int64_t *n,
    struct err *err)
{
	struct query q;
	int rc;

	*n = 0;
	look_facts(&q, as, name);
	while ((rc = query_next(&q, err)) > 0)
		++*n;
	query_close(&q);
	return rc;
}

bool look_tell(size_t *n)
{
	return ++*n <= LOOK_MOST;
}

int look_more(struct assess *as, enum role role, size_t n, const char *what,
    struct err *err)
{
	if (n <= LOOK_MOST)
		return 0;
	return assess_say(as, role, NO_CITE, err, "and %zu more %s",
	    n - LOOK_MOST, what);
}

const char *look_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* One step of a walk: the next component of rest goes behind at. */
static int step(struct assess *as, int64_t target, struct str *at,
    struct str *rest, int64_t *mode, int *hops, struct err *err)
{
	struct str name = STR_INIT, left = STR_INIT;
	const char *p = str_text(rest) + strspn(str_text(rest), "/");
	size_t n = strcspn(p, "/"), before = at->len;
	struct query q;
	int rc = 1;

	str_addn(&name, p, n);
	str_add(&left, p + n);
	str_clear(rest);
	*mode = 0;
	if (str_eq(str_text(&name), "..")) {
		while (at->len > 0 && at->s[--at->len] != '/')
			;
		if (at->s != NULL)
			at->s[at->len] = '\0';
	} else if (name.len > 0 && !str_eq(str_text(&name), ".")) {
		str_addf(at, "/%s", str_text(&name));
		query_open(&q, as->store, SQL_IMG_FILE,
		    BIND(V(target), V(str_text(at))));
		rc = query_next(&q, err);
		if (rc > 0 && str_eq(query_text(&q, 1), "link")) {
			at->len = query_text(&q, 4)[0] == '/' ? 0 : before;
			at->s[at->len] = '\0';
			str_add(rest, query_text(&q, 4));
			++*hops;
		} else if (rc > 0)
			*mode = str_eq(query_text(&q, 1), "file") ||
			    str_eq(query_text(&q, 1), "hard") ?
			    query_int(&q, 2) | 1 << 16 : 0;
		query_close(&q);
		/* Directories above may go without a row of their own. */
		if (rc == 0 && left.len > 0)
			rc = 1;
	}
	if (left.len > 0)
		str_addf(rest, "/%s", left.s);
	str_free(&name);
	str_free(&left);
	return rc;
}

int look_resolve(struct assess *as, int64_t target, const char *path,
    struct str *found, int64_t *mode, struct err *err)
{
	struct str rest = STR_INIT;
	int hops = 0, steps = 0, rc = 1;

	str_clear(found);
	str_add(&rest, path);
	*mode = 0;
	while (rc > 0 && str_text(&rest)[strspn(str_text(&rest), "/")] !=
	    '\0') {
		if (hops > MAX_HOPS || ++steps > 4096 || rest.len > 65536)
			rc = 0;
		else
			rc = step(as, target, found, &rest, mode, &hops, err);
	}
	str_free(&rest);
	if (rc > 0 && (*mode & 1 << 16) == 0)
		rc = 0;
	*mode &= 07777;
	return rc;
}

static bool matches(const char *pattern, const char *title)
{
	char low[512];
	size_t n = 0;

	for (; n < sizeof(low) - 1 && title[n] != '\0'; n++)
		low[n] = (char)tolower((unsigned char)title[n]);
	low[n] = '\0';
	return str_glob(pattern, low);
}

int look_compliance(struct assess *as, const char *const *patterns,
    const char *meaning, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, as->store, SQL_IMG_COMPLIANCE, BIND(V(as->subject)));
	while ((rc = query_next(&q, err)) > 0) {
		const char *title = query_text(&q, 1);

		for (size_t i = 0; patterns[i] != NULL; i++)
			if (matches(patterns[i], title)) {
				rc = assess_say(as, ROLE_FAIL, (struct cite){
				    query_int(&q, 3), query_null(&q, 2) }, err,
				    "%s: a scanner reports \"%.160s\" (%s)",
				    meaning, title, query_text(&q, 4));
				break;
			}
		if (rc < 0)
			break;
	}
	query_close(&q);
	return rc;
}

int look_against(struct assess *as, const char *name, const char *what,
    struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, as->store, SQL_IMG_FACTS_AGAINST,
	    BIND(V(as->subject), V(name)));
	while ((rc = query_next(&q, err)) > 0) {
		const char *key = query_null(&q, FACT_KEY);

		if ((rc = assess_say(as, ROLE_CONTRADICTION, look_cite(&q),
		    err, "a scanner's report says that the %s is \"%.160s\", "
		    "the image's own config does not: its own stands", what,
		    key != NULL ? key : query_text(&q, FACT_VALUE))) < 0)
			break;
	}
	query_close(&q);
	return rc;
}
