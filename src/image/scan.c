/*
 * scan.c - one layer, read once from its first byte to its last.
 *
 * The blob is hashed as it is, unpacked, hashed again (diff_id covers the
 * bytes after the tar's end mark too), and its entries listed with the digest
 * of every file.  Nothing here fails: what cannot be read is said in the
 * scan, with the entries that came before it.
 */
#include <stdlib.h>
#include <string.h>

#include "image_priv.h"
#include "lang.h"
#include "muster/cap.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/str.h"

/* The blob on its way to the decoder, and from there to the tar. */
struct pipe {
	struct scan	*scan;
	decode_fill	*from;
	void		*ctx;
	struct sha	*raw, *plain, *file;
	struct sha	*more[SHA_512 + 1];	/* of files, by kind */
	struct batch	*batch;			/* MD5 of small ones, or NULL */
	struct decode	*decode;
	struct sift	*sift;
	struct lang	*lang;
	const unsigned char *first;
	ssize_t		 first_len;
};

struct scan *scan_new(unsigned hashes)
{
	struct scan *s = mem_alloc(sizeof(*s));

	s->arena = arena_new();
	s->hashes = hashes;
	return s;
}

void scan_free(struct scan *s)
{
	if (s == NULL)
		return;
	problems_free(&s->problems);
	arena_free(s->arena);
	free(s->entries);
	free(s->sifted.hit);
	free(s->why);
	free(s);
}

void scan_fail(struct scan *s, enum scan_state state, const char *why)
{
	if (s->state != SCAN_OK)
		return;
	s->state = state;
	s->why = mem_dup(why);
}

const unsigned char *scan_digest(const struct entry *e, enum sha_kind kind)
{
	if (kind == SHA_256)
		return e->sha;
	for (const struct digest *d = e->digests; d != NULL; d = d->next)
		if (d->kind == kind)
			return d->bytes;
	return NULL;
}

void scan_add_digest(struct scan *s, struct entry *e, enum sha_kind kind,
    const unsigned char *bytes)
{
	struct digest *d = arena_get(s->arena, sizeof(*d) + sha_size(kind));

	d->next = e->digests;
	d->kind = kind;
	memcpy(d->bytes, bytes, sha_size(kind));
	e->digests = d;
}

/* The blob's own bytes.  One that is not packed is hashed once: its digest
 * is its diff_id.  The first piece was taken to know which it is. */
static ssize_t blob_next(void *ctx, const unsigned char **p, struct err *err)
{
	struct pipe *io = ctx;
	ssize_t n = io->first_len;

	if (io->first != NULL)
		*p = io->first;
	else if ((n = io->from(io->ctx, p, err)) < 0)
		return -1;
	io->first = NULL;
	if (io->scan->kind != DECODE_NONE)
		sha_add(io->raw, *p, (size_t)n);
	io->scan->bytes += n;
	return n;
}

static ssize_t plain_next(void *ctx, const unsigned char **p,
    struct err *err)
{
	struct pipe *io = ctx;
	ssize_t n = decode_next(io->decode, p, err);

	if (n > 0) {
		sha_add(io->plain, *p, (size_t)n);
		io->scan->tar_bytes += n;
	}
	return n;
}

static int begin(struct pipe *io, struct err *err)
{
	if ((io->first_len = io->from(io->ctx, &io->first, err)) < 0)
		return -1;
	io->scan->kind = decode_sniff(io->first, (size_t)io->first_len);
	io->decode = decode_open(io->scan->kind, blob_next, io, err);
	return io->decode != NULL ? 0 : -1;
}

/* The digests of a file other than SHA-256; not what a batch gathers. */
static void more_add(struct pipe *io, const void *p, size_t len, bool gathered)
{
	for (int k = gathered ? SHA_MD5 + 1 : SHA_MD5; k <= SHA_512; k++)
		if (io->more[k] != NULL)
			sha_add(io->more[k], p, len);
}

