/*
 * build_secrets.c - 2.9: confidential data in what an image was built with.
 *
 * The readers of images, Dockerfiles, proxies' logs, hardening manifests and
 * compose files searched for it and kept only what kind of secret it was and
 * where; see secret.h.
 */
#include <string.h>

#include "look.h"
#include "muster/err.h"

/* "config.env DB_PASSWORD": in words. */
static void place(struct str *out, const char *fact, const char *locator)
{
	const char *key = strchr(fact, ' ');

	str_clear(out);
	if (str_starts(fact, "config.env ") && key != NULL)
		str_addf(out, "the environment variable %s", key + 1);
	else if (str_starts(fact, "config.label ") && key != NULL)
		str_addf(out, "the label %s", key + 1);
	else if (str_starts(fact, "history ") && key != NULL)
		str_addf(out, "step %s of the history", key + 1);
	else if (str_starts(fact, "dockerfile.") && key != NULL)
		str_addf(out, "line %s of the Dockerfile", key + 1);
	else if (str_starts(fact, "proxy.url ") && key != NULL)
		str_addf(out, "line %s of the build proxy's log", key + 1);
	else if (str_starts(fact, "hardening.resource"))
		str_add(out, "a resource of the hardening manifest");
	else if (str_starts(fact, "hardening.") && key != NULL)
		str_addf(out, "%s of the hardening manifest", key + 1);
	else if (str_starts(locator, "config:/config/"))
		str_addf(out, "the config's %s", locator + 15);
	else
		str_addf(out, "%s", locator);
}

static int say_secrets(struct assess *as, size_t *n, struct err *err)
{
	struct str where = STR_INIT;
	struct query q;
	int rc;

	query_open(&q, as->store, SQL_IMG_SECRETS,
	    BIND(V(as->subject), V(false)));
	while ((rc = query_next(&q, err)) > 0) {
		const char *preview = strchr(query_text(&q, 1), ' ');

		if (!look_tell(n))
			continue;
		place(&where, query_text(&q, 4), query_text(&q, 2));
		if ((rc = assess_say(as, ROLE_FAIL, (struct cite){
		    query_int(&q, 3), query_null(&q, 2) }, err,
		    "%.200s holds a secret: %s %s", str_text(&where),
		    query_text(&q, 0), preview != NULL ? preview + 1 : "")) < 0)
			break;
	}
	query_close(&q);
	str_free(&where);
	return rc < 0 ? -1 : look_more(as, ROLE_FAIL, *n, "secrets", err);
}

/* Compose files start what they build with what stands in them. */
static int say_deployed(struct assess *as, size_t *n, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, as->store, SQL_IMG_POD_SECRETS, BIND(V(as->subject)));
	while ((rc = query_next(&q, err)) > 0) {
		const char *preview = strchr(query_text(&q, 1), ' ');

		if (look_tell(n) && (rc = assess_say(as, ROLE_FAIL,
		    look_cite(&q), err, "%s holds a secret: %s %s",
		    query_text(&q, FACT_WORKLOAD), query_text(&q, 0),
		    preview != NULL ? preview + 1 : "")) < 0)
			break;
	}
	query_close(&q);
	return rc < 0 ? -1 : look_more(as, ROLE_FAIL, *n, "secrets", err);
}

int build_secrets_found(struct assess *as, struct err *err)
{
	static const char *const titles[] = {
		"*sensitive information provided in environment*", NULL
	};
	struct look_self self;
	int64_t steps = 0, env = 0, labels = 0, file = 0;
	size_t n = 0, m = 0;
	int rc = -1;

	if (look_self(as, &self, err) < 0)
		return -1;
	if (look_compliance(as, titles, "the image's environment holds a "
	    "credential", err) < 0 ||
	    say_secrets(as, &n, err) < 0 || say_deployed(as, &m, err) < 0 ||
	    look_count(as, "dockerfile.instruction", &file, err) < 0 ||
	    look_count(as, "history", &steps, err) < 0 ||
	    look_count(as, "config.env", &env, err) < 0 ||
	    look_count(as, "config.label", &labels, err) < 0)
		goto out;
	if ((rc = look_config(as, &self, err)) <= 0 || n + m > 0)
		goto out;
	if (steps == 0 && file == 0)
		rc = assess_say(as, ROLE_MISSING, look_self_cite(&self), err,
		    "the config has no history: a Dockerfile bound to this "
		    "image would show what its build steps held");
	else
		rc = assess_say(as, ROLE_PASS, look_self_cite(&self), err,
		    "no secret in the steps of the history (%lld), the "
		    "environment (%lld), the labels (%lld) and the commands%s",
		    (long long)steps, (long long)env, (long long)labels,
		    file > 0 ? ", and none in the Dockerfile" : "");
out:
	look_self_free(&self);
	return rc < 0 ? -1 : 0;
}
