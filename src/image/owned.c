/*
 * owned.c - files as packages record them, compared with what is there.
 *
 * A path is followed as dpkg itself would: "/bin/x" of a package is the
 * "/usr/bin/x" of a file system whose /bin is a link.  Two packages may list
 * one path (one replaced the other's file): it is unchanged if it is as one
 * of them records it.
 */
#include <stdlib.h>
#include <string.h>

#include "image_priv.h"
#include "muster/cap.h"
#include "muster/mem.h"
#include "muster/str.h"
#include "owned.h"

struct owned *owned_new(void)
{
	struct owned *o = mem_alloc(sizeof(*o));

	o->arena = arena_new();
	o->over = CAPS;
	return o;
}

void owned_free(struct owned *o)
{
	if (o == NULL)
		return;
	arena_free(o->arena);
	free(o->packages);
	free(o->files);
	free(o->diversions);
	free(o);
}

static bool too_long(const struct owned *o)
{
	return arena_used(o->arena) > (size_t)cap(CAP_LAYER_NAMES);
}

void owned_begin(struct owned *o, const char *type, const char *name,
    size_t len, uint32_t layer, const char *db)
{
	/* the name itself, not the row it stands in: rows may move below */
	const char *last = o->npackages > 0 ?
	    o->packages[o->npackages - 1].db : NULL;

	if (o->npackages == (size_t)cap(CAP_IMAGE_OWNERS)) {
		o->over = CAP_IMAGE_OWNERS;
		return;		/* it goes on under the last name */
	}
	MEM_ROOM(o->packages, o->npackages, o->pcap);
	o->packages[o->npackages] = (struct owned_package){ .type = type,
	    .name = arena_dup(o->arena, name, len), .layer = layer,
	    .db = last != NULL && str_eq(last, db) ? last :
	    arena_dup(o->arena, db, strlen(db)) };
	o->npackages++;
}

void owned_add(struct owned *o, const char *path, size_t len,
    enum sha_kind kind, const unsigned char *digest, unsigned flags)
{
	struct owned_file *f;
	unsigned char *copy = NULL;

	if (o->npackages == 0 || len == 0 || len > (size_t)cap(CAP_TAR_NAME))
		return;
	if (o->n == (size_t)cap(CAP_IMAGE_OWNED) || too_long(o)) {
		o->over = too_long(o) ? CAP_LAYER_NAMES : CAP_IMAGE_OWNED;
		return;
	}
	if (digest != NULL && sha_size(kind) > 0) {
		copy = arena_get(o->arena, sha_size(kind));
		memcpy(copy, digest, sha_size(kind));
		if ((flags & OWNED_OLD) == 0)
			o->packages[o->npackages - 1].sums++;
	}
	MEM_ROOM(o->files, o->n, o->cap);
	f = &o->files[o->n++];
	*f = (struct owned_file){ .path = arena_dup(o->arena, path, len),
	    .digest = copy, .package = (uint32_t)o->npackages - 1,
	    .kind = (unsigned char)kind, .flags = (unsigned char)flags };
}

static const char *bare(const char *path)
{
	return path + strspn(path, "/");
}

