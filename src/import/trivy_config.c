/*
 * trivy_config.c - the image config that a Trivy report quotes; see trivy.h.
 *
 * The image room reads it as it reads an image's own, so the same facts come
 * of it; only their locators point into the report.
 */
#include "muster/cap.h"
#include "muster/err.h"
#include "muster/image.h"
#include "muster/node.h"
#include "muster/sink.h"
#include "trivy.h"

#define AT "json:/Metadata/ImageConfig"

void trivy_config_event(struct trivy_config *c, struct json *js,
    enum json_event ev, const char *text)
{
	struct str *out = &c->json;

	if (c->full)
		return;
	if (out->len > (size_t)cap(CAP_IMAGE_JSON) || (ev == JSON_BEGIN &&
	    c->depth == TRIVY_DEPTH)) {
		c->full = true;
		return;
	}
	if (ev == JSON_END) {
		str_addc(out, c->list[--c->depth] ? ']' : '}');
		c->comma = true;
		return;
	}
	if (c->comma)
		str_addc(out, ',');
	if (c->depth > 0 && !c->list[c->depth - 1]) {
		str_json(out, json_key(js));
		str_addc(out, ':');
	}
	c->comma = ev != JSON_BEGIN;
	if (ev == JSON_BEGIN) {
		c->list[c->depth++] = json_is_array(js);
		str_addc(out, json_is_array(js) ? '[' : '{');
	} else if (ev == JSON_STRING) {
		str_json(out, text);
	} else {
		str_add(out, ev == JSON_NULL ? "null" : text);
	}
}

/* The image room's locators, turned into the report's own. */
struct turn {
	struct sink	 sink;		/* first: see sink.h */
	struct sink	*to;
};

static int turn_put(struct sink *sink, const struct rec *rec, struct err *err)
{
	struct turn *turn = (struct turn *)sink;
	struct rec copy = *rec;
	struct field *at = &copy.f[copy.n - 1];
	struct str full = STR_INIT;
	int rc;

	if (rec->kind == REC_WARNING)
		at = &copy.f[0];
	if (rec->kind == REC_FACT || rec->kind == REC_WARNING) {
		str_add(&full, AT);
		if (at->p != NULL && str_starts(at->p, "config:"))
			str_add(&full, at->p + sizeof("config:") - 1);
		else if (at->p != NULL && str_starts(at->p, "history:"))
			str_addf(&full, "/history/%s",
			    at->p + sizeof("history:") - 1);
		*at = (struct field){ full.s, full.len };
	}
	rc = turn->to->put(turn->to, &copy, err);
	str_free(&full);
	return rc;
}

static bool is_real(const struct node *root)
{
	const struct node *layers = node_at(root, "rootfs.diff_ids");

	return layers != NULL && layers->count > 0;
}

int trivy_config_emit(struct trivy_config *c, struct sink *sink,
    int64_t target, struct err *err)
{
	struct turn turn = { { .put = turn_put }, sink };
	struct tree *tree;
	int rc = 0;

	if (c->full)
		return sink_warn(sink, AT, err, "the image's config is not "
		    "read: deeper than %d levels, or too large: %s",
		    TRIVY_DEPTH, cap_hint(CAP_IMAGE_JSON));
	if (c->json.len == 0)
		return 0;
	tree = tree_json(c->json.s, c->json.len, "Metadata.ImageConfig", err);
	if (tree == NULL)
		return -1;
	if (is_real(tree_root(tree)))
		rc = image_config(tree, &turn.sink, target, err);
	tree_free(tree);
	return rc;
}
