/*
 * start.c - what starts an SSH daemon: the config's command, an entry-point
 * script, a supervisor's or init system's file.
 *
 * A line counts when sshd or dropbear is the command in it, not when it is
 * merely mentioned (a test for the file, a kill, a comment).
 */
#include <stdlib.h>
#include <string.h>

#include "image_priv.h"
#include "muster/err.h"
#include "muster/secret.h"
#include "muster/str.h"

/* Words that stand before a command without being one. */
static const char before[] = "exec nohup sudo env command then do else if "
    "while setsid tini dumb-init -- start-stop-daemon";

static bool is_daemon(const char *word, size_t len)
{
	const char *base = word + len;

	while (base > word && base[-1] != '/')
		base--;
	len -= (size_t)(base - word);
	return (len == 4 && strncmp(base, "sshd", 4) == 0) ||
	    (len == 8 && strncmp(base, "dropbear", 8) == 0);
}

static bool is_service(const char *word, size_t len)
{
	static const char *const names[] = { "ssh", "sshd", "dropbear",
	    "ssh.service", "sshd.service" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strlen(names[i]) == len && strncmp(names[i], word, len)
		    == 0)
			return true;
	return false;
}

/* "service ssh start", "systemctl start sshd", "/etc/init.d/ssh start". */
static bool is_control(const char *cmd, size_t len, const char *rest)
{
	char line[256];
	const char *w;

	snprintf(line, sizeof(line), "%.*s %s", (int)(len < 100 ? len : 100),
	    cmd, rest);
	if (strstr(line, "start") == NULL)
		return false;
	if (str_starts(line, "/etc/init.d/"))
		return is_service(line + 12, strcspn(line + 12, " \t"));
	if (!str_starts(line, "service ") && !str_starts(line, "systemctl ") &&
	    !str_starts(line, "rc-service ") &&
	    !str_starts(line, "/usr/sbin/service "))
		return false;
	for (w = strchr(line, ' '); w != NULL && *w != '\0';) {
		w += strspn(w, " \t");
		if (is_service(w, strcspn(w, " \t;&|")))
			return true;
		w += strcspn(w, " \t");
	}
	return false;
}

static bool assignment(const char *w, size_t len)
{
	const char *eq = memchr(w, '=', len);

	return eq != NULL && eq > w && memchr(w, '/', (size_t)(eq - w)) == NULL;
}

/* Is one of the line's commands the daemon? */
static bool starts(const char *p)
{
	bool command = true;

	while (*p != '\0') {
		size_t len;

		p += strspn(p, " \t\"'`(){},");
		if (strchr(";&|", *p) != NULL && *p != '\0') {
			command = true;
			p++;
			continue;
		}
		if (*p == '#')
			return false;
		if ((len = strcspn(p, " \t\"'`(){},;&|")) == 0)
			continue;
		if (command) {
			char word[32];

			snprintf(word, sizeof(word), "%.*s", (int)len, p);
			if (is_daemon(p, len) || is_control(p, len, p + len))
				return true;
			command = assignment(p, len) ||
			    str_listed(before, word) || p[0] == '-';
		}
		p += len;
	}
	return false;
}

/* The command of a line of whatever kind of file it is. */
static const char *command_of(const char *path, const char *line)
{
	const char *p = line + strspn(line, " \t");

	if (*p == '#' || *p == ';')
		return "";
	if (str_ends(path, ".service")) {
		if (!str_starts(p, "ExecStart"))
			return "";
		p += strcspn(p, "=");
		return *p == '=' ? p + 1 + strspn(p + 1, " \t-@+!:") : "";
	}
	if (str_contains(path, "/supervisor")) {
		if (!str_starts(p, "command"))
			return "";
		p += strcspn(p, "=");
		return *p == '=' ? p + 1 : "";
	}
	if (str_ends(path, "/inittab")) {
		for (int i = 0; i < 3 && (p = strchr(p, ':')) != NULL; i++)
			p++;
		return p != NULL ? p : "";
	}
	return p;
}

int start_script(struct emit *e, const struct seen *f, struct err *err)
{
	struct str buf = STR_INIT;
	struct lines l = { f->body, f->body + f->len, 0, &buf };
	const char *line;
	int rc = 0;

	while (rc == 0 && lines_next(&l, &line))
		if (starts(command_of(f->path, line)))
			rc = emit_line(e, "start.sshd", line +
			    strspn(line, " \t"), f->layer, f->path, err);
	str_free(&buf);
	return rc;
}

/* A word of the command that names a script of the image. */
static int script(struct emit *e, const char *word, struct err *err)
{
	const struct inode *in = word[0] == '/' ? fs_find(e->fs, word) : NULL;
	struct seen f;

	if (in == NULL || in->entry->body == NULL ||
	    strncmp(in->entry->body, "#!", 2) != 0)
		return 0;
	f = (struct seen){ word, in->layer, in->entry->body,
	    in->entry->body_len };
	return start_script(e, &f, err);
}

/* Entrypoint and Cmd: the daemon itself, a shell line, or a script. */
int start_config(struct emit *e, struct err *err)
{
	struct str buf = STR_INIT, all = STR_INIT;
	struct lines l = { str_text(e->start), str_text(e->start) +
	    e->start->len, 0, &buf };
	const char *word;
	bool found = false;
	int rc = 0;

	while (rc == 0 && lines_next(&l, &word)) {
		found = found || is_daemon(word, strlen(word)) ||
		    starts(word);
		str_addf(&all, "%s%s", all.len > 0 ? " " : "", word);
		rc = script(e, word, err);
	}
	if (rc == 0 && (found || starts(str_text(&all)))) {
		str_clear(&buf);
		secret_mask(NULL, str_text(&all), &buf);
		rc = emit_fact(e, "start.sshd", "config", str_text(&buf),
		    "config:/config", err);
	}
	str_free(&buf);
	str_free(&all);
	return rc;
}
