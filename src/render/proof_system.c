/*
 * proof_system.c - reading a file of the whole system back; see system.h.
 *
 * It is read as JSON for its counts, and by lines for its ids: a line that
 * starts with "uuid" or a member that ends in "-uuid" is one, since no text has
 * a line break.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "muster/err.h"
#include "muster/input.h"
#include "muster/json.h"
#include "muster/store.h"
#include "muster/str.h"
#include "render_priv.h"
#include "system.h"

#define UUID	36

enum { SUBJECT = 1, PROP_NAME, VERDICT, FAILURE, STATUS };

static const struct json_want results_wants[] = {
	{ "assessment-results.results[]", SUBJECT },
	{ "assessment-results.results[].observations[].props[].name",
	  PROP_NAME },
	{ "assessment-results.results[].observations[].props[].value",
	  VERDICT },
	{ NULL, 0 }
};
static const struct json_want poam_wants[] = {
	{ "plan-of-action-and-milestones.local-definitions.inventory-items[]",
	  SUBJECT },
	{ "plan-of-action-and-milestones.poam-items[]", FAILURE },
	{ NULL, 0 }
};
static const struct json_want emass_wants[] = {
	{ "[]", SUBJECT },
	{ "[].benchmarks[].results[].status", STATUS },
	{ NULL, 0 }
};

/* By the file's name: what is read, and which verdicts it tells of. */
static const struct reading {
	const char		*place;
	const struct json_want	*wants;
	unsigned		 folds;
} readings[] = {
	{ "oscal-ar.json", results_wants, (1u << FOLDS) - 1 },
	{ "oscal-poam.json", poam_wants, 1u << FOLD_FAIL },
	{ "emass.json", emass_wants, (1u << FOLDS) - 1 },
};

struct seen {
	struct proof	 is;
	int64_t		 subjects;
	bool		 verdict;	/* the property being read is one */
	struct str	 ids, refs;	/* UUIDs, one behind the other */
};

static int value(void *ctx, struct json *js, int id, enum json_event ev,
    const char *text, size_t len, struct err *err)
{
	struct seen *s = ctx;

	(void)js, (void)len, (void)err;
	if (ev == JSON_BEGIN) {
		s->subjects += id == SUBJECT;
		if (id == FAILURE)
			proof_count(&s->is, "fail");
	} else if (ev == JSON_STRING && id == PROP_NAME) {
		s->verdict = strcmp(text, "verdict") == 0;
	} else if (ev == JSON_STRING && (id == STATUS ||
	    (id == VERDICT && s->verdict))) {
		proof_count(&s->is, text);
	}
	return 0;
}

/* The id that a line holds, and of what; NULL: none. */
static const char *id_of(const char *line, bool *reference)
{
	const char *key = line + strspn(line, " "), *end;

	if (*key++ != '"' || (end = strstr(key, "\": \"")) == NULL)
		return NULL;
	*reference = end - key > 5 && strncmp(end - 5, "-uuid", 5) == 0;
	return *reference || (end - key == 4 && strncmp(key, "uuid", 4) == 0) ?
	    end + 4 : NULL;
}

static int read_ids(struct seen *s, int fd, struct err *err)
{
	FILE *in = fdopen(dup(fd), "r");
	char *line = NULL;
	const char *id;
	size_t cap = 0;
	bool reference;
	int rc = 0;

	if (in == NULL || fseek(in, 0, SEEK_SET) < 0)
		rc = err_sys(err, "cannot read it back");
	while (rc == 0 && getline(&line, &cap, in) > 0) {
		if ((id = id_of(line, &reference)) == NULL)
			continue;
		if (strcspn(id, "\"") != UUID)
			rc = err_set(err, ERR_BUG, "an id of it is none: "
			    "%.60s", id);
		else
			str_addn(reference ? &s->refs : &s->ids, id, UUID);
	}
	free(line);
	if (in != NULL)
		fclose(in);
	return rc;
}

static int by_text(const void *a, const void *b)
{
	return memcmp(a, b, UUID);
}

static int check_ids(struct seen *s, struct err *err)
{
	size_t n = s->ids.len / UUID;
	const char *p = str_text(&s->ids), *r = str_text(&s->refs);

	if (n > 0)
		qsort(s->ids.s, n, UUID, by_text);
	for (size_t i = 1; i < n; i++)
		if (memcmp(p + (i - 1) * UUID, p + i * UUID, UUID) == 0)
			return err_set(err, ERR_BUG, "two things in it have "
			    "the id %.36s", p + i * UUID);
	for (size_t i = 0; i < s->refs.len / UUID; i++)
		if (n == 0 || bsearch(r + i * UUID, p, n, UUID, by_text) ==
		    NULL)
			return err_set(err, ERR_BUG, "it refers to %.36s, "
			    "which is not there", r + i * UUID);
	return 0;
}

static int check_counts(const struct seen *s, const struct reading *r,
    const struct making *m, int64_t subjects, struct err *err)
{
	struct proof should = { .rows = 0 };

	if (s->subjects != subjects)
		return err_set(err, ERR_BUG, "it has %lld subjects of %lld",
		    (long long)s->subjects, (long long)subjects);
	if (proof_store(&should, m->r->store, 0, err) < 0)
		return -1;
	for (int i = 0; i < FOLDS; i++)
		if ((r->folds & 1u << i) != 0 &&
		    s->is.count[i] != should.count[i])
			return err_set(err, ERR_BUG, "it has %lld verdicts of "
			    "a kind, the database %lld",
			    (long long)s->is.count[i],
			    (long long)should.count[i]);
	return 0;
}

int proof_system(const struct making *m, int fd, int64_t subjects,
    struct err *err)
{
	const struct reading *r = readings;
	struct seen s = { .subjects = 0 };
	struct err why = ERR_INIT;
	struct input *in;
	int rc = -1;

	while (strcmp(r->place, m->o->place) != 0)
		r++;
	in = input_open(fd, "output", &why);
	if (in == NULL || json_read(in, r->wants, value, &s, &why) < 0)
		err_set(err, ERR_BUG, "it cannot be read: %.200s", why.text);
	else if (read_ids(&s, fd, err) == 0 && check_ids(&s, err) == 0)
		rc = check_counts(&s, r, m, subjects, err);
	input_close(in);
	str_free(&s.ids);
	str_free(&s.refs);
	return rc;
}
