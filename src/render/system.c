/*
 * system.c - OSCAL and eMASS files of the whole system, as they are uploaded:
 * put together from those of its subjects, which are finished by then.
 *
 * A subject's file has a line for each member (tree.xsl), and no text has a
 * line break of its own: what stands between two lines is copied as it is, so
 * that any number of subjects takes the memory of one line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "muster/err.h"
#include "muster/sha.h"
#include "muster/store.h"
#include "muster/str.h"
#include "render_priv.h"
#include "system.h"

struct out {
	const struct making	*m;
	const char		*from;	/* the folder of the subjects' files */
	FILE			*file;
	char			 as_of[40];
	struct str		 benchmark, marking;
	int64_t			 subjects;	/* that have such a file */
};

static void text(struct out *o, const char *name, const char *value,
    const char *end)
{
	struct str b = STR_INIT;

	str_addf(&b, "      \"%s\": ", name);
	str_json(&b, value);
	fprintf(o->file, "%s%s", str_text(&b), end);
	str_free(&b);
}

static void uuid(struct out *o, const char *what, char is[37])
{
	struct str b = STR_INIT;

	str_addf(&b, "oscal system %s %s %s", what, str_text(&o->benchmark),
	    o->as_of);
	sha_uuid5(str_text(&b), is);
	str_free(&b);
}

/* The document's own members, as oscal.xsl has them. */
static void start(struct out *o, const char *root, const char *title)
{
	char is[37], words[80];

	uuid(o, root, is);
	snprintf(words, sizeof(words), "%s of %lld subjects", title,
	    (long long)o->subjects);
	fprintf(o->file, "{\n  \"%s\": {\n    \"uuid\": \"%s\",\n"
	    "    \"metadata\": {\n", root, is);
	text(o, "title", words, ",\n");
	text(o, "last-modified", o->as_of, ",\n");
	text(o, "version", o->as_of, ",\n");
	text(o, "oscal-version", "1.1.3", "");
	if (o->marking.len > 0) {
		fputs(",\n      \"props\": [\n        {\n          \"name\": "
		    "\"marking\",\n          \"ns\": \"urn:muster:oscal\",\n"
		    "    ", o->file);
		text(o, "value", str_text(&o->marking), "\n        }\n      ]");
	}
	fputs("\n    },\n", o->file);
}

/* The lines of a subject's file between open and close. */
static int between(struct out *o, int fd, const char *open, const char *end,
    struct err *err)
{
	FILE *in = fdopen(fd, "r");
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	int state = 0;			/* 1 between, 2 behind */

	if (in == NULL) {
		close(fd);
		return err_sys(err, "cannot read a finished file");
	}
	while (state < 2 && (n = getline(&line, &cap, in)) > 0) {
		if (line[n - 1] == '\n')
			line[--n] = '\0';
		if (state == 0)
			state = strcmp(line, open) == 0;
		else if (strcmp(line, end) == 0)
			state = 2;
		else
			fprintf(o->file, "\n%s", line);
	}
	free(line);
	fclose(in);
	return state == 2 ? 0 : err_set(err, ERR_BUG, "a subject's file has "
	    "no lines between \"%s\" and \"%s\"", open, end);
}

/* The same of the next subject's file: 1, or 0 where it has none. */
static int one(struct out *o, const char *slug, const char *open,
    const char *end, int64_t n, struct err *err)
{
	struct str name = STR_INIT;
	int fd, rc = 0;

	str_addf(&name, "%s.json", slug);
	fd = files_again(o->m->files, o->from, str_text(&name));
	str_free(&name);
	if (fd < 0)
		return 0;
	if (n > 0)
		fputc(',', o->file);
	rc = between(o, fd, open, end, err);
	return rc < 0 ? -1 : 1;
}

