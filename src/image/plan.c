/*
 * plan.c - which images a file holds, and the scanning of their layers.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "image_priv.h"
#include "muster/err.h"
#include "muster/mem.h"
#include "muster/node.h"
#include "muster/str.h"

#define THREADS	2

void plan_init(struct plan *p, struct box *box, struct sink *sink)
{
	*p = (struct plan){ .box = box, .sink = sink };
}

struct image *plan_add(struct plan *p)
{
	MEM_ROOM(p->images, p->n, p->cap);
	memset(&p->images[p->n], 0, sizeof(p->images[0]));
	return &p->images[p->n++];
}

static void layer_free(struct layer_ref *l)
{
	if (l->same_as < 0 && !l->shared)
		scan_free(l->scan);
	free(l->name);
	free(l->digest);
	free(l->media);
	free(l->data);
}

static void image_free(struct image *im)
{
	for (size_t i = 0; i < im->nlayers; i++)
		layer_free(&im->layers[i]);
	for (size_t i = 0; i < im->nnames; i++)
		free(im->names[i]);
	for (size_t i = 0; i < im->nindexes; i++)
		free(im->indexes[i]);
	free(im->layers);
	free(im->manifest);
	free(im->locator);
	tree_free(im->config);
}

void plan_free(struct plan *p)
{
	for (size_t i = 0; i < p->n; i++)
		image_free(&p->images[i]);
	free(p->images);
}

char *plan_blob(const char *digest)
{
	struct str s = STR_INIT;
	const char *hex;
	char *name = NULL;
	size_t want;

	if (digest == NULL)
		return NULL;
	if (str_starts(digest, "sha256:"))
		want = 64;
	else if (str_starts(digest, "sha512:"))
		want = 128;
	else
		return NULL;
	hex = digest + 7;
	if (strlen(hex) == want && strspn(hex, "0123456789abcdef") == want) {
		str_addf(&s, "blobs/%.6s/%s", digest, hex);
		name = mem_dup(str_text(&s));
	}
	str_free(&s);
	return name;
}

int plan_digest(const char *what, const char *digest, const void *bytes,
    size_t len, struct err *err)
{
	char is[160];

	if (str_starts(digest, "sha512:")) {
		memcpy(is, "sha512:", 7);
		sha_512_of(bytes, len, is + 7);
	} else {
		memcpy(is, "sha256:", 7);
		sha_of(bytes, len, is + 7);
	}
	if (str_eq(is, digest))
		return 0;
	return err_set(err, ERR_INPUT, "the %s has the digest %s; it should "
	    "have %s", what, is, digest);
}

/* Does the text hold an escaped NUL, which a C string would end at? */
static bool escaped_nul(const char *text, size_t len)
{
	for (size_t i = 0; i + 5 < len; i++) {
		if (text[i] != '\\')
			continue;
		if (memcmp(text + i, "\\u0000", 6) == 0)
			return true;
		i++;
	}
	return false;
}

int plan_config(struct plan *p, struct image *im, const char *name,
    const char *digest, int64_t size, struct err *err)
{
	size_t len;
	char *text = box_read(p->box, name, &len, err);
	int rc = -1;

	if (text == NULL)
		return err_during(err, "reading an image's config");
	if (size >= 0 && (int64_t)len != size)
		err_set(err, ERR_INPUT, "the config has %zu bytes; its "
		    "descriptor says %lld", len, (long long)size);
	else if (digest != NULL && plan_digest("config", digest, text, len,
	    err) < 0)
		;
	else if (escaped_nul(text, len))
		err_set(err, ERR_INPUT, "the config holds a NUL character");
	else if ((im->config = tree_json(text, len, name, err)) != NULL)
		rc = 0;
	if (rc == 0) {
		memcpy(im->config_id, "sha256:", 7);
		sha_of(text, len, im->config_id + 7);
	}
	free(text);
	return rc < 0 ? err_during(err, "reading the config \"%s\"", name) : 0;
}

/* The layers to scan, handed out one by one. */
struct jobs {
	struct plan		*plan;
	struct layer_ref	**refs;
	struct layer_ref	**turns;	/* the same, as they are begun */
	size_t			 n, cap;
	atomic_size_t		 next;
};

