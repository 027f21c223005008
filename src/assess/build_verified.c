/* build_verified.c - 2.11: was what got installed verified? */
#include <string.h>

#include "files.h"
#include "muster/err.h"
#include "steps.h"

/* Options that switch verification off, for programs (NULL: any). */
static const struct {
	const char *programs, *word;
} off[] = {
	{ "apt apt-get aptitude", "--allow-unauthenticated" },
	{ "apt apt-get aptitude", "--force-yes" },
	{ "apt apt-get aptitude", "--allow-insecure-repositories" },
	{ "apt apt-get aptitude", "*AllowUnauthenticated=[t1y]*" },
	{ "apt apt-get aptitude", "*AllowInsecureRepositories=[t1y]*" },
	{ "apt apt-get aptitude", "*AllowDowngradeToInsecure*=[t1y]*" },
	{ "apt apt-get aptitude", "*Verify-Peer=[f0n]*" },
	{ "dpkg debootstrap mmdebstrap", "--no-check-gpg" },
	{ "debootstrap", "--no-check-certificate" },
	{ "yum dnf dnf5 microdnf tdnf zypper rpm", "--nogpgcheck" },
	{ "yum dnf dnf5 microdnf tdnf", "--no-gpgchecks" },
	{ "yum dnf dnf5 microdnf tdnf", "--setopt=*gpgcheck=[0Ff]*" },
	{ "zypper", "--no-gpg-check*" },
	{ "zypper", "--gpg-auto-import-keys" },
	{ "rpm yum dnf dnf5", "--nosignature" },
	{ "rpm", "--nodigest" },
	{ "rpm", "--noverify" },
	{ "apk", "--allow-untrusted" },
	{ "pip pip3 python python2 python3", "--trusted-host*" },
	{ "npm yarn pnpm", "--strict-ssl=false" },
	{ "npm yarn pnpm", "strict-ssl=false" },
	{ "gem", "NoSecurity" },
	{ "opkg", "--no-check-certificate" },
	{ "echo printf cat sed tee", "*[[]*trusted=yes*" },
	{ "echo printf cat tee", "*gpgcheck=0*" },
	{ "echo printf cat tee", "*AllowUnauthenticated*true*" },
};

/* Variables that do the same. */
static const char *const variables[] = {
	"PIP_TRUSTED_HOST=?*", "NPM_CONFIG_STRICT_SSL=false",
	"npm_config_strict_ssl=false", "NODE_TLS_REJECT_UNAUTHORIZED=0",
};

static const char *switched_off(const struct history_cmd *c)
{
	size_t first;
	const char *prog = history_program(c, &first);

	for (size_t i = 0; i < sizeof(off) / sizeof(off[0]); i++)
		if (str_listed(off[i].programs, prog))
			for (size_t k = first; k < c->n; k++)
				if (str_glob(off[i].word, c->word[k]))
					return c->word[k];
	for (size_t k = first; k + 1 < c->n; k++)
		if (str_listed("npm yarn pnpm", prog) &&
		    str_eq(c->word[k], "strict-ssl") &&
		    str_eq(c->word[k + 1], "false"))
			return "strict-ssl false";
	for (size_t k = 0; k < c->n; k++)
		for (size_t i = 0; i < sizeof(variables) /
		    sizeof(variables[0]); i++)
			if (str_glob(variables[i], c->word[k]))
				return c->word[k];
	return NULL;
}

static int say_off(struct assess *as, const struct steps_one *s,
    const char *word, struct err *err)
{
	return assess_say(as, ROLE_FAIL, steps_cite(s), err, "%s %lld "
	    "switches verification off: %.160s", s->word, (long long)s->n,
	    word);
}

static int steps_off(struct assess *as, const struct steps *steps,
    struct err *err)
{
	for (size_t i = 0; i < steps->n; i++) {
		const struct steps_one *s = &steps->one[i];
		const char *word;

		for (size_t k = 0; k < s->cmds.n; k++)
			if ((word = switched_off(&s->cmds.cmd[k])) != NULL &&
			    say_off(as, s, word, err) < 0)
				return -1;
		for (size_t k = 0; str_eq(s->step.name, "ENV") &&
		    k < sizeof(variables) / sizeof(variables[0]); k++)
			if (str_contains(s->step.args, variables[k]) &&
			    say_off(as, s, variables[k], err) < 0)
				return -1;
	}
	return 0;
}

static int dockerfile_off(struct assess *as, struct err *err)
{
	struct steps file;
	int rc = steps_dockerfile(as, &file, err);

	if (rc == 0)
		rc = steps_off(as, &file, err);
	steps_free(&file);
	return rc;
}

