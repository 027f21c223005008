/*
 * config.c - what an image's config says: its user and its health check.
 */
#include <string.h>

#include "history.h"
#include "look.h"
#include "muster/err.h"

#define UID_LAST 2147483647	/* what container engines accept */

/* The first part of User: a name or an id, without the group. */
static void user_of(const char *config, struct str *user, struct str *group)
{
	const char *colon = strchr(config, ':');

	str_addn(user, config, colon != NULL ? (size_t)(colon - config) :
	    strlen(config));
	str_add(group, colon != NULL ? colon + 1 : "");
}

/*
 * What stands for User in the image's own passwd: engines look for the name
 * first, also where it is a number, and take what is no number as 0.
 */
static int user_named(struct assess *as, const struct look_self *self,
    const char *user, struct cite cite, struct err *err)
{
	struct str uid = STR_INIT;
	int64_t id;
	int rc = look_keyed(as, "passwd", user, &uid, err);

	if (rc > 0) {
		if (str_int(str_text(&uid), 1, UID_LAST, &id))
			rc = assess_say(as, ROLE_PASS, cite, err, "the image "
			    "runs as %s, uid %s in its /etc/passwd", user,
			    uid.s);
		else
			rc = assess_say(as, ROLE_FAIL, cite, err, "the image "
			    "runs as %s, which its /etc/passwd makes uid 0 "
			    "(\"%s\")", user, str_text(&uid));
	} else if (rc == 0 && !self->whole)
		rc = look_content(as, self, err);
	else if (rc == 0)
		rc = assess_say(as, ROLE_FAIL, cite, err, "the image's user "
		    "\"%s\" is no valid uid and is not in its /etc/passwd, so "
		    "no unprivileged start is shown", user);
	str_free(&uid);
	return rc < 0 ? -1 : 0;
}

static int judge_user(struct assess *as, const struct look_self *self,
    const char *config, struct cite cite, struct err *err)
{
	struct str user = STR_INIT, group = STR_INIT, uid = STR_INIT;
	const char *name;
	int64_t id;
	int rc = 0, named;

	user_of(config, &user, &group);
	name = str_text(&user);
	if ((named = look_keyed(as, "passwd", name, &uid, err)) < 0)
		rc = -1;
	else if (str_empty(name))
		rc = assess_say(as, ROLE_FAIL, cite, err,
		    "the config's User is empty: the image runs as root");
	else if (str_eq(name, "root"))
		rc = assess_say(as, ROLE_FAIL, cite, err,
		    "the image runs as root (User \"%s\")", config);
	else if (named == 0 && name[strspn(name, "0123456789")] == '\0') {
		if (!str_int(name, 0, UID_LAST, &id))
			rc = assess_say(as, ROLE_FAIL, cite, err, "the "
			    "image's user %s is no valid uid", name);
		else if (id == 0)
			rc = assess_say(as, ROLE_FAIL, cite, err, "the image "
			    "runs as uid 0 (User \"%s\")", config);
		else
			rc = assess_say(as, ROLE_PASS, cite, err,
			    "the image runs as uid %lld", (long long)id);
	} else
		rc = user_named(as, self, name, cite, err);
	if (rc == 0 && (str_eq(group.s, "root") ||
	    (str_int(str_text(&group), 0, 0, &id))))
		rc = assess_say(as, ROLE_NOTE, cite, err,
		    "its group is 0 (User \"%s\")", config);
	str_free(&user);
	str_free(&group);
	str_free(&uid);
	return rc;
}

/* A scanner quotes a whole config, with no User in it. */
static int quoted_without_user(struct assess *as, struct err *err)
{
	struct query q;
	int rc;

	look_facts(&q, as, "config.arch");
	if ((rc = query_next(&q, err)) > 0 && assess_say(as, ROLE_FAIL,
	    look_cite(&q), err, "the config that a scanner quotes has no "
	    "User: the image runs as root") < 0)
		rc = -1;
	query_close(&q);
	return rc;
}

