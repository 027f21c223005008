/*
 * files.c - what may not be in an image: an SSH server, privileged programs.
 */
#include <string.h>

#include "files.h"
#include "look.h"
#include "muster/err.h"

bool files_is_program(const char *type, int64_t mode)
{
	return (mode & 0111) != 0 && (str_eq(type, "file") ||
	    str_eq(type, "hard"));
}

bool files_is_language(const char *type)
{
	return str_listed("python pypi pip npm node nodejs javascript yarn "
	    "gem ruby bundler maven java jar java-archive gradle go golang "
	    "gobinary go-module cargo rust rust-crate nuget dotnet composer "
	    "php php-composer conda cocoapods swift hex erlang elixir dart "
	    "pub hackage haskell conan cpan perl r cran lua luarocks "
	    "wordpress-plugin githubactions github-action jenkins-plugin "
	    "gopkg poetry pipenv pnpm", type);
}

/* "layer:sha256:..:/usr/sbin/sshd" */
void files_locator(struct str *out, const char *diff_id, const char *path)
{
	str_clear(out);
	str_addf(out, "layer:%s:%s", diff_id, path);
}

/* Servers by the names of their programs: under a link's name, too. */
static int sshd_programs(struct assess *as, const struct look_self *self,
    size_t *hits, struct err *err)
{
	const char *names = assess_value(as, "sshd_programs");
	struct str end = STR_INIT, at = STR_INIT;
	struct query q;
	int64_t mode;
	int rc;

	query_open(&q, as->store, SQL_IMG_FILES, BIND(V(self->target)));
	while ((rc = query_next(&q, err)) > 0) {
		const char *path = query_text(&q, 0), *type = query_text(&q, 1);
		bool link = str_eq(type, "link");

		if (!str_listed(names, look_base(path)) ||
		    (!link && !files_is_program(type, query_int(&q, 2))))
			continue;
		if (link && ((rc = look_resolve(as, self->target, path, &end,
		    &mode, err)) < 0))
			break;
		if (link && (rc == 0 || (mode & 0111) == 0))
			continue;
		if (!look_tell(hits))
			continue;
		files_locator(&at, query_text(&q, 6), path);
		if ((rc = assess_say(as, ROLE_FAIL, (struct cite){
		    self->artifact, at.s }, err, link ?
		    "%s is an SSH server's program: a link to %s" :
		    "%s is an SSH server's program", path,
		    str_text(&end))) < 0)
			break;
	}
	query_close(&q);
	str_free(&end);
	str_free(&at);
	return rc;
}

static int sshd_packages(struct assess *as, size_t *hits, struct err *err)
{
	const char *names = assess_value(as, "sshd_packages");
	struct query q;
	int rc;

	query_open(&q, as->store, SQL_IMG_PACKAGES, BIND(V(as->subject)));
	while ((rc = query_next(&q, err)) > 0) {
		if (!str_listed(names, query_text(&q, 0)) ||
		    files_is_language(query_text(&q, 2)) || !look_tell(hits))
			continue;
		if ((rc = assess_say(as, ROLE_FAIL, (struct cite){
		    query_int(&q, 5), query_null(&q, 4) }, err,
		    "the SSH server package %s %s is installed (%s)",
		    query_text(&q, 0), query_text(&q, 1),
		    query_text(&q, 6))) < 0)
			break;
	}
	query_close(&q);
	return rc;
}

static int sshd_started(struct assess *as, size_t *hits, struct err *err)
{
	struct query q;
	int rc;

	look_facts(&q, as, "start.sshd");
	while ((rc = query_next(&q, err)) > 0) {
		const char *what = query_text(&q, FACT_KEY);

		if (str_eq(what, "config"))
			what = "the entry point";
		if (look_tell(hits) && (rc = assess_say(as, ROLE_FAIL,
		    look_cite(&q), err, "%s starts an SSH daemon: %.200s",
		    what, query_text(&q, FACT_VALUE))) < 0)
			break;
	}
	query_close(&q);
	return rc;
}

static int port_22(struct assess *as, struct err *err)
{
	struct query q;
	int rc;

	look_facts(&q, as, "config.port");
	while ((rc = query_next(&q, err)) > 0) {
		const char *port = query_text(&q, FACT_KEY);

		if (strncmp(port, "22", 2) == 0 && (port[2] == '\0' ||
		    port[2] == '/') && (rc = assess_say(as, ROLE_NOTE,
		    look_cite(&q), err, "port %s is exposed, which is SSH's",
		    port)) < 0)
			break;
	}
	query_close(&q);
	return rc;
}

/* Package databases that nobody could read may list anything. */
int files_unread(struct assess *as, struct err *err)
{
	struct query q;
	int rc;

	look_facts(&q, as, "package.unread");
	while ((rc = query_next(&q, err)) > 0)
		if ((rc = assess_say(as, ROLE_ERROR, look_cite(&q), err,
		    "the package database %s was not read: %s",
		    query_text(&q, FACT_KEY), query_text(&q, FACT_VALUE))) < 0)
			break;
	query_close(&q);
	return rc;
}

