/*
 * fs.c - layers applied in order.
 *
 * Names are nodes of a tree (found through one hash of parent and name), and
 * point to inodes, so that hard links share what they are.  A whiteout or an
 * opaque mark hides only what lower layers brought, whatever its place in the
 * layer, so each layer is gone through twice: first what it hides, then what
 * it brings.  A name that a layer hid can still be the target of a hard link
 * in the same layer: the file was there when the layer was made.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image_priv.h"
#include "muster/cap.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/str.h"

#define NONE		UINT32_MAX
#define ROOT		0
#define MAX_HOPS	40		/* links followed, as Linux does */
#define MAX_CLEANED	10000

struct node_fs {
	const char	*name;
	uint32_t	 len;
	uint32_t	 parent, child, next;	/* first child, next sibling */
	uint32_t	 chain;			/* of the hash */
	uint32_t	 inode;			/* NONE: only implied */
	uint32_t	 layer;			/* that brought the name */
	uint32_t	 gone;			/* layer + 1 that hid it */
};

struct fs {
	struct arena	*arena;
	struct node_fs	*nodes;
	size_t		 n, cap;
	uint32_t	*hash;
	size_t		 mask;
	struct inode	*inodes;
	size_t		 ninodes, icap;
	int64_t		*wasted;
	size_t		 nlayers;
	struct cleaned	*cleaned;
	size_t		 ncleaned, ccap;
	char		*path;			/* most_path + 1, for resolving */
	size_t		 most_path;		/* two names in one */
	struct problems	*problems;
};

static size_t slot(const struct fs *fs, uint32_t parent, const char *name,
    size_t len)
{
	uint64_t h = UINT64_C(14695981039346656037) ^ parent;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)name[i]) * UINT64_C(1099511628211);
	return (size_t)(h ^ h >> 29) & fs->mask;
}

static uint32_t child_of(const struct fs *fs, uint32_t parent,
    const char *name, size_t len)
{
	uint32_t i = fs->hash[slot(fs, parent, name, len)];

	for (; i != NONE; i = fs->nodes[i].chain)
		if (fs->nodes[i].parent == parent &&
		    fs->nodes[i].len == len &&
		    memcmp(fs->nodes[i].name, name, len) == 0)
			return i;
	return NONE;
}

static void rehash(struct fs *fs)
{
	size_t size = (fs->mask + 1) * 2;

	free(fs->hash);
	fs->hash = mem_array(size, sizeof(*fs->hash));
	memset(fs->hash, 0xff, size * sizeof(*fs->hash));
	fs->mask = size - 1;
	for (size_t i = 1; i < fs->n; i++) {
		struct node_fs *nd = &fs->nodes[i];
		size_t at = slot(fs, nd->parent, nd->name, nd->len);

		nd->chain = fs->hash[at];
		fs->hash[at] = (uint32_t)i;
	}
}

/* A new name; NONE when there are too many. */
static uint32_t node_new(struct fs *fs, uint32_t parent, const char *name,
    size_t len)
{
	struct node_fs *nd;
	size_t at;

	if (fs->n == (size_t)cap(CAP_IMAGE_FILES))
		return NONE;
	if (fs->n > fs->mask)
		rehash(fs);
	MEM_ROOM(fs->nodes, fs->n, fs->cap);
	nd = &fs->nodes[fs->n];
	*nd = (struct node_fs){ .parent = parent, .child = NONE,
	    .inode = NONE, .len = (uint32_t)len };
	nd->name = arena_dup(fs->arena, name, len);
	nd->next = fs->nodes[parent].child;
	fs->nodes[parent].child = (uint32_t)fs->n;
	at = slot(fs, parent, name, len);
	nd->chain = fs->hash[at];
	fs->hash[at] = (uint32_t)fs->n;
	return (uint32_t)fs->n++;
}

struct fs *fs_new(size_t nlayers)
{
	struct fs *fs = mem_alloc(sizeof(*fs));

