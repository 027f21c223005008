/* dsse.c - DSSE envelopes; see dsse.h. */
#include <stdlib.h>
#include <string.h>

#include "muster/b64.h"
#include "muster/dsse.h"
#include "muster/err.h"
#include "muster/node.h"
#include "muster/str.h"

bool dsse_is(const struct node *n)
{
	return node_get(n, "payloadType") != NULL &&
	    node_get(n, "payload") != NULL;
}

int dsse_open(const struct node *n, struct dsse *d, struct err *err)
{
	const struct node *payload = node_get(n, "payload");
	const struct node *type = node_get(n, "payloadType");

	*d = (struct dsse){ 0 };
	if (payload == NULL || payload->kind != NODE_STRING || type == NULL ||
	    type->kind != NODE_STRING)
		return err_set(err, ERR_INPUT, "no DSSE envelope: expected "
		    "\"payloadType\" and \"payload\", both strings");
	d->type = type->text;
	d->signatures = node_get(n, "signatures");
	d->payload = (char *)b64_decode(payload->text, strlen(payload->text),
	    &d->len);
	if (d->payload == NULL)
		return err_set(err, ERR_INPUT, "the envelope's payload is no "
		    "base64");
	return 0;
}

void dsse_free(struct dsse *d)
{
	free(d->payload);
	d->payload = NULL;
}

struct tree *dsse_tree(const struct dsse *d, const char *name,
    struct err *err)
{
	return tree_json(d->payload, d->len, name, err);
}

void dsse_signed(const struct dsse *d, struct str *out)
{
	str_addf(out, "DSSEv1 %zu %s %zu ", strlen(d->type), d->type, d->len);
	str_addn(out, d->payload, d->len);
}