static void scan_one(struct plan *p, struct layer_ref *l)
{
	struct source s;

	if (l->refused != NULL) {
		l->scan = scan_new(0);
		scan_fail(l->scan, SCAN_UNREADABLE, l->refused);
	} else if (l->data != NULL) {
		l->scan = scan_new(l->hashes);
		source_memory(&s, l->data, l->data_len);
		scan_run(l->scan, source_next, &s);
		source_close(&s);
	} else {
		l->scan = box_scan(p->box, l->name, l->hashes,
		    &l->shared);
	}
}

static void *work(void *ctx)
{
	struct jobs *j = ctx;
	size_t i;

	while ((i = atomic_fetch_add(&j->next, 1)) < j->n)
		scan_one(j->plan, j->turns[i]);
	return NULL;
}

int plan_source(struct plan *p, const struct layer_ref *l, struct source *s,
    struct err *err)
{
	if (l->refused != NULL)
		return err_set(err, ERR_INPUT, "%s", l->refused);
	if (l->data == NULL)
		return box_source(p->box, l->name, s, err);
	source_memory(s, l->data, l->data_len);
	return 0;
}

/* The lowest layer shows what kind of packages the image is made of. */
static void guess(struct plan *p)
{
	struct err ignored = ERR_INIT;
	struct source s;

	for (size_t i = 0; i < p->n; i++) {
		struct image *im = &p->images[i];
		unsigned hashes;

		if (im->nlayers == 0 || plan_source(p, &im->layers[0], &s,
		    &ignored) < 0)
			continue;
		hashes = again_guess(source_next, &s);
		source_close(&s);
		for (size_t k = 0; k < im->nlayers; k++)
			im->layers[k].hashes = hashes;
	}
}

/* Two references to one blob, which is scanned once? */
static bool same(const struct layer_ref *a, const struct layer_ref *b)
{
	return a->refused == NULL && b->refused == NULL && a->data == NULL &&
	    b->data == NULL && str_eq(a->name, b->name);
}

static int by_name(const void *x, const void *y)
{
	const struct layer_ref *const *a = x, *const *b = y;
	int c = strcmp((*a)->name, (*b)->name);

	return c != 0 ? c : ((uintptr_t)*a > (uintptr_t)*b) -
	    ((uintptr_t)*a < (uintptr_t)*b);
}

static void gather(struct jobs *j)
{
	struct plan *p = j->plan;
	size_t out = 0;

	for (size_t i = 0; i < p->n; i++)
		for (size_t k = 0; k < p->images[i].nlayers; k++) {
			MEM_ROOM(j->refs, j->n, j->cap);
			j->refs[j->n++] = &p->images[i].layers[k];
		}
	if (j->n > 0)
		qsort(j->refs, j->n, sizeof(*j->refs), by_name);
	for (size_t i = 0; i < j->n; i++) {
		struct layer_ref *l = j->refs[i];

		l->same_as = -1;
		if (out > 0 && same(j->refs[out - 1], l))
			l->same_as = (int64_t)out - 1;
		else
			j->refs[out++] = l;
	}
	j->n = out;
}

/* The largest first: the last to be begun should be the soonest done. */
static int by_size(const void *x, const void *y)
{
	const struct layer_ref *const *a = x, *const *b = y;

	return (*a)->size != (*b)->size ?
	    ((*a)->size < (*b)->size) - ((*a)->size > (*b)->size) :
	    by_name(x, y);
}

static void take_turns(struct jobs *j)
{
	j->turns = mem_array(j->n + 1, sizeof(*j->turns));
	for (size_t i = 0; i < j->n; i++)
		j->turns[i] = j->refs[i];
	if (j->n > 0)
		qsort(j->turns, j->n, sizeof(*j->turns), by_size);
}

void plan_scan(struct plan *p)
{
	struct jobs j = { .plan = p };
	pthread_t other[THREADS - 1];
	size_t started = 0;

	guess(p);
	gather(&j);
	take_turns(&j);
	while (started < THREADS - 1 && started + 1 < j.n &&
	    pthread_create(&other[started], NULL, work, &j) == 0)
		started++;
	work(&j);
	while (started > 0)
		pthread_join(other[--started], NULL);
	for (size_t i = 0; i < p->n; i++)
		for (size_t k = 0; k < p->images[i].nlayers; k++) {
			struct layer_ref *l = &p->images[i].layers[k];

			if (l->same_as >= 0)
				l->scan = j.refs[l->same_as]->scan;
		}
	free(j.turns);
	free(j.refs);
}
