/*
 * confine.c - what a command may reach, from its row and its command line;
 * see command.h and jail.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "muster/charset.h"
#include "muster/command.h"
#include "muster/err.h"
#include "muster/jail.h"
#include "muster/mem.h"
#include "muster/str.h"

struct places {
	struct jail_place *place;
	char		**owned;
	size_t		  n, cap, kept, room;
};

static void add(struct places *p, const char *path, enum jail_use use)
{
	MEM_ROOM(p->place, p->n, p->cap);
	p->place[p->n++] = (struct jail_place){ path, use };
}

/* The directory a file is in, or will be. */
static const char *around(struct places *p, const char *path)
{
	char *dir = mem_dup(path), *slash;

	while (strlen(dir) > 1 && str_ends(dir, "/"))
		dir[strlen(dir) - 1] = '\0';
	slash = strrchr(dir, '/');
	if (slash == NULL) {
		free(dir);
		dir = mem_dup(".");
	} else {
		slash[slash == dir] = '\0';
	}
	MEM_ROOM(p->owned, p->kept, p->room);
	p->owned[p->kept++] = dir;
	return dir;
}

static const char *temporary(void)
{
	const char *dir = getenv("TMPDIR");

	return str_empty(dir) ? "/tmp" : dir;
}

static void database(struct places *p, const char *path, bool reading)
{
	if (reading && !store_unsettled(path))
		add(p, path, JAIL_READ);
	else
		add(p, around(p, path), JAIL_FILES);
}

static void operands(struct places *p, const struct command *cmd,
    const struct ctx *c)
{
	struct stat sb;

	for (int i = 0; i < c->argc; i++) {
		const char *path = c->argv[i];

		switch (cmd->are) {
		case OPERANDS_WORDS:
			break;
		case OPERANDS_READ:
			if (strcmp(path, "-") == 0)
				add(p, temporary(), JAIL_FILES);
			/* fall through */
		case OPERANDS_PACKAGE:
			add(p, path, JAIL_READ);
			break;
		case OPERANDS_DB:
			if (stat(path, &sb) == 0 && S_ISREG(sb.st_mode))
				database(p, path, true);
			break;
		case OPERANDS_WRITE:
			add(p, around(p, path), JAIL_WRITE);
			break;
		}
	}
	if (cmd->are == OPERANDS_PACKAGE && c->argc > 0)
		add(p, temporary(), JAIL_WRITE);
}

/* A head, or the file of a seal and what its signature may be called. */
static void seal(struct places *p, const char *path)
{
	static const char *const ends[] = { "", ".sig", ".p7s" };

	for (int i = 0; i < 3; i++) {
		struct str name = STR_INIT;

		str_addf(&name, "%s%s", path, ends[i]);
		MEM_ROOM(p->owned, p->kept, p->room);
		p->owned[p->kept++] = name.s;
		add(p, name.s, JAIL_READ);
	}
}

static void options(struct places *p, const struct command *cmd)
{
	struct stat sb;

	for (const struct opt *o = cmd->opts; o != NULL && o->name != NULL;
	    o++) {
		const char *path = *o->value;

		if (str_eq(o->arg, "HASH|FILE") && path != NULL)
			seal(p, path);
		if (o->arg == NULL || path == NULL ||
		    !str_listed("FILE DIR KEY", o->arg))
			continue;
		if (o->value != cmd->writes)
			add(p, path, JAIL_READ);
		else if (strcmp(o->arg, "DIR") == 0 && stat(path, &sb) == 0)
			add(p, path, JAIL_WRITE);
		else
			add(p, around(p, path), JAIL_WRITE);
	}
}

static int confine(const struct command *cmd, const struct ctx *c,
    bool reading, struct err *err)
{
	struct places p = { .place = NULL };
	int rc;

	operands(&p, cmd, c);
	options(&p, cmd);
	if (p.n > 0)
		charset_prepare();
	if (cmd->are != OPERANDS_PACKAGE || c->argc == 0)
		database(&p, c->db, reading);
	if (cmd->temporary) {
		/* SQLite would look into /var/tmp first */
		setenv("SQLITE_TMPDIR", temporary(), 1);
		add(&p, temporary(), JAIL_FILES);
	}
	rc = jail_keeper(p.place, p.n, err);
	for (size_t i = 0; i < p.kept; i++)
		free(p.owned[i]);
	free(p.owned);
	free(p.place);
	return rc;
}

int confine_command(const struct command *cmd, const struct ctx *c,
    struct err *err)
{
	bool reading = cmd->mode == STORE_READ && !cmd->settles;
	const char *lacks;

	if (confine(cmd, c, reading, err) < 0)
		return -1;
	if (cmd->are != OPERANDS_WORDS && (lacks = jail_lacks()) != NULL)
		fprintf(stderr, "muster: not confined as it should be: %s "
		    "(\"muster doctor\" says more)\n", lacks);
	return 0;
}

int confine_reading(const struct command *cmd, const struct ctx *c,
    struct err *err)
{
	return confine(cmd, c, true, err);
}
