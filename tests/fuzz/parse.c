/* parse.c - targets: documents and containers as src/parse reads them. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "muster/cap.h"
#include "muster/csv.h"
#include "muster/decode.h"
#include "muster/dsse.h"
#include "muster/err.h"
#include "muster/input.h"
#include "muster/json.h"
#include "muster/node.h"
#include "muster/pack.h"
#include "muster/signed.h"
#include "muster/str.h"
#include "muster/tar.h"
#include "muster/toml.h"
#include "muster/xml.h"
#include "muster/yaml.h"
#include "muster/zip.h"

#define MANY	(1 << 20)	/* bytes out of a container: enough of it */

static void is_text(const char *text, size_t len)
{
	if (strlen(text) != len || !str_is_utf8(text, len))
		fuzz_broken("a reader got what is no text");
}

static int see_json(void *ctx, struct json *js, int id, enum json_event ev,
    const char *text, size_t len, struct err *err)
{
	struct str at = STR_INIT;

	(void)ctx;
	(void)id;
	if (text != NULL)
		is_text(text, len);
	json_pointer(js, &at);
	is_text(str_text(&at), at.len);
	str_free(&at);
	(void)json_key(js);
	(void)json_index(js);
	if (ev == JSON_BEGIN)
		(void)json_is_array(js);
	return text != NULL && strcmp(text, "refuse") == 0 ?
	    json_bad(js, err, "as was asked") : 0;
}

/* The whole tree, which is known by its pointers. */
static void see_nodes(const struct node *n, int depth)
{
	struct str at = STR_INIT;

	if (n == NULL)
		return;
	if (n->text != NULL)
		is_text(n->text, strlen(n->text));
	if (depth < 3)
		node_pointer(n, &at);
	str_free(&at);
	NODE_EACH(c, n)
		see_nodes(c, depth + 1);
}

/* Read as a stream and as a tree: they accept the same. */
void fuzz_json(const unsigned char *bytes, size_t len)
{
	static const struct json_want wants[] = {
		{ "", 1 }, { "a", 2 }, { "a.b", 3 }, { "a.*", 4 },
		{ "*[].c", 5 }, { "[]", 6 }, { "[].a[][]", 7 },
		{ "matches[].vulnerability.id", 8 }, { NULL, 0 }
	};
	struct input *in = input_open_mem(bytes, len, "fuzz");
	struct err err = ERR_INIT;

	fuzz_told(json_read(in, wants, see_json, NULL, &err), &err, "JSON");
	input_close(in);
	err = (struct err)ERR_INIT;
	struct tree *t = tree_json((const char *)bytes, len, "fuzz", &err);

	fuzz_told(t != NULL ? 0 : -1, &err, "a tree of JSON");
	if (t != NULL)
		see_nodes(tree_root(t), 0);
	tree_free(t);
}

static int see_start(void *ctx, struct xml *x, const char *ns,
    const char *name, struct err *err)
{
	struct str at = STR_INIT;
	const char *a = xml_attr(x, "a");

	(void)ctx;
	is_text(ns, strlen(ns));
	is_text(name, strlen(name));
	if (a != NULL)
		is_text(a, strlen(a));
	(void)xml_attr_any(x, "b");
	xml_path(x, &at);
	str_free(&at);
	if (strcmp(name, "t") == 0)
		xml_want_text(x);
	if (strcmp(name, "u") == 0)
		xml_want_all_text(x);
	return strcmp(name, "refuse") == 0 ? xml_bad(x, err, "as asked") : 0;
}

static int see_end(void *ctx, struct xml *x, const char *ns,
    const char *name, const char *text, size_t len, struct err *err)
{
	(void)ctx;
	(void)x;
	(void)ns;
	(void)name;
	(void)err;
	is_text(text, len);
	return 0;
}

void fuzz_xml(const unsigned char *bytes, size_t len)
{
	static const struct xml_handler handler = { see_start, see_end };
	struct input *in = input_open_mem(bytes, len, "fuzz");
	struct err err = ERR_INIT;
	char ns[128], name[64];

	xml_root((const char *)bytes, len, ns, name);
	fuzz_told(xml_read(in, &handler, NULL, &err), &err, "XML");
	input_close(in);
}

static int see_document(void *ctx, const struct tree *t, int doc,
    struct err *err)
{
	(void)ctx;
	(void)doc;
	(void)err;
	see_nodes(tree_root(t), 0);
	return 0;
}

void fuzz_yaml(const unsigned char *bytes, size_t len)
{
	struct input *in = input_open_mem(bytes, len, "fuzz");
	struct err err = ERR_INIT;

	fuzz_told(yaml_read(in, see_document, NULL, &err), &err, "YAML");
	input_close(in);
}

void fuzz_toml(const unsigned char *bytes, size_t len)
{
	struct err err = ERR_INIT;
	struct tree *t;

	if (!str_is_utf8(bytes, len))
		return;
	t = toml_tree((const char *)bytes, len, "fuzz", &err);
	fuzz_told(t != NULL ? 0 : -1, &err, "TOML");
	if (t != NULL)
		see_nodes(tree_root(t), 0);
	tree_free(t);
}

static int see_row(void *ctx, const struct csv_row *row, struct err *err)
{
	(void)ctx;
	(void)err;
	if (row->n == 0 || row->n > (size_t)cap(CAP_CSV_FIELDS) || row->line < 1)
		fuzz_broken("a row of %zu fields", row->n);
	for (size_t i = 0; i < row->n; i++)
		is_text(row->field[i], strlen(row->field[i]));
	return 0;
}

