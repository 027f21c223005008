/*
 * verify.c - files that say whether what is installed gets verified: package
 * sources of apt, yum, dnf and zypper, and the settings of pip and npm.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "image_priv.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/str.h"

static struct lines lines_of(const struct seen *f, struct str *buf)
{
	return (struct lines){ f->body, f->body + f->len, 0, buf };
}

static int off(struct emit *e, const struct seen *f, const char *line,
    struct err *err)
{
	return emit_line(e, "verify.off", line, f->layer, f->path,
	    err);
}

static int on(struct emit *e, const struct seen *f, const char *what,
    struct err *err)
{
	return emit_line(e, "verify.on", what, f->layer, f->path,
	    err);
}

static const char *skip(const char *s)
{
	return s + strspn(s, " \t");
}

static bool yes(const char *v)
{
	static const char *const words[] = { "yes", "true", "1", "on",
	    "enable", "with" };
	size_t len = strcspn(v, " \t;\"',]");

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strlen(words[i]) == len &&
		    strncasecmp(v, words[i], len) == 0)
			return true;
	return false;
}

static bool no(const char *v)
{
	static const char *const words[] = { "no", "false", "0", "off" };
	size_t len = strcspn(v, " \t;#");

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strlen(words[i]) == len &&
		    strncasecmp(v, words[i], len) == 0)
			return true;
	return false;
}

/* "deb [trusted=yes arch=amd64] http://..." */
int verify_apt_list(struct emit *e, const struct seen *f, struct err *err)
{
	struct str buf = STR_INIT;
	struct lines l = lines_of(f, &buf);
	const char *line;
	int rc = 0;

	while (rc == 0 && lines_next(&l, &line)) {
		const char *p = skip(line), *q;

		if (*p == '#' || (p = strchr(p, '[')) == NULL)
			continue;
		if (((q = strcasestr(p, "trusted=")) != NULL && yes(q + 8)) ||
		    ((q = strcasestr(p, "allow-insecure=")) != NULL &&
		    yes(q + 15)))
			rc = off(e, f, skip(line), err);
		else if (strcasestr(p, "signed-by=") != NULL)
			rc = on(e, f, skip(line), err);
	}
	str_free(&buf);
	return rc;
}

/* "Trusted: yes" in a stanza; one that is not enabled is nobody's source. */
int verify_deb822(struct emit *e, const struct seen *f, struct err *err)
{
	struct str buf = STR_INIT;
	struct lines l = lines_of(f, &buf);
	const char *line;
	int rc = 0;

	while (rc == 0 && lines_next(&l, &line)) {
		const char *colon = strchr(line, ':');

		if (line[0] == '#' || colon == NULL)
			continue;
		if ((strncasecmp(line, "Trusted:", 8) == 0 ||
		    strncasecmp(line, "Allow-Insecure:", 15) == 0) &&
		    yes(skip(colon + 1)))
			rc = off(e, f, line, err);
		else if (strncasecmp(line, "Signed-By:", 10) == 0)
			rc = on(e, f, line, err);
	}
	str_free(&buf);
	return rc;
}

/* apt.conf, flat or nested: the option's last part and a true value. */
int verify_apt_conf(struct emit *e, const struct seen *f, struct err *err)
{
	static const char *const options[] = {
		"AllowUnauthenticated", "AllowInsecureRepositories",
		"AllowDowngradeToInsecureRepositories",
		"AllowWeakRepositories", "force-yes"
	};
	struct str buf = STR_INIT;
	struct lines l = lines_of(f, &buf);
	const char *line;
	int rc = 0;

	while (rc == 0 && lines_next(&l, &line)) {
		const char *p = skip(line);

		if (*p == '#' || strncmp(p, "//", 2) == 0)
			continue;
		for (size_t i = 0; i < sizeof(options) / sizeof(*options);
		    i++) {
			const char *q = strcasestr(p, options[i]);

			if (q == NULL)
				continue;
			q += strlen(options[i]);
			q += strspn(q, " \t\"'=");
			if (yes(q) && (rc = off(e, f, p, err)) < 0)
				break;
		}
	}
	str_free(&buf);
	return rc;
}

