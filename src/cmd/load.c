/* load.c - importing what the user named; see load.h. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "muster/assess.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/mem.h"
#include "muster/str.h"
#include "load.h"

#define WALK_MAX_DEPTH 64

static const char *status_word(const struct import_result *r)
{
	return r->status == IMPORT_DONE ? "imported" :
	    r->status == IMPORT_DUPLICATE ? "duplicate" :
	    r->status == IMPORT_NO_EVIDENCE ? "no_evidence" : "refused";
}

static void json_text_or_null(struct str *b, const char *key, const char *v)
{
	str_addf(b, ",\"%s\":", key);
	if (str_empty(v))
		str_add(b, "null");
	else
		str_json(b, v);
}

/* The subjects an artifact speaks about, as keys. */
static int json_subjects(struct str *b, struct store *st, int64_t artifact,
    struct err *err)
{
	struct query q;
	int rc;
	bool first = true;

	str_add(b, ",\"subjects\":[");
	query_open(&q, st, SQL_ARTIFACT_SUBJECTS, BIND(V(artifact)));
	while ((rc = query_next(&q, err)) > 0) {
		if (!first)
			str_addc(b, ',');
		first = false;
		str_json(b, query_text(&q, 0));
	}
	query_close(&q);
	str_addc(b, ']');
	return rc;
}

/* The outcome of one file, remembered until subjects are known. */
struct outcome {
	char			*path;
	struct import_result	 res;
	struct err		 err;
};

struct outcomes {
	struct outcome	*o;
	size_t		 n, cap;
};

static int json_line(struct ctx *c, const struct outcome *o, struct err *err)
{
	const struct import_result *r = &o->res;
	struct str b = STR_INIT;
	int rc;

	str_add(&b, "{\"file\":");
	str_json(&b, o->path);
	json_text_or_null(&b, "sha256", r->sha256);
	str_addf(&b, ",\"bytes\":%lld", (long long)r->bytes);
	json_text_or_null(&b, "format", r->format);
	json_text_or_null(&b, "tool", r->tool);
	json_text_or_null(&b, "tool_version", r->tool_version);
	rc = json_subjects(&b, c->store, r->artifact, err);
	str_addf(&b, ",\"status\":\"%s\",\"records\":{\"read\":%lld,"
	    "\"stored\":%lld,\"merged\":%lld,\"unplaced\":%lld},\"error\":",
	    status_word(r), (long long)r->read, (long long)r->stored,
	    (long long)r->merged, (long long)r->unplaced);
	if (o->err.kind == ERR_NONE) {
		str_add(&b, "null");
	} else {
		str_add(&b, "{\"message\":");
		str_json(&b, o->err.text);
		str_add(&b, ",\"line\":");
		str_addf(&b, o->err.line > 0 ? "%lld" : "null",
		    (long long)o->err.line);
		str_add(&b, ",\"byte\":");
		str_addf(&b, o->err.byte >= 0 ? "%lld" : "null",
		    (long long)o->err.byte);
		json_text_or_null(&b, "place", o->err.place);
		str_addc(&b, '}');
	}
	str_add(&b, "}\n");
	fwrite(b.s, 1, b.len, stdout);
	str_free(&b);
	return rc;
}

static void text_line(const struct ctx *c, const struct outcome *o)
{
	const struct import_result *r = &o->res;

	printf("%s ", status_word(r));
	str_safe(stdout, o->path);
	if (r->status == IMPORT_DONE && !c->quiet) {
		printf("  %s", r->format);
		if (r->tool[0] != '\0') {
			putchar(' ');
			str_safe(stdout, r->tool);
			putchar(' ');
			str_safe(stdout, r->tool_version);
		}
		printf("  read %lld, stored %lld", (long long)r->read,
		    (long long)r->stored);
		if (r->merged > 0)
			printf(", merged %lld", (long long)r->merged);
		if (r->unplaced > 0)
			printf(", not placed %lld", (long long)r->unplaced);
	}
	putchar('\n');
}

static struct outcome *add_outcome(struct outcomes *all, const char *path,
    const char *inside)
{
	struct outcome *o;
	struct str name = STR_INIT;

	str_addf(&name, "%s%s", path, inside);
	MEM_ROOM(all->o, all->n, all->cap);
	o = &all->o[all->n++];
	*o = (struct outcome){ .path = name.s, .err = ERR_INIT };
	return o;
}

