/* test_attach.c - which evidence speaks about which subject, and why. */
#include <stdlib.h>

#include "test.h"
#include "muster/assess.h"
#include "muster/store.h"

#define A "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C "sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
#define D "sha256:dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"

/*
 * One file with one target.  names: "kind=value" words; a workload's
 * "image=REF" becomes the fact pod.image; "place=REF" is somebody's word that
 * the file speaks about that image.
 */
struct given {
	const char	*file, *format, *batch, *kind, *key, *names;
};

struct wanted {
	const char	*file;		/* its target ... */
	const char	*subject;	/* ... speaks about this key; NULL: none */
	const char	*reason;	/* part of it */
};

struct row {
	const char	*says;
	struct given	 given[4];
	struct wanted	 wanted[4];
	const char	*gap;		/* one that must be there ("!": not), or NULL */
};

static const struct row rows[] = {
	{ "a report joins the archive whose manifest digest it names",
	  { { "i.tar", "oci-archive", "1", "image", NULL,
	      "manifest=" A " config=" B " tag=web:1" },
	    { "g.json", "grype", "2", "image", NULL, "manifest=" A } },
	  { { "g.json", A, "manifest" } }, NULL },
	{ "a report joins the archive whose image ID it names",
	  { { "i.tar", "docker-archive", "1", "image", NULL, "config=" B },
	    { "t.json", "twistcli", "2", "image", NULL,
	      "config=" B " manifest=" D } },
	  { { "t.json", B, "image ID" }, { "i.tar", B, "itself" } }, NULL },
	{ "a name that two files give is cited from the same one",
	  { { "i.tar", "oci-archive", "1", "image", NULL,
	      "manifest=" A " tag=web:1" },
	    { "g.json", "grype", "2", "image", NULL,
	      "manifest=" A " tag=web:1" } },
	  { { "g.json", A, "manifest" } }, NULL },
	{ "two archives of one image are one subject",
	  { { "i.tar", "docker-archive", "1", "image", NULL, "config=" B },
	    { "i.oci", "oci-layout", "1", "image", NULL,
	      "config=" B " manifest=" A } },
	  { { "i.tar", A, "itself" }, { "i.oci", A, "itself" } }, NULL },
	{ "a report of another digest stays apart and is a mismatch",
	  { { "i.tar", "oci-archive", "1", "image", NULL,
	      "manifest=" A " tag=web:1" },
	    { "g.json", "grype", "1", "image", NULL,
	      "manifest=" C " tag=web:1" } },
	  { { "g.json", C, "names its digest" } }, "another image" },
	{ "digests of two images attach a report to neither",
	  { { "i.tar", "oci-archive", "1", "image", NULL, "manifest=" A },
	    { "j.tar", "oci-archive", "1", "image", NULL, "manifest=" C },
	    { "g.json", "grype", "1", "image", NULL,
	      "manifest=" A " config=" C } },
	  { { "g.json", NULL, NULL } }, "two different images" },
	{ "a name alone attaches, and says that it may have moved",
	  { { "i.tar", "oci-archive", "1", "image", NULL,
	      "manifest=" A " tag=docker.io/library/web:1" },
	    { "g.json", "grype", "2", "image", NULL, "tag=web:1" } },
	  { { "g.json", A, "may have moved" } }, NULL },
	{ "a host's result goes to the only image of its import",
	  { { "i.tar", "oci-archive", "1", "image", NULL, "manifest=" A },
	    { "x.xml", "xccdf", "1", "host", NULL, "host=build7" } },
	  { { "x.xml", A, "only image" } }, NULL },
	{ "but not to one of another import",
	  { { "i.tar", "oci-archive", "1", "image", NULL, "manifest=" A },
	    { "x.xml", "xccdf", "2", "host", NULL, "host=build7" } },
	  { { "x.xml", NULL, NULL } }, "build7" },
	{ "and not when there are two",
	  { { "i.tar", "oci-archive", "1", "image", NULL, "manifest=" A },
	    { "j.tar", "oci-archive", "1", "image", NULL, "manifest=" C },
	    { "x.xml", "xccdf", "1", "host", NULL, "host=build7" } },
	  { { "x.xml", NULL, NULL } }, "does not say which image" },
	{ "an image known by its name alone is no subject",
	  { { "g.json", "grype", "1", "image", NULL, "tag=web:1" } },
	  { { "g.json", NULL, NULL } }, "web:1" },
	{ "a workload is joined to its image by digest",
	  { { "i.tar", "oci-archive", "1", "image", NULL, "manifest=" A },
	    { "d.yaml", "kubernetes", "1", "workload", "Pod/default/p/c",
	      "image=web@" A } },
	  { { "d.yaml", "Pod/default/p/c", "itself" } }, NULL },
	{ "a workload that names a tag only is a gap",
	  { { "i.tar", "oci-archive", "1", "image", NULL,
	      "manifest=" A " tag=web:1" },
	    { "d.yaml", "kubernetes", "1", "workload", "Pod/default/p/c",
	      "image=web:1" } },
	  { { "d.yaml", "Pod/default/p/c", "itself" } }, "by tag only" },
	{ "a workload without evidence of its image is a gap",
	  { { "d.yaml", "kubernetes", "1", "workload", "Pod/default/p/c",
	      "image=web@" D } },
	  { { "d.yaml", "Pod/default/p/c", "itself" } }, "no evidence" },
	{ "a report goes where somebody's word places it, by digest",
	  { { "i.tar", "oci-archive", "1", "image", NULL, "manifest=" A },
	    { "j.tar", "oci-archive", "1", "image", NULL, "manifest=" C },
	    { "x.xml", "xccdf", "2", "host", NULL, "host=h place=" C } },
	  { { "x.xml", C, "'s word" } }, NULL },
	{ "... by the digest's first digits",
	  { { "i.tar", "oci-archive", "1", "image", NULL, "manifest=" A },
	    { "D", "dockerfile", "2", "image", NULL, "place=aaaaaaaaaaaa" } },
	  { { "D", A, "'s word" } }, NULL },
	{ "... by tag, however it is spelled",
	  { { "i.tar", "oci-archive", "1", "image", NULL,
	      "manifest=" A " tag=docker.io/library/web:1" },
	    { "D", "dockerfile", "2", "image", NULL, "place=web:1" } },
	  { { "D", A, "'s word" } }, NULL },
	{ "the newest word counts",
	  { { "i.tar", "oci-archive", "1", "image", NULL, "manifest=" A },
	    { "j.tar", "oci-archive", "1", "image", NULL, "manifest=" C },
	    { "x.xml", "xccdf", "2", "host", NULL, "host=h place=" A " place=" C } },
	  { { "x.xml", C, "'s word" } }, NULL },
	{ "a word can be taken back",
	  { { "i.tar", "oci-archive", "1", "image", NULL, "manifest=" A },
	    { "x.xml", "xccdf", "2", "host", NULL, "host=h place=" A " place=" } },
	  { { "x.xml", NULL, NULL } }, "does not say which image" },
	{ "a word that names no image in evidence is a gap",
	  { { "i.tar", "oci-archive", "1", "image", NULL, "manifest=" A },
	    { "x.xml", "xccdf", "1", "host", NULL, "host=h place=db:1" } },
	  { { "x.xml", NULL, NULL } }, "names no image in evidence" },
	{ "a whole digest means an image of which there is nothing else",
	  { { "g.json", "grype", "1", "image", NULL, "tag=web:1 place=" C },
	    { "t.json", "trivy", "2", "image", NULL, "place=" C } },
	  { { "g.json", C, "word" }, { "t.json", C, "word" } }, NULL },
	{ "and a report's own other digest is told",
	  { { "g.json", "grype", "1", "image", NULL, "manifest=" A
	      " place=" C } },
	  { { "g.json", C, "word" } }, "names " A " itself" },
	{ "a word that fits two images places nothing",
	  { { "i.tar", "oci-archive", "1", "image", NULL,
	      "manifest=" A " tag=web:1" },
	    { "j.tar", "oci-archive", "1", "image", NULL,
	      "manifest=" C " tag=web:1" },
	    { "x.xml", "xccdf", "1", "host", NULL, "host=h place=web:1" } },
	  { { "x.xml", NULL, NULL } }, "names several images" },
	{ "a placed report that names another digest is a mismatch",
	  { { "i.tar", "oci-archive", "1", "image", NULL, "manifest=" A },
	    { "g.json", "grype", "1", "image", NULL, "manifest=" C " place=" A } },
	  { { "g.json", A, "'s word" } }, "g.json names " C " itself" },
	{ "a word that the report's own digest bears out is no mismatch",
	  { { "i.tar", "oci-archive", "1", "image", NULL,
	      "manifest=" A " config=" B },
	    { "g.json", "grype", "1", "image", NULL, "config=" B " place=" A } },
	  { { "g.json", A, "'s word" } }, "!itself" },
	{ "nobody's word makes one archive another",
	  { { "i.tar", "oci-archive", "1", "image", NULL, "manifest=" A },
	    { "j.tar", "oci-archive", "1", "image", NULL, "manifest=" C
	      " place=" A } },
	  { { "j.tar", C, "itself" } }, "changes nothing" },
	{ "what a file says as a whole goes with it",
	  { { "i.tar", "oci-archive", "1", "image", NULL, "manifest=" A },
	    { "access.log", "log", "2", NULL, NULL, "place=" A } },
	  { { "access.log", A, "'s word" } }, NULL },
	{ "one name in two files is two subjects and a note",
	  { { "d.yaml", "kubernetes", "1", "workload", "Pod/default/p/c", "" },
	    { "e.yaml", "kubernetes", "1", "workload", "Pod/default/p/c",
	      "" } },
	  { { "d.yaml", "Pod/default/p/c", "itself" } }, "2 files" },
};

