/* target.c - the table of targets, and what all of them check; see fuzz.h. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "muster/assess.h"
#include "muster/err.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/mem.h"
#include "muster/store.h"
#include "muster/str.h"

#define MOST	8192		/* bytes, for an importer */

static const struct {
	const char	*name;
	size_t		 most;
	fuzz_fn		*run;
} table[] = {
#define FUZZ(name, most) { #name, most, fuzz_##name },
#include "targets.def"
#undef FUZZ
};
#define NTABLE (sizeof(table) / sizeof(table[0]))

const char *fuzz_name(size_t i, size_t *most)
{
	const struct importer *imp;

	if (i < NTABLE) {
		*most = table[i].most;
		return table[i].name;
	}
	imp = import_table(i - NTABLE);
	*most = MOST;
	return imp != NULL ? imp->name : NULL;
}

static void import_bytes(const char *format, const unsigned char *bytes,
    size_t len)
{
	struct input *in = input_open_mem(bytes, len, "fuzz");
	struct err err = ERR_INIT;
	const struct importer *imp;
	struct fuzz_sink s;
	char hex[SHA_HEX];
	int64_t size;
	int rc = -1;

	fuzz_sink(&s);
	if ((imp = import_choose(in, format, &err)) != NULL &&
	    (rc = import_run(imp, in, &s.sink, &err)) == 0 &&
	    (rc = input_finish(in, hex, &size, &err)) == 0) {
		fuzz_counts(&s);
		if (size != (int64_t)len)
			fuzz_broken("%lld of %zu bytes read",
			    (long long)size, len);
	}
	fuzz_told(rc, &err, imp != NULL ? imp->name : "recognising it");
	input_close(in);
}

void fuzz_recognise(const unsigned char *bytes, size_t len)
{
	import_bytes(NULL, bytes, len);
}

bool fuzz_feed(const char *name, const unsigned char *bytes, size_t len)
{
	const struct importer *imp;

	for (size_t i = 0; i < NTABLE; i++)
		if (strcmp(table[i].name, name) == 0) {
			table[i].run(bytes, len);
			return true;
		}
	for (size_t i = 0; (imp = import_table(i)) != NULL; i++)
		if (strcmp(imp->name, name) == 0) {
			import_bytes(name, bytes, len);
			return true;
		}
	return false;
}

_Noreturn void fuzz_broken(const char *fmt, ...)
{
	va_list ap;

	fputs("a promise is broken: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	abort();
}

void fuzz_told(int rc, const struct err *err, const char *what)
{
	if (rc < 0 && err->kind == ERR_BUG)
		fuzz_broken("%s: %s", what, err->text);
	if (rc < 0 && (err->kind == ERR_NONE || err->text[0] == '\0'))
		fuzz_broken("%s failed and did not say why", what);
	if (rc < 0 && !str_is_utf8(err->text, strlen(err->text)))
		fuzz_broken("%s failed with a text that is none", what);
}

/* Columns of each kind of record, and whether evidence counts it. */
static const struct { const char *name, *table, *columns; } kinds[] = {
#define REC(name, table, columns) { #name, table, columns },
#include "muster/sink_rec.def"
#undef REC
};

static bool is_bytes(const struct rec *rec, size_t i)
{
	return (rec->kind == REC_CHUNK && i == 1) ||
	    (rec->kind == REC_MEMBER && i == 4);
}

static int hold(struct sink *sink, const struct rec *rec, struct err *err)
{
	struct fuzz_sink *s = (struct fuzz_sink *)(void *)sink;
	size_t n = 1;
	int64_t target;

	(void)err;
	if (rec->kind >= REC_KINDS)
		fuzz_broken("a record of kind %d", (int)rec->kind);
	for (const char *c = kinds[rec->kind].columns; *c != '\0'; c++)
		n += *c == ',';
	if (rec->n != n)
		fuzz_broken("%s with %zu fields", kinds[rec->kind].name,
		    rec->n);
	for (size_t i = 0; i < n; i++) {
		const struct field *f = &rec->f[i];

		if (f->p == NULL || is_bytes(rec, i))
			continue;
		if (!str_is_utf8(f->p, f->len) ||
		    memchr(f->p, '\0', f->len) != NULL)
			fuzz_broken("field %zu of %s is no text", i,
			    kinds[rec->kind].name);
	}
	if (str_starts(kinds[rec->kind].columns, "target,") &&
	    !str_int(rec->f[0].p, 0, sink->targets, &target))
		fuzz_broken("%s of target %s, of %lld",
		    kinds[rec->kind].name, rec->f[0].p,
		    (long long)sink->targets);
	s->members += rec->kind == REC_MEMBER && str_eq(rec->f[0].p, "start");
	s->rows += kinds[rec->kind].table != NULL && rec->kind != REC_TARGET &&
	    rec->kind != REC_IDENTITY && rec->kind != REC_FACT &&
	    rec->kind != REC_WARNING;
	return 0;
}

void fuzz_sink(struct fuzz_sink *s)
{
	*s = (struct fuzz_sink){ .sink.put = hold };
}

/* As the keeper counts (src/import/keep.c): rows it stores, and the rest as
 * the reader says. */
void fuzz_counts(const struct fuzz_sink *s)
{
	const int64_t *c = s->sink.counts;
	int64_t out = s->rows + s->members + c[COUNT_MERGED] +
	    c[COUNT_UNPLACED] + c[COUNT_STORED];

	if (c[COUNT_READ] != out)
		fuzz_broken("%lld records read, %lld accounted for",
		    (long long)c[COUNT_READ], (long long)out);
}

int fuzz_file(const void *bytes, size_t len)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || (len > 0 && write(fd, bytes, len) != (ssize_t)len) ||
	    lseek(fd, 0, SEEK_SET) != 0)
		fuzz_broken("no file in memory");
	return fd;
}

struct store *fuzz_store(void)
{
	static const char *const files[] = {
		"samples/grype/small.json", "samples/k8s/careless.json"
	};
	const struct import_opts opts = { .format = NULL };
	static struct store *st;
	struct err err = ERR_INIT;
	struct import_result res;
	int rc = 0;

	if (st != NULL)
		return st;
	if ((st = store_open(":memory:", STORE_CREATE, &err)) == NULL)
		rc = -1;
	for (size_t i = 0; i < 2 && rc == 0; i++)
		rc = import_file(st, files[i], &opts, &res, &err);
	if (rc == 0)
		rc = assess_run(st, "2026-11-01T00:00:00Z", &err);
	if (rc < 0)
		fuzz_broken("no database to work with: %s", err.text);
	return st;
}

bool fuzz_piece(struct fuzz_pieces *from, struct fuzz_piece *p)
{
	const unsigned char *end;
	size_t n;

	if (from->left < 4)
		return false;
	p->flags = *from->at++;
	from->left--;
	end = memchr(from->at, '\0', from->left);
	if (end == NULL || (n = (size_t)(end - from->at)) >= sizeof(p->name) ||
	    from->left - n < 3)
		return false;
	memcpy(p->name, from->at, n + 1);
	from->at += n + 3;
	from->left -= n + 3;
	p->len = (size_t)from->at[-2] | (size_t)from->at[-1] << 8;
	if (p->len > from->left)
		p->len = from->left;
	p->p = from->at;
	from->at += p->len;
	from->left -= p->len;
	return true;
}

char *fuzz_string(const unsigned char *bytes, size_t len)
{
	return mem_dupn(len > 0 ? (const char *)bytes : "", len);
}