	fs->arena = arena_new();
	fs->mask = 1023;
	fs->hash = mem_array(fs->mask + 1, sizeof(*fs->hash));
	memset(fs->hash, 0xff, (fs->mask + 1) * sizeof(*fs->hash));
	MEM_ROOM(fs->nodes, fs->n, fs->cap);
	fs->nodes[fs->n++] = (struct node_fs){ .name = "", .parent = ROOT,
	    .child = NONE, .next = NONE, .chain = NONE, .inode = NONE };
	fs->wasted = mem_array(nlayers, sizeof(*fs->wasted));
	fs->nlayers = nlayers;
	fs->most_path = 2 * (size_t)cap(CAP_TAR_NAME);
	fs->path = mem_alloc(fs->most_path + 1);
	return fs;
}

void fs_free(struct fs *fs)
{
	if (fs == NULL)
		return;
	for (size_t i = 0; i < fs->ncleaned; i++)
		free(fs->cleaned[i].path);
	free(fs->cleaned);
	for (size_t i = 0; i < fs->ninodes; i++)
		free(fs->inodes[i].first);
	free(fs->inodes);
	free(fs->wasted);
	free(fs->hash);
	free(fs->nodes);
	free(fs->path);
	arena_free(fs->arena);
	free(fs);
}

static const struct entry *entry_of(const struct fs *fs, uint32_t i)
{
	return i == NONE || fs->nodes[i].inode == NONE ? NULL :
	    fs->inodes[fs->nodes[i].inode].entry;
}

/* An implied directory has no inode. */
static bool is_dir(const struct fs *fs, uint32_t i)
{
	const struct entry *e = entry_of(fs, i);

	return e == NULL || e->type == TAR_DIR;
}

/*
 * Resolving.  `make` is the layer + 1 for which missing directories are made
 * on the way; `seen` the layer + 1 whose own whiteouts do not count (0: none).
 */
struct want {
	uint32_t	make, seen;
	bool		follow;		/* a link that is the last part */
};

static bool live(const struct fs *fs, uint32_t i, const struct want *w)
{
	return i != NONE && (fs->nodes[i].gone == 0 ||
	    (w->seen != 0 && fs->nodes[i].gone == w->seen));
}

static uint32_t make_dir(struct fs *fs, uint32_t dir, uint32_t i,
    const char *name, size_t len, uint32_t layer)
{
	if (i == NONE)
		i = node_new(fs, dir, name, len);
	if (i == NONE)
		return NONE;
	fs->nodes[i].gone = 0;
	fs->nodes[i].inode = NONE;
	fs->nodes[i].layer = layer;
	return i;
}

/* Put a link's target in front of what is left of the path. */
static bool expand(struct fs *fs, const char *link, const char **rest,
    uint32_t *dir)
{
	size_t llen = strlen(link), rlen = strlen(*rest);

	if (llen + 1 + rlen > fs->most_path)
		return false;
	memmove(fs->path + llen + 1, *rest, rlen + 1);
	memcpy(fs->path, link, llen);
	fs->path[llen] = '/';
	if (link[0] == '/')
		*dir = ROOT;
	*rest = fs->path;
	return true;
}

static uint32_t resolve(struct fs *fs, uint32_t dir, const char *path,
    const struct want *w)
{
	const char *rest = path;
	int hops = 0;

	while (dir != NONE) {
		const struct entry *e;
		size_t len;
		uint32_t i;
		bool last;

		rest += strspn(rest, "/");
		if ((len = strcspn(rest, "/")) == 0)
			return dir;
		last = rest[len + strspn(rest + len, "/")] == '\0';
		if (!is_dir(fs, dir))
			return NONE;
		if (len == 1 && rest[0] == '.') {
			rest += len;
			continue;
		}
		if (len == 2 && rest[0] == '.' && rest[1] == '.') {
			dir = fs->nodes[dir].parent;
			rest += len;
			continue;
		}
		i = child_of(fs, dir, rest, len);
		if (!live(fs, i, w)) {
			if (w->make == 0)
				return NONE;
			i = make_dir(fs, dir, i, rest, len, w->make - 1);
		}
		e = entry_of(fs, i);
		rest += len;
		if (e != NULL && e->type == TAR_LINK && (!last || w->follow)) {
			if (++hops > MAX_HOPS ||
			    !expand(fs, e->link, &rest, &dir))
				return NONE;
			continue;
		}
		dir = i;
	}
	return NONE;
}

