/*
 * source_tls.c - 2.7: is what the image is built from fetched over TLS?
 *
 * What the image's own bytes and its workloads prove against it counts
 * without any further evidence; a pass needs the builder's configuration and
 * a scan of the registry.
 */
#include <stdio.h>
#include <string.h>

#include "history.h"
#include "look.h"
#include "muster/err.h"
#include "source.h"

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

static int tls_in_steps(struct assess *as, const char *fact, struct err *err)
{
	struct query q;
	size_t n = 0;
	int rc;

	look_facts(&q, as, fact);
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

int source_tls_in(struct assess *as, const char *fact, struct err *err)
{
	const bool by_key = str_eq(fact, "hardening.resource");
	const char *what = by_key ? "the hardening manifest fetches a "
	    "resource" : "the build's proxy saw an address";
	struct query q;
	size_t n = 0;
	int rc;

	look_facts(&q, as, fact);
	while ((rc = query_next(&q, err)) > 0) {
		const char *text = query_text(&q, by_key ? FACT_KEY :
		    FACT_VALUE);
		const char *url = strstr(text, "http://");

		if (url == NULL || (url != text && url[-1] != ' ') ||
		    str_contains(text, "DENIED") || !look_tell(&n))
			continue;
		if ((rc = assess_say(as, ROLE_FAIL, look_cite(&q), err,
		    "%s without TLS: %.200s", what, url)) < 0)
			break;
	}
	query_close(&q);
	return rc < 0 ? -1 : look_more(as, ROLE_FAIL, n, "addresses", err);
}

/* Is a protocol, as configurations and scanners spell it, older than 1.2?
 * "TLSv1" "TLS1.1" "tls1_0" "SSLv3" "None" are. */
static bool is_old(const char *name)
{
	const char *digits = name + strcspn(name, "0123456789");

	if (strcasestr(name, "ssl") != NULL || str_ieq(name, "none"))
		return true;
	if (strcasestr(name, "tls") == NULL)
		return false;
	if (strncasecmp(name, "dtls", 4) == 0)
		return false;		/* no registry speaks it */
	return *digits == '1' && (digits[1] == '\0' ||
	    ((digits[1] == '.' || digits[1] == '_') && (digits[2] == '0' ||
	    digits[2] == '1')));
}

#define SCAN "tls-scan/"		/* of a registry: what it is called */

struct tls_seen {
	int64_t	configured, scans;
	int64_t	artifact;	/* of a configuration, and the place in it */
	struct str locator;
	struct str scanned;	/* what offers 1.2 or higher, a blank between */
};

static struct cite configured_at(const struct tls_seen *seen)
{
	return (struct cite){ seen->artifact, seen->locator.len > 0 ?
	    seen->locator.s : NULL };
}

/* Builders' configurations and scans of registries: SQL_TLS_BUILDERS. */
static int tls_in_builder(struct assess *as, const struct query *q,
    struct tls_seen *seen, struct err *err)
{
	const char *who = query_text(q, 0), *fact = query_text(q, 1);
	const char *key = query_text(q, 2), *value = query_text(q, 3);
	struct cite cite = { query_int(q, 4), query_null(q, 5) };

	if (str_eq(fact, "tls.off"))
		return assess_say(as, ROLE_FAIL, cite, err, "%s allows %s "
		    "without verified TLS (%s)", who, value, key);
	if (str_eq(fact, "tls.minimum"))
		return !is_old(value) ? 0 : assess_say(as, ROLE_FAIL, cite,
		    err, "%s allows TLS older than 1.2: %s is %s", who, key,
		    value);
	if (str_eq(fact, "tls.scan"))
		seen->scans++;
	if (str_eq(fact, "tls.offered") && str_eq(value, "true")) {
		if (is_old(key))
			return assess_say(as, ROLE_FAIL, cite, err, "%s: the "
			    "registry offers %s", who, key);
		if (str_starts(who, SCAN))
			who += strlen(SCAN);
		str_addf(&seen->scanned, "%s%s", seen->scanned.len > 0 ? " " :
		    "", who);
	}
	if (str_eq(fact, "builder.kind") && str_listed("registries.conf "
	    "buildkitd.toml docker-daemon", value)) {
		seen->configured++;
		/* the row goes before the reason that cites it is said */
		seen->artifact = cite.artifact;
		str_clear(&seen->locator);
		str_add(&seen->locator, cite.locator != NULL ? cite.locator :
		    "");
	}
	return 0;
}

static int tls_in_platforms(struct assess *as, struct tls_seen *seen,
    struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, as->store, SQL_TLS_BUILDERS, NOBIND);
	while ((rc = query_next(&q, err)) > 0)
		if ((rc = tls_in_builder(as, &q, seen, err)) < 0)
			break;
	query_close(&q);
	return rc;
}