static void more_end(struct pipe *io, struct entry *e, bool gathered)
{
	unsigned char d[SHA_MOST];

	for (int k = gathered ? SHA_MD5 + 1 : SHA_MD5; k <= SHA_512; k++)
		if (io->more[k] != NULL) {
			sha_end_of(io->more[k], d);
			scan_add_digest(io->scan, e, (enum sha_kind)k, d);
		}
}

/* Hash and search a file's content, keeping it if somebody wants it. */
static int content(struct pipe *io, struct tar *t, struct entry *e,
    size_t keep, struct err *err)
{
	struct scan *s = io->scan;
	const unsigned char *p;
	const char *found;
	char *body = NULL, *copy = io->batch != NULL ?
	    batch_room(io->batch, e->size) : NULL;
	int64_t copied = 0;
	ssize_t len;

	if ((int64_t)keep >= e->size && e->size > 0 &&
	    (int64_t)s->bodies + e->size <= cap(CAP_LAYER_BODIES)) {
		body = arena_get(s->arena, (size_t)e->size + 1);
		s->bodies += (size_t)e->size;
	} else if (keep > 0 && e->size == 0) {
		body = arena_dup(s->arena, "", 0);
	}
	sift_begin(io->sift, e->path, e->size, s->n);
	lang_begin(io->lang, e->path, e->size, e->mode);
	for (;;) {
		if ((len = tar_data(t, &p, err)) < 0)
			return -1;
		if (len == 0)
			break;
		sha_add(io->file, p, (size_t)len);
		more_add(io, p, (size_t)len, copy != NULL);
		if (copy != NULL && copied + len <= e->size)
			memcpy(copy + copied, p, (size_t)len);
		copied += len;
		sift_add(io->sift, p, (size_t)len);
		lang_add(io->lang, p, (size_t)len);
		if (body != NULL &&
		    e->body_len + (size_t)len <= (size_t)e->size) {
			memcpy(body + e->body_len, p, (size_t)len);
			e->body_len += (size_t)len;
		}
	}
	sha_end(io->file, e->sha);
	more_end(io, e, copy != NULL);
	if (copy != NULL && copied == e->size)
		batch_add(io->batch, s->n, (size_t)e->size);
	sift_end(io->sift);
	if ((found = lang_end(io->lang)) != NULL) {
		struct str cut = STR_INIT;

		if ((int64_t)(s->found += strlen(found)) >
		    cap(CAP_LAYER_LANGS)) {
			lang_cut(&cut, CAP_LAYER_LANGS);
			found = cut.s;
		}
		e->lang = arena_dup(s->arena, found, strlen(found));
		str_free(&cut);
	}
	if (body != NULL) {
		body[e->body_len] = '\0';
		e->body = body;
	}
	return 0;
}

static void add(struct pipe *io, const struct tar_entry *te, struct entry *e)
{
	struct scan *s = io->scan;
	struct str caps = STR_INIT;

	memset(e, 0, sizeof(*e));
	e->path = arena_dup(s->arena, te->name, te->name_len);
	if (te->link != NULL)
		e->link = arena_dup(s->arena, te->link, strlen(te->link));
	if (te->caps != NULL && caps_text(te->caps, te->caps_len, &caps))
		e->caps = arena_dup(s->arena, caps.s, caps.len);
	str_free(&caps);
	e->type = te->type;
	e->mode = te->mode;
	e->uid = te->uid;
	e->gid = te->gid;
	e->size = te->size;
	e->at = te->at;
}

static bool whiteout_name(const char *base)
{
	return strncmp(base, ".wh.", 4) == 0;
}

static const char *basename_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* What may not stand in a layer, or means nothing. */
static const char *odd(const struct tar_entry *te)
{
	const char *base = basename_of(te->name);

	if (te->outside)
		return "a name with \"..\" in it";
	if (te->name_len == 0 && te->type != TAR_DIR)
		return "an entry without a name";
	if (te->type == TAR_HARD && (te->link_outside || *te->link == '\0'))
		return "a hard link that leaves the image";
	if (strcmp(base, ".wh.") == 0 || strcmp(base, ".wh..") == 0 ||
	    strcmp(base, ".wh...") == 0)
		return "a whiteout of no file";
	for (const char *p = te->name; (p = strchr(p, '/')) != NULL;) {
		const char *q = p;

		while (q > te->name && q[-1] != '/')
			q--;
		if (strncmp(q, ".wh.", 4) == 0)
			return "a whiteout with something below it";
		p++;
	}
	return whiteout_name(base) && te->type == TAR_DIR ?
	    "a whiteout that is a directory" : NULL;
}

