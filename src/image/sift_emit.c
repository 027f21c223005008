/*
 * sift_emit.c - what was found in the files of an image's layers, as facts:
 * rule, grade, a masked preview, and the place down to the byte.
 */
#include <string.h>

#include "image_priv.h"
#include "muster/cap.h"
#include "muster/err.h"
#include "muster/sink.h"
#include "muster/str.h"
#include "owned.h"

/*
 * What a package ships unchanged is in every image that has the package: a
 * library's self-test key, say.  It is of the lowest grade, and says which.
 */
static void grade(struct emit *e, const struct entry *en,
    const struct sift_hit *h, struct str *out)
{
	const struct owned_package *p = owned_ships(e, en);

	if (p == NULL) {
		str_addf(out, "%s %s", secret_grade_name(h->grade),
		    h->preview);
		return;
	}
	str_addf(out, "%s %s as the package ",
	    secret_grade_name(GRADE_NAME), h->preview);
	str_utf8(out, p->name, strlen(p->name));
	str_addf(out, " ships it (by itself %s)",
	    secret_grade_name(h->grade));
}

static int hit(struct emit *e, uint32_t layer, const struct scan *s,
    const struct sift_hit *h, struct err *err)
{
	struct str at = STR_INIT, value = STR_INIT;
	int rc;

	str_addf(&at, "layer:%s:/", e->diff_ids[layer]);
	str_path(&at, s->entries[h->entry].path,
	    strlen(s->entries[h->entry].path));
	str_addf(&at, "@%lld", (long long)h->at);
	grade(e, &s->entries[h->entry], h, &value);
	rc = emit_fact(e, "secret", h->rule, str_text(&value), str_text(&at),
	    err);
	str_free(&at);
	str_free(&value);
	return rc;
}

/* One layer twice in an image is one place. */
static bool again(struct emit *e, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(e->diff_ids[i], e->diff_ids[n]))
			return true;
	return false;
}

static int unread(struct emit *e, uint32_t layer, const struct scan *s,
    bool *all, struct err *err)
{
	char why[128];

	if (s->sifted.unread == 0)
		return 0;
	*all = false;
	snprintf(why, sizeof(why), "%zu files made for credentials are larger "
	    "than the %d bytes that are read of one as a whole",
	    s->sifted.unread, SIFT_WHOLE);
	return emit_fact(e, "content.unsifted", e->diff_ids[layer], why, NULL,
	    err);
}

int sift_emit(struct emit *e, struct err *err)
{
	bool all = e->ndiff == e->image->nlayers;
	size_t told = 0, more = 0;

	for (size_t i = 0; i < e->image->nlayers; i++) {
		const struct scan *s = e->image->layers[i].scan;

		all = all && s->state == SCAN_OK;
		if (again(e, i))
			continue;
		if (unread(e, (uint32_t)i, s, &all, err) < 0)
			return -1;
		more += s->sifted.more;
		for (size_t k = 0; k < s->sifted.n; k++)
			if (s->sifted.hit[k].entry >= s->n)
				;	/* of a file that was cut off */
			else if (told++ >= (size_t)cap(CAP_IMAGE_CREDENTIALS))
				more++;
			else if (hit(e, (uint32_t)i, s, &s->sifted.hit[k],
			    err) < 0)
				return -1;
	}
	if (more > 0 && sink_warn(e->sink, NULL, err, "at least %zu more "
	    "credentials in the files of the layers: %s", more,
	    cap_hint(CAP_IMAGE_CREDENTIALS)) < 0)
		return -1;
	return emit_fact(e, "content.sifted", NULL, all ? "true" : "false",
	    NULL, err);
}
