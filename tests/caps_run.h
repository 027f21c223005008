/*
 * caps_run.h - cases of test_caps.c: what commands read that is no evidence.
 */
#ifndef CAPS_RUN_H
#define CAPS_RUN_H

#include <fcntl.h>
#include <sys/stat.h>

#include "caps_said.h"
#include "muster/b64.h"
#include "muster/command.h"
#include "muster/pack.h"
#include "muster/sign.h"
#include "../src/cmd/decide.h"
#include "../src/cmd/load.h"
#include "../src/cmd/package.h"
#include "../src/render/render_priv.h"
#include "../src/render/template.h"

static void write_at(const char *path, const char *bytes, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
}

/* Import a directory, with what is said of it. */
static int walked(struct said *s, const char *dir)
{
	struct ctx c = { .as_of = "2026-11-01T00:00:00Z", .quiet = true };
	struct load l = { .ctx = &c };
	char out[] = "/tmp/muster-test-XXXXXX", line[512];
	int fd = mkstemp(out), saved[2] = { dup(1), dup(2) };
	char *paths[] = { (char *)(uintptr_t)dir };
	FILE *f;

	assert_non_null(c.store = store_open(":memory:", STORE_CREATE,
	    &s->err));
	fflush(NULL);
	dup2(fd, 1);
	dup2(fd, 2);
	assert_int_equal(load_all(&l, 1, paths, &s->err), 0);
	fflush(NULL);
	dup2(saved[0], 1);
	dup2(saved[1], 2);
	store_close(c.store);
	assert_non_null(f = fopen(out, "re"));
	while (fgets(line, sizeof(line), f) != NULL)
		str_add(&s->text, line);
	fclose(f);
	unlink(out);
	close(fd);
	close(saved[0]);
	close(saved[1]);
	/* it is told on the way: the command goes on with other operands */
	return l.refused > 0 ? err_set(&s->err, ERR_INPUT, "refused") : 0;
}

static int walk_depth(int64_t n, struct said *s)
{
	char top[] = "/tmp/muster-test-XXXXXX", path[128], file[64];
	struct str b = STR_INIT;
	int rc;

	assert_non_null(mkdtemp(top));
	sized(&b, 100);
	snprintf(file, sizeof(file), "%s/f", top);
	write_at(file, b.s, b.len);
	str_free(&b);
	snprintf(path, sizeof(path), "%s", top);
	for (int64_t i = 1; i < n; i++) {
		strcat(path, "/d");
		assert_int_equal(mkdir(path, 0700), 0);
	}
	rc = walked(s, top);
	unlink(file);
	for (int64_t i = 0; i < n; i++) {
		assert_int_equal(rmdir(path), 0);
		path[strlen(path) - 2] = '\0';
	}
	return rc;
}

static int walk_files(int64_t n, struct said *s)
{
	char top[] = "/tmp/muster-test-XXXXXX", path[64];
	struct str b = STR_INIT;
	int rc;

	assert_non_null(mkdtemp(top));
	sized(&b, 100);
	for (int64_t i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%lld", top, (long long)i);
		write_at(path, b.s, b.len);
	}
	rc = walked(s, top);
	for (int64_t i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%lld", top, (long long)i);
		unlink(path);
	}
	assert_int_equal(rmdir(top), 0);
	str_free(&b);
	return rc;
}

/* A file of n bytes for a command that takes no more than the cap. */
static int slurped(struct said *s, enum cap which, int64_t n)
{
	char path[] = "/tmp/muster-test-XXXXXX";
	struct str b = STR_INIT;
	char *text;
	size_t len;

	close(mkstemp(path));
	fill(&b, n, 'x');
	write_at(path, str_text(&b), b.len);
	text = decide_slurp(path, which, &len, &s->err);
	tell(s, text != NULL ? 0 : -1);
	unlink(path);
	str_free(&b);
	free(text);
	return text != NULL ? 0 : -1;
}

static int key_bytes(int64_t n, struct said *s)
{
	return slurped(s, CAP_KEY_BYTES, n);
}

static int signature_bytes(int64_t n, struct said *s)
{
	return slurped(s, CAP_SIGNATURE_BYTES, n);
}

static int seal_bytes(int64_t n, struct said *s)
{
	return slurped(s, CAP_SEAL_BYTES, n);
}

static int policy_bytes(int64_t n, struct said *s)
{
	return slurped(s, CAP_POLICY_BYTES, n);
}

static int decisions_bytes(int64_t n, struct said *s)
{
	return slurped(s, CAP_DECISIONS_BYTES, n);
}

