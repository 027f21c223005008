/*
 * again.c - digests that the first reading did not compute.
 *
 * MD5 costs nearly as much as unpacking, so it is computed while the layers
 * are read only where the image looks like one whose packages record it.  A
 * wrong guess costs time, never an answer: whatever a package database turns
 * out to ask for is computed here, from the layers concerned alone.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "image_priv.h"
#include "muster/cap.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/str.h"

#define LOOK	(4 << 20)	/* bytes of the lowest layer, to guess */
#define THREADS	2

/* A layer on its way to the tar; at most `left` bytes of it. */
struct pipe {
	decode_fill	*from;
	void		*ctx;
	const unsigned char *first;
	ssize_t		 first_len;
	int64_t		 left;
	struct decode	*decode;
};

static ssize_t blob_next(void *ctx, const unsigned char **p, struct err *err)
{
	struct pipe *io = ctx;

	if (io->first == NULL)
		return io->from(io->ctx, p, err);
	*p = io->first;
	io->first = NULL;
	return io->first_len;
}

static ssize_t plain_next(void *ctx, const unsigned char **p,
    struct err *err)
{
	struct pipe *io = ctx;
	ssize_t n = io->left > 0 ? decode_next(io->decode, p, err) : 0;

	io->left -= n;
	return n;
}

static struct tar *begin(struct pipe *io, struct err *err)
{
	if ((io->first_len = io->from(io->ctx, &io->first, err)) < 0)
		return NULL;
	io->decode = decode_open(decode_sniff(io->first,
	    (size_t)io->first_len), blob_next, io, err);
	return io->decode != NULL ? tar_open(plain_next, io, err) : NULL;
}

static void end(struct pipe *io, struct tar *t)
{
	tar_close(t);
	decode_close(io->decode);
}

static const struct {
	const char	*path;		/* pattern */
	unsigned	 hashes;
} signs[] = {
	{ "etc/debian_version", HASH(SHA_MD5) },
	{ "etc/dpkg*", HASH(SHA_MD5) },
	{ "etc/apt*", HASH(SHA_MD5) },
	{ "var/lib/dpkg*", HASH(SHA_MD5) },
	{ "etc/alpine-release", HASH(SHA_1) },
	{ "etc/apk*", HASH(SHA_1) },
	{ "lib/apk*", HASH(SHA_1) },
	{ "usr/lib/apk*", HASH(SHA_1) },
	{ "etc/dnf*", 0 },			/* RPM's are SHA-256 */
	{ "etc/yum*", 0 },
	{ "etc/rpm*", 0 },
	{ "etc/redhat-release", 0 },
	{ "etc/zypp*", 0 },
	{ "var/lib/rpm*", 0 },
	{ "usr/lib/sysimage/rpm*", 0 },
};

unsigned again_guess(decode_fill *from, void *ctx)
{
	struct pipe io = { .from = from, .ctx = ctx, .left = LOOK };
	struct err ignored = ERR_INIT;
	struct tar *t = begin(&io, &ignored);
	struct tar_entry te;
	unsigned hashes = 0;
	bool found = false;

	while (t != NULL && !found && tar_next(t, &te, &ignored) > 0)
		for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
			if (str_glob(signs[i].path, te.name)) {
				hashes = signs[i].hashes;
				found = true;
				break;
			}
	end(&io, t);
	return hashes;
}

/* Layers to read again, handed out one by one. */
struct jobs {
	struct plan		*plan;
	const struct layer_ref	**refs;
	size_t			 n, cap;
	atomic_size_t		 next;
};

static int hash(struct scan *s, struct entry *e, struct tar *t,
    struct err *err)
{
	struct sha *h[SHA_512 + 1] = { NULL };
	unsigned char d[SHA_MOST];
	const unsigned char *p;
	ssize_t len;

	for (int k = SHA_MD5; k <= SHA_512; k++)
		if ((e->wants & HASH(k)) != 0)
			h[k] = sha_new_of((enum sha_kind)k);
	while ((len = tar_data(t, &p, err)) > 0)
		for (int k = SHA_MD5; k <= SHA_512; k++)
			if (h[k] != NULL)
				sha_add(h[k], p, (size_t)len);
	for (int k = SHA_MD5; k <= SHA_512; k++) {
		if (h[k] == NULL)
			continue;
		sha_end_of(h[k], d);
		sha_free(h[k]);
		if (len == 0)
			scan_add_digest(s, e, (enum sha_kind)k, d);
	}
	e->wants = 0;
	return (int)len;
}

/* The entries come in the order they had; what was not listed is skipped. */
static void read_layer(struct plan *p, const struct layer_ref *l)
{
	struct err ignored = ERR_INIT;
	struct scan *s = l->scan;
	struct tar_entry te;
	struct source src;
	struct pipe io = { .from = source_next, .ctx = &src,
	    .left = cap(CAP_UNPACKED_BYTES) };
	struct tar *t;
	size_t i = 0;

	if (plan_source(p, l, &src, &ignored) < 0)
		return;
	t = begin(&io, &ignored);
	while (t != NULL && i < s->n && tar_next(t, &te, &ignored) > 0) {
		while (i < s->n && (s->entries[i].type != TAR_FILE ||
		    s->entries[i].at < te.at))
			i++;
		if (i < s->n && s->entries[i].at == te.at &&
		    te.type == TAR_FILE && te.size == s->entries[i].size &&
		    s->entries[i].wants != 0 &&
		    hash(s, &s->entries[i], t, &ignored) < 0)
			break;
	}
	end(&io, t);
	source_close(&src);
}

static void *work(void *ctx)
{
	struct jobs *j = ctx;
	size_t i;

	while ((i = atomic_fetch_add(&j->next, 1)) < j->n)
		read_layer(j->plan, j->refs[i]);
	return NULL;
}

static bool wanted(const struct scan *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->entries[i].wants != 0)
			return true;
	return false;
}

static void add(struct jobs *j, const struct layer_ref *l)
{
	for (size_t i = 0; i < j->n; i++)
		if (j->refs[i]->scan == l->scan)
			return;
	MEM_ROOM(j->refs, j->n, j->cap);
	j->refs[j->n++] = l;
}

void again_run(struct plan *p, struct image *im)
{
	struct jobs j = { .plan = p };
	pthread_t other[THREADS - 1];
	size_t started = 0;

	for (size_t i = 0; i < im->nlayers; i++)
		if (wanted(im->layers[i].scan))
			add(&j, &im->layers[i]);
	while (started < THREADS - 1 && started + 1 < j.n &&
	    pthread_create(&other[started], NULL, work, &j) == 0)
		started++;
	work(&j);
	while (started > 0)
		pthread_join(other[--started], NULL);
	free(j.refs);
}
