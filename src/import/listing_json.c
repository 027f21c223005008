/*
 * listing_json.c - muster's own layout of a list of images, in JSON.
 *
 *	{"muster-inventory": 1, "date": "...", "source": "...", "images": [
 *	    {"reference": "...", "manifest": "sha256:...", "config": "...",
 *	     "diff_ids": ["..."], "source": "...", "date": "..."}]}
 *
 * A member that is none of these is refused: a misspelled one would otherwise
 * make an approved image look unapproved.
 */
#include <string.h>

#include "listing.h"
#include "muster/cap.h"
#include "muster/err.h"
#include "muster/input.h"
#include "muster/json.h"
#include "muster/sink.h"
#include "row.h"

enum {
	VERSION = 1, OTHER, SOURCE, DATE, IMAGES, IMAGE, REFERENCE, MANIFEST,
	CONFIG, LAYERS, LAYER, ITS_SOURCE, ITS_DATE, COMMENT
};

#define I "images[]."

struct list {
	struct sink	*sink;
	const char	*role;
	bool		 version, images, clipped;
	struct listing_row row;
	struct str	 value, date, source, locator;
};

const char *listing_json_key(const char *role)
{
	return str_eq(role, "approved") ? "muster-approved-bases" :
	    "muster-inventory";
}

static int on_image(struct list *l, struct json *js, enum json_event ev,
    struct err *err)
{
	if (row_is_object(js, ev, err) < 0)
		return -1;
	if (ev == JSON_BEGIN) {
		listing_clear(&l->row);
		l->clipped = false;
		return 0;
	}
	str_clear(&l->locator);
	str_add(&l->locator, "json:");
	json_pointer(js, &l->locator);
	if (l->clipped)
		return json_bad(js, err, "too many diff_ids: %s",
		    cap_hint(CAP_LIST_BYTES));
	return listing_send(l->sink, l->role, &l->row, l->locator.s, err);
}

static int on_layer(struct list *l, struct json *js, enum json_event ev,
    const char *text, struct err *err)
{
	if (row_take(&l->value, js, ev, text, err) < 0)
		return -1;
	l->clipped |= !listing_layer(&l->row, str_text(&l->value));
	return 0;
}

static int on_version(struct list *l, struct json *js, const char *text,
    struct err *err)
{
	if (!str_eq(text, "1"))
		return json_bad(js, err, "\"%s\" is not 1; expected the "
		    "version of this layout, which is 1", json_key(js));
	l->version = true;
	return 0;
}

static int on_value(void *ctx, struct json *js, int id, enum json_event ev,
    const char *text, size_t len, struct err *err)
{
	struct list *l = ctx;

	(void)len;
	switch (id) {
	case VERSION:
		return on_version(l, js, text, err);
	case SOURCE:
		return row_take(&l->source, js, ev, text, err);
	case DATE:
		return row_take(&l->date, js, ev, text, err);
	case IMAGES:
		l->images = true;
		return row_is_list(js, ev, err);
	case LAYERS:
		return row_is_list(js, ev, err);
	case IMAGE:
		return on_image(l, js, ev, err);
	case REFERENCE:
		return row_take(&l->row.reference, js, ev, text, err);
	case MANIFEST:
		return row_take(&l->row.digest, js, ev, text, err);
	case CONFIG:
		return row_take(&l->row.config, js, ev, text, err);
	case LAYER:
		return on_layer(l, js, ev, text, err);
	case ITS_SOURCE:
		return row_take(&l->row.source, js, ev, text, err);
	case ITS_DATE:
		return row_take(&l->row.created, js, ev, text, err);
	case COMMENT:
		return 0;
	}
	return json_bad(js, err, "\"%s\" is no member of this layout; "
	    "expected reference, manifest, config, diff_ids, source, date and "
	    "comment of each of \"images\", and date, source and comment of "
	    "the list", json_key(js));
}

static int conclude(struct list *l, struct input *in, struct err *err)
{
	if (!l->version || !l->images) {
		err_set(err, ERR_INPUT, "no \"%s\" at the top; expected it "
		    "beside \"%s\"", l->version ? "images" :
		    listing_json_key(l->role), l->version ?
		    listing_json_key(l->role) : "images");
		return err_at(err, input_name(in), 0, -1);
	}
	if (l->source.len > 0 && sink_fact(l->sink, &(struct fact){ 0,
	    "inventory.source", NULL, l->source.s, "json:/source" },
	    err) < 0)
		return -1;
	return listing_date(l->sink, NULL, row_text(&l->date), "json:/date",
	    err);
}

int listing_json_read(struct input *in, struct sink *s, const char *role,
    struct err *err)
{
	const struct json_want wants[] = {
		{ listing_json_key(role),	VERSION },
		{ "*",				OTHER },
		{ "comment",			COMMENT },
		{ "source",			SOURCE },
		{ "date",			DATE },
		{ "images",			IMAGES },
		{ "images[]",			IMAGE },
		{ I "*",			OTHER },
		{ I "comment",			COMMENT },
		{ I "reference",		REFERENCE },
		{ I "manifest",			MANIFEST },
		{ I "config",			CONFIG },
		{ I "diff_ids",			LAYERS },
		{ I "diff_ids[]",		LAYER },
		{ I "source",			ITS_SOURCE },
		{ I "date",			ITS_DATE },
		{ NULL, 0 }
	};
	struct list l = { .sink = s, .role = role };
	int rc = -1;

	if (json_read(in, wants, on_value, &l, err) == 0)
		rc = conclude(&l, in, err);
	listing_free(&l.row);
	str_free(&l.value);
	str_free(&l.date);
	str_free(&l.source);
	str_free(&l.locator);
	return rc;
}