static void put(struct evidence *ev, enum rec_kind kind, int n,
    const char *const *text, struct err *err)
{
	struct rec rec = { kind, (size_t)n, { { NULL, 0 } } };

	for (int i = 0; i < n; i++)
		rec.f[i] = (struct field){ text[i],
		    text[i] != NULL ? strlen(text[i]) : 0 };
	assert_ok(evidence_put(ev, &rec, err), err);
}

static void put_name(struct evidence *ev, char *word, struct err *err)
{
	char *eq = strchr(word, '=');

	*eq = '\0';
	if (strcmp(word, "image") == 0)
		put(ev, REC_FACT, 5, (const char *[]){ "1", "pod.image", NULL,
		    eq + 1, "yaml:1:1" }, err);
	else
		put(ev, REC_IDENTITY, 3, (const char *[]){ "1", word, eq + 1 },
		    err);
}

static void say(struct store *st, const char *sha, const char *image,
    struct err *err)
{
	char body[128];

	snprintf(body, sizeof(body), "{\"subject\":\"%s\"}", image);
	assert_ok(event_add(st, "place.subject", sha, body, err), err);
}

static void give(struct store *st, const struct given *g, int n,
    struct err *err)
{
	char sha[65], digest[65], *names = strdup(g->names), *save = NULL;
	struct evidence *ev;

