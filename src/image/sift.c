/*
 * sift.c - a file's bytes in blocks, and what was found in them.
 *
 * A file that comes in one piece is searched where it lies; longer ones are
 * gathered into blocks, the end of each standing at the start of the next.
 */
#include <stdlib.h>
#include <string.h>

#include "muster/cap.h"
#include "muster/mem.h"
#include "muster/str.h"
#include "sift.h"

#define KEEP	(SIFT_OVERLAP + SIFT_BACK)
#define NARROW	(SIFT_OVERLAP / 2)
#define SLACK	128

struct sift {
	struct sift_hits	*out;
	struct sift_find	*find;
	struct sift_places	 places;
	const struct sift_file	*file;
	size_t			 most;		/* of it */
	bool			 begun;
	struct str		 whole;
	char			*buf;		/* SIFT_BLOCK, and slack */
	size_t			 n;		/* bytes in it */
	int64_t			 base;		/* offset of its first byte */
	int64_t			 decided;	/* places before it are done */
	size_t			 entry, first;	/* hits of this entry */
	int64_t			 size;
	int64_t			 looked[SIFT_SIGNS];	/* where last, plus 1 */
	char			*narrow;	/* UTF-16 as bytes */
	size_t			 narrow_n;
	size_t			 narrow_at;	/* where in buf it starts */
};

struct sift *sift_new(struct sift_hits *out)
{
	struct sift *s = mem_alloc(sizeof(*s));

	s->out = out;
	s->find = sift_find_new();
	s->buf = mem_alloc(SIFT_BLOCK + SLACK);
	s->narrow = mem_alloc(NARROW + SLACK);
	return s;
}

void sift_free(struct sift *s)
{
	if (s == NULL)
		return;
	sift_find_free(s->find);
	str_free(&s->whole);
	free(s->places.place);
	free(s->buf);
	free(s->narrow);
	free(s);
}

void sift_begin(struct sift *s, const char *path, int64_t size, size_t entry)
{
	s->n = 0;
	s->base = s->decided = 0;
	s->entry = entry;
	s->first = s->out->n;
	s->size = size;
	memset(s->looked, 0, sizeof(s->looked));
	str_clear(&s->whole);
	s->begun = false;
	s->most = SIFT_WHOLE;
	s->file = sift_file(path);
	if (s->file != NULL && size > SIFT_WHOLE) {
		s->file = NULL;
		s->out->unread++;
	}
}

/* Two rules may see one credential: the better proof stands. */
static bool known(struct sift *s, const struct sift_hit *hit)
{
	struct sift_hits *o = s->out;

	for (size_t i = s->first; i < o->n; i++) {
		struct sift_hit *h = &o->hit[i];

		if (hit->at >= h->at + (int64_t)h->len ||
		    h->at >= hit->at + (int64_t)hit->len)
			continue;
		if (hit->grade > h->grade)
			*h = *hit;
		return true;
	}
	return false;
}

static void keep(struct sift *s, struct sift_hit *hit)
{
	struct sift_hits *o = s->out;

	hit->entry = s->entry;
	if (known(s, hit))
		return;
	if (o->n >= (size_t)cap(CAP_IMAGE_CREDENTIALS)) {
		o->more++;
		return;
	}
	MEM_ROOM(o->hit, o->n, o->cap);
	o->hit[o->n++] = *hit;
}

/* UTF-16 around a place as bytes; true when narrow[*at] is that place. */
static bool widen(struct sift *s, size_t place, size_t *at)
{
	size_t start = place, i;

	/* Still in what the last place needed, with room behind it? */
	if (s->narrow_n > 0 && place >= s->narrow_at &&
	    (place - s->narrow_at) % 2 == 0) {
		*at = (place - s->narrow_at) / 2;
		if (*at < s->narrow_n && (s->narrow_n < NARROW ||
		    *at < NARROW / 2))
			return true;
	}
	while (start >= 2 && place - start < SIFT_BACK &&
	    s->buf[start - 1] == '\0' && s->buf[start - 2] != '\0')
		start -= 2;
	for (i = 0; i < NARROW && start + 2 * i + 1 < s->n &&
	    s->buf[start + 2 * i] != '\0' &&
	    s->buf[start + 2 * i + 1] == '\0'; i++)
		s->narrow[i] = s->buf[start + 2 * i];
	/* The last one of big-endian text ends in what follows it. */
	if (i < NARROW && start + 2 * i < s->n) {
		s->narrow[i] = s->buf[start + 2 * i];
		i++;
	}
	memset(s->narrow + i, '\0', SLACK);
	s->narrow_at = start;
	s->narrow_n = i;
	*at = (place - start) / 2;
	return *at < i;
}

