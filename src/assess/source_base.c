/* source_base.c - which image an image is built on; see source.h. */
#include <string.h>

#include "muster/err.h"
#include "source.h"

static int by_label(struct assess *as, struct source_base *base,
    struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, as->store, SQL_IMG_BASE_LABELS,
	    BIND(V(as->subject)));
	while ((rc = query_next(&q, err)) > 0) {
		if ((rc = assess_say(as, ROLE_NOTE, look_cite(&q), err,
		    "the label %s names the base: %s", query_text(&q, 0),
		    query_text(&q, 1))) < 0)
			break;
		if (base->name.len > 0 ||
		    str_ends(query_text(&q, 0), ".digest"))
			continue;
		str_add(&base->name, query_text(&q, 1));
		str_add(&base->locator, query_text(&q, 2));
		base->artifact = query_int(&q, 3);
	}
	query_close(&q);
	return rc;
}

static int by_layers(struct assess *as, const struct look_self *self,
    struct source_base *base, struct err *err)
{
	struct query q;
	int rc;

	if (self->target == 0)
		return 0;
	query_open(&q, as->store, SQL_IMG_BASE_LAYERS,
	    BIND(V(self->target), V(as->subject)));
	if ((rc = query_next(&q, err)) > 0) {
		str_add(&base->layers, query_text(&q, 0));
		str_add(&base->key, query_text(&q, 1));
		rc = assess_say(as, ROLE_NOTE, look_self_cite(self), err,
		    "its lowest %lld layers are those of %s (%s)",
		    (long long)query_int(&q, 2), query_text(&q, 0),
		    query_text(&q, 1));
	}
	query_close(&q);
	return rc;
}

int source_base(struct assess *as, const struct look_self *self,
    struct source_base *base, struct err *err)
{
	*base = (struct source_base){ 0 };
	if (by_label(as, base, err) < 0 ||
	    by_layers(as, self, base, err) < 0)
		return -1;
	return 0;
}

bool source_base_known(const struct source_base *base)
{
	return base->name.len > 0 || base->layers.len > 0;
}

void source_base_free(struct source_base *base)
{
	str_free(&base->name);
	str_free(&base->layers);
	str_free(&base->key);
	str_free(&base->locator);
}