/* The directory a path is in, and the path's last part. */
static uint32_t resolve_dir(struct fs *fs, const char *path,
    const char **base, uint32_t make)
{
	struct want w = { .make = make, .follow = true };
	const char *slash = strrchr(path, '/');
	uint32_t dir;
	char *parent;

	*base = slash != NULL ? slash + 1 : path;
	if (slash == NULL)
		return ROOT;
	parent = mem_dupn(path, (size_t)(slash - path));
	dir = resolve(fs, ROOT, parent, &w);
	free(parent);
	return dir != NONE && is_dir(fs, dir) ? dir : NONE;
}

static void inode_drop(struct fs *fs, uint32_t inode, uint32_t layer)
{
	struct inode *in;

	if (inode == NONE)
		return;
	in = &fs->inodes[inode];
	if (--in->refs == 0 && in->entry->type == TAR_FILE &&
	    in->layer != layer)
		fs->wasted[in->layer] += in->entry->size;
}

static bool setid(const struct entry *e)
{
	return e != NULL && e->type == TAR_FILE && (e->mode & 06000) != 0 &&
	    (e->mode & 0111) != 0;
}

static void path_of(const struct fs *fs, uint32_t i, struct str *out)
{
	uint32_t up[512];
	size_t n = 0;

	for (; i != ROOT && n < 512; i = fs->nodes[i].parent)
		up[n++] = i;
	while (n-- > 0) {
		str_addc(out, '/');
		str_addn(out, fs->nodes[up[n]].name, fs->nodes[up[n]].len);
	}
}

/* A set-id file of a lower layer is no longer one under this name. */
static void note_cleaned(struct fs *fs, uint32_t i, uint32_t layer,
    bool removed)
{
	struct str path = STR_INIT;
	const struct node_fs *nd = &fs->nodes[i];

	if (!setid(entry_of(fs, i)) || fs->inodes[nd->inode].layer == layer ||
	    fs->ncleaned == MAX_CLEANED)
		return;
	path_of(fs, i, &path);
	MEM_ROOM(fs->cleaned, fs->ncleaned, fs->ccap);
	fs->cleaned[fs->ncleaned++] = (struct cleaned){
		mem_dup(str_text(&path)), nd->inode,
		fs->inodes[nd->inode].layer, layer, removed
	};
	str_free(&path);
}

static void hide(struct fs *fs, uint32_t i, uint32_t layer)
{
	struct node_fs *nd = &fs->nodes[i];

	note_cleaned(fs, i, layer, true);
	inode_drop(fs, nd->inode, layer);
	nd->gone = layer + 1;
}

/* Hide what is below i and, unless it is to stay, i itself. */
static void hide_tree(struct fs *fs, uint32_t top, uint32_t layer, bool self)
{
	uint32_t i = fs->nodes[top].child;

	while (i != NONE && i != top) {
		struct node_fs *nd = &fs->nodes[i];
		bool was = nd->gone == 0;

		if (was)
			hide(fs, i, layer);
		if (was && nd->child != NONE) {
			i = nd->child;
			continue;
		}
		while (i != top && fs->nodes[i].next == NONE)
			i = fs->nodes[i].parent;
		if (i != top)
			i = fs->nodes[i].next;
	}
	if (self && fs->nodes[top].gone == 0)
		hide(fs, top, layer);
}

