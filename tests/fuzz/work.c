/*
 * work.c - targets: files that commands are given beside evidence, and what
 * a reader that was taken over may send to the keeper.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "muster/command.h"
#include "muster/assess.h"
#include "muster/decision.h"
#include "muster/err.h"
#include "muster/input.h"
#include "muster/pack.h"
#include "muster/poam_fill.h"
#include "muster/store.h"
#include "muster/str.h"
#include "muster/zip_write.h"
#include "src/assess/tailoring.h"
#include "src/cmd/decide.h"
#include "src/cmd/package.h"
#include "src/import/import_priv.h"

#define AS_OF	"2026-11-01T00:00:00Z"

/* A path to bytes in memory. */
struct path {
	int	fd;
	char	name[32];
};

static void path_open(struct path *p, const void *bytes, size_t len)
{
	p->fd = fuzz_file(bytes, len);
	snprintf(p->name, sizeof(p->name), "/proc/self/fd/%d", p->fd);
}

static void begin(struct store *st)
{
	struct err err = ERR_INIT;

	if (store_begin(st, &err) < 0)
		fuzz_broken("no transaction: %s", err.text);
}

/* Records as a pipe brings them: stored, or refused. */
void fuzz_wire(const unsigned char *bytes, size_t len)
{
	struct store *st = fuzz_store();
	int fd = fuzz_file(bytes, len), rc = 0;
	struct wire_in *w = wire_in_new(fd);
	struct err err = ERR_INIT, told = ERR_INIT;
	struct evidence *ev;
	struct rec rec;

	begin(st);
	ev = evidence_begin(st, &err);
	while (ev != NULL && rc >= 0 && (rc = wire_in_next(w, &rec, &err)) >
	    0) {
		if (rec.kind == REC_FAIL)
			fail_get(&rec, &told);
		else if (rec.kind != REC_META && rec.kind != REC_MEMBER &&
		    rec.kind != REC_END)
			rc = evidence_put(ev, &rec, &err);
	}
	if (ev == NULL || (rc < 0 && err.text[0] == '\0'))
		fuzz_broken("the keeper does not say what is wrong");
	evidence_free(ev);
	store_rollback(st);
	wire_in_free(w);
	close(fd);
}

void fuzz_tailoring(const unsigned char *bytes, size_t len)
{
	struct store *st = fuzz_store();
	struct input *in = input_open_mem(bytes, len, "fuzz.xml");
	struct err err = ERR_INIT;

	begin(st);
	fuzz_told(tailoring_apply(st, in, &err), &err, "a tailoring");
	store_rollback(st);
	input_close(in);
}

void fuzz_policy(const unsigned char *bytes, size_t len)
{
	struct store *st = fuzz_store();
	char *text = fuzz_string(bytes, len);
	struct err err = ERR_INIT;

	begin(st);
	fuzz_told(decision_policy_set(st, text, strlen(text), "fuzz.toml",
	    AS_OF, &err), &err, "a policy");
	store_rollback(st);
	free(text);
}

/* The value of a command's option, as main.c's parser sets it. */
static const char **option(const struct command *c, const char *name)
{
	for (const struct opt *o = c->opts; o->name != NULL; o++)
		if (strcmp(o->name, name) == 0)
			return o->value;
	fuzz_broken("%s has no option %s", c->name, name);
}

extern const struct command cmd_gate;

void fuzz_gate(const unsigned char *bytes, size_t len)
{
	struct ctx c = { .db = ":memory:", .store = fuzz_store(),
	    .as_of = AS_OF, .quiet = true };
	struct err err = ERR_INIT;
	struct path p;

	path_open(&p, bytes, len);
	*option(&cmd_gate, "policy") = p.name;
	fuzz_told(cmd_gate.run(&c, &err), &err, "a gate");
	*option(&cmd_gate, "policy") = NULL;
	close(p.fd);
}

