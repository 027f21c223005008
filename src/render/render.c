/*
 * render.c - a report: every output asked for, of every subject; see
 * render.h.
 */
#include <errno.h>
#include <libxml/tree.h>
#include <libxml/parser.h>
#include <libxml/xmlsave.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "muster/b64.h"
#include "muster/err.h"
#include "muster/excerpt.h"
#include "muster/mem.h"
#include "muster/sha.h"
#include "muster/store.h"
#include "muster/str.h"
#include "render_priv.h"

static const struct output table[] = {
#define OUTPUT_XLSX							\
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#define OUTPUT(name, about, suffix, place, type, package, sheet, maybe)	\
	{ name, about, suffix, place, type, package, sheet, NULL, maybe, false },
#define WRITTEN(name, about, suffix, place, type, package, writer, maybe) \
	{ name, about, suffix, place, type, package, NULL, &writer, maybe, false },
#define CHECKLIST(name, about, suffix, place, type, sheet)		\
	{ name, about, suffix, place, type, false, sheet, NULL, false, true },
#include "outputs.def"
#undef OUTPUT
#undef WRITTEN
#undef CHECKLIST
};

#define OUTPUTS (sizeof(table) / sizeof(table[0]))

struct job {
	int64_t	 id;			/* of the subject */
	char	*slug;
};

/* A run: which outputs, their stylesheets, and where the files go. */
struct run {
	struct render		*r;
	bool			 asked[OUTPUTS];
	struct transform	*sheets[OUTPUTS];	/* NULL: none needed */
	xmlDoc			*benchmark;
	struct files		*files;
	struct str		 outputs;		/* " html ckl " */
	char			*style, *script;	/* of the pages */
	struct str		 style_sum, script_sum;
	const char		*params[11];		/* of stylesheets */
	struct site		 site;
	bool			 pages;			/* html is asked for */
	int64_t			 all;
	struct job		*jobs;
	size_t			 njobs, cap;

	/* what threads share, under the lock */
	pthread_mutex_t		 lock;
	size_t			 next;
	int64_t			 done;
	size_t			 failed;	/* 1 + which job; 0: none */
	struct err		 why;
};

const struct output *render_table(size_t i)
{
	return i < OUTPUTS ? &table[i] : NULL;
}

/* Is name one of the words of a comma list?  No list: yes. */
static bool wanted(const char *list, const char *name)
{
	size_t n = strlen(name);

	if (list == NULL)
		return true;
	for (; *list != '\0'; list += strcspn(list, ","), list += *list == ',')
		if (strncmp(list, name, n) == 0 &&
		    (list[n] == ',' || list[n] == '\0'))
			return true;
	return false;
}

/* Every word of the list must be an output. */
static int known(const char *list, struct err *err)
{
	for (const char *p = list; p != NULL && *p != '\0'; ) {
		size_t n = strcspn(p, ","), i;

		for (i = 0; i < OUTPUTS; i++)
			if (strlen(table[i].name) == n &&
			    strncmp(table[i].name, p, n) == 0)
				break;
		if (i == OUTPUTS)
			return err_set(err, ERR_USAGE, "there is no output "
			    "\"%.*s\"; \"muster help report\" lists them",
			    (int)n, p);
		p += n + (p[n] == ',');
	}
	return 0;
}

/* The benchmark goes into the documents of these stylesheets. */
static bool wants_benchmark(const struct output *o)
{
	return strcmp(o->name, "xccdf") == 0 || strcmp(o->name, "arf") == 0;
}

/* A text of templates/ that pages carry, and what their policy calls it. */
static char *carried(struct run *run, const char *name, struct str *sum,
    struct err *err)
{
	unsigned char digest[SHA_BYTES];
	struct sha *sha;
	size_t len;
	char *text = sheets_text(run->r->templates, name, &len, err);

	if (text == NULL)
		return NULL;
	sha = sha_new();
	sha_add(sha, text, len);
	sha_end(sha, digest);
	sha_free(sha);
	str_add(sum, "sha256-");
	b64_encode(sum, digest, sizeof(digest));
	return text;
}

static void parameters(struct run *run)
{
	size_t n = 0;

	run->params[n++] = "outputs";
	run->params[n++] = str_text(&run->outputs);
	if (run->pages) {
		run->params[n++] = "style";
		run->params[n++] = run->style;
		run->params[n++] = "style-sum";
		run->params[n++] = str_text(&run->style_sum);
		run->params[n++] = "script";
		run->params[n++] = run->script;
		run->params[n++] = "script-sum";
		run->params[n++] = str_text(&run->script_sum);
	}
	run->params[n] = NULL;
}