static void whiteout(struct fs *fs, const struct entry *e, uint32_t layer)
{
	struct want w = { 0 };
	const char *base;
	uint32_t dir = resolve_dir(fs, e->path, &base, 0), i;

	if (dir == NONE)
		return;
	if (strcmp(base, ".wh..wh..opq") == 0) {
		hide_tree(fs, dir, layer, false);
		return;
	}
	if (strncmp(base, ".wh..wh.", 8) == 0)
		return;		/* AUFS's own notes */
	i = child_of(fs, dir, base + 4, strlen(base + 4));
	if (live(fs, i, &w))
		hide_tree(fs, i, layer, true);
}

static bool is_whiteout(const struct entry *e)
{
	const char *slash = strrchr(e->path, '/');

	return strncmp(slash != NULL ? slash + 1 : e->path, ".wh.", 4) == 0;
}

static void trouble(struct fs *fs, const struct entry *e, const char *why)
{
	struct str name = STR_INIT;
	size_t len = strlen(e->path);

	str_path(&name, e->path, len < 200 ? len : 200);
	problems_add(fs->problems, "\"%s\" %s", str_text(&name), why);
	str_free(&name);
}

/* Give a name an inode, in place of what it had. */
static void point(struct fs *fs, uint32_t i, uint32_t inode, uint32_t layer)
{
	struct node_fs *nd = &fs->nodes[i];
	const struct entry *e = fs->inodes[inode].entry;

	if (nd->gone == 0 && nd->child != NONE && e->type != TAR_DIR)
		hide_tree(fs, i, layer, false);
	if (nd->gone == 0) {
		if (!setid(e))
			note_cleaned(fs, i, layer, false);
		inode_drop(fs, nd->inode, layer);
	}
	nd->gone = 0;
	nd->inode = inode;
	nd->layer = layer;
}

static uint32_t inode_new(struct fs *fs, const struct entry *e,
    uint32_t layer)
{
	MEM_ROOM(fs->inodes, fs->ninodes, fs->icap);
	fs->inodes[fs->ninodes] = (struct inode){ .entry = e,
	    .layer = layer, .refs = 1 };
	return (uint32_t)fs->ninodes++;
}

/* The inode a hard link names; NONE if there is none. */
static uint32_t linked(struct fs *fs, const struct entry *e, uint32_t layer)
{
	struct want w = { .seen = layer + 1 };
	uint32_t i = resolve(fs, ROOT, e->link, &w);
	const struct entry *to = entry_of(fs, i);
	struct inode *in;

	if (to == NULL || to->type == TAR_DIR)
		return NONE;
	in = &fs->inodes[fs->nodes[i].inode];
	if (in->refs++ == 0 && in->entry->type == TAR_FILE &&
	    in->layer != layer)
		fs->wasted[in->layer] -= in->entry->size;
	return fs->nodes[i].inode;
}

static void bring(struct fs *fs, const struct entry *e, uint32_t layer)
{
	uint32_t inode, dir, i;
	const char *base;

	if (e->path[0] == '\0') {
		point(fs, ROOT, inode_new(fs, e, layer), layer);
		return;
	}
	if ((dir = resolve_dir(fs, e->path, &base, layer + 1)) == NONE) {
		trouble(fs, e, "is below something that is no directory");
		return;
	}
	if (e->type != TAR_HARD) {
		inode = inode_new(fs, e, layer);
	} else if ((inode = linked(fs, e, layer)) == NONE) {
		trouble(fs, e, "is a hard link to a file that is not there");
		return;
	}
	i = child_of(fs, dir, base, strlen(base));
	if (i == NONE)
		i = node_new(fs, dir, base, strlen(base));
	if (i == NONE) {
		inode_drop(fs, inode, layer);
		trouble(fs, e, cap_hint(CAP_IMAGE_FILES));
		return;
	}
	point(fs, i, inode, layer);
}

