/*
 * template.c - the parts of somebody's workbook, and how they hang together;
 * see template.h.
 */
#include <stdlib.h>
#include <string.h>

#include "muster/cap.h"
#include "muster/err.h"
#include "muster/input.h"
#include "muster/mem.h"
#include "muster/xml.h"
#include "muster/zip.h"
#include "template.h"

static bool is_plain(const char *name)
{
	for (const char *p = name; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == '\\' || *p == 127)
			return false;
	return name[0] != '\0' && name[0] != '/' && strstr(name, "..") == NULL;
}

static int add(struct template *t, struct zip *z, const char *name,
    size_t *left, struct err *err)
{
	struct template_part *p;
	int rc;

	if (!is_plain(name))
		return err_set(err, ERR_INPUT, "a part of the workbook has a "
		    "name that no workbook has");
	if (template_part(t, name) != NULL)
		return err_set(err, ERR_INPUT, "the workbook has two parts of "
		    "the name %.200s", name);
	if (t->n == (size_t)cap(CAP_TEMPLATE_PARTS))
		return cap_err(err, CAP_TEMPLATE_PARTS, "the workbook has too "
		    "many parts");
	MEM_ROOM(t->part, t->n, t->cap);
	p = &t->part[t->n++];
	*p = (struct template_part){ mem_dup(name), STR_INIT };
	t->macros |= str_ends(name, "vbaProject.bin");
	rc = zip_content(z, *left, &p->bytes, err);
	if (rc == 0)
		return cap_err(err, CAP_TEMPLATE_UNPACKED, "the workbook is "
		    "too large when unpacked");
	*left -= rc > 0 ? p->bytes.len : 0;
	return rc < 0 ? -1 : 0;
}

int template_open(struct template *t, const void *bytes, size_t len,
    struct err *err)
{
	static const unsigned char ole[] = { 0xd0, 0xcf, 0x11, 0xe0 };
	size_t left = (size_t)cap(CAP_TEMPLATE_UNPACKED);
	const char *name;
	struct zip *z;
	int rc;

	*t = (struct template){ .n = 0 };
	if (len >= sizeof(ole) && memcmp(bytes, ole, sizeof(ole)) == 0)
		return err_set(err, ERR_INPUT, "an old workbook, or one with "
		    "a password: save it as .xlsx without a password");
	if ((z = zip_open(bytes, len, err)) == NULL)
		return -1;
	while ((rc = zip_next(z, &name, err)) > 0)
		if ((rc = add(t, z, name, &left, err)) < 0)
			break;
	zip_close(z);
	if (rc == 0 && template_part(t, "[Content_Types].xml") == NULL)
		rc = err_set(err, ERR_INPUT, "a zip archive, but no workbook: "
		    "it has no [Content_Types].xml");
	return rc;
}

void template_close(struct template *t)
{
	for (size_t i = 0; i < t->n; i++) {
		free(t->part[i].name);
		str_free(&t->part[i].bytes);
	}
	free(t->part);
}

struct template_part *template_part(struct template *t, const char *name)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->part[i].name, name) == 0)
			return &t->part[i];
	return NULL;
}

/* ------------------------------------------------------ relationships */

struct rel {
	char	*id, *type, *target;
};
struct rels {
	struct rel	*rel;
	size_t		 n, cap;
};

static char *attribute(struct xml *x, const char *name)
{
	const char *v = xml_attr(x, name);

	return mem_dup(v != NULL ? v : "");
}

static int rel_start(void *ctx, struct xml *x, const char *ns,
    const char *name, struct err *err)
{
	struct rels *r = ctx;

	(void)ns, (void)err;
	if (strcmp(name, "Relationship") != 0)
		return 0;
	MEM_ROOM(r->rel, r->n, r->cap);
	r->rel[r->n++] = (struct rel){ attribute(x, "Id"),
	    attribute(x, "Type"), attribute(x, "Target") };
	return 0;
}

static int no_end(void *ctx, struct xml *x, const char *ns, const char *name,
    const char *text, size_t len, struct err *err)
{
	(void)ctx, (void)x, (void)ns, (void)name, (void)text, (void)len;
	(void)err;
	return 0;
}

static int read_part(const struct template_part *p,
    const struct xml_handler *h, void *ctx, struct err *err)
{
	struct input *in = input_open_mem(p->bytes.s, p->bytes.len, p->name);
	int rc = xml_read(in, h, ctx, err);

	input_close(in);
	return rc;
}

static void rels_free(struct rels *r)
{
	for (size_t i = 0; i < r->n; i++) {
		free(r->rel[i].id);
		free(r->rel[i].type);
		free(r->rel[i].target);
	}
	free(r->rel);
}

/* Those of a part ("": of the workbook as a whole). */
static int rels_of(struct template *t, const char *part, struct rels *r,
    struct err *err)
{
	static const struct xml_handler h = { rel_start, no_end };
	const char *slash = strrchr(part, '/');
	struct template_part *p;
	struct str name = STR_INIT;