/* The config's own User. */
static int image_user(struct assess *as, const struct look_self *self,
    struct err *err)
{
	struct query q;
	int rc, n = 0;

	look_facts(&q, as, "config.user");
	while ((rc = query_next(&q, err)) > 0 && ++n > 0)
		if ((rc = judge_user(as, self, query_text(&q, FACT_VALUE),
		    look_cite(&q), err)) < 0)
			break;
	query_close(&q);
	if (rc < 0 || n > 0)
		return rc;
	if (self->target == 0 && (rc = quoted_without_user(as, err)) != 0)
		return rc < 0 ? -1 : 0;
	if ((rc = look_config(as, self, err)) > 0)
		rc = assess_say(as, ROLE_FAIL, look_self_cite(self), err,
		    "the config has no User: the image runs as root");
	return rc;
}

/* A workload may say otherwise: worse counts, better is stated. */
static int workload_user(struct assess *as, struct err *err)
{
	bool good = assess_said(as, ROLE_PASS);
	struct query q;
	int rc;

	look_pods(&q, as, "pod.user");
	while ((rc = query_next(&q, err)) > 0) {
		const char *workload = query_text(&q, FACT_WORKLOAD);
		const char *uid = query_text(&q, FACT_VALUE);
		int64_t id;

		if (!str_int(uid, 0, 0, &id)) {
			rc = assess_say(as, ROLE_NOTE, look_cite(&q), err,
			    "%s runs it as uid %s", workload, uid);
		} else if ((rc = assess_say(as, ROLE_FAIL, look_cite(&q), err,
		    "%s runs it as root (runAsUser 0)", workload)) == 0 &&
		    good)
			rc = assess_say(as, ROLE_CONTRADICTION, look_cite(&q),
			    err, "the image names an unprivileged user, and "
			    "%s runs it as uid 0", workload);
		if (rc < 0)
			break;
	}
	query_close(&q);
	return rc;
}

static int user_namespaces(struct assess *as, struct err *err)
{
	struct query q;
	int rc;

	look_pods(&q, as, "pod.user_ns");
	while ((rc = query_next(&q, err)) > 0)
		if (str_eq(query_text(&q, FACT_VALUE), "false") &&
		    (rc = assess_say(as, ROLE_NOTE, look_cite(&q), err,
		    "%s maps users to unprivileged ones of the host "
		    "(hostUsers: false), the guide's alternative",
		    query_text(&q, FACT_WORKLOAD))) < 0)
			break;
	query_close(&q);
	return rc;
}

int config_user(struct assess *as, struct err *err)
{
	static const char *const titles[] = {
		"*image should be created with a non-root user*",
		"*effective user*root*", "*user root found as effective*",
		"*image runs as root*", "*create a user for the container*",
		"*image user should not be 'root'*", NULL
	};
	struct look_self self;
	int rc = -1;

	if (look_self(as, &self, err) < 0)
		return -1;
	if (look_compliance(as, titles, "the image runs as root", err) == 0 &&
	    image_user(as, &self, err) == 0 && workload_user(as, err) == 0 &&
	    look_against(as, "config.user", "user", err) == 0)
		rc = user_namespaces(as, err);
	look_self_free(&self);
	return rc;
}

/* The strings of a JSON array, one a line, escapes left as they are. */
static size_t strings(const char *json, struct str *out)
{
	size_t n = 0;

	while ((json = strchr(json, '"')) != NULL) {
		const char *start = ++json;

		while (*json != '\0' && *json != '"')
			json += json[0] == '\\' && json[1] != '\0' ? 2 : 1;
		str_addn(out, start, (size_t)(json - start));
		str_addc(out, '\n');
		n++;
		json += *json == '"';
	}
	return n;
}

/* A command that cannot fail checks nothing. */
static bool is_constant(const char *cmd)
{
	struct history_cmds cmds;
	bool constant = true;

	history_split_text(cmd, &cmds);
	for (size_t i = 0; i < cmds.n; i++) {
		size_t first;
		const char *prog = history_program(&cmds.cmd[i], &first);

		constant = constant && (str_listed("true : exit echo sleep "
		    "printf", prog) || (history_is_shell(prog) &&
		    cmds.n > i + 1));
	}
	history_cmds_free(&cmds);
	return constant;
}

