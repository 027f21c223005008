/* observe.c - users, groups and the name of the system inside an image. */
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

/* "name:x:ID:...": the first three fields of each line. */
static int colon_file(struct emit *e, const struct seen *f, const char *fact,
    struct err *err)
{
	struct str buf = STR_INIT;
	struct lines l = lines_of(f, &buf);
	const char *line;
	int rc = 0;

	while (rc == 0 && lines_next(&l, &line)) {
		const char *p = strchr(line, ':'), *q, *r;
		char *name, *id;

		if (line[0] == '#' || p == NULL || p == line ||
		    (q = strchr(p + 1, ':')) == NULL)
			continue;
		r = q + 1 + strcspn(q + 1, ":");
		name = mem_dupn(line, (size_t)(p - line));
		id = mem_dupn(q + 1, (size_t)(r - q - 1));
		rc = emit_file_fact(e, fact, name, id, f->layer, f->path,
		    err);
		free(name);
		free(id);
	}
	str_free(&buf);
	return rc;
}

int observe_passwd(struct emit *e, const struct seen *f, struct err *err)
{
	return colon_file(e, f, "passwd", err);
}

int observe_group(struct emit *e, const struct seen *f, struct err *err)
{
	return colon_file(e, f, "group", err);
}

/* A shell value: quotes off, backslash escapes undone. */
static void unquote(const char *v, struct str *out)
{
	char quote = *v == '"' || *v == '\'' ? *v++ : '\0';

	str_clear(out);
	str_add(out, "");
	for (; *v != '\0' && *v != quote; v++) {
		if (*v == '\\' && quote != '\'' && v[1] != '\0')
			v++;
		str_addc(out, *v);
	}
}

/* /etc/os-release wins; the other one is read where there is none. */
int observe_release(struct emit *e, const struct seen *f, struct err *err)
{
	struct str buf = STR_INIT, value = STR_INIT;
	struct lines l = lines_of(f, &buf);
	const char *line;
	int rc = 0;

	if (!str_eq(f->path, "/etc/os-release") &&
	    fs_find(e->fs, "etc/os-release") != NULL)
		return 0;
	while (rc == 0 && lines_next(&l, &line)) {
		const char *eq = strchr(line, '=');
		char *key;

		if (line[0] == '#' || eq == NULL || eq == line)
			continue;
		key = mem_dupn(line, (size_t)(eq - line));
		unquote(eq + 1, &value);
		rc = emit_file_fact(e, "os.release", key, str_text(&value),
		    f->layer, f->path, err);
		free(key);
	}
	str_free(&buf);
	str_free(&value);
	return rc;
}
