/*
 * files_essential.c - 2.12: software that no service needs.
 *
 * Classes of names come from the benchmark.  A name is a package's or a
 * program's; the applets of busybox and toybox are one program, not many.
 */
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "look.h"
#include "muster/err.h"
#include "muster/mem.h"

struct name {
	const char	*class, *glob;
};

struct essential {
	struct look_self self;
	char		*text;		/* the Value, cut into pieces */
	struct name	*names;
	size_t		 n, cap;
	size_t		 hits;
	const char	*shells, *managers;
	struct str	 shells_seen, managers_seen;
	size_t		 nshells, nmanagers;
	int64_t		 documentation;	/* bytes */
};

/* "class: glob glob ..." a line */
static void read_classes(struct essential *e, const char *value)
{
	char *line, *next, *word, *save;

	e->text = mem_dup(value);
	for (line = e->text; line != NULL && *line != '\0'; line = next) {
		char *colon;

		if ((next = strchr(line, '\n')) != NULL)
			*next++ = '\0';
		if ((colon = strchr(line, ':')) == NULL)
			continue;
		*colon = '\0';
		line += strspn(line, " \t");
		for (word = strtok_r(colon + 1, " \t\r", &save); word != NULL;
		    word = strtok_r(NULL, " \t\r", &save)) {
			MEM_ROOM(e->names, e->n, e->cap);
			e->names[e->n++] = (struct name){ line, word };
		}
	}
}

static const char *class_of(const struct essential *e, const char *name)
{
	for (size_t i = 0; i < e->n; i++) {
		const char *g = e->names[i].glob;

		if ((g[0] == name[0] || strchr("*?[", g[0]) != NULL) &&
		    str_glob(g, name))
			return e->names[i].class;
	}
	return NULL;
}

/* Parts of other software: apt has a method called ftp, which is no ftp. */
static bool is_part(const char *path)
{
	return strstr(path, "/bin/") == NULL && strstr(path, "/sbin/") ==
	    NULL && (str_starts(path, "/lib") || str_starts(path, "/etc/") ||
	    str_starts(path, "/usr/lib") || str_starts(path, "/usr/share/") ||
	    str_starts(path, "/var/lib/dpkg/"));
}

static bool is_multicall(const char *path)
{
	return str_listed("busybox busybox.static toybox coreutils",
	    look_base(path));
}

static void see(struct str *seen, size_t *n, const char *what)
{
	if (look_tell(n))
		str_addf(seen, "%s%s", seen->len > 0 ? ", " : "", what);
}

/* Is the file one of the names of busybox? 1 yes, 0 no, -1. */
static int is_applet(struct assess *as, struct essential *e,
    const char *type, const char *path, const char *link, struct err *err)
{
	const char *first = str_eq(type, "hard") ? link : path;
	struct query q;
	int rc, yes = is_multicall(path) || is_multicall(first);

	query_open(&q, as->store, SQL_IMG_OTHER_NAMES,
	    BIND(V(e->self.target), V(first)));
	while ((rc = query_next(&q, err)) > 0)
		yes |= is_multicall(query_text(&q, 0));
	query_close(&q);
	return rc < 0 ? -1 : yes;
}

static int say_program(struct assess *as, struct essential *e,
    const struct query *q, const char *class, struct err *err)
{
	struct str at = STR_INIT;
	int rc;

	files_locator(&at, query_text(q, 6), query_text(q, 0));
	rc = assess_say(as, ROLE_FAIL, (struct cite){ e->self.artifact,
	    at.s }, err, "%s: program %s", class, query_text(q, 0));
	str_free(&at);
	return rc;
}

/* A link counts where the program it leads to goes by another name. */
static int link_leads(struct assess *as, struct essential *e,
    const char *path, struct err *err)
{
	struct str end = STR_INIT;
	int64_t mode;
	int rc = look_resolve(as, e->self.target, path, &end, &mode, err);

	if (rc > 0)
		rc = (mode & 0111) != 0 && !is_multicall(str_text(&end)) &&
		    class_of(e, look_base(str_text(&end))) == NULL;
	str_free(&end);
	return rc;
}

static int program(struct assess *as, struct essential *e,
    const struct query *q, struct err *err)
{
	const char *path = query_text(q, 0), *type = query_text(q, 1);
	const char *base = look_base(path), *class;
	bool link = str_eq(type, "link");
	int rc;

	if ((!link && !files_is_program(type, query_int(q, 2))) ||
	    is_part(path))
		return 0;
	if (!link && str_listed(e->shells, base))
		see(&e->shells_seen, &e->nshells, path);
	if (!link && str_listed(e->managers, base))
		see(&e->managers_seen, &e->nmanagers, path);
	if ((class = class_of(e, base)) == NULL)
		return 0;
	rc = link ? link_leads(as, e, path, err) :
	    is_applet(as, e, type, path, query_text(q, 4), err);
	if (rc < 0 || (link ? rc == 0 : rc == 1) || !look_tell(&e->hits))
		return rc < 0 ? -1 : 0;
	return say_program(as, e, q, class, err);
}