enum health { HEALTH_NONE, HEALTH_EMPTY, HEALTH_CONSTANT, HEALTH_GOOD };

static enum health judge_test(const char *json)
{
	struct str words = STR_INIT;
	enum health h = HEALTH_EMPTY;
	size_t n = strings(json, &words);
	char *rest;

	if (n > 0) {
		rest = strchr(words.s, '\n');
		*rest++ = '\0';
		if (str_eq(words.s, "NONE"))
			h = HEALTH_NONE;
		else if (n > 1) {
			for (char *p = rest; *p != '\0'; p++)
				if (*p == '\n' && str_eq(words.s, "CMD"))
					*p = ' ';
			h = is_constant(rest) ? HEALTH_CONSTANT : HEALTH_GOOD;
		}
	}
	str_free(&words);
	return h;
}

static int say_health(struct assess *as, enum health h, const char *test,
    struct cite cite, struct err *err)
{
	switch (h) {
	case HEALTH_NONE:
		return assess_say(as, ROLE_FAIL, cite, err,
		    "the health check is switched off (%s)", test);
	case HEALTH_EMPTY:
		return assess_say(as, ROLE_FAIL, cite, err,
		    "the health check is empty (%s)", test);
	case HEALTH_CONSTANT:
		return assess_say(as, ROLE_FAIL, cite, err, "the health check "
		    "always gives the same result (%.200s)", test);
	default:
		return assess_say(as, ROLE_PASS, cite, err,
		    "the health check is %.200s", test);
	}
}

/*
 * The last HEALTHCHECK of the history: the classic builder and BuildKit print
 * a Go value, &{["CMD" "/x"] "30s" ..}; others the instruction itself.
 */
static int history_health(struct assess *as, struct err *err)
{
	struct str last = STR_INIT, at = STR_INIT;
	const char *cmd, *open;
	struct query q;
	int64_t artifact = 0;
	int rc;

	look_facts(&q, as, "history");
	while ((rc = query_next(&q, err)) > 0) {
		struct history_step step;

		history_step(query_text(&q, FACT_VALUE), &step);
		if (str_eq(step.name, "HEALTHCHECK")) {
			str_clear(&last);
			str_clear(&at);
			str_add(&last, step.args);
			str_add(&at, query_text(&q, FACT_LOCATOR));
			artifact = query_int(&q, FACT_ARTIFACT);
		}
		history_step_free(&step);
	}
	query_close(&q);
	if (rc == 0 && artifact != 0) {
		struct cite cite = { artifact, at.s };
		const char *text = str_text(&last);
		enum health h;

		if ((open = strchr(text, '[')) != NULL)
			h = judge_test(open);
		else if (str_starts(text, "NONE") || strstr(text, "NONE]"))
			h = HEALTH_NONE;
		else
			h = (cmd = strstr(text, "CMD ")) == NULL ?
			    HEALTH_EMPTY : is_constant(cmd + 4) ?
			    HEALTH_CONSTANT : HEALTH_GOOD;
		/* An exec form in an instruction has no CMD of its own. */
		if (open != NULL && h == HEALTH_EMPTY && (cmd = strstr(text,
		    "CMD")) != NULL && cmd < open)
			h = HEALTH_GOOD;
		rc = say_health(as, h, text, cite, err) < 0 ? -1 : 1;
	}
	str_free(&last);
	str_free(&at);
	return rc;
}

/* The same layers in a format that does record health checks. */
static int twin_health(struct assess *as, const struct look_self *self,
    struct err *err)
{
	struct query q, f;
	int rc, found = 0;