int files_sshd(struct assess *as, struct err *err)
{
	static const char *const servers[] = { "packages/*openssh-server*",
	    "packages/*openssh_server*", "packages/*dropbear*", NULL };
	struct look_self self;
	size_t hits = 0, before;
	int64_t programs = 0;
	int rc = -1, whole;

	if (look_self(as, &self, err) < 0)
		return -1;
	if (self.target != 0 && sshd_programs(as, &self, &hits, err) < 0)
		goto out;
	if (sshd_packages(as, &hits, err) < 0)
		goto out;
	if (self.target == 0 && look_compliance(as, servers,
	    "an SSH server is installed", err) < 0)
		goto out;
	before = hits;
	if (sshd_started(as, &hits, err) < 0 || port_22(as, err) < 0 ||
	    look_more(as, ROLE_FAIL, hits, "traces of an SSH server", err) < 0)
		goto out;
	if (hits > 0) {
		rc = hits > before || self.target == 0 ? 0 :
		    assess_say(as, ROLE_NOTE, look_self_cite(&self), err,
		    "nothing in the entry point, the init units or the "
		    "supervisor files read starts it");
		goto out;
	}
	if ((whole = look_content(as, &self, err)) < 0 ||
	    files_unread(as, err) < 0 ||
	    files_count(as, self.target, &programs, err) < 0)
		goto out;
	rc = whole == 0 ? 0 : assess_say(as, ROLE_PASS, look_self_cite(&self),
	    err, "none of the %lld files is an SSH server's program, no "
	    "package is one and nothing starts one", (long long)programs);
out:
	look_self_free(&self);
	return rc;
}

int files_count(struct assess *as, int64_t target, int64_t *n,
    struct err *err)
{
	return store_int(as->store, SQL_IMG_FILE_COUNT, BIND(V(target)), n,
	    err);
}

/* The same file under other names is one file. */
static int other_names(struct assess *as, int64_t target, const char *path,
    struct str *out, struct err *err)
{
	struct query q;
	int rc, n = 0;

	str_clear(out);
	query_open(&q, as->store, SQL_IMG_OTHER_NAMES,
	    BIND(V(target), V(path)));
	while ((rc = query_next(&q, err)) > 0 && n++ < 8)
		str_addf(out, "%s%s", n == 1 ? ", also named " : ", ",
		    query_text(&q, 0));
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

/* Why a file is privileged, or NULL: what cannot be executed gives nothing. */
static const char *privilege(int64_t mode, const char *caps)
{
	if ((mode & 0111) != 0 && (mode & 06000) != 0)
		return (mode & 06000) == 06000 ? "setuid and setgid" :
		    (mode & 04000) != 0 ? "setuid" : "setgid";
	return caps != NULL ? "capabilities" : NULL;
}

static int say_privileged(struct assess *as, const struct look_self *self,
    const struct query *q, const char *why, struct err *err)
{
	const char *path = query_text(q, 0), *caps = query_null(q, 2);
	struct str names = STR_INIT, at = STR_INIT;
	int rc;

	files_locator(&at, query_text(q, 3), path);
	rc = other_names(as, self->target, path, &names, err);
	if (rc == 0)
		rc = assess_say(as, ROLE_FAIL, (struct cite){ self->artifact,
		    at.s }, err, "%s has %s%s%s (mode %04o)%s", path, why,
		    caps != NULL ? " " : "", caps != NULL ? caps : "",
		    (unsigned)query_int(q, 1), str_text(&names));
	str_free(&names);
	str_free(&at);
	return rc;
}

static int privileged(struct assess *as, const struct look_self *self,
    size_t *hits, struct err *err)
{
	struct str at = STR_INIT;
	struct query q;
	size_t notes = 0;
	int rc;

	query_open(&q, as->store, SQL_IMG_PRIVILEGED_FILES,
	    BIND(V(self->target)));
	while ((rc = query_next(&q, err)) > 0) {
		const char *why = privilege(query_int(&q, 1),
		    query_null(&q, 2));

		if (why != NULL && look_tell(hits))
			rc = say_privileged(as, self, &q, why, err);
		else if (why == NULL && look_tell(&notes)) {
			files_locator(&at, query_text(&q, 3),
			    query_text(&q, 0));
			rc = assess_say(as, ROLE_NOTE, (struct cite){
			    self->artifact, at.s }, err, "%s has mode %04o, "
			    "but nobody may execute it", query_text(&q, 0),
			    (unsigned)query_int(&q, 1));
		}
		if (rc < 0)
			break;
	}
	query_close(&q);
	str_free(&at);
	return rc;
}

static int cleaned(struct assess *as, struct err *err)
{
	struct query q;
	size_t n = 0;
	int rc;

	look_facts(&q, as, "setid.cleaned");
	while ((rc = query_next(&q, err)) > 0)
		if (look_tell(&n) && (rc = assess_say(as, ROLE_NOTE,
		    look_cite(&q), err, "%s was privileged in a lower layer "
		    "and is not any more: %s", query_text(&q, FACT_KEY),
		    query_text(&q, FACT_VALUE))) < 0)
			break;
	query_close(&q);
	return rc < 0 ? -1 : look_more(as, ROLE_NOTE, n,
	    "files cleaned by later layers", err);
}

int files_setid(struct assess *as, struct err *err)
{
	static const char *const titles[] = {
		"*suid or sgid found set on file*", NULL
	};
	struct look_self self;
	size_t hits = 0;
	int64_t n = 0;
	int rc = -1, whole;

	if (look_self(as, &self, err) < 0)
		return -1;
	if (self.target != 0 && (privileged(as, &self, &hits, err) < 0 ||
	    look_more(as, ROLE_FAIL, hits, "privileged files", err) < 0 ||
	    cleaned(as, err) < 0))
		goto out;
	if (self.target == 0 && look_compliance(as, titles,
	    "a file is setuid or setgid", err) < 0)
		goto out;
	if ((whole = look_content(as, &self, err)) < 0 ||
	    files_count(as, self.target, &n, err) < 0)
		goto out;
	rc = whole == 0 || hits > 0 ? 0 : assess_say(as, ROLE_PASS,
	    look_self_cite(&self), err, "none of the %lld files is an "
	    "executable with setuid, setgid or file capabilities",
	    (long long)n);
out:
	look_self_free(&self);
	return rc;
}