/* The file being imported, for what is told of the files inside it. */
struct around {
	struct outcomes	*all;
	const char	*path;
};

static void one_member(void *ctx, const char *name,
    const struct import_result *res, const struct err *err)
{
	struct around *a = ctx;
	struct outcomes *all = a->all;
	struct str inside = STR_INIT;
	struct outcome *o;

	/* What was in one that is not stored went with it. */
	str_addf(&inside, "%s%s!", a->path, name);
	while ((res->status == IMPORT_REFUSED ||
	    res->status == IMPORT_NO_EVIDENCE) && all->n > 0 &&
	    str_starts(all->o[all->n - 1].path, inside.s))
		free(all->o[--all->n].path);
	str_free(&inside);
	o = add_outcome(all, a->path, name);
	o->res = *res;
	if (res->status != IMPORT_REFUSED)
		return;
	o->err = *err;
	o->err.file[0] = '\0';
	err_at(&o->err, o->path, err->line, err->byte);
}

static void count(struct load *l, const struct outcome *o)
{
	if (o->res.status == IMPORT_REFUSED) {
		l->refused++;
		err_print(&o->err, "muster", stderr);
		return;
	}
	if (o->res.status == IMPORT_DONE)
		memcpy(l->batch, o->res.batch, sizeof(l->batch));
	l->imported += o->res.status == IMPORT_DONE;
	l->duplicates += o->res.status == IMPORT_DUPLICATE;
	l->read += o->res.read;
	l->stored += o->res.stored;
	l->merged += o->res.merged;
	l->unplaced += o->res.unplaced;
	if (!l->ctx->json) {
		text_line(l->ctx, o);
		fflush(stdout);		/* it is stored: say so now */
	}
}

static int one_file(struct load *l, struct outcomes *all, const char *path,
    struct err *err)
{
	struct around around = { all, path };
	const struct import_opts opts = { .format = l->format,
	    .batch = l->batch[0] != '\0' ? l->batch : NULL,
	    .member = one_member, .ctx = &around };
	size_t at = all->n;
	struct import_result res;
	struct err bad = ERR_INIT;

