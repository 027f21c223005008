/*
 * story.h - import these files, assess, look at the verdicts.
 *
 * Tests of checks go the whole way, through the readers and the database, and
 * differ only in what they import and which verdict they look at.
 */
#ifndef STORY_H
#define STORY_H

#include <stdlib.h>
#include <unistd.h>

#include "muster/assess.h"
#include "muster/import.h"
#include "muster/input.h"
#include "muster/sha.h"
#include "muster/store.h"

#define STORY_AS_OF "2026-11-23T00:00:00Z"

static inline struct store *story_open(void)
{
	struct err err = ERR_INIT;
	struct store *st = store_open(":memory:", STORE_CREATE, &err);

	assert_non_null(st);
	return st;
}

/* A file; all of them are of one import.  Gives its sha256. */
static inline const char *story_file(struct store *st, const char *path)
{
	struct import_opts opts = { .batch = "test:1" };
	static struct import_result res;
	struct err err = ERR_INIT;

	assert_ok(import_file(st, path, &opts, &res, &err), &err);
	return res.sha256;
}

static inline const char *story_bytes(struct store *st, const void *bytes,
    size_t len)
{
	char path[] = "/tmp/muster-story-XXXXXX";
	int fd = mkstemp(path);
	const char *sha256;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
	sha256 = story_file(st, path);
	unlink(path);
	return sha256;
}

static inline const char *story_text(struct store *st, const char *text)
{
	return story_bytes(st, text, strlen(text));
}

/* What somebody says about a file: a word as "muster import --on x" keeps. */
static inline void story_say(struct store *st, const char *kind,
    const char *sha256, const char *key, const char *value)
{
	struct str body = STR_INIT;
	struct err err = ERR_INIT;

	str_addf(&body, "{\"%s\":\"%s\"}", key, value);
	assert_ok(event_add(st, kind, sha256, str_text(&body), &err), &err);
	str_free(&body);
}

/* Assess; tailored sets a Value of the benchmark ("NAME=VALUE") or is NULL. */
static inline void story_assess(struct store *st, const char *tailored)
{
	const char *eq = tailored != NULL ? strchr(tailored, '=') : NULL;
	struct str xml = STR_INIT;
	struct input *in = NULL;
	struct err err = ERR_INIT;

	if (eq != NULL) {
		str_addf(&xml, "<Tailoring xmlns=\"http://checklists.nist.gov/"
		    "xccdf/1.2\" id=\"xccdf_t_tailoring_t\"><version time="
		    "\"2026-11-01T00:00:00\">1</version><Profile id=\""
		    "xccdf_t_profile_p\"><title>t</title><set-value idref="
		    "\"xccdf_org.muster_value_%.*s\">%s</set-value></Profile>"
		    "</Tailoring>", (int)(eq - tailored), tailored, eq + 1);
		in = input_open_mem(str_text(&xml), xml.len, "tailoring.xml");
	}
	assert_ok(assess_run_tailored(st, STORY_AS_OF, in, &err), &err);
	if (in != NULL)
		input_close(in);
	str_free(&xml);
}

/* The first subject's verdict on a requirement, and its reasons (JSON);
 * subject is its key, or its kind for any of that kind. */
static inline bool story_verdict(struct store *st, const char *subject,
    const char *requirement, struct str *verdict, struct str *reasons)
{
	struct err err = ERR_INIT;
	struct query q;
	bool found = false;
	int rc;

	str_clear(verdict);
	str_clear(reasons);
	query_open(&q, st, SQL_SHOW_RESULTS, BIND(V((const char *)NULL)));
	while (!found && (rc = query_next(&q, &err)) > 0) {
		found = (str_eq(query_text(&q, 0), subject) ||
		    str_eq(query_text(&q, 1), subject)) &&
		    str_eq(query_text(&q, 3), requirement);
		if (found) {
			str_add(verdict, query_text(&q, 4));
			str_add(reasons, query_text(&q, 8));
		}
	}
	query_close(&q);
	return found;
}

/* The same, compared; part of the reasons, with "!" before it: none of it. */
static inline void story_is(struct store *st, const char *subject,
    const char *requirement, const char *verdict, const char *part)
{
	struct str got = STR_INIT, why = STR_INIT;

	assert_true(story_verdict(st, subject, requirement, &got, &why));
	if (strcmp(str_text(&got), verdict) != 0 || (*part == '!') ==
	    (strstr(str_text(&why), part + (*part == '!')) != NULL))
		print_error("%s\n", str_text(&why));
	assert_string_equal(str_text(&got), verdict);
	assert_true((*part == '!') !=
	    (strstr(str_text(&why), part + (*part == '!')) != NULL));
	str_free(&got);
	str_free(&why);
}

/* Is there a gap, mismatch, contradiction or note that says this? */
static inline bool story_gap(struct store *st, const char *kind,
    const char *part)
{
	const struct val all = { VAL_NULL, 0, NULL };
	struct err err = ERR_INIT;
	bool found = false;
	struct query q;

	query_open(&q, st, SQL_SHOW_GAPS, &all, 1);
	while (query_next(&q, &err) > 0)
		found |= str_eq(query_text(&q, 0), kind) &&
		    strstr(query_text(&q, 3), part) != NULL;
	query_close(&q);
	return found;
}

#endif