static int template_bytes(int64_t n, struct said *s)
{
	return slurped(s, CAP_TEMPLATE_BYTES, n);
}

/* A key of ours, asking for so many rounds: nothing will come of it. */
static int key_rounds(int64_t n, struct said *s)
{
	FILE *f = fopen("tests/signed/ed25519-locked", "re");
	struct str b = STR_INIT, out = STR_INIT;
	struct sign_secret *key;
	unsigned char *bytes, *at;
	char line[256];
	size_t len;

	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL)
		if (line[0] != '-')
			str_addn(&b, line, strcspn(line, "\n"));
	fclose(f);
	assert_non_null(bytes = b64_decode(b.s, b.len, &len));
	assert_non_null(at = memmem(bytes, len, "bcrypt", 6));
	at += 6 + 4 + 4 + 16;		/* the lengths, and the salt */
	for (int i = 0; i < 4; i++)
		at[i] = (unsigned char)(n >> (24 - 8 * i) & 0xff);
	str_add(&out, "-----BEGIN OPENSSH PRIVATE KEY-----\n");
	str_clear(&b);
	b64_encode(&b, bytes, len);
	for (size_t i = 0; i < b.len; i += 70)
		str_addf(&out, "%.70s\n", b.s + i);
	str_add(&out, "-----END OPENSSH PRIVATE KEY-----\n");
	key = sshkey_read(out.s, out.len, "x", &s->err);
	tell(s, key != NULL ? 0 : -1);
	sshkey_free(key);
	free(bytes);
	str_free(&b);
	str_free(&out);
	return key != NULL ? 0 : -1;
}

static int workbook(struct said *s, struct str *b)
{
	struct template t;
	int rc = template_open(&t, b->s, b->len, &s->err);

	tell(s, rc);
	template_close(&t);
	str_free(b);
	return rc;
}

static int template_unpacked(int64_t n, struct said *s)
{
	struct str b = STR_INIT, body = STR_INIT;

	fill(&body, n, 'x');
	zip(&b, 1, "", ".xml", body.s, body.len);
	str_free(&body);
	return workbook(s, &b);
}

static int template_parts(int64_t n, struct said *s)
{
	struct str b = STR_INIT;

	zip(&b, n, "", ".xml", "", 0);
	return workbook(s, &b);
}

static int template_cells(int64_t n, struct said *s)
{
	struct template_part part = { .bytes = STR_INIT };
	struct template_strings none = { .n = 0 };
	struct grid g = { .n = 0 };
	int rc;

	str_add(&part.bytes, "<worksheet xmlns=\"http://schemas.openxmlformats"
	    ".org/spreadsheetml/2006/main\"><sheetData>");
	for (int64_t i = 1; i <= n; i++)
		str_addf(&part.bytes, "<row r=\"%lld\"><c r=\"A%lld\"><v>1</v>"
		    "</c></row>", (long long)i, (long long)i);
	str_add(&part.bytes, "</sheetData></worksheet>");
	rc = template_grid(&g, &part, &none, &s->err);
	tell(s, rc);
	template_grid_free(&g);
	str_free(&part.bytes);
	return rc;
}

static void folder(char dir[])
{
	assert_non_null(mkdtemp(dir));
}

static void inside(char out[128], const char *dir, const char *name)
{
	snprintf(out, 128, "%s/%s", dir, name);
}

static int stylesheet(int64_t n, struct said *s)
{
	char dir[] = "/tmp/muster-test-XXXXXX", path[128];
	struct str b = STR_INIT;
	char *text;
	size_t len;

	folder(dir);
	inside(path, dir, "a.xsl");
	fill(&b, n, 'x');
	write_at(path, str_text(&b), b.len);
	text = sheets_text(dir, "a.xsl", &len, &s->err);
	tell(s, text != NULL ? 0 : -1);
	unlink(path);
	rmdir(dir);
	str_free(&b);
	free(text);
	return text != NULL ? 0 : -1;
}

/* A package of these members, as a file. */
static int packed_at(const char *path, const struct str *manifest, int64_t n)
{
	struct err err = ERR_INIT;
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	struct pack *p = pack_create(fd, PACK_TAR_GZ, &err);
	char name[32];

	assert_non_null(p);
	assert_ok(pack_begin(p, PACKAGE_MANIFEST, (int64_t)manifest->len,
	    &err), &err);
	assert_ok(pack_data(p, manifest->s, manifest->len, &err), &err);
	for (int64_t i = 1; i < n; i++) {
		snprintf(name, sizeof(name), "m%lld", (long long)i);
		assert_ok(pack_begin(p, name, 0, &err), &err);
	}
	assert_ok(pack_finish(p, fd, &err), &err);
	pack_close(p);
	return fd;
}

