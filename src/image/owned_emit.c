/*
 * owned_emit.c - what comparing files with their packages showed, as facts:
 * how many were compared, which differ and who changed them, what is not
 * there, and which programs no package owns.
 */
#include <stdlib.h>
#include <string.h>

#include "image_priv.h"
#include "muster/err.h"
#include "muster/sink.h"
#include "muster/str.h"
#include "owned.h"

#define TOLD	1000		/* changed files, one by one */
#define LISTED	200		/* of what is only a note */

/* What is counted for each type of package. */
struct tally {
	const char	*type;
	const struct owned_package *first;
	int64_t		 compared, config, missing, optional, unknown;
	int64_t		 bare;		/* packages that record nothing */
	const char	*kind;		/* of the digest nobody computed */
};

struct tallies {
	struct tally	 of[8];
	size_t		 n;
	int64_t		 changed, absent;
};

static struct tally *tally_of(struct tallies *t, const struct owned_package *p)
{
	for (size_t i = 0; i < t->n; i++)
		if (str_eq(t->of[i].type, p->type))
			return &t->of[i];
	if (t->n == sizeof(t->of) / sizeof(*t->of))
		return NULL;
	t->of[t->n] = (struct tally){ .type = p->type, .first = p };
	return &t->of[t->n++];
}

/* Not needed for anything to run, and often left out on purpose. */
static bool is_optional(const struct owned_file *f)
{
	static const char *const below[] = {
		"usr/share/doc/", "usr/share/man/", "usr/share/info/",
		"usr/share/locale/", "usr/share/lintian/",
		"usr/share/doc-base/", "usr/share/gtk-doc/",
		"usr/share/help/", "usr/share/groff/", "usr/share/linda/"
	};
	const char *path = f->path + strspn(f->path, "/");

	if ((f->flags & OWNED_OPTIONAL) != 0)
		return true;
	for (size_t i = 0; i < sizeof(below) / sizeof(*below); i++)
		if (str_starts(path, below[i]))
			return true;
	return false;
}

static const char *kind_name(unsigned kind)
{
	static const char *const names[] = {
		"", "MD5", "SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512"
	};

	return names[kind];
}

static void add_hex(struct str *out, const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		str_addf(out, "%02x", p[i]);
}

static void add_layer(struct emit *e, uint32_t layer, struct str *out)
{
	str_addf(out, "layer %u (%s)", layer, layer < e->ndiff ?
	    e->diff_ids[layer] : "");
}

static int changed(struct emit *e, const struct owned_file *f,
    struct err *err)
{
	const struct owned_package *p = &e->owned->packages[f->package];
	const struct inode *in = f->inode;
	enum sha_kind kind = (enum sha_kind)f->kind;
	const unsigned char *is = in->entry->type == TAR_FILE ?
	    scan_digest(in->entry, kind) : NULL;
	struct str text = STR_INIT, path = STR_INIT;
	int rc;

	/* where it is, which may be elsewhere than the package says */
	str_addf(&path, "/%s", in->entry->path);
	str_utf8(&text, p->name, strlen(p->name));
	str_addf(&text, " records %s ", kind_name(f->kind));
	add_hex(&text, f->digest, sha_size(kind));
	str_add(&text, " in ");
	add_layer(e, p->layer, &text);
	if (is != NULL) {
		str_add(&text, "; it is ");
		add_hex(&text, is, sha_size(kind));
		str_add(&text, " from ");
	} else {
		str_add(&text, in->entry->type == TAR_LINK ?
		    "; it is a link from " : "; it is no file from ");
	}
	add_layer(e, in->layer, &text);
	rc = emit_file_fact(e, "package.changed", NULL, str_text(&text),
	    in->layer, str_text(&path), err);
	str_free(&text);
	str_free(&path);
	return rc;
}

static int gone(struct emit *e, const struct owned_file *f, struct err *err)
{
	const struct owned_package *p = &e->owned->packages[f->package];
	struct str path = STR_INIT;
	int rc;

	str_addf(&path, "/%s", f->path + strspn(f->path, "/"));
	rc = emit_file_fact(e, "package.missing", NULL, p->name, p->layer,
	    str_text(&path), err);
	str_free(&path);
	return rc;
}

static int one(struct emit *e, struct owned_file *f, struct tallies *t,
    struct err *err)
{
	const struct owned_package *p = &e->owned->packages[f->package];
	struct tally *of = tally_of(t, p);