static bool is_documentation(const char *dirs, const char *path)
{
	while (*(dirs += strspn(dirs, " \t\r\n")) != '\0') {
		size_t n = strcspn(dirs, " \t\r\n");

		if (strncmp(dirs, path, n) == 0 && path[n] == '/')
			return true;
		dirs += n;
	}
	return false;
}

static int programs(struct assess *as, struct essential *e, struct err *err)
{
	const char *dirs = assess_value(as, "documentation_directories");
	struct query q;
	int rc;

	query_open(&q, as->store, SQL_IMG_FILES, BIND(V(e->self.target)));
	while ((rc = query_next(&q, err)) > 0) {
		if (str_eq(query_text(&q, 1), "file") &&
		    is_documentation(dirs, query_text(&q, 0)))
			e->documentation += query_int(&q, 3);
		if ((rc = program(as, e, &q, err)) < 0)
			break;
	}
	query_close(&q);
	return rc;
}

static int packages(struct assess *as, struct essential *e, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, as->store, SQL_IMG_PACKAGES, BIND(V(as->subject)));
	while ((rc = query_next(&q, err)) > 0) {
		const char *name = query_text(&q, 0), *class;

		if (files_is_language(query_text(&q, 2)) ||
		    (class = class_of(e, name)) == NULL ||
		    !look_tell(&e->hits))
			continue;
		if ((rc = assess_say(as, ROLE_FAIL, (struct cite){
		    query_int(&q, 5), query_null(&q, 4) }, err,
		    "%s: package %s %s (%s)", class, name, query_text(&q, 1),
		    query_text(&q, 6))) < 0)
			break;
	}
	query_close(&q);
	return rc;
}

static int documentation(struct assess *as, const struct essential *e,
    struct err *err)
{
	int64_t most = assess_value_int(as, "max_documentation_bytes");

	if (e->documentation == 0)
		return 0;
	return assess_say(as, e->documentation > most ? ROLE_FAIL : ROLE_NOTE,
	    look_self_cite(&e->self), err, "documentation and man pages take "
	    "%lld bytes, %s the %lld allowed", (long long)e->documentation,
	    e->documentation > most ? "more than" : "within",
	    (long long)most);
}

static int basics(struct assess *as, const struct essential *e,
    const char *what, const struct str *seen, size_t n, struct err *err)
{
	if (n == 0)
		return 0;
	return assess_say(as, assess_value_bool(as, "shell_class_fails") ?
	    ROLE_FAIL : ROLE_NOTE, look_self_cite(&e->self), err,
	    "%s: %s%s", what, str_text(seen), n > LOOK_MOST ? " and more" :
	    "");
}

static int size(struct assess *as, const struct essential *e,
    struct err *err)
{
	long long count = 0, bytes = 0;
	struct query q;
	int rc;

	query_open(&q, as->store, SQL_IMG_PACKAGE_SIZE,
	    BIND(V(e->self.target)));
	if ((rc = query_next(&q, err)) > 0) {
		count = query_int(&q, 0);
		bytes = query_int(&q, 1);
	}
	query_close(&q);
	if (rc < 0)
		return -1;
	return assess_say(as, ROLE_NOTE, look_self_cite(&e->self), err,
	    "packages installed: %lld, their bytes: %lld", count, bytes);
}

static int decide(struct assess *as, struct essential *e, struct err *err)
{
	bool own = e->self.target != 0;
	int whole;

	if ((own && programs(as, e, err) < 0) || packages(as, e, err) < 0 ||
	    look_more(as, ROLE_FAIL, e->hits, "of such programs and packages",
	    err) < 0)
		return -1;
	if (own && (documentation(as, e, err) < 0 ||
	    basics(as, e, "shells", &e->shells_seen, e->nshells, err) < 0 ||
	    basics(as, e, "package managers", &e->managers_seen,
	    e->nmanagers, err) < 0 || size(as, e, err) < 0))
		return -1;
	if ((whole = look_content(as, &e->self, err)) <= 0)
		return whole;
	if (files_unread(as, err) < 0)
		return -1;
	return assess_said(as, ROLE_FAIL) ? 0 : assess_say(as, ROLE_PASS,
	    look_self_cite(&e->self), err, "no program and no package is of a "
	    "class that no service needs (%zu names looked for)", e->n);
}

int files_essential_software(struct assess *as, struct err *err)
{
	struct essential e = {
		.shells = assess_value(as, "shells"),
		.managers = assess_value(as, "package_managers")
	};
	int rc = -1;

	read_classes(&e, assess_value(as, "nonessential_software"));
	if (look_self(as, &e.self, err) == 0)
		rc = decide(as, &e, err);
	look_self_free(&e.self);
	str_free(&e.shells_seen);
	str_free(&e.managers_seen);
	free(e.names);
	free(e.text);
	return rc;
}