static int package_members(int64_t n, struct said *s)
{
	char path[] = "/tmp/muster-test-XXXXXX";
	struct str manifest = STR_INIT;
	const char *name;
	struct pack *p;
	int64_t size;
	int fd, rc;

	close(mkstemp(path));
	str_add(&manifest, "{}");
	fd = packed_at(path, &manifest, n);
	assert_non_null(p = pack_open(fd, &s->err));
	while ((rc = pack_next(p, &name, &size, &s->err)) > 0)
		;
	tell(s, rc);
	pack_close(p);
	close(fd);
	unlink(path);
	str_free(&manifest);
	return rc;
}

/* A package that is nothing but a manifest, which is not to be believed. */
static int verified(struct said *s, struct str *manifest)
{
	char path[] = "/tmp/muster-test-XXXXXX";
	struct ctx c = { .quiet = true, .as_of = "2026-11-01T00:00:00Z" };
	int rc;

	close(mkstemp(path));
	close(packed_at(path, manifest, 1));
	rc = package_read(&c, &(struct package_opts){ .file = path },
	    &s->err);
	tell(s, rc);
	unlink(path);
	str_free(manifest);
	return rc;
}

static int package_manifest(int64_t n, struct said *s)
{
	struct str b = STR_INIT;

	fill(&b, n, ' ');
	return verified(s, &b);
}

static int package_bytes(int64_t n, struct said *s)
{
	struct str b = STR_INIT;

	str_addf(&b, "{\"package\":1,\"as_of\":\"\",\"version\":\"\","
	    "\"journal_head\":\"\",\"evidence\":\"\",\"tailoring\":\"\","
	    "\"members\":[{\"name\":\"m\",\"sha256\":\"%064d\",\"bytes\":"
	    "%lld}]}", 0, (long long)n);
	return verified(s, &b);
}

static int take_line(void *ctx, const char *line, size_t len,
    struct err *err)
{
	(void)ctx, (void)line, (void)len, (void)err;
	return 0;
}

static int package_line(int64_t n, struct said *s)
{
	char dir[] = "/tmp/muster-test-XXXXXX", path[128];
	struct str b = STR_INIT;
	int rc;

	folder(dir);
	inside(path, dir, "a.jsonl");
	str_add(&b, "{}\n");
	fill(&b, n, 'x');
	str_addc(&b, '\n');
	write_at(path, b.s, b.len);
	rc = package_read_lines(dir, "a.jsonl", take_line, NULL, &s->err);
	tell(s, rc);
	unlink(path);
	rmdir(dir);
	str_free(&b);
	return rc;
}

/* RPM's SQLite form: a few rows take few steps, and many do not. */
static int take_blob(void *ctx, const void *blob, size_t len,
    struct err *err)
{
	(void)ctx, (void)blob, (void)len, (void)err;
	return 0;
}

/* The bytes of a database with so many rows, as store.h makes them. */
static void database(struct str *b, int64_t rows, int64_t each)
{
	char dir[] = "/tmp/muster-test-XXXXXX", path[128], piece[4096];
	struct err err = ERR_INIT;
	struct store *st;
	FILE *f;
	size_t n;

	folder(dir);
	inside(path, dir, "a.db");
	assert_non_null(st = store_open(path, STORE_CREATE, &err));
	assert_ok(store_begin(st, &err), &err);
	while (rows-- > 0) {
		struct str text = STR_INIT;

		fill(&text, each, 'x');
		assert_ok(journal_add(st, "import", str_text(&text), "",
		    &err), &err);
		str_free(&text);
	}
	assert_ok(store_commit(st, &err), &err);
	store_close(st);
	assert_non_null(f = fopen(path, "re"));
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		str_addn(b, piece, n);
	fclose(f);
	unlink(path);
	rmdir(dir);
}

static int foreign(struct said *s, int64_t rows, int64_t each)
{
	struct str b = STR_INIT;
	int rc;

	database(&b, rows, each);
	rc = store_foreign(b.s, b.len, "SELECT detail FROM journal",
	    take_blob, NULL, &s->err);
	tell(s, rc);
	str_free(&b);
	return rc;
}

static int rpm_steps(int64_t n, struct said *s)
{
	return foreign(s, n > 1 ? 20000 : 1, 1);
}

#endif