void fuzz_csv(const unsigned char *bytes, size_t len)
{
	struct input *in = input_open_mem(bytes, len, "fuzz");
	struct err err = ERR_INIT;

	fuzz_told(csv_read(in, see_row, NULL, &err), &err, "CSV");
	input_close(in);
}

/* DSSE, bundles, statements, and files of signatures. */
void fuzz_envelope(const unsigned char *bytes, size_t len)
{
	struct err err = ERR_INIT;
	struct fuzz_sink s;
	const struct signed_from from = { .sink = &s.sink, .locator = "f" };
	struct tree *t = tree_json((const char *)bytes, len, "fuzz", &err);
	const struct node *n = t != NULL ? tree_root(t) : NULL;
	int rc = 0;

	fuzz_sink(&s);
	err = (struct err)ERR_INIT;
	if (dsse_is(n))
		rc = signed_dsse(&from, n, &err);
	else if (signed_dsse_is_bundle(n))
		rc = signed_dsse_bundle(&from, n, &err);
	else if (n != NULL && (rc = signed_dsse_statement(&from, n,
	    (const char *)bytes, len, &err)) == 0)
		rc = signed_predicate(&from, n, (const char *)bytes, len,
		    &err);
	fuzz_told(rc, &err, "an envelope");
	tree_free(t);
	err = (struct err)ERR_INIT;
	if (signed_is_file(bytes, len))
		fuzz_told(signed_file(&from, (const char *)bytes, len, &err),
		    &err, "a file of signatures");
	err = (struct err)ERR_INIT;
	fuzz_told(signed_simple(&from, (const char *)bytes, len, "c2ln",
	    &err), &err, "simple signing");
}

/* A source of bytes that gives a few at a time. */
struct drip {
	const unsigned char *p;
	size_t		 left, step;
};

static ssize_t drip(void *ctx, const unsigned char **p, struct err *err)
{
	struct drip *d = ctx;
	size_t n = d->left < d->step ? d->left : d->step;

	(void)err;
	*p = d->p;
	d->p += n;
	d->left -= n;
	return (ssize_t)n;
}

/* The first byte says how many bytes come at a time. */
static struct drip open_drip(const unsigned char *bytes, size_t len)
{
	if (len == 0)
		return (struct drip){ (const unsigned char *)"", 0, 1 };
	return (struct drip){ bytes + 1, len - 1,
	    bytes[0] == 0 ? len : (size_t)bytes[0] * 16 };
}

void fuzz_decode(const unsigned char *bytes, size_t len)
{
	struct drip d = open_drip(bytes, len);
	enum decode_kind kind = decode_sniff(d.p, d.left);
	struct err err = ERR_INIT;
	const unsigned char *p;
	struct decode *dec;
	ssize_t n = 1;
	size_t all = 0;

	if (kind == DECODE_NONE)
		return;
	dec = decode_open(kind, drip, &d, &err);
	while (dec != NULL && all < MANY && (n = decode_next(dec, &p, &err)) >
	    0)
		all += (size_t)n;
	fuzz_told(dec == NULL || n < 0 ? -1 : 0, &err, "unpacking");
	decode_close(dec);
}

void fuzz_tar(const unsigned char *bytes, size_t len)
{
	struct drip d = open_drip(bytes, len);
	struct err err = ERR_INIT;
	struct tar *t = tar_open(drip, &d, &err);
	struct tar_entry e;
	const unsigned char *p;
	size_t all = 0;
	ssize_t n = 0;
	int rc = t != NULL ? 1 : -1;

	tar_seen(d.p, d.left);
	while (t != NULL && all < MANY && n >= 0 &&
	    (rc = tar_next(t, &e, &err)) > 0) {
		if (strlen(e.name) != e.name_len || e.name_len >
		    (size_t)cap(CAP_TAR_NAME))
			fuzz_broken("a name of %zu bytes", e.name_len);
		while (e.type == TAR_FILE && all < MANY &&
		    (n = tar_data(t, &p, &err)) > 0)
			all += (size_t)n;
	}
	fuzz_told(rc < 0 || n < 0 ? -1 : 0, &err, "a tar");
	tar_close(t);
}

void fuzz_zip(const unsigned char *bytes, size_t len)
{
	struct err err = ERR_INIT;
	struct zip *z = zip_open(bytes, len, &err);
	const char *name;
	int rc = z != NULL ? 1 : -1;

	while (z != NULL && (rc = zip_next(z, &name, &err)) > 0) {
		struct str out = STR_INIT;

		rc = zip_content(z, 65536, &out, &err);
		str_free(&out);
		if (rc < 0)
			break;
	}
	fuzz_told(rc, &err, "a zip");
	zip_close(z);
}

void fuzz_pack(const unsigned char *bytes, size_t len)
{
	int fd = fuzz_file(bytes, len), rc = -1;
	struct err err = ERR_INIT;
	struct pack *k = pack_open(fd, &err);
	const char *name;
	const void *p;
	int64_t size;
	ssize_t n = 0;
	size_t all = 0;

	while (k != NULL && n >= 0 && all < MANY &&
	    (rc = pack_next(k, &name, &size, &err)) > 0)
		while (all < MANY && (n = pack_read(k, &p, &err)) > 0)
			all += (size_t)n;
	fuzz_told(rc < 0 || n < 0 ? -1 : 0, &err, "a package");
	err = (struct err)ERR_INIT;
	fuzz_told(pack_sealed(fd, &err), &err, "a seal");
	pack_close(k);
	close(fd);
}