/* One repository of a .repo file, or [main] of a .conf. */
struct repo {
	char	name[128];
	char	off[256];	/* the line that switches checking off */
	char	on[256];
	bool	disabled;
};

static int repo_end(struct emit *e, const struct seen *f, struct repo *r,
    struct err *err)
{
	struct str s = STR_INIT;
	int rc = 0;

	if (!r->disabled && r->off[0] != '\0') {
		str_addf(&s, "[%s] %s", r->name, r->off);
		rc = off(e, f, str_text(&s), err);
	} else if (!r->disabled && r->on[0] != '\0') {
		str_addf(&s, "[%s] %s", r->name, r->on);
		rc = on(e, f, str_text(&s), err);
	}
	str_free(&s);
	memset(r, 0, sizeof(*r));
	return rc;
}

static void repo_line(struct repo *r, const char *line)
{
	const char *eq = strchr(line, '=');
	size_t len;
	const char *v;

	if (eq == NULL)
		return;
	for (len = (size_t)(eq - line); len > 0 &&
	    isspace((unsigned char)line[len - 1]); len--)
		;
	v = skip(eq + 1);
	if ((len == 8 && strncasecmp(line, "gpgcheck", 8) == 0) ||
	    (len == 12 && strncasecmp(line, "pkg_gpgcheck", 12) == 0))
		snprintf(no(v) ? r->off : r->on, sizeof(r->on), "%s", line);
	else if (len == 7 && strncasecmp(line, "enabled", 7) == 0)
		r->disabled = no(v);
	else if (len == 9 && strncasecmp(line, "sslverify", 9) == 0 && no(v))
		snprintf(r->off, sizeof(r->off), "%s", line);
}

int verify_repo(struct emit *e, const struct seen *f, struct err *err)
{
	struct repo r = { .disabled = false };
	struct str buf = STR_INIT;
	struct lines l = lines_of(f, &buf);
	const char *line;
	int rc = 0;

	while (rc == 0 && lines_next(&l, &line)) {
		const char *p = skip(line);

		if (*p == '#' || *p == ';')
			continue;
		if (*p == '[') {
			rc = repo_end(e, f, &r, err);
			snprintf(r.name, sizeof(r.name), "%.*s",
			    (int)strcspn(p + 1, "]"), p + 1);
		} else {
			repo_line(&r, p);
		}
	}
	if (rc == 0)
		rc = repo_end(e, f, &r, err);
	str_free(&buf);
	return rc;
}

/* "key = value" of an ini-like file, for one key. */
static const char *setting(const char *line, const char *key)
{
	const char *p = skip(line);
	size_t len = strlen(key);

	if (strncasecmp(p, key, len) != 0)
		return NULL;
	p = skip(p + len);
	return *p == '=' || *p == ':' ? skip(p + 1) : NULL;
}

/* trusted-host may go on in indented lines after an empty value. */
int verify_pip(struct emit *e, const struct seen *f, struct err *err)
{
	struct str buf = STR_INIT;
	struct lines l = lines_of(f, &buf);
	const char *line, *v;
	bool inside = false;
	int rc = 0;

	while (rc == 0 && lines_next(&l, &line)) {
		if (*skip(line) == '#' || *skip(line) == ';')
			continue;
		if ((v = setting(line, "trusted-host")) != NULL ||
		    (v = setting(line, "trusted_host")) != NULL) {
			inside = *v == '\0';
			if (*v != '\0')
				rc = off(e, f, skip(line), err);
		} else if (inside && (line[0] == ' ' || line[0] == '\t') &&
		    *skip(line) != '\0') {
			rc = off(e, f, "trusted-host, continued", err);
			inside = false;
		} else {
			inside = false;
		}
	}
	str_free(&buf);
	return rc;
}

int verify_npm(struct emit *e, const struct seen *f, struct err *err)
{
	struct str buf = STR_INIT;
	struct lines l = lines_of(f, &buf);
	const char *line, *v;
	int rc = 0;

	while (rc == 0 && lines_next(&l, &line))
		if ((v = setting(line, "strict-ssl")) != NULL && no(v))
			rc = off(e, f, skip(line), err);
	str_free(&buf);
	return rc;
}

int verify_key(struct emit *e, const struct seen *f, struct err *err)
{
	return on(e, f, "a key that sources are checked with", err);
}