	if (of == NULL || (f->flags & OWNED_OLD) != 0)
		return 0;
	if (f->state == OWNED_MISSING) {
		if ((f->flags & OWNED_CONFIG) != 0)
			of->config++;
		else if (is_optional(f))
			of->optional++;
		else if (of->missing++, t->absent++ < LISTED)
			return gone(e, f, err);
		return 0;
	}
	if (f->state == OWNED_UNKNOWN) {
		of->unknown++;
		of->kind = kind_name(f->kind);
		return 0;
	}
	of->compared += f->state != OWNED_LISTED;
	if (f->state != OWNED_DIFFERS || (f->inode->owned &
	    (OWNED_SAME | OWNED_TOLD)) != 0)
		return 0;
	f->inode->owned |= OWNED_TOLD;
	if ((f->inode->owned & OWNED_CONF) != 0) {
		of->config++;
		return 0;
	}
	return t->changed++ < TOLD ? changed(e, f, err) : 0;
}

/* A count about a type, at the database of its first package. */
static int count(struct emit *e, const char *name, const struct tally *of,
    int64_t n, struct err *err)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)n);
	return emit_file_fact(e, name, of->type, text, of->first->layer,
	    of->first->db, err);
}

static int counts(struct emit *e, const struct tally *of, struct err *err)
{
	struct str text = STR_INIT;
	int rc = count(e, "package.compared", of, of->compared, err);

	if (rc == 0 && of->config > 0)
		rc = count(e, "package.config", of, of->config, err);
	if (rc == 0 && of->optional > 0)
		rc = count(e, "package.left_out", of, of->optional, err);
	if (rc == 0 && of->missing > 0)
		rc = count(e, "package.gone", of, of->missing, err);
	if (rc == 0 && of->bare > 0)
		rc = count(e, "package.unsummed", of, of->bare, err);
	if (rc == 0 && of->unknown > 0) {
		str_addf(&text, "%lld files: their %s could not be computed",
		    (long long)of->unknown, of->kind);
		rc = emit_file_fact(e, "package.uncompared", of->type,
		    str_text(&text), of->first->layer, of->first->db, err);
	}
	str_free(&text);
	return rc;
}

/* Programs that nobody lists. */
struct programs {
	struct emit	*emit;
	int64_t		 n;
};

static int program(void *ctx, const char *path, uint32_t layer,
    struct inode *in, struct err *err)
{
	struct programs *p = ctx;

	/* the database's own scripts belong to the package they are of */
	if (str_starts(path, "/var/lib/dpkg/info/") ||
	    in->entry->type != TAR_FILE || in->entry->size == 0 ||
	    (in->entry->mode & 0111) == 0 ||
	    (in->owned & OWNED_SEEN) != 0 || in->first != NULL)
		return 0;
	return p->n++ >= LISTED ? 0 : emit_file_fact(p->emit,
	    "package.unowned", NULL, NULL, layer, path, err);
}

static int programs(struct emit *e, struct err *err)
{
	struct programs p = { e, 0 };
	char text[24];

	if (fs_walk(e->fs, program, &p, err) < 0)
		return -1;
	snprintf(text, sizeof(text), "%lld", (long long)p.n);
	return emit_fact(e, "package.unowned_count", NULL, text, NULL, err);
}

static int more(struct emit *e, enum cap over, struct err *err)
{
	struct str text = STR_INIT;
	int rc;

	str_addf(&text, "more files are listed than are read: %s",
	    cap_hint(over));
	rc = emit_fact(e, "package.uncompared", "more", text.s, NULL, err);
	str_free(&text);
	return rc;
}

int owned_emit(struct emit *e, struct err *err)
{
	struct owned *o = e->owned;
	struct tallies t = { .n = 0 };

	for (size_t i = 0; i < o->npackages; i++) {
		struct tally *of = tally_of(&t, &o->packages[i]);

		if (of != NULL && str_eq(of->type, "deb"))
			of->bare = o->installed - o->summed;
		else if (of != NULL && o->packages[i].sums == 0)
			of->bare++;
	}
	for (size_t i = 0; i < o->n; i++)
		if (one(e, &o->files[i], &t, err) < 0)
			return -1;
	for (size_t i = 0; i < t.n; i++)
		if (counts(e, &t.of[i], err) < 0)
			return -1;
	if (t.changed > TOLD && sink_warn(e->sink, NULL, err, "%lld more "
	    "files differ from what their packages record",
	    (long long)t.changed - TOLD) < 0)
		return -1;
	if (o->over < CAPS && more(e, o->over, err) < 0)
		return -1;
	return o->npackages > 0 ? programs(e, err) : 0;
}
