/*
 * source_tls.c - 2.7: is what the image is built from fetched over TLS?
 *
 * What the image's own bytes and its workloads prove against it counts
 * without any further evidence; a pass needs the builder's configuration and
 * a scan of the registry.
 */
#include <string.h>

#include "history.h"
#include "look.h"
#include "muster/err.h"

/* A word that tells a puller not to insist on TLS. */
static bool turns_tls_off(const char *word)
{
	static const char *const starts[] = {
		"--tls-verify=false", "--src-tls-verify=false",
		"--dest-tls-verify=false", "--insecure-registry",
		"--allow-insecure-registry",
	};

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (str_starts(word, starts[i]))
			return true;
	return strcmp(word, "--insecure") == 0;
}

static bool pulls_without_tls(const char *created_by)
{
	struct history_step step;
	struct history_cmds cmds;
	bool found = false;

	history_step(created_by, &step);
	if (step.kind == HISTORY_RUN && step.args != NULL) {
		history_split_text(step.args, &cmds);
		for (size_t i = 0; i < cmds.n; i++)
			for (size_t j = 0; j < cmds.cmd[i].n; j++)
				found |= turns_tls_off(cmds.cmd[i].word[j]);
		history_cmds_free(&cmds);
	}
	history_step_free(&step);
	return found;
}

static int tls_in_history(struct assess *as, struct err *err)
{
	struct query q;
	size_t n = 0;
	int rc;

	look_facts(&q, as, "history");
	while ((rc = query_next(&q, err)) > 0) {
		if (!pulls_without_tls(query_text(&q, FACT_VALUE)) ||
		    !look_tell(&n))
			continue;
		if ((rc = assess_say(as, ROLE_FAIL, look_cite(&q), err,
		    "a build step switches TLS verification off: %.300s",
		    query_text(&q, FACT_VALUE))) < 0)
			break;
	}
	query_close(&q);
	if (rc < 0)
		return -1;
	return look_more(as, ROLE_FAIL, n, "build steps", err);
}

static int tls_in_files(struct assess *as, struct err *err)
{
	struct query q;
	size_t n = 0;
	int rc;

	look_facts(&q, as, "tls.off");
	while ((rc = query_next(&q, err)) > 0)
		if (look_tell(&n) && (rc = assess_say(as, ROLE_FAIL,
		    look_cite(&q), err, "%s allows a registry without TLS: "
		    "%.300s", query_text(&q, FACT_KEY),
		    query_text(&q, FACT_VALUE))) < 0)
			break;
	query_close(&q);
	if (rc < 0)
		return -1;
	return look_more(as, ROLE_FAIL, n, "lines", err);
}

/* An engine's own configuration, which is where images are pulled. */
static int tls_in_engines(struct assess *as, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, as->store, SQL_POD_ENGINES, BIND(V("tls.off")));
	while ((rc = query_next(&q, err)) > 0) {
		struct cite cite = { query_int(&q, 2), query_text(&q, 3) };

		if (query_null(&q, 1) == NULL)
			continue;
		if ((rc = assess_say(as, ROLE_FAIL, cite, err, "%s pulls "
		    "from %s without verified TLS", query_text(&q, 0),
		    query_text(&q, 1))) < 0)
			break;
	}
	query_close(&q);
	return rc;
}

int source_tls(struct assess *as, struct err *err)
{
	if (tls_in_history(as, err) < 0 || tls_in_files(as, err) < 0 ||
	    tls_in_engines(as, err) < 0)
		return -1;
	if (assess_said(as, ROLE_FAIL))
		return 0;
	return assess_say(as, ROLE_MISSING, NO_CITE, err, "the builder's "
	    "configuration (registries.conf, daemon.json or buildkitd.toml) "
	    "and a TLS scan of the registry would decide this; there is no "
	    "such evidence");
}
