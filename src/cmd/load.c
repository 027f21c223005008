/*
 * load.c - importing what the user named; see load.h.
 *
 * A commit waits for the disk several times, a small report for nothing: so
 * small files share one.  What came of a file is told once it is committed,
 * and the last commit holds what the evidence is about, too.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "muster/assess.h"
#include "muster/cap.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/mem.h"
#include "muster/str.h"
#include "load.h"

/* Files that share a commit: so small each, so many, so much together.  A
 * file that shares one costs memory for what it may have to undo, and others
 * wait for the database meanwhile. */
#define SHARE_EACH	(INT64_C(1) << 20)
#define SHARE_FILES	128
#define SHARE_BYTES	(INT64_C(16) << 20)

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
	size_t		 told;		/* so many were committed and told */
	int64_t		 bytes;		/* of those that wait for a commit */
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
	l->imported += o->res.status == IMPORT_DONE;
	l->duplicates += o->res.status == IMPORT_DUPLICATE;
	l->read += o->res.read;
	l->stored += o->res.stored;
	l->merged += o->res.merged;
	l->unplaced += o->res.unplaced;
	if (!l->ctx->json)
		text_line(l->ctx, o);
}

/* What waits is stored: say so now. */
static int commit(struct load *l, struct outcomes *all, struct err *err)
{
	if (store_is_open(l->ctx->store) &&
	    store_commit(l->ctx->store, err) < 0) {
		store_rollback(l->ctx->store);
		return -1;
	}
	for (; all->told < all->n; all->told++)
		count(l, &all->o[all->told]);
	fflush(stdout);
	all->bytes = 0;
	return 0;
}

/* More is to come, of which the derived tables will have to know. */
static int commit_part(struct load *l, struct outcomes *all, struct err *err)
{
	if (store_is_open(l->ctx->store) &&
	    assess_unsettle(l->ctx->store, err) < 0) {
		store_rollback(l->ctx->store);
		return -1;
	}
	return commit(l, all, err);
}

/* May the file join what waits for a commit? */
static bool is_shared(const struct outcomes *all, const char *path)
{
	struct stat sb;

	return strcmp(path, "-") != 0 && stat(path, &sb) == 0 &&
	    S_ISREG(sb.st_mode) && sb.st_size <= SHARE_EACH &&
	    all->bytes + sb.st_size <= SHARE_BYTES &&
	    all->n - all->told < SHARE_FILES;
}

/* The user's word on a file goes where the file goes. */
static int place(struct load *l, const struct import_result *res,
    struct err *err)
{
	struct store *st = l->ctx->store;

	if (l->subject == NULL && l->platform == NULL && l->on == NULL)
		return 0;
	if (!store_is_open(st) && store_begin(st, err) < 0)
		return -1;
	if (place_file(l, res->sha256, err) == 0)
		return 0;
	store_rollback(st);
	return -1;
}

static int one_file(struct load *l, struct outcomes *all, const char *path,
    struct err *err)
{
	struct around around = { all, path };
	const struct import_opts opts = { .format = l->format, .hold = true,
	    .batch = l->batch[0] != '\0' ? l->batch : NULL,
	    .member = one_member, .ctx = &around };
	struct import_result res;
	struct err bad = ERR_INIT;
	size_t at;

	if (!is_shared(all, path) && commit_part(l, all, err) < 0)
		return -1;
	at = all->n;
	add_outcome(all, path, "");
	if (import_file(l->ctx->store, path, &opts, &res, &bad) < 0) {
		while (all->n > at + 1)		/* went with it */
			free(all->o[--all->n].path);
		if (bad.kind != ERR_INPUT && bad.kind != ERR_BUG) {
			free(all->o[--all->n].path);
			*err = bad;
			return -1;
		}
	}
	all->o[at].res = res;
	all->o[at].err = bad;
	all->bytes += res.bytes;
	if (res.status == IMPORT_DONE)
		memcpy(l->batch, res.batch, sizeof(l->batch));
	return bad.kind == ERR_NONE ? place(l, &res, err) : 0;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct names {
	char	**name;
	size_t	  n, cap;
};

/* Which names come first is the directory's own affair, so of too many none
 * counts. */
static int too_many(struct names *names, DIR *d, const char *path,
    struct err *err)
{
	while (names->n > 0)
		free(names->name[--names->n]);
	closedir(d);
	cap_err(err, CAP_WALK_FILES, "too many files");
	return err_at(err, path, 0, -1);
}

static int list_dir(struct load *l, const char *path, int depth,
    struct names *names, struct err *err)
{
	struct dirent *e;
	int rc = 0;
	DIR *d;