static void tick(void *ctx)
{
	struct run *run = ctx;

	pthread_mutex_lock(&run->lock);
	run->done++;
	if (run->r->progress != NULL)
		run->r->progress(run->r->progress_ctx, run->done, run->all);
	pthread_mutex_unlock(&run->lock);
}

static int prepare_pages(struct run *run, struct err *err)
{
	run->pages = true;
	run->style = carried(run, "page.css", &run->style_sum, err);
	if (run->style != NULL)
		run->script = carried(run, "page.js", &run->script_sum, err);
	if (run->script == NULL)
		return -1;
	run->r->excerpts = excerpt_open(run->r->store);
	run->site = (struct site){ .r = run->r, .params = run->params,
		.tick = tick, .ctx = run };
	return site_open(&run->site, err);
}

static int prepare(struct run *run, struct err *err)
{
	struct render *r = run->r;

	if (r->formats != NULL && known(r->formats, err) < 0)
		return -1;
	for (size_t i = 0; i < OUTPUTS; i++) {
		if (!wanted(r->formats, table[i].name))
			continue;
		run->asked[i] = true;
		str_addf(&run->outputs, " %s ", table[i].name);
		if (table[i].sheet == NULL)
			continue;
		run->sheets[i] = transform_open(r->templates, table[i].sheet,
		    err);
		if (run->sheets[i] == NULL)
			return -1;
	}
	if (wanted(r->formats, "html") && prepare_pages(run, err) < 0)
		return -1;
	parameters(run);
	run->benchmark = xmlReadMemory(r->benchmark, (int)r->benchmark_len,
	    "benchmark.xml", NULL, XML_PARSE_NONET | XML_PARSE_NOERROR |
	    XML_PARSE_NOWARNING);
	if (run->benchmark == NULL)
		return err_set(err, ERR_BUG, "the benchmark is not XML");
	return 0;
}

/* Count the files of a subject ("": of the package), and see that none of
 * them is there already. */
static int plan(struct run *run, bool package, const char *slug,
    struct err *err)
{
	struct str name = STR_INIT;
	int rc = 0;

	for (size_t i = 0; i < OUTPUTS && rc == 0; i++) {
		if (!run->asked[i] || table[i].package != package)
			continue;
		run->all++;
		if (table[i].writer != NULL && table[i].writer->plan != NULL) {
			rc = table[i].writer->plan(run->files, &table[i],
			    err);
			continue;
		}
		str_clear(&name);
		str_addf(&name, "%s%s", slug, table[i].suffix);
		rc = package ? files_plan(run->files, "", table[i].place, err)
		    : files_plan(run->files, table[i].place, str_text(&name),
		    err);
	}
	str_free(&name);
	return rc;
}

/* A finished output to its place. */
static int put(struct run *run, const struct making *m, const char *bytes,
    size_t len, struct err *err)
{
	const struct output *o = m->o;
	struct str name = STR_INIT;
	int rc;

	if (o->stigs)
		return checklist_write(m, run->sheets[o - table], run->params,
		    bytes, len, err);
	str_addf(&name, "%s%s", m->slug, o->suffix);
	rc = len == 0 ? 0 : files_put(run->files, o->package ? "" : o->place,
	    o->package ? o->place : str_text(&name), bytes, len, err);
	str_free(&name);
	return rc;
}

/* One output: transform, read back, write. */
static int output(struct run *run, struct render *r, size_t i, xmlDoc *doc,
    int64_t subject, const char *slug, struct err *err)
{
	const struct output *o = &table[i];
	const struct making m = { r, run->files, o, subject, slug };
	char *bytes;
	size_t len;
	int rc = -1;

	bytes = transform_run(run->sheets[i], doc, run->params, &len, err);
	if (bytes != NULL &&
	    proof_check(r, o, subject, bytes, len, err) == 0)
		rc = put(run, &m, bytes, len, err);
	/* Stylesheets of somebody else's are not our bug. */
	if (rc < 0 && err->kind == ERR_BUG && run->r->templates != NULL)
		err->kind = ERR_USAGE;
	if (rc < 0)
		err_during(err, "making the output %s (%s) of %s", o->name,
		    o->place, slug[0] != '\0' ? slug : "the package");
	free(bytes);
	tick(run);
	return rc;
}