	snprintf(sha, sizeof(sha), "%064d", n);
	assert_non_null(ev = evidence_begin(st, err));
	if (g->kind != NULL)
		put(ev, REC_TARGET, 5, (const char *[]){ "1", g->kind, g->key,
		    g->key, NULL }, err);
	for (char *w = strtok_r(names, " ", &save); w != NULL;
	    w = strtok_r(NULL, " ", &save))
		if (strncmp(w, "place=", 6) == 0)
			say(st, sha, w + 6, err);
		else
			put_name(ev, w, err);
	assert_ok(evidence_end(ev, &(struct artifact){ .sha256 = sha,
	    .name = g->file, .format = g->format, .importer = "test",
	    .batch = g->batch }, digest, err), err);
	evidence_free(ev);
	free(names);
}

/* What "muster show artifacts" says the file speaks about. */
static void check(struct store *st, const struct wanted *w, struct err *err)
{
	struct query q, s;
	bool found = false;

	query_open(&q, st, SQL_SHOW_ARTIFACTS, BIND(V(w->file)));
	assert_int_equal(query_next(&q, err), 1);
	assert_string_equal(query_text(&q, 11), w->subject != NULL ?
	    w->subject : "");
	if (w->subject != NULL) {
		query_open(&s, st, SQL_SHOW_SUBJECTS,
		    BIND(((struct val){ VAL_NULL, 0, NULL })));
		while (query_next(&s, err) > 0)
			found |= strcmp(query_text(&s, 0), w->subject) == 0 &&
			    strstr(query_text(&s, 6), w->reason) != NULL;
		query_close(&s);
		assert_true(found);
	}
	query_close(&q);
}

static bool has_gap(struct store *st, const char *part, struct err *err)
{
	const struct val all = { VAL_NULL, 0, NULL };
	bool found = false;
	struct query q;

	query_open(&q, st, SQL_SHOW_GAPS, &all, 1);
	while (query_next(&q, err) > 0)
		found |= strstr(query_text(&q, 3), part) != NULL;
	query_close(&q);
	return found;
}

/* The names that images go by, and the file that is cited for each. */
static void names_cited(struct store *st, struct str *names, struct err *err)
{
	struct query q, a;

	query_open(&q, st, SQL_NAMES_WRITTEN, NOBIND);
	while (query_next(&q, err) > 0) {
		query_open(&a, st, SQL_ARTIFACT_ROW, BIND(V(query_int(&q, 2))));
		assert_int_equal(query_next(&a, err), 1);
		str_addf(names, "%s %s\n", query_text(&q, 1),
		    query_text(&a, 2));
		query_close(&a);
	}
	query_close(&q);
}

static void attach_in_order(const struct row *r, bool backwards,
    struct str *names)
{
	struct err err = ERR_INIT;
	struct store *st = store_open(":memory:", STORE_CREATE, &err);
	int n = 0;

	assert_non_null(st);
	while (n < 4 && r->given[n].file != NULL)
		n++;
	for (int i = 0; i < n; i++) {
		int at = backwards ? n - 1 - i : i;

		give(st, &r->given[at], at, &err);
	}
	assert_ok(assess_attach(st, &err), &err);
	for (int i = 0; i < 4 && r->wanted[i].file != NULL; i++)
		check(st, &r->wanted[i], &err);
	if (r->gap != NULL)
		assert_int_equal(has_gap(st, r->gap + (*r->gap == '!'), &err),
		    *r->gap != '!');
	names_cited(st, names, &err);
	store_close(st);
}

/* The order of imports must not matter. */
static void one_row(void **state)
{
	const struct row *r = *state;
	struct str names = STR_INIT, again = STR_INIT;

	attach_in_order(r, false, &names);
	attach_in_order(r, true, &again);
	if (r->given[2].file == NULL)	/* subjects keep their order */
		assert_string_equal(str_text(&names), str_text(&again));
	str_free(&names);
	str_free(&again);
}

int main(void)
{
	enum { N = sizeof(rows) / sizeof(rows[0]) };
	struct CMUnitTest tests[N];

	for (int i = 0; i < N; i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].says, .test_func = one_row,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	return cmocka_run_group_tests_name("attach", tests, NULL, NULL);
}