/* What is accepted is committed: a new database now and then. */
void fuzz_waivers(const unsigned char *bytes, size_t len)
{
	static struct store *st;
	static int used;
	struct ctx c = { .db = ":memory:", .as_of = AS_OF, .quiet = true };
	struct err err = ERR_INIT;
	struct path p;
	int rc;

	if (used > 200) {
		store_close(st);
		st = NULL;
	}
	if (st == NULL) {
		used = 0;
		st = store_open(":memory:", STORE_CREATE, &err);
		if (st == NULL)
			fuzz_broken("no database: %s", err.text);
	}
	c.store = st;
	path_open(&p, bytes, len);
	rc = waiver_file_import(&c, p.name, &err);
	fuzz_told(rc, &err, "waivers");
	used += rc == 0;
	close(p.fd);
}

static void no_note(void *ctx, const char *text)
{
	(void)ctx;
	if (!str_is_utf8(text, strlen(text)))
		fuzz_broken("a note that is no text");
}

/* A workbook of these parts, filled in. */
void fuzz_workbook(const unsigned char *bytes, size_t len)
{
	struct fuzz_pieces from = { bytes, len };
	struct fuzz_piece p;
	struct str book = STR_INIT;
	struct err err = ERR_INIT;
	int in = fuzz_file("", 0), out = fuzz_file("", 0);
	struct zip_write *z = zip_write_open(in);
	struct poam_fill f = { .store = fuzz_store(), .fd = out,
	    .note = no_note };
	char buf[4096];
	ssize_t n;
	int rc = 0;

	while (rc == 0 && fuzz_piece(&from, &p))
		rc = zip_write_add(z, p.name, p.p, p.len, &err);
	if (rc == 0 && (rc = zip_write_end(z, &err)) == 0) {
		lseek(in, 0, SEEK_SET);
		while ((n = read(in, buf, sizeof(buf))) > 0)
			str_addn(&book, buf, (size_t)n);
		f.workbook = str_text(&book);
		f.len = book.len;
		if (store_begin_read(f.store, &err) < 0)
			fuzz_broken("no transaction: %s", err.text);
		fuzz_told(poam_fill_run(&f, &err), &err, "a workbook");
		store_rollback(f.store);
	}
	zip_write_close(z);
	close(in);
	close(out);
	str_free(&book);
}

/* In a manifest, @1 is the digest of the member behind it and $1 its size. */
static void expand(const struct fuzz_piece *all, size_t n, struct str *out)
{
	const struct fuzz_piece *m = &all[0];

	for (size_t i = 0; i < m->len; i++) {
		size_t k = i + 1 < m->len ? (size_t)(m->p[i + 1] - '0') : n;
		char hex[SHA_HEX];

		if ((m->p[i] != '@' && m->p[i] != '$') || k >= n) {
			str_addc(out, (char)m->p[i]);
		} else if (m->p[i++] == '@') {
			sha_of(all[k].p, all[k].len, hex);
			str_add(out, hex);
		} else {
			str_addf(out, "%zu", all[k].len);
		}
	}
}

static int make_package(int fd, struct fuzz_pieces *from, struct err *err)
{
	struct pack *k = pack_create(fd, PACK_ZIP, err);
	struct fuzz_piece all[10];
	struct str manifest = STR_INIT;
	size_t n = 0;
	int rc = k != NULL ? 0 : -1;

	/* a zip without a name for a member cannot be written */
	while (n < 10 && fuzz_piece(from, &all[n]) && all[n].name[0] != '\0')
		n++;
	if (n > 0) {
		expand(all, n, &manifest);
		all[0].p = (const unsigned char *)str_text(&manifest);
		all[0].len = manifest.len;
	}
	for (size_t i = 0; i < n && rc == 0; i++)
		if ((rc = pack_begin(k, all[i].name, (int64_t)all[i].len,
		    err)) == 0)
			rc = pack_data(k, all[i].p, all[i].len, err);
	if (rc == 0)
		rc = pack_finish(k, fd, err);
	pack_close(k);
	str_free(&manifest);
	return rc;
}

void fuzz_package(const unsigned char *bytes, size_t len)
{
	struct fuzz_pieces from = { bytes, len };
	struct ctx c = { .db = ":memory:", .as_of = AS_OF, .quiet = true };
	struct err err = ERR_INIT;
	struct path path;
	struct package_opts o = { .file = path.name };

	path_open(&path, "", 0);
	if (make_package(path.fd, &from, &err) == 0) {
		err = (struct err)ERR_INIT;
		fuzz_told(package_read(&c, &o, &err), &err, "a package");
	}
	close(path.fd);
}