/* One output that no stylesheet makes. */
static int written(struct run *run, struct render *r, const struct output *o,
    int64_t subject, const char *slug, struct err *err)
{
	struct making m = { r, run->files, o, subject, slug };
	int rc = o->writer->write(&m, err);

	/* Of files that stylesheets of somebody else's made. */
	if (rc < 0 && err->kind == ERR_BUG && o->writer->last &&
	    run->r->templates != NULL)
		err->kind = ERR_USAGE;
	if (rc < 0)
		err_during(err, "making the output %s (%s) of %s", o->name,
		    o->place, slug[0] != '\0' ? slug : "the package");
	tick(run);
	return rc;
}

/* Put a copy of the benchmark below the root, once. */
static int embed(struct run *run, xmlDoc *doc, xmlNode **copy,
    struct err *err)
{
	if (*copy != NULL)
		return 0;
	*copy = xmlDocCopyNode(xmlDocGetRootElement(run->benchmark), doc, 1);
	if (*copy == NULL)
		return err_set(err, ERR_SYSTEM, "cannot copy the benchmark");
	xmlAddChild(xmlDocGetRootElement(doc), *copy);
	return 0;
}

/* All outputs of one subject (0: of the package). */
static int outputs(struct run *run, struct render *r, int64_t subject,
    const char *slug, struct err *err)
{
	xmlDoc *doc = document_tree(r, subject, err);
	xmlNode *benchmark = NULL;
	int rc = doc != NULL ? 0 : -1;

	if (rc == 0 && subject == 0 && run->pages)
		rc = site_posture(&run->site, doc, err);
	for (size_t i = 0; i < OUTPUTS && rc == 0; i++) {
		if (!run->asked[i] || table[i].package != (subject == 0) ||
		    (table[i].writer != NULL && table[i].writer->last))
			continue;
		if (table[i].writer != NULL) {
			rc = written(run, r, &table[i], subject, slug, err);
			continue;
		}
		if (wants_benchmark(&table[i]))
			rc = embed(run, doc, &benchmark, err);
		if (rc == 0)
			rc = output(run, r, i, doc, subject, slug,
			    err);
	}
	if (rc == 0 && subject == 0 && run->pages)
		rc = site_package(&run->site, doc, err);
	xmlFreeDoc(doc);
	return rc;
}

/* Walk the package and every subject, and plan their files. */
static int plan_all(struct run *run, struct err *err)
{
	struct query q;
	int rc;

	if (plan(run, true, "", err) < 0)
		return -1;
	query_open(&q, run->r->store, SQL_RENDER_SUBJECTS, NOBIND);
	while ((rc = query_next(&q, err)) > 0) {
		MEM_ROOM(run->jobs, run->njobs, run->cap);
		run->jobs[run->njobs++] = (struct job){ query_int(&q, 0),
		    mem_dup(query_text(&q, 4)) };
		if ((rc = plan(run, false, query_text(&q, 4), err)) < 0)
			break;
	}
	query_close(&q);
	if (rc < 0 || !run->pages)
		return rc;
	rc = site_walk(&run->site, false, err);
	run->all += run->site.all;
	return rc;
}

/* The next subject that nobody makes yet; NULL: none, or one failed. */
static const struct job *next_job(struct run *run)
{
	const struct job *j = NULL;

	pthread_mutex_lock(&run->lock);
	if (run->failed == 0 && run->next < run->njobs)
		j = &run->jobs[run->next++];
	pthread_mutex_unlock(&run->lock);
	return j;
}

/* Of several failures that of the first subject is told. */
static void fail(struct run *run, size_t at, const struct err *err)
{
	pthread_mutex_lock(&run->lock);
	if (run->failed == 0 || at < run->failed) {
		run->failed = at;
		run->why = *err;
	}
	pthread_mutex_unlock(&run->lock);
}

static void subjects(struct run *run, struct render *r)
{
	const struct job *j;

	while ((j = next_job(run)) != NULL) {
		struct err err = ERR_INIT;

		if (outputs(run, r, j->id, j->slug, &err) < 0)
			fail(run, (size_t)(j - run->jobs) + 1, &err);
	}
}

/* A thread with its own view of the database, which the reading transaction
 * of the first one holds still. */
static void *helper(void *ctx)
{
	struct run *run = ctx;
	struct render r = *run->r;
	struct err err = ERR_INIT;

	r.store = store_again(run->r->store, &err);
	if (r.store == NULL)
		return NULL;		/* the others do it */
	if (store_begin_read(r.store, &err) == 0) {
		r.excerpts = run->pages ? excerpt_open(r.store) : NULL;
		subjects(run, &r);
		excerpt_close(r.excerpts);
		store_rollback(r.store);
	}
	store_close(r.store);
	return NULL;
}

