/*
 * build_layers.c - 2.8: few layers, no stale ones, nothing cached in them.
 */
#include <string.h>

#include "files.h"
#include "muster/date.h"
#include "muster/err.h"
#include "steps.h"

#define DAY 86400

/* Times before this are placeholders of reproducible builds. */
#define FIRST_TIME 86400

static int count_layers(struct assess *as, const struct look_self *self,
    struct err *err)
{
	int64_t most = assess_value_int(as, "max_layers"), n = 0;

	if (store_int(as->store, SQL_IMG_LAYER_COUNT, BIND(V(self->target)),
	    &n, err) < 0)
		return -1;
	if (n <= most)
		return 0;
	return assess_say(as, ROLE_FAIL, look_self_cite(self), err,
	    "%lld layers, more than the %lld allowed", (long long)n,
	    (long long)most);
}

/* The sizes, in any case; and what later layers hide. */
static int sizes(struct assess *as, const struct look_self *self,
    struct err *err)
{
	int64_t most = assess_value_int(as, "max_wasted_percent");
	int64_t wasted = 0, all = 0, n = 0;
	struct str list = STR_INIT;
	struct query q;
	int rc;

	query_open(&q, as->store, SQL_IMG_LAYERS, BIND(V(self->target)));
	while ((rc = query_next(&q, err)) > 0) {
		if (++n <= 100)
			str_addf(&list, "%s%lld", n > 1 ? ", " : "",
			    (long long)query_int(&q, 3));
		wasted += query_int(&q, 4);
	}
	query_close(&q);
	if (rc < 0 || store_int(as->store, SQL_IMG_FILE_BYTES,
	    BIND(V(self->target)), &all, err) < 0)
		rc = -1;
	else
		rc = assess_say(as, ROLE_NOTE, look_self_cite(self), err,
		    "layers: %lld, their bytes unpacked: %s", (long long)n,
		    str_text(&list));
	str_free(&list);
	if (rc < 0)
		return -1;
	all += wasted;
	/* Percent without overflow: sizes are below 2^53 by far. */
	return assess_say(as, (double)wasted * 100 > (double)all *
	    (double)most ? ROLE_FAIL : ROLE_NOTE, look_self_cite(self), err,
	    "later layers overwrite or delete %lld of %lld file bytes (%.1f "
	    "percent, %lld allowed)", (long long)wasted, (long long)all,
	    all > 0 ? (double)wasted * 100 / (double)all : 0.0,
	    (long long)most);
}

/* Is a path one of the patterns, one a line? */
static bool is_cache(const char *patterns, const char *path)
{
	char one[256];

	while (*patterns != '\0') {
		size_t n = strcspn(patterns, "\r\n");
		size_t plain = strcspn(patterns, "*?[\r\n");

		if (n > 0 && n < sizeof(one) &&
		    strncmp(patterns, path, plain) == 0) {
			memcpy(one, patterns, n);
			one[n] = '\0';
			if (str_glob(one, path))
				return true;
		}
		patterns += n;
		patterns += strspn(patterns, "\r\n");
	}
	return false;
}

static int caches(struct assess *as, const struct look_self *self,
    struct err *err)
{
	const char *patterns = assess_value(as, "package_caches");
	struct str at = STR_INIT;
	struct query q;
	size_t n = 0;
	int rc;

	query_open(&q, as->store, SQL_IMG_FILES, BIND(V(self->target)));
	while ((rc = query_next(&q, err)) > 0) {
		const char *path = query_text(&q, 0);

		if (!str_eq(query_text(&q, 1), "file") ||
		    query_int(&q, 3) == 0 || !is_cache(patterns, path) ||
		    !look_tell(&n))
			continue;
		files_locator(&at, query_text(&q, 6), path);
		if ((rc = assess_say(as, ROLE_FAIL, (struct cite){
		    self->artifact, at.s }, err, "%s was left in a package "
		    "manager's cache (%lld bytes)", path,
		    (long long)query_int(&q, 3))) < 0)
			break;
	}
	query_close(&q);
	str_free(&at);
	return rc < 0 ? -1 : look_more(as, ROLE_FAIL, n, "cached files", err);
}

/* Does a step refresh this manager's index, or install with it? */
static bool step_does(const struct steps_one *s, const char *manager,
    const char *(*what)(const struct history_cmd *))
{
	for (size_t i = 0; i < s->cmds.n; i++) {
		const char *m = what(&s->cmds.cmd[i]);

		if (m != NULL && (manager == NULL || str_eq(m, manager)))
			return true;
	}
	return false;
}