void fs_apply(struct fs *fs, const struct scan *s, uint32_t layer,
    struct problems *problems)
{
	fs->problems = problems;
	for (size_t i = 0; i < s->n; i++)
		if (is_whiteout(&s->entries[i]))
			whiteout(fs, &s->entries[i], layer);
	for (size_t i = 0; i < s->n; i++)
		if (!is_whiteout(&s->entries[i]))
			bring(fs, &s->entries[i], layer);
}

int64_t fs_wasted(const struct fs *fs, uint32_t layer)
{
	return fs->wasted[layer];
}

static struct inode *lookup(struct fs *fs, const char *path, bool follow)
{
	struct want w = { .follow = follow };
	uint32_t i = resolve(fs, ROOT, path, &w);

	return entry_of(fs, i) == NULL ? NULL :
	    &fs->inodes[fs->nodes[i].inode];
}

struct inode *fs_find(struct fs *fs, const char *path)
{
	return lookup(fs, path, true);
}

struct inode *fs_look(struct fs *fs, const char *path)
{
	return lookup(fs, path, false);
}

const struct cleaned *fs_cleaned(const struct fs *fs, size_t i)
{
	return i < fs->ncleaned ? &fs->cleaned[i] : NULL;
}

/* A set-id file that lost one name but has another is not cleaned. */
bool fs_lives(const struct fs *fs, uint32_t inode)
{
	return fs->inodes[inode].refs > 0;
}

/* Children by name, the last first, so that they come off a stack in order. */
static int by_name(const void *x, const void *y, void *ctx)
{
	const struct fs *fs = ctx;
	const struct node_fs *a = &fs->nodes[*(const uint32_t *)x];
	const struct node_fs *b = &fs->nodes[*(const uint32_t *)y];

	return -strcmp(a->name, b->name);
}

/* Names still to be visited, with how much of the path is theirs. */
struct stack {
	uint32_t	*i;
	size_t		 n, cap;
	size_t		*depth;
	size_t		 dn, dcap;
};

static void push_children(struct fs *fs, struct stack *st, uint32_t dir,
    size_t depth)
{
	size_t from = st->n;

	for (uint32_t c = fs->nodes[dir].child; c != NONE;
	    c = fs->nodes[c].next) {
		if (fs->nodes[c].gone != 0)
			continue;
		MEM_ROOM(st->i, st->n, st->cap);
		st->i[st->n++] = c;
		MEM_ROOM(st->depth, st->dn, st->dcap);
		st->depth[st->dn++] = depth;
	}
	if (st->n > from)
		qsort_r(st->i + from, st->n - from, sizeof(*st->i),
		    by_name, fs);
}

static int visit(struct fs *fs, uint32_t i, const char *path, fs_fn *fn,
    void *ctx, struct err *err)
{
	struct inode *in;

	if (fs->nodes[i].inode == NONE)
		return 0;
	in = &fs->inodes[fs->nodes[i].inode];
	if (fn(ctx, path, fs->nodes[i].layer, in, err) < 0)
		return -1;
	if (in->refs > 1 && in->first == NULL)
		in->first = mem_dup(path);
	return 0;
}

int fs_walk(struct fs *fs, fs_fn *fn, void *ctx, struct err *err)
{
	struct stack st = { 0 };
	struct str path = STR_INIT;
	int rc = visit(fs, ROOT, "/", fn, ctx, err);

	for (size_t i = 0; i < fs->ninodes; i++) {
		free(fs->inodes[i].first);
		fs->inodes[i].first = NULL;
	}
	push_children(fs, &st, ROOT, 0);
	while (rc == 0 && st.n > 0) {
		uint32_t i = st.i[--st.n];
		size_t depth = st.depth[--st.dn];

		path.len = depth;
		if (path.s != NULL)
			path.s[depth] = '\0';
		str_addc(&path, '/');
		str_addn(&path, fs->nodes[i].name, fs->nodes[i].len);
		rc = visit(fs, i, str_text(&path), fn, ctx, err);
		push_children(fs, &st, i, path.len);
	}
	str_free(&path);
	free(st.i);
	free(st.depth);
	return rc;
}