/* Of every subject's file (most: of so many). */
static int all(struct out *o, const char *open, const char *end,
    int64_t most, struct err *err)
{
	struct query q;
	int64_t n = 0;
	int rc = 0;

	query_open(&q, o->m->r->store, SQL_RENDER_SUBJECTS, NOBIND);
	while (n < most && (rc = query_next(&q, err)) > 0) {
		rc = one(o, query_text(&q, 4), open, end, n, err);
		if (rc < 0)
			break;
		n += rc;
	}
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

/* A list of all that the subjects' lists hold. */
static int list(struct out *o, const char *open, const char *end,
    struct err *err)
{
	fputs(open, o->file);
	if (all(o, open, end, INT64_MAX, err) < 0)
		return -1;
	fprintf(o->file, "\n%s\n", end);
	return 0;
}

static int results(struct out *o, struct err *err)
{
	char plan[37];

	start(o, "assessment-results", "Assessment");
	uuid(o, "plan", plan);
	fprintf(o->file, "    \"import-ap\": {\n      \"href\": \"#%s\"\n"
	    "    },\n", plan);
	if (list(o, "    \"results\": [", "    ],", err) < 0)
		return -1;
	fprintf(o->file, "    \"back-matter\": {\n      \"resources\": [\n"
	    "        {\n          \"uuid\": \"%s\",\n          \"title\": "
	    "\"There is no assessment plan: the benchmark says what was "
	    "assessed\"\n        }\n      ]\n    }\n  }\n}\n", plan);
	return 0;
}

static int poam(struct out *o, struct err *err)
{
	char is[37];

	start(o, "plan-of-action-and-milestones", "What is not met");
	uuid(o, "system", is);
	fprintf(o->file, "    \"system-id\": {\n      \"identifier-type\": "
	    "\"urn:muster:system\",\n      \"id\": \"%s\"\n    },\n"
	    "    \"local-definitions\": {\n", is);
	if (list(o, "      \"components\": [", "      ],", err) < 0 ||
	    list(o, "      \"inventory-items\": [", "      ],", err) < 0)
		return -1;
	fputs("      \"assessment-assets\": {", o->file);
	if (all(o, "      \"assessment-assets\": {", "      }", 1, err) < 0)
		return -1;
	fputs("\n      }\n    },\n", o->file);
	if (list(o, "    \"observations\": [", "    ],", err) < 0 ||
	    list(o, "    \"risks\": [", "    ],", err) < 0 ||
	    list(o, "    \"poam-items\": [", "    ]", err) < 0)
		return -1;
	fputs("  }\n}\n", o->file);
	return 0;
}

static int emass(struct out *o, struct err *err)
{
	return list(o, "[", "]", err);
}

/* Which subjects have a file, and what the document says of itself. */
static int prepare(struct out *o, struct err *err)
{
	struct str name = STR_INIT;
	struct query q;
	int rc, fd;

	query_open(&q, o->m->r->store, SQL_RENDER_SUBJECTS, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		str_clear(&name);
		str_addf(&name, "%s.json", query_text(&q, 4));
		fd = files_again(o->m->files, o->from, str_text(&name));
		if (fd >= 0) {
			o->subjects++;
			close(fd);
		}
	}
	query_close(&q);
	str_free(&name);
	if (rc < 0)
		return -1;
	query_open(&q, o->m->r->store, SQL_RENDER_ASSESSMENT, NOBIND);
	if ((rc = query_next(&q, err)) > 0) {
		snprintf(o->as_of, sizeof(o->as_of), "%s", query_text(&q, 0));
		str_add(&o->benchmark, query_text(&q, 5));
		visible_add(&o->marking, query_text(&q, query_columns(&q) - 1),
		    VISIBLE_MAX);
	}
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

static int fill_file(struct out *o, int (*fill)(struct out *o,
    struct err *err), struct err *err)
{
	int fd = files_start(o->m->files, "", o->m->o->place, err), rc;

	if (fd < 0)
		return -1;
	if ((o->file = fdopen(fd, "w")) == NULL) {
		close(fd);
		return err_sys(err, "cannot write %s", o->m->o->place);
	}
	rc = fill(o, err);
	if ((fflush(o->file) != 0 || ferror(o->file)) && rc == 0)
		rc = err_sys(err, "cannot write %s", o->m->o->place);
	if (rc == 0)
		rc = proof_system(o->m, fd, o->subjects, err);
	if (fclose(o->file) != 0 && rc == 0)
		rc = err_sys(err, "cannot write %s", o->m->o->place);
	return rc;
}

static int put(const struct making *m, const char *from,
    int (*fill)(struct out *o, struct err *err), struct err *err)
{
	struct out o = { .m = m, .from = from };
	int rc = prepare(&o, err);

	if (rc == 0 && o.subjects > 0)
		rc = fill_file(&o, fill, err);
	str_free(&o.benchmark);
	str_free(&o.marking);
	return rc;
}

static int write_results(const struct making *m, struct err *err)
{
	return put(m, "oscal-ar", results, err);
}

static int write_poam(const struct making *m, struct err *err)
{
	return put(m, "oscal-poam", poam, err);
}

static int write_emass(const struct making *m, struct err *err)
{
	return put(m, "emass", emass, err);
}

const struct writer system_writer_results = { NULL, write_results, true };
const struct writer system_writer_poam = { NULL, write_poam, true };
const struct writer system_writer_emass = { NULL, write_emass, true };