/* The first diversion from a place; ndiversions if all are before it. */
static size_t diversion(const struct owned *o, const char *from)
{
	size_t lo = 0, hi = o->ndiversions;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (strcmp(o->diversions[mid].from, from) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

void owned_divert(struct owned *o, const char *from, const char *to,
    const char *by)
{
	size_t at;

	if (o->ndiversions == (size_t)cap(CAP_IMAGE_DIVERSIONS) ||
	    too_long(o)) {
		o->over = too_long(o) ? CAP_LAYER_NAMES :
		    CAP_IMAGE_DIVERSIONS;
		return;
	}
	MEM_ROOM(o->diversions, o->ndiversions, o->dcap);
	from = bare(from);
	at = diversion(o, from);
	memmove(&o->diversions[at + 1], &o->diversions[at],
	    (o->ndiversions - at) * sizeof(*o->diversions));
	o->diversions[at] = (struct owned_diversion){
		arena_dup(o->arena, from, strlen(from)),
		arena_dup(o->arena, to, strlen(to)),
		arena_dup(o->arena, by, strlen(by))
	};
	o->ndiversions++;
}

bool owned_hex(const char *s, size_t len, unsigned char *out, size_t size)
{
	if (len != 2 * size)
		return false;
	for (size_t i = 0; i < len; i++) {
		static const char digits[] = "0123456789abcdef";
		const char *d = s[i] == '\0' ? NULL :
		    strchr(digits, s[i] >= 'A' && s[i] <= 'F' ?
		    s[i] + 'a' - 'A' : s[i]);

		if (d == NULL)
			return false;
		out[i / 2] = (unsigned char)(out[i / 2] << 4 | (d - digits));
	}
	return true;
}

/* Where a package's file went because another one wants its place. */
static const char *place(const struct owned *o, const char *path,
    const char *package)
{
	size_t i = diversion(o, bare(path));

	return i < o->ndiversions &&
	    str_eq(o->diversions[i].from, bare(path)) &&
	    !str_eq(o->diversions[i].by, package) ? o->diversions[i].to :
	    path;
}

void owned_name(struct emit *e, const char *path, size_t len)
{
	struct inode *in;
	char *name;

	if (len == 0 || len > (size_t)cap(CAP_TAR_NAME))
		return;
	name = mem_dupn(path, len);
	if ((in = fs_find(e->fs, name)) != NULL)
		in->owned |= OWNED_SEEN;
	if ((in = fs_find(e->fs, place(e->owned, name, ""))) != NULL)
		in->owned |= OWNED_SEEN;
	free(name);
}

/* The entry itself, which the inode only shows. */
static struct entry *entry_of(struct emit *e, const struct inode *in)
{
	struct scan *s = e->image->layers[in->layer].scan;

	return &s->entries[in->entry - s->entries];
}

static void find(struct emit *e, struct owned_file *f, bool *want)
{
	const char *path = place(e->owned, f->path,
	    e->owned->packages[f->package].name);
	struct entry *en;

	f->inode = (f->flags & OWNED_NO_FOLLOW) != 0 ?
	    fs_look(e->fs, path) : fs_find(e->fs, path);
	if (f->inode == NULL) {
		f->state = OWNED_MISSING;
		return;
	}
	f->inode->owned |= OWNED_SEEN;
	if ((f->flags & OWNED_CONFIG) != 0)
		f->inode->owned |= OWNED_CONF;
	en = entry_of(e, f->inode);
	if (f->digest == NULL || en->type != TAR_FILE ||
	    scan_digest(en, (enum sha_kind)f->kind) != NULL)
		return;
	en->wants |= HASH(f->kind);
	*want = true;
}

/* Of a link apk records the digest of what it says. */
static bool same_link(const struct owned_file *f)
{
	const char *link = f->inode->entry->link;
	unsigned char d[SHA_MOST];
	struct sha *h = link != NULL ? sha_new_of((enum sha_kind)f->kind) :
	    NULL;

	if (h == NULL)
		return false;
	sha_add(h, link, strlen(link));
	sha_end_of(h, d);
	sha_free(h);
	return memcmp(d, f->digest, sha_size((enum sha_kind)f->kind)) == 0;
}

static enum owned_state state_of(const struct owned_file *f)
{
	const struct entry *en = f->inode->entry;
	const unsigned char *is;

	if (f->digest == NULL)
		return OWNED_LISTED;
	if (en->type == TAR_LINK)
		return same_link(f) ? OWNED_EQUAL : OWNED_DIFFERS;
	if (en->type != TAR_FILE)
		return OWNED_DIFFERS;
	if ((is = scan_digest(en, (enum sha_kind)f->kind)) == NULL)
		return OWNED_UNKNOWN;
	return memcmp(is, f->digest, sha_size((enum sha_kind)f->kind)) == 0 ?
	    OWNED_EQUAL : OWNED_DIFFERS;
}

static int by_path(const void *x, const void *y)
{
	const struct owned_file *a = x, *b = y;
	int c = strcmp(bare(a->path), bare(b->path));

	return c != 0 ? c : (a->package > b->package) -
	    (a->package < b->package);
}

/* The first record of a path; o->n if there is none. */
static size_t first_of(const struct owned *o, const char *path)
{
	size_t lo = 0, hi = o->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (strcmp(bare(o->files[mid].path), path) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* What a file with a credential was before a later layer replaced it may be
 * what a package ships, too. */
static bool want_sifted(struct emit *e, struct scan *s)
{
	const struct owned *o = e->owned;
	bool want = false;

	for (size_t k = 0; k < s->sifted.n; k++) {
		size_t at = s->sifted.hit[k].entry;
		struct entry *en = at < s->n ? &s->entries[at] : NULL;

		for (size_t i = en != NULL ? first_of(o, en->path) : o->n;
		    i < o->n && str_eq(bare(o->files[i].path), en->path);
		    i++) {
			enum sha_kind kind = (enum sha_kind)o->files[i].kind;

			if (o->files[i].digest == NULL ||
			    scan_digest(en, kind) != NULL)
				continue;
			en->wants |= HASH(kind);
			want = true;
		}
	}
	return want;
}

void owned_compare(struct emit *e)
{
	struct owned *o = e->owned;
	bool want = false;

	if (o->n == 0)
		return;
	qsort(o->files, o->n, sizeof(*o->files), by_path);
	for (size_t i = 0; i < o->n; i++)
		if ((o->files[i].flags & OWNED_OLD) == 0)
			find(e, &o->files[i], &want);
	for (size_t i = 0; i < e->image->nlayers; i++)
		want |= want_sifted(e, e->image->layers[i].scan);
	if (want)
		again_run(e->plan, e->image);
	for (size_t i = 0; i < o->n; i++) {
		struct owned_file *f = &o->files[i];

		if (f->inode == NULL)
			continue;
		f->state = (unsigned char)state_of(f);
		if (f->state == OWNED_EQUAL)
			f->inode->owned |= OWNED_SAME;
	}
}

static const struct owned_package *records(const struct owned *o,
    const char *path, const struct entry *en)
{
	for (size_t i = first_of(o, path); i < o->n; i++) {
		const struct owned_file *f = &o->files[i];
		const unsigned char *is;

		if (!str_eq(bare(f->path), path))
			break;
		is = scan_digest(en, (enum sha_kind)f->kind);
		if (f->digest != NULL && is != NULL && memcmp(is, f->digest,
		    sha_size((enum sha_kind)f->kind)) == 0)
			return &o->packages[f->package];
	}
	return NULL;
}

const struct owned_package *owned_ships(struct emit *e,
    const struct entry *en)
{
	static const char *const merged[] = {
		"usr/bin/", "usr/sbin/", "usr/lib"
	};
	const struct owned_package *p = records(e->owned, en->path, en);

	for (size_t i = 0; p == NULL && i < sizeof(merged) / sizeof(*merged);
	    i++)
		if (str_starts(en->path, merged[i]))
			p = records(e->owned, en->path + 4, en);
	return p;
}