/* A checksum that says which bytes: not one that is easily made to fit. */
static bool is_checksum(const char *sum)
{
	size_t n = strcspn(sum, ":");

	return sum[n] == ':' && sum[n + 1] != '\0' &&
	    ((n == 6 && strncasecmp(sum, "sha", 3) == 0 &&
	    strcmp(sum + 3, "1") != 0) || (n == 7 &&
	    strncasecmp(sum, "sha", 3) == 0));
}

/* What a hardening manifest has the build fetch. */
static int unchecked_resources(struct assess *as, struct err *err)
{
	struct query q;
	size_t n = 0;
	int rc;

	look_facts(&q, as, "hardening.resource");
	while ((rc = query_next(&q, err)) > 0) {
		const char *sum = query_text(&q, FACT_VALUE);

		if (is_checksum(sum) || !look_tell(&n))
			continue;
		if ((rc = assess_say(as, ROLE_FAIL, look_cite(&q), err,
		    "a resource of the hardening manifest has %s: %.200s",
		    str_eq(sum, "none") ? "no checksum" :
		    "no checksum of the SHA-2 family",
		    query_text(&q, FACT_KEY))) < 0)
			break;
	}
	query_close(&q);
	return rc < 0 ? -1 : look_more(as, ROLE_FAIL, n, "resources", err);
}

static int files_off(struct assess *as, struct err *err)
{
	struct query q;
	size_t n = 0;
	int rc;

	look_facts(&q, as, "verify.off");
	while ((rc = query_next(&q, err)) > 0)
		if (look_tell(&n) && (rc = assess_say(as, ROLE_FAIL,
		    look_cite(&q), err, "%s switches verification off: %.160s",
		    query_text(&q, FACT_KEY), query_text(&q, FACT_VALUE))) < 0)
			break;
	query_close(&q);
	return rc < 0 ? -1 : look_more(as, ROLE_FAIL, n, "such lines", err);
}

static int env_off(struct assess *as, struct err *err)
{
	struct str text = STR_INIT;
	struct query q;
	int rc;

	look_facts(&q, as, "config.env");
	while ((rc = query_next(&q, err)) > 0) {
		str_clear(&text);
		str_addf(&text, "%s=%s", query_text(&q, FACT_KEY),
		    query_text(&q, FACT_VALUE));
		for (size_t i = 0; i < sizeof(variables) /
		    sizeof(variables[0]); i++)
			if (str_glob(variables[i], text.s))
				rc = assess_say(as, ROLE_FAIL, look_cite(&q),
				    err, "the environment switches "
				    "verification off: %.160s", text.s);
		if (rc < 0)
			break;
	}
	query_close(&q);
	str_free(&text);
	return rc;
}

static int unsigned_packages(struct assess *as, struct err *err)
{
	struct query q;
	size_t n = 0;
	int rc;

	query_open(&q, as->store, SQL_IMG_UNSIGNED, BIND(V(as->subject)));
	while ((rc = query_next(&q, err)) > 0)
		if (look_tell(&n) && (rc = assess_say(as, ROLE_FAIL,
		    (struct cite){ query_int(&q, 3), query_null(&q, 2) }, err,
		    "the package %s %s has no signature", query_text(&q, 0),
		    query_text(&q, 1))) < 0)
			break;
	query_close(&q);
	return rc < 0 ? -1 : look_more(as, ROLE_FAIL, n,
	    "packages without signature", err);
}

/* What comparing files with their packages left open, for each type of
 * package: 1 when nothing, 0 when this has said what, -1. */
static int compared_all(struct assess *as, struct err *err)
{
	struct query q;
	struct str n = STR_INIT;
	struct cite at;
	int rc, got = 0;
	bool all = true;

	look_facts(&q, as, "package.uncompared");
	while ((rc = query_next(&q, err)) > 0) {
		all = false;
		if ((rc = assess_say(as, ROLE_MISSING, look_cite(&q), err,
		    "not every file was compared with the checksum its "
		    "package (%s) records: %s", query_text(&q, FACT_KEY),
		    query_text(&q, FACT_VALUE))) < 0)
			break;
	}
	query_close(&q);
	if (rc < 0)
		return -1;
	look_facts(&q, as, "package.db");
	while ((rc = query_next(&q, err)) > 0) {
		const char *type = query_text(&q, FACT_KEY);

		if ((got = look_keyed(as, "package.compared", type, &n,
		    err)) < 0)
			break;
		if (got > 0 && !str_eq(str_text(&n), "0"))
			continue;
		at = look_cite(&q);
		all = false;
		if ((got = assess_say(as, ROLE_MISSING, at, err, "the files "
		    "of %s packages were not compared with checksums: %s",
		    type, got > 0 ? "their database records none" :
		    "importing the image again would do it")) < 0)
			break;
	}
	query_close(&q);
	str_free(&n);
	return rc < 0 || got < 0 ? -1 : all;
}

/*
 * Nothing is switched off.  Where packages were installed that is not all:
 * their sources must be signed ones, and their files what was installed.
 */