/* A sign whose proof reads far ahead has seen what stands right behind it:
 * a file full of such signs is not read hundreds of times over. */
static bool seen(struct sift *s, enum sift_sign sign, int64_t at)
{
	static const int ahead[SIFT_SIGNS] = {
		[SIFT_AWS] = 64, [SIFT_AUTHS] = 1500, [SIFT_PUTTY] = 2048
	};

	if (s->looked[sign] > 0 && at - s->looked[sign] + 1 < ahead[sign])
		return true;
	s->looked[sign] = at + 1;
	return false;
}

static void judge(struct sift *s, const struct sift_place *p)
{
	struct sift_pattern pattern;
	struct sift_hit hit = { 0 };
	size_t at;

	if (!sift_find_pattern(p->pattern, &pattern) ||
	    seen(s, pattern.sign, s->base + p->at))
		return;
	if (!p->wide) {
		if (!sift_proof(pattern.sign, s->buf, s->n, p->at, &hit))
			return;
	} else {
		if (!widen(s, p->at, &at) || !sift_proof(pattern.sign,
		    s->narrow, s->narrow_n, at, &hit))
			return;
		hit.at = (int64_t)s->narrow_at + 2 * hit.at;
		hit.len *= 2;
	}
	hit.at += s->base;
	keep(s, &hit);
}

static void block(struct sift *s, const char *text, size_t n, bool last)
{
	int64_t stop = s->base + (int64_t)n - (last ? 0 : SIFT_OVERLAP);

	sift_find(s->find, text, n, &s->places);
	if (s->places.n > 0 && text != s->buf)
		memcpy(s->buf, text, n);
	if (s->places.n > 0)
		memset(s->buf + n, '\0', SLACK);
	s->n = n;
	s->narrow_n = 0;
	for (size_t i = 0; i < s->places.n; i++) {
		int64_t at = s->base + s->places.place[i].at;

		/* Where nothing more is kept, nothing more is looked at. */
		if (s->out->n >= (size_t)cap(CAP_IMAGE_CREDENTIALS) && s->out->more > 0)
			break;
		if (at >= s->decided && at < stop)
			judge(s, &s->places.place[i]);
	}
	s->decided = stop;
}

void sift_add(struct sift *s, const void *bytes, size_t len)
{
	const char *p = bytes;

	if (!s->begun && s->file == NULL && s->size <= SIFT_STORE) {
		s->file = sift_file_begins(bytes, len, s->size);
		s->most = SIFT_STORE;
	}
	s->begun = true;
	if (s->file != NULL && s->whole.len + len <= s->most)
		str_addn(&s->whole, p, len);
	if (s->base == 0 && s->n == 0 && (int64_t)len == s->size &&
	    len <= SIFT_BLOCK) {
		block(s, p, len, true);
		s->base = s->size;
		s->n = 0;
		return;
	}
	while (len > 0) {
		size_t take = SIFT_BLOCK - s->n < len ? SIFT_BLOCK - s->n :
		    len;

		memcpy(s->buf + s->n, p, take);
		s->n += take;
		p += take;
		len -= take;
		if (s->n < SIFT_BLOCK)
			continue;
		block(s, s->buf, s->n, false);
		memmove(s->buf, s->buf + s->n - KEEP, KEEP);
		s->base += (int64_t)(s->n - KEEP);
		s->n = KEEP;
	}
}

static void found(void *ctx, const struct sift_hit *hit)
{
	struct sift_hit copy = *hit;

	keep(ctx, &copy);
}

void sift_end(struct sift *s)
{
	if (s->n > 0)
		block(s, s->buf, s->n, true);
	if (s->file != NULL && s->whole.len > 0)
		sift_file_read(s->file, s->whole.s, s->whole.len, found, s);
	s->n = 0;
}