	query_open(&q, as->store, SQL_IMG_TWINS, BIND(V(self->target)));
	while (!found && (rc = query_next(&q, err)) > 0) {
		int64_t artifact = query_int(&q, 1);

		query_open(&f, as->store, SQL_IMG_TARGET_FACT,
		    BIND(V(query_int(&q, 0)), V("config.health")));
		if ((rc = query_next(&f, err)) > 0) {
			const char *test = query_text(&f, 1);

			rc = say_health(as, judge_test(test), test,
			    (struct cite){ artifact, query_null(&f, 2) }, err);
			found = 1;
		} else if (rc == 0) {
			rc = assess_say(as, ROLE_FAIL, (struct cite){ artifact,
			    query_null(&q, 2) }, err, "a docker archive of "
			    "the same layers records no health check");
			found = 1;
		}
		query_close(&f);
		if (rc < 0)
			break;
	}
	query_close(&q);
	return rc < 0 ? -1 : found;
}

/* HEALTHCHECK of a Dockerfile bound to the image; without one only a build
 * from nothing settles it, since a base may have its own. */
static int file_health(struct assess *as, struct err *err)
{
	struct query q;
	int rc, found = 0;

	look_facts(&q, as, "dockerfile.health");
	while ((rc = query_next(&q, err)) > 0 && ++found > 0) {
		const char *test = query_text(&q, FACT_VALUE);

		if ((rc = say_health(as, judge_test(test), test,
		    look_cite(&q), err)) < 0)
			break;
	}
	query_close(&q);
	if (rc < 0 || found > 0)
		return rc < 0 ? -1 : 1;
	look_facts(&q, as, "dockerfile.scratch");
	while (!found && (rc = query_next(&q, err)) > 0)
		if (str_eq(query_text(&q, FACT_VALUE), "true")) {
			rc = assess_say(as, ROLE_FAIL, look_cite(&q), err,
			    "its Dockerfile builds it from nothing and has no "
			    "HEALTHCHECK");
			found = 1;
		}
	query_close(&q);
	return rc < 0 ? -1 : found;
}

/* No Healthcheck in the config: what does that mean? */
static int no_health(struct assess *as, const struct look_self *self,
    struct err *err)
{
	int rc = look_config(as, self, err);

	if (rc <= 0)
		return rc;
	if (self->docker)
		return assess_say(as, ROLE_FAIL, look_self_cite(self), err,
		    "the config has no Healthcheck; for a short-lived job ask "
		    "for a waiver");
	if ((rc = twin_health(as, self, err)) != 0 ||
	    (rc = history_health(as, err)) != 0 ||
	    (rc = file_health(as, err)) != 0)
		return rc < 0 ? -1 : 0;
	return assess_say(as, ROLE_MISSING, look_self_cite(self), err,
	    "the config has no Healthcheck, but its format, OCI, may have "
	    "dropped it: a docker archive of the same image would show, or a "
	    "Dockerfile with a HEALTHCHECK");
}

int config_health(struct assess *as, struct err *err)
{
	static const char *const titles[] = { "*add healthcheck*",
	    "*healthcheck* not found*", "*no healthcheck*",
	    "*healthcheck*missing*", NULL };
	struct look_self self;
	struct query q;
	int rc, n = 0;

	if (look_self(as, &self, err) < 0)
		return -1;
	if ((rc = look_compliance(as, titles, "there is no health check",
	    err)) < 0)
		goto out;
	look_facts(&q, as, "config.health");
	while ((rc = query_next(&q, err)) > 0 && ++n > 0) {
		const char *test = query_text(&q, FACT_VALUE);

		if ((rc = say_health(as, judge_test(test), test, look_cite(&q),
		    err)) < 0)
			break;
	}
	query_close(&q);
	if (rc == 0 && n == 0)
		rc = no_health(as, &self, err);
	if (rc == 0)
		rc = look_against(as, "config.health", "health check", err);
	if (rc == 0 && assess_said(as, ROLE_FAIL) &&
	    assess_said(as, ROLE_PASS))
		rc = assess_say(as, ROLE_CONTRADICTION, NO_CITE, err,
		    "sources disagree about the health check; the worse one "
		    "stands");
out:
	look_self_free(&self);
	return rc;
}