/* Was this host scanned?  Scanners name "host:443" or "host/address:443". */
static bool was_scanned(const char *scanned, const char *host)
{
	const size_t len = strlen(host);

	for (const char *p = scanned; *p != '\0'; ) {
		if (strcspn(p, "/: ") == len &&
		    strncasecmp(p, host, len) == 0)
			return true;
		p += strcspn(p, " ");
		p += strspn(p, " ");
	}
	return false;
}

/* Builders and scans speak for an image when the registry that was scanned is
 * the one its base is pulled from. */
static int tls_of_base(struct assess *as, const struct tls_seen *seen,
    const struct source_base *base, struct err *err)
{
	struct ref ref;

	if (!ref_parse(str_text(&base->name), &ref) || ref.repo[0] == '\0')
		return assess_say(as, ROLE_MISSING, configured_at(seen), err, "nothing "
		    "says which registry its base is pulled from, so the "
		    "TLS scan of %.300s may be of another",
		    str_text(&seen->scanned));
	ref.repo[strcspn(ref.repo, "/:")] = '\0';
	if (!was_scanned(str_text(&seen->scanned), ref.repo))
		return assess_say(as, ROLE_MISSING, configured_at(seen), err, "its "
		    "base is pulled from %s: a TLS scan of that registry "
		    "would decide this; what is in evidence is of %.300s",
		    ref.repo, str_text(&seen->scanned));
	return assess_say(as, ROLE_PASS, configured_at(seen), err, "no builder's "
	    "configuration in evidence (%lld) allows a registry without TLS, "
	    "and %s, which its base is pulled from, offers TLS 1.2 or higher "
	    "only", (long long)seen->configured, ref.repo);
}

static int tls_of_pulls(struct assess *as, const struct tls_seen *seen,
    struct err *err)
{
	struct look_self self;
	struct source_base base;
	int rc = -1;

	if (look_self(as, &self, err) < 0)
		return -1;
	if (source_base(as, &self, &base, err) == 0)
		rc = tls_of_base(as, seen, &base, err);
	source_base_free(&base);
	look_self_free(&self);
	return rc;
}

static int tls_missing(struct assess *as, const struct tls_seen *seen,
    struct err *err)
{
	if (seen->configured == 0 && assess_say(as, ROLE_MISSING, NO_CITE, err,
	    "the builder's configuration (registries.conf, daemon.json or "
	    "buildkitd.toml) would decide this; there is none in evidence") < 0)
		return -1;
	if (seen->scanned.len > 0)
		return 0;
	return assess_say(as, ROLE_MISSING, configured_at(seen), err, "a TLS scan of "
	    "the registry (testssl.sh, sslyze or nmap) would decide this; "
	    "there is none in evidence%s", seen->scans > 0 ?
	    " that shows what it offers" : "");
}

int source_tls(struct assess *as, struct err *err)
{
	struct tls_seen seen = { 0, 0, 0, STR_INIT, STR_INIT };
	int rc = -1;

	if (tls_in_steps(as, "history", err) == 0 &&
	    tls_in_steps(as, "dockerfile.instruction", err) == 0 &&
	    tls_in_files(as, err) == 0 && tls_in_engines(as, err) == 0 &&
	    source_tls_in(as, "proxy.url", err) == 0 &&
	    source_tls_in(as, "hardening.resource", err) == 0)
		rc = tls_in_platforms(as, &seen, err);
	if (rc == 0 && !assess_said(as, ROLE_FAIL))
		rc = seen.configured > 0 && seen.scanned.len > 0 ?
		    tls_of_pulls(as, &seen, err) :
		    tls_missing(as, &seen, err);
	str_free(&seen.locator);
	str_free(&seen.scanned);
	return rc;
}