static void say_odd(struct scan *s, const char *why,
    const struct tar_entry *te)
{
	struct str name = STR_INIT;

	str_path(&name, te->name, te->name_len < 200 ? te->name_len : 200);
	problems_add(&s->problems, "%s (\"%s\")", why, str_text(&name));
	str_free(&name);
}

static int entry(struct pipe *io, struct tar *t, const struct tar_entry *te,
    struct err *err)
{
	struct scan *s = io->scan;
	const char *why = odd(te);
	struct entry *e;
	size_t keep;

	if (s->n == (size_t)cap(CAP_LAYER_ENTRIES))
		return cap_err(err, CAP_LAYER_ENTRIES, "too many entries");
	if (arena_used(s->arena) - s->bodies > (size_t)cap(CAP_LAYER_NAMES))
		return cap_err(err, CAP_LAYER_NAMES, "too many names that "
		    "are too long");
	if (whiteout_name(basename_of(te->name)))
		s->whiteouts++;
	if (why != NULL) {
		say_odd(s, why, te);
		return 0;
	}
	MEM_ROOM(s->entries, s->n, s->cap);
	e = &s->entries[s->n];
	add(io, te, e);
	if (te->type == TAR_FILE) {
		keep = watch_wants(e->path, e->mode);
		if (content(io, t, e, keep, err) < 0)
			return -1;
	}
	s->n++;
	return 0;
}

static int walk(struct pipe *io, struct err *err)
{
	struct tar *t = tar_open(plain_next, io, err);
	struct tar_entry te;
	int rc = -1;

	if (t == NULL)
		return -1;
	while ((rc = tar_next(t, &te, err)) > 0)
		if ((rc = entry(io, t, &te, err)) < 0)
			break;
	tar_close(t);
	return rc;
}

/* What follows the end mark belongs to the digest. */
static int drain(struct pipe *io, struct err *err)
{
	const unsigned char *p;
	ssize_t n;

	while ((n = plain_next(io, &p, err)) > 0)
		;
	return (int)n;
}

static void digests(struct pipe *io)
{
	struct scan *s = io->scan;

	memcpy(s->diff_id, "sha256:", 7);
	sha_end_hex(io->plain, s->diff_id + 7);
	memcpy(s->digest, "sha256:", 7);
	if (s->kind != DECODE_NONE)
		sha_end_hex(io->raw, s->digest + 7);
	else
		memcpy(s->digest, s->diff_id, DIGEST_SIZE);
}

void scan_run(struct scan *s, decode_fill *from, void *ctx)
{
	struct pipe io = { .scan = s, .from = from, .ctx = ctx };
	struct err err = ERR_INIT;

	io.raw = sha_new();
	io.plain = sha_new();
	io.file = sha_new();
	for (int k = SHA_MD5; k <= SHA_512; k++)
		if ((s->hashes & HASH(k)) != 0)
			io.more[k] = sha_new_of((enum sha_kind)k);
	if ((s->hashes & HASH(SHA_MD5)) != 0 && sha_md5_side_by_side())
		io.batch = batch_new(s);
	io.sift = sift_new(&s->sifted);
	io.lang = lang_new();
	if (begin(&io, &err) < 0 || walk(&io, &err) < 0 ||
	    drain(&io, &err) < 0)
		scan_fail(s, SCAN_UNREADABLE, err.text);
	else
		digests(&io);
	if (io.batch != NULL)
		batch_end(io.batch);
	batch_free(io.batch);
	decode_close(io.decode);
	sift_free(io.sift);
	lang_free(io.lang);
	for (int k = SHA_MD5; k <= SHA_512; k++)
		sha_free(io.more[k]);
	sha_free(io.file);
	sha_free(io.plain);
	sha_free(io.raw);
}
