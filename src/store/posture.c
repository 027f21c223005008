/* posture.c - assessments remembered; see posture.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "muster/date.h"
#include "muster/err.h"
#include "muster/posture.h"
#include "muster/ref.h"
#include "muster/sha.h"
#include "muster/store.h"
#include "muster/str.h"

/* Everything that makes this assessment another than those before. */
static int digest(struct store *st, char hex[SHA_HEX], struct err *err)
{
	static const enum sql all[] = {
		SQL_POSTURE_DIGEST_HEAD, SQL_POSTURE_DIGEST_FILES,
		SQL_POSTURE_DIGEST_VERDICTS, SQL_POSTURE_DIGEST_ISSUES
	};
	struct sha *sha = sha_new();
	struct query q;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof(all) / sizeof(all[0]); i++) {
		query_open(&q, st, all[i], NOBIND);
		while ((rc = query_next(&q, err)) > 0)
			for (int c = 0; c < query_columns(&q); c++) {
				const char *text = query_text(&q, c);

				sha_add(sha, text, strlen(text) + 1);
			}
		query_close(&q);
		sha_add(sha, "", 1);
	}
	sha_end_hex(sha, hex);
	sha_free(sha);
	return rc;
}

/* Subjects that were never there; an image's family is its repository. */
static int subjects(struct store *st, int64_t id, struct err *err)
{
	struct query q;
	struct ref ref;
	int rc;

	query_open(&q, st, SQL_POSTURE_NEW_SUBJECTS, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		bool image = str_eq(query_text(&q, 0), "image") &&
		    !str_starts(query_text(&q, 3), "sha256:") &&
		    ref_parse(query_text(&q, 3), &ref);

		rc = store_run(st, SQL_POSTURE_ADD_SUBJECT, BIND(
		    V(query_text(&q, 0)), V(query_text(&q, 1)),
		    V(query_text(&q, 2)), V(query_text(&q, 3)),
		    V(query_null(&q, 4)),
		    V(image ? (const char *)ref.repo : query_text(&q, 1)),
		    V(id)), err);
		if (rc < 0)
			break;
	}
	query_close(&q);
	return rc;
}

int posture_record(struct store *st, struct err *err)
{
	static const enum sql steps[] = {
		SQL_POSTURE_ADD_VERDICTS, SQL_POSTURE_END_VERDICTS,
		SQL_POSTURE_ADD_TURNS, SQL_POSTURE_END_TURNS,
		SQL_POSTURE_ADD_SIGHTINGS, SQL_POSTURE_ADD_SCANS
	};
	char hex[SHA_HEX];
	int64_t id;

	if (digest(st, hex, err) < 0 ||
	    store_int(st, SQL_POSTURE_HELD, BIND(V(hex)), &id, err) < 0)
		return -1;
	if (id == 0) {
		if (store_run(st, SQL_POSTURE_ADD, BIND(V(hex)), err) < 0)
			return -1;
		id = store_last_id(st);
		if (subjects(st, id, err) < 0 ||
		    store_run(st, SQL_POSTURE_ADD_ISSUES, NOBIND, err) < 0)
			return err_during(err, "remembering the assessment");
		for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
			if (store_run(st, steps[i], BIND(V(id)), err) < 0)
				return err_during(err,
				    "remembering the assessment");
	}
	return store_run(st, SQL_POSTURE_NOW, BIND(V(id)), err);
}

int posture_again(struct store *st, struct err *err)
{
	char hex[SHA_HEX];
	int64_t id;

	if (digest(st, hex, err) < 0 ||
	    store_int(st, SQL_POSTURE_HELD, BIND(V(hex)), &id, err) < 0)
		return -1;
	return id == 0 ? 0 : store_run(st, SQL_POSTURE_NOW, BIND(V(id)), err);
}

/* 1 with the side filled in, 0 where there is none. */
static int side(struct store *st, enum sql sql, const struct val *v, size_t n,
    struct posture_side *s, struct err *err)
{
	struct query q;
	int rc;

	*s = (struct posture_side){ .store = st };
	query_open(&q, st, sql, v, n);
	if ((rc = query_next(&q, err)) > 0) {
		s->id = query_int(&q, 0);
		snprintf(s->as_of, sizeof(s->as_of), "%s", query_text(&q, 1));
	}
	query_close(&q);
	return rc;
}

int posture_current(struct store *st, struct posture_side *s, struct err *err)
{
	int rc = side(st, SQL_POSTURE_CURRENT, NOBIND, s, err);

	if (rc == 0)
		return err_set(err, ERR_USAGE, "no assessment is remembered: "
		    "run \"muster assess\" first");
	return rc < 0 ? -1 : 0;
}

int posture_find(struct store *st, const char *word, struct posture_side *s,
    struct err *err)
{
	char as_of[DATE_SIZE];
	int64_t id;
	int rc;

	if (str_eq(word, "now"))
		return posture_current(st, s, err);
	if (str_int(word + (*word == '#'), 1, INT32_MAX, &id))
		rc = side(st, SQL_POSTURE_BY_ID, BIND(V(id)), s, err);
	else if (date_parse(word, &id)) {
		date_format(id, as_of);
		rc = side(st, SQL_POSTURE_BY_DATE, BIND(V((const char *)as_of)),
		    s, err);
	} else
		return err_set(err, ERR_USAGE, "\"%s\" is no assessment: a "
		    "number (\"muster trend\" lists them), a date, or \"now\" "
		    "is expected", word);
	if (rc == 0)
		return err_set(err, ERR_USAGE, "no assessment %s is "
		    "remembered; \"muster trend\" lists them", word);
	return rc < 0 ? -1 : 0;
}

int posture_before(const struct posture_side *now, struct posture_side *s,
    struct err *err)
{
	int rc = side(now->store, SQL_POSTURE_ACCEPTED, BIND(V(now->id)), s,
	    err);

	return rc != 0 ? rc : side(now->store, SQL_POSTURE_BEFORE,
	    BIND(V(now->id)), s, err);
}

const char *posture_word(enum posture_change change)
{
	static const char *const words[] = {
		"new", "fixed", "changed", "carried", "vanished"
	};

	return words[change];
}

void posture_free(struct posture_diff *d)
{
	for (size_t i = 0; d != NULL && i < d->ntexts; i++)
		free(d->texts[i]);
	if (d != NULL) {
		free(d->texts);
		free(d->rows);
	}
	free(d);
}
