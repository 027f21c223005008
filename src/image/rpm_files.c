/* rpm_files.c - the files an RPM package lists, with their digests. */
#include <stdlib.h>
#include <string.h>

#include "image_priv.h"
#include "muster/cap.h"
#include "muster/mem.h"
#include "muster/str.h"
#include "owned.h"
#include "rpm.h"

enum { FLAG_CONFIG = 1, FLAG_DOC = 2, FLAG_MISSING_OK = 8, FLAG_GHOST = 64 };

/* An array of strings; NULL entries where the header is cut short. */
struct texts {
	const char	**at;
	uint32_t	 n;
};

static bool texts(struct owned *o, const struct rpm_header *h, uint32_t tag,
    struct texts *t)
{
	struct rpm_value v;
	uint32_t i = 0;

	if (!rpm_header_find(h, tag, &v) || v.type != TYPE_TEXTS ||
	    v.count > v.left)
		return false;
	if (v.count > cap(CAP_RPM_FILES)) {
		o->over = CAP_RPM_FILES;
		return false;
	}
	t->n = v.count;
	t->at = mem_array(t->n, sizeof(*t->at));
	for (const unsigned char *end; i < t->n && (end = memchr(v.p, '\0',
	    v.left)) != NULL; i++) {
		t->at[i] = (const char *)v.p;
		v.left -= (uint32_t)(end + 1 - v.p);
		v.p = end + 1;
	}
	return i == t->n;
}

/* An array of numbers, one a file. */
static bool numbers(const struct rpm_header *h, uint32_t tag, uint32_t n,
    struct rpm_value *v)
{
	return rpm_header_find(h, tag, v) && v->type == TYPE_INT32 &&
	    v->count == n && v->left / 4 >= n;
}

static enum sha_kind kind_of(const struct rpm_header *h)
{
	int64_t algorithm = 1;		/* as OpenPGP counts them */

	rpm_header_number(h, TAG_DIGEST_ALGO, &algorithm);
	switch (algorithm) {
	case 1: return SHA_MD5;
	case 2: return SHA_1;
	case 8: return SHA_256;
	case 9: return SHA_384;
	case 10: return SHA_512;
	case 11: return SHA_224;
	default: return SHA_NONE;
	}
}

struct files {
	struct texts	 names, dirs, digests;
	struct rpm_value dir, flags, states;
	bool		 has_flags, has_states;
	enum sha_kind	 kind;
};

/* Installed, and not replaced by another package or left out? */
static bool is_there(const struct files *l, uint32_t i)
{
	return !l->has_states || l->states.p[i] == 0;
}

static void add(struct owned *o, const struct files *l, uint32_t i)
{
	uint32_t dir = rpm_header_u32(l->dir.p + 4 * (size_t)i);
	uint32_t flags = l->has_flags ?
	    rpm_header_u32(l->flags.p + 4 * (size_t)i) : 0;
	unsigned char digest[SHA_MOST];
	const char *hex = i < l->digests.n ? l->digests.at[i] : "";
	unsigned ours = OWNED_NO_FOLLOW;
	struct str path = STR_INIT;
	bool has;

	if (dir >= l->dirs.n || !is_there(l, i))
		return;
	has = l->kind != SHA_NONE && *hex != '\0' && owned_hex(hex,
	    strlen(hex), digest, sha_size(l->kind));
	if ((flags & FLAG_CONFIG) != 0)
		ours |= OWNED_CONFIG;
	if ((flags & (FLAG_DOC | FLAG_MISSING_OK | FLAG_GHOST)) != 0)
		ours |= OWNED_OPTIONAL;
	if ((flags & FLAG_GHOST) != 0)
		has = false;
	str_add(&path, l->dirs.at[dir]);
	str_add(&path, l->names.at[i]);
	owned_add(o, path.s, path.len, l->kind, has ? digest : NULL, ours);
	str_free(&path);
}

void rpm_files_add(struct emit *e, const struct seen *f, const char *name,
    const struct rpm_header *h)
{
	struct files l = { .kind = kind_of(h) };

	owned_begin(e->owned, "rpm", name, strlen(name), f->layer, f->path);
	if (!texts(e->owned, h, TAG_BASE_NAMES, &l.names) ||
	    !texts(e->owned, h, TAG_DIR_NAMES, &l.dirs) ||
	    !numbers(h, TAG_DIR_INDEXES, l.names.n, &l.dir))
		goto out;
	if (!texts(e->owned, h, TAG_FILE_DIGESTS, &l.digests))
		l.digests.n = 0;
	l.has_flags = numbers(h, TAG_FILE_FLAGS, l.names.n, &l.flags);
	l.has_states = rpm_header_find(h, TAG_FILE_STATES, &l.states) &&
	    l.states.type == TYPE_CHAR && l.states.count == l.names.n &&
	    l.states.left >= l.names.n;
	for (uint32_t i = 0; i < l.names.n; i++)
		add(e->owned, &l, i);
out:
	free(l.names.at);
	free(l.dirs.at);
	free(l.digests.at);
}