	if (depth >= cap(CAP_WALK_DEPTH)) {
		cap_err(err, CAP_WALK_DEPTH, "directories nested too deep");
		return err_at(err, path, 0, -1);
	}
	if ((d = opendir(path)) == NULL) {
		err_sys(err, "cannot open the directory");
		err->kind = ERR_INPUT;
		return err_at(err, path, 0, -1);
	}
	for (errno = 0; (e = readdir(d)) != NULL; errno = 0) {
		if (strcmp(e->d_name, ".") == 0 ||
		    strcmp(e->d_name, "..") == 0)
			continue;
		if (++l->walked > cap(CAP_WALK_FILES))
			return too_many(names, d, path, err);
		MEM_ROOM(names->name, names->n, names->cap);
		names->name[names->n++] = mem_dup(e->d_name);
	}
	if (errno != 0) {
		err_sys(err, "cannot read all of the directory");
		err->kind = ERR_INPUT;
		rc = err_at(err, path, 0, -1);
	}
	closedir(d);
	if (names->n > 0)
		qsort(names->name, names->n, sizeof(*names->name), by_text);
	return rc;
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

static void refuse(struct load *l, const struct err *bad)
{
	l->refused++;
	err_print(bad, "muster", stderr);
}

static int walk(struct load *l, struct outcomes *all, const char *path,
    int depth, struct err *err)
{
	struct names names = { NULL, 0, 0 };
	struct err bad = ERR_INIT;
	const size_t before = all->n;
	int rc = 0;

	/* what is known of it is imported all the same */
	if (list_dir(l, path, depth, &names, &bad) < 0)
		refuse(l, &bad);
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
	/* the user named it, so something was meant to be there */
	if (rc == 0 && depth == 0 && all->n == before &&
	    bad.kind == ERR_NONE) {
		err_set(&bad, ERR_INPUT, "a directory without any file to "
		    "import");
		err_at(&bad, path, 0, -1);
		refuse(l, &bad);
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

/* Has evidence come, or the user's word on some, since the derived tables
 * were settled? */
static int is_news(struct load *l, const struct outcomes *all,
    struct err *err)
{
	int64_t needed = 0;

	if (store_is_open(l->ctx->store))
		return 1;
	if (all->n == 0)
		return 0;
	return store_int(l->ctx->store, SQL_SETTLE_NEEDED, NOBIND, &needed,
	    err) < 0 ? -1 : needed != 0;
}

static int settle(struct load *l, struct outcomes *all, struct err *err)
{
	struct store *st = l->ctx->store;
	int rc = is_news(l, all, err);

	if (rc > 0 && ((!store_is_open(st) && store_begin(st, err) < 0) ||
	    assess_attach(st, err) < 0)) {
		store_rollback(st);
		return -1;
	}
	return rc < 0 ? -1 : commit(l, all, err);
}

/* What is known of a file's subject, once all is settled. */
static int about(struct load *l, const struct outcomes *all, struct err *err)
{
	int rc = 0;

	if ((!l->ctx->json && l->subject == NULL) || all->n == 0)
		return 0;
	if (assess_ready(l->ctx->store, err) < 0)
		return -1;
	for (size_t i = 0; i < all->n && rc == 0; i++) {
		if (is_held(&all->o[i]))
			rc = place_warn(l, all->o[i].res.artifact, err);
		if (rc == 0 && l->ctx->json)
			rc = json_line(l->ctx, &all->o[i], err);
	}
	store_rollback(l->ctx->store);
	return rc;
}

/* What went well before a failure is kept, if the database still takes it. */
static void keep(struct load *l, struct outcomes *all, struct err *err)
{
	struct err bad = ERR_INIT;
	size_t n = all->n - all->told;

	if ((n > 0 && !store_is_open(l->ctx->store)) ||
	    commit_part(l, all, &bad) < 0)
		err_during(err, "storing %zu files together: none of them is "
		    "kept", n);
}

int load_all(struct load *l, int n, char **paths, struct err *err)
{
	struct outcomes all = { .n = 0 };
	int rc = 0;

	for (int i = 0; i < n && rc == 0; i++)
		rc = one_path(l, &all, paths[i], 0, err);
	if (rc < 0)
		keep(l, &all, err);
	else if ((rc = settle(l, &all, err)) == 0)
		rc = about(l, &all, err);
	for (size_t i = 0; i < all.n; i++)
		free(all.o[i].path);
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
