/*
 * attach_subject.c - keys, names and slugs: rows of the table subject.
 *
 * An image's key is its manifest's digest, else its config's; what an archive
 * proves comes before what a report claims.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "muster/err.h"
#include "muster/mem.h"
#include "muster/store.h"
#include "muster/str.h"
#include "attach_priv.h"

/* a before b as the key or the name of an image? */
static bool better(const char *a, const char *b)
{
	return b == NULL || strcmp(a, b) < 0;
}

/* The image's key: its manifest's digest, else its config's; what an archive
 * proves before what a report claims. */
const char *attach_subject_key(const struct attach *at, size_t group)
{
	static const char *const kinds[] = {
		"manifest", "config", "repodigest", "index"
	};

	for (int k = 0; k < 8; k++) {
		const char *best = NULL;
		bool bytes = k < 4;

		for (size_t i = 0; i < at->n; i++) {
			const struct about *t = &at->t[i];

			if (t->group < 0 || attach_load_root(at, i) != group ||
			    t->bytes != bytes || !t->exact)
				continue;
			for (size_t j = 0; j < t->nidents; j++)
				if (strcmp(t->idents[j].kind,
				    kinds[k % 4]) == 0 &&
				    attach_load_digest(&t->idents[j]) != NULL &&
				    better(attach_load_digest(&t->idents[j]), best))
					best = attach_load_digest(&t->idents[j]);
		}
		if (best != NULL)
			return best;
	}
	return at->t[group].founds;
}

static const char *image_name(const struct attach *at, size_t group)
{
	for (int bytes = 1; bytes >= 0; bytes--) {
		const char *best = NULL;

		for (size_t i = 0; i < at->n; i++) {
			const struct about *t = &at->t[i];

			if (t->group < 0 || attach_load_root(at, i) != group ||
			    t->bytes != bytes || !t->exact)
				continue;
			for (size_t j = 0; j < t->nidents; j++)
				if (strcmp(t->idents[j].kind, "tag") == 0 &&
				    better(t->idents[j].value, best))
					best = t->idents[j].value;
		}
		if (best != NULL)
			return best;
	}
	return NULL;
}

/* Letters, digits, '.' and '-' of a name, for file names and XML ids. */
static void slug_of(const char *name, struct str *out)
{
	for (const char *p = name; *p != '\0' && out->len < 80; p++) {
		char c = *p;

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			str_addc(out, c);
		else if (out->len > 0 && out->s[out->len - 1] != '-')
			str_addc(out, c == '.' ? '.' : '-');
	}
	while (out->len > 0 && strchr("-.", out->s[out->len - 1]) != NULL)
		out->s[--out->len] = '\0';
	if (out->len == 0)
		str_add(out, "subject");
}

static int add_subject(struct attach *at, const char *kind, const char *key,
    const char *name, bool bytes, int64_t *id, struct err *err)
{
	struct str slug = STR_INIT;
	size_t	base;
	int64_t	taken = 0;
	int	rc = -1;

	slug_of(name, &slug);
	if (strcmp(kind, "image") == 0)
		str_addf(&slug, "-%.12s", key + strlen("sha256:"));
	base = slug.len;
	for (int n = 2; ; n++) {
		if (store_int(at->store, SQL_SLUG_TAKEN,
		    BIND(V((const char *)slug.s)), &taken, err) < 0)
			goto out;
		if (taken == 0)
			break;
		slug.len = base;
		str_addf(&slug, "-%d", n);
	}
	if (store_run(at->store, SQL_ADD_SUBJECT, BIND(V(kind), V(key),
	    V(name), V((const char *)slug.s), V(bytes)), err) < 0)
		goto out;
	*id = store_last_id(at->store);
	rc = 0;
out:
	str_free(&slug);
	return rc;
}

struct image {
	const char	*key, *name;
	size_t		 group;
	bool		 bytes;
};

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct image *)a)->key,
	    ((const struct image *)b)->key);
}

int attach_subject_images(struct attach *at, struct err *err)
{
	struct image *images = mem_array(at->n + 1, sizeof(*images));
	size_t n = 0;
	int rc = 0;

	for (size_t i = 0; i < at->n; i++) {
		struct image *m = &images[n];

		if (at->t[i].group < 0 || attach_load_root(at, i) != i ||
		    strcmp(at->t[i].kind, "image") != 0)
			continue;
		m->key = attach_subject_key(at, i);
		m->name = image_name(at, i);
		m->bytes = attach_load_bytes(at, i);
		m->group = i;
		n += m->key != NULL;
	}
	qsort(images, n, sizeof(*images), by_key);
	for (size_t i = 0; i < n && rc == 0; i++) {
		char shown[40];

		snprintf(shown, sizeof(shown), "%.19s", images[i].key);
		rc = add_subject(at, "image", images[i].key,
		    images[i].name != NULL ? images[i].name : shown,
		    images[i].bytes, &at->t[images[i].group].subject, err);
	}
	free(images);
	return rc;
}

static int by_workload(const void *a, const void *b)
{
	const struct about *x = *(const struct about *const *)a;
	const struct about *y = *(const struct about *const *)b;
	int c = strcmp(x->kind, y->kind);

	/* platforms after workloads; the load order breaks ties */
	if (c != 0)
		return -c;
	c = strcmp(x->key, y->key);
	return c != 0 ? c : x < y ? -1 : x > y;
}

int attach_subject_workloads(struct attach *at, struct err *err)
{
	struct about **list = mem_array(at->n + 1, sizeof(*list));
	size_t n = 0;
	int rc = 0;

	for (size_t i = 0; i < at->n; i++)
		if (strcmp(at->t[i].kind, "workload") == 0 ||
		    strcmp(at->t[i].kind, "platform") == 0)
			list[n++] = &at->t[i];
	qsort(list, n, sizeof(*list), by_workload);
	for (size_t i = 0; i < n && rc == 0; i++) {
		struct about *t = list[i];

		t->group = (int64_t)(t - at->t);
		t->reason = "the workload itself";
		if (strcmp(t->kind, "platform") == 0)
			t->reason = "the platform itself";
		t->exact = true;
		rc = add_subject(at, t->kind, t->key,
		    t->name[0] != '\0' ? t->name : t->key, false,
		    &t->subject, err);
	}
	free(list);
	return rc;
}