	add_outcome(all, path, "");
	if (import_file(l->ctx->store, path, &opts, &res, &bad) < 0) {
		while (all->n > at + 1)		/* went with it */
			free(all->o[--all->n].path);
		if (bad.kind != ERR_INPUT && bad.kind != ERR_BUG) {
			*err = bad;
			return -1;
		}
	}
	all->o[at].res = res;
	all->o[at].err = bad;
	for (size_t i = at; i < all->n; i++)
		count(l, &all->o[i]);
	return 0;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct names {
	char	**name;
	size_t	  n, cap;
};

static int list_dir(const char *path, struct names *names, struct err *err)
{
	DIR *d = opendir(path);
	struct dirent *e;

	if (d == NULL) {
		err_sys(err, "cannot open the directory");
		err->kind = ERR_INPUT;
		return err_at(err, path, 0, -1);
	}
	while ((e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 ||
		    strcmp(e->d_name, "..") == 0)
			continue;
		MEM_ROOM(names->name, names->n, names->cap);
		names->name[names->n++] = mem_dup(e->d_name);
	}
	closedir(d);
	if (names->n > 0)
		qsort(names->name, names->n, sizeof(*names->name), by_text);
	return 0;
}

static void skip(struct load *l, const char *path, const char *why)
{
	l->skipped++;
	if (l->ctx->quiet)
		return;
	fputs("muster: ", stderr);
	str_safe(stderr, path);
	fprintf(stderr, ": skipped: %s\n", why);
}

static bool is_layout(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool yes = fd >= 0 && import_is_layout(fd);

	if (fd >= 0)
		close(fd);
	return yes;
}

static int one_path(struct load *l, struct outcomes *all, const char *path,
    int depth, struct err *err);

static int walk(struct load *l, struct outcomes *all, const char *path,
    int depth, struct err *err)
{
	struct names names = { NULL, 0, 0 };
	struct err bad = ERR_INIT;
	int rc = 0;

	if (depth > WALK_MAX_DEPTH) {
		skip(l, path, "nested too deep");
		return 0;
	}
	if (list_dir(path, &names, &bad) < 0) {
		l->refused++;
		err_print(&bad, "muster", stderr);
		return 0;
	}
	for (size_t i = 0; i < names.n && rc == 0; i++) {
		struct str child = STR_INIT;
		struct stat sb;

		str_addf(&child, "%s%s%s", path,
		    str_ends(path, "/") ? "" : "/", names.name[i]);
		if (lstat(child.s, &sb) < 0)
			skip(l, child.s, "it went away");
		else if (names.name[i][0] == '.')
			skip(l, child.s, "a hidden file");
		else if (!S_ISREG(sb.st_mode) && !S_ISDIR(sb.st_mode))
			skip(l, child.s, "not a regular file");
		else
			rc = one_path(l, all, child.s, depth + 1, err);
		str_free(&child);
	}
	for (size_t i = 0; i < names.n; i++)
		free(names.name[i]);
	free(names.name);
	return rc;
}

/* Our own database or output among the operands ("muster run * -o out")? */
static bool is_ours(const struct load *l, const struct stat *sb)
{
	const char *const own[] = { l->ctx->db, l->leave_out };
	struct stat o;

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (own[i] != NULL && stat(own[i], &o) == 0 &&
		    o.st_dev == sb->st_dev && o.st_ino == sb->st_ino)
			return true;
	return false;
}

static int one_path(struct load *l, struct outcomes *all, const char *path,
    int depth, struct err *err)
{
	struct stat sb;

	if (strcmp(path, "-") != 0 && stat(path, &sb) == 0 &&
	    is_ours(l, &sb)) {
		skip(l, path, "muster's own database or output");
		return 0;
	}
	if (strcmp(path, "-") != 0 && stat(path, &sb) == 0 &&
	    S_ISDIR(sb.st_mode) && !is_layout(path))
		return walk(l, all, path, depth, err);
	return one_file(l, all, path, err);
}

static bool is_held(const struct outcome *o)
{
	return o->err.kind == ERR_NONE && o->res.artifact > 0;
}

static int settle(struct load *l, const struct outcomes *all,
    struct err *err)
{
	struct store *st = l->ctx->store;

	if (store_begin(st, err) < 0)
		return -1;
	for (size_t i = 0; i < all->n; i++)
		if (is_held(&all->o[i]) &&
		    place_file(l, all->o[i].res.sha256, err) < 0)
			goto undo;
	if (assess_attach(st, err) < 0 || store_commit(st, err) < 0)
		goto undo;
	for (size_t i = 0; i < all->n; i++)
		if (is_held(&all->o[i]) &&
		    place_warn(l, all->o[i].res.artifact, err) < 0)
			return -1;
	return 0;
undo:
	store_rollback(st);
	return -1;
}

/* Is there anything to work out? */
static bool is_news(const struct load *l)
{
	return l->imported > 0 || (l->duplicates > 0 &&
	    (l->subject != NULL || l->platform != NULL || l->on != NULL));
}

int load_all(struct load *l, int n, char **paths, struct err *err)
{
	struct outcomes all = { NULL, 0, 0 };
	int rc = 0;

	for (int i = 0; i < n && rc == 0; i++)
		rc = one_path(l, &all, paths[i], 0, err);
	if (rc == 0 && is_news(l))
		rc = settle(l, &all, err);
	for (size_t i = 0; i < all.n; i++) {
		if (rc == 0 && l->ctx->json)
			rc = json_line(l->ctx, &all.o[i], err);
		free(all.o[i].path);
	}
	free(all.o);
	return rc;
}

void load_summary(const struct load *l)
{
	if (l->ctx->quiet)
		return;
	fprintf(stderr, "muster: %lld imported, %lld already held, %lld "
	    "refused", l->imported, l->duplicates, l->refused);
	if (l->skipped > 0)
		fprintf(stderr, ", %lld skipped", l->skipped);
	fprintf(stderr, "; records: %lld read, %lld stored, %lld merged, "
	    "%lld not placed\n", l->read, l->stored, l->merged, l->unplaced);
}