	if (slash != NULL)
		str_addn(&name, part, (size_t)(slash + 1 - part));
	str_addf(&name, "_rels/%s.rels", slash != NULL ? slash + 1 : part);
	p = template_part(t, str_text(&name));
	str_free(&name);
	return p == NULL ? 0 : read_part(p, &h, r, err);
}

/* Where a relationship of a part leads. */
static void target_of(const char *part, const struct rel *r, struct str *out)
{
	const char *slash = strrchr(part, '/');

	str_clear(out);
	if (r->target[0] == '/')
		str_add(out, r->target + 1);
	else {
		if (slash != NULL)
			str_addn(out, part, (size_t)(slash + 1 - part));
		str_add(out, r->target);
	}
}

/* The main part of a kind that a part leads to. */
static int find(struct template *t, const char *part, const char *kind,
    struct str *out, struct err *err)
{
	struct rels r = { .n = 0 };
	int rc = rels_of(t, part, &r, err);

	str_clear(out);
	for (size_t i = 0; rc == 0 && i < r.n; i++)
		if (str_ends(r.rel[i].type, kind)) {
			target_of(part, &r.rel[i], out);
			break;
		}
	rels_free(&r);
	return rc;
}

/* ------------------------------------------------------------- sheets */

struct sheets {
	const struct rels *rels;
	const char	*workbook;
	struct str	*out;
};

static int sheet_start(void *ctx, struct xml *x, const char *ns,
    const char *name, struct err *err)
{
	struct sheets *s = ctx;
	struct str target = STR_INIT;
	const char *id = xml_attr_any(x, "id"), *title = xml_attr(x, "name");

	(void)ns, (void)err;
	if (strcmp(name, "sheet") != 0 || id == NULL || title == NULL ||
	    strchr(title, '\n') != NULL)
		return 0;
	for (size_t i = 0; i < s->rels->n; i++)
		if (strcmp(s->rels->rel[i].id, id) == 0 &&
		    str_ends(s->rels->rel[i].type, "/worksheet")) {
			target_of(s->workbook, &s->rels->rel[i], &target);
			if (strchr(str_text(&target), '\n') == NULL)
				str_addf(s->out, "%s\n%s\n",
				    str_text(&target), title);
		}
	str_free(&target);
	return 0;
}

int template_sheets(struct template *t, struct str *out, struct err *err)
{
	static const struct xml_handler h = { sheet_start, no_end };
	struct str workbook = STR_INIT;
	struct rels r = { .n = 0 };
	struct sheets s = { &r, NULL, out };
	struct template_part *p = NULL;
	int rc = find(t, "", "/officeDocument", &workbook, err);

	if (rc == 0) {
		s.workbook = str_text(&workbook);
		p = template_part(t, s.workbook);
	}
	if (rc == 0 && p == NULL)
		rc = err_set(err, ERR_INPUT, "no workbook: its parts do not "
		    "say which one that is");
	if (rc == 0 && (rc = rels_of(t, s.workbook, &r, err)) == 0)
		rc = read_part(p, &h, &s, err);
	rels_free(&r);
	str_free(&workbook);
	return rc;
}

/* ----------------------------------------------------- shared strings */

struct shared {
	struct template_strings *s;
	struct str	 text;
	int		 quiet;		/* inside a phonetic run */
};

static int shared_start(void *ctx, struct xml *x, const char *ns,
    const char *name, struct err *err)
{
	struct shared *s = ctx;

	(void)ns, (void)err;
	if (strcmp(name, "si") == 0)
		str_clear(&s->text);
	else if (strcmp(name, "rPh") == 0)
		s->quiet++;
	else if (strcmp(name, "t") == 0)
		xml_want_text(x);
	return 0;
}

static int shared_end(void *ctx, struct xml *x, const char *ns,
    const char *name, const char *text, size_t len, struct err *err)
{
	struct shared *s = ctx;

	(void)x, (void)ns, (void)err;
	if (strcmp(name, "rPh") == 0)
		s->quiet--;
	else if (strcmp(name, "t") == 0 && s->quiet == 0)
		str_addn(&s->text, text, len);
	else if (strcmp(name, "si") == 0) {
		MEM_ROOM(s->s->s, s->s->n, s->s->cap);
		s->s->s[s->s->n++] = mem_dup(str_text(&s->text));
	}
	return 0;
}

int template_strings(struct template *t, struct template_strings *s,
    struct err *err)
{
	static const struct xml_handler h = { shared_start, shared_end };
	struct shared ctx = { s, STR_INIT, 0 };
	struct str name = STR_INIT;
	struct template_part *p = NULL;
	int rc;

	*s = (struct template_strings){ .n = 0 };
	rc = find(t, "", "/officeDocument", &name, err);
	if (rc == 0) {
		char *workbook = mem_dup(str_text(&name));

		rc = find(t, workbook, "/sharedStrings", &name, err);
		free(workbook);
	}
	if (rc == 0)
		p = template_part(t, str_text(&name));
	if (rc == 0 && p != NULL)
		rc = read_part(p, &h, &ctx, err);
	str_free(&ctx.text);
	str_free(&name);
	return rc;
}

void template_strings_free(struct template_strings *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->s[i]);
	free(s->s);
}