/* What is made of the subjects' files. */
static int last_outputs(struct run *run, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; i < OUTPUTS && rc == 0; i++)
		if (run->asked[i] && table[i].writer != NULL &&
		    table[i].writer->last)
			rc = written(run, run->r, &table[i], 0, "", err);
	return rc;
}

#define HELPERS_MOST 7

/* All outputs of the package and of every subject. */
static int make_all(struct run *run, struct err *err)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	pthread_t helpers[HELPERS_MOST];
	int n = 0, rc;

	while (n < HELPERS_MOST && n < cores - 1 &&
	    (size_t)n + 1 < run->njobs &&
	    pthread_create(&helpers[n], NULL, helper, run) == 0)
		n++;
	rc = outputs(run, run->r, 0, "", err);
	if (rc == 0 && run->pages)
		rc = site_walk(&run->site, true, err);
	if (rc < 0)
		fail(run, SIZE_MAX, err);
	subjects(run, run->r);
	while (n > 0)
		pthread_join(helpers[--n], NULL);
	if (run->failed != 0)
		*err = run->why;
	return run->failed != 0 ? -1 : last_outputs(run, err);
}

/* Is a file of an earlier report one of an output that is asked for now?
 * What has no place in the table is a page. */
static bool ours(void *ctx, const char *path)
{
	const struct run *run = ctx;
	size_t folder = strcspn(path, "/");

	for (size_t i = 0; i < OUTPUTS; i++)
		if (strncmp(table[i].place, path, folder) == 0 &&
		    table[i].place[folder] == '\0' &&
		    str_ends(path, table[i].suffix))
			return run->asked[i];
	return run->pages;
}

/* Verdicts are dated; a report cannot be of another day than they are. */
static int same_day(struct render *r, struct err *err)
{
	struct query q;
	int rc;

	query_open(&q, r->store, SQL_RENDER_ASSESSMENT, NOBIND);
	rc = query_next(&q, err);
	if (rc == 0)
		rc = err_set(err, ERR_USAGE, "nothing has been assessed yet: "
		    "run \"muster assess\" first");
	else if (rc > 0 && r->as_of != NULL &&
	    strcmp(r->as_of, query_text(&q, 0)) != 0)
		rc = err_set(err, ERR_USAGE, "the verdicts are as of %s, not "
		    "%s: run \"muster assess --as-of %s\" first",
		    query_text(&q, 0), r->as_of, r->as_of);
	query_close(&q);
	return rc < 0 ? -1 : 0;
}

int render_run(struct render *r, struct err *err)
{
	struct run run = { .r = r, .lock = PTHREAD_MUTEX_INITIALIZER };
	int rc = -1;

	if (store_begin_read(r->store, err) < 0)
		return -1;
	if (same_day(r, err) < 0 || prepare(&run, err) < 0)
		goto out;
	if ((run.files = files_open(r->out, r->force, err)) == NULL)
		goto out;
	run.site.files = run.files;
	if (files_replace(run.files, ours, &run, err) < 0 ||
	    plan_all(&run, err) < 0 || make_all(&run, err) < 0 ||
	    files_commit(run.files, &r->left, err) < 0)
		goto out;
	r->files = run.done;
	rc = 0;
out:
	files_close(run.files);
	xmlFreeDoc(run.benchmark);
	site_close(&run.site);
	excerpt_close(r->excerpts);
	r->excerpts = NULL;
	free(run.style);
	free(run.script);
	str_free(&run.style_sum);
	str_free(&run.script_sum);
	str_free(&run.outputs);
	for (size_t i = 0; i < run.njobs; i++)
		free(run.jobs[i].slug);
	free(run.jobs);
	for (size_t i = 0; i < OUTPUTS; i++)
		transform_close(run.sheets[i]);
	store_rollback(r->store);
	return rc;
}

int render_evidence(struct render *r, int64_t subject, int fd,
    struct err *err)
{
	xmlSaveCtxt *save;
	xmlDoc *doc;
	int rc = -1;

	if (store_begin_read(r->store, err) < 0)
		return -1;
	doc = document_tree(r, subject, err);
	if (doc != NULL) {
		save = xmlSaveToFd(fd, "UTF-8", XML_SAVE_FORMAT);
		if (save == NULL || xmlSaveDoc(save, doc) < 0 ||
		    xmlSaveClose(save) < 0)
			err_sys(err, "cannot write the evidence document");
		else
			rc = 0;
	}
	xmlFreeDoc(doc);
	store_rollback(r->store);
	return rc;
}
