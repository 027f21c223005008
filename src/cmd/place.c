/*
 * place.c - what the user says of a file: which image it speaks about, which
 * platform it configures, on which platform its workloads run.
 *
 * Each is an event about the file's digest; the newest of a kind counts, and
 * an empty name takes back what was said before.
 */
#include <stdio.h>
#include <string.h>

#include "muster/err.h"
#include "muster/str.h"
#include "load.h"

/* Was this the last word already? */
static int is_known(struct store *st, const char *kind, const char *about,
    const char *body, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, st, SQL_EVENT_SAID_LAST, BIND(V(kind), V(about)));
	if ((rc = query_next(&q, err)) > 0)
		rc = strcmp(query_text(&q, 0), body) == 0;
	query_close(&q);
	return rc;
}

static int say(struct store *st, const char *kind, const char *key,
    const char *name, const char *sha256, struct err *err)
{
	struct str body = STR_INIT, clean = STR_INIT;
	int rc = 0;

	if (name == NULL)
		return 0;
	str_utf8(&clean, name, strlen(name));
	str_addf(&body, "{\"%s\":", key);
	str_json(&body, str_text(&clean));
	str_addc(&body, '}');
	rc = is_known(st, kind, sha256, str_text(&body), err);
	if (rc == 0)
		rc = event_add(st, kind, sha256, str_text(&body), err);
	str_free(&body);
	str_free(&clean);
	return rc < 0 ? -1 : 0;
}

int place_file(const struct load *l, const char *sha256, struct err *err)
{
	struct store *st = l->ctx->store;

	if (say(st, "place.subject", "subject", l->subject, sha256, err) < 0 ||
	    say(st, "place.platform", "platform", l->platform, sha256,
	    err) < 0)
		return -1;
	return say(st, "place.on", "platform", l->on, sha256, err);
}

int place_warn(const struct load *l, int64_t artifact, struct err *err)
{
	struct query q;
	int rc;

	if (l->subject == NULL)
		return 0;
	query_open(&q, l->ctx->store, SQL_GAPS_OF_ARTIFACT,
	    BIND(V(artifact)));
	while ((rc = query_next(&q, err)) > 0) {
		fputs("muster: ", stderr);
		str_safe(stderr, query_text(&q, 0));
		fputc('\n', stderr);
	}
	query_close(&q);
	return rc;
}
