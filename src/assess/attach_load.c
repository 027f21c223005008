/* attach_load.c - the targets and their names, as read from the evidence. */
#include <stdlib.h>
#include <string.h>

#include "muster/err.h"
#include "muster/mem.h"
#include "muster/store.h"
#include "attach_priv.h"

static int load_idents(struct attach *at, struct about *t, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, at->store, SQL_ATTACH_IDENTITIES, BIND(V(t->id)));
	while ((rc = query_next(&q, err)) > 0) {
		MEM_ROOM(t->idents, t->nidents, t->cap);
		t->idents[t->nidents++] = (struct ident){
			mem_dup(query_text(&q, 0)), mem_dup(query_text(&q, 1))
		};
	}
	query_close(&q);
	return rc;
}

int attach_load(struct attach *at, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, at->store, SQL_ATTACH_TARGETS, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		struct about *t;

		MEM_ROOM(at->t, at->n, at->cap);
		t = &at->t[at->n++];
		*t = (struct about){
			.id = query_int(&q, 0),
			.kind = mem_dup(query_text(&q, 1)),
			.key = mem_dup(query_text(&q, 2)),
			.name = mem_dup(query_text(&q, 3)),
			.artifact = query_int(&q, 4),
			.batch = mem_dup(query_text(&q, 6)),
			.file = mem_dup(query_text(&q, 7)),
			.bytes = query_int(&q, 8) != 0, .group = -1,
			.who = mem_dup(query_text(&q, 10)),
		};
		/* of an archive only its images have anything to say */
		if (*query_text(&q, 9) != '\0' &&
		    (!t->bytes || strcmp(t->kind, "file") != 0))
			t->place = mem_dup(query_text(&q, 9));
		t->bytes = t->bytes && strcmp(t->kind, "image") == 0;
		if ((rc = load_idents(at, t, err)) < 0)
			break;
	}
	query_close(&q);
	return rc;
}

void attach_load_free(struct attach *at)
{
	for (size_t i = 0; i < at->n; i++) {
		struct about *t = &at->t[i];

		for (size_t j = 0; j < t->nidents; j++) {
			free(t->idents[j].kind);
			free(t->idents[j].value);
		}
		free(t->idents);
		free(t->kind);
		free(t->key);
		free(t->name);
		free(t->batch);
		free(t->file);
		free(t->place);
		free(t->who);
		free(t->word);
	}
	free(at->t);
	free(at->known);
}

bool attach_load_own(const struct ident *i)
{
	return strcmp(i->kind, "manifest") == 0 ||
	    strcmp(i->kind, "config") == 0;
}

const char *attach_load_digest(const struct ident *i)
{
	const char *at;

	if (attach_load_own(i) || strcmp(i->kind, "index") == 0)
		return i->value;
	if (strcmp(i->kind, "repodigest") != 0)
		return NULL;
	at = strrchr(i->value, '@');
	return at != NULL ? at + 1 : NULL;
}

size_t attach_load_root(const struct attach *at, size_t i)
{
	while (at->t[i].group >= 0 && (size_t)at->t[i].group != i)
		i = (size_t)at->t[i].group;
	return i;
}

bool attach_load_bytes(const struct attach *at, size_t group)
{
	for (size_t i = 0; i < at->n; i++)
		if (at->t[i].bytes && attach_load_root(at, i) == group)
			return true;
	return false;
}
