/* event.c - what people told this database; see store.h. */
#include <stdlib.h>
#include <string.h>

#include "muster/err.h"
#include "muster/found.h"
#include "muster/mem.h"
#include "muster/sha.h"
#include "muster/str.h"
#include "store_priv.h"

/* What the journal's entry "event" says of it. */
static void event_hash(const char *kind, const char *about, const char *body,
    char hex[SHA_HEX])
{
	const char *const fields[] = { kind, about, body };
	struct str all = STR_INIT;

	str_addf(&all, "muster event 1\n");
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		str_addf(&all, "%zu:%s\n", strlen(fields[i]), fields[i]);
	sha_of(all.s, all.len, hex);
	str_free(&all);
}

int event_add(struct store *st, const char *kind, const char *about,
    const char *body, struct err *err)
{
	char hex[SHA_HEX];
	struct str detail = STR_INIT;
	int rc = -1;

	event_hash(kind, about, body, hex);
	str_addf(&detail, "%s %s", kind, about);
	if (journal_add(st, "event", detail.s, hex, err) == 0)
		rc = store_run(st, SQL_EVENT_ADD, BIND(V(kind), V(about),
		    V(body)), err);
	str_free(&detail);
	return rc;
}

/* An entry of the journal and its event, if that is there. */
static void verify_event(const struct query *q, int64_t *events,
    struct found *f)
{
	char hex[SHA_HEX];

	if (query_null(q, 3) == NULL) {
		found_add(f, "what was said on %s (%s) is missing",
		    query_text(q, 0), query_text(q, 1));
		return;
	}
	event_hash(query_text(q, 3), query_text(q, 4), query_text(q, 5), hex);
	if (strcmp(hex, query_text(q, 2)) != 0)
		found_add(f, "what was said on %s (%s) was changed",
		    query_text(q, 0), query_text(q, 1));
	(*events)++;
}

int event_check(struct store *st, int64_t *events, struct found *f,
    struct err *err)
{
	struct query q;
	int rc;

	/* Both sides: an entry without its event, an event that differs. */
	*events = 0;
	query_open(&q, st, SQL_EVENTS_JOURNALLED, NOBIND);
	while ((rc = query_next(&q, err)) > 0)
		verify_event(&q, events, f);
	query_close(&q);
	if (rc < 0)
		return -1;
	query_open(&q, st, SQL_EVENTS_UNJOURNALLED, NOBIND);
	while ((rc = query_next(&q, err)) > 0)
		found_add(f, "an event (%s %s) is not in the journal",
		    query_text(&q, 0), query_text(&q, 1));
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

int event_verify(struct store *st, int64_t *events, struct err *err)
{
	struct found f = { .tell = NULL };

	if (event_check(st, events, &f, err) < 0)
		return -1;
	return found_end(&f, err);
}