/* apt-get update in one step, apt-get install in a later one: the builder may
 * keep the first for years. */
static int split_refresh(struct assess *as, const struct steps *steps,
    size_t i, const char *manager, struct err *err)
{
	const struct steps_one *s = &steps->one[i];

	for (size_t k = i + 1; k < steps->n; k++) {
		const struct steps_one *t = &steps->one[k];

		if (step_does(t, manager, steps_refreshes))
			break;
		if (step_does(t, manager, steps_installs))
			return assess_say(as, ROLE_FAIL, steps_cite(s), err,
			    "step %lld refreshes the index of %s and step "
			    "%lld installs from it: a cached step gives old "
			    "packages", (long long)s->n, manager,
			    (long long)t->n);
	}
	return 0;
}

static int refreshes(struct assess *as, const struct steps *steps,
    struct err *err)
{
	for (size_t i = 0; i < steps->n; i++) {
		const struct steps_one *s = &steps->one[i];
		const char *last = NULL;

		for (size_t k = 0; k < s->cmds.n; k++) {
			const char *m = steps_refreshes(&s->cmds.cmd[k]);

			if (m == NULL || str_eq(m, last))
				continue;
			last = m;
			if (split_refresh(as, steps, i, m, err) < 0)
				return -1;
		}
	}
	return 0;
}

/* A time that is one: 1970 and 0001 stand for none. */
static bool real_time(const char *text, int64_t *seconds)
{
	return date_parse(text, seconds) && *seconds >= FIRST_TIME;
}

/* When the image was made; 0 unknown. */
static int image_time(struct assess *as, int64_t *made, struct err *err)
{
	struct query q;
	int rc;

	*made = 0;
	look_facts(&q, as, "config.created");
	while ((rc = query_next(&q, err)) > 0 && *made == 0)
		if (!real_time(query_text(&q, FACT_VALUE), made))
			*made = 0;
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

static int judge_age(struct assess *as, const struct steps_one *s,
    int64_t made, struct err *err)
{
	int64_t most = assess_value_int(as, "max_layer_age_days"), when = 0;
	struct str text = STR_INIT;
	char number[24];
	int rc;

	snprintf(number, sizeof(number), "%lld", (long long)s->n);
	rc = look_keyed(as, "history.created", number, &text, err);
	if (rc >= 0 && (rc == 0 || made == 0 ||
	    !real_time(str_text(&text), &when)))
		rc = assess_say(as, ROLE_MISSING, steps_cite(s), err,
		    "step %lld installs packages and its age is not known: "
		    "the %s has no time", (long long)s->n,
		    made == 0 ? "image" : "step");
	else if (rc > 0 && made - when > most * DAY)
		rc = assess_say(as, ROLE_FAIL, steps_cite(s), err,
		    "step %lld installs packages and is %lld days older than "
		    "the image (%lld allowed)", (long long)s->n,
		    (long long)((made - when) / DAY), (long long)most);
	str_free(&text);
	return rc < 0 ? -1 : 0;
}

static int ages(struct assess *as, const struct steps *steps,
    struct err *err)
{
	int64_t made;

	if (image_time(as, &made, err) < 0)
		return -1;
	for (size_t i = 0; i < steps->n; i++)
		if (step_does(&steps->one[i], NULL, steps_installs) &&
		    judge_age(as, &steps->one[i], made, err) < 0)
			return -1;
	return 0;
}

int build_layers_cached(struct assess *as, struct err *err)
{
	struct look_self self;
	struct steps steps = { NULL, 0, 0 };
	int rc = -1;

	if (look_self(as, &self, err) < 0)
		return -1;
	if (self.target != 0 && (count_layers(as, &self, err) < 0 ||
	    sizes(as, &self, err) < 0 || caches(as, &self, err) < 0))
		goto out;
	if (steps_load(as, &steps, err) < 0 || refreshes(as, &steps, err) < 0 ||
	    ages(as, &steps, err) < 0)
		goto out;
	if ((rc = look_content(as, &self, err)) > 0 &&
	    (rc = steps_cover(as, &self, &steps, err)) > 0 &&
	    !assess_said(as, ROLE_MISSING))
		rc = assess_say(as, ROLE_PASS, look_self_cite(&self), err,
		    "layers are few and fresh, and no package manager's cache "
		    "is left");
out:
	steps_free(&steps);
	look_self_free(&self);
	return rc < 0 ? -1 : 0;
}