static int is_whole(struct assess *as, const struct look_self *self,
    int64_t databases, struct err *err)
{
	int64_t on = 0;
	int whole;

	if (databases == 0)
		return assess_say(as, ROLE_PASS, look_self_cite(self), err,
		    "no package database is there, and neither configuration "
		    "nor history switches verification off");
	if (look_count(as, "verify.on", &on, err) < 0 ||
	    (whole = compared_all(as, err)) < 0)
		return -1;
	if (on == 0 && assess_say(as, ROLE_MISSING, look_self_cite(self), err,
	    "packages are installed, and nothing in the image shows that "
	    "their sources were signed: a repository configuration or the "
	    "keys it trusts would") < 0)
		return -1;
	return on == 0 || !whole ? 0 : assess_say(as, ROLE_PASS,
	    look_self_cite(self), err, "sources are signed, files are as "
	    "their packages record them, and nothing switches verification "
	    "off");
}

static int changed_files(struct assess *as, struct err *err)
{
	struct query q;
	size_t n = 0;
	int rc;

	look_facts(&q, as, "package.changed");
	while ((rc = query_next(&q, err)) > 0)
		if (look_tell(&n) && (rc = assess_say(as, ROLE_FAIL,
		    look_cite(&q), err, "%s differs from what its package "
		    "records: %s", query_text(&q, FACT_KEY),
		    query_text(&q, FACT_VALUE))) < 0)
			break;
	query_close(&q);
	return rc < 0 ? -1 : look_more(as, ROLE_FAIL, n, "changed files", err);
}

/* Counts that decide nothing: "2 configuration files differ (deb)". */
static int noted(struct assess *as, const char *name, const char *text,
    struct err *err)
{
	struct query q;
	int rc;

	look_facts(&q, as, name);
	while ((rc = query_next(&q, err)) > 0)
		if ((rc = assess_say(as, ROLE_NOTE, look_cite(&q), err,
		    "%s %s (%s)", query_text(&q, FACT_VALUE), text,
		    query_text(&q, FACT_KEY))) < 0)
			break;
	query_close(&q);
	return rc;
}

/* Files a package lists that are not there, or programs no package lists. */
static int listed(struct assess *as, const char *name, const char *text,
    struct err *err)
{
	struct query q;
	size_t n = 0;
	int rc;

	look_facts(&q, as, name);
	while ((rc = query_next(&q, err)) > 0)
		if (look_tell(&n) && (rc = assess_say(as, ROLE_NOTE,
		    look_cite(&q), err, "%s %s%s", query_text(&q, FACT_KEY),
		    text, query_text(&q, FACT_VALUE))) < 0)
			break;
	query_close(&q);
	return rc < 0 ? -1 : look_more(as, ROLE_NOTE, n, "such files", err);
}

static int package_notes(struct assess *as, struct err *err)
{
	if (noted(as, "package.compared", "files were compared with the "
	    "checksums of their packages", err) < 0 ||
	    noted(as, "package.config", "configuration files are not, or no "
	    "longer, as their packages brought them: that is what they are "
	    "for", err) < 0 ||
	    noted(as, "package.left_out", "documentation, translations and "
	    "optional files are not there", err) < 0 ||
	    noted(as, "package.gone", "other files that packages list are "
	    "not there", err) < 0 ||
	    noted(as, "package.unsummed", "packages record no checksums",
	    err) < 0)
		return -1;
	return listed(as, "package.missing", "is not there; it is of ",
	    err) < 0 || listed(as, "package.unowned", "is an executable that "
	    "no package lists", err) < 0 ? -1 : 0;
}

int build_verified_packages(struct assess *as, struct err *err)
{
	struct look_self self;
	struct steps steps = { NULL, 0, 0 };
	int64_t databases = 0;
	int rc = -1;

	if (look_self(as, &self, err) < 0)
		return -1;
	if (steps_load(as, &steps, err) < 0 ||
	    steps_off(as, &steps, err) < 0 || files_off(as, err) < 0 ||
	    dockerfile_off(as, err) < 0 || unchecked_resources(as, err) < 0 ||
	    env_off(as, err) < 0 || unsigned_packages(as, err) < 0 ||
	    changed_files(as, err) < 0 || package_notes(as, err) < 0 ||
	    look_count(as, "package.db", &databases, err) < 0)
		goto out;
	if ((rc = look_content(as, &self, err)) <= 0 ||
	    assess_said(as, ROLE_FAIL))
		goto out;
	if ((rc = files_unread(as, err)) < 0 || assess_said(as, ROLE_ERROR))
		goto out;
	if ((rc = steps_cover(as, &self, &steps, err)) > 0)
		rc = is_whole(as, &self, databases, err);
out:
	steps_free(&steps);
	look_self_free(&self);
	return rc < 0 ? -1 : 0;
}
